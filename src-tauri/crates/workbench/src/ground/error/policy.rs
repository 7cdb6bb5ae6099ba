//! Errors of policy.

use super::Fault;
use crate::ground::thing::Thing;

/// What policy refuses: something live without consent, a credential of another environment, a lowered guard.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The person did not agree to something live.
    #[error("{act} for {environment}, which is live, wants consent")]
    LiveWithoutConsent {
        /// What was to happen.
        act: String,
        /// The environment's label.
        environment: String,
    },
    /// A credential of one environment was to be used in another.
    #[error("the key {key:?} is sealed for {sealed}; wanted one for {wanted}")]
    WrongEnvironment {
        /// The key's name.
        key: String,
        /// What it is: a private key, an API key, a login.
        is: Thing,
        /// Where it belongs.
        sealed: String,
        /// Where it was to be used.
        wanted: String,
    },
    /// A key whose state does not allow this.
    #[error("the key {key:?} is {state}; wanted one that is active")]
    OutOfUse {
        /// The key's name.
        key: String,
        /// Its state.
        state: keyset::State,
    },
    /// A guard was to be lowered without the vault's passphrase.
    #[error("to ask less often for {environment} wants the vault's passphrase")]
    GuardWantsPassphrase {
        /// The environment's label.
        environment: String,
    },
}

impl PolicyError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::LiveWithoutConsent { .. } | Self::WrongEnvironment { .. } | Self::OutOfUse { .. } => Fault::Denied,
            Self::GuardWantsPassphrase { .. } => Fault::Vault,
        }
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::LiveWithoutConsent { .. } => Some("nothing was signed or sent; agree when you are asked".to_owned()),
            Self::WrongEnvironment { .. } => Some("use one key for each environment".to_owned()),
            Self::OutOfUse { state: keyset::State::Published, .. } => {
                Some("it signs its proof and nothing else, until it is promoted".to_owned())
            }
            Self::OutOfUse { .. } => Some("use the active key of its line".to_owned()),
            Self::GuardWantsPassphrase { .. } => Some("give the passphrase to show that it is you".to_owned()),
        }
    }
}
