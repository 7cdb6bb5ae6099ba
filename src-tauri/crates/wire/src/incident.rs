//! Incidents on the wire: what a leaked key touches, and what each way out breaks.

use serde::Serialize;
use ts_rs::TS;

use crate::{KeyCopy, KeyState, RotationMode, RotationStep, Target};

/// A key that leaked, before anything is done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Incident {
    /// The key's name.
    pub key: String,
    /// Its state.
    pub state: KeyState,
    /// When somebody reported it before.
    #[ts(type = "number | null")]
    pub reported: Option<i64>,
    /// The targets that call with it.
    pub targets: Vec<Target>,
    /// The recipes that name it.
    pub recipes: Vec<String>,
    /// Where copies of it are.
    pub copies: Vec<KeyCopy>,
    /// When a server last accepted a call of ours with it.
    #[ts(type = "number | null")]
    pub last_accepted: Option<i64>,
    /// A key of the line that is published and proved already: to promote it is the shortest way out.
    pub ready: Option<String>,
    /// The ways out: disable first, then repair; or replace first, then disable.
    pub ways: Vec<WayOut>,
}

/// A way out of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WayOut {
    /// What comes first.
    pub mode: RotationMode,
    /// Its steps.
    pub steps: Vec<RotationStep>,
    /// What it breaks, the worst first; without a capital letter or a full stop.
    pub breaks: Vec<String>,
    /// What is done in which order, as a text to print or to keep: a line for each step, and no secret.
    pub runbook: String,
}
