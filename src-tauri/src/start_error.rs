//! Start errors: why there is no window, told to whoever started it, in a terminal or from a menu.

use std::io::Write;

use crate::dialogs;

/// Why the window was not opened.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no folder for this person's data.
    #[error(transparent)]
    NoDataFolder(#[from] host::NoDataFolder),
    /// The system gives no window, or its engine does not start.
    #[error("the system gives no window: {0}")]
    NoWindow(#[from] tauri::Error),
}

impl StartError {
    /// What to try next.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoDataFolder(error) => error.hint(),
            Self::NoWindow(_) => Some("run keywright doctor; the command line, keywright, does the same work"),
        }
    }
}

/// Says why there is no window, on stderr and in a dialog, since who started it from a menu sees no stderr. Then the program ends:
/// nothing is open yet that would have to be closed.
pub(crate) fn tell_and_leave(error: &StartError) -> ! {
    let hint = error.hint().unwrap_or_default();
    // Nothing is left to do about a closed stderr.
    let _ = writeln!(std::io::stderr(), "keywright-desktop: {error}\n hint: {hint}");
    dialogs::say("Keywright cannot open its window", &format!("{error}.\n\nHint: {hint}."));
    std::process::exit(1)
}
