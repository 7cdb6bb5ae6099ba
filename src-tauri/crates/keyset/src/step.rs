//! The steps of a rotation: eight for people, some of them in parts, in the order of a plan.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::method::{MadeBy, Method, Overlap, Way};

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// The old key is disabled at once, in an incident.
    Disable,
    /// The next key is made beside the old one: here, or at the provider.
    Make,
    /// The provider gets its public half.
    Publish,
    /// It is read back, compared, and activated there.
    Activate,
    /// One read-only request by it.
    Prove,
    /// Each place where the old key went gets the next one.
    HandOver,
    /// It takes over every target.
    Promote,
    /// The old one is watched until nobody uses it.
    Watch,
    /// The old one is made inactive there, and retired here.
    Retire,
    /// The old one is deleted there.
    Delete,
    /// The old one goes to the trash here.
    Destroy,
    /// A retirement is undone: the old one is activated there again.
    Revive,
    /// A rotation is given up: what it made there is deleted.
    Withdraw,
}

impl Step {
    /// Its number in the list that people see. A way back has none.
    pub const fn number(self) -> Option<u8> {
        match self {
            Self::Make => Some(1),
            Self::Publish => Some(2),
            Self::Activate => Some(3),
            Self::Prove => Some(4),
            Self::HandOver => Some(5),
            Self::Promote => Some(6),
            Self::Watch => Some(7),
            Self::Retire | Self::Delete | Self::Destroy => Some(8),
            Self::Disable | Self::Revive | Self::Withdraw => None,
        }
    }

    /// What is done, as the beginning of a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Disable => "disable the old key",
            Self::Make => "make the next key",
            Self::Publish => "publish the next key",
            Self::Activate => "activate the next key",
            Self::Prove => "prove the next key",
            Self::HandOver => "hand the next key over",
            Self::Promote => "promote the next key",
            Self::Watch => "watch the old key",
            Self::Retire => "retire the old key",
            Self::Delete => "delete the old key at the provider",
            Self::Destroy => "schedule the old key to be destroyed",
            Self::Revive => "activate the old key again",
            Self::Withdraw => "withdraw the next key",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl Method {
    /// How a step is taken there; none where nothing is done there.
    pub fn way(&self, step: Step) -> Option<&Way> {
        match step {
            Step::Make => (self.made == MadeBy::There).then_some(&self.publish),
            Step::Publish => (self.made == MadeBy::Here).then_some(&self.publish),
            Step::Activate | Step::Revive => self.activate.as_ref(),
            Step::Retire => self.deactivate.as_ref(),
            Step::Disable => self.deactivate.as_ref().or(self.delete.as_ref()),
            Step::Delete | Step::Withdraw => self.delete.as_ref().or(self.deactivate.as_ref()),
            Step::Prove | Step::HandOver | Step::Promote | Step::Watch | Step::Destroy => None,
        }
    }
}

/// How fast, and what comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// With an overlap in which nothing fails.
    Planned,
    /// The key leaked: it is disabled at once, then the rest is repaired.
    DisableFirst,
    /// The key leaked: it is replaced without waiting, then disabled.
    ReplaceFirst,
}

impl Mode {
    /// Whether the old key leaked.
    pub const fn is_incident(self) -> bool {
        !matches!(self, Self::Planned)
    }
}

/// The steps of a rotation, in their order.
pub fn steps(method: &Method, mode: Mode) -> Vec<Step> {
    let overlaps = method.overlap == Overlap::Both;
    let is_there = |step: &Step| match step {
        Step::Publish => method.made == MadeBy::Here,
        Step::Activate => overlaps && method.activate.is_some(),
        Step::Watch => overlaps,
        Step::Delete => overlaps && method.delete.is_some(),
        _ => true,
    };
    let make = [Step::Make, Step::Publish, Step::Activate, Step::Prove];
    let order: Vec<Step> = match (mode, method.overlap) {
        (Mode::Planned, Overlap::Both) => {
            let then = [Step::HandOver, Step::Promote, Step::Watch, Step::Retire, Step::Delete, Step::Destroy];
            make.into_iter().chain(then).collect()
        }
        // Nothing can be handed over before the change, and nothing is left to watch after it.
        (Mode::Planned, Overlap::None) => {
            make.into_iter().chain([Step::Promote, Step::HandOver, Step::Retire, Step::Destroy]).collect()
        }
        // The change itself is what disables the old one.
        (Mode::DisableFirst | Mode::ReplaceFirst, Overlap::None) => {
            make.into_iter().chain([Step::Promote, Step::Disable, Step::HandOver]).collect()
        }
        (Mode::DisableFirst, Overlap::Both) => {
            std::iter::once(Step::Disable).chain(make).chain([Step::Promote, Step::HandOver, Step::Delete]).collect()
        }
        (Mode::ReplaceFirst, Overlap::Both) => {
            make.into_iter().chain([Step::Promote, Step::Disable, Step::HandOver, Step::Delete]).collect()
        }
    };
    order.into_iter().filter(is_there).collect()
}
