//! Check of a delivery: a verdict, the steps that led to it, and findings on the way.

use std::fmt;

use super::{BodyFacts, Delivery};
use crate::{Finding, verify::Verdict};

/// What was found out about a delivery.
#[derive(Clone)]
pub struct Check {
    /// Whether it is the provider's work and fresh: no step is bad, and each could be taken.
    pub verdict: Verdict,
    /// What was looked at, in order. A scheme without a timestamp has no step for one.
    pub steps: Vec<Step>,
    /// Why a step is bad or could not be taken, and what else was noticed.
    pub findings: Vec<Finding>,
    /// Which signatures are good with which secrets.
    pub matches: Vec<Match>,
    /// What can be said of the body's bytes.
    pub body: BodyFacts,
    /// The bytes that the signature covers, where they could be put together.
    pub input: Option<Vec<u8>>,
    /// The signatures beside what the secrets make of those bytes, where the two differ and the secrets are shared ones.
    pub comparison: Option<Comparison>,
    /// Whether a signature covers the body as JSON.stringify writes it anew, instead of the bytes that came.
    pub reserialised: bool,
    /// When it was signed, in seconds since 1970-01-01T00:00:00Z.
    pub signed_at: Option<i64>,
    /// The name of the delivery, the same for each attempt; one that was seen before is a repetition.
    pub id: Option<String>,
}

impl fmt::Debug for Check {
    /// The input holds the body, so it is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<&str> = self.findings.iter().map(|finding| finding.code.name()).collect();
        f.debug_struct("Check")
            .field("verdict", &self.verdict)
            .field("steps", &self.steps)
            .field("findings", &codes)
            .field("matches", &self.matches)
            .finish_non_exhaustive()
    }
}

/// Signatures that differ from what they should be, all written as the scheme writes them.
#[derive(Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Those of the delivery that are written as they should be.
    pub given: Vec<String>,
    /// What each secret makes of the bytes.
    pub computed: Vec<Computed>,
}

/// What a secret makes of the bytes of a delivery. It is as good as the secret for this one delivery, so it is not shown
/// where the secret signs for what matters.
#[derive(Clone, PartialEq, Eq)]
pub struct Computed {
    /// The index of the secret among those that were given.
    pub secret: usize,
    /// The signature; none where it is kept back.
    pub text: Option<String>,
}

/// A signature and the secret that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The index of the secret among those that were given.
    pub secret: usize,
    /// The index of the signature among those of the delivery, without those of other versions.
    pub signature: usize,
}

/// One step of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub stage: Stage,
    /// What came of it.
    pub state: State,
    /// That in words, lower case, no full stop.
    pub words: String,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// What the check needs is there: header fields, or members of the body.
    Present,
    /// The signature or the token is written as it should be.
    Form,
    /// It was signed a short time ago.
    Timestamp,
    /// What was signed can be put together; with a token, its hash is that of the body.
    Input,
    /// The secrets or keys can be used.
    Secret,
    /// A signature is the work of a secret over these bytes.
    Compare,
}

impl Stage {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Form => "form",
            Self::Timestamp => "timestamp",
            Self::Input => "input",
            Self::Secret => "secret",
            Self::Compare => "compare",
        }
    }
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// It cannot be said, for want of something that was not given.
    Unknown,
    /// A step before did not come out as it had to.
    NotReached,
}

impl State {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
            Self::NotReached => "not reached",
        }
    }
}

/// Why a step gives nothing to those after it.
#[derive(Debug)]
pub(super) enum Halt {
    /// Something is wrong with the delivery or the secrets.
    Bad(Vec<Finding>),
    /// Something was not given.
    Unknown(String),
    /// A step before gave nothing.
    NotReached,
}

impl From<Finding> for Halt {
    fn from(finding: Finding) -> Self {
        Self::Bad(vec![finding])
    }
}

impl Check {
    pub(super) fn begin(delivery: &Delivery<'_>) -> Self {
        Self {
            verdict: Verdict::Unknown,
            steps: Vec::new(),
            findings: Vec::new(),
            matches: Vec::new(),
            body: delivery.facts(),
            input: None,
            comparison: None,
            reserialised: false,
            signed_at: None,
            id: None,
        }
    }

    /// Notes what came of a step, and hands on what it gave.
    pub(super) fn step<T>(&mut self, stage: Stage, outcome: Result<(T, String), Halt>) -> Option<T> {
        let (state, words, given) = match outcome {
            Ok((given, words)) => (State::Good, words, Some(given)),
            Err(Halt::Bad(findings)) => {
                let words = findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
                self.findings.extend(findings);
                (State::Bad, words, None)
            }
            Err(Halt::Unknown(words)) => (State::Unknown, words, None),
            Err(Halt::NotReached) => (State::NotReached, "not reached".to_owned(), None),
        };
        self.steps.push(Step { stage, state, words });
        given
    }

    /// The verdict follows from the steps.
    pub(super) fn finish(mut self) -> Self {
        let any = |state| self.steps.iter().any(|step| step.state == state);
        self.verdict = match (any(State::Bad), any(State::Unknown) || any(State::NotReached)) {
            (true, _) => Verdict::Bad,
            (false, true) => Verdict::Unknown,
            (false, false) => Verdict::Good,
        };
        self
    }

    /// The step at this stage.
    pub fn at(&self, stage: Stage) -> Option<&Step> {
        self.steps.iter().find(|step| step.stage == stage)
    }
}
