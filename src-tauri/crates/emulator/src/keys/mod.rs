//! The key pairs of callers: public keys, found again by their RFC 7638 thumbprint, and what each may do.

mod error;
mod pair;
mod public_key;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    strict_json::{self, Fault},
    token::kind,
};

pub use error::KeyError;
pub(crate) use pair::{Creator, KeyPair, Standing};
pub(crate) use public_key::PublicKey;

/// Fewest bits of an RSA modulus (RFC 7518 §3.3).
const RSA_BITS: usize = 2048;
/// Most bits that are verified: larger keys only burn time.
const RSA_BITS_MOST: usize = 16_384;

/// How many pairs are kept.
const MOST: usize = 1_000;

/// The pairs, in the order in which they came. One that was deleted is remembered: a program that registers its key with every call
/// does not bring it back.
#[derive(Default)]
pub(crate) struct KeyRing {
    pairs: Vec<KeyPair>,
}

impl KeyRing {
    /// Adds the key or the keys of the set in `text`, all or none, and returns their kids. A key that is there already, or was
    /// deleted, stays as it is; where `standing` says what it is to be, it becomes that, and active or not as it was.
    pub(crate) fn register(&mut self, text: &str, standing: Option<&Standing>) -> Result<Vec<String>, KeyError> {
        let keys = read(text)?;
        if self.pairs.len() + keys.iter().filter(|key| !self.knows(&key.kid)).count() > MOST {
            return Err(KeyError::Full);
        }
        let kids = keys.iter().map(|key| key.kid.clone()).collect();
        for key in keys {
            let known = self.pairs.iter_mut().find(|pair| pair.key.kid == key.kid);
            match (known, standing) {
                (Some(pair), Some(standing)) => pair.register_anew(standing),
                (Some(_), None) => {}
                (None, standing) => {
                    let number = self.pairs.len() + 1;
                    let standing = standing.cloned().unwrap_or_else(|| Standing::usual(number));
                    self.pairs.push(KeyPair::registered(key, standing));
                }
            }
        }
        Ok(kids)
    }

    /// Keeps a pair that a caller made, and lets the oldest one go that a caller made where there are too many: one that was deleted
    /// first. `None` where there is no room.
    pub(crate) fn keep(&mut self, pair: KeyPair) -> Option<&KeyPair> {
        if self.pairs.len() >= MOST {
            let made = |deleted: bool| move |it: &KeyPair| it.was_made() && (!deleted || it.standing().is_none());
            let oldest = [true, false].into_iter().find_map(|deleted| self.pairs.iter().position(made(deleted)));
            self.pairs.remove(oldest?);
        }
        self.pairs.push(pair);
        self.pairs.last()
    }

    /// The pair whose thumbprint is this `kid`, an active one before others.
    pub(crate) fn find(&self, kid: &str) -> Option<&KeyPair> {
        let mut inactive = None;
        for pair in self.live().filter(|pair| pair.key.kid == kid) {
            if pair.is_active() {
                return Some(pair);
            }
            inactive = inactive.or(Some(pair));
        }
        inactive
    }

    /// The pair whose unpadded thumbprint is this `kid`: the mistake of gr4vy-go before its commit 4cad3bb.
    pub(crate) fn find_unpadded(&self, kid: &str) -> Option<&KeyPair> {
        self.live().find(|pair| pair.key.unpadded.as_deref() == Some(kid))
    }

    /// Whether a pair with this thumbprint is there, or was until it was deleted.
    pub(crate) fn knows(&self, kid: &str) -> bool {
        self.pairs.iter().any(|pair| pair.key.kid == kid)
    }

    /// The pair with this id, to change it.
    pub(crate) fn with_id(&mut self, id: Uuid) -> Option<&mut KeyPair> {
        self.pairs.iter_mut().find(|pair| pair.id == id && pair.standing().is_some())
    }

    /// Deletes the pair with this id; `None` where there is none.
    pub(crate) fn delete(&mut self, id: Uuid, now: i64) -> Option<()> {
        self.with_id(id).map(|pair| pair.delete(now))
    }

    /// Deletes every pair with this thumbprint; `None` where there is none.
    pub(crate) fn delete_all(&mut self, kid: &str, now: i64) -> Option<()> {
        self.each(kid, |pair| pair.delete(now))
    }

    /// Makes every pair with this thumbprint inactive; `None` where there is none.
    pub(crate) fn revoke(&mut self, kid: &str, now: i64) -> Option<()> {
        self.each(kid, |pair| pair.change(now, |standing| standing.active = false))
    }

    /// Writes down that a token of this pair was let in.
    pub(crate) fn used(&mut self, id: Uuid, now: i64) {
        if let Some(pair) = self.with_id(id) {
            pair.used = Some(now);
        }
    }

    /// Makes everything undone that happened to what was registered, and forgets what callers made.
    pub(crate) fn restore(&mut self) {
        self.pairs = std::mem::take(&mut self.pairs).into_iter().filter_map(KeyPair::restored).collect();
    }

    /// All pairs that were not deleted, in the order in which they came.
    pub(crate) fn live(&self) -> impl Iterator<Item = &KeyPair> {
        self.pairs.iter().filter(|pair| pair.standing().is_some())
    }

    /// All of them, deleted ones too.
    pub(crate) fn all(&self) -> &[KeyPair] {
        &self.pairs
    }

    /// The keys as a JWK Set (RFC 7517 §5).
    pub(crate) fn jwks(&self) -> Value {
        let keys: Vec<Value> = self
            .live()
            .map(|pair| {
                let mut jwk = pair.key.jwk.clone();
                jwk.insert("kid".into(), json!(pair.key.kid));
                jwk.insert("use".into(), json!("sig"));
                Value::Object(jwk)
            })
            .collect();
        json!({ "keys": keys })
    }

    fn each(&mut self, kid: &str, mut act: impl FnMut(&mut KeyPair)) -> Option<()> {
        let mut found = None;
        for pair in self.pairs.iter_mut().filter(|pair| pair.key.kid == kid && pair.standing().is_some()) {
            act(pair);
            found = Some(());
        }
        found
    }
}

/// The key or the keys of the set in `text`.
fn read(text: &str) -> Result<Vec<PublicKey>, KeyError> {
    let value = strict_json::parse(text).map_err(|fault| match fault {
        Fault::Duplicate(member) => KeyError::Duplicate { member },
        Fault::Syntax(reason) => KeyError::Json { reason },
    })?;
    let Value::Object(mut members) = value else { return Err(KeyError::NotAKey { found: kind(&value) }) };
    let Some(Value::Array(keys)) = members.remove("keys") else {
        return Ok(vec![PublicKey::parse(&Value::Object(members))?]);
    };
    let in_set = |number| move |source| KeyError::InSet { number, source: Box::new(source) };
    keys.iter().zip(1..).map(|(key, number)| PublicKey::parse(key).map_err(in_set(number))).collect()
}
