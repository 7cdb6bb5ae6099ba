//! Events applied: facts are taken as they are, and judged by no rule.

use std::collections::BTreeSet;

use super::Keyset;
use crate::{
    event::{Activated, Event, What},
    key::{Key, KeyId, Line, LineId, NewKey, Place, State, Target},
    refusal::Refusal,
    time::At,
};

impl Keyset {
    /// Lets an event have happened. Nothing changes where it does not follow.
    pub fn apply(&mut self, event: &Event) -> Result<(), Refusal> {
        if event.seq != self.last.saturating_add(1) {
            return Err(Refusal::Gap { after: self.last, found: event.seq });
        }
        for key in event.what.keys().into_iter().filter(|_| !brings(&event.what)) {
            self.key(key)?;
        }
        for line in event.what.lines() {
            self.line(line)?;
        }
        if self.latest.is_some_and(|latest| event.at < latest) {
            self.set_back(event.at);
        }
        self.happen(&event.what, event.at)?;
        self.last = event.seq;
        self.latest = Some(event.at);
        Ok(())
    }

    fn happen(&mut self, what: &What, at: At) -> Result<(), Refusal> {
        match what {
            What::Added { line, place, key } => self.begin(line, place.clone(), fresh(key, State::Draft, at)),
            What::Found { line, place, key, state, entered, targets } => {
                let mut found = fresh(key, *state, *entered);
                // A deleted key of an older vault had been in use or not: nobody wrote that down.
                found.deleted_from = (*state == State::DestroyScheduled).then_some(State::Draft);
                self.begin(line, place.clone(), found);
                self.attach(line, targets);
            }
            What::Bound { key, place } => {
                let line = self.key(key)?.0.id.clone();
                self.lines.entry(line).and_modify(|line| line.place.clone_from(place));
            }
            What::Renamed { key, name } => name.clone_into(&mut self.key_mut(key)?.facts.name),
            What::Chosen { target, line, activated, .. } => {
                self.enter(activated, |_| State::Active, at)?;
                self.attach(line, &BTreeSet::from([target.clone()]));
            }
            What::Unchosen { target, line, back_to, deactivated } => {
                self.enter(deactivated, |it| it.from, at)?;
                self.detach(line, &BTreeSet::from([target.clone()]));
                if let Some(back_to) = back_to {
                    self.attach(back_to, &BTreeSet::from([target.clone()]));
                }
            }
            What::Left { key, target } => {
                let line = self.key(key)?.0.id.clone();
                self.detach(&line, &BTreeSet::from([target.clone()]));
            }
            What::ProfileRenamed { profile, name } => self.rename_profile(profile, name),
            What::Joined { key, from, line } => self.join(key, from, line)?,
            What::Published { key } => self.set(key, State::Published, at)?,
            What::Proved { key, .. } => self.key_mut(key)?.proved = Some(at),
            What::Promoted { key, old, .. } => {
                if let Some(old) = old {
                    self.set(old, State::Retiring, at)?;
                }
                self.set(key, State::Active, at)?;
                self.key_mut(key)?.replaced.clone_from(old);
            }
            What::TakenBack { key, old, .. } => {
                self.set(key, State::Published, at)?;
                self.key_mut(key)?.replaced = None;
                self.set(old, State::Active, at)?;
            }
            What::Retired { key, .. } => self.set(key, State::Retired, at)?,
            What::Unretired { key } => self.set(key, State::Retiring, at)?,
            What::UseEnded { key, targets } => {
                let line = self.key(key)?.0.id.clone();
                self.detach(&line, targets);
                self.key_mut(key)?.lost.clone_from(targets);
            }
            What::Deleted { key, from } => {
                self.set(key, State::DestroyScheduled, at)?;
                self.key_mut(key)?.deleted_from = Some(*from);
            }
            What::Restored { key, state, targets } => {
                self.set(key, *state, at)?;
                let restored = self.key_mut(key)?;
                restored.deleted_from = None;
                restored.lost.clear();
                let line = self.key(key)?.0.id.clone();
                self.attach(&line, targets);
            }
            What::Destroyed { key, .. } => self.set(key, State::Destroyed, at)?,
            What::LeakReported { key } => self.key_mut(key)?.leaked = Some(at),
            What::Compromised { key, from, .. } => {
                // A private half that was destroyed does not come back by that.
                if *from != State::Destroyed {
                    self.set(key, State::Compromised, at)?;
                }
                self.key_mut(key)?.leaked.get_or_insert(at);
            }
            What::Exported { .. } | What::CopyNoted { .. } | What::ClockSetBack { .. } => {}
        }
        Ok(())
    }

    /// Times that lie ahead of a clock that was set back count from now: how much of a wait is over, nobody knows.
    fn set_back(&mut self, at: At) {
        for key in self.lines.values_mut().flat_map(|line| &mut line.keys) {
            key.entered = key.entered.min(at);
        }
    }

    fn begin(&mut self, line: &LineId, place: Place, key: Key) {
        self.lines.insert(line.clone(), Line { id: line.clone(), place, keys: vec![key] });
    }

    fn join(&mut self, key: &KeyId, from: &LineId, line: &LineId) -> Result<(), Refusal> {
        let own = self.lines.remove(from).ok_or_else(|| Refusal::Unknown { what: "line", id: from.0.clone() })?;
        self.ended.insert(from.clone());
        let joined = own.keys.into_iter().filter(|one| one.id() == key);
        self.lines.entry(line.clone()).and_modify(|line| line.keys.extend(joined));
        Ok(())
    }

    fn key_mut(&mut self, key: &KeyId) -> Result<&mut Key, Refusal> {
        let mut keys = self.lines.values_mut().flat_map(|line| &mut line.keys);
        keys.find(|one| one.id() == key).ok_or_else(|| Refusal::Unknown { what: "key", id: key.0.clone() })
    }

    fn set(&mut self, key: &KeyId, state: State, at: At) -> Result<(), Refusal> {
        let key = self.key_mut(key)?;
        (key.state, key.entered) = (state, at);
        Ok(())
    }

    fn enter(
        &mut self,
        activated: &Option<Activated>,
        state: impl Fn(&Activated) -> State,
        at: At,
    ) -> Result<(), Refusal> {
        activated.as_ref().map_or(Ok(()), |it| self.set(&it.key, state(it), at))
    }

    fn attach(&mut self, line: &LineId, targets: &BTreeSet<Target>) {
        let Some(credential) = self.lines.get(line).map(|line| line.place.credential.clone()) else { return };
        self.uses.extend(targets.iter().map(|target| ((target.clone(), credential.clone()), line.clone())));
    }

    fn rename_profile(&mut self, profile: &str, name: &str) {
        let renamed = |mut target: Target| {
            if target.profile == profile {
                name.clone_into(&mut target.profile);
            }
            target
        };
        let uses = std::mem::take(&mut self.uses).into_iter();
        self.uses = uses.map(|((target, credential), line)| ((renamed(target), credential), line)).collect();
        for key in self.lines.values_mut().flat_map(|line| &mut line.keys) {
            key.lost = std::mem::take(&mut key.lost).into_iter().map(renamed).collect();
        }
    }

    fn detach(&mut self, line: &LineId, targets: &BTreeSet<Target>) {
        self.uses.retain(|(target, _), used| used != line || !targets.contains(target));
    }
}

/// Whether an event brings the key that it is about.
fn brings(what: &What) -> bool {
    matches!(what, What::Added { .. } | What::Found { .. })
}

fn fresh(facts: &NewKey, state: State, entered: At) -> Key {
    Key {
        facts: facts.clone(),
        state,
        entered,
        replaced: None,
        deleted_from: None,
        lost: BTreeSet::new(),
        leaked: None,
        proved: None,
    }
}
