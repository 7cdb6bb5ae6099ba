//! JWK and JWK Set (RFC 7517, RFC 7518 §6, RFC 8037 §2), read strictly and written plainly.

use zeroize::Zeroizing;

use crate::{
    Alg, Code, Finding,
    json::{Document, Kind, Node, NotJson, quote},
    key::{
        Bytes, Curve, DeclaredAlg, Jwk, Key, PrivateKey, PublicKey, RsaNumbers, RsaPublic, Secret, from_parts,
        read::{Found, ReadError},
        write::Half,
    },
    text,
};

/// Why a text is not a JWK or JWK Set. `at` is the path of the key in a set, empty for a single JWK.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// Not JSON.
    #[error("the JWK is not JSON: {0}")]
    NotJson(#[from] NotJson),
    /// A member twice.
    #[error("the JWK holds {path:?} twice, at byte {} and at byte {}", .first + 1, .second + 1)]
    Duplicate {
        /// The member.
        path: String,
        /// Where it stands first.
        first: usize,
        /// Where it stands again.
        second: usize,
    },
    /// Neither `kty` nor `keys`.
    #[error("this is JSON but not a JWK: it has neither \"kty\" nor \"keys\"")]
    NotAJwk,
    /// A set without keys.
    #[error("the JWK Set holds no keys")]
    EmptySet,
    /// A member that must be there.
    #[error("{} is missing from the {kty} key", member(.at, .name))]
    Missing {
        /// The key in the set.
        at: String,
        /// The member.
        name: &'static str,
        /// The key's type.
        kty: String,
    },
    /// A member of the wrong type.
    #[error("{} is {found}; wanted {wanted}", member(.at, .name))]
    Type {
        /// The key in the set.
        at: String,
        /// The member.
        name: String,
        /// What it is.
        found: &'static str,
        /// What it must be.
        wanted: &'static str,
    },
    /// A key type that does not sign.
    #[error("{} is {found:?}; wanted \"EC\", \"RSA\", \"OKP\" or \"oct\"", member(.at, "kty"))]
    KeyType {
        /// The key in the set.
        at: String,
        /// The value.
        found: String,
    },
    /// A curve that does not sign.
    #[error("{} is {found:?}; wanted {wanted}", member(.at, "crv"))]
    Curve {
        /// The key in the set.
        at: String,
        /// The value.
        found: String,
        /// The curves that this type has.
        wanted: &'static str,
    },
    /// A number that is not base64url.
    #[error("{} is not base64url: {what}", member(.at, .name))]
    NotBase64url {
        /// The key in the set.
        at: String,
        /// The member.
        name: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// A coordinate or scalar of the wrong length.
    #[error("{} has {found} bytes; wanted {wanted} for {curve}", member(.at, .name))]
    Length {
        /// The key in the set.
        at: String,
        /// The member.
        name: &'static str,
        /// Its length.
        found: usize,
        /// The length it must have.
        wanted: usize,
        /// The curve.
        curve: &'static str,
    },
    /// An RSA key without its primes.
    #[error("{} is there without \"p\", \"q\", \"dp\", \"dq\" and \"qi\"", member(.at, "d"))]
    NoPrimes {
        /// The key in the set.
        at: String,
    },
    /// The numbers are well written but make no key.
    #[error("{}{source}", if .at.is_empty() { String::new() } else { format!("{at}: ") })]
    Key {
        /// The key in the set.
        at: String,
        /// What is wrong with it.
        source: Box<ReadError>,
    },
}

impl JwkError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Length { found, wanted, .. } if found < wanted => Some(
                "coordinates keep their leading zeros (RFC 7518 §6.2.1.2); export the key again with a library that pads",
            ),
            Self::NotAJwk => Some("a JWK has a \"kty\" member; a JWK Set has \"keys\""),
            Self::NoPrimes { .. } => Some("export the key again with its primes, or as PKCS#8"),
            Self::Key { source, .. } => source.hint(),
            _ => None,
        }
    }
}

fn member(at: &str, name: &str) -> String {
    if at.is_empty() { format!("\"{name}\"") } else { format!("\"{at}.{name}\"") }
}

/// Reads a JWK or a JWK Set. In a set, keys of unknown type are passed over with a finding (RFC 7517 §5).
pub fn read(json: &str) -> Result<Found, ReadError> {
    let document = Document::parse(json).map_err(JwkError::from)?;
    if let Some(twice) = document.duplicates().into_iter().next() {
        let (first, second) = (twice.first.start, twice.second.start);
        return Err(JwkError::Duplicate { path: twice.path, first, second }.into());
    }
    let root = document.root();
    if root.get("kty").is_some() {
        let jwk = read_one(root, "")?;
        return Ok(Found { form: "JWK".to_owned(), keys: vec![jwk], findings: Vec::new() });
    }
    let Some(list) = root.get("keys").filter(|list| list.kind() == Kind::Array) else {
        return Err(JwkError::NotAJwk.into());
    };
    let mut found = Found { form: "JWK Set".to_owned(), keys: Vec::new(), findings: Vec::new() };
    for (index, node) in list.elements().enumerate() {
        match read_one(node, &format!("keys[{index}]")) {
            Ok(jwk) => found.keys.push(jwk),
            Err(error @ (JwkError::KeyType { .. } | JwkError::Curve { .. })) => {
                found
                    .findings
                    .push(Finding::new(Code::AlgKeyType, format!("a key of the set is passed over: {error}")));
            }
            Err(error) => return Err(error.into()),
        }
    }
    if found.keys.is_empty() { Err(JwkError::EmptySet.into()) } else { Ok(found) }
}

/// One half of a key as a JWK on one line.
pub fn write(jwk: &Jwk, half: Half) -> Zeroizing<String> {
    let mut members = Vec::new();
    let mut put = |name: &str, value: &str| members.push(Zeroizing::new(format!("{}:{}", quote(name), quote(value))));
    let number = |bytes: &[u8]| Zeroizing::new(text::encode(bytes));
    match jwk.key.public() {
        Some(PublicKey::Ec(ec)) => {
            put("kty", "EC");
            put("crv", ec.curve.name());
            put("x", &number(ec.x()));
            put("y", &number(ec.y()));
        }
        Some(PublicKey::Rsa(rsa)) => {
            put("kty", "RSA");
            put("n", &number(&rsa.n));
            put("e", &number(&rsa.e));
        }
        Some(PublicKey::Ed25519(x)) => {
            put("kty", "OKP");
            put("crv", "Ed25519");
            put("x", &number(&x));
        }
        None => put("kty", "oct"),
    }
    match (&jwk.key, half) {
        (Key::Private(PrivateKey::Ec { d, .. }), Half::Private) => put("d", &number(d)),
        (Key::Private(PrivateKey::Ed25519 { seed, .. }), Half::Private) => put("d", &number(seed)),
        (Key::Private(PrivateKey::Rsa { numbers, .. }), Half::Private) => {
            for (name, bytes) in numbers.named() {
                put(name, &number(bytes));
            }
        }
        (Key::Secret(secret), Half::Private) => put("k", &number(secret.bytes())),
        _ => {}
    }
    if let Some(kid) = jwk.effective_kid() {
        put("kid", &kid);
    }
    if let Some(alg) = &jwk.alg {
        put("alg", alg.name());
    }
    if let Some(key_use) = &jwk.key_use {
        put("use", key_use);
    }
    let mut out = Zeroizing::new(String::from("{"));
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(member);
    }
    out.push('}');
    out
}

/// Halves of keys as a JWK Set on one line.
pub fn write_set(jwks: &[&Jwk], half: Half) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::from("{\"keys\":["));
    for (index, jwk) in jwks.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&write(jwk, half));
    }
    out.push_str("]}");
    out
}

/// The members of one JWK, with its place in the set for errors.
struct Reader<'d, 't, 'a> {
    node: Node<'d, 't>,
    at: &'a str,
    kty: String,
}

fn read_one(node: Node<'_, '_>, at: &str) -> Result<Jwk, JwkError> {
    let wrong = |name: &str, node: Node<'_, '_>| JwkError::Type {
        at: at.to_owned(),
        name: name.to_owned(),
        found: node.kind().name(),
        wanted: "a string",
    };
    let string = |name: &str| match node.get(name) {
        None => Ok(None),
        Some(value) => value.as_str().map(|s| Some(s.into_owned())).ok_or_else(|| wrong(name, value)),
    };
    let kty = string("kty")?.ok_or(JwkError::Missing { at: at.to_owned(), name: "kty", kty: "JWK".to_owned() })?;
    let reader = Reader { node, at, kty };
    let key = match reader.kty.as_str() {
        "EC" => reader.ec()?,
        "RSA" => reader.rsa()?,
        "OKP" => reader.okp()?,
        "oct" => Key::Secret(Secret::new(reader.number("k")?.to_vec())),
        other => return Err(JwkError::KeyType { at: at.to_owned(), found: other.to_owned() }),
    };
    let key_ops = match node.get("key_ops") {
        None => Vec::new(),
        Some(list) => list.elements().filter_map(|op| op.as_str().map(|op| op.into_owned())).collect(),
    };
    let alg = string("alg")?.map(|name| match name.parse::<Alg>() {
        Ok(alg) => DeclaredAlg::Known(alg),
        Err(_) => DeclaredAlg::Other(name),
    });
    Ok(Jwk { key, kid: string("kid")?, alg, key_use: string("use")?, key_ops })
}

impl Reader<'_, '_, '_> {
    fn ec(&self) -> Result<Key, JwkError> {
        let name = self.string("crv")?;
        let Some(curve) = Curve::ALL.into_iter().find(|curve| curve.name() == name) else {
            let wanted = "\"P-256\", \"P-384\", \"P-521\" or \"secp256k1\"";
            return Err(JwkError::Curve { at: self.at.to_owned(), found: name, wanted });
        };
        let sized = |name: &'static str| self.sized(name, curve.field_len(), curve.name());
        let mut point = vec![0x04];
        point.extend_from_slice(&sized("x")?);
        point.extend_from_slice(&sized("y")?);
        let key = match self.node.get("d") {
            None => from_parts::ec_public(curve, &point).map(|public| Key::Public(PublicKey::Ec(public))),
            Some(_) => from_parts::ec_from_scalar(curve, &sized("d")?, Some(&point)),
        };
        key.map_err(|error| self.refused(error))
    }

    fn okp(&self) -> Result<Key, JwkError> {
        let name = self.string("crv")?;
        if name != "Ed25519" {
            return Err(JwkError::Curve { at: self.at.to_owned(), found: name, wanted: "\"Ed25519\"" });
        }
        let x = self.sized("x", 32, "Ed25519")?;
        match self.node.get("d") {
            None => {
                let mut point = [0; 32];
                point.copy_from_slice(&x);
                Ok(Key::Public(PublicKey::Ed25519(point)))
            }
            Some(_) => from_parts::ed25519_from_seed(&self.sized("d", 32, "Ed25519")?, Some(&x))
                .map_err(|error| self.refused(error)),
        }
    }

    fn rsa(&self) -> Result<Key, JwkError> {
        let public = RsaPublic { n: significant(&self.number("n")?), e: significant(&self.number("e")?) };
        if self.node.get("d").is_none() {
            return Ok(Key::Public(PublicKey::Rsa(public)));
        }
        if ["p", "q", "dp", "dq", "qi"].iter().any(|name| self.node.get(name).is_none()) {
            return Err(JwkError::NoPrimes { at: self.at.to_owned() });
        }
        let number = |name| self.number(name).map(|bytes| Zeroizing::new(significant(&bytes)));
        let numbers = RsaNumbers {
            d: number("d")?,
            p: number("p")?,
            q: number("q")?,
            dp: number("dp")?,
            dq: number("dq")?,
            qi: number("qi")?,
        };
        from_parts::rsa_private(public, numbers).map_err(|error| self.refused(error))
    }

    fn string(&self, name: &'static str) -> Result<String, JwkError> {
        let missing = || JwkError::Missing { at: self.at.to_owned(), name, kty: self.kty.clone() };
        let value = self.node.get(name).ok_or_else(missing)?;
        value.as_str().map(|text| text.into_owned()).ok_or_else(|| JwkError::Type {
            at: self.at.to_owned(),
            name: name.to_owned(),
            found: value.kind().name(),
            wanted: "a string",
        })
    }

    fn number(&self, name: &'static str) -> Result<Bytes, JwkError> {
        let value = Zeroizing::new(self.string(name)?);
        text::decode_secret(&value).map_err(|stray| JwkError::NotBase64url {
            at: self.at.to_owned(),
            name,
            what: stray.to_string(),
        })
    }

    fn sized(&self, name: &'static str, wanted: usize, curve: &'static str) -> Result<Bytes, JwkError> {
        let bytes = self.number(name)?;
        if bytes.len() == wanted {
            Ok(bytes)
        } else {
            Err(JwkError::Length { at: self.at.to_owned(), name, found: bytes.len(), wanted, curve })
        }
    }

    fn refused(&self, error: ReadError) -> JwkError {
        JwkError::Key { at: self.at.to_owned(), source: Box::new(error) }
    }
}

fn significant(bytes: &[u8]) -> Vec<u8> {
    match bytes.iter().position(|byte| *byte != 0) {
        Some(first) => bytes[first..].to_vec(),
        // Zero has one byte (RFC 7518 §2), as it has in DER.
        None => vec![0],
    }
}
