//! The provider's side as values: calls that are described and never made, and the keys that it shows.

use serde::{Deserialize, Serialize};

use crate::{
    key::{KeyId, RotationId},
    method::Grants,
    step::Step,
    time::{At, Span},
};

/// A call that changes something at the provider, in the terms of its [`Method`](crate::method::Method).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "do", deny_unknown_fields)]
pub enum Remote {
    /// Registers our key, or lets the provider make one.
    Create {
        /// How it is found again, and what a person sees in the provider's list.
        label: String,
        /// The thumbprint of our key; none for a secret, and for a key that is made there.
        thumbprint: Option<String>,
        /// Whether it works at once.
        active: bool,
        /// What it may do: as much as the old one.
        grants: Grants,
    },
    /// Makes a key usable.
    Activate {
        /// Its id there.
        pair: String,
    },
    /// Disables a key.
    Deactivate {
        /// Its id there.
        pair: String,
    },
    /// Deletes a key.
    Delete {
        /// Its id there.
        pair: String,
    },
}

/// The record that is sealed before a call is made: whoever finds it after a crash knows that the call may have happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Intent {
    /// The rotation.
    pub rotation: RotationId,
    /// The step.
    pub step: Step,
    /// The call.
    pub remote: Remote,
    /// The key that signs it: the active one. None in an incident that left none; then another credential must, or a hand.
    pub signed_by: Option<KeyId>,
    /// When it was sealed.
    pub at: At,
    /// Which try this is: 1, 2, 3.
    pub tries: u32,
}

/// How a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It was accepted. What it changed is read back before that counts.
    Accepted,
    /// The provider has this already.
    Duplicate,
    /// It was refused: 400, 401, 403, 404, 422.
    Refused {
        /// The status.
        status: u16,
    },
    /// It was refused for now (429).
    Busy {
        /// What `Retry-After` says.
        retry_after: Option<Span>,
    },
    /// A time-out, a broken connection, a 500: nobody knows whether it happened.
    NotKnown,
}

/// A key as the provider shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pair {
    /// Its id there.
    pub id: String,
    /// Its thumbprint, where the provider shows one.
    pub thumbprint: Option<String>,
    /// Its label.
    pub label: Option<String>,
    /// Whether it works; true where the provider has no such switch.
    pub active: bool,
    /// When it was last used.
    pub last_used: LastUse,
    /// What it may do.
    pub grants: Grants,
}

/// When a key was last used, as the provider tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LastUse {
    /// Then.
    At(At),
    /// Never.
    Never,
    /// It does not tell.
    NotTold,
}

/// Every key that a provider shows: all pages of its list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    pairs: Vec<Pair>,
}

impl Shown {
    /// The keys. A key that moved from one page to another meanwhile is in it once.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }
}

/// The pages of a list on their way. Only its end gives [`Shown`], so that nothing is concluded from a part.
#[derive(Debug, Clone, Default)]
pub struct Pages {
    shown: Shown,
    cursors: Vec<String>,
}

/// A page that came before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "page {page} of the list has the cursor {cursor:?}, which an earlier page had; wanted another, or none on the last page"
)]
pub struct PageRepeats {
    /// The number of the page.
    pub page: usize,
    /// Its cursor.
    pub cursor: String,
}

impl PageRepeats {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        "look again; if it stays so, take the step by hand"
    }
}

/// What follows a page.
#[derive(Debug, Clone)]
pub enum Page {
    /// Ask for the page of this cursor.
    More(Pages, String),
    /// That was the last.
    Last(Shown),
}

impl Pages {
    /// Takes a page, with the cursor of the next.
    pub fn add(mut self, pairs: impl IntoIterator<Item = Pair>, cursor: Option<String>) -> Result<Page, PageRepeats> {
        for pair in pairs {
            match self.shown.pairs.iter_mut().find(|known| known.id == pair.id) {
                Some(known) => *known = pair,
                None => self.shown.pairs.push(pair),
            }
        }
        match cursor {
            None => Ok(Page::Last(self.shown)),
            Some(cursor) if self.cursors.contains(&cursor) => Err(PageRepeats { page: self.cursors.len() + 1, cursor }),
            Some(cursor) => {
                self.cursors.push(cursor.clone());
                Ok(Page::More(self, cursor))
            }
        }
    }
}
