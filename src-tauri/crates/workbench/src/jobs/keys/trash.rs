//! Deleted keys: sealed as before, found under no name, restored for 30 days, then gone for good.

use std::collections::BTreeSet;

use keyset::{Act, At, KeyId, State};

use crate::{
    ground::{CredentialError, Error, NameError, Thing, names, ports::Ports},
    jobs::undo::{Undo, restore_as},
    store::{
        cascade,
        life::key_id,
        records::{Credential, Stored},
        session::Session,
        transaction::Writes,
    },
};

/// How long a deleted key can be restored, in seconds: 30 days.
pub const KEPT_FOR: i64 = keyset::KEPT_FOR.0 as i64;

/// Puts a key into the trash; its name is free again. The active key of a line that targets use is refused. The tokens that
/// servers issued to it stay with it, until another key takes its name or it is gone for good.
pub fn delete(session: &mut Session, name: &str, ports: &Ports) -> Result<Undo, Error> {
    put_away(session, name, false, ports)
}

/// The same for a key that targets use: their use ends first, so that they have no key there. The undo gives it back to them.
pub fn delete_ending_use(session: &mut Session, name: &str, ports: &Ports) -> Result<Undo, Error> {
    put_away(session, name, true, ports)
}

fn put_away(session: &mut Session, name: &str, ends_use: bool, ports: &Ports) -> Result<Undo, Error> {
    let now = ports.clock.now();
    session.transact(ports, |session| {
        let stored = session.find::<Credential>(name)?;
        let key = key_id(stored.id);
        let mut life = session.living(now)?;
        let (line, found) = life.key(&key)?;
        if ends_use && found.state == State::Active && !life.keyset().targets(&line.id).is_empty() {
            let line = line.id.clone();
            life.act(Act::EndUse { line })?;
        }
        life.act(Act::Delete { key })?;
        let mut writes = Writes::default();
        life.seal(session, &mut writes, ports)?;
        let words = format!("Deleted {name}. It can be restored for 30 days.");
        Ok((writes, Undo::of_key(words, stored.id, now)))
    })
}

/// Restores a deleted key, under its name if that is free, and gives it back to the targets that lost it. `name` is the one
/// it is shown under.
pub fn restore(session: &mut Session, name: &str, ports: &Ports) -> Result<Credential, Error> {
    session.transact(ports, |session| {
        let stored = in_trash(session, name)?;
        let mut writes = Writes::default();
        let credential = take_out(session, stored, &mut writes, ports)?;
        Ok((writes, credential))
    })
}

/// Takes a key out of the trash, among these writes.
pub(crate) fn take_out(
    session: &Session,
    stored: &Stored<Credential>,
    writes: &mut Writes<'_>,
    ports: &Ports,
) -> Result<Credential, Error> {
    let mut life = session.living(ports.clock.now())?;
    let key = key_id(stored.id);
    life.act(Act::Restore { key: key.clone() })?;
    let mut stored = stored.clone();
    stored.value.deleted = None;
    let name = restore_as(session, &stored.value.name);
    if name != stored.value.name {
        stored.value.name.clone_from(&name);
        life.act(Act::Rename { key, name })?;
    }
    writes.replace(&stored, session);
    life.seal(session, writes, ports)?;
    Ok(stored.value)
}

/// Destroys a deleted key for good, before its time in the trash is over. `name` is the one it is shown under.
pub fn destroy(session: &mut Session, name: &str, ports: &Ports) -> Result<(), Error> {
    session.transact(ports, |session| {
        let stored = match in_trash(session, name) {
            Err(Error::Name(NameError::NotFound { .. })) if session.has::<Credential>(name) => {
                return Err(Error::Credential(CredentialError::NotDeleted { name: name.to_owned() }));
            }
            found => found?,
        };
        let mut life = session.living(ports.clock.now())?;
        life.act(Act::Destroy { key: key_id(stored.id), early: true })?;
        let mut writes = Writes::default();
        forget_tokens(session, stored, &mut writes)?;
        life.seal(session, &mut writes, ports)?;
        Ok((writes, ()))
    })
}

/// Destroys for good the keys whose time in the trash is over; says how many those were. Called when a vault is unlocked.
pub fn purge(session: &mut Session, ports: &Ports) -> Result<usize, Error> {
    let now = ports.clock.now();
    if session.keyset()?.to_purge(At(now)).is_empty() {
        return Ok(0);
    }
    session.transact(ports, |session| {
        let mut writes = Writes::default();
        let mut life = session.living(now)?;
        let due: Vec<KeyId> = life.keyset().to_purge(At(now)).into_iter().map(|key| key.id().clone()).collect();
        for stored in session.deleted::<Credential>().filter(|stored| due.contains(&key_id(stored.id))) {
            forget_tokens(session, stored, &mut writes)?;
        }
        for key in &due {
            life.act(Act::Destroy { key: key.clone(), early: false })?;
        }
        life.seal(session, &mut writes, ports)?;
        Ok((writes, due.len()))
    })
}

/// Every key that was deleted, with the name it is shown under: its own, unless another one has that now.
pub(super) fn trash(session: &Session) -> Vec<(String, &Stored<Credential>)> {
    let mut taken = BTreeSet::new();
    let mut shown = Vec::new();
    for stored in session.deleted::<Credential>() {
        let is_taken = |name: &str| session.has::<Credential>(name) || taken.contains(name);
        let name = names::free(&stored.value.name, "deleted", is_taken);
        taken.insert(name.clone());
        shown.push((name, stored));
    }
    shown
}

/// The key that is shown under this name, deleted or not.
pub(crate) fn shown<'s>(session: &'s Session, name: &str) -> Result<&'s Stored<Credential>, Error> {
    match session.find::<Credential>(name) {
        Err(Error::Name(NameError::NotFound { what, name, nearest, known })) => match in_trash(session, &name) {
            Ok(stored) => Ok(stored),
            Err(_) => Err(Error::Name(NameError::NotFound { what, name, nearest, known })),
        },
        found => found,
    }
}

fn in_trash<'s>(session: &'s Session, name: &str) -> Result<&'s Stored<Credential>, Error> {
    let mut trash = trash(session);
    match trash.iter().position(|(shown, _)| shown == name) {
        Some(index) => Ok(trash.swap_remove(index).1),
        None => Err(names::not_found(Thing::DeletedKey, name, trash.iter().map(|(shown, _)| shown.as_str()))),
    }
}

/// The tokens of a key that is gone for good go with it, unless another key has its name now.
fn forget_tokens(session: &Session, stored: &Stored<Credential>, writes: &mut Writes<'_>) -> Result<(), Error> {
    match session.has::<Credential>(&stored.value.name) {
        true => Ok(()),
        false => cascade::forget_credential(session, &stored.value.name, writes),
    }
}
