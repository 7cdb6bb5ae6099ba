//! The turns of a flow: begun under the refresh lock, answered, its tokens kept, the call that waited for them resumed.

use exchange::{
    ApiError, Attempt, CallVerdict, Known, Method, NotObtained, Obtained, PreparedRequest, Renewal, Sent, Step,
    brief_json, obtained, redirected,
};
use provider::{
    Seconds,
    definition::{Flow, FlowKind},
};

use super::{
    Answered, Execution,
    phase::{Continuation, FlowLock, Phase},
    revision,
};
use crate::{
    ground::{Error, ports::Ports},
    jobs::{
        flows, issued_tokens,
        requests::{self, CallRequest},
    },
    policy::{
        authentication,
        consent::{AGREED, Asks},
        signer::{SignRequest, Signer},
    },
    store::{records::IssuedTokens, session::Session},
};

/// A flow that went out: its definition, its request, and how it stood to the refresh lock.
type Underway = (&'static Flow, PreparedRequest, FlowLock);

impl Execution {
    /// Makes ready to send a flow; where another execution gets the tokens of the credential, to wait for that. That is also one of
    /// another program: two refreshes at once would use one refresh token twice, and a server that rotates them ends the session.
    pub(super) fn begin_flow(
        &mut self,
        session: &mut Session,
        flow: &'static Flow,
        after: Continuation,
        asks: Asks<'_>,
        ports: &Ports,
    ) -> Result<(), Error> {
        let alone = flow.single_flight || flow.kind == FlowKind::Refresh || after.then().is_some();
        let lock = match alone.then(|| session.lock_refresh(&self.signer.credential)).transpose()? {
            None => FlowLock::Unwanted,
            Some(None) => FlowLock::Awaited,
            Some(Some(lock)) => FlowLock::Held { _lock: lock },
        };
        self.fly(session, (flow, lock), after, asks, ports)
    }

    /// Tries again to have the lock that a flow waits for.
    pub(super) fn look_for_lock(
        &mut self,
        session: &mut Session,
        (flow, request): (&'static Flow, PreparedRequest),
        after: Continuation,
        ports: &Ports,
    ) -> Result<(), Error> {
        match session.lock_refresh(&self.signer.credential)? {
            Some(lock) => self.fly(session, (flow, FlowLock::Held { _lock: lock }), after, AGREED, ports),
            None => {
                self.phase = Phase::InFlow { flow, request, after, lock: FlowLock::Awaited, wait: None };
                Ok(())
            }
        }
    }

    /// Makes a flow ready that stands to the lock like this. What the holder before it sealed is taken in place of it.
    fn fly(
        &mut self,
        session: &mut Session,
        (flow, lock): (&'static Flow, FlowLock),
        after: Continuation,
        asks: Asks<'_>,
        ports: &Ports,
    ) -> Result<(), Error> {
        let mut after = after;
        if let FlowLock::Held { .. } = lock {
            self.look_again(session)?;
            match self.take_newer(session, after, ports)? {
                Some(still) => after = still,
                None => return Ok(()),
            }
        }
        let sign = self.asked(&after, issued_tokens::known(session, &self.signer.credential_at())?);
        let request = flows::prepare(session, &self.signer, flow, &sign, self.emulator.as_deref(), asks, ports)?;
        self.phase = Phase::InFlow { flow, request, after, lock, wait: None };
        Ok(())
    }

    /// Goes on with tokens that another execution sealed since this one looked, if it waits for some; nothing is left then.
    fn take_newer(
        &mut self,
        session: &mut Session,
        after: Continuation,
        ports: &Ports,
    ) -> Result<Option<Continuation>, Error> {
        let owner = self.signer.credential_at();
        let fits = |known: &IssuedTokens| known.access && authentication::fits(known, &self.signer, &self.sign);
        if revision(session, &owner)? == self.used
            || !issued_tokens::known(session, &owner)?.is_some_and(|it| fits(&it))
        {
            return Ok(Some(after));
        }
        let note = "Another call had got a new token meanwhile, so that one is taken.";
        match after {
            Continuation::Nothing => return Ok(Some(after)),
            Continuation::Token => {}
            Continuation::Leave(call) => {
                self.outcome.timeline.note(note);
                self.outcome.call = Some(*call);
            }
            Continuation::Resend(call) => {
                self.outcome.timeline.note(note);
                self.resend(session, *call, ports)?;
            }
            Continuation::Prepare(request) => self.prepare_with_token(session, &request, ports)?,
        }
        Ok(None)
    }

    /// Makes the call that could not be prepared without a token.
    fn prepare_with_token(&mut self, session: &mut Session, request: &CallRequest, ports: &Ports) -> Result<(), Error> {
        let call = requests::prepare_as(session, &self.signer, request, AGREED, ports)?;
        self.history.renewed = true;
        self.begin_call(session, call, ports)
    }

    /// What a flow is asked for: what the person chose, and where a token is renewed, what that one was got with.
    fn asked(&self, after: &Continuation, issued: Option<IssuedTokens>) -> SignRequest {
        let mut sign = self.sign.clone();
        if let (Continuation::Resend(_) | Continuation::Leave(_), Some(issued)) = (after, issued) {
            let lived = issued.expires.and_then(|expires| u64::try_from(expires.saturating_sub(issued.received)).ok());
            sign.scopes = sign.scopes.or(issued.scopes);
            sign.ttl = sign.ttl.or(lived.map(Seconds));
        }
        sign
    }

    pub(super) fn take_flow(
        &mut self,
        session: &mut Session,
        (flow, request, lock): Underway,
        after: Continuation,
        answered: &Answered,
        ports: &Ports,
    ) -> Result<(), Error> {
        let now = ports.clock.now();
        let using = flows::using(&self.signer, flow);
        self.outcome.timeline.flow(answered.at, flow, using.as_deref(), &request, &answered.exchange);
        let attempt = Attempt::Flow { flow, then: after.then().filter(|_| self.follow) };
        let step = self.decide(session, attempt, &request, &answered.exchange, ports)?;
        self.remember(&step, &request, now);
        match (step, after) {
            (Step::Done, after) => self.obtain(session, (flow, &request), after, answered, ports),
            (Step::Wait(wait), after) => {
                self.phase = Phase::InFlow { flow, request, after, lock, wait: Some(wait) };
                Ok(())
            }
            (Step::Redirect(to), after) => {
                self.phase = Phase::InFlow { flow, request: redirected(request, &to), after, lock, wait: None };
                Ok(())
            }
            // The session is over, and another one begins under the same lock.
            (Step::Renew(Renewal { by: Method::LogIn { flow }, .. }), after) => {
                let flow = authentication::named(self.signer.definition, &flow)?;
                self.fly(session, (flow, lock), after, AGREED, ports)
            }
            // It came to nothing, and that stands.
            (step, after) => {
                self.outcome.failed = step.why().map(str::to_owned);
                self.outcome.call = after.into_call();
                Ok(())
            }
        }
    }

    /// Keeps what a flow gave, and goes on with what was waiting for it.
    fn obtain(
        &mut self,
        session: &mut Session,
        (flow, request): (&'static Flow, &PreparedRequest),
        after: Continuation,
        answered: &Answered,
        ports: &Ports,
    ) -> Result<(), Error> {
        let now = ports.clock.now();
        let Ok(answer) = &answered.exchange.outcome else {
            self.outcome.failed =
                answered.exchange.outcome.as_ref().err().map(|error| format!("{}: {error}.", flow.label));
            self.outcome.call = after.into_call();
            return Ok(());
        };
        let obtained = match obtained(flow, answer, now) {
            Ok(obtained) => obtained,
            Err(error) => {
                self.outcome.failed = Some(self.nothing_obtained(flow, request, &error, answered));
                self.outcome.call = after.into_call();
                return Ok(());
            }
        };
        obtained.words(now).iter().for_each(|words| self.outcome.timeline.note(words));
        self.outcome.verified = obtained.valid;
        self.keep(session, flow, &after, &obtained, ports)?;
        // A flow that authenticates with the credential itself shows that the server takes it.
        if flows::using(&self.signer, flow).is_some() && flow.kind != FlowKind::Register {
            self.note_acceptance(session, answered.at, ports);
        }
        match after {
            Continuation::Nothing | Continuation::Token => Ok(()),
            Continuation::Leave(call) => {
                self.outcome.call = Some(*call);
                Ok(())
            }
            Continuation::Resend(call) => self.resend(session, *call, ports),
            Continuation::Prepare(request) => self.prepare_with_token(session, &request, ports),
        }
    }

    /// Why a flow that was answered gave nothing, a sentence.
    fn nothing_obtained(
        &mut self,
        flow: &Flow,
        request: &PreparedRequest,
        error: &NotObtained,
        answered: &Answered,
    ) -> String {
        if let NotObtained::Status { .. } = error {
            return refusal(&self.signer, flow, request, answered);
        }
        let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
        self.outcome.timeline.note(&format!("It gave nothing: {error}."));
        format!("{} gave nothing: {error}{hint}.", flow.label)
    }

    fn keep(
        &mut self,
        session: &mut Session,
        flow: &Flow,
        after: &Continuation,
        obtained: &Obtained,
        ports: &Ports,
    ) -> Result<(), Error> {
        let owner = self.signer.credential_at();
        match flow.kind {
            FlowKind::LogOut => drop(issued_tokens::forget(session, &owner, ports)?),
            FlowKind::Verify => issued_tokens::learn(session, &owner, obtained, ports)?,
            _ if obtained.access.is_none() => {}
            _ => {
                let asked = self.asked(after, issued_tokens::known(session, &owner)?).scopes;
                let scopes = asked.as_deref().or(self.signer.profile.value.scopes.as_deref());
                issued_tokens::keep(session, &owner, scopes, obtained, ports)?;
            }
        }
        self.outcome.issued = issued_tokens::known(session, &owner)?;
        Ok(())
    }
}

/// Why a flow was refused, in the server's words and the provider's.
fn refusal(signer: &Signer<'static>, flow: &Flow, request: &PreparedRequest, answered: &Answered) -> String {
    let environment = &signer.environment.label;
    let sent = Sent { environment, at: answered.at, expected: None, token: None, known: Known::default() };
    let CallVerdict { sentence, next, api_error, notes, .. } =
        exchange::assess(signer.definition, None, request, &answered.exchange, &sent);
    // The sentence may hold the message already, and nothing else of the error is shown of a flow.
    let told = |error: &ApiError| error.message.as_ref().is_some_and(|said| sentence.contains(&format!("{said:?}")));
    let said = api_error.filter(|error| !told(error) || !error.details.is_empty()).and_then(|error| error.said());
    let whole =
        || answered.exchange.outcome.as_ref().ok().and_then(brief_json).map(|json| format!("It answers {json}."));
    let said = match said {
        Some(said) => Some(format!("The server says {said}.")),
        None if sentence.contains("The server says") => None,
        None => whole(),
    };
    let words = [Some(format!("{}: {sentence}", flow.label)), said, next];
    words.into_iter().flatten().chain(notes).collect::<Vec<_>>().join(" ")
}
