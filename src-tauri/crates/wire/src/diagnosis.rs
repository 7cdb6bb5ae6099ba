//! A diagnosis on the wire.

use serde::Serialize;
use ts_rs::TS;
use workbench::diagnosis;

use crate::Health;

/// What may be the matter with this installation. It names no person and holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// The worst of the lines.
    pub health: Health,
    /// One after the other, as they are shown.
    pub lines: Vec<DiagnosisLine>,
    /// The same as text, to save or to paste.
    pub text: String,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosisLine {
    /// What it is about: "vault".
    pub about: String,
    /// What was found.
    pub found: String,
    /// What that means for Keywright.
    pub health: Health,
    /// What to do about it.
    pub hint: Option<String>,
}

impl From<&diagnosis::Diagnosis> for Diagnosis {
    fn from(found: &diagnosis::Diagnosis) -> Self {
        let line = |line: &diagnosis::Line| DiagnosisLine {
            about: line.about.to_owned(),
            found: line.found.clone(),
            health: line.health.into(),
            hint: line.hint.clone(),
        };
        Self { health: found.health().into(), lines: found.lines.iter().map(line).collect(), text: found.text() }
    }
}
