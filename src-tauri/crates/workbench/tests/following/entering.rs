//! Credentials that are no keys, coming into the vault: cleaned, recognised, refused where they belong elsewhere.

use std::collections::BTreeMap;

use keywright_workbench::{
    CredentialError, Error,
    credentials::{self, New},
    keys::{self, For, PrivateFormat},
    profiles, tokens,
};

use crate::world::{World, json, sign};

fn world() -> World {
    World::new(|_| json(200, "{}"))
}

fn refused(world: &mut World, (profile, environment): (&str, &str), role: Option<&str>, secret: &str) -> String {
    let at = For { profile, environment };
    let new = New { name: "new", at, role, secret, fields: BTreeMap::new(), encoding: None };
    let error = credentials::add(&mut world.session, &new, &world.ports).err().unwrap();
    format!("{error}\nhint: {}\n", error.hint().unwrap_or_default())
}

#[test]
fn what_stands_around_a_key_is_taken_off_and_told() {
    let mut world = world();
    let pasted = "  \"Bearer test_51H8xgq2eZvKYlo2C4f2b\"\r\n";
    let added = world.add("pasted", ("hedge", "test"), None, pasted, &[]);
    insta::assert_snapshot!(format!("{}: {}", added.removed, added.credential.describe));
    let text =
        keys::export_private(&mut world.session, "pasted", PrivateFormat::Text, None, "a test", &world.ports).unwrap();
    assert_eq!(text.as_slice(), b"test_51H8xgq2eZvKYlo2C4f2b");
    // The space at the end of a password belongs to it.
    let text =
        keys::export_private(&mut world.session, "me", PrivateFormat::Text, None, "a test", &world.ports).unwrap();
    assert_eq!(text.as_slice(), b"hunter2 ");
}

#[test]
fn each_refusal_names_both_sides() {
    let mut world = world();
    let mut told = String::new();
    for (place, role, secret) in [
        (("hedge", "live"), None, "test_51H8xgq2eZvKYlo2C4f2a"),
        (("hedge", "test"), None, ""),
        (("hedge", "test"), None, "test_"),
        (("hedge", "test"), None, "test_51H8xgq2eZvKYlo2C4f2a\n\ntest_51H8xgq2eZvKYlo2C4f2b\n"),
        (("hedge", "test"), None, "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln"),
        (("hedge", "test"), Some("apikey"), "test_51H8xgq2eZvKYlo2C4f2a"),
        (("cryptopay", "sandbox"), None, "cp_test_51H8xgq2eZvKYlo2C4f2a"),
        (("cryptopay", "sandbox"), Some("login"), "hunter2"),
        (("partner", "own"), None, "\n"),
    ] {
        told += &refused(&mut world, place, role, secret);
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_secret_that_is_weak_is_sealed_and_said_to_be() {
    let mut world = world();
    let mut told = String::new();
    for secret in ["changeme", "0123456789abcdef0123456789abcdef", "a secret of the partner, 36 bytes long"] {
        let at = For { profile: "partner", environment: "own" };
        let fields = BTreeMap::from([("client_id".to_owned(), "acme".to_owned())]);
        let new = New { name: secret, at, role: None, secret, fields, encoding: None };
        let added = credentials::add(&mut world.session, &new, &world.ports).unwrap();
        let findings = added.findings.iter().map(|found| format!("    {}: {}\n", found.code.name(), found.message));
        told += &format!("{secret}\n{}", findings.collect::<String>());
    }
    insta::assert_snapshot!(told);
}

#[test]
fn an_api_key_signs_nothing() {
    let world = world();
    let error = tokens::sign(&world.session, &sign("hedge", "test"), &world.ports).err().unwrap();
    insta::assert_snapshot!(format!("{error}\nhint: {}", error.hint().unwrap()));
}

#[test]
fn what_goes_with_it_can_be_changed_and_what_is_missing_is_said() {
    let mut world = world();
    let change = |value: &str| [("client_id".to_owned(), value.to_owned())].into();
    let changed = credentials::set_fields(&mut world.session, "partner", &change(" acme-8 "), &world.ports).unwrap();
    assert_eq!(changed.fields["client_id"], "acme-8");
    let error = credentials::set_fields(&mut world.session, "partner", &change(""), &world.ports).err().unwrap();
    assert!(matches!(error, Error::Credential(CredentialError::EmptyField { .. })));
    let unknown = [("clientid".to_owned(), "x".to_owned())].into();
    let error = credentials::set_fields(&mut world.session, "partner", &unknown, &world.ports).err().unwrap();
    insta::assert_snapshot!(error.to_string());
}

#[test]
fn a_webhook_secret_has_a_place_of_its_own_and_leaves_with_it() {
    let mut world = world();
    world.add("hooks", ("cryptopay", "sandbox"), Some("webhook_secret"), "whsec", &[]);
    let place = |world: &World| profiles::show(&world.session, "cryptopay").unwrap().environments["sandbox"].clone();
    assert_eq!(place(&world).others["webhook_secret"], "hooks");
    assert_eq!(place(&world).credential.as_deref(), Some("me"));
    keys::rename(&mut world.session, "hooks", "hooks 2026", &world.ports).unwrap();
    assert_eq!(place(&world).others["webhook_secret"], "hooks 2026");
    keys::delete_ending_use(&mut world.session, "hooks 2026", &world.ports).unwrap();
    assert!(place(&world).others.is_empty());
}

#[test]
fn each_place_says_what_it_lacks_in_its_own_words() {
    let world = world();
    let lacks = |name: &str| {
        let profile = profiles::show(&world.session, name).unwrap();
        let missing = profiles::readiness(&world.session, &profile).unwrap().missing;
        missing.into_iter().map(|(id, lack)| format!("{name} {id}: {lack}\n")).collect::<String>()
    };
    insta::assert_snapshot!(["hedge", "cryptopay", "partner"].map(lacks).concat());
}

#[test]
fn a_key_that_its_provider_ends_says_so_in_time() {
    let mut world = world();
    let fields = [("expires", "2026-12-31")];
    world.add("shop", ("cryptopay", "sandbox"), Some("api_key"), "cp_test_51H8xgq2eZvKYlo2C4f2a", &fields);
    let due = |world: &World| {
        let credential = keys::show(&world.session, "shop").unwrap();
        keys::due(&world.session, &credential, world.ports.clock.now())
            .map(|due| format!("{}, {:?}", due.words, due.kind))
    };
    assert_eq!(due(&world), None);
    world.pass(30 * 86_400);
    assert_eq!(due(&world).unwrap(), "expires on 2026-12-31, in 9 d 23 h, Ending");
    world.pass(10 * 86_400);
    assert_eq!(due(&world).unwrap(), "expired on 2026-12-31, 1 s ago, Ended");
    let mut set = |value: &str| {
        let fields = BTreeMap::from([("expires".to_owned(), value.to_owned())]);
        credentials::set_fields(&mut world.session, "shop", &fields, &world.ports).map(|_| ())
    };
    let wrong = set("31.12.2026").unwrap_err();
    assert_eq!(wrong.to_string(), r#"Expires on is "31.12.2026", wanted a day such as 2027-01-31"#);
    set("").unwrap();
}

#[test]
fn what_a_key_may_do_is_one_of_the_provider_s_answers() {
    let mut world = world();
    let new = profiles::NewProfile {
        name: "gr4vy".to_owned(),
        provider: "gr4vy".to_owned(),
        variables: [("gr4vy_id".to_owned(), "acme".to_owned())].into(),
    };
    profiles::add(&mut world.session, new, &world.ports).unwrap();
    let place = Some(For { profile: "gr4vy", environment: "sandbox" });
    keys::generate(&mut world.session, jose::Alg::ES512, 2048, "signs", place, &world.ports).unwrap();
    let mut set = |value: &str| {
        let fields = BTreeMap::from([("merchant_access".to_owned(), value.to_owned())]);
        credentials::set_fields(&mut world.session, "signs", &fields, &world.ports)
    };
    assert_eq!(set("one").unwrap().fields["merchant_access"], "one");
    assert!(set("some").unwrap_err().to_string().ends_with(r#"is "some", wanted all or one"#));
}
