//! Clipboard guard: what was copied, until it has left the clipboard again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use host::{Clipboard, ClipboardError, Copied};
use wire::{Code, ErrorBody};
use zeroize::Zeroizing;

/// The clipboard, and the last secret that was put there.
pub(crate) struct ClipboardGuard {
    clipboard: Box<dyn Clipboard>,
    last: Mutex<Option<Last>>,
}

struct Last {
    copied: Copied,
    until: Instant,
}

impl ClipboardGuard {
    pub(crate) fn new(clipboard: Box<dyn Clipboard>) -> Self {
        Self { clipboard, last: Mutex::new(None) }
    }

    /// Copies what anybody may know.
    pub(crate) fn plain(&self, text: &str) -> Result<(), ErrorBody> {
        self.clipboard.copy(text, false).map_err(to_error)?;
        *self.last() = None;
        Ok(())
    }

    /// Copies what shall leave the clipboard after `stay`.
    pub(crate) fn secret(&self, text: &str, stay: Duration) -> Result<(), ErrorBody> {
        let copied = self.clipboard.copy(text, true).map_err(to_error)?;
        *self.last() = Some(Last { copied, until: Instant::now() + stay });
        Ok(())
    }

    /// The text in the clipboard.
    pub(crate) fn read(&self) -> Result<Option<Zeroizing<String>>, ErrorBody> {
        self.clipboard.read().map_err(to_error)
    }

    /// Clears the last secret, if its time has come. True if the clipboard held it still.
    pub(crate) fn clear_when_due(&self) -> bool {
        let due = self.last().as_ref().is_some_and(|last| Instant::now() >= last.until);
        due && self.clear()
    }

    /// Clears the last secret now. True if the clipboard held it still.
    pub(crate) fn clear(&self) -> bool {
        let Some(last) = self.last().take() else { return false };
        // A clipboard that does not answer keeps what it has; there is no other way to it.
        self.clipboard.clear(&last.copied).unwrap_or(false)
    }

    fn last(&self) -> MutexGuard<'_, Option<Last>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn to_error(error: ClipboardError) -> ErrorBody {
    ErrorBody::new(Code::System, error.to_string(), error.hint())
}
