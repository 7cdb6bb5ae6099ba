//! From what is known here and what the server said to the state of each gate.

use jose::time::span;
use provider::definition::Fault;

use super::{
    Kind,
    facts::{KeyHistory, LocalLadder, carries_scopes},
    gate::{
        Certainty::{self, DoesNotApply, Likely, NotReached, Proved},
        Gate,
        Passage::{Open, Passed, Stopped},
        Rung,
    },
    local::Local,
    opaque,
    view::{View, reached},
};

/// All seven gates in order.
pub(crate) fn ladder(view: &View<'_>) -> Vec<Rung> {
    let Some(local) = view.local else { return opaque::ladder(view) };
    vec![
        reached(view),
        view.named(Fault::Structure, Gate::Structure).unwrap_or_else(|| plain(Gate::Structure, &local.structure)),
        view.named(Fault::Key, Gate::KeyKnown).unwrap_or_else(|| key_known(view, local)),
        view.named(Fault::Signature, Gate::Signature).unwrap_or_else(|| signature(view, &local.signature)),
        view.named(Fault::Time, Gate::Time).unwrap_or_else(|| plain(Gate::Time, &local.time)),
        view.named(Fault::Audience, Gate::Audience).unwrap_or_else(|| plain(Gate::Audience, &local.audience)),
        view.named_scope().unwrap_or_else(|| scope(view, &local.scope)),
    ]
}

/// A gate that can be judged here as well as there.
fn plain(gate: Gate, local: &Local) -> Rung {
    match local {
        Local::Good(merit) => Rung::new(gate, Passed, Proved, merit.to_string()),
        Local::Bad(flaw) => Rung::new(gate, Stopped, Proved, flaw.to_string()),
        Local::Unknown(reason) => Rung::new(gate, Open, NotReached, reason),
        Local::None(reason) => Rung::new(gate, Open, DoesNotApply, reason),
    }
}

/// Only the server can tell whether it knows a key, and an acceptance or a bare refusal hints at it.
fn key_known(view: &View<'_>, local: &LocalLadder) -> Rung {
    let rung = |passage, certainty: Certainty, reason: String| Rung::new(Gate::KeyKnown, passage, certainty, reason);
    let standing = view.sent.token.map(|token| token.key).unwrap_or_default();
    if !view.definition.signs_here() && view.definition.token.is_some() {
        return rung(Open, DoesNotApply, format!("{} signs its tokens itself", view.definition.name));
    }
    match view.kind {
        Kind::Accepted => rung(Passed, Likely, "a token signed with it was accepted".to_owned()),
        _ if local.key.flaw().is_some() => plain(Gate::KeyKnown, &local.key),
        Kind::Refused if view.status() == Some(403) => {
            rung(Passed, Likely, "a 403 usually comes after the key check".to_owned())
        }
        Kind::Refused if local.is_faultless() && standing.last_accepted.is_none() && view.bare() => {
            rung(Stopped, Likely, history(standing, view.sent.at))
        }
        Kind::Answered if matches!(view.status(), Some(400 | 409 | 422)) => {
            rung(Passed, Likely, format!("{}, and that usually comes after the key check", view.code()))
        }
        _ => match standing.last_accepted {
            Some(at) => {
                let ago = span(view.sent.at.saturating_sub(at));
                rung(Open, NotReached, format!("{}; last accepted {ago} ago", view.silence()))
            }
            None => rung(Open, NotReached, view.silence()),
        },
    }
}

/// How a key that was never accepted came to be: `made 9 min ago, never accepted`.
fn history(standing: KeyHistory, now: i64) -> String {
    match standing.created {
        Some(created) => format!("made {} ago, never accepted", span(now.saturating_sub(created).max(0))),
        None => "never accepted as far as is known here".to_owned(),
    }
}

fn signature(view: &View<'_>, local: &Local) -> Rung {
    match local {
        Local::Unknown(reason) if view.kind == Kind::Accepted => {
            Rung::new(Gate::Signature, Passed, Likely, format!("accepted; {reason}"))
        }
        local => plain(Gate::Signature, local),
    }
}

fn scope(view: &View<'_>, local: &Local) -> Rung {
    let rung = |passage, certainty, reason: String| Rung::new(Gate::Scope, passage, certainty, reason);
    // A 403 that names another member of the token is not about its scopes.
    let names_other = view.member.as_ref().is_some_and(|member| member.fault != Fault::Scope);
    let forbidden = view.status() == Some(403) && !names_other;
    match (local, view.kind) {
        (Local::None(_), _) if view.definition.scopes.is_some() && !carries_scopes(view.definition) => {
            opaque::scope(view)
        }
        (Local::None(_), _) => plain(Gate::Scope, local),
        (Local::Bad(flaw), Kind::Accepted) => rung(Passed, Likely, format!("accepted, though: {flaw}")),
        (Local::Unknown(_), Kind::Accepted) => rung(Passed, Likely, "accepted".to_owned()),
        (Local::Bad(flaw), _) => rung(Stopped, Proved, flaw.to_string()),
        (Local::Good(merit), Kind::Refused) if forbidden => {
            rung(Stopped, Likely, format!("{merit}, so a permission of the key or account"))
        }
        (Local::Unknown(reason), Kind::Refused) if forbidden => rung(Stopped, Likely, reason.clone()),
        (Local::Good(merit), Kind::Accepted) => rung(Passed, Proved, merit.to_string()),
        (Local::Good(merit), _) => rung(Open, NotReached, merit.to_string()),
        (Local::Unknown(reason), _) => rung(Open, NotReached, reason.clone()),
    }
}
