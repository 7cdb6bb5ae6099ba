//! The turns of a flow: begun under the refresh lock, answered, its tokens kept, the call that waited for them resumed.

use std::sync::Arc;

use exchange::{Attempt, Known, NotObtained, Obtained, PreparedRequest, Sent, Step, obtained, redirected};
use provider::{
    Seconds,
    definition::{Flow, FlowKind},
};

use super::{
    Answered, Execution,
    phase::{Continuation, Phase},
    revision,
};
use crate::{
    ground::{Error, ports::Ports},
    jobs::{
        flows, issued_tokens,
        requests::{self, PreparedCall},
    },
    policy::{
        consent::{AGREED, Asks},
        signer::{SignRequest, Signer},
    },
    store::{records::IssuedTokens, session::Session},
};

/// How often one looks whether another program sealed the tokens that it got: a second in all.
const LOOKS: u32 = 20;

/// A flow that went out: its definition, its request, and the refresh lock that it held.
type Underway = (&'static Flow, PreparedRequest, Option<Arc<()>>);

impl Execution {
    /// Makes ready to send a flow; where another execution refreshes the tokens of the place, to wait for that.
    pub(super) fn begin_flow(
        &mut self,
        session: &mut Session,
        flow: &'static Flow,
        after: Continuation,
        asks: Asks<'_>,
        ports: &Ports,
    ) -> Result<(), Error> {
        let owner = self.signer.credential_at();
        let newer = revision(session, &owner)?.is_some_and(|newer| self.used.is_some_and(|used| used != newer));
        let after = match after {
            Continuation::Resend(call) if flow.single_flight && newer => {
                self.outcome.timeline.note("Another call had renewed it meanwhile, so that token is taken.");
                return self.resend(session, *call);
            }
            after => after,
        };
        // Two refreshes at once would use one refresh token twice, and a server that rotates them ends the session then.
        let lock = if flow.single_flight { session.lock_refresh(&owner) } else { None };
        let sign = self.asked(&after, issued_tokens::known(session, &owner)?);
        let request = flows::prepare(session, &self.signer, flow, &sign, self.emulator.as_deref(), asks, ports)?;
        self.phase = Phase::InFlow { flow, request, after, lock, wait: None };
        Ok(())
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
        let step = self.decide(session, Attempt::Flow(flow), &request, &answered.exchange, ports)?;
        // A refusal is written once it is known to stand.
        if let Step::Wait(_) | Step::Redirect(_) = step {
            self.remember(&step, &request, now);
        }
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
            // Another program may have used the refresh token up, and be about to seal what it got.
            (refusal @ Step::LogIn { .. }, Continuation::Resend(call)) => {
                self.look_elsewhere(session, call, refusal, LOOKS, ports)
            }
            (step, after) => {
                self.fail(&step, after.into_call(), now);
                Ok(())
            }
        }
    }

    /// A flow came to nothing, and that stands.
    fn fail(&mut self, step: &Step, call: Option<PreparedCall>, now: i64) {
        self.outcome.timeline.decided(now, step);
        self.outcome.failed = step.why().map(str::to_owned);
        self.outcome.call = call;
    }

    /// Takes the token that another program sealed meanwhile, or waits for it; in the end the refusal stands.
    pub(super) fn look_elsewhere(
        &mut self,
        session: &Session,
        call: Box<PreparedCall>,
        refusal: Step,
        looks: u32,
        ports: &Ports,
    ) -> Result<(), Error> {
        if revision(session, &self.signer.credential_at())? != self.used {
            self.outcome.timeline.note("Another program had renewed it meanwhile, so that token is taken.");
            return self.resend(session, *call);
        }
        match looks.checked_sub(1) {
            Some(looks) => self.phase = Phase::AwaitingOther { call, refusal, looks },
            None => self.fail(&refusal, Some(*call), ports.clock.now()),
        }
        Ok(())
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
            Continuation::Nothing => Ok(()),
            Continuation::Leave(call) => {
                self.outcome.call = Some(*call);
                Ok(())
            }
            Continuation::Resend(call) => self.resend(session, *call),
            Continuation::Prepare(request) => {
                let call = requests::prepare_as(session, &self.signer, &request, AGREED, ports)?;
                self.history.renewed = true;
                self.begin_call(session, call, ports)
            }
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
    let verdict = exchange::assess(signer.definition, None, request, &answered.exchange, &sent);
    let next = verdict.next.map(|next| format!(" {next}")).unwrap_or_default();
    format!("{}: {}{next}", flow.label, verdict.sentence)
}
