//! The words of a verdict: what happened, and what to do. Short, plain, and never a guess called a fact.

use std::time::Duration;

use jose::time::span;
use provider::{Definition, Endpoint, definition::EMULATOR_REASON, is_loopback};

use super::{
    Expectation, Kind,
    local::{Flaw, Local},
    view::{View, elapsed},
};
use crate::{
    Answer, Challenges, NoAnswer, PreparedRequest,
    answer::{
        clock::{Skew, SkewGrade},
        text::clip,
    },
    request::address::missing_slash,
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
    pub(crate) challenges: &'a Challenges,
}

/// What happened, and what to do.
pub(crate) type Words = (String, Option<String>);

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
    pub(crate) fn lead(&self, verb: &str, status: u16) -> String {
        match self.expectation {
            None => format!("{verb} with {status}"),
            Some(expectation) if expectation.is_met() => format!("{verb} with {status}, as expected"),
            Some(expectation) => format!("{verb} with {status}, where {} was expected", expectation.wanted),
        }
    }

    pub(crate) fn met(&self) -> bool {
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
                    Some((_, flaw)) => {
                        let it = if flaw.wants_subject() { "it " } else { "" };
                        format!("A careful server refuses this token: {it}{flaw}.")
                    }
                    None => "By all that can be checked from here, the token is right.".to_owned(),
                });
                (sentence, next)
            }
        }
    }

    fn redirected(&self, answer: &Answer) -> Words {
        let lead = self.lead("Answered", answer.status);
        let Some(location) = answer.header("location") else {
            return (format!("{lead}, a redirect that names no address."), None);
        };
        let to = self.request.url.join(location);
        let shown = to.as_ref().map_or_else(|_| clip(location), |url| clip(url.as_str()));
        let same = to.as_ref().is_ok_and(|url| url.origin() == self.request.url.origin());
        let next = match same {
            true => match to.ok().and_then(|to| missing_slash(&self.request.url, &to)) {
                Some(path) => format!("Only the slash at the end is missing: write {path}."),
                None => "If that is the right place, correct the path.".to_owned(),
            },
            false => {
                "That is another origin, and the token was not sent there. If it is right, correct the base address."
                    .to_owned()
            }
        };
        (format!("{lead}: redirected to {shown}, not followed."), Some(next))
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
        let meaning = self.view.api_error.and_then(|api_error| api_error.meaning.clone());
        let meaning = meaning.unwrap_or_else(|| "The server failed.".to_owned());
        let fix = self.view.api_error.and_then(|api_error| api_error.fix.clone());
        (format!("{lead}. {meaning} Nothing is known of the token."), fix)
    }

    fn answered(&self, answer: &Answer) -> Words {
        let lead = self.lead("Answered", answer.status);
        let api_error = self.view.api_error;
        let meaning = api_error.and_then(|api_error| api_error.meaning.clone());
        // A meaning speaks of the server's words, and a fix of what they name.
        let said = api_error.and_then(|api_error| api_error.message.as_ref());
        let said = said
            .map(|message| format!("{message:?}"))
            .filter(|said| !meaning.as_ref().is_some_and(|it| it.contains(said)));
        let said = said.map(|said| format!("The server says {said}."));
        // Of an opaque credential nobody knows: token endpoints refuse one with 400 (RFC 6749 §5.2).
        let token = self.view.sent.token.map(|_| "The token was not refused.".to_owned());
        let known = [Some(format!("{lead}.")), meaning, said, token];
        let sentence = known.into_iter().flatten().collect::<Vec<_>>().join(" ");
        (sentence, api_error.and_then(|api_error| api_error.fix.clone()).filter(|_| !self.met()))
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

    /// What else there is to say.
    pub(crate) fn notes(&self, endpoint: Option<&Endpoint>, json: bool) -> Vec<String> {
        let mut notes = Vec::new();
        let Ok(answer) = &self.view.exchange.outcome else { return notes };
        if let Some(skew) = self.skew.filter(|skew| skew.grade != SkewGrade::Fine && !self.blames_skew()) {
            notes.push(format!("{}.", capital(&skew.words())));
        }
        notes.extend(self.emulators_reason(answer));
        notes.extend(self.other_scheme(answer.status));
        if let Some(at) = self.challenges.malformed_at {
            notes.push(format!("WWW-Authenticate is not as it should be from character {at} on."));
        }
        if answer.cut {
            notes.push(format!("The answer was cut after {}.", bytes(answer.body.len())));
        } else if !json && !answer.body.is_empty() && answer.status >= 300 {
            let kind = answer.header("content-type").map_or_else(|| "no content type".to_owned(), clip);
            let size = bytes(answer.body.len());
            notes
                .push(format!("The answer is not JSON ({kind}, {size}): a proxy or another server may have given it."));
        }
        if let (Kind::Accepted, Some(Local::Bad(flaw @ Flaw::Lacks(_))), Some(endpoint)) =
            (self.view.kind, self.view.local.map(|local| &local.scope), endpoint)
        {
            notes.push(format!("Accepted, though the token {flaw}, which {} is said to need.", endpoint.label));
        }
        if self.view.api_error.is_some_and(|api_error| api_error.assumed) {
            notes.push("What this error means is an assumption.".to_owned());
        }
        notes
    }
}

impl Teller<'_> {
    /// Why the emulator refused, which it alone says. A server elsewhere that writes such a field is not believed.
    fn emulators_reason(&self, answer: &Answer) -> Option<String> {
        let reason = answer.header(EMULATOR_REASON).filter(|_| is_loopback(&self.request.url))?;
        Some(format!("Emulator: {}.", clip(reason).trim_end_matches('.')))
    }

    /// A 401 that asks for another scheme than the one that was sent.
    fn other_scheme(&self, status: u16) -> Option<String> {
        let sent = self.scheme().filter(|_| status == 401)?;
        let wanted = &self.challenges.list;
        if wanted.is_empty() || wanted.iter().any(|challenge| challenge.is(sent)) {
            return None;
        }
        let names: Vec<String> = wanted.iter().map(|challenge| clip(&challenge.scheme)).collect();
        Some(format!("The server asks for {}, and the request carries {sent}.", names.join(" or ")))
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
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
