//! Keys from files and pasted text: the format is detected, and a failure says what the text looks like and what is wrong.

use zeroize::Zeroizing;

use super::{
    Jwk, Key, PrivateKey,
    armor::{has_label_line, unescaped},
    decode,
    der_keys::read_der,
    disguise::{self, MOST_LAYERS},
    dotnet,
    encrypted::Opening,
    form::{detect, outer_length},
    from_parts,
    looks::{speaks_of_key, unread},
    openssh, pem_keys,
    primality::pass_over_primes,
};
use crate::{
    json::{Document, Kind, Node},
    jwk,
    key::error::JwkError,
    text::without_white_space,
};

pub use super::{Found, error::ReadError, form::Form as DerForm};

/// The largest text that is read as a key or key set, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// Reads every key in `input`, which comes from outside: PEM in its many disguises, DER, JWK or JWK Set, OpenSSH, PKCS#12, XML of
/// .NET. `passphrase` opens what is encrypted. What takes too long for every use of a key is looked at here, once.
pub fn read(input: &[u8], passphrase: Option<&[u8]>) -> Result<Found, ReadError> {
    if input.len() > MAX_BYTES {
        return Err(ReadError::TooLarge { found: input.len(), most: MAX_BYTES });
    }
    if input.trim_ascii().is_empty() {
        return Err(ReadError::Empty);
    }
    let layer = Layer { opening: &Opening::new(passphrase), encoding: None, left: MOST_LAYERS };
    let mut found = layer.read(input)?;
    pass_over_primes(&mut found)?;
    found.findings.extend(super::check::check_set(&found.keys));
    Ok(found)
}

/// Reads one private key in PKCS#8 DER, as it comes from a key generator or a sealed record.
pub fn read_pkcs8(der: &[u8]) -> Result<PrivateKey, ReadError> {
    match decode::read_pkcs8(der)? {
        Key::Private(key) => Ok(key),
        _ => Err(ReadError::NotRead { what: "a public key", hint: "a private key in PKCS#8 is wanted" }),
    }
}

/// Reads the base64 of a bare Ed25519 key: the 32 bytes of its seed (RFC 8032 §5.1.5), or these with the 32 of the public key
/// behind them. Nothing in such a text says what it is, so this is for those who know.
pub fn read_bare_ed25519(text: &str) -> Result<Found, ReadError> {
    let joined = Zeroizing::new(without_white_space(text));
    let unpadded = joined.trim_end_matches('=').as_bytes();
    let bytes = data_encoding::BASE64_NOPAD.decode(unpadded).map(Zeroizing::new).unwrap_or_default();
    let key = match bytes.len() {
        64 => from_parts::ed25519_from_both(&bytes, None)?,
        _ => from_parts::ed25519_from_seed(&bytes, None)?,
    };
    Ok(one(BARE_ED25519, key))
}

const BARE_ED25519: &str = "a bare Ed25519 key in base64";

/// The text of a file without what disguises it: the JSON in base64 or UTF-16 in which a provider hands out a key. `None` where
/// there is no such text.
pub fn undisguised(input: &[u8]) -> Option<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(input.get(..MAX_BYTES.min(input.len()))?.to_vec());
    for _ in 0..MOST_LAYERS {
        let text = Zeroizing::new(disguise::text(&bytes)?.into_owned());
        if text.starts_with('{') {
            return Some(text);
        }
        bytes = disguise::peel(&text)?.bytes;
    }
    None
}

/// Whether an input is a private key of any form, whole, encrypted or damaged: what must not be taken for something else.
pub fn holds_private_key(input: &[u8]) -> bool {
    match read(input, None) {
        Ok(found) => found.keys.iter().any(|jwk| jwk.key.private().is_some()),
        Err(ReadError::PassphraseNeeded | ReadError::Cipher | ReadError::HalvesDiffer) => true,
        Err(_) => disguise::text(input).is_some_and(|text| speaks_of_key(&text)),
    }
}

fn one(form: impl Into<String>, key: Key) -> Found {
    Found { form: form.into(), keys: vec![key.into()], findings: Vec::new() }
}

/// An input, or what was found under its disguise.
struct Layer<'a> {
    opening: &'a Opening<'a>,
    /// What the bytes were decoded from.
    encoding: Option<&'static str>,
    /// How many disguises may still be taken off.
    left: u8,
}

impl Layer<'_> {
    fn read(&self, input: &[u8]) -> Result<Found, ReadError> {
        if let Some(text) = disguise::text(input)
            && let Some(found) = self.read_text(&text)?
        {
            return Ok(found);
        }
        self.read_bytes(input)
    }

    fn read_text(&self, text: &str) -> Result<Option<Found>, ReadError> {
        if text.starts_with('{') {
            return self.read_json(text).map(Some);
        }
        if dotnet::is_in(text) {
            return dotnet::read(text).map(|key| Some(one("RSAKeyValue XML of .NET", key)));
        }
        let plain = unescaped(text);
        if has_label_line(&plain) {
            return pem_keys::read(&plain, self.opening).map(Some);
        }
        if openssh::is_line(text) {
            return openssh::read_line(text).map(|key| Some(one("an OpenSSH public key", key)));
        }
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        let Some(inner) = disguise::peel(text) else { return Ok(None) };
        let inside = Layer { opening: self.opening, encoding: inner.encoding.or(self.encoding), left };
        match inside.read(&inner.bytes) {
            // What is inside was not a key after all, so the whole is told about.
            Err(ReadError::Unknown { .. }) => Ok(None),
            read => read.map(Some),
        }
    }

    fn read_bytes(&self, bytes: &[u8]) -> Result<Found, ReadError> {
        if bytes.starts_with(openssh::MAGIC) {
            return openssh::read_private(bytes, self.opening).map(|key| one("an OpenSSH private key", key));
        }
        if disguise::is_ed25519_pair(bytes) {
            return from_parts::ed25519_from_both(bytes, None).map(|key| one(BARE_ED25519, key));
        }
        let wrapping = self.encoding.map_or("DER".to_owned(), |encoding| format!("DER in {encoding}"));
        match detect(bytes) {
            Some(form) if outer_length(bytes).is_none_or(|(wanted, found)| wanted == found) => {
                read_der(form, bytes, self.opening, &wrapping)
            }
            _ => Err(unread(bytes)),
        }
    }

    /// A JWK or a set, a map of names to certificates, or another object with PEM in one of its members.
    fn read_json(&self, text: &str) -> Result<Found, ReadError> {
        let document = match Document::parse(text) {
            Ok(document) => document,
            // Not JSON, and perhaps a piece of a program.
            Err(_) if has_label_line(&unescaped(text)) => return pem_keys::read(&unescaped(text), self.opening),
            Err(error) => return Err(JwkError::from(error).into()),
        };
        let root = document.root();
        if root.get("kty").is_some() || root.get("keys").is_some() {
            return jwk::read(text);
        }
        if let Some(found) = self.read_map(root)? {
            return Ok(found);
        }
        let mut pem = Zeroizing::new(String::with_capacity(text.len()));
        for value in document.nodes().filter_map(|node| node.as_str()).map(|value| Zeroizing::new(value.into_owned())) {
            let plain = unescaped(&value);
            let inner = if has_label_line(&plain) { None } else { disguise::pem_in_base64(&value) };
            match inner.as_deref().map(|inner| std::str::from_utf8(inner)) {
                Some(Ok(inner)) => pem.push_str(inner),
                None if has_label_line(&plain) => pem.push_str(&plain),
                _ => continue,
            }
            pem.push('\n');
        }
        if pem.is_empty() { Err(JwkError::NotAJwk.into()) } else { pem_keys::read(&pem, self.opening) }
    }

    /// An object whose every member is a certificate or public key in PEM: its name is the kid, as Google publishes its keys.
    fn read_map(&self, root: Node<'_, '_>) -> Result<Option<Found>, ReadError> {
        let is_public = |node: Node<'_, '_>| {
            node.as_str().is_some_and(|value| has_label_line(&value) && !value.contains("PRIVATE"))
        };
        if root.kind() != Kind::Object || root.members().next().is_none() || !root.members().all(is_public) {
            return Ok(None);
        }
        let mut keys: Vec<Jwk> = Vec::new();
        for member in root.members() {
            let value = member.as_str().unwrap_or_default();
            let kid = member.name().map(|name| name.into_owned());
            let found = pem_keys::read(&value, self.opening)?;
            keys.extend(found.keys.into_iter().map(|jwk| Jwk { kid: kid.clone(), ..jwk }));
        }
        let form = "a JSON map of kid to certificate".to_owned();
        Ok(Some(Found { form, keys, findings: Vec::new() }))
    }
}
