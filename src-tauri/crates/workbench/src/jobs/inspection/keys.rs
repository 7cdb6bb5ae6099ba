//! Verification keys of an inspection: those that were pasted beside the token, else those of the vault that could have made
//! it.

use jose::{
    Alg,
    header::AlgParam,
    inspect::Inspection,
    key::{DeclaredAlg, Jwk, Key},
    verify::Verdict,
};

use super::InspectWith;
use crate::{
    ground::{Error, ports::Ports},
    jobs::{
        keys::KeyText,
        tokens::{self, Judging, NamedKey},
    },
    resolve::key_facts::jwk_facts,
    store::{
        records::{Credential, CredentialKind, Stored},
        session::Session,
    },
};

/// Whether the keys of the vault were tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnKeys {
    /// They cannot be: the vault is locked.
    Locked,
    /// There is none that could have made it, or another was named.
    None,
    /// They were.
    Tried,
}

/// A token, judged.
pub(super) struct Seen {
    pub(super) inspection: Inspection,
    /// The key that made it or that it names.
    pub(super) key: Option<String>,
    pub(super) own_keys: OwnKeys,
    /// Whether its kid is that key's.
    pub(super) named_by_kid: bool,
    /// Whether a pasted key could have made it, by kid and algorithm; none where nothing was pasted.
    pub(super) pasted_fits: Option<bool>,
    /// The provider that the key belongs to.
    pub(super) bound_to: Option<String>,
    pub(super) unpadded: Option<Unpadded>,
}

/// The key whose thumbprint the kid would be, had it been padded.
pub(super) struct Unpadded {
    pub(super) key: String,
    pub(super) thumbprint: String,
}

/// Keys that are tried where the kid names none; a signature of P-521 takes half a millisecond to judge.
const MOST_TRIED: usize = 64;

/// Under this name a pasted key is spoken of.
const PASTED: &str = "the pasted key";

pub(super) fn judge(
    session: Option<&Session>,
    text: &str,
    with: &InspectWith<'_>,
    ports: &Ports,
) -> Result<Seen, Error> {
    // The first look says which algorithm and kid the keys would have to have.
    let judging = Judging::default();
    let first = tokens::inspect(text.as_bytes(), &[], false, &judging, ports);
    let (mut keys, stored) = match session {
        Some(session) => own(session, &first)?,
        None => (Vec::new(), Vec::new()),
    };
    let mut own_keys = match session {
        None => OwnKeys::Locked,
        Some(_) if keys.is_empty() => OwnKeys::None,
        Some(_) => OwnKeys::Tried,
    };
    let pasted = with.key_text.map(|pasted| pasted_keys(pasted, &first)).transpose()?;
    let pasted_fits = pasted.as_ref().map(|pasted| pasted.iter().any(|key| fits(&key.jwk, &first)));
    let judged = |keys: &[NamedKey], named| tokens::inspect(text.as_bytes(), keys, named, &judging, ports);
    let mut inspection = if keys.is_empty() { first } else { judged(&keys, false) };
    // A pasted key judges what no own key made. One that cannot have made the token says nothing about it.
    if let (Some(pasted), Some(true)) = (pasted, pasted_fits)
        && inspection.signature != Verdict::Good
    {
        inspection = judged(&pasted, true);
        (keys, own_keys) = (pasted, OwnKeys::None);
    }
    let kid = inspection.kid.as_deref();
    let by_kid = keys.iter().position(|key| kid.is_some() && key.jwk.effective_kid().as_deref() == kid);
    let at = inspection.key.or(by_kid);
    let unpadded = keys.iter().find_map(|key| {
        let public = key.jwk.key.public()?;
        let wrong = public.thumbprints_unpadded().iter().any(|wrong| Some(wrong.as_str()) == kid);
        wrong.then(|| Unpadded { key: key.name.clone(), thumbprint: public.thumbprint() })
    });
    let bound_to = at
        .filter(|_| own_keys == OwnKeys::Tried)
        .and_then(|at| stored.get(at))
        .and_then(|stored: &Stored<Credential>| stored.value.binding.as_ref().map(|binding| binding.provider.clone()));
    Ok(Seen {
        key: at.and_then(|at| keys.get(at)).map(|key| key.name.clone()),
        named_by_kid: by_kid.is_some() && (inspection.signature != Verdict::Good || by_kid == inspection.key),
        inspection,
        own_keys,
        pasted_fits,
        bound_to,
        unpadded,
    })
}

/// Whether a key could have made a token, by its algorithm and its kid. Where either says neither, it could.
fn fits(jwk: &Jwk, first: &Inspection) -> bool {
    let same_kid = match (jwk.effective_kid(), &first.kid) {
        (Some(known), Some(named)) => jwk.kid.is_none() || known == *named,
        _ => true,
    };
    let Some(AlgParam::Known(alg)) = first.alg else { return same_kid };
    let takes = match jwk_facts(jwk).kty.as_str() {
        "RSA" => is_rsa(alg),
        "oct" => alg.is_hmac(),
        _ => !is_rsa(alg) && !alg.is_hmac(),
    };
    same_kid && takes
}

fn is_rsa(alg: Alg) -> bool {
    matches!(alg, Alg::RS256 | Alg::RS384 | Alg::RS512 | Alg::PS256 | Alg::PS384 | Alg::PS512)
}

/// The keys in a pasted text. A text that is not a key of any form is the text of a secret, where the token is keyed with one.
fn pasted_keys(pasted: &str, first: &Inspection) -> Result<Vec<NamedKey>, Error> {
    let text = KeyText { bytes: pasted.as_bytes(), passphrase: None, secret_encoding: None };
    let keyed = matches!(first.alg, Some(AlgParam::Known(alg)) if alg.is_hmac());
    let found = match text.read() {
        Ok(found) => found.keys,
        Err(_) if keyed && !pasted.contains("-----BEGIN") => {
            let secret = jose::key::Secret::new(pasted.trim_end_matches(['\r', '\n']).as_bytes().to_vec());
            vec![Jwk::from(Key::Secret(secret))]
        }
        Err(error) => return Err(error),
    };
    let alone = found.len() == 1;
    let name = |(index, jwk): (usize, Jwk)| {
        let name = match jwk.effective_kid().filter(|_| !alone) {
            Some(kid) => format!("{PASTED} {}", crate::ground::words::short_kid(&kid)),
            None if alone => PASTED.to_owned(),
            None => format!("{PASTED} {}", index + 1),
        };
        NamedKey { name, jwk }
    };
    Ok(found.into_iter().enumerate().map(name).collect())
}

/// The keys of the vault that could have made the token, the one that it names first. Secrets are opened only where the
/// token is keyed with one.
fn own(session: &Session, first: &Inspection) -> Result<(Vec<NamedKey>, Vec<Stored<Credential>>), Error> {
    let Some(AlgParam::Known(alg)) = first.alg else { return Ok((Vec::new(), Vec::new())) };
    let mut fitting: Vec<Stored<Credential>> =
        session.all::<Credential>()?.into_iter().filter(|stored| could_make(&stored.value, alg)).collect();
    let named = |credential: &Credential| {
        first.kid.is_some() && (credential.kid == first.kid || credential.thumbprint == first.kid)
    };
    fitting.sort_by_key(|stored| !named(&stored.value));
    fitting.truncate(MOST_TRIED);
    let mut keys = Vec::with_capacity(fitting.len());
    for stored in &fitting {
        let jwk = match stored.value.public()? {
            Some(jwk) => jwk,
            None => session.open_key(stored)?,
        };
        // The algorithm of an own key is a default, not a bound: RS256 and RS512 are made with the same key.
        let jwk = Jwk { alg: jwk.alg.filter(|_| stored.value.kty != "RSA" || Some(alg) == stored.value.alg), ..jwk };
        let jwk = match (&jwk.alg, stored.value.kind) {
            (None, CredentialKind::PrivateKey) => Jwk { alg: Some(DeclaredAlg::Known(alg)), ..jwk },
            _ => jwk,
        };
        keys.push(NamedKey { name: stored.value.name.clone(), jwk });
    }
    Ok((keys, fitting))
}

/// Whether a key is of the kind that the algorithm takes.
fn could_make(credential: &Credential, alg: Alg) -> bool {
    match credential.kty.as_str() {
        _ if credential.alg.is_none() => false,
        "RSA" => is_rsa(alg),
        "oct" => alg.is_hmac(),
        _ => credential.alg == Some(alg),
    }
}
