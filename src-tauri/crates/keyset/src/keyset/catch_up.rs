//! Catching up: what the records of a vault say that no event tells. Programs from before keys had states make, name and
//! delete keys without a word about it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Before, Keyset, decide};
use crate::{
    event::{Activated, Event, What},
    key::{Key, KeyId, State, Target},
    refusal::Refusal,
    time::At,
};

impl Keyset {
    /// Lets everything have happened that records say beyond the events, and answers with the events of it: none where both
    /// say the same. `records` are all that there are: a key without one is destroyed.
    ///
    /// An event that brings a key brings its state as well: active if a target names it, draft if none does, destroy
    /// scheduled if it was deleted. Of a key that has a state, the records say whether it was deleted and who names it;
    /// where they name one beside the active key of its line, the line counts.
    pub fn catch_up(&mut self, records: impl IntoIterator<Item = Before>, now: At) -> Result<Vec<Event>, Refusal> {
        let mut events = Vec::new();
        let mut known = BTreeMap::new();
        for record in records {
            match self.key(&record.key.id) {
                Err(_) => {
                    let found = self.found(record, now)?;
                    self.happened(found, now, &mut events)?;
                }
                Ok(_) => drop(known.insert(record.key.id.clone(), record)),
            }
        }
        let found: BTreeSet<KeyId> = events.iter().flat_map(|event: &Event| event.what.keys()).cloned().collect();
        for (key, record) in &known {
            self.catch_up_with(key, record, now, &mut events)?;
        }
        self.catch_up_uses(&known, &found, now, &mut events)?;
        let is_there = |key: &Key| known.contains_key(key.id()) || found.contains(key.id());
        let is_gone = |key: &&Key| key.state != State::Destroyed && !is_there(key);
        let gone: Vec<KeyId> = self.keys().filter(is_gone).map(|key| key.id().clone()).collect();
        let deleted = known.iter().filter(|(_, record)| record.deleted.is_some()).map(|(key, _)| key.clone());
        for key in deleted.chain(gone) {
            let (line, one) = self.key(&key)?;
            let (from, is_active, line) = (one.state, one.state == State::Active, line.id.clone());
            if !matches!(from, State::DestroyScheduled | State::Destroyed) {
                let targets = if is_active { self.targets(&line) } else { BTreeSet::new() };
                if !targets.is_empty() {
                    self.happened(What::UseEnded { key: key.clone(), targets }, now, &mut events)?;
                }
                self.happened(What::Deleted { key: key.clone(), from }, now, &mut events)?;
            }
            if !known.contains_key(&key) {
                self.happened(What::Destroyed { key, early_by: None }, now, &mut events)?;
            }
        }
        Ok(events)
    }

    /// The event that brings a key of a vault from before.
    pub(super) fn found(&self, record: Before, now: At) -> Result<What, Refusal> {
        let Before { line, place, key, deleted, targets } = record;
        decide::unused_ids(self, &line, &key)?;
        let (state, entered) = match deleted {
            Some(at) => (State::DestroyScheduled, at.min(now)),
            None if targets.is_empty() => (State::Draft, now),
            None => (State::Active, now),
        };
        Ok(What::Found { line, place, key, state, entered, targets })
    }

    /// Name, place and trash of a key that has a state.
    fn catch_up_with(&mut self, key: &KeyId, record: &Before, now: At, events: &mut Vec<Event>) -> Result<(), Refusal> {
        let (line, one) = self.key(key)?;
        let is_bound = line.place.is_nowhere() && !record.place.is_nowhere();
        let is_renamed = one.name() != record.key.name;
        let is_restored = one.state == State::DestroyScheduled && record.deleted.is_none();
        let state = decide::restored(line, one);
        if is_bound {
            let place = record.place.clone();
            self.happened(What::Bound { key: key.clone(), place }, now, events)?;
        }
        if is_renamed {
            let name = record.key.name.clone();
            self.happened(What::Renamed { key: key.clone(), name }, now, events)?;
        }
        if is_restored {
            let targets = BTreeSet::new();
            self.happened(What::Restored { key: key.clone(), state, targets }, now, events)?;
        }
        Ok(())
    }

    fn catch_up_uses(
        &mut self,
        known: &BTreeMap<KeyId, Before>,
        found: &BTreeSet<KeyId>,
        now: At,
        events: &mut Vec<Event>,
    ) -> Result<(), Refusal> {
        let mut named: BTreeMap<(Target, String), KeyId> = BTreeMap::new();
        for (key, record) in known {
            let credential = &self.key(key)?.0.place.credential;
            named.extend(record.targets.iter().map(|target| ((target.clone(), credential.clone()), key.clone())));
        }
        // A key that was just found has its targets by that.
        let left = self.uses.iter().filter_map(|((target, credential), line)| {
            let active = self.lines.get(line)?.active()?;
            let is_named = named.contains_key(&(target.clone(), credential.clone()));
            // Of a key that went, the use ends as a whole.
            let goes = known.get(active.id()).is_none_or(|record| record.deleted.is_some());
            (!is_named && !goes && !found.contains(active.id()))
                .then(|| What::Left { key: active.id().clone(), target: target.clone() })
        });
        for what in left.collect::<Vec<What>>() {
            self.happened(what, now, events)?;
        }
        for ((target, credential), key) in named {
            let (line, one) = self.key(&key)?;
            let uses = self.line_of(&target, &credential) == Some(&line.id);
            let activated = match (line.active(), one.state) {
                // Older programs knew no state that keeps a key from calling.
                (None, from) if from != State::Compromised && one.leaked.is_none() => {
                    Some(Activated { key: key.clone(), from })
                }
                _ => None,
            };
            if !uses || activated.is_some() {
                let instead = self.line_of(&target, &credential).cloned();
                let what = What::Chosen { target, line: line.id.clone(), instead, activated };
                self.happened(what, now, events)?;
            }
        }
        Ok(())
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        self.lines.values().flat_map(|line| &line.keys)
    }

    fn happened(&mut self, what: What, now: At, events: &mut Vec<Event>) -> Result<(), Refusal> {
        let event = self.event(what, now);
        self.apply(&event)?;
        events.push(event);
        Ok(())
    }
}
