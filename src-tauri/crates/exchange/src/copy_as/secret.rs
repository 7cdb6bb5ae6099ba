//! Secrets of a request: where one stands in a header field or a body, and which environment variable holds it.

/// Something that is read from the environment.
pub(super) struct Secret {
    /// The environment variable.
    pub variable: String,
    /// What a program may call it: lower case letters, digits and `_`.
    pub local: String,
}

/// The value of a header field.
pub(super) enum Value<'r> {
    /// May be shown.
    Plain(&'r str),
    /// A text such as `Bearer `, and the secret at this position after it.
    After(&'r str, usize),
    /// HTTP Basic (RFC 7617): the secret at this position is `user:password`, and goes in base64 after `Basic `.
    Basic(usize),
}

impl<'r> Value<'r> {
    /// The value where it may be shown.
    pub fn plain(&self) -> Option<&'r str> {
        match self {
            Self::Plain(value) => Some(value),
            Self::After(..) | Self::Basic(_) => None,
        }
    }
}

/// A part of a text.
pub(super) enum Part<'r> {
    /// Stands there as it is.
    Text(&'r str),
    /// The secret at this position.
    Secret(usize, Spelling),
}

/// How the value of an environment variable becomes part of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As it is.
    Plain,
    /// As a JSON string with its quotes, which are not in the texts around it.
    Json,
    /// As a value of a form (`application/x-www-form-urlencoded`).
    Form,
}
