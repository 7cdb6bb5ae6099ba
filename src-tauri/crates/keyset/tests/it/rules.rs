//! The rules of lines and states, one by one: each test fails where its rule is missing.

use std::collections::BTreeSet;

use keywright_keyset::{
    Act, Age, At, Before, Due, Event, KEPT_FOR, KeyId, Keyset, LineId, NewKey, Place, Refusal, Signs, Span, State,
    Target, What, Why, copies, due, history,
};

pub(crate) const NOW: At = At(1_796_000_000);

pub(crate) fn target(profile: &str) -> Target {
    Target { profile: profile.to_owned(), environment: "sandbox".to_owned() }
}

pub(crate) fn place() -> Place {
    Place {
        provider: "gr4vy".to_owned(),
        account: "acme".to_owned(),
        environment: "sandbox".to_owned(),
        credential: "private_key".to_owned(),
    }
}

pub(crate) fn new_key(id: &str) -> NewKey {
    NewKey {
        id: id.into(),
        name: format!("name of {id}"),
        kid: Some(format!("kid-{id}")),
        thumbprint: Some(format!("print-{id}")),
        made: Age::Made(NOW),
    }
}

/// A keyset with its events.
#[derive(Default)]
pub(crate) struct Vault {
    pub(crate) keyset: Keyset,
    pub(crate) events: Vec<Event>,
}

impl Vault {
    pub(crate) fn act(&mut self, act: Act) -> Result<(), Refusal> {
        self.act_at(act, NOW)
    }

    fn act_at(&mut self, act: Act, now: At) -> Result<(), Refusal> {
        let event = self.keyset.act(act, now)?;
        self.events.push(event);
        Ok(())
    }

    pub(crate) fn add(&mut self, id: &str) -> KeyId {
        let line = LineId(format!("line-{id}"));
        self.act(Act::Add { line, place: place(), key: new_key(id) }).unwrap();
        id.into()
    }

    pub(crate) fn choose(&mut self, profile: &str, key: &str) -> Result<(), Refusal> {
        self.act(Act::Choose { target: target(profile), place: place(), key: key.into() })
    }

    pub(crate) fn state(&self, key: &str) -> State {
        self.keyset.key(&key.into()).unwrap().1.state
    }

    fn caller(&self, profile: &str) -> Option<String> {
        self.keyset.caller(&target(profile), "private_key").map(|key| key.id().0.clone())
    }

    /// A line with the active key `a`, used by two profiles.
    pub(crate) fn with_active() -> Self {
        let mut vault = Self::default();
        vault.add("a");
        vault.choose("acme", "a").unwrap();
        vault.choose("north", "a").unwrap();
        vault
    }

    /// The same with the next key `b`, published.
    fn with_published() -> Self {
        let mut vault = Self::with_active();
        vault.add("b");
        vault.act(Act::Join { key: "b".into(), line: "line-a".into() }).unwrap();
        vault.act(Act::Publish { key: "b".into() }).unwrap();
        vault
    }

    /// The same with `b` promoted.
    fn with_promoted() -> Self {
        let mut vault = Self::with_published();
        vault.act(Act::Promote { key: "b".into(), early_by: None }).unwrap();
        vault
    }
}

fn line() -> LineId {
    "line-a".into()
}

fn retire(key: &str) -> Act {
    Act::Retire { key: key.into(), early_by: None }
}

fn delete(key: &str) -> Act {
    Act::Delete { key: key.into() }
}

fn restore(key: &str) -> Act {
    Act::Restore { key: key.into() }
}

#[test]
fn no_key_is_active_before_the_first_is_chosen() {
    let mut vault = Vault::default();
    vault.add("a");
    assert_eq!(vault.state("a"), State::Draft);
    assert!(vault.keyset.line(&line()).unwrap().active().is_none());
    vault.choose("acme", "a").unwrap();
    assert_eq!((vault.state("a"), vault.caller("acme").as_deref()), (State::Active, Some("a")));
}

#[test]
fn a_second_key_starts_as_a_draft_and_takes_no_place() {
    let mut vault = Vault::with_active();
    vault.add("b");
    assert_eq!((vault.state("b"), vault.caller("acme").as_deref()), (State::Draft, Some("a")));
    assert_ne!(vault.keyset.key(&"b".into()).unwrap().0.id, line(), "it joins the line by a rotation alone");
}

#[test]
fn a_promotion_moves_every_target_in_one_event() {
    let vault = Vault::with_promoted();
    assert_eq!(vault.caller("acme").as_deref(), Some("b"));
    assert_eq!(vault.caller("north").as_deref(), Some("b"));
    assert_eq!((vault.state("a"), vault.state("b")), (State::Retiring, State::Active));
    let What::Promoted { targets, old, .. } = &vault.events.last().unwrap().what else { panic!() };
    assert_eq!((targets.len(), old.as_ref()), (2, Some(&"a".into())));
}

#[test]
fn only_a_published_key_is_promoted() {
    let mut vault = Vault::with_active();
    vault.add("b");
    vault.act(Act::Join { key: "b".into(), line: line() }).unwrap();
    let refused = vault.act(Act::Promote { key: "b".into(), early_by: None }).unwrap_err();
    assert!(matches!(refused, Refusal::State { found: State::Draft, .. }), "{refused}");
}

#[test]
fn a_promotion_is_taken_back_while_the_old_key_is_retiring() {
    let mut vault = Vault::with_promoted();
    vault.act(Act::TakeBack { line: line() }).unwrap();
    assert_eq!((vault.state("a"), vault.state("b")), (State::Active, State::Published));
    assert_eq!(vault.caller("north").as_deref(), Some("a"));
    assert!(matches!(vault.act(Act::TakeBack { line: line() }), Err(Refusal::NothingToTakeBack { .. })));

    let mut vault = Vault::with_promoted();
    vault.act(retire("a")).unwrap();
    let refused = vault.act(Act::TakeBack { line: line() }).unwrap_err();
    assert!(matches!(refused, Refusal::NothingToTakeBack { old: Some(State::Retired), .. }), "{refused}");
    vault.act(Act::Unretire { key: "a".into() }).unwrap();
    vault.act(Act::TakeBack { line: line() }).unwrap();
    assert_eq!(vault.state("a"), State::Active);
}

#[test]
fn the_active_key_stays_while_targets_use_it() {
    let mut vault = Vault::with_active();
    assert!(matches!(vault.act(delete("a")), Err(Refusal::InUse { act: "deleting", .. })));
    assert!(matches!(vault.act(retire("a")), Err(Refusal::InUse { act: "retiring", .. })));
    let destroy = Act::Destroy { key: "a".into(), early: true };
    assert!(matches!(vault.act(destroy), Err(Refusal::State { .. })));
}

#[test]
fn to_remove_the_last_key_its_use_ends_first_and_a_restore_brings_it_back() {
    let mut vault = Vault::with_active();
    vault.act(Act::EndUse { line: line() }).unwrap();
    assert_eq!((vault.caller("acme"), vault.state("a")), (None, State::Active));
    vault.act(delete("a")).unwrap();
    assert_eq!(vault.state("a"), State::DestroyScheduled);
    vault.act(restore("a")).unwrap();
    assert_eq!(vault.state("a"), State::Active);
    assert_eq!((vault.caller("acme").as_deref(), vault.caller("north").as_deref()), (Some("a"), Some("a")));
}

#[test]
fn a_restore_takes_no_target_from_another_key() {
    let mut vault = Vault::with_active();
    vault.act(Act::EndUse { line: line() }).unwrap();
    vault.act(delete("a")).unwrap();
    vault.add("b");
    vault.choose("acme", "b").unwrap();
    vault.act(restore("a")).unwrap();
    assert_eq!((vault.caller("acme").as_deref(), vault.caller("north").as_deref()), (Some("b"), Some("a")));
}

#[test]
fn a_key_that_was_replaced_meanwhile_comes_back_retired() {
    let mut vault = Vault::with_promoted();
    vault.act(retire("a")).unwrap();
    vault.act(delete("a")).unwrap();
    vault.act(restore("a")).unwrap();
    assert_eq!((vault.state("a"), vault.caller("acme").as_deref()), (State::Retired, Some("b")));
}

#[test]
fn a_retiring_key_is_retired_before_it_is_deleted() {
    let mut vault = Vault::with_promoted();
    assert!(matches!(vault.act(delete("a")), Err(Refusal::State { found: State::Retiring, .. })));
}

#[test]
fn the_trash_keeps_a_key_for_thirty_days() {
    let mut vault = Vault::default();
    vault.add("a");
    vault.act(delete("a")).unwrap();
    let destroy = || Act::Destroy { key: "a".into(), early: false };
    let last = At(NOW.after(KEPT_FOR).0 - 1);
    assert!(matches!(vault.act_at(destroy(), last), Err(Refusal::StillRestorable { left: Span(1), .. })));
    assert_eq!(vault.keyset.to_purge(last), Vec::<&keywright_keyset::Key>::new());
    assert_eq!(vault.keyset.to_purge(NOW.after(KEPT_FOR)).len(), 1);
    vault.act_at(destroy(), NOW.after(KEPT_FOR)).unwrap();
    assert_eq!(vault.state("a"), State::Destroyed);
    assert!(matches!(vault.act(restore("a")), Err(Refusal::State { found: State::Destroyed, .. })));
    let export = Act::Export { key: "a".into(), form: "pkcs8".to_owned(), to: "file".to_owned() };
    assert!(matches!(vault.act(export), Err(Refusal::NoPrivateHalf { .. })));
}

#[test]
fn a_clock_that_was_set_back_keeps_the_trash_for_thirty_days_from_then() {
    let mut vault = Vault::default();
    vault.add("a");
    vault.act(delete("a")).unwrap();
    let year_ago = At(NOW.0 - 365 * 86_400);
    let until = |vault: &Vault, now| Keyset::restorable_until(vault.keyset.key(&"a".into()).unwrap().1, now);
    assert_eq!(until(&vault, year_ago), Some(year_ago.after(KEPT_FOR)), "and not for a year longer");
    let event = vault.keyset.observe(year_ago).unwrap();
    vault.keyset.apply(&event).unwrap();
    assert_eq!(until(&vault, NOW), Some(year_ago.after(KEPT_FOR)), "once it was noticed");
    assert_eq!(vault.keyset.observe(year_ago), None);
}

#[test]
fn a_person_may_destroy_earlier_and_the_event_says_so() {
    let mut vault = Vault::default();
    vault.add("a");
    vault.act(delete("a")).unwrap();
    vault.act_at(Act::Destroy { key: "a".into(), early: true }, NOW.after(Span::DAY)).unwrap();
    let What::Destroyed { early_by, .. } = &vault.events.last().unwrap().what else { panic!() };
    assert_eq!(*early_by, Some(Span::DAY.times(29)));
}

#[test]
fn a_kid_is_never_used_again_also_after_destroy() {
    let mut vault = Vault::default();
    vault.add("a");
    let again = |kid: Option<&str>, thumbprint: Option<&str>, place| {
        let (kid, thumbprint) = (kid.map(str::to_owned), thumbprint.map(str::to_owned));
        Act::Add { line: "line-x".into(), place, key: NewKey { kid, thumbprint, ..new_key("x") } }
    };
    assert!(matches!(vault.act(again(Some("kid-a"), None, place())), Err(Refusal::KidUsed { member: "kid", .. })));
    vault.act(delete("a")).unwrap();
    vault.act(Act::Destroy { key: "a".into(), early: true }).unwrap();
    let refused = vault.act(again(Some("kid-a"), None, place())).unwrap_err();
    assert!(matches!(refused, Refusal::KidUsed { state: State::Destroyed, .. }), "{refused}");
    let refused = vault.act(again(None, Some("print-a"), place())).unwrap_err();
    assert!(
        matches!(refused, Refusal::KidUsed { member: "thumbprint", .. }),
        "the same key under another kid: {refused}"
    );
    // A server of another environment, and one that knows no kid, takes it for no other key.
    let live = Place { environment: "production".to_owned(), ..place() };
    let mut other = Vault { keyset: vault.keyset.clone(), events: Vec::new() };
    other.act(again(Some("kid-a"), None, live)).unwrap();
    vault.act(again(None, None, place())).unwrap();
}

#[test]
fn ids_are_never_used_again() {
    let mut vault = Vault::with_published();
    let add = |line: &str, key| Act::Add { line: line.into(), place: place(), key: new_key(key) };
    assert!(matches!(vault.act(add("line-a", "c")), Err(Refusal::IdUsed { what: "line", .. })));
    // The line of `b` ended when it joined.
    assert!(matches!(vault.act(add("line-b", "c")), Err(Refusal::IdUsed { what: "line", .. })));
    let same = NewKey { kid: None, thumbprint: None, ..new_key("a") };
    let again = Act::Add { line: "line-c".into(), place: place(), key: same };
    assert!(matches!(vault.act(again), Err(Refusal::IdUsed { what: "key", .. })));
}

#[test]
fn an_environment_never_changes() {
    let mut vault = Vault::with_active();
    let live = Place { environment: "production".to_owned(), ..place() };
    let elsewhere = Target { environment: "production".to_owned(), ..target("acme") };
    let choose = |target: Target, place: Place| Act::Choose { target, place, key: "a".into() };
    for act in
        [choose(elsewhere.clone(), live.clone()), choose(elsewhere, place()), choose(target("new"), live.clone())]
    {
        let member = match vault.act(act.clone()) {
            Err(Refusal::OtherPlace { member, .. }) => member,
            other => panic!("{act:?}: {other:?}"),
        };
        assert_eq!(member, "environment");
    }
    vault.act(Act::Add { line: "line-b".into(), place: live, key: new_key("b") }).unwrap();
    let refused = vault.act(Act::Join { key: "b".into(), line: line() }).unwrap_err();
    assert!(matches!(refused, Refusal::OtherPlace { member: "environment", .. }), "{refused}");
}

#[test]
fn another_account_is_a_choice_and_never_a_rotation() {
    let mut vault = Vault::with_active();
    let other = Place { account: "north".to_owned(), ..place() };
    vault.act(Act::Add { line: "line-b".into(), place: other, key: new_key("b") }).unwrap();
    let refused = vault.act(Act::Join { key: "b".into(), line: line() }).unwrap_err();
    assert!(matches!(refused, Refusal::OtherPlace { member: "account", .. }), "{refused}");
    vault.choose("acme", "b").unwrap();
    assert_eq!((vault.caller("acme").as_deref(), vault.caller("north").as_deref()), (Some("b"), Some("a")));
    assert_eq!(vault.state("a"), State::Active, "its line goes on for the others");
}

#[test]
fn a_choice_has_undo() {
    let mut vault = Vault::with_active();
    vault.add("b");
    vault.choose("acme", "b").unwrap();
    let What::Chosen { target, line, instead, activated } = vault.events.last().unwrap().what.clone() else { panic!() };
    let undo = Act::Unchoose { target, line, back_to: instead, activated };
    vault.act(undo.clone()).unwrap();
    assert_eq!((vault.caller("acme").as_deref(), vault.state("b")), (Some("a"), State::Draft));
    assert!(matches!(vault.act(undo), Err(Refusal::ChangedSince { .. })));
}

#[test]
fn an_undo_takes_no_key_from_another_target() {
    let mut vault = Vault::with_active();
    vault.add("b");
    vault.choose("acme", "b").unwrap();
    let What::Chosen { target, line, instead, activated } = vault.events.last().unwrap().what.clone() else { panic!() };
    vault.choose("third", "b").unwrap();
    vault.act(Act::Unchoose { target, line, back_to: instead, activated }).unwrap();
    vault.choose("acme", "c").unwrap();
    vault.act(Act::Leave { target: super::rules::target("acme"), line: "line-c".into() }).unwrap();
    let nowhere = Act::Add { line: "line-d".into(), place: Place::nowhere(), key: new_key("d") };
    vault.act(nowhere).unwrap();
    vault.act(Act::Bind { key: "d".into(), place: place() }).unwrap();
    assert_eq!((vault.caller("third").as_deref(), vault.state("b")), (Some("b"), State::Active));
}

#[test]
fn an_undo_leads_to_no_line_that_lost_its_key() {
    let mut vault = Vault::default();
    vault.add("a");
    vault.add("b");
    vault.choose("acme", "a").unwrap();
    vault.choose("acme", "b").unwrap();
    let What::Chosen { target, line, instead, activated } = vault.events.last().unwrap().what.clone() else { panic!() };
    vault.act(retire("a")).unwrap();
    let refused = vault.act(Act::Unchoose { target, line, back_to: instead, activated }).unwrap_err();
    assert!(matches!(refused, Refusal::NothingToGoBackTo { .. }), "{refused}");
}

#[test]
fn within_a_line_the_next_key_comes_by_promotion_alone() {
    let mut vault = Vault::with_published();
    let refused = vault.choose("acme", "b").unwrap_err();
    assert!(matches!(refused, Refusal::State { act: "choosing", found: State::Published, .. }), "{refused}");
}

#[test]
fn a_line_has_one_next_key() {
    let mut vault = Vault::with_published();
    vault.add("c");
    let refused = vault.act(Act::Join { key: "c".into(), line: line() }).unwrap_err();
    assert!(matches!(refused, Refusal::HasSuccessor { state: State::Published, .. }), "{refused}");
    // A draft that comes back from the trash beside it is not published as well.
    vault.act(delete("b")).unwrap();
    vault.act(Act::Join { key: "c".into(), line: line() }).unwrap();
    vault.act(Act::Publish { key: "c".into() }).unwrap();
    vault.act(restore("b")).unwrap();
    let refused = vault.act(Act::Publish { key: "b".into() }).unwrap_err();
    assert!(matches!(refused, Refusal::HasSuccessor { .. }), "{refused}");
    // Nor is one that is taken back.
    vault.act(Act::Promote { key: "c".into(), early_by: None }).unwrap();
    vault.act(Act::Publish { key: "b".into() }).unwrap();
    assert!(matches!(vault.act(Act::TakeBack { line: line() }), Err(Refusal::HasSuccessor { .. })));
}

#[test]
fn a_draft_joins_a_line_that_it_can_follow() {
    let mut vault = Vault::default();
    vault.add("a");
    vault.add("b");
    let join = |key: &str, line: &str| Act::Join { key: key.into(), line: line.into() };
    assert!(matches!(vault.act(join("b", "line-a")), Err(Refusal::HasSuccessor { .. })), "`a` is a draft itself");
    assert!(matches!(vault.act(join("a", "line-a")), Err(Refusal::SameLine { .. })));
    vault.act(delete("a")).unwrap();
    assert!(matches!(vault.act(join("b", "line-a")), Err(Refusal::NothingToFollow { .. })));
    let mut vault = Vault::with_published();
    vault.add("c");
    vault.choose("third", "c").unwrap();
    assert!(matches!(vault.act(join("c", "line-a")), Err(Refusal::State { .. })), "an active key of its own line");
    vault.act(delete("b")).unwrap();
    vault.act(restore("b")).unwrap();
    assert!(matches!(vault.act(join("b", "line-c")), Err(Refusal::NotAlone { others: 1, .. })));
}

#[test]
fn a_compromised_key_leaves_its_targets_without_one_and_never_comes_back() {
    let mut vault = Vault::with_promoted();
    vault.act(Act::Compromise { key: "b".into() }).unwrap();
    assert_eq!((vault.state("b"), vault.caller("acme")), (State::Compromised, None));
    assert_eq!(vault.keyset.targets(&line()).len(), 2, "the line is still theirs");
    assert!(matches!(vault.choose("acme", "b"), Err(Refusal::State { found: State::Compromised, .. })));
    vault.act(delete("b")).unwrap();
    vault.act(restore("b")).unwrap();
    assert_eq!(vault.state("b"), State::Compromised);
    // The one before is still accepted, and can be chosen.
    vault.choose("acme", "a").unwrap();
    assert_eq!(vault.caller("north").as_deref(), Some("a"));
    assert!(matches!(vault.act(Act::Compromise { key: "b".into() }), Err(Refusal::Leaked { .. })));
}

#[test]
fn a_reported_leak_calls_on_and_is_not_promoted_taken_back_or_chosen_again() {
    let mut vault = Vault::with_promoted();
    vault.act(Act::ReportLeak { key: "a".into() }).unwrap();
    assert!(matches!(vault.act(Act::TakeBack { line: line() }), Err(Refusal::Leaked { .. })));
    vault.act(retire("a")).unwrap();
    assert!(matches!(vault.act(Act::Unretire { key: "a".into() }), Err(Refusal::Leaked { .. })));
    assert!(
        matches!(vault.act(Act::ReportLeak { key: "a".into() }), Err(Refusal::Leaked { .. })),
        "the first time counts"
    );
    let mut vault = Vault::with_published();
    vault.act(Act::ReportLeak { key: "a".into() }).unwrap();
    assert_eq!(vault.caller("acme").as_deref(), Some("a"));
    vault.act(Act::ReportLeak { key: "b".into() }).unwrap();
    let promote = Act::Promote { key: "b".into(), early_by: None };
    assert!(matches!(vault.act(promote), Err(Refusal::Leaked { .. })));
    let mut vault = Vault::default();
    vault.add("a");
    vault.act(Act::ReportLeak { key: "a".into() }).unwrap();
    assert!(matches!(vault.choose("acme", "a"), Err(Refusal::Leaked { .. })));
    vault.act(delete("a")).unwrap();
    vault.act(restore("a")).unwrap();
    assert_eq!(vault.state("a"), State::Compromised);
}

#[test]
fn what_was_destroyed_does_not_come_back_by_leaking() {
    let mut vault = Vault::default();
    vault.add("a");
    vault.act(delete("a")).unwrap();
    vault.act(Act::Destroy { key: "a".into(), early: true }).unwrap();
    vault.act(Act::Compromise { key: "a".into() }).unwrap();
    assert_eq!(vault.state("a"), State::Destroyed);
    assert_eq!(vault.keyset.key(&"a".into()).unwrap().1.leaked, Some(NOW));
}

#[test]
fn compromised_comes_from_anywhere() {
    for state in State::ALL {
        let mut vault = Vault::with_published();
        let key = match state {
            State::Active => "a",
            State::Published => "b",
            State::Draft => {
                vault.add("c");
                "c"
            }
            State::Retiring | State::Retired | State::DestroyScheduled | State::Destroyed => {
                vault.act(Act::Promote { key: "b".into(), early_by: None }).unwrap();
                let acts = [retire("a"), delete("a"), Act::Destroy { key: "a".into(), early: true }];
                let until = [State::Retiring, State::Retired, State::DestroyScheduled, State::Destroyed];
                let count = until.iter().position(|it| *it == state).unwrap();
                acts.into_iter().take(count).for_each(|act| vault.act(act).unwrap());
                "a"
            }
            State::Compromised => continue,
        };
        assert_eq!(vault.state(key), state);
        vault.act(Act::Compromise { key: key.into() }).unwrap();
        assert!(vault.keyset.key(&key.into()).unwrap().1.leaked.is_some(), "{state}");
        assert_eq!(vault.state(key).signs(), Signs::Nothing, "{state}");
    }
}

#[test]
fn the_key_set_has_what_verifiers_need() {
    let kids = |vault: &Vault| {
        let members = vault.keyset.key_set(&line()).unwrap();
        members.into_iter().map(|member| member.kid.unwrap_or_default()).collect::<Vec<_>>()
    };
    let mut vault = Vault::with_active();
    assert_eq!(kids(&vault), ["kid-a"]);
    vault.add("b");
    vault.act(Act::Join { key: "b".into(), line: line() }).unwrap();
    assert_eq!(kids(&vault), ["kid-a"], "a draft is nobody's concern");
    vault.act(Act::Publish { key: "b".into() }).unwrap();
    assert_eq!(kids(&vault), ["kid-a", "kid-b"], "before its first token");
    vault.act(Act::Promote { key: "b".into(), early_by: None }).unwrap();
    assert_eq!(kids(&vault), ["kid-b", "kid-a"], "until after its last, the active one first");
    vault.act(retire("a")).unwrap();
    assert_eq!(kids(&vault), ["kid-b"]);
    vault.act(Act::Compromise { key: "b".into() }).unwrap();
    assert_eq!(kids(&vault), [""; 0]);
    // At another moment: the fold until then.
    let then = Keyset::replay(&vault.events[..vault.events.len() - 2]).unwrap();
    assert_eq!(then.key_set(&line()).unwrap().len(), 2);
}

#[test]
fn a_secret_is_in_no_key_set() {
    let mut vault = Vault::default();
    let secret = NewKey { kid: None, thumbprint: None, ..new_key("a") };
    vault.act(Act::Add { line: line(), place: place(), key: secret }).unwrap();
    vault.choose("acme", "a").unwrap();
    assert_eq!(vault.keyset.key_set(&line()).unwrap(), []);
}

#[test]
fn a_published_key_signs_its_proof_and_nothing_else() {
    let signs: Vec<String> = State::ALL.iter().map(|state| format!("{state}: {:?}", state.signs())).collect();
    insta::assert_snapshot!(signs.join("\n"), @"
    draft: Trials
    published: Proof
    active: Calls
    retiring: IfAsked
    retired: Nothing
    scheduled to be destroyed: Nothing
    destroyed: Nothing
    compromised: Nothing
    ");
}

#[test]
fn history_and_the_export_ledger_are_views_of_events() {
    let mut vault = Vault::with_active();
    let export = |form: &str, to: &str| Act::Export { key: "a".into(), form: form.to_owned(), to: to.to_owned() };
    vault.act(export("pkcs8", "/srv/key.pem")).unwrap();
    vault.act(export("env", "ci")).unwrap();
    vault.act(Act::NoteCopy { key: "a".into(), to: "/srv/key.pem".to_owned() }).unwrap();
    vault.act(Act::NoteCopy { key: "a".into(), to: "a colleague".to_owned() }).unwrap();
    vault.add("b");
    let ledger: Vec<(String, Option<String>)> =
        copies(&vault.events, &"a".into()).into_iter().map(|copy| (copy.to, copy.form)).collect();
    let expected = [("ci", Some("env")), ("/srv/key.pem", Some("pkcs8")), ("a colleague", None)];
    assert_eq!(ledger, expected.map(|(to, form)| (to.to_owned(), form.map(str::to_owned))));
    assert_eq!(history(&vault.events, &"b".into()).len(), 1);
    assert_eq!(
        history(&vault.events, &"a".into()).len(),
        vault.events.len() - 2,
        "without `b`, and a target that followed"
    );
}

#[test]
fn keys_of_an_older_vault_get_their_states() {
    let before = |id: &str, deleted, profiles: &[&str]| Before {
        line: LineId(format!("line-{id}")),
        place: place(),
        key: new_key(id),
        deleted,
        targets: profiles.iter().map(|profile| target(profile)).collect(),
    };
    // Such a vault may hold one key twice.
    let twice =
        Before { key: NewKey { kid: Some("kid-a".to_owned()), ..new_key("d") }, ..before("d", None, &["twice"]) };
    let old = [before("a", None, &["acme", "north"]), before("b", None, &[]), before("c", Some(At(0)), &[]), twice];
    let (keyset, events) = Keyset::from_before(old, NOW).unwrap();
    let mut vault = Vault { keyset, events };
    let states = ["a", "b", "c", "d"].map(|key| vault.state(key));
    assert_eq!(states, [State::Active, State::Draft, State::DestroyScheduled, State::Active]);
    assert_eq!(vault.caller("north").as_deref(), Some("a"));
    assert_eq!(Keyset::replay(&vault.events).unwrap(), vault.keyset);
    assert_eq!(vault.keyset.to_purge(NOW).len(), 1, "it was deleted long ago");
    vault.act(restore("c")).unwrap();
    assert_eq!(vault.state("c"), State::Draft);
}

#[test]
fn a_key_gets_its_place_once_and_no_kid_twice() {
    let mut vault = Vault::default();
    vault.add("a");
    let loose = |id: &str, key| Act::Add { line: LineId(format!("line-{id}")), place: Place::nowhere(), key };
    vault.act(loose("b", new_key("b"))).unwrap();
    assert!(vault.choose("acme", "b").is_err(), "it belongs nowhere yet");
    vault.act(Act::Bind { key: "b".into(), place: place() }).unwrap();
    vault.choose("acme", "b").unwrap();
    let elsewhere = Place { environment: "production".to_owned(), ..place() };
    let refused = vault.act(Act::Bind { key: "b".into(), place: elsewhere }).unwrap_err();
    assert!(matches!(refused, Refusal::OtherPlace { member: "environment", .. }), "{refused}");
    vault.act(loose("c", NewKey { kid: Some("kid-a".to_owned()), ..new_key("c") })).unwrap();
    let refused = vault.act(Act::Bind { key: "c".into(), place: place() }).unwrap_err();
    assert!(matches!(refused, Refusal::KidUsed { member: "kid", .. }), "{refused}");
}

#[test]
fn a_target_leaves_a_line_and_a_renamed_profile_is_the_same_target() {
    let mut vault = Vault::with_active();
    vault.act(Act::RenameProfile { profile: "acme".to_owned(), name: "Acme Ltd".to_owned() }).unwrap();
    assert_eq!((vault.caller("acme"), vault.caller("Acme Ltd").as_deref()), (None, Some("a")));
    vault.act(Act::Leave { target: target("north"), line: line() }).unwrap();
    assert_eq!(vault.caller("north"), None);
    assert_eq!(vault.state("a"), State::Active, "it stays what it is");
    let refused = vault.act(Act::Leave { target: target("north"), line: line() }).unwrap_err();
    assert!(matches!(refused, Refusal::ChangedSince { .. }), "{refused}");
    // A key that is deleted after its use ended comes back to the target under its new name.
    vault.act(Act::EndUse { line: line() }).unwrap();
    vault.act(delete("a")).unwrap();
    vault.act(Act::RenameProfile { profile: "Acme Ltd".to_owned(), name: "Acme".to_owned() }).unwrap();
    vault.act(restore("a")).unwrap();
    assert_eq!(vault.caller("Acme").as_deref(), Some("a"));
}

#[test]
fn what_an_older_program_wrote_becomes_events() {
    let mut vault = Vault::with_promoted();
    let before = |id: &str, deleted, profiles: &[&str]| Before {
        line: LineId(format!("line of {id}")),
        place: place(),
        key: new_key(id),
        deleted,
        targets: profiles.iter().map(|profile| target(profile)).collect(),
    };
    // It knows no lines: it sets the old key for one target again, makes another, and sets that for the other.
    let records = [before("a", None, &["acme"]), before("b", None, &[]), before("x", None, &["north"])];
    let events = vault.keyset.catch_up(records, NOW).unwrap();
    let words: Vec<String> = events.iter().map(|event| serde_json::to_string(&event.what).unwrap()).collect();
    insta::assert_snapshot!(words.join("\n"));
    assert_eq!(vault.caller("north").as_deref(), Some("x"));
    assert_eq!(vault.caller("acme").as_deref(), Some("b"), "the active key of a line is the one that calls");
    // It deletes the one that calls, which takes it from its targets, and destroys the other.
    let events = vault.keyset.catch_up([before("b", Some(NOW), &[]), before("x", None, &["north"])], NOW).unwrap();
    let words: Vec<String> = events.iter().map(|event| serde_json::to_string(&event.what).unwrap()).collect();
    insta::assert_snapshot!(words.join("\n"));
    assert_eq!((vault.state("a"), vault.state("b")), (State::Destroyed, State::DestroyScheduled));
    assert_eq!(vault.caller("acme"), None);
}

#[test]
fn an_event_that_does_not_follow_is_refused() {
    let vault = Vault::with_promoted();
    let mut missing = vault.events.clone();
    missing.remove(1);
    assert_eq!(Keyset::replay(&missing), Err(Refusal::Gap { after: 1, found: 3 }));
    let mut strange = vault.events.clone();
    strange[0].what = What::Published { key: "a".into() };
    assert!(matches!(Keyset::replay(&strange), Err(Refusal::Unknown { what: "key", .. })));
    strange[0].what = What::Chosen { target: target("x"), line: line(), instead: None, activated: None };
    assert!(matches!(Keyset::replay(&strange), Err(Refusal::Unknown { what: "line", .. })));
}

#[test]
fn reminders_are_for_keys_that_call() {
    let mut vault = Vault::with_active();
    let late = NOW.after(Span::DAY.times(90));
    let ask = |vault: &Vault, key: &str, now| due(&vault.keyset, &key.into(), Some(Span::DAY.times(90)), now).unwrap();
    assert_eq!(ask(&vault, "a", late), Due::Since(late));
    assert_eq!(ask(&vault, "a", At(late.0 - 1)), Due::From(late));
    assert_eq!(due(&vault.keyset, &"a".into(), None, late), Ok(Due::Never(Why::NoRule)));
    vault.add("b");
    assert_eq!(ask(&vault, "b", late), Due::Never(Why::NotActive), "a key that nobody uses is never nagged about");
    vault.act(Act::Join { key: "b".into(), line: line() }).unwrap();
    vault.act(Act::Publish { key: "b".into() }).unwrap();
    assert_eq!(ask(&vault, "a", late), Due::Never(Why::UnderWay));
    vault.act(Act::ReportLeak { key: "a".into() }).unwrap();
    assert_eq!(ask(&vault, "a", NOW), Due::Leaked { at: NOW });

    let mut vault = Vault::with_active();
    vault.act(Act::EndUse { line: line() }).unwrap();
    assert_eq!(ask(&vault, "a", late), Due::Never(Why::Unused));
    let year = Span::DAY.times(365);
    let vault = Vault::with_active();
    assert!(!ask(&vault, "a", At(NOW.0 - year.0 as i64)).is_now(), "a clock that was set back makes no key old");

    let mut vault = Vault::default();
    let key = NewKey { made: Age::NotKnown, ..new_key("a") };
    vault.act(Act::Add { line: line(), place: place(), key }).unwrap();
    vault.choose("acme", "a").unwrap();
    assert_eq!(ask(&vault, "a", NOW), Due::AgeNotKnown);
    assert!(Due::AgeNotKnown.is_now());
}

#[test]
fn what_a_record_of_each_event_looks_like() {
    let mut vault = Vault::with_promoted();
    let acts = [
        Act::Rename { key: "a".into(), name: "old".to_owned() },
        Act::Prove { key: "b".into(), status: 200 },
        Act::TakeBack { line: line() },
        Act::Promote { key: "b".into(), early_by: Some(Span::HOUR) },
        Act::Export { key: "b".into(), form: "pkcs8".to_owned(), to: "/srv/key.pem".to_owned() },
        Act::NoteCopy { key: "b".into(), to: "ci".to_owned() },
        retire("a"),
        Act::Unretire { key: "a".into() },
        retire("a"),
        delete("a"),
        restore("a"),
        delete("a"),
        Act::Destroy { key: "a".into(), early: true },
        Act::ReportLeak { key: "b".into() },
        Act::Compromise { key: "b".into() },
        Act::EndUse { line: line() },
        Act::RenameProfile { profile: "acme".to_owned(), name: "Acme".to_owned() },
    ];
    acts.into_iter().for_each(|act| vault.act(act).unwrap());
    vault.add("c");
    vault.choose("acme", "c").unwrap();
    let What::Chosen { target, line, instead, activated } = vault.events.last().unwrap().what.clone() else { panic!() };
    vault.act(Act::Unchoose { target, line, back_to: instead, activated }).unwrap();
    vault.events.push(vault.keyset.observe(At(0)).unwrap());
    let lines: Vec<String> = vault.events.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
    insta::assert_snapshot!(lines.join("\n"));
    let read: Vec<Event> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read, vault.events);
    assert_eq!(Keyset::replay(&read).unwrap().targets(&"line-a".into()), BTreeSet::new());
}
