//! Due dates: which keys ask to be rotated, and since when.

use crate::{
    key::{Age, KeyId, State},
    keyset::Keyset,
    refusal::Refusal,
    time::{At, Span},
};

/// Whether a key is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// It leaked and still calls.
    Leaked {
        /// When that was reported.
        at: At,
    },
    /// It is older than its provider advises.
    Since(At),
    /// Nobody knows how old it is, so it counts as too old.
    AgeNotKnown,
    /// It will be.
    From(At),
    /// Nobody is reminded.
    Never(Why),
}

/// Why nobody is reminded of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It calls nothing: it is not the active one of its line.
    NotActive,
    /// No target uses it.
    Unused,
    /// Its provider advises no age.
    NoRule,
    /// Its next key is on the way.
    UnderWay,
}

impl Due {
    /// Whether something is to be done now.
    pub const fn is_now(self) -> bool {
        matches!(self, Self::Leaked { .. } | Self::Since(_) | Self::AgeNotKnown)
    }
}

/// Whether a key is due at `now`, if its provider advises to rotate it after `rotate_after`. A key that a clock calls
/// younger than nothing is new: a clock that was set back is not a reason to rotate every key.
pub fn due(keyset: &Keyset, key: &KeyId, rotate_after: Option<Span>, now: At) -> Result<Due, Refusal> {
    let (line, key) = keyset.key(key)?;
    if key.state != State::Active {
        return Ok(Due::Never(Why::NotActive));
    }
    if let Some(at) = key.leaked {
        return Ok(Due::Leaked { at });
    }
    let Some(rotate_after) = rotate_after else { return Ok(Due::Never(Why::NoRule)) };
    if keyset.targets(&line.id).is_empty() {
        return Ok(Due::Never(Why::Unused));
    }
    if line.in_state(State::Published).is_some() {
        return Ok(Due::Never(Why::UnderWay));
    }
    Ok(match key.facts.made {
        Age::NotKnown => Due::AgeNotKnown,
        Age::Made(at) => match at.after(rotate_after) {
            due if due <= now => Due::Since(due),
            due => Due::From(due),
        },
    })
}
