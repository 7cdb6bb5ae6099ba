//! Key lists and details: metadata, who uses a key, its public half, its findings.

use std::collections::BTreeMap;

use jose::{Finding, key::check};

use super::{
    Due, PrivateFormat, PublicFormat, due,
    export::public_jwk,
    trash::{KEPT_FOR, shown, trash},
};
use crate::{
    ground::Error,
    resolve::{definitions, environments},
    store::{
        records::{Credential, EnvironmentSettings, Profile},
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
}

/// Every key by name, then those that were deleted.
pub fn rows(session: &Session, now: i64) -> Result<Vec<Row<'_>>, Error> {
    let mut users = users(session)?;
    let live = session.each::<Credential>()?.map(|stored| Row {
        name: stored.value.name.clone(),
        credential: &stored.value,
        profiles: users.remove(stored.value.name.as_str()).unwrap_or_default(),
        due: due(session, &stored.value, now),
    });
    let mut rows: Vec<Row<'_>> = live.collect();
    rows.extend(trash(session).into_iter().rev().map(|(name, stored)| Row {
        name,
        credential: &stored.value,
        profiles: Vec::new(),
        due: None,
    }));
    Ok(rows)
}

/// One key with everything that may be shown of it, by the name it is shown under.
pub fn detail<'s>(session: &'s Session, name: &str, now: i64) -> Result<Detail<'s>, Error> {
    let credential = &shown(session, name)?.value;
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
    Ok(Detail {
        row: Row { name: name.to_owned(), credential, profiles, due: due(session, credential, now) },
        public,
        private: PrivateFormat::of(credential),
        findings,
        gone_at: credential.deleted.map(|at| at.saturating_add(KEPT_FOR)),
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
