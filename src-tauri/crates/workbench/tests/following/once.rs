//! Names are resolved once for a send, whichever way it is begun, and again only where somebody changed what they stand for.

use keywright_workbench::{
    calls::{Execution, NextAction},
    drafts, keys,
    profiles::{self, ProfileChange},
    signer::counted::resolved,
};

use crate::world::{World, json};

const PLACE: (&str, &str) = ("partner", "own");

/// How often `job` resolves names.
fn counted<T>(job: impl FnOnce() -> T) -> (usize, T) {
    let before = resolved();
    let done = job();
    (resolved() - before, done)
}

fn world() -> World {
    World::new(|_| json(200, "{}"))
}

#[test]
fn a_draft_is_resolved_once_from_the_click_to_the_verdict() {
    let mut world = world();
    let draft = drafts::new(&world.session, PLACE.0, PLACE.1, &world.ports).unwrap();
    for follow in [false, true] {
        let (times, ran) = counted(|| {
            let (run, reading) = Execution::draft(&mut world.session, &draft, follow, &world.ports).unwrap();
            assert!(reading.token.is_some());
            world.drive(run)
        });
        assert!(ran.is_as_wanted());
        assert_eq!(times, 1, "follow: {follow}");
    }
}

#[test]
fn a_call_and_a_call_that_is_ended_with_its_answer_are_resolved_once() {
    let mut world = world();
    let (times, ran) = counted(|| world.call(PLACE, true, |_| {}));
    assert!(ran.is_as_wanted());
    assert_eq!(times, 1);
    let (times, ran) = counted(|| {
        let execution = world.begin(PLACE, false, |_| {});
        world.drive(execution)
    });
    assert!(ran.is_as_wanted());
    assert_eq!(times, 1);
}

#[test]
fn what_was_changed_meanwhile_is_resolved_again() {
    let mut world = world();
    let mut run = world.begin(PLACE, true, |_| {});
    let change = ProfileChange { ttl: Some(60), ..ProfileChange::default() };
    profiles::change(&mut world.session, PLACE.0, &change, &world.ports).unwrap();
    let (times, went_on) = counted(|| world.step(&mut run));
    assert!(went_on);
    assert_eq!(times, 1);
}

#[test]
fn a_key_that_another_program_deleted_while_the_answer_was_on_its_way_signs_nothing_more() {
    let mut world = World::new(|_| json(401, r#"{"message":"jwt expired"}"#));
    let mut execution = world.begin(PLACE, true, |_| {});
    let answered = execution.send(&exchange::Transport::default(), &Default::default(), &world.ports);
    let mut other = world.other();
    keys::delete_ending_use(&mut other, "partner", &world.ports).unwrap();
    let error = execution.take(&mut world.session, answered, &world.ports).unwrap_err();
    insta::assert_snapshot!(format!("{error}\nhint: {}", error.hint().unwrap_or_default()));
    assert_eq!(execution.next_action(), NextAction::Done);
    assert_eq!(world.sent().len(), 1, "the call is not sent a second time");
}
