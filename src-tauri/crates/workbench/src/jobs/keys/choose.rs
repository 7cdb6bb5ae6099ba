//! Choice of the key that a target calls with. A choice between lines is not a rotation, and has Undo.

use std::collections::BTreeSet;

use keyset::{Act, Keyset, Target, What};
use provider::Definition;
use vault::RecordId;

use super::For;
use crate::{
    ground::{Error, ports::Ports},
    jobs::undo::Undo,
    policy::{binding, signer},
    store::{
        life::{Life, key_id, place, target},
        records::Credential,
        session::Session,
        transaction::Writes,
    },
};

/// What a choice came to.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The key's metadata: sealed for the place, if it was sealed for none.
    pub credential: Credential,
    /// The key that the target called with before.
    pub instead: Option<String>,
}

/// Lets a target call with this key from now on. Within a line that goes by a rotation alone.
pub fn choose_for(
    session: &mut Session,
    name: &str,
    place: For<'_>,
    ports: &Ports,
) -> Result<(Chosen, Option<Undo>), Error> {
    let ((chosen, choice), steps) = session.transact_undoable(ports, |session| {
        let mut stored = session.named::<Credential>(name)?;
        let before = stored.value.clone();
        let (profile, definition, environment) = signer::place(session, place.profile, place.environment)?;
        binding::bind(&mut stored.value, definition, environment, &profile.value, None)?;
        binding::agree_to_hosts(&before, &stored.value, ports)?;
        let target = target(&profile.value.name, &environment.id);
        let mut life = session.living(ports.clock.now())?;
        let instead = in_use(life.keyset(), definition, &target, &stored.value).filter(|other| other != name);
        let mut writes = Writes::default();
        writes.replace(&stored, session);
        let choice = choose(&mut life, definition, &target, stored.id, &stored.value)?;
        life.seal(session, &mut writes, ports)?;
        Ok((writes, (Chosen { credential: stored.value, instead }, choice)))
    })?;
    let words = format!("{} calls with {name} now.", place.profile);
    Ok((chosen, choice.map(|choice| Undo::of_choices(words, steps, vec![choice]))))
}

/// Ends every use of the line of a key, so that it can be deleted; answers the targets that have no key now.
pub fn end_use(session: &mut Session, name: &str, ports: &Ports) -> Result<BTreeSet<Target>, Error> {
    session.transact(ports, |session| {
        let mut life = session.living(ports.clock.now())?;
        let (line, _) = life.key(&key_id(session.find::<Credential>(name)?.id))?;
        let line = line.id.clone();
        let targets = life.keyset().targets(&line);
        life.act(Act::EndUse { line })?;
        let mut writes = Writes::default();
        life.seal(session, &mut writes, ports)?;
        Ok((writes, targets))
    })
}

/// The name of the key that a target uses in the slot of this credential: the one that calls, else the last of its line.
pub(crate) fn in_use(
    keyset: &Keyset,
    definition: &Definition,
    target: &Target,
    credential: &Credential,
) -> Option<String> {
    let role = place(credential).credential;
    let here = keyset.uses().filter(|(user, _)| *user == target).map(|(_, line)| line);
    let mut same = here.filter(|line| shares_slot(definition, &line.place.credential, &role));
    same.find_map(|line| line.active().or(line.keys.last()).map(|key| key.name().to_owned()))
}

/// Lets a target use a sealed key, which is among the writes as it is sealed for the target. Nothing happens where it does
/// already.
pub(crate) fn choose(
    life: &mut Life,
    definition: &Definition,
    target: &Target,
    id: RecordId,
    credential: &Credential,
) -> Result<Option<What>, Error> {
    let (key, place) = (key_id(id), place(credential));
    let (line, _) = life.key(&key)?;
    if line.place.is_nowhere() && !place.is_nowhere() {
        life.act(Act::Bind { key: key.clone(), place: place.clone() })?;
    }
    if life.keyset().caller(target, &place.credential).is_some_and(|caller| *caller.id() == key) {
        return Ok(None);
    }
    leave(life, definition, target, &place.credential, true)?;
    life.act(Act::Choose { target: target.clone(), place, key }).map(Some)
}

/// Lets a target use no key any more where this credential stands, or where `others` is set, none of the provider's other
/// credentials that stand in the same slot.
pub(crate) fn leave(
    life: &mut Life,
    definition: &Definition,
    target: &Target,
    role: &str,
    others: bool,
) -> Result<(), Error> {
    let here = life.keyset().uses().filter(|(user, _)| *user == target).map(|(_, line)| line);
    let shared = here.filter(|line| shares_slot(definition, &line.place.credential, role));
    let left = shared.filter(|line| !others || line.place.credential != role);
    for line in left.map(|line| line.id.clone()).collect::<Vec<_>>() {
        life.act(Act::Leave { target: target.clone(), line })?;
    }
    Ok(())
}

/// Whether two of a provider's credentials stand in one slot of a target: what calls are made with is one.
fn shares_slot(definition: &Definition, one: &str, other: &str) -> bool {
    one == other || (definition.authenticates(one) && definition.authenticates(other))
}
