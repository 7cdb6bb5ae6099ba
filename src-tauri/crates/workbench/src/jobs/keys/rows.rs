//! Key lists and details: metadata, who uses a key, its public half, its findings.

use std::collections::BTreeMap;

use jose::{Finding, key::check};
use keyset::{At, Due as Rule, Keyset, State, Target};

use super::{
    Due, Happened, PrivateFormat, PublicFormat,
    due::{due, made, rule},
    export::public_jwk,
    history::of_key,
    trash::{shown, trash},
};
use crate::{
    ground::{Error, KeyError},
    resolve::{definitions, environments},
    store::{
        life::key_id,
        records::{Acceptance, Credential, EnvironmentSettings, Profile, Stored},
        session::Session,
    },
};

/// A key in the list.
#[derive(Debug, Clone)]
pub struct Row<'s> {
    /// The name it is shown under: a deleted key may share its own with a later one.
    pub name: String,
    /// Its metadata.
    pub credential: &'s Credential,
    /// The profiles that use it.
    pub profiles: Vec<String>,
    /// What is due: a rotation, an end.
    pub due: Option<Due>,
    /// Its state.
    pub state: State,
    /// When it was made, in seconds since 1970; none where nobody knows.
    pub made: Option<i64>,
    /// When a server last accepted a call of it, in seconds since 1970; none where that is not known.
    pub accepted: Option<i64>,
    /// The targets that call with it.
    pub targets: Vec<Target>,
    /// The keys of its line in the order in which they came, itself among them.
    pub line: Vec<Sibling>,
}

/// A key of the same line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sibling {
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: State,
}

/// A key with everything that may be shown of it.
#[derive(Debug, Clone)]
pub struct Detail<'s> {
    /// The key as in the list.
    pub row: Row<'s>,
    /// The public half by form, as text; nothing for a secret.
    pub public: Vec<(PublicFormat, String)>,
    /// The forms in which the private half can be saved.
    pub private: &'static [PrivateFormat],
    /// What the rules of JOSE and of its provider notice.
    pub findings: Vec<Finding>,
    /// When a deleted key goes for good, in seconds since 1970.
    pub gone_at: Option<i64>,
    /// When it is due to be rotated, in seconds since 1970, where that lies ahead.
    pub due_from: Option<i64>,
    /// What happened to it, the first thing first.
    pub history: Vec<Happened>,
}

/// Every key by name, then those that were deleted.
pub fn rows(session: &Session, now: i64) -> Result<Vec<Row<'_>>, Error> {
    let mut users = users(session)?;
    let accepted = accepted(session)?;
    let mut rows = Vec::new();
    for stored in session.each::<Credential>()? {
        let profiles = users.remove(stored.value.name.as_str()).unwrap_or_default();
        rows.push(row(session, stored.value.name.clone(), stored, profiles, &accepted, now)?);
    }
    for (name, stored) in trash(session).into_iter().rev() {
        rows.push(row(session, name, stored, Vec::new(), &BTreeMap::new(), now)?);
    }
    Ok(rows)
}

/// One key as it stands in the list.
pub fn row_of<'s>(session: &'s Session, name: &str, now: i64) -> Result<Row<'s>, Error> {
    let stored = session.find::<Credential>(name)?;
    let profiles = users(session)?.remove(name).unwrap_or_default();
    row(session, name.to_owned(), stored, profiles, &accepted(session)?, now)
}

fn row<'s>(
    session: &'s Session,
    name: String,
    stored: &'s Stored<Credential>,
    profiles: Vec<String>,
    accepted: &BTreeMap<&str, i64>,
    now: i64,
) -> Result<Row<'s>, Error> {
    let keyset = session.keyset()?;
    let (line, key) = keyset.key(&key_id(stored.id)).map_err(KeyError::Life)?;
    let targets = match key.state {
        State::Active => keyset.targets(&line.id).into_iter().collect(),
        _ => Vec::new(),
    };
    Ok(Row {
        name,
        credential: &stored.value,
        profiles,
        due: due(session, &stored.value, now),
        state: key.state,
        made: made(key.facts.made),
        accepted: accepted.get(stored.value.name.as_str()).copied(),
        targets,
        line: line.keys.iter().map(|key| Sibling { name: key.name().to_owned(), state: key.state }).collect(),
    })
}

/// When a server last accepted each credential, at whichever target.
fn accepted(session: &Session) -> Result<BTreeMap<&str, i64>, Error> {
    let mut last: BTreeMap<&str, i64> = BTreeMap::new();
    for stored in session.each::<Acceptance>()? {
        let at = last.entry(&stored.value.credential).or_insert(i64::MIN);
        *at = stored.value.accepted.max(*at);
    }
    Ok(last)
}

/// One key with everything that may be shown of it, by the name it is shown under.
pub fn detail<'s>(session: &'s Session, name: &str, now: i64) -> Result<Detail<'s>, Error> {
    let stored = shown(session, name)?;
    let credential = &stored.value;
    let profiles = match credential.deleted {
        None => users(session)?.remove(name).unwrap_or_default(),
        Some(_) => Vec::new(),
    };
    let mut findings = Vec::new();
    let mut public = Vec::new();
    if let Some(jwk) = public_jwk(credential)? {
        findings.extend(check::check(&jwk.key));
        for format in PublicFormat::ALL {
            let bytes = super::export_public(session, name, format)?;
            let text = String::from_utf8(bytes).unwrap_or_else(|binary| {
                // DER is binary; on a screen it is base64.
                data_encoding::BASE64.encode(binary.as_bytes())
            });
            public.push((format, text));
        }
    }
    if let Some(binding) = &credential.binding
        && let Ok(definition) = definitions::named(session, &binding.provider)
    {
        let by_provider = environments::check_key(definition, credential);
        findings.retain(|finding| by_provider.iter().all(|other| other.code != finding.code));
        findings.extend(by_provider);
    }
    let key = key_id(stored.id);
    let (_, found) = session.keyset()?.key(&key).map_err(KeyError::Life)?;
    let accepted = if credential.deleted.is_none() { accepted(session)? } else { BTreeMap::new() };
    Ok(Detail {
        row: row(session, name.to_owned(), stored, profiles, &accepted, now)?,
        due_from: match rule(session, stored, now)? {
            Rule::From(at) => Some(at.0),
            _ => None,
        },
        history: of_key(session, &key)?,
        public,
        private: PrivateFormat::of(credential),
        findings,
        gone_at: Keyset::restorable_until(found, At(now)).map(|at| at.0),
    })
}

/// The profiles that use each key, looked up once for all of them.
fn users(session: &Session) -> Result<BTreeMap<&str, Vec<String>>, Error> {
    let mut users: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for profile in session.each::<Profile>()? {
        let keys = profile.value.environments.values().flat_map(EnvironmentSettings::names);
        for key in keys {
            let of_key = users.entry(key).or_default();
            if of_key.last() != Some(&profile.value.name) {
                of_key.push(profile.value.name.clone());
            }
        }
    }
    Ok(users)
}
