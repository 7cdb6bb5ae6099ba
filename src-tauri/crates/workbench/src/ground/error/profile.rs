//! Errors of profiles.

use super::Fault;

/// Profiles: addresses, variables and files of theirs.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// An address for an environment whose address is known.
    #[error("{environment} of {provider} has an address of its own, so {found:?} is not taken")]
    AddressNotAsked {
        /// The provider's name.
        provider: String,
        /// The environment's label.
        environment: String,
        /// The address that was given.
        found: String,
    },
    /// A profile's variable or an environment's address.
    #[error(transparent)]
    Address(#[from] provider::AddressError),
    /// A file that is not a profile.
    #[error("the file is not a profile: {why}")]
    ProfileFile {
        /// What is wrong with it.
        why: String,
    },
}

impl ProfileError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        Fault::Input
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::AddressNotAsked { .. } => {
                Some("a definition of your own can say another one, in place of the built-in one".to_owned())
            }
            Self::Address(error) => error.hint(),
            Self::ProfileFile { .. } => Some("give a file that a profile was exported to".to_owned()),
        }
    }
}
