//! Key rows of a list.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;
use workbench::keys;

use crate::{Binding, Due, KeyKind, KeyState, LineKey, Target};

/// A sealed key as a row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyRow {
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
    /// What goes with it and is not secret: `username`, `client_id`.
    pub fields: BTreeMap<String, String>,
    /// When it came into the vault, in seconds since 1970.
    #[ts(type = "number")]
    pub created: i64,
    /// How it came.
    pub origin: String,
    /// Where it belongs.
    pub binding: Option<Binding>,
    /// The profiles that use it.
    pub profiles: Vec<String>,
    /// What is due: a rotation, an end.
    pub due: Option<Due>,
    /// Its state.
    pub state: KeyState,
    /// When it was made, in seconds since 1970; null where nobody knows.
    #[ts(type = "number | null")]
    pub made: Option<i64>,
    /// When a server last accepted a call of it, in seconds since 1970; null where that is not known.
    #[ts(type = "number | null")]
    pub accepted: Option<i64>,
    /// The targets that call with it.
    pub targets: Vec<Target>,
    /// The keys of its line in the order in which they came, itself among them.
    pub line: Vec<LineKey>,
    /// When it was deleted; it can be restored for 30 days.
    #[ts(type = "number | null")]
    pub deleted: Option<i64>,
}

impl From<&keys::Row<'_>> for KeyRow {
    fn from(row: &keys::Row<'_>) -> Self {
        let credential = row.credential;
        Self {
            name: row.name.clone(),
            kind: credential.kind.into(),
            alg: credential.alg.map(jose::Alg::name),
            describe: credential.describe.clone(),
            kid: credential.kid.clone(),
            thumbprint: credential.thumbprint.clone(),
            fields: credential.fields.clone(),
            created: credential.created,
            origin: credential.origin.clone(),
            binding: credential.binding.as_ref().map(Binding::from),
            profiles: row.profiles.clone(),
            due: row.due.as_ref().map(Due::from),
            state: row.state.into(),
            made: row.made,
            accepted: row.accepted,
            targets: row.targets.iter().map(Target::from).collect(),
            line: row.line.iter().map(LineKey::from).collect(),
            deleted: credential.deleted,
        }
    }
}
