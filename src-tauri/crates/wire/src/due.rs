//! Reminder about a credential: rotation and expiry.

use serde::Serialize;
use ts_rs::TS;
use workbench::keys;

use crate::DueKind;

/// Something to do about a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Due {
    /// When, in seconds since 1970.
    #[ts(type = "number")]
    pub at: i64,
    /// It is older than advised, it ends soon, or it ended.
    pub kind: DueKind,
    /// What, in words.
    pub words: String,
}

impl From<&keys::Due> for Due {
    fn from(due: &keys::Due) -> Self {
        Self { at: due.at, kind: due.kind.into(), words: due.words.clone() }
    }
}
