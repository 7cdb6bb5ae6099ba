//! Webhooks on the wire: what a check found, what was signed, and what came to the receiver.

use jose::webhook::{Check, SignedSample};
use serde::Serialize;
use ts_rs::TS;
use workbench::deliveries::Received;

use crate::{Finding, Header};

/// What was found out about a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookCheck {
    /// `good`, `bad` or `unknown`.
    pub verdict: &'static str,
    /// What was looked at, in order.
    pub steps: Vec<WebhookStep>,
    /// The names of the secrets that made a signature of it.
    pub secrets: Vec<String>,
    /// What the body's bytes are, in words.
    pub body: String,
    /// When it was signed, in seconds since 1970.
    pub signed_at: Option<i64>,
    /// The name of the delivery, the same for each attempt.
    pub id: Option<String>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// One step of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookStep {
    /// `present`, `form`, `timestamp`, `input`, `secret` or `compare`.
    pub stage: &'static str,
    /// `good`, `bad`, `unknown` or `not reached`.
    pub state: &'static str,
    /// That in words.
    pub words: String,
}

impl WebhookCheck {
    /// A check with the names of the secrets that were tried, in their order.
    pub fn new(check: &Check, names: &[&str]) -> Self {
        let steps = check.steps.iter().map(|step| WebhookStep {
            stage: step.stage.name(),
            state: step.state.name(),
            words: step.words.clone(),
        });
        let mut secrets: Vec<usize> = check.matches.iter().map(|found| found.secret).collect();
        secrets.sort_unstable();
        secrets.dedup();
        Self {
            verdict: check.verdict.name(),
            steps: steps.collect(),
            secrets: secrets.into_iter().filter_map(|at| Some((*names.get(at)?).to_owned())).collect(),
            body: check.body.words(),
            signed_at: check.signed_at,
            id: check.id.clone(),
            findings: check.findings.iter().map(Finding::from).collect(),
        }
    }
}

/// A delivery that came to the receiver on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookDelivery {
    /// Counts from 1 since the receiver was started.
    pub number: u64,
    /// When it came, in seconds since 1970.
    pub at: i64,
    /// Path and query.
    pub path: String,
    /// How many bytes its body has.
    pub length: usize,
    /// `good`, `bad` or `unknown`.
    pub verdict: &'static str,
    /// Why it is not good, in words.
    pub reason: Option<String>,
    /// The status that it was answered with.
    pub answered: u16,
    /// The number of an earlier delivery with the same id.
    pub repeats: Option<u64>,
    /// What was found out; nothing where the body was cut.
    pub check: Option<WebhookCheck>,
}

impl From<&Received> for WebhookDelivery {
    fn from(received: &Received) -> Self {
        let names: Vec<&str> = received.secrets.iter().map(String::as_str).collect();
        Self {
            number: received.number,
            at: received.at,
            path: received.arrived.target.clone(),
            length: received.arrived.length,
            verdict: received.verdict().name(),
            reason: received.reason(),
            answered: received.answered,
            repeats: received.repeats,
            check: received.check.as_ref().map(|check| WebhookCheck::new(check, &names)),
        }
    }
}

/// A receiver that listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReceiverStarted {
    /// Its address.
    pub listening: String,
}

/// A delivery that was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookSample {
    /// The header fields to add.
    pub headers: Vec<Header>,
    /// The body, with the signature in it where the provider puts it there. Bytes that are not UTF-8 are replaced.
    pub body: String,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

impl From<&SignedSample> for WebhookSample {
    fn from(sample: &SignedSample) -> Self {
        let field = |(name, value): &(String, String)| Header { name: name.clone(), value: value.clone() };
        Self {
            headers: sample.headers.iter().map(field).collect(),
            body: String::from_utf8_lossy(&sample.body).into_owned(),
            findings: sample.findings.iter().map(Finding::from).collect(),
        }
    }
}
