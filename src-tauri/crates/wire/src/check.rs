//! Checks on the wire: does a credential still work?

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::checks;

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
    /// Why it was refused, or why nobody knows, a sentence.
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

impl From<checks::CheckVerdict> for CheckVerdict {
    fn from(verdict: checks::CheckVerdict) -> Self {
        match verdict {
            checks::CheckVerdict::Accepted => Self::Accepted,
            checks::CheckVerdict::Refused => Self::Refused,
            checks::CheckVerdict::Unknown => Self::Unknown,
        }
    }
}

impl From<&checks::Checked> for CheckOutcome {
    fn from(checked: &checks::Checked) -> Self {
        let checks::Checked { of, verdict, at, status, why } = checked;
        let of = CheckOf { key: of.credential.clone(), target: of.at.clone().into() };
        Self { of, result: CheckResult { verdict: (*verdict).into(), at: *at, status: *status, why: why.clone() } }
    }
}

impl From<&checks::Checkable> for CheckRow {
    fn from(row: &checks::Checkable) -> Self {
        // Of a check nothing is kept but when a server last accepted the key.
        let last =
            row.last_accepted.map(|at| CheckResult { verdict: CheckVerdict::Accepted, at, status: None, why: None });
        Self {
            key: row.of.credential.clone(),
            target: row.of.at.clone().into(),
            label: row.label.clone(),
            tier: row.tier.into(),
            request: row.request.clone(),
            why_not: row.why_not.clone(),
            last,
        }
    }
}

impl From<CheckOf> for workbench::records::CredentialAt {
    fn from(of: CheckOf) -> Self {
        Self { at: of.target.into(), credential: of.key }
    }
}
