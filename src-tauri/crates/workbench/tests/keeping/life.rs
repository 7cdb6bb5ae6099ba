//! The life of keys through the jobs: drafts beside a key that calls, choices and their undo, the trash, leaks, exports, age,
//! what an older program writes, and random lives in which records and events say the same.

use std::collections::BTreeSet;

use jose::Alg;
use keywright_workbench::{
    Error, KeyError, NameError,
    imports::{Imports, KeySource},
    index::Layout,
    keys::{self, Age, At, Coming, For, PrivateFormat, State},
    profiles::{self, ProfileChange},
    records::{Credential, KeyEvents, Profile},
    session::{Session, status},
    signer::SignRequest,
    tokens,
    undo::Undo,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use vault::{Change, Kind, Secret};

use crate::world::{DAY, NOW, World, passphrase, words};

const SANDBOX: For<'_> = For { profile: "Acme", environment: "sandbox" };

fn state(session: &Session, name: &str) -> State {
    let rows = keys::rows(session, NOW).unwrap();
    rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("no {name}")).state
}

fn history(world: &World, name: &str) -> String {
    let told = keys::history(&world.session, name).unwrap();
    told.into_iter().map(|it| format!("{} {}: {}\n", it.seq, it.kind, it.words)).collect()
}

/// The same vault with its records written as a program writes that knows no events.
fn older(world: &World, edit: impl Fn(Kind, &[u8]) -> Option<Vec<u8>>, goes: impl Fn(Kind, &[u8]) -> bool) {
    let mut vault = vault::open(&world.path()).unwrap().unlock(&passphrase()).unwrap();
    let random = |out: &mut [u8]| world.ports.random.fill(out);
    let records: Vec<_> = vault.records().map(|it| (it.id, it.revision, it.kind, it.metadata.to_vec())).collect();
    let texts: Vec<_> = records.iter().map(|(_, _, kind, text)| (edit(*kind, text), goes(*kind, text))).collect();
    let changes = records.iter().zip(&texts).filter_map(|((id, revision, ..), (edited, goes))| match (edited, goes) {
        (_, true) => Some(Change::Delete { id: *id, expected: *revision, tombstone: b"gone" }),
        (Some(text), _) => Some(Change::Replace { id: *id, expected: *revision, metadata: text, secret: Secret::Keep }),
        _ => None,
    });
    vault.commit(&changes.collect::<Vec<_>>(), &random).unwrap();
}

fn renames_key_of(profile: &'static str, key: &'static str) -> impl Fn(Kind, &[u8]) -> Option<Vec<u8>> {
    move |kind, text| {
        let mut found = (kind == Profile::KIND).then(|| Profile::decode(text).unwrap())?;
        (found.name == profile).then(|| {
            found.environments.entry("sandbox".to_owned()).or_default().credential = Some(key.to_owned());
            found.encode()
        })
    }
}

fn epoch(world: &World) -> u64 {
    status(&world.path()).unwrap().epoch.0
}

#[test]
fn a_second_key_is_a_draft_until_it_is_chosen_and_the_choice_is_taken_back() {
    let mut world = World::new();
    assert_eq!(state(&world.session, "checkout"), State::Active, "the first key of an empty target calls at once");
    let kept = world.key_for("next", "Acme", "sandbox");
    assert_eq!(kept.beside.as_deref(), Some("checkout"));
    assert_eq!((world.set_key().as_deref(), state(&world.session, "next")), (Some("checkout"), State::Draft));
    let (chosen, undo) = keys::choose_for(&mut world.session, "next", SANDBOX, &world.ports).unwrap();
    assert_eq!(chosen.instead.as_deref(), Some("checkout"));
    assert_eq!((world.set_key().as_deref(), state(&world.session, "next")), (Some("next"), State::Active));
    assert_eq!(state(&world.session, "checkout"), State::Active, "in a line of its own, which nobody uses now");
    let (_, again) = keys::choose_for(&mut world.session, "next", SANDBOX, &world.ports).unwrap();
    assert!(again.is_none(), "it calls already");
    undo.unwrap().apply(&mut world.session, &world.ports).unwrap();
    assert_eq!((world.set_key().as_deref(), state(&world.session, "next")), (Some("checkout"), State::Draft));
    insta::assert_snapshot!(history(&world, "next"));
    // By the profile's own setting it is the same choice.
    let change = ProfileChange { keys: [("sandbox".to_owned(), "next".to_owned())].into(), ..Default::default() };
    let (_, undo) = profiles::change_undoable(&mut world.session, "Acme", &change, &world.ports).unwrap();
    assert_eq!(state(&world.session, "next"), State::Active);
    undo.apply(&mut world.session, &world.ports).unwrap();
    assert_eq!((world.set_key().as_deref(), state(&world.session, "next")), (Some("checkout"), State::Draft));
}

#[test]
fn a_draft_signs_nothing_live_and_a_leaked_key_nothing() {
    let mut world = World::new();
    world.key_for("live", "Acme", "production");
    world.key_for("next", "Acme", "production");
    world.key_for("tried", "Acme", "sandbox");
    let sign = |world: &World, environment: &str, key: Option<&str>| {
        let (profile, environment) = ("Acme".to_owned(), environment.to_owned());
        let request = SignRequest { profile, environment, key: key.map(str::to_owned), ..SignRequest::default() };
        tokens::sign(&world.session, &request, &world.ports).map(drop)
    };
    sign(&world, "sandbox", Some("tried")).unwrap();
    let draft = sign(&world, "production", Some("next")).unwrap_err();
    keys::compromise(&mut world.session, "checkout", &world.ports).unwrap();
    let leaked = sign(&world, "sandbox", Some("checkout")).unwrap_err();
    assert_eq!(world.set_key(), None, "its target has no key now");
    let again = keys::compromise(&mut world.session, "checkout", &world.ports).unwrap_err();
    let chosen = keys::choose_for(&mut world.session, "checkout", SANDBOX, &world.ports).err().unwrap();
    insta::assert_snapshot!([draft, leaked, again, chosen].map(|error| words(&error)).join("\n\n"));
    // A key that leaked and still calls is due at once.
    keys::report_leak(&mut world.session, "live", &world.ports).unwrap();
    let rows = keys::rows(&world.session, NOW).unwrap();
    let due = rows.iter().find(|row| row.name == "live").unwrap().due.clone().unwrap();
    insta::assert_snapshot!(due.words);
}

#[test]
fn the_key_that_calls_is_not_deleted_before_its_use_ends() {
    let mut world = World::new();
    world.profile("North");
    let change = ProfileChange { keys: [("sandbox".to_owned(), "checkout".to_owned())].into(), ..Default::default() };
    profiles::change(&mut world.session, "North", &change, &world.ports).unwrap();
    let refused = keys::delete(&mut world.session, "checkout", &world.ports).unwrap_err();
    assert!(matches!(refused, Error::Key(KeyError::Life(_))));
    insta::assert_snapshot!(words(&refused));
    let undo = keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    let none = |world: &World, profile: &str| {
        profiles::show(&world.session, profile).unwrap().environments["sandbox"].credential.is_none()
    };
    assert!(none(&world, "Acme") && none(&world, "North"));
    undo.apply(&mut world.session, &world.ports).unwrap();
    assert!(!none(&world, "Acme") && !none(&world, "North"), "both have it again");
    // What took its place meanwhile stays, and the other target has it again.
    keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    world.key_for("other", "North", "sandbox");
    keys::restore(&mut world.session, "checkout", &world.ports).unwrap();
    assert_eq!(world.set_key().as_deref(), Some("checkout"));
    let north = profiles::show(&world.session, "North").unwrap();
    assert_eq!(north.environments["sandbox"].credential.as_deref(), Some("other"));
    let targets = keys::end_use(&mut world.session, "other", &world.ports).unwrap();
    assert_eq!(targets.iter().map(ToString::to_string).collect::<Vec<_>>(), ["North (sandbox)"]);
    keys::delete(&mut world.session, "other", &world.ports).unwrap();
    insta::assert_snapshot!(history(&world, "checkout"));
}

#[test]
fn a_kid_does_not_come_back_after_its_key_was_destroyed() {
    let mut world = World::new();
    let pem = keys::export_private(
        &mut world.session,
        "checkout",
        PrivateFormat::Pkcs8,
        None,
        "/srv/checkout.pem",
        &world.ports,
    )
    .unwrap();
    let kid = keys::show(&world.session, "checkout").unwrap().kid.unwrap();
    keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    keys::destroy(&mut world.session, "checkout", &world.ports).unwrap();
    assert!(world.rows().is_empty());
    let text = keys::KeyText { bytes: &pem, passphrase: None, secret_encoding: None };
    let coming = Coming::named("again").at(SANDBOX);
    let refused = keys::import(&mut world.session, text, &coming, &world.ports).unwrap_err();
    insta::assert_snapshot!(words(&refused).replace(&kid, "KID"));
    assert!(world.rows().is_empty(), "nothing is kept of it");
    // What happened to it is still told, by its name and by its kid, and its public half is still there.
    assert_eq!(history(&world, "checkout"), history(&world, &kid));
    insta::assert_snapshot!(history(&world, "checkout"));
    let left = world.session.destroyed_keys().unwrap().next().unwrap().credential.clone();
    assert!(left.public_jwk.is_some_and(|jwk| jwk.contains(&kid)));
    assert!(matches!(keys::history(&world.session, "nobody"), Err(Error::Name(NameError::NotFound { .. }))));
}

#[test]
fn an_import_says_when_its_key_was_made_and_an_unknown_age_is_due() {
    let mut world = World::empty();
    world.profile("Acme");
    let pem =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../jose/tests/vectors/keys/p521-yzero.pkcs8.pem")).unwrap();
    let text = keys::KeyText { bytes: &pem, passphrase: None, secret_encoding: None };
    let tomorrow = Coming { made: Age::Made(At(NOW + DAY)), ..Coming::named("early") };
    let refused = keys::import(&mut world.session, text, &tomorrow, &world.ports).unwrap_err();
    insta::assert_snapshot!(words(&refused));
    let source =
        KeySource { from: "k.pem".to_owned(), bytes: pem.clone().into(), is_file: true, modified: Some(NOW - 9 * DAY) };
    let mut imports = Imports::default();
    let preview = imports.preview(&world.session, vec![source], &world.ports).unwrap();
    assert_eq!(preview.items[0].made, Some(NOW - 9 * DAY), "the file's date is offered");
    let coming = Coming::named("found").at(SANDBOX);
    imports.keep(&mut world.session, preview.preview, 0, &coming, &world.ports).unwrap();
    world.days_pass(3);
    let due = |world: &World, name: &str| {
        let rows = keys::rows(&world.session, world.ports.clock.now()).unwrap();
        rows.into_iter().find(|row| row.name == name).unwrap().due.map(|due| due.words)
    };
    insta::assert_snapshot!(due(&world, "found").unwrap());
    // A key that nobody uses is never nagged about, however old.
    keys::end_use(&mut world.session, "found", &world.ports).unwrap();
    assert_eq!(due(&world, "found"), None);
    let made = Age::Made(At(world.ports.clock.now() - 100 * DAY));
    keys::delete(&mut world.session, "found", &world.ports).unwrap();
    keys::restore(&mut world.session, "found", &world.ports).unwrap();
    let second =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../jose/tests/vectors/keys/p521-none.pkcs8.pem")).unwrap();
    let text = keys::KeyText { bytes: &second, passphrase: None, secret_encoding: None };
    keys::import(&mut world.session, text, &Coming { made, ..Coming::named("old").at(SANDBOX) }, &world.ports).unwrap();
    insta::assert_snapshot!(due(&world, "old").unwrap_or_default());
}

#[test]
fn a_vault_from_before_gets_its_states_and_reading_writes_nothing() {
    let mut world = World::new();
    world.key("loose");
    world.key("gone");
    keys::delete(&mut world.session, "gone", &world.ports).unwrap();
    older(&world, |_, _| None, |kind, _| kind == KeyEvents::KIND);
    let before = epoch(&world);
    world.session.refresh().unwrap();
    let states = ["checkout", "loose", "gone"].map(|name| state(&world.session, name));
    assert_eq!(states, [State::Active, State::Draft, State::DestroyScheduled]);
    assert_eq!(epoch(&world), before, "nothing is written by looking");
    assert!(world.session.key_events().unwrap().is_empty());
    keys::rename(&mut world.session, "loose", "tied", &world.ports).unwrap();
    assert_eq!(epoch(&world), before + 1, "one transaction seals what was found and what happened");
    insta::assert_snapshot!(history(&world, "tied"));
    insta::assert_snapshot!(history(&world, "checkout"));
    keys::restore(&mut world.session, "gone", &world.ports).unwrap();
    assert_eq!(state(&world.session, "gone"), State::Draft);
}

#[test]
fn what_an_older_program_writes_becomes_events() {
    let mut world = World::new();
    world.key_for("next", "Acme", "sandbox");
    // It sets the draft for the profile, as it always did.
    older(&world, renames_key_of("Acme", "next"), |_, _| false);
    world.session.refresh().unwrap();
    assert_eq!(state(&world.session, "next"), State::Active);
    assert_eq!(world.set_key().as_deref(), Some("next"));
    // It destroys the other one.
    let is_checkout =
        |kind, text: &[u8]| kind == Credential::KIND && Credential::decode(text).unwrap().name == "checkout";
    older(&world, |_, _| None, is_checkout);
    world.session.refresh().unwrap();
    world.key("another");
    insta::assert_snapshot!(history(&world, "next"));
    let events = world.session.key_events().unwrap();
    assert!(events.iter().zip(1..).all(|(event, seq)| event.seq == seq), "no number is missing");
    assert_eq!(world.other().key_events().unwrap(), events);
}

/// What records and events must agree on, whatever was done.
fn hold(world: &World) -> Result<(), TestCaseError> {
    let session = &world.session;
    let keyset = session.keyset().unwrap();
    let replayed = keyset::Keyset::replay(session.key_events().unwrap()).unwrap();
    prop_assert_eq!(&replayed, keyset, "every change is sealed as an event");
    let mut named = BTreeSet::new();
    for profile in profiles::list(session).unwrap() {
        for (environment, place) in &profile.value.environments {
            let names = place.names().map(|name| (profile.value.name.clone(), environment.clone(), name.to_owned()));
            named.extend(names);
        }
    }
    let mut called = BTreeSet::new();
    for (target, line) in keyset.uses() {
        prop_assert!(line.keys.iter().filter(|key| key.state == State::Active).count() <= 1);
        let key = line.active().map(|key| key.name().to_owned());
        called.extend(key.map(|name| (target.profile.clone(), target.environment.clone(), name)));
    }
    prop_assert_eq!(named, called, "profiles name the active keys of their lines");
    for row in keys::rows(session, world.ports.clock.now()).unwrap() {
        let deleted = row.credential.deleted.is_some();
        prop_assert_eq!(deleted, row.state == State::DestroyScheduled, "{}", row.name);
        prop_assert!(deleted || !row.line.is_empty());
    }
    Ok(())
}

#[derive(Debug, Clone)]
enum Op {
    Generate { target: u8 },
    Choose { key: usize, target: u8 },
    Key { act: u8, key: usize },
    Profile { act: u8 },
    Undo,
    Days(i64),
    Older { act: u8, key: usize },
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (0..5_u8).prop_map(|target| Op::Generate { target }),
        3 => (0..8_usize, 0..4_u8).prop_map(|(key, target)| Op::Choose { key, target }),
        6 => (0..8_u8, 0..8_usize).prop_map(|(act, key)| Op::Key { act, key }),
        2 => (0..3_u8).prop_map(|act| Op::Profile { act }),
        2 => Just(Op::Undo),
        1 => prop_oneof![Just(1_i64), Just(31), Just(-10)].prop_map(Op::Days),
        2 => (0..3_u8, 0..8_usize).prop_map(|(act, key)| Op::Older { act, key }),
    ]
}

const TARGETS: [For<'_>; 4] = [
    SANDBOX,
    For { profile: "Acme", environment: "local" },
    For { profile: "North", environment: "sandbox" },
    For { profile: "North", environment: "local" },
];

fn step(world: &mut World, undos: &mut Vec<Undo>, number: usize, op: &Op) {
    let names: Vec<String> = keys::rows(&world.session, NOW).unwrap().into_iter().map(|row| row.name).collect();
    let name = |key: usize| key.checked_rem(names.len()).map(|index| names[index].clone()).unwrap_or_default();
    let (session, ports) = (&mut world.session, &world.ports);
    // What is refused changes nothing, which is looked at below.
    match op {
        Op::Generate { target } => {
            let place = TARGETS.get(usize::from(*target)).copied();
            drop(keys::generate(session, Alg::ES512, 2048, &format!("k{number}"), place, ports));
        }
        Op::Choose { key, target } => {
            let place = TARGETS[usize::from(*target)];
            undos.extend(keys::choose_for(session, &name(*key), place, ports).ok().and_then(|(_, undo)| undo));
        }
        Op::Key { act, key } => {
            let name = name(*key);
            match act {
                0 => undos.extend(keys::delete(session, &name, ports)),
                1 | 2 => undos.extend(keys::delete_ending_use(session, &name, ports)),
                3 => drop(keys::restore(session, &name, ports)),
                4 => drop(keys::destroy(session, &name, ports)),
                5 => drop(keys::compromise(session, &name, ports)),
                6 => drop(keys::end_use(session, &name, ports)),
                _ => drop(keys::rename(session, &name, &format!("r{number}"), ports)),
            }
        }
        Op::Profile { act: 0 } => drop(profiles::rename(session, "North", "South", ports)),
        Op::Profile { act: 1 } => drop(profiles::rename(session, "South", "North", ports)),
        Op::Profile { .. } => {
            undos.extend(profiles::remove_undoable(session, "North", ports).map(|(_, undo)| undo));
        }
        Op::Undo => drop(undos.pop().map(|undo| undo.apply(session, ports))),
        Op::Days(days) => {
            world.days_pass(*days);
            drop(keys::purge(&mut world.session, &world.ports));
        }
        Op::Older { act, key } => {
            let name = name(*key);
            let is = |kind, text: &[u8]| kind == Credential::KIND && Credential::decode(text).unwrap().name == name;
            let edit = |kind, text: &[u8]| match act {
                0 if is(kind, text) => {
                    let mut credential = Credential::decode(text).unwrap();
                    credential.deleted = credential.deleted.is_none().then_some(NOW);
                    Some(credential.encode())
                }
                1 | 2 if kind == Profile::KIND => {
                    let mut profile = Profile::decode(text).unwrap();
                    profile.environments.values_mut().for_each(|place| drop(place.forget(&name)));
                    Some(profile.encode())
                }
                _ => None,
            };
            older(world, edit, |kind, text| *act == 2 && is(kind, text));
            world.session.refresh().unwrap();
            // The next write of a key's life seals what was found.
            let (session, ports) = (&mut world.session, &world.ports);
            keys::generate(session, Alg::ES512, 2048, &format!("o{number}"), None, ports).unwrap();
        }
    }
}

#[test]
fn records_and_events_say_the_same_in_every_life() {
    let config = Config { cases: 16, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let told = TestRunner::new(config).run(&prop::collection::vec(op(), 1..20), |ops| {
        let mut world = World::new();
        world.profile("North");
        let mut undos = Vec::new();
        for (number, op) in ops.iter().enumerate() {
            step(&mut world, &mut undos, number, op);
            hold(&world)?;
        }
        // Whoever opens the vault next sees the same.
        let other = world.other();
        prop_assert_eq!(other.keyset().unwrap(), world.session.keyset().unwrap());
        Ok(())
    });
    if let Err(error) = told {
        panic!("{error}");
    }
}

#[test]
fn each_change_of_a_life_is_one_transaction() {
    let mut world = World::new();
    world.key_for("next", "Acme", "sandbox");
    let mut last = epoch(&world);
    let mut one = |world: &World, what: &str| {
        let now = epoch(world);
        assert_eq!(now, last + 1, "{what} is one transaction: a kill leaves all of it or nothing");
        last = now;
    };
    keys::choose_for(&mut world.session, "next", SANDBOX, &world.ports).unwrap();
    one(&world, "a choice");
    let undo = keys::delete_ending_use(&mut world.session, "next", &world.ports).unwrap();
    one(&world, "a deletion that ends a use");
    undo.apply(&mut world.session, &world.ports).unwrap();
    one(&world, "its undo");
    profiles::rename(&mut world.session, "Acme", "Acme Ltd", &world.ports).unwrap();
    one(&world, "another name of a profile");
    keys::export_private(&mut world.session, "next", PrivateFormat::Jwk, None, "x", &world.ports).unwrap();
    one(&world, "an export");
    keys::compromise(&mut world.session, "next", &world.ports).unwrap();
    one(&world, "a leak");
    keys::delete(&mut world.session, "checkout", &world.ports).unwrap();
    one(&world, "a deletion");
    keys::destroy(&mut world.session, "checkout", &world.ports).unwrap();
    one(&world, "the end of a key");
}
