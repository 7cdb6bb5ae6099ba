//! Requests and answers on the wire, credentials masked.

use exchange::PreparedRequest;
use serde::Serialize;
use ts_rs::TS;
use workbench::{drafts, requests::SentCall};

use crate::{Certainty, Passage};

/// A request as sent, its credential masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "HttpRequest")]
pub struct Request {
    /// The method.
    pub method: String,
    /// The address.
    pub url: String,
    /// The header fields in order.
    pub headers: Vec<Header>,
    /// The body as text, its secrets masked.
    pub body: String,
}

/// A header field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value, or the mask of it.
    pub value: String,
}

impl From<&PreparedRequest> for Request {
    fn from(request: &PreparedRequest) -> Self {
        let header = |h: &exchange::Header| Header { name: h.name.clone(), value: h.value.shown().to_owned() };
        Self {
            method: request.method.clone(),
            url: request.url.to_string(),
            headers: request.headers.iter().map(header).collect(),
            body: String::from_utf8_lossy(&request.body.shown()).into_owned(),
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "HttpAnswer")]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header fields.
    pub headers: Vec<Header>,
    /// The body as text; bytes that are not UTF-8 become U+FFFD.
    pub body: String,
    /// Whether the body was longer than what is kept.
    pub cut: bool,
}

/// One gate of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Gate {
    /// Which one.
    pub gate: &'static str,
    /// What people call it: `Key known`.
    pub title: &'static str,
    /// `passed`, `stopped` or `open`.
    pub passage: Passage,
    /// `proved`, `confirmed`, `likely`, `not-reached` or `does-not-apply`.
    pub certainty: Certainty,
    /// Why.
    pub reason: String,
}

/// A request as it would be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RequestPreview {
    /// The request, its credential masked.
    pub request: Request,
    /// The same for a shell, the token in a variable.
    pub curl: String,
}

impl From<&drafts::Preview> for RequestPreview {
    fn from(preview: &drafts::Preview) -> Self {
        Self { request: (&preview.request).into(), curl: preview.curl.clone() }
    }
}

/// How the server's clock stands to ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Skew {
    /// By how many seconds ours is ahead.
    #[ts(type = "number")]
    pub ahead: i64,
    /// In words.
    pub words: String,
}

/// A call that was made, and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Sent {
    /// The request.
    pub request: Request,
    /// The answer, if there is one.
    pub answer: Option<Answer>,
    /// Why there is none.
    pub no_answer: Option<String>,
    /// How long it took, in milliseconds.
    #[ts(type = "number")]
    pub elapsed_ms: u64,
    /// What it came to, in one word: `accepted`.
    pub kind: &'static str,
    /// Whether the answer is the one that was wanted.
    pub as_wanted: bool,
    /// What happened.
    pub sentence: String,
    /// What to do.
    pub next: Option<String>,
    /// The error code that the server gave.
    pub server_code: Option<String>,
    /// What the provider says it means.
    pub meaning: Option<String>,
    /// What the provider says to do.
    pub fix: Option<String>,
    /// The gate ladder.
    pub gates: Vec<Gate>,
    /// How the clocks stand.
    pub skew: Option<Skew>,
    /// Seconds that the server asks one to wait.
    #[ts(type = "number | null")]
    pub wait_seconds: Option<u64>,
    /// What else was noticed.
    pub notes: Vec<String>,
    /// When it was sent, in seconds since 1970.
    #[ts(type = "number")]
    pub at: i64,
}

impl Sent {
    /// A call that was made.
    pub fn new(request: &PreparedRequest, sent: &SentCall) -> Self {
        let SentCall { at, exchange, verdict } = sent;
        let answer = exchange.outcome.as_ref().ok().map(|answer| Answer {
            status: answer.status,
            headers: (answer.headers.iter())
                .map(|(name, value)| Header { name: name.clone(), value: value.clone() })
                .collect(),
            body: String::from_utf8_lossy(&answer.body).into_owned(),
            cut: answer.cut,
        });
        let gate = |rung: &exchange::Rung| Gate {
            gate: rung.gate.id(),
            title: rung.gate.name(),
            passage: rung.passage.into(),
            certainty: rung.certainty.into(),
            reason: rung.reason.clone(),
        };
        let said = verdict.api_error.as_ref();
        Self {
            request: request.into(),
            answer,
            no_answer: exchange.outcome.as_ref().err().map(ToString::to_string),
            elapsed_ms: u64::try_from(exchange.elapsed().as_millis()).unwrap_or(u64::MAX),
            kind: verdict.kind.id(),
            as_wanted: verdict.is_as_wanted(),
            sentence: verdict.sentence.clone(),
            next: verdict.next.clone(),
            server_code: said.and_then(|said| said.code.clone()),
            meaning: said.and_then(|said| said.meaning.clone()),
            fix: said.and_then(|said| said.fix.clone()),
            gates: verdict.gates.iter().map(gate).collect(),
            skew: verdict.skew.map(|skew| Skew { ahead: skew.ahead, words: skew.words() }),
            wait_seconds: verdict.wait.map(|wait| wait.as_secs()),
            notes: verdict.notes.clone(),
            at: *at,
        }
    }
}
