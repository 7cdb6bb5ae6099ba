//! The jobs: one function for each thing a person does, in the person's words.
//!
//! This room knows neither Tauri nor the wire, and reaches the world only through [`ports::Ports`]. A job checks what it
//! needs, resolves names, acts, and reports; private keys are opened for one operation and dropped.
//!
//! - [`session`] opens and locks the vault;
//! - [`keys`] makes, imports, lists, exports, deletes and restores keys; [`imports`] looks into files before that;
//! - [`credentials`] keeps what is no key: API keys, logins, OAuth clients, the secrets of webhooks;
//! - [`given`] keeps the tokens that a server gave, [`flows`] gets them;
//! - [`definitions`] holds the providers: the built-in ones, and those of the person's own;
//! - [`profiles`] keeps accounts: provider, variables, one credential for each environment, how often live asks; [`profile_files`] hands them on;
//! - [`recipes`] keeps drafts that have a name, [`sealed_drafts`] those that were open when the vault was locked;
//! - [`settings`] is what the person chose for the application, [`strength`] judges a new passphrase;
//! - [`undo`] takes back what was deleted or changed, [`consent`] remembers a yes to something live;
//! - [`tokens`] signs, inspects and verifies;
//! - [`drafts`] is the token one is writing: what it says as it stands, and what can be done about it;
//! - [`reading`] says what a token of anybody's is;
//! - [`requests`] prepares a request and says what the answer means, [`calls`] sends it and follows: renews, waits, goes on;
//! - [`webhooks`] judges and signs deliveries, [`deliveries`] those that come to the receiver on this computer;
//! - [`local`] says what the emulator is told of the credential of a place on this computer;
//! - [`demo`] prepares a first vault, so that there is something to try at once.

pub mod calls;
pub mod consent;
pub mod credentials;
pub mod definitions;
pub mod deliveries;
pub mod demo;
pub mod drafts;
mod error;
pub mod flows;
pub mod given;
pub mod imports;
pub mod keys;
pub mod local;
mod names;
pub mod places;
pub mod ports;
pub mod profile_files;
pub mod profiles;
pub mod reading;
pub mod recipes;
pub mod records;
mod references;
pub mod requests;
pub mod sealed_drafts;
pub mod session;
pub mod settings;
mod shelves;
pub mod strength;
pub mod tokens;
pub mod undo;
pub mod webhooks;
mod words;
mod writes;

pub use error::{Error, Fault};
