//! Undo of a deletion or a change: once, and only while the record still is as the change left it.

use std::collections::VecDeque;

use vault::RecordId;

use crate::{
    ground::{Error, UndoError, names, ports::Ports},
    store::{
        index::Layout,
        records::{Credential, OwnDefinition, Profile, Recipe, SealedDraft, Slot, kind},
        session::Session,
        transaction::{Step, Writes},
    },
};

/// How many changes can be taken back.
const LONGEST: usize = 50;

/// What is needed to take one change back. Metadata alone: no secret is held.
#[derive(Debug)]
pub struct Undo {
    words: String,
    act: Act,
}

#[derive(Debug)]
enum Act {
    /// Puts records back as they were. The first must be as the change left it; of the others, those that are.
    Records(Vec<Step>),
    /// Restores a key that was deleted at that time, and sets it where it was, unless another is set there now.
    Key { id: RecordId, deleted: i64, places: Vec<LostPlace> },
}

impl Undo {
    pub(crate) fn of_records(words: String, steps: Vec<Step>) -> Self {
        Self { words, act: Act::Records(steps) }
    }

    pub(crate) fn of_key(words: String, id: RecordId, deleted: i64, places: Vec<LostPlace>) -> Self {
        Self { words, act: Act::Key { id, deleted, places } }
    }

    /// What was done: "Deleted demo. It can be restored for 30 days."
    pub fn words(&self) -> &str {
        &self.words
    }

    /// Takes the change back, in one transaction.
    pub fn apply(&self, session: &mut Session, ports: &Ports) -> Result<(), Error> {
        session.transact(ports, |session| {
            let mut writes = Writes::default();
            match &self.act {
                Act::Records(steps) => put_back(session, steps, &mut writes, ports)?,
                Act::Key { id, deleted, places } => restore(session, *id, *deleted, places, &mut writes)?,
            }
            Ok((writes, ()))
        })
    }
}

/// The changes of a session that can be taken back, each by a number.
#[derive(Debug, Default)]
pub struct UndoLog {
    last: u64,
    entries: VecDeque<(u64, Undo)>,
}

impl UndoLog {
    /// Keeps an undo and gives it a number. The oldest of more than 50 is forgotten.
    pub fn keep(&mut self, undo: Undo) -> u64 {
        self.last += 1;
        self.entries.push_back((self.last, undo));
        if self.entries.len() > LONGEST {
            self.entries.pop_front();
        }
        self.last
    }

    /// Takes a change back. It is used up by that, and stays where the vault could not be written.
    pub fn apply(&mut self, number: u64, session: &mut Session, ports: &Ports) -> Result<(), Error> {
        let Some(index) = self.entries.iter().position(|(kept, _)| *kept == number) else {
            return Err(Error::Undo(UndoError::UndoGone));
        };
        let done = self.entries[index].1.apply(session, ports);
        if matches!(done, Ok(()) | Err(Error::Undo(UndoError::ChangedSince { .. }))) {
            self.entries.remove(index);
        }
        done
    }

    /// Forgets everything, as on lock. Numbers are not used again.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

fn restore(
    session: &Session,
    id: RecordId,
    deleted: i64,
    places: &[LostPlace],
    writes: &mut Writes<'_>,
) -> Result<(), Error> {
    let stored = session.by_id::<Credential>(id).filter(|stored| stored.value.deleted == Some(deleted));
    let mut stored =
        stored.ok_or_else(|| Error::Undo(UndoError::ChangedSince { what: "the deleted key".to_owned() }))?.clone();
    stored.value.deleted = None;
    stored.value.name = restore_as(session, &stored.value.name);
    writes.replace(&stored, session);
    let mut profiles: Vec<RecordId> = places.iter().map(|place| place.profile).collect();
    profiles.dedup();
    for profile in profiles {
        let Some(mut profile) = session.by_id::<Profile>(profile).cloned() else { continue };
        for LostPlace { environment, slot, .. } in places.iter().filter(|place| place.profile == profile.id) {
            let place = profile.value.environments.entry(environment.clone()).or_default();
            if place.is_free(slot) {
                place.insert(slot.clone(), stored.value.name.clone());
            }
        }
        writes.replace(&profile, session);
    }
    Ok(())
}

fn put_back(session: &Session, steps: &[Step], writes: &mut Writes<'_>, ports: &Ports) -> Result<(), Error> {
    for (index, step) in steps.iter().enumerate() {
        let present = session.sealed(step.id).map(|(_, metadata)| metadata);
        let is_untouched = present == step.after.as_deref();
        if !is_untouched && index == 0 {
            return Err(Error::Undo(UndoError::ChangedSince { what: what(step)? }));
        }
        match (is_untouched, present) {
            (false, _) => {}
            (true, Some(_)) => writes.put_back(step, session),
            (true, None) => add_again(session, step, writes, ports)?,
        }
    }
    Ok(())
}

/// A record that was deleted for good comes back as another one that says the same.
fn add_again(session: &Session, step: &Step, writes: &mut Writes<'_>, ports: &Ports) -> Result<(), Error> {
    match step.kind {
        kind::PROFILE => {
            let mut profile = Profile::decode(&step.before)?;
            profile.name = names::free(&profile.name, "restored", |name| session.has::<Profile>(name));
            for place in profile.environments.values_mut() {
                let gone: Vec<String> =
                    place.names().filter(|name| !session.has::<Credential>(name)).map(str::to_owned).collect();
                gone.iter().for_each(|name| drop(place.forget(name)));
            }
            writes.add(&profile, None, ports);
        }
        kind::RECIPE => {
            let mut recipe = Recipe::decode(&step.before)?;
            recipe.name = names::free(&recipe.name, "restored", |name| session.has::<Recipe>(name));
            writes.add(&recipe, None, ports);
        }
        kind::DRAFT => writes.add(&SealedDraft::decode(&step.before)?, None, ports),
        kind::DEFINITION => {
            let own = OwnDefinition::decode(&step.before)?;
            if session.has::<OwnDefinition>(&own.id) {
                return Err(Error::Undo(UndoError::ChangedSince { what: format!("the definition of {:?}", own.id) }));
            }
            writes.add(&own, None, ports);
        }
        _ => {}
    }
    Ok(())
}

/// What a step speaks of: `the profile "Acme"`.
fn what(step: &Step) -> Result<String, Error> {
    Ok(match step.kind {
        kind::PROFILE => format!("the profile {:?}", Profile::decode(&step.before)?.name),
        kind::RECIPE => format!("the recipe {:?}", Recipe::decode(&step.before)?.name),
        kind::DEFINITION => format!("the definition of {:?}", OwnDefinition::decode(&step.before)?.id),
        kind::CREDENTIAL => format!("the key {:?}", Credential::decode(&step.before)?.name),
        _ => "it".to_owned(),
    })
}

/// Where a profile named a credential that was deleted.
#[derive(Debug, Clone)]
pub(crate) struct LostPlace {
    pub(crate) profile: RecordId,
    /// The environment's id.
    pub(crate) environment: String,
    pub(crate) slot: Slot,
}

/// The name under which a deleted key comes back.
pub(crate) fn restore_as(session: &Session, name: &str) -> String {
    names::free(name, "restored", |name| session.has::<Credential>(name))
}
