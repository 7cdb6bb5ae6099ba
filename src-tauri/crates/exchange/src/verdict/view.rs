//! View of one call: everything that its gates are judged from.

use std::time::Duration;

use provider::{Definition, definition::Fault};

use super::{
    Kind,
    facts::{LocalLadder, Sent},
    gate::{
        Certainty::{Confirmed, NotReached, Proved},
        Gate,
        Passage::{Open, Passed, Stopped},
        Rung,
    },
    permission::Permission,
};
use crate::{
    Exchange, NoAnswer,
    answer::{api_error::ApiError, named::NamedMember},
};

/// What the ladder is built from.
pub(crate) struct View<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) sent: &'a Sent<'a>,
    pub(crate) exchange: &'a Exchange,
    pub(crate) kind: Kind,
    pub(crate) api_error: Option<&'a ApiError>,
    /// The member of the token that the server's words name, where it refused.
    pub(crate) member: Option<NamedMember>,
    pub(crate) local: Option<&'a LocalLadder>,
    /// Whether the request carried any credential.
    pub(crate) carried: bool,
    /// What is known of its permissions, where it does not carry them.
    pub(crate) permission: Permission,
}

impl View<'_> {
    /// The rung of a gate that the server named as the fault.
    pub(crate) fn named(&self, fault: Fault, gate: Gate) -> Option<Rung> {
        let api_error = self.api_error.filter(|_| self.names() == Some(fault) && self.kind == Kind::Refused)?;
        let reason = match &self.member {
            Some(member) => format!("{}; {}", member.said, member.sent),
            None => api_error.words().unwrap_or_else(|| "named by the server".to_owned()),
        };
        Some(Rung::new(gate, Stopped, Confirmed, reason))
    }

    /// What the server names as the fault: by a member of the token, else by an error that the definition knows.
    pub(crate) fn names(&self) -> Option<Fault> {
        self.member.as_ref().map(|member| member.fault).or_else(|| self.api_error?.names)
    }

    /// The same of the scope. A 403 that names no scope may as well be about a permission of the key.
    pub(crate) fn named_scope(&self) -> Option<Rung> {
        let precise =
            self.status() == Some(401) || self.api_error.is_some_and(|api_error| !api_error.scopes.is_empty());
        self.named(Fault::Scope, Gate::Scope).filter(|_| precise)
    }

    /// Why the answer tells nothing of a gate.
    pub(crate) fn silence(&self) -> String {
        match &self.exchange.outcome {
            Ok(answer) => format!("a {} does not say", answer.status),
            Err(_) => "no answer".to_owned(),
        }
    }

    pub(crate) fn status(&self) -> Option<u16> {
        self.exchange.outcome.as_ref().ok().map(|answer| answer.status)
    }

    pub(crate) fn code(&self) -> String {
        format!("a {}", self.status().unwrap_or_default())
    }

    /// Whether the server named no fault.
    pub(crate) fn bare(&self) -> bool {
        self.names().is_none()
    }
}

pub(crate) fn reached(view: &View<'_>) -> Rung {
    let (passage, certainty, reason) = match &view.exchange.outcome {
        Ok(answer) => (Passed, Confirmed, format!("HTTP {} in {}", answer.status, elapsed(view.exchange.elapsed()))),
        Err(NoAnswer::Cancelled) => (Open, NotReached, "cancelled".to_owned()),
        Err(NoAnswer::Unsent { .. }) => (Open, NotReached, "not sent".to_owned()),
        Err(error) => (Stopped, Proved, error.to_string()),
    };
    Rung::new(Gate::Reached, passage, certainty, reason)
}

/// A stretch of time as it stands in a verdict: `184 ms`, `12 s`.
pub(crate) fn elapsed(time: Duration) -> String {
    if time < Duration::from_secs(10) { format!("{} ms", time.as_millis()) } else { format!("{} s", time.as_secs()) }
}
