//! A step of a rotation on its way: the provider is asked, the intent sealed, the call made, and what came of it sealed as well.
//!
//! It goes in turns, as every call does ([`crate::calls`]), so that no vault is open while the network is waited for. Each turn is
//! sealed by itself: whoever is killed between two finds the rotation where it was, and the next look tells what came of a call.

use exchange::{NoAnswer, Transport};
use keyset::{Answer, At, Next, Page, Pages, Remote, RotationId, Shown, Step};
use vault::RecordLock;

use super::{
    Calling, answer, brought, caller, list,
    record::{self, Standing},
    remote::{self, OurHalf},
};
use crate::{
    ground::{
        Error, RotationError,
        ports::{Cancel, Ports},
    },
    jobs::calls::{Answered, Execution, NextAction, Outcome},
    store::session::Session,
};

/// How many turns a step takes at most. More only where a provider says one thing and then another.
const MOST_TURNS: u32 = 24;

/// A pause up to this long is waited for; after a longer one a person comes back.
const LONGEST_PAUSE: u64 = 60;

/// A step of a rotation on its way. Dropping it leaves the rotation where it is.
pub struct Advance {
    id: RotationId,
    calling: Calling,
    /// How long the journal was when it began: what was done since, this did.
    from: usize,
    turns: u32,
    looked: bool,
    phase: Phase,
    _lock: RecordLock,
}

/// What is under way.
enum Phase {
    /// A page of the list is asked for.
    Looking { pages: Pages, execution: Box<Execution> },
    /// What the intent says is asked for.
    Calling { remote: Remote, execution: Box<Execution> },
    /// The next key is proved.
    Proving { execution: Box<Execution> },
    /// The provider asked for a pause.
    Pausing { milliseconds: u64, why: String },
    /// Nothing.
    Ended(Ended),
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It was taken.
    Took(Step),
    /// It waits for a person, or for its time: the view says which.
    Waits,
    /// No answer came that tells whether it was taken.
    NoAnswer {
        /// What happened instead.
        words: String,
        /// What to do.
        hint: Option<String>,
    },
}

impl Advance {
    /// Begins to take the step that a rotation is at. Asks before anything live.
    pub fn begin(session: &mut Session, id: &RotationId, calling: Calling, ports: &Ports) -> Result<Self, Error> {
        session.refresh()?;
        let lock = record::lock(session, id)?;
        record::observe(session, id, ports)?;
        let from = record::find(session, id)?.rotation.journal().len();
        let (id, phase) = (id.clone(), Phase::Ended(Ended::Waits));
        let mut advance = Self { id, calling, from, turns: 0, looked: false, phase, _lock: lock };
        advance.go_on(session, ports)?;
        Ok(advance)
    }

    /// What to do next.
    pub fn next_action(&self) -> NextAction {
        match &self.phase {
            Phase::Looking { execution, .. } | Phase::Calling { execution, .. } | Phase::Proving { execution } => {
                execution.next_action()
            }
            Phase::Pausing { milliseconds, why } => {
                NextAction::Wait { milliseconds: *milliseconds, why: Some(why.clone()) }
            }
            Phase::Ended(_) => NextAction::Done,
        }
    }

    /// What goes out next: its method and path; none where nothing does.
    pub fn request(&self) -> Option<String> {
        let execution = match &self.phase {
            Phase::Looking { execution, .. } | Phase::Calling { execution, .. } | Phase::Proving { execution } => {
                execution
            }
            Phase::Pausing { .. } | Phase::Ended(_) => return None,
        };
        let request = &execution.ready()?.request;
        Some(format!("{} {}", request.method, request.url.path()))
    }

    /// Sends what is ready. No vault is needed. None where nothing is.
    pub fn send(&self, transport: &Transport, cancel: &Cancel, ports: &Ports) -> Option<Answered> {
        match &self.phase {
            Phase::Looking { execution, .. } | Phase::Calling { execution, .. } | Phase::Proving { execution } => {
                Some(execution.send(transport, cancel, ports))
            }
            Phase::Pausing { .. } | Phase::Ended(_) => None,
        }
    }

    /// Takes what came, seals what follows from it, and makes ready for what is next.
    pub fn take(&mut self, session: &mut Session, answered: Answered, ports: &Ports) -> Result<(), Error> {
        match &mut self.phase {
            Phase::Looking { execution, .. } | Phase::Calling { execution, .. } | Phase::Proving { execution } => {
                execution.take(session, answered, ports)?;
            }
            Phase::Pausing { .. } | Phase::Ended(_) => {}
        }
        self.settle(session, ports)
    }

    /// Goes on after a wait.
    pub fn waited(&mut self, session: &mut Session, ports: &Ports) -> Result<(), Error> {
        match &mut self.phase {
            Phase::Looking { execution, .. } | Phase::Calling { execution, .. } | Phase::Proving { execution } => {
                execution.waited(session, ports)?;
                self.settle(session, ports)
            }
            Phase::Pausing { .. } => self.go_on(session, ports),
            Phase::Ended(_) => Ok(()),
        }
    }

    /// How it ended.
    pub fn end(self) -> Ended {
        match self.phase {
            Phase::Ended(ended) => ended,
            _ => Ended::Waits,
        }
    }

    /// Judges an execution that is at its end, and goes on.
    fn settle(&mut self, session: &mut Session, ports: &Ports) -> Result<(), Error> {
        if self.next_action() != NextAction::Done {
            return Ok(());
        }
        // Whatever fails from here on, this is at its end, and the rotation stays where it is.
        match std::mem::replace(&mut self.phase, Phase::Ended(Ended::Waits)) {
            Phase::Looking { pages, execution } => self.looked(session, pages, &execution.end(), ports),
            Phase::Calling { remote, execution } => self.called(session, &remote, &execution.end(), ports),
            Phase::Proving { execution } => self.proved(session, &execution.end(), ports),
            ended => {
                self.phase = ended;
                Ok(())
            }
        }
    }

    /// Takes turns until something has to be sent or waited for, or the step is taken.
    fn go_on(&mut self, session: &mut Session, ports: &Ports) -> Result<(), Error> {
        loop {
            let standing = record::find(session, &self.id)?;
            if let Some(step) = record::taken(&standing.rotation, self.from) {
                return self.ended(Ended::Took(step));
            }
            self.turns += 1;
            if self.turns > MOST_TURNS {
                return self.ended(Ended::Waits);
            }
            let now = At(ports.clock.now());
            match standing.rotation.next(&standing.keyset, now) {
                Next::Make { .. } => brought::make(session, &self.id, ports)?,
                Next::Look => return self.look(session, &standing, Pages::default(), None, ports),
                Next::Call(intent) => return self.call(session, &standing, &intent.remote, intent.step, ports),
                Next::Prove { key } => return self.prove(session, &standing, &key, ports),
                Next::HandOver { open } if open.is_empty() => {
                    record::tell(session, &self.id, ports, |it| it.rotation.advance(&it.keyset, it.now))?;
                }
                Next::Ready(_) => record::tell(session, &self.id, ports, |it| it.rotation.advance(&it.keyset, it.now))?,
                Next::Watch { told: true, .. } if !self.looked => {
                    return self.look(session, &standing, Pages::default(), None, ports);
                }
                Next::Watch { told: false, .. } if !self.looked => {
                    self.looked = true;
                    let ours = record::last_accepted(session, &standing)?;
                    record::tell(session, &self.id, ports, |it| it.rotation.watched(&it.keyset, ours, it.now))?;
                }
                Next::Pause { step, until } if now.until(until).0 <= LONGEST_PAUSE => {
                    let left = now.until(until);
                    let why = format!("{left} until the provider shows what was done: {step}");
                    self.phase = Phase::Pausing { milliseconds: left.0.saturating_mul(1000), why };
                    return Ok(());
                }
                Next::ByHand { .. }
                | Next::HandOver { .. }
                | Next::Watch { .. }
                | Next::Wait(_)
                | Next::Pause { .. }
                | Next::Stopped(_)
                | Next::Done
                | Next::Aborted => return self.ended(Ended::Waits),
            }
        }
    }

    fn ended(&mut self, ended: Ended) -> Result<(), Error> {
        self.phase = Phase::Ended(ended);
        Ok(())
    }

    /// Asks for a page of the list: the first, or the one of a cursor.
    fn look(
        &mut self,
        session: &mut Session,
        standing: &Standing,
        pages: Pages,
        cursor: Option<&str>,
        ports: &Ports,
    ) -> Result<(), Error> {
        let Some(keys) = &standing.rotation.method().list else { return self.ended(Ended::Waits) };
        let step = standing.rotation.current().unwrap_or(Step::Make);
        let at = record::target(session, &standing.keyset, standing.rotation.line())?;
        let variables = caller::variables(session, &at)?;
        let wanted = remote::list(keys, cursor, &variables);
        let execution = match self.ready(session, standing, wanted, step, ports) {
            // Nobody can look, and a person did it: that is all there is to know.
            Err(Error::Rotation(RotationError::NobodySigns { .. })) if standing.rotation.is_said() => {
                record::tell(session, &self.id, ports, |it| it.rotation.unseen(&it.keyset, it.now))?;
                return self.go_on(session, ports);
            }
            ready => ready?,
        };
        self.phase = Phase::Looking { pages, execution };
        Ok(())
    }

    /// Makes a call ready, seals its intent, and only then lets it go out.
    fn call(
        &mut self,
        session: &mut Session,
        standing: &Standing,
        remote: &Remote,
        step: Step,
        ports: &Ports,
    ) -> Result<(), Error> {
        let ours = match remote {
            Remote::Create { .. } => brought::our_half(session, standing)?,
            _ => OurHalf::default(),
        };
        let at = record::target(session, &standing.keyset, standing.rotation.line())?;
        let variables = caller::variables(session, &at)?;
        let Some(wanted) = remote::change(standing.rotation.method(), remote, &ours, &variables) else {
            return self.ended(Ended::Waits);
        };
        let execution = self.ready(session, standing, wanted, step, ports)?;
        record::tell(session, &self.id, ports, |it| it.rotation.intend(&it.keyset, it.now))?;
        self.phase = Phase::Calling { remote: remote.clone(), execution };
        Ok(())
    }

    fn ready(
        &self,
        session: &mut Session,
        standing: &Standing,
        wanted: remote::Wanted,
        step: Step,
        ports: &Ports,
    ) -> Result<Box<Execution>, Error> {
        let line = standing.rotation.line();
        let at = record::target(session, &standing.keyset, line)?;
        let key = caller::signing(session, standing, step, &self.calling)?;
        caller::call(session, &at, key, wanted, &self.calling, ports).map(Box::new)
    }

    fn prove(
        &mut self,
        session: &mut Session,
        standing: &Standing,
        key: &keyset::KeyId,
        ports: &Ports,
    ) -> Result<(), Error> {
        let Some(endpoint) = standing.rotation.method().prove.clone() else { return self.ended(Ended::Waits) };
        let at = record::target(session, &standing.keyset, standing.rotation.line())?;
        let name = record::key_name(&standing.keyset, key);
        let execution = caller::proof(session, &at, &name, &endpoint, &self.calling, ports)?;
        self.phase = Phase::Proving { execution: Box::new(execution) };
        Ok(())
    }

    /// What a page shows; behind the last, what all of them say.
    fn looked(&mut self, session: &mut Session, pages: Pages, outcome: &Outcome, ports: &Ports) -> Result<(), Error> {
        let standing = record::find(session, &self.id)?;
        let method = standing.rotation.method();
        let (Some(keys), Some(sent)) = (&method.list, &outcome.sent) else { return self.failed_first(outcome) };
        self.looked = true;
        match (answer::of(sent), &sent.exchange.outcome) {
            (Answer::Accepted, Ok(answer)) => {
                let (pairs, cursor) = list::page(method, keys, answer).map_err(RotationError::from)?;
                match pages.add(pairs, cursor).map_err(RotationError::from)? {
                    Page::More(pages, cursor) => self.look(session, &standing, pages, Some(&cursor), ports),
                    Page::Last(shown) => self.told(session, Ok(&shown), ports),
                }
            }
            (told, _) => {
                self.told(session, Err(told), ports)?;
                self.unless_unknown(outcome, told);
                Ok(())
            }
        }
    }

    fn told(&mut self, session: &mut Session, shown: Result<&Shown, Answer>, ports: &Ports) -> Result<(), Error> {
        record::tell(session, &self.id, ports, |it| it.rotation.shown(&it.keyset, shown, it.now))?;
        match shown {
            Err(Answer::NotKnown) => Ok(()),
            _ => self.go_on(session, ports),
        }
    }

    /// How a call went. A key that it brings is sealed, and read back, before anything else happens.
    fn called(
        &mut self,
        session: &mut Session,
        remote: &Remote,
        outcome: &Outcome,
        ports: &Ports,
    ) -> Result<(), Error> {
        let standing = record::find(session, &self.id)?;
        let Some(sent) = &outcome.sent else {
            record::tell(session, &self.id, ports, |it| it.rotation.answered(&it.keyset, Answer::NotKnown, it.now))?;
            return self.failed_first(outcome);
        };
        let told = answer::of(sent);
        let secret = standing.rotation.method().publish.call.as_ref().and_then(|call| call.secret.clone());
        if let (Remote::Create { .. }, Answer::Accepted, Some(secret), Ok(answer)) =
            (remote, told, secret, &sent.exchange.outcome)
            && standing.rotation.method().made == keyset::MadeBy::There
        {
            brought::arrived(session, &standing, answer, &secret, ports)?;
            return self.go_on(session, ports);
        }
        record::tell(session, &self.id, ports, |it| it.rotation.answered(&it.keyset, told, it.now))?;
        // A look tells what came of it, also where no answer did.
        self.go_on(session, ports)
    }

    fn proved(&mut self, session: &mut Session, outcome: &Outcome, ports: &Ports) -> Result<(), Error> {
        let status = status(outcome);
        record::tell(session, &self.id, ports, |it| it.rotation.proved(&it.keyset, status, it.now))?;
        match status {
            None | Some(500..=599) => {
                self.unless_unknown(outcome, Answer::NotKnown);
                Ok(())
            }
            Some(_) => self.go_on(session, ports),
        }
    }

    /// A flow before the call came to nothing, and the call was never made.
    fn failed_first(&mut self, outcome: &Outcome) -> Result<(), Error> {
        let words = outcome.failed.clone().unwrap_or_else(|| "no call was made".to_owned());
        self.ended(Ended::NoAnswer { words, hint: None })
    }

    fn unless_unknown(&mut self, outcome: &Outcome, told: Answer) {
        if told == Answer::NotKnown {
            let (words, hint) = no_answer(outcome);
            self.phase = Phase::Ended(Ended::NoAnswer { words, hint });
        }
    }
}

/// The last status that a server answered, of a call or of the flow before it.
fn status(outcome: &Outcome) -> Option<u16> {
    match &outcome.sent {
        Some(sent) => sent.exchange.outcome.as_ref().ok().map(|answer| answer.status),
        None => outcome.timeline.rows.iter().rev().find_map(|row| Some(row.came.as_ref()?.status)),
    }
}

/// Why nobody knows, in words, and what to do.
fn no_answer(outcome: &Outcome) -> (String, Option<String>) {
    match &outcome.sent {
        Some(sent) => match &sent.exchange.outcome {
            Err(error) => (error.to_string(), NoAnswer::hint(error).map(str::to_owned)),
            Ok(answer) => (
                format!("the server failed with {}, and nobody knows whether it was done", answer.status),
                Some("try again: the next look tells".to_owned()),
            ),
        },
        None => (outcome.failed.clone().unwrap_or_default(), None),
    }
}
