//! Sealing a key: read, judged by its provider's rules, bound to its target, written.

use std::collections::BTreeMap;

use jose::{
    Alg, Finding,
    key::{Bytes, DeclaredAlg, Jwk, Key, check, write},
};
use keyset::{Act, Age, At};
use provider::{KeyFacts, definition::Credential as Role};

use super::{For, Incoming, Kept, KeyText, Read, choose, compare_kid, incoming};
use crate::{
    ground::{Error, TokenError, ports::Ports},
    policy::{
        binding,
        fields::{missing_field, wanted_fields},
        signer,
    },
    resolve::{definitions, environments, key_facts::jwk_facts},
    store::{
        cascade,
        life::{line_id, new_key, place, target},
        records::{Credential, CredentialKind, Profile, VERSION},
        session::Session,
        transaction::Writes,
    },
};

/// Seals a key that comes from a file or from pasted text. `kid` is the name under which the provider shows it, if it
/// was given; a difference from the thumbprint is a finding. Of several keys it says which one is meant.
pub fn import(
    session: &mut Session,
    found: KeyText<'_>,
    alg: Option<Alg>,
    name: &str,
    kid: Option<String>,
    belongs: Option<For<'_>>,
    ports: &Ports,
) -> Result<Kept, Error> {
    session.free_name::<Credential>(name)?;
    let Read { mut found, fields } = found.read_for(session, belongs)?;
    let (form, is_choice) = (std::mem::take(&mut found.form), found.keys.len() > 1);
    // An error of the set as a whole, such as private keys beside public ones, is nothing about the one that is taken out.
    let mut noticed: Vec<Finding> = found.findings.extract_if(.., |finding| !finding.is_error()).collect();
    let mut key = Incoming { jwk: incoming::one(found, kid.as_deref(), alg)?, form, fields };
    if let Some(kid) = kid.filter(|_| !is_choice) {
        noticed.extend(compare_kid(&key.jwk, &kid));
        key.jwk.kid = Some(kid);
    }
    let mut kept = import_key(session, &key, alg, name, belongs, ports)?;
    // The provider's rules speak of the same kid in words of their own.
    noticed.retain(|finding| kept.findings.iter().all(|by_provider| by_provider.code != finding.code));
    noticed.append(&mut kept.findings);
    Ok(Kept { findings: noticed, ..kept })
}

/// Seals a key that was read. Of what its file says beside it, the provider's place keeps what it knows.
pub(crate) fn import_key(
    session: &mut Session,
    key: &Incoming,
    alg: Option<Alg>,
    name: &str,
    belongs: Option<For<'_>>,
    ports: &Ports,
) -> Result<Kept, Error> {
    let Incoming { jwk, form, fields } = key;
    if let Key::Public(_) = jwk.key {
        return Err(write::WriteError::PublicOnly { key: jwk.key.describe() }.into());
    }
    let alg = match alg.or_else(|| belongs.and_then(|belongs| usual_alg(session, belongs, jwk))).or(jwk.default_alg()) {
        Some(alg) => alg,
        None => return Err(Error::Token(TokenError::Rules(vec![declared_elsewhere(jwk)]))),
    };
    check::fit(alg, jwk, check::Purpose::Sign).map_err(|finding| Error::Token(TokenError::Rules(vec![finding])))?;
    let mut noticed = check::check(&jwk.key);
    noticed.extend(check::short_for(alg, jwk));
    let mut noticed = environments::refuse(noticed)?;
    let mut sealing = Sealing::new(jwk, Some(alg), name, format!("imported from {form}"), ports)?;
    sealing.credential.fields = match belongs {
        Some(belongs) => known_fields(session, belongs, fields)?,
        None => fields.clone(),
    };
    let mut kept = sealing.keep(session, belongs, ports)?;
    noticed.retain(|finding| kept.findings.iter().all(|by_provider| by_provider.code != finding.code));
    noticed.append(&mut kept.findings);
    Ok(Kept { findings: noticed, ..kept })
}

fn known_fields(
    session: &Session,
    belongs: For<'_>,
    fields: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Error> {
    let (_, definition, _) = signer::place(session, belongs.profile, belongs.environment)?;
    let wanted = definition.signing_key().map(|kind| wanted_fields(definition, Role::PrivateKey(kind)));
    let known = |name: &str| wanted.iter().flatten().any(|field| field.id == name);
    Ok(fields.iter().filter(|(name, _)| known(name)).map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// A key on its way into the vault: its metadata, and the bytes that are sealed.
pub(crate) struct Sealing {
    pub(crate) credential: Credential,
    pub(crate) secret: Bytes,
    /// Which of the provider's credentials it is, by the id in its definition; the usual one of its kind unless set.
    pub(crate) role: Option<String>,
    /// When it was made.
    pub(crate) made: Age,
}

impl Sealing {
    pub(crate) fn new(jwk: &Jwk, alg: Option<Alg>, name: &str, origin: String, ports: &Ports) -> Result<Self, Error> {
        let (kind, secret, public_jwk) = match &jwk.key {
            Key::Private(private) => {
                let public = Jwk {
                    key: Key::Public(private.public()),
                    kid: jwk.effective_kid(),
                    alg: alg.map(DeclaredAlg::Known),
                    key_use: Some("sig".to_owned()),
                    key_ops: Vec::new(),
                };
                let text = jose::jwk::write(&public, write::Half::Public).to_string();
                (CredentialKind::PrivateKey, write::pkcs8_der(private), Some(text))
            }
            Key::Secret(secret) => (CredentialKind::SharedSecret, secret.bytes().to_vec().into(), None),
            Key::Public(public) => return Err(write::WriteError::PublicOnly { key: public.describe() }.into()),
        };
        let KeyFacts { kty, crv, bits, kid, thumbprint, .. } = jwk_facts(jwk);
        let credential = Credential {
            v: VERSION,
            name: name.to_owned(),
            kind,
            alg,
            describe: jwk.key.describe(),
            kty,
            crv,
            bits,
            thumbprint,
            kid,
            public_jwk,
            fields: BTreeMap::new(),
            created: ports.clock.now(),
            origin,
            binding: None,
            deleted: None,
        };
        let made = Age::Made(At(credential.created));
        Ok(Self { credential, secret, role: None, made })
    }

    /// Writes it; with a place, its profile too, in one transaction.
    pub(crate) fn keep(self, session: &mut Session, belongs: Option<For<'_>>, ports: &Ports) -> Result<Kept, Error> {
        session.transact(ports, |session| {
            let mut credential = self.credential.clone();
            credential.name = session.free_name::<Credential>(&credential.name)?;
            let mut writes = Writes::default();
            let mut kept = Kept { credential, findings: Vec::new(), beside: None, missing: None };
            let mut chosen = None;
            if let Some(belongs) = belongs {
                let profile = session.named::<Profile>(belongs.profile)?;
                let definition = definitions::named(session, &profile.value.provider)?;
                let environment = environments::environment(definition, belongs.environment)?;
                let role = self.role.as_deref();
                binding::bind(&mut kept.credential, definition, environment, &profile.value, role)?;
                kept.findings = environments::check_key(definition, &kept.credential);
                kept.missing = missing_field(session, &kept.credential).map(|field| field.id);
                chosen = Some((definition, target(&profile.value.name, &environment.id)));
            }
            // Tokens of a key that was deleted may still lie under this name.
            cascade::forget_credential(session, &kept.credential.name, &mut writes)?;
            let id = writes.insert(&kept.credential, Some(&self.secret), ports);
            let mut life = session.living(ports.clock.now())?;
            let (line, place, key) = (line_id(id), place(&kept.credential), new_key(id, &kept.credential, self.made));
            life.act(Act::Add { line, place, key })?;
            if let Some((definition, target)) = chosen {
                kept.beside = choose::in_use(life.keyset(), definition, &target, &kept.credential);
                // Whoever calls there goes on calling: another key is chosen, or rotated in, and never just there.
                if kept.beside.is_none() {
                    choose::choose(&mut life, definition, &target, id, &kept.credential)?;
                }
            }
            life.seal(session, &mut writes, ports)?;
            Ok((writes, kept))
        })
    }
}

/// The algorithm that a provider usually takes from such a key: RS512 at Gr4vy, where RS256 is the general default.
fn usual_alg(session: &Session, belongs: For<'_>, jwk: &Jwk) -> Option<Alg> {
    let profile = session.named::<Profile>(belongs.profile).ok()?;
    let definition = definitions::named(session, &profile.value.provider).ok()?;
    if let Some(DeclaredAlg::Known(alg)) = jwk.alg {
        return Some(alg);
    }
    definition.algs_for(&jwk_facts(jwk)).first().copied()
}

fn declared_elsewhere(jwk: &Jwk) -> Finding {
    let name = jwk.alg.as_ref().map(DeclaredAlg::name).unwrap_or_default();
    Finding::new(jose::Code::AlgNotTheKeys, format!("the key is bound to {name:?}, which is not a signature algorithm"))
}
