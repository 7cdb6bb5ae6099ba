//! Webhooks on the wire: what a check found, what was signed, and what came to the receiver.

use jose::{
    unseen::{is_unseen, mark},
    webhook::{BodyFacts, Check, Computed, SignedSample},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::{deliveries::Received, webhooks};

use crate::{Finding, Header, Target, Verdict, WebhookStage, WebhookState};

/// What was found out about a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookCheck {
    /// `good`, `bad` or `unknown`.
    pub verdict: Verdict,
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
    /// The bytes that the signature covers, where they could be put together.
    pub signed: Option<SignedBytes>,
    /// The signatures beside what the secrets make of those bytes, where the two differ.
    pub comparison: Option<SignatureComparison>,
    /// Whether the sender signed the body as JSON.stringify writes it anew.
    pub reserialised: bool,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Bytes that a signature covers: their beginning and their end, so that a long body stays short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignedBytes {
    /// How many there are.
    pub length: usize,
    /// The beginning.
    pub head: Vec<BytesRow>,
    /// How many bytes are not shown.
    pub left_out: usize,
    /// The end, where something is left out.
    pub tail: Vec<BytesRow>,
    /// The same as text, with names for what is not seen: CR, LF, tab, a byte order mark.
    pub text: String,
    /// The text of the end.
    pub text_tail: String,
}

/// A row of a hex dump.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BytesRow {
    /// Where its first byte stands, from 0, as six hexadecimal digits or more.
    pub offset: String,
    /// Up to sixteen bytes, in two groups.
    pub hex: String,
    /// The same in ASCII, a full stop for what that has no letter for.
    pub text: String,
}

/// Signatures that differ from what they should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignatureComparison {
    /// Those of the delivery, in its encoding.
    pub given: Vec<String>,
    /// What each secret makes of the bytes.
    pub computed: Vec<ComputedSignature>,
}

/// What a secret makes of the bytes of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComputedSignature {
    /// The name of the secret.
    pub secret: String,
    /// The signature; none for the secret of a live environment, since it would make the delivery good.
    pub signature: Option<String>,
}

/// Bytes that are shown of the beginning, and of the end behind it.
const HEAD: usize = 1_536;
const TAIL: usize = 512;

/// Bytes in a row.
const ROW: usize = 16;

impl SignedBytes {
    /// Looks at bytes.
    pub fn new(bytes: &[u8]) -> Self {
        let (head, tail) = match bytes.len() > HEAD + TAIL {
            // The end begins a row, so that its offsets are round too.
            true => (&bytes[..HEAD], (bytes.len() - TAIL).div_ceil(ROW) * ROW),
            false => (bytes, bytes.len()),
        };
        Self {
            length: bytes.len(),
            head: rows(head, 0),
            left_out: tail - head.len(),
            tail: rows(&bytes[tail..], tail),
            text: visible(if tail < bytes.len() { whole_at_end(head) } else { head }),
            text_tail: visible(if tail < bytes.len() { whole_at_start(&bytes[tail..]) } else { &[] }),
        }
    }
}

/// Without a character that the cut went through.
fn whole_at_end(bytes: &[u8]) -> &[u8] {
    let is_start = |byte: &u8| *byte & 0xc0 != 0x80;
    match bytes.iter().rposition(is_start) {
        Some(last) if std::str::from_utf8(&bytes[last..]).is_err() => &bytes[..last],
        _ => bytes,
    }
}

/// Without the rest of a character that the cut went through.
fn whole_at_start(bytes: &[u8]) -> &[u8] {
    let rest = bytes.iter().take(3).take_while(|byte| **byte & 0xc0 == 0x80).count();
    &bytes[rest..]
}

fn rows(bytes: &[u8], from: usize) -> Vec<BytesRow> {
    let row = |(at, bytes): (usize, &[u8])| {
        let group = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
        let (first, second) = bytes.split_at(bytes.len().min(ROW / 2));
        let sign = |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' };
        BytesRow {
            offset: format!("{:06x}", from + at * ROW),
            hex: format!("{}  {}", group(first), group(second)).trim_end().to_owned(),
            text: bytes.iter().map(sign).collect(),
        }
    };
    bytes.chunks(ROW).enumerate().map(row).collect()
}

/// A text in which what is not seen has a name.
fn visible(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 16);
    for c in String::from_utf8_lossy(bytes).chars() {
        match c {
            '\n' => out.push_str("‹LF›\n"),
            '\u{feff}' => out.push_str("‹BOM›"),
            c if is_unseen(c) => out.push_str(&mark(c)),
            c => out.push(c),
        }
    }
    out
}

/// Code that checks deliveries in a handler.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandlerCode {
    /// The language, as people call it.
    pub language: &'static str,
    /// The environment variable that holds the secret.
    pub variable: String,
    /// The text. No secret is in it.
    pub text: String,
}

impl From<webhooks::HandlerCode> for HandlerCode {
    fn from(code: webhooks::HandlerCode) -> Self {
        Self { language: code.language, variable: code.variable, text: code.text }
    }
}

/// One step of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookStep {
    /// `present`, `form`, `timestamp`, `input`, `secret` or `compare`.
    pub stage: WebhookStage,
    /// `good`, `bad`, `unknown` or `not reached`.
    pub state: WebhookState,
    /// That in words.
    pub words: String,
}

impl WebhookCheck {
    /// A check with the names of the secrets that were tried, in their order.
    pub fn new(check: &Check, names: &[&str]) -> Self {
        let steps = check.steps.iter().map(|step| WebhookStep {
            stage: step.stage.into(),
            state: step.state.into(),
            words: step.words.clone(),
        });
        let computed = |computed: &Computed| ComputedSignature {
            secret: names.get(computed.secret).copied().unwrap_or_default().to_owned(),
            signature: computed.text.clone(),
        };
        let mut secrets: Vec<usize> = check.matches.iter().map(|found| found.secret).collect();
        secrets.sort_unstable();
        secrets.dedup();
        Self {
            verdict: check.verdict.into(),
            steps: steps.collect(),
            secrets: secrets.into_iter().filter_map(|at| Some((*names.get(at)?).to_owned())).collect(),
            body: check.body.words(),
            signed_at: check.signed_at,
            id: check.id.clone(),
            signed: check.input.as_deref().map(SignedBytes::new),
            comparison: check.comparison.as_ref().map(|comparison| SignatureComparison {
                given: comparison.given.clone(),
                computed: comparison.computed.iter().map(computed).collect(),
            }),
            reserialised: check.reserialised,
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
    pub verdict: Verdict,
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
            verdict: received.verdict().into(),
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
        place: Target,
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
