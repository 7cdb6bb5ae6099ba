//! What crosses an edge: answer types with their JSON, and the closed set of error codes.
//!
//! The same types are the command line's `--json` and the window's IPC. Names are camelCase, times are seconds since
//! 1970, texts of headers and claims sets are strings, so that no parser on the way can change them. Nothing here ever
//! holds a private key or a secret.

mod api;
mod error;
mod key;
mod program;
mod request;
mod secret;
mod token;
mod vault;

pub use api::{Endpoint, Environment, Profile, Provider, Scope, Variable};
pub use error::{Code, ErrorBody};
pub use key::{Binding, Key, KeyText};
pub use program::{CurlCommand, DefinitionCheck, DefinitionError, DemoSteps, EmulatorStarted, VaultPath};
pub use request::{Answer, Gate, Header, Request, Sent, Skew};
pub use secret::Secret;
pub use token::{Finding, Inspection, SignedToken, Times, Verdicts};
pub use vault::{Slot, VaultStatus};
