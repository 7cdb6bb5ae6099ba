//! Reasons that are about the `Authorization` header field, before anything in it is looked at.

/// Why the field was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationRefusal {
    /// The request has no `Authorization` field.
    #[error("no Authorization header field")]
    Missing,
    /// The field stands more than once; which one counts would be a guess.
    #[error("{count} Authorization header fields, wanted one")]
    Several {
        /// How many there are.
        count: usize,
    },
    /// The field is longer than servers take.
    #[error("the Authorization header field has {bytes} bytes; servers commonly take {limit}")]
    TooLong {
        /// Its length in bytes.
        bytes: usize,
        /// The bound.
        limit: usize,
    },
    /// The field holds bytes outside visible ASCII.
    #[error("the Authorization header field holds bytes outside visible ASCII")]
    NotAscii,
    /// The scheme is not Bearer. A word that could be a credential is not repeated.
    #[error("the scheme is {}, wanted \"Bearer\"", .found.as_ref().map_or("missing".to_owned(), |word| format!("{word:?}")))]
    Scheme {
        /// The scheme, where it looks like one.
        found: Option<String>,
    },
    /// The scheme is Bearer in other letters, where only this spelling counts.
    #[error("the scheme is {found:?}; this API takes \"Bearer\" with a capital B alone")]
    SchemeCase {
        /// As it was written.
        found: String,
    },
    /// Nothing follows the scheme.
    #[error("no token follows \"Bearer\"")]
    NoToken,
    /// `Bearer Bearer …`.
    #[error("\"Bearer\" stands twice")]
    DoubleBearer,
    /// The token holds white space.
    #[error("white space inside the token")]
    SpaceInToken,
    /// The token is wrapped in quotation marks.
    #[error("quotation marks around the token")]
    QuotedToken,
}
