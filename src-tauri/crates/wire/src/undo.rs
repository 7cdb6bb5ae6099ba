//! Undo offers.

use serde::Serialize;
use ts_rs::TS;

/// A change that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Undo {
    /// The number by which it is taken back.
    #[ts(type = "number")]
    pub undo: u64,
    /// What was done: "Deleted demo. It can be restored for 30 days."
    pub words: String,
}
