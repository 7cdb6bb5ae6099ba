//! The verdict on one call: a sentence that says what happened, one that says what to do, and the gate ladder.
//!
//! A guess is never called a fact. A 200 means that the call was accepted and proves no more.

mod facts;
mod gate;
mod ladder;
mod local;
mod opaque;
mod permission;
mod refusal;
mod view;
mod words;

use std::time::Duration;

use jose::json::Document;
use provider::{Definition, Endpoint};

pub use facts::{KeyHistory, Known, Sent, SignatureFact, TokenFacts};
pub use gate::{Certainty, Gate, Passage, Rung};
pub use words::capital;

use self::{facts::LocalLadder, ladder::ladder, permission::Permission, view::View, words::Teller};
use crate::{
    Exchange, PreparedRequest,
    answer::{
        api_error::{ApiError, api_error},
        challenge::{Challenges, challenges},
        clock::{Skew, server_time},
        named::named_member,
        rate::{Rate, rates},
        retry_after::asked,
    },
};

/// What one call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallVerdict {
    /// In one word.
    pub kind: Kind,
    /// What happened.
    pub sentence: String,
    /// What to do, if there is something.
    pub next: Option<String>,
    /// The seven gates, always all and in order.
    pub gates: Vec<Rung>,
    /// How the answer stands to the status that was expected, if one was.
    pub expectation: Option<Expectation>,
    /// The error as the server wrote it.
    pub api_error: Option<ApiError>,
    /// How the server's clock stands to ours.
    pub skew: Option<Skew>,
    /// How long the server asks one to wait.
    pub wait: Option<Duration>,
    /// What the server wants to see, where it says so.
    pub challenges: Challenges,
    /// The rate limits that it tells.
    pub rates: Vec<Rate>,
    /// What else was noticed, a sentence each.
    pub notes: Vec<String>,
}

impl CallVerdict {
    /// Whether the answer is the one that was wanted: the expected status, or any 2xx where none was named.
    pub fn is_as_wanted(&self) -> bool {
        self.expectation.map_or(self.kind == Kind::Accepted, |expectation| expectation.is_met())
    }

    /// The rung of a gate.
    pub fn gate(&self, gate: Gate) -> Option<&Rung> {
        self.gates.iter().find(|rung| rung.gate == gate)
    }
}

/// What a call came to, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 2xx.
    Accepted,
    /// 401 or 403: the credential was not good enough.
    Refused,
    /// 3xx, not followed.
    Redirected,
    /// Another 4xx: an answer that is not about the credential.
    Answered,
    /// 429 or 503: later.
    Busy,
    /// Another 5xx.
    ServerFailed,
    /// Nothing came.
    Unanswered,
}

impl Kind {
    /// The word for scripts.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Redirected => "redirected",
            Self::Answered => "answered",
            Self::Busy => "busy",
            Self::ServerFailed => "server-failed",
            Self::Unanswered => "unanswered",
        }
    }

    const fn of(status: u16) -> Self {
        match status {
            401 | 403 => Self::Refused,
            429 | 503 => Self::Busy,
            200..=299 => Self::Accepted,
            300..=399 => Self::Redirected,
            500..=599 => Self::ServerFailed,
            _ => Self::Answered,
        }
    }
}

/// How an answer stands to the status that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expectation {
    /// The status that was expected.
    pub wanted: u16,
    /// The status that came, if one did.
    pub found: Option<u16>,
}

impl Expectation {
    /// Whether they are the same.
    pub fn is_met(self) -> bool {
        self.found == Some(self.wanted)
    }
}

/// Judges one call. `endpoint` is the one that was called, where the definition knows it.
pub fn assess(
    definition: &Definition,
    endpoint: Option<&Endpoint>,
    request: &PreparedRequest,
    exchange: &Exchange,
    sent: &Sent<'_>,
) -> CallVerdict {
    let answer = exchange.outcome.as_ref().ok();
    let body = answer.and_then(|answer| std::str::from_utf8(&answer.body).ok()).and_then(|b| Document::parse(b).ok());
    let kind = answer.map_or(Kind::Unanswered, |answer| Kind::of(answer.status));
    let arrived = sent.at.saturating_add(i64::try_from(exchange.elapsed().as_secs()).unwrap_or(i64::MAX));
    let server_now = answer.and_then(server_time);
    let took = arrived.saturating_sub(sent.at);
    let skew = answer.and_then(|answer| Skew::measure(answer, arrived, took, sent.token.and_then(|t| t.left(sent.at))));
    let waiting = answer.filter(|_| kind == Kind::Busy).map(|a| asked(definition, a, body.as_ref(), arrived));
    let wait = waiting.as_ref().and_then(|asked| asked.longest).map(|(seconds, _)| Duration::from_secs(seconds));
    let rates = answer.map(|answer| rates(definition, answer, arrived)).unwrap_or_default();
    let reset =
        || rates.iter().filter(|rate| rate.is_used_up() && kind == Kind::Busy).filter_map(|r| r.resets_in).max();
    let wait = wait.or_else(|| reset().map(Duration::from_secs));
    let challenges = answer.map(challenges).unwrap_or_default();
    let api_error = answer.filter(|a| a.status >= 400).map(|a| api_error(definition, a, body.as_ref(), &challenges));
    let member = api_error.as_ref().zip(sent.token).filter(|_| kind == Kind::Refused);
    let member = member.and_then(|(error, token)| named_member(error, &token.texts(), definition));
    let local = sent.token.map(|token| LocalLadder {
        structure: token.structure(),
        key: token.key_named(),
        signature: token.signature(),
        time: token.time(sent.at, server_now),
        audience: token.audience(definition),
        scope: token.scope(definition, endpoint),
    });
    let view = View {
        definition,
        sent,
        exchange,
        kind,
        api_error: api_error.as_ref(),
        member: member.filter(|member| api_error.as_ref().is_some_and(|error| error.leaves_room_for(member.fault))),
        local: local.as_ref(),
        carried: request.carries_secret(),
        permission: Permission::of(definition, endpoint, &sent.known, sent.token.is_none()),
    };
    let expectation = sent.expected.map(|wanted| Expectation { wanted, found: answer.map(|answer| answer.status) });
    let teller =
        Teller { definition, request, view: &view, expectation, skew, wait, server_now, challenges: &challenges };
    let (sentence, next) = teller.tell();
    let mut notes = teller.notes(endpoint, body.is_some());
    notes.extend(waiting.into_iter().flat_map(|asked| asked.oddities));
    let telling = |rate: &&Rate| rate.is_used_up() || kind == Kind::Busy;
    notes.extend(rates.iter().filter(telling).map(|rate| format!("{}.", capital(&rate.words()))));
    CallVerdict {
        kind,
        sentence,
        next,
        gates: ladder(&view),
        expectation,
        skew,
        wait,
        challenges,
        rates,
        notes,
        api_error,
    }
}
