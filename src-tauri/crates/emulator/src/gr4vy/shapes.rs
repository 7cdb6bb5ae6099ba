//! Bodies that Gr4vy takes, by its OpenAPI description of August 2026: which members there are, their types and bounds.
//!
//! Payment methods, gift cards, 3-D Secure, airline data and the options of single connections are objects that nothing
//! here reads.

use super::schema::{Kind, Member, nullable, optional, required};

/// The greatest amount, in the smallest unit of a currency.
const MOST: i64 = 99_999_999;
/// An amount of money.
const AMOUNT: Kind = Kind::Integer(0, MOST);
/// A short text that the caller gives.
const IDENTIFIER: Kind = Kind::Text(1, 200);
/// A text that is not bounded.
const ANY: Kind = Kind::Text(0, usize::MAX);
const COUNTRY: Kind = Kind::Letters(2);
const CURRENCY: Kind = Kind::Letters(3);

pub(super) const INTENTS: [&str; 2] = ["authorize", "capture"];
const SOURCES: [&str; 5] = ["ecommerce", "moto", "recurring", "installment", "card_on_file"];

/// `TransactionCreate`.
pub(super) const TRANSACTION: [Member; 43] = [
    required("amount", AMOUNT),
    required("currency", CURRENCY),
    nullable("country", COUNTRY),
    nullable("payment_method", Kind::Unread),
    nullable("buyer", Kind::Object(&GUEST)),
    nullable("buyer_id", Kind::Id),
    nullable("buyer_external_identifier", IDENTIFIER),
    nullable("gift_cards", Kind::List(&Kind::Unread)),
    nullable("external_identifier", IDENTIFIER),
    optional("intent", Kind::Word(&INTENTS)),
    optional("store", Kind::Flag),
    nullable("three_d_secure_data", Kind::Unread),
    nullable("three_d_secure", Kind::Unread),
    nullable("metadata", Kind::Labels),
    optional("is_subsequent_payment", Kind::Flag),
    optional("merchant_initiated", Kind::Flag),
    optional("payment_source", Kind::Word(&SOURCES)),
    nullable("airline", Kind::Unread),
    nullable("description", ANY),
    nullable("cart_items", Kind::List(&Kind::Object(&CART_ITEM))),
    nullable("statement_descriptor", Kind::Object(&DESCRIPTOR)),
    nullable("previous_scheme_transaction_id", Kind::Text(1, 100)),
    nullable("previous_transaction_link_id", Kind::Text(1, 100)),
    nullable("browser_info", Kind::Unread),
    nullable("shipping_details_id", Kind::Id),
    nullable("connection_options", Kind::Unread),
    optional("async_capture", Kind::Flag),
    nullable("anti_fraud_fingerprint", ANY),
    nullable("payment_service_id", Kind::Id),
    optional("account_funding_transaction", Kind::Flag),
    optional("allow_partial_authorization", Kind::Flag),
    nullable("recipient", Kind::Unread),
    nullable("installment_count", Kind::Integer(1, 100)),
    nullable("tax_amount", AMOUNT),
    nullable("merchant_tax_id", Kind::Text(1, 100)),
    nullable("purchase_order_number", Kind::Text(1, 100)),
    nullable("customer_reference_number", Kind::Text(1, 100)),
    nullable("amount_includes_tax", Kind::Flag),
    nullable("supplier_order_number", Kind::Text(1, 100)),
    nullable("duty_amount", AMOUNT),
    nullable("shipping_amount", AMOUNT),
    nullable("integration_client", Kind::Word(&["redirect", "web", "android", "ios"])),
    nullable("approval_expires_at", Kind::Time),
];

/// `BuyerCreate`.
pub(super) const BUYER: [Member; 4] = [
    nullable("display_name", IDENTIFIER),
    nullable("external_identifier", IDENTIFIER),
    nullable("billing_details", Kind::Object(&BILLING)),
    nullable("account_number", IDENTIFIER),
];

/// `CheckoutSessionUpdate`.
pub(super) const SESSION: [Member; 13] = [
    nullable("cart_items", Kind::List(&Kind::Object(&CART_ITEM))),
    nullable("metadata", Kind::Labels),
    nullable("buyer", Kind::Object(&GUEST)),
    nullable("airline", Kind::Unread),
    nullable("amount", AMOUNT),
    nullable("currency", CURRENCY),
    nullable("payment_service_id", Kind::Id),
    optional("expires_in", Kind::Number(3600, 86_400)),
    nullable("country", COUNTRY),
    nullable("is_subsequent_payment", Kind::Flag),
    nullable("merchant_initiated", Kind::Flag),
    nullable("payment_source", Kind::Word(&SOURCES)),
    nullable("intent", Kind::Word(&INTENTS)),
];

/// `APIKeyPairCreate`.
pub(super) const KEY_PAIR: [Member; 6] = [
    required("display_name", IDENTIFIER),
    optional("algorithm", Kind::Word(&["ECDSA", "RSA"])),
    optional("active", Kind::Flag),
    required("role_ids", Kind::Several(&Kind::Id)),
    optional("merchant_account_ids", Kind::List(&ANY)),
    nullable("public_key", ANY),
];

/// `APIKeyPairUpdate`.
pub(super) const KEY_PAIR_CHANGE: [Member; 4] = [
    nullable("display_name", IDENTIFIER),
    nullable("active", Kind::Flag),
    nullable("role_ids", Kind::Several(&Kind::Id)),
    nullable("merchant_account_ids", Kind::List(&ANY)),
];

/// `CartItem`.
const CART_ITEM: [Member; 19] = [
    required("name", Kind::Text(1, 255)),
    required("quantity", Kind::Integer(1, MOST)),
    required("unit_amount", AMOUNT),
    nullable("discount_amount", AMOUNT),
    nullable("tax_amount", AMOUNT),
    nullable("external_identifier", IDENTIFIER),
    nullable("sku", IDENTIFIER),
    nullable("upc", Kind::Text(1, 50)),
    nullable("product_url", ANY),
    nullable("image_url", ANY),
    nullable("categories", Kind::List(&Kind::Text(1, 50))),
    nullable("product_type", Kind::Word(&PRODUCTS)),
    nullable("seller_country", COUNTRY),
    nullable("tax_exempt", Kind::Flag),
    nullable("unit_of_measure", Kind::Text(1, 50)),
    nullable("commodity_code", Kind::Text(1, 50)),
    nullable("description", Kind::Text(1, 255)),
    nullable("duty_amount", AMOUNT),
    nullable("shipping_amount", AMOUNT),
];

const PRODUCTS: [&str; 8] =
    ["physical", "discount", "shipping_fee", "sales_tax", "digital", "gift_card", "store_credit", "surcharge"];

/// `GuestBuyer`. Where its goods go is not read.
const GUEST: [Member; 5] = [
    nullable("display_name", IDENTIFIER),
    nullable("external_identifier", IDENTIFIER),
    nullable("billing_details", Kind::Object(&BILLING)),
    nullable("account_number", IDENTIFIER),
    nullable("shipping_details", Kind::Object(&SHIPPING)),
];

/// `BillingDetails`. The tax number is not read.
const BILLING: [Member; 6] = [
    nullable("first_name", Kind::Text(1, 255)),
    nullable("last_name", Kind::Text(1, 255)),
    nullable("email_address", Kind::Text(1, 320)),
    nullable("phone_number", Kind::Phone),
    nullable("address", Kind::Object(&ADDRESS)),
    nullable("tax_id", Kind::Unread),
];

/// `ShippingDetailsCreate`.
const SHIPPING: [Member; 5] = [
    nullable("first_name", Kind::Text(1, 255)),
    nullable("last_name", Kind::Text(1, 255)),
    nullable("email_address", Kind::Text(1, 320)),
    nullable("phone_number", Kind::Phone),
    nullable("address", Kind::Object(&ADDRESS)),
];

/// `Address`.
const ADDRESS: [Member; 9] = [
    nullable("city", Kind::Text(1, 100)),
    nullable("country", COUNTRY),
    nullable("postal_code", Kind::Text(1, 50)),
    nullable("state", Kind::Text(1, 255)),
    nullable("state_code", Kind::State),
    nullable("house_number_or_name", Kind::Text(1, 255)),
    nullable("line1", Kind::Text(1, 255)),
    nullable("line2", Kind::Text(1, 255)),
    nullable("organization", Kind::Text(1, 255)),
];

/// `StatementDescriptor`.
const DESCRIPTOR: [Member; 7] = [
    nullable("name", Kind::Text(5, 22)),
    nullable("description", Kind::Text(5, 22)),
    nullable("city", Kind::Text(1, 50)),
    nullable("country", COUNTRY),
    nullable("phone_number", Kind::Phone),
    nullable("url", Kind::Text(1, 50)),
    nullable("postal_code", Kind::Text(1, 50)),
];
