//! Payment orders, each merchant's own. Their members are not published, so any are taken that have a usual type.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{answers, ladder::Caller};
use crate::{
    answer::Answer,
    api::Call,
    clock,
    event::{Event, EventError},
    refusal::RequestRefusal,
    request_body,
    resources::Resources,
};

/// Most characters of an amount.
const AMOUNT: usize = 40;

/// The events, the usual one first, each with the status of the order after it. What CryptoPay calls them is not published.
const EVENTS: [(&str, &str); 2] = [("payment.completed", "completed"), ("payment.failed", "failed")];

/// Lets `event` happen to an order, and answers the body of its webhook. Where there is none yet, one is made for `merchant`.
pub(super) fn happen(orders: &mut Resources, event: &Event<'_>, merchant: u64, now: i64) -> Result<String, EventError> {
    let (name, status) = event.row(&EVENTS)?;
    let order = event.thing(orders, || built(&json!("12.99"), "USD", merchant, now));
    let order = order.ok_or_else(|| event.nothing("payment order", name))?;
    order["status"] = json!(status);
    Ok(json!({ "event": name, "data": order }).to_string())
}

/// Answers an operation for a caller who was let in.
pub(super) fn respond(
    call: &Call<'_>,
    caller: &Caller,
    orders: &mut Resources,
    now: i64,
) -> Result<Answer, RequestRefusal> {
    let own = |order: &&Value| order["merchant"] == caller.merchant;
    Ok(match (call.operation.method.as_str(), call.operation.path.as_str()) {
        ("GET", path) if path.ends_with("{id}/") => {
            let id = call.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            // Another merchant's order is not there.
            let order = orders.find(id).filter(own);
            order.map_or_else(|| answers::status(404, true), |order| Answer::json(200, order))
        }
        ("GET", "/api/payment-orders/") => {
            let results: Vec<&Value> = orders.latest().filter(own).collect();
            let page = json!({ "count": results.len(), "next": null, "previous": null, "results": results });
            Answer::json(200, &page)
        }
        ("POST", "/api/payment-orders/") => {
            let order = order(&request_body::object(call)?, caller, now)?;
            let answer = Answer::json(201, &order);
            orders.keep(order);
            answer
        }
        // Known to the definition, and nothing that the document describes.
        _ => answers::status(404, true),
    })
}

fn order(body: &Map<String, Value>, caller: &Caller, now: i64) -> Result<Value, RequestRefusal> {
    let mut problems = Vec::new();
    let amount = body.get("amount").cloned().unwrap_or_else(|| json!("0.00"));
    let number = match &amount {
        Value::String(text) if text.len() > AMOUNT => None,
        Value::String(text) => text.parse::<f64>().ok(),
        other => other.as_f64(),
    };
    if !number.is_some_and(|number| number.is_finite() && number >= 0.0) {
        problems.push(("amount", "A valid number is required."));
    }
    let currency = match body.get("currency") {
        None => "USD",
        Some(Value::String(code)) if !code.is_empty() && code.len() <= 10 => code,
        Some(_) => {
            problems.push(("currency", "Not a valid choice."));
            ""
        }
    };
    if !problems.is_empty() {
        return Err(RequestRefusal::Fields(problems));
    }
    Ok(built(&amount, currency, caller.merchant, now))
}

fn built(amount: &Value, currency: &str, merchant: u64, now: i64) -> Value {
    json!({
        "id": Uuid::new_v4().to_string(), "merchant": merchant, "amount": amount, "currency": currency,
        "status": "pending", "created_at": clock::rfc3339(now),
    })
}
