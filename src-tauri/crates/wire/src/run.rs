//! Outcomes of calls and flows that were followed to their end, and the tokens that came of them.

use exchange::{CameRow, Row, SentRow};
use provider::{Definition, definition::Flow};
use serde::Serialize;
use ts_rs::TS;
use workbench::{calls, records};

use crate::{Answer, FlowKind, Header, Request, Sent};

/// One thing that was done on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TimelineRow {
    /// What kind of thing: `sign`, `send`, `mint`, `refresh`, `wait`.
    pub kind: &'static str,
    /// When it began, in seconds since 1970.
    #[ts(type = "number")]
    pub at: i64,
    /// How long it took, in milliseconds.
    #[ts(type = "number | null")]
    pub took_ms: Option<u64>,
    /// What happened, a sentence or two.
    pub words: String,
    /// What was sent, its secrets masked.
    pub sent: Option<Request>,
    /// What came back, its secrets masked.
    pub came: Option<Answer>,
}

impl From<&Row> for TimelineRow {
    fn from(row: &Row) -> Self {
        let header = |(name, value): &(String, String)| Header { name: name.clone(), value: value.clone() };
        let sent = |SentRow { method, url, headers, body }: &SentRow| Request {
            method: method.clone(),
            url: url.clone(),
            headers: headers.iter().map(header).collect(),
            body: body.clone(),
        };
        let came = |CameRow { status, headers, body, cut }: &CameRow| Answer {
            status: *status,
            headers: headers.iter().map(header).collect(),
            body: body.clone(),
            cut: *cut,
        };
        Self {
            kind: row.kind.id(),
            at: row.at,
            took_ms: row.took,
            words: row.words.clone(),
            sent: row.sent.as_ref().map(sent),
            came: row.came.as_ref().map(came),
        }
    }
}

/// What is known of the tokens that a server gave for a place. Never the tokens themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IssuedTokens {
    /// The profile's name.
    pub profile: String,
    /// The environment's id.
    pub environment: String,
    /// The name of the credential that they were got with.
    pub credential: String,
    /// Whether there is an access token.
    pub access: bool,
    /// When the access token ends, in seconds since 1970, if that is known.
    #[ts(type = "number | null")]
    pub expires: Option<i64>,
    /// Whether there is a refresh token.
    pub refresh: bool,
    /// When the refresh token ends, if that is known.
    #[ts(type = "number | null")]
    pub refresh_expires: Option<i64>,
    /// The scopes that it was got with.
    pub scopes: Option<Vec<String>>,
    /// What it may do, as the server said.
    pub permissions: Option<Vec<String>>,
    /// Whom it is for: the JSON as the server wrote it.
    pub user: Option<String>,
    /// When it came, in seconds since 1970.
    #[ts(type = "number")]
    pub received: i64,
}

impl From<&records::IssuedTokens> for IssuedTokens {
    fn from(tokens: &records::IssuedTokens) -> Self {
        Self {
            profile: tokens.at.profile.clone(),
            environment: tokens.at.environment.clone(),
            credential: tokens.credential.clone(),
            access: tokens.access,
            expires: tokens.expires,
            refresh: tokens.refresh.is_some(),
            refresh_expires: tokens.refresh.and_then(|refresh| refresh.expires),
            scopes: tokens.scopes.clone(),
            permissions: tokens.permissions.clone(),
            user: tokens.user.clone(),
            received: tokens.received,
        }
    }
}

/// Whether tokens were forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forgotten {
    /// Whether there were any.
    pub forgotten: bool,
}

/// A flow of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FlowRow {
    /// Its id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// What it is for.
    pub kind: FlowKind,
    /// The method.
    pub method: String,
    /// The path from the base address on, or an absolute address.
    pub path: String,
    /// What one should know.
    pub note: Option<String>,
    /// Whether it is not certain.
    pub assumed: bool,
}

impl FlowRow {
    /// A flow as its definition tells it.
    pub fn new(definition: &Definition, flow: &Flow) -> Self {
        Self {
            id: flow.id.clone(),
            label: flow.label.clone(),
            kind: flow.kind.into(),
            method: flow.method.clone(),
            path: flow.path.text().to_owned(),
            note: flow.note.clone(),
            assumed: definition.is_assumed(flow.from.as_deref()),
        }
    }
}

/// A call or a flow that came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionOutcome {
    /// Everything that was done, in order.
    pub timeline: Vec<TimelineRow>,
    /// The call that was made last, and what it means; none if it was a flow.
    pub sent: Option<Sent>,
    /// What is known of the tokens that came.
    pub issued: Option<IssuedTokens>,
    /// Whether the server takes the token for valid, where that was asked.
    pub verified: Option<bool>,
    /// Why a flow gave nothing, a sentence.
    pub failed: Option<String>,
    /// Whether it came to what was wanted.
    pub as_wanted: bool,
}

impl From<&calls::Outcome> for ExecutionOutcome {
    fn from(outcome: &calls::Outcome) -> Self {
        let sent = outcome.call.as_ref().zip(outcome.sent.as_ref()).map(|(call, sent)| Sent::new(&call.request, sent));
        Self {
            timeline: outcome.timeline.rows.iter().map(TimelineRow::from).collect(),
            sent,
            issued: outcome.issued.as_ref().map(IssuedTokens::from),
            verified: outcome.verified,
            failed: outcome.failed.clone(),
            as_wanted: outcome.is_as_wanted(),
        }
    }
}
