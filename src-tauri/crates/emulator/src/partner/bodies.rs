//! Small, plausible bodies for those who are let in: what PiTrade's pages name, and no more.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::answers;
use crate::{
    answer::Answer,
    api::Call,
    clock,
    refusal::RequestRefusal,
    request_body::{self, amount, text, word},
};

/// Fewest characters of a password.
const PASSWORD: usize = 8;

/// Answers an operation for a caller who was let in.
pub(super) fn respond(call: &Call<'_>, now: i64) -> Result<Answer, RequestRefusal> {
    let body = match (call.operation.method.as_str(), call.operation.path.as_str()) {
        ("GET", "/portfolio") => json!([
            { "ticker": "AAPL", "quantity": 10, "averagePurchasePrice": 187.5 },
            { "ticker": "MSFT", "quantity": 4, "averagePurchasePrice": 402.25 },
        ]),
        ("GET", "/portfolio-properties") => json!({ "cash": 2500.0, "totalValue": 5984.0 }),
        ("POST", "/trade") => trade(&request_body::object(call)?, now)?,
        ("POST", "/account") => account(&request_body::object(call)?)?,
        // Known to the definition, and nothing that the pages describe.
        _ => return Ok(answers::status(404)),
    };
    Ok(Answer::json(200, &body))
}

/// To buy, `amount` is in dollars; to sell, `quantity` counts shares.
fn trade(body: &Map<String, Value>, now: i64) -> Result<Value, RequestRefusal> {
    let ticker = text(body, "ticker")?;
    let side = word(body, "orderSide", &["BUY", "SELL"])?;
    let (member, count) = match side {
        "BUY" => ("amount", amount(body, "amount")?),
        _ => ("quantity", amount(body, "quantity")?),
    };
    let (id, at) = (Uuid::new_v4().to_string(), clock::rfc3339(now));
    Ok(json!({ "orderId": id, "ticker": ticker, "orderSide": side, member: count, "status": "ACCEPTED", "at": at }))
}

/// The password is looked at and not repeated.
fn account(body: &Map<String, Value>) -> Result<Value, RequestRefusal> {
    let (email, first, last) = (text(body, "email")?, text(body, "firstName")?, text(body, "lastName")?);
    let kind = word(body, "accountType", &["TRADING", "SIGNAL"])?;
    let length = text(body, "password")?.chars().count();
    if length < PASSWORD {
        let wanted = format!("at least {PASSWORD} characters");
        return Err(RequestRefusal::Member { member: "password", found: format!("{length} characters"), wanted });
    }
    let id = Uuid::new_v4().to_string();
    Ok(json!({ "accountId": id, "email": email, "firstName": first, "lastName": last, "accountType": kind }))
}
