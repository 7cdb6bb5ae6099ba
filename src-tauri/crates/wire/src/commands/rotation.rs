//! Requests of the page about lines, rotations, incidents and checks.

use serde::Deserialize;
use ts_rs::TS;

use crate::{CheckOf, Handed, RotationMode, RotationStep, RotationTimes, Secret};

/// A copy of a key.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotingCopy {
    /// The key's name.
    pub name: String,
    /// Where the copy is.
    pub to: String,
}

/// A rotation to plan.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Planning {
    /// The key to replace.
    pub key: String,
    /// Planned, or which way out of an incident.
    pub mode: RotationMode,
    /// What the person states; none: what was stated last, or the usual.
    pub times: Option<RotationTimes>,
}

/// A rotation to begin.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Starting {
    /// The key to replace.
    pub key: String,
    /// Planned, or which way out of an incident.
    pub mode: RotationMode,
    /// What the person states.
    pub times: RotationTimes,
}

/// A rotation.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfRotation {
    /// Its id.
    pub rotation: String,
}

/// A rotation to go on with.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoingOn {
    /// Its id.
    pub rotation: String,
    /// The id by which it can be ended.
    pub job: u32,
}

/// A step of a rotation: the one that the person saw, so that no other is meant.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AtStep {
    /// The rotation's id.
    pub rotation: String,
    /// The step.
    pub step: RotationStep,
}

/// What came back from the provider.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Bringing {
    /// The rotation's id.
    pub rotation: String,
    /// The key or secret.
    #[ts(inline)]
    pub secret: Secret,
}

/// A place of a hand-over.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AtPlace {
    /// The rotation's id.
    pub rotation: String,
    /// The place.
    pub to: String,
}

/// How far the hand-over to a place is.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MarkingPlace {
    /// The rotation's id.
    pub rotation: String,
    /// The place.
    pub to: String,
    /// How far it is.
    pub handed: Handed,
}

/// A way out of an incident.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfWayOut {
    /// The key's name.
    pub name: String,
    /// The way.
    pub mode: RotationMode,
}

/// Credentials to check.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Checking {
    /// Which.
    pub of: Vec<CheckOf>,
    /// The id by which it can be ended.
    pub job: u32,
}
