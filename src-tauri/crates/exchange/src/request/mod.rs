//! Prepared requests: from a call in the provider's terms to bytes, and what is refused on the way.

pub(crate) mod address;
pub(crate) mod credential;
mod error;
pub(crate) mod fields;
pub(crate) mod fill;
mod prepare;

pub use credential::with_token;
pub use error::PrepareError;
pub use fill::Field;
pub use prepare::{Call, Destination, prepare};
