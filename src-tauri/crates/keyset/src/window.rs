//! Overlap windows: the earliest safe time of a step, why then, and what can break before.
//!
//! Practice with key sets (RFC 7517): publish a key longer before its first token than any verifier keeps the set, and
//! take a key away no sooner than its last token expired.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    method::Method,
    step::{Mode, Step},
    time::{At, Span},
};

/// The longest times that a person states. A guess that is too long costs days; one that is too short, an outage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stated {
    /// The longest that a token lives.
    pub token_lifetime: Span,
    /// How far clocks of servers may differ.
    pub skew: Span,
    /// The slowest deploy of a program that has the key.
    pub slowest_deploy: Span,
    /// How long nobody must have used the old key before it counts as silent.
    pub quiet: Span,
    /// How long a retired key stays at the provider, so that its retirement can be undone.
    pub undo: Span,
}

/// An hour, a minute, and a day for each of the rest.
impl Default for Stated {
    fn default() -> Self {
        Self {
            token_lifetime: Span::HOUR,
            skew: Span::MINUTE,
            slowest_deploy: Span::DAY,
            quiet: Span::DAY,
            undo: Span::DAY,
        }
    }
}

/// A part of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Term {
    /// Until the provider has seen the key everywhere.
    SeenEverywhere,
    /// Until no verifier has an older key set.
    KeySetCache,
    /// Until the slowest deploy is through.
    SlowestDeploy,
    /// Until the last token expired.
    TokenLifetime,
    /// Until it expired on every clock.
    Skew,
    /// Until a retirement need not be undone any more.
    Undo,
}

impl Term {
    /// What people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SeenEverywhere => "the time until the provider has seen it everywhere",
            Self::KeySetCache => "the key-set cache of verifiers",
            Self::SlowestDeploy => "the slowest deploy",
            Self::TokenLifetime => "the longest token lifetime",
            Self::Skew => "the difference of clocks",
            Self::Undo => "the time in which a retirement can be undone",
        }
    }

    /// What can break for who does not wait for it.
    pub const fn breaks(self) -> &'static str {
        match self {
            Self::SeenEverywhere => "some servers of the provider may not know the next key, and refuse its calls",
            Self::KeySetCache => "verifiers with an older key set do not find the next key, and refuse its tokens",
            Self::SlowestDeploy => "programs that still have the old key fail until they are deployed",
            Self::TokenLifetime => "tokens that the old key signed are refused before they expire",
            Self::Skew => "servers whose clock is behind refuse tokens that look valid here",
            Self::Undo => "whoever turns out to need the old key cannot have it back",
        }
    }
}

/// The earliest safe time of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earliest {
    /// The step.
    pub step: Step,
    /// When what it waits for began.
    pub from: At,
    /// The parts of the wait that last at all, one after the other.
    pub terms: Vec<(Term, Span)>,
}

impl Earliest {
    /// The step's window, from when it began.
    pub fn of(step: Step, from: At, method: &Method, stated: &Stated, mode: Mode) -> Self {
        let terms = terms(step, method, stated, mode);
        Self { step, from, terms: terms.into_iter().filter(|(_, span)| span.0 > 0).collect() }
    }

    /// The earliest safe time. A clock that was set back since lets the wait begin again: nobody knows how much is over.
    pub fn at(&self, now: At) -> At {
        self.from.min(now).after(self.wait())
    }

    /// How long the wait is in all.
    pub fn wait(&self) -> Span {
        self.terms.iter().fold(Span(0), |sum, (_, span)| sum.and(*span))
    }

    /// How long it still is at `now`.
    pub fn left(&self, now: At) -> Span {
        now.until(self.at(now))
    }

    /// The largest part, which is the one to shorten.
    pub fn largest(&self) -> Option<(Term, Span)> {
        // Of equals the first: what comes first can be shortened first.
        self.terms.iter().rev().max_by_key(|(_, span)| *span).copied()
    }

    /// What can break for who goes earlier.
    pub fn breaks(&self) -> Vec<&'static str> {
        self.terms.iter().map(|(term, _)| term.breaks()).collect()
    }
}

/// `1 d 1 h after 2026-12-01 09:28:00 UTC; most of that is the slowest deploy, 24 h`.
impl fmt::Display for Earliest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} after {}", self.wait(), self.from)?;
        match self.largest() {
            Some((term, span)) if self.terms.len() > 1 => write!(f, "; most of that is {}, {span}", term.words()),
            Some((term, _)) => write!(f, ": {}", term.words()),
            None => Ok(()),
        }
    }
}

fn terms(step: Step, method: &Method, stated: &Stated, mode: Mode) -> Vec<(Term, Span)> {
    use crate::method::Overlap;
    // In an incident nothing waits, and where there is no overlap nothing can.
    if mode.is_incident() || method.overlap == Overlap::None {
        return Vec::new();
    }
    match step {
        Step::Promote => vec![
            (Term::SeenEverywhere, method.seen_after),
            (Term::KeySetCache, method.key_set_cache.unwrap_or_default()),
        ],
        Step::Retire => vec![
            (Term::SlowestDeploy, stated.slowest_deploy),
            (Term::TokenLifetime, stated.token_lifetime),
            (Term::Skew, stated.skew),
        ],
        Step::Delete => vec![(Term::Undo, stated.undo)],
        _ => Vec::new(),
    }
}
