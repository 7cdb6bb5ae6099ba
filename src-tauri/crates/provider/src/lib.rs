//! An API's rules as data: environments, credential kinds, token recipes, scopes, endpoints, errors.
//!
//! A [`Definition`] is read from a TOML file (`docs/formats/provider-v1.md`); [`built_in`] holds those that come with
//! Keywright. What a definition says is applied here, and in one place each:
//!
//! - [`resolve`] makes the header and claims text of a token from a recipe;
//! - [`check_claims`], [`check_header`] and [`check_key`] judge a token or a key by the same rules, whoever made it;
//! - [`Scopes`] knows what a scope is, what it gives, and which scopes a call needs;
//! - [`Definition::client_side`] says what may leave a server, [`Definition::hard_coded_keys`] which keys did;
//! - [`Definition::recognise`] cleans a pasted credential and says what it is, and whether it belongs here;
//! - [`definition::PrivateKey::open_file`] takes a key out of the JSON file in which a provider hands it out;
//! - [`definition::FieldKind`] says which texts a field of a [`definition::Sheet`] takes, and what they become;
//! - [`Definition::rotation_of`] says how a credential is rotated, as a [`keyset::Method`];
//! - [`diff`] says what changed between two definitions, [`scaffold`] is one to begin with;
//! - [`Definition::base_url`] turns an environment and the variables of a profile into an address, and
//!   [`Definition::hosts`] says which hosts a credential is sealed for;
//! - [`TemplatePlace`] says which [`Slot`] may stand where, [`is_routing_field`] which header fields nobody may set;
//! - [`visible`] shows what a stranger wrote without letting it steer a terminal.
//!
//! This room knows nothing of HTTP, storage, clock and randomness. What is wrong with a token is a finding, not an
//! error; only a definition file can fail to be read.

mod address;
mod built_in;
mod calls;
mod check;
mod client_safety;
pub mod definition;
mod diff;
mod duration;
mod error;
mod fields;
mod grammar;
mod hard_coded;
mod host;
mod key;
mod key_file;
mod near;
mod paste;
mod places;
mod recipe;
mod rotation;
mod rules;
mod scaffold;
mod scopes;
mod shape;
mod sheet;
mod template;
mod values;

pub use address::{AddressError, AddressPart, parse_absolute};
pub use built_in::{built_in, built_in_named, built_in_text};
pub use client_safety::{ClientSafety, ClientVerdict};
pub use definition::{Definition, Endpoint, Environment, Scopes, Tier};
pub use diff::{Change, DiffError, Edit, Touch, diff};
pub use duration::{Seconds, parse_duration};
pub use error::{DefinitionError, MAX_BYTES, Position};
pub use fields::{ROUTING_FIELDS, is_field_value, is_routing_field};
pub use grammar::Malformed;
pub use hard_coded::HardCoded;
pub use host::{Loopback, authority, is_localhost, is_loopback, is_sealed_for, loopback, sealed_host};
pub use jose::duration::DurationError;
pub use key::{KeyFacts, check_key};
pub use key_file::KeyFile;
pub use near::nearest;
pub use paste::{Cleaned, Kind as PastedKind, PasteError, Pasted, TokenKind, Wanted, Wrapping, clean};
pub use places::TemplatePlace;
pub use recipe::{CallFacts, Resolved, TokenRequest, compose, compose_claim, compose_header, resolve};
pub use rotation::key_type;
pub use rules::{check_claims, check_header, check_kid};
pub use scaffold::scaffold;
pub use scopes::{Listed, Missing, Redundant};
pub use shape::{CharSet, CharSetError, Misfit, Shape};
pub use template::{Piece, Slot, Template, TemplateError};
