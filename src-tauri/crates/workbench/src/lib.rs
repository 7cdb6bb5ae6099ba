//! The jobs: one function for each thing a person does, in the person's words.
//!
//! This room knows neither Tauri nor the wire, and reaches the world only through [`ports::Ports`]. A job checks what it
//! needs, resolves names, acts, and reports; private keys are opened for one operation and dropped.
//!
//! - [`session`] opens and locks the vault;
//! - [`keys`] makes, imports, lists and exports keys;
//! - [`profiles`] keeps accounts: provider, variables, one credential for each environment;
//! - [`tokens`] signs, inspects and verifies;
//! - [`drafts`] is the token one is writing: what it says as it stands, and what can be done about it;
//! - [`reading`] says what a token of anybody's is;
//! - [`requests`] sends a request and says what the answer means.

pub mod drafts;
mod error;
pub mod keys;
mod names;
pub mod ports;
pub mod profiles;
pub mod reading;
pub mod records;
pub mod requests;
pub mod session;
pub mod tokens;
mod words;

pub use error::{Error, Fault};
