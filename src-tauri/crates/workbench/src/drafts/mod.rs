//! Drafts: the token that a person is writing, and the call it is for.
//!
//! The text of the claims set is the truth, kept as typed; everything else is read from it again at each keystroke.

use serde::{Deserialize, Serialize};

use crate::requests::CallTarget;

/// A token that is being written, and the call it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// The profile's name.
    pub profile: String,
    /// The environment's id.
    pub environment: String,
    /// Another key than the profile's, by its name.
    pub key: Option<String>,
    /// The claims set as typed, with `"$now"`, `"$now+5m"` and `"$uuid"`.
    pub claims: String,
    /// The header as typed; by the key and the recipe if none is.
    pub header: Option<String>,
    /// What is called; the provider's first choice if nothing is named.
    pub target: Option<CallTarget>,
    /// The body; the endpoint's sample if none is given.
    pub body: Option<String>,
    /// Seconds added to the clock when it is signed, against a server whose clock differs.
    pub shift: i64,
}
