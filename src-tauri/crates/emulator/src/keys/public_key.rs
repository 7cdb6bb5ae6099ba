//! A public key as a JWK, found again by its RFC 7638 thumbprint.

use data_encoding::BASE64URL_NOPAD;
use p521::{elliptic_curve::sec1::ToEncodedPoint, pkcs8::DecodePublicKey};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{KeyError, RSA_BITS, RSA_BITS_MOST};
use crate::{signature::Material, token::kind};

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
}

impl PublicKey {
    /// The P-521 key in an SPKI PEM; `None` where it is anything else.
    pub(crate) fn p521(pem: &str) -> Option<Self> {
        let point = p521::PublicKey::from_public_key_pem(pem).ok()?.to_encoded_point(false);
        let (x, y) = (encode(point.x()?), encode(point.y()?));
        Self::parse(&json!({ "kty": "EC", "crv": "P-521", "x": x, "y": y })).ok()
    }

    /// The RSA key with this modulus and exponent, big-endian; `None` where it is too small.
    pub(crate) fn of_rsa(n: &[u8], e: &[u8]) -> Option<Self> {
        Self::parse(&json!({ "kty": "RSA", "n": encode(n), "e": encode(e) })).ok()
    }

    pub(super) fn parse(value: &Value) -> Result<Self, KeyError> {
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
        Ok(Self { unpadded: (unpadded != kid).then_some(unpadded), kid, jwk: exact, material })
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
        Ok(Self { kid: thumbprint(&jwk), unpadded: None, jwk, material: Material::rsa(n, e) })
    }

    fn okp(members: &Map<String, Value>) -> Result<Self, KeyError> {
        let curve = text(members, "crv")?;
        if curve != "Ed25519" {
            return Err(KeyError::Unsupported { member: "crv", found: curve.into(), wanted: "Ed25519" });
        }
        let x = encode(&coordinate(members, "x", 32)?);
        let material = Material::ed25519(&x).ok_or(KeyError::OffCurve { curve: "Ed25519" })?;
        let jwk = public([("crv", "Ed25519"), ("kty", "OKP"), ("x", &x)]);
        Ok(Self { kid: thumbprint(&jwk), unpadded: None, jwk, material })
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
