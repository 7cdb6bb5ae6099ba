//! Webhooks, judged and signed with what is sealed for a place.

use jose::webhook::{Delivery, Sample};
use keywright_workbench::{
    Error, WebhookError, definitions,
    profiles::{self, NewProfile, ProfileChange},
    webhooks::{self, Judging, Trusted},
};
use zeroize::Zeroizing;

use crate::world::{World, at, json};

const BODY: &[u8] = br#"{"event":"payment.completed","amount":"12.99"}"#;
const OLD: &str = "the secret that was replaced, 38 bytes";
const NEW: &str = "the secret that replaced it, 36 bytes";
const LIVE: &str = "the secret of production, 33 bytes";

/// CryptoPay with two webhook secrets for Sandbox, the second in place of the first, and one for Production.
fn world() -> World {
    let mut world = World::new(|_| json(200, "{}"));
    let base_urls = [("production".to_owned(), "https://cryptopay.example.com".to_owned())].into();
    let change = ProfileChange { base_urls, ..ProfileChange::default() };
    profiles::change(&mut world.session, "cryptopay", &change, &world.ports).unwrap();
    world.add("hooks 1", ("cryptopay", "sandbox"), Some("webhook_secret"), OLD, &[]);
    world.pass(1);
    world.add("hooks 2", ("cryptopay", "sandbox"), Some("webhook_secret"), NEW, &[]);
    world.add("hooks live", ("cryptopay", "production"), Some("webhook_secret"), LIVE, &[]);
    world
}

/// The header fields of a delivery that was signed with this secret.
fn signed(secret: &str, world: &World) -> Vec<(String, String)> {
    let mut trusted = Trusted::new(definitions::built_in("cryptopay").unwrap());
    trusted.add("theirs".to_owned(), Zeroizing::new(secret.as_bytes().to_vec()));
    let sample = Sample { body: BODY, ..Sample::default() };
    webhooks::sample(&trusted, &sample, &world.ports).unwrap().headers
}

/// What the check says of a delivery to Sandbox that was signed with this secret.
fn said(secret: &str, world: &World) -> String {
    let trusted = Trusted::open(&world.session, "cryptopay", "sandbox").unwrap();
    let headers = signed(secret, world);
    let delivery = Delivery { body: BODY, headers: &headers, url: None, method: None };
    let check = webhooks::check(&trusted, &delivery, Judging::default(), &world.ports).unwrap();
    let steps =
        check.steps.iter().map(|step| format!("{}: {}: {}\n", step.stage.name(), step.state.name(), step.words));
    let findings = check.findings.iter().filter(|finding| finding.code == jose::Code::NearMiss);
    let misses =
        findings.map(|finding| format!("{}\n  {}\n", finding.message, finding.hint.as_deref().unwrap_or_default()));
    format!("{}\n{}", check.verdict.name(), steps.chain(misses).collect::<String>())
}

#[test]
fn every_secret_that_is_sealed_for_the_place_counts_and_no_other() {
    let mut world = world();
    assert_eq!(Trusted::open(&world.session, "cryptopay", "sandbox").unwrap().names(), ["hooks 2", "hooks 1"]);
    let told = [NEW, OLD, LIVE, "somebody else's secret, 32 bytes"].map(|secret| said(secret, &world));
    insta::assert_snapshot!(told.join("\n"));

    // What another account names is that account's.
    let new = NewProfile { name: "other".to_owned(), provider: "cryptopay".to_owned(), ..NewProfile::default() };
    profiles::add(&mut world.session, new, &world.ports).unwrap();
    world.pass(1);
    world.add("other's", ("other", "sandbox"), Some("webhook_secret"), "the secret of another account", &[]);
    let names = |world: &World, profile: &str| -> Vec<String> {
        let trusted = Trusted::open(&world.session, profile, "sandbox").unwrap();
        trusted.names().into_iter().map(str::to_owned).collect()
    };
    // Whose the one is that nobody names cannot be known any more.
    assert_eq!(names(&world, "cryptopay"), ["hooks 2"]);
    assert_eq!(names(&world, "other"), ["other's"]);

    let wanted = |world: &mut World, profile: &str, name: &str| {
        let others = [("sandbox".to_owned(), [("webhook_secret".to_owned(), name.to_owned())].into())].into();
        let change = ProfileChange { others, ..ProfileChange::default() };
        profiles::change(&mut world.session, profile, &change, &world.ports).map(drop)
    };
    // It is chosen again, and taken away.
    wanted(&mut world, "cryptopay", "hooks 1").unwrap();
    assert_eq!((names(&world, "cryptopay"), names(&world, "other")), (vec!["hooks 1".into()], vec!["other's".into()]));
    wanted(&mut world, "other", "").unwrap();
    // One that names none is not given what may be another's.
    assert_eq!(names(&world, "other"), Vec::<String>::new());
    assert_eq!(names(&world, "cryptopay"), ["hooks 1", "other's", "hooks 2"]);
    wanted(&mut world, "cryptopay", "").unwrap();
    // Where none of them names one, all of them have all.
    assert_eq!(names(&world, "other"), ["other's", "hooks 2", "hooks 1"]);
    assert_eq!(names(&world, "cryptopay"), names(&world, "other"));

    world.add("a login", ("other", "sandbox"), Some("login"), "the password", &[("username", "me")]);
    let told = ["hooks live", "a login", "nobody"].map(|name| wanted(&mut world, "other", name).unwrap_err());
    let role = [("sandbox".to_owned(), [("login".to_owned(), "a login".to_owned())].into())].into();
    let change = ProfileChange { others: role, ..ProfileChange::default() };
    let not_other = profiles::change(&mut world.session, "other", &change, &world.ports).unwrap_err();
    let told = told.iter().chain([&not_other]).map(|error| format!("{error}\n  {}", error.hint().unwrap_or_default()));
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
}

/// A signature that a live secret makes would be a delivery that nobody agreed to.
#[test]
fn what_a_live_secret_makes_of_a_body_is_kept_back() {
    let world = world();
    for (environment, secret) in [("sandbox", Some(NEW)), ("production", None)] {
        let trusted = Trusted::open(&world.session, "cryptopay", environment).unwrap();
        let headers = signed("somebody else's secret, 32 bytes", &world);
        let delivery = Delivery { body: BODY, headers: &headers, url: None, method: None };
        let check = webhooks::check(&trusted, &delivery, Judging::default(), &world.ports).unwrap();
        let comparison = check.comparison.unwrap();
        assert_eq!(comparison.given, [headers[0].1.clone()]);
        let wanted = secret.map(|secret| signed(secret, &world)[0].1.clone());
        assert_eq!(comparison.computed[0].text, wanted, "{environment}");
    }
    let trusted = Trusted::open(&world.session, "cryptopay", "sandbox").unwrap();
    let headers = signed(NEW, &world);
    let delivery = Delivery { body: BODY, headers: &headers, url: None, method: None };
    let check = webhooks::check(&trusted, &delivery, Judging::default(), &world.ports).unwrap();
    assert!(check.comparison.is_none() && !check.reserialised);
}

#[test]
fn the_secret_that_the_profile_names_signs_and_live_is_asked_for() {
    let world = world();
    let sample = Sample { body: BODY, ..Sample::default() };
    for (environment, secret) in [("sandbox", NEW), ("production", LIVE)] {
        let trusted = Trusted::open_to_sign(&world.session, "cryptopay", environment, &world.ports).unwrap();
        assert_eq!(webhooks::sample(&trusted, &sample, &world.ports).unwrap().headers, signed(secret, &world));
    }
    assert_eq!(*world.paper.asked.lock().unwrap(), ["signing a webhook for Production"]);
}

#[test]
fn what_is_missing_is_named() {
    let world = world();
    let told = |trusted: Result<Trusted, Error>| {
        let error = trusted.and_then(|trusted| trusted.ready()).unwrap_err();
        format!("{error}\nhint: {}", error.hint().unwrap_or_default())
    };
    let open = |profile, environment| told(Trusted::open(&world.session, profile, environment));
    let told = [
        open("cryptopay", "staging"),
        open("cryptopay", "sandbx"),
        open("partner", "own"),
        told(Trusted::open_to_sign(&world.session, "hedge", "test", &world.ports)),
        told(definitions::built_in("gr4vy").map(Trusted::new)),
    ];
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn the_emulator_is_told_the_secret_of_a_place_on_this_computer_alone() {
    let mut world = world();
    let tell = |world: &World, environment| {
        webhooks::tell_emulator(&world.session, &at("cryptopay", environment), &world.ports)
    };
    // Sandbox has one, and it is no business of the emulator.
    assert!(matches!(tell(&world, "sandbox"), Err(Error::Webhook(WebhookError::NoWebhookSecret { .. }))));
    assert!(matches!(tell(&world, "local"), Err(Error::Webhook(WebhookError::NoWebhookSecret { .. }))));
    world.add("hooks here", ("cryptopay", "local"), Some("webhook_secret"), NEW, &[]);
    assert_eq!(tell(&world, "local").unwrap(), "cryptopay");
}
