//! Webhooks: whether a delivery is its provider's work, and how to make one that is.
//!
//! A [`Scheme`] says how a provider signs, as parameters; a [`Delivery`] is what came in, the body as raw bytes. [`verify`]
//! takes the check in steps, so that it can say which one failed, and where nothing matches, what would have to be
//! different. [`sign`] makes a sample.
//!
//! The signature of a webhook is a MAC or signature over bytes of the request (RFC 2104, RFC 8032), or a token that
//! carries a hash of the body.

mod attempt;
mod body;
mod body_variants;
mod check;
mod delivery;
mod encoding;
mod extract;
mod near_miss;
mod scheme;
mod secret;
mod sign;
mod signature;
mod signature_format;
mod signed_content;
pub mod stringify;
mod template;
mod timestamp;
mod token;
mod verify;

pub use body::BodyFacts;
pub use check::{Check, Comparison, Computed, Match, Stage, State, Step};
pub use delivery::Delivery;
pub use scheme::{
    Covered, Encoding, FieldList, Method, Place, Proof, Scheme, SecretForm, SignatureFormat, Timestamp, TimestampPlace,
    TimestampUnit,
};
pub use secret::{Material, TrustedSecret};
pub use sign::{Sample, SampleError, SignedSample, sign};
pub use template::{Piece, Slot, Template, TemplateError};
pub use verify::verify;
