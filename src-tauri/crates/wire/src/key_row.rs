//! Key rows of a list.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;
use workbench::{keys, records::Credential};

use crate::{Binding, Due, KeyKind};

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
    /// When it was deleted; it can be restored for 30 days.
    #[ts(type = "number | null")]
    pub deleted: Option<i64>,
}

impl KeyRow {
    /// The row of a key that these profiles use.
    pub fn new(credential: &Credential, profiles: Vec<String>, due: Option<&keys::Due>) -> Self {
        Self {
            name: credential.name.clone(),
            kind: credential.kind.into(),
            alg: credential.alg.map(jose::Alg::name),
            describe: credential.describe.clone(),
            kid: credential.kid.clone(),
            thumbprint: credential.thumbprint.clone(),
            fields: credential.fields.clone(),
            created: credential.created,
            origin: credential.origin.clone(),
            binding: credential.binding.as_ref().map(Binding::from),
            profiles,
            due: due.map(Due::from),
            deleted: credential.deleted,
        }
    }
}
