//! The rules: which act goes in which state, and what it makes happen.

use std::collections::BTreeSet;

use super::{Act, Keyset};
use crate::{
    event::{Activated, What},
    key::{Key, KeyId, Line, LineId, NewKey, Place, State, Target},
    refusal::Refusal,
    time::At,
};

pub(super) fn decide(keyset: &Keyset, act: Act, now: At) -> Result<What, Refusal> {
    match act {
        Act::Add { line, place, key } => add(keyset, line, place, key),
        Act::Bind { key, place } => bind(keyset, key, place),
        Act::Rename { key, name } => keyset.key(&key).map(|_| What::Renamed { key, name }),
        Act::Choose { target, place, key } => choose(keyset, target, &place, &key),
        Act::Unchoose { target, line, back_to, activated } => unchoose(keyset, target, line, back_to, activated),
        Act::Leave { target, line } => leave(keyset, target, &line),
        Act::RenameProfile { profile, name } => Ok(What::ProfileRenamed { profile, name }),
        Act::Join { key, line } => join(keyset, key, line),
        Act::Publish { key } => publish(keyset, key),
        Act::Prove { key, status } => {
            from(keyset, &key, "proving", &[State::Published, State::Active, State::Retiring])?;
            Ok(What::Proved { key, status })
        }
        Act::Promote { key, early_by } => {
            let (line, next) = from(keyset, &key, "promoting", &[State::Published])?;
            sound(next, State::Active)?;
            let old = line.active().map(|old| old.id().clone());
            let targets = keyset.targets(&line.id);
            Ok(What::Promoted { key, old, targets, early_by })
        }
        Act::TakeBack { line } => take_back(keyset, &line),
        Act::Retire { key, early_by } => {
            let (line, retiring) = from(keyset, &key, "retiring", &[State::Active, State::Retiring])?;
            unused(keyset, line, retiring, "retiring")?;
            Ok(What::Retired { key, early_by })
        }
        Act::Unretire { key } => {
            let (_, retired) = from(keyset, &key, "undoing the retirement", &[State::Retired])?;
            sound(retired, State::Retiring)?;
            Ok(What::Unretired { key })
        }
        Act::EndUse { line } => end_use(keyset, &line),
        Act::Delete { key } => delete(keyset, key),
        Act::Restore { key } => restore(keyset, key),
        Act::Destroy { key, early } => destroy(keyset, key, early, now),
        Act::ReportLeak { key } => {
            let (_, leaked) = keyset.key(&key)?;
            // A second report changes nothing: the first is the time that counts.
            match leaked.leaked {
                Some(at) => Err(Refusal::Leaked { name: leaked.name().to_owned(), at, wanted: leaked.state }),
                None => Ok(What::LeakReported { key }),
            }
        }
        Act::Compromise { key } => compromise(keyset, key),
        Act::Export { key, form, to } => {
            let (_, exported) = keyset.key(&key)?;
            match exported.state.holds_private() {
                true => Ok(What::Exported { key, form, to }),
                false => Err(Refusal::NoPrivateHalf { name: exported.name().to_owned(), at: exported.entered }),
            }
        }
        Act::NoteCopy { key, to } => keyset.key(&key).map(|_| What::CopyNoted { key, to }),
    }
}

fn add(keyset: &Keyset, line: LineId, place: Place, key: NewKey) -> Result<What, Refusal> {
    unused_ids(keyset, &line, &key)?;
    unused_kid(keyset, &place, &key)?;
    Ok(What::Added { line, place, key })
}

fn bind(keyset: &Keyset, key: KeyId, place: Place) -> Result<What, Refusal> {
    let (line, bound) = keyset.key(&key)?;
    if !line.place.is_nowhere() {
        fits(line, format!("the place of {:?}", bound.name()), &place)?;
    }
    unused_kid(keyset, &place, &bound.facts)?;
    Ok(What::Bound { key, place })
}

/// A server knows a key by its kid. One that it knew before, under any name, would be taken for that one. Nowhere is no server.
fn unused_kid(keyset: &Keyset, place: &Place, key: &NewKey) -> Result<(), Refusal> {
    if place.is_nowhere() {
        return Ok(());
    }
    let there = |line: &&Line| line.place.provider == place.provider && line.place.environment == place.environment;
    let others = keyset.lines.values().filter(there).flat_map(|line| &line.keys).filter(|other| *other.id() != key.id);
    for other in others {
        let members = [("kid", &key.kid, &other.facts.kid), ("thumbprint", &key.thumbprint, &other.facts.thumbprint)];
        for (member, ours, theirs) in members {
            if let (Some(found), true) = (ours, ours == theirs) {
                let (found, by) = (found.clone(), other.name().to_owned());
                return Err(Refusal::KidUsed { member, found, by, state: other.state });
            }
        }
    }
    Ok(())
}

/// The ids of a key and its line are new.
pub(super) fn unused_ids(keyset: &Keyset, line: &LineId, key: &NewKey) -> Result<(), Refusal> {
    if keyset.lines.contains_key(line) || keyset.ended.contains(line) {
        return Err(Refusal::IdUsed { what: "line", id: line.0.clone() });
    }
    match keyset.key(&key.id) {
        Ok(_) => Err(Refusal::IdUsed { what: "key", id: key.id.0.clone() }),
        Err(_) => Ok(()),
    }
}

fn choose(keyset: &Keyset, target: Target, place: &Place, key: &KeyId) -> Result<What, Refusal> {
    let (line, chosen) = keyset.key(key)?;
    // Another account is a choice; another provider, environment or credential would never work.
    let here = Place { account: line.place.account.clone(), ..place.clone() };
    fits(line, format!("the target {target}"), &here)?;
    fits(line, format!("the target {target}"), &Place { environment: target.environment.clone(), ..here })?;
    let activated = match (line.active(), chosen.state) {
        (_, State::Active) => None,
        (None, from @ (State::Draft | State::Published | State::Retiring)) => {
            sound(chosen, State::Active)?;
            Some(Activated { key: key.clone(), from })
        }
        (None, found) => {
            let wanted = &[State::Draft, State::Published, State::Active, State::Retiring];
            return Err(Refusal::State { name: chosen.name().to_owned(), act: "choosing", found, wanted });
        }
        // Within a line the next key comes by a promotion, for all targets at once.
        (Some(_), found) => {
            let wanted = &[State::Active];
            return Err(Refusal::State { name: chosen.name().to_owned(), act: "choosing", found, wanted });
        }
    };
    let instead = keyset.line_of(&target, &line.place.credential).cloned();
    if instead.as_ref() == Some(&line.id) && activated.is_none() {
        return Err(Refusal::ChosenAlready { target, line: title(line) });
    }
    Ok(What::Chosen { target, line: line.id.clone(), instead, activated })
}

fn unchoose(
    keyset: &Keyset,
    target: Target,
    line: LineId,
    back_to: Option<LineId>,
    activated: Option<Activated>,
) -> Result<What, Refusal> {
    let chosen = keyset.line(&line)?;
    let named = keyset.line_of(&target, &chosen.place.credential);
    if named != Some(&line) {
        let found = named.map_or_else(String::new, ToString::to_string);
        return Err(Refusal::ChangedSince { target, found, wanted: line.0 });
    }
    // An undo leaves no target without a key, unless an incident had done so.
    let calls = |line: &Line| line.active().is_some() || line.in_state(State::Compromised).is_some();
    if let Some(back_to) = back_to.as_ref().filter(|back_to| !keyset.lines.get(*back_to).is_some_and(calls)) {
        return Err(Refusal::NothingToGoBackTo { target, line: back_to.0.clone() });
    }
    let others = keyset.targets(&line).iter().any(|other| *other != target);
    let stays = back_to.as_ref() == Some(&line);
    let is_active = |it: &Activated| chosen.active().is_some_and(|active| *active.id() == it.key);
    let deactivated = activated.filter(|it| is_active(it) && !others && !stays);
    // Another key may have been published meanwhile: then this one is a draft beside it.
    let from = |from| if chosen.in_state(State::Published).is_some() { State::Draft } else { from };
    let deactivated = deactivated.map(|it| Activated { from: from(it.from), ..it });
    Ok(What::Unchosen { target, line, back_to, deactivated })
}

fn leave(keyset: &Keyset, target: Target, line: &LineId) -> Result<What, Refusal> {
    let left = keyset.line(line)?;
    let named = keyset.line_of(&target, &left.place.credential);
    match left.active().or(left.keys.last()) {
        Some(key) if named == Some(line) => Ok(What::Left { key: key.id().clone(), target }),
        _ => {
            let found = named.map_or_else(String::new, ToString::to_string);
            Err(Refusal::ChangedSince { target, found, wanted: line.0.clone() })
        }
    }
}

fn join(keyset: &Keyset, key: KeyId, line: LineId) -> Result<What, Refusal> {
    let (own, draft) = from(keyset, &key, "rotating to it", &[State::Draft])?;
    let wanted = keyset.line(&line)?;
    if own.id == line {
        return Err(Refusal::SameLine { name: draft.name().to_owned() });
    }
    if own.keys.len() > 1 {
        return Err(Refusal::NotAlone { name: draft.name().to_owned(), others: own.keys.len() - 1 });
    }
    fits(wanted, format!("the key {:?}", draft.name()), &own.place)?;
    if let Some(next) = wanted.successor() {
        let (name, state) = (next.name().to_owned(), next.state);
        return Err(Refusal::HasSuccessor { line: title(wanted), name, state });
    }
    if wanted.active().is_none() && wanted.in_state(State::Compromised).is_none() {
        return Err(Refusal::NothingToFollow { line: title(wanted) });
    }
    Ok(What::Joined { key, from: own.id.clone(), line })
}

fn publish(keyset: &Keyset, key: KeyId) -> Result<What, Refusal> {
    let (line, _) = from(keyset, &key, "publishing", &[State::Draft])?;
    match line.in_state(State::Published) {
        Some(next) => Err(Refusal::HasSuccessor { line: title(line), name: next.name().to_owned(), state: next.state }),
        None => Ok(What::Published { key }),
    }
}

fn take_back(keyset: &Keyset, line: &LineId) -> Result<What, Refusal> {
    let line = keyset.line(line)?;
    let none = || Refusal::NothingToTakeBack { name: title(line), old: None };
    let active = line.active().ok_or_else(none)?;
    let old = active.replaced.as_ref().and_then(|old| line.keys.iter().find(|key| key.id() == old)).ok_or_else(none)?;
    if old.state != State::Retiring {
        return Err(Refusal::NothingToTakeBack { name: active.name().to_owned(), old: Some(old.state) });
    }
    sound(old, State::Active)?;
    if let Some(next) = line.in_state(State::Published) {
        return Err(Refusal::HasSuccessor { line: title(line), name: next.name().to_owned(), state: next.state });
    }
    let (key, old) = (active.id().clone(), old.id().clone());
    Ok(What::TakenBack { key, old, targets: keyset.targets(&line.id) })
}

fn end_use(keyset: &Keyset, line: &LineId) -> Result<What, Refusal> {
    let line = keyset.line(line)?;
    let targets = keyset.targets(&line.id);
    match (line.active().or(line.keys.last()), targets.is_empty()) {
        (Some(key), false) => Ok(What::UseEnded { key: key.id().clone(), targets }),
        _ => Err(Refusal::Unused { line: title(line) }),
    }
}

fn delete(keyset: &Keyset, key: KeyId) -> Result<What, Refusal> {
    const WANTED: &[State] = &[State::Draft, State::Published, State::Active, State::Retired, State::Compromised];
    let (line, deleted) = from(keyset, &key, "deleting", WANTED)?;
    unused(keyset, line, deleted, "deleting")?;
    Ok(What::Deleted { key, from: deleted.state })
}

fn restore(keyset: &Keyset, key: KeyId) -> Result<What, Refusal> {
    let (line, deleted) = from(keyset, &key, "restoring", &[State::DestroyScheduled])?;
    let state = restored(line, deleted);
    let is_free = |target: &&Target| keyset.line_of(target, &line.place.credential).is_none();
    let targets = match state {
        State::Active => deleted.lost.iter().filter(is_free).cloned().collect(),
        _ => BTreeSet::new(),
    };
    Ok(What::Restored { key, state, targets })
}

/// The state in which a deleted key comes back.
pub(super) fn restored(line: &Line, deleted: &Key) -> State {
    match deleted.deleted_from {
        _ if deleted.leaked.is_some() => State::Compromised,
        Some(State::Compromised) => State::Compromised,
        Some(State::Active) if line.active().is_none() => State::Active,
        Some(State::Active | State::Retiring | State::Retired) => State::Retired,
        // What the provider knew of it, it may know no more.
        _ => State::Draft,
    }
}

fn destroy(keyset: &Keyset, key: KeyId, early: bool, now: At) -> Result<What, Refusal> {
    let (_, deleted) = from(keyset, &key, "destroying", &[State::DestroyScheduled])?;
    let until = Keyset::restorable_until(deleted, now).unwrap_or(now);
    let left = now.until(until);
    match left.0 {
        0 => Ok(What::Destroyed { key, early_by: None }),
        _ if early => Ok(What::Destroyed { key, early_by: Some(left) }),
        _ => Err(Refusal::StillRestorable { name: deleted.name().to_owned(), until, left }),
    }
}

fn compromise(keyset: &Keyset, key: KeyId) -> Result<What, Refusal> {
    let (line, leaked) = keyset.key(&key)?;
    let targets = match leaked.state {
        State::Compromised => {
            let at = leaked.leaked.unwrap_or(leaked.entered);
            return Err(Refusal::Leaked { name: leaked.name().to_owned(), at, wanted: State::Compromised });
        }
        State::Active => keyset.targets(&line.id),
        _ => BTreeSet::new(),
    };
    Ok(What::Compromised { key, from: leaked.state, targets })
}

/// The key and its line, if it is in one of these states.
fn from<'k>(
    keyset: &'k Keyset,
    key: &KeyId,
    act: &'static str,
    wanted: &'static [State],
) -> Result<(&'k Line, &'k Key), Refusal> {
    let (line, key) = keyset.key(key)?;
    match wanted.contains(&key.state) {
        true => Ok((line, key)),
        false => Err(Refusal::State { name: key.name().to_owned(), act, found: key.state, wanted }),
    }
}

/// The active key of a line is not taken away from under its targets.
fn unused(keyset: &Keyset, line: &Line, key: &Key, act: &'static str) -> Result<(), Refusal> {
    let targets = keyset.targets(&line.id);
    match key.state == State::Active && !targets.is_empty() {
        true => Err(Refusal::InUse { name: key.name().to_owned(), act, targets }),
        false => Ok(()),
    }
}

/// A key that leaked never comes back.
fn sound(key: &Key, wanted: State) -> Result<(), Refusal> {
    match key.leaked {
        Some(at) => Err(Refusal::Leaked { name: key.name().to_owned(), at, wanted }),
        None => Ok(()),
    }
}

fn fits(line: &Line, what: String, found: &Place) -> Result<(), Refusal> {
    match line.place.differs(found) {
        Some((member, found, wanted)) => Err(Refusal::OtherPlace {
            what,
            member,
            found: found.to_owned(),
            line: title(line),
            wanted: wanted.to_owned(),
        }),
        None => Ok(()),
    }
}

/// A line has no name of its own: people know it by the key that calls, or else by its last.
fn title(line: &Line) -> String {
    line.active().or(line.keys.last()).map(|key| key.name().to_owned()).unwrap_or_default()
}
