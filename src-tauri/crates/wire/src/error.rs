//! Error codes, a closed set. A code exists only where some screen or script acts on it.

use serde::Serialize;
use ts_rs::TS;
use workbench::{Error, Fault, NameError, PolicyError, RotationError, Thing, TokenError};

use crate::Finding;

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The call itself is not one.
    Usage,
    /// What was given is malformed.
    Malformed,
    /// What was given breaks a rule of the provider, of time or of claims.
    Rule,
    /// A live environment, and no consent.
    LiveWithoutConsent,
    /// A credential or host of another place.
    WrongPlace,
    /// There is no such thing.
    NotFound,
    /// The name or the file is taken.
    Taken,
    /// There is no key for it.
    NoKey,
    /// The passphrase does not open the vault.
    WrongPassphrase,
    /// The vault is missing, damaged, newer, busy or unwritable.
    Vault,
    /// The disk or the system failed.
    System,
    /// The vault is locked, and this needs what is in it.
    Locked,
    /// What was meant is no longer there: a preview, an undo, a running job.
    Gone,
}

/// An error as it is shown and sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// What kind.
    pub code: Code,
    /// What was found and what was wanted.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hint: Option<String>,
    /// The findings that it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Finding>>")]
    pub findings: Vec<Finding>,
}

impl ErrorBody {
    /// An error that the window itself has to tell.
    pub fn new(code: Code, message: impl Into<String>, hint: Option<&str>) -> Self {
        Self { code, message: message.into(), hint: hint.map(str::to_owned), findings: Vec::new() }
    }

    /// The vault is locked, and this needs what is in it.
    pub fn locked() -> Self {
        Self::new(Code::Locked, "the vault is locked", Some("unlock it first"))
    }
}

impl From<Error> for ErrorBody {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for ErrorBody {
    fn from(error: &Error) -> Self {
        let findings = match error {
            Error::Token(TokenError::Rules(findings)) => findings.iter().map(Finding::from).collect(),
            _ => Vec::new(),
        };
        Self { code: Code::from(error), message: error.to_string(), hint: error.hint(), findings }
    }
}

impl From<&Error> for Code {
    fn from(error: &Error) -> Self {
        match error {
            Error::Policy(PolicyError::LiveWithoutConsent { .. }) => Self::LiveWithoutConsent,
            Error::Name(NameError::NotFound { what: Thing::Key, .. }) => Self::NoKey,
            Error::Name(NameError::NotFound { .. }) => Self::NotFound,
            Error::Rotation(RotationError::NoneUnderWay { .. } | RotationError::NoneAtAll) => Self::NotFound,
            Error::Name(NameError::NameTaken { .. }) => Self::Taken,
            error if error.is_gone() => Self::Gone,
            error if error.is_wrong_passphrase() => Self::WrongPassphrase,
            error => match error.fault() {
                Fault::Denied => Self::WrongPlace,
                Fault::Input => Self::Malformed,
                Fault::Rule => Self::Rule,
                Fault::NoKey => Self::NoKey,
                Fault::Vault => Self::Vault,
                Fault::System | Fault::Peer => Self::System,
            },
        }
    }
}
