//! Parts of a request, its credentials taken out.

use super::{
    names::Names,
    secret::{Part, Secret, Spelling, Value},
};
use crate::{Body, PreparedRequest};

/// A request as every language writes it.
pub(super) struct Parts<'r> {
    /// The method in upper case.
    pub method: &'r str,
    /// The absolute address, query included.
    pub url: &'r str,
    /// Header fields in order.
    pub headers: Vec<(&'r str, Value<'r>)>,
    /// The body.
    pub body: Content<'r>,
    /// What is read from the environment, in the order of first use.
    pub secrets: Vec<Secret>,
}

/// A body.
pub(super) enum Content<'r> {
    /// There is none.
    Empty,
    /// Text without a NUL.
    Text(Vec<Part<'r>>),
    /// Anything else.
    Bytes(&'r [u8]),
}

/// A field of a form with secrets in it.
pub(super) enum Field<'r> {
    /// One or more fields as they are written.
    Written(&'r str),
    /// The name with its `=`, as it is written, and the position of the secret that is its value.
    Secret(&'r str, usize),
}

impl<'r> Parts<'r> {
    /// Takes a request apart. `variable` is for its credential; further secrets are named after it.
    pub fn new(request: &'r PreparedRequest, variable: &str) -> Self {
        let mut names = Names::new(variable);
        let headers = request.headers.iter().map(|header| (header.name.as_str(), names.value(header))).collect();
        let body = match &request.body {
            Body::Plain(bytes) => match std::str::from_utf8(bytes) {
                Ok("") => Content::Empty,
                Ok(text) if !text.contains('\0') => Content::Text(vec![Part::Text(text)]),
                _ => Content::Bytes(bytes),
            },
            Body::Secret(pieces) => {
                Content::Text(names.parts(pieces, request.shown_header("content-type").unwrap_or_default()))
            }
        };
        Self { method: &request.method, url: request.url.as_str(), headers, body, secrets: names.secrets }
    }

    /// Whether a header field of this name is there.
    pub fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name))
    }

    /// The secret that goes out by HTTP Basic.
    pub fn basic(&self) -> Option<&Secret> {
        self.headers.iter().find_map(|(_, value)| match value {
            Value::Basic(secret) => Some(&self.secrets[*secret]),
            _ => None,
        })
    }

    /// Whether libcurl and HTTPie would say of the body what the request does not say.
    pub fn lacks_content_type(&self) -> bool {
        !matches!(self.body, Content::Empty) && !self.has_header("content-type")
    }

    /// Whether libcurl and reqwest would leave out a length that servers ask for, as there is no body (RFC 9110 §8.6).
    pub fn lacks_content_length(&self) -> bool {
        matches!(self.body, Content::Empty)
            && ["POST", "PUT", "PATCH"].contains(&self.method)
            && !self.has_header("content-length")
    }

    /// The fields of a form with secrets in it.
    pub fn fields(&self) -> Option<Vec<Field<'r>>> {
        let Content::Text(parts) = &self.body else { return None };
        if !self.spells(Spelling::Form) {
            return None;
        }
        let mut fields = Vec::new();
        let mut name = "";
        for (index, part) in parts.iter().enumerate() {
            match part {
                Part::Text(text) => {
                    let text = text.strip_prefix('&').unwrap_or(text);
                    // The last name is that of the secret which follows.
                    let (written, rest) = match parts.get(index + 1) {
                        Some(_) => text.split_at(text.rfind('&').map_or(0, |end| end + 1)),
                        None => (text, ""),
                    };
                    let written = written.strip_suffix('&').unwrap_or(written);
                    if !written.is_empty() {
                        fields.push(Field::Written(written));
                    }
                    name = rest;
                }
                Part::Secret(secret, _) => fields.push(Field::Secret(name, *secret)),
            }
        }
        Some(fields)
    }

    /// Whether a secret of the body is spelled so.
    pub fn spells(&self, spelling: Spelling) -> bool {
        let so = |part: &Part<'_>| matches!(part, Part::Secret(_, other) if *other == spelling);
        matches!(&self.body, Content::Text(parts) if parts.iter().any(so))
    }
}
