//! A key pair as an account keeps it: a public key, what it may do, and what became of it.

use uuid::Uuid;

use super::PublicKey;
use crate::roles::{Role, USUAL};

/// How many states of a pair are remembered.
const REMEMBERED: usize = 32;

/// A key pair. The private half is its caller's.
pub(crate) struct KeyPair {
    pub(crate) id: Uuid,
    pub(crate) key: PublicKey,
    /// When it was made, in seconds since the epoch; `None` where it was there from the start.
    pub(crate) created: Option<i64>,
    /// The call that was let in last with a token of it.
    pub(crate) used: Option<i64>,
    /// The pair that made it, where one did.
    pub(crate) creator: Option<Creator>,
    /// How it was registered; `None` where a caller made it.
    registered: Option<Standing>,
    /// What it was since when, the latest last: nothing before it was made and after it was deleted. Never empty.
    states: Vec<(i64, Option<Standing>)>,
}

/// What can be changed of a pair.
#[derive(Clone)]
pub(crate) struct Standing {
    pub(crate) name: String,
    /// Whether its tokens are taken.
    pub(crate) active: bool,
    pub(crate) roles: Vec<&'static Role>,
    /// The merchant accounts that it has access to; none of them: all.
    pub(crate) merchants: Vec<String>,
    /// When it was changed last; `None` where it never was.
    pub(crate) updated: Option<i64>,
}

/// Who made a pair: another pair.
#[derive(Clone)]
pub(crate) struct Creator {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) thumbprint: String,
}

impl Standing {
    /// What a pair is that was registered and nothing said of it.
    pub(super) fn usual(number: usize) -> Self {
        let name = format!("Key {number}");
        Self { name, active: true, roles: vec![USUAL], merchants: Vec::new(), updated: None }
    }

    /// The scopes that its roles give.
    pub(crate) fn scopes(&self) -> Vec<&'static str> {
        self.roles.iter().flat_map(|role| role.allow).copied().collect()
    }
}

impl KeyPair {
    /// A pair that is registered. The same key has the same id after a restart: it is cut from the thumbprint.
    pub(super) fn registered(key: PublicKey, standing: Standing) -> Self {
        let mut id = [0; 16];
        id.iter_mut().zip(key.kid.bytes()).for_each(|(to, from)| *to = from);
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        let states = vec![(i64::MIN, Some(standing.clone()))];
        Self { id, key, created: None, used: None, creator: None, registered: Some(standing), states }
    }

    /// A pair that a caller makes now.
    pub(crate) fn made(key: PublicKey, standing: Standing, creator: Creator, now: i64) -> Self {
        let (id, states) = (Uuid::new_v4(), vec![(i64::MIN, None), (now, Some(standing))]);
        Self { id, key, created: Some(now), used: None, creator: Some(creator), registered: None, states }
    }

    /// What it is; nothing once it was deleted.
    pub(crate) fn standing(&self) -> Option<&Standing> {
        self.states.last().and_then(|(_, state)| state.as_ref())
    }

    /// What it was at `time`, as a list shows it that lags behind.
    pub(crate) fn standing_at(&self, time: i64) -> Option<&Standing> {
        self.states.iter().rev().find(|(since, _)| *since <= time).and_then(|(_, state)| state.as_ref())
    }

    /// Whether a token of it is taken.
    pub(crate) fn is_active(&self) -> bool {
        self.standing().is_some_and(|standing| standing.active)
    }

    /// Whether a caller made it.
    pub(super) fn was_made(&self) -> bool {
        self.registered.is_none()
    }

    /// Changes it. One that was deleted stays so.
    pub(crate) fn change(&mut self, now: i64, change: impl FnOnce(&mut Standing)) {
        if let Some(standing) = self.standing() {
            let mut changed = Standing { updated: Some(now), ..standing.clone() };
            change(&mut changed);
            self.remember(now, Some(changed));
        }
    }

    /// Deletes it for good.
    pub(super) fn delete(&mut self, now: i64) {
        if self.standing().is_some() {
            self.remember(now, None);
        }
    }

    /// Gives it another form in which it is registered; whether it is active stays.
    pub(super) fn register_anew(&mut self, standing: &Standing) {
        let (active, updated) = (self.is_active(), None);
        if let Some((_, Some(now))) = self.states.last_mut() {
            *now = Standing { active, updated, ..standing.clone() };
        }
        self.registered = Some(standing.clone());
    }

    /// Makes everything undone that happened to it since it was registered; `None` where a caller made it.
    pub(super) fn restored(self) -> Option<Self> {
        let standing = self.registered?;
        let states = vec![(i64::MIN, Some(standing.clone()))];
        Some(Self { used: None, registered: Some(standing), states, ..self })
    }

    fn remember(&mut self, now: i64, state: Option<Standing>) {
        if self.states.len() == REMEMBERED {
            self.states.remove(0);
        }
        self.states.push((now, state));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_that_lags_shows_what_was() {
        let jwk = json!({
            "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        });
        let creator = Creator { id: Uuid::new_v4(), name: "Key 1".into(), thumbprint: "x".into() };
        let standing = Standing { active: false, ..Standing::usual(2) };
        let mut pair = KeyPair::made(PublicKey::parse(&jwk).unwrap(), standing, creator, 100);
        pair.change(110, |standing| standing.active = true);
        pair.delete(120);
        pair.change(130, |standing| standing.active = true);
        let seen = |time| pair.standing_at(time).map(|standing| standing.active);
        assert_eq!(
            [99, 100, 109, 110, 119, 120, 999].map(seen),
            [None, Some(false), Some(false), Some(true), Some(true), None, None]
        );
        assert!(pair.standing().is_none() && pair.restored().is_none());
    }

    #[test]
    fn a_pair_that_is_changed_for_ever_does_not_fill_the_memory() {
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
        let mut pair = KeyPair::registered(PublicKey::parse(&jwk).unwrap(), Standing::usual(1));
        for now in 0..1000 {
            pair.change(now, |standing| standing.active = !standing.active);
        }
        assert_eq!(pair.states.len(), REMEMBERED);
        assert!(pair.is_active() && pair.restored().unwrap().is_active());
    }
}
