//! Profiles on the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::{ports, profiles, records, session::Passphrase};

use crate::Secret;

/// A profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The provider's id.
    pub provider: String,
    /// The values of its variables.
    pub variables: BTreeMap<String, String>,
    /// The name of the key for each environment.
    pub keys: BTreeMap<String, String>,
    /// The names of the other credentials, by environment and by their ids in the definition.
    pub others: BTreeMap<String, BTreeMap<String, String>>,
    /// Addresses that were entered.
    pub base_urls: BTreeMap<String, String>,
    /// Where each environment is, variables filled in; absent where that is not known before it is called.
    pub addresses: BTreeMap<String, String>,
    /// How often environments ask, where that was chosen.
    pub guards: BTreeMap<String, Guard>,
    /// Scopes that a token gets unless others are named.
    pub scopes: Option<Vec<String>>,
    /// Seconds that a token lives unless told otherwise.
    #[ts(type = "number | null")]
    pub ttl: Option<u64>,
    /// What keeps it from being used, by environment: "no key yet". Absent where nothing does.
    pub missing: BTreeMap<String, String>,
}

/// How often a live environment asks: once until lock, for each call that changes something, for each call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// Once, until lock or ten idle minutes.
    Once,
    /// Once, and for each call that changes something.
    Writes,
    /// For each call.
    Always,
}

impl From<ports::Guard> for Guard {
    fn from(guard: ports::Guard) -> Self {
        match guard {
            ports::Guard::Once => Self::Once,
            ports::Guard::Writes => Self::Writes,
            ports::Guard::Always => Self::Always,
        }
    }
}

impl From<Guard> for ports::Guard {
    fn from(guard: Guard) -> Self {
        match guard {
            Guard::Once => Self::Once,
            Guard::Writes => Self::Writes,
            Guard::Always => Self::Always,
        }
    }
}

impl Profile {
    /// A profile, and how it stands in each environment.
    pub fn new(profile: &records::Profile, profiles::Readiness { missing, addresses }: profiles::Readiness) -> Self {
        let of = |pick: fn(&records::EnvironmentSettings) -> &Option<String>| {
            let set = profile.environments.iter();
            set.filter_map(|(id, place)| Some((id.clone(), pick(place).clone()?))).collect()
        };
        let guards = profile.environments.iter();
        let others = profile.environments.iter().filter(|(_, place)| !place.others.is_empty());
        Self {
            name: profile.name.clone(),
            provider: profile.provider.clone(),
            variables: profile.variables.clone(),
            keys: of(|place| &place.credential),
            others: others.map(|(id, place)| (id.clone(), place.others.clone())).collect(),
            base_urls: of(|place| &place.base_url),
            addresses,
            guards: guards.filter_map(|(id, place)| Some((id.clone(), place.guard?.into()))).collect(),
            scopes: profile.scopes.clone(),
            ttl: profile.ttl,
            missing,
        }
    }
}

/// A new profile.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewProfile {
    /// Its name.
    pub name: String,
    /// The provider's id.
    pub provider: String,
    /// The values of its variables.
    pub variables: BTreeMap<String, String>,
}

impl From<NewProfile> for profiles::NewProfile {
    fn from(new: NewProfile) -> Self {
        Self { name: new.name, provider: new.provider, variables: new.variables }
    }
}

/// A change to a profile; what is left out stays.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(optional_fields)]
pub struct ProfileChange {
    /// Which one.
    pub name: String,
    /// Variables to set; an empty value takes one away.
    pub variables: Option<BTreeMap<String, String>>,
    /// Environment id to key name; an empty name takes the key away.
    pub keys: Option<BTreeMap<String, String>>,
    /// Environment id to the id of another credential in the definition, such as a webhook secret, to a name; an empty name
    /// takes it away.
    pub others: Option<BTreeMap<String, BTreeMap<String, String>>>,
    /// Environment id to address; an empty one takes it away.
    pub base_urls: Option<BTreeMap<String, String>>,
    /// Environment id to guard.
    pub guards: Option<BTreeMap<String, Guard>>,
    /// An empty list goes back to the provider's.
    pub scopes: Option<Vec<String>>,
    /// 0 goes back to the provider's.
    #[ts(optional, type = "number")]
    pub ttl: Option<u64>,
    /// Lowering a guard wants the passphrase.
    #[ts(optional, type = "Secret")]
    pub passphrase: Option<Secret>,
}

impl ProfileChange {
    /// Which profile, and what changes. A passphrase that cannot be one is an error.
    pub fn into_parts(self) -> Result<(String, profiles::ProfileChange), workbench::Error> {
        let guards = self.guards.unwrap_or_default();
        let change = profiles::ProfileChange {
            variables: self.variables.unwrap_or_default(),
            keys: self.keys.unwrap_or_default(),
            others: self.others.unwrap_or_default(),
            base_urls: self.base_urls.unwrap_or_default(),
            guards: guards.into_iter().map(|(id, guard)| (id, guard.into())).collect(),
            scopes: self.scopes,
            ttl: self.ttl,
            passphrase: self.passphrase.map(|typed| Passphrase::new(typed.expose().to_owned())).transpose()?,
        };
        Ok((self.name, change))
    }
}

/// A profile that was changed, and how to take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProfileChanged {
    /// As it is now.
    pub profile: Profile,
    /// The number of the undo.
    #[ts(type = "number")]
    pub undo: u64,
}
