//! Diff of two definitions, in words, and whether a live credential would follow it.
//!
//! A credential is sealed for an environment and its hosts. A definition that sends it elsewhere, signs another way or asks
//! for more is another agreement, to which a person says yes or no; a better sentence in a note is not.

mod touch;
mod tree;
mod words;

pub use touch::Touch;

use crate::{definition::Definition, error::DefinitionError};
use tree::{Difference, Part};

/// One change from a definition to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where: `environments[live].base-url`, with what people call the item of a list in brackets.
    pub path: String,
    /// What happened there.
    pub edit: Edit,
    /// What a live credential follows there, if it does.
    pub touches: Option<Touch>,
}

/// What happened to a part of a definition. Values are as they stand in a file, in one line, shortened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// It is new.
    Added(String),
    /// It is gone.
    Removed(String),
    /// It has another value.
    Changed {
        /// The value it had.
        from: String,
        /// The value it has.
        to: String,
    },
    /// A list of words has others.
    Members {
        /// Those that are new.
        added: Vec<String>,
        /// Those that are gone.
        removed: Vec<String>,
    },
    /// The same things stand in another order.
    Moved,
}

/// Why two files cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiffError {
    /// The old one is not a definition.
    #[error("the old definition: {0}")]
    Old(#[source] DefinitionError),
    /// The new one is not a definition.
    #[error("the new definition: {0}")]
    New(#[source] DefinitionError),
}

impl DiffError {
    /// What to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Old(error) | Self::New(error) => error.hint(),
        }
    }
}

/// What changed from one definition file to another, in the order of paths. Comments, the order of keys and the way in
/// which a value is written do not count, nor does a part that says at length what was meant before.
pub fn diff(old: &str, new: &str) -> Result<Vec<Change>, DiffError> {
    let before = Definition::parse(old).map_err(DiffError::Old)?;
    let after = Definition::parse(new).map_err(DiffError::New)?;
    let same = unchanged(&before, &after);
    let changes = tree::differences(&tree::read(old), &tree::read(new))
        .into_iter()
        .filter(|Difference { path, .. }| !matches!(path.first(), Some(Part::Key(key)) if same.contains(&key.as_str())))
        .map(|Difference { path, edit }| Change { touches: touch::of(&path), path: tree::path(&path), edit });
    Ok(changes.collect())
}

/// The parts of a file that mean the same in both, however they are written.
fn unchanged(old: &Definition, new: &Definition) -> Vec<&'static str> {
    let parts = [
        ("variables", old.variables == new.variables),
        ("environments", old.environments == new.environments),
        ("credentials", old.credentials == new.credentials),
        ("token", old.token == new.token),
        ("scopes", old.scopes == new.scopes),
        ("placement", old.placement == new.placement),
        ("client-side", old.client_side == new.client_side),
        ("headers", old.headers == new.headers),
        ("flows", old.flows == new.flows),
        ("on-unauthorized", old.on_unauthorized == new.on_unauthorized),
        ("endpoints", old.endpoints == new.endpoints),
        ("errors", old.errors == new.errors),
        ("rate-limits", old.rate_limits == new.rate_limits),
        ("webhook", old.webhook == new.webhook),
        ("rotation", old.rotation == new.rotation),
    ];
    parts.into_iter().filter(|(_, same)| *same).map(|(name, _)| name).collect()
}

impl Change {
    /// Whether a live credential may not follow before a person agreed.
    pub fn needs_consent(&self) -> bool {
        self.touches.is_some()
    }
}
