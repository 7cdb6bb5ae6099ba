//! Errors of the jobs: one enum for each subject, sorted by whose fault an error is. Texts are lower case and name the member;
//! advice is a hint apart, beside its variant.

mod call;
mod credential;
mod definition;
mod key;
mod name;
mod policy;
mod profile;
mod rotation;
mod setting;
mod token;
mod undo;
mod vault;
mod webhook;

use crate::ground::ports::{FileError, LocalServerError};

pub use call::CallError;
pub use credential::CredentialError;
pub use definition::DefinitionError;
pub use key::KeyError;
pub use name::NameError;
pub use policy::PolicyError;
pub use profile::ProfileError;
pub use rotation::{ListFault, RotationError};
pub use setting::{Setting, SettingError};
pub use token::TokenError;
pub use undo::UndoError;
pub use vault::VaultError;
pub use webhook::WebhookError;

/// Whose fault an error is. Exit codes and the words around an error follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A rule of safety says no: live without consent, a host that is not the key's.
    Denied,
    /// What was given is malformed.
    Input,
    /// What was given is well formed and breaks a rule of the provider, of time or of claims.
    Rule,
    /// There is no key for it.
    NoKey,
    /// The vault is locked, damaged, newer, or does not take the passphrase.
    Vault,
    /// The disk or the system failed.
    System,
    /// The other side did not answer.
    Peer,
}

/// Why a job was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Names: nothing has this one, something has it already, or it cannot be one.
    #[error(transparent)]
    Name(#[from] NameError),
    /// What policy refuses: something live without consent, a credential of another environment, a lowered guard.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// Credentials that are missing, empty, or another one than was wanted.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// Keys that cannot be read, made, written or used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Tokens that cannot be signed: claims, expressions, scopes, rules of the provider.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Calls that cannot be made: no endpoint, no token, a host that is not allowed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Definitions of providers that cannot be taken, found again or forgotten.
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    /// Profiles: addresses, variables and files of theirs.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// Webhooks that cannot be judged, signed or handled.
    #[error(transparent)]
    Webhook(#[from] WebhookError),
    /// Rotations that do not begin, or do not go on.
    #[error(transparent)]
    Rotation(#[from] RotationError),
    /// Settings out of bounds.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// Changes that cannot be taken back.
    #[error(transparent)]
    Undo(#[from] UndoError),
    /// The vault: not created, opened, unlocked, read or written.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A file that was not read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The emulator is not there.
    #[error(transparent)]
    Local(#[from] LocalServerError),
    /// The person cancelled.
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Name(error) => error.fault(),
            Self::Policy(error) => error.fault(),
            Self::Credential(error) => error.fault(),
            Self::Key(error) => error.fault(),
            Self::Token(error) => error.fault(),
            Self::Call(error) => error.fault(),
            Self::Definition(error) => error.fault(),
            Self::Profile(error) => error.fault(),
            Self::Webhook(error) => error.fault(),
            Self::Rotation(error) => error.fault(),
            Self::Setting(error) => error.fault(),
            Self::Undo(error) => error.fault(),
            Self::Vault(error) => error.fault(),
            Self::File(_) | Self::Local(_) => Fault::System,
            Self::Cancelled => Fault::Input,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Name(error) => error.hint(),
            Self::Policy(error) => error.hint(),
            Self::Credential(error) => error.hint(),
            Self::Key(error) => error.hint(),
            Self::Token(error) => error.hint(),
            Self::Call(error) => error.hint(),
            Self::Definition(error) => error.hint(),
            Self::Profile(error) => error.hint(),
            Self::Webhook(error) => error.hint(),
            Self::Rotation(error) => error.hint(),
            Self::Setting(error) => error.hint(),
            Self::Undo(error) => error.hint(),
            Self::Vault(error) => error.hint(),
            Self::File(error) => error.hint.clone(),
            Self::Local(error) => error.hint.clone(),
            Self::Cancelled => None,
        }
    }

    /// Whether a passphrase was tried and does not open the vault or the key, or one is wanted and none was given.
    pub fn is_wrong_passphrase(&self) -> bool {
        matches!(
            self,
            Self::Vault(VaultError::Unlock(::vault::UnlockError::WrongPassphrase))
                | Self::Policy(PolicyError::GuardWantsPassphrase { .. })
                | Self::Key(KeyError::Key(jose::key::read::ReadError::WrongPassphrase))
        )
    }

    /// Whether it speaks of something that was there and is not any more: an undo, a preview, a job that was cancelled.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Undo(_) | Self::Key(KeyError::PreviewGone) | Self::Cancelled)
    }
}

/// What the crates below say, each under the subject that it belongs to.
macro_rules! from {
    ($($foreign:ty => $subject:ident => $enum:ident::$variant:ident,)*) => {
        $(impl From<$foreign> for Error {
            fn from(error: $foreign) -> Self {
                Self::$subject($enum::$variant(error))
            }
        })*
    };
}

from! {
    provider::PasteError => Credential => CredentialError::Paste,
    provider::Malformed => Token => TokenError::Scope,
    provider::AddressError => Profile => ProfileError::Address,
    exchange::PrepareError => Call => CallError::Prepare,
    keyset::RotationError => Rotation => RotationError::Plan,
    keyset::PageRepeats => Rotation => RotationError::PageRepeats,
    jose::key::read::ReadError => Key => KeyError::Key,
    jose::key::SecretNotDecoded => Key => KeyError::Secret,
    jose::key::write::WriteError => Key => KeyError::Write,
    jose::sign::UnfitKey => Key => KeyError::Unfit,
    jose::sign::SignError => Token => TokenError::Sign,
    jose::expression::ExpressionError => Token => TokenError::Expression,
    crate::ground::ports::KeyGenerationError => Key => KeyError::Generate,
    ::vault::PassphraseError => Vault => VaultError::Passphrase,
    ::vault::KdfError => Vault => VaultError::Kdf,
    exchange::CopyError => Call => CallError::Copy,
    exchange::NoHandler => Webhook => WebhookError::Handler,
    jose::webhook::SampleError => Webhook => WebhookError::Sample,
    ::vault::CreateError => Vault => VaultError::Create,
    ::vault::OpenError => Vault => VaultError::Open,
    ::vault::UnlockError => Vault => VaultError::Unlock,
    ::vault::CommitError => Vault => VaultError::Commit,
    ::vault::ReadError => Vault => VaultError::Read,
    ::vault::SecretError => Vault => VaultError::OpenSecret,
    ::vault::ChangePassphraseError => Vault => VaultError::ChangePassphrase,
}

impl From<jose::sign::DraftError> for Error {
    fn from(error: jose::sign::DraftError) -> Self {
        Self::Token(TokenError::Sign(error.into()))
    }
}
