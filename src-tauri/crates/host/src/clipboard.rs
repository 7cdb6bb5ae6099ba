//! The system's clipboard: read, written with a hint that a value is secret, and cleared if it still holds what was put
//! there.

use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A clipboard that holds text.
pub trait Clipboard: Send + Sync {
    /// The text in it; none where it is empty or holds something else.
    fn read(&self) -> Result<Option<Zeroizing<String>>, ClipboardError>;

    /// Puts `text` there. With `secret`, clipboard histories are asked to leave it out.
    fn copy(&self, text: &str, secret: bool) -> Result<Copied, ClipboardError>;

    /// Empties it if it still holds what was copied; true if it did.
    fn clear(&self, copied: &Copied) -> Result<bool, ClipboardError>;
}

/// What was copied, as a hash: enough to know it again, and nothing to steal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied([u8; 32]);

impl Copied {
    /// The mark of a text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }
}

/// The clipboard did not do it. What the system said may hold what was copied, so it is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClipboardError {
    /// There is none: no display, or one without a clipboard.
    #[error("there is no clipboard here")]
    None,
    /// Another program holds it.
    #[error("the clipboard is in use by another program")]
    Busy,
    /// Anything else.
    #[error("the clipboard does not answer")]
    Failed,
}

impl ClipboardError {
    /// What to try next.
    pub fn hint(&self) -> Option<&'static str> {
        matches!(self, Self::Busy).then_some("try again")
    }
}

impl From<arboard::Error> for ClipboardError {
    fn from(error: arboard::Error) -> Self {
        match error {
            arboard::Error::ClipboardNotSupported => Self::None,
            arboard::Error::ClipboardOccupied => Self::Busy,
            _ => Self::Failed,
        }
    }
}

/// The clipboard of the desktop. Opened at the first use, since on Linux that is a connection to the display.
#[derive(Default)]
pub struct SystemClipboard(Mutex<Option<arboard::Clipboard>>);

impl SystemClipboard {
    fn with<T>(
        &self,
        act: impl FnOnce(&mut arboard::Clipboard) -> Result<T, arboard::Error>,
    ) -> Result<T, ClipboardError> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let clipboard = match &mut *slot {
            Some(clipboard) => clipboard,
            empty => empty.insert(arboard::Clipboard::new()?),
        };
        Ok(act(clipboard)?)
    }
}

impl Clipboard for SystemClipboard {
    fn read(&self) -> Result<Option<Zeroizing<String>>, ClipboardError> {
        self.with(|clipboard| match clipboard.get_text() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(arboard::Error::ContentNotAvailable | arboard::Error::ConversionFailure) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn copy(&self, text: &str, secret: bool) -> Result<Copied, ClipboardError> {
        self.with(|clipboard| {
            let set = clipboard.set();
            if secret { discreet(set).text(text) } else { set.text(text) }
        })?;
        Ok(Copied::of(text))
    }

    fn clear(&self, copied: &Copied) -> Result<bool, ClipboardError> {
        let ours = self.read()?.is_some_and(|text| Copied::of(&text) == *copied);
        if ours {
            self.with(|clipboard| clipboard.clear())?;
        }
        Ok(ours)
    }
}

#[cfg(target_os = "linux")]
fn discreet(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtLinux::exclude_from_history(set)
}

#[cfg(target_os = "macos")]
fn discreet(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtApple::exclude_from_history(set)
}

#[cfg(windows)]
fn discreet(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtWindows;
    set.exclude_from_history().exclude_from_cloud().exclude_from_monitoring()
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn discreet(set: arboard::Set<'_>) -> arboard::Set<'_> {
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_knows_its_text_again_and_does_not_hold_it() {
        let mark = Copied::of("eyJ.e30.c2ln");
        assert_eq!(mark, Copied::of("eyJ.e30.c2ln"));
        assert_ne!(mark, Copied::of("eyJ.e30.c2lm"));
        assert!(!format!("{mark:?}").contains("eyJ"));
    }

    #[test]
    fn what_the_system_says_is_left_out() {
        let said = arboard::Error::Unknown { description: "could not store s3cret".to_owned() };
        assert_eq!(ClipboardError::from(said).to_string(), "the clipboard does not answer");
    }
}
