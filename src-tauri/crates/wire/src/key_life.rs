//! The life of a key on the wire: its line, and what happened to it.

use serde::Serialize;
use ts_rs::TS;
use workbench::keys;

use crate::KeyState;

/// A key of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LineKey {
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: KeyState,
}

impl From<&keys::Sibling> for LineKey {
    fn from(sibling: &keys::Sibling) -> Self {
        Self { name: sibling.name.clone(), state: sibling.state.into() }
    }
}

/// Something that happened to a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyEvent {
    /// Its number among all events of the vault; they are in this order, whatever the clock showed.
    #[ts(type = "number")]
    pub seq: u64,
    /// When, as the clock then showed it, in seconds since 1970.
    #[ts(type = "number")]
    pub at: i64,
    /// What kind of event: `added`, `chosen`, `promoted`.
    pub kind: String,
    /// What happened, in words.
    pub words: String,
}

impl From<&keys::Happened> for KeyEvent {
    fn from(happened: &keys::Happened) -> Self {
        let keys::Happened { seq, at, kind, words } = happened.clone();
        Self { seq, at, kind, words }
    }
}
