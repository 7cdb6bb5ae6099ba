//! What is let in: tokens of the independent crates, tokens of the real SDKs, and what they get.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use jsonwebtoken::Algorithm;
use keywright_emulator::{Check, Faults, Outcome, Registration};
use serde_json::{Value, json};
use support::*;

#[test]
fn a_good_es512_token_passes_every_check() {
    let running = emulator(&["p521-none"]);
    let reply = call(&running, "GET /transactions?limit=1", &good_token(), "");
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.json()["items"].as_array().unwrap().len(), 1);
    let entry = last(&running);
    assert_eq!(entry.outcome, Outcome::Accepted);
    assert_eq!(entry.passed, Check::SIGNED_TOKEN);
    assert!(entry.notes.is_empty(), "{:?}", entry.notes);
}

#[test]
fn a_good_rs512_token_is_accepted() {
    let running = emulator(&["rsa-2048"]);
    let header = json!({ "alg": "RS512", "typ": "JWT", "kid": RSA_KID });
    let token = library_token(&header, &claims(), Algorithm::RS512, &rsa_key());
    assert_eq!(call(&running, "GET /buyers", &token, "").status, 200);
}

#[test]
fn the_scheme_is_taken_in_any_case() {
    let running = emulator(&["p521-none"]);
    for scheme in ["bearer", "BEARER"] {
        let field = format!("Authorization: {scheme} {}", good_token());
        assert_eq!(send(running.address(), "GET /gr4vy/buyers", &[field.as_bytes()], "").status, 200, "{scheme}");
    }
}

#[test]
fn every_token_of_the_real_sdks_is_accepted_at_its_own_time() {
    let keys = ["p521-none", "p521-xzero", "p521-yzero", "rsa-2048", "rsa-4096"];
    let running = emulator(&keys);
    let tokens: Vec<Value> = serde_json::from_str(include_str!("vectors/gr4vy-sdk-tokens.json")).unwrap();
    assert_eq!(tokens.len(), 21);
    for row in &tokens {
        let id = &row["id"];
        let skew = row["claims"]["iat"].as_i64().unwrap() + 1 - now();
        running.set_faults(Faults { skew, ..Faults::default() });
        let reply = call(&running, "GET /transactions", row["token"].as_str().unwrap(), "");
        let entry = last(&running);
        let scopes = row["claims"]["scopes"].as_array().unwrap();
        let may_read = scopes.iter().any(|scope| scope == "*.read" || scope == "transactions.read");
        // The two RS256 rows are not the SDKs', and lack claims that Gr4vy wants.
        let complete = row["claims"].get("nbf").is_some();
        let expected = match (complete, may_read) {
            (true, true) => 200,
            (true, false) => 403,
            (false, _) => 401,
        };
        assert_eq!(reply.status, expected, "{id}: {entry}");
        assert_eq!(entry.passed.contains(&Check::Times), complete, "{id}: {entry}");
        assert!(entry.passed.contains(&Check::Signature), "{id}: {entry}");
    }
}

#[test]
fn kids_equal_the_published_thumbprints() {
    let kids: Value = serde_json::from_str(&key_file("kids.json")).unwrap();
    let running = emulator(&[]);
    for name in ["p521-none", "p521-xzero", "p521-yzero", "rsa-2048", "p256", "p384", "ed25519"] {
        let registered = running.register(Registration::Jwk(&key_file(&format!("{name}.pub.jwk.json")))).unwrap();
        assert_eq!(registered, [kids[name].as_str().unwrap()], "{name}");
    }
}

#[test]
fn what_was_made_is_found_again() {
    let running = emulator(&["p521-none"]);
    let go = |line: &str, body: &str| call(&running, line, &good_token(), body);
    for (path, body) in [
        ("/transactions", r#"{"amount":1299,"currency":"USD"}"#),
        ("/buyers", r#"{"display_name":"Ada"}"#),
        ("/checkout/sessions", ""),
    ] {
        let made = go(&format!("POST {path}"), body);
        assert_eq!(made.status, 201, "{path}: {}", made.body);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(id.len(), 36, "{path}: {id}");
        let found = go(&format!("GET {path}/{id}"), "");
        assert_eq!((found.status, found.json()), (200, made.json()), "{path}");
        assert_eq!(go(&format!("GET {path}/{KID}"), "").status, 404, "{path}");
    }
    let listed = go("GET /transactions?limit=1", "").json();
    assert_eq!(listed["items"][0]["amount"], 1299);
}

#[test]
fn every_endpoint_of_the_definition_is_played() {
    let running = emulator(&["p521-none"]);
    let definition = provider::built_in_named("gr4vy").unwrap();
    assert!(definition.endpoints.len() >= 12);
    for endpoint in &definition.endpoints {
        let line = format!("{} {}", endpoint.method, endpoint.path.text());
        let reply = call(&running, &line, &good_token(), endpoint.body.as_deref().unwrap_or_default());
        assert_eq!(reply.status, endpoint.expect, "{line}: {}", reply.body);
        let scopes: Vec<_> = endpoint.needs.all.iter().chain(endpoint.needs.any.first()).collect();
        let just_enough = es512_token(&header(), &with(claims(), json!({ "scopes": scopes })));
        assert_ne!(call(&running, &line, &just_enough, "").status, 403, "{line}");
        let nothing = es512_token(&header(), &with(claims(), json!({ "scopes": ["flows.read"] })));
        assert_eq!(call(&running, &line, &nothing, "").status, 403, "{line}");
    }
}

#[test]
fn key_pairs_show_the_registered_thumbprints() {
    let running = emulator(&["p521-xzero", "rsa-2048", "p521-none"]);
    let items = call(&running, "GET /api-key-pairs", &good_token(), "").json()["items"].clone();
    let shown: Vec<_> =
        items.as_array().unwrap().iter().map(|item| (&item["thumbprint"], &item["algorithm"])).collect();
    assert_eq!(
        shown,
        [
            (&json!("4-RtpvAB5voBK-v-dmjRltk8FJNjyrz80MiyMEcrl2Q"), &json!("ECDSA")),
            (&json!(RSA_KID), &json!("RSA")),
            (&json!(KID), &json!("ECDSA")),
        ]
    );
}

#[test]
fn the_merchant_account_is_the_one_that_was_named() {
    let running = emulator(&["p521-none"]);
    let authorization = format!("Authorization: Bearer {}", good_token());
    let ask = |merchant: &str| {
        let merchant = format!("x-gr4vy-merchant-account-id: {merchant}");
        send(running.address(), "GET /gr4vy/transactions", &[authorization.as_bytes(), merchant.as_bytes()], "")
    };
    assert_eq!(ask("shop-2").json()["items"][0]["merchant_account_id"], "shop-2");
    let empty = ask("");
    insta::assert_snapshot!(format!("{} {}", empty.status, empty.body), @r#"400 {"type":"error","code":"bad_request","status":400,"message":"The request was invalid","details":[{"location":"header","pointer":"/x-gr4vy-merchant-account-id","message":"The merchant account ID is empty or malformed","type":"value_error"}]}"#);
}
