//! Keys on the wire: metadata and public halves.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;
use workbench::{keys, records};

use crate::{Due, Finding, KeyKind, KeyState, LineKey, Target, Tier};

/// A sealed key, as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: KeyKind,
    /// The algorithm that it signs tokens with; none for what signs none.
    pub alg: Option<&'static str>,
    /// Type and size in words.
    pub describe: String,
    /// The name under which the provider knows it.
    pub kid: Option<String>,
    /// The RFC 7638 thumbprint.
    pub thumbprint: Option<String>,
    /// The public half as a JWK, one line.
    pub public_jwk: Option<String>,
    /// What goes with it and is not secret: `username`, `client_id`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// When it came into the vault, in seconds since 1970.
    pub created: i64,
    /// How it came.
    pub origin: String,
    /// Where it belongs.
    pub binding: Option<Binding>,
    /// What is due: a rotation, an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// Its state.
    pub state: KeyState,
    /// When it was made, in seconds since 1970; null where nobody knows.
    pub made: Option<i64>,
    /// When a server last accepted a call of it, in seconds since 1970; null where that is not known.
    pub accepted: Option<i64>,
    /// The targets that call with it.
    pub targets: Vec<Target>,
    /// The keys of its line in the order in which they came, itself among them.
    pub line: Vec<LineKey>,
}

/// Where a key belongs, as sealed with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Binding {
    /// The provider's id.
    pub provider: String,
    /// The environment's id.
    pub environment: String,
    /// Both in words.
    pub label: String,
    /// `local`, `test` or `live`.
    pub tier: Tier,
    /// The hosts that its tokens may be sent to.
    pub hosts: Vec<String>,
    /// Which of the provider's credentials it is, by the id in its definition.
    pub role: Option<String>,
}

impl From<&records::Binding> for Binding {
    fn from(binding: &records::Binding) -> Self {
        Self {
            provider: binding.provider.clone(),
            environment: binding.environment.clone(),
            label: binding.label.clone(),
            tier: binding.tier.into(),
            hosts: binding.hosts.clone(),
            role: binding.role.clone(),
        }
    }
}

impl From<&keys::Row<'_>> for Key {
    fn from(row: &keys::Row<'_>) -> Self {
        let credential = row.credential;
        Self {
            name: row.name.clone(),
            kind: credential.kind.into(),
            alg: credential.alg.map(jose::Alg::name),
            describe: credential.describe.clone(),
            kid: credential.kid.clone(),
            thumbprint: credential.thumbprint.clone(),
            public_jwk: credential.public_jwk.clone(),
            fields: credential.fields.clone(),
            created: credential.created,
            origin: credential.origin.clone(),
            binding: credential.binding.as_ref().map(Binding::from),
            due: row.due.as_ref().map(Due::from),
            state: row.state.into(),
            made: row.made,
            accepted: row.accepted,
            targets: row.targets.iter().map(Target::from).collect(),
            line: row.line.iter().map(LineKey::from).collect(),
        }
    }
}

/// A key that was written out as text, or its thumbprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyText {
    /// The form: `jwk`, `spki`, `thumbprint`.
    pub format: &'static str,
    /// The file it was written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The text, where it is public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What was noticed about what it was read from, such as keys of a set that are passed over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}
