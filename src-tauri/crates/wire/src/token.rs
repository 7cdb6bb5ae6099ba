//! Tokens on the wire.

use jose::{header::AlgParam, inspect, time};
use serde::Serialize;
use ts_rs::TS;
use workbench::tokens::Signed;

use crate::{Part, Severity, Verdict};

/// One thing that was noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The stable code: `expired`.
    pub code: &'static str,
    /// `error`, `warning` or `info`.
    pub severity: Severity,
    /// What it speaks of: `time`.
    pub group: &'static str,
    /// What was found and what was wanted.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hint: Option<String>,
    /// Where that is laid down.
    pub source: &'static str,
    /// The part that it points into: `token`, `header` or `payload`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub part: Option<Part>,
    /// The bytes that it points at, `[start, end)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub span: Option<[usize; 2]>,
}

impl From<&jose::Finding> for Finding {
    fn from(finding: &jose::Finding) -> Self {
        let row = finding.code.row();
        Self {
            code: row.name,
            severity: row.severity.into(),
            group: row.group.name(),
            message: finding.message.clone(),
            hint: finding.hint.clone(),
            source: row.source,
            part: finding.place.map(|place| place.part.into()),
            span: finding.place.map(|place| [place.span.start, place.span.end]),
        }
    }
}

/// The three verdicts on a token: `good`, `bad` or `unknown` each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdicts {
    /// Whether it is well written.
    pub structure: Verdict,
    /// Whether the signature is good.
    pub signature: Verdict,
    /// Whether time, issuer, audience and the provider's rules are kept.
    pub policy: Verdict,
}

/// The times of a token, in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    /// `iat`.
    #[ts(type = "number | null")]
    pub issued: Option<i64>,
    /// `nbf`.
    #[ts(type = "number | null")]
    pub not_before: Option<i64>,
    /// `exp`.
    #[ts(type = "number | null")]
    pub expires: Option<i64>,
}

impl From<time::Times> for Times {
    fn from(times: time::Times) -> Self {
        Self { issued: times.issued, not_before: times.not_before, expires: times.expires }
    }
}

/// What there is to say about a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    /// The token as it stood in the input.
    pub token: String,
    /// The header's text.
    pub header: Option<String>,
    /// The payload's text.
    pub payload: Option<String>,
    /// What the signature is over: header and payload in base64url, with a dot between.
    pub signing_input: Option<String>,
    /// The algorithm as the header names it.
    pub alg: Option<String>,
    /// The key's name in the header.
    pub kid: Option<String>,
    /// The times.
    pub times: Times,
    /// The three verdicts.
    pub verdicts: Verdicts,
    /// The name of the known key that made it, or that it names.
    pub key: Option<String>,
    /// Everything that was noticed.
    pub findings: Vec<Finding>,
}

impl Inspection {
    /// The inspection with the name of the key that it found.
    pub fn new(inspection: &inspect::Inspection, key: Option<&str>) -> Self {
        let alg = inspection.alg.as_ref().and_then(|alg| match alg {
            AlgParam::Known(alg) => Some(alg.name().to_owned()),
            AlgParam::None => Some("none".to_owned()),
            AlgParam::Unknown(name) => Some(name.clone()),
            AlgParam::Missing => None,
        });
        Self {
            token: inspection.token.clone(),
            header: inspection.header.clone(),
            payload: inspection.payload.clone(),
            signing_input: signing_input(&inspection.token),
            alg,
            kid: inspection.kid.clone(),
            times: inspection.times.into(),
            verdicts: Verdicts {
                structure: inspection.structure.into(),
                signature: inspection.signature.into(),
                policy: inspection.policy.into(),
            },
            key: key.map(str::to_owned),
            findings: inspection.findings.iter().map(Finding::from).collect(),
        }
    }
}

/// A signed token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedToken {
    /// The token.
    pub token: String,
    /// The header as signed.
    pub header: String,
    /// The claims set as signed.
    pub claims: String,
    /// What was signed: header and claims in base64url, with a dot between.
    pub signing_input: String,
    /// The algorithm.
    pub alg: &'static str,
    /// The key's name.
    pub key: String,
    /// The key's kid.
    pub kid: Option<String>,
    /// The scopes in it.
    pub scopes: Vec<String>,
    /// What was noticed; nothing of severity error, unless the claims were typed as they are.
    pub findings: Vec<Finding>,
}

impl From<&Signed> for SignedToken {
    fn from(signed: &Signed) -> Self {
        Self {
            token: signed.token.as_str().to_owned(),
            header: signed.header.clone(),
            claims: signed.claims.clone(),
            signing_input: signing_input(signed.token.as_str()).unwrap_or_default(),
            alg: signed.alg.name(),
            key: signed.key.clone(),
            kid: signed.kid.clone(),
            scopes: signed.scopes.clone(),
            findings: signed.findings.iter().map(Finding::from).collect(),
        }
    }
}

/// Everything before the last dot of a token of three parts.
fn signing_input(token: &str) -> Option<String> {
    let (input, _) = token.rsplit_once('.')?;
    (input.matches('.').count() == 1).then(|| input.to_owned())
}

/// A token that is good to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadyToken {
    /// The token.
    pub token: String,
    /// When it ends, in seconds since 1970, if that is known.
    pub expires: Option<i64>,
}
