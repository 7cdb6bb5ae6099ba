//! Profiles changed, renamed, guarded; what they lack.

use keywright_workbench::{
    definitions, environments, keys,
    ports::Guard,
    profile_files,
    profiles::{self, ProfileChange},
    recipes,
    records::Target,
    sealed_drafts,
    session::Passphrase,
    settings,
};

use crate::world::{World, draft, passphrase, words};

fn guard(guard: Guard, passphrase: Option<Passphrase>) -> ProfileChange {
    ProfileChange { guards: [("production".to_owned(), guard)].into(), passphrase, ..ProfileChange::default() }
}

#[test]
fn lowering_a_guard_wants_the_passphrase() {
    let mut world = World::new();
    let refused = profiles::change(&mut world.session, "Acme", &guard(Guard::Once, None), &world.ports).unwrap_err();
    assert!(refused.is_wrong_passphrase());
    insta::assert_snapshot!(words(&refused), @r"
    to ask less often for Production wants the vault's passphrase
    hint: give the passphrase to show that it is you
    ");
    let wrong = Some(Passphrase::new("wrong".to_owned()).unwrap());
    let refused = profiles::change(&mut world.session, "Acme", &guard(Guard::Once, wrong), &world.ports).unwrap_err();
    assert!(refused.is_wrong_passphrase(), "{refused}");
    let profile = profiles::show(&world.session, "Acme").unwrap();
    assert_eq!(profiles::guard(&profile, "production"), Guard::Writes);

    // More care is free, and going back from there is not.
    profiles::change(&mut world.session, "Acme", &guard(Guard::Always, None), &world.ports).unwrap();
    assert!(profiles::change(&mut world.session, "Acme", &guard(Guard::Writes, None), &world.ports).is_err());
    let lowered = guard(Guard::Once, Some(passphrase()));
    let profile = profiles::change(&mut world.session, "Acme", &lowered, &world.ports).unwrap();
    assert_eq!(profiles::guard(&profile, "production"), Guard::Once);
}

#[test]
fn what_a_profile_lacks_is_said_for_each_environment() {
    let mut world = World::new();
    let profile = profiles::show(&world.session, "Acme").unwrap();
    let missing = profiles::readiness(&world.session, &profile).unwrap().missing;
    let wanted = [("local", "no key yet"), ("production", "no key yet")];
    assert!(missing.iter().map(|(id, words)| (id.as_str(), words.as_str())).eq(wanted), "{missing:?}");

    let mut empty = profile;
    empty.variables.clear();
    let missing = profiles::readiness(&world.session, &empty).unwrap().missing;
    assert_eq!(missing["sandbox"], "Gr4vy ID is empty");
    keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    empty.variables.insert("gr4vy_id".to_owned(), "acme".to_owned());
    assert_eq!(profiles::readiness(&world.session, &empty).unwrap().missing["sandbox"], "the key checkout is gone");
}

#[test]
fn empty_values_take_back_what_was_set() {
    let mut world = World::new();
    let change = |text: &str| ProfileChange {
        keys: [("sandbox".to_owned(), text.to_owned())].into(),
        variables: [("merchant_account_id".to_owned(), text.to_owned())].into(),
        scopes: Some([text].into_iter().filter(|text| !text.is_empty()).map(|_| "buyers.read".to_owned()).collect()),
        ttl: Some(60 * u64::from(!text.is_empty())),
        ..ProfileChange::default()
    };
    let set = profiles::change(&mut world.session, "Acme", &change("checkout"), &world.ports).unwrap();
    assert_eq!((set.ttl, set.scopes.as_deref()), (Some(60), Some(&["buyers.read".to_owned()][..])));
    let taken = profiles::change(&mut world.session, "Acme", &change(""), &world.ports).unwrap();
    assert_eq!((taken.ttl, taken.scopes.as_deref(), taken.variables.len()), (None, None, 1));
    assert_eq!(taken.environments["sandbox"].credential, None);
    // The key stays sealed for where it belonged.
    assert!(keys::show(&world.session, "checkout").unwrap().binding.is_some());
}

#[test]
fn whatever_names_a_profile_follows_its_new_name() {
    let mut world = World::new();
    let at = |profile: &str| Target { profile: profile.to_owned(), environment: "sandbox".to_owned() };
    recipes::save(&mut world.session, "list", &draft("Acme", "sandbox"), &world.ports).unwrap();
    sealed_drafts::seal(&mut world.session, &[draft("Acme", "sandbox")], Some(&at("Acme")), &world.ports).unwrap();
    let renamed = profiles::rename(&mut world.session, "Acme", "Acme Ltd", &world.ports).unwrap();
    assert_eq!(renamed.environments["sandbox"].credential.as_deref(), Some("checkout"));
    assert_eq!(recipes::show(&world.session, "list").unwrap().draft.profile, "Acme Ltd");
    assert_eq!(settings::last_place(&world.session).unwrap(), Some(at("Acme Ltd")));
    assert!(sealed_drafts::open(&world.session, "Acme", "sandbox").unwrap().is_none());
    assert!(sealed_drafts::open(&world.session, "Acme Ltd", "sandbox").unwrap().is_some());
    let unlocked = world.other();
    assert_eq!(profiles::list(&unlocked).unwrap()[0].value.name, "Acme Ltd", "it is on disk");
    for bad in ["", "a\u{202e}b", &"x".repeat(300), "line\nbreak"] {
        assert!(profiles::rename(&mut world.session, "Acme Ltd", bad, &world.ports).is_err(), "{bad:?}");
    }
}

#[test]
fn a_sheet_is_offered_for_what_the_provider_asks_a_person() {
    let definition = definitions::built_in("gr4vy").unwrap();
    let mut claims: Vec<&str> = definition.sheets.iter().map(|sheet| sheet.claim.as_str()).collect();
    claims.sort_unstable();
    assert_eq!(claims, ["checkout_session_id", "embed"]);
    assert_eq!(environments::algs(definition)[0], jose::Alg::ES512);
}

#[test]
fn a_profile_goes_to_a_colleague_without_its_keys() {
    let mut world = World::new();
    let change =
        ProfileChange { scopes: Some(vec!["transactions.read".to_owned()]), ttl: Some(900), ..Default::default() };
    profiles::change(&mut world.session, "Acme", &change, &world.ports).unwrap();
    let text = profile_files::export(&world.session, "Acme").unwrap().text();
    insta::assert_snapshot!(text);
    assert!(!text.contains("checkout"), "{text}");
    // To somebody who has one of that name already, and to somebody who names it.
    let import = |world: &mut World, text: &str, name: Option<&str>| {
        profile_files::import(&mut world.session, text.as_bytes(), name, &world.ports)
    };
    let again = import(&mut world, &text, None).unwrap();
    assert_eq!((again.name.as_str(), again.ttl), ("Acme (imported)", Some(900)));
    assert!(again.environments.values().all(|place| place.credential.is_none()));
    assert_eq!(import(&mut world, &text, Some("Umbrella")).unwrap().variables["gr4vy_id"], "acme");
    let mut told = String::new();
    for (what, text) in [
        ("not JSON", "name = 1".to_owned()),
        ("an unknown member", text.replacen("name", "nam", 1)),
        ("a secret", text.replacen("{", r#"{"secret": "hunter2","#, 1)),
        ("another form", text.replacen(": 1", ": 2", 1)),
        ("a number as a text", text.replacen(": 1", ": \"1\"", 1)),
        ("a lifetime below zero", text.replacen("900", "-1", 1)),
        ("an unknown provider", text.replace("gr4vy\"", "grvy\"")),
        ("an unknown variable", text.replace("gr4vy_id", "gr4vy_it")),
        ("an address that is none", text.replacen("{", r#"{"base-urls": {"sandbox": "http://example.com"},"#, 1)),
        ("a name that is taken", text.clone()),
        ("too large", " ".repeat(2_000_000)),
    ] {
        let name = (what == "a name that is taken").then_some("Acme");
        let refused = import(&mut world, &text, name).unwrap_err();
        told += &format!("# {what}\n{}\n", words(&refused));
    }
    insta::assert_snapshot!(told);
}
