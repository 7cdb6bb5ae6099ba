//! A rotation as a plan that can be left, killed, and found again.
//!
//! [`Rotation::next`] says what to do now; whoever did it tells the rotation, which answers with a [`Turn`]: the rotation and
//! the keyset as they then are, and the events to seal, all in one transaction. Nothing changes in place, so that a
//! transaction that fails leaves what was.
//!
//! A call to the provider takes three turns, so that a kill between any two is harmless:
//!
//! 1. a *look*: the whole list is read ([`Rotation::shown`]), and decides whether a call is wanted at all;
//! 2. the *intent*: it is sealed before the call goes out ([`Rotation::intend`]);
//! 3. the *answer* ([`Rotation::answered`]), which is never believed alone: the next look decides again.
//!
//! Whoever finds an intent after a crash looks first. What is there under our thumbprint was done; what is not there is
//! asked for again, once it has had the time to be seen.

mod error;
mod journal;
mod look;
mod silence;
mod tell;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use error::{RotationError, Stop};
pub use silence::{Silence, Uses};

use self::silence::Still;
use crate::{
    event::{Copy, Event},
    key::{KeyId, LineId, RotationId, State},
    keyset::{Act, Keyset},
    method::{Hand, MadeBy, Method, Overlap},
    refusal::Refusal,
    remote::{Intent, Pair, Remote},
    step::{Mode, Step, steps},
    time::{At, Span},
    window::{Earliest, Stated},
};

/// How long a proof counts: a promotion wants one right before it, since a key can be deleted at the provider meanwhile.
pub const PROOF_HOLDS: Span = Span::MINUTE;

/// How often a call is made again while nothing comes of it.
const MOST_TRIES: u32 = 3;

/// The layout of the sealed record.
const VERSION: u32 = 1;

/// A rotation of the active key of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rotation {
    v: u32,
    id: RotationId,
    line: LineId,
    mode: Mode,
    /// As it was when the rotation began: an edited definition changes no plan that is under way.
    method: Method,
    stated: Stated,
    since: At,
    latest: At,
    old: KeyId,
    next: Option<KeyId>,
    label: String,
    /// How often the provider was asked to make a key: each try has a label of its own.
    labels: u32,
    /// The next key's id there.
    pair: Option<String>,
    /// The old key as the provider showed it before anything was changed.
    old_pair: Option<Pair>,
    /// The old key's id there, where a person said which it is.
    old_id: Option<String>,
    course: Course,
    done: Vec<Done>,
    /// The call that the last look asked for. Its intent is not sealed yet.
    pending: Option<Remote>,
    /// The intent of a call that was made, or was about to be, until a look tells what came of it.
    sent: Option<Intent>,
    /// When a person said that a step was done by hand, until a look tells.
    said: Option<At>,
    /// When something was asked of the provider last, by call or by hand: until that had time to be seen, what is not shown
    /// is not gone.
    touched: Option<At>,
    pause: Option<Pause>,
    stopped: Option<Stop>,
    by_hand: BTreeSet<Step>,
    hurried: BTreeSet<Step>,
    /// How often in a row the proof was refused with 401.
    refusals: u32,
    places: Vec<HandOver>,
    silence: Option<Silence>,
    still: Option<Still>,
    orphans: Vec<Orphan>,
    journal: Vec<Entry>,
}

/// In which direction a rotation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Course {
    Forward,
    Withdrawing,
    Reviving,
    Done,
    Aborted,
}

/// A pause that the provider asked for, or until something is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Pause {
    from: At,
    lasts: Span,
}

impl Pause {
    fn until(self, now: At) -> At {
        self.from.min(now).after(self.lasts)
    }
}

/// A step that is done, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Done {
    /// The step.
    pub step: Step,
    /// When.
    pub at: At,
    /// How that is known.
    pub evidence: Evidence,
    /// How long before the earliest safe time a person wanted it.
    pub early_by: Option<Span>,
}

/// How a step is known to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "by", deny_unknown_fields)]
pub enum Evidence {
    /// It was done here.
    Here,
    /// The provider shows it.
    Seen {
        /// The key's id there.
        pair: String,
        /// Its thumbprint there: ours.
        thumbprint: Option<String>,
    },
    /// The provider does not show the key any more.
    Gone,
    /// The provider refuses the key itself, which had asked for its own end.
    Refused {
        /// The status.
        status: u16,
    },
    /// A server accepted a request.
    Accepted {
        /// The status.
        status: u16,
    },
    /// The provider tells that the old key is not used.
    Silent {
        /// When it was last used; none if never.
        last: Option<At>,
    },
    /// A person said so, and nothing contradicts it.
    Said,
}

/// A place that has the old key, and shall have the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HandOver {
    /// The place.
    pub to: String,
    /// The form in which the old key went there, and the next one goes.
    pub form: Option<String>,
    /// How far that is.
    pub handed: Handed,
}

/// How far a hand-over is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Handed {
    /// It has the old key.
    Open,
    /// It has the next one.
    Given,
    /// Nobody knows.
    Unknown,
}

/// A key at the provider that nobody can use, or that is there twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Orphan {
    /// Its id there.
    pub pair: String,
    /// Its label there.
    pub label: Option<String>,
    /// How it came to be one.
    pub why: OrphanWhy,
    /// Whether the provider refused to delete it.
    pub refused: bool,
}

/// How a key at the provider became an orphan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OrphanWhy {
    /// Its private half was shown once, and never arrived here.
    Lost,
    /// Another one has the same public half.
    Twice,
    /// The rotation that made it was aborted.
    Withdrawn,
}

/// A line of the journal, with the time as it happened: what a runbook is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// When, as the clock then showed it.
    pub at: At,
    /// What.
    pub note: Note,
}

/// What happened in a rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum Note {
    /// It began.
    Began,
    /// A step was done.
    Done {
        /// The step.
        step: Step,
        /// How that is known.
        evidence: Evidence,
    },
    /// What a step did is gone: it is taken again.
    Reopened {
        /// The step.
        step: Step,
    },
    /// A call was about to be made.
    Asked {
        /// The step.
        step: Step,
        /// The call.
        remote: Remote,
    },
    /// How a call went.
    Answered {
        /// In words: `accepted`, `refused with 403`, `no answer`.
        words: String,
    },
    /// It stopped.
    Stopped {
        /// Why.
        stop: Stop,
    },
    /// A person went on.
    GoesOn,
    /// A person takes a step by hand.
    ByHand {
        /// The step.
        step: Step,
    },
    /// A person goes before the earliest safe time.
    Hurried {
        /// The step.
        step: Step,
        /// How long before.
        early_by: Span,
    },
    /// The promotion was taken back.
    TakenBack,
    /// The retirement is being undone.
    Reviving,
    /// The rotation is given up.
    Aborted,
    /// The clock was set back.
    ClockSetBack {
        /// The latest time that it had shown.
        from: At,
    },
}

/// What a rotation begins with.
#[derive(Debug, Clone)]
pub struct Start {
    /// Its id.
    pub id: RotationId,
    /// The key to replace: the active one of its line; in an incident a compromised one as well.
    pub old: KeyId,
    /// Planned, or an incident.
    pub mode: Mode,
    /// How its provider allows it.
    pub method: Method,
    /// What the person stated.
    pub stated: Stated,
    /// How the next key is called at the provider; the rotation's id is added.
    pub label: String,
    /// The places that have the old key.
    pub copies: Vec<Copy>,
    /// The old key's id at the provider, where no thumbprint tells it.
    pub old_id: Option<String>,
}

/// What came of something that was told: to be sealed together, or not at all.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The rotation as it is then.
    pub rotation: Rotation,
    /// The keyset as it is then.
    pub keyset: Keyset,
    /// The events that led there.
    pub events: Vec<Event>,
}

/// What to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Make a key and tell [`Rotation::made`].
    Make {
        /// How it is called.
        label: String,
    },
    /// Read every page of the provider's list and tell [`Rotation::shown`].
    Look,
    /// Seal the intent by [`Rotation::intend`], make the call, and tell [`Rotation::answered`], or [`Rotation::arrived`]
    /// where the answer brings a key.
    Call(Intent),
    /// Let a person do this and say so: [`Rotation::did_it`], or [`Rotation::made`] where a key comes back.
    ByHand {
        /// The step.
        step: Step,
        /// What to do; none for a proof in the person's own way.
        hand: Option<Hand>,
    },
    /// Send the one read-only request that proves this key, and tell [`Rotation::proved`].
    Prove {
        /// The key that signs it.
        key: KeyId,
    },
    /// Give these places the next key, each by [`Rotation::handed`], then [`Rotation::advance`].
    HandOver {
        /// Those that still have the old one.
        open: Vec<HandOver>,
    },
    /// Look from time to time until the old key is silent, by [`Rotation::shown`] where the provider tells of its uses,
    /// else by [`Rotation::watched`]; a person may say that it is.
    Watch {
        /// Whether the provider tells.
        told: bool,
        /// The last verdict.
        silence: Option<Silence>,
    },
    /// Wait for the earliest safe time, or go earlier by [`Rotation::hurry`].
    Wait(Earliest),
    /// Wait a moment: the provider asked for that, or it may not show yet what was done.
    Pause {
        /// The step.
        step: Step,
        /// Until then.
        until: At,
    },
    /// Take this step here, by [`Rotation::advance`].
    Ready(Step),
    /// Let a person say how it goes on: [`Rotation::again`], [`Rotation::by_hand`], [`Rotation::back`], [`Rotation::abort`].
    Stopped(Stop),
    /// Nothing: it is done.
    Done,
    /// Nothing: it was given up.
    Aborted,
}

/// Where a step is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Here alone.
    Here,
    /// At the provider, by a call.
    Call,
    /// At the provider, by a person.
    Hand,
}

/// A row of the list that people see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The step.
    pub step: Step,
    /// Where it is taken.
    pub taken: Taken,
    /// How it was done, if it is.
    pub done: Option<Done>,
    /// Its window, as far as that is known: exact once what it waits for is done, and at the earliest otherwise.
    pub earliest: Earliest,
}

impl Rotation {
    /// Begins a rotation. `running` are those that are there: a line has one at a time.
    pub fn begin<'r>(
        start: Start,
        keyset: &Keyset,
        running: impl IntoIterator<Item = &'r Self>,
        now: At,
    ) -> Result<Turn, RotationError> {
        let Start { id, old, mode, method, stated, label, copies, old_id } = start;
        let (line, key) = keyset.key(&old)?;
        if let Some(fault) = method.check().into_iter().next() {
            return Err(RotationError::Method { credential: method.credential, fault });
        }
        let mut on_line = running.into_iter().filter(|other| other.line == line.id);
        if let Some((other, step)) = on_line.find_map(|other| Some((other, other.current()?))) {
            let (id, line) = (other.id.0.clone(), key.name().to_owned());
            return Err(RotationError::UnderWay { id, line, since: other.since, step });
        }
        let fits = match key.state {
            State::Active => true,
            State::Compromised => mode.is_incident(),
            _ => false,
        };
        if !fits {
            return Err(RotationError::NotActive { name: key.name().to_owned() });
        }
        let places = copies.into_iter().map(|copy| HandOver { to: copy.to, form: copy.form, handed: Handed::Open });
        let rotation = Self {
            v: VERSION,
            id,
            line: line.id.clone(),
            mode,
            method,
            stated,
            since: now,
            latest: now,
            old: old.clone(),
            next: None,
            label,
            labels: 0,
            pair: None,
            old_pair: None,
            old_id,
            course: Course::Forward,
            done: Vec::new(),
            pending: None,
            sent: None,
            said: None,
            touched: None,
            pause: None,
            stopped: None,
            by_hand: BTreeSet::new(),
            hurried: BTreeSet::new(),
            refusals: 0,
            places: places.collect(),
            silence: None,
            still: None,
            orphans: Vec::new(),
            journal: Vec::new(),
        };
        let leaks = mode.is_incident() && key.leaked.is_none();
        rotation.turn(keyset, now, |work| {
            work.note(Note::Began);
            if leaks {
                work.act(Act::ReportLeak { key: old })?;
            }
            Ok(())
        })
    }

    /// The turn by which a clock that was set back is noticed, if it was. Whoever finds the rotation again asks this first, and
    /// seals it: a wait then begins again from there, once, and ends.
    pub fn observe(&self, keyset: &Keyset, now: At) -> Result<Option<Turn>, RotationError> {
        match now < self.latest || keyset.observe(now).is_some() {
            true => self.turn(keyset, now, |_| Ok(())).map(Some),
            false => Ok(None),
        }
    }

    /// What to do at `now`. It asks nothing of the caller's memory: after a restart the same record gives the same answer.
    pub fn next(&self, keyset: &Keyset, now: At) -> Next {
        let Some(step) = self.current() else {
            return if self.course == Course::Done { Next::Done } else { Next::Aborted };
        };
        if let Some(stop) = &self.stopped {
            return Next::Stopped(stop.clone());
        }
        if let Some(until) = self.pause.map(|pause| pause.until(now)).filter(|until| now < *until) {
            return Next::Pause { step, until };
        }
        if let Some(earliest) = self.too_early(step, now) {
            return Next::Wait(earliest);
        }
        if let Some(remote) = &self.pending {
            return Next::Call(self.intent(remote.clone(), step, keyset, now));
        }
        match (step, self.taken(step)) {
            (Step::Prove, _) => self.proof(),
            (Step::Promote, _) if self.wants_fresh_proof(now) => self.proof(),
            (Step::HandOver, _) => Next::HandOver { open: self.open() },
            (Step::Watch, _) => Next::Watch { told: self.method.tells_last_use(), silence: self.silence.clone() },
            (Step::Make, Taken::Here) => Next::Make { label: self.label() },
            (Step::Withdraw, _) if self.touched.is_none() => Next::Ready(step),
            (_, Taken::Here) => Next::Ready(step),
            (_, Taken::Call) => Next::Look,
            (_, Taken::Hand) if self.said.is_some() => Next::Look,
            (_, Taken::Hand) => Next::ByHand { step, hand: self.hand(step).cloned() },
        }
    }

    /// The steps with what was done, and the earliest times of the rest if each before is taken at its own: the plan that
    /// a dry run prints.
    pub fn rows(&self, now: At) -> Vec<Row> {
        let mut at = now;
        let row = |step: Step| {
            let done = self.done.iter().find(|done| done.step == step).cloned();
            let from = match self.waits_for(step) {
                Some(before) => before.min(now),
                None => at,
            };
            let earliest = Earliest::of(step, from, &self.method, &self.stated, self.mode);
            if done.is_none() {
                at = at.max(earliest.at(from.max(now)));
                // How long the old one is used, nobody knows; it is quiet no sooner than that.
                if step == Step::Watch && !self.mode.is_incident() {
                    at = at.after(self.stated.quiet);
                }
            }
            Row { step, taken: self.taken(step), done, earliest }
        };
        steps(&self.method, self.mode).into_iter().map(row).collect()
    }

    /// Its id.
    pub fn id(&self) -> &RotationId {
        &self.id
    }

    /// Its line.
    pub fn line(&self) -> &LineId {
        &self.line
    }

    /// When it began.
    pub fn since(&self) -> At {
        self.since
    }

    /// How its provider allows it, as that was when it began.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// What the person stated when it began.
    pub fn stated(&self) -> &Stated {
        &self.stated
    }

    /// Planned, or an incident.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The key that is replaced.
    pub fn old(&self) -> &KeyId {
        &self.old
    }

    /// The key that replaces it, once there is one.
    pub fn next_key(&self) -> Option<&KeyId> {
        self.next.as_ref()
    }

    /// The old key as the provider showed it first: the roles and accounts that the next one gets.
    pub fn old_pair(&self) -> Option<&Pair> {
        self.old_pair.as_ref()
    }

    /// The step that it is at.
    pub fn current(&self) -> Option<Step> {
        match self.course {
            Course::Forward => steps(&self.method, self.mode).into_iter().find(|step| !self.is_done(*step)),
            Course::Withdrawing => Some(Step::Withdraw),
            Course::Reviving => Some(Step::Revive),
            Course::Done | Course::Aborted => None,
        }
    }

    /// The call that may be under way: its intent is sealed, and no look has told yet what came of it.
    pub fn sent(&self) -> Option<&Intent> {
        self.sent.as_ref()
    }

    /// Whether a person said that the present step is done, and no look has told yet.
    pub fn is_said(&self) -> bool {
        self.said.is_some()
    }

    /// The places that have, or had, the old key.
    pub fn places(&self) -> &[HandOver] {
        &self.places
    }

    /// Keys at the provider that nobody can use. They stay listed after the rotation has ended.
    pub fn orphans(&self) -> &[Orphan] {
        &self.orphans
    }

    /// What happened, with its times.
    pub fn journal(&self) -> &[Entry] {
        &self.journal
    }

    /// Whether the promotion can be taken back now: the old key is still active at the provider, as far as anybody asked.
    pub fn can_take_back(&self) -> bool {
        let ends = [Step::Retire, Step::Disable];
        let asked = self.sent.as_ref().is_some_and(|sent| ends.contains(&sent.step));
        self.course == Course::Forward
            && self.is_done(Step::Promote)
            && !asked
            && self.said.is_none()
            && !ends.iter().any(|step| self.is_done(*step))
    }

    fn is_done(&self, step: Step) -> bool {
        self.done.iter().any(|done| done.step == step)
    }

    fn done_at(&self, step: Step) -> Option<At> {
        self.done.iter().find(|done| done.step == step).map(|done| done.at)
    }

    /// When that began for which a step waits.
    fn waits_for(&self, step: Step) -> Option<At> {
        match step {
            Step::Promote => [Step::Activate, Step::Publish, Step::Make].into_iter().find_map(|it| self.done_at(it)),
            Step::Retire => self.done_at(Step::Promote),
            Step::Delete => self.done_at(Step::Retire),
            _ => None,
        }
    }

    /// The window of a step that is not over.
    fn too_early(&self, step: Step, now: At) -> Option<Earliest> {
        if self.hurried.contains(&step) {
            return None;
        }
        let earliest = Earliest::of(step, self.waits_for(step)?, &self.method, &self.stated, self.mode);
        (now < earliest.at(now)).then_some(earliest)
    }

    fn taken(&self, step: Step) -> Taken {
        match self.method.way(step) {
            None => Taken::Here,
            Some(way) if way.call.is_none() || self.by_hand.contains(&step) => Taken::Hand,
            Some(_) => Taken::Call,
        }
    }

    fn hand(&self, step: Step) -> Option<&Hand> {
        self.method.way(step)?.hand.as_ref()
    }

    fn proof(&self) -> Next {
        match (&self.method.prove, &self.next) {
            (Some(_), Some(key)) => Next::Prove { key: key.clone() },
            _ => Next::ByHand { step: Step::Prove, hand: None },
        }
    }

    /// Whether the next key may have ended at the provider since it was proved: the proof is to be the last thing that was
    /// done, and just now.
    fn wants_fresh_proof(&self, now: At) -> bool {
        let last = self.done.last().filter(|done| done.step == Step::Prove);
        let age = last.and_then(|proof| now.since(proof.at));
        self.method.prove.is_some() && age.is_none_or(|age| age > PROOF_HOLDS)
    }

    fn open(&self) -> Vec<HandOver> {
        self.places.iter().filter(|place| place.handed == Handed::Open).cloned().collect()
    }

    /// The label of the next try. A key that is made there cannot be told from one that did not arrive, but for its label.
    fn label(&self) -> String {
        match (self.method.made, self.labels) {
            (MadeBy::Here, _) | (_, 0) => format!("{} ({})", self.label, self.id),
            (MadeBy::There, tries) => format!("{} ({}, {})", self.label, self.id, tries.saturating_add(1)),
        }
    }

    /// Whether a label there is of this rotation, by whichever try.
    fn is_our_label(&self, label: &str) -> bool {
        label.ends_with(&format!("({})", self.id)) || label.contains(&format!("({}, ", self.id))
    }

    fn intent(&self, remote: Remote, step: Step, keyset: &Keyset, at: At) -> Intent {
        let tries = match &self.sent {
            Some(sent) if look::is_same(&sent.remote, &remote) => sent.tries.saturating_add(1),
            _ => 1,
        };
        let signed_by = keyset.line(&self.line).ok().and_then(|line| line.active()).map(|key| key.id().clone());
        Intent { rotation: self.id.clone(), step, remote, signed_by, at, tries }
    }

    /// Whether the provider works with the next key alone once it is published: nothing leads back from there.
    fn changes_in_place(&self) -> bool {
        self.method.overlap == Overlap::None
    }

    fn turn(
        &self,
        keyset: &Keyset,
        now: At,
        tell: impl FnOnce(&mut Work) -> Result<(), RotationError>,
    ) -> Result<Turn, RotationError> {
        let mut work = Work { rotation: self.clone(), keyset: keyset.clone(), events: Vec::new(), now };
        work.observe()?;
        tell(&mut work)?;
        if work.rotation.course == Course::Forward && work.rotation.current().is_none() {
            work.rotation.course = Course::Done;
        }
        let Work { rotation, keyset, events, .. } = work;
        Ok(Turn { rotation, keyset, events })
    }
}

/// A turn on its way.
struct Work {
    rotation: Rotation,
    keyset: Keyset,
    events: Vec<Event>,
    now: At,
}

impl Work {
    fn act(&mut self, act: Act) -> Result<(), Refusal> {
        let event = self.keyset.act(act, self.now)?;
        self.events.push(event);
        Ok(())
    }

    fn note(&mut self, note: Note) {
        self.rotation.journal.push(Entry { at: self.now, note });
    }

    /// Notices a clock that was set back: what lay ahead of it counts from now.
    fn observe(&mut self) -> Result<(), Refusal> {
        if let Some(event) = self.keyset.observe(self.now) {
            self.keyset.apply(&event)?;
            self.events.push(event);
        }
        let (now, from) = (self.now, self.rotation.latest);
        self.rotation.latest = now;
        if now < from {
            self.note(Note::ClockSetBack { from });
            let rotation = &mut self.rotation;
            let done = rotation.done.iter_mut().map(|done| &mut done.at);
            let sent = rotation.sent.iter_mut().map(|sent| &mut sent.at);
            let pause = rotation.pause.iter_mut().map(|pause| &mut pause.from);
            let still = rotation.still.iter_mut().map(|still| &mut still.from);
            let told = rotation.said.iter_mut().chain(&mut rotation.touched);
            for at in done.chain(sent).chain(pause).chain(still).chain(told) {
                *at = (*at).min(now);
            }
        }
        Ok(())
    }

    fn stop(&mut self, stop: Stop) {
        self.note(Note::Stopped { stop: stop.clone() });
        self.rotation.stopped = Some(stop);
    }

    fn pause(&mut self, from: At, lasts: Span) {
        self.rotation.pause = Some(Pause { from, lasts });
    }

    /// Marks a step as done, with what that means for the keys here.
    fn complete(&mut self, step: Step, evidence: Evidence) -> Result<(), RotationError> {
        let now = self.now;
        let early_by = match self.rotation.waits_for(step) {
            Some(from) => {
                let rotation = &self.rotation;
                let earliest = Earliest::of(step, from, &rotation.method, &rotation.stated, rotation.mode);
                Some(earliest.left(now)).filter(|left| left.0 > 0)
            }
            None => None,
        };
        self.happens_here(step, &evidence, early_by)?;
        let rotation = &mut self.rotation;
        (rotation.pending, rotation.sent, rotation.said, rotation.pause) = (None, None, None, None);
        rotation.done.retain(|done| done.step != step);
        rotation.done.push(Done { step, at: now, evidence: evidence.clone(), early_by });
        self.note(Note::Done { step, evidence });
        Ok(())
    }

    fn happens_here(&mut self, step: Step, evidence: &Evidence, early_by: Option<Span>) -> Result<(), RotationError> {
        let (old, next) = (self.rotation.old.clone(), self.rotation.next.clone());
        let state = |keyset: &Keyset, key: &KeyId| keyset.key(key).map(|(_, key)| key.state);
        match (step, next) {
            (Step::Publish, Some(key)) if state(&self.keyset, &key)? == State::Draft => {
                self.act(Act::Publish { key })?;
            }
            (Step::Prove, Some(key)) => {
                if let Evidence::Accepted { status } = evidence {
                    self.act(Act::Prove { key, status: *status })?;
                }
            }
            // One that was active already, and had to be published again, stays so.
            (Step::Promote, Some(key)) if state(&self.keyset, &key)? != State::Active => {
                self.act(Act::Promote { key, early_by })?;
            }
            (Step::Retire, _) if state(&self.keyset, &old)? == State::Retiring => {
                self.act(Act::Retire { key: old, early_by })?;
            }
            (Step::Disable, _) if state(&self.keyset, &old)? != State::Compromised => {
                self.act(Act::Compromise { key: old })?;
            }
            // It may have been deleted, or may have leaked, while the rotation was left alone.
            (Step::Destroy, _) if state(&self.keyset, &old)? == State::Retired => self.act(Act::Delete { key: old })?,
            (Step::Withdraw, Some(key)) if matches!(state(&self.keyset, &key)?, State::Draft | State::Published) => {
                self.act(Act::Delete { key })?;
            }
            (Step::Revive, _) if state(&self.keyset, &old)? == State::Retired => {
                self.act(Act::Unretire { key: old })?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes a step again, because what it did is gone.
    fn reopen(&mut self, step: Step) {
        let order = steps(&self.rotation.method, self.rotation.mode);
        let at = order.iter().position(|one| *one == step);
        // What was handed over stays handed over, and the key is here.
        let again = |one: Step| {
            order.iter().position(|other| *other == one) >= at && ![Step::HandOver, Step::Make].contains(&one)
        };
        self.rotation.done.retain(|done| !again(done.step));
        let rotation = &mut self.rotation;
        (rotation.pending, rotation.sent, rotation.said) = (None, None, None);
        self.note(Note::Reopened { step });
    }
}
