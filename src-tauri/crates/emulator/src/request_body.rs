//! The JSON object in a request's body, read strictly.

use axum::{
    extract::Request,
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
/// Reads at most `limit` bytes of a request's body.
pub(crate) async fn read(request: Request, limit: usize) -> Option<Vec<u8>> {
    axum::body::to_bytes(request.into_body(), limit).await.ok().map(Vec::from)
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
