//! JWK and JWK Set (RFC 7517, RFC 7518 §6, RFC 8037 §2), read strictly and written plainly.

use std::cell::RefCell;

use zeroize::Zeroizing;

use crate::{
    Alg, Code, Finding,
    json::{Document, Kind, Node, quote},
    key::{
        Bytes, Curve, DeclaredAlg, Found, Half, Jwk, Key, PrivateKey, PublicKey, RsaNumbers, RsaPublic, Secret,
        error::ReadError,
        from_parts,
        rsa_numbers::{Known, complete},
    },
    text,
};

pub use crate::key::error::JwkError;

/// Reads a JWK or a JWK Set. In a set, keys that cannot be used are passed over with a finding (RFC 7517 §5).
pub fn read(json: &str) -> Result<Found, ReadError> {
    let document = Document::parse(json).map_err(JwkError::from)?;
    if let Some(twice) = document.duplicates().into_iter().next() {
        let (first, second) = (twice.first.start, twice.second.start);
        return Err(JwkError::Duplicate { path: twice.path, first, second }.into());
    }
    let root = document.root();
    if root.get("kty").is_some() {
        let (jwk, findings) = read_one(root, "")?;
        return Ok(Found { form: "JWK".to_owned(), keys: vec![jwk], findings });
    }
    let Some(list) = root.get("keys").filter(|list| list.kind() == Kind::Array) else {
        return Err(JwkError::NotAJwk.into());
    };
    let mut found = Found { form: "JWK Set".to_owned(), keys: Vec::new(), findings: Vec::new() };
    let (mut passed_over, mut damaged) = (None, Vec::new());
    for (index, node) in list.elements().enumerate() {
        match read_one(node, &format!("keys[{index}]")) {
            Ok((jwk, findings)) => {
                found.keys.push(jwk);
                found.findings.extend(findings);
            }
            Err(error) => {
                let whose = node.get("kid").and_then(Node::as_str).map(|kid| format!(" (kid {:?})", text::elide(&kid)));
                let message =
                    format!("key {} of the set{} is passed over: {error}", index + 1, whose.unwrap_or_default());
                found.findings.push(Finding::new(Code::KeyPassedOver, message));
                if let JwkError::NotBase64url { .. } = error {
                    damaged.push(node);
                }
                passed_over.get_or_insert(error);
            }
        }
    }
    if found.keys.is_empty() {
        return Err(passed_over.unwrap_or(JwkError::EmptySet).into());
    }
    found.findings.extend(damaged.into_iter().find_map(|node| ambiguous(node, &found.keys)));
    Ok(found)
}

/// The finding for a key that is damaged, where a token that names its kid could mean another one that is read as well: whoever
/// reads base64url less strictly takes either.
fn ambiguous(damaged: Node<'_, '_>, keys: &[Jwk]) -> Option<Finding> {
    let text = |name: &str| damaged.get(name).and_then(|node| node.as_str());
    let kid = text("kid")?;
    let overlap = |a: Option<&str>, b: Option<&str>| a.is_none() || b.is_none() || a == b;
    let alike = |jwk: &&Jwk| {
        jwk.kid.as_deref() == Some(&*kid)
            && text("kty").as_deref() == Some(jwk.key.kty())
            && overlap(text("use").as_deref(), jwk.key_use.as_deref())
            && overlap(text("alg").as_deref(), jwk.alg.as_ref().map(DeclaredAlg::name))
    };
    keys.iter().find(alike)?;
    let found = format!("a damaged key of the set shares the kid {:?} with another", text::elide(&kid));
    Some(Finding::new(Code::SetDuplicateKid, found).hint("give each key a kid of its own, and mend the damaged one"))
}

/// How a key is named where it is written, or in the header of a token that it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// By its own kid, else by its thumbprint.
    #[default]
    Kid,
    /// Not at all.
    Nothing,
}

/// One half of a key as a JWK on one line.
pub fn write(jwk: &Jwk, half: Half) -> Zeroizing<String> {
    write_named(jwk, half, Naming::Kid)
}

/// The same, with or without a kid.
pub fn write_named(jwk: &Jwk, half: Half, naming: Naming) -> Zeroizing<String> {
    let mut members = Members::default();
    match jwk.key.public() {
        Some(PublicKey::Ec(ec)) => {
            members.put("kty", "EC");
            members.put("crv", ec.curve.name());
            members.number("x", ec.x());
            members.number("y", ec.y());
        }
        Some(PublicKey::Rsa(rsa)) => {
            members.put("kty", "RSA");
            members.number("n", &rsa.n);
            members.number("e", &rsa.e);
        }
        Some(PublicKey::Ed25519(x)) => {
            members.put("kty", "OKP");
            members.put("crv", "Ed25519");
            members.number("x", &x);
        }
        None => members.put("kty", "oct"),
    }
    match (&jwk.key, half) {
        (Key::Private(PrivateKey::Ec { d, .. }), Half::Private) => members.number("d", d),
        (Key::Private(PrivateKey::Ed25519 { seed, .. }), Half::Private) => members.number("d", seed),
        (Key::Private(PrivateKey::Rsa { numbers, .. }), Half::Private) => {
            numbers.named().into_iter().for_each(|(name, bytes)| members.number(name, bytes));
        }
        (Key::Secret(secret), Half::Private) => members.number("k", secret.bytes()),
        _ => {}
    }
    if let Some(kid) = jwk.effective_kid().filter(|_| naming == Naming::Kid) {
        members.put("kid", &kid);
    }
    if let Some(alg) = &jwk.alg {
        members.put("alg", alg.name());
    }
    if let Some(key_use) = &jwk.key_use {
        members.put("use", key_use);
    }
    let ops = operations(jwk, half);
    if !ops.is_empty() {
        let list: Vec<String> = ops.iter().map(|op| quote(op)).collect();
        members.0.push(Zeroizing::new(format!("\"key_ops\":[{}]", list.join(","))));
    }
    joined("{", &members.0, "}")
}

/// Halves of keys as a JWK Set on one line.
pub fn write_set(jwks: &[&Jwk], half: Half) -> Zeroizing<String> {
    write_set_named(jwks, half, Naming::Kid)
}

/// The same, with or without kids.
pub fn write_set_named(jwks: &[&Jwk], half: Half, naming: Naming) -> Zeroizing<String> {
    let keys: Vec<_> = jwks.iter().map(|jwk| write_named(jwk, half, naming)).collect();
    joined("{\"keys\":[", &keys, "]}")
}

/// The `key_ops` of this half: what the private one signs the public one verifies (RFC 7517 §4.3).
fn operations(jwk: &Jwk, half: Half) -> Vec<&str> {
    let halved = matches!(jwk.key, Key::Private(_)) && half == Half::Public;
    let mut ops = Vec::new();
    for op in jwk.key_ops.iter().map(String::as_str) {
        let op = if halved && op == "sign" { "verify" } else { op };
        if !ops.contains(&op) {
            ops.push(op);
        }
    }
    ops
}

/// Members as they are written, each wiped.
#[derive(Default)]
struct Members(Vec<Zeroizing<String>>);

impl Members {
    fn put(&mut self, name: &str, value: &str) {
        self.0.push(Zeroizing::new(format!("\"{name}\":{}", quote(value))));
    }

    /// A number, secret or not. base64url needs no escapes, so no copy of it is left behind.
    fn number(&mut self, name: &str, bytes: &[u8]) {
        let mut member = Zeroizing::new(String::with_capacity(name.len() + bytes.len() * 4 / 3 + 8));
        member.push('"');
        member.push_str(name);
        member.push_str("\":\"");
        data_encoding::BASE64URL_NOPAD.encode_append(bytes, &mut member);
        member.push('"');
        self.0.push(member);
    }
}

fn joined(begin: &str, items: &[Zeroizing<String>], end: &str) -> Zeroizing<String> {
    // All the room at once: a string that grows leaves copies behind.
    let length = begin.len() + end.len() + items.iter().map(|item| item.len() + 1).sum::<usize>();
    let mut out = Zeroizing::new(String::with_capacity(length));
    out.push_str(begin);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(item);
    }
    out.push_str(end);
    out
}

/// The members of one JWK, with its place in the set for errors.
struct Reader<'d, 't, 'a> {
    node: Node<'d, 't>,
    at: &'a str,
    kty: String,
    findings: RefCell<Vec<Finding>>,
}

fn read_one(node: Node<'_, '_>, at: &str) -> Result<(Jwk, Vec<Finding>), JwkError> {
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
    let kty = string("kty")?.ok_or(JwkError::Missing { at: at.to_owned(), name: "kty", kty: String::new() })?;
    let reader = Reader { node, at, kty, findings: RefCell::default() };
    let key = match reader.kty.as_str() {
        "EC" => reader.ec()?,
        "RSA" => reader.rsa()?,
        "OKP" => reader.okp()?,
        "oct" => Key::Secret(Secret::new(reader.number("k")?.to_vec())),
        other => return Err(JwkError::KeyType { at: at.to_owned(), found: text::elide(other) }),
    };
    let key_ops = match node.get("key_ops") {
        None => Vec::new(),
        Some(list) => operation_names(list).ok_or_else(|| JwkError::Type {
            at: at.to_owned(),
            name: "key_ops".to_owned(),
            found: list.kind().name(),
            wanted: "a list of names that is not empty",
        })?,
    };
    let alg = string("alg")?.map(|name| match name.parse::<Alg>() {
        Ok(alg) => DeclaredAlg::Known(alg),
        Err(_) => DeclaredAlg::Other(name),
    });
    let jwk = Jwk { key, kid: string("kid")?, alg, key_use: string("use")?, key_ops };
    Ok((jwk, reader.findings.into_inner()))
}

/// The `key_ops` of a key. A list that is wrong must not pass for none, which would allow everything.
fn operation_names(list: Node<'_, '_>) -> Option<Vec<String>> {
    let names: Option<Vec<String>> = list.elements().map(|op| op.as_str().map(|op| op.into_owned())).collect();
    names.filter(|names| !names.is_empty())
}

impl Reader<'_, '_, '_> {
    fn ec(&self) -> Result<Key, JwkError> {
        let name = self.string("crv")?;
        let Some(curve) = Curve::ALL.into_iter().find(|curve| curve.name() == name) else {
            let wanted = "\"P-256\", \"P-384\", \"P-521\" or \"secp256k1\"";
            return Err(JwkError::Curve { at: self.at.to_owned(), found: name, wanted });
        };
        let sized = |name: &'static str| self.padded(name, curve.field_len(), curve.name());
        let mut point = vec![0x04];
        point.extend_from_slice(&sized("x")?);
        point.extend_from_slice(&sized("y")?);
        let key = match self.node.get("d") {
            None => from_parts::ec_public(curve, &point).map(|public| Key::Public(PublicKey::Ec(public))),
            Some(_) => from_parts::ec_from_scalar(curve, &sized("d")?, Some(&point)),
        };
        // A coordinate that is short and makes no point with its zeros lost more than those: its length is what is wrong.
        let as_it_stands = |name| self.sized(name, curve.field_len(), curve.name()).err();
        key.map_err(|error| ["x", "y"].into_iter().find_map(as_it_stands).unwrap_or_else(|| self.refused(error)))
    }

    fn okp(&self) -> Result<Key, JwkError> {
        let name = self.string("crv")?;
        if name != "Ed25519" {
            return Err(JwkError::Curve { at: self.at.to_owned(), found: name, wanted: "\"Ed25519\"" });
        }
        let x = self.sized("x", 32, "Ed25519")?;
        let key = match self.node.get("d") {
            None => from_parts::ed25519_public(&x).map(|x| Key::Public(PublicKey::Ed25519(x))),
            Some(_) => match self.number("d")? {
                // Seed and public half in one, as NaCl has them.
                both if both.len() == 64 => from_parts::ed25519_from_both(&both, Some(&x)),
                _ => from_parts::ed25519_from_seed(&self.sized("d", 32, "Ed25519")?, Some(&x)),
            },
        };
        key.map_err(|error| self.refused(error))
    }

    fn rsa(&self) -> Result<Key, JwkError> {
        let public = RsaPublic { n: significant(&self.number("n")?), e: significant(&self.number("e")?) };
        if self.node.get("oth").is_some() {
            return Err(self.refused(ReadError::MULTI_PRIME));
        }
        if self.node.get("d").is_none() {
            return Ok(Key::Public(PublicKey::Rsa(public)));
        }
        let has = |names: &[&str]| names.iter().all(|name| self.node.get(name).is_some());
        let number = |name| self.number(name).map(|bytes| Zeroizing::new(significant(&bytes)));
        let d = number("d")?;
        let numbers = if has(&["p", "q", "dp", "dq", "qi"]) {
            let (p, q, dp, dq, qi) = (number("p")?, number("q")?, number("dp")?, number("dq")?, number("qi")?);
            RsaNumbers { d, p, q, dp, dq, qi }
        } else {
            // What is left out follows from the rest (RFC 7518 §6.3.2 asks for all or none).
            let primes = if has(&["p", "q"]) { Some((number("p")?, number("q")?)) } else { None };
            let primes = primes.as_ref().map(|(p, q)| (p.as_slice(), q.as_slice()));
            let computed = complete(&public, &Known { d: &d, primes });
            computed.ok_or_else(|| match primes {
                Some(_) => self.refused(ReadError::HalvesDiffer),
                None => JwkError::NoPrimes { at: self.at.to_owned() },
            })?
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

    /// A number of the field's length, to which zeros that were left out are given back: it can mean no other key.
    fn padded(&self, name: &'static str, wanted: usize, curve: &'static str) -> Result<Bytes, JwkError> {
        let bytes = self.number(name)?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let significant = &bytes[zeros..];
        if bytes.len() == wanted || significant.is_empty() || significant.len() > wanted {
            return self.sized(name, wanted, curve);
        }
        let mut padded = Zeroizing::new(vec![0; wanted]);
        padded[wanted - significant.len()..].copy_from_slice(significant);
        let short = JwkError::Length { at: self.at.to_owned(), name, found: bytes.len(), wanted, curve };
        let finding = Finding::new(Code::CoordinateLength, format!("{short}; it is read as if it had them"));
        self.findings.borrow_mut().push(finding.hint(short.hint().unwrap_or(
            "coordinates have the length of the field (RFC 7518 §6.2.1.2); export the key again with a library that keeps to it",
        )));
        Ok(padded)
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
