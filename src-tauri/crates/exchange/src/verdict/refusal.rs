//! The words for a refusal: what is proved here, then what the server names, then a guess that says it is one.

use jose::time::span;
use provider::definition::{Fault, Remedy};

use super::{
    facts::{SignatureFact, Timing, TokenFacts},
    gate::Gate,
    local::{Flaw, Local, Merit},
    permission::Permission,
    words::{Teller, Words, capital},
};
use crate::{
    Answer,
    answer::{
        api_error::{ApiError, KnownBy},
        clock::Skew,
        named::NamedMember,
    },
};

/// The gate at which a fault stops a call.
fn gate_of(fault: Fault) -> Option<Gate> {
    match fault {
        Fault::Structure => Some(Gate::Structure),
        Fault::Key => Some(Gate::KeyKnown),
        Fault::Signature => Some(Gate::Signature),
        Fault::Time => Some(Gate::Time),
        Fault::Audience => Some(Gate::Audience),
        Fault::Scope => Some(Gate::Scope),
        _ => None,
    }
}

/// The cause of a 401.
enum Cause<'a> {
    /// The request carried no credential.
    Uncarried,
    /// The server recognised no credential, though the request carried one.
    Unseen,
    /// A fault that was found here, at this gate.
    Proved(Gate, &'a Flaw),
    /// A member of the token that the server's words name.
    Member(&'a NamedMember),
    /// What the server's error means.
    Named(&'a ApiError),
    /// The end that was noted with an opaque key passed so many seconds ago.
    KeyEnded(i64),
    /// What the server says, which means nothing that is known here.
    Message(&'a str),
    /// Nothing tells it.
    Open,
}

/// Why, and what to do.
type Reason = (Option<String>, Option<String>);

impl Teller<'_> {
    pub(crate) fn refused(&self, answer: &Answer) -> Words {
        let lead = self.lead("Refused", answer.status);
        let (cause, next) = match answer.status {
            403 => self.forbidden(),
            _ => self.unauthorized(),
        };
        let sentence = match cause {
            Some(cause) => format!("{lead}. {cause}"),
            None => match self.view.api_error.and_then(|api_error| api_error.message.as_ref()) {
                Some(message) => format!("{lead}. The server says no more than {message:?}. {}", self.guess()),
                None => format!("{lead}, and no reason given. {}", self.guess()),
            },
        };
        (sentence, next.filter(|_| !self.met()))
    }

    /// Why a 401, and what to do; no cause where it is open.
    fn unauthorized(&self) -> Reason {
        match self.cause_of_401() {
            Cause::Uncarried => {
                (Some("The request carried no token.".to_owned()), Some("Send it with a token.".to_owned()))
            }
            Cause::Unseen => self.unseen_credential(),
            Cause::Proved(gate, flaw) => self.proved(gate, flaw),
            Cause::Member(member) => self.named_member(member),
            Cause::Named(api_error) => (api_error.meaning.clone(), api_error.fix.clone()),
            Cause::KeyEnded(ago) => {
                let cause = format!("Most likely the key has expired: its end was noted as {} ago.", span(ago));
                (Some(cause), Some(format!("Make a new key at {}.", self.definition.name)))
            }
            Cause::Message(message) => {
                (Some(format!("The server says {message:?}.")), Some(self.next_after_bare_401()))
            }
            Cause::Open => (None, Some(self.next_after_bare_401())),
        }
    }

    /// The cause of a 401: what is proved here comes before what the server names, and that before a guess.
    fn cause_of_401(&self) -> Cause<'_> {
        let api_error = self.view.api_error;
        if !self.view.carried {
            return Cause::Uncarried;
        }
        let named = self.view.names();
        if named == Some(Fault::NoCredential) {
            return Cause::Unseen;
        }
        // A server that names another fault than the one found here looked at that one first, or does not mind the other.
        let agrees = |gate: Gate| gate != Gate::Scope && named.and_then(gate_of).is_none_or(|named| named == gate);
        if let Some((gate, flaw)) = self.local_fault().filter(|(gate, _)| agrees(*gate)) {
            return Cause::Proved(gate, flaw);
        }
        if let Some(member) = &self.view.member {
            return Cause::Member(member);
        }
        if let Some(api_error) = api_error.filter(|api_error| api_error.names.is_some()) {
            return Cause::Named(api_error);
        }
        // Only an opaque key has an end that was noted with it; a token tells its own.
        let sent = self.view.sent;
        if let Some(at) = sent.known.expires.filter(|at| sent.token.is_none() && *at <= sent.at) {
            return Cause::KeyEnded(sent.at.saturating_sub(at));
        }
        match api_error {
            Some(api_error) if self.tells(api_error.known_by) => Cause::Named(api_error),
            Some(ApiError { message: Some(message), known_by, .. }) if *known_by != KnownBy::Code => {
                Cause::Message(message)
            }
            _ => Cause::Open,
        }
    }

    /// The server's words about a member of the token, beside what was sent.
    fn named_member(&self, member: &NamedMember) -> Reason {
        let api_error = self.view.api_error;
        let known = api_error.filter(|it| it.known_by == KnownBy::Message || it.names == Some(member.fault));
        let meaning = known.and_then(|api_error| api_error.meaning.as_ref()).map(|meaning| format!("{meaning} "));
        let (said, sent) = (&member.said, capital(&member.sent));
        let cause = format!("{}The server says {said}. {sent}.", meaning.unwrap_or_default());
        let name = &member.name;
        let provider = &self.definition.name;
        let next = known.and_then(|api_error| api_error.fix.clone()).unwrap_or_else(|| match &member.wanted {
            _ if !self.definition.signs_here() => self.another_token().to_owned(),
            Some(wanted) => format!("Write {wanted:?} as {name:?}, as the recipe says, then send again."),
            None if member.fault == Fault::Time => "Sign a new token, then send again.".to_owned(),
            None if member.fault == Fault::Signature => {
                format!("Compare the key that {provider} has with the one that signs here, then send again.")
            }
            None => format!("Compare {name:?} with what {provider} asks for, then send again."),
        });
        (Some(cause), Some(next))
    }

    /// Whether an error that names no fault still tells the cause, by how its meaning was found.
    fn tells(&self, known_by: KnownBy) -> bool {
        // A code that is known and names nothing tells little of a token that was made and checked here; one that a flow gave
        // for it is the server's own.
        let was_issued = self.view.sent.token.is_none()
            && self.definition.flows.iter().any(|flow| flow.gives.contains_key("access"));
        match known_by {
            KnownBy::Message => true,
            KnownBy::Code => was_issued || !self.definition.signs_here(),
            KnownBy::Status | KnownBy::Nothing => false,
        }
    }

    /// What to do where the server recognised no credential, though the request carried one. Some servers mind the case of the
    /// scheme, which RFC 9110 §11.1 does not.
    fn unseen_credential(&self) -> Reason {
        let cause = "The server says that no credential came, though the request carried one.".to_owned();
        let next = match self.scheme() {
            Some(scheme) if scheme != "Bearer" && scheme.eq_ignore_ascii_case("bearer") => {
                format!("Write the word Bearer with a capital B: the request says {scheme}.")
            }
            _ => "See whether a proxy takes the Authorization field away, and whether the server wants another."
                .to_owned(),
        };
        (Some(cause), Some(next))
    }

    /// Whether the sentence about a 401 already says how far the clocks are apart.
    pub(crate) fn blames_skew(&self) -> bool {
        let is_401 = matches!(&self.view.exchange.outcome, Ok(answer) if answer.status == 401);
        is_401 && matches!(self.cause_of_401(), Cause::Proved(Gate::Time, flaw) if self.skew_behind(flaw).is_some())
    }

    /// The difference of the clocks, where it explains why the token is refused for its time.
    fn skew_behind(&self, flaw: &Flaw) -> Option<Skew> {
        let ahead = self.skew.map_or(0, |skew| skew.ahead);
        let explains = match self.timing()? {
            Timing::Early(by) => ahead > 0 && ahead >= by / 2,
            Timing::Over(_) => matches!(flaw, Flaw::Expired(..)) && ahead < 0,
            Timing::Inside => false,
        };
        self.skew.filter(|_| explains)
    }

    /// The word before the credential.
    pub(crate) fn scheme(&self) -> Option<&str> {
        self.request.shown_header("authorization")?.split(' ').next()
    }

    /// A fault that was found here.
    fn proved(&self, gate: Gate, flaw: &Flaw) -> Reason {
        let reason = flaw.to_string();
        let again = match self.definition.signs_here() {
            true => "Sign a new token, then send again.",
            false => self.another_token(),
        };
        let (cause, next) = match gate {
            Gate::Time => match (self.timing(), self.skew_behind(flaw)) {
                (Some(Timing::Early(_)), Some(skew)) => (format!("{}.", capital(&skew.words())), self.after_skew(skew)),
                (Some(Timing::Early(by)), None) => {
                    let cause = format!("The token begins {} after the server's clock.", span(by));
                    (cause, format!("Wait {}, or sign a token that begins now.", span(by)))
                }
                (Some(Timing::Over(_)), Some(skew)) => {
                    (format!("{}, and the token {reason}.", capital(&skew.words())), self.after_skew(skew))
                }
                (Some(Timing::Over(_)), None) if matches!(flaw, Flaw::Expired(..)) => {
                    (format!("The token {reason}."), again.to_owned())
                }
                (Some(Timing::Over(_)), None) => (format!("The token had {reason}."), again.to_owned()),
                _ => (format!("{}.", capital(&reason)), again.to_owned()),
            },
            Gate::Signature => (
                format!("{}.", capital(&reason)),
                "Sign the claims as they stand with the key of this environment, then send again.".to_owned(),
            ),
            Gate::KeyKnown => (
                format!("The header names another key: {reason}."),
                "Use the key's kid, or sign with the key that the kid names, then send again.".to_owned(),
            ),
            Gate::Audience => (format!("{}.", capital(&reason)), again.to_owned()),
            _ => {
                let cause = format!("The token breaks a rule of {}: {reason}.", self.definition.name);
                let told = self.view.api_error.filter(|api_error| api_error.known_by == KnownBy::Message);
                let correct = match self.definition.signs_here() {
                    true => "Correct the token, then send again.",
                    false => self.another_token(),
                };
                (cause, told.and_then(|api_error| api_error.fix.clone()).unwrap_or_else(|| correct.to_owned()))
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

    fn forbidden(&self) -> Reason {
        // Which scope it is that is missing is known better from the call.
        if let Some(member) = self.view.member.as_ref().filter(|member| member.fault != Fault::Scope) {
            return self.named_member(member);
        }
        let api_error = self.view.api_error;
        let fix = api_error.and_then(|api_error| api_error.fix.clone());
        if let Some(api_error) = api_error.filter(|api_error| !api_error.scopes.is_empty()) {
            let held = self.view.sent.token.map(|token| token.scopes).unwrap_or_default();
            let missing: Vec<&str> =
                api_error.scopes.iter().filter(|s| !held.contains(s)).map(String::as_str).collect();
            let add = (!missing.is_empty()).then(|| format!("Add {}, then send again.", missing.join(" ")));
            return (api_error.meaning.clone(), add.or(fix));
        }
        match self.view.local.map(|local| &local.scope) {
            Some(Local::Bad(flaw @ Flaw::Lacks(missing))) => {
                let cause = format!("Signed in, but this token {flaw}.");
                (Some(cause), Some(format!("Add {}, then send again.", missing.words())))
            }
            Some(Local::Bad(flaw)) => {
                let next = "Correct the scopes, then send again.".to_owned();
                (Some(format!("{}.", capital(&flaw.to_string()))), Some(next))
            }
            Some(Local::Good(Merit::Has(needs))) => {
                let has = needs.words();
                let cause = format!("Signed in, and the token has {has}. Likely a permission of the key or account.");
                (Some(cause), fix)
            }
            _ => self.forbidden_without_scopes(),
        }
    }

    /// A 403 where the credential does not say what it may do.
    fn forbidden_without_scopes(&self) -> Reason {
        let api_error = self.view.api_error;
        let fix = api_error.and_then(|api_error| api_error.fix.clone());
        let give =
            || Some(format!("Give the credential that permission at {}, or use another one.", self.definition.name));
        match &self.view.permission {
            Permission::Lacks(words) => {
                let cause = format!("Signed in, but this credential lacks {words}, by what the server said before.");
                (Some(cause), fix.or_else(give))
            }
            Permission::Needed(words) => {
                let cause = format!("Signed in, but not allowed. The call needs {words}.");
                (Some(cause), fix.or_else(give))
            }
            _ => {
                let meaning = api_error.and_then(|api_error| api_error.meaning.clone());
                (Some(meaning.unwrap_or_else(|| "Signed in, but not allowed.".to_owned())), fix)
            }
        }
    }

    /// What may be behind a 401 without a reason.
    fn guess(&self) -> String {
        let Some(token) = &self.view.sent.token else {
            return format!("Most likely the credential is not one of {}.", self.view.sent.environment);
        };
        if !self.definition.signs_here() {
            return "The server signed the token itself, so only the server can tell what is wrong with it.".to_owned();
        }
        if matches!(token.signature, SignatureFact::Unknown { .. }) {
            return "The signature could not be checked here.".to_owned();
        }
        let environment = self.view.sent.environment;
        match token.key.last_accepted {
            Some(at) => {
                let ago = span(self.view.sent.at.saturating_sub(at).max(0));
                format!(
                    "{environment} accepted this key {ago} ago and refuses it now. Most likely it was revoked there."
                )
            }
            // A shared secret has no public half that anybody could register.
            None if token.is_symmetric() => {
                format!("Most likely {environment} has another secret for this client, or none.")
            }
            None => format!("Most likely the key is not registered in {environment} yet."),
        }
    }

    /// How one comes by another token where the server signs them.
    fn another_token(&self) -> &'static str {
        match self.definition.on_unauthorized.as_ref().map(|remedy| remedy.remedy) {
            Some(Remedy::Refresh) => "Refresh it, or log in again, then send again.",
            Some(Remedy::Mint) => "Have a new one minted, then send again.",
            Some(Remedy::SignAgain) | None => "Get a new one, then send again.",
        }
    }

    fn next_after_bare_401(&self) -> String {
        let name = &self.definition.name;
        let fix = self.view.api_error.and_then(|api_error| api_error.fix.clone());
        let Some(token) = self.view.sent.token else {
            let compare = "Compare the credential with the one the provider shows, and the environment.";
            return fix.unwrap_or_else(|| compare.to_owned());
        };
        if !self.definition.signs_here() {
            return fix.unwrap_or_else(|| self.another_token().to_owned());
        }
        let right = "Everything that can be checked from here is right.";
        match token.key.last_accepted {
            _ if matches!(token.signature, SignatureFact::Unknown { .. }) => {
                fix.unwrap_or_else(|| format!("Compare the key with the one that {name} shows, and the environment."))
            }
            Some(_) => format!("{right} See at {name} whether the key is still active, or use another one."),
            None if token.is_symmetric() => format!("{right} Compare the secret with the one that {name} shows."),
            None => format!("{right} Add its public half at {name}, then send again."),
        }
    }

    /// The first gate at which the token fails by what is known here, and why.
    pub(crate) fn local_fault(&self) -> Option<(Gate, &Flaw)> {
        self.view.local?.fault()
    }

    fn timing(&self) -> Option<Timing> {
        let token: TokenFacts<'_> = self.view.sent.token?;
        Some(token.timing(self.view.sent.at, self.server_now))
    }
}
