//! Rotations as the vault keeps them: found, locked, and told what happened, each turn in one transaction with the events of the
//! keys that it changes.

use keyset::{At, KeyId, Keyset, LineId, NewKey, Note, Rotation, RotationId, Step, Turn};
use vault::RecordLock;

use crate::{
    ground::{Error, RotationError, ports::Ports},
    jobs::acceptance,
    resolve::{definitions, environments},
    store::{
        life,
        records::{Credential, CredentialAt, KeyRotation, Profile, Stored, Target},
        session::Session,
        transaction::Writes,
    },
};

/// A rotation and the keys, as they stand.
pub(super) struct Standing {
    pub(super) rotation: Rotation,
    pub(super) keyset: Keyset,
    pub(super) now: At,
}

/// The rotation of this id, as it was sealed last.
pub(super) fn find(session: &Session, id: &RotationId) -> Result<Standing, Error> {
    let found = life::rotation(session, id)?;
    let rotation = found.cloned().ok_or_else(|| RotationError::NoneUnderWay { name: id.0.clone() })?;
    Ok(Standing { now: At(0), keyset: session.keyset()?.clone(), rotation })
}

fn stored<'s>(session: &'s Session, id: &RotationId) -> Result<&'s Stored<KeyRotation>, Error> {
    let found = session.each::<KeyRotation>()?.find(|stored| stored.value.rotation.id() == id);
    found.ok_or_else(|| RotationError::NoneUnderWay { name: id.0.clone() }.into())
}

/// The lock of a rotation: one program at a time takes its steps. Whoever comes second is told, and waits for nobody.
pub(super) fn lock(session: &Session, id: &RotationId) -> Result<RecordLock, Error> {
    let stored = stored(session, id)?;
    let name = || name(&stored.value.rotation, session);
    session.lock_rotation(stored)?.ok_or_else(|| RotationError::TakenElsewhere { name: name() }.into())
}

fn name(rotation: &Rotation, session: &Session) -> String {
    session.keyset().map_or_else(|_| rotation.old().0.clone(), |keyset| key_name(keyset, rotation.old()))
}

/// Seals a turn of a rotation, with the events of the keys that it changes and with what follows from them, or nothing of it.
pub(super) fn tell<E: Into<Error>>(
    session: &mut Session,
    id: &RotationId,
    ports: &Ports,
    turn: impl Fn(&Standing) -> Result<Turn, E>,
) -> Result<(), Error> {
    let now = ports.clock.now();
    session.transact(ports, |session| {
        let mut life = session.living(now)?;
        let rotation = stored(session, id)?.value.rotation.clone();
        let turn = turn(&Standing { rotation, keyset: life.keyset().clone(), now: At(now) }).map_err(Into::into)?;
        life.turn(&turn)?;
        let mut writes = Writes::default();
        writes.put_rotation(&turn.rotation, session, ports)?;
        life.seal(session, &mut writes, ports)?;
        Ok((writes, ()))
    })
}

/// Notices a clock that was set back, before anything else.
pub(super) fn observe(session: &mut Session, id: &RotationId, ports: &Ports) -> Result<(), Error> {
    let standing = find(session, id)?;
    let now = At(ports.clock.now());
    match standing.rotation.observe(&standing.keyset, now)? {
        None => Ok(()),
        Some(_) => tell(session, id, ports, |it| {
            let observed = it.rotation.observe(&it.keyset, it.now)?;
            Ok::<_, keyset::RotationError>(observed.unwrap_or_else(|| Turn {
                rotation: it.rotation.clone(),
                keyset: it.keyset.clone(),
                events: Vec::new(),
            }))
        }),
    }
}

/// The name of a key, as a person knows it.
pub(super) fn key_name(keyset: &Keyset, key: &KeyId) -> String {
    keyset.key(key).map_or_else(|_| key.0.clone(), |(_, key)| key.name().to_owned())
}

/// The credential of a key, deleted or not.
pub(super) fn credential(session: &Session, key: &KeyId) -> Result<Stored<Credential>, Error> {
    let all = session.each::<Credential>()?.chain(session.deleted::<Credential>());
    let found = all.into_iter().find(|stored| life::key_id(stored.id) == *key).cloned();
    let unknown = || keyset::Refusal::Unknown { what: "key", id: key.0.clone() };
    found.ok_or_else(|| keyset::RotationError::Refused(unknown()).into())
}

/// A key of the vault as the keyset knows it, with the line that it has now.
pub(super) fn facts(session: &Session, name: &str) -> Result<(NewKey, LineId), Error> {
    let stored = session.find::<Credential>(name)?;
    let (line, key) = session.keyset()?.key(&life::key_id(stored.id)).map_err(keyset::RotationError::from)?;
    Ok((key.facts.clone(), line.id.clone()))
}

/// Where the provider of a line is called: for a target that uses it, else for any profile that has its account there.
pub(super) fn target(session: &Session, keyset: &Keyset, line: &LineId) -> Result<Target, Error> {
    let found = keyset.line(line).map_err(keyset::RotationError::from)?;
    if let Some(keyset::Target { profile, environment }) = keyset.targets(line).into_iter().next() {
        return Ok(Target { profile, environment });
    }
    let place = &found.place;
    let definition = definitions::named(session, &place.provider)?;
    let environment = environments::environment(definition, &place.environment)?;
    for profile in session.each::<Profile>()?.filter(|profile| profile.value.provider == place.provider) {
        let hosts = match environments::base_url(&profile.value, definition, environment, None) {
            Ok(url) => definition.hosts(&url, &profile.value.variables).unwrap_or_default(),
            // The emulator has an address only while it runs.
            Err(_) => Vec::new(),
        };
        if environment.is_emulated() || hosts.join(" ") == place.account {
            return Ok(Target { profile: profile.value.name.clone(), environment: place.environment.clone() });
        }
    }
    let name = found.active().or(found.keys.last()).map(|key| key.name().to_owned()).unwrap_or_default();
    Err(RotationError::NoProfile { name }.into())
}

/// When a server last accepted a call of ours by the old key, for any target.
pub(super) fn last_accepted(session: &Session, standing: &Standing) -> Result<Option<At>, Error> {
    let name = key_name(&standing.keyset, standing.rotation.old());
    let mut last = None;
    for keyset::Target { profile, environment } in standing.keyset.targets(standing.rotation.line()) {
        let owner = CredentialAt { at: Target { profile, environment }, credential: name.clone() };
        last = last.max(acceptance::last(session, &owner)?);
    }
    Ok(last.map(At))
}

/// The step that was taken since the journal had so many lines.
pub(super) fn taken(rotation: &Rotation, from: usize) -> Option<Step> {
    rotation.journal().iter().skip(from).find_map(|entry| match &entry.note {
        Note::Done { step, .. } => Some(*step),
        _ => None,
    })
}
