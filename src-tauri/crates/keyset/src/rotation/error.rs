//! Errors of a rotation: told at the wrong moment, or too early.

use crate::{method::MethodFault, refusal::Refusal, step::Step, time::At, window::Earliest};

/// Why a rotation does not begin, or does not go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RotationError {
    /// A transition of a key that does not go.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A second rotation of a line.
    #[error("the rotation {id:?} of {line:?} is under way since {since}, at the step: {step}")]
    UnderWay {
        /// Its id.
        id: String,
        /// The name of the line's key.
        line: String,
        /// When it began.
        since: At,
        /// Where it is.
        step: Step,
    },
    /// A line without a key to replace.
    #[error("the key {name:?} is not the active one of its line; only an active key is rotated")]
    NotActive {
        /// Its name.
        name: String,
    },
    /// A definition by which no rotation goes.
    #[error("the rotation of {credential:?} cannot work: {fault}")]
    Method {
        /// The credential's id.
        credential: String,
        /// The first fault.
        fault: MethodFault,
    },
    /// Something was told that nobody asked for.
    #[error("{told} came at the step: {step}; wanted {wanted}")]
    NotNow {
        /// What was told.
        told: &'static str,
        /// The step.
        step: String,
        /// What it waits for.
        wanted: &'static str,
    },
    /// A step before its time.
    #[error("too early to {}: wanted {} or later, now it is {now}", earliest.step, earliest.at(*now))]
    TooEarly {
        /// Its window.
        earliest: Earliest,
        /// When it was tried.
        now: At,
    },
    /// A step without words for a hand.
    #[error("the definition does not say how to {step} by hand")]
    NoHand {
        /// The step.
        step: Step,
    },
    /// A way back that is closed.
    #[error("the rotation is past the step: {past}; nothing leads back from there")]
    NoWayBack {
        /// The step.
        past: Step,
    },
    /// Nothing to take back.
    #[error("the next key is not promoted yet; nothing can be taken back")]
    NotPromoted,
    /// A rotation that can no longer be given up.
    #[error("the next key is active; a rotation is aborted before that")]
    Promoted,
    /// A place that the rotation does not know.
    #[error("{to:?} is not one of the places that have the old key")]
    NoPlace {
        /// The place.
        to: String,
    },
    /// A hand-over that is not done.
    #[error("{} places that have the old key are neither served nor said to be unknown: {}", open.len(), open.join(", "))]
    OpenPlaces {
        /// Those.
        open: Vec<String>,
    },
}

impl RotationError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Refused(refusal) => return refusal.hint(),
            Self::Method { fault, .. } => fault.hint().unwrap_or("mend the definition of the provider"),
            Self::TooEarly { earliest, now } => {
                let breaks = earliest.breaks().join("; ");
                let left = earliest.left(*now);
                return Some(format!("wait {left} ({earliest}), or go now and know what can break: {breaks}"));
            }
            Self::UnderWay { .. } => "go on with it, or abort it",
            Self::NotActive { .. } => "rotate the active key of the line, or choose this one for a target",
            Self::NotNow { .. } => "ask what comes next, and do that",
            Self::NoHand { .. } => "take the step by its call",
            Self::NoWayBack { .. } => "rotate to a new key",
            Self::NotPromoted => "abort the rotation, if it shall end here",
            Self::Promoted => "take the promotion back first",
            Self::NoPlace { .. } => "add the place first",
            Self::OpenPlaces { .. } => "give each of them the next key, or say that you do not know of it",
        };
        Some(hint.to_owned())
    }
}

/// Why a rotation stopped until a person says how it goes on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "why", deny_unknown_fields)]
pub enum Stop {
    /// The provider refused a call.
    #[error("the provider refused to {step}, with {status}")]
    Refused {
        /// The step.
        step: Step,
        /// The status.
        status: u16,
    },
    /// The old key is not in the provider's list.
    #[error("the list of the provider lacks the old key, {wanted}")]
    OldNotShown {
        /// Its thumbprint, or its id there.
        wanted: String,
    },
    /// What is there under our label is another key.
    #[error("the thumbprint of {label:?} at the provider is {found:?}; ours is {wanted:?}")]
    ThumbprintDiffers {
        /// The label.
        label: String,
        /// Theirs.
        found: String,
        /// Ours.
        wanted: String,
    },
    /// The next key may do more, or less, than the old one.
    #[error("the {grant} of the next key are {found:?} at the provider; the old one has {wanted:?}")]
    GrantsDiffer {
        /// The grant.
        grant: String,
        /// What the next key has.
        found: Vec<String>,
        /// What the old one has.
        wanted: Vec<String>,
    },
    /// Nobody knows what a key may do.
    #[error(
        "the list of the provider does not show the {grant} of the {key} key; wanted them, to give the next key the same"
    )]
    GrantsNotShown {
        /// `old`, `next`.
        key: String,
        /// The grant.
        grant: String,
    },
    /// A call was accepted again and again, and its result is never seen.
    #[error("the provider was asked {tries} times to {step}, and does not show it")]
    NotSeen {
        /// The step.
        step: Step,
        /// How often.
        tries: u32,
    },
    /// No server accepted the next key.
    #[error("the request that proves the next key was refused with {status}; wanted 200 to 299")]
    NotProved {
        /// The status.
        status: u16,
    },
    /// The active key does not work there any more.
    #[error("the active key is {found} at the provider; wanted it active before the old one ends")]
    ActiveGone {
        /// `not there`, `inactive`.
        found: String,
    },
    /// A key that the provider made is not there any more, and nobody can publish it again.
    #[error("the next key is not at the provider any more, which made it; wanted it there until it is promoted")]
    NextGone,
    /// The old key cannot be had back.
    #[error("the old key is not at the provider any more; its retirement cannot be undone")]
    OldGone,
}

impl Stop {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Refused { status: 401, .. } => "look whether the active key still works; then try again",
            Self::Refused { status: 403, .. } => {
                "a caller gives no role and no account that it lacks: take the step by hand, or with a key that may"
            }
            Self::Refused { .. } => "read the answer; then try again, or take the step by hand",
            Self::OldNotShown { .. } => "look whether this is the right account; then try again, or go by hand",
            Self::ThumbprintDiffers { .. } => "abort the rotation, and look who made that key",
            Self::GrantsDiffer { .. } => "change it at the provider and try again, or abort the rotation",
            Self::GrantsNotShown { .. } => "take the step by hand, and give the next key what the old one has",
            Self::NotSeen { .. } => "look at the provider's own page; then try again, or take the step by hand",
            Self::NotProved { .. } => "read the answer; the old key still calls, and nothing is lost by waiting",
            Self::ActiveGone { .. } => {
                "take the promotion back while the old key is active; or go on, and the next key is published there again"
            }
            Self::NextGone => "abort the rotation, and begin another",
            Self::OldGone => "rotate to a new key",
        }
    }
}
