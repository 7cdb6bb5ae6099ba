//! When a token ends, and how far that is known.

use chrono::DateTime;
use jose::{
    json::{Document, Kind, Node},
    text::decode,
    time::{self, span, utc},
};

use crate::answer::text::brief;

/// When a token ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// The time in seconds since 1970; none where it is not known.
    pub at: Option<i64>,
    /// Where that is known from.
    pub source: ExpirySource,
}

/// Where the end of a token is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExpirySource {
    /// The `exp` claim of the token itself.
    Claim,
    /// The seconds that the answer gave, counted from its arrival (RFC 6749 §5.1).
    ExpiresIn,
    /// The time that the answer gave.
    ExpiresAt,
    /// Nobody said.
    Unknown,
}

impl Expiry {
    /// No end is known.
    pub const UNKNOWN: Self = Self { at: None, source: ExpirySource::Unknown };

    /// In words: `expires in 24 h, as its exp says`.
    pub fn words(&self, now: i64) -> String {
        let by = match self.source {
            ExpirySource::Claim => "as its exp says",
            ExpirySource::ExpiresIn => "as expires_in said",
            ExpirySource::ExpiresAt => "as the server said",
            ExpirySource::Unknown => return "its end is not known".to_owned(),
        };
        match self.at {
            Some(at) if at > now => format!("expires in {}, {by}", span(at.saturating_sub(now))),
            Some(at) => format!("expired {} ago, {by}", span(now.saturating_sub(at))),
            None => "its end is not known".to_owned(),
        }
    }
}

/// The `exp` of a token that is a JWT. What is odd about it becomes a note.
pub(super) fn of_token(token: &str, now: i64, notes: &mut Vec<String>) -> Option<i64> {
    let payload = match token.split('.').collect::<Vec<_>>().as_slice() {
        [_, payload, _] => decode(payload).ok()?,
        _ => return None,
    };
    let claims = String::from_utf8(payload).ok()?;
    let document = Document::parse(&claims).ok()?;
    let mut findings = Vec::new();
    let expires = time::check(document.root(), now, 0, &mut findings).expires;
    if expires.is_none() && document.root().get("exp").is_some() {
        let about_exp = findings.iter().find(|finding| finding.message.starts_with("\"exp\""));
        notes.extend(about_exp.map(|finding| format!("{}.", finding.message)));
    }
    expires
}

/// A member that counts seconds from now.
pub(super) fn in_seconds(node: Node<'_, '_>, now: i64) -> Result<i64, String> {
    let raw = node.as_str().map_or_else(|| node.raw().to_owned(), |text| text.trim().to_owned());
    let seconds = raw.parse::<f64>().ok().filter(|seconds| (0.0..1e11).contains(seconds));
    match seconds {
        Some(seconds) => Ok(now.saturating_add(seconds as i64)),
        None => Err(format!(
            "expires_in is {}, which is not a number of seconds.",
            brief(&node.as_str().unwrap_or_else(|| node.raw().into()))
        )),
    }
}

/// A member that names a time: RFC 3339, or a NumericDate.
pub(super) fn at_time(node: Node<'_, '_>) -> Result<i64, String> {
    let odd =
        |why: &str| format!("expires_at is {}, {why}.", brief(&node.as_str().unwrap_or_else(|| node.raw().into())));
    match node.kind() {
        Kind::Number => match node.as_f64() {
            // Seconds have ten digits until the year 2286.
            Some(seconds) if (0.0..1e11).contains(&seconds) => Ok(seconds as i64),
            Some(large) if (1e11..1e14).contains(&large) => Err(odd("which counts milliseconds, wanted seconds")),
            _ => Err(odd("which is not a time")),
        },
        Kind::String => {
            let text = node.as_str().unwrap_or_default();
            DateTime::parse_from_rfc3339(text.trim())
                .map(|time| time.timestamp())
                .map_err(|_| odd("which is not a time as in RFC 3339"))
        }
        _ => Err(odd("which is not a time")),
    }
}

/// How the end that a server says stands to the token's own `exp`, in words. Times that differ by a second agree: one of
/// them may have been cut.
pub fn compare_expiry(said: i64, exp: i64) -> (bool, String) {
    let by = said.saturating_sub(exp);
    match by {
        -1..=1 => (true, format!("The server says that the token expires at {}, as its exp does.", utc(said))),
        _ => {
            let side = if by > 0 { "later" } else { "earlier" };
            let words = format!(
                "The server says that the token expires at {}, {} {side} than its exp, {}.",
                utc(said),
                span(by),
                utc(exp)
            );
            (false, words)
        }
    }
}
