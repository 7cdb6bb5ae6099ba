//! Jobs: one function for each thing a person does, in the person's words.
//!
//! This crate knows neither Tauri nor the wire, and reaches the world only through [`ports::Ports`]. A job checks what it
//! needs, resolves names, acts, and reports; private keys are opened for one operation and dropped.
//!
//! It has five storeys, and arrows between them go down only (`tests/rules/circles.rs`):
//!
//! - `jobs`: what a person does, a module for each subject;
//! - `policy`: who may sign what and where a credential goes: [`authentication`] of a call, [`binding`] of a credential and its
//!   [`fields`], the [`signer`], consent to something live and the [`remembered_consent`], what the [`local`] emulator is told;
//! - `resolve`: questions to a provider's definition that open nothing: [`definitions`] by id, [`environments`], [`snippets`],
//!   [`key_facts`];
//! - `store`: the vault as records that mean something: [`session`], [`records`], [`index`], the [`draft`], transactions, and what
//!   follows a renamed or deleted record;
//! - `ground`: errors, [`ports`], names and words.
//!
//! The jobs:
//!
//! - [`keys`] makes, imports, lists, exports, deletes and restores keys; [`imports`] looks into files before that;
//! - [`credentials`] keeps API keys, logins, OAuth clients and the secrets of webhooks;
//! - [`issued_tokens`] keeps the tokens that a server issued, [`flows`] gets them;
//! - [`providers`] takes a definition of the person's own into use, follows its file, and forgets it;
//! - [`profiles`] keeps accounts: provider, variables, one credential for each environment, how often live asks; [`profile_files`] hands them on;
//! - [`recipes`] keeps drafts that have a name, [`sealed_drafts`] those that were open when the vault was locked;
//! - [`settings`] is what the person chose for the application, [`strength`] judges a new passphrase;
//! - [`undo`] takes back what was deleted or changed;
//! - [`tokens`] signs, inspects and verifies;
//! - [`drafts`] is the token one is writing: what it says as it stands, and what can be done about it;
//! - [`inspection`] says what a token of anybody's is;
//! - [`requests`] prepares a request and says what the answer means, [`calls`] sends it and follows: renews, waits, goes on;
//! - [`rotation`] replaces a key with proof and without an outage, step by step; [`checks`] asks a server whether it still takes a key;
//! - [`webhooks`] judges and signs deliveries, [`deliveries`] those that come to the receiver on this computer;
//! - [`demo`] prepares a first vault, so that there is something to try at once;
//! - [`diagnosis`] says what may be the matter with this installation.

mod ground;
mod jobs;
mod policy;
mod resolve;
mod store;

pub use keyset::Refusal;

pub use ground::{
    CallError, CredentialError, DefinitionError, Error, Fault, KeyError, ListFault, NameError, PolicyError,
    ProfileError, RotationError, Setting, SettingError, Thing, TokenError, UndoError, VaultError, WebhookError, ports,
    surroundings,
};
pub use jobs::{
    acceptance, calls, checks, credentials, deliveries, demo, diagnosis, drafts, flows, imports, inspection,
    issued_tokens, keys, places, profile_files, profiles, providers, recipes, requests, rotation, sealed_drafts,
    settings, strength, tokens, undo, webhooks,
};
pub use policy::{authentication, binding, fields, local, remembered_consent, signer};
pub use resolve::{definitions, environments, key_facts, snippets};
pub use store::{draft, index, records, session};
