//! Webhooks on the wire: what a check found, what was signed, and what came to the receiver.

use jose::webhook::{BodyFacts, Check, SignedSample};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::deliveries::Received;

use crate::{Finding, Header, Place};

/// What was found out about a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookCheck {
    /// `good`, `bad` or `unknown`.
    #[ts(type = "Verdict")]
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
    #[ts(type = "\"present\" | \"form\" | \"timestamp\" | \"input\" | \"secret\" | \"compare\"")]
    pub stage: &'static str,
    /// `good`, `bad`, `unknown` or `not reached`.
    #[ts(type = "Verdict | \"not reached\"")]
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
    #[ts(type = "Verdict")]
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

/// Whose deliveries are judged or signed, and with what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "with", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum WebhookWhose {
    /// The secrets that are sealed for a place.
    Sealed {
        /// The place.
        place: Place,
    },
    /// A secret that was handed over before.
    Held {
        /// The provider's id.
        provider: String,
        /// Its number.
        held: u64,
    },
}

/// Where the bytes of a body are. What is not typed stays in Rust.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "from", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum WebhookBody {
    /// Here.
    Typed {
        /// The body.
        text: String,
    },
    /// In a file that was chosen.
    File {
        /// Its number.
        file: u64,
    },
    /// In a delivery that came.
    Delivery {
        /// Its number.
        number: u64,
    },
}

/// A secret that Rust holds until the vault is locked, or it is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldSecret {
    /// Its number.
    pub held: u64,
    /// How long it is, in words.
    pub words: String,
}

/// A body whose bytes Rust holds: of a file, or of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldBody {
    /// The number of the file or of the delivery.
    pub number: u64,
    /// The name of the file; none for a delivery.
    pub name: Option<String>,
    /// What its bytes are, in words.
    pub words: String,
    /// The beginning as text; what is not UTF-8 is replaced.
    pub text: String,
    /// Whether there is more than that.
    pub more: bool,
    /// The header fields that came with it, one in each line; none for a file.
    pub headers: Option<String>,
}

/// Characters of a body that are shown.
const SHOWN: usize = 8_000;

impl HeldBody {
    /// The body of a file, or of a delivery with its header fields.
    pub fn new(number: u64, name: Option<String>, bytes: &[u8], headers: Option<&[(String, String)]>) -> Self {
        let words = BodyFacts::of(bytes).words();
        // A character has at most four bytes.
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * SHOWN)]);
        let text: String = text.chars().take(SHOWN).collect();
        let headers = headers.map(|all| all.iter().map(|(name, value)| format!("{name}: {value}\n")).collect());
        Self { number, name, words, more: bytes.len() > text.len(), text, headers }
    }
}

/// The receiver on this computer: where it listens, if it does, and what came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookReceiver {
    /// Its address; none while nothing listens.
    pub address: Option<String>,
    /// What came since it was started last, the oldest first.
    pub deliveries: Vec<WebhookDelivery>,
}
