//! The public keys that callers registered, found again by their RFC 7638 thumbprint.

mod error;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::{
    signature::Material,
    strict_json::{self, Fault},
    token::kind,
};

pub use error::KeyError;

/// Fewest bits of an RSA modulus (RFC 7518 §3.3).
const RSA_BITS: usize = 2048;
/// Most bits that are verified: larger keys only burn time.
const RSA_BITS_MOST: usize = 16_384;

/// How many keys are kept.
const MOST: usize = 1_000;

/// Members that hold private parts (RFC 7518 §6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// One public key.
pub(crate) struct PublicKey {
    /// Its RFC 7638 SHA-256 thumbprint, base64url: the `kid` under which it is found.
    pub(crate) kid: String,
    /// The thumbprint that comes out when coordinates are written without their leading zero bytes, where it differs.
    pub(crate) unpadded: Option<String>,
    /// The public members alone, in the thumbprint's order.
    pub(crate) jwk: Map<String, Value>,
    /// What verifies with it.
    pub(crate) material: Material,
    /// Whether it was revoked.
    pub(crate) revoked: bool,
}

/// The keys that are registered, in the order in which they came.
#[derive(Default)]
pub(crate) struct KeyRing {
    keys: Vec<PublicKey>,
}

impl KeyRing {
    /// Adds the key or the keys of the set in `text`, all or none, and returns their kids. A key that is there already
    /// stays as it is.
    pub(crate) fn register(&mut self, text: &str) -> Result<Vec<String>, KeyError> {
        let value = strict_json::parse(text).map_err(|fault| match fault {
            Fault::Duplicate(member) => KeyError::Duplicate { member },
            Fault::Syntax(reason) => KeyError::Json { reason },
        })?;
        let keys: Vec<PublicKey> = match value {
            Value::Object(mut members) => match members.remove("keys") {
                Some(Value::Array(keys)) => keys
                    .iter()
                    .zip(1..)
                    .map(|(key, number)| {
                        PublicKey::parse(key).map_err(|source| KeyError::InSet { number, source: Box::new(source) })
                    })
                    .collect::<Result<_, _>>()?,
                _ => vec![PublicKey::parse(&Value::Object(members))?],
            },
            other => return Err(KeyError::NotAKey { found: kind(&other) }),
        };
        if self.keys.len() + keys.iter().filter(|key| self.find(&key.kid).is_none()).count() > MOST {
            return Err(KeyError::Full);
        }
        let kids = keys.iter().map(|key| key.kid.clone()).collect();
        for key in keys {
            if self.find(&key.kid).is_none() {
                self.keys.push(key);
            }
        }
        Ok(kids)
    }

    /// The key with this `kid`.
    pub(crate) fn find(&self, kid: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|key| key.kid == kid)
    }

    /// The key whose unpadded thumbprint is this `kid`: the mistake of gr4vy-go before its commit 4cad3bb.
    pub(crate) fn find_unpadded(&self, kid: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|key| key.unpadded.as_deref() == Some(kid))
    }

    /// Revokes the key with this `kid`; `None` where it is not registered.
    pub(crate) fn revoke(&mut self, kid: &str) -> Option<()> {
        self.keys.iter_mut().find(|key| key.kid == kid).map(|key| key.revoked = true)
    }

    /// Makes every revocation undone.
    pub(crate) fn restore(&mut self) {
        self.keys.iter_mut().for_each(|key| key.revoked = false);
    }

    /// All keys, in the order in which they came.
    pub(crate) fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// The keys as a JWK Set (RFC 7517 §5).
    pub(crate) fn jwks(&self) -> Value {
        let keys: Vec<Value> = self
            .keys
            .iter()
            .map(|key| {
                let mut jwk = key.jwk.clone();
                jwk.insert("kid".into(), json!(key.kid));
                jwk.insert("use".into(), json!("sig"));
                Value::Object(jwk)
            })
            .collect();
        json!({ "keys": keys })
    }
}

impl PublicKey {
    fn parse(value: &Value) -> Result<Self, KeyError> {
        let Value::Object(members) = value else { return Err(KeyError::NotAKey { found: kind(value) }) };
        if let Some(member) = PRIVATE.into_iter().find(|member| members.contains_key(*member)) {
            return Err(KeyError::Private { member });
        }
        match text(members, "kty")? {
            "EC" => Self::ec(members),
            "RSA" => Self::rsa(members),
            "OKP" => Self::okp(members),
            other => Err(KeyError::Unsupported { member: "kty", found: other.into(), wanted: "EC, RSA or OKP" }),
        }
    }

    fn ec(members: &Map<String, Value>) -> Result<Self, KeyError> {
        let (curve, size) = match text(members, "crv")? {
            "P-256" => ("P-256", 32),
            "P-384" => ("P-384", 48),
            "P-521" => ("P-521", 66),
            other => {
                let wanted = "P-256, P-384 or P-521";
                return Err(KeyError::Unsupported { member: "crv", found: other.into(), wanted });
            }
        };
        let x = coordinate(members, "x", size)?;
        let y = coordinate(members, "y", size)?;
        let material = Material::ec(curve, &x, &y).ok_or(KeyError::OffCurve { curve })?;
        let jwk = |x: &[u8], y: &[u8]| public([("crv", curve), ("kty", "EC"), ("x", &encode(x)), ("y", &encode(y))]);
        let exact = jwk(&x, &y);
        let kid = thumbprint(&exact);
        let unpadded = thumbprint(&jwk(trim(&x), trim(&y)));
        Ok(Self { unpadded: (unpadded != kid).then_some(unpadded), kid, jwk: exact, material, revoked: false })
    }

    fn rsa(members: &Map<String, Value>) -> Result<Self, KeyError> {
        let (n, e) = (decode(members, "n")?, decode(members, "e")?);
        let (n, e) = (trim(&n), trim(&e));
        let found = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
        if !(RSA_BITS..=RSA_BITS_MOST).contains(&found) {
            return Err(KeyError::RsaBits { found });
        }
        let large = e.len() > 3 || (e.len() == 3 && e >= &[1, 0, 1][..]);
        if !large || e.last().is_none_or(|last| last % 2 == 0) {
            return Err(KeyError::RsaExponent);
        }
        let jwk = public([("e", encode(e).as_str()), ("kty", "RSA"), ("n", &encode(n))]);
        Ok(Self { kid: thumbprint(&jwk), unpadded: None, jwk, material: Material::rsa(n, e), revoked: false })
    }

    fn okp(members: &Map<String, Value>) -> Result<Self, KeyError> {
        let curve = text(members, "crv")?;
        if curve != "Ed25519" {
            return Err(KeyError::Unsupported { member: "crv", found: curve.into(), wanted: "Ed25519" });
        }
        let x = encode(&coordinate(members, "x", 32)?);
        let material = Material::ed25519(&x).ok_or(KeyError::OffCurve { curve: "Ed25519" })?;
        let jwk = public([("crv", "Ed25519"), ("kty", "OKP"), ("x", &x)]);
        Ok(Self { kid: thumbprint(&jwk), unpadded: None, jwk, material, revoked: false })
    }
}

/// SHA-256 over the required members in lexicographic order without white space (RFC 7638 §3), base64url.
fn thumbprint(jwk: &Map<String, Value>) -> String {
    let mut members: Vec<_> = jwk.iter().collect();
    members.sort_by_key(|(name, _)| *name);
    let text: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    encode(&Sha256::digest(format!("{{{}}}", text.join(","))))
}

fn public<const N: usize>(members: [(&str, &str); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect()
}

fn text<'a>(members: &'a Map<String, Value>, member: &'static str) -> Result<&'a str, KeyError> {
    match members.get(member) {
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(KeyError::Member { member, found: kind(other) }),
        None => Err(KeyError::Member { member, found: "missing" }),
    }
}

fn decode(members: &Map<String, Value>, member: &'static str) -> Result<Vec<u8>, KeyError> {
    BASE64URL_NOPAD.decode(text(members, member)?.as_bytes()).map_err(|_| KeyError::Base64url { member })
}

fn coordinate(members: &Map<String, Value>, member: &'static str, wanted: usize) -> Result<Vec<u8>, KeyError> {
    let bytes = decode(members, member)?;
    if bytes.len() == wanted { Ok(bytes) } else { Err(KeyError::Length { member, found: bytes.len(), wanted }) }
}

fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// `bytes` without leading zeros.
fn trim(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}
