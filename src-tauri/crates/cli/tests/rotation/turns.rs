//! Single turns of a rotation against the emulator: what the provider is told, and bad inputs.

use keyset::{Next, State, Step, Stop};
use workbench::{
    keys,
    rotation::{self, Ended, Starting, Told},
};

use crate::world::{Kill, NEXT, OLD, World};

/// Goes on as far as no person is needed, without waiting for any time.
fn run(world: &mut World) -> String {
    for _ in 0..20 {
        match world.advance(Kill::Never, "") {
            Ok(Some(Ended::Took(_))) => {}
            Ok(Some(ended)) => return format!("{ended:?}"),
            Ok(None) => unreachable!("nobody killed it"),
            Err(error) => return format!("{error}; {}", error.hint().unwrap_or_default()),
        }
    }
    panic!("it does not stop");
}

fn stop(world: &World) -> String {
    match world.view().next {
        Next::Stopped(stop) => stop.to_string(),
        next => panic!("{next:?}"),
    }
}

#[test]
fn a_key_is_rotated_from_start_to_destroy() {
    let mut world = World::new();
    assert_eq!(world.go_on(|_| {}), [""; 0]);
    let view = world.view();
    let steps: Vec<&str> = view
        .rotation
        .rows(keyset::At(view.now))
        .iter()
        .filter(|row| row.done.is_some())
        .map(|row| row.step.words())
        .collect();
    assert_eq!(steps.len(), 10, "{steps:?}");
    assert_eq!(world.calls(), Some(200));
    // The next one has what the old one had, and is the only one.
    assert_eq!(world.pairs().len(), 1);
    let old = view.rotation.old_pair().unwrap();
    assert!(old.grants["roles"].len() == 1 && old.grants["merchant_accounts"].len() == 1, "{old:?}");
}

#[test]
fn a_rotation_that_is_started_twice_is_told_so() {
    let mut world = World::new();
    let again = rotation::start(&mut world.session, &Starting::of(OLD), &world.ports).unwrap_err();
    assert!(again.to_string().contains("is under way since"), "{again}");
    assert_eq!(again.hint().unwrap(), "go on with it, or abort it");
    let mut other = world.another();
    assert!(rotation::start(&mut other, &Starting::of(OLD), &world.ports).is_err());
}

#[test]
fn a_second_program_is_told_and_takes_no_step() {
    let mut world = World::new();
    let first = rotation::Advance::begin(&mut world.session, &world.id, world.calling.clone(), &world.ports).unwrap();
    let mut other = world.another();
    let second = rotation::Advance::begin(&mut other, &world.id, world.calling.clone(), &world.ports).err().unwrap();
    assert_eq!(second.to_string(), "another program takes a step of the rotation of \"acme-1\" at this moment");
    assert!(rotation::tell(&mut other, &world.id, &Told::Abort, &world.ports).is_err());
    drop(first);
    assert!(rotation::tell(&mut other, &world.id, &Told::Abort, &world.ports).is_ok());
}

#[test]
fn a_list_without_our_key_stops_before_anything_is_created() {
    let mut world = World::new();
    world.advance(Kill::Never, "").unwrap();
    world.plan(&["GET /gr4vy/api-key-pairs other-thumbprint"]);
    run(&mut world);
    let ours = world.thumbprint(OLD).unwrap();
    assert_eq!(stop(&world), format!("the list of the provider lacks the old key, {ours}"));
    world.plan(&[]);
    assert_eq!(world.pairs().len(), 1, "nothing was made");
}

#[test]
fn a_thumbprint_that_differs_stops() {
    let mut world = World::new();
    world.advance(Kill::Never, "").unwrap();
    // The old one is seen as it is, then the next one is another.
    assert_eq!(world.advance(Kill::Before, "GET /gr4vy/api-key-pairs").unwrap(), None);
    assert_eq!(world.advance(Kill::After, "POST").unwrap(), None);
    world.plan(&["GET /gr4vy/api-key-pairs other-thumbprint"]);
    run(&mut world);
    let stopped = world.view().next;
    assert!(
        matches!(&stopped, Next::Stopped(Stop::ThumbprintDiffers { .. } | Stop::OldNotShown { .. })),
        "{stopped:?}"
    );
    assert_eq!(world.calls(), Some(200));
}

#[test]
fn a_role_that_the_caller_may_not_give_goes_by_hand() {
    let mut world = World::new();
    world.plan(&["POST /gr4vy/api-key-pairs fail 403"]);
    run(&mut world);
    assert_eq!(stop(&world), "the provider refused to publish the next key, with 403");
    world.tell(Told::ByHand).unwrap();
    let view = world.view();
    let Next::ByHand { step: Step::Publish, hand: Some(hand) } = &view.next else { panic!("{:?}", view.next) };
    assert!(hand.words.contains("Bring your own public key"), "{}", hand.words);
    let pem = view.paste.unwrap();
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----"), "{pem}");
}

#[test]
fn a_page_that_repeats_gives_no_list() {
    let mut world = World::new();
    world.advance(Kill::Never, "").unwrap();
    world.plan(&["GET /gr4vy/api-key-pairs repeat-page"]);
    let told = run(&mut world);
    assert!(told.contains("which an earlier page had; wanted another, or none on the last page"), "{told}");
    world.plan(&[]);
    assert_eq!(world.go_on(|_| {}), [""; 0], "and nothing is lost");
}

#[test]
fn a_key_of_another_line_signs_nothing_of_another_place() {
    let mut world = World::new();
    world.advance(Kill::Never, "").unwrap();
    keys::generate(&mut world.session, jose::Alg::ES256, 2048, "loose", None, &world.ports).unwrap();
    world.calling.with = Some("loose".to_owned());
    let told = run(&mut world);
    assert!(told.starts_with("\"loose\" is sealed for no environment yet"), "{told}");
    world.calling.with = Some("nobody".to_owned());
    let told = run(&mut world);
    assert!(told.contains("\"nobody\""), "{told}");
}

#[test]
fn a_published_key_signs_its_proof_and_nothing_else() {
    let mut world = World::new();
    while world.view().rotation.current() != Some(Step::Promote) {
        world.advance(Kill::Never, "").unwrap();
    }
    let view = world.view();
    assert_eq!(view.keyset.key(view.rotation.next_key().unwrap()).unwrap().1.state, State::Published);
    let sign = workbench::signer::SignRequest {
        profile: crate::world::PROFILE.to_owned(),
        environment: "local".to_owned(),
        key: Some(NEXT.to_owned()),
        ..workbench::signer::SignRequest::default()
    };
    let error = workbench::tokens::sign(&world.session, &sign, &world.ports).err().unwrap();
    assert_eq!(
        error.to_string(),
        "the key \"acme-2\" is published, and signs the request that proves it; a call wants the active key of a line"
    );
    assert_eq!(error.hint().unwrap(), "go on with its rotation, which proves it and promotes it");
}

#[test]
fn a_promotion_is_taken_back_and_a_rotation_given_up() {
    let mut world = World::new();
    for _ in 0..40 {
        world.advance(Kill::Never, "").unwrap();
        let view = world.view();
        match view.next {
            Next::Wait(earliest) => world.wait_until(earliest.at(keyset::At(view.now))),
            _ if view.rotation.current() == Some(Step::Watch) => break,
            _ => {}
        }
    }
    world.tell(Told::Back).unwrap();
    let active = |world: &World| {
        let view = world.view();
        let line = view.keyset.line(view.rotation.line()).unwrap();
        line.active().unwrap().name().to_owned()
    };
    assert_eq!(active(&world), OLD);
    assert_eq!(world.calls(), Some(200));
    world.tell(Told::Abort).unwrap();
    assert_eq!(world.go_on(|_| {}), [""; 0]);
    assert_eq!(world.view().next, Next::Aborted);
    assert_eq!(world.pairs().len(), 1, "what was made there is gone");
    assert_eq!(world.calls(), Some(200));
}

#[test]
fn a_leaked_key_is_disabled_first_and_the_rest_repaired_by_hand() {
    let mut world = World::idle();
    let starting = Starting { mode: keyset::Mode::DisableFirst, ..Starting::of(OLD) };
    world.id = rotation::start(&mut world.session, &starting, &world.ports).unwrap();
    let told = run(&mut world);
    assert!(told.starts_with("no key of the line of \"acme-1\" is left to sign the call that would publish"), "{told}");
    let view = world.view();
    assert_eq!(view.keyset.key(view.rotation.old()).unwrap().1.state, State::Compromised);
    // A person does there what nobody here can: the emulator stands in for the page.
    world.tell(Told::ByHand).unwrap();
    let jwk = keys::show(&world.session, NEXT).unwrap().public_jwk.unwrap();
    let pair = emulator::Registration::KeyPair {
        jwk: &jwk,
        name: "by hand",
        roles: &["administrator"],
        merchant_accounts: &["default"],
    };
    world.emulator.register(pair).unwrap();
    world.tell(Told::DidIt).unwrap();
    run(&mut world);
    world.tell(Told::ByHand).unwrap();
    world.tell(Told::DidIt).unwrap();
    assert_eq!(world.go_on(|_| {}), [""; 0]);
    assert_eq!(world.calls(), Some(200));
    assert_eq!(world.pairs().len(), 1);
}

#[test]
fn a_leaked_key_is_replaced_first() {
    let mut world = World::idle();
    let starting = Starting { mode: keyset::Mode::ReplaceFirst, ..Starting::of(OLD) };
    world.id = rotation::start(&mut world.session, &starting, &world.ports).unwrap();
    assert!(run(&mut world).starts_with("Waits"), "nothing waits for its time");
    assert_eq!(world.view().next, Next::Done);
    let view = world.view();
    assert_eq!(view.keyset.key(view.rotation.old()).unwrap().1.state, State::Compromised);
    assert_eq!(world.calls(), Some(200));
    assert_eq!(world.pairs().len(), 1);
}
