//! Providers and profiles on the wire.

use std::collections::BTreeMap;

use provider::{Definition, definition::BaseUrl};
use serde::Serialize;
use ts_rs::TS;
use workbench::records;

/// An API's definition in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where its API is documented.
    pub documentation: Option<String>,
    /// The variables of its addresses and headers.
    pub variables: Vec<Variable>,
    /// Where it can be reached.
    pub environments: Vec<Environment>,
    /// The scopes it knows.
    pub scopes: Vec<Scope>,
    /// Its endpoints: id, method and path, scopes needed.
    pub endpoints: Vec<Endpoint>,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Variable {
    /// Its id.
    pub id: String,
    /// What it is.
    pub label: String,
    /// Whether it must be set.
    pub required: bool,
}

/// An environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// `local`, `test` or `live`.
    pub tier: &'static str,
    /// Its address with the variables in braces; empty where it is asked for or known at run time.
    pub base_url: String,
}

/// A scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// Its value.
    pub value: String,
    /// What it gives.
    pub title: String,
    /// What it belongs to.
    pub group: Option<String>,
    /// Where it is known from.
    pub from: Option<String>,
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// Its id.
    pub id: String,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// The scopes that are all needed.
    pub all_scopes: Vec<String>,
    /// The scopes of which one is needed.
    pub any_scope: Vec<String>,
    /// Whether calling it changes something.
    pub side_effects: bool,
}

impl From<&Definition> for Provider {
    fn from(definition: &Definition) -> Self {
        let base_url = |base: &BaseUrl| match base {
            BaseUrl::Template(template) => template.text().to_owned(),
            BaseUrl::Emulator | BaseUrl::Ask => String::new(),
        };
        Self {
            id: definition.id.clone(),
            name: definition.name.clone(),
            documentation: definition.documentation.clone(),
            variables: (definition.variables.iter())
                .map(|v| Variable { id: v.id.clone(), label: v.label.clone(), required: v.required })
                .collect(),
            environments: (definition.environments.iter())
                .map(|e| Environment {
                    id: e.id.clone(),
                    label: e.label.clone(),
                    tier: e.tier_or_live().name(),
                    base_url: base_url(&e.base_url),
                })
                .collect(),
            scopes: (definition.scopes.iter().flat_map(provider::Scopes::catalogue))
                .map(|s| Scope { value: s.value, title: s.title, group: s.group, from: s.from })
                .collect(),
            endpoints: (definition.endpoints.iter())
                .map(|e| Endpoint {
                    id: e.id.clone(),
                    method: e.method.clone(),
                    path: e.path.text().to_owned(),
                    all_scopes: e.needs.all.clone(),
                    any_scope: e.needs.any.clone(),
                    side_effects: e.side_effects,
                })
                .collect(),
        }
    }
}

/// A profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// Addresses that were entered.
    pub base_urls: BTreeMap<String, String>,
    /// Scopes that a token gets unless others are named.
    pub scopes: Option<Vec<String>>,
    /// Seconds that a token lives unless told otherwise.
    pub ttl: Option<u64>,
}

impl From<&records::Profile> for Profile {
    fn from(profile: &records::Profile) -> Self {
        let of = |pick: fn(&records::Place) -> &Option<String>| {
            let set = profile.environments.iter();
            set.filter_map(|(id, place)| Some((id.clone(), pick(place).clone()?))).collect()
        };
        Self {
            name: profile.name.clone(),
            provider: profile.provider.clone(),
            variables: profile.variables.clone(),
            keys: of(|place| &place.credential),
            base_urls: of(|place| &place.base_url),
            scopes: profile.scopes.clone(),
            ttl: profile.ttl,
        }
    }
}
