//! The ground: errors, ports to the world, names and words. It knows no record and no job.

mod error;
mod live;
pub(crate) mod names;
pub mod ports;
pub mod surroundings;
mod thing;
pub(crate) mod words;

pub use error::{
    CallError, CredentialError, DefinitionError, Error, Fault, KeyError, ListFault, NameError, PolicyError,
    ProfileError, RotationError, Setting, SettingError, TokenError, UndoError, VaultError, WebhookError,
};
pub use thing::Thing;
