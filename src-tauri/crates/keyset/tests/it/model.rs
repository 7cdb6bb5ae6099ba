//! A provider of the test's own, and a program that rotates against it, fails, and is killed.

use std::collections::BTreeMap;

use keywright_keyset::{
    Act, Answer, At, Event, Grants, Handed, KeyId, Keyset, LastUse, LineId, MadeBy, Method, Mode, NewKey, Next, Page,
    Pages, Pair, Remote, Rotation, Shown, Span, Start, State, Stated, Step, Stop, Turn,
};

use crate::rules::{NOW, Vault, new_key};

/// What goes wrong, once, at one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// The connection fails: nothing was done.
    Before,
    /// It was done, and the answer is lost.
    AfterApplied,
    /// No answer, and it is done 20 s later, whoever waits or not.
    TimeOut,
    Status(u16),
    /// The key is there already, as the answer says.
    Duplicate,
    /// It is done twice.
    Twice,
    /// Everything is seen only 30 s later, from the beginning to the end.
    SeenLater,
    /// Somebody deletes the next key at the provider.
    NextDeleted,
    /// Somebody deletes the old key at the provider.
    OldDeleted,
}

/// Where the program is killed, once, at the faulty step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kill {
    Never,
    /// What was just decided is not sealed.
    BeforeSealing,
    /// The intent is sealed, and the call is not made.
    BeforeCall,
    /// The call is made, and its answer is not sealed.
    AfterCall,
    /// The answer is sealed.
    AfterSealing,
}

/// The faulty half of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Reading,
    Changing,
}

/// What is to go wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script {
    pub(crate) step: Step,
    pub(crate) on: On,
    pub(crate) fault: Fault,
    pub(crate) kill: Kill,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct There {
    id: String,
    thumbprint: Option<String>,
    label: String,
    active: bool,
    grants: Grants,
}

/// A provider: every state that it ever had, so that it can show an older one.
pub(crate) struct Provider {
    states: Vec<(At, Vec<There>)>,
    lags: u64,
    later: Vec<(At, Remote)>,
    count: u32,
    /// Whether it shows a thumbprint: a public key has one, an API key has not.
    prints: bool,
    pub(crate) old_used: LastUse,
}

impl Provider {
    fn new(prints: bool) -> Self {
        let roles = ("roles".to_owned(), vec!["reader".to_owned()]);
        let grants = Grants::from([roles, ("merchant_accounts".to_owned(), Vec::new())]);
        let thumbprint = prints.then(|| "print-a".to_owned());
        let old = There { id: "p-old".to_owned(), thumbprint, label: "old".to_owned(), active: true, grants };
        let other = There { id: "p-other".to_owned(), thumbprint: None, label: "not ours".to_owned(), ..old.clone() };
        let states = vec![(At(0), vec![old, other])];
        Self { states, lags: 0, later: Vec::new(), count: 0, prints, old_used: LastUse::At(NOW) }
    }

    fn present(&self) -> &[There] {
        &self.states.last().unwrap().1
    }

    /// What its servers know at `now`.
    fn seen(&self, now: At) -> &[There] {
        let until = At(now.0 - i64::try_from(self.lags).unwrap());
        &self.states.iter().rev().find(|(at, _)| *at <= until).unwrap_or(&self.states[0]).1
    }

    fn change(&mut self, remote: &Remote, now: At) -> Option<String> {
        let mut pairs = self.present().to_vec();
        let mut made = None;
        match remote {
            Remote::Create { label, thumbprint, active, grants } => {
                self.count += 1;
                let id = format!("p-{}", self.count);
                made = Some(id.clone());
                let thumbprint = thumbprint.clone().filter(|_| self.prints);
                pairs.push(There { id, thumbprint, label: label.clone(), active: *active, grants: grants.clone() });
            }
            Remote::Activate { pair } => switch(&mut pairs, pair, true),
            Remote::Deactivate { pair } => switch(&mut pairs, pair, false),
            Remote::Delete { pair } => pairs.retain(|it| it.id != *pair),
        }
        self.states.push((now, pairs));
        made
    }

    fn tick(&mut self, now: At) {
        let (due, later): (Vec<_>, Vec<_>) = self.later.drain(..).partition(|(at, _)| *at <= now);
        self.later = later;
        for (at, remote) in due {
            self.change(&remote, at);
        }
    }

    /// All its pages, three keys each.
    fn list(&self, now: At) -> Shown {
        let pairs: Vec<Pair> = self.seen(now).iter().map(|it| self.pair(it)).collect();
        let mut pages = Pages::default();
        let mut chunks = pairs.chunks(3).peekable();
        loop {
            let page = chunks.next().unwrap_or_default().to_vec();
            let cursor = chunks.peek().map(|next| next[0].id.clone());
            match pages.add(page, cursor).unwrap() {
                Page::More(more, _) => pages = more,
                Page::Last(shown) => return shown,
            }
        }
    }

    fn pair(&self, it: &There) -> Pair {
        Pair {
            id: it.id.clone(),
            thumbprint: it.thumbprint.clone(),
            label: Some(it.label.clone()),
            active: it.active,
            last_used: if it.id == "p-old" { self.old_used } else { LastUse::NotTold },
            grants: it.grants.clone(),
        }
    }

    /// Whether its servers accept a call by this key: by its public half, or by the secret that it has there as `pair`.
    fn works(&self, key: &KeyId, pair: Option<&String>, now: At) -> bool {
        let works = |pairs: &[There]| pairs.iter().any(|it| it.active && self.is_of(it, key, pair));
        works(self.seen(now)) && works(self.present())
    }

    fn is_of(&self, it: &There, key: &KeyId, pair: Option<&String>) -> bool {
        match self.prints {
            true => it.thumbprint == Some(format!("print-{key}")),
            false => Some(&it.id) == pair,
        }
    }

    fn pairs_of(&self, key: &KeyId, pair: Option<&String>) -> Vec<String> {
        let ours = self.present().iter().filter(|it| self.is_of(it, key, pair));
        ours.map(|it| it.id.clone()).collect()
    }
}

fn switch(pairs: &mut [There], pair: &str, active: bool) {
    pairs.iter_mut().filter(|it| it.id == *pair).for_each(|it| it.active = active);
}

/// A program that rotates: what it has in memory, and what is sealed.
pub(crate) struct Program {
    pub(crate) provider: Provider,
    pub(crate) now: At,
    pub(crate) rotation: Rotation,
    pub(crate) keyset: Keyset,
    /// What a kill leaves: JSON, as the store has it.
    sealed: String,
    sealed_events: Vec<Event>,
    /// Which key of ours is which there, where the provider shows no thumbprint: who has the secret, has that.
    halves: BTreeMap<KeyId, String>,
    script: Script,
    struck: bool,
    killed: bool,
    /// Whether somebody broke the active key at the provider: then no plan can have it working.
    broken: bool,
    made: u32,
    stops: u32,
    /// Whether another credential makes the calls, as in an incident that leaves no key.
    admin: bool,
    /// How far the provider's clock is ahead of ours: it has one of its own.
    skew: i64,
    pub(crate) trace: Vec<String>,
}

pub(crate) fn stated() -> Stated {
    Stated {
        token_lifetime: Span::HOUR,
        skew: Span::MINUTE,
        slowest_deploy: Span::DAY.times(2),
        quiet: Span::DAY,
        undo: Span::HOUR,
    }
}

pub(crate) fn start(mode: Mode, method: Method, vault: &Vault) -> Start {
    let copies = keywright_keyset::copies(&vault.events, &"a".into());
    let old_id = Some("p-old".to_owned());
    let (id, label) = ("r1".into(), "checkout".to_owned());
    Start { id, old: "a".into(), mode, method, stated: stated(), label, copies, old_id }
}

impl Program {
    pub(crate) fn new(method: Method, mode: Mode, script: Script) -> Self {
        let mut vault = Vault::with_active();
        let export = Act::Export { key: "a".into(), form: "env".to_owned(), to: "ci".to_owned() };
        vault.act(export).unwrap();
        let mut provider = Provider::new(method.made == MadeBy::Here);
        if script.fault == Fault::SeenLater {
            provider.lags = 30;
        }
        let turn = Rotation::begin(start(mode, method, &vault), &vault.keyset, [], NOW).unwrap();
        let mut program = Self {
            provider,
            now: NOW,
            sealed: String::new(),
            rotation: turn.rotation.clone(),
            keyset: vault.keyset.clone(),
            sealed_events: vault.events,
            halves: BTreeMap::from([("a".into(), "p-old".to_owned())]),
            script,
            struck: false,
            killed: false,
            broken: false,
            made: 0,
            stops: 0,
            admin: mode != Mode::Planned,
            skew: 0,
            trace: Vec::new(),
        };
        program.seal(turn);
        program
    }

    /// Seals a turn: rotation and events in one transaction.
    fn seal(&mut self, turn: Turn) {
        self.sealed = serde_json::to_string(&turn.rotation).unwrap();
        self.sealed_events.extend(turn.events);
        (self.rotation, self.keyset) = (turn.rotation, turn.keyset);
    }

    /// Starts anew from what is sealed.
    pub(crate) fn restart(&mut self) {
        self.trace.push("killed".to_owned());
        self.killed = true;
        self.rotation = serde_json::from_str(&self.sealed).unwrap();
        self.keyset = Keyset::replay(&self.sealed_events).unwrap();
    }

    fn kills(&self, kill: Kill, step: Step) -> bool {
        self.script.kill == kill && self.script.step == step && !self.killed
    }

    /// The fault, if this is its place.
    fn fault(&mut self, step: Step, on: On) -> Fault {
        if self.struck || self.script.step != step || self.script.on != on {
            return Fault::None;
        }
        self.struck = true;
        self.script.fault
    }

    fn deletions(&mut self, step: Step) {
        let gone = match self.script.fault {
            Fault::NextDeleted => self.rotation.next_key().cloned(),
            Fault::OldDeleted => Some("a".into()),
            _ => None,
        };
        let (Some(key), true) = (gone, self.script.step == step && !self.struck) else { return };
        let pairs = self.provider.pairs_of(&key, self.halves.get(&key));
        self.struck = !pairs.is_empty();
        self.broken |= self.struck && self.active() == Some(key);
        for pair in pairs {
            self.trace.push(format!("somebody deleted {pair}"));
            let there = self.there();
            self.provider.change(&Remote::Delete { pair }, there);
        }
    }

    fn active(&self) -> Option<KeyId> {
        self.keyset.line(&"line-a".into()).unwrap().active().map(|key| key.id().clone())
    }

    /// Whether the key that calls works at the provider.
    fn calls_work(&self) -> bool {
        self.active().is_some_and(|key| self.provider.works(&key, self.halves.get(&key), self.there()))
    }

    /// What must hold whenever anybody looks: one active key, and it works.
    fn hold(&mut self) {
        let there = self.there();
        self.provider.tick(there);
        let line = self.keyset.line(&"line-a".into()).unwrap();
        assert!(line.keys.iter().filter(|key| key.state == State::Active).count() <= 1, "{}", self.told());
        let works = self.calls_work();
        self.broken &= !works;
        if self.rotation.mode() == Mode::Planned && !self.broken {
            assert!(works, "no active key works\n{}", self.told());
        }
    }

    pub(crate) fn told(&self) -> String {
        format!("{:?}\n{}\nat the provider: {:?}", self.script, self.trace.join("\n"), self.provider.present())
    }

    /// Does what comes next until the rotation has ended, as a person would who answers what they are asked.
    pub(crate) fn run(&mut self) {
        for _ in 0..400 {
            if !self.one_turn() {
                return;
            }
        }
        panic!("it never ends\n{}", self.told());
    }

    /// Does what comes next; says whether there was anything to do.
    pub(crate) fn one_turn(&mut self) -> bool {
        self.hold();
        if let Some(turn) = self.rotation.observe(&self.keyset, self.now).unwrap() {
            self.seal(turn);
        }
        let next = self.rotation.next(&self.keyset, self.now);
        let is_over = matches!(next, Next::Done | Next::Aborted);
        if !is_over {
            self.turn(next);
        }
        !is_over
    }

    /// Our clock goes back a year; the provider's does not.
    pub(crate) fn set_back(&mut self) {
        const YEAR: i64 = 365 * 86_400;
        (self.now, self.skew) = (At(self.now.0 - YEAR), self.skew + YEAR);
    }

    pub(crate) fn turn(&mut self, next: Next) {
        let step = self.rotation.current().unwrap();
        self.trace.push(format!("{} {step:?}: {}", self.now.0 - NOW.0, first_words(&next)));
        match next {
            Next::Pause { until, .. } => self.now = until,
            Next::Wait(earliest) => self.now = earliest.at(self.now),
            Next::Stopped(stop) => self.decide(&stop),
            Next::Look => self.look(step),
            Next::Watch { told, .. } => {
                self.look(step);
                if self.rotation.current() == Some(Step::Watch) {
                    self.now = self.now.after(Span::HOUR.times(6));
                    if !told {
                        self.tell(|rotation, keyset, now| rotation.advance(keyset, now), step);
                    }
                }
            }
            Next::Call(intent) => self.call(step, &intent.remote),
            Next::Make { .. } => {
                self.deletions(step);
                self.made += 1;
                let (key, line) = self.key();
                self.halves.insert(key.id.clone(), String::new());
                self.tell(|rotation, keyset, now| rotation.made(keyset, key.clone(), line.clone(), now), step);
            }
            Next::Prove { key } => self.prove(step, &key),
            Next::HandOver { open } => {
                self.deletions(step);
                for place in open {
                    self.tell(|it, keyset, now| it.handed(keyset, &place.to, Handed::Given, now), step);
                }
                self.tell(|rotation, keyset, now| rotation.advance(keyset, now), step);
            }
            Next::Ready(_) => {
                self.deletions(step);
                self.hold();
                self.tell(|rotation, keyset, now| rotation.advance(keyset, now), step);
            }
            Next::ByHand { step: Step::Revive, .. } => {
                let there = self.there();
                self.provider.change(&Remote::Activate { pair: "p-old".to_owned() }, there);
                self.tell(|rotation, keyset, now| rotation.did_it(keyset, now), step);
            }
            Next::ByHand { step: Step::Withdraw, .. } => {
                let next = self.rotation.next_key().cloned();
                let pairs = next.map(|key| self.provider.pairs_of(&key, self.halves.get(&key))).unwrap_or_default();
                let there = self.there();
                pairs.into_iter().for_each(|pair| drop(self.provider.change(&Remote::Delete { pair }, there)));
                self.tell(|rotation, keyset, now| rotation.did_it(keyset, now), step);
            }
            Next::ByHand { .. } | Next::Done | Next::Aborted => panic!("{}", self.told()),
        }
    }

    fn key(&self) -> (NewKey, LineId) {
        let id = format!("n{}", self.made);
        let thumbprint = self.provider.prints.then(|| format!("print-{id}"));
        (NewKey { thumbprint, kid: None, ..new_key(&id) }, LineId(format!("line-{id}")))
    }

    /// Tells the rotation something that needs no provider; a kill before it is sealed leaves what was.
    pub(crate) fn tell(
        &mut self,
        tell: impl Fn(&Rotation, &Keyset, At) -> Result<Turn, keywright_keyset::RotationError>,
        step: Step,
    ) {
        // A kill before this may have left another step.
        let Ok(turn) = tell(&self.rotation, &self.keyset, self.now) else { return };
        if self.kills(Kill::BeforeSealing, step) {
            return self.restart();
        }
        self.seal(turn);
        if self.kills(Kill::AfterSealing, step) {
            self.restart();
        }
    }

    /// What a person does where it stopped.
    fn decide(&mut self, stop: &Stop) {
        let step = self.rotation.current().unwrap();
        self.stops += 1;
        let lost = self.broken && !self.calls_work();
        match stop {
            // The key that calls was deleted there: the old one is taken back, which may be retired already.
            Stop::ActiveGone { .. } | Stop::Refused { .. }
                if lost && [Step::Revive, Step::Withdraw].contains(&step) =>
            {
                self.tell(|rotation, keyset, now| rotation.by_hand(keyset, now), step);
            }
            Stop::ActiveGone { .. } | Stop::Refused { .. } if lost && self.stops < 9 => {
                let is_open = self.rotation.back(&self.keyset, self.now).is_ok();
                let given_up = self.rotation.abort(&self.keyset, self.now).is_ok();
                let now = self.now;
                self.tell(
                    |rotation, keyset, _| match (is_open, given_up) {
                        (true, _) => rotation.back(keyset, now),
                        (false, true) => rotation.abort(keyset, now),
                        (false, false) => rotation.again(keyset, now),
                    },
                    step,
                );
            }
            Stop::OldNotShown { .. } | Stop::NextGone => {
                self.tell(|rotation, keyset, now| rotation.abort(keyset, now), step);
            }
            _ => {
                self.now = self.now.after(Span::MINUTE);
                self.tell(|rotation, keyset, now| rotation.again(keyset, now), step);
            }
        }
    }

    fn look(&mut self, step: Step) {
        self.deletions(step);
        let answer = match self.fault(step, On::Reading) {
            Fault::Before | Fault::TimeOut | Fault::AfterApplied | Fault::Status(500) => Err(Answer::NotKnown),
            Fault::Status(429) => Err(Answer::Busy { retry_after: Some(Span(7)) }),
            Fault::Status(status) => Err(Answer::Refused { status }),
            _ if !self.may_call() => Err(Answer::Refused { status: 401 }),
            _ => Ok(self.provider.list(self.there())),
        };
        self.tell(|rotation, keyset, now| rotation.shown(keyset, answer.as_ref().map_err(|it| *it), now), step);
        self.now = self.now.after(Span(1));
    }

    /// The provider's time.
    fn there(&self) -> At {
        At(self.now.0 + self.skew)
    }

    fn may_call(&self) -> bool {
        self.admin || self.calls_work()
    }

    fn prove(&mut self, step: Step, key: &KeyId) {
        self.deletions(step);
        let works = self.provider.works(key, self.halves.get(key), self.there());
        let status = match self.fault(step, On::Reading) {
            Fault::Before | Fault::TimeOut | Fault::AfterApplied => None,
            Fault::Status(status) => Some(status),
            _ if works => Some(200),
            _ => Some(401),
        };
        self.tell(|rotation, keyset, now| rotation.proved(keyset, status, now), step);
        self.now = self.now.after(Span(1));
    }

    fn call(&mut self, step: Step, remote: &Remote) {
        let turn = self.rotation.intend(&self.keyset, self.now).unwrap();
        if self.kills(Kill::BeforeSealing, step) {
            return self.restart();
        }
        self.seal(turn);
        if self.kills(Kill::BeforeCall, step) {
            return self.restart();
        }
        let orphan =
            matches!(remote, Remote::Delete { pair } if self.rotation.orphans().iter().any(|it| it.pair == *pair));
        let fault = if orphan { Fault::None } else { self.fault(step, On::Changing) };
        let (mut made, there) = (None, self.there());
        let answer = match fault {
            Fault::Before | Fault::Status(500) => Answer::NotKnown,
            Fault::AfterApplied => {
                made = self.provider.change(remote, there);
                Answer::NotKnown
            }
            Fault::TimeOut => {
                self.provider.later.push((there.after(Span(20)), remote.clone()));
                Answer::NotKnown
            }
            Fault::Status(429) => Answer::Busy { retry_after: Some(Span(7)) },
            Fault::Status(status) => Answer::Refused { status },
            _ if !self.may_call() => Answer::Refused { status: 401 },
            Fault::Duplicate => {
                made = self.provider.change(remote, there);
                Answer::Duplicate
            }
            Fault::Twice => {
                self.provider.change(remote, there);
                made = self.provider.change(remote, there);
                Answer::Accepted
            }
            Fault::None | Fault::SeenLater | Fault::NextDeleted | Fault::OldDeleted => {
                made = self.provider.change(remote, there);
                Answer::Accepted
            }
        };
        self.now = self.now.after(Span(1));
        self.hold();
        if self.kills(Kill::AfterCall, step) {
            return self.restart();
        }
        // A key that the provider made is in its answer alone, and only an accepted one brings it.
        if let (Step::Make, Remote::Create { .. }, Answer::Accepted, Some(pair)) = (step, remote, answer, made) {
            self.made += 1;
            let (key, line) = self.key();
            self.halves.insert(key.id.clone(), pair.clone());
            let tell =
                |it: &Rotation, keyset: &Keyset, now| it.arrived(keyset, pair.clone(), key.clone(), line.clone(), now);
            return self.tell(tell, step);
        }
        self.tell(|rotation, keyset, now| rotation.answered(keyset, answer, now), step);
    }

    /// At the end nothing is at the provider that is neither a key of ours nor listed.
    pub(crate) fn nothing_is_left(&self) {
        let active = self.active().map(|key| self.provider.pairs_of(&key, self.halves.get(&key))).unwrap_or_default();
        let listed = |id: &str| self.rotation.orphans().iter().any(|orphan| orphan.pair == id);
        let left = self.provider.present().iter().map(|it| it.id.as_str()).filter(|id| *id != "p-other" && !listed(id));
        let left: Vec<&str> = left.collect();
        let ours = left.iter().filter(|id| active.iter().any(|pair| pair == *id)).count();
        assert!(ours <= 1 && left.len() == ours, "{left:?} are neither ours nor listed\n{}", self.told());
    }
}

/// What a trace says of a turn: short, because thousands are made.
fn first_words(next: &Next) -> String {
    match next {
        Next::Call(intent) => intent.remote.to_string(),
        Next::Stopped(stop) => format!("stopped: {stop}"),
        Next::Pause { until, .. } => format!("pause until {}", until.0 - NOW.0),
        Next::Look => "look".to_owned(),
        Next::Watch { .. } => "watch".to_owned(),
        Next::Make { .. } => "make".to_owned(),
        Next::Prove { .. } => "prove".to_owned(),
        Next::HandOver { .. } => "hand over".to_owned(),
        Next::Wait(_) => "wait".to_owned(),
        Next::ByHand { .. } => "by hand".to_owned(),
        Next::Ready(_) => "ready".to_owned(),
        Next::Done | Next::Aborted => "ended".to_owned(),
    }
}
