//! The next key of a rotation: made here, given by the provider in an answer, or brought by a person.
//!
//! It is sealed as every key is, and read back, before the rotation hears of it: a draft at the place of the old one, under a
//! name that follows from the old one's. Whoever is killed in between finds that draft again by its name, and takes it.

use exchange::{Answer, point};
use jose::{Alg, json::Document, key::Key};
use keyset::{Age, At, MadeBy, Next, RotationId, State};
use zeroize::Zeroizing;

use super::{
    record::{self, Standing},
    remote::OurHalf,
};
use crate::{
    ground::{CredentialError, Error, RotationError, ports::Ports},
    jobs::{
        credentials::{self, New},
        keys::{self, Coming, For, KeyText, PublicFormat},
    },
    policy::fields::EXPIRES,
    resolve::key_facts::jwk_facts,
    store::{
        life,
        records::{Credential, CredentialKind, Stored},
        session::Session,
    },
};

/// Characters of a password or an API key that is made here: 32 of 64, which is 192 bits.
const MADE_CHARACTERS: usize = 32;

/// What a person brings from the provider's page. It holds a secret, so it cannot be shown.
pub enum Brought<'a> {
    /// A file with the private key, and the name under which the provider shows it, where that was given.
    Key {
        /// The file.
        text: KeyText<'a>,
        /// The kid.
        kid: Option<String>,
    },
    /// An API key, a password or a secret.
    Secret(&'a str),
}

/// Makes the next key as the old one is, or for another algorithm, and lets it join the line.
pub(super) fn make(session: &mut Session, id: &RotationId, ports: &Ports) -> Result<(), Error> {
    make_for(session, id, None, ports)
}

/// The same for an algorithm that the person chose.
pub(super) fn make_for(session: &mut Session, id: &RotationId, alg: Option<Alg>, ports: &Ports) -> Result<(), Error> {
    let standing = record::find(session, id)?;
    let old = record::credential(session, standing.rotation.old())?;
    let (name, is_there) = next_name(session, &standing, &old)?;
    if !is_there {
        let at = record::target(session, &standing.keyset, standing.rotation.line())?;
        let at = For { profile: &at.profile, environment: &at.environment };
        match (old.value.kind, alg.or(old.value.alg)) {
            (CredentialKind::PrivateKey | CredentialKind::SharedSecret, Some(alg)) => {
                let bits = if old.value.kty == "RSA" { old.value.bits } else { 3072 };
                keys::generate(session, alg, bits, &name, Some(at), ports)?;
            }
            _ => {
                let made = made_text(ports);
                add(session, &standing, &old, &name, at, &made, ports)?;
            }
        }
    }
    joins(session, id, &name, ports)
}

/// Seals what a person brought from the provider, and lets it join the line.
pub fn bring(session: &mut Session, id: &RotationId, brought: Brought<'_>, ports: &Ports) -> Result<(), Error> {
    session.refresh()?;
    let _lock = record::lock(session, id)?;
    let standing = record::find(session, id)?;
    let now = At(ports.clock.now());
    let waits = matches!(standing.rotation.next(&standing.keyset, now), Next::ByHand { step: keyset::Step::Make, .. });
    if !waits {
        let what = match brought {
            Brought::Key { .. } => "a key",
            Brought::Secret(_) => "a secret",
        };
        let step = standing.rotation.current().map_or("none".to_owned(), |step| step.words().to_owned());
        return Err(RotationError::BroughtUnasked { what, step }.into());
    }
    let old = record::credential(session, standing.rotation.old())?;
    let (name, is_there) = next_name(session, &standing, &old)?;
    if !is_there {
        seal(session, &standing, &old, &name, brought, ports)?;
    }
    read_back(session, &name)?;
    joins(session, id, &name, ports)
}

/// Seals the key that an answer brings, reads it back, and tells the rotation. Until then its intent stands.
pub(super) fn arrived(
    session: &mut Session,
    standing: &Standing,
    answer: &Answer,
    secret: &str,
    ports: &Ports,
) -> Result<(), Error> {
    let text = Zeroizing::new(answer.body.clone());
    let nothing = |why: &str| Error::from(RotationError::BroughtNothing { why: why.to_owned() });
    let text = std::str::from_utf8(&text).map_err(|_| nothing("it is not UTF-8"))?;
    let document = Document::parse(text).map_err(|error| nothing(&error.to_string()))?;
    let at = |pointer: &str| point(document.root(), pointer).and_then(|node| node.as_str());
    let key = at(secret).ok_or_else(|| nothing(&format!("nothing is at {secret}")))?;
    let key = Zeroizing::new(key.into_owned());
    let pointer = standing.rotation.method().list.as_ref().map_or("/id", |list| list.id.as_str());
    let pair = at(pointer).ok_or_else(|| nothing(&format!("nothing is at {pointer}, the key's id there")))?;
    let old = record::credential(session, standing.rotation.old())?;
    let (name, is_there) = next_name(session, standing, &old)?;
    if is_there {
        // Of a try that was killed in between. That pair is found and deleted as one that did not arrive.
        keys::delete(session, &name, ports)?;
    }
    let brought = match old.value.kind {
        CredentialKind::PrivateKey => {
            let text = KeyText { bytes: key.as_bytes(), passphrase: None, secret_encoding: None };
            Brought::Key { text, kid: None }
        }
        _ => Brought::Secret(&key),
    };
    seal(session, standing, &old, &name, brought, ports)?;
    read_back(session, &name)?;
    let (facts, line) = record::facts(session, &name)?;
    record::tell(session, standing.rotation.id(), ports, |it| {
        it.rotation.arrived(&it.keyset, pair.to_string(), facts.clone(), line.clone(), it.now)
    })
}

/// What the provider is told of our key: its public half, or the secret where there is none.
pub(super) fn our_half(session: &Session, standing: &Standing) -> Result<OurHalf, Error> {
    let (Some(next), MadeBy::Here) = (standing.rotation.next_key(), standing.rotation.method().made) else {
        return Ok(OurHalf::default());
    };
    let credential = record::credential(session, next)?;
    match credential.value.public_jwk {
        Some(_) => {
            let pem = keys::export_public(session, &credential.value.name, PublicFormat::Spki)?;
            Ok(OurHalf { public_pem: String::from_utf8(pem).ok(), secret: None })
        }
        None => Ok(OurHalf { public_pem: None, secret: Some(session.open_text(&credential)?) }),
    }
}

fn seal(
    session: &mut Session,
    standing: &Standing,
    old: &Stored<Credential>,
    name: &str,
    brought: Brought<'_>,
    ports: &Ports,
) -> Result<(), Error> {
    let at = record::target(session, &standing.keyset, standing.rotation.line())?;
    let at = For { profile: &at.profile, environment: &at.environment };
    match brought {
        Brought::Key { text, kid } => {
            let (key, _) = text.choose(kid.as_deref(), None)?;
            if old.value.thumbprint.is_some() && jwk_facts(&key).thumbprint == old.value.thumbprint {
                return Err(RotationError::SameKey { name: old.value.name.clone() }.into());
            }
            // The provider made it for this rotation.
            let made = Age::Made(At(ports.clock.now()));
            keys::import(session, text, &Coming { kid, made, ..Coming::named(name).at(at) }, ports)?;
            Ok(())
        }
        Brought::Secret(secret) => add(session, standing, old, name, at, secret, ports),
    }
}

/// Seals a text that authenticates, with what goes with the old one and is not secret. When it ends is not known of the next.
fn add(
    session: &mut Session,
    standing: &Standing,
    old: &Stored<Credential>,
    name: &str,
    at: For<'_>,
    secret: &str,
    ports: &Ports,
) -> Result<(), Error> {
    if same_secret(session, old, secret) {
        return Err(RotationError::SameKey { name: old.value.name.clone() }.into());
    }
    let mut fields = old.value.fields.clone();
    fields.remove(EXPIRES);
    let role = standing.keyset.line(standing.rotation.line()).map_err(keyset::RotationError::from)?;
    let role = Some(role.place.credential.clone());
    let new = New { name, at, role: role.as_deref(), secret, fields, encoding: None };
    credentials::add(session, &new, ports).map(drop)
}

fn same_secret(session: &Session, old: &Stored<Credential>, secret: &str) -> bool {
    session.open(old.id).is_ok_and(|known| known.as_slice() == secret.trim_end_matches(['\r', '\n']).as_bytes())
}

/// The draft of this name joins the line as its next key.
fn joins(session: &mut Session, id: &RotationId, name: &str, ports: &Ports) -> Result<(), Error> {
    let (facts, line) = record::facts(session, name)?;
    record::tell(session, id, ports, |it| it.rotation.made(&it.keyset, facts.clone(), line.clone(), it.now))
}

/// Opens what was sealed: nothing else is done with a key that cannot be had back.
fn read_back(session: &Session, name: &str) -> Result<(), Error> {
    let sealed = session.named::<Credential>(name)?;
    let lost = || Error::from(RotationError::NotReadBack { name: name.to_owned() });
    match sealed.value.kind {
        CredentialKind::PrivateKey => {
            let key = session.open_key(&sealed)?;
            let is_same = matches!(key.key, Key::Private(_)) && jwk_facts(&key).thumbprint == sealed.value.thumbprint;
            if is_same { Ok(()) } else { Err(lost()) }
        }
        _ => session.open(sealed.id).map(|secret| !secret.is_empty())?.then_some(()).ok_or_else(lost),
    }
}

/// The name of the next key, and whether a draft has it that waits for this rotation: `live-2` follows `live-1`, and `key-2`
/// follows `key`.
fn next_name(session: &Session, standing: &Standing, old: &Stored<Credential>) -> Result<(String, bool), Error> {
    let (stem, number) = match old.value.name.rsplit_once('-') {
        Some((stem, number)) if number.len() < 6 => (stem, number.parse::<u32>().ok()),
        _ => (old.value.name.as_str(), None),
    };
    let stem = if number.is_some() { stem } else { &old.value.name };
    let place = &standing.keyset.line(standing.rotation.line()).map_err(keyset::RotationError::from)?.place;
    for number in number.unwrap_or(1).saturating_add(1).. {
        let name = format!("{stem}-{number}");
        if !session.has::<Credential>(&name) {
            return Ok((name, false));
        }
        let found = session.named::<Credential>(&name)?;
        let waits = standing.keyset.key(&life::key_id(found.id)).is_ok_and(|(line, key)| {
            let since = standing.rotation.since();
            line.place == *place && line.keys.len() == 1 && key.state == State::Draft && key.entered >= since
        });
        if waits {
            return Ok((name, true));
        }
    }
    Err(Error::Credential(CredentialError::NotDeleted { name: old.value.name.clone() }))
}

/// A text that nobody guesses, of letters, digits, `-` and `_`.
fn made_text(ports: &Ports) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; MADE_CHARACTERS * 6 / 8]);
    ports.random.fill(bytes.as_mut_slice());
    Zeroizing::new(data_encoding::BASE64URL_NOPAD.encode(bytes.as_slice()))
}
