//! Timeline: every attempt between the person's wish and the answer that stands, a row each, in words.
//!
//! Plain data without a secret in it, fit to be kept and sent over a wire.

use jose::time::utc;
use provider::definition::{Flow, FlowKind};

use crate::{
    Exchange, PreparedRequest,
    answer::mask::{shown_body, shown_field, shown_text},
    next::{Step, in_words},
};

/// What was done, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Its rows.
    pub rows: Vec<Row>,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What kind of thing.
    pub kind: RowKind,
    /// When it began, in seconds since 1970.
    pub at: i64,
    /// How long it took, in milliseconds; none where that means nothing.
    pub took: Option<u64>,
    /// What happened, a sentence or two.
    pub words: String,
    /// What was sent, secrets masked.
    pub sent: Option<SentRow>,
    /// What came back, secrets masked.
    pub came: Option<CameRow>,
}

/// The kinds of row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A token was signed.
    Sign,
    /// The call was sent.
    Send,
    /// A flow was sent.
    Flow(FlowKind),
    /// It was decided to renew the token.
    Renew,
    /// It was decided to wait.
    Wait,
    /// A redirect is followed.
    Redirect,
    /// The person must log in.
    LogIn,
    /// Nothing more is done, although something could have been.
    GiveUp,
}

impl RowKind {
    /// The word for scripts.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Send => "send",
            Self::Flow(kind) => match kind {
                FlowKind::Register => "register",
                FlowKind::LogIn => "flow-log-in",
                FlowKind::Mint => "mint",
                FlowKind::Exchange => "exchange",
                FlowKind::Refresh => "refresh",
                FlowKind::Verify => "verify",
                FlowKind::LogOut => "log-out",
            },
            Self::Renew => "renew",
            Self::Wait => "wait",
            Self::Redirect => "redirect",
            Self::LogIn => "log-in",
            Self::GiveUp => "give-up",
        }
    }
}

/// A request as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentRow {
    /// The method.
    pub method: String,
    /// The address.
    pub url: String,
    /// The header fields in order.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

/// An answer as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameRow {
    /// The HTTP status code.
    pub status: u16,
    /// The header fields in order.
    pub headers: Vec<(String, String)>,
    /// The body as text, at most [`LONGEST_BODY`] characters of it.
    pub body: String,
    /// Whether the body was longer.
    pub cut: bool,
}

/// How many characters of a body a row keeps.
pub const LONGEST_BODY: usize = 16_384;

impl Timeline {
    /// A token was signed. `what` says which, as a sentence.
    pub fn signed(&mut self, at: i64, what: impl Into<String>) {
        self.rows.push(Row { kind: RowKind::Sign, at, took: None, words: what.into(), sent: None, came: None });
    }

    /// The call was sent, `at` seconds since 1970.
    pub fn sent(&mut self, at: i64, request: &PreparedRequest, exchange: &Exchange) {
        self.exchanged(RowKind::Send, None, at, request, exchange);
    }

    /// A flow was sent. `using` says with what, where that is a credential, as the label goes on: `as me`.
    pub fn flow(&mut self, at: i64, flow: &Flow, using: Option<&str>, request: &PreparedRequest, exchange: &Exchange) {
        self.exchanged(RowKind::Flow(flow.kind), Some((flow, using)), at, request, exchange);
    }

    /// Something was learnt from the last answer, a sentence: it is said in the same row.
    pub fn note(&mut self, words: &str) {
        if let Some(row) = self.rows.last_mut() {
            row.words.push(' ');
            row.words.push_str(words);
        }
    }

    /// A step was decided. An answer that stands gets no row.
    pub fn decided(&mut self, at: i64, step: &Step) {
        let (kind, took) = match step {
            Step::Done => return,
            Step::Wait(wait) => (RowKind::Wait, Some(wait.milliseconds)),
            Step::Renew(_) => (RowKind::Renew, None),
            Step::LogIn { .. } => (RowKind::LogIn, None),
            Step::Redirect(_) => (RowKind::Redirect, None),
            Step::GiveUp { .. } => (RowKind::GiveUp, None),
        };
        let words = step.why().unwrap_or_default().to_owned();
        self.rows.push(Row { kind, at, took, words, sent: None, came: None });
    }

    fn exchanged(
        &mut self,
        kind: RowKind,
        flow: Option<(&Flow, Option<&str>)>,
        at: i64,
        request: &PreparedRequest,
        exchange: &Exchange,
    ) {
        let took = u64::try_from(exchange.elapsed().as_millis()).unwrap_or(u64::MAX);
        let call = format!("{} {}", request.method, request.url.path());
        let call = match flow {
            Some((flow, Some(using))) => format!("{} {using}, {call}", flow.label),
            Some((flow, None)) => format!("{}, {call}", flow.label),
            None => call,
        };
        let words = match &exchange.outcome {
            Ok(answer) => format!("{call}: {} in {}.", answer.status, in_words(took)),
            Err(error) => format!("{call}: {error}."),
        };
        let came = exchange.outcome.as_ref().ok().map(|answer| {
            let body = shown_body(answer, flow.map(|(flow, _)| flow));
            let cut = answer.cut || body.chars().nth(LONGEST_BODY).is_some();
            CameRow {
                status: answer.status,
                headers: answer.headers.iter().map(|(n, v)| (n.clone(), shown_field(n, v))).collect(),
                body: body.chars().take(LONGEST_BODY).collect(),
                cut,
            }
        });
        let sent = SentRow {
            method: request.method.clone(),
            url: shown_text(request.url.as_str()),
            headers: request.headers.iter().map(|h| (h.name.clone(), h.value.shown().to_owned())).collect(),
            body: String::from_utf8_lossy(&request.body.shown()).chars().take(LONGEST_BODY).collect(),
        };
        self.rows.push(Row { kind, at, took: Some(took), words, sent: Some(sent), came });
    }
}

impl Row {
    /// The row in a line: when, what, and why.
    pub fn line(&self) -> String {
        format!("{}  {:<11} {}", utc(self.at), self.kind.id(), self.words)
    }
}
