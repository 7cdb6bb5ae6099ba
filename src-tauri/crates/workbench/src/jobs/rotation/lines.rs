//! Lines as a person looks at them: their keys with the states that these were in, what is due, and how they are rotated.

use std::collections::{BTreeMap, BTreeSet};

use keyset::{Act, At, Copy, Due, Event, Key, KeyId, Keyset, LineId, Method, RotationId, State};
use provider::Tier;

use super::due::due;
use crate::{
    ground::{Error, ports::Ports},
    jobs::keys,
    policy::rotating,
    store::{
        life,
        records::{Binding, Credential},
        session::Session,
        transaction::Writes,
    },
};

/// A line, with what it does not know of itself.
#[derive(Debug, Clone)]
pub struct LineView {
    /// Its keys, and where they belong.
    pub line: keyset::Line,
    /// Where, in words: `Sandbox at Gr4vy`.
    pub label: String,
    /// How much care the environment wants.
    pub tier: Tier,
    /// The targets that call with its active key.
    pub targets: BTreeSet<keyset::Target>,
    /// The states that each key was in, in their order; the last is the present one.
    pub stays: BTreeMap<KeyId, Vec<Stay>>,
    /// What is due of its active key.
    pub due: Option<Due>,
    /// How its provider allows to rotate it; none if the definition says nothing of it.
    pub method: Option<&'static Method>,
    /// The rotation that is under way.
    pub rotation: Option<RotationId>,
}

/// A state that a key was in, or is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The state.
    pub state: State,
    /// Since when.
    pub from: At,
    /// Until when; none for the present state.
    pub until: Option<At>,
}

/// What is known of one key beside its line.
#[derive(Debug, Clone)]
pub struct KeyLife {
    /// Its name.
    pub name: String,
    /// The line that it belongs to; none for a key that is bound to no place.
    pub line: Option<LineView>,
    /// When a server last accepted a call with it, in seconds since 1970.
    pub last_accepted: Option<i64>,
    /// Where copies of it are.
    pub copies: Vec<Copy>,
}

/// Every line whose keys are sealed for a place. One of which all keys were destroyed has nothing left to show.
pub fn lines(session: &Session, ports: &Ports) -> Result<Vec<LineView>, Error> {
    let keyset = session.keyset()?;
    let due: BTreeMap<String, Due> = due(session, ports)?.into_iter().collect();
    let rotations: BTreeMap<&LineId, &RotationId> =
        session.rotations()?.filter(|it| it.current().is_some()).map(|it| (it.line(), it.id())).collect();
    let mut stays = stays(session.key_events()?, keyset)?;
    let mut found = Vec::new();
    for line in keyset.lines() {
        let Some((credential, Binding { label, tier, .. })) = line.keys.iter().find_map(|key| sealed(session, key))
        else {
            continue;
        };
        found.push(LineView {
            label: label.clone(),
            tier: *tier,
            targets: keyset.targets(&line.id),
            stays: line.keys.iter().map(|key| (key.id().clone(), stays.remove(key.id()).unwrap_or_default())).collect(),
            due: line.active().and_then(|key| due.get(key.name()).copied()),
            method: rotating::method(session, credential, None).ok().map(|(_, method)| method),
            rotation: rotations.get(&line.id).copied().cloned(),
            line: line.clone(),
        });
    }
    Ok(found)
}

/// What is known of the key of this name.
pub fn key_life(session: &Session, name: &str, ports: &Ports) -> Result<KeyLife, Error> {
    let stored = keys::shown(session, name)?;
    let id = life::key_id(stored.id);
    let line = lines(session, ports)?.into_iter().find(|it| it.line.keys.iter().any(|key| *key.id() == id));
    Ok(KeyLife {
        name: name.to_owned(),
        line,
        last_accepted: keys::row_of(session, &stored.value.name, ports.clock.now())?.accepted,
        copies: keyset::copies(session.key_events()?, &id),
    })
}

/// Notes where a person says that a copy of a key is.
pub fn note_copy(session: &mut Session, name: &str, to: &str, ports: &Ports) -> Result<(), Error> {
    let now = ports.clock.now();
    session.transact(ports, |session| {
        let key = life::key_id(keys::shown(session, name)?.id);
        let mut life = session.living(now)?;
        life.act(Act::NoteCopy { key, to: to.to_owned() })?;
        let mut writes = Writes::default();
        life.seal(session, &mut writes, ports)?;
        Ok((writes, ()))
    })
}

fn sealed<'s>(session: &'s Session, key: &Key) -> Option<(&'s Credential, &'s Binding)> {
    let credential = &session.find::<Credential>(key.name()).ok()?.value;
    Some((credential, credential.binding.as_ref()?))
}

/// The states of every key as the events tell them, and the present one of each.
fn stays(events: &[Event], present: &Keyset) -> Result<BTreeMap<KeyId, Vec<Stay>>, Error> {
    let mut stays: BTreeMap<KeyId, Vec<Stay>> = BTreeMap::new();
    let mut then = Keyset::default();
    let mut enters = |key: &Key| {
        let known = stays.entry(key.id().clone()).or_default();
        if known.last().is_some_and(|last| last.state == key.state) {
            return;
        }
        if let Some(last) = known.last_mut() {
            last.until = Some(key.entered);
        }
        known.push(Stay { state: key.state, from: key.entered, until: None });
    };
    for event in events {
        then.apply(event).map_err(keyset::RotationError::from)?;
        for id in event.what.keys() {
            if let Ok((_, key)) = then.key(id) {
                enters(key);
            }
        }
    }
    // What another program wrote has no event before the next change.
    present.lines().flat_map(|line| &line.keys).for_each(enters);
    Ok(stays)
}
