//! Operations for those who are let in: a short list, a thing just made, one of them again.

use serde_json::{Map, Value};

use super::{
    MERCHANT, answers, bodies,
    merchants::{DEFAULT, Merchant, Merchants},
    pages::{page, parameter},
    schema::{self, Member, Problem},
    shapes,
};
use crate::{answer::Answer, api::Call, keys::KeyRing, resources::Resources, strict_json};

/// Answers an operation.
pub(super) fn respond(call: &Call<'_>, keys: &KeyRing, merchants: &mut Merchants, now: i64) -> Answer {
    let operation = (call.operation.method.as_str(), call.operation.path.as_str());
    let result = merchant(call).and_then(|id| {
        let merchant = merchants.named(id);
        let answer = match operation {
            ("GET", "/transactions") => {
                let all = merchant.transactions.latest().map(bodies::summary).collect();
                page(call.query, all, &["id", "external_identifier", "status", "currency", "checkout_session_id"])
            }
            ("POST", "/transactions") => {
                let made = make_transaction(call, id, merchant, now)?;
                Ok(keep(&mut merchant.transactions, made))
            }
            ("GET", "/transactions/{id}") => one(call, &merchant.transactions),
            ("GET", "/buyers") => {
                page(call.query, merchant.buyers.latest().cloned().collect(), &["external_identifier"])
            }
            ("POST", "/buyers") => Ok(keep(&mut merchant.buyers, bodies::buyer(id, &body(call, &shapes::BUYER)?, now))),
            ("GET", "/buyers/{id}") => one(call, &merchant.buyers),
            ("POST", "/checkout/sessions") => {
                Ok(keep(&mut merchant.sessions, bodies::session(&session_body(call)?, now)))
            }
            ("GET", "/checkout/sessions/{id}") => one(call, &merchant.sessions),
            ("GET", "/buyers/payment-methods") => Ok(answers::good(200, &serde_json::json!({ "items": [] }))),
            ("GET", "/api-key-pairs") => page(call.query, bodies::key_pairs(keys), &[]),
            ("POST", "/api-key-pairs") => Err(answers::bad_request(
                "body",
                "/",
                "The emulator makes no keys: register a public key at /_emulator/jwks",
            )),
            ("GET", "/card-details") => card_details(call),
            // Known to the definition, and an account that has none of it.
            ("GET", path) if !path.contains('{') => page(call.query, Vec::new(), &[]),
            _ => Err(answers::status(404)),
        };
        let made = operation.0 == "POST" && answer.is_ok();
        if made {
            merchants.made_at(id);
        }
        answer
    });
    result.unwrap_or_else(|refused| refused)
}

/// The merchant account that the request names, else Gr4vy's `default`.
fn merchant<'a>(call: &Call<'a>) -> Result<&'a str, Answer> {
    let Some(value) = call.headers.get(MERCHANT) else { return Ok(DEFAULT) };
    let known = |text: &&str| {
        !text.is_empty() && text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    value.to_str().ok().filter(known).ok_or_else(|| {
        answers::bad_request("header", &format!("/{MERCHANT}"), "The merchant account ID is empty or malformed")
    })
}

fn make_transaction(call: &Call<'_>, id: &str, merchant: &Merchant, now: i64) -> Result<Value, Answer> {
    let raw = object(call)?;
    let said = read(&raw, &shapes::TRANSACTION)?;
    let method = match raw.get("payment_method").and_then(|method| method["method"].as_str()) {
        // A stored card, and one that was typed into a form, stand behind these two; without a word a card is meant.
        Some("card" | "checkout-session" | "id") | None => Some("card"),
        Some(_) => None,
    };
    let text = |name: &str| said.get(name).and_then(Value::as_str);
    let named = match (text("buyer_id"), text("buyer_external_identifier")) {
        (Some(wanted), _) => Some(merchant.buyers.find(wanted)),
        (None, Some(wanted)) => Some(merchant.buyers.latest().find(|buyer| buyer["external_identifier"] == wanted)),
        (None, None) => None,
    };
    let buyer = match named {
        Some(found) => Some(found.ok_or_else(|| answers::status(404))?),
        None => said.get("buyer"),
    };
    Ok(bodies::transaction(id, &said, method, buyer.map(bodies::buyer_of_transaction), now))
}

fn card_details(call: &Call<'_>) -> Result<Answer, Answer> {
    let missing = || answers::unprocessable(&[Problem::of_query("currency", "missing", "Field required")]);
    parameter(call.query, "currency").ok_or_else(missing)?;
    // Without digits there is a stored card, and the usual test number stands for it.
    let bin = parameter(call.query, "bin").unwrap_or("41111111".into());
    if !(6..=8).contains(&bin.len()) || !bin.bytes().all(|digit| digit.is_ascii_digit()) {
        let message = "String should match pattern '^\\d{6,8}$'";
        return Err(answers::unprocessable(&[Problem::of_query("bin", "string_pattern_mismatch", message)]));
    }
    Ok(answers::good(200, &bodies::card(&bin)))
}

fn one(call: &Call<'_>, all: &Resources) -> Result<Answer, Answer> {
    let id = call.path.rsplit('/').next().unwrap_or_default();
    let found = all.find(id).ok_or_else(|| answers::status(404))?;
    Ok(answers::good(200, found))
}

fn keep(all: &mut Resources, value: Value) -> Answer {
    let answer = answers::good(201, &value);
    all.keep(value);
    answer
}

/// What a body says, by its table.
fn body(call: &Call<'_>, members: &[Member]) -> Result<Map<String, Value>, Answer> {
    read(&object(call)?, members)
}

fn read(raw: &Map<String, Value>, members: &[Member]) -> Result<Map<String, Value>, Answer> {
    schema::read(raw, members).map_err(|problems| answers::unprocessable(&problems))
}

/// A checkout session may also be made from nothing, from null, and from a list of empty objects.
fn session_body(call: &Call<'_>) -> Result<Map<String, Value>, Answer> {
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
fn object(call: &Call<'_>) -> Result<Map<String, Value>, Answer> {
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
