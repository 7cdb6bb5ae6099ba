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
        LiveQuestion, TokenTerms,
    },
    remembered_consent::Remembering,
};

use provider::built_in_named;

struct Person {
    asked: Arc<AtomicUsize>,
    agrees: Arc<AtomicBool>,
}

impl Consent for Person {
    fn ask(&self, _: &LiveQuestion) -> bool {
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

fn question(profile: &str, id: &str, guard: Guard, kind: LiveAct) -> LiveQuestion {
    LiveQuestion {
        profile: profile.to_owned(),
        provider: "Gr4vy".to_owned(),
        key: "acme-live".to_owned(),
        environment: "Production".to_owned(),
        environment_id: id.to_owned(),
        host: Some("api.acme.gr4vy.app".to_owned()),
        act: "signing a token".to_owned(),
        kind,
        terms: None,
        guard,
    }
}

/// A token of Gr4vy with these scopes that lives so many seconds.
fn token(scopes: &[&str], lifetime: Option<u64>) -> LiveQuestion {
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let mut given = built_in_named("gr4vy").unwrap().scopes.as_ref().unwrap().implied(&scopes);
    given.extend(scopes.iter().cloned());
    LiveQuestion {
        terms: Some(TokenTerms { scopes, given, lifetime }),
        ..question("Acme", "production", Guard::Once, Sign)
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

#[test]
fn a_yes_holds_for_the_scopes_and_the_lifetime_that_were_agreed_to() {
    let desk = Desk::new();
    assert!(desk.consent.ask(&token(&["transactions.read", "*.write"], Some(300))));
    let covered = [
        token(&["transactions.read"], Some(300)),
        token(&["transactions.read"], Some(60)),
        token(&["buyers.write"], Some(300)),
        token(&[], Some(1)),
        question("Acme", "production", Guard::Once, Read),
    ];
    for question in covered {
        assert!(desk.consent.agreed(&question), "{:?}", question.terms);
    }
    let wider = [
        token(&["*.read"], Some(300)),
        token(&["transactions.read", "embed"], Some(300)),
        token(&["transactions.read"], Some(301)),
        token(&["transactions.read"], None),
        LiveQuestion { key: "other-live".to_owned(), ..token(&["transactions.read"], Some(60)) },
    ];
    for question in wider {
        assert!(!desk.consent.agreed(&question), "{question:?}");
    }
}

#[test]
fn a_yes_to_writing_one_thing_is_none_to_writing_everything() {
    let desk = Desk::new();
    assert!(desk.consent.ask(&token(&["transactions.write"], Some(300))));
    assert!(!desk.consent.agreed(&token(&["*.write"], Some(300))));
}

#[test]
fn two_answers_are_not_added_up() {
    let desk = Desk::new();
    assert!(desk.consent.ask(&token(&["transactions.read"], Some(86_400))));
    assert!(desk.consent.ask(&token(&["transactions.write"], Some(60))));
    assert!(!desk.consent.agreed(&token(&["transactions.write"], Some(86_400))), "nobody agreed to writing for a day");
    assert!(!desk.consent.agreed(&token(&["transactions.read", "transactions.write"], Some(60))));
}

#[test]
fn terms_of_a_yes_that_ended_do_not_come_back_with_another() {
    let desk = Desk::new();
    assert!(desk.consent.ask(&token(&["*.write"], Some(300))));
    desk.pass(600);
    assert!(desk.consent.ask(&token(&["transactions.read"], Some(300))));
    assert!(!desk.consent.agreed(&token(&["*.write"], Some(300))));
}

#[test]
fn the_question_names_host_account_scopes_and_lifetime() {
    let questions = [
        token(&["transactions.read", "embed"], Some(3_600)),
        LiveQuestion { guard: Guard::Writes, ..token(&[], None) },
        LiveQuestion { act: "POST /transactions".to_owned(), kind: Change, ..token(&["transactions.write"], Some(60)) },
        LiveQuestion {
            act: "GET /transactions".to_owned(),
            host: None,
            ..question("Acme", "production", Guard::Always, Read)
        },
        question("Acme", "production", Guard::Once, Read),
    ];
    let words: Vec<String> = questions
        .iter()
        .map(|asked| {
            format!("{}\n{}\n{}\n[{}]", asked.title(), asked.detail(), asked.covers().unwrap_or_default(), asked.verb())
        })
        .collect();
    insta::assert_snapshot!(words.join("\n\n"));
}
