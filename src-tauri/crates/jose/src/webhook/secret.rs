//! The secrets and keys that a delivery is judged with, or a sample signed: from their text, or read already.

use std::fmt;

use super::{Method, SecretForm};
use crate::{
    Alg, Code, Finding,
    engine::{Signer, Verifier},
    key::{Jwk, Key, PublicKey, Secret, SecretEncoding, SecretNotDecoded, check, from_parts, read, secret_variants},
};

/// A secret or key that the person trusts, with the name by which they know it. While one replaces another there are two.
#[derive(Debug, Clone, Copy)]
pub struct TrustedSecret<'a> {
    /// The person's name for it.
    pub name: &'a str,
    /// What it is.
    pub material: Material<'a>,
}

/// A secret or key.
#[derive(Clone, Copy)]
pub enum Material<'a> {
    /// The text that the provider handed out; the scheme says how it becomes bytes. For key pairs also a key file.
    Text(&'a [u8]),
    /// A key that was read already. A secret's bytes are taken as they are.
    Key(&'a Jwk),
}

impl fmt::Debug for Material<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Key(jwk) => write!(f, "Key({})", jwk.key.describe()),
        }
    }
}

impl SecretForm {
    /// The bytes of a secret as the provider shows it: a beginning that is not part of it is taken off. `encoding` wins over
    /// what the scheme says.
    pub fn decode(&self, text: &[u8], encoding: Option<SecretEncoding>) -> Result<Secret, SecretNotDecoded> {
        encoding.unwrap_or(self.encoding).decode(self.strip(text).1)
    }

    /// What stands before a beginning that is known alone as well: the mark of a signature, `v1,` of `v1,whsec_`.
    fn mark<'t>(&self, text: &'t [u8]) -> Option<&'t str> {
        let prefix = self.strip(text).0?;
        let own = |own: &&String| own.len() < prefix.len() && prefix.ends_with(own.as_str());
        let own = self.prefixes.iter().filter(own).max_by_key(|own| own.len())?;
        std::str::from_utf8(text.get(..prefix.len() - own.len())?).ok()
    }

    /// The beginning that stands in the text, but not where it begins, and what follows from there, up to a quote.
    fn within<'t>(&self, text: &'t [u8]) -> Option<(&str, &'t [u8])> {
        let known = self.prefixes.iter().map(String::as_str).chain(BEGINNINGS).filter(|known| !known.is_empty());
        let (at, known) = known.filter_map(|known| Some((position(text, known.as_bytes())?, known))).min()?;
        let rest = text[at..].trim_ascii_end();
        let unquoted = rest.strip_suffix(b"\"").or_else(|| rest.strip_suffix(b"'")).unwrap_or(rest);
        (at > 0).then_some((known, unquoted))
    }

    /// The text without a beginning that is not part of it, and that beginning.
    pub(super) fn strip<'t>(&self, text: &'t [u8]) -> (Option<&str>, &'t [u8]) {
        let begins = |prefix: &&String| !prefix.is_empty() && text.starts_with(prefix.as_bytes());
        match self.prefixes.iter().find(begins) {
            Some(prefix) => (Some(prefix), &text[prefix.len()..]),
            None => (None, text),
        }
    }
}

impl<'a> TrustedSecret<'a> {
    fn unread(&self, found: String, hint: &str) -> Finding {
        Finding::new(Code::WebhookSecret, format!("{:?} {found}", self.name)).hint(hint)
    }

    /// The secret of a MAC.
    pub(super) fn shared(&self, method: Method, form: &SecretForm) -> Result<Shared<'a>, Finding> {
        match self.material {
            Material::Text(text) => {
                let secret = form.decode(text, None).map_err(|error| {
                    let found = format!("cannot be read: {error}");
                    match form.within(text) {
                        Some((known, _)) => self.unread(found, &format!("leave out what stands around it: it begins with {known:?}")),
                        None => {
                            let hint = "copy it again, the whole of it and nothing else; where the provider shows it in \
                                        another encoding, correct \"secret-encoding\" in its definition";
                            self.unread(found, hint)
                        }
                    }
                })?;
                Ok(Shared::Read(secret))
            }
            Material::Key(Jwk { key: Key::Secret(secret), .. }) => Ok(Shared::Held(secret)),
            Material::Key(jwk) => {
                let found = format!("is {}, and {} takes a shared secret", jwk.key.describe(), method.name());
                Err(self.unread(found, "choose the secret that the provider's webhook settings show"))
            }
        }
    }

    /// The public half of an Ed25519 key.
    pub(super) fn ed25519(&self, form: &SecretForm) -> Result<[u8; 32], Finding> {
        let text = match self.material {
            Material::Text(text) => text,
            Material::Key(jwk) => return self.public_of(&jwk.key),
        };
        let found = match raw_ed25519(text, form) {
            Some(half) if half.len() == 32 => from_parts::ed25519_public(half.bytes()).ok(),
            Some(both) => ed25519_from_raw(both.bytes()).and_then(|key| self.public_of(&key).ok()),
            None => read_keys(text).iter().find_map(|jwk| self.public_of(&jwk.key).ok()),
        };
        found.ok_or_else(|| {
            let found = format!("is no Ed25519 key; wanted 32 bytes in {}, or a key file", form.encoding.name());
            self.unread(found, "copy the public key again from the provider's webhook settings")
        })
    }

    fn public_of(&self, key: &Key) -> Result<[u8; 32], Finding> {
        match key.public() {
            Some(PublicKey::Ed25519(x)) => Ok(x),
            _ => {
                let found = format!("is {}; wanted an Ed25519 key", key.describe());
                Err(self.unread(found, "choose the public key that the provider's webhook settings show"))
            }
        }
    }

    /// What verifies with it.
    pub(super) fn verifier(&self, method: Method, form: &SecretForm) -> Result<Verifier, Finding> {
        match method.hash() {
            Some(hash) => {
                let secret = self.shared(method, form)?;
                match weakness(&secret) {
                    Some(finding) => Err(named(self.name, finding)),
                    None => Ok(Verifier::mac(hash, &secret)),
                }
            }
            None => {
                let key = Key::Public(PublicKey::Ed25519(self.ed25519(form)?));
                Verifier::new(Alg::EdDSA, &key)
                    .ok_or_else(|| self.unread("is a key that the engine does not take".to_owned(), "copy it again"))
            }
        }
    }

    /// What signs with it.
    pub(super) fn signer(&self, method: Method, form: &SecretForm) -> Result<Signer, Finding> {
        if let Some(hash) = method.hash() {
            return Ok(Signer::mac(hash, &*self.shared(method, form)?));
        }
        let hint = "a sample is signed with the private key of a pair of your own";
        let public = || self.unread("is no private Ed25519 key, and signing takes one".to_owned(), hint);
        let made = |key: &Key| Signer::new(Alg::EdDSA, key).ok_or_else(public);
        match self.material {
            Material::Key(jwk) => made(&jwk.key),
            Material::Text(text) => match raw_ed25519(text, form) {
                Some(bytes) => made(&ed25519_from_raw(bytes.bytes()).ok_or_else(public)?),
                None => made(&read_keys(text).first().ok_or_else(public)?.key),
            },
        }
    }

    /// The keys that a token is judged with.
    pub(super) fn token_keys(&self, algs: &[Alg], form: &SecretForm) -> Result<Keys<'a>, Finding> {
        match self.material {
            Material::Key(jwk) => Ok(Keys::Held(jwk)),
            Material::Text(text) if algs.iter().all(|alg| alg.is_hmac()) => {
                let secret = form.decode(text, None);
                let secret =
                    secret.map_err(|error| self.unread(format!("cannot be read: {error}"), "copy it again"))?;
                Ok(Keys::Read(vec![Jwk::from(Key::Secret(secret))]))
            }
            Material::Text(text) => match read::read(text, None) {
                Ok(found) => Ok(Keys::Read(found.keys)),
                Err(error) => Err(self.unread(format!("cannot be read: {error}"), "give the key as JWK or PEM")),
            },
        }
    }

    /// What is to be said of a secret whatever it signs.
    pub(super) fn findings(&self, method: Method, form: &SecretForm) -> Vec<Finding> {
        let weak = match (method.hash(), self.shared(method, form)) {
            (Some(_), Ok(secret)) => check::check_secret(&secret),
            _ => Vec::new(),
        };
        weak.into_iter().map(|finding| named(self.name, finding)).chain(self.marked(form)).collect()
    }

    /// Says that the mark of a signature stands before the secret. It is left out here, and a handler may not know it.
    fn marked(&self, form: &SecretForm) -> Option<Finding> {
        let Material::Text(text) = self.material else { return None };
        let mark = form.mark(text)?;
        let found = format!("{:?} begins with {mark:?}, the mark of a signature and not part of the secret", self.name);
        let hint = "it is left out here; leave it out of the secret that your handler is given as well";
        Some(Finding::new(Code::SecretMarked, found).hint(hint))
    }

    /// What the secret could have been meant to be, with the condition as a sentence goes on after "if", and the cure.
    pub(super) fn variants(&self, form: &SecretForm) -> Vec<(String, Secret)> {
        let text = match self.material {
            Material::Text(text) => text,
            Material::Key(Jwk { key: Key::Secret(secret), .. }) => secret.bytes(),
            Material::Key(_) => return Vec::new(),
        };
        let (known, bare) = form.strip(text);
        let mut all = Vec::new();
        let mut add = |beginning: Option<String>, base: &[u8]| {
            let with = |what: &str| match &beginning {
                Some(beginning) => format!("{what}, {beginning}"),
                None => what.to_owned(),
            };
            let base = Secret::new(base.to_vec());
            let variants = secret_variants::variants(&base);
            all.push((with("the secret were used as its text"), base));
            all.extend(variants.into_iter().map(|(what, secret)| (with(what), secret)));
        };
        add(None, bare);
        if let Some(prefix) = known {
            add(Some(format!("with its beginning {prefix:?}")), text);
        } else if let Some(prefix) = BEGINNINGS.iter().find(|prefix| text.starts_with(prefix.as_bytes())) {
            add(Some(format!("without its beginning {prefix:?}")), &text[prefix.len()..]);
        } else if let Some((known, rest)) = form.within(text) {
            add(Some(format!("from {known:?} on")), rest);
            add(Some(format!("from behind {known:?} on")), &rest[known.len()..]);
        }
        all
    }
}

fn position(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

/// Beginnings that some providers count to the secret and others do not.
const BEGINNINGS: [&str; 4] = ["whsec_", "whsk_", "whpk_", "wsk_"];

/// A shared secret, read here or held by the caller.
pub(super) enum Shared<'a> {
    Read(Secret),
    Held(&'a Secret),
}

impl std::ops::Deref for Shared<'_> {
    type Target = Secret;

    fn deref(&self) -> &Secret {
        match self {
            Self::Read(secret) => secret,
            Self::Held(secret) => secret,
        }
    }
}

/// Keys, read here or held by the caller.
pub(super) enum Keys<'a> {
    Read(Vec<Jwk>),
    Held(&'a Jwk),
}

impl Keys<'_> {
    pub(super) fn all(&self) -> &[Jwk] {
        match self {
            Self::Read(keys) => keys,
            Self::Held(jwk) => std::slice::from_ref(*jwk),
        }
    }
}

/// The keys of a key file; none if it is another file.
fn read_keys(text: &[u8]) -> Vec<Jwk> {
    read::read(text, None).map(|found| found.keys).unwrap_or_default()
}

/// The bytes of an Ed25519 key that stands alone: 32 of a half, or 64 of the seed with the public half behind it.
fn raw_ed25519(text: &[u8], form: &SecretForm) -> Option<Secret> {
    let bytes = match form.encoding {
        SecretEncoding::Utf8 => return None,
        encoding => encoding.decode(form.strip(text).1).ok()?,
    };
    matches!(bytes.len(), 32 | 64).then_some(bytes)
}

/// The private key of these bytes, whose first half is the seed.
fn ed25519_from_raw(bytes: &[u8]) -> Option<Key> {
    let (seed, x) = bytes.split_at_checked(32)?;
    from_parts::ed25519_from_seed(seed, (!x.is_empty()).then_some(x)).ok()
}

/// Why a MAC under this secret would prove nothing.
fn weakness(secret: &Secret) -> Option<Finding> {
    let forgeable = |finding: &Finding| finding.is_error() && finding.code != Code::SecretKnown;
    check::check_secret(secret).into_iter().find(forgeable)
}

fn named(name: &str, finding: Finding) -> Finding {
    Finding { message: format!("{name:?}: {}", finding.message), ..finding }
}
