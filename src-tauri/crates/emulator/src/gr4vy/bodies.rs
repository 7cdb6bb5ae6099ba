//! Small, plausible bodies for those who are let in: a short list, a thing just made.
//!
//! They have the members without which Gr4vy's own packages refuse to read an answer, and few more.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{MERCHANT, answers};
use crate::{
    answer::Answer,
    api::Call,
    clock,
    keys::KeyRing,
    strict_json::{self, Fault},
};

/// How many things of each kind are kept.
const KEPT: usize = 100;
/// How long a checkout session lives, in seconds.
const SESSION: i64 = 3600;
/// When the things were made that are there from the start.
const MADE: i64 = 1_767_225_600;

/// What callers made since the start, the latest last.
#[derive(Default)]
pub(super) struct Resources {
    transactions: Vec<Value>,
    buyers: Vec<Value>,
    sessions: Vec<Value>,
}

/// Answers an operation for a caller who was let in.
pub(super) fn respond(call: &Call<'_>, keys: &KeyRing, made: &mut Resources, now: i64) -> Answer {
    let operation = (call.operation.method.as_str(), call.operation.path.as_str());
    let result = merchant(call).and_then(|merchant| match operation {
        ("GET", "/transactions") => list(call, with_sample(&made.transactions, sample_transaction(merchant))),
        ("POST", "/transactions") => {
            make_transaction(call, merchant, now).map(|value| keep(&mut made.transactions, value))
        }
        ("GET", "/transactions/{id}") => one(call, &with_sample(&made.transactions, sample_transaction(merchant))),
        ("GET", "/buyers") => list(call, with_sample(&made.buyers, sample_buyer(merchant))),
        ("POST", "/buyers") => object(call).map(|body| keep(&mut made.buyers, buyer(&new_id(), merchant, &body, now))),
        ("GET", "/buyers/{id}") => one(call, &with_sample(&made.buyers, sample_buyer(merchant))),
        ("POST", "/checkout/sessions") => object(call).map(|body| keep(&mut made.sessions, session(&body, now))),
        ("GET", "/checkout/sessions/{id}") => one(call, &made.sessions),
        ("GET", "/api-key-pairs") => list(call, key_pairs(keys)),
        ("POST", "/api-key-pairs") => Err(answers::bad_request(
            "body",
            "/",
            "The emulator makes no keys: register a public key at /_emulator/jwks",
        )),
        ("GET", "/card-details") => Ok(answers::good(200, &card())),
        // Known to the definition, and an account that has none of it.
        ("GET", path) if !path.contains('{') => list(call, Vec::new()),
        _ => Err(answers::status(404)),
    });
    result.unwrap_or_else(|refused| refused)
}

/// The merchant account that the request names, else Gr4vy's `default`.
fn merchant<'a>(call: &Call<'a>) -> Result<&'a str, Answer> {
    let Some(value) = call.headers.get(MERCHANT) else { return Ok("default") };
    let known = |text: &&str| {
        !text.is_empty() && text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    value.to_str().ok().filter(known).ok_or_else(|| {
        answers::bad_request("header", &format!("/{MERCHANT}"), "The merchant account ID is empty or malformed")
    })
}

/// A page with a cursor, as all of Gr4vy's lists are.
fn list(call: &Call<'_>, mut items: Vec<Value>) -> Result<Answer, Answer> {
    let limit = limit(call.query)?;
    items.truncate(limit);
    let page = json!({ "items": items, "limit": limit, "next_cursor": null, "previous_cursor": null });
    Ok(answers::good(200, &page))
}

fn limit(query: &str) -> Result<usize, Answer> {
    let given = query.split('&').find_map(|pair| pair.strip_prefix("limit="));
    let Some(text) = given else { return Ok(20) };
    let wrong = |message, kind| answers::unprocessable(&["query", "limit"], message, kind);
    match text.parse::<usize>() {
        Ok(limit @ 1..=100) => Ok(limit),
        Ok(0) => Err(wrong("Input should be greater than or equal to 1", "greater_than_equal")),
        Ok(_) => Err(wrong("Input should be less than or equal to 100", "less_than_equal")),
        Err(_) => Err(wrong("Input should be a valid integer, unable to parse string as an integer", "int_parsing")),
    }
}

fn one(call: &Call<'_>, all: &[Value]) -> Result<Answer, Answer> {
    let id = call.path.rsplit('/').next().unwrap_or_default();
    let found = all.iter().find(|item| item["id"] == id).ok_or_else(|| answers::status(404))?;
    Ok(answers::good(200, found))
}

fn keep(all: &mut Vec<Value>, value: Value) -> Answer {
    if all.len() == KEPT {
        all.remove(0);
    }
    let answer = answers::good(201, &value);
    all.push(value);
    answer
}

fn with_sample(made: &[Value], sample: Value) -> Vec<Value> {
    made.iter().rev().cloned().chain([sample]).collect()
}

/// The body as an object; no body is an empty one.
fn object(call: &Call<'_>) -> Result<Map<String, Value>, Answer> {
    let wrong = |message| answers::bad_request("body", "/", message);
    let bytes = call.body.ok_or_else(|| wrong("The body is too large"))?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("The body is not UTF-8"))?;
    match strict_json::parse(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(answers::unprocessable(&["body"], "Input should be a valid dictionary", "dict_type")),
        Err(Fault::Duplicate(_) | Fault::Syntax(_)) => Err(wrong("The body is not valid JSON")),
    }
}

fn make_transaction(call: &Call<'_>, merchant: &str, now: i64) -> Result<Value, Answer> {
    let body = object(call)?;
    let wrong = |member, message, kind| answers::unprocessable(&["body", member], message, kind);
    let amount = match body.get("amount") {
        None => return Err(wrong("amount", "Field required", "missing")),
        Some(value) => value.as_u64().ok_or_else(|| {
            wrong("amount", "Input should be a valid integer in the smallest currency unit", "int_type")
        })?,
    };
    let currency = match body.get("currency") {
        None => return Err(wrong("currency", "Field required", "missing")),
        Some(Value::String(code)) if code.len() == 3 && code.chars().all(|c| c.is_ascii_uppercase()) => code,
        Some(_) => return Err(wrong("currency", "Input should be an ISO 4217 currency code", "value_error")),
    };
    Ok(transaction(&new_id(), merchant, amount, currency, now))
}

fn transaction(id: &str, merchant: &str, amount: u64, currency: &str, made: i64) -> Value {
    let at = clock::rfc3339(made);
    json!({
        "type": "transaction", "id": id, "reconciliation_id": reconciliation_id(id), "merchant_account_id": merchant,
        "amount": amount, "currency": currency, "status": "authorization_succeeded", "intent": "authorize",
        "authorized_amount": amount, "captured_amount": 0, "refunded_amount": 0, "settled_amount": 0,
        "settled": false, "disputed": false, "gift_card_redemptions": [], "method": "card",
        "external_identifier": null, "buyer": null, "created_at": at, "updated_at": at,
    })
}

/// Gr4vy's second name for a thing: its UUID in base 62.
fn reconciliation_id(id: &str) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = Uuid::parse_str(id).unwrap_or_default().as_u128();
    let mut digits = Vec::new();
    while rest > 0 {
        digits.push(char::from(DIGITS[(rest % 62) as usize]));
        rest /= 62;
    }
    digits.iter().rev().collect()
}

/// The transaction that is there from the start.
fn sample_transaction(merchant: &str) -> Value {
    transaction("7099948d-7286-47e4-aad8-b68f7eb44591", merchant, 1299, "USD", MADE)
}

/// The buyer who is there from the start.
fn sample_buyer(merchant: &str) -> Value {
    let members = [("display_name", "Mary Major"), ("external_identifier", "buyer-12345")];
    let body = members.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    buyer("fe26475d-ec3e-4884-9553-f7356683f7f9", merchant, &body, MADE)
}

fn buyer(id: &str, merchant: &str, body: &Map<String, Value>, made: i64) -> Value {
    let at = clock::rfc3339(made);
    json!({
        "type": "buyer", "id": id, "reconciliation_id": reconciliation_id(id), "merchant_account_id": merchant,
        "display_name": body.get("display_name"), "external_identifier": body.get("external_identifier"),
        "created_at": at, "updated_at": at,
    })
}

fn session(body: &Map<String, Value>, now: i64) -> Value {
    json!({
        "type": "checkout-session", "id": new_id(), "cart_items": body.get("cart_items"),
        "metadata": body.get("metadata"), "expires_at": clock::rfc3339(now.saturating_add(SESSION)),
    })
}

/// The registered keys with their thumbprints, which callers compare with their `kid`.
fn key_pairs(keys: &KeyRing) -> Vec<Value> {
    keys.keys()
        .iter()
        .zip(1..)
        .map(|(key, number)| {
            // The same key has the same id after a restart: it is cut from the thumbprint.
            let mut id = [0; 16];
            id.iter_mut().zip(key.kid.bytes()).for_each(|(to, from)| *to = from);
            json!({
                "type": "api-key-pair", "id": uuid::Builder::from_random_bytes(id).into_uuid().to_string(),
                "display_name": format!("Key {number}"), "algorithm": key.material.family(), "thumbprint": key.kid,
                "active": !key.revoked, "created_at": clock::rfc3339(MADE), "updated_at": clock::rfc3339(MADE),
            })
        })
        .collect()
}

/// What the first digits of the usual Visa test number lead to.
fn card() -> Value {
    json!({ "type": "card-detail", "id": "41111111", "card_type": "credit", "scheme": "visa", "country": "US" })
}

/// A UUID v4. Nothing hangs on its being hard to guess.
fn new_id() -> String {
    Uuid::new_v4().to_string()
}
