//! Acceptance: a refusal of a key that was accepted before means another thing than one of a key that never was.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use keywright_workbench::{acceptance, calls::Outcome, keys};

use crate::world::{NOW, World, json, owner};

const PLACE: (&str, &str) = ("partner", "own");

/// A world whose server accepts calls until the switch is turned.
fn world() -> (World, Arc<AtomicBool>) {
    let revoked = Arc::new(AtomicBool::new(false));
    let switch = revoked.clone();
    let world = World::new(move |_| match switch.load(Ordering::SeqCst) {
        true => json(401, ""),
        false => json(200, "{}"),
    });
    (world, revoked)
}

fn verdict(outcome: &Outcome) -> String {
    let verdict = &outcome.sent.as_ref().unwrap().verdict;
    let gates: Vec<String> = verdict.gates.iter().map(|rung| format!("{:?}: {}", rung.gate, rung.reason)).collect();
    format!("{}\n{}\n{}", verdict.sentence, verdict.next.as_deref().unwrap_or_default(), gates.join("\n"))
}

#[test]
fn a_key_that_was_accepted_is_not_called_one_that_never_was() {
    let (mut world, revoked) = world();
    revoked.store(true, Ordering::SeqCst);
    let never = verdict(&world.call(PLACE, false, |_| {}));
    revoked.store(false, Ordering::SeqCst);
    let accepted = world.call(PLACE, false, |_| {});
    assert!(accepted.is_as_wanted());
    let known = acceptance::last(&world.session, &owner(PLACE, "partner")).unwrap();
    assert_eq!(known, Some(accepted.sent.unwrap().at));
    world.pass(13);
    revoked.store(true, Ordering::SeqCst);
    let before = verdict(&world.call(PLACE, false, |_| {}));
    insta::assert_snapshot!(format!("# never accepted\n{never}\n\n# accepted before\n{before}"));
}

#[test]
fn an_acceptance_is_sealed_with_the_vault_and_follows_its_key() {
    let (mut world, _) = world();
    assert!(world.call(PLACE, false, |_| {}).is_as_wanted());
    assert_eq!(
        acceptance::last(&world.other(), &owner(PLACE, "partner")).unwrap(),
        Some(NOW),
        "another program reads it"
    );
    keys::rename(&mut world.session, "partner", "partner 2026", &world.ports).unwrap();
    assert_eq!(acceptance::last(&world.session, &owner(PLACE, "partner 2026")).unwrap(), Some(NOW));
    keys::delete_ending_use(&mut world.session, "partner 2026", &world.ports).unwrap();
    world.add("partner 2026", PLACE, None, "another secret of the partner, long enough", &[("client_id", "acme-7")]);
    assert_eq!(
        acceptance::last(&world.session, &owner(PLACE, "partner 2026")).unwrap(),
        None,
        "another key, another history"
    );
}

#[test]
fn what_is_pasted_is_nobodys_acceptance() {
    let (mut world, _) = world();
    let outcome = world.call(PLACE, false, |call| call.token = Some("pasted.token.here".to_owned()));
    assert!(outcome.is_as_wanted());
    assert_eq!(acceptance::last(&world.session, &owner(PLACE, "partner")).unwrap(), None);
}
