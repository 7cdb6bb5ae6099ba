//! Deleted keys: sealed as before, found under no name, restored for 30 days, then gone for good.

use std::collections::BTreeSet;

use crate::{
    ground::{CredentialError, Error, NameError, Thing, names, ports::Ports},
    jobs::undo::{LostPlace, Undo, restore_as},
    store::{
        cascade,
        records::{Credential, Profile, Stored},
        session::Session,
        transaction::Writes,
    },
};

/// How long a deleted key can be restored, in seconds: 30 days.
pub const KEPT_FOR: i64 = 30 * 86_400;

/// Deletes a key. Profiles that used it have none there; its name is free again. The undo puts all of it back. The tokens
/// that servers issued to it stay with it, until another key takes its name or it is gone for good.
pub fn delete(session: &mut Session, name: &str, ports: &Ports) -> Result<Undo, Error> {
    let now = ports.clock.now();
    session.transact(ports, |session| {
        let mut stored = session.named::<Credential>(name)?;
        stored.value.deleted = Some(now);
        let mut writes = Writes::default();
        writes.replace(&stored, session);
        let mut places = Vec::new();
        for profile in session.each::<Profile>()? {
            let mut changed = profile.clone();
            for (environment, place) in &mut changed.value.environments {
                let slots = place.forget(name).into_iter();
                places.extend(slots.map(|slot| LostPlace {
                    profile: profile.id,
                    environment: environment.clone(),
                    slot,
                }));
            }
            writes.replace(&changed, session);
        }
        let words = format!("Deleted {name}. It can be restored for 30 days.");
        Ok((writes, Undo::of_key(words, stored.id, now, places)))
    })
}

/// Restores a deleted key, under its name if that is free. `name` is the one it is shown under.
pub fn restore(session: &mut Session, name: &str, ports: &Ports) -> Result<Credential, Error> {
    session.transact(ports, |session| {
        let mut stored = in_trash(session, name)?.clone();
        stored.value.deleted = None;
        stored.value.name = restore_as(session, &stored.value.name);
        let mut writes = Writes::default();
        writes.replace(&stored, session);
        Ok((writes, stored.value))
    })
}

/// Destroys a deleted key for good. `name` is the one it is shown under.
pub fn destroy(session: &mut Session, name: &str, ports: &Ports) -> Result<(), Error> {
    session.transact(ports, |session| {
        let stored = match in_trash(session, name) {
            Err(Error::Name(NameError::NotFound { .. })) if session.has::<Credential>(name) => {
                return Err(Error::Credential(CredentialError::NotDeleted { name: name.to_owned() }));
            }
            found => found?,
        };
        let mut writes = Writes::default();
        writes.delete(stored, tombstone(&stored.value));
        forget_tokens(session, stored, &mut writes)?;
        Ok((writes, ()))
    })
}

/// Destroys for good what was deleted 30 days ago; says how many keys that were. Called when a vault is unlocked.
pub fn purge(session: &mut Session, ports: &Ports) -> Result<usize, Error> {
    let due = ports.clock.now().saturating_sub(KEPT_FOR);
    let is_due = |stored: &&Stored<Credential>| stored.value.deleted.is_some_and(|at| at <= due);
    if session.deleted::<Credential>().filter(is_due).count() == 0 {
        return Ok(0);
    }
    session.transact(ports, |session| {
        let mut writes = Writes::default();
        let mut count = 0;
        for stored in session.deleted::<Credential>().filter(is_due) {
            writes.delete(stored, tombstone(&stored.value));
            forget_tokens(session, stored, &mut writes)?;
            count += 1;
        }
        Ok((writes, count))
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

/// What stays in the vault of a key that was destroyed.
fn tombstone(credential: &Credential) -> String {
    let kid = credential.kid.as_deref().unwrap_or("none");
    let alg = credential.alg.map(|alg| format!(" for {alg}")).unwrap_or_default();
    format!("{} {}, {}{alg}, kid {kid}", credential.kind.words(), credential.name, credential.describe)
}
