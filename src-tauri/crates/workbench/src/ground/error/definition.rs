//! Errors of definitions of providers.

use std::path::PathBuf;

use super::Fault;
use crate::ground::words::first_and_more;

/// Definitions of providers that cannot be taken, found again or forgotten.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// A file that is not a definition: everything that is wrong with it.
    #[error("{}{}", .file.as_ref().map(|file| format!("{}, ", file.display())).unwrap_or_default(), first_and_more(.errors.iter()))]
    Definition {
        /// The file, where it came from one.
        file: Option<PathBuf>,
        /// What is wrong, in the order of the file.
        errors: Vec<provider::DefinitionError>,
    },
    /// The file of a definition holds that of another provider now.
    #[error("{} now defines {found:?}; wanted {wanted:?}", .file.display())]
    OtherProvider {
        /// The file.
        file: PathBuf,
        /// The id in the file.
        found: String,
        /// The id that was defined there before.
        wanted: String,
    },
    /// A definition that came from no file.
    #[error("the definition of {id:?} came from no file that could be read again")]
    NoDefinitionFile {
        /// The provider's id.
        id: String,
    },
    /// A definition that profiles need.
    #[error("the provider {id:?} is used by {}", .profiles.join(", "))]
    ProviderInUse {
        /// Its id.
        id: String,
        /// The names of the profiles.
        profiles: Vec<String>,
    },
    /// No provider signs here and has an environment on this computer.
    #[error("no provider has an environment on this computer")]
    NoLocalProvider,
}

impl DefinitionError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        Fault::Input
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Definition { errors, .. } => errors.first().and_then(provider::DefinitionError::hint),
            Self::OtherProvider { .. } => {
                Some("give that one as a provider of its own, and this one its file back".to_owned())
            }
            Self::NoDefinitionFile { .. } => Some("give the file that holds it now".to_owned()),
            Self::ProviderInUse { .. } => Some("delete these profiles first".to_owned()),
            Self::NoLocalProvider => None,
        }
    }
}
