//! Events: what happened to a key, as facts. The store seals each in the transaction of what it tells, and changes none.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    key::{KeyId, LineId, NewKey, Place, State, Target},
    time::{At, Span},
};

/// Something that happened. The number orders events; the time does not, because a clock can be set back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Event {
    /// Its number: 1, 2, 3, … without a gap.
    pub seq: u64,
    /// When, as the clock then showed it.
    pub at: At,
    /// What happened.
    pub what: What,
}

/// What happened. These are results and not requests, so that later rules judge no past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum What {
    /// A key was made or imported: the draft of a line of its own.
    Added {
        /// The line.
        line: LineId,
        /// Where it belongs.
        place: Place,
        /// The key.
        key: NewKey,
    },
    /// A vault from before had this key, and from now on it has a state.
    Found {
        /// The line.
        line: LineId,
        /// Where it belongs.
        place: Place,
        /// The key.
        key: NewKey,
        /// Its state: active if a target named it, draft if none did, destroy scheduled if it was deleted.
        state: State,
        /// When it entered that state.
        entered: At,
        /// The targets that named it.
        targets: BTreeSet<Target>,
    },
    /// A key that belonged nowhere got its place, for ever.
    Bound {
        /// The key.
        key: KeyId,
        /// Where it belongs.
        place: Place,
    },
    /// A key got another name.
    Renamed {
        /// The key.
        key: KeyId,
        /// Its name from now on.
        name: String,
    },
    /// A target calls with the key of this line from now on. Not a rotation.
    Chosen {
        /// The target.
        target: Target,
        /// The line.
        line: LineId,
        /// The line that the target named before.
        instead: Option<LineId>,
        /// The key that became active by that, because the line had no active key.
        activated: Option<Activated>,
    },
    /// A choice was undone.
    Unchosen {
        /// The target.
        target: Target,
        /// The line that it no longer names.
        line: LineId,
        /// The line that it names again.
        back_to: Option<LineId>,
        /// The key that is again as it was before.
        deactivated: Option<Activated>,
    },
    /// A target calls with no key of this line any more.
    Left {
        /// The key that it called with, or the last one of the line.
        key: KeyId,
        /// The target.
        target: Target,
    },
    /// A profile got another name, and its targets with it.
    ProfileRenamed {
        /// Its name until now.
        profile: String,
        /// Its name from now on.
        name: String,
    },
    /// A draft became the next key of a line.
    Joined {
        /// The key.
        key: KeyId,
        /// Its own line until now, which ends.
        from: LineId,
        /// The line of its predecessor.
        line: LineId,
    },
    /// The provider knows the key.
    Published {
        /// The key.
        key: KeyId,
    },
    /// A server accepted the one request that proves the key.
    Proved {
        /// The key.
        key: KeyId,
        /// The status of the answer.
        status: u16,
    },
    /// The next key took over every target of its line.
    Promoted {
        /// The key.
        key: KeyId,
        /// The one that is retiring now; none in an incident.
        old: Option<KeyId>,
        /// The targets that moved.
        targets: BTreeSet<Target>,
        /// How long before the earliest safe time a person did so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        early_by: Option<Span>,
    },
    /// A promotion was taken back.
    TakenBack {
        /// The key that is published again.
        key: KeyId,
        /// The one that is active again.
        old: KeyId,
        /// The targets that moved back.
        targets: BTreeSet<Target>,
    },
    /// A key is out of use.
    Retired {
        /// The key.
        key: KeyId,
        /// How long before the earliest safe time a person did so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        early_by: Option<Span>,
    },
    /// A retired key is accepted at the provider again, and can be taken back.
    Unretired {
        /// The key.
        key: KeyId,
    },
    /// Targets no longer use the key of a line. It stays active, and calls nothing.
    UseEnded {
        /// The key.
        key: KeyId,
        /// The targets that have no key now.
        targets: BTreeSet<Target>,
    },
    /// A key went to the trash.
    Deleted {
        /// The key.
        key: KeyId,
        /// Its state before.
        from: State,
    },
    /// A key came back from the trash.
    Restored {
        /// The key.
        key: KeyId,
        /// Its state from now on.
        state: State,
        /// The targets that have it again.
        targets: BTreeSet<Target>,
    },
    /// The private half is gone for good.
    Destroyed {
        /// The key.
        key: KeyId,
        /// How long before the end of its time in the trash a person did so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        early_by: Option<Span>,
    },
    /// Somebody reported that the key leaked; it calls until it is replaced.
    LeakReported {
        /// The key.
        key: KeyId,
    },
    /// The key never signs again.
    Compromised {
        /// The key.
        key: KeyId,
        /// Its state before.
        from: State,
        /// The targets of its line, if it was the one that called: they have no key now.
        targets: BTreeSet<Target>,
    },
    /// The private half left the vault.
    Exported {
        /// The key.
        key: KeyId,
        /// In which form: `pkcs8`.
        form: String,
        /// Where it went: a file's path, the clipboard.
        to: String,
    },
    /// A person said where a copy is.
    CopyNoted {
        /// The key.
        key: KeyId,
        /// Where.
        to: String,
    },
    /// The clock was set back. Times that lay ahead count from now.
    ClockSetBack {
        /// The latest time that it had shown.
        from: At,
    },
}

/// A key that a choice made active, with the state that an undo gives back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Activated {
    /// The key.
    pub key: KeyId,
    /// Its state before.
    pub from: State,
}

impl What {
    /// The keys that it is about.
    pub fn keys(&self) -> Vec<&KeyId> {
        match self {
            Self::Added { key, .. } | Self::Found { key, .. } => vec![&key.id],
            Self::Promoted { key, old, .. } => std::iter::once(key).chain(old).collect(),
            Self::TakenBack { key, old, .. } => vec![key, old],
            Self::Chosen { activated, .. } | Self::Unchosen { deactivated: activated, .. } => {
                activated.iter().map(|activated| &activated.key).collect()
            }
            Self::Bound { key, .. }
            | Self::Renamed { key, .. }
            | Self::Left { key, .. }
            | Self::Joined { key, .. }
            | Self::Published { key }
            | Self::Proved { key, .. }
            | Self::Retired { key, .. }
            | Self::Unretired { key }
            | Self::UseEnded { key, .. }
            | Self::Deleted { key, .. }
            | Self::Restored { key, .. }
            | Self::Destroyed { key, .. }
            | Self::LeakReported { key }
            | Self::Compromised { key, .. }
            | Self::Exported { key, .. }
            | Self::CopyNoted { key, .. } => vec![key],
            Self::ProfileRenamed { .. } | Self::ClockSetBack { .. } => Vec::new(),
        }
    }

    /// The lines that must be there for it.
    pub(crate) fn lines(&self) -> Vec<&LineId> {
        match self {
            Self::Chosen { line, .. } => vec![line],
            Self::Unchosen { line, back_to, .. } => std::iter::once(line).chain(back_to).collect(),
            Self::Joined { from, line, .. } => vec![from, line],
            _ => Vec::new(),
        }
    }
}

/// A copy of a private half outside of the vault: what a rotation hands over anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Copy {
    /// Where it is.
    pub to: String,
    /// In which form it went there; none where a person only said that there is one.
    pub form: Option<String>,
    /// When that was, or was said.
    pub at: At,
}

/// The history of a key: the events about it, in their order.
pub fn history<'e>(events: &'e [Event], key: &KeyId) -> Vec<&'e Event> {
    events.iter().filter(|event| event.what.keys().contains(&key)).collect()
}

/// The export ledger of a key: each place where a copy of it is, once, by the last event that says so.
pub fn copies(events: &[Event], key: &KeyId) -> Vec<Copy> {
    let mut copies: Vec<Copy> = Vec::new();
    for event in history(events, key) {
        let (to, form) = match &event.what {
            What::Exported { to, form, .. } => (to, Some(form.clone())),
            What::CopyNoted { to, .. } => (to, None),
            _ => continue,
        };
        let earlier = copies.iter().position(|copy| copy.to == *to).map(|index| copies.remove(index));
        let form = form.or(earlier.and_then(|copy| copy.form));
        copies.push(Copy { to: to.clone(), form, at: event.at });
    }
    copies
}
