//! Checks on the wire: does a credential still work?

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Target, Tier};

/// A credential in an environment, as something that can be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckRow {
    /// The credential's name.
    pub key: String,
    /// The profile and environment it is checked for.
    pub target: Target,
    /// Where, in words.
    pub label: String,
    /// `local`, `test` or `live`.
    pub tier: Tier,
    /// The one read-only request that is made: `GET /transactions`.
    pub request: Option<String>,
    /// Why nothing can be checked, a sentence; none if it can.
    pub why_not: Option<String>,
    /// What the last check said.
    pub last: Option<CheckResult>,
}

/// A credential to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckOf {
    /// The credential's name.
    pub key: String,
    /// The profile and environment it is checked for.
    pub target: Target,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckOutcome {
    /// What was checked.
    pub of: CheckOf,
    /// What came of it.
    pub result: CheckResult,
}

/// What a check said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    /// Whether the server accepted it.
    pub verdict: CheckVerdict,
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// The status of the answer; none where no answer came.
    pub status: Option<u16>,
    /// Why it was refused, or why nobody knows; without a capital letter or a full stop.
    pub why: Option<String>,
}

/// Whether a server accepted a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CheckVerdict {
    /// It did.
    Accepted,
    /// It did not.
    Refused,
    /// No answer tells.
    Unknown,
}
