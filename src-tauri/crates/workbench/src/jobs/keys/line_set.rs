//! The JWK Set of a line (RFC 7517 §5): the public halves that verifiers must know, now or at another moment. States decide what is in
//! it: a key is there before its first token, and until after its last.

use keyset::{At, Event, Keyset, State};

use super::shown;
use crate::{
    ground::{Error, KeyError},
    store::{life, records::Credential, session::Session},
};

/// The JWK Set of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineSet {
    /// The set as JSON.
    pub text: String,
    /// The keys in it: their names, and why they are there.
    pub members: Vec<(String, State)>,
}

/// The JWK Set of the line of this key; at a moment, as it was then.
pub fn line_set(session: &Session, name: &str, at: Option<i64>) -> Result<LineSet, Error> {
    let key = life::key_id(shown(session, name)?.id);
    let line = session.keyset()?.key(&key).map_err(KeyError::Life)?.0.id.clone();
    let then;
    let keyset = match at {
        None => session.keyset()?,
        Some(at) => {
            then = at_moment(session.key_events()?, At(at))?;
            &then
        }
    };
    // Before its line was there, nothing of it was in a set.
    let members = keyset.key_set(&line).unwrap_or_default();
    let mut keys = Vec::new();
    let mut named = Vec::new();
    for member in members {
        let Some(credential) = credential(session, &member.key)? else { continue };
        if let Some(jwk) = &credential.public_jwk {
            keys.push(jwk.clone());
            named.push((credential.name.clone(), member.state));
        }
    }
    Ok(LineSet { text: format!("{{\"keys\":[{}]}}\n", keys.join(",")), members: named })
}

/// The keys as they were then. Events are ordered by their numbers, and a clock that was set back tells one time twice: what had
/// happened by the last event of that time, had happened.
fn at_moment(events: &[Event], at: At) -> Result<Keyset, Error> {
    let until = events.iter().rposition(|event| event.at <= at).map_or(0, |index| index + 1);
    Ok(Keyset::replay(&events[..until]).map_err(KeyError::Life)?)
}

/// The metadata of a key, also of one that was deleted or destroyed.
fn credential<'s>(session: &'s Session, key: &keyset::KeyId) -> Result<Option<&'s Credential>, Error> {
    let live = session.each::<Credential>()?.chain(session.deleted::<Credential>());
    let found = live.into_iter().find(|stored| life::key_id(stored.id) == *key).map(|stored| &stored.value);
    match found {
        Some(found) => Ok(Some(found)),
        None => Ok(session.destroyed_keys()?.find(|left| left.key == *key).map(|left| &left.credential)),
    }
}
