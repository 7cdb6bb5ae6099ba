//! The ladder of a request without a token: with an opaque credential, or with nothing.

use jose::time::span;
use provider::definition::Fault;

use super::{
    Kind,
    gate::{
        Certainty::{DoesNotApply, Likely, NotReached, Proved},
        Gate,
        Passage::{Open, Passed, Stopped},
        Rung,
    },
    permission::Permission,
    view::{View, reached},
};

/// All seven gates in order.
pub(crate) fn ladder(view: &View<'_>) -> Vec<Rung> {
    let rung = if view.carried { opaque } else { nothing };
    Gate::ALL.into_iter().map(|gate| rung(view, gate)).collect()
}

fn nothing(view: &View<'_>, gate: Gate) -> Rung {
    match gate {
        Gate::Reached => reached(view),
        Gate::Structure if view.kind == Kind::Refused => Rung::new(gate, Stopped, Proved, "no token was sent"),
        gate => Rung::new(gate, Open, NotReached, "no token was sent"),
    }
}

fn opaque(view: &View<'_>, gate: Gate) -> Rung {
    let nothing_to_check = |why: &str| Rung::new(gate, Open, DoesNotApply, why);
    match gate {
        Gate::Reached => reached(view),
        Gate::Structure => view
            .named(Fault::Structure, gate)
            .unwrap_or_else(|| nothing_to_check("an opaque credential has no parts to check")),
        Gate::KeyKnown => view.named(Fault::Key, gate).unwrap_or_else(|| known(view)),
        Gate::Signature => nothing_to_check("an opaque credential is not signed"),
        Gate::Time => view.named(Fault::Time, gate).unwrap_or_else(|| time(view)),
        Gate::Audience => nothing_to_check("an opaque credential names no audience"),
        Gate::Scope => view.named_scope().unwrap_or_else(|| scope(view)),
    }
}

/// Only the server can tell whether it knows a credential.
fn known(view: &View<'_>) -> Rung {
    let rung = |passage, certainty, reason: String| Rung::new(Gate::KeyKnown, passage, certainty, reason);
    match view.kind {
        Kind::Accepted => rung(Passed, Likely, "accepted".to_owned()),
        Kind::Refused if view.status() == Some(403) => {
            rung(Passed, Likely, "a 403 usually comes after the key check".to_owned())
        }
        Kind::Refused if !view.bare() => rung(Open, NotReached, "the server names another fault".to_owned()),
        Kind::Refused => rung(Stopped, Likely, "not known there, or switched off".to_owned()),
        _ => rung(Open, NotReached, view.silence()),
    }
}

/// An opaque credential does not say when it ends, but it may have been kept with it.
fn time(view: &View<'_>) -> Rung {
    let rung = |passage, certainty, reason: String| Rung::new(Gate::Time, passage, certainty, reason);
    let ends = view.definition.credentials.api_keys.iter().any(|key| key.expires);
    match view.sent.known.expires {
        Some(at) if at <= view.sent.at => {
            let reason = format!("expired {} before it was sent, as was noted with it", span(view.sent.at - at));
            match view.kind {
                Kind::Accepted => rung(Passed, Likely, format!("accepted, though {reason}")),
                _ => rung(Stopped, Likely, reason),
            }
        }
        Some(at) => {
            rung(Passed, Likely, format!("expires in {}, as was noted with it", span(at.saturating_sub(view.sent.at))))
        }
        None if view.kind == Kind::Accepted => rung(Passed, Likely, "accepted".to_owned()),
        None if ends => rung(Open, NotReached, "it may have expired; its end is not known here".to_owned()),
        None => rung(Open, DoesNotApply, "it has no expiry as far as is known".to_owned()),
    }
}

/// The gate of the scope, for a credential that does not carry its permissions.
pub(crate) fn scope(view: &View<'_>) -> Rung {
    let rung = |passage, certainty, reason: String| Rung::new(Gate::Scope, passage, certainty, reason);
    let forbidden = view.status() == Some(403);
    match (&view.permission, view.kind) {
        (Permission::None, _) => {
            rung(Open, DoesNotApply, format!("{} knows no scopes and no permissions", view.definition.name))
        }
        (Permission::All, Kind::Refused) if forbidden => {
            rung(Stopped, Likely, "the key has no scopes of its own, so what its account may do".to_owned())
        }
        (Permission::All, _) => {
            rung(Open, DoesNotApply, "the key has no scopes of its own; it may do what its account may".to_owned())
        }
        (Permission::Lacks(words), Kind::Accepted) => {
            rung(Passed, Likely, format!("accepted, though by what the server said before it lacks {words}"))
        }
        (_, Kind::Accepted) => rung(Passed, Likely, "accepted".to_owned()),
        (Permission::Lacks(words), Kind::Refused) if forbidden => {
            rung(Stopped, Likely, format!("lacks {words} by what the server said before"))
        }
        (Permission::Has(words), Kind::Refused) if forbidden => {
            rung(Stopped, Likely, format!("has {words} by what the server said before, so another permission"))
        }
        (Permission::Needed(words), Kind::Refused) if forbidden => {
            rung(Stopped, Likely, format!("the call needs {words}"))
        }
        (Permission::Unknown, Kind::Refused) if forbidden => {
            rung(Stopped, Likely, "a permission of the credential".to_owned())
        }
        (Permission::Lacks(words), _) => {
            rung(Open, NotReached, format!("lacks {words} by what the server said before"))
        }
        (Permission::Has(words), _) => rung(Open, NotReached, format!("has {words} by what the server said before")),
        (Permission::Needed(words), _) => {
            rung(Open, NotReached, format!("the call needs {words}; the credential does not say what it may do"))
        }
        (Permission::Unknown, _) => {
            rung(Open, NotReached, "it is not known which permissions this call needs".to_owned())
        }
    }
}
