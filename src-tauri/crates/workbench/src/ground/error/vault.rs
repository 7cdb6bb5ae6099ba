//! Errors of the vault.

use std::path::PathBuf;

use super::Fault;
use crate::ground::thing::Thing;

/// The vault: not created, opened, unlocked, read or written.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// A record of the vault that this version does not understand.
    #[error("a {what} record of the vault cannot be read: {why}")]
    Record {
        /// The kind of record.
        what: Thing,
        /// What the parser said.
        why: String,
    },
    /// The file of the vault that is open is not there any more.
    #[error("the vault {} is gone: what is open here cannot be saved, and no key can be opened", .path.display())]
    VaultGone {
        /// Where it was.
        path: PathBuf,
    },
    /// A passphrase that is none.
    #[error(transparent)]
    Passphrase(#[from] ::vault::PassphraseError),
    /// Key-derivation parameters out of bounds.
    #[error(transparent)]
    Kdf(#[from] ::vault::KdfError),
    /// The vault was not created.
    #[error(transparent)]
    Create(#[from] ::vault::CreateError),
    /// The vault was not opened.
    #[error(transparent)]
    Open(#[from] ::vault::OpenError),
    /// The vault was not unlocked.
    #[error(transparent)]
    Unlock(#[from] ::vault::UnlockError),
    /// The vault was not written.
    #[error(transparent)]
    Commit(#[from] ::vault::CommitError),
    /// The vault was not read.
    #[error(transparent)]
    Read(#[from] ::vault::ReadError),
    /// A secret was not opened.
    #[error(transparent)]
    OpenSecret(#[from] ::vault::SecretError),
    /// The passphrase was not changed.
    #[error(transparent)]
    ChangePassphrase(#[from] ::vault::ChangePassphraseError),
}

impl VaultError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::Passphrase(_) | Self::Kdf(_) => Fault::Input,
            _ => Fault::Vault,
        }
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Record { .. } => Some("a newer Keywright may have written it".to_owned()),
            Self::VaultGone { .. } => Some(
                "put the file back where it was, from the trash or a backup; until then the lists stay readable"
                    .to_owned(),
            ),
            Self::Kdf(error) => error.hint().map(str::to_owned),
            Self::Create(error) => error.hint().map(str::to_owned),
            Self::Open(error) => error.hint().map(str::to_owned),
            Self::Unlock(error) => error.hint().map(str::to_owned),
            Self::Commit(error) => error.hint().map(str::to_owned),
            Self::Read(error) => error.hint().map(str::to_owned),
            Self::OpenSecret(error) => error.hint().map(str::to_owned),
            Self::ChangePassphrase(error) => error.hint().map(str::to_owned),
            Self::Passphrase(_) => None,
        }
    }
}
