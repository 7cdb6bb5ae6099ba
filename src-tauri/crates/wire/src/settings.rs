//! Settings of the application.

use std::{ops::RangeInclusive, path::Path};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::{
    records,
    settings::{self, Chosen},
};

/// What the person chose for the application as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// Minutes of idleness after which the window locks.
    pub lock_after_minutes: u32,
    /// Whether it locks when the machine goes to sleep.
    pub lock_on_sleep: bool,
    /// Seconds after which a copied secret leaves the clipboard.
    pub clear_secret_seconds: u32,
    /// Seconds after which a copied token leaves the clipboard.
    pub clear_token_seconds: u32,
    /// The proxy for calls; none: the environment's.
    pub proxy: Option<String>,
    /// How many certificates calls trust beside those of the system, for reading only.
    pub trusted: u32,
    /// Seconds that making a connection may take.
    pub connect_seconds: u32,
    /// Seconds that a call may take in all.
    pub total_seconds: u32,
    /// The port on which the window's emulator listens; 0: any free one.
    pub emulator_port: u32,
    /// Where the vault lies, for reading only.
    pub vault_path: String,
}

impl Settings {
    /// What each number may be, by its name on the wire.
    pub const RANGES: [(&'static str, RangeInclusive<u32>); 6] = [
        ("lockAfterMinutes", settings::LOCK_AFTER_MINUTES),
        ("clearSecretSeconds", settings::CLEAR_SECONDS),
        ("clearTokenSeconds", settings::CLEAR_SECONDS),
        ("connectSeconds", settings::CONNECT_SECONDS),
        ("totalSeconds", settings::TOTAL_SECONDS),
        ("emulatorPort", settings::EMULATOR_PORT),
    ];

    /// What was chosen in the vault that lies at `path`.
    pub fn new(settings: &records::Settings, path: &Path) -> Self {
        Self {
            lock_after_minutes: settings.lock_after_minutes,
            lock_on_sleep: settings.lock_on_sleep,
            clear_secret_seconds: settings.clear_secret_seconds,
            clear_token_seconds: settings.clear_token_seconds,
            proxy: settings.proxy.clone(),
            trusted: u32::try_from(
                settings.trusted.as_deref().map_or(0, |pem| pem.matches("BEGIN CERTIFICATE").count()),
            )
            .unwrap_or(u32::MAX),
            connect_seconds: settings.connect_seconds,
            total_seconds: settings.total_seconds,
            emulator_port: settings.emulator_port,
            vault_path: path.display().to_string(),
        }
    }

    /// The choice; what is for reading only is not one.
    pub fn chosen(&self) -> Chosen {
        Chosen {
            lock_after_minutes: self.lock_after_minutes,
            lock_on_sleep: self.lock_on_sleep,
            clear_secret_seconds: self.clear_secret_seconds,
            clear_token_seconds: self.clear_token_seconds,
            proxy: self.proxy.clone(),
            connect_seconds: self.connect_seconds,
            total_seconds: self.total_seconds,
            emulator_port: self.emulator_port,
        }
    }
}
