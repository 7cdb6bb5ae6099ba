//! The draft of a token and of the call it is for, as it is sealed.

use serde::{Deserialize, Serialize};

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
    /// With what the call authenticates, where the provider leaves a choice.
    #[serde(default)]
    pub with: CallWith,
    /// The scopes that a server is asked for, where it makes the token; the provider's usual ones if none are chosen.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// The lifetime that a server is asked for, in seconds.
    #[serde(default)]
    pub ttl: Option<u64>,
}

/// With what a call authenticates, where the provider leaves a choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallWith {
    /// What the provider names first.
    #[default]
    Usual,
    /// A token: signed here, or given by the server before.
    Token,
    /// The opaque key itself.
    Key,
}

/// What is to be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CallTarget {
    /// An endpoint of the definition by its id.
    Endpoint(String),
    /// A method and a path.
    Path {
        /// The method.
        method: String,
        /// The path, from the base address on.
        path: String,
    },
}
