//! Choice of the key that a target calls with. A choice between lines is no rotation, and has Undo.

use keyset::{Act, Keyset, Target, What};
use provider::Definition;
use vault::RecordId;

use crate::{
    ground::Error,
    store::{
        life::{Life, key_id, place},
        records::Credential,
    },
};

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
