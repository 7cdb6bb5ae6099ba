//! Calls and flows under way: what was sent, what came, and what follows from it, until an answer stands.
//!
//! An [`Execution`] resolves the names of its request once, and goes in turns. [`Execution::next_action`] says what its driver does next: send
//! ([`Execution::send`], which needs no open vault) and hand the answer in ([`Execution::take`]), or wait and say so ([`Execution::waited`]). What
//! follows from an answer is decided by [`exchange::next`]; here it is done: a token signed, refreshed or minted, kept, and the
//! call sent once more. Without the person's wish to follow, an execution is one request.
//!
//! `call` has the turns of the call, `flow` those of the flow that gets its token, `phase` the states between them.

mod call;
mod flow;
mod phase;

use exchange::{
    AtHand, Attempt, Authentication, Exchange, History, PreparedRequest, RefreshToken, Situation, Step, Timeline,
    Transport, next,
};
use vault::Revision;

pub use phase::NextAction;

use crate::{
    ground::{
        Error,
        ports::{Cancel, Ports},
    },
    jobs::{
        acceptance,
        drafts::{DraftReading, read::read_as},
        flows::{self, FlowRequest},
        issued_tokens,
        requests::{self, CallRequest, PreparedCall, SentCall},
        tokens,
    },
    policy::{
        authentication, called,
        consent::{self, AGREED},
        signer::{SignRequest, Signer},
    },
    store::{
        draft::Draft,
        records::{CredentialAt, IssuedTokens},
        session::Session,
    },
};
use phase::{Continuation, FlowLock, Phase};

/// An answer, or that there is none, and when the request went out.
pub struct Answered {
    at: i64,
    exchange: Exchange,
}

/// A call or a flow under way.
pub struct Execution {
    /// Who signs for what: the names of the request, resolved when the execution began.
    signer: Signer<'static>,
    /// What a token is signed from once more, or got for.
    sign: SignRequest,
    /// The draft, where the person typed what is signed.
    draft: Option<Draft>,
    emulator: Option<String>,
    follow: bool,
    phase: Phase,
    history: History,
    /// The tokens of the place as they were when the call was made ready.
    used: Option<Revision>,
    outcome: Outcome,
}

/// What came of an execution.
#[derive(Default)]
pub struct Outcome {
    /// Everything that happened, in order.
    pub timeline: Timeline,
    /// The call; nothing if the execution was a flow, or came to no call.
    pub call: Option<PreparedCall>,
    /// The reading of the draft with the token that went out last, where another one was signed on the way.
    pub reading: Option<DraftReading>,
    /// Its last answer, and what that means.
    pub sent: Option<SentCall>,
    /// What is known of the tokens that came.
    pub issued: Option<IssuedTokens>,
    /// Whether the server takes the token for valid, where that was asked.
    pub verified: Option<bool>,
    /// Why a flow gave nothing, a sentence.
    pub failed: Option<String>,
}

impl Outcome {
    /// Whether it came to what was wanted: a call to the answer that was wanted, a flow to what it gives.
    pub fn is_as_wanted(&self) -> bool {
        match &self.sent {
            Some(sent) => sent.verdict.is_as_wanted(),
            None => self.failed.is_none() && self.verified != Some(false),
        }
    }
}

impl Execution {
    /// Begins a call. Asks before anything live. With `follow`, a token that is missing or at its end is got first.
    pub fn call(session: &mut Session, request: &CallRequest, follow: bool, ports: &Ports) -> Result<Self, Error> {
        // Another program may have got other tokens meanwhile.
        session.refresh()?;
        let signer = request.sign.signer(session)?;
        Self::new(signer, &request.sign, request.emulator.clone(), follow).with_call(session, request, ports)
    }

    /// Begins the call of a draft: signs its text where the call carries a signed token, else takes what the server gave. Asks
    /// before anything live. Answers the reading of the draft too, with the token that goes out.
    pub fn draft(
        session: &mut Session,
        draft: &Draft,
        follow: bool,
        ports: &Ports,
    ) -> Result<(Self, DraftReading), Error> {
        session.refresh()?;
        let request = CallRequest::of_draft(draft);
        let signer = request.sign.signer(session)?;
        let mut execution = Self::new(signer, &request.sign, None, follow);
        let endpoint = called::endpoint(execution.signer.definition, draft.target.as_ref())?;
        if authentication::of_call(&execution.signer, endpoint, draft.with) != Authentication::SignedToken {
            let execution = execution.with_call(session, &request, ports)?;
            let reading = read_as(session, draft, &execution.signer, AGREED, ports)?;
            return Ok((execution, reading));
        }
        let (reading, call) = session.reading(|session| {
            let asks = |terms| requests::ask(&execution.signer, &request, terms, ports);
            let reading = read_as(session, draft, &execution.signer, &asks, ports)?;
            let call = requests::prepare_signed(session, &execution.signer, &request, reading.signed()?, ports)?;
            Ok((reading, call))
        })?;
        execution.draft = Some(draft.clone());
        execution.begin_call(session, call, ports)?;
        Ok((execution, reading))
    }

    /// Begins a flow. Asks before anything live.
    pub fn flow(session: &mut Session, request: &FlowRequest, follow: bool, ports: &Ports) -> Result<Self, Error> {
        session.refresh()?;
        let signer = request.sign.signer(session)?;
        let flow = authentication::named(signer.definition, &request.flow)?;
        let (kind, act) = flows::live_act(flow);
        let asks = |terms| consent::ask(&signer, kind, &act, terms, ports);
        let mut execution = Self::new(signer.clone(), &request.sign, request.emulator.clone(), follow);
        execution.begin_flow(session, flow, Continuation::Nothing, &asks, ports)?;
        Ok(execution)
    }

    /// Begins getting a token that calls of a place can carry, by refreshing or else by whatever the credential is for. Asks before
    /// anything live.
    pub fn token(session: &mut Session, sign: &SignRequest, ports: &Ports) -> Result<Self, Error> {
        session.refresh()?;
        let signer = sign.signer(session)?;
        let mut execution = Self::new(signer.clone(), sign, None, true);
        // Another program may have got one since the person asked.
        if tokens::kept(session, &signer, sign, ports)?.is_some() {
            return Ok(execution);
        }
        let flow = flows::renewing(session, sign)?;
        let (kind, act) = flows::live_act(flow);
        let asks = |terms| consent::ask(&signer, kind, &act, terms, ports);
        execution.used = revision(session, &signer.credential_at())?;
        execution.begin_flow(session, flow, Continuation::Token, &asks, ports)?;
        Ok(execution)
    }

    /// What to do next.
    pub fn next_action(&self) -> NextAction {
        self.phase.next_action()
    }

    /// What happened so far.
    pub fn timeline(&self) -> &Timeline {
        &self.outcome.timeline
    }

    /// The call that is ready to go out; nothing while a flow gets its token.
    pub fn ready(&self) -> Option<&PreparedCall> {
        match &self.phase {
            Phase::Calling { call, .. } => Some(call),
            Phase::InFlow { .. } | Phase::Done => None,
        }
    }

    /// Sends what is ready. No vault is needed.
    pub fn send(&self, transport: &Transport, cancel: &Cancel, ports: &Ports) -> Answered {
        let at = ports.clock.now();
        let exchange = match self.phase.request() {
            Some(request) => ports.http.send(request, transport, cancel),
            None => Exchange { outcome: Err(exchange::NoAnswer::Cancelled), timeline: Vec::new() },
        };
        Answered { at, exchange }
    }

    /// Takes what came, decides what follows, and makes ready for it.
    pub fn take(&mut self, session: &mut Session, answered: Answered, ports: &Ports) -> Result<(), Error> {
        // Whatever fails from here on, the execution is at its end.
        let phase = std::mem::replace(&mut self.phase, Phase::Done);
        self.look_again(session)?;
        match phase {
            Phase::Calling { call, .. } => self.take_call(session, *call, answered, ports),
            Phase::InFlow { flow, request, after, lock, .. } => {
                self.take_flow(session, (flow, request, lock), after, &answered, ports)
            }
            Phase::Done => Ok(()),
        }
    }

    /// Goes on after a wait.
    pub fn waited(&mut self, session: &mut Session, ports: &Ports) -> Result<(), Error> {
        match std::mem::replace(&mut self.phase, Phase::Done) {
            // The server asked for it: the same request goes out again.
            Phase::Calling { call, .. } => self.phase = Phase::Calling { call, wait: None },
            Phase::InFlow { flow, request, after, lock: FlowLock::Awaited, .. } => {
                self.look_for_lock(session, (flow, request), after, ports)?;
            }
            Phase::InFlow { flow, request, after, lock, .. } => {
                self.phase = Phase::InFlow { flow, request, after, lock, wait: None };
            }
            Phase::Done => {}
        }
        Ok(())
    }

    /// Ends the execution as it stands.
    pub fn end(self) -> Outcome {
        let call = self.phase.into_call().or(self.outcome.call);
        Outcome { call, ..self.outcome }
    }

    fn new(signer: Signer<'static>, sign: &SignRequest, emulator: Option<String>, follow: bool) -> Self {
        Self {
            signer,
            sign: sign.clone(),
            draft: None,
            emulator,
            follow,
            phase: Phase::Done,
            history: History::default(),
            used: None,
            outcome: Outcome::default(),
        }
    }

    /// Reads the vault again where another program wrote it. The names are resolved anew only where that changed what they
    /// stand for, so that a key that was deleted meanwhile signs nothing more.
    fn look_again(&mut self, session: &mut Session) -> Result<(), Error> {
        session.refresh()?;
        if !self.signer.is_current(session) {
            self.signer = self.sign.signer(session)?;
        }
        Ok(())
    }

    /// What follows from an answer, by what is known here.
    fn decide(
        &self,
        session: &Session,
        attempt: Attempt<'_>,
        request: &PreparedRequest,
        exchange: &Exchange,
        ports: &Ports,
    ) -> Result<Step, Error> {
        let issued = issued_tokens::stored(session, &self.signer.credential_at())?;
        let situation = Situation {
            definition: self.signer.definition,
            attempt,
            request,
            outcome: &exchange.outcome,
            arrived: ports.clock.now(),
            history: &self.history,
            at_hand: self.at_hand(issued.map(|issued| &issued.value)),
            follow: self.follow,
        };
        Ok(next(&situation, &mut |out| ports.random.fill(out)))
    }

    /// What another token can be had with, where these were issued.
    fn at_hand(&self, issued: Option<&IssuedTokens>) -> AtHand<'static> {
        let refresh = issued.map_or(RefreshToken::Absent, IssuedTokens::refresh_token);
        AtHand { refresh, first: authentication::first_flow(&self.signer) }
    }

    /// Notes that the server accepted the credential. What it answered stands where that cannot be written.
    fn note_acceptance(&mut self, session: &mut Session, at: i64, ports: &Ports) {
        if let Err(error) = acceptance::note(session, &self.signer.credential_at(), at, ports) {
            self.outcome.timeline.note(&format!("The vault could not keep that the server accepted this: {error}."));
        }
    }

    /// Writes a step into the history and the timeline.
    fn remember(&mut self, step: &Step, request: &PreparedRequest, now: i64) {
        self.history = std::mem::take(&mut self.history).and(step, request);
        self.outcome.timeline.decided(now, step);
    }
}

/// Which tokens an owner has: another revision, other tokens.
fn revision(session: &Session, owner: &CredentialAt) -> Result<Option<Revision>, Error> {
    Ok(issued_tokens::stored(session, owner)?.map(|stored| stored.revision))
}
