//! Profile files, to hand to a colleague: whose API, as whom, at which addresses. They hold no key, no secret, not even a
//! key's name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ground::{Error, ProfileError, names, ports::Ports},
    jobs::profiles::{self, NewProfile, ProfileChange},
    store::{records::Profile, session::Session, transaction::Writes},
};

/// The version of the file's form.
const VERSION: u32 = 1;

/// A file of more bytes is not a profile.
const MOST_BYTES: usize = 1 << 20;

/// A profile as it stands in a file (`docs/formats/profile-v1.md`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProfileFile {
    /// The version of this form.
    pub keywright_profile: u32,
    /// The profile's name.
    pub name: String,
    /// The provider's id.
    pub provider: String,
    /// The values of the provider's variables.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// Addresses that were entered, by environment.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub base_urls: BTreeMap<String, String>,
    /// Scopes that a token gets unless others are named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// Seconds that a token lives unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<u64>,
}

impl ProfileFile {
    /// The text of the file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings, numbers and maps with string keys") + "\n"
    }
}

/// A profile as it stands in a file.
pub fn export(session: &Session, name: &str) -> Result<ProfileFile, Error> {
    let profile = session.named::<Profile>(name)?.value;
    let entered = profile.environments.into_iter().filter_map(|(id, place)| Some((id, place.base_url?)));
    Ok(ProfileFile {
        keywright_profile: VERSION,
        name: profile.name,
        provider: profile.provider,
        variables: profile.variables,
        base_urls: entered.collect(),
        scopes: profile.scopes,
        lifetime: profile.ttl,
    })
}

/// Makes a profile of a file, under its own name or another one. A name that is taken gets "(imported)".
pub fn import(session: &mut Session, bytes: &[u8], name: Option<&str>, ports: &Ports) -> Result<Profile, Error> {
    let file = read(bytes)?;
    session.transact(ports, |session| {
        let free = names::free(&file.name, "imported", |name| session.has::<Profile>(name));
        let new = NewProfile {
            name: name.map_or(free, str::to_owned),
            provider: file.provider.clone(),
            variables: file.variables.clone(),
        };
        let mut profile = profiles::plan(session, &new, ports)?;
        let change = ProfileChange {
            base_urls: file.base_urls.clone(),
            scopes: file.scopes.clone(),
            ttl: file.lifetime,
            ..ProfileChange::default()
        };
        profiles::apply(session, &mut profile, &change)?;
        let mut writes = Writes::default();
        writes.add(&profile, None, ports);
        Ok((writes, profile))
    })
}

fn read(bytes: &[u8]) -> Result<ProfileFile, Error> {
    if bytes.len() > MOST_BYTES {
        return Err(Error::Profile(ProfileError::ProfileFile {
            why: format!("it has {} bytes, wanted at most {MOST_BYTES}", bytes.len()),
        }));
    }
    let file: ProfileFile = serde_json::from_slice(bytes)
        .map_err(|error| Error::Profile(ProfileError::ProfileFile { why: words(&error) }))?;
    if file.keywright_profile != VERSION {
        let why = format!("its form is version {}, wanted {VERSION}", file.keywright_profile);
        return Err(Error::Profile(ProfileError::ProfileFile { why }));
    }
    Ok(file)
}

/// What the parser says, without its language.
fn words(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let at = format!(" at line {} column {}", error.line(), error.column());
    let what = said.strip_suffix(&at).unwrap_or(&said).replace('`', "\"");
    let what = ["u32", "u64"].into_iter().fold(what, |what, number| what.replace(number, "a whole number"));
    match error.is_data() {
        true => format!("line {}: {what}", error.line()),
        false => format!("it is not JSON: {what}, line {}, column {}", error.line(), error.column()),
    }
}
