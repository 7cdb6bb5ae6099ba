//! Credentials other than keys, on their way into the vault.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{KeyDetail, Secret, Target};

/// A credential that the person entered.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCredential {
    /// Its name.
    pub name: String,
    /// Where it belongs.
    pub place: Target,
    /// Which of the provider's credentials it is, by the id in its definition.
    pub role: String,
    /// The API key, the password or the secret, as pasted.
    #[ts(inline)]
    pub secret: Secret,
    /// What goes with it and is not secret.
    pub fields: BTreeMap<String, String>,
    /// How the text of a secret stands for its bytes: `utf8`, `base64`, `base64url`, `hex`; none: the provider's usual way.
    pub encoding: Option<String>,
}

/// A credential that came into the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CredentialAdded {
    /// The credential.
    pub key: KeyDetail,
    /// What stood around the pasted text and was taken off, in words; empty if nothing did.
    pub removed: String,
    /// What was noticed about a secret, in words.
    pub noticed: Vec<String>,
}
