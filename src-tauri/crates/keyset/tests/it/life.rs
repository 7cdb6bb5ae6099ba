//! Random lives: sequences of acts over few ids, so that they meet, under a clock that jumps. After each act the invariants
//! hold, and what was refused changed nothing.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use keywright_keyset::{
    Act, Age, At, Before, Event, Key, KeyId, Keyset, Line, LineId, NewKey, Place, Refusal, State, Target, What,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

/// Sequences that are tried, at least: PROPTEST_CASES may ask for more.
const SEQUENCES: u32 = if cfg!(debug_assertions) { 1_000 } else { 10_000 };

/// What may follow what, as the table of states has it: written once more, so that a slip in the rules shows.
const FOLLOWS: &[(State, State)] = &[
    (State::Draft, State::Published),
    // The first of a line, by choice.
    (State::Draft, State::Active),
    (State::Published, State::Active),
    (State::Retiring, State::Active),
    // An undo of that choice.
    (State::Active, State::Draft),
    (State::Active, State::Retiring),
    // A promotion that was taken back.
    (State::Active, State::Published),
    // One that no target uses.
    (State::Active, State::Retired),
    (State::Retiring, State::Retired),
    (State::Retired, State::Retiring),
    (State::Draft, State::DestroyScheduled),
    (State::Published, State::DestroyScheduled),
    (State::Active, State::DestroyScheduled),
    (State::Retired, State::DestroyScheduled),
    (State::Compromised, State::DestroyScheduled),
    (State::DestroyScheduled, State::Draft),
    (State::DestroyScheduled, State::Active),
    (State::DestroyScheduled, State::Retired),
    (State::DestroyScheduled, State::Destroyed),
    (State::Draft, State::Compromised),
    (State::Published, State::Compromised),
    (State::Active, State::Compromised),
    (State::Retiring, State::Compromised),
    (State::Retired, State::Compromised),
    (State::DestroyScheduled, State::Compromised),
];

#[derive(Debug, Clone)]
enum Op {
    Add {
        kid: u8,
        environment: bool,
        account: bool,
    },
    Choose {
        key: usize,
        profile: u8,
        environment: bool,
    },
    Undo {
        event: usize,
    },
    Key {
        act: u8,
        key: usize,
    },
    Line {
        act: u8,
        line: usize,
    },
    /// Lets the key of nowhere belong somewhere, or a target leave a line, or a profile have another name.
    Place {
        act: u8,
        key: usize,
        profile: u8,
    },
    /// What a program from before keys had states does to the records.
    Older {
        act: u8,
        key: usize,
        profile: u8,
    },
    Join {
        key: usize,
        line: usize,
    },
    /// Late states are rare where everything is random: the next key of a line, all the way, and what becomes of the old.
    Rotate {
        line: usize,
        then: usize,
    },
    Clock(i64),
}

fn op() -> impl Strategy<Value = Op> {
    let (key, line) = (0..24_usize, 0..12_usize);
    prop_oneof![
        3 => (0..60_u8, prop::bool::weighted(0.2), prop::bool::weighted(0.2))
            .prop_map(|(kid, environment, account)| Op::Add { kid, environment, account }),
        3 => (key.clone(), 0..4_u8, prop::bool::weighted(0.1))
            .prop_map(|(key, profile, environment)| Op::Choose { key, profile, environment }),
        1 => (0..200_usize).prop_map(|event| Op::Undo { event }),
        8 => (0..13_u8, key.clone()).prop_map(|(act, key)| Op::Key { act, key }),
        2 => (0..2_u8, line.clone()).prop_map(|(act, line)| Op::Line { act, line }),
        2 => (0..4_u8, key.clone(), 0..4_u8).prop_map(|(act, key, profile)| Op::Place { act, key, profile }),
        2 => (0..6_u8, key.clone(), 0..4_u8).prop_map(|(act, key, profile)| Op::Older { act, key, profile }),
        2 => (key, line.clone()).prop_map(|(key, line)| Op::Join { key, line }),
        3 => (line, 0..7_usize).prop_map(|(line, then)| Op::Rotate { line, then }),
        1 => prop_oneof![Just(86_400_i64), Just(31 * 86_400), Just(-365 * 86_400), Just(365 * 86_400), -60..60_i64]
            .prop_map(Op::Clock),
    ]
}

/// A life under way: the keyset and everything that is remembered beside it to judge it by.
struct Life {
    keyset: Keyset,
    events: Vec<Event>,
    now: At,
    count: u32,
    places: BTreeMap<KeyId, Place>,
    leaked: BTreeSet<KeyId>,
    destroyed: BTreeSet<KeyId>,
    /// For how many seconds of a clock that runs forward each key of the trash lies there.
    waited: BTreeMap<KeyId, i64>,
}

impl Life {
    fn new() -> Self {
        Self {
            keyset: Keyset::default(),
            events: Vec::new(),
            now: At(1_800_000_000),
            count: 0,
            places: BTreeMap::new(),
            leaked: BTreeSet::new(),
            destroyed: BTreeSet::new(),
            waited: BTreeMap::new(),
        }
    }

    fn keys(&self) -> Vec<KeyId> {
        self.keyset.lines().flat_map(|line| &line.keys).map(|key| key.id().clone()).collect()
    }

    fn key(&self, index: usize) -> Option<KeyId> {
        let keys = self.keys();
        keys.get(index.checked_rem(keys.len())?).cloned()
    }

    fn line(&self, index: usize) -> Option<LineId> {
        let lines: Vec<&Line> = self.keyset.lines().collect();
        lines.get(index.checked_rem(lines.len())?).map(|line| line.id.clone())
    }

    fn fresh(&mut self, kid: u8, place: Place) -> Act {
        self.count += 1;
        Act::Add { line: LineId(format!("l{}", self.count)), place, key: self.new_key(kid) }
    }

    fn new_key(&self, kid: u8) -> NewKey {
        NewKey {
            id: KeyId(format!("k{}", self.count)),
            name: format!("key {}", self.count),
            // A kid that comes twice is often a kid that was used.
            kid: (kid > 5).then(|| format!("kid-{kid}")),
            thumbprint: (kid > 5).then(|| format!("print-{}", self.count)),
            made: Age::Made(self.now),
        }
    }

    fn step(&mut self, op: &Op) -> Result<(), TestCaseError> {
        let environment = |other: bool| if other { "live" } else { "sandbox" }.to_owned();
        let acts: Vec<Act> = match *op {
            Op::Clock(seconds) => {
                self.now = At(self.now.0 + seconds);
                self.waited.values_mut().for_each(|waited| *waited = (*waited + seconds).max(0));
                if let Some(event) = self.keyset.observe(self.now) {
                    self.keyset.apply(&event).unwrap();
                    self.events.push(event);
                }
                return self.hold();
            }
            Op::Add { kid, environment: live, account } => {
                let account = if account { "other" } else { "acme" }.to_owned();
                let place = Place { account, ..somewhere(&environment(live)) };
                vec![self.fresh(kid, place)]
            }
            Op::Choose { key, profile, environment: live } => self
                .key(key)
                .map(|key| {
                    let mut place = self.keyset.key(&key).unwrap().0.place.clone();
                    if live {
                        place.environment = environment(place.environment == "sandbox");
                    }
                    let target = Target { profile: format!("t{profile}"), environment: place.environment.clone() };
                    Act::Choose { target, place, key }
                })
                .into_iter()
                .collect(),
            Op::Undo { event } => {
                let chosen = self.events.iter().rev().filter_map(|it| match it.what.clone() {
                    What::Chosen { target, line, instead, activated } => {
                        Some(Act::Unchoose { target, line, back_to: instead, activated })
                    }
                    _ => None,
                });
                chosen.skip(event % 3).take(1).collect()
            }
            Op::Key { act, key } => self.key(key).map(|key| key_act(act, key)).into_iter().collect(),
            Op::Line { act, line } => {
                let act = |line| if act == 0 { Act::TakeBack { line } } else { Act::EndUse { line } };
                self.line(line).map(act).into_iter().collect()
            }
            Op::Place { act, key, profile } => self.place_act(act, key, profile).into_iter().collect(),
            Op::Older { act, key, profile } => return self.older(act, key, profile),
            Op::Join { key, line } => match (self.key(key), self.line(line)) {
                (Some(key), Some(line)) => vec![Act::Join { key, line }],
                _ => Vec::new(),
            },
            Op::Rotate { line, then } => match self.line(line) {
                Some(line) => {
                    let place = self.keyset.line(&line).unwrap().place.clone();
                    let add = self.fresh(0, place);
                    let key = || KeyId(format!("k{}", self.count));
                    let promote = Act::Promote { key: key(), early_by: None };
                    let old = self.keyset.line(&line).unwrap().active().map(|key| key.id().clone());
                    let mut acts =
                        vec![add, Act::Join { key: key(), line: line.clone() }, Act::Publish { key: key() }, promote];
                    if let Some(key) = old {
                        let delete = Act::Delete { key: key.clone() };
                        let destroy = Act::Destroy { key: key.clone(), early: true };
                        let retire = Act::Retire { key: key.clone(), early_by: None };
                        acts.extend(match then {
                            0 | 1 => Vec::new(),
                            2 => vec![Act::TakeBack { line }],
                            3 => vec![retire],
                            4 => vec![retire, Act::Unretire { key }],
                            5 => vec![retire, delete, Act::Restore { key }],
                            _ => vec![retire, delete, destroy],
                        });
                    }
                    acts
                }
                None => Vec::new(),
            },
        };
        for act in acts {
            self.act(act)?;
        }
        Ok(())
    }

    fn place_act(&mut self, act: u8, key: usize, profile: u8) -> Option<Act> {
        let target = |place: &Place| Target { profile: format!("t{profile}"), environment: place.environment.clone() };
        match act {
            0 => Some(self.fresh(0, Place::nowhere())),
            1 => {
                let nowhere = |id: &KeyId| self.keyset.key(id).unwrap().0.place.is_nowhere();
                let key = self.keys().into_iter().rev().find(nowhere)?;
                Some(Act::Bind { key, place: somewhere("sandbox") })
            }
            2 => {
                let line = self.keyset.key(&self.key(key)?).unwrap().0;
                Some(Act::Leave { target: target(&line.place), line: line.id.clone() })
            }
            _ => {
                let name = format!("t{}", (profile + 1) % 4);
                let is_free = !self.keyset.uses().any(|(target, _)| target.profile == name);
                is_free.then(|| Act::RenameProfile { profile: format!("t{profile}"), name })
            }
        }
    }

    /// The records that follow from the keyset, as the store writes them.
    fn records(&self) -> Vec<Before> {
        let mut records = Vec::new();
        for line in self.keyset.lines() {
            for key in line.keys.iter().filter(|key| key.state != State::Destroyed) {
                let calls = key.state == State::Active;
                let deleted = (key.state == State::DestroyScheduled).then_some(key.entered);
                records.push(Before {
                    line: LineId(format!("line of {}", key.id())),
                    place: line.place.clone(),
                    key: key.facts.clone(),
                    deleted,
                    targets: if calls { self.keyset.targets(&line.id) } else { BTreeSet::new() },
                });
            }
        }
        records
    }

    /// Whatever an older program writes, the events catch up with it once, every invariant holds, and nothing is lost.
    fn older(&mut self, act: u8, key: usize, profile: u8) -> Result<(), TestCaseError> {
        let mut records = self.records();
        prop_assert_eq!(self.keyset.clone().catch_up(records.clone(), self.now), Ok(Vec::new()), "nothing was written");
        let Some(index) = key.checked_rem(records.len()) else { return Ok(()) };
        let profile = format!("t{profile}");
        match act {
            // It deletes a key, or restores one, and its targets have none.
            0 => {
                let record = &mut records[index];
                record.deleted = record.deleted.is_none().then_some(self.now);
                record.targets.clear();
            }
            // It destroys one for good.
            1 => drop(records.remove(index)),
            // It sets a key of its choice for a target.
            2 | 3 if records[index].deleted.is_none() && !records[index].place.is_nowhere() => {
                let place = records[index].place.clone();
                let target = Target { profile, environment: place.environment.clone() };
                for record in records.iter_mut().filter(|it| it.place.credential == place.credential) {
                    record.targets.remove(&target);
                }
                records[index].targets.insert(target);
            }
            // It takes a profile away.
            4 => records.iter_mut().for_each(|record| record.targets.retain(|target| target.profile != profile)),
            // It makes a key.
            _ => {
                self.count += 1;
                let key = NewKey { kid: None, thumbprint: None, ..self.new_key(0) };
                let (line, place) = (LineId(format!("l{}", self.count)), somewhere("sandbox"));
                records.push(Before { line, place, key, deleted: None, targets: BTreeSet::new() });
            }
        }
        let before = self.keyset.clone();
        let events = self.keyset.catch_up(records.clone(), self.now);
        prop_assert!(events.is_ok(), "{:?}", events);
        self.events.extend(events.unwrap());
        // What the records say counts, but where a line had an active key that they pass over.
        for record in &records {
            let (line, key) = self.keyset.key(&record.key.id).unwrap();
            prop_assert_eq!(record.deleted.is_some(), key.state == State::DestroyScheduled, "{:?}", key);
            for target in &record.targets {
                let caller = self.keyset.caller(target, &line.place.credential);
                prop_assert!(caller == line.active(), "{} is called by {:?}", target, caller);
            }
        }
        for key in before.lines().flat_map(|line| &line.keys) {
            let gone = !records.iter().any(|record| record.key.id == *key.id());
            prop_assert_eq!(gone, self.keyset.key(key.id()).unwrap().1.state == State::Destroyed);
        }
        let again = self.keyset.clone().catch_up(self.records(), self.now);
        prop_assert_eq!(again, Ok(Vec::new()), "it catches up once");
        self.hold()
    }

    fn act(&mut self, act: Act) -> Result<(), TestCaseError> {
        let before = self.keyset.clone();
        let told = self.keyset.act(act.clone(), self.now);
        match told {
            Err(refusal) => {
                prop_assert_eq!(&self.keyset, &before, "refused, and changed: {}", refusal);
                // Each refusal but two has advice.
                let silent = matches!(refusal, Refusal::ChosenAlready { .. } | Refusal::Gap { .. });
                prop_assert_eq!(refusal.hint().is_none(), silent, "{}", refusal);
                return Ok(());
            }
            Ok(event) => self.events.push(event),
        }
        self.follows(&before, &act)?;
        self.hold()
    }

    /// Every change of state is in the table, and none is taken from a target but by those that end its use.
    fn follows(&mut self, before: &Keyset, act: &Act) -> Result<(), TestCaseError> {
        for key in self.keys() {
            let after = self.keyset.key(&key).unwrap().1;
            let Ok((line, was)) = before.key(&key) else { continue };
            let (from, to) = (was.state, after.state);
            prop_assert!(from == to || FOLLOWS.contains(&(from, to)), "{}: {} → {}", key, from, to);
            let gone = [State::Retired, State::DestroyScheduled, State::Destroyed].contains(&to);
            let used = from == State::Active && !before.targets(&line.id).is_empty();
            prop_assert!(!(used && gone), "{} was taken from under its targets by {:?}", key, act);
        }
        let uses = |keyset: &Keyset| -> BTreeMap<Target, LineId> {
            let mut uses = BTreeMap::new();
            for line in keyset.lines() {
                uses.extend(keyset.targets(&line.id).into_iter().map(|target| (target, line.id.clone())));
            }
            uses
        };
        if matches!(
            act,
            Act::Promote { .. }
                | Act::TakeBack { .. }
                | Act::Retire { .. }
                | Act::Delete { .. }
                | Act::Compromise { .. }
        ) {
            prop_assert_eq!(uses(before), uses(&self.keyset), "{:?} moves no target to another line", act);
        }
        Ok(())
    }

    fn hold(&mut self) -> Result<(), TestCaseError> {
        let mut kids: BTreeMap<(String, String), KeyId> = BTreeMap::new();
        for line in self.keyset.lines() {
            let active: Vec<&Key> = line.keys.iter().filter(|key| key.state == State::Active).collect();
            prop_assert!(active.len() <= 1, "two active keys in {}", line.id);
            let published = line.keys.iter().filter(|key| key.state == State::Published).count();
            prop_assert!(published <= 1, "two next keys in {}", line.id);
            for target in self.keyset.targets(&line.id) {
                prop_assert_eq!(&target.environment, &line.place.environment);
                let caller = self.keyset.caller(&target, &line.place.credential);
                prop_assert_eq!(caller, active.first().copied());
                let left = line.keys.iter().any(|key| key.state == State::Compromised || key.leaked.is_some());
                prop_assert!(caller.is_some() || left, "{} lost its key without an incident", target);
            }
            let set: BTreeSet<KeyId> = self.keyset.key_set(&line.id).unwrap().into_iter().map(|it| it.key).collect();
            for key in &line.keys {
                let id = key.id();
                prop_assert!(key.entered <= self.now, "{} entered its state in the future", id);
                let verifies = matches!(key.state, State::Published | State::Active | State::Retiring);
                prop_assert_eq!(set.contains(id), verifies && key.facts.thumbprint.is_some());
                if !line.place.is_nowhere() {
                    let place = self.places.entry(id.clone()).or_insert_with(|| line.place.clone());
                    prop_assert_eq!(&*place, &line.place, "{} moved", id);
                }
                if let Some(kid) = &key.facts.kid {
                    let there = (line.place.environment.clone(), kid.clone());
                    let other = kids.insert(there, id.clone());
                    prop_assert_eq!(other, None, "{} has a kid that was used", id);
                }
                prop_assert!(!self.destroyed.contains(id) || key.state == State::Destroyed, "{} is back", id);
                if key.state == State::Destroyed {
                    self.destroyed.insert(id.clone());
                }
                let calls = self.leaked.contains(id) && key.state == State::Active;
                prop_assert!(!calls, "{} leaked and is active again", id);
                if key.leaked.is_some() && key.state != State::Active {
                    self.leaked.insert(id.clone());
                }
            }
        }
        for id in self.keys() {
            match self.keyset.key(&id).unwrap().1.state == State::DestroyScheduled {
                true => drop(self.waited.entry(id).or_insert(0)),
                false => drop(self.waited.remove(&id)),
            }
        }
        for key in self.keyset.to_purge(self.now) {
            prop_assert!(self.waited[key.id()] >= 30 * 86_400, "{} goes early", key.id());
        }
        Ok(())
    }
}

fn somewhere(environment: &str) -> Place {
    let text = |text: &str| text.to_owned();
    Place { provider: text("p"), account: text("acme"), environment: text(environment), credential: text("c") }
}

fn key_act(act: u8, key: KeyId) -> Act {
    match act {
        0 => Act::Publish { key },
        1 => Act::Promote { key, early_by: None },
        2 | 3 => Act::Retire { key, early_by: None },
        4 => Act::Unretire { key },
        5 | 6 => Act::Delete { key },
        7 | 8 => Act::Restore { key },
        9 => Act::Destroy { key, early: false },
        10 => Act::ReportLeak { key },
        11 => Act::Compromise { key },
        _ => Act::Prove { key, status: 200 },
    }
}

#[test]
fn the_invariants_hold_in_every_life() {
    let config =
        Config { cases: SEQUENCES.max(Config::default().cases), failure_persistence: None, ..Config::default() };
    let happened: RefCell<BTreeMap<String, u32>> = RefCell::default();
    let told = TestRunner::new(config).run(&prop::collection::vec(op(), 1..60), |ops| {
        let mut life = Life::new();
        ops.iter().try_for_each(|op| life.step(op))?;
        let folded = Keyset::replay(&life.events);
        prop_assert_eq!(folded.as_ref(), Ok(&life.keyset), "the state is the fold of the events");
        for event in &life.events {
            let json = serde_json::to_value(&event.what).unwrap();
            *happened.borrow_mut().entry(json["kind"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        Ok(())
    });
    if let Err(error) = told {
        panic!("{error}");
    }
    // Random sequences that never get anywhere would hold everything.
    let kinds = [
        "added",
        "chosen",
        "unchosen",
        "joined",
        "published",
        "proved",
        "promoted",
        "takenBack",
        "retired",
        "unretired",
        "useEnded",
        "deleted",
        "restored",
        "destroyed",
        "leakReported",
        "compromised",
        "clockSetBack",
        "bound",
        "left",
        "profileRenamed",
        "found",
    ];
    let happened = happened.into_inner();
    for kind in kinds {
        let count = happened.get(kind).copied().unwrap_or_default();
        assert!(count >= SEQUENCES / 30, "{kind} happened {count} times in {SEQUENCES} lives: {happened:?}");
    }
}
