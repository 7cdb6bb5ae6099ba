//! The words of a verdict: what happened, and what to do. Short, plain, and never a guess called a fact.

use std::time::Duration;

use jose::time::span;
use provider::{Definition, Endpoint};

use crate::{
    Answer, Expectation, Kind, NoAnswer, PreparedRequest,
    clock::{Skew, SkewGrade},
    facts::{LACKS, Local, SignatureFact, Timing, TokenFacts},
    gate::Gate,
    ladder::View,
    said::clip,
    verdict::elapsed,
};

/// Finds the words.
pub(crate) struct Teller<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) request: &'a PreparedRequest,
    pub(crate) view: &'a View<'a>,
    pub(crate) expectation: Option<Expectation>,
    pub(crate) skew: Option<Skew>,
    pub(crate) wait: Option<Duration>,
    pub(crate) server_now: Option<i64>,
}

/// What happened, and what to do.
type Words = (String, Option<String>);

impl Teller<'_> {
    pub(crate) fn tell(&self) -> Words {
        match &self.view.exchange.outcome {
            Err(error) => self.unanswered(error),
            Ok(answer) => match self.view.kind {
                Kind::Accepted => self.accepted(answer),
                Kind::Refused => self.refused(answer),
                Kind::Redirected => self.redirected(answer),
                Kind::Busy => self.busy(answer),
                Kind::ServerFailed => self.failed(answer),
                Kind::Answered | Kind::Unanswered => self.answered(answer),
            },
        }
    }

    /// `Refused with 401`, and how that stands to what was expected.
    fn lead(&self, verb: &str, status: u16) -> String {
        match self.expectation {
            None => format!("{verb} with {status}"),
            Some(expectation) if expectation.is_met() => format!("{verb} with {status}, as expected"),
            Some(expectation) => format!("{verb} with {status}, where {} was expected", expectation.wanted),
        }
    }

    fn met(&self) -> bool {
        self.expectation.is_some_and(Expectation::is_met)
    }

    fn accepted(&self, answer: &Answer) -> Words {
        let environment = self.view.sent.environment;
        let time = elapsed(self.view.exchange.elapsed());
        match self.expectation.filter(|expectation| !expectation.is_met()) {
            None => {
                let status = if answer.status == 200 { String::new() } else { format!(" with {}", answer.status) };
                let expected = if self.met() { ", as expected" } else { "" };
                (format!("Accepted by {environment}{status} in {time}{expected}."), None)
            }
            Some(expectation) => {
                let sentence = format!(
                    "Accepted by {environment} with {}, where {} was expected.",
                    answer.status, expectation.wanted
                );
                let next = (expectation.wanted >= 400).then(|| match self.local_fault() {
                    Some((gate, reason)) => {
                        let it = if gate == Gate::Time && !reason.starts_with('"') { "it " } else { "" };
                        format!("A careful server refuses this token: {it}{reason}.")
                    }
                    None => "By all that can be checked from here, the token is right.".to_owned(),
                });
                (sentence, next)
            }
        }
    }

    fn refused(&self, answer: &Answer) -> Words {
        let lead = self.lead("Refused", answer.status);
        let (cause, next) = match answer.status {
            403 => self.forbidden(),
            _ => self.unauthorized(),
        };
        let sentence = match cause {
            Some(cause) => format!("{lead}. {cause}"),
            None => format!("{lead}, and no reason given. {}", self.guess()),
        };
        (sentence, next.filter(|_| !self.met()))
    }

    /// Why a 401: what is proved here, then what the server names; no cause where it is open.
    fn unauthorized(&self) -> (Option<String>, Option<String>) {
        let said = self.view.said;
        if !self.view.carried {
            return (Some("The request carried no token.".to_owned()), Some("Send it with a token.".to_owned()));
        }
        if let Some(words) = self.unseen_credential() {
            return words;
        }
        if let Some((gate, reason)) = self.local_fault().filter(|(gate, _)| *gate != Gate::Scope) {
            return self.proved(gate, &reason);
        }
        if let Some(said) = said.filter(|said| said.names.is_some()) {
            return (said.meaning.clone(), said.fix.clone());
        }
        if let Some(message) = said.filter(|said| said.meaning.is_none()).and_then(|said| said.message.as_ref()) {
            return (Some(format!("The server says {message:?}.")), Some(self.next_after_bare_401()));
        }
        (None, Some(self.next_after_bare_401()))
    }

    /// The server says that nothing came, though something did (SimpleJWT does so for a lower-case `bearer`).
    fn unseen_credential(&self) -> Option<(Option<String>, Option<String>)> {
        let message = self.view.said?.message.as_deref()?.to_lowercase();
        if !message.contains("credentials were not provided") && !message.contains("no authorization") {
            return None;
        }
        let cause = "The server says that no credentials came, though they did.".to_owned();
        let next = match self.scheme() {
            Some(scheme) if scheme != "Bearer" && scheme.eq_ignore_ascii_case("bearer") => {
                format!("Write the word Bearer with a capital B: the request says {scheme}.")
            }
            _ => "See whether a proxy takes the Authorization field away, and whether the server wants another."
                .to_owned(),
        };
        Some((Some(cause), Some(next)))
    }

    /// The word before the credential.
    fn scheme(&self) -> Option<&str> {
        self.request.shown_header("authorization")?.split(' ').next()
    }

    /// A fault that was found here.
    fn proved(&self, gate: Gate, reason: &str) -> (Option<String>, Option<String>) {
        let again = "Sign a new token, then send again.";
        let (cause, next) = match gate {
            Gate::Time => match self.timing() {
                Some(Timing::Early(by)) => match self.skew.filter(|skew| skew.ahead > 0 && skew.ahead >= by / 2) {
                    Some(skew) => (format!("{}.", capital(&skew.words())), self.after_skew(skew)),
                    None => {
                        let cause = format!("The token begins {} after the server's clock.", span(by));
                        (cause, format!("Wait {}, or sign a token that begins now.", span(by)))
                    }
                },
                Some(Timing::Over(_)) if reason.contains("ago by") => match self.skew.filter(|skew| skew.ahead < 0) {
                    Some(skew) => {
                        (format!("{}, and the token {reason}.", capital(&skew.words())), self.after_skew(skew))
                    }
                    None => (format!("The token {reason}."), again.to_owned()),
                },
                Some(Timing::Over(_)) => (format!("The token had {reason}."), again.to_owned()),
                _ => (format!("{}.", capital(reason)), again.to_owned()),
            },
            Gate::Signature => (
                format!("{}.", capital(reason)),
                "Sign the claims as they stand with the key of this environment, then send again.".to_owned(),
            ),
            Gate::Audience => (format!("{}.", capital(reason)), again.to_owned()),
            _ => {
                let cause = format!("The token breaks a rule of {}: {reason}.", self.definition.name);
                (cause, "Correct the token, then send again.".to_owned())
            }
        };
        (Some(cause), Some(next))
    }

    fn after_skew(&self, skew: Skew) -> String {
        match skew.ahead {
            // Half a minute of room beyond the difference, in steps of 30 s.
            ahead if ahead > 0 => {
                let back = (ahead + 15 + 29) / 30 * 30;
                format!("Set this computer's clock, or backdate nbf and iat by {back} s.")
            }
            _ => "Set this computer's clock, or sign for longer.".to_owned(),
        }
    }

    fn forbidden(&self) -> (Option<String>, Option<String>) {
        let said = self.view.said;
        let fix = said.and_then(|said| said.fix.clone());
        match self.view.local.map(|local| &local.scope) {
            Some(Local::Bad(reason)) => match reason.strip_prefix(LACKS) {
                Some(scope) => {
                    let cause = format!("Signed in, but this token {reason}.");
                    (Some(cause), Some(format!("Add {scope}, then send again.")))
                }
                None => {
                    (Some(format!("{}.", capital(reason))), Some("Correct the scopes, then send again.".to_owned()))
                }
            },
            Some(Local::Good(reason)) => {
                let has = reason.trim_end_matches(" present");
                let cause = format!("Signed in, and the token has {has}. Likely a permission of the key or account.");
                (Some(cause), fix)
            }
            _ => (
                Some(said.and_then(|s| s.meaning.clone()).unwrap_or_else(|| "Signed in, but not allowed.".to_owned())),
                fix,
            ),
        }
    }

    /// What may be behind a 401 without a reason.
    fn guess(&self) -> String {
        let Some(token) = &self.view.sent.token else {
            return format!("Most likely the credential is not one of {}.", self.view.sent.environment);
        };
        if matches!(token.signature, SignatureFact::Unknown { .. }) {
            return "The signature could not be checked here.".to_owned();
        }
        match token.key.last_accepted {
            None => format!("Most likely the key is not registered in {} yet.", self.view.sent.environment),
            Some(_) => "Everything that can be checked from here is right.".to_owned(),
        }
    }

    fn next_after_bare_401(&self) -> String {
        let fix = self.view.said.and_then(|said| said.fix.clone());
        let accepted = self.view.sent.token.is_none_or(|token| token.key.last_accepted.is_some());
        let unknown =
            self.view.sent.token.is_some_and(|token| matches!(token.signature, SignatureFact::Unknown { .. }));
        if !accepted && !unknown {
            return format!(
                "Everything that can be checked from here is right. Add its public half at {}, then send again.",
                self.definition.name
            );
        }
        fix.unwrap_or_else(|| "Compare the credential with the one the provider shows, and the environment.".to_owned())
    }

    fn redirected(&self, answer: &Answer) -> Words {
        let lead = self.lead("Answered", answer.status);
        let Some(location) = answer.header("location") else {
            return (format!("{lead}, a redirect that names no address."), None);
        };
        let to = self.request.url.join(location);
        let shown = to.as_ref().map_or_else(|_| clip(location), |url| clip(url.as_str()));
        let same = to.is_ok_and(|url| url.origin() == self.request.url.origin());
        let next = match same {
            true => "If that is the right place, correct the path.",
            false => {
                "That is another origin, and the token was not sent there. If it is right, correct the base address."
            }
        };
        (format!("{lead}: redirected to {shown}, not followed."), Some(next.to_owned()))
    }

    fn busy(&self, answer: &Answer) -> Words {
        let lead = self.lead("Answered", answer.status);
        let what = if answer.status == 429 { "too many requests" } else { "not available at the moment" };
        let next = match self.wait {
            Some(wait) => {
                format!("Wait {}, then send again.", span(i64::try_from(wait.as_secs()).unwrap_or(i64::MAX)))
            }
            None => "Wait a little, then send again.".to_owned(),
        };
        (format!("{lead}: {what}. The token was not the reason."), Some(next))
    }

    fn failed(&self, answer: &Answer) -> Words {
        let lead = self.lead("Answered", answer.status);
        let meaning = self.view.said.and_then(|said| said.meaning.clone());
        let meaning = meaning.unwrap_or_else(|| "The server failed.".to_owned());
        let fix = self.view.said.and_then(|said| said.fix.clone());
        (format!("{lead}. {meaning} Nothing is known of the token."), fix)
    }

    fn answered(&self, answer: &Answer) -> Words {
        let lead = self.lead("Answered", answer.status);
        let said = self.view.said;
        let meaning = said.and_then(|said| said.meaning.clone()).or_else(|| {
            said.and_then(|said| said.message.as_ref()).map(|message| format!("The server says {message:?}."))
        });
        let sentence = match meaning {
            Some(meaning) => format!("{lead}. {meaning} The token was not refused."),
            None => format!("{lead}. The token was not refused."),
        };
        (sentence, said.and_then(|said| said.fix.clone()).filter(|_| !self.met()))
    }

    fn unanswered(&self, error: &NoAnswer) -> Words {
        let url = &self.request.url;
        let host = url.host_str().unwrap_or_default();
        let sentence = match error {
            NoAnswer::Unsent { reason } => format!("Nothing was sent: {reason}."),
            NoAnswer::Dns { host } => format!("Could not reach the server: the name {host} is not known."),
            NoAnswer::Connect { host, port, reason } => format!("Could not reach the server: {host}:{port}, {reason}."),
            NoAnswer::Tls { reason, .. } if is_about_trust(reason) => {
                "Could not reach the server: its certificate is not trusted here.".to_owned()
            }
            NoAnswer::Tls { reason, .. } => format!("Could not make a secure connection to {host}: {reason}."),
            NoAnswer::Timeout { host, after } => format!("{host} did not answer within {}.", elapsed(*after)),
            NoAnswer::Broken { reason, .. } => format!("The answer of {host} broke off: {reason}."),
            NoAnswer::Cancelled => "Cancelled. Whether the server acted on it is not known.".to_owned(),
        };
        let sentence = match self.expectation {
            Some(expectation) => format!("{sentence} {} was expected.", expectation.wanted),
            None => sentence,
        };
        (sentence, error.hint().map(|hint| format!("{}.", capital(hint))))
    }

    /// The first gate at which the token fails by what is known here, and why.
    fn local_fault(&self) -> Option<(Gate, String)> {
        let local = self.view.local?;
        let gate = local.fault()?;
        let reason = match gate {
            Gate::Structure => &local.structure,
            Gate::Signature => &local.signature,
            Gate::Time => &local.time,
            Gate::Audience => &local.audience,
            _ => &local.scope,
        };
        match reason {
            Local::Bad(reason) => Some((gate, reason.clone())),
            _ => None,
        }
    }

    fn timing(&self) -> Option<Timing> {
        let token: TokenFacts<'_> = self.view.sent.token?;
        Some(token.timing(self.view.sent.at, self.server_now))
    }

    /// What else there is to say.
    pub(crate) fn notes(&self, endpoint: Option<&Endpoint>, json: bool) -> Vec<String> {
        let mut notes = Vec::new();
        let Ok(answer) = &self.view.exchange.outcome else { return notes };
        if let Some(skew) = self.skew.filter(|skew| skew.grade != SkewGrade::Fine) {
            notes.push(format!("{}.", capital(&skew.words())));
        }
        if answer.cut {
            notes.push(format!("The answer was cut after {}.", bytes(answer.body.len())));
        } else if !json && !answer.body.is_empty() && answer.status >= 300 {
            let kind = answer.header("content-type").map_or_else(|| "no content type".to_owned(), clip);
            let size = bytes(answer.body.len());
            notes
                .push(format!("The answer is not JSON ({kind}, {size}): a proxy or another server may have given it."));
        }
        if let (Kind::Accepted, Some(Local::Bad(reason)), Some(endpoint)) =
            (self.view.kind, self.view.local.map(|local| &local.scope), endpoint)
            && reason.starts_with(LACKS)
        {
            notes.push(format!("Accepted, though the token {reason}, which {} is said to need.", endpoint.label));
        }
        if self.view.said.is_some_and(|said| said.assumed) {
            notes.push("What this error means is an assumption.".to_owned());
        }
        notes
    }
}

/// Whether what TLS said is about the certificate.
fn is_about_trust(reason: &str) -> bool {
    let reason = reason.to_lowercase();
    ["certificate", "unknownissuer", "unknown issuer", "self-signed", "self signed"].iter().any(|w| reason.contains(w))
}

/// A size in the unit that reads best.
fn bytes(count: usize) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{}.{} kB", count / 1_000, count % 1_000 / 100),
        _ => format!("{}.{} MB", count / 1_000_000, count % 1_000_000 / 100_000),
    }
}

/// A text that begins a sentence.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
