//! Client-side rules: credentials that may stand in browsers and apps of somebody else.

use serde::Deserialize;

/// What may leave the server, and what must not. Ids of credentials, or [`TOKEN`](super::TOKEN).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClientSide {
    /// What may.
    #[serde(default)]
    pub safe: Vec<String>,
    /// A token may only with no other scopes than these; empty means with any.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// What must not. Private keys, secrets and passwords need no entry.
    #[serde(default)]
    pub never: Vec<String>,
    /// The provider's advice, a sentence.
    pub advice: Option<String>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}
