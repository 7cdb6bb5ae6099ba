//! Errors of undo.

use super::Fault;

/// Changes that cannot be taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// What was to be taken back was changed since.
    #[error("{what} was changed since, so this is not taken back")]
    ChangedSince {
        /// What.
        what: String,
    },
    /// The undo is used up, or of a time before the vault was locked.
    #[error("this can no longer be taken back")]
    UndoGone,
}

impl UndoError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        Fault::Input
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::ChangedSince { .. } => Some("look at it as it is now, and change it by hand".to_owned()),
            Self::UndoGone => Some("the last 50 changes can be taken back, until the vault is locked".to_owned()),
        }
    }
}
