//! Errors of credentials.

use jose::Alg;

use super::Fault;
use crate::ground::thing::Thing;

/// Credentials that are missing, empty, or another one than was wanted.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The environment has no credential yet.
    #[error("the profile {profile:?} has no {wants} for {environment}")]
    NoCredential {
        /// What calls are made with there: `key`, `API key`, `login`.
        wants: Thing,
        /// The profile.
        profile: String,
        /// The environment's id.
        environment: String,
        /// The algorithm that the provider's keys usually sign with.
        alg: Option<Alg>,
    },
    /// A credential that signs no token was to sign one.
    #[error("{name:?} is {is}, and signs no tokens")]
    SignsNothing {
        /// The credential's name.
        name: String,
        /// What it is.
        is: String,
    },
    /// A provider has no credential of this kind.
    #[error("{provider} takes no {what}")]
    NotWanted {
        /// What was given.
        what: Thing,
        /// The provider's name.
        provider: String,
    },
    /// Another credential of the provider than was wanted.
    #[error("this is {found:?}; wanted {wanted:?}")]
    OtherCredential {
        /// What it is, by the provider's label.
        found: String,
        /// What was wanted.
        wanted: String,
    },
    /// A provider has several credentials, and it was not said which one it is.
    #[error("{provider} has several credentials, and it was not said which one this is")]
    WhichCredential {
        /// The provider's name.
        provider: String,
        /// Their ids.
        known: Vec<String>,
    },
    /// A flow that cannot be carried out with this credential.
    #[error("{flow:?} wants {wanted}; {name:?} is {found}")]
    WrongCredential {
        /// The flow's label.
        flow: String,
        /// The credential's name.
        name: String,
        /// What it is.
        found: String,
        /// What is wanted, by the provider's label.
        wanted: String,
    },
    /// A key that is imported or generated, not entered.
    #[error("{label:?} is a private key, which is imported or generated, not entered")]
    ImportInstead {
        /// The provider's label.
        label: String,
    },
    /// A pasted text that is not what was wanted.
    #[error(transparent)]
    Paste(#[from] provider::PasteError),
    /// A secret of which nothing is left.
    #[error("the {what} is empty")]
    EmptySecret {
        /// What it is.
        what: Thing,
    },
    /// A field that nothing works without.
    #[error("{label} is empty")]
    EmptyField {
        /// Its label.
        label: String,
    },
    /// A field that cannot be so.
    #[error("{label} is {found:?}, wanted {wanted}")]
    UnfitField {
        /// Its label.
        label: String,
        /// What was given.
        found: String,
        /// What it may be.
        wanted: String,
    },
    /// A shared secret whose bytes are not text.
    #[error("the secret {name:?} is not text")]
    SecretNotText {
        /// The key's name.
        name: String,
    },
    /// A key that is not deleted was to be destroyed.
    #[error("the key {name:?} is not deleted; only a deleted key is destroyed")]
    NotDeleted {
        /// The key's name.
        name: String,
    },
}

impl CredentialError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::NoCredential { .. } => Fault::NoKey,
            _ => Fault::Input,
        }
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::NoCredential { .. } => Some("generate or import one, and choose it there".to_owned()),
            Self::SignsNothing { .. } => Some("choose a private key, or the secret that signs tokens".to_owned()),
            Self::NotWanted { .. } => Some("the provider's page says what it takes".to_owned()),
            Self::OtherCredential { .. } => {
                Some("name the other credential, or paste the one that is wanted".to_owned())
            }
            Self::WhichCredential { known, .. } => Some(format!("there is {}", known.join(", "))),
            Self::WrongCredential { .. } => Some("choose a credential of that kind, or add one".to_owned()),
            Self::ImportInstead { .. } => Some("import its file, or generate one".to_owned()),
            Self::Paste(error) => error.hint(),
            Self::EmptySecret { .. } => Some("paste it again".to_owned()),
            Self::EmptyField { label } => Some(format!("give the {} that goes with it", label.to_lowercase())),
            Self::SecretNotText { .. } => Some("choose hex or base64".to_owned()),
            Self::NotDeleted { .. } => Some("delete it first; it can be restored for 30 days".to_owned()),
            Self::UnfitField { .. } => None,
        }
    }
}
