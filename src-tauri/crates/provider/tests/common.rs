//! What holds for every provider that comes with Keywright: each test names the item of the requirement list it proves.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod support;

use std::collections::BTreeMap;

use keywright_provider::{
    ClientSafety, Definition, Tier, Wrapping, built_in, built_in_text, clean,
    definition::{BaseUrl, Credential, TOKEN},
};
use toml::{Table, Value};

#[test]
fn x2_every_secret_is_of_one_environment_and_every_provider_has_a_live_one() {
    for d in built_in() {
        for kind in d.credentials.all() {
            let per_environment = match kind {
                Credential::PrivateKey(key) => key.per_environment,
                Credential::Secret(secret) => secret.per_environment,
                Credential::ApiKey(key) => key.per_environment,
                Credential::Login(login) => login.per_environment,
                Credential::Client(client) => client.per_environment,
                Credential::Text(_) => continue,
            };
            assert!(per_environment, "{} {}", d.id, kind.id());
        }
        assert_eq!(d.environments[0].tier, Some(Tier::Local), "{}", d.id);
        assert!(d.environments.iter().any(|environment| environment.tier_or_live() == Tier::Live), "{}", d.id);
        assert!(
            d.endpoints.iter().all(|e| e.method == "GET" || e.side_effects),
            "{}: what changes something asks",
            d.id
        );
    }
}

#[test]
fn x3_every_published_address_is_https_and_the_others_are_asked_for() {
    for d in built_in() {
        for environment in &d.environments {
            match &environment.base_url {
                BaseUrl::Template(template) => assert!(template.text().starts_with("https://"), "{}", d.id),
                BaseUrl::Ask => {
                    assert!(d.base_url(environment, &BTreeMap::new(), Some("http://api.example.com")).is_err())
                }
                BaseUrl::Emulator => assert_eq!(environment.tier, Some(Tier::Local)),
            }
        }
    }
}

#[test]
fn x6_every_provider_says_what_helps_after_a_401() {
    assert!(built_in().iter().all(|d| d.on_unauthorized.is_some()));
}

#[test]
fn x7_what_changes_something_is_marked_so_that_it_is_never_sent_twice_unasked() {
    for d in built_in() {
        let marked: Vec<&str> = d.endpoints.iter().filter(|e| e.side_effects).map(|e| e.method.as_str()).collect();
        assert!(!marked.is_empty() && !marked.contains(&"GET"), "{}", d.id);
    }
}

#[test]
fn x8_every_token_has_a_lifetime_policy() {
    for d in built_in() {
        let lifetime = d.token.as_ref().unwrap().lifetime.as_ref().unwrap();
        assert!(lifetime.from.is_some(), "{}", d.id);
        assert!(lifetime.warn_over.is_none_or(|most| lifetime.default <= most), "{}", d.id);
    }
}

#[test]
fn x9_every_secret_reminds_of_its_rotation() {
    let reminders = |d: &'static Definition| d.credentials.all().filter_map(|kind| kind.rotate_after());
    assert!(built_in().iter().flat_map(reminders).all(|after| after.0 == 90 * 86_400));
    assert!(built_in().iter().all(|d| reminders(d).count() > 0));
}

#[test]
fn x11_every_credential_has_a_verdict_for_client_side_code() {
    let mut told = String::new();
    for d in built_in() {
        for id in d.credentials.all().map(|kind| kind.id()).chain([TOKEN]) {
            let verdict = d.client_side(id, &[]);
            let assumed = if verdict.assumed { ", assumed" } else { "" };
            told += &format!("{} {id}: {:?}, {}{assumed}\n", d.id, verdict.safety, verdict.reason);
        }
    }
    let gr4vy = support::built_in("gr4vy");
    for scopes in [&["embed"][..], &["embed", "transactions.read"]] {
        let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
        let verdict = gr4vy.client_side(TOKEN, &scopes);
        told += &format!("gr4vy token with {}: {:?}, {}\n", scopes.join(" "), verdict.safety, verdict.reason);
    }
    insta::assert_snapshot!(told);
    assert_eq!(support::built_in("hedge").client_side("nothing", &[]).safety, ClientSafety::Unknown);
}

#[test]
fn x12_quotes_white_space_newlines_and_a_double_bearer_are_taken_off_and_told() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln";
    let told = |text: &str| {
        let cleaned = clean(text);
        assert_eq!(*cleaned.text, token, "{text:?}");
        Wrapping::words(&cleaned.removed)
    };
    assert_eq!(told(&format!("Bearer Bearer {token}")), "the word Bearer (more than once)");
    assert_eq!(
        told(&format!("\"Authorization: bearer {token}\"\n")),
        "a line break, quotes, the field name Authorization and the word Bearer"
    );
    assert_eq!(told("eyJhbGciOiJIUzI1NiJ9.\r\neyJleHAiOjF9.c2ln"), "a line break inside");
    assert_eq!(told(token), "");
}

#[test]
fn x13_every_known_error_has_a_meaning_and_a_fix() {
    for error in built_in().iter().flat_map(|d| &d.errors.known) {
        for text in [&error.meaning, &error.fix] {
            assert!(text.ends_with('.') && text.len() > 10, "{text}");
        }
    }
    for d in built_in() {
        let knows = |status: u16| d.errors.known.iter().any(|e| e.status == status || e.also_status.contains(&status));
        assert!(knows(401), "{}", d.id);
    }
}

/// Lists whose items are facts, each with a source of its own; header parameters and the like share that of their table.
const FACTS: [&str; 17] = [
    "variables",
    "environments",
    "private-keys",
    "secrets",
    "api-keys",
    "logins",
    "texts",
    "keys",
    "refused",
    "claims",
    "values",
    "families",
    "headers",
    "flows",
    "endpoints",
    "known",
    "rate-limits",
];

#[test]
fn x15_every_fact_names_its_source() {
    let mut without = Vec::new();
    for d in built_in() {
        let tree: Table = toml::from_str(built_in_text(&d.id).unwrap()).unwrap();
        for table in ["token", "scopes", "placement", "client-side", "on-unauthorized", "errors", "webhook"] {
            if tree.get(table).is_some_and(|part| part.get("from").is_none()) {
                without.push(format!("{}: {table}", d.id));
            }
        }
        facts(&Value::Table(tree), &d.id, &mut without);
    }
    assert_eq!(without, [""; 0]);
    // What is not certain is marked.
    let assumed = |d: &Definition, from: &str| d.is_assumed(Some(from));
    for (id, source, is_assumed) in [
        ("hedge", "document", false),
        ("hedge", "reference", false),
        ("hedge", "assumed", true),
        ("hedge", "early", true),
        ("partner", "document", false),
        ("partner", "inferred", true),
        ("cryptopay", "document", false),
        ("cryptopay", "simplejwt", true),
    ] {
        assert_eq!(assumed(support::built_in(id), source), is_assumed, "{id} {source}");
    }
}

/// Collects the facts without a source. The emulator's environment is our own and needs none.
fn facts(value: &Value, path: &str, without: &mut Vec<String>) {
    let Some(table) = value.as_table() else { return };
    for (key, inner) in table {
        let path = format!("{path}.{key}");
        facts(inner, &path, without);
        for (i, item) in inner.as_array().into_iter().flatten().enumerate() {
            let ours = item.get("base-url").and_then(Value::as_str) == Some("emulator");
            let is_fact = FACTS.contains(&key.as_str()) && item.is_table() && !ours;
            if is_fact && item.get("from").is_none() {
                without.push(format!("{path}[{i}]"));
            }
            facts(item, &format!("{path}[{i}]"), without);
        }
    }
}
