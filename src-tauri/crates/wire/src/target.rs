//! Target: a profile and one of its environments.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::records;

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

impl From<Target> for records::Target {
    fn from(target: Target) -> Self {
        Self { profile: target.profile, environment: target.environment }
    }
}
