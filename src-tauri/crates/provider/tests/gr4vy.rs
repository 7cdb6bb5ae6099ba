//! Gr4vy by its published authentication document: each test names the item of the requirement list it proves.
//! Items that need a key, a window or a socket are proved where those are (jose, exchange, emulator, cli).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use std::collections::{BTreeMap, HashSet};

use jose::{Alg, Code, Finding, Severity, json::Document, jwk::Naming};
use keywright_provider::{
    Definition, KeyFacts, PastedKind, Resolved, Seconds, Tier, TokenKind, TokenRequest, Wanted, built_in_named,
    check_claims, check_header, check_key, check_kid, definition::Presence, resolve,
};

const NOW: i64 = 1_795_301_258;
const KID: &str = "kNN5RydM8ds6J9ax6-wID-f5k7wvsKhlzR5AmYsE0U0";

fn gr4vy() -> &'static Definition {
    built_in_named("gr4vy").unwrap()
}

fn key(kty: &str, crv: Option<&str>, bits: u32) -> KeyFacts {
    let (kty, crv) = (kty.to_owned(), crv.map(str::to_owned));
    KeyFacts { kty, crv, bits, alg: None, kid: None, thumbprint: Some(KID.to_owned()) }
}

fn p521() -> KeyFacts {
    key("EC", Some("P-521"), 521)
}

/// What a person chose, and the token that came of it.
struct Ask {
    key: KeyFacts,
    scopes: Option<Vec<String>>,
    ttl: Option<Seconds>,
    backdate: Seconds,
    overrides: Vec<(String, String)>,
    drops: Vec<String>,
    naming: Naming,
}

impl Default for Ask {
    fn default() -> Self {
        let scopes = Some(vec!["transactions.read".to_owned()]);
        Self {
            key: p521(),
            scopes,
            ttl: None,
            backdate: Seconds(0),
            overrides: Vec::new(),
            drops: Vec::new(),
            naming: Naming::Kid,
        }
    }
}

impl Ask {
    fn scopes(scopes: &[&str]) -> Self {
        Self { scopes: Some(scopes.iter().map(ToString::to_string).collect()), ..Self::default() }
    }

    fn claim(mut self, name: &str, json: &str) -> Self {
        self.overrides.push((name.to_owned(), json.to_owned()));
        self
    }

    fn drop(mut self, name: &str) -> Self {
        self.drops.push(name.to_owned());
        self
    }

    fn made(&self) -> Resolved {
        let mut counter = 0_u8;
        self.made_with(&mut |bytes| {
            counter += 1;
            bytes.fill(counter);
        })
    }

    fn made_with(&self, random: &mut dyn FnMut(&mut [u8])) -> Resolved {
        let request = TokenRequest {
            variables: &BTreeMap::new(),
            credential: &BTreeMap::new(),
            key: &self.key,
            scopes: self.scopes.as_deref(),
            ttl: self.ttl,
            now: NOW,
            backdate: self.backdate,
            app: "keywright/0.1.0",
            call: None,
            overrides: &self.overrides,
            drops: &self.drops,
            naming: self.naming,
        };
        resolve(gr4vy(), &request, random)
    }
}

fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

/// Findings as people read them, a line each.
fn lines(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let hint = finding.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{} {}: {}{hint}\n", finding.severity(), finding.code, finding.message)
    };
    findings.iter().map(line).collect()
}

fn member(json: &str, name: &str) -> Option<String> {
    Document::parse(json).unwrap().root().get(name).map(|node| node.raw().to_owned())
}

#[test]
fn g1_the_header_is_alg_typ_kid_and_a_change_of_the_fixed_ones_warns() {
    let made = Ask::default().made();
    assert_eq!(made.header, format!(r#"{{"alg":"ES512","typ":"JWT","kid":"{KID}"}}"#));
    assert_eq!(codes(&made.findings), []);

    let findings = check_header(gr4vy(), r#"{"alg":"ES512","typ":"at+jwt"}"#, None);
    insta::assert_snapshot!(lines(&findings), @r#"
    warning header-fixed: "typ" is "at+jwt", and Gr4vy takes "JWT" only
    warning kid-missing: "kid" is missing; Gr4vy requires it
    "#);
}

#[test]
fn g2_the_kid_is_the_thumbprint_whatever_was_entered() {
    let kids: BTreeMap<String, String> = serde_json::from_str(include_str!("fixtures/kids.json")).unwrap();
    for (name, kid) in kids.iter().filter(|(name, _)| name.starts_with("p521")) {
        let key = KeyFacts { thumbprint: Some(kid.clone()), kid: Some("entered".into()), ..p521() };
        let made = Ask { key, ..Ask::default() }.made();
        assert_eq!(member(&made.header, "kid"), Some(format!("{kid:?}")), "{name}");
    }
}

#[test]
fn g3_a_kid_that_differs_from_the_computed_one_is_flagged() {
    let key = KeyFacts { kid: Some("another".into()), ..p521() };
    insta::assert_snapshot!(lines(&check_key(gr4vy(), &key)), @r#"warning kid-not-thumbprint: the kid entered is "another", the thumbprint of this key is "kNN5RydM8ds6J9ax6-wID-f5k7wvsKhlzR5AmYsE0U0" (Gr4vy finds the key by its thumbprint: this is another key's kid, or a mistyped one)"#);
    assert_eq!(check_key(gr4vy(), &KeyFacts { kid: Some(KID.into()), ..p521() }), []);
}

#[test]
fn g4_keys_that_gr4vy_does_not_take_are_refused_with_the_reason() {
    let refused = [
        (key("EC", Some("P-256"), 256), Code::AlgCurve),
        (key("EC", Some("P-384"), 384), Code::AlgCurve),
        (key("EC", Some("secp256k1"), 256), Code::AlgCurve),
        (key("OKP", Some("Ed25519"), 256), Code::AlgKeyType),
        (key("RSA", None, 1024), Code::RsaShort),
        (key("RSA", None, 2047), Code::RsaShort),
        (key("oct", None, 512), Code::AlgKeyType),
    ];
    let mut text = String::new();
    for (key, code) in refused {
        let findings = check_key(gr4vy(), &key);
        assert_eq!(codes(&findings), [code], "{}", key.words());
        assert!(findings[0].is_error());
        assert_eq!(gr4vy().algs_for(&key), []);
        text.push_str(&lines(&findings));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn g4_a_token_for_such_a_key_says_so_and_names_no_algorithm() {
    let made = Ask { key: key("EC", Some("P-256"), 256), ..Ask::default() }.made();
    assert_eq!(member(&made.header, "alg"), None);
    assert!(codes(&made.findings).contains(&Code::AlgCurve));
}

#[test]
fn a_kid_is_left_out_where_that_is_asked_for_and_the_rule_says_so() {
    let made = Ask { naming: Naming::Nothing, ..Ask::default() }.made();
    assert_eq!(made.header, r#"{"alg":"ES512","typ":"JWT"}"#);
    insta::assert_snapshot!(lines(&made.findings), @r#"warning kid-missing: "kid" is missing; Gr4vy requires it"#);
}

#[test]
fn g5_rsa_keys_sign_rs512_with_the_advice_to_prefer_ecdsa() {
    let rsa = key("RSA", None, 2048);
    let made = Ask { key: rsa.clone(), ..Ask::default() }.made();
    assert_eq!(member(&made.header, "alg").as_deref(), Some("\"RS512\""));
    insta::assert_snapshot!(lines(&made.findings), @"info key-advice: an RSA key of 2048 bits is used: Gr4vy recommends ECDSA, and its own packages do not support RSA keys");

    let chosen = KeyFacts { alg: Some(Alg::RS256), ..rsa.clone() };
    assert_eq!(member(&Ask { key: chosen, ..Ask::default() }.made().header, "alg").as_deref(), Some("\"RS256\""));

    let wrong = KeyFacts { alg: Some(Alg::PS512), ..rsa };
    insta::assert_snapshot!(lines(&check_key(gr4vy(), &wrong)), @r"
    info key-advice: an RSA key of 2048 bits is used: Gr4vy recommends ECDSA, and its own packages do not support RSA keys
    error alg-not-allowed: PS512 is not what Gr4vy takes from an RSA key of 2048 bits, wanted RS512 or RS256
    ");
}

#[test]
fn g6_required_claims_are_named_when_they_are_missing() {
    for name in ["iss", "nbf", "exp", "jti", "scopes"] {
        let made = Ask::default().drop(name).made();
        assert_eq!(member(&made.claims, name), None);
        let missing: Vec<&Finding> = made.findings.iter().filter(|f| f.code == Code::ClaimMissing).collect();
        assert_eq!(missing.len(), 1, "{name}");
        assert!(missing[0].is_error() && missing[0].message.starts_with(&format!("{name:?} is missing")));
    }
    insta::assert_snapshot!(lines(&check_claims(gr4vy(), "{}", NOW)));
}

#[test]
fn g7_iat_embed_and_checkout_session_id_are_optional_and_absent_when_off() {
    let made = Ask::default().drop("iat").made();
    for name in ["iat", "embed", "checkout_session_id"] {
        assert_eq!(member(&made.claims, name), None, "{name}");
    }
    assert_eq!(codes(&made.findings), []);
    assert_eq!(member(&Ask::default().made().claims, "iat"), Some(NOW.to_string()), "on unless dropped");
}

#[test]
fn g8_jti_is_a_fresh_uuid_each_time() {
    let mut seen = HashSet::new();
    let mut counter = 0_u32;
    for _ in 0..1000 {
        let mut random = |bytes: &mut [u8]| {
            for chunk in bytes.chunks_mut(4) {
                counter = counter.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                chunk.copy_from_slice(&counter.to_be_bytes()[..chunk.len()]);
            }
        };
        let jti = member(&Ask::default().made_with(&mut random).claims, "jti").unwrap();
        let uuid = jti.trim_matches('"').to_owned();
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.as_bytes()[14], b'4', "version 4: {uuid}");
        assert!(b"89ab".contains(&uuid.as_bytes()[19]), "variant: {uuid}");
        assert!(seen.insert(uuid));
    }
    let jti = gr4vy().token.as_ref().unwrap().claims.iter().find(|claim| claim.name == "jti").unwrap();
    assert!(jti.fresh);
}

#[test]
fn g9_times_are_whole_seconds_in_the_order_of_the_typescript_package() {
    let made = Ask { ttl: Some(Seconds(900)), ..Ask::scopes(&["embed"]) }
        .claim("embed", r#"{"amount":1299,"currency":"GBP"}"#)
        .claim("checkout_session_id", "\"4137b1cf-39ac-42a8-bad6-1c680d5dab6b\"")
        .made();
    insta::assert_snapshot!(made.claims, @r#"{"scopes":["embed"],"checkout_session_id":"4137b1cf-39ac-42a8-bad6-1c680d5dab6b","embed":{"amount":1299,"currency":"GBP"},"iat":1795301258,"nbf":1795301258,"exp":1795302158,"iss":"keywright/0.1.0","jti":"01010101-0101-4101-8101-010101010101"}"#);
    assert_eq!(codes(&made.findings), []);

    let back = Ask { backdate: Seconds(120), ..Ask::default() }.made();
    assert_eq!(member(&back.claims, "nbf"), Some((NOW - 120).to_string()));
    assert_eq!(member(&back.claims, "exp"), Some((NOW + 300).to_string()), "the end stays");
}

#[test]
fn g11_the_catalogue_has_the_published_scopes_and_the_newer_ones_marked() {
    let scopes = gr4vy().scopes.as_ref().unwrap();
    let catalogue = scopes.catalogue();
    assert_eq!(catalogue.len(), 88);
    let from = |source: &str| catalogue.iter().filter(|listed| listed.from.as_deref() == Some(source)).count();
    assert_eq!((from("document"), from("sdk"), from("openapi")), (3 + 2 * 16, 2 * 19, 2 * 7 + 1));
    for resource in [
        "anti-fraud-services",
        "api-logs",
        "buyers",
        "buyers.billing-details",
        "card-scheme-definitions",
        "checkout-sessions",
        "connections",
        "digital-wallets",
        "flows",
        "payment-methods",
        "payment-method-definitions",
        "payment-options",
        "payment-service-definitions",
        "payment-services",
        "reports",
        "transactions",
    ] {
        for action in ["read", "write"] {
            let scope = format!("{resource}.{action}");
            let listed = catalogue.iter().find(|listed| listed.value == scope).unwrap_or_else(|| panic!("{scope}"));
            assert_eq!(listed.from.as_deref(), Some("document"), "{scope}");
        }
    }
    assert!(catalogue.iter().all(|listed| scopes.check_form(&listed.value).is_ok()));
}

#[test]
fn g12_write_alone_is_said_not_to_allow_read() {
    let made = Ask::scopes(&["buyers.write"]).made();
    insta::assert_snapshot!(lines(&made.findings), @"info scope-write-only: buyers.write does not allow read (add buyers.read to read as well)");
    assert_eq!(codes(&Ask::scopes(&["buyers.write", "*.read"]).made().findings), []);
    let scopes = gr4vy().scopes.as_ref().unwrap();
    assert!(!scopes.gives("*.write", "buyers.read") && !scopes.gives("buyers.write", "buyers.read"));
    assert!(!scopes.gives("*.write", "*.read"));
}

#[test]
fn g13_a_wildcard_makes_single_scopes_redundant() {
    let made = Ask::scopes(&["buyers.read", "*.read", "transactions.read"]).made();
    insta::assert_snapshot!(lines(&made.findings), @r"
    info scope-redundant: *.read already gives buyers.read (it can be left out)
    info scope-redundant: *.read already gives transactions.read (it can be left out)
    ");
    let scopes = gr4vy().scopes.as_ref().unwrap();
    assert!(!scopes.gives("*.read", "embed") && !scopes.gives("*.read", "sessions.refresh"));
    assert!(scopes.gives("*.read", "something-newer.read"), "a wildcard is for every resource, known here or not");
}

#[test]
fn g14_unknown_scopes_warn_with_the_nearest_and_malformed_ones_are_refused() {
    let findings = Ask::scopes(&[
        "transaction.read",
        "banana.read",
        "Transactions.read",
        "transactions.delete",
        "transactions",
        "buyers.*.read",
        "buyers..read",
        ".read",
        "-x.read",
        "",
        "buyers.read transactions.read",
        "all.raed",
    ])
    .made()
    .findings;
    insta::assert_snapshot!(lines(&findings));
    let severities: Vec<Severity> = findings.iter().map(Finding::severity).collect();
    assert_eq!(severities[..3], [Severity::Warning, Severity::Warning, Severity::Error]);
    assert!(findings.iter().all(|finding| finding.place.is_some()), "each points at its scope");
}

#[test]
fn g14_names_of_the_official_command_line_are_understood() {
    let made = Ask::scopes(&["all.read", "*.read", "all.write"]).made();
    assert_eq!(made.scopes, ["*.read", "*.write"]);
    assert_eq!(codes(&made.findings), [Code::ScopesAll], "and all of them at once is worth a word");
}

#[test]
fn g15_embed_data_wants_its_scope_and_its_types() {
    let embed = r#"{"amount":"200","curency":"GBP","currency":"gbp","buyerId":"b","metadata":{"anyThing":[1]},"merchant_account_id":null}"#;
    let made = Ask::scopes(&["transactions.read"]).claim("embed", embed).made();
    assert_eq!(member(&made.claims, "embed").as_deref(), Some(embed), "what was given stays as it is");
    insta::assert_snapshot!(lines(&made.findings));
    let right = r#"{"amount":1299,"currency":"USD","cart_items":[{"name":"Bag","unitAmount":1}],"connection_options":{"adyen-card":{"autoRescue":true}}}"#;
    assert_eq!(codes(&Ask::scopes(&["embed"]).claim("embed", right).made().findings), []);
    assert_eq!(codes(&Ask::scopes(&["embed"]).made().findings), [], "the scope alone is fine");
}

#[test]
fn g16_checkout_session_id_is_a_uuid() {
    let with = |id: &str| lines(&Ask::default().claim("checkout_session_id", id).made().findings);
    assert_eq!(with("\"4137b1cf-39ac-42a8-bad6-1c680d5dab6b\""), "");
    insta::assert_snapshot!(with("\"4137b1cf39ac42a8bad61c680d5dab6b\"") + &with("\"session 7\"") + &with("7"), @r#"
    error claim-value: "checkout_session_id" is not a UUID: found "4137b1cf39ac42a8bad61c680d5dab6b" (the id of a checkout session, as POST /checkout/sessions answers it; ties transactions together)
    error claim-value: "checkout_session_id" is not a UUID: found "session 7" (the id of a checkout session, as POST /checkout/sessions answers it; ties transactions together)
    error claim-type: "checkout_session_id" is not a string: found 7
    "#);
}

#[test]
fn g17_environment_and_gr4vy_id_give_the_host() {
    let variables = |id: &str| BTreeMap::from([("gr4vy_id".to_owned(), id.to_owned())]);
    let url = |environment: &str, id: &str, given| {
        let environment = gr4vy().environment(environment).unwrap();
        gr4vy().base_url(environment, &variables(id), given).map(|url| url.to_string())
    };
    assert_eq!(url("sandbox", "acme", None).unwrap(), "https://api.sandbox.acme.gr4vy.app/");
    assert_eq!(url("production", " acme-2 ", None).unwrap(), "https://api.acme-2.gr4vy.app/");
    assert_eq!(url("local", "", Some("http://127.0.0.1:41234")).unwrap(), "http://127.0.0.1:41234/");
    let tiers: Vec<Option<Tier>> = gr4vy().environments.iter().map(|environment| environment.tier).collect();
    assert_eq!(tiers, [Some(Tier::Local), Some(Tier::Test), Some(Tier::Live)]);

    let mut text = String::new();
    for id in ["", "Acme", "acme.gr4vy.app", "acme/", "evil.example#", "acme-", "-acme"] {
        let error = gr4vy().base_url(gr4vy().environment("sandbox").unwrap(), &variables(id), None).unwrap_err();
        text.push_str(&format!("{error}\n  {}\n", error.hint().unwrap_or_default()));
    }
    let local = gr4vy().base_url(gr4vy().environment("local").unwrap(), &variables("acme"), None).unwrap_err();
    text.push_str(&format!("{local}\n  {}\n", local.hint().unwrap_or_default()));
    insta::assert_snapshot!(text);
}

#[test]
fn g18_each_environment_has_keys_of_its_own() {
    assert!(gr4vy().signing_key().unwrap().per_environment);
}

#[test]
fn g19_merchant_access_and_permission_carry_the_documents_advice() {
    let attributes = &gr4vy().signing_key().unwrap().attributes;
    let ids: Vec<&str> = attributes.iter().map(|attribute| attribute.id.as_str()).collect();
    assert_eq!(ids, ["merchant_access", "permission"]);
    assert!(
        attributes.iter().all(|a| a.choices.len() == 2 && a.advice.is_some() && a.from.as_deref() == Some("document"))
    );
}

#[test]
fn g20_the_merchant_header_goes_along_only_when_set_and_where_it_belongs() {
    let merchant = &gr4vy().headers[0];
    assert_eq!(merchant.name, "x-gr4vy-merchant-account-id");
    assert!(merchant.omit_if_empty);
    assert!(merchant.goes_with("GET", "/transactions") && !merchant.goes_with("GET", "/merchant-accounts/1"));
}

#[test]
fn g21_bearer_is_sent_with_a_capital_and_taken_in_any_case() {
    assert_eq!(gr4vy().placement.scheme.as_deref(), Some("Bearer"));
    let token = "eyJhbGciOiJFUzUxMiJ9.eyJleHAiOjF9.c2ln";
    let pasted = gr4vy().recognise(&format!("bearer {token}"));
    assert_eq!((pasted.secret(), pasted.kind()), (token, PastedKind::Token(TokenKind::Unknown)));
    let sandbox = gr4vy().environment("sandbox").unwrap();
    let Err(error) = pasted.check(Wanted::ApiKey(sandbox)) else { panic!("Gr4vy has no API keys of that kind") };
    insta::assert_snapshot!(error.to_string(), @"Gr4vy takes no API keys");
}

#[test]
fn g22_tokens_of_gr4vys_own_packages_keep_the_rules() {
    let tokens: Vec<serde_json::Value> = serde_json::from_str(include_str!("fixtures/gr4vy_tokens.json")).unwrap();
    assert_eq!(tokens.len(), 21);
    for token in &tokens {
        let id = token["id"].as_str().unwrap();
        let claims = token["rawClaims"].as_str().map_or_else(|| token["claims"].to_string(), str::to_owned);
        let header = token["header"].to_string();
        let mut found = codes(&check_claims(gr4vy(), &claims, NOW));
        found.extend(codes(&check_header(gr4vy(), &header, None)));
        let expected: &[Code] = match id {
            id if id.contains("default") => &[Code::ScopesAll],
            "ts-scopes" => &[Code::ScopeWriteOnly],
            "ts-scopes-empty" => &[Code::ScopesEmpty],
            "ts-scope-unknown" => &[Code::ScopeUnknown],
            "manual-rs512-rsa-2048" | "manual-rs512-rsa-4096" => &[Code::ScopesAll],
            // jsonwebtoken was told no more than scopes and a lifetime.
            "manual-rs256-rsa-2048" | "manual-rs256-rsa-4096" => {
                &[Code::ClaimMissing, Code::ClaimMissing, Code::ClaimMissing, Code::ScopesAll]
            }
            _ => &[],
        };
        assert_eq!(found, expected, "{id}: {claims}");
    }
}

#[test]
fn g22_the_recipe_writes_what_the_typescript_package_writes() {
    let tokens: Vec<serde_json::Value> = serde_json::from_str(include_str!("fixtures/gr4vy_tokens.json")).unwrap();
    let token = tokens.iter().find(|token| token["id"] == "ts-default-p521-none").unwrap();
    let iss = token["claims"]["iss"].to_string();
    let jti = token["claims"]["jti"].to_string();
    let made =
        Ask { scopes: None, ttl: Some(Seconds(30)), ..Ask::default() }.claim("iss", &iss).claim("jti", &jti).made();
    assert_eq!(Some(made.header.as_str()), token["rawHeader"].as_str());
    assert_eq!(Some(made.claims.as_str()), token["rawClaims"].as_str());
}

#[test]
fn g24_401_and_403_are_explained() {
    let known = |status: u16| gr4vy().errors.known.iter().find(|error| error.status == status).unwrap();
    assert!(known(401).fix.contains("kid") && known(401).fix.contains("environment"));
    assert!(known(403).fix.contains("scope") && known(403).fix.contains("Processing only"));
    for status in [400, 401, 403, 404, 405, 409, 422, 425, 429, 500, 502, 504] {
        assert!(!known(status).meaning.is_empty() && !known(status).fix.is_empty(), "{status}");
    }
}

#[test]
fn g25_each_endpoint_knows_the_scopes_it_needs_and_whether_a_token_has_them() {
    assert!(gr4vy().endpoints.iter().all(|endpoint| !endpoint.needs.all.is_empty() || !endpoint.needs.any.is_empty()));
    let read = vec!["transactions.read".to_owned()];
    let endpoint = |id: &str| gr4vy().endpoint(id).unwrap();
    assert!(gr4vy().missing_for(endpoint("transactions"), &read).is_empty());
    let text = [endpoint("buyers"), endpoint("card-details"), endpoint("create-transaction")]
        .map(|endpoint| lines(&[gr4vy().check_scopes_for(endpoint, &read).unwrap()]))
        .concat();
    insta::assert_snapshot!(text, @r"
    error scope-missing: GET /buyers needs buyers.read, which the token lacks (sign with buyers.read)
    error scope-missing: GET /card-details needs one of bin-checker.read, embed, which the token lacks (sign with one of bin-checker.read, embed)
    error scope-missing: POST /transactions needs transactions.write, which the token lacks (sign with transactions.write)
    ");
    let embed = ["embed".to_owned()];
    let callable: Vec<&str> = gr4vy().callable(&embed).map(|endpoint| endpoint.id.as_str()).collect();
    assert_eq!(callable, ["card-details", "buyer-payment-methods"]);
    let every: Vec<String> = vec!["*.read".into(), "*.write".into()];
    assert_eq!(gr4vy().callable(&every).count(), gr4vy().endpoints.len());
}

#[test]
fn g25_the_fewest_scopes_for_chosen_endpoints() {
    let minimal = |ids: &[&str]| gr4vy().minimal_scopes(ids.iter().map(|id| gr4vy().endpoint(id).unwrap()));
    assert_eq!(minimal(&["transactions"]), ["transactions.read"]);
    assert_eq!(minimal(&["transactions", "create-transaction"]), ["transactions.read", "transactions.write"]);
    assert_eq!(minimal(&["card-details", "buyer-payment-methods"]), ["embed"], "one that serves both");
    assert_eq!(minimal(&["card-details"]), ["bin-checker.read"]);
    assert_eq!(minimal(&[]), [""; 0]);
}

#[test]
fn g26_an_address_entered_by_hand_is_https_or_this_computer() {
    let environment = gr4vy().environment("local").unwrap();
    let go = |given: &str| gr4vy().base_url(environment, &BTreeMap::new(), Some(given)).map(|url| url.to_string());
    for ok in ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1/base", "https://example.com"] {
        assert!(go(ok).is_ok(), "{ok}");
    }
    let mut text = String::new();
    for wrong in [
        "http://example.com",
        "http://10.1.2.3",
        "ftp://example.com",
        "example.com",
        "https://u:p@example.com",
        "https://example.com/?a=1",
        "",
    ] {
        let error = go(wrong).unwrap_err();
        text.push_str(&format!("{error}\n  {}\n", error.hint().unwrap_or_default()));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn g27_the_webhook_scheme_is_the_documented_one() {
    let webhook = gr4vy().webhook.as_ref().unwrap();
    assert_eq!(webhook.signed.as_ref().unwrap().text(), "{timestamp}.{body}");
    assert_eq!(webhook.signature.header[..], ["X-Gr4vy-Webhook-Signatures"]);
    assert_eq!(webhook.signature.separator.as_deref(), Some(","));
    assert_eq!(webhook.timestamp.as_ref().unwrap().header.as_deref(), Some("X-Gr4vy-Webhook-Timestamp"));
    assert_eq!(webhook.id_header.as_deref(), Some("X-Gr4vy-Webhook-ID"));
}

#[test]
fn overrides_win_and_are_judged_by_the_same_rules() {
    let made = Ask::default()
        .claim("exp", "1795999999")
        .claim("iss", " \"mine\" ")
        .claim("scopes", "\"transactions.read\"")
        .claim("amount", "10.10")
        .claim("jti", "{oops")
        .made();
    assert_eq!(
        made.claims,
        r#"{"scopes":"transactions.read","iat":1795301258,"nbf":1795301258,"exp":1795999999,"iss":"mine","amount":10.10}"#
    );
    insta::assert_snapshot!(lines(&made.findings), @r#"
    error not-json: the value given for "jti" is not JSON: a member name in quotes or "}" expected, "o" found at line 1, column 2 (a text wants quotes: '"like this"')
    error claim-missing: "jti" is missing; Gr4vy requires it (a random id, another for each token)
    error claim-type: "scopes" is not a list of strings: found "transactions.read"
    warning claim-unknown: "amount" is not a claim that Gr4vy names
    warning lifetime-unusual: the token lives 8 d 2 h, advised are at most 1 d (5 min is usual)
    "#);
}

#[test]
fn the_same_findings_for_the_same_text_whoever_made_it() {
    for ask in [
        Ask::default(),
        Ask::scopes(&["banana.read", "x"]),
        Ask::default().claim("embed", "1"),
        Ask::default().drop("jti").claim("odd", "null"),
    ] {
        let made = ask.made();
        let judged = [check_header(gr4vy(), &made.header, Some(&ask.key)), check_claims(gr4vy(), &made.claims, NOW)];
        assert_eq!(made.findings, judged.concat());
    }
}

#[test]
fn every_fact_names_its_source() {
    let d = gr4vy();
    assert!(d.endpoints.iter().all(|endpoint| endpoint.from.is_some()));
    assert!(d.errors.known.iter().all(|error| error.from.is_some()));
    let token = d.token.as_ref().unwrap();
    assert!(token.claims.iter().all(|claim| claim.from.is_some() && claim.title.is_some()));
    let required: Vec<&str> =
        token.claims.iter().filter(|c| c.presence == Presence::Required).map(|c| c.name.as_str()).collect();
    assert_eq!(required, ["scopes", "nbf", "exp", "iss", "jti"]);
    let rsa = &d.signing_key().unwrap().keys[1];
    assert!(d.is_assumed(rsa.from.as_deref()), "that RSA keys sign RS512 is second-hand and marked so");
    assert!(!d.is_assumed(Some("document")));
}

#[test]
fn a_kid_that_names_another_key_is_an_error_and_only_where_the_key_tells_it() {
    let key = KeyFacts { kid: Some("rkya0rAJ".to_owned()), thumbprint: Some("rkya0rAJ".to_owned()), ..p521() };
    let said = |definition, header: &str| check_kid(definition, header, &key).map(|found| found.message);
    assert_eq!(
        said(gr4vy(), r#"{"alg":"ES512","kid":"wrongkid"}"#).unwrap(),
        r#""kid" is "wrongkid", and this key is "rkya0rAJ""#
    );
    assert_eq!(said(gr4vy(), r#"{"alg":"ES512","kid":"rkya0rAJ"}"#), None);
    assert_eq!(said(gr4vy(), r#"{"alg":"ES512"}"#), None, "that it is missing is said elsewhere");
    assert_eq!(said(built_in_named("partner").unwrap(), r#"{"alg":"HS256","kid":"anything"}"#), None);
}

#[test]
fn g9_a_time_with_a_fraction_is_refused() {
    let claims = |exp: &str| {
        let claims = format!(
            r#"{{"scopes":["transactions.read"],"iss":"a","nbf":{NOW},"exp":{exp},"jti":"07070707-0707-4707-8707-070707070707"}}"#
        );
        check_claims(gr4vy(), &claims, NOW)
    };
    let at = NOW + 300;
    assert_eq!(claims(&at.to_string()), []);
    let found = claims(&format!("{at}.5"));
    assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::ClaimType]);
    assert_eq!(found[0].message, format!("\"exp\" is not a NumericDate, a whole number of seconds: found {at}.5"));
}
