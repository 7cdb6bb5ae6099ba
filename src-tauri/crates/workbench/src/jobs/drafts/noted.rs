//! Findings of a draft with the edits that undo them.

use jose::{
    Finding,
    expression::Resolved,
    json::{Document, Span},
};

use super::text::TextEdit;

/// Something that was noticed in a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// What it is.
    pub finding: Finding,
    /// Where it stands in the claims text as typed; nothing where it speaks of the header or the key.
    pub span: Span,
    /// What undoes it, the likeliest first.
    pub fixes: Vec<Fix>,
}

/// A change of the claims text with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does: `Rename to "scopes"`.
    pub title: String,
    /// The changes, all of them at once.
    pub edits: Vec<TextEdit>,
}

/// A claims text that is JSON, and what it becomes.
pub(crate) struct Typed<'t> {
    pub(crate) document: Document<'t>,
    pub(crate) resolved: Resolved,
}
