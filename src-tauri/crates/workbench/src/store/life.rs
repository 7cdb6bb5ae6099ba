//! The life of the keys of a vault: events that are sealed and never changed, and the records that follow from them.
//!
//! A job that changes the life of a key takes a [`Life`] in its transaction, lets things happen by [`Life::act`], and ends with
//! [`Life::seal`], which writes the events and what follows from them: whether a key is deleted, and which key each profile
//! names. There is no other way: no event, no transition.
//!
//! Profiles go on naming keys by their names, as they did before keys had states, so that programs from then read and write
//! the vault. What they write is noticed by [`keyset::Keyset::catch_up`]; reading takes it as it is, and the next transaction seals it.

use std::collections::{BTreeMap, BTreeSet};

use keyset::{
    Act, Age, At, Before, Event, Key, KeyId, Keyset, Line, LineId, NewKey, Place, Rotation, RotationId, State, Target,
    Turn, What,
};
use vault::RecordId;

use crate::{
    ground::{Error, KeyError, Thing, VaultError, ports::Ports},
    store::{
        records::{Binding, Credential, CredentialKind, KeyEvents, KeyRotation, Left, Profile, Slot, Stored, VERSION},
        session::Session,
        transaction::Writes,
    },
};

/// How many events stand in one record: far below what a record holds.
const MOST_EVENTS: usize = 400;

/// The life of the keys as the vault tells it.
pub(super) struct Known {
    /// The fold of the events, and of what records say that no event tells yet.
    keyset: Keyset,
    /// The sealed events in their order.
    events: Vec<Event>,
    /// Whether records say something that no event tells yet.
    behind: bool,
}

/// The id of a key is that of its record.
pub(crate) fn key_id(id: RecordId) -> KeyId {
    KeyId(id.to_string())
}

/// The line that a key begins. It has the id of that key: a line has no record.
pub(crate) fn line_id(id: RecordId) -> LineId {
    LineId(id.to_string())
}

/// Where a credential belongs. Its hosts tell two accounts apart, as far as a sealed credential can.
pub(crate) fn place(credential: &Credential) -> Place {
    let Some(binding) = &credential.binding else { return Place::nowhere() };
    let Binding { provider, environment, hosts, role, .. } = binding;
    let usual = match credential.kind {
        CredentialKind::PrivateKey => "private_key",
        CredentialKind::SharedSecret => "secret",
        CredentialKind::ApiKey => "api_key",
        CredentialKind::Login => "login",
        CredentialKind::Client => "client",
    };
    Place {
        provider: provider.clone(),
        account: hosts.join(" "),
        environment: environment.clone(),
        credential: role.clone().unwrap_or_else(|| usual.to_owned()),
    }
}

/// A profile and one of its environments, in the words of keyset.
pub(crate) fn target(profile: &str, environment: &str) -> Target {
    Target { profile: profile.to_owned(), environment: environment.to_owned() }
}

/// A key as it comes into the keyset.
pub(crate) fn new_key(id: RecordId, credential: &Credential, made: Age) -> NewKey {
    NewKey {
        id: key_id(id),
        name: credential.name.clone(),
        kid: credential.kid.clone(),
        thumbprint: credential.thumbprint.clone(),
        made,
    }
}

impl Session {
    /// The keys by their lines, as of the last event and what records say since.
    pub fn keyset(&self) -> Result<&Keyset, Error> {
        Ok(&self.known()?.keyset)
    }

    /// Everything that happened to keys, in its order.
    pub fn key_events(&self) -> Result<&[Event], Error> {
        Ok(&self.known()?.events)
    }

    /// What stays of the keys that were destroyed.
    pub fn destroyed_keys(&self) -> Result<impl Iterator<Item = &Left>, Error> {
        Ok(self.each::<KeyEvents>()?.flat_map(|stored| &stored.value.left))
    }

    /// Every rotation, those that ended as well.
    pub fn rotations(&self) -> Result<impl Iterator<Item = &Rotation>, Error> {
        Ok(self.each::<KeyRotation>()?.map(|stored| &stored.value.rotation))
    }

    /// The life of the keys, to be gone on with in a transaction at `now`.
    pub(crate) fn living(&self, now: i64) -> Result<Life, Error> {
        let now = At(now);
        let known = self.known()?;
        let mut life = match known.behind {
            false => Life { keyset: known.keyset.clone(), events: Vec::new(), now },
            true => Life { keyset: replay(&known.events)?, events: Vec::new(), now },
        };
        if let Some(event) = life.keyset.observe(now) {
            life.keyset.apply(&event).map_err(KeyError::Life)?;
            life.events.push(event);
        }
        if known.behind {
            life.follow(self, &Writes::default())?;
        }
        Ok(life)
    }

    fn known(&self) -> Result<&Known, Error> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let known = Known::read(self)?;
        Ok(self.known.get_or_init(|| known))
    }
}

impl Known {
    fn read(session: &Session) -> Result<Self, Error> {
        let mut events: Vec<Event> =
            session.each::<KeyEvents>()?.flat_map(|stored| stored.value.events.iter().cloned()).collect();
        events.sort_by_key(|event| event.seq);
        let mut keyset = replay(&events)?;
        let records = records(session, &Writes::default())?;
        // Reading asks no clock: what is noticed here is sealed by the next transaction, with its time.
        let times = records.iter().filter_map(|record| match record.key.made {
            Age::Made(at) => Some(at),
            Age::NotKnown => record.deleted,
        });
        let now = times.chain(events.last().map(|event| event.at)).max().unwrap_or(At(0));
        let behind = !keyset.catch_up(records, now).map_err(KeyError::Life)?.is_empty();
        Ok(Self { keyset, events, behind })
    }
}

fn replay(events: &[Event]) -> Result<Keyset, Error> {
    Keyset::replay(events)
        .map_err(|refusal| Error::Vault(VaultError::Record { what: Thing::Event, why: refusal.to_string() }))
}

/// The keys as the records will have them once these writes are done.
fn records(session: &Session, writes: &Writes<'_>) -> Result<Vec<Before>, Error> {
    let mut targets: BTreeMap<String, BTreeSet<Target>> = BTreeMap::new();
    for profile in writes.each::<Profile>(session)? {
        for (environment, place) in &profile.value.environments {
            for name in place.names() {
                let (profile, environment) = (profile.value.name.clone(), environment.clone());
                targets.entry(name.to_owned()).or_default().insert(Target { profile, environment });
            }
        }
    }
    let before = |Stored { id, value, .. }: Stored<Credential>| Before {
        line: line_id(id),
        place: place(&value),
        key: new_key(id, &value, age_before(&value)),
        deleted: value.deleted.map(At),
        targets: match (value.deleted, &value.binding) {
            (None, Some(_)) => targets.get(&value.name).cloned().unwrap_or_default(),
            _ => BTreeSet::new(),
        },
    };
    Ok(writes.each::<Credential>(session)?.into_iter().map(before).collect())
}

/// When a key of an older vault was made. A file that came in told nobody; a secret counts from when it was entered.
fn age_before(credential: &Credential) -> Age {
    match credential.origin.starts_with("imported") {
        true => Age::NotKnown,
        false => Age::Made(At(credential.created)),
    }
}

/// The life of the keys in a transaction: what happened so far, and the keyset as it then is.
pub(crate) struct Life {
    keyset: Keyset,
    events: Vec<Event>,
    now: At,
}

impl Life {
    /// The keys as they are after what happened so far.
    pub(crate) const fn keyset(&self) -> &Keyset {
        &self.keyset
    }

    /// A key with its line.
    pub(crate) fn key(&self, key: &KeyId) -> Result<(&Line, &Key), Error> {
        Ok(self.keyset.key(key).map_err(KeyError::Life)?)
    }

    /// Lets something happen, by the rules of keyset: the one way in which the life of a key changes.
    pub(crate) fn act(&mut self, act: Act) -> Result<What, Error> {
        let event = self.keyset.act(act, self.now).map_err(KeyError::Life)?;
        let what = event.what.clone();
        self.events.push(event);
        Ok(what)
    }

    /// Takes over what came of a turn of a rotation, which began from [`Life::keyset`].
    pub(crate) fn turn(&mut self, turn: &Turn) -> Result<(), Error> {
        for event in &turn.events {
            self.keyset.apply(event).map_err(KeyError::Life)?;
            self.events.push(event.clone());
        }
        Ok(())
    }

    /// Lets everything have happened that the records say once these writes are done: for jobs that write records as they
    /// were, or take away a profile.
    pub(crate) fn follow(&mut self, session: &Session, writes: &Writes<'_>) -> Result<(), Error> {
        let events = self.keyset.catch_up(records(session, writes)?, self.now).map_err(KeyError::Life)?;
        self.events.extend(events);
        Ok(())
    }

    /// Writes what happened, and the records that follow from it. A new key is among the writes already.
    pub(crate) fn seal(self, session: &Session, writes: &mut Writes<'_>, ports: &Ports) -> Result<(), Error> {
        if self.events.is_empty() {
            return Ok(());
        }
        let mut left = self.credentials(session, writes)?;
        self.profiles(session, writes)?;
        for events in self.events.chunks(MOST_EVENTS) {
            let record = KeyEvents { v: VERSION, events: events.to_vec(), left: std::mem::take(&mut left) };
            writes.add(&record, None, ports);
        }
        Ok(())
    }

    /// Whether each key is deleted, and the end of those that are destroyed: the public half stays.
    fn credentials(&self, session: &Session, writes: &mut Writes<'_>) -> Result<Vec<Left>, Error> {
        let mut left = Vec::new();
        for mut stored in writes.each::<Credential>(session)? {
            let Ok((_, key)) = self.keyset.key(&key_id(stored.id)) else { continue };
            let deleted = (key.state == State::DestroyScheduled).then_some(key.entered.0);
            if key.state == State::Destroyed {
                writes.delete(&stored, tombstone(&stored.value));
                left.push(Left { key: key.id().clone(), credential: stored.value });
            } else if deleted.is_some() != stored.value.deleted.is_some() {
                stored.value.deleted = deleted;
                writes.replace(&stored, session);
            }
        }
        Ok(left)
    }

    /// Each profile names the active key of the line that a target uses.
    fn profiles(&self, session: &Session, writes: &mut Writes<'_>) -> Result<(), Error> {
        let credentials = writes.each::<Credential>(session)?;
        let by_id: BTreeMap<KeyId, &Credential> =
            credentials.iter().map(|stored| (key_id(stored.id), &stored.value)).collect();
        let known: BTreeSet<&str> = credentials
            .iter()
            .filter(|stored| self.keyset.key(&key_id(stored.id)).is_ok())
            .map(|stored| stored.value.name.as_str())
            .collect();
        let mut wanted: BTreeMap<&str, BTreeMap<&str, BTreeMap<Slot, String>>> = BTreeMap::new();
        for (target, line) in self.keyset.uses() {
            let active = line.active().and_then(|key| by_id.get(key.id()));
            if let Some((credential, binding)) = active.and_then(|it| Some((it, it.binding.as_ref()?))) {
                let place = wanted.entry(&target.profile).or_default().entry(&target.environment).or_default();
                place.insert(binding.slot(), credential.name.clone());
            }
        }
        for mut profile in writes.each::<Profile>(session)? {
            let mut wanted = wanted.remove(profile.value.name.as_str()).unwrap_or_default();
            for (environment, place) in &mut profile.value.environments {
                let slots = wanted.remove(environment.as_str()).unwrap_or_default();
                // A name that stands for nothing here stays: it says what is missing.
                let gone: Vec<String> = place.names().filter(|name| known.contains(name)).map(str::to_owned).collect();
                gone.iter().for_each(|name| drop(place.forget(name)));
                slots.into_iter().for_each(|(slot, name)| drop(place.insert(slot, name)));
            }
            for (environment, slots) in wanted {
                let place = profile.value.environments.entry(environment.to_owned()).or_default();
                slots.into_iter().for_each(|(slot, name)| drop(place.insert(slot, name)));
            }
            writes.replace(&profile, session);
        }
        Ok(())
    }
}

impl Writes<'_> {
    /// A rotation as it is now: a new record when it begins, the same one with each step.
    pub(crate) fn put_rotation(&mut self, rotation: &Rotation, session: &Session, ports: &Ports) -> Result<(), Error> {
        let value = KeyRotation { v: VERSION, rotation: rotation.clone() };
        match session.each::<KeyRotation>()?.find(|stored| stored.value.rotation.id() == rotation.id()) {
            Some(stored) => self.replace(&Stored { value, ..stored.clone() }, session),
            None => self.add(&value, None, ports),
        }
        Ok(())
    }
}

/// The rotation of this id.
pub(crate) fn rotation<'s>(session: &'s Session, id: &RotationId) -> Result<Option<&'s Rotation>, Error> {
    Ok(session.rotations()?.find(|rotation| rotation.id() == id))
}

/// What stays in the vault of a record that was destroyed.
fn tombstone(credential: &Credential) -> String {
    let kid = credential.kid.as_deref().unwrap_or("none");
    let alg = credential.alg.map(|alg| format!(" for {alg}")).unwrap_or_default();
    format!("{} {}, {}{alg}, kid {kid}", credential.kind.words(), credential.name, credential.describe)
}
