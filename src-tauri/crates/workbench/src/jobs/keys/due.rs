//! Rotation and expiry reminders: the age of a key, and the day on which a credential expires.

use jose::time::span;
use provider::Tier;

use crate::{
    policy::{
        binding::role_of,
        fields::{EXPIRES, end_of},
    },
    store::{records::Credential, session::Session},
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
    /// It is older than advised.
    Rotation,
    /// It ends soon.
    Ending,
    /// It ended.
    Ended,
}

/// What is due at `now`, if anything is: the end that its provider gave it, else a rotation. A credential of the emulator, or
/// of no place, is nobody's concern.
pub fn due(session: &Session, credential: &Credential, now: i64) -> Option<Due> {
    let binding = credential.binding.as_ref().filter(|binding| binding.tier != Tier::Local)?;
    if credential.deleted.is_some() {
        return None;
    }
    if let Some((date, end)) = credential.fields.get(EXPIRES).and_then(|date| Some((date, end_of(date)?))) {
        let left = end - now;
        if left <= 0 {
            return Some(Due {
                at: end,
                kind: DueKind::Ended,
                words: format!("expired on {date}, {} ago", span(left)),
            });
        }
        if left <= AHEAD {
            return Some(Due {
                at: end,
                kind: DueKind::Ending,
                words: format!("expires on {date}, in {}", span(left)),
            });
        }
    }
    let after = role_of(session, credential).ok()??.1.rotate_after()?;
    let at = credential.created.saturating_add(i64::try_from(after.0).ok()?);
    let words = || {
        let age = span(now.saturating_sub(credential.created));
        format!("sealed for {} {age} ago; rotate it every {}", binding.label, span(at - credential.created))
    };
    (at <= now).then(|| Due { at, kind: DueKind::Rotation, words: words() })
}
