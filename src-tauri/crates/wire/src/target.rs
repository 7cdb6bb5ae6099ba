//! Target: a profile and one of its environments.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::{keys, records};

/// A profile and one of its environments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Target {
    /// The profile's name.
    pub profile: String,
    /// The environment's id.
    pub environment: String,
}

impl From<records::Target> for Target {
    fn from(target: records::Target) -> Self {
        Self { profile: target.profile, environment: target.environment }
    }
}

impl From<&keys::UsedBy> for Target {
    fn from(target: &keys::UsedBy) -> Self {
        Self { profile: target.profile.clone(), environment: target.environment.clone() }
    }
}

impl From<Target> for records::Target {
    fn from(target: Target) -> Self {
        Self { profile: target.profile, environment: target.environment }
    }
}

/// Whose issued tokens: for which target, and which credential got them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CredentialAt {
    /// The profile's name.
    pub profile: String,
    /// The environment's id.
    pub environment: String,
    /// The credential's name.
    pub credential: String,
}

impl From<CredentialAt> for records::CredentialAt {
    fn from(owner: CredentialAt) -> Self {
        let at = records::Target { profile: owner.profile, environment: owner.environment };
        Self { at, credential: owner.credential }
    }
}
