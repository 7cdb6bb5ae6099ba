//! A token is renewed once: signed again, refreshed or minted, as the definition says.

use jose::time::span;
use provider::{
    Definition,
    definition::{Fault, Flow, FlowKind, Remedy},
};

use super::{Attempt, Situation, Step};
use crate::{Answer, answer::api_error::KnownBy};

/// A token is renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// How.
    pub by: Method,
    /// What happens after it.
    pub then: After,
    /// Why, a sentence or two.
    pub why: String,
}

/// How a token is renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// A new one is signed by the recipe.
    SignAgain,
    /// A flow that turns a refresh token into an access token.
    Refresh {
        /// Its id.
        flow: String,
    },
    /// A flow that mints a token, or exchanges a signed one for it.
    Mint {
        /// Its id.
        flow: String,
    },
    /// The flow that got the first token, with what is sealed for it: the session cannot be refreshed.
    LogIn {
        /// Its id.
        flow: String,
    },
}

/// What happens with the call after its token was renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum After {
    /// It is sent, once more or for the first time.
    Send,
    /// The person is asked to send it again: it changes something, and the server could not tell the second from the first.
    /// A 401 says that nothing was applied (RFC 9110 §15.5.2), but a payment is not left to that.
    Ask,
}

/// The refresh token that is at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefreshToken {
    /// None.
    Absent,
    /// There is one.
    Present {
        /// When it ends, in seconds since 1970, if that is known.
        expires: Option<i64>,
    },
}

/// What another token can be had with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtHand<'a> {
    /// The refresh token.
    pub refresh: RefreshToken,
    /// The flow by which the credential of the call gets a first token, where everything that it wants is sealed.
    pub first: Option<&'a Flow>,
}

/// The step after a 401.
pub(super) fn after_401(situation: &Situation<'_>, answer: &Answer) -> Step {
    let Attempt::Call { auth, .. } = situation.attempt else { return Step::Done };
    if !auth.is_renewable() {
        return Step::Done;
    }
    let Some(rule) = &situation.definition.on_unauthorized else { return Step::Done };
    // A redirect to another origin left the token behind, and a new one is as little for it as the old one.
    if !situation.request.carries_secret() {
        return Step::Done;
    }
    let api_error = situation.api_error(answer);
    if situation.history.renewed {
        let words = api_error.words().map(|words| format!(": {words}")).unwrap_or_default();
        return Step::give_up(format!("Refused again, with a new token{words}. It is not tried a third time."));
    }
    if api_error.names == Some(Fault::Scope) {
        return Step::give_up("The server names the scope as the fault, and a new token would have the same.");
    }
    match by(situation.definition, rule.remedy, rule.flow.as_deref()) {
        Ok(by) => {
            let then = if situation.may_repeat() { After::Send } else { After::Ask };
            let after = match then {
                After::Send => ", then the call is sent once more.".to_owned(),
                After::Ask => format!(". Then send the call again yourself: {}.", situation.once_only()),
            };
            let words = ("Refused with 401.", after.as_str());
            renew(situation.definition, by, then, words, situation.at_hand, situation.arrived)
        }
        Err(why) => Step::give_up(why),
    }
}

/// What to do before a call whose token is at its end, or soon will be: [`Step::Renew`] or [`Step::LogIn`].
///
/// `expires` is when the token ends, in seconds since 1970; without it nothing is due.
pub fn renewal_due(definition: &Definition, expires: Option<i64>, at_hand: AtHand<'_>, now: i64) -> Option<Step> {
    let rule = definition.on_unauthorized.as_ref();
    let refreshing = || definition.flows.iter().find(|flow| flow.kind == FlowKind::Refresh).map(|_| Remedy::Refresh);
    let signing = || definition.signs_here().then_some(Remedy::SignAgain);
    let remedy = rule.map(|rule| rule.remedy).or_else(refreshing).or_else(signing)?;
    let by = by(definition, remedy, rule.and_then(|rule| rule.flow.as_deref())).ok()?;
    let before = match &by {
        Method::Refresh { flow } | Method::Mint { flow } | Method::LogIn { flow } => {
            definition.flow(flow).and_then(|flow| flow.before_expiry)
        }
        Method::SignAgain => None,
    };
    let lifetime = definition.token.as_ref().and_then(|token| token.lifetime.as_ref());
    let before = before.or_else(|| lifetime.and_then(|lifetime| lifetime.renew_before)).unwrap_or_default();
    let left = expires?.saturating_sub(now);
    if left > i64::try_from(before.0).unwrap_or(i64::MAX) {
        return None;
    }
    let lead = match left {
        left if left > 0 => format!("The token expires in {}.", span(left)),
        left => format!("The token expired {} ago.", span(left)),
    };
    Some(renew(definition, by, After::Send, (&lead, ", then the call is sent."), at_hand, now))
}

/// How the remedy is carried out.
fn by(definition: &Definition, remedy: Remedy, flow: Option<&str>) -> Result<Method, String> {
    let flow = |kinds: &[FlowKind], what: &str| -> Result<&Flow, String> {
        let named = flow.and_then(|id| definition.flow(id));
        let found = named.or_else(|| definition.flows.iter().find(|flow| kinds.contains(&flow.kind)));
        found.ok_or_else(|| format!("{} names no flow that {what} a token.", definition.name))
    };
    Ok(match remedy {
        Remedy::SignAgain => Method::SignAgain,
        Remedy::Refresh => {
            let flow = flow(&[FlowKind::Refresh], "refreshes")?;
            Method::Refresh { flow: flow.id.clone() }
        }
        Remedy::Mint => {
            let flow = flow(&[FlowKind::Mint, FlowKind::Exchange], "mints")?;
            Method::Mint { flow: flow.id.clone() }
        }
    })
}

/// The renewal; where there is nothing to refresh with, the log-in. `words` go before and after.
fn renew(
    definition: &Definition,
    by: Method,
    then: After,
    (lead, after): (&str, &str),
    at_hand: AtHand<'_>,
    now: i64,
) -> Step {
    let act = match &by {
        Method::SignAgain => "A new token is signed",
        Method::Mint { .. } => "A new token is fetched",
        Method::LogIn { .. } => LOGS_IN,
        Method::Refresh { .. } => {
            let ended = match at_hand.refresh {
                RefreshToken::Absent => Some("There is no refresh token.".to_owned()),
                RefreshToken::Present { expires: Some(at) } if at <= now => {
                    Some(format!("The refresh token expired {} ago.", span(now.saturating_sub(at))))
                }
                RefreshToken::Present { .. } => None,
            };
            if let Some(ended) = ended {
                return log_in(definition, &format!("{lead} {ended}"), at_hand, Some((then, after)));
            }
            "The token is refreshed"
        }
    };
    Step::Renew(Renewal { by, then, why: format!("{lead} {act}{after}") })
}

/// What happens where a session ended and the program can begin another.
const LOGS_IN: &str = "What it logs in with is sealed here, so it logs in again";

/// The session is over. `then` is what happens to the call that waits for another, and how the sentence about that ends.
fn log_in(definition: &Definition, why: &str, at_hand: AtHand<'_>, then: Option<(After, &str)>) -> Step {
    if let (Some(flow), Some((then, after))) = (at_hand.first, then) {
        let why = format!("{why} {LOGS_IN}{after}");
        return Step::Renew(Renewal { by: Method::LogIn { flow: flow.id.clone() }, then, why });
    }
    let named = definition.on_unauthorized.as_ref().and_then(|rule| rule.otherwise.clone());
    let usual = || definition.flows.iter().find(|flow| flow.kind == FlowKind::LogIn).map(|flow| flow.id.clone());
    Step::LogIn { why: format!("{why} Log in again."), flow: named.or_else(usual) }
}

/// The step after a refresh that was refused. `then` is what happens to the call that waits for its token.
pub(super) fn refused(situation: &Situation<'_>, then: Option<After>, answer: &Answer) -> Step {
    let api_error = situation.api_error(answer);
    let words = api_error.words().map(|words| format!(": {words}")).unwrap_or_default();
    let meaning = match (api_error.code.as_deref(), api_error.known_by) {
        // RFC 6749 §5.2.
        (Some("invalid_grant"), _) => Some("The refresh token is expired, revoked, or was used before."),
        (_, KnownBy::Message) => api_error.meaning.as_deref(),
        // A meaning that is known by the status alone says less than the server's own words.
        _ if !words.is_empty() => None,
        _ => api_error.meaning.as_deref().or(Some("It gives no reason that is known here.")),
    };
    let meaning = meaning.map(|meaning| format!(" {meaning}")).unwrap_or_default();
    let why = format!("The refresh was refused with {}{words}.{meaning}", answer.status);
    log_in(situation.definition, &why, situation.at_hand, then.map(|then| (then, ".")))
}
