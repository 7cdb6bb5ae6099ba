//! Errors of calls.

use super::Fault;

/// Calls that cannot be made: no endpoint, no token, a host that is not allowed.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Nothing says what to call.
    #[error("the definition of {provider} names no endpoint, so a call wants its method and path")]
    NoEndpoint {
        /// The provider's name.
        provider: String,
    },
    /// Nothing fits the name: neither endpoint nor `METHOD PATH`.
    #[error("{found:?} is not a path; wanted one that begins with \"/\"")]
    NotAPath {
        /// The text.
        found: String,
    },
    /// No token was given for a place yet, or none that is left.
    #[error("there is no token for {place} yet")]
    NoToken {
        /// The place: `Production at CryptoPay`.
        place: String,
        /// How one comes by it.
        hint: String,
    },
    /// A credential that no flow gets a token with.
    #[error("no flow gets a token with {name:?}, which is {is}")]
    NoFlow {
        /// The credential's name.
        name: String,
        /// What it is.
        is: String,
    },
    /// An address that is not allowed, or not one.
    #[error(transparent)]
    Prepare(#[from] exchange::PrepareError),
    /// A request that a language cannot say, or that has no business there.
    #[error(transparent)]
    Copy(#[from] exchange::CopyError),
}

impl CallError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::Prepare(exchange::PrepareError::HostNotAllowed { .. } | exchange::PrepareError::PlainHttp { .. }) => {
                Fault::Denied
            }
            _ => Fault::Input,
        }
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::NoEndpoint { .. } => Some("GET /…, say, or [[endpoints]] in the definition".to_owned()),
            Self::NoToken { hint, .. } => Some(hint.clone()),
            Self::NoFlow { .. } => Some("send it as it is, or choose the credential that logs in or signs".to_owned()),
            Self::Prepare(error) => error.hint(),
            Self::Copy(error) => Some(error.hint()),
            Self::NotAPath { .. } => None,
        }
    }
}
