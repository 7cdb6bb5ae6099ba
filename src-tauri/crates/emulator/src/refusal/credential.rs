//! Reasons that are about what was registered: an API key, a client's secret, an account.

use crate::{
    clock::{people, span},
    log::Check,
};

/// Why an API key, a client or an account was refused. No key, secret or password is repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialRefusal {
    /// Neither a token nor one of the provider's keys.
    #[error("neither a token of three parts nor an API key that begins with {wanted}")]
    Form {
        /// How API keys begin.
        wanted: String,
    },
    /// The key belongs to another environment.
    #[error("the API key begins with {found:?}; the environment that is played takes {wanted}")]
    Environment {
        /// How it begins.
        found: String,
        /// How the environment's keys begin.
        wanted: String,
    },
    /// The key is not registered.
    #[error("the API key, which begins with {start:?}, is not registered")]
    Unknown {
        /// How it begins: one of the provider's prefixes.
        start: String,
    },
    /// The key was revoked.
    #[error("the API key {name} was revoked")]
    Revoked {
        /// What the emulator calls it.
        name: String,
    },
    /// The key has expired.
    #[error(
        "the API key {name} expired {} ago, at {} ({at}), and the emulator's clock says {now}",
        span(.now.saturating_sub(*.at)), people(*.at)
    )]
    Expired {
        /// What the emulator calls it.
        name: String,
        /// When it expired.
        at: i64,
        /// The emulator's clock.
        now: i64,
    },
    /// The call is one for API keys alone.
    #[error("a token was sent; the call takes an API key alone")]
    KeyWanted,
    /// The key lacks a permission.
    #[error("the operation needs {wanted}; the API key has {found}")]
    Permission {
        /// What the operation needs.
        wanted: String,
        /// What the key has.
        found: String,
    },
    /// No secret is registered for the client.
    #[error("no secret is registered for the client {found:?}")]
    Client {
        /// The client, shortened.
        found: String,
    },
    /// The client was revoked.
    #[error("the client {found:?} was revoked")]
    ClientRevoked {
        /// The client.
        found: String,
    },
    /// There is no such account.
    #[error("no account has the user name {found:?}")]
    Account {
        /// The user name, shortened.
        found: String,
    },
    /// The password is another one.
    #[error("the password is not that of {username:?}")]
    Password {
        /// The user name.
        username: String,
    },
    /// The account was revoked.
    #[error("the account {username:?} was revoked")]
    AccountRevoked {
        /// The user name.
        username: String,
    },
    /// The account of a token is not there.
    #[error("the account {user:?} of the token is not there")]
    AccountGone {
        /// The claim that names it.
        user: String,
    },
}

impl CredentialRefusal {
    pub(super) fn check(&self) -> Check {
        match self {
            Self::Permission { .. } => Check::Scope,
            _ => Check::Key,
        }
    }
}
