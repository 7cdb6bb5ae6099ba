//! Errors of keys.

use jose::Finding;
use jose::key::NotChosen;
use jose::key::SecretNotDecoded;
use jose::key::read;
use jose::key::write;
use jose::sign::UnfitKey;

use super::Fault;
use crate::ground::ports::KeyGenerationError;

/// Keys that cannot be read, made, written or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Text that is not a key.
    #[error(transparent)]
    Key(#[from] read::ReadError),
    /// A file with several keys where one is wanted, and which one is not clear.
    #[error(transparent)]
    NotChosen(#[from] NotChosen),
    /// Several files, and no key in any.
    #[error("none of the {files} files holds a key; {first}: {why}")]
    NoKeyInFiles {
        /// How many files.
        files: usize,
        /// The first of them.
        first: String,
        /// What is wrong with that one.
        why: Box<read::ReadError>,
    },
    /// More files than are looked at in one go.
    #[error("{found} files were given; at most {most} are looked at in one go")]
    TooManyFiles {
        /// How many were given.
        found: usize,
        /// The bound.
        most: usize,
    },
    /// The preview of an import was forgotten, or is of a time before the vault was locked.
    #[error("this preview is no longer there")]
    PreviewGone,
    /// A key set that nobody should trust.
    #[error("{}", .0.message)]
    KeySet(Finding),
    /// A secret that is not in its encoding.
    #[error(transparent)]
    Secret(#[from] SecretNotDecoded),
    /// A form in which a key cannot be written.
    #[error(transparent)]
    Write(#[from] write::WriteError),
    /// A form that keys of this type do not have.
    #[error("{key} has no form {format:?}")]
    NoSuchForm {
        /// What the key is.
        key: String,
        /// The form.
        format: &'static str,
    },
    /// A key that does not sign.
    #[error(transparent)]
    Unfit(#[from] UnfitKey),
    /// What the life of a key does not allow.
    #[error(transparent)]
    Life(#[from] keyset::Refusal),
    /// No key was made.
    #[error(transparent)]
    Generate(#[from] KeyGenerationError),
}

impl KeyError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::Key(read::ReadError::Jwk(jose::jwk::JwkError::EmptySet)) => Fault::NoKey,
            Self::NotChosen(NotChosen::Unknown { .. }) => Fault::NoKey,
            Self::Generate(KeyGenerationError::Engine) => Fault::System,
            Self::Life(keyset::Refusal::Unknown { .. }) => Fault::NoKey,
            Self::Life(_) => Fault::Rule,
            _ => Fault::Input,
        }
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Key(error) => error.hint().map(str::to_owned),
            Self::NotChosen(error) => Some(error.hint()),
            Self::NoKeyInFiles { why, .. } => why.hint().map(str::to_owned),
            Self::TooManyFiles { .. } => Some("choose the files that hold keys".to_owned()),
            Self::PreviewGone => Some("choose the file or paste the key again".to_owned()),
            Self::KeySet(finding) => finding.hint.clone(),
            Self::Secret(_) => Some("name the encoding of the secret: utf8, base64, base64url or hex".to_owned()),
            Self::Write(error) => write_hint(error).map(str::to_owned),
            Self::Unfit(error) => error.hint(),
            Self::Life(refusal) => refusal.hint(),
            Self::NoSuchForm { .. } | Self::Generate(_) => None,
        }
    }
}

fn write_hint(error: &write::WriteError) -> Option<&'static str> {
    use write::WriteError as E;
    Some(match error {
        E::PublicOnly { .. } => "give the file that holds PRIVATE KEY",
        E::WrongHalf { half: write::Half::Private, .. } => "write the public half, or choose jwk, jwks, pkcs8 or der",
        E::WrongHalf { half: write::Half::Public, .. } => "write the private half, or choose jwk, jwks, spki or der",
        E::WrongType { .. } => "every key has the forms jwk, jwks, pkcs8, spki and der",
        E::SecretHasNoPublicHalf => "only the secret itself can be written",
        E::SharedSecret { .. } | E::PassphraseNeeded | E::PassphraseEmpty => return None,
    })
}
