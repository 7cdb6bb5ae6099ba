//! Flows: the calls by which a token is got, renewed, asked about and given back, as values.
//!
//! [`prepare_flow`] makes the request of one call, its secrets masked; [`obtained`] reads what its answer gives.

mod expiry;
mod member;
mod obtained;
mod prepare;
mod read;

pub use expiry::{Expiry, ExpirySource, compare_expiry};
pub use obtained::{NotObtained, Obtained, Refresh, SecretText};
pub use prepare::{FlowCall, Means, prepare_flow};
pub use read::obtained;
