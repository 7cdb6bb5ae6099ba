//! Target: a profile and one of its environments.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::records::At;

/// A profile and one of its environments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Place {
    /// The profile's name.
    pub profile: String,
    /// The environment's id.
    pub environment: String,
}

impl From<At> for Place {
    fn from(at: At) -> Self {
        Self { profile: at.profile, environment: at.environment }
    }
}

impl From<Place> for At {
    fn from(place: Place) -> Self {
        Self { profile: place.profile, environment: place.environment }
    }
}
