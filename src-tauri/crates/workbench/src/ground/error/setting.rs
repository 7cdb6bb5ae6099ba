//! Errors of settings.

use super::Fault;

/// Settings out of bounds.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// A setting out of bounds.
    #[error("{} is {found}{}; wanted {least} to {most}", .what.words(), .what.unit())]
    OutOfBounds {
        /// Which setting.
        what: Setting,
        /// The value given.
        found: u64,
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// A proxy that is none.
    #[error("the proxy {found:?} cannot be used: {why}")]
    UnfitProxy {
        /// What was given.
        found: String,
        /// What is wrong with it.
        why: String,
    },
}

impl SettingError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        Fault::Input
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::UnfitProxy { .. } => Some(
                "write it as http://host:port; one that wants a password is set in the environment, as HTTPS_PROXY"
                    .to_owned(),
            ),
            Self::OutOfBounds { .. } => None,
        }
    }
}

/// A setting that has bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Setting {
    /// Minutes of idleness until the window locks.
    LockAfter,
    /// Seconds until a copied secret leaves the clipboard.
    ClearSecret,
    /// Seconds until a copied token leaves the clipboard.
    ClearToken,
    /// Seconds that making a connection may take.
    Connect,
    /// Seconds that a call may take.
    Total,
    /// The port of the window's emulator.
    EmulatorPort,
}

impl Setting {
    /// What people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::LockAfter => "the time until the window locks",
            Self::ClearSecret => "the time until a secret leaves the clipboard",
            Self::ClearToken => "the time until a token leaves the clipboard",
            Self::Connect => "the time that a connection may take",
            Self::Total => "the time that a call may take",
            Self::EmulatorPort => "the emulator's port",
        }
    }

    /// What it is counted in, as it follows on the number; nothing for a number of its own.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::LockAfter => " minutes",
            Self::ClearSecret | Self::ClearToken | Self::Connect | Self::Total => " seconds",
            Self::EmulatorPort => "",
        }
    }
}
