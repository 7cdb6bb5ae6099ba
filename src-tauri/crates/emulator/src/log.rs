//! The request log: what came, what was checked, what was answered and why. For people; no token is kept in it.

use std::{collections::VecDeque, fmt, sync::Arc};

use serde::Serialize;

/// How many requests are remembered.
const KEPT: usize = 1000;

/// Sees each entry of the log as it is written.
pub type Observer = Arc<dyn Fn(&Entry) + Send + Sync>;

/// The checks a request goes through, in this order. Which of them there are depends on the API and the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// One `Authorization` field with the scheme Bearer and a token.
    Authorization,
    /// Three canonical parts, strict JSON objects.
    Form,
    /// `typ`, `alg`, `crit` as the provider wants them.
    Header,
    /// The key, secret, API key or account is registered, not revoked, of this environment, and makes this `alg`; the
    /// password is the account's.
    Key,
    /// The signature verifies with that key.
    Signature,
    /// The required claims are there, with their types.
    Claims,
    /// `nbf` ≤ now < `exp`, without leeway.
    Times,
    /// A token that was made here is of the right type, not blacklisted, and not expired on demand.
    Session,
    /// The caller has calls left.
    Limit,
    /// The scopes or permissions allow the operation.
    Scope,
    /// The body of a call that itself authenticates has what it wants.
    Body,
}

impl Check {
    /// All checks in their order.
    pub const ALL: [Self; 11] = [
        Self::Authorization,
        Self::Form,
        Self::Header,
        Self::Key,
        Self::Signature,
        Self::Claims,
        Self::Times,
        Self::Session,
        Self::Limit,
        Self::Scope,
        Self::Body,
    ];

    /// Those that a token goes through which its caller signed, in their order.
    pub const SIGNED_TOKEN: [Self; 8] = [
        Self::Authorization,
        Self::Form,
        Self::Header,
        Self::Key,
        Self::Signature,
        Self::Claims,
        Self::Times,
        Self::Scope,
    ];

    /// The check's name: `signature`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Authorization => "authorization",
            Self::Form => "form",
            Self::Header => "header",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Claims => "claims",
            Self::Times => "times",
            Self::Session => "session",
            Self::Limit => "limit",
            Self::Scope => "scope",
            Self::Body => "body",
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// The caller was let in.
    Accepted,
    /// The caller was refused.
    Refused {
        /// The check that failed.
        check: Check,
        /// The [`Refusal`](crate::Refusal) in words.
        reason: String,
    },
    /// Nothing was looked at: a fault that was asked for, or no such path or method.
    Unchecked {
        /// Why.
        reason: String,
    },
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Counts from 1 since the start.
    pub number: u64,
    /// The emulator's clock, RFC 3339.
    pub at: String,
    /// The id of the provider's definition.
    pub provider: &'static str,
    /// The HTTP method.
    pub method: String,
    /// The path with its provider prefix, without the query; the beginning of it where it is very long.
    pub path: String,
    /// The status that was answered.
    pub status: u16,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The checks that passed, in order.
    pub passed: Vec<Check>,
    /// Things a real server would not mind, or whose treatment is not documented: a repeated `jti`, an embedded key.
    pub notes: Vec<String>,
}

/// One line, with a line below for each note.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} → {} ", self.at, self.method, self.path, self.status)?;
        match &self.outcome {
            Outcome::Accepted => f.write_str("accepted")?,
            Outcome::Refused { check, reason } => write!(f, "refused at {}: {reason}", check.name())?,
            Outcome::Unchecked { reason } => write!(f, "not checked: {reason}")?,
        }
        if !self.passed.is_empty() {
            let names: Vec<_> = self.passed.iter().map(|check| check.name()).collect();
            write!(f, " (passed: {})", names.join(", "))?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "\n    note: {note}"))
    }
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: VecDeque<Entry>,
    count: u64,
}

impl Log {
    /// Numbers `entry` and keeps it, dropping the oldest where there are too many.
    pub(crate) fn push(&mut self, mut entry: Entry) -> Entry {
        self.count += 1;
        entry.number = self.count;
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(entry.clone());
        entry
    }

    /// The entries, oldest first.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries.iter().cloned().collect()
    }

    /// Forgets the entries; the numbering goes on.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}
