//! Hedge, the Partner API and CryptoPay as they are played, and what holds for all providers alike.
//!
//! Tests that stand for an item of the requirement checklist begin with its name.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod credentials;
mod cryptopay;
mod faults;
mod hedge;
mod hostile;
mod partner;
mod replacing;
mod simplejwt;
mod webhooks;
