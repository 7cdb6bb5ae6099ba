//! The JSON object in a request's body, read strictly.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderMap, header::CONTENT_TYPE},
};
use serde_json::{Map, Value};

use crate::{
    api::Call,
    refusal::RequestRefusal,
    strict_json::{self, Fault},
    token::kind,
    words::shorten,
};

/// Longest request body, in bytes.
pub(crate) const LONGEST_BODY: usize = 1024 * 1024;
/// How long a body may take to arrive. Whoever sends one never to its end would hold a connection for good (CWE-400).
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Why a body was not read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It has more bytes than are read, or the connection broke.
    TooLong,
    /// It did not arrive in time.
    Late,
}

/// Reads at most `limit` bytes of a body that arrive within `patience`.
pub(crate) async fn read(body: Body, limit: usize, patience: Duration) -> Result<Vec<u8>, Unread> {
    match tokio::time::timeout(patience, axum::body::to_bytes(body, limit)).await {
        Ok(read) => read.map(Vec::from).map_err(|_| Unread::TooLong),
        Err(_) => Err(Unread::Late),
    }
}

/// The members of the body. No body is an empty object, as servers' frameworks take it.
pub(crate) fn object(call: &Call<'_>) -> Result<Map<String, Value>, RequestRefusal> {
    let bytes = call.body.ok_or(RequestRefusal::TooLong { limit: LONGEST_BODY })?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    declared_as_json(call.headers)?;
    let text = std::str::from_utf8(bytes).map_err(|_| RequestRefusal::NotUtf8)?;
    match strict_json::parse(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(other) => Err(RequestRefusal::NotObject { found: kind(&other) }),
        Err(Fault::Duplicate(_)) => Err(RequestRefusal::Duplicate),
        Err(Fault::Syntax(reason)) => Err(RequestRefusal::NotJson { reason }),
    }
}

/// A member that is a text with something in it.
pub(crate) fn text<'a>(members: &'a Map<String, Value>, member: &'static str) -> Result<&'a str, RequestRefusal> {
    let wanted = || "a string with something in it".to_owned();
    match members.get(member) {
        None => Err(RequestRefusal::Missing { member }),
        Some(Value::String(text)) if text.trim().is_empty() => {
            Err(RequestRefusal::Member { member, found: "empty".into(), wanted: wanted() })
        }
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(RequestRefusal::Member { member, found: kind(other).into(), wanted: wanted() }),
    }
}

/// A member that is one of a few words.
pub(crate) fn word<'a>(
    members: &'a Map<String, Value>,
    member: &'static str,
    words: &[&str],
) -> Result<&'a str, RequestRefusal> {
    let found = text(members, member)?;
    match words.contains(&found) {
        true => Ok(found),
        false => {
            Err(RequestRefusal::Member { member, found: format!("{:?}", shorten(found)), wanted: words.join(" or ") })
        }
    }
}

/// A member that is a number above zero.
pub(crate) fn amount(members: &Map<String, Value>, member: &'static str) -> Result<f64, RequestRefusal> {
    let value = members.get(member).ok_or(RequestRefusal::Missing { member })?;
    value.as_f64().filter(|amount| *amount > 0.0).ok_or_else(|| RequestRefusal::Member {
        member,
        found: if value.is_number() { value.to_string() } else { kind(value).into() },
        wanted: "a number above zero".into(),
    })
}

/// One `Content-Type` that is `application/json`, with whatever parameters.
fn declared_as_json(headers: &HeaderMap) -> Result<(), RequestRefusal> {
    let mut fields = headers.get_all(CONTENT_TYPE).iter();
    let (first, further) = (fields.next(), fields.next());
    let text = first.map(|field| String::from_utf8_lossy(field.as_bytes()).into_owned());
    let essence = text.as_deref().and_then(|text| text.split(';').next()).map(str::trim);
    match (essence, further) {
        (Some(essence), None) if essence.eq_ignore_ascii_case("application/json") => Ok(()),
        (_, None) => Err(RequestRefusal::ContentType { found: text.as_deref().map(shorten) }),
        (_, Some(_)) => Err(RequestRefusal::ContentType { found: Some("said more than once".into()) }),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};

    use super::*;

    #[test]
    fn a_body_that_does_not_end_is_given_up() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let read = |body, patience| runtime.block_on(read(body, 4, patience));
        let start = stream::iter([Ok::<_, std::io::Error>("ab")]);
        let endless = Body::from_stream(start.chain(stream::pending()));
        assert_eq!(read(endless, Duration::from_millis(10)), Err(Unread::Late));
        assert_eq!(read(Body::from("abcd"), PATIENCE), Ok(b"abcd".to_vec()));
        assert_eq!(read(Body::from("abcde"), PATIENCE), Err(Unread::TooLong));
    }
}
