//! Undo of a deletion or a change: once, and only while the record still is as the change left it.

use std::collections::VecDeque;

use keyset::What;
use vault::RecordId;

use crate::{
    ground::{Error, UndoError, names, ports::Ports},
    jobs::keys,
    store::{
        index::Layout,
        life::Life,
        records::{Credential, OwnDefinition, Profile, Recipe, SealedDraft, Stored, kind},
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
    /// Puts records back as they were, and takes choices back. The first record must be as the change left it; of the others,
    /// those that are.
    Records(Vec<Step>, Vec<What>),
    /// Restores a key that was deleted at that time, and gives it back to the targets that have no other.
    Key { id: RecordId, deleted: i64 },
}

impl Undo {
    pub(crate) fn of_records(words: String, steps: Vec<Step>) -> Self {
        Self { words, act: Act::Records(steps, Vec::new()) }
    }

    /// The same for a change that chose keys: these are the choices.
    pub(crate) fn of_choices(words: String, steps: Vec<Step>, choices: Vec<What>) -> Self {
        Self { words, act: Act::Records(steps, choices) }
    }

    pub(crate) fn of_key(words: String, id: RecordId, deleted: i64) -> Self {
        Self { words, act: Act::Key { id, deleted } }
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
                Act::Records(steps, choices) => {
                    put_back(session, steps, &mut writes, ports)?;
                    let mut life = session.living(ports.clock.now())?;
                    choices.iter().rev().try_for_each(|choice| unchoose(&mut life, choice))?;
                    life.follow(session, &writes)?;
                    life.seal(session, &mut writes, ports)?;
                }
                Act::Key { id, deleted } => restore(session, *id, *deleted, &mut writes, ports)?,
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

fn restore(session: &Session, id: RecordId, deleted: i64, writes: &mut Writes<'_>, ports: &Ports) -> Result<(), Error> {
    let stored = session.by_id::<Credential>(id).filter(|stored| stored.value.deleted == Some(deleted));
    let stored = stored.ok_or_else(|| Error::Undo(UndoError::ChangedSince { what: "the deleted key".to_owned() }))?;
    keys::take_out(session, stored, writes, ports).map(drop)
}

/// Takes a choice back; of what else happened with it, the records tell.
fn unchoose(life: &mut Life, choice: &What) -> Result<(), Error> {
    if let What::Chosen { target, line, instead, activated } = choice.clone() {
        life.act(keyset::Act::Unchoose { target, line, back_to: instead, activated })?;
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
            (true, Some(_)) if step.kind == kind::CREDENTIAL => put_key_back(session, step, writes)?,
            (true, Some(_)) => writes.put_back(step, session),
            (true, None) => add_again(session, step, writes, ports)?,
        }
    }
    Ok(())
}

/// A key as it was before a step, but for where it belongs: it stays sealed for its place, once it has one.
fn put_key_back(session: &Session, step: &Step, writes: &mut Writes<'_>) -> Result<(), Error> {
    if let Some(stored) = session.by_id::<Credential>(step.id) {
        let mut before = Credential::decode(&step.before)?;
        before.binding = before.binding.or_else(|| stored.value.binding.clone());
        writes.replace(&Stored { value: before, ..stored.clone() }, session);
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

/// The name under which a deleted key comes back.
pub(crate) fn restore_as(session: &Session, name: &str) -> String {
    names::free(name, "restored", |name| session.has::<Credential>(name))
}
