//! Reminders: the day on which a credential expires, and when a key is to be rotated.

use jose::time::span;
use keyset::{Age, At, Due as Rule, Span, Why};
use provider::Tier;

use crate::{
    ground::{Error, KeyError},
    policy::{
        binding::role_of,
        fields::{EXPIRES, end_of},
    },
    store::{
        life::key_id,
        records::{Credential, Stored},
        session::Session,
    },
};

/// One is reminded of an end so many seconds before: 14 days.
const AHEAD: i64 = 14 * 86_400;

/// Something to do about a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When it is due, in seconds since 1970.
    pub at: i64,
    /// What kind of thing.
    pub kind: DueKind,
    /// What, in words: "made 97 d ago; rotate it every 90 d".
    pub words: String,
}

/// What kind of thing is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueKind {
    /// It is older than advised, or nobody knows how old it is, or it leaked.
    Rotation,
    /// It ends soon.
    Ending,
    /// It ended.
    Ended,
}

/// What is due at `now`, if anything is: the end that its provider gave it, else a rotation. A credential that no target
/// uses is nobody's concern, and neither is one of the emulator.
pub fn due(session: &Session, credential: &Credential, now: i64) -> Option<Due> {
    let stored = session.find::<Credential>(&credential.name).ok().filter(|_| credential.deleted.is_none())?;
    let binding = stored.value.binding.as_ref().filter(|binding| binding.tier != Tier::Local)?;
    let rule = rule(session, stored, now).ok()?;
    if matches!(rule, Rule::Never(Why::NotActive | Why::Unused)) {
        return None;
    }
    let ending = ending(&stored.value, now);
    if ending.is_some() {
        return ending;
    }
    let every = every(session, &stored.value)?;
    let words = match rule {
        Rule::Leaked { at } => format!("it leaked, as was reported on {at}, and still calls; replace it"),
        Rule::Since(at) => {
            let age = span(now.saturating_sub(at.0).saturating_add(i64::try_from(every.0).unwrap_or(i64::MAX)));
            let came = if stored.value.origin.starts_with("entered") { "entered" } else { "made" };
            format!("{came} for {} {age} ago; rotate it every {every}", binding.label)
        }
        Rule::AgeNotKnown => {
            let since = span(now.saturating_sub(stored.value.created));
            format!("here for {since}, and nobody knows how old it was then; rotate it every {every}")
        }
        Rule::From(_) | Rule::Never(_) => return None,
    };
    let at = match rule {
        Rule::Leaked { at } | Rule::Since(at) => at.0,
        _ => stored.value.created,
    };
    Some(Due { at, kind: DueKind::Rotation, words })
}

/// Whether a key is to be rotated, by the age that its provider advises.
pub(crate) fn rule(session: &Session, stored: &Stored<Credential>, now: i64) -> Result<Rule, Error> {
    let every = every(session, &stored.value);
    Ok(keyset::due(session.keyset()?, &key_id(stored.id), every, At(now)).map_err(KeyError::Life)?)
}

/// The age at which its provider advises to rotate it.
pub(crate) fn every(session: &Session, credential: &Credential) -> Option<Span> {
    role_of(session, credential).ok()??.1.rotate_after().map(|after| Span(after.0))
}

/// The end that its provider gave it, where that is near or past.
fn ending(credential: &Credential, now: i64) -> Option<Due> {
    let date = credential.fields.get(EXPIRES)?;
    let end = end_of(date)?;
    let left = end - now;
    let (kind, words) = match left {
        ..=0 => (DueKind::Ended, format!("expired on {date}, {} ago", span(left))),
        1..=AHEAD => (DueKind::Ending, format!("expires on {date}, in {}", span(left))),
        _ => return None,
    };
    Some(Due { at: end, kind, words })
}

/// When a key was made, in seconds since 1970; none where nobody knows.
pub(crate) const fn made(age: Age) -> Option<i64> {
    match age {
        Age::Made(at) => Some(at.0),
        Age::NotKnown => None,
    }
}
