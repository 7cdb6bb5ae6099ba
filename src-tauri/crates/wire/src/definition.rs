//! Definitions of providers on the wire: what is wrong with one, what changed, and those of the person's own.

use serde::Serialize;
use ts_rs::TS;
use workbench::providers::{OnDisk, Own};

use crate::{ErrorBody, Provider};

/// What is wrong with a provider's definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionCheck {
    /// Everything that is wrong; empty where nothing is.
    pub errors: Vec<DefinitionError>,
}

/// One thing that is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionError {
    /// Where, what was found and what was wanted.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A definition file to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StartingFile {
    /// The file's text, TOML.
    pub text: String,
}

/// One thing that changed from one definition to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionChange {
    /// Where: `environments[live].base-url`.
    pub path: String,
    /// What happened there, in words.
    pub words: String,
    /// What a live credential would follow there: `where a credential is sent`. Nothing where it follows nothing.
    pub touches: Option<String>,
}

impl From<&provider::Change> for DefinitionChange {
    fn from(change: &provider::Change) -> Self {
        Self {
            path: change.path.clone(),
            words: change.to_string(),
            touches: change.touches.as_ref().map(ToString::to_string),
        }
    }
}

/// A definition of the person's own, beside the file that it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OwnDefinition {
    /// The provider's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it stands in for a built-in one of the same id.
    pub stands_in: bool,
    /// The file, if it came from one.
    pub file: Option<String>,
    /// What the file holds now, compared with what counts.
    pub on_disk: FileState,
    /// What changed there, where something did.
    pub changes: Vec<DefinitionChange>,
    /// Why it cannot be taken, where it is unfit.
    pub problem: Option<ErrorBody>,
}

/// What became of the file that a definition came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum FileState {
    /// It came from none, or the file is gone.
    NoFile,
    /// It says what counts.
    Same,
    /// It says something else.
    Changed,
    /// It cannot be taken.
    Unfit,
}

impl From<Own> for OwnDefinition {
    fn from(own: Own) -> Self {
        let (on_disk, changes, problem) = match own.on_disk {
            OnDisk::NoFile => (FileState::NoFile, Vec::new(), None),
            OnDisk::Same => (FileState::Same, Vec::new(), None),
            OnDisk::Changed(changes) => (FileState::Changed, changes, None),
            OnDisk::Unfit(error) => (FileState::Unfit, Vec::new(), Some(error)),
        };
        Self {
            id: own.definition.id.clone(),
            name: own.definition.name.clone(),
            stands_in: own.stands_in,
            file: own.file.map(|file| file.display().to_string()),
            on_disk,
            changes: changes.iter().map(DefinitionChange::from).collect(),
            problem: problem.map(ErrorBody::from),
        }
    }
}

/// A definition that counts from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionTaken {
    /// What it says.
    pub provider: Provider,
    /// What changed from the one before; none where there was none.
    pub changes: Option<Vec<DefinitionChange>>,
    /// The number of the undo, where something can be taken back.
    #[ts(type = "number | null")]
    pub undo: Option<u64>,
}

/// A definition that was forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionForgotten {
    /// The provider's id.
    pub id: String,
    /// What was done.
    pub words: String,
}
