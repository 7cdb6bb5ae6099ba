//! Local judgement of one gate: a value for each reason, which turns into words where a person reads it.

use std::fmt;

use jose::time::span;
use provider::Missing;

/// What can be said here of one gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Local {
    /// It is right.
    Good(Merit),
    /// It is wrong.
    Bad(Flaw),
    /// It cannot be told from here.
    Unknown(String),
    /// There is no such gate.
    None(String),
}

impl Local {
    /// What is wrong, if anything is.
    pub(crate) fn flaw(&self) -> Option<&Flaw> {
        match self {
            Self::Bad(flaw) => Some(flaw),
            _ => None,
        }
    }
}

/// Whose clock a time was compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClockOf {
    /// The server's, by its answer.
    Server,
    /// This computer's.
    Here,
}

/// What is wrong with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A finding or another judge says so, in a clause.
    Reason(String),
    /// It had expired so many seconds before it was sent.
    ExpiredBefore(i64),
    /// It expired so many seconds ago.
    Expired(i64, ClockOf),
    /// It begins so many seconds later.
    Early(i64, ClockOf),
    /// Scopes are missing.
    Lacks(Missing),
}

impl Flaw {
    /// Whether its words are about the token and do not name it.
    pub(crate) const fn wants_subject(&self) -> bool {
        matches!(self, Self::ExpiredBefore(_) | Self::Expired(..) | Self::Early(..))
    }
}

/// What is right with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Merit {
    /// It is well formed, with this algorithm if it names one.
    WellFormed(Option<String>),
    /// It verifies with the key of this name.
    Verifies(String),
    /// Now is inside of its so many seconds.
    Inside(i64, ClockOf),
    /// It has no end.
    NeverExpires,
    /// Its end is ahead.
    NotExpired(ClockOf),
    /// It has the scopes that the call needs.
    Has(Missing),
}

impl fmt::Display for ClockOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server => "the server's clock",
            Self::Here => "this computer's clock",
        })
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reason(clause) => f.write_str(clause),
            Self::ExpiredBefore(by) => write!(f, "expired {} before it was sent", span(*by)),
            Self::Expired(by, clock) => write!(f, "expired {} ago by {clock}", span(*by)),
            Self::Early(by, clock) => write!(f, "begins {} later by {clock}", span(*by)),
            Self::Lacks(missing) => write!(f, "lacks {}", missing.words()),
        }
    }
}

impl fmt::Display for Merit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WellFormed(Some(alg)) => write!(f, "well formed, {alg}"),
            Self::WellFormed(None) => f.write_str("well formed"),
            Self::Verifies(key) => write!(f, "verifies with {key}"),
            Self::Inside(lifetime, clock) => write!(f, "inside its {}, by {clock}", span(*lifetime)),
            Self::NeverExpires => f.write_str("never expires"),
            Self::NotExpired(clock) => write!(f, "not expired, by {clock}"),
            Self::Has(needs) => write!(f, "{} present", needs.words()),
        }
    }
}
