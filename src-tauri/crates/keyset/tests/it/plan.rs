//! Single turns of a rotation: what it asks for, what it refuses, and the ways back.

use keywright_keyset::{
    Act, Answer, At, Evidence, Handed, Intent, Keyset, LastUse, Method, Mode, Next, Page, Pages, Pair, Remote,
    Rotation, RotationError, Shown, Silence, Span, State, Step, Stop, Turn, Uses,
};

use crate::{
    definitions::{examples, gr4vy},
    model::{Fault, Kill, On, Program, Script, start, stated},
    rules::{NOW, Vault, new_key},
};

fn calm(method: Method, mode: Mode) -> Program {
    Program::new(method, mode, Script { step: Step::Make, on: On::Reading, fault: Fault::None, kill: Kill::Never })
}

/// A program that did everything until this step.
fn until(step: Step) -> Program {
    let mut program = calm(gr4vy(), Mode::Planned);
    while program.rotation.current() != Some(step) {
        let next = program.rotation.next(&program.keyset, program.now);
        program.turn(next);
    }
    program
}

fn state(program: &Program, key: &str) -> State {
    program.keyset.key(&key.into()).unwrap().1.state
}

fn pair(id: &str, thumbprint: &str, active: bool, roles: &[&str]) -> Pair {
    Pair {
        id: id.to_owned(),
        thumbprint: Some(thumbprint.to_owned()),
        label: None,
        active,
        last_used: LastUse::NotTold,
        grants: [
            ("roles".to_owned(), roles.iter().map(|role| (*role).to_owned()).collect()),
            ("merchant_accounts".to_owned(), Vec::new()),
        ]
        .into(),
    }
}

fn shown(pairs: impl IntoIterator<Item = Pair>) -> Shown {
    match Pages::default().add(pairs, None).unwrap() {
        Page::Last(shown) => shown,
        Page::More(..) => unreachable!("it had no cursor"),
    }
}

fn old() -> Pair {
    pair("p-old", "print-a", true, &["reader"])
}

fn look(program: &Program, pairs: impl IntoIterator<Item = Pair>) -> Turn {
    program.rotation.shown(&program.keyset, Ok(&shown(pairs)), program.now).unwrap()
}

fn stop(turn: &Turn, now: At) -> Stop {
    match turn.rotation.next(&turn.keyset, now) {
        Next::Stopped(stop) => stop,
        next => panic!("{next:?}"),
    }
}

fn call(turn: &Turn, now: At) -> Intent {
    match turn.rotation.next(&turn.keyset, now) {
        Next::Call(intent) => intent,
        next => panic!("{next:?}"),
    }
}

#[test]
fn the_runbook_of_a_rotation() {
    let mut program = calm(gr4vy(), Mode::Planned);
    program.run();
    insta::assert_snapshot!(program.rotation.runbook());
}

#[test]
fn the_plan_before_it_begins() {
    let rows = |method: Method, mode| {
        let vault = Vault::with_active();
        let turn = Rotation::begin(start(mode, method, &vault), &vault.keyset, [], NOW).unwrap();
        let row = |row: keywright_keyset::Row| {
            let number = row.step.number().map_or_else(|| "-".to_owned(), |number| number.to_string());
            format!("{number} {} ({:?}): {}", row.step, row.taken, row.earliest.at(NOW.max(row.earliest.from)))
        };
        turn.rotation.rows(NOW).into_iter().map(row).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!("planned", rows(gr4vy(), Mode::Planned));
    insta::assert_snapshot!("replace first", rows(gr4vy(), Mode::ReplaceFirst));
}

#[test]
fn the_next_key_gets_what_the_old_one_has_and_is_not_active() {
    let program = until(Step::Publish);
    let other = pair("p-x", "print-x", true, &["admin"]);
    let turn = look(&program, [other, old()]);
    let intent = call(&turn, program.now);
    let Remote::Create { label, thumbprint, active, grants } = intent.remote else { panic!() };
    assert_eq!((label.as_str(), thumbprint.as_deref(), active), ("checkout (r1)", Some("print-n1"), false));
    assert_eq!(grants["roles"], ["reader"]);
    assert_eq!(intent.signed_by, Some("a".into()), "the active key makes the call");
    assert_eq!(turn.rotation.old_pair(), Some(&old()), "it is there to be shown");
}

#[test]
fn nothing_is_created_without_the_old_key_in_sight() {
    let program = until(Step::Publish);
    let turn = look(&program, [pair("p-x", "print-x", true, &["admin"])]);
    assert_eq!(stop(&turn, program.now), Stop::OldNotShown { wanted: "print-a".to_owned() });
}

#[test]
fn a_key_that_is_there_is_found_by_its_thumbprint_and_not_made_again() {
    let program = until(Step::Publish);
    let turn = look(&program, [old(), pair("p-1", "print-n1", false, &["reader"])]);
    assert_eq!(turn.rotation.current(), Some(Step::Activate));
    assert_eq!(turn.keyset.key(&"n1".into()).unwrap().1.state, State::Published);
}

#[test]
fn a_key_that_is_there_twice_is_listed_and_takes_the_place_of_the_first() {
    let program = until(Step::Publish);
    let [first, second] = ["p-1", "p-2"].map(|id| pair(id, "print-n1", false, &["reader"]));
    let turn = look(&program, [old(), first, second.clone()]);
    assert_eq!(turn.rotation.orphans().iter().map(|orphan| orphan.pair.as_str()).collect::<Vec<_>>(), ["p-2"]);
    let later = program.now.after(Span::MINUTE);
    let turn = turn.rotation.shown(&turn.keyset, Ok(&shown([old(), second])), later).unwrap();
    assert_eq!(turn.rotation.orphans(), [], "somebody deleted the first");
    assert_eq!(call(&turn, later).remote, Remote::Activate { pair: "p-2".to_owned() });
}

#[test]
fn what_a_sealed_rotation_looks_like() {
    let program = until(Step::Publish);
    let turn = look(&program, [old()]);
    let turn = turn.rotation.intend(&turn.keyset, program.now).unwrap();
    // The method is in it as its definition had it, and the journal as the runbook tells it.
    let mut sealed = serde_json::to_value(&turn.rotation).unwrap();
    sealed["method"] = "…".into();
    sealed["journal"] = "…".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&sealed).unwrap());
}

#[test]
fn a_next_key_that_may_do_more_stops_the_rotation() {
    let program = until(Step::Publish);
    let turn = look(&program, [old(), pair("p-1", "print-n1", false, &["reader", "admin"])]);
    let Stop::GrantsDiffer { found, wanted, .. } = stop(&turn, program.now) else { panic!() };
    assert_eq!((found.len(), wanted.len()), (2, 1));
}

#[test]
fn what_the_list_does_not_show_is_not_taken_for_nothing() {
    let program = until(Step::Publish);
    let without = |mut pair: Pair| {
        pair.grants.remove("merchant_accounts");
        pair
    };
    // An empty list would give the next key every account.
    let turn = look(&program, [without(old())]);
    assert!(matches!(stop(&turn, program.now), Stop::GrantsNotShown { key, .. } if key == "old"));
    let turn = look(&program, [old(), without(pair("p-1", "print-n1", false, &["reader"]))]);
    assert!(matches!(stop(&turn, program.now), Stop::GrantsNotShown { key, .. } if key == "next"));
}

#[test]
fn a_leaked_key_that_is_gone_leaves_nobody_to_copy() {
    let mut program = calm(gr4vy(), Mode::DisableFirst);
    let turn = look(&program, []);
    assert_eq!(turn.rotation.current(), Some(Step::Make), "it is disabled, by whomever");
    (program.rotation, program.keyset) = (turn.rotation, turn.keyset);
    let next = program.rotation.next(&program.keyset, program.now);
    program.turn(next);
    let turn = look(&program, []);
    assert!(matches!(stop(&turn, program.now), Stop::OldNotShown { .. }));
    // By hand a person says what it may do.
    let turn = turn.rotation.by_hand(&turn.keyset, program.now).unwrap();
    let turn = turn.rotation.did_it(&turn.keyset, program.now).unwrap();
    let pairs = [pair("p-1", "print-n1", false, &["reader"])];
    let turn = turn.rotation.shown(&turn.keyset, Ok(&shown(pairs)), program.now).unwrap();
    assert_eq!(turn.rotation.current(), Some(Step::Activate));
    // While it is there, what it may do is read before it is disabled.
    let program = calm(gr4vy(), Mode::DisableFirst);
    assert_eq!(look(&program, [old()]).rotation.old_pair(), Some(&old()));
}

#[test]
fn a_strange_key_under_our_label_stops_the_rotation() {
    let program = until(Step::Publish);
    let strange = Pair { label: Some("checkout (r1)".to_owned()), ..pair("p-1", "print-z", false, &["reader"]) };
    let turn = look(&program, [old(), strange]);
    assert!(matches!(stop(&turn, program.now), Stop::ThumbprintDiffers { .. }));
    // Another rotation's label is nobody's concern.
    let other = Pair { label: Some("checkout (r12)".to_owned()), ..pair("p-1", "print-z", false, &["reader"]) };
    call(&look(&program, [old(), other]), program.now);
}

#[test]
fn a_call_is_made_again_only_after_it_had_time_to_be_seen_and_not_for_ever() {
    let program = until(Step::Publish);
    let mut turn = look(&program, [old()]);
    let mut now = program.now;
    for tries in 1..=3 {
        assert_eq!(call(&turn, now).tries, tries);
        turn = turn.rotation.intend(&turn.keyset, now).unwrap();
        turn = turn.rotation.answered(&turn.keyset, Answer::NotKnown, now).unwrap();
        turn = turn.rotation.shown(&turn.keyset, Ok(&shown([old()])), now).unwrap();
        if tries < 3 {
            let Next::Pause { until, .. } = turn.rotation.next(&turn.keyset, now) else { panic!() };
            assert_eq!(until, now.after(Span(30)));
            now = until;
            turn = turn.rotation.shown(&turn.keyset, Ok(&shown([old()])), now).unwrap();
        }
    }
    now = now.after(Span(30));
    turn = turn.rotation.shown(&turn.keyset, Ok(&shown([old()])), now).unwrap();
    assert_eq!(stop(&turn, now), Stop::NotSeen { step: Step::Publish, tries: 3 });
    // A busy provider counts for nothing.
    let turn = look(&program, [old()]);
    let turn = turn.rotation.intend(&turn.keyset, program.now).unwrap();
    let busy = Answer::Busy { retry_after: Some(Span::HOUR) };
    let turn = turn.rotation.answered(&turn.keyset, busy, program.now).unwrap();
    let Next::Pause { until, .. } = turn.rotation.next(&turn.keyset, program.now) else { panic!() };
    assert_eq!(until, program.now.after(Span::HOUR));
    let turn = turn.rotation.shown(&turn.keyset, Ok(&shown([old()])), until).unwrap();
    assert_eq!(call(&turn, until).tries, 1);
}

#[test]
fn a_role_that_the_caller_may_not_give_goes_by_hand() {
    let program = until(Step::Publish);
    let turn = look(&program, [old()]);
    let turn = turn.rotation.intend(&turn.keyset, program.now).unwrap();
    let turn = turn.rotation.answered(&turn.keyset, Answer::Refused { status: 403 }, program.now).unwrap();
    assert_eq!(stop(&turn, program.now), Stop::Refused { step: Step::Publish, status: 403 });
    let turn = turn.rotation.by_hand(&turn.keyset, program.now).unwrap();
    let Next::ByHand { step: Step::Publish, hand: Some(hand) } = turn.rotation.next(&turn.keyset, program.now) else {
        panic!()
    };
    assert!(hand.paste.is_some(), "what to paste where");
    let turn = turn.rotation.did_it(&turn.keyset, program.now).unwrap();
    assert_eq!(turn.rotation.next(&turn.keyset, program.now), Next::Look, "a person's word is looked after");
    // Not yet: it may not be seen at once, and then it was not done.
    let not_yet = turn.rotation.shown(&turn.keyset, Ok(&shown([old()])), program.now).unwrap();
    assert!(matches!(not_yet.rotation.next(&not_yet.keyset, program.now), Next::Pause { .. }));
    let later = program.now.after(Span(30));
    let not_done = not_yet.rotation.shown(&not_yet.keyset, Ok(&shown([old()])), later).unwrap();
    assert!(matches!(not_done.rotation.next(&not_done.keyset, later), Next::ByHand { .. }));
    let pairs = [old(), pair("p-1", "print-n1", false, &["reader"])];
    let seen = turn.rotation.shown(&turn.keyset, Ok(&shown(pairs)), program.now).unwrap();
    assert_eq!(seen.rotation.current(), Some(Step::Activate));
}

#[test]
fn a_page_that_repeats_gives_no_list() {
    let Page::More(pages, cursor) = Pages::default().add([old()], Some("2".to_owned())).unwrap() else { panic!() };
    let Page::More(pages, _) = pages.add([pair("p-2", "x", true, &[])], Some("3".to_owned())).unwrap() else {
        panic!()
    };
    assert_eq!(pages.clone().add([], Some(cursor)).unwrap_err().page, 3);
    let Page::Last(shown) = pages.add([Pair { active: false, ..old() }], None).unwrap() else { panic!() };
    assert_eq!(shown.pairs().len(), 2, "one that moved to another page is in it once");
    assert!(!shown.pairs()[0].active, "as it was seen last");
}

#[test]
fn a_promotion_waits_and_a_person_may_go_earlier() {
    let method = Method { key_set_cache: Some(Span::HOUR), ..gr4vy() };
    let mut program = calm(method, Mode::Planned);
    while program.rotation.current() != Some(Step::Promote) {
        let next = program.rotation.next(&program.keyset, program.now);
        program.turn(next);
    }
    let Next::Wait(earliest) = program.rotation.next(&program.keyset, program.now) else { panic!() };
    assert_eq!(earliest.step, Step::Promote);
    let early = program.rotation.advance(&program.keyset, program.now).unwrap_err();
    assert!(matches!(early, RotationError::TooEarly { .. }));
    assert!(early.hint().unwrap().contains("verifiers with an older key set"), "{early:?}");
    program.tell(|rotation, keyset, now| rotation.hurry(keyset, now), Step::Promote);
    let proof = program.rotation.next(&program.keyset, program.now);
    program.turn(proof);
    program.tell(|rotation, keyset, now| rotation.advance(keyset, now), Step::Promote);
    assert_eq!(state(&program, "n1"), State::Active);
    let early = program.rotation.rows(program.now).into_iter().find(|row| row.step == Step::Promote);
    assert!(early.unwrap().done.unwrap().early_by.is_some_and(|by| by > Span::MINUTE.times(58)));
}

#[test]
fn a_promotion_wants_a_fresh_proof() {
    let mut program = until(Step::Promote);
    let Next::Wait(earliest) = program.rotation.next(&program.keyset, program.now) else { panic!() };
    program.now = earliest.at(program.now).after(Span::DAY);
    let Next::Prove { key } = program.rotation.next(&program.keyset, program.now) else { panic!("a day later") };
    assert_eq!(key, "n1".into());
    assert!(program.rotation.advance(&program.keyset, program.now).is_err());
    let turn = program.rotation.proved(&program.keyset, Some(200), program.now).unwrap();
    assert_eq!(turn.rotation.next(&turn.keyset, program.now), Next::Ready(Step::Promote));
    // Refused now: it was deleted there, and a look follows.
    let turn = program.rotation.proved(&program.keyset, Some(401), program.now).unwrap();
    assert_eq!(turn.rotation.next(&turn.keyset, program.now), Next::Look);
    let turn = program.rotation.proved(&program.keyset, Some(403), program.now).unwrap();
    assert_eq!(stop(&turn, program.now), Stop::NotProved { status: 403 });
    let turn = program.rotation.proved(&program.keyset, None, program.now).unwrap();
    assert!(matches!(turn.rotation.next(&turn.keyset, program.now), Next::Prove { .. }), "no answer proves nothing");
}

#[test]
fn a_proof_that_is_refused_again_and_again_stops() {
    let mut program = until(Step::Prove);
    let pairs = || [old(), pair("p-1", "print-n1", true, &["reader"])];
    for _ in 0..2 {
        program.now = program.now.after(Span::MINUTE);
        let turn = program.rotation.proved(&program.keyset, Some(401), program.now).unwrap();
        (program.rotation, program.keyset) = (turn.rotation, turn.keyset);
        let turn = look(&program, pairs());
        (program.rotation, program.keyset) = (turn.rotation, turn.keyset);
    }
    program.now = program.now.after(Span::MINUTE);
    let turn = program.rotation.proved(&program.keyset, Some(401), program.now).unwrap();
    assert_eq!(stop(&turn, program.now), Stop::NotProved { status: 401 });
}

#[test]
fn places_are_served_or_said_to_be_unknown_before_the_promotion() {
    let mut program = until(Step::HandOver);
    program.tell(|rotation, keyset, now| rotation.add_place(keyset, "a colleague", now), Step::HandOver);
    let refused = program.rotation.advance(&program.keyset, program.now).unwrap_err();
    let RotationError::OpenPlaces { open } = refused else { panic!() };
    assert_eq!(open, ["ci", "a colleague"], "the export is known, the other was added");
    assert!(matches!(
        program.rotation.handed(&program.keyset, "elsewhere", Handed::Given, program.now),
        Err(RotationError::NoPlace { .. })
    ));
    program.tell(|rotation, keyset, now| rotation.handed(keyset, "ci", Handed::Given, now), Step::HandOver);
    program.tell(|rotation, keyset, now| rotation.handed(keyset, "a colleague", Handed::Unknown, now), Step::HandOver);
    program.tell(|rotation, keyset, now| rotation.advance(keyset, now), Step::HandOver);
    assert_eq!(program.rotation.current(), Some(Step::Promote));
    // What nobody knows stays open for the watch.
    let uses = Uses { there: LastUse::NotTold, ours: None };
    let Silence::NotKnown { open, .. } = program.rotation.silence(uses, program.now) else { panic!() };
    assert_eq!(open, ["a colleague"]);
}

#[test]
fn silence_is_never_concluded_from_our_own_calls() {
    let program = until(Step::Watch);
    let verdict = |there| program.rotation.silence(Uses { there, ours: Some(At(0)) }, NOW);
    assert!(matches!(verdict(LastUse::NotTold), Silence::NotKnown { .. }));
    let day_ago = At(NOW.0 - 86_400);
    assert_eq!(verdict(LastUse::At(day_ago)), Silence::Silent { last: Some(day_ago) });
    assert!(matches!(verdict(LastUse::At(At(day_ago.0 + 1))), Silence::Used { .. }));
    assert!(matches!(verdict(LastUse::At(NOW.after(Span::DAY))), Silence::Used { .. }), "a clock that differs");
    // Then it counts how long the answer stays the same.
    let ahead = || Pair { last_used: LastUse::At(NOW.after(Span::DAY.times(365))), ..old() };
    let pairs = || [ahead(), pair("p-1", "print-n1", true, &["reader"])];
    let turn = look(&program, pairs());
    let day = |seconds| At(program.now.after(Span::DAY).0 - seconds);
    let turn = turn.rotation.shown(&turn.keyset, Ok(&shown(pairs())), day(1)).unwrap();
    assert_eq!(turn.rotation.current(), Some(Step::Watch));
    let used = [Pair { last_used: LastUse::At(NOW.after(Span::DAY.times(366))), ..old() }, pairs()[1].clone()];
    let again = turn.rotation.shown(&turn.keyset, Ok(&shown(used)), day(0)).unwrap();
    assert_eq!(again.rotation.current(), Some(Step::Watch), "used once more");
    let turn = turn.rotation.shown(&turn.keyset, Ok(&shown(pairs())), day(0)).unwrap();
    assert_ne!(turn.rotation.current(), Some(Step::Watch));
    assert_eq!(verdict(LastUse::Never), Silence::Silent { last: None });
}

#[test]
fn a_promotion_is_taken_back_while_the_old_key_is_active_there() {
    let mut program = until(Step::Watch);
    assert!(program.rotation.can_take_back());
    program.tell(|rotation, keyset, now| rotation.back(keyset, now), Step::Watch);
    assert_eq!((state(&program, "a"), state(&program, "n1")), (State::Active, State::Published));
    assert_eq!(program.rotation.current(), Some(Step::Promote), "from where it goes on, or is aborted");
    program.run();
    assert_eq!(state(&program, "n1"), State::Active);
}

#[test]
fn a_retirement_is_undone_until_the_old_key_is_deleted_there() {
    let mut program = until(Step::Delete);
    assert_eq!(state(&program, "a"), State::Retired);
    assert!(!program.rotation.can_take_back());
    program.tell(|rotation, keyset, now| rotation.back(keyset, now), Step::Delete);
    assert_eq!(program.rotation.current(), Some(Step::Revive));
    while program.rotation.current() == Some(Step::Revive) {
        let next = program.rotation.next(&program.keyset, program.now);
        program.turn(next);
    }
    assert_eq!(state(&program, "a"), State::Retiring);
    assert!(program.rotation.can_take_back());
    program.tell(|rotation, keyset, now| rotation.back(keyset, now), Step::Watch);
    assert_eq!(state(&program, "a"), State::Active);
    program.run();
    program.nothing_is_left();

    let program = until(Step::Destroy);
    let refused = program.rotation.back(&program.keyset, program.now).unwrap_err();
    assert_eq!(refused, RotationError::NoWayBack { past: Step::Delete });
    let program = until(Step::Prove);
    assert_eq!(program.rotation.back(&program.keyset, program.now).unwrap_err(), RotationError::NotPromoted);
}

#[test]
fn a_retirement_that_the_provider_cannot_undo_is_not_undone_here_alone() {
    let mut method = gr4vy();
    method.activate = None;
    let call = method.publish.call.as_mut().unwrap();
    call.body = call.body.take().map(|body| body.replace("{active}", "true"));
    let mut program = calm(method, Mode::Planned);
    while program.rotation.current() != Some(Step::Delete) {
        let next = program.rotation.next(&program.keyset, program.now);
        program.turn(next);
    }
    let refused = program.rotation.back(&program.keyset, program.now).unwrap_err();
    assert_eq!(refused, RotationError::NoWayBack { past: Step::Retire });
}

#[test]
fn a_deactivation_that_may_be_under_way_is_looked_after_before_anything_is_taken_back() {
    let mut program = until(Step::Retire);
    let Next::Wait(earliest) = program.rotation.next(&program.keyset, program.now) else { panic!() };
    program.now = earliest.at(program.now);
    let pairs = || [old(), pair("p-1", "print-n1", true, &["reader"])];
    let turn = look(&program, pairs());
    assert_eq!(call(&turn, program.now).remote, Remote::Deactivate { pair: "p-old".to_owned() });
    let turn = turn.rotation.intend(&turn.keyset, program.now).unwrap();
    assert!(!turn.rotation.can_take_back());
    let turn = turn.rotation.back(&turn.keyset, program.now).unwrap();
    assert_eq!(turn.rotation.next(&turn.keyset, program.now), Next::Look);
    let inactive = Pair { active: false, ..old() };
    let [_, next] = pairs();
    let turn = turn.rotation.shown(&turn.keyset, Ok(&shown([inactive, next])), program.now).unwrap();
    assert_eq!(call(&turn, program.now).remote, Remote::Activate { pair: "p-old".to_owned() });
}

#[test]
fn the_old_key_ends_only_beside_a_next_one_that_is_seen_to_work() {
    for (step, wanted) in [(Step::Watch, Step::Watch), (Step::Retire, Step::Retire), (Step::Delete, Step::Delete)] {
        let mut program = until(step);
        if let Next::Wait(earliest) = program.rotation.next(&program.keyset, program.now) {
            program.now = earliest.at(program.now);
        }
        let turn = look(&program, [old()]);
        assert_eq!(stop(&turn, program.now), Stop::ActiveGone { found: "not there".to_owned() }, "{wanted}");
        let turn = look(&program, [old(), pair("p-1", "print-n1", false, &["reader"])]);
        assert_eq!(stop(&turn, program.now), Stop::ActiveGone { found: "inactive".to_owned() }, "{wanted}");
    }
}

#[test]
fn an_abort_takes_away_what_was_made() {
    for step in [Step::Make, Step::Publish, Step::Activate, Step::Prove, Step::HandOver, Step::Promote] {
        let mut program = until(step);
        program.tell(|rotation, keyset, now| rotation.abort(keyset, now), step);
        program.run();
        program.nothing_is_left();
        assert_eq!(state(&program, "a"), State::Active);
        assert_eq!(program.rotation.next(&program.keyset, program.now), Next::Aborted);
        if step != Step::Make {
            assert_eq!(state(&program, "n1"), State::DestroyScheduled);
        }
    }
    let program = until(Step::Watch);
    assert_eq!(program.rotation.abort(&program.keyset, program.now).unwrap_err(), RotationError::Promoted);
}

#[test]
fn an_abort_waits_for_a_creation_that_may_be_under_way() {
    let program = until(Step::Publish);
    let turn = look(&program, [old()]);
    let turn = turn.rotation.intend(&turn.keyset, program.now).unwrap();
    let turn = turn.rotation.abort(&turn.keyset, program.now).unwrap();
    let turn = turn.rotation.shown(&turn.keyset, Ok(&shown([old()])), program.now).unwrap();
    let Next::Pause { until, .. } = turn.rotation.next(&turn.keyset, program.now) else { panic!() };
    let late = [old(), pair("p-1", "print-n1", false, &["reader"])];
    let turn = turn.rotation.shown(&turn.keyset, Ok(&shown(late)), until).unwrap();
    assert_eq!(call(&turn, until).remote, Remote::Delete { pair: "p-1".to_owned() });
    // Refused: it stays listed, and holds nothing up.
    let turn = turn.rotation.intend(&turn.keyset, until).unwrap();
    let turn = turn.rotation.answered(&turn.keyset, Answer::Refused { status: 403 }, until).unwrap();
    let until = until.after(Span(30));
    let late = [old(), pair("p-1", "print-n1", false, &["reader"])];
    let turn = turn.rotation.shown(&turn.keyset, Ok(&shown(late)), until).unwrap();
    assert_eq!(turn.rotation.next(&turn.keyset, until), Next::Aborted);
    assert_eq!(turn.rotation.orphans()[0].pair, "p-1");
}

#[test]
fn a_line_has_one_rotation_at_a_time() {
    let vault = Vault::with_active();
    let first = Rotation::begin(start(Mode::Planned, gr4vy(), &vault), &vault.keyset, [], NOW).unwrap();
    let second = Rotation::begin(start(Mode::Planned, gr4vy(), &vault), &vault.keyset, [&first.rotation], NOW);
    assert!(matches!(second, Err(RotationError::UnderWay { step: Step::Make, .. })));
    let ended = first.rotation.abort(&first.keyset, NOW).unwrap();
    let ended = ended.rotation.advance(&ended.keyset, NOW).unwrap();
    Rotation::begin(start(Mode::Planned, gr4vy(), &vault), &ended.keyset, [&ended.rotation], NOW).unwrap();
}

#[test]
fn a_rotation_begins_with_an_active_key_and_a_method_that_works() {
    let mut vault = Vault::default();
    vault.add("a");
    let begin = |vault: &Vault, mode, method| Rotation::begin(start(mode, method, vault), &vault.keyset, [], NOW);
    assert!(matches!(begin(&vault, Mode::Planned, gr4vy()), Err(RotationError::NotActive { .. })));
    let mut vault = Vault::with_active();
    let endless = Method { deactivate: None, delete: None, ..gr4vy() };
    assert!(matches!(begin(&vault, Mode::Planned, endless), Err(RotationError::Method { .. })));
    vault.act(Act::Compromise { key: "a".into() }).unwrap();
    assert!(matches!(begin(&vault, Mode::Planned, gr4vy()), Err(RotationError::NotActive { .. })));
    begin(&vault, Mode::DisableFirst, gr4vy()).unwrap();
}

#[test]
fn a_key_of_another_line_does_not_join() {
    let mut program = calm(gr4vy(), Mode::Planned);
    let stranger = keywright_keyset::Place { account: "other".to_owned(), ..crate::rules::place() };
    let event = program.keyset.act(Act::Add { line: "line-z".into(), place: stranger, key: new_key("z") }, NOW);
    event.unwrap();
    let refused = program.rotation.made(&program.keyset, new_key("z"), "line-y".into(), NOW).unwrap_err();
    assert!(matches!(refused, RotationError::Refused(keywright_keyset::Refusal::OtherPlace { .. })), "{refused}");
}

#[test]
fn what_nobody_asked_for_is_refused() {
    let program = until(Step::Publish);
    let (rotation, keyset, now) = (&program.rotation, &program.keyset, program.now);
    let told = [
        rotation.made(keyset, new_key("z"), "line-z".into(), now),
        rotation.arrived(keyset, "p-9".to_owned(), new_key("z"), "line-z".into(), now),
        rotation.intend(keyset, now),
        rotation.answered(keyset, Answer::Accepted, now),
        rotation.did_it(keyset, now),
        rotation.proved(keyset, Some(200), now),
        rotation.watched(keyset, None, now),
        rotation.advance(keyset, now),
        rotation.hurry(keyset, now),
        rotation.again(keyset, now),
    ];
    let told: Vec<String> = told.into_iter().map(|it| it.unwrap_err().to_string()).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_password_is_changed_in_place() {
    let login = examples().into_iter().find(|(_, method)| method.credential == "login").unwrap().1;
    // As where nothing reads: then a person uses it once.
    let login = Method { prove: None, ..login };
    let vault = Vault::with_active();
    let turn = Rotation::begin(start(Mode::Planned, login, &vault), &vault.keyset, [], NOW).unwrap();
    let turn = turn.rotation.made(&turn.keyset, new_key("b"), "line-b".into(), NOW).unwrap();
    let Next::ByHand { step: Step::Publish, .. } = turn.rotation.next(&turn.keyset, NOW) else { panic!() };
    let turn = turn.rotation.did_it(&turn.keyset, NOW).unwrap();
    // From here the old one is over: there is no way but forward.
    assert!(matches!(turn.rotation.abort(&turn.keyset, NOW), Err(RotationError::NoWayBack { past: Step::Publish })));
    let Next::ByHand { step: Step::Prove, hand: None } = turn.rotation.next(&turn.keyset, NOW) else { panic!() };
    let turn = turn.rotation.did_it(&turn.keyset, NOW).unwrap();
    let mut turn = turn.rotation.advance(&turn.keyset, NOW).unwrap();
    assert_eq!(turn.keyset.key(&"b".into()).unwrap().1.state, State::Active, "at once, without a wait");
    assert!(turn.rotation.back(&turn.keyset, NOW).is_err());
    while turn.rotation.current().is_some() {
        turn = turn.rotation.advance(&turn.keyset, NOW).unwrap();
    }
    assert_eq!(turn.keyset.key(&"a".into()).unwrap().1.state, State::DestroyScheduled);
}

#[test]
fn an_api_key_is_brought_by_hand_and_the_old_one_kept_until_a_person_says_that_it_is_silent() {
    let hedge = examples().into_iter().find(|(heading, _)| heading.starts_with("Hedge")).unwrap().1;
    let hedge = Method { prove: None, ..hedge };
    let vault = Vault::with_active();
    let turn = Rotation::begin(start(Mode::Planned, hedge, &vault), &vault.keyset, [], NOW).unwrap();
    let Next::ByHand { step: Step::Make, hand: Some(_) } = turn.rotation.next(&turn.keyset, NOW) else { panic!() };
    let turn = turn.rotation.made(&turn.keyset, new_key("b"), "line-b".into(), NOW).unwrap();
    assert_eq!(turn.keyset.key(&"b".into()).unwrap().1.state, State::Published, "it is known there");
    let turn = turn.rotation.did_it(&turn.keyset, NOW).unwrap();
    let turn = turn.rotation.advance(&turn.keyset, NOW).unwrap();
    let now = NOW.after(Span::MINUTE);
    let turn = turn.rotation.advance(&turn.keyset, now).unwrap();
    let Next::Watch { told: false, .. } = turn.rotation.next(&turn.keyset, now) else { panic!() };
    let turn = turn.rotation.watched(&turn.keyset, Some(NOW), now).unwrap();
    assert_eq!(turn.rotation.current(), Some(Step::Watch), "our own last call ends no watch");
    let turn = turn.rotation.advance(&turn.keyset, now).unwrap();
    let watch = turn.rotation.rows(now).into_iter().find(|row| row.step == Step::Watch).unwrap();
    assert_eq!(watch.done.unwrap().evidence, Evidence::Said, "a person said so, and that is what is kept");
    let Next::Wait(earliest) = turn.rotation.next(&turn.keyset, now) else { panic!() };
    let now = earliest.at(now);
    let turn = turn.rotation.advance(&turn.keyset, now).unwrap();
    assert_eq!(turn.keyset.key(&"a".into()).unwrap().1.state, State::Retired, "here alone: it has no switch there");
    let back = turn.rotation.back(&turn.keyset, now).unwrap();
    let back = back.rotation.advance(&back.keyset, now).unwrap();
    assert!(back.rotation.can_take_back(), "it never ended there");
    let now = now.after(stated().undo);
    let turn = turn.rotation.did_it(&turn.keyset, now).unwrap();
    let turn = turn.rotation.advance(&turn.keyset, now).unwrap();
    assert_eq!(turn.rotation.next(&turn.keyset, now), Next::Done);
}

#[test]
fn a_clock_that_is_set_back_a_year_holds_nothing_up_for_a_year() {
    let mut program = until(Step::Retire);
    let Next::Wait(before) = program.rotation.next(&program.keyset, program.now) else { panic!() };
    program.set_back();
    let Next::Wait(earliest) = program.rotation.next(&program.keyset, program.now) else { panic!() };
    assert_eq!(earliest.at(program.now), program.now.after(before.wait()), "from now, and in full");
    let noticed = program.rotation.observe(&program.keyset, program.now).unwrap().unwrap();
    let Next::Wait(earliest) = noticed.rotation.next(&noticed.keyset, program.now.after(Span::HOUR)) else { panic!() };
    assert_eq!(earliest.from, program.now, "once it is noticed, the wait runs on");
    assert!(noticed.rotation.observe(&noticed.keyset, program.now).unwrap().is_none());
    program.run();
    program.nothing_is_left();
    // Forth again: nothing is shorter than it was on the clock that counted.
    let mut program = until(Step::Publish);
    program.set_back();
    program.run();
    assert_eq!(state(&program, "a"), State::DestroyScheduled);
    let told = program.rotation.runbook();
    assert!(told.contains("the clock was set back"), "{told}");
}

#[test]
fn a_wait_that_began_on_a_clock_ahead_is_not_over_when_the_clock_is_right_again() {
    let mut program = until(Step::Publish);
    program.now = program.now.after(Span::DAY.times(365));
    while program.rotation.current() != Some(Step::Retire) {
        let next = program.rotation.next(&program.keyset, program.now);
        program.turn(next);
    }
    program.now = NOW;
    program.tell(|rotation, keyset, now| rotation.add_place(keyset, "x", now), Step::Retire);
    program.now = NOW.after(Span::MINUTE);
    let Next::Wait(earliest) = program.rotation.next(&program.keyset, program.now) else { panic!() };
    assert_eq!(earliest.from, NOW, "it counts from when that was noticed");
}

#[test]
fn a_rotation_is_read_back_as_it_was_sealed() {
    for step in [Step::Make, Step::Activate, Step::Watch, Step::Delete] {
        let program = until(step);
        let sealed = serde_json::to_string(&program.rotation).unwrap();
        assert_eq!(serde_json::from_str::<Rotation>(&sealed).unwrap(), program.rotation);
        assert!(!sealed.contains("PRIVATE"));
    }
}

#[test]
fn an_incident_names_what_it_touches_and_what_each_way_breaks() {
    let mut vault = Vault::with_active();
    vault.act(Act::Export { key: "a".into(), form: "env".to_owned(), to: "ci".to_owned() }).unwrap();
    let tell = |vault: &Vault, method: &Method| {
        let incident =
            keywright_keyset::incident(&vault.keyset, &vault.events, &"a".into(), method, &stated()).unwrap();
        assert_eq!((incident.targets.len(), incident.copies.len()), (2, 1));
        let way = |way: &keywright_keyset::WayOut| {
            let breaks: Vec<String> = way.breaks.iter().map(|it| format!("  {}", it.words())).collect();
            format!("{:?}: {:?}\n{}", way.mode, way.steps, breaks.join("\n"))
        };
        incident.ways.iter().map(way).collect::<Vec<_>>().join("\n")
    };
    let cached = Method { key_set_cache: Some(Span::MINUTE.times(5)), ..gr4vy() };
    let login = examples().into_iter().find(|(_, method)| method.credential == "login").unwrap().1;
    insta::assert_snapshot!(format!("{}\n\n{}", tell(&vault, &cached), tell(&vault, &login)));
}

#[test]
fn an_incident_whose_next_key_is_proved_can_promote_it() {
    let program = until(Step::Promote);
    let incident = keywright_keyset::incident(&program.keyset, &[], &"a".into(), &gr4vy(), &stated()).unwrap();
    assert_eq!(incident.ready, Some("n1".into()));
    assert_eq!(Keyset::default().lines().count(), 0);
}

#[test]
fn a_key_that_ended_itself_is_known_by_its_refusal() {
    let program = calm(gr4vy(), Mode::DisableFirst);
    let turn = look(&program, [old()]);
    let now = program.now;
    let refused = |turn: &Turn| turn.rotation.shown(&turn.keyset, Err(Answer::Refused { status: 401 }), now).unwrap();
    // Refused before anything was asked for, it tells nothing.
    let other = refused(&Turn { rotation: program.rotation.clone(), ..turn.clone() });
    assert_eq!(stop(&other, now), Stop::Refused { step: Step::Disable, status: 401 });
    let turn = turn.rotation.intend(&turn.keyset, now).unwrap();
    let turn = turn.rotation.answered(&turn.keyset, Answer::Accepted, now).unwrap();
    let turn = refused(&turn);
    assert_eq!(turn.rotation.current(), Some(Step::Make));
    assert_eq!(turn.keyset.key(&"a".into()).unwrap().1.state, State::Compromised);
    let done = turn.rotation.rows(now)[0].done.clone().unwrap();
    assert_eq!(done.evidence, Evidence::Refused { status: 401 });
}

#[test]
fn where_nobody_can_look_a_persons_word_stands() {
    let program = until(Step::Publish);
    let now = program.now;
    let unasked = program.rotation.unseen(&program.keyset, now).unwrap_err().to_string();
    assert_eq!(
        unasked,
        "a list that nobody can read came at the step: publish the next key; wanted a look at the provider's list"
    );
    let turn = program.rotation.by_hand(&program.keyset, now).unwrap();
    let turn = turn.rotation.did_it(&turn.keyset, now).unwrap();
    assert_eq!(turn.rotation.next(&turn.keyset, now), Next::Look);
    let turn = turn.rotation.unseen(&turn.keyset, now).unwrap();
    assert_eq!(turn.rotation.current(), Some(Step::Activate));
}

#[test]
fn a_rotation_goes_by_hand_throughout_where_there_are_words_for_it() {
    let program = calm(gr4vy(), Mode::Planned);
    let turn = program.rotation.by_hand_throughout(&program.keyset, program.now).unwrap();
    let taken: Vec<_> = turn.rotation.rows(program.now).iter().map(|row| (row.step, row.taken)).collect();
    for (step, taken) in taken {
        let by_hand = [Step::Publish, Step::Activate, Step::Retire, Step::Delete].contains(&step);
        let wanted = if by_hand { keywright_keyset::Taken::Hand } else { keywright_keyset::Taken::Here };
        assert_eq!(taken, wanted, "{step}");
    }
}
