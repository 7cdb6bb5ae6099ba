//! Recipes on the wire.

use serde::Serialize;
use ts_rs::TS;
use workbench::{recipes, records, session::Session};

use crate::Draft;

/// A draft that has a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Recipe {
    /// Its name.
    pub name: String,
    /// The draft.
    pub draft: Draft,
    /// The provider that it was written for.
    pub provider: String,
    /// When it was saved, in seconds since 1970.
    #[ts(type = "number")]
    pub saved: i64,
    /// What it is for: "GET /transactions, transactions.read".
    pub words: String,
}

impl Recipe {
    /// A recipe of this vault.
    pub fn new(session: &Session, recipe: &records::Recipe) -> Self {
        Self {
            name: recipe.name.clone(),
            draft: Draft::from(&recipe.draft),
            provider: recipe.provider.clone(),
            saved: recipe.saved,
            words: recipes::words(session, recipe),
        }
    }
}
