//! Calls and flows under way: what was sent, what came, and what follows from it, until an answer stands.
//!
//! A [`Run`] goes in turns. [`Run::turn`] says what its driver does next: send ([`Run::send`], which needs no open vault) and
//! hand the answer in ([`Run::take`]), or wait and say so ([`Run::waited`]). What follows is decided by [`exchange::next`];
//! here it is done: a token signed, refreshed or minted, kept, and the call sent once more. Without the person's wish to
//! follow, a run is one request.

use std::sync::Arc;

use exchange::{
    By, CallAuth, Doing, Exchange, Known, NotObtained, Obtained, PreparedRequest, RefreshToken, Renewal, Sent,
    Situation, SoFar, Step, Then, Timeline, Transport, next, obtained, redirected, renewal_due, with_token,
};
use provider::{
    CallFacts, Seconds,
    definition::{Flow, FlowKind},
};
use vault::Revision;

use crate::{
    ground::{
        Error,
        ports::{Cancel, Ports},
    },
    jobs::{
        drafts,
        flows::{self, FlowRequest},
        given,
        requests::{self, CallRequest, PreparedCall, SentCall},
        tokens,
    },
    policy::{
        authentication,
        signer::{self, SignRequest, Signer},
    },
    store::{
        draft::Draft,
        records::{At, GivenTokens},
        session::Session,
    },
};

/// How long one waits for the refresh of another call before looking again, in milliseconds.
const LOOK_AGAIN: u64 = 50;

/// How often one looks whether another program sealed the tokens that it got: a second in all.
const LOOKS: u32 = 20;

/// What the driver of a run does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Send, and hand the answer in.
    Send,
    /// Wait, and say so.
    Wait {
        /// For how long.
        milliseconds: u64,
        /// Why, a sentence; nothing where it is too short to be told.
        why: Option<String>,
    },
    /// Nothing: the run is at its end.
    Done,
}

/// An answer, or that there is none, and when the request went out.
pub struct Answered {
    at: i64,
    exchange: Exchange,
}

/// A call or a flow under way.
pub struct Run {
    sign: SignRequest,
    /// What is signed again where the person typed it.
    draft: Option<Draft>,
    emulator: Option<String>,
    follow: bool,
    /// The call: being sent, or set aside while a flow gets its token.
    call: Option<PreparedCall>,
    /// The flow that is being sent.
    flow: Option<(&'static Flow, PreparedRequest)>,
    then: After,
    so_far: SoFar,
    timeline: Timeline,
    turn: Turn,
    /// The tokens of the place as they were when the request was made.
    used: Option<Revision>,
    /// The refresh was refused, and another program may be about to seal what it got: how it ends, and how often one still
    /// looks.
    refused: Option<(Step, u32)>,
    /// Held while nobody else may refresh the tokens of this place.
    alone: Option<Arc<()>>,
    sent: Option<SentCall>,
    given: Option<GivenTokens>,
    verified: Option<bool>,
    failed: Option<String>,
}

/// What a run does after a flow.
enum After {
    /// Nothing: the flow was the point.
    Nothing,
    /// It makes the call, which could not be prepared without a token.
    Prepare(Box<CallRequest>),
    /// It sends the call that was set aside, with the new token.
    Resend,
    /// Nothing: the person sends the call again.
    Leave,
}

/// What came of a run.
pub struct Ran {
    /// Everything that happened, in order.
    pub timeline: Timeline,
    /// The call; nothing if the run was a flow, or came to no call.
    pub call: Option<PreparedCall>,
    /// Its last answer, and what that means.
    pub sent: Option<SentCall>,
    /// What is known of the tokens that came.
    pub given: Option<GivenTokens>,
    /// Whether the server takes the token for valid, where that was asked.
    pub verified: Option<bool>,
    /// Why a flow gave nothing, a sentence.
    pub failed: Option<String>,
}

impl Ran {
    /// Whether it came to what was wanted: a call to the answer that was wanted, a flow to what it gives.
    pub fn is_as_wanted(&self) -> bool {
        match &self.sent {
            Some(sent) => sent.verdict.is_as_wanted(),
            None => self.failed.is_none() && self.verified != Some(false),
        }
    }
}

impl Run {
    /// Begins a call. Asks before anything live. With `follow`, a token that is missing or at its end is got first.
    pub fn call(session: &mut Session, request: &CallRequest, follow: bool, ports: &Ports) -> Result<Self, Error> {
        // Another program may have got other tokens meanwhile.
        session.refresh()?;
        let signer = signer(session, &request.sign)?;
        requests::ask(&signer, request, ports)?;
        let mut run = Self::new(&request.sign, request.emulator.clone(), follow);
        let prepared =
            match (requests::prepare_as(session, &signer, request, ports), authentication::first_flow(&signer)) {
                (Err(Error::NoToken { .. }), Some(flow)) if follow => {
                    run.then = After::Prepare(Box::new(request.clone()));
                    run.begin_flow(session, &signer, flow, ports)?;
                    return Ok(run);
                }
                (prepared, _) => prepared?,
            };
        run.begin_call(session, &signer, prepared, ports)?;
        Ok(run)
    }

    /// Begins the call of a draft that was signed already.
    pub(crate) fn of_draft(
        session: &mut Session,
        draft: &Draft,
        mut prepared: PreparedCall,
        follow: bool,
        ports: &Ports,
    ) -> Result<Self, Error> {
        let sign = draft.sign_request();
        let signer = signer(session, &sign)?;
        // It was handed in as text, but it can be signed again.
        prepared.auth = CallAuth::Token;
        let mut run = Self { draft: Some(draft.clone()), ..Self::new(&sign, None, follow) };
        run.timeline.signed(ports.clock.now(), signed_with(&signer));
        run.begin_call(session, &signer, prepared, ports)?;
        Ok(run)
    }

    /// Begins a flow. Asks before anything live.
    pub fn flow(session: &mut Session, request: &FlowRequest, follow: bool, ports: &Ports) -> Result<Self, Error> {
        session.refresh()?;
        let signer = signer(session, &request.sign)?;
        let flow = authentication::named(signer.definition, &request.flow)?;
        let (kind, act) = flows::live_act(flow);
        signer::consent(&signer, kind, &act, ports)?;
        let mut run = Self::new(&request.sign, request.emulator.clone(), follow);
        run.begin_flow(session, &signer, flow, ports)?;
        Ok(run)
    }

    /// What to do next.
    pub fn turn(&self) -> &Turn {
        &self.turn
    }

    /// What happened so far.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Sends what is ready. No vault is needed.
    pub fn send(&self, transport: &Transport, cancel: &Cancel, ports: &Ports) -> Answered {
        let at = ports.clock.now();
        let exchange = match self.request() {
            Some(request) => ports.http.send(request, transport, cancel),
            None => Exchange { outcome: Err(exchange::NoAnswer::Cancelled), timeline: Vec::new() },
        };
        Answered { at, exchange }
    }

    /// Takes what came, decides what follows, and makes ready for it.
    pub fn take(&mut self, session: &mut Session, answered: Answered, ports: &Ports) -> Result<(), Error> {
        self.turn = Turn::Done;
        session.refresh()?;
        let signer = signer(session, &self.sign)?;
        let done = match self.flow.take() {
            Some((flow, request)) => self.take_flow(session, &signer, flow, request, &answered, ports),
            None => self.take_call(session, &signer, answered, ports),
        };
        if self.flow.is_none() {
            self.alone = None;
        }
        done
    }

    /// Goes on after a wait.
    pub fn waited(&mut self, session: &mut Session, ports: &Ports) -> Result<(), Error> {
        self.turn = Turn::Send;
        if self.refused.is_some() {
            session.refresh()?;
            let signer = signer(session, &self.sign)?;
            return self.look_elsewhere(session, &signer, ports);
        }
        if self.alone.is_none()
            && let Some((flow, _)) = self.flow.take_if(|(flow, _)| flow.single_flight)
        {
            let signer = signer(session, &self.sign)?;
            return self.begin_flow(session, &signer, flow, ports);
        }
        Ok(())
    }

    /// Ends the run as it stands.
    pub fn end(self) -> Ran {
        let Self { timeline, call, sent, given, verified, failed, .. } = self;
        Ran { timeline, call, sent, given, verified, failed }
    }

    fn new(sign: &SignRequest, emulator: Option<String>, follow: bool) -> Self {
        Self {
            sign: sign.clone(),
            draft: None,
            emulator,
            follow,
            call: None,
            flow: None,
            then: After::Nothing,
            so_far: SoFar::default(),
            timeline: Timeline::default(),
            turn: Turn::Send,
            used: None,
            refused: None,
            alone: None,
            sent: None,
            given: None,
            verified: None,
            failed: None,
        }
    }

    fn request(&self) -> Option<&PreparedRequest> {
        self.flow.as_ref().map(|(_, request)| request).or(self.call.as_ref().map(|call| &call.request))
    }

    /// Makes ready to send a call; where its token is at its end, to renew that first.
    fn begin_call(
        &mut self,
        session: &mut Session,
        signer: &Signer<'static>,
        call: PreparedCall,
        ports: &Ports,
    ) -> Result<(), Error> {
        let now = ports.clock.now();
        if call.signed.is_some() {
            self.timeline.signed(now, signed_with(signer));
        }
        self.used = revision(session, &signer.at())?;
        let given = call.given.clone().filter(|_| self.follow && !self.so_far.renewed);
        self.call = Some(call);
        self.turn = Turn::Send;
        let due = given.and_then(|given| renewal_due(signer.definition, given.expires, given.refresh_token(), now));
        if let Some(step) = due {
            self.timeline.decided(now, &step);
            if let Step::Renew(renewal) = step {
                return self.renew(session, signer, &renewal, ports);
            }
        }
        Ok(())
    }

    /// Makes ready to send a flow; where nobody else may at the same time, to wait for the other one.
    fn begin_flow(
        &mut self,
        session: &mut Session,
        signer: &Signer<'static>,
        flow: &'static Flow,
        ports: &Ports,
    ) -> Result<(), Error> {
        let at = signer.at();
        if flow.single_flight {
            let newer = revision(session, &at)?.filter(|newer| self.used.is_some_and(|used| used != *newer));
            if newer.is_some() && matches!(self.then, After::Resend) {
                self.timeline.note("Another call had renewed it meanwhile, so that token is taken.");
                return self.resend(session, signer);
            }
            if self.alone.is_none() {
                self.alone = session.board(&at);
            }
        }
        let sign = self.as_before(given::at(session, &at)?);
        let request = flows::prepare(session, signer, flow, &sign, self.emulator.as_deref(), ports)?;
        let waits = flow.single_flight && self.alone.is_none();
        self.flow = Some((flow, request));
        self.turn = if waits { Turn::Wait { milliseconds: LOOK_AGAIN, why: None } } else { Turn::Send };
        Ok(())
    }

    /// What a flow is asked for: what the person chose, and where a token is renewed, what that one was got with.
    fn as_before(&self, given: Option<GivenTokens>) -> SignRequest {
        let mut sign = self.sign.clone();
        if let (After::Resend | After::Leave, Some(given)) = (&self.then, given) {
            let lived = given.expires.and_then(|expires| u64::try_from(expires.saturating_sub(given.given)).ok());
            sign.scopes = sign.scopes.or(given.scopes);
            sign.ttl = sign.ttl.or(lived.map(Seconds));
        }
        sign
    }

    fn take_call(
        &mut self,
        session: &mut Session,
        signer: &Signer<'static>,
        answered: Answered,
        ports: &Ports,
    ) -> Result<(), Error> {
        let Some(call) = &self.call else { return Ok(()) };
        let Answered { at, exchange } = answered;
        self.timeline.sent(at, &call.request, &exchange);
        let sent = requests::judge(call, at, exchange);
        let doing = Doing::Call { endpoint: call.endpoint, auth: call.auth };
        let step = self.decide(session, signer, doing, &call.request, &sent.exchange, ports)?;
        self.so_far = std::mem::take(&mut self.so_far).and(&step, &call.request);
        self.timeline.decided(ports.clock.now(), &step);
        self.sent = Some(sent);
        match step {
            Step::Done | Step::LogIn { .. } | Step::GiveUp { .. } => Ok(()),
            Step::Wait(wait) => {
                self.turn = Turn::Wait { milliseconds: wait.milliseconds, why: Some(wait.why) };
                Ok(())
            }
            Step::Redirect(to) => {
                if let Some(mut call) = self.call.take() {
                    call.request = redirected(call.request, &to);
                    self.call = Some(call);
                }
                self.turn = Turn::Send;
                Ok(())
            }
            Step::Renew(renewal) => self.renew(session, signer, &renewal, ports),
        }
    }

    /// What follows from an answer, by what is known here.
    fn decide(
        &self,
        session: &Session,
        signer: &Signer<'static>,
        doing: Doing<'_>,
        request: &PreparedRequest,
        exchange: &Exchange,
        ports: &Ports,
    ) -> Result<Step, Error> {
        let given = given::stored(session, &signer.at())?;
        let situation = Situation {
            definition: signer.definition,
            doing,
            request,
            outcome: &exchange.outcome,
            arrived: ports.clock.now(),
            so_far: &self.so_far,
            refresh: given.map_or(RefreshToken::Absent, |given| given.value.refresh_token()),
            follow: self.follow,
        };
        Ok(next(&situation, &mut |out| ports.random.fill(out)))
    }

    /// Makes ready to renew the token of the call.
    fn renew(
        &mut self,
        session: &mut Session,
        signer: &Signer<'static>,
        renewal: &Renewal,
        ports: &Ports,
    ) -> Result<(), Error> {
        self.then = match renewal.then {
            Then::Send => After::Resend,
            Then::Ask => After::Leave,
        };
        match &renewal.by {
            By::Refresh { flow, .. } | By::Mint { flow, .. } => {
                let flow = authentication::named(signer.definition, flow)?;
                self.begin_flow(session, signer, flow, ports)
            }
            By::SignAgain => self.sign_again(session, signer, ports),
        }
    }

    /// Signs another token for the same request, and makes ready to send it.
    fn sign_again(&mut self, session: &Session, signer: &Signer<'static>, ports: &Ports) -> Result<(), Error> {
        let (After::Resend, Some(call)) = (&self.then, self.call.take()) else { return Ok(()) };
        let token = match &self.draft {
            Some(draft) => drafts::sign_again(session, draft, ports)?,
            None => {
                let body = call.request.body.clear();
                let facts = CallFacts { method: &call.request.method, url: &call.request.url, body: &body };
                tokens::sign_as(session, signer, &self.sign, Some(facts), ports)?.token.as_str().to_owned()
            }
        };
        self.timeline.signed(ports.clock.now(), signed_with(signer));
        self.call = Some(call.with_signed(session, signer, &token, ports)?);
        self.turn = Turn::Send;
        Ok(())
    }

    /// Puts the newest token of the place in the call that was set aside, and makes ready to send it.
    fn resend(&mut self, session: &Session, signer: &Signer<'static>) -> Result<(), Error> {
        let at = signer.at();
        let (Some(mut call), Some(token)) = (self.call.take(), given::open(session, &at)?.access) else {
            return Ok(());
        };
        self.used = revision(session, &at)?;
        call.request = with_token(call.request, signer.definition, &token, authentication::hosts(signer))?;
        call.given = given::at(session, &at)?;
        self.call = Some(call);
        self.turn = Turn::Send;
        Ok(())
    }

    fn take_flow(
        &mut self,
        session: &mut Session,
        signer: &Signer<'static>,
        flow: &'static Flow,
        request: PreparedRequest,
        answered: &Answered,
        ports: &Ports,
    ) -> Result<(), Error> {
        let now = ports.clock.now();
        let using = flows::using(signer, flow);
        self.timeline.flow(answered.at, flow, using.as_deref(), &request, &answered.exchange);
        let step = self.decide(session, signer, Doing::Flow(flow), &request, &answered.exchange, ports)?;
        self.so_far = std::mem::take(&mut self.so_far).and(&step, &request);
        match step {
            Step::Done => self.obtain(session, signer, (flow, &request), answered, ports),
            Step::Wait(wait) => {
                self.timeline.decided(now, &Step::Wait(wait.clone()));
                self.flow = Some((flow, request));
                self.turn = Turn::Wait { milliseconds: wait.milliseconds, why: Some(wait.why) };
                Ok(())
            }
            Step::Redirect(to) => {
                self.timeline.decided(now, &Step::Redirect(to.clone()));
                self.flow = Some((flow, redirected(request, &to)));
                self.turn = Turn::Send;
                Ok(())
            }
            // Another program may have used the refresh token up.
            step @ Step::LogIn { .. } if matches!(self.then, After::Resend) => {
                self.refused = Some((step, LOOKS));
                self.look_elsewhere(session, signer, ports)
            }
            step => {
                self.fail(&step, now);
                Ok(())
            }
        }
    }

    /// A flow came to nothing, and that stands.
    fn fail(&mut self, step: &Step, now: i64) {
        self.timeline.decided(now, step);
        self.failed = step.why().map(str::to_owned);
        self.turn = Turn::Done;
    }

    /// Takes the token that another program sealed meanwhile, or waits for it; in the end the refusal stands.
    fn look_elsewhere(&mut self, session: &Session, signer: &Signer<'static>, ports: &Ports) -> Result<(), Error> {
        let Some((step, looks)) = self.refused.take() else { return Ok(()) };
        if revision(session, &signer.at())? != self.used {
            self.timeline.note("Another program had renewed it meanwhile, so that token is taken.");
            return self.resend(session, signer);
        }
        if looks == 0 {
            self.fail(&step, ports.clock.now());
            return Ok(());
        }
        self.refused = Some((step, looks - 1));
        self.turn = Turn::Wait { milliseconds: LOOK_AGAIN, why: None };
        Ok(())
    }

    /// Keeps what a flow gave, and goes on with what was waiting for it.
    fn obtain(
        &mut self,
        session: &mut Session,
        signer: &Signer<'static>,
        (flow, request): (&'static Flow, &PreparedRequest),
        answered: &Answered,
        ports: &Ports,
    ) -> Result<(), Error> {
        let now = ports.clock.now();
        let Ok(answer) = &answered.exchange.outcome else {
            self.failed = answered.exchange.outcome.as_ref().err().map(|error| format!("{}: {error}.", flow.label));
            return Ok(());
        };
        let obtained = match obtained(flow, answer, now) {
            Ok(obtained) => obtained,
            Err(error) => {
                let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
                self.failed = Some(match error {
                    NotObtained::Status { .. } => refusal(signer, flow, request, answered),
                    error => {
                        self.timeline.note(&format!("It gave nothing: {error}."));
                        format!("{} gave nothing: {error}{hint}.", flow.label)
                    }
                });
                return Ok(());
            }
        };
        obtained.words(now).iter().for_each(|words| self.timeline.note(words));
        self.verified = obtained.valid;
        self.kept(session, signer, flow, &obtained, ports)?;
        match std::mem::replace(&mut self.then, After::Nothing) {
            After::Nothing | After::Leave => Ok(()),
            After::Resend => self.resend(session, signer),
            After::Prepare(request) => {
                let call = requests::prepare_as(session, signer, &request, ports)?;
                // What was got a moment ago is not renewed before it was tried.
                self.so_far.renewed = true;
                self.begin_call(session, signer, call, ports)
            }
        }
    }

    fn kept(
        &mut self,
        session: &mut Session,
        signer: &Signer<'static>,
        flow: &Flow,
        obtained: &Obtained,
        ports: &Ports,
    ) -> Result<(), Error> {
        let at = signer.at();
        match flow.kind {
            FlowKind::LogOut => drop(given::forget(session, &at, ports)?),
            FlowKind::Verify => given::learn(session, &at, obtained, ports)?,
            _ if obtained.access.is_none() => {}
            _ => {
                let asked = self.as_before(given::at(session, &at)?).scopes;
                let scopes = asked.as_deref().or(signer.profile.value.scopes.as_deref());
                let credential = &signer.credential.value.name;
                given::keep(session, &at, credential, scopes, obtained, ports)?;
            }
        }
        self.given = given::at(session, &at)?;
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

fn signed_with(signer: &Signer<'static>) -> String {
    format!("A token was signed with {}.", signer.credential.value.name)
}

fn signer(session: &Session, sign: &SignRequest) -> Result<Signer<'static>, Error> {
    signer::signer(session, &sign.profile, &sign.environment, sign.key.as_deref())
}

/// Which tokens a place has: another revision, other tokens.
fn revision(session: &Session, at: &At) -> Result<Option<Revision>, Error> {
    Ok(given::stored(session, at)?.map(|stored| stored.revision))
}
