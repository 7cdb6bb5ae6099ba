//! Small, plausible bodies for those who are let in. What Hedge answers is not published beyond its errors.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{ID, KEYS, answers};
use crate::{
    answer::Answer,
    api::{Call, Context},
    clock,
    event::{Event, EventError},
    refusal::RequestRefusal,
    request_body::{self, amount, text},
    resources::Resources,
    words::shorten,
};

/// Where the paths of the newer reference begin. There amounts are cents and names are in snake case.
const NEWER: &str = "/v1/";

/// Most bytes of an e-mail address (RFC 5321 §4.5.3.1.3).
const EMAIL: usize = 254;

/// The payments that callers made, by the document whose path they used.
#[derive(Default)]
pub(super) struct Payments {
    page: Resources,
    newer: Resources,
}

/// The events, the usual one first, each with the status of the payment after it. What Hedge calls them is not published.
const EVENTS: [(&str, &str); 2] = [("payment.completed", "completed"), ("payment.failed", "failed")];

impl Payments {
    /// Lets `event` happen to a payment, and answers the body of its webhook. Where there is none yet, one is made.
    pub(super) fn happen(&mut self, event: &Event<'_>, now: i64) -> Result<String, EventError> {
        let (name, status) = event.row(&EVENTS)?;
        let among = match event.about {
            Some(id) => self.newer.find(id).is_some(),
            None => self.page.latest().next().is_none() && self.newer.latest().next().is_some(),
        };
        let payments = if among { &mut self.newer } else { &mut self.page };
        let payment =
            event.thing(payments, || built(&json!(12.99), "USD", "customerEmail", "ada@example.com", false, now));
        let payment = payment.ok_or_else(|| event.nothing("payment", name))?;
        payment["status"] = json!(status);
        Ok(json!({ "event": name, "data": payment }).to_string())
    }
}

/// Answers an operation for a caller who was let in.
pub(super) fn respond(call: &Call<'_>, context: &Context<'_>, made: &mut Payments) -> Result<Answer, RequestRefusal> {
    let newer = call.operation.path.starts_with(NEWER);
    let payments = if newer { &mut made.newer } else { &mut made.page };
    match (call.operation.method.as_str(), call.operation.path.as_str()) {
        ("GET", KEYS) => Ok(Answer::json(200, &json!({ "data": keys(context) }))),
        ("POST", _) => {
            let body = request_body::object(call)?;
            let payment = payment(&body, newer, context.now)?;
            let answer = Answer::json(200, &payment);
            payments.keep(payment);
            Ok(answer)
        }
        ("GET", path) if path.ends_with("{id}") => {
            let id = call.path.rsplit('/').next().unwrap_or_default();
            Ok(payments.find(id).map_or_else(|| answers::status(404), |payment| Answer::json(200, payment)))
        }
        _ => Ok(Answer::json(200, &json!({ "data": payments.latest().collect::<Vec<_>>(), "has_more": false }))),
    }
}

fn payment(body: &Map<String, Value>, newer: bool, now: i64) -> Result<Value, RequestRefusal> {
    let sum = amount(body, "amount")?;
    if newer && sum.fract() != 0.0 {
        let (found, wanted) = (body["amount"].to_string(), "an integer of cents".to_owned());
        return Err(RequestRefusal::Member { member: "amount", found, wanted });
    }
    let currency = text(body, "currency")?;
    if currency.len() != 3 || !currency.bytes().all(|letter| letter.is_ascii_uppercase()) {
        let (found, wanted) = (format!("{:?}", shorten(currency)), "an ISO 4217 currency code".to_owned());
        return Err(RequestRefusal::Member { member: "currency", found, wanted });
    }
    let member = if newer { "customer_email" } else { "customerEmail" };
    let email = text(body, member)?;
    if !email.contains('@') || email.len() > EMAIL {
        let found =
            if email.contains('@') { format!("{} bytes", email.len()) } else { "a text without \"@\"".to_owned() };
        let wanted = format!("an e-mail address of at most {EMAIL} bytes");
        return Err(RequestRefusal::Member { member, found, wanted });
    }
    Ok(built(&body["amount"], currency, member, email, newer, now))
}

fn built(amount: &Value, currency: &str, member: &str, email: &str, newer: bool, now: i64) -> Value {
    let created = if newer { "created_at" } else { "createdAt" };
    let mut payment = Map::new();
    payment.insert("id".into(), json!(format!("pay_{}", Uuid::new_v4().simple())));
    payment.insert("amount".into(), amount.clone());
    payment.insert("currency".into(), json!(currency));
    payment.insert(member.into(), json!(email));
    payment.insert("status".into(), json!("pending"));
    payment.insert(created.into(), json!(clock::rfc3339(now)));
    Value::Object(payment)
}

/// The registered keys, masked.
fn keys(context: &Context<'_>) -> Vec<Value> {
    let keys = context.registered.api_keys.of(ID);
    keys.map(
        |key| json!({ "id": key.name(), "key": format!("{}…", key.prefix), "active": key.is_good(context.now).is_ok() }),
    )
    .collect()
}
