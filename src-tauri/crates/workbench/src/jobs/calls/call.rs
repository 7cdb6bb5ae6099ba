//! The turns of a call: made ready, answered, renewed, sent once more.

use exchange::{After, Attempt, Authentication, Kind, Method, Renewal, Step, renewal_due};
use provider::CallFacts;

use super::{
    Answered, Execution,
    phase::{Continuation, Phase},
    revision,
};
use crate::{
    ground::{CallError, Error, ports::Ports},
    jobs::{
        drafts::read::read_as,
        issued_tokens,
        requests::{self, CallRequest, Carried, PreparedCall, SentCall},
        tokens,
    },
    policy::{
        authentication::{self, first_flow},
        consent::AGREED,
    },
    store::session::Session,
};

impl Execution {
    /// Prepares a call and makes ready to send it; where it lacks a token and is followed, to get one first.
    pub(super) fn with_call(
        mut self,
        session: &mut Session,
        request: &CallRequest,
        ports: &Ports,
    ) -> Result<Self, Error> {
        let asks = |terms| requests::ask(&self.signer, request, terms, ports);
        match (requests::prepare_as(session, &self.signer, request, &asks, ports), first_flow(&self.signer)) {
            (Err(Error::Call(CallError::NoToken { .. })), Some(flow)) if self.follow => {
                self.used = revision(session, &self.signer.credential_at())?;
                self.begin_flow(session, flow, Continuation::Prepare(Box::new(request.clone())), AGREED, ports)?;
            }
            (prepared, _) => self.begin_call(session, prepared?, ports)?,
        }
        Ok(self)
    }

    /// Makes ready to send a call; where its token is at its end, to renew that first.
    pub(super) fn begin_call(&mut self, session: &mut Session, call: PreparedCall, ports: &Ports) -> Result<(), Error> {
        let now = ports.clock.now();
        if call.auth == Authentication::SignedToken {
            self.note_signed(now);
        }
        self.used = revision(session, &self.signer.credential_at())?;
        // A token that was got a moment ago is tried before it is renewed.
        let issued = call.issued.as_ref().filter(|_| self.follow && !self.history.renewed);
        let due = issued.and_then(|it| renewal_due(self.signer.definition, it.expires, self.at_hand(Some(it)), now));
        if let Some(step) = &due {
            self.outcome.timeline.decided(now, step);
        }
        match due {
            Some(Step::Renew(renewal)) => self.renew(session, call, &renewal, ports)?,
            _ => self.calling(call),
        }
        Ok(())
    }

    /// The call goes out next.
    fn calling(&mut self, call: PreparedCall) {
        self.phase = Phase::Calling { call: Box::new(call), wait: None };
    }

    pub(super) fn take_call(
        &mut self,
        session: &mut Session,
        call: PreparedCall,
        answered: Answered,
        ports: &Ports,
    ) -> Result<(), Error> {
        let sent = self.judge(&call, answered);
        let attempt = Attempt::Call { endpoint: call.endpoint, auth: call.auth };
        let step = self.decide(session, attempt, &call.request, &sent.exchange, ports)?;
        self.remember(&step, &call.request, ports.clock.now());
        // A pasted token is nobody's here.
        let own = matches!(call.auth, Authentication::SignedToken | Authentication::IssuedToken | Authentication::Key);
        if own && sent.verdict.kind == Kind::Accepted {
            self.note_acceptance(session, sent.at, ports);
        }
        self.outcome.sent = Some(sent);
        match step {
            // The answer stands.
            Step::Done | Step::LogIn { .. } | Step::GiveUp { .. } => self.outcome.call = Some(call),
            // The server asked for patience, and the same request goes out after it.
            Step::Wait(wait) => self.phase = Phase::Calling { call: Box::new(call), wait: Some(wait) },
            // Another address, with the token only where it may go there.
            Step::Redirect(to) => self.calling(call.redirected(&to)),
            // The token was refused, and another one can be had.
            Step::Renew(renewal) => self.renew(session, call, &renewal, ports)?,
        }
        Ok(())
    }

    /// Writes an answer into the timeline, and says what it means.
    pub(super) fn judge(&mut self, call: &PreparedCall, Answered { at, exchange }: Answered) -> SentCall {
        self.outcome.timeline.sent(at, &call.request, &exchange);
        requests::judge(call, at, exchange)
    }

    /// Makes ready to renew the token of a call.
    fn renew(
        &mut self,
        session: &mut Session,
        call: PreparedCall,
        renewal: &Renewal,
        ports: &Ports,
    ) -> Result<(), Error> {
        let call = Box::new(call);
        match (&renewal.by, renewal.then) {
            (Method::Refresh { flow } | Method::Mint { flow } | Method::LogIn { flow }, then) => {
                let flow = authentication::named(self.signer.definition, flow)?;
                let after = match then {
                    After::Send => Continuation::Resend(call),
                    After::Ask => Continuation::Leave(call),
                };
                self.begin_flow(session, flow, after, AGREED, ports)
            }
            (Method::SignAgain, After::Send) => self.sign_again(session, *call, ports),
            // A call that changes something is not sent twice unasked, and a token alone is signed when it is.
            (Method::SignAgain, After::Ask) => {
                self.outcome.call = Some(*call);
                Ok(())
            }
        }
    }

    /// Signs another token for the same request, and makes ready to send it.
    fn sign_again(&mut self, session: &Session, call: PreparedCall, ports: &Ports) -> Result<(), Error> {
        let carried = match &self.draft {
            // The same claims were agreed to when the call was made ready.
            Some(draft) => {
                let reading = read_as(session, draft, &self.signer, AGREED, ports)?;
                let token = reading.signed()?;
                self.outcome.reading = Some(reading);
                Carried::Draft(token)
            }
            None => {
                let body = call.request.body.clear();
                let facts = CallFacts { method: &call.request.method, url: &call.request.url, body: &body };
                let signed = tokens::sign_as(session, &self.signer, &self.sign, Some(facts), |_| Ok(()), ports)?;
                Carried::Signed(Box::new(signed))
            }
        };
        self.note_signed(ports.clock.now());
        self.calling(call.carrying(session, &self.signer, carried, ports)?);
        Ok(())
    }

    /// Puts the newest token of the place in a call that was set aside, and makes ready to send it.
    pub(super) fn resend(&mut self, session: &Session, call: PreparedCall, ports: &Ports) -> Result<(), Error> {
        let owner = self.signer.credential_at();
        let (Some(token), Some(known)) =
            (issued_tokens::open(session, &owner)?.access, issued_tokens::known(session, &owner)?)
        else {
            // It was forgotten in between.
            self.outcome.call = Some(call);
            return Ok(());
        };
        self.used = revision(session, &owner)?;
        self.calling(call.carrying(session, &self.signer, Carried::Issued(token, known), ports)?);
        Ok(())
    }

    fn note_signed(&mut self, now: i64) {
        let words = format!("A token was signed with {}.", self.signer.credential.value.name);
        self.outcome.timeline.signed(now, words);
    }
}
