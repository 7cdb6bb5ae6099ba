//! The journal in words: the runbook of a rotation, with times as they happened.

use std::fmt;

use super::{Evidence, Note, Rotation};
use crate::remote::Remote;

impl Rotation {
    /// The runbook: a line for each thing that happened, then the orphans. It holds ids, thumbprints and statuses, and
    /// nothing that is secret.
    pub fn runbook(&self) -> String {
        let lines = self.journal.iter().map(|entry| format!("{}  {}\n", entry.at, entry.note));
        let orphans = self.orphans.iter().map(|orphan| match &orphan.label {
            Some(label) => format!("still at the provider: {} ({label})\n", orphan.pair),
            None => format!("still at the provider: {}\n", orphan.pair),
        });
        lines.chain(orphans).collect()
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Began => f.write_str("the rotation began"),
            Self::Done { step, evidence } => write!(f, "done: {step} ({evidence})"),
            Self::Reopened { step } => write!(f, "to be done again: {step}"),
            Self::Asked { step, remote } => write!(f, "asked to {step}: {remote}"),
            Self::Answered { words } => write!(f, "answer: {words}"),
            Self::Stopped { stop } => write!(f, "stopped: {stop}"),
            Self::GoesOn => f.write_str("a person went on"),
            Self::ByHand { step } => write!(f, "by hand from now on: {step}"),
            Self::Hurried { step, early_by } => write!(f, "a person goes {early_by} early: {step}"),
            Self::TakenBack => f.write_str("the promotion was taken back"),
            Self::Reviving => f.write_str("the retirement is being undone"),
            Self::Aborted => f.write_str("the rotation is given up"),
            Self::ClockSetBack { from } => write!(f, "the clock was set back; it had shown {from}"),
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here => f.write_str("here"),
            Self::Seen { pair, thumbprint: Some(thumbprint) } => write!(f, "seen as {pair}, thumbprint {thumbprint}"),
            Self::Seen { pair, thumbprint: None } => write!(f, "seen as {pair}"),
            Self::Gone => f.write_str("the provider does not show it"),
            Self::Refused { status } => write!(f, "it is refused there with {status}"),
            Self::Accepted { status } => write!(f, "accepted with {status}"),
            Self::Silent { last: Some(last) } => write!(f, "last used {last}"),
            Self::Silent { last: None } => f.write_str("never used"),
            Self::Said => f.write_str("a person said so"),
        }
    }
}

impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create { label, active, grants, .. } => {
                write!(f, "create {label:?}, {}", if *active { "active" } else { "inactive" })?;
                grants.iter().try_for_each(|(name, ids)| match ids.as_slice() {
                    [] => write!(f, ", {name}: an empty list"),
                    ids => write!(f, ", {name}: {}", ids.join(" ")),
                })
            }
            Self::Activate { pair } => write!(f, "activate {pair}"),
            Self::Deactivate { pair } => write!(f, "deactivate {pair}"),
            Self::Delete { pair } => write!(f, "delete {pair}"),
        }
    }
}
