//! Credentials other than keys: API keys, logins, OAuth clients and the secrets of webhooks. They lie beside the keys, are
//! sealed for a place in the same way, and are listed, renamed, deleted and restored by the same jobs ([`crate::keys`]).

use std::collections::BTreeMap;

use exchange::redact;
use jose::{
    Finding,
    key::{Jwk, Key, SecretEncoding, check},
};
use keyset::{Age, At};
use provider::{
    Cleaned, Definition, PastedKind, Wanted, Wrapping,
    definition::{Credential as Role, Secret as SecretRole},
};
use zeroize::Zeroizing;

use crate::{
    ground::{CredentialError, Error, Thing, names, ports::Ports},
    jobs::keys::{For, Kept, Sealing},
    policy::{
        binding::{self, role_of},
        fields::{CLIENT_ID, USERNAME, wanted_fields},
        signer,
    },
    store::{
        records::{Credential, CredentialKind, VERSION},
        session::Session,
        transaction::Writes,
    },
};

/// A credential that comes into the vault. It holds a secret, so it cannot be shown.
pub struct New<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it belongs.
    pub at: For<'a>,
    /// Which of the provider's credentials it is, by the id in its definition; recognised where it is not given.
    pub role: Option<&'a str>,
    /// The API key, the password or the secret, as pasted.
    pub secret: &'a str,
    /// What goes with it and is not secret: `username`, `client_id`.
    pub fields: BTreeMap<String, String>,
    /// How the text of a secret stands for its bytes; the provider's usual way unless given.
    pub encoding: Option<SecretEncoding>,
}

/// A credential that came into the vault.
pub struct Added {
    /// Its metadata.
    pub credential: Credential,
    /// What stood around the pasted text and was taken off, in words; empty if nothing did.
    pub removed: String,
    /// The one that its target uses, if that has one: this one is a draft beside it.
    pub beside: Option<String>,
    /// What was noticed about a secret.
    pub findings: Vec<Finding>,
}

/// Seals a credential for its place. A text that is another thing than the provider wants there, or that shows that it
/// belongs to another environment, is refused.
pub fn add(session: &mut Session, new: &New<'_>, ports: &Ports) -> Result<Added, Error> {
    session.free_name::<Credential>(new.name)?;
    let (_, definition, environment) = signer::place(session, new.at.profile, new.at.environment)?;
    let role = role(definition, new.role)?;
    let fields = fields(definition, role, &new.fields)?;
    let (kind, describe, secret, removed) = match role {
        Role::ApiKey(kind) => {
            let pasted = definition.recognise(new.secret).check(Wanted::ApiKey(environment))?;
            if let PastedKind::ApiKey { kind: found, .. } = pasted.kind()
                && found.id != kind.id
            {
                return Err(Error::Credential(CredentialError::OtherCredential {
                    found: found.label.clone(),
                    wanted: kind.label.clone(),
                }));
            }
            let describe = format!("{} {}", kind.label, redact(pasted.secret()));
            let removed = Wrapping::words(pasted.removed());
            (CredentialKind::ApiKey, describe, pasted.into_secret(), removed)
        }
        Role::Login(kind) => {
            let (password, removed) = line(new.secret, Thing::Password)?;
            (CredentialKind::Login, format!("{} {}", kind.label, text(&fields, USERNAME)), password, removed)
        }
        Role::Client(kind) => {
            let describe = format!("{} {}", kind.label, text(&fields, CLIENT_ID));
            let Cleaned { text, removed } = provider::clean(new.secret);
            (CredentialKind::Client, describe, filled(text, Thing::ClientSecret)?, Wrapping::words(&removed))
        }
        Role::Secret(kind) => return add_secret(session, new, (definition, kind), fields, ports),
        Role::PrivateKey(kind) => {
            return Err(Error::Credential(CredentialError::ImportInstead { label: kind.label.clone() }));
        }
        Role::Text(kind) => return Err(names::not_found(Thing::Credential, &kind.id, ids(definition))),
    };
    let credential = Credential {
        v: VERSION,
        name: new.name.to_owned(),
        kind,
        alg: None,
        describe,
        kty: String::new(),
        crv: None,
        bits: 0,
        thumbprint: None,
        kid: None,
        public_jwk: None,
        fields,
        created: ports.clock.now(),
        origin: "entered here".to_owned(),
        binding: None,
        deleted: None,
    };
    let (role, made) = (Some(role.id().to_owned()), Age::Made(At(credential.created)));
    let sealing = Sealing { credential, secret: secret.as_bytes().to_vec().into(), role, made };
    let Kept { credential, beside, .. } = sealing.keep(session, Some(new.at), ports)?;
    Ok(Added { credential, removed, beside, findings: Vec::new() })
}

/// A secret that keys a MAC: of tokens where the provider says by which algorithm, else of webhooks.
fn add_secret(
    session: &mut Session,
    new: &New<'_>,
    (definition, kind): (&Definition, &SecretRole),
    fields: BTreeMap<String, String>,
    ports: &Ports,
) -> Result<Added, Error> {
    let (text, removed) = line(new.secret, Thing::Secret)?;
    let usual = || kind.encodings.first().map_or(SecretEncoding::Utf8, |encoding| (*encoding).into());
    let bytes = match definition.webhook.as_ref().filter(|_| kind.algs.is_empty()) {
        Some(webhook) => binding::to_seal(webhook, text.as_bytes(), new.encoding)?,
        None => new.encoding.unwrap_or_else(usual).decode(text.as_bytes())?,
    };
    // What a server really uses is sealed, however weak, and said to be so: it verifies, though it does not sign.
    let short = kind.algs.first().and_then(|alg| check::short_secret(*alg, &bytes));
    let jwk = Jwk::from(Key::Secret(bytes));
    let mut findings = check::check(&jwk.key);
    findings.extend(short);
    let mut sealing = Sealing::new(&jwk, kind.algs.first().copied(), new.name, "entered here".to_owned(), ports)?;
    sealing.credential.fields = fields;
    if kind.algs.is_empty() {
        sealing.credential.describe = kind.label.clone();
    }
    sealing.role = Some(kind.id.clone());
    let kept = sealing.keep(session, Some(new.at), ports)?;
    findings.retain(|finding| kept.findings.iter().all(|by_provider| by_provider.code != finding.code));
    findings.extend(kept.findings);
    Ok(Added { credential: kept.credential, removed, beside: kept.beside, findings })
}

/// Changes what goes with a credential and is not secret. An empty value takes one away.
pub fn set_fields(
    session: &mut Session,
    name: &str,
    changed: &BTreeMap<String, String>,
    ports: &Ports,
) -> Result<Credential, Error> {
    session.transact(ports, |session| {
        let mut stored = session.named::<Credential>(name)?;
        let mut wanted = stored.value.fields.clone();
        wanted.extend(changed.iter().map(|(name, value)| (name.clone(), value.trim().to_owned())));
        wanted.retain(|_, value| !value.is_empty());
        stored.value.fields = match role_of(session, &stored.value)? {
            Some((definition, role)) => fields(definition, role, &wanted)?,
            None => wanted,
        };
        let mut writes = Writes::default();
        writes.replace(&stored, session);
        Ok((writes, stored.value))
    })
}

/// The role that is named, else the only one that is not a key.
pub(crate) fn role<'d>(definition: &'d Definition, named: Option<&str>) -> Result<Role<'d>, Error> {
    let kinds = &definition.credentials;
    if let Some(id) = named {
        return kinds.get(id).ok_or_else(|| names::not_found(Thing::Credential, id, ids(definition)));
    }
    let entered = kinds.all().filter(|role| !matches!(role, Role::PrivateKey(_) | Role::Text(_)));
    let mut calling = entered.filter(|role| definition.authenticates(role.id()));
    match (calling.next(), calling.next()) {
        (Some(only), None) => Ok(only),
        _ => {
            let known = ids(definition).map(str::to_owned).collect();
            Err(Error::Credential(CredentialError::WhichCredential { provider: definition.name.clone(), known }))
        }
    }
}

fn ids(definition: &Definition) -> impl Iterator<Item = &str> {
    definition.credentials.all().filter(|role| !matches!(role, Role::Text(_))).map(|role| role.id())
}

/// The given fields as they are kept: those that the provider knows, and all of those that nothing works without.
fn fields(
    definition: &Definition,
    role: Role<'_>,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Error> {
    let wanted = wanted_fields(definition, role);
    for id in given.keys() {
        if !wanted.iter().any(|field| field.id == *id) {
            return Err(names::not_found(Thing::Field, id, wanted.iter().map(|field| field.id.as_str())));
        }
    }
    let mut kept = BTreeMap::new();
    for field in wanted {
        let value = given.get(&field.id).map(|value| value.trim()).unwrap_or_default();
        if value.is_empty() {
            if field.required {
                return Err(Error::Credential(CredentialError::EmptyField { label: field.label }));
            }
            continue;
        }
        field.check(value)?;
        kept.insert(field.id, value.to_owned());
    }
    Ok(kept)
}

pub(crate) fn text<'f>(fields: &'f BTreeMap<String, String>, name: &str) -> &'f str {
    fields.get(name).map(String::as_str).unwrap_or_default()
}

/// A secret on a line: spaces may belong to it, a line break at its end does not.
fn line(pasted: &str, what: Thing) -> Result<(Zeroizing<String>, String), Error> {
    let text = pasted.trim_end_matches(['\r', '\n']);
    let removed = if text.len() < pasted.len() { "a line break" } else { "" };
    Ok((filled(Zeroizing::new(text.to_owned()), what)?, removed.to_owned()))
}

fn filled(text: Zeroizing<String>, what: Thing) -> Result<Zeroizing<String>, Error> {
    if text.is_empty() { Err(Error::Credential(CredentialError::EmptySecret { what })) } else { Ok(text) }
}
