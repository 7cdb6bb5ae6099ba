//! Incidents on the wire: what a leaked key touches, and what each way out breaks.

use serde::Serialize;
use ts_rs::TS;
use workbench::rotation;

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

impl From<&rotation::Incident> for Incident {
    fn from(incident: &rotation::Incident) -> Self {
        let plan = &incident.plan;
        let target = |at: &keyset::Target| Target { profile: at.profile.clone(), environment: at.environment.clone() };
        Self {
            key: incident.key.clone(),
            state: plan.state.into(),
            reported: incident.reported,
            targets: plan.targets.iter().map(target).collect(),
            recipes: incident.recipes.clone(),
            copies: plan.copies.iter().map(KeyCopy::from).collect(),
            last_accepted: incident.last_accepted,
            ready: incident.ready.clone(),
            ways: plan.ways.iter().map(|way| WayOut::new(&incident.key, way)).collect(),
        }
    }
}

impl WayOut {
    fn new(key: &str, way: &keyset::WayOut) -> Self {
        let breaks: Vec<String> = way.breaks.iter().map(keyset::Breakage::words).collect();
        let title = match way.mode {
            keyset::Mode::DisableFirst => "disable it first, then repair",
            keyset::Mode::ReplaceFirst => "replace it first, then disable it",
            keyset::Mode::Planned => "replace it as planned",
        };
        let mut runbook = format!("{key} leaked: {title}\n");
        runbook.extend(breaks.iter().map(|breaks| format!("  breaks: {breaks}\n")));
        runbook.extend(way.steps.iter().map(|step| format!("[ ] ____-__-__ __:__  {step}\n")));
        Self { mode: way.mode.into(), steps: way.steps.iter().map(|step| (*step).into()).collect(), breaks, runbook }
    }
}
