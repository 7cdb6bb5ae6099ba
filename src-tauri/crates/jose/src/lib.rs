//! JOSE as text and types: algorithms, keys and their formats, JWK and JWK Set, thumbprints, JWS, JWT claims kept byte
//! for byte, inspection with its findings, webhook signatures, and deliberately bad tokens.
//!
//! This is the ground floor. It knows no clock, no source of randomness, no disk, no network and no other room: the
//! time and every random byte are arguments. (The one exception is inside the engine: an ECDSA or PSS signature draws
//! its nonce or salt there, since no caller should ever choose one.)
//!
//! - [`Alg`] is the table of algorithms, [`finding`] the table of everything that can be said about a token or key.
//! - [`json`] reads JSON without losing a byte and names positions.
//! - [`key`] reads, checks and writes keys; [`jwk`] is their JSON form.
//! - [`sign`] makes tokens, [`verify`] judges signatures, [`inspect`] says everything about a token and never fails.
//! - [`expression`] resolves times and ids in a text that is kept, [`rewrite`] knows what came from where.
//! - [`webhook`] checks and makes the signatures of deliveries.
//! - [`danger`] makes tokens that must be refused.

pub mod alg;
pub mod braces;
pub mod danger;
pub mod duration;
mod engine;
mod exposed;
pub mod expression;
pub mod finding;
pub mod header;
pub mod inspect;
pub mod json;
pub mod jwk;
pub mod key;
pub mod locate;
pub mod pointer;
pub mod rewrite;
mod serialization;
pub mod sign;
pub mod text;
pub mod time;
pub mod unseen;
pub mod verify;
pub mod webhook;

pub use alg::Alg;
pub use finding::{Code, Finding, Part, Place, Repair, Severity};
