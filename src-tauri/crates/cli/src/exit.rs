//! Exit codes, one table, and the failures that end a command.

use std::process::ExitCode;

use wire::{Code, ErrorBody};
use workbench::{DefinitionError, Error, Fault, PolicyError};

use crate::flags;

/// The table of exit codes: the enum, and the text that `keywright --help`, the manual and docs/cli.md print.
macro_rules! exit_codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $words:literal;)+) => {
        /// How a command ends. Scripts rely on these numbers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Exit {
            $($(#[doc = $doc])+ $name = $code,)+
        }

        /// The rows as people read them. The shell itself makes 130 of Ctrl-C.
        pub const TABLE: &str = concat!(
            "Exit codes:\n",
            $("    ", stringify!($code), "  ", $words, "\n",)+
            "  130  interrupted"
        );
    };
}

exit_codes! {
    /// As asked.
    Done = 0, "as asked (an inspection of a readable token is 0 whatever it found, unless --strict)";
    /// The disk or the system failed.
    Failed = 1, "could not do it: the disk or the system failed";
    /// The call itself is wrong.
    Usage = 2, "the call is wrong: unknown option or name, or --live is missing";
    /// Malformed input: token, key, claims, file.
    Malformed = 3, "malformed input: token, key, claims or file";
    /// The signature is not good.
    Signature = 4, "the signature is not good";
    /// A rule of time, claims or the provider is broken.
    Rule = 5, "a rule of time, claims or the provider is broken";
    /// No key to judge or sign with.
    NoKey = 6, "no key to judge or sign with";
    /// No answer: unreachable, TLS, time-out.
    NoAnswer = 7, "no answer: unreachable, TLS, time-out";
    /// The vault is locked, damaged or newer, or the passphrase is wrong.
    Vault = 8, "the vault is missing, damaged or newer, or the passphrase is wrong";
    /// The server answered other than expected.
    Unexpected = 9, "the server answered other than expected";
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command ended early.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What is shown.
    pub body: ErrorBody,
}

impl Failure {
    /// A failure in our own words.
    pub fn new(exit: Exit, message: impl Into<String>, hint: Option<&str>) -> Self {
        let code = match exit {
            Exit::Usage => Code::Usage,
            Exit::Rule => Code::Rule,
            Exit::NoKey => Code::NoKey,
            Exit::Vault => Code::Vault,
            Exit::Done | Exit::Failed | Exit::NoAnswer | Exit::Unexpected => Code::System,
            Exit::Malformed | Exit::Signature => Code::Malformed,
        };
        let hint = hint.map(str::to_owned);
        Self { exit, body: ErrorBody { code, message: message.into(), hint, findings: Vec::new() } }
    }

    /// A call that is wrong.
    pub fn usage(message: impl Into<String>, hint: &str) -> Self {
        Self::new(Exit::Usage, message, Some(hint))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = match (&error, error.fault()) {
            // The provider answered, and not as it should.
            (Error::Rotation(error), _) if error.is_unexpected() => Exit::Unexpected,
            (Error::Policy(PolicyError::LiveWithoutConsent { .. }), _) => Exit::Usage,
            // A name is part of the call, whatever is wrong with it. That no key has it is the vault's answer.
            (Error::Name(_), Fault::Input) | (Error::Definition(DefinitionError::ProviderInUse { .. }), _) => {
                Exit::Usage
            }
            // A rotation, a step and a place are named in the call.
            (Error::Rotation(_), Fault::Input) => Exit::Usage,
            (_, Fault::Denied | Fault::Rule) => Exit::Rule,
            (_, Fault::Input) => Exit::Malformed,
            (_, Fault::NoKey) => Exit::NoKey,
            (_, Fault::Vault) => Exit::Vault,
            (_, Fault::System) => Exit::Failed,
            (_, Fault::Peer) => Exit::NoAnswer,
        };
        Self { exit, body: ErrorBody { hint: flags::for_error(&error), ..ErrorBody::from(&error) } }
    }
}

impl From<host::ReadError> for Failure {
    fn from(error: host::ReadError) -> Self {
        let exit = match &error {
            host::ReadError::TooLarge { .. } | host::ReadError::NotUtf8 { .. } => Exit::Malformed,
            _ => Exit::Failed,
        };
        Self::new(exit, error.to_string(), error.hint())
    }
}

impl From<host::WriteError> for Failure {
    fn from(error: host::WriteError) -> Self {
        Self::new(Exit::Failed, error.to_string(), flags::for_write(&error))
    }
}

impl From<host::NoDataFolder> for Failure {
    fn from(error: host::NoDataFolder) -> Self {
        Self::new(Exit::Failed, error.to_string(), Some(flags::FOR_NO_FOLDER))
    }
}
