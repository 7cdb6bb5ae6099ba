//! Operations for those who are let in: a short list, a thing just made, one of them again.

use serde_json::Value;

use super::{
    answers, bodies,
    input::{self, body},
    merchants::{self, Merchant, Merchants},
    pages::{page, parameter},
    schema::Problem,
    shapes,
};
use crate::{answer::Answer, api::Call, resources::Resources, roles::ROLES};

/// Answers an operation.
pub(super) fn respond(call: &Call<'_>, merchants: &mut Merchants, now: i64) -> Answer {
    let operation = (call.operation.method.as_str(), call.operation.path.as_str());
    let result = merchants::named(call).and_then(|id| {
        let merchant = merchants.named(id);
        let answer = match operation {
            ("GET", "/transactions") => {
                let all = merchant.transactions.latest().map(bodies::summary).collect();
                page(call, all, &["id", "external_identifier", "status", "currency", "checkout_session_id"])
            }
            ("POST", "/transactions") => {
                let made = make_transaction(call, id, merchant, now)?;
                Ok(keep(&mut merchant.transactions, made))
            }
            ("GET", "/transactions/{id}") => one(call, &merchant.transactions),
            ("GET", "/buyers") => page(call, merchant.buyers.latest().cloned().collect(), &["external_identifier"]),
            ("POST", "/buyers") => Ok(keep(&mut merchant.buyers, bodies::buyer(id, &body(call, &shapes::BUYER)?, now))),
            ("GET", "/buyers/{id}") => one(call, &merchant.buyers),
            ("POST", "/checkout/sessions") => {
                Ok(keep(&mut merchant.sessions, bodies::session(&input::session_body(call)?, now)))
            }
            ("GET", "/checkout/sessions/{id}") => one(call, &merchant.sessions),
            ("GET", "/buyers/payment-methods") => Ok(answers::good(200, &serde_json::json!({ "items": [] }))),
            ("GET", "/roles") => page(call, ROLES.iter().map(bodies::role).collect(), &[]),
            ("GET", "/card-details") => card_details(call),
            // Known to the definition, and an account that has none of it.
            ("GET", path) if !path.contains('{') => page(call, Vec::new(), &[]),
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

fn make_transaction(call: &Call<'_>, id: &str, merchant: &Merchant, now: i64) -> Result<Value, Answer> {
    let raw = input::object(call)?;
    let said = input::read(&raw, &shapes::TRANSACTION)?;
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
