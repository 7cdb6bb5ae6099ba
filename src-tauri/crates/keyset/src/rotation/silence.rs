//! Silence of the old key: who says that nobody uses it any more.

use serde::{Deserialize, Serialize};

use super::{Handed, Rotation};
use crate::{remote::LastUse, time::At};

/// A last use that the provider tells, and since when it tells the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Still {
    pub(super) last: At,
    pub(super) from: At,
}

/// What is known of the uses of the old key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uses {
    /// What the provider tells.
    pub there: LastUse,
    /// When a server last accepted a call of ours by it.
    pub ours: Option<At>,
}

/// Whether the old key is still used. Our own calls alone never prove that it is not: somebody else may have a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "verdict", deny_unknown_fields)]
pub enum Silence {
    /// The provider tells of a use that is not long enough ago.
    Used {
        /// The last use.
        last: At,
        /// When it is long enough ago, if there is no other.
        silent_from: At,
    },
    /// The provider tells that there was none for long enough.
    Silent {
        /// The last use; none if never.
        last: Option<At>,
    },
    /// The provider does not tell.
    NotKnown {
        /// When our own last accepted call was.
        ours: Option<At>,
        /// The places that still have the old key, or of which nobody knows.
        open: Vec<String>,
    },
}

impl Silence {
    /// In words, with who says so.
    pub fn words(&self) -> String {
        match self {
            Self::Used { last, .. } => format!("the provider saw the old key last on {last}"),
            Self::Silent { last: Some(last) } => format!("the provider has not seen the old key since {last}"),
            Self::Silent { last: None } => "the provider never saw the old key".to_owned(),
            Self::NotKnown { ours, open } => {
                let ours = match ours {
                    Some(at) => format!("our own last accepted call by it was on {at}"),
                    None => "no call of ours by it was ever accepted".to_owned(),
                };
                let open = match open.as_slice() {
                    [] => "no place is known that still has it".to_owned(),
                    open => format!("it may still be used from {}", open.join(", ")),
                };
                format!("the provider does not tell who uses the old key; {ours}; {open}")
            }
        }
    }
}

impl Rotation {
    /// The verdict on the old key at `now`.
    pub fn silence(&self, uses: Uses, now: At) -> Silence {
        let quiet = self.stated.quiet;
        match uses.there {
            // It is told by the provider's clock. Where ours differs, or was set back, it counts how long the answer has been
            // the same by ours.
            LastUse::At(last) => {
                let still = self.still.filter(|still| still.last == last).map(|still| still.from);
                let is_long_ago = |from: At| now.since(from).is_some_and(|ago| ago >= quiet);
                match is_long_ago(last) || still.is_some_and(is_long_ago) {
                    true => Silence::Silent { last: Some(last) },
                    false => Silence::Used { last, silent_from: last.min(still.unwrap_or(now)).after(quiet) },
                }
            }
            LastUse::Never => Silence::Silent { last: None },
            LastUse::NotTold => {
                let open = self.places.iter().filter(|place| place.handed != Handed::Given);
                Silence::NotKnown { ours: uses.ours, open: open.map(|place| place.to.clone()).collect() }
            }
        }
    }
}
