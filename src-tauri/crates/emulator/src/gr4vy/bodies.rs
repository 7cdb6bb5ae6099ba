//! Bodies of what Gr4vy keeps and shows: transactions, buyers, checkout sessions, roles, card details.
//!
//! They hold what Gr4vy's OpenAPI description asks for, what the caller said where it was read, and few more.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{clock, roles::Role};

/// How long a checkout session lives, in seconds.
const SESSION: f64 = 3600.0;
/// When the things were made that are there from the start.
pub(super) const MADE: i64 = 1_767_225_600;

/// The members of a transaction that a list shows (`TransactionSummary`).
const SUMMARY: [&str; 23] = [
    "type",
    "id",
    "reconciliation_id",
    "merchant_account_id",
    "currency",
    "amount",
    "status",
    "authorized_amount",
    "captured_amount",
    "refunded_amount",
    "settled_amount",
    "settled",
    "country",
    "external_identifier",
    "intent",
    "method",
    "buyer",
    "pending_review",
    "checkout_session_id",
    "gift_card_redemptions",
    "created_at",
    "updated_at",
    "disputed",
];
/// Members of a transaction that say what the caller said.
const REPEATED: [&str; 16] = [
    "country",
    "external_identifier",
    "metadata",
    "cart_items",
    "statement_descriptor",
    "installment_count",
    "tax_amount",
    "merchant_tax_id",
    "purchase_order_number",
    "customer_reference_number",
    "amount_includes_tax",
    "supplier_order_number",
    "duty_amount",
    "shipping_amount",
    "approval_expires_at",
    "payment_source",
];

/// A transaction that was just made: `said` is what the caller said of it, `method` what it is paid with, where that is known.
pub(super) fn transaction(
    merchant: &str,
    said: &Map<String, Value>,
    method: Option<&str>,
    buyer: Option<Value>,
    made: i64,
) -> Value {
    let (id, at) = (new_id(), clock::rfc3339(made));
    let flag = |name: &str| said.get(name).and_then(Value::as_bool).unwrap_or_default();
    let captured = said.get("intent").is_some_and(|intent| intent == "capture");
    let (amount, nothing) = (said.get("amount").cloned().unwrap_or_default(), json!(0));
    let mut made = json!({
        "type": "transaction", "id": id, "reconciliation_id": reconciliation_id(&id), "merchant_account_id": merchant,
        "amount": amount, "currency": said.get("currency"), "intent": if captured { "capture" } else { "authorize" },
        "status": if captured { "capture_succeeded" } else { "authorization_succeeded" }, "intent_outcome": "succeeded",
        "authorized_amount": amount, "captured_amount": if captured { &amount } else { &nothing }, "refunded_amount": 0,
        "country": null, "external_identifier": null, "settled_amount": 0, "settled": false, "disputed": false, "pending_review": false, "multi_tender": false,
        "method": method, "buyer": buyer, "gift_card_redemptions": [], "payment_source": "ecommerce",
        "is_subsequent_payment": flag("is_subsequent_payment"), "merchant_initiated": flag("merchant_initiated"),
        "account_funding_transaction": flag("account_funding_transaction"), "authorized_at": at,
        "captured_at": captured.then_some(&at), "created_at": at, "updated_at": at,
    });
    for name in REPEATED {
        if let Some(value) = said.get(name) {
            made[name] = value.clone();
        }
    }
    made
}

/// What a list shows of a transaction.
pub(super) fn summary(transaction: &Value) -> Value {
    let shown = SUMMARY.iter().filter_map(|name| Some(((*name).to_owned(), transaction.get(name)?.clone())));
    Value::Object(shown.collect())
}

/// A transaction after all of it was captured.
pub(super) fn capture(transaction: &mut Value, now: i64) {
    let at = clock::rfc3339(now);
    transaction["status"] = json!("capture_succeeded");
    transaction["captured_amount"] = transaction["authorized_amount"].clone();
    transaction["captured_at"] = json!(at);
    transaction["updated_at"] = json!(at);
}

/// A transaction after it was authorized once more, and nothing of it captured.
pub(super) fn authorize(transaction: &mut Value, now: i64) {
    let at = clock::rfc3339(now);
    transaction["status"] = json!("authorization_succeeded");
    transaction["captured_amount"] = json!(0);
    transaction["captured_at"] = Value::Null;
    transaction["authorized_at"] = json!(at);
    transaction["updated_at"] = json!(at);
}

/// The transaction that is there from the start.
pub(super) fn sample_transaction(merchant: &str) -> Value {
    let said = [("amount".to_owned(), json!(1299)), ("currency".to_owned(), json!("USD"))].into_iter().collect();
    named("7099948d-7286-47e4-aad8-b68f7eb44591", transaction(merchant, &said, Some("card"), None, MADE))
}

/// The buyer who is there from the start.
pub(super) fn sample_buyer(merchant: &str) -> Value {
    let said = [("display_name", "Mary Major"), ("external_identifier", "buyer-12345")];
    let said = said.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    named("fe26475d-ec3e-4884-9553-f7356683f7f9", buyer(merchant, &said, MADE))
}

/// A buyer who was just made.
pub(super) fn buyer(merchant: &str, said: &Map<String, Value>, made: i64) -> Value {
    let (id, at) = (new_id(), clock::rfc3339(made));
    json!({
        "type": "buyer", "id": id, "reconciliation_id": reconciliation_id(&id), "merchant_account_id": merchant,
        "display_name": said.get("display_name"), "external_identifier": said.get("external_identifier"),
        "billing_details": said.get("billing_details"), "account_number": said.get("account_number"),
        "created_at": at, "updated_at": at,
    })
}

/// A buyer as a transaction shows one (`TransactionBuyer`): one that is kept, or a guest.
pub(super) fn buyer_of_transaction(buyer: &Value) -> Value {
    json!({
        "type": "buyer", "id": buyer.get("id"), "reconciliation_id": buyer.get("reconciliation_id"),
        "display_name": buyer.get("display_name"), "external_identifier": buyer.get("external_identifier"),
        "billing_details": buyer.get("billing_details"), "account_number": buyer.get("account_number"),
    })
}

/// A checkout session that was just made.
pub(super) fn session(said: &Map<String, Value>, now: i64) -> Value {
    let life = said.get("expires_in").and_then(Value::as_f64).unwrap_or(SESSION);
    #[allow(clippy::cast_possible_truncation, reason = "it was read, and is a day at most")]
    let expires = now.saturating_add(life as i64);
    json!({
        "type": "checkout-session", "id": new_id(), "cart_items": said.get("cart_items"), "metadata": said.get("metadata"),
        "buyer": said.get("buyer"), "amount": said.get("amount"), "currency": said.get("currency"),
        "payment_service_id": said.get("payment_service_id"), "expires_at": clock::rfc3339(expires),
    })
}

/// A role as `Role`.
pub(super) fn role(role: &Role) -> Value {
    let assignable = if role.of_key_pairs { &["user", "api-key-pair"][..] } else { &["user"][..] };
    json!({
        "type": "role", "id": role.id, "name": role.name, "slug": role.slug, "description": role.description,
        "permissions": { "allow": role.allow }, "assignable_to": assignable, "applies_to": role.adds_to,
        "is_standalone_assignable": role.adds_to.is_empty(),
    })
}

/// A merchant account as a key pair shows it (`MerchantAccountSummary`).
pub(super) fn merchant_summary(id: &str) -> Value {
    let made = clock::rfc3339(MADE);
    json!({
        "type": "merchant-account", "id": id, "display_name": id, "created_at": made, "updated_at": made,
        "over_capture_amount": null, "over_capture_percentage": null,
    })
}

/// What the first digits of a card's number lead to, as far as the first of all tells the scheme (ISO/IEC 7812-1).
pub(super) fn card(bin: &str) -> Value {
    let scheme = match bin.as_bytes() {
        [b'4', ..] => "visa",
        [b'5', ..] => "mastercard",
        [b'3', ..] => "amex",
        [b'6', ..] => "discover",
        _ => "other",
    };
    json!({ "type": "card-detail", "id": bin, "card_type": "credit", "scheme": scheme, "country": "US" })
}

/// Another id for what is there from the start.
fn named(id: &str, mut thing: Value) -> Value {
    thing["id"] = json!(id);
    thing["reconciliation_id"] = json!(reconciliation_id(id));
    thing
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

/// A UUID v4. Nothing hangs on its being hard to guess.
fn new_id() -> String {
    Uuid::new_v4().to_string()
}
