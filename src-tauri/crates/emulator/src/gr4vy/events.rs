//! Webhooks of Gr4vy: an event with the thing that it happened to as `target`, as docs.gr4vy.com shows them under
//! "Webhook payload". Of the names listed there, those are played whose effect can be seen here.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{bodies, merchants::Merchants};
use crate::{
    clock,
    event::{Event, EventError},
};

/// What an event happens to, and what it does to it.
enum Effect {
    OnTransaction(fn(&mut Value, i64)),
    OnBuyer,
}

/// The events, the usual one first.
const EVENTS: [(&str, Effect); 3] = [
    ("transaction.captured", Effect::OnTransaction(bodies::capture)),
    ("transaction.authorized", Effect::OnTransaction(bodies::authorize)),
    ("buyer.updated", Effect::OnBuyer),
];

/// Lets `event` happen, and answers the body of its webhook.
pub(super) fn happen(merchants: &mut Merchants, event: &Event<'_>, now: i64) -> Result<String, EventError> {
    let (name, effect) = event.row(&EVENTS)?;
    let (kind, target) = match effect {
        Effect::OnTransaction(effect) => {
            let found = merchants.find(event.about, |merchant| &mut merchant.transactions);
            (
                "transaction",
                found.map(|transaction| {
                    effect(transaction, now);
                    transaction.clone()
                }),
            )
        }
        Effect::OnBuyer => {
            let found = merchants.find(event.about, |merchant| &mut merchant.buyers);
            (
                "buyer",
                found.map(|buyer| {
                    buyer["updated_at"] = json!(clock::rfc3339(now));
                    buyer.clone()
                }),
            )
        }
    };
    let target = target.ok_or_else(|| event.nothing(kind, name))?;
    let told = json!({
        "type": "event", "id": Uuid::new_v4().to_string(), "name": name, "created_at": clock::rfc3339(now),
        "merchant_account_id": target["merchant_account_id"], "gr4vy_id": "emulator", "environment": "sandbox",
        "target": target,
    });
    Ok(told.to_string())
}
