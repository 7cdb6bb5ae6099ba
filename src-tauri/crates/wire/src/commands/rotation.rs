//! What the page may ask of lines, rotations, incidents and checks: the rest of the table of commands.
//!
//! The window takes a row into [`for_each_command`](crate::for_each_command) with the function that answers it.

use serde::Deserialize;
use ts_rs::TS;

use crate::{CheckOf, Handed, RotationMode, RotationStep, RotationTimes, Secret};

/// Calls the macro `$then` with every command about rotation: its documentation, `name: Request => Answer;`.
#[macro_export]
macro_rules! for_each_rotation_command {
    ($then:ident) => {
        $then! {
            // Lines.

            /// Every line, with the states of its keys and what is due.
            lines_list: () => Vec<$crate::Line>;
            /// One key in its line: its states, how often it was accepted, where copies are.
            key_life: $crate::commands::Named => $crate::KeyLife;
            /// Says where a copy of a key is.
            key_copy_note: $crate::commands::rotation::NotingCopy => $crate::KeyLife;

            // Rotation.

            /// What a rotation would do, and when. With `look` the provider's list is read first: long, and asks for live.
            rotation_plan: $crate::commands::rotation::Planning => $crate::RotationPlan;
            /// Begins a rotation, or an incident. Nothing is sent yet: `rotation_go_on` goes on.
            rotation_start: $crate::commands::rotation::Starting => $crate::Rotation;
            /// Every rotation that is under way, and those that ended; the latest first.
            rotations_list: () => Vec<$crate::Rotation>;
            /// One rotation as it stands.
            rotation_show: $crate::commands::rotation::OfRotation => $crate::Rotation;
            /// Takes the present step: makes, looks, calls, proves or hands over until that step is done, or a person or a time is wanted.
            /// Long: has a `job` that can be cancelled, which leaves it where it was. Sends `rotated`. Asks before it sends or signs for live.
            rotation_go_on: $crate::commands::rotation::GoingOn => $crate::Rotation;
            /// Says that the step by hand is done.
            rotation_did_it: $crate::commands::rotation::AtStep => $crate::Rotation;
            /// Puts on the clipboard what is pasted at the step by hand; a secret leaves the clipboard again.
            rotation_paste: $crate::commands::rotation::OfRotation => $crate::Copied;
            /// Takes the key or secret that the provider made, as it was shown there.
            rotation_bring: $crate::commands::rotation::Bringing => $crate::Rotation;
            /// Asks for the key file that the provider made in the system's dialog; none if the person cancelled.
            rotation_bring_file: $crate::commands::rotation::OfRotation => Option<$crate::Rotation>;
            /// Takes the present step by hand from now on.
            rotation_by_hand: $crate::commands::rotation::AtStep => $crate::Rotation;
            /// Goes on where it stopped.
            rotation_again: $crate::commands::rotation::OfRotation => $crate::Rotation;
            /// Goes before the earliest safe time of the step, as a person wants who read what can break.
            rotation_hurry: $crate::commands::rotation::AtStep => $crate::Rotation;
            /// Says that the old key is silent: a person's word, where the provider does not tell.
            rotation_silent: $crate::commands::rotation::OfRotation => $crate::Rotation;
            /// Adds a place that has the old key.
            rotation_place_add: $crate::commands::rotation::AtPlace => $crate::Rotation;
            /// Gives a place the next key in the form in which the old one went there. Asks as an export does; none if the person
            /// cancelled.
            rotation_place_serve: $crate::commands::rotation::AtPlace => Option<$crate::Rotation>;
            /// Says how far the hand-over to a place is.
            rotation_place_mark: $crate::commands::rotation::MarkingPlace => $crate::Rotation;
            /// Takes the promotion back, or undoes the retirement.
            rotation_back: $crate::commands::rotation::OfRotation => $crate::Rotation;
            /// Gives the rotation up: what it made at the provider is deleted, the old key stays as it is.
            rotation_abort: $crate::commands::rotation::OfRotation => $crate::Rotation;
            /// Asks for a file and writes there what happened, with its times; none if the person cancelled.
            rotation_runbook_save: $crate::commands::rotation::OfRotation => Option<$crate::SavedFile>;

            // Incidents.

            /// What a leak of this key touches, and the ways out. Changes nothing.
            incident_show: $crate::commands::Named => $crate::Incident;
            /// Asks for a file and writes the runbook of a way out there; none if the person cancelled.
            incident_runbook_save: $crate::commands::rotation::OfWayOut => Option<$crate::SavedFile>;

            // Checks.

            /// Every credential and environment that can be checked, and why another cannot.
            check_list: () => Vec<$crate::CheckRow>;
            /// Makes the one read-only request of each. Long: has a `job` that can be cancelled. Sends `checked` after each. Asks for
            /// live.
            check_run: $crate::commands::rotation::Checking => Vec<$crate::CheckOutcome>;
        }
    };
}

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
    /// Whether the provider's list is read.
    pub look: bool,
    /// The id by which that can be ended.
    pub job: u32,
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
