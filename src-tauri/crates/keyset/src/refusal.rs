//! Refusals: why a key does not change its state. Each names the member and both sides; advice is the hint.

use std::collections::BTreeSet;

use crate::{
    key::{State, Target},
    time::{At, Span},
};

/// Why a transition does not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing has this id.
    #[error("there is no {what} {id:?} in this keyset")]
    Unknown {
        /// `key`, `line`.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// Another thing has this id.
    #[error("the id of the {what} is {id:?}, which another {what} had already; wanted one that none ever had")]
    IdUsed {
        /// `key`, `line`.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// A kid, or a thumbprint, that a key had before.
    #[error("the {member} is {found:?}, which {by:?} ({state}) has already; wanted one that no key ever had there")]
    KidUsed {
        /// `kid`, `thumbprint`.
        member: &'static str,
        /// What both have.
        found: String,
        /// The name of the key that has it.
        by: String,
        /// Its state.
        state: State,
    },
    /// A transition from a state that does not allow it.
    #[error("the key {name:?} is {found}; {act} wants one that is {}", words(wanted))]
    State {
        /// The key's name.
        name: String,
        /// What was to happen: `publishing`.
        act: &'static str,
        /// Its state.
        found: State,
        /// The states from which that goes.
        wanted: &'static [State],
    },
    /// The active key of a line, while targets use it.
    #[error("the key {name:?} is active, and {} it; {act} wants a key that none uses", users(targets))]
    InUse {
        /// The key's name.
        name: String,
        /// What was to happen.
        act: &'static str,
        /// The targets.
        targets: BTreeSet<Target>,
    },
    /// A key or target of another place.
    #[error("the {member} of {what} is {found:?}; the line of {line:?} has {wanted:?}")]
    OtherPlace {
        /// What does not fit: a key, a target.
        what: String,
        /// `provider`, `account`, `environment`, `credential`.
        member: &'static str,
        /// Its side.
        found: String,
        /// The name of a key of the line.
        line: String,
        /// The line's side.
        wanted: String,
    },
    /// A second rotation of a line.
    #[error("the next key of {line:?} is {name:?} already, which is {state}; wanted a line without a next key")]
    HasSuccessor {
        /// The name of the line's key.
        line: String,
        /// The successor's name.
        name: String,
        /// Its state.
        state: State,
    },
    /// A line whose key nobody chose.
    #[error("the line of {line:?} has no active key and had no incident; a next key wants one to follow")]
    NothingToFollow {
        /// The name of the line's key.
        line: String,
    },
    /// A draft that is more than that.
    #[error("the key {name:?} is in a line with {others} other keys; only a draft that stands alone joins a line")]
    NotAlone {
        /// The draft's name.
        name: String,
        /// How many others.
        others: usize,
    },
    /// A key of the same line.
    #[error("the key {name:?} is of this line already")]
    SameLine {
        /// Its name.
        name: String,
    },
    /// A target that names this line already.
    #[error("{target} uses the line of {line:?} already")]
    ChosenAlready {
        /// The target.
        target: Target,
        /// The name of the line's key.
        line: String,
    },
    /// Something changed since.
    #[error("{target} changed since: it names {found:?}, wanted {wanted:?}")]
    ChangedSince {
        /// The target.
        target: Target,
        /// The line that it names, or nothing.
        found: String,
        /// The line that the undo is about.
        wanted: String,
    },
    /// An undo of a choice whose earlier line has no key any more.
    #[error("the line {line:?}, which {target} named before, has no active key now")]
    NothingToGoBackTo {
        /// The target.
        target: Target,
        /// The line that it named before.
        line: String,
    },
    /// A promotion that nothing stands behind.
    #[error("the key {name:?} took no other key's place, or that one is {}; nothing can be taken back", state(*old))]
    NothingToTakeBack {
        /// The active key's name.
        name: String,
        /// The state of the one before, if there was one.
        old: Option<State>,
    },
    /// A leaked key.
    #[error("the key {name:?} leaked, as was reported on {at}; it cannot become {wanted}")]
    Leaked {
        /// The key's name.
        name: String,
        /// When that was reported.
        at: At,
        /// What it was to become.
        wanted: State,
    },
    /// A key that can still be restored.
    #[error("the key {name:?} stays restorable until {until}, for another {left}")]
    StillRestorable {
        /// The key's name.
        name: String,
        /// The end of its time in the trash.
        until: At,
        /// How long that is.
        left: Span,
    },
    /// A key whose private half is gone.
    #[error("the private half of {name:?} was destroyed on {at}")]
    NoPrivateHalf {
        /// The key's name.
        name: String,
        /// When.
        at: At,
    },
    /// No use to end.
    #[error("no target uses the line of {line:?}")]
    Unused {
        /// The name of the line's key.
        line: String,
    },
    /// An event that does not follow.
    #[error("event {found} follows event {after}; wanted event {}", after.saturating_add(1))]
    Gap {
        /// The number of the last one.
        after: u64,
        /// The number of the next.
        found: u64,
    },
}

impl Refusal {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unknown { .. } => "look at the list of keys: it may have been renamed, or it is in another vault",
            Self::IdUsed { .. } => "make a new id",
            Self::KidUsed { state: State::Destroyed, .. } => {
                "make a new key: one that was destroyed cannot come back under its kid"
            }
            Self::KidUsed { .. } => "choose the key that is there already, or make a new one",
            Self::State { found: State::Retiring, act: "deleting", .. } => {
                "retire it first, once nothing that it signed is in use"
            }
            Self::State { found: State::Draft, act: "promoting", .. } => {
                "publish it at the provider and prove it first"
            }
            Self::State { found: State::DestroyScheduled, .. } => "restore it first",
            Self::State { found: State::Destroyed | State::Compromised, .. } => "make a new key",
            Self::State { act: "destroying", .. } => "delete it first; it can be restored for 30 days",
            Self::State { .. } => "finish or abort what is under way with it",
            Self::InUse { act: "deleting", .. } => "rotate it, or end its use first: the targets then have no key",
            Self::InUse { .. } => "rotate it: the next key takes over every target in one step",
            Self::OtherPlace { member: "environment", .. } => {
                "a key never changes its environment; make one for that environment"
            }
            Self::OtherPlace { .. } => "choose another key for the target: that is not a rotation, and can be undone",
            Self::HasSuccessor { .. } => "go on with its rotation, or delete that key first",
            Self::NothingToFollow { .. } => "choose its key for a target instead",
            Self::NotAlone { .. } => "make a new key for the rotation",
            Self::SameLine { .. } => "go on with the rotation that is under way",
            Self::ChosenAlready { .. } | Self::Gap { .. } => return None,
            Self::ChangedSince { .. } | Self::NothingToGoBackTo { .. } => "choose the key for the target by hand",
            Self::NothingToTakeBack { old: Some(State::Retired), .. } => {
                "undo its retirement first: it must be active at the provider again"
            }
            Self::NothingToTakeBack { .. } => "rotate to a new key instead",
            Self::Leaked { .. } => "make a new key: whoever has the leaked one can sign with it as well",
            Self::StillRestorable { .. } => "wait, or say that it shall be destroyed now",
            Self::NoPrivateHalf { .. } => "its public half can still be exported",
            Self::Unused { .. } => "delete the key; nothing uses it",
        };
        Some(hint.to_owned())
    }
}

fn words(states: &[State]) -> String {
    let words: Vec<&str> = states.iter().map(|state| state.words()).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, first)) => format!("{} or {last}", first.join(", ")),
        None => "of no state".to_owned(),
    }
}

fn state(old: Option<State>) -> &'static str {
    old.map_or("gone", State::words)
}

fn users(targets: &BTreeSet<Target>) -> String {
    let names: Vec<String> = targets.iter().map(ToString::to_string).collect();
    match names.as_slice() {
        [one] => format!("{one} uses"),
        names => format!("{} use", names.join(", ")),
    }
}
