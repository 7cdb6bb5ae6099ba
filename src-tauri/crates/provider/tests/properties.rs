//! What holds for any input.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use std::collections::BTreeMap;

use jose::{Alg, json::Document, jwk::Naming};
use keywright_provider::{
    Definition, Endpoint, KeyFacts, Scopes, Seconds, Template, TokenRequest, Wanted, built_in, built_in_named,
    check_claims, check_header, clean, diff, parse_duration, resolve, scaffold,
};
use proptest::{collection::vec, option, prelude::*, sample::subsequence};

#[path = "../../../../tests/worked.rs"]
mod worked;
use worked::worked;

fn gr4vy() -> &'static Definition {
    built_in_named("gr4vy").unwrap()
}

fn scopes() -> &'static Scopes {
    gr4vy().scopes.as_ref().unwrap()
}

fn catalogue() -> Vec<String> {
    scopes().catalogue().into_iter().map(|listed| listed.value).collect()
}

fn any_key() -> impl Strategy<Value = KeyFacts> {
    let kty = prop_oneof!["EC", "RSA", "OKP", "oct", ".*"];
    let crv = option::of(prop_oneof!["P-521", "P-256", "Ed25519", ".*"]);
    let alg = option::of(prop_oneof![Just(Alg::ES512), Just(Alg::RS512), Just(Alg::HS256)]);
    (kty, crv, any::<u32>(), alg, option::of(".*"), option::of(".*"))
        .prop_map(|(kty, crv, bits, alg, kid, thumbprint)| KeyFacts { kty, crv, bits, alg, kid, thumbprint })
}

fn some_endpoints() -> impl Strategy<Value = Vec<&'static Endpoint>> {
    let all: Vec<&'static Endpoint> = gr4vy().endpoints.iter().collect();
    subsequence(all.clone(), 0..=all.len())
}

proptest! {
    #[test]
    fn resolve_never_panics_and_writes_json_unless_it_says_why(
        key in any_key(),
        chosen in option::of(vec(".*", 0..5)),
        ttl in option::of(any::<u64>()),
        now in any::<i64>(),
        backdate in any::<u64>(),
        app in ".*",
        overrides in vec((prop_oneof!["exp", "embed", "scopes", ".*"], prop_oneof!["[0-9]{1,30}", "\\{\"amount\":.*\\}", "\\[.*\\]", "\".*\"", ".*"]), 0..4),
        drops in vec(prop_oneof!["jti", "exp", ".*"], 0..3),
    ) {
        let request = TokenRequest {
            variables: &BTreeMap::new(),
            credential: &BTreeMap::new(),
            key: &key,
            scopes: chosen.as_deref(),
            ttl: ttl.map(Seconds),
            now,
            backdate: Seconds(backdate),
            app: &app,
            call: None,
            overrides: &overrides,
            drops: &drops,
            naming: Naming::Kid,
        };
        let made = resolve(gr4vy(), &request, &mut |bytes| bytes.fill(1));
        prop_assert!(Document::parse(&made.header).is_ok(), "{}", made.header);
        prop_assert!(Document::parse(&made.claims).is_ok(), "{}", made.claims);
        for (name, raw) in &overrides {
            if Document::parse(raw).is_err() {
                let quoted = format!("{name:?}");
                prop_assert!(made.findings.iter().any(|f| f.message.contains(&quoted)));
            }
        }
    }

    #[test]
    fn judging_never_panics(text in prop_oneof![".*", "\\{\"scopes\":\\[.*\\]\\}", "\\{\"embed\":\\{\"[a-zA-Z_]{1,12}\":[0-9]\\}\\}"], now in any::<i64>()) {
        let _ = check_claims(gr4vy(), &text, now);
        let _ = check_header(gr4vy(), &text, None);
    }

    #[test]
    fn a_finding_points_into_the_text(scope in ".{0,20}", embed in "[a-zA-Zäß_]{0,12}", now in any::<i64>()) {
        let claims = format!("{{\"scopes\":[{}],\"embed\":{{{}:1}}}}", jose::json::quote(&scope), jose::json::quote(&embed));
        for finding in check_claims(gr4vy(), &claims, now) {
            if let Some(place) = finding.place {
                prop_assert!(claims.get(place.span.start..place.span.end).is_some());
            }
        }
    }

    #[test]
    fn minimal_scopes_are_enough_and_none_can_go(endpoints in some_endpoints()) {
        let set = gr4vy().minimal_scopes(endpoints.iter().copied());
        prop_assert!(endpoints.iter().all(|endpoint| gr4vy().missing_for(endpoint, &set).is_empty()));
        for index in 0..set.len() {
            let mut less = set.clone();
            less.remove(index);
            prop_assert!(endpoints.iter().any(|endpoint| !gr4vy().missing_for(endpoint, &less).is_empty()), "{}", set[index]);
        }
    }

    #[test]
    fn more_scopes_never_allow_less(set in subsequence(catalogue(), 0..10), more in subsequence(catalogue(), 0..3)) {
        let before: Vec<&str> = gr4vy().callable(&set).map(|e| e.id.as_str()).collect();
        let both = [set.clone(), more].concat();
        let after: Vec<&str> = gr4vy().callable(&both).map(|e| e.id.as_str()).collect();
        prop_assert!(before.iter().all(|id| after.contains(id)));
    }

    #[test]
    fn a_malformed_scope_gives_nothing(scope in ".*") {
        if scopes().check_form(&scope).is_err() {
            prop_assert!(catalogue().iter().all(|known| !scopes().gives(&scope, known)));
        }
    }

    #[test]
    fn a_pasted_text_is_recognised_whatever_it_is_and_never_repeated(
        before in prop_oneof!["", "Bearer ", "Authorization: ", "\"", "\\PC{0,8}"],
        prefix in prop_oneof!["cp_live_", "cp_test_", "test_", "sk_live_", "", "eyJhbGciOiJub25lIn0."],
        secret in prop_oneof!["[A-Za-z0-9]{12,40}", "\\PC{12,40}", "[a-z]{12}\n[a-z]{12}"],
    ) {
        for definition in built_in() {
            let text = format!("{before}{prefix}{secret}");
            for environment in &definition.environments {
                for wanted in [Wanted::ApiKey(environment), Wanted::AccessToken, Wanted::RefreshToken] {
                    if let Err(error) = definition.recognise(&text).check(wanted) {
                        let told = format!("{error} {error:?} {}", error.hint().unwrap_or_default());
                        prop_assert!(!told.contains(&secret), "{told}");
                    }
                }
            }
            for found in definition.hard_coded_keys(&text) {
                prop_assert!(text[found.span.start..found.span.end].starts_with(found.prefix));
            }
            prop_assert!(clean(&clean(&text).text).removed.is_empty(), "clean text stays");
        }
    }

    #[test]
    fn a_starting_file_passes_the_check_whatever_the_name(name in "\\PC*", rest in ".*") {
        for name in [name, rest] {
            let file = scaffold(&name);
            prop_assert!(Definition::check(&file).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn durations_and_templates_never_panic(text in ".*", seconds in 0_u64..3_000_000_000) {
        let _ = parse_duration(&text);
        if let Ok(template) = Template::parse(&text) {
            prop_assert_eq!(template.text(), text);
        }
        prop_assert_eq!(parse_duration(&format!("{seconds}s")), Ok(Seconds(seconds)));
    }
}

#[test]
fn a_token_with_a_hundred_thousand_scopes_is_judged_at_once() {
    let scopes: Vec<String> = (0..100_000).map(|i| format!("\"r{i}.read\"")).collect();
    let claims = format!("{{\"scopes\":[{}]}}", scopes.join(","));
    let (findings, took) = worked(|| check_claims(gr4vy(), &claims, 0));
    assert!(findings.len() < 1_000);
    assert!(took.as_secs() < 5, "{took:?}");
}

proptest! {
    // Each case reads a whole definition, or goes through the whole catalogue many times.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn taking_the_redundant_away_changes_nothing(set in subsequence(catalogue(), 0..20), doubled in any::<bool>()) {
        let set = if doubled { [set.clone(), set].concat() } else { set };
        let redundant = scopes().redundant(&set);
        let mut less = set.clone();
        for scope in &redundant {
            let last = less.iter().rposition(|have| *have == scope.scope).unwrap();
            less.remove(last);
        }
        prop_assert_eq!(scopes().implied(&less), scopes().implied(&set));
        prop_assert!(scopes().redundant(&less).is_empty());
    }

    #[test]
    fn reading_a_definition_never_panics(text in ".*", at in any::<prop::sample::Index>(), cut in 0_usize..40) {
        let _ = Definition::check(&text);
        let mut gr4vy = include_str!("../providers/gr4vy.toml").to_owned();
        let mut from = at.index(gr4vy.len());
        while !gr4vy.is_char_boundary(from) { from -= 1 }
        let mut to = (from + cut).min(gr4vy.len());
        while !gr4vy.is_char_boundary(to) { to += 1 }
        gr4vy.replace_range(from..to, &text);
        let _ = diff(include_str!("../providers/gr4vy.toml"), &gr4vy);
        if let Err(errors) = Definition::check(&gr4vy) {
            prop_assert!(errors.iter().all(|error| error.position().line > 0 && error.position().column > 0));
        }
    }
}
