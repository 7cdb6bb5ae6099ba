//! The history of a key: the events about it, in words.

use keyset::{Age, At, Event, KeyId, Keyset, Target, What};

use super::due::made;
use crate::{
    ground::{Error, words::list},
    jobs::keys,
    store::{life::key_id, session::Session},
};

/// Something that happened to a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// Its number among all events of the vault.
    pub seq: u64,
    /// When, as the clock then showed it, in seconds since 1970.
    pub at: i64,
    /// What kind of event: `added`, `chosen`, `promoted`.
    pub kind: String,
    /// What happened, in words.
    pub words: String,
}

/// What happened to a key, the first thing first. `name` is the one it is shown under; of a key that was destroyed, its last
/// name, its kid or its thumbprint.
pub fn history(session: &Session, name: &str) -> Result<Vec<Happened>, Error> {
    let key = match keys::shown(session, name) {
        Ok(stored) => key_id(stored.id),
        Err(error) => destroyed(session, name)?.ok_or(error)?,
    };
    of_key(session, &key)
}

/// The same by the key's id.
pub(super) fn of_key(session: &Session, key: &KeyId) -> Result<Vec<Happened>, Error> {
    let keyset = session.keyset()?;
    let told = keyset::history(session.key_events()?, key);
    Ok(told.into_iter().map(|event| happened(event, key, keyset)).collect())
}

fn destroyed(session: &Session, name: &str) -> Result<Option<KeyId>, Error> {
    let is = |member: &Option<String>| member.as_deref() == Some(name);
    let left = session.destroyed_keys()?.filter(|left| {
        let credential = &left.credential;
        credential.name == name || is(&credential.kid) || is(&credential.thumbprint)
    });
    Ok(left.last().map(|left| left.key.clone()))
}

fn happened(event: &Event, key: &KeyId, keyset: &Keyset) -> Happened {
    let kind = serde_json::to_value(&event.what).ok();
    let kind = kind.and_then(|what| Some(what.get("kind")?.as_str()?.to_owned())).unwrap_or_default();
    Happened { seq: event.seq, at: event.at.0, kind, words: words(&event.what, key, keyset) }
}

fn words(what: &What, key: &KeyId, keyset: &Keyset) -> String {
    let name = |id: &KeyId| keyset.key(id).map_or_else(|_| "a key".to_owned(), |(_, key)| key.name().to_owned());
    let early = |early_by: &Option<keyset::Span>| match early_by {
        Some(span) => format!(", {span} before the earliest safe time"),
        None => String::new(),
    };
    match what {
        What::Added { place, key, .. } => format!("added{}, as a draft; {}", somewhere(place), age(key.made)),
        What::Found { place, key, state, .. } => {
            format!("found{} in this vault, which kept no history before; {state}; {}", somewhere(place), age(key.made))
        }
        What::Bound { place, .. } => format!("sealed{}", somewhere(place)),
        What::Renamed { name, .. } => format!("renamed to {name}"),
        What::Chosen { target, activated: Some(_), .. } => format!("chosen for {target}, and active by that"),
        What::Chosen { target, .. } => format!("chosen for {target}"),
        What::Unchosen { target, deactivated: Some(it), .. } => {
            format!("the choice for {target} was taken back: {} again", it.from)
        }
        What::Unchosen { target, .. } => format!("the choice for {target} was taken back"),
        What::Left { target, .. } => format!("{target} uses it no more"),
        What::ProfileRenamed { profile, name } => format!("the profile {profile} was renamed to {name}"),
        What::Joined { .. } => "became the next key of a line".to_owned(),
        What::Published { .. } => "published: the provider knows it".to_owned(),
        What::Proved { status, .. } => format!("proved: a server answered {status}"),
        What::Promoted { key: next, old, targets, early_by } if next == key => {
            let place = old.as_ref().map_or_else(String::new, |old| format!(" in place of {}", name(old)));
            format!("promoted{place}: {} with it now{}", calls(targets), early(early_by))
        }
        What::Promoted { key: next, .. } => format!("retiring: {} took its place", name(next)),
        What::TakenBack { old, targets, .. } if old == key => format!("taken back: {} with it again", calls(targets)),
        What::TakenBack { old, .. } => format!("its promotion was taken back: {} is active again", name(old)),
        What::Retired { early_by, .. } => format!("retired{}", early(early_by)),
        What::Unretired { .. } => "its retirement was undone".to_owned(),
        What::UseEnded { targets, .. } => format!("its use ended: {} no key now", have(targets)),
        What::Deleted { from, .. } => format!("deleted while it was {from}; restorable for 30 days"),
        What::Restored { state, targets, .. } if targets.is_empty() => format!("restored as {state}"),
        What::Restored { state, targets, .. } => format!("restored as {state}: {} it again", have(targets)),
        What::Destroyed { early_by: Some(span), .. } => format!("destroyed for good, {span} before its time was over"),
        What::Destroyed { .. } => "destroyed for good".to_owned(),
        What::LeakReported { .. } => "reported as leaked; it calls until it is replaced".to_owned(),
        What::Compromised { targets, .. } if targets.is_empty() => "compromised: it never signs again".to_owned(),
        What::Compromised { targets, .. } => {
            format!("compromised: it never signs again, and {} no key now", have(targets))
        }
        What::Exported { form, to, .. } => format!("its private half was exported to {to} as {form}"),
        What::CopyNoted { to, .. } => format!("a copy of it is at {to}, as somebody said"),
        What::ClockSetBack { from } => format!("the clock was set back from {from}"),
    }
}

fn somewhere(place: &keyset::Place) -> String {
    match place.is_nowhere() {
        true => " for no environment".to_owned(),
        false => format!(" for {} at {}", place.environment, place.provider),
    }
}

fn age(age: Age) -> String {
    match made(age) {
        Some(at) => format!("made on {}", At(at)),
        None => "nobody knows when it was made".to_owned(),
    }
}

fn named(targets: &std::collections::BTreeSet<Target>) -> String {
    list(&targets.iter().map(ToString::to_string).collect::<Vec<_>>())
}

fn calls(targets: &std::collections::BTreeSet<Target>) -> String {
    match targets.len() {
        0 => "no target calls".to_owned(),
        1 => format!("{} calls", named(targets)),
        _ => format!("{} call", named(targets)),
    }
}

fn have(targets: &std::collections::BTreeSet<Target>) -> String {
    let verb = if targets.len() == 1 { "has" } else { "have" };
    format!("{} {verb}", named(targets))
}
