//! Start errors: why there is no window, told to whoever started it, in a terminal or from a menu.

use std::io::Write;

use crate::dialogs;

/// Why the window was not opened.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no folder for this person's data.
    #[error(transparent)]
    NoDataFolder(#[from] host::NoDataFolder),
    /// Another window of this person has the name, and does not answer.
    #[cfg(unix)]
    #[error(transparent)]
    Silent(#[from] host::first_window::ClaimError),
    /// The system gives no window, or its engine does not start.
    #[error("the system gives no window: {0}")]
    NoWindow(#[from] tauri::Error),
}

impl StartError {
    /// What to try next.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoDataFolder(error) => error.hint(),
            #[cfg(unix)]
            Self::Silent(_) => Some("wait until it answers, or end that process"),
            Self::NoWindow(_) => Some("run keywright doctor; the command line, keywright, does the same work"),
        }
    }
}

/// Says why there is no window, on stderr and in a dialog, since who started it from a menu sees no stderr.
pub fn tell(error: &StartError) {
    let hint = error.hint().unwrap_or_default();
    // Nothing is left to do about a closed stderr.
    let _ = writeln!(std::io::stderr(), "keywright-desktop: {error}\n hint: {hint}");
    dialogs::say("Keywright cannot open its window", &format!("{error}.\n\nHint: {hint}."));
}
