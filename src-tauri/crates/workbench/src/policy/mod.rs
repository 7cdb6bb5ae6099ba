//! Policy: who signs what, what a call authenticates with, where a credential may go, and what wants consent.

pub mod authentication;
pub mod binding;
pub mod called;
pub mod consent;
pub mod fields;
pub mod local;
pub mod remembered_consent;
pub(crate) mod rotating;
pub mod signer;
