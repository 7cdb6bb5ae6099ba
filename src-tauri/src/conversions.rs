//! Conversions to what the page is told of the vault, the settings and the emulator's log.

use std::path::Path;

use emulator::{Entry, Outcome};
use wire::{EmulatorEntry, EmulatorOutcome, Settings, VaultHere};
use workbench::session::{self, Session};
use workbench::{Error, settings};

/// What the page is told of the vault at `path`.
pub(crate) fn vault_here(path: &Path) -> VaultHere {
    let status = session::status(path).ok().map(|status| wire::VaultStatus::from(&status));
    VaultHere {
        path: path.display().to_string(),
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        exists: path.symlink_metadata().is_ok(),
        interrupted: status.as_ref().is_some_and(|status| status.interrupted),
        exposed: status.map(|status| status.exposed).unwrap_or_default(),
    }
}

/// What the person chose, with where the vault lies.
pub(crate) fn settings_of(session: &Session) -> Result<Settings, Error> {
    Ok(Settings::new(&settings::show(session)?, session.path()))
}

/// An entry of the log in the page's words.
pub(crate) fn entry(entry: &Entry) -> EmulatorEntry {
    let (outcome, refused_at, reason) = match &entry.outcome {
        Outcome::Accepted => (EmulatorOutcome::Accepted, None, None),
        Outcome::Refused { check, reason } => (EmulatorOutcome::Refused, Some(check.name()), Some(reason.clone())),
        Outcome::Unchecked { reason } => (EmulatorOutcome::Unchecked, None, Some(reason.clone())),
    };
    EmulatorEntry {
        number: entry.number,
        at: entry.at.clone(),
        provider: entry.provider.to_owned(),
        method: entry.method.clone(),
        path: entry.path.clone(),
        status: entry.status,
        outcome,
        refused_at,
        reason,
        passed: entry.passed.iter().map(|check| check.name()).collect(),
        notes: entry.notes.clone(),
    }
}
