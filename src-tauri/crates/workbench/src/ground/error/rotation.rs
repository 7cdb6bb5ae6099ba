//! Errors of rotations.

use super::Fault;
use crate::ground::thing::Thing;

/// Rotations that do not begin, or do not go on.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// What the plan itself refuses.
    #[error(transparent)]
    Plan(#[from] keyset::RotationError),
    /// A definition that does not say how this is done.
    #[error("the definition of {provider} does not say how {what} {name:?} is rotated")]
    NoMethod {
        /// The provider's name.
        provider: String,
        /// What the credential is.
        what: Thing,
        /// Its name.
        name: String,
    },
    /// A key that belongs nowhere.
    #[error("the key {name:?} is sealed for no environment of a provider, so nobody can be told of its successor")]
    NoPlace {
        /// Its name.
        name: String,
    },
    /// A key of no rotation.
    #[error("no rotation of {name:?} is under way")]
    NoneUnderWay {
        /// The key, or the id, that was named.
        name: String,
    },
    /// Nothing is under way at all.
    #[error("no rotation is under way")]
    NoneAtAll,
    /// More than one.
    #[error("{} rotations are under way: of {}", names.len(), names.join(", "))]
    Several {
        /// The keys that are replaced.
        names: Vec<String>,
    },
    /// A key that nobody may have yet.
    #[error("{name:?} is not proved yet; {to:?} gets it after that")]
    NotYet {
        /// The place.
        to: String,
        /// The next key.
        name: String,
    },
    /// A step at which a person pastes no secret.
    #[error("the step {step:?} has no secret to paste")]
    NothingToPaste {
        /// The step.
        step: String,
    },
    /// Another program, or another window, takes a step of the same rotation now.
    #[error("another program takes a step of the rotation of {name:?} at this moment")]
    TakenElsewhere {
        /// The key that is replaced.
        name: String,
    },
    /// An incident left no key that signs the provider's calls.
    #[error("no key of the line of {name:?} is left to sign the call that would {step}")]
    NobodySigns {
        /// The key that is replaced.
        name: String,
        /// The step.
        step: keyset::Step,
    },
    /// A key of another place does not help.
    #[error("{name:?} is sealed for {found}; the calls of this rotation go to {wanted}")]
    SignsElsewhere {
        /// The key's name.
        name: String,
        /// Its place.
        found: String,
        /// The rotation's.
        wanted: String,
    },
    /// A line that no profile has, so that nobody knows the address.
    #[error("no profile has the account of {name:?}, so nobody knows where its provider is called")]
    NoProfile {
        /// The key that is replaced.
        name: String,
    },
    /// A list of keys that cannot be read.
    #[error(transparent)]
    List(#[from] ListFault),
    /// A list without an end.
    #[error(transparent)]
    PageRepeats(#[from] keyset::PageRepeats),
    /// An answer that should have brought a key.
    #[error("the answer brings no key: {why}")]
    BroughtNothing {
        /// What is there instead.
        why: String,
    },
    /// A key or a secret that nobody asked for.
    #[error("{what} came at the step: {step}; it wants none")]
    BroughtUnasked {
        /// What came.
        what: &'static str,
        /// The step.
        step: String,
    },
    /// A next key that is the old one.
    #[error("the key that was brought is {name:?} itself; wanted a new one")]
    SameKey {
        /// The key that is replaced.
        name: String,
    },
    /// A key that was sealed, and is not what was sealed.
    #[error("{name:?} was sealed, and what the vault gives back is not the same")]
    NotReadBack {
        /// The next key.
        name: String,
    },
    /// A credential that no request of the definition proves.
    #[error("the definition of {provider} names no read-only request that proves {what} {name:?}")]
    NoProof {
        /// The provider's name.
        provider: String,
        /// What the credential is.
        what: Thing,
        /// Its name.
        name: String,
    },
    /// A file of the next key that is not where the old one went.
    #[error("{to:?} is not a file that the next key can be written to")]
    NotAFile {
        /// The place.
        to: String,
    },
}

/// Why a list of keys cannot be read. Nothing is concluded from it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// It is too long.
    #[error("the list of keys was cut off after {bytes} bytes")]
    Cut {
        /// How many came.
        bytes: usize,
    },
    /// It is not JSON.
    #[error("the list of keys is not JSON: {why}")]
    NotJson {
        /// Why.
        why: String,
    },
    /// Something is missing, or another thing.
    #[error("the list of keys has {found} at {at}; wanted {wanted}")]
    Member {
        /// Where, as a JSON pointer.
        at: String,
        /// What stands there.
        found: String,
        /// What should.
        wanted: &'static str,
    },
}

impl RotationError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::SignsElsewhere { .. } => Fault::Denied,
            Self::NobodySigns { .. } => Fault::NoKey,
            Self::SameKey { .. }
            | Self::NotAFile { .. }
            | Self::NoneUnderWay { .. }
            | Self::NoneAtAll
            | Self::Several { .. } => Fault::Input,
            Self::NotReadBack { .. } => Fault::Vault,
            Self::List(_) | Self::PageRepeats(_) | Self::BroughtNothing { .. } => Fault::Peer,
            Self::Plan(
                keyset::RotationError::NoPlace { .. } | keyset::RotationError::Refused(keyset::Refusal::Unknown { .. }),
            ) => Fault::Input,
            _ => Fault::Rule,
        }
    }

    /// Whether the provider answered, and not as it should.
    pub fn is_unexpected(&self) -> bool {
        matches!(self, Self::List(_) | Self::PageRepeats(_) | Self::BroughtNothing { .. })
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Plan(error) => return error.hint(),
            Self::PageRepeats(error) => error.hint(),
            Self::NoMethod { .. } => "add [[rotation]] to the definition: by its calls, or in words for a person",
            Self::NoPlace { .. } => "choose it for an environment of a profile first",
            Self::NotYet { .. } => "take the steps before, until it is proved",
            Self::Several { .. } => "name the key of one of them",
            Self::NoneUnderWay { .. } | Self::NoneAtAll => "start one, or look which are under way",
            Self::TakenElsewhere { .. } => "wait until it is through, then look how the rotation stands",
            Self::NobodySigns { .. } => "take the step by hand, or name another key of the account that signs it",
            Self::SignsElsewhere { .. } => "name a key of the same provider and environment",
            Self::NoProfile { .. } => "make a profile of that account",
            Self::List(_) => "look again; if it stays so, take the step by hand, or correct list in the definition",
            Self::BroughtNothing { .. } => {
                "go on: what was made there is found, deleted, and made again; or correct secret in the definition"
            }
            Self::BroughtUnasked { .. } | Self::NothingToPaste { .. } => "ask what comes next, and do that",
            Self::SameKey { .. } => "let the provider make another one",
            Self::NotReadBack { .. } => "check the disk; nothing was done with that key",
            Self::NoProof { .. } => "use the key once yourself, and say that it works",
            Self::NotAFile { .. } => "give that place the next key yourself, and say so",
        };
        Some(hint.to_owned())
    }
}
