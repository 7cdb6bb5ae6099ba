//! A yes that is remembered: how long, for what, by which guard.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use keywright_workbench::{
    ports::{
        Consent, Guard,
        LiveAct::{self, Change, Read, Sign},
        LiveQuestion,
    },
    remembered_consent::Remembering,
};

struct Person {
    asked: Arc<AtomicUsize>,
    agrees: Arc<AtomicBool>,
}

impl Consent for Person {
    fn ask(&self, _: &LiveQuestion<'_>) -> bool {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.agrees.load(Ordering::SeqCst)
    }
}

struct Desk {
    consent: Remembering,
    asked: Arc<AtomicUsize>,
    agrees: Arc<AtomicBool>,
    seconds: Arc<AtomicU64>,
}

impl Desk {
    fn new() -> Self {
        let (asked, agrees) = (Arc::default(), Arc::new(AtomicBool::new(true)));
        let seconds = Arc::new(AtomicU64::new(1_000));
        let clock = Arc::clone(&seconds);
        let person = Person { asked: Arc::clone(&asked), agrees: Arc::clone(&agrees) };
        let now = Box::new(move || Duration::from_secs(clock.load(Ordering::SeqCst)));
        Self { consent: Remembering::new(Box::new(person), now), asked, agrees, seconds }
    }

    /// How often the person was asked for these acts, one after the other.
    fn asked(&self, guard: Guard, acts: &[LiveAct]) -> usize {
        let before = self.asked.load(Ordering::SeqCst);
        for act in acts {
            assert!(self.consent.ask(&question("Acme", "production", guard, *act)));
        }
        self.asked.load(Ordering::SeqCst) - before
    }

    fn pass(&self, seconds: u64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }
}

fn question<'a>(profile: &'a str, id: &'a str, guard: Guard, kind: LiveAct) -> LiveQuestion<'a> {
    LiveQuestion {
        profile,
        provider: "Gr4vy",
        key: "acme-live",
        environment: "Production",
        environment_id: id,
        act: "signing a token",
        kind,
        guard,
    }
}

#[test]
fn each_guard_asks_as_often_as_it_says() {
    let acts = [Sign, Sign, Read, Change, Change, Sign, Read];
    assert_eq!(Desk::new().asked(Guard::Once, &acts), 1);
    assert_eq!(Desk::new().asked(Guard::Writes, &acts), 3);
    assert_eq!(Desk::new().asked(Guard::Always, &acts), 7);
}

#[test]
fn a_no_is_not_remembered_and_says_no() {
    let desk = Desk::new();
    desk.agrees.store(false, Ordering::SeqCst);
    let sign = question("Acme", "production", Guard::Once, Sign);
    assert!(!desk.consent.ask(&sign) && !desk.consent.ask(&sign) && !desk.consent.agreed(&sign));
    assert_eq!(desk.asked.load(Ordering::SeqCst), 2);
}

#[test]
fn it_holds_for_one_place() {
    let desk = Desk::new();
    desk.asked(Guard::Once, &[Sign]);
    assert!(desk.consent.agreed(&question("Acme", "production", Guard::Once, Read)));
    assert!(!desk.consent.agreed(&question("Acme", "production-eu", Guard::Once, Read)));
    assert!(!desk.consent.agreed(&question("Other", "production", Guard::Once, Read)));
    assert!(!desk.consent.agreed(&question("Acme", "production", Guard::Always, Read)));
}

#[test]
fn ten_idle_minutes_end_it_and_work_puts_that_off() {
    let desk = Desk::new();
    desk.asked(Guard::Once, &[Sign]);
    desk.pass(599);
    desk.consent.touch();
    desk.pass(599);
    assert_eq!(desk.asked(Guard::Once, &[Sign]), 0);
    assert!(desk.consent.expire().is_empty());
    desk.pass(1);
    // What has ended does not begin again because somebody comes back.
    desk.consent.touch();
    let ended: Vec<_> = desk.consent.expire().into_iter().map(|at| (at.profile, at.environment)).collect();
    assert_eq!(ended, [("Acme".to_owned(), "production".to_owned())]);
    assert!(desk.consent.expire().is_empty(), "it is said once");
    assert_eq!(desk.asked(Guard::Once, &[Sign]), 1);
}

#[test]
fn locking_ends_it() {
    let desk = Desk::new();
    desk.asked(Guard::Writes, &[Change]);
    assert_eq!(desk.asked(Guard::Writes, &[Sign]), 0, "a yes to more is a yes to less");
    assert_eq!(desk.consent.clear().len(), 1);
    assert_eq!(desk.asked(Guard::Writes, &[Sign]), 1);
}
