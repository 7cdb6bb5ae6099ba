//! Hedge Payments by its published authentication document: each test names the item of the requirement list it proves.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod support;

use std::collections::{BTreeMap, HashSet};

use jose::Code;
use keywright_provider::{
    ClientSafety, Definition, PastedKind, Seconds, Slot, TokenKind, Wanted, check_claims,
    definition::{Credential, Fault, FlowAuth, FlowKind, TOKEN},
    parse_duration,
};
use support::{NOW, at, codes, known, lines};

fn hedge() -> &'static Definition {
    support::built_in("hedge")
}

/// What a pasted key is answered with in an environment.
fn pasted(environment: &str, text: &str) -> String {
    let chosen = hedge().environment(environment).unwrap();
    match hedge().recognise(text).check(Wanted::ApiKey(chosen)) {
        Ok(_) => "taken".to_owned(),
        Err(error) => format!("{error}\n  {}", error.hint().unwrap_or_default()),
    }
}

#[test]
fn h1_a_key_is_labelled_by_its_beginning_and_another_beginning_is_refused() {
    let labels = |text: &str| -> Vec<&str> {
        hedge().recognise(text).environments().iter().map(|environment| environment.label.as_str()).collect()
    };
    for test in ["test_4f2a9c", "sk_test_4f2a9c"] {
        assert_eq!(labels(test), ["Local", "Test", "Sandbox (newer docs)"]);
        assert_eq!(hedge().recognise(test).home().unwrap().label, "Test");
    }
    for live in ["live_4f2a9c", "sk_live_4f2a9c"] {
        assert_eq!(labels(live), ["Live"]);
        assert_eq!(hedge().recognise(live).home().unwrap().label, "Live");
    }
    let refused = ["pk_live_4f2a9c", "4f2a9c", "test_", "test_4f 2a", "", "Bearer", "TEST_4f2a9c"];
    insta::assert_snapshot!(refused.map(|text| format!("{text:?}: {}\n", pasted("test", text))).concat());
}

#[test]
fn h2_a_key_of_the_other_mode_is_refused_with_the_reason() {
    assert_eq!(pasted("test", "test_4f2a9c"), "taken");
    assert_eq!(pasted("sandbox", "sk_test_4f2a9c"), "taken");
    assert_eq!(pasted("live", "\"live_4f2a9c\"\n"), "taken");
    let wrong = [("test", "live_4f2a9c"), ("live", "test_4f2a9c"), ("local", "sk_live_4f2a9c")];
    insta::assert_snapshot!(wrong.map(|(environment, text)| format!("{}\n", pasted(environment, text))).concat());
}

#[test]
fn h4_each_environment_has_a_variable_for_snippets() {
    let variables: HashSet<&str> = hedge().environments.iter().filter_map(|e| e.env_var.as_deref()).collect();
    assert_eq!(variables.len(), hedge().environments.len());
    assert!(variables.iter().all(|name| name.starts_with("HEDGE_") && name.ends_with("_API_KEY")));
}

#[test]
fn h5_a_key_goes_out_as_bearer_with_json() {
    let placement = &hedge().placement;
    assert_eq!((placement.name.as_str(), placement.scheme.as_deref()), ("Authorization", Some("Bearer")));
    assert_eq!(placement.takes[0], "api_key");
    let header = &hedge().headers[0];
    assert_eq!((header.name.as_str(), header.value.text()), ("Content-Type", "application/json"));
    assert!(header.goes_with("POST", "/api/payments"));
}

#[test]
fn h6_the_sample_payment_is_the_documents() {
    let create = hedge().endpoint("create-payment").unwrap();
    let body = create.body.as_deref().unwrap();
    let compact: String = body.split_whitespace().collect();
    assert_eq!(compact, r#"{"amount":100.00,"currency":"USD","customerEmail":"user@example.com"}"#, "100.00 as typed");
    assert_eq!((create.method.as_str(), create.path.text(), create.side_effects), ("POST", "/api/payments", true));
    assert!(create.note.as_deref().unwrap().contains("cents"), "the newer reference counts otherwise");
}

#[test]
fn h7_a_token_is_minted_with_a_lifetime_and_scopes() {
    let mint = hedge().flows.iter().find(|flow| flow.kind == FlowKind::Mint).unwrap();
    assert_eq!((mint.id.as_str(), mint.auth, mint.credential.as_deref()), ("mint", FlowAuth::Bearer, Some("api_key")));
    let members: Vec<(&str, Option<&Slot>)> =
        mint.body.iter().map(|member| (member.name.as_str(), member.value.only_slot())).collect();
    assert_eq!(members, [("expiresIn", Some(&Slot::TtlText)), ("scope", Some(&Slot::Scopes))]);
    for answer in [r#"{"jwt":"j"}"#, r#"{"token":"j"}"#, r#"{"success":true,"data":{"token":"j","expiresIn":"24h"}}"#] {
        assert_eq!(at(answer, &mint.gives["access"]).as_deref(), Some("j"), "{answer}");
    }
}

#[test]
fn h8_a_token_stands_where_the_key_does() {
    assert_eq!(hedge().placement.takes, ["api_key", TOKEN]);
}

#[test]
fn h9_the_catalogue_has_the_five_scopes_with_their_descriptions() {
    let listed = hedge().scopes.as_ref().unwrap().catalogue();
    let document: Vec<(&str, &str)> = listed
        .iter()
        .filter(|scope| scope.from.as_deref() == Some("document"))
        .map(|scope| (scope.value.as_str(), scope.title.as_str()))
        .collect();
    assert_eq!(
        document,
        [
            ("payments:read", "View payment information"),
            ("payments:create", "Create new payments"),
            ("payments:refund", "Process payment refunds"),
            ("balance:read", "View account balance"),
            ("payouts:create", "Create payout requests"),
        ]
    );
    let newer: Vec<&str> =
        listed.iter().filter(|s| s.from.as_deref() == Some("reference")).map(|s| s.value.as_str()).collect();
    assert_eq!(newer, ["checkout", "payment_methods"], "shown apart");
}

#[test]
fn h10_all_five_scopes_warn_and_the_fewest_are_proposed() {
    let all = r#"["payments:read","payments:create","payments:refund","balance:read","payouts:create"]"#;
    let claims = format!(r#"{{"scope":{all},"exp":{}}}"#, NOW + 3600);
    insta::assert_snapshot!(lines(&check_claims(hedge(), &claims, NOW)), @"warning scopes-all: the token may do everything (choose the scopes of the calls it is for)");
    let minimal = |ids: &[&str]| hedge().minimal_scopes(ids.iter().map(|id| hedge().endpoint(id).unwrap()));
    assert_eq!(minimal(&["payments", "create-payment"]), ["payments:read", "payments:create"]);
    assert_eq!(minimal(&["payments", "v1-payments"]), ["payments:read"]);
    assert_eq!(minimal(&["v1-api-keys"]), [""; 0]);
}

#[test]
fn h11_a_life_outside_one_to_twenty_four_hours_warns() {
    let lifetime = hedge().token.as_ref().unwrap().lifetime.as_ref().unwrap();
    assert_eq!(lifetime.default, Seconds(3600));
    let judged = |seconds: i64| {
        let claims = format!(r#"{{"scope":["payments:read"],"iat":{NOW},"exp":{}}}"#, NOW + seconds);
        lines(&check_claims(hedge(), &claims, NOW))
    };
    assert_eq!(judged(3600) + &judged(86_400), "");
    insta::assert_snapshot!(judged(900) + &judged(90_000), @r"
    warning lifetime-unusual: the token lives 15 min, advised are at least 1 h (1 h is usual)
    warning lifetime-unusual: the token lives 1 d 1 h, advised are at most 1 d (1 h is usual)
    ");
}

#[test]
fn h12_durations_are_taken_as_people_write_them() {
    let read = |text: &str| parse_duration(text).map(|seconds| seconds.0);
    assert_eq!((read("1h"), read("30m"), read("24h"), read("900")), (Ok(3600), Ok(1800), Ok(86_400), Ok(900)));
    assert!(read("soon").is_err() && read("-1h").is_err());
}

#[test]
fn h13_a_key_in_client_side_code_is_found_and_a_token_is_not() {
    let verdict = hedge().client_side("api_key", &[]);
    assert_eq!(verdict.safety, ClientSafety::Never);
    assert!(verdict.advice.as_deref().unwrap().contains("environment variables"), "the document's advice");
    assert_eq!(hedge().client_side(TOKEN, &[]).safety, ClientSafety::Safe);

    let key = "const hedge = new Hedge('sk_live_4f2a9c0011223344')";
    let found = hedge().hard_coded_keys(key);
    assert_eq!(found.len(), 1);
    assert_eq!(&key[found[0].span.start..found[0].span.end], "sk_live_4f2a9c0011223344");
    assert_eq!(hedge().environments_of(found[0].prefix).map(|e| e.id.as_str()).collect::<Vec<_>>(), ["live"]);
    for clean in [
        "headers: { Authorization: `Bearer ${jwtToken}` }",
        "Bearer YOUR_API_KEY",
        "sk_live_your_api_secret_key",
        "fn latest_test_results() {}",
        "my_test_4f2a9c001122",
        "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln",
    ] {
        assert_eq!(hedge().hard_coded_keys(clean), [], "{clean}");
    }
}

#[test]
fn h14_one_is_reminded_to_rotate_after_ninety_days() {
    let kind = hedge().credentials.get("api_key").unwrap();
    assert_eq!(kind.rotate_after(), Some(Seconds(90 * 86_400)));
    assert!(matches!(kind, Credential::ApiKey(key) if key.per_environment));
}

/// The document's own body.
const UNAUTHORIZED: &str =
    r#"{"error":{"code":"unauthorized","message":"Invalid or expired API key","type":"authentication_error"}}"#;

#[test]
fn h15_the_documents_body_is_read_with_meaning_and_fix() {
    assert_eq!(at(UNAUTHORIZED, &hedge().errors.code).as_deref(), Some("unauthorized"));
    assert_eq!(at(UNAUTHORIZED, &hedge().errors.message).as_deref(), Some("Invalid or expired API key"));
    let error = known(hedge(), 401, UNAUTHORIZED);
    assert!(!error.meaning.is_empty() && !error.fix.is_empty());
    // The early API wrote no code.
    let early = r#"{"success":false,"error":{"message":"Invalid token","statusCode":401}}"#;
    assert_eq!(at(early, &hedge().errors.message).as_deref(), Some("Invalid token"));
    assert_eq!(known(hedge(), 401, early).from.as_deref(), Some("early"));
}

#[test]
fn h16_each_of_the_five_codes_has_a_fix_of_its_own() {
    let codes =
        ["unauthorized", "invalid_api_key", "expired_token", "insufficient_permissions", "missing_authorization"];
    let fixes: HashSet<&str> = codes
        .iter()
        .map(|code| known(hedge(), 401, &UNAUTHORIZED.replace("unauthorized", code)))
        .inspect(|error| assert_eq!(error.from.as_deref(), Some("document")))
        .map(|error| error.fix.as_str())
        .collect();
    assert_eq!(fixes.len(), codes.len());
    let body = UNAUTHORIZED.replace("unauthorized", "insufficient_permissions");
    assert_eq!(known(hedge(), 403, &body).names, Some(Fault::Scope), "under either status");
    assert_eq!(known(hedge(), 401, &body).names, Some(Fault::Scope));
}

#[test]
fn h17_a_call_without_a_credential_is_known_by_its_answer() {
    let body = UNAUTHORIZED.replace("unauthorized", "missing_authorization");
    assert_eq!(known(hedge(), 401, &body).names, Some(Fault::Credential));
}

#[test]
fn h18_what_is_assumed_is_marked_and_can_be_changed() {
    let token = hedge().token.as_ref().unwrap();
    let mint = hedge().flow("mint").unwrap();
    for from in
        [&token.from, &token.header[0].from, &token.claims[0].from, &mint.from, &hedge().webhook.as_ref().unwrap().from]
    {
        assert!(hedge().is_assumed(from.as_deref()));
    }
    assert_eq!((token.header[0].name.as_str(), token.header[0].fixed), ("alg", false));

    let path = |given: &[(&str, &str)]| {
        let given: BTreeMap<String, String> = given.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        hedge().variable_value("mint_path", &given)
    };
    assert_eq!(mint.path.only_slot(), Some(&Slot::Variable("mint_path".to_owned())));
    assert_eq!(path(&[]), Ok(Some("/v1/auth/client-token".to_owned())));
    assert_eq!(path(&[("mint_path", " /auth/tokens ")]), Ok(Some("/auth/tokens".to_owned())));
    let wrong = ["auth/tokens", "//evil.example/x", "/a b", "https://evil.example", "/\\evil"].map(|text| {
        let error = path(&[("mint_path", text)]).unwrap_err();
        format!("{error} ({})\n", error.hint().unwrap_or_default())
    });
    insta::assert_snapshot!(wrong.concat());

    // The other ways in which its documents write the call are flows to choose.
    let names = |id: &str| hedge().flow(id).unwrap().body.iter().map(|m| m.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names("mint-client-token"), ["customerId", "scopes"]);
    assert_eq!(names("mint-words"), ["expiresIn", "scope"]);

    // A token with the claim of the newer reference, or with words in one string, is read as well.
    for claims in [
        r#"{"scopes":["payments:raed"],"exp":1767229200}"#,
        r#"{"scope":"payments:read payments:raed","exp":1767229200}"#,
    ] {
        assert_eq!(codes(&check_claims(hedge(), claims, NOW)), [Code::ScopeUnknown], "{claims}");
    }
}

#[test]
fn a_token_where_a_key_is_wanted_is_named_as_one() {
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln";
    assert_eq!(hedge().recognise(jwt).kind(), PastedKind::Token(TokenKind::Unknown));
    insta::assert_snapshot!(pasted("test", &format!("Authorization: Bearer {jwt}")), @r"
    this is a JSON Web Token, not an API key of Hedge Payments
      an API key begins with test_, live_, sk_test_ or sk_live_
    ");
}
