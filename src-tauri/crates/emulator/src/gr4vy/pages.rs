//! Lists, a page at a time, as all of Gr4vy's are: `limit`, `cursor`, and a few of the members by which they are searched.

use std::borrow::Cow;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{answers, schema::Problem};
use crate::{answer::Answer, api::Call};

/// How many things a page has that nobody asked to be shorter or longer.
const USUAL: usize = 20;
/// How many it has at most.
const MOST: usize = 100;

/// The first value of a parameter.
pub(super) fn parameter<'q>(query: &'q str, name: &str) -> Option<Cow<'q, str>> {
    form_urlencoded::parse(query.as_bytes()).find(|(found, _)| found == name).map(|(_, value)| value)
}

/// The page of `all` that `query` asks for: those whose members are what it says under `searched`.
pub(super) fn page(call: &Call<'_>, all: Vec<Value>, searched: &[&str]) -> Result<Answer, Answer> {
    of_query(call.query, all, searched, false)
}

/// The same, and its next page is this one.
pub(super) fn page_repeated(call: &Call<'_>, all: Vec<Value>) -> Result<Answer, Answer> {
    of_query(call.query, all, &[], true)
}

fn of_query(query: &str, all: Vec<Value>, searched: &[&str], repeated: bool) -> Result<Answer, Answer> {
    let limit = limit(query)?;
    let fits = |item: &Value| {
        let named = |name: &&str| parameter(query, name).is_none_or(|wanted| item[*name] == *wanted);
        searched.iter().all(named)
    };
    let found: Vec<Value> = all.into_iter().filter(fits).collect();
    let first = match parameter(query, "cursor") {
        None => 0,
        Some(cursor) => start(&cursor, &found, limit)
            .ok_or_else(|| answers::bad_request("query", "/cursor", "The cursor is unknown"))?,
    };
    let end = first.saturating_add(limit).min(found.len());
    let cursor = |side: &str, at: usize| {
        let id = found[at]["id"].as_str().unwrap_or_default();
        BASE64URL_NOPAD.encode(format!("{side} {id} {at}").as_bytes())
    };
    let next = match repeated {
        true => Some(BASE64URL_NOPAD.encode(format!("{AFTER} - {first}").as_bytes())),
        false => (end < found.len()).then(|| cursor(AFTER, end - 1)),
    };
    let previous = (first > 0).then(|| cursor(BEFORE, first));
    let page = json!({ "items": found[first..end], "limit": limit, "next_cursor": next, "previous_cursor": previous });
    Ok(answers::good(200, &page))
}

const AFTER: &str = "after";
const BEFORE: &str = "before";

/// Where a page begins that a cursor of an earlier one names. What was made since then moves nothing; where the thing itself is gone
/// that it names, whatever took its place comes next.
fn start(cursor: &str, found: &[Value], limit: usize) -> Option<usize> {
    let text = String::from_utf8(BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?).ok()?;
    let (side, rest) = text.split_once(' ')?;
    let (id, place) = rest.rsplit_once(' ')?;
    let place = place.parse::<usize>().ok()?.min(found.len());
    let at = found.iter().position(|item| item["id"] == id);
    match side {
        AFTER => Some(at.map_or(place, |at| at + 1)),
        BEFORE => Some(at.unwrap_or(place).saturating_sub(limit)),
        _ => None,
    }
}

fn limit(query: &str) -> Result<usize, Answer> {
    let Some(text) = parameter(query, "limit") else { return Ok(USUAL) };
    let wrong = |kind, message: &str| answers::unprocessable(&[Problem::of_query("limit", kind, message)]);
    match text.parse::<i64>() {
        Ok(limit) if limit < 1 => Err(wrong("greater_than_equal", "Input should be greater than or equal to 1")),
        Ok(limit) => {
            let within = usize::try_from(limit).ok().filter(|limit| *limit <= MOST);
            within.ok_or_else(|| wrong("less_than_equal", "Input should be less than or equal to 100"))
        }
        Err(_) => Err(wrong("int_parsing", "Input should be a valid integer, unable to parse string as an integer")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn things(count: usize) -> Vec<Value> {
        (0..count).map(|n| json!({ "id": format!("{n}"), "kind": if n % 2 == 0 { "even" } else { "odd" } })).collect()
    }

    fn ids(query: &str, all: Vec<Value>) -> (Vec<String>, Value, Value) {
        let body: Value = of_query(query, all, &["kind"], false).unwrap_or_else(|refused| refused).body();
        let ids = body["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned());
        (ids.collect(), body["next_cursor"].clone(), body["previous_cursor"].clone())
    }

    #[test]
    fn cursors_lead_through_all_of_them_and_back() {
        let (first, next, none) = ids("limit=2", things(5));
        assert_eq!((first, none), (vec!["0".to_owned(), "1".to_owned()], Value::Null));
        let (second, further, back) = ids(&format!("limit=2&cursor={}", next.as_str().unwrap()), things(5));
        assert_eq!(second, ["2", "3"]);
        let (last, end, _) = ids(&format!("limit=2&cursor={}", further.as_str().unwrap()), things(5));
        assert_eq!((last, end), (vec!["4".to_owned()], Value::Null));
        assert_eq!(ids(&format!("limit=2&cursor={}", back.as_str().unwrap()), things(5)).0, ["0", "1"]);
    }

    #[test]
    fn what_is_deleted_between_two_pages_leaves_no_gap() {
        let (_, next, _) = ids("limit=2", things(5));
        let mut fewer = things(5);
        fewer.remove(1);
        let (second, ..) = ids(&format!("limit=2&cursor={}", next.as_str().unwrap()), fewer);
        assert_eq!(second, ["2", "3"]);
    }

    #[test]
    fn a_page_that_repeats_leads_to_itself() {
        let (_, next, _) = ids("limit=2", things(5));
        let query = format!("limit=2&cursor={}", next.as_str().unwrap());
        let body = of_query(&query, things(5), &[], true).unwrap_or_else(|refused| refused).body();
        let again = format!("limit=2&cursor={}", body["next_cursor"].as_str().unwrap());
        assert_eq!(ids(&again, things(5)).0, ["2", "3"]);
    }

    #[test]
    fn what_is_searched_for_is_found_alone() {
        assert_eq!(ids("kind=odd", things(5)).0, ["1", "3"]);
        assert_eq!(ids("kind=o%64d&limit=1", things(5)).0, ["1"]);
        assert_eq!(ids("kind=", things(5)), (vec![], Value::Null, Value::Null));
    }

    #[test]
    fn what_is_no_cursor_and_no_limit_is_refused() {
        for query in
            ["cursor=", "cursor=%00", "cursor=YWZ0ZXIgOQ", "limit=0", "limit=-1", "limit=101", "limit=x", "limit="]
        {
            assert!(of_query(query, things(5), &[], false).is_err(), "{query}");
        }
    }
}
