//! The keys of a vault by their lines, as a fold over events.
//!
//! [`Keyset::decide`] says what an [`Act`] would make happen, or why it cannot; [`Keyset::apply`] makes it so. The store
//! seals the event between the two, in one transaction with what else changes: no event, no transition.

mod apply;
mod catch_up;
mod decide;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    event::{Activated, Event, What},
    key::{Key, KeyId, Line, LineId, NewKey, Place, State, Target},
    refusal::Refusal,
    time::{At, Span},
};

/// How long a deleted key can be restored: there is one trash, and this is its time.
pub const KEPT_FOR: Span = Span::DAY.times(30);

/// The keys of a vault by their lines, and the targets that use them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keyset {
    lines: BTreeMap<LineId, Line>,
    /// Lines that ended when their draft joined another: their ids are not given again.
    ended: BTreeSet<LineId>,
    /// Which line each target uses, for each of its credentials.
    uses: BTreeMap<(Target, String), LineId>,
    last: u64,
    latest: Option<At>,
}

/// What a person or a rotation asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Keeps a key that was made or imported. It starts as the draft of a line of its own, whatever its target has.
    Add {
        /// The line that it begins.
        line: LineId,
        /// Where it belongs.
        place: Place,
        /// The key.
        key: NewKey,
    },
    /// Says where a key belongs that belonged nowhere.
    Bind {
        /// The key.
        key: KeyId,
        /// Where it belongs.
        place: Place,
    },
    /// Gives a key another name.
    Rename {
        /// The key.
        key: KeyId,
        /// Its new name.
        name: String,
    },
    /// Lets a target use this key, which is the active one of its line, or becomes it if that has none. A choice between
    /// lines is not a rotation.
    Choose {
        /// The target.
        target: Target,
        /// The provider's account, environment and credential of the target.
        place: Place,
        /// The key.
        key: KeyId,
    },
    /// Undoes a choice: the members of its event.
    Unchoose {
        /// The target.
        target: Target,
        /// The line that it chose.
        line: LineId,
        /// The line that it named before.
        back_to: Option<LineId>,
        /// The key that became active by the choice.
        activated: Option<Activated>,
    },
    /// Lets a target call with no key of this line any more. The key stays what it is.
    Leave {
        /// The target.
        target: Target,
        /// The line.
        line: LineId,
    },
    /// Gives a profile another name: its targets are the same ones.
    RenameProfile {
        /// Its name until now.
        profile: String,
        /// Its name from now on.
        name: String,
    },
    /// Makes a draft that stands alone the next key of a line. Only a rotation does so.
    Join {
        /// The draft.
        key: KeyId,
        /// The line.
        line: LineId,
    },
    /// Says that the provider knows a key.
    Publish {
        /// The key.
        key: KeyId,
    },
    /// Says that a server accepted the request that proves a key.
    Prove {
        /// The key.
        key: KeyId,
        /// The status of the answer.
        status: u16,
    },
    /// Makes a published key the active one, for every target of its line at once.
    Promote {
        /// The key.
        key: KeyId,
        /// How long before the earliest safe time this is.
        early_by: Option<Span>,
    },
    /// Takes the last promotion of a line back.
    TakeBack {
        /// The line.
        line: LineId,
    },
    /// Takes a key out of use.
    Retire {
        /// The key.
        key: KeyId,
        /// How long before the earliest safe time this is.
        early_by: Option<Span>,
    },
    /// Undoes a retirement: the provider accepts the key again.
    Unretire {
        /// The key.
        key: KeyId,
    },
    /// Ends every use of a line, before its last key can go.
    EndUse {
        /// The line.
        line: LineId,
    },
    /// Puts a key into the trash.
    Delete {
        /// The key.
        key: KeyId,
    },
    /// Takes a key out of the trash, and gives it back to the targets that lost it.
    Restore {
        /// The key.
        key: KeyId,
    },
    /// Destroys the private half of a key in the trash.
    Destroy {
        /// The key.
        key: KeyId,
        /// Whether a person wants that before its time.
        early: bool,
    },
    /// Reports that a key leaked, and lets it call until it is replaced.
    ReportLeak {
        /// The key.
        key: KeyId,
    },
    /// Takes a leaked key out of use at once.
    Compromise {
        /// The key.
        key: KeyId,
    },
    /// Says that the private half leaves the vault.
    Export {
        /// The key.
        key: KeyId,
        /// In which form.
        form: String,
        /// Where it goes.
        to: String,
    },
    /// Says where a copy of the private half is.
    NoteCopy {
        /// The key.
        key: KeyId,
        /// Where.
        to: String,
    },
}

/// A key as the records of a vault have it, which programs from before keys had states read and write as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// The line that it begins.
    pub line: LineId,
    /// Where it belongs.
    pub place: Place,
    /// The key.
    pub key: NewKey,
    /// When it was deleted, if it was.
    pub deleted: Option<At>,
    /// The targets that name it.
    pub targets: BTreeSet<Target>,
}

/// A member of the JWK Set of a line. Its JWK is written by jose, from the public half that the store keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The key.
    pub key: KeyId,
    /// Its kid.
    pub kid: Option<String>,
    /// Its thumbprint.
    pub thumbprint: String,
    /// Why it is in the set.
    pub state: State,
}

impl Keyset {
    /// The keyset that these events made. An event that does not follow the one before is refused, and so is one about
    /// a key that no event before it brought.
    pub fn replay<'e>(events: impl IntoIterator<Item = &'e Event>) -> Result<Self, Refusal> {
        let mut keyset = Self::default();
        for event in events {
            keyset.apply(event)?;
        }
        Ok(keyset)
    }

    /// Lets something happen: the event is to be sealed with whatever else changes. Nothing changes where it is refused.
    pub fn act(&mut self, act: Act, now: At) -> Result<Event, Refusal> {
        let event = self.decide(act, now)?;
        self.apply(&event)?;
        Ok(event)
    }

    /// What an act would make happen at `now`.
    pub fn decide(&self, act: Act, now: At) -> Result<Event, Refusal> {
        Ok(self.event(decide::decide(self, act, now)?, now))
    }

    /// The event by which a clock that was set back is noticed, if it was. The store asks when it opens a vault: times
    /// that lay ahead count anew from then, so that no wait gets shorter, nor a year longer.
    pub fn observe(&self, now: At) -> Option<Event> {
        let from = self.latest.filter(|latest| now < *latest)?;
        Some(self.event(What::ClockSetBack { from }, now))
    }

    /// The events by which the keys of an older vault get their states: active if a target names it, draft if none does,
    /// destroy scheduled if it was deleted. What such a vault holds twice stays.
    pub fn from_before(keys: impl IntoIterator<Item = Before>, now: At) -> Result<(Self, Vec<Event>), Refusal> {
        let mut keyset = Self::default();
        let events = keyset.catch_up(keys, now)?;
        Ok((keyset, events))
    }

    fn event(&self, what: What, at: At) -> Event {
        Event { seq: self.last.saturating_add(1), at, what }
    }

    /// Every line.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.values()
    }

    /// A line.
    pub fn line(&self, line: &LineId) -> Result<&Line, Refusal> {
        self.lines.get(line).ok_or_else(|| Refusal::Unknown { what: "line", id: line.0.clone() })
    }

    /// A key, with its line.
    pub fn key(&self, key: &KeyId) -> Result<(&Line, &Key), Refusal> {
        let mut all = self.lines.values().flat_map(|line| line.keys.iter().map(move |key| (line, key)));
        all.find(|(_, one)| one.id() == key).ok_or_else(|| Refusal::Unknown { what: "key", id: key.0.clone() })
    }

    /// The line that a target uses as one of its credentials.
    pub fn line_of(&self, target: &Target, credential: &str) -> Option<&LineId> {
        self.uses.get(&(target.clone(), credential.to_owned()))
    }

    /// The key that makes the calls of a target.
    pub fn caller(&self, target: &Target, credential: &str) -> Option<&Key> {
        self.line(self.line_of(target, credential)?).ok()?.active()
    }

    /// Every use: a target, and the line that it names as one of its credentials.
    pub fn uses(&self) -> impl Iterator<Item = (&Target, &Line)> {
        self.uses.iter().filter_map(|((target, _), line)| Some((target, self.lines.get(line)?)))
    }

    /// The targets that use a line.
    pub fn targets(&self, line: &LineId) -> BTreeSet<Target> {
        self.uses.iter().filter(|(_, used)| *used == line).map(|((target, _), _)| target.clone()).collect()
    }

    /// The JWK Set of a line (RFC 7517 §5) at this moment: its published, active and retiring keys that have a public half,
    /// the active one first, since some verifiers try no other for a token without a kid. For another moment, replay the
    /// events until then.
    pub fn key_set(&self, line: &LineId) -> Result<Vec<Member>, Refusal> {
        let member = |key: &Key| {
            let thumbprint = key.facts.thumbprint.clone().filter(|_| key.state.in_key_set())?;
            Some(Member { key: key.id().clone(), kid: key.facts.kid.clone(), thumbprint, state: key.state })
        };
        let mut members: Vec<Member> = self.line(line)?.keys.iter().filter_map(member).collect();
        members.sort_by_key(|member| member.state != State::Active);
        Ok(members)
    }

    /// The end of a deleted key's time in the trash. A clock that was set back lets it begin again: nobody knows how
    /// much of it is over.
    pub fn restorable_until(key: &Key, now: At) -> Option<At> {
        (key.state == State::DestroyScheduled).then(|| key.entered.min(now).after(KEPT_FOR))
    }

    /// The keys whose time in the trash is over.
    pub fn to_purge(&self, now: At) -> Vec<&Key> {
        let keys = self.lines.values().flat_map(|line| &line.keys);
        keys.filter(|key| Self::restorable_until(key, now).is_some_and(|until| until <= now)).collect()
    }
}
