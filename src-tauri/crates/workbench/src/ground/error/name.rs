//! Errors of names.

use super::Fault;
use crate::ground::thing::Thing;

/// Names: nothing has this one, something has it already, or it cannot be one.
#[derive(Debug, thiserror::Error)]
pub enum NameError {
    /// There is no such thing.
    #[error("there is no {what} named {name:?}{}", did_you_mean(.nearest))]
    NotFound {
        /// What kind of thing.
        what: Thing,
        /// The name that was given.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
        /// The names there are.
        known: Vec<String>,
    },
    /// The name is taken.
    #[error("there is already a {what} named {name:?}")]
    NameTaken {
        /// What kind of thing.
        what: Thing,
        /// The name.
        name: String,
    },
    /// The name cannot be one.
    #[error("the {what} name {found:?} {why}")]
    BadName {
        /// What kind of thing.
        what: Thing,
        /// The name.
        found: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl NameError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::NotFound { what: Thing::Key, .. } => Fault::NoKey,
            _ => Fault::Input,
        }
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::NotFound { known, what, .. } if known.is_empty() => Some(format!("there is no {what} yet")),
            Self::NotFound { known, .. } => Some(format!("there is {}", known.join(", "))),
            Self::NameTaken { .. } => Some("choose another name".to_owned()),
            Self::BadName { .. } => None,
        }
    }
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!("; did you mean {name:?}?")).unwrap_or_default()
}
