//! What a request says: its body, read by a table of its members.

use serde_json::{Map, Value};

use super::{
    answers,
    schema::{self, Member, Problem},
    shapes,
};
use crate::{answer::Answer, api::Call, strict_json};

/// What a body says, by its table.
pub(super) fn body(call: &Call<'_>, members: &[Member]) -> Result<Map<String, Value>, Answer> {
    read(&object(call)?, members)
}

pub(super) fn read(raw: &Map<String, Value>, members: &[Member]) -> Result<Map<String, Value>, Answer> {
    schema::read(raw, members).map_err(|problems| answers::unprocessable(&problems))
}

/// A checkout session may also be made from nothing, from null, and from a list of empty objects.
pub(super) fn session_body(call: &Call<'_>) -> Result<Map<String, Value>, Answer> {
    match json(call)? {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Array(items)) if items.iter().all(|item| item.as_object().is_some_and(Map::is_empty)) => {
            Ok(Map::new())
        }
        Some(Value::Object(members)) => read(&members, &shapes::SESSION),
        Some(_) => Err(not_an_object()),
    }
}

/// The body as an object.
pub(super) fn object(call: &Call<'_>) -> Result<Map<String, Value>, Answer> {
    match json(call)? {
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(not_an_object()),
        None => Err(answers::unprocessable(&[Problem::of_body("missing", "Field required")])),
    }
}

fn not_an_object() -> Answer {
    answers::unprocessable(&[Problem::of_body("dict_type", "Input should be a valid dictionary")])
}

/// The body as JSON; nothing where there is none.
fn json(call: &Call<'_>) -> Result<Option<Value>, Answer> {
    let wrong = |message| answers::bad_request("body", "/", message);
    let bytes = call.body.ok_or_else(|| wrong("The body is too large"))?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("The body is not UTF-8"))?;
    strict_json::parse(text).map(Some).map_err(|_| wrong("The body is not valid JSON"))
}
