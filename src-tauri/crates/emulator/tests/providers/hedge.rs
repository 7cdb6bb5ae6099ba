//! Hedge: keys, minted tokens, scopes, limits.

use keywright_emulator::{Check, Config, Emulator, Faults, Incident, Limit, Outcome, Registration, Running};
use serde_json::{Value, json};

use crate::support::*;

const KEY: &str = "test_4f8a0c9e2b7d41d6";
const PAYMENT: &str = r#"{"amount":100.00,"currency":"USD","customerEmail":"user@example.com"}"#;
const MINT: &str = "POST /hedge/v1/auth/client-token";

fn hedge() -> Running {
    let running = Emulator::start(Config::default()).unwrap();
    running.register(Registration::ApiKey { provider: "hedge", key: KEY }).unwrap();
    running
}

fn ask(running: &Running, line: &str, credential: &str) -> Reply {
    let body = if line.starts_with("POST") { PAYMENT } else { "" };
    json_call(running, line, Some(credential), body)
}

fn mint(running: &Running, body: &Value) -> String {
    let reply = json_call(running, MINT, Some(KEY), body.to_string());
    assert_eq!(reply.status, 200, "{}", reply.body);
    let answer = reply.json();
    ["jwt", "token"].into_iter().find_map(|member| answer[member].as_str()).unwrap().to_owned()
}

#[test]
fn h5_an_api_key_is_taken_as_a_bearer_token() {
    let running = hedge();
    let reply = ask(&running, "POST /hedge/api/payments", KEY);
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(last(&running).outcome, Outcome::Accepted);
    assert_eq!(last(&running).passed, [Check::Authorization, Check::Key, Check::Limit, Check::Scope]);
    assert_eq!(last(&running).provider, "hedge");
    let id = reply.json()["id"].as_str().unwrap().to_owned();
    let found = ask(&running, &format!("GET /hedge/api/payments/{id}"), KEY);
    assert_eq!((found.status, found.json()), (200, reply.json()));
    assert_eq!(ask(&running, "GET /hedge/api/payments", KEY).json()["data"][0]["id"], id.as_str());
    assert_eq!(ask(&running, &format!("GET /hedge/v1/payments/{id}"), KEY).status, 404);
}

#[test]
fn every_flow_and_endpoint_of_the_definition_is_played() {
    let running = hedge();
    let definition = provider::built_in_named("hedge").unwrap();
    let every = mint(&running, &json!({ "expiresIn": "1h", "scope": ["payments:read", "payments:create"] }));
    for endpoint in &definition.endpoints {
        let line = format!("{} /hedge{}", endpoint.method, endpoint.path.text());
        let body = endpoint.body.as_deref().unwrap_or_default();
        for credential in [KEY, &every] {
            let reply = json_call(&running, &line, Some(credential), body);
            let keys_alone = endpoint.id == "v1-api-keys" && credential != KEY;
            let expected = if keys_alone { 401 } else { endpoint.expect };
            assert_eq!(reply.status, expected, "{line}: {}", reply.body);
        }
        let none = mint(&running, &json!({ "scope": ["balance:read"] }));
        assert_eq!(json_call(&running, &line, Some(&none), body).status, 401, "{line}");
    }
    assert!(!definition.flows.is_empty());
    for flow in &definition.flows {
        let members = flow.body.iter().map(|member| {
            let value = match (member.name.as_str(), member.kind.is_some()) {
                ("expiresIn", _) => json!("1h"),
                ("customerId", _) => json!("cust_abc123"),
                (_, true) => json!("payments:read payments:create"),
                (_, false) => json!(["payments:read"]),
            };
            (member.name.clone(), value)
        });
        let answer = json_call(&running, MINT, Some(KEY), Value::Object(members.collect()).to_string());
        assert_eq!(answer.status, 200, "{}: {}", flow.id, answer.body);
        let given = flow.gives["access"].iter().find_map(|place| answer.json().pointer(place).cloned()).unwrap();
        assert_eq!(ask(&running, "GET /hedge/api/payments", given.as_str().unwrap()).status, 200, "{}", flow.id);
    }
}

#[test]
fn h7_a_token_is_minted_with_the_lifetime_and_scopes_that_were_asked_for() {
    let running = hedge();
    for (asked, seconds) in [("1h", 3600), ("30m", 1800), ("24h", 86_400), ("1h30m", 5400), ("900", 900)] {
        let token = mint(&running, &json!({ "expiresIn": asked, "scope": ["payments:read"] }));
        let claims = claims_of(&token);
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), seconds, "{asked}");
        assert_eq!(claims["scope"], json!(["payments:read"]));
    }
    let plain = claims_of(&mint(&running, &json!({ "scope": "payments:read balance:read" })));
    assert_eq!(plain["exp"].as_i64().unwrap() - plain["iat"].as_i64().unwrap(), 3600);
    assert_eq!(plain["scope"], "payments:read balance:read");
    let newer = claims_of(&mint(&running, &json!({ "customerId": "cust_1", "scopes": ["checkout"] })));
    assert_eq!(newer["exp"].as_i64().unwrap() - newer["iat"].as_i64().unwrap(), 900);
    assert_eq!((&newer["sub"], &newer["scopes"]), (&json!("cust_1"), &json!(["checkout"])));
    assert_ne!(plain["jti"], newer["jti"]);
    let header = mint(&running, &json!({ "scope": ["payments:read"] }));
    assert!(header.starts_with(&encode(r#"{"alg":"HS256","typ":"JWT"}"#)));
}

#[test]
fn h8_a_minted_token_is_used_as_the_key_is_and_does_no_more_than_its_scopes() {
    let running = hedge();
    let reads = mint(&running, &json!({ "expiresIn": "1h", "scope": ["payments:read"] }));
    assert_eq!(ask(&running, "GET /hedge/api/payments", &reads).status, 200);
    assert_eq!(
        last(&running).passed,
        [
            Check::Authorization,
            Check::Form,
            Check::Header,
            Check::Signature,
            Check::Claims,
            Check::Times,
            Check::Session,
            Check::Key,
            Check::Limit,
            Check::Scope
        ]
    );
    let refused = ask(&running, "POST /hedge/api/payments", &reads);
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (401, &json!("insufficient_permissions")));
    let creates = mint(&running, &json!({ "expiresIn": "1h", "scope": ["payments:create"] }));
    assert_eq!(ask(&running, "POST /hedge/api/payments", &creates).status, 200);
    assert_eq!(ask(&running, "GET /hedge/api/payments", &creates).status, 401);
}

/// The token with its header, claims or signature replaced.
fn changed(token: &str, part: usize, text: &str) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[part] = encode(text);
    parts.join(".")
}

#[test]
fn h16_every_refusal_has_its_documented_code() {
    let running = hedge();
    running.register(Registration::ApiKey { provider: "hedge", key: "test_revoked" }).unwrap();
    running.register(Registration::ApiKey { provider: "hedge", key: "live_real" }).unwrap();
    let past = Registration::LimitedKey {
        provider: "hedge",
        key: "sk_test_past",
        permissions: None,
        expires_at: Some(now() - 100),
    };
    running.register(past).unwrap();
    let orphan = json_call(&running, MINT, Some("test_revoked"), r#"{"scope":["payments:read"]}"#).json();
    let orphan = orphan["jwt"].as_str().unwrap().to_owned();
    running.cause(Incident::RevokeKey { provider: "hedge", key: "test_revoked" }).unwrap();
    let token = mint(&running, &json!({ "expiresIn": "1h", "scope": ["payments:read"] }));
    let elsewhere = hs256_text(r#"{"alg":"HS256","typ":"JWT"}"#, &claims_of(&token).to_string(), b"another secret");
    let unsigned = format!("{}.{}.", encode(r#"{"alg":"none"}"#), token.split('.').nth(1).unwrap());
    let mut more = claims_of(&token);
    more["scope"] = json!(["payments:read", "payments:create"]);
    let bearer = |credential: &str| vec![format!("Authorization: Bearer {credential}")];
    let cases = [
        ("no field", vec![]),
        ("two fields", [bearer(KEY), bearer(KEY)].concat()),
        ("Basic", vec!["Authorization: Basic dXNlcjpwYXNz".to_owned()]),
        ("the key without a scheme", vec![format!("Authorization: {KEY}")]),
        ("Bearer twice", bearer(&format!("Bearer {KEY}"))),
        ("quoted", bearer(&format!("\"{KEY}\""))),
        ("a key that nobody registered", bearer("test_0000000000000000")),
        ("a newer key that nobody registered", bearer("sk_test_0000000000000000")),
        ("neither key nor token", bearer("hello")),
        ("another provider's key", bearer("cp_test_1234")),
        ("a live key, though it is registered", bearer("live_real")),
        ("a live key of the newer form", bearer("sk_live_1234")),
        ("a revoked key", bearer("test_revoked")),
        ("an expired key", bearer("sk_test_past")),
        ("the key in upper case", bearer(&KEY.to_uppercase())),
        ("the key with one letter more", bearer(&format!("{KEY}x"))),
        ("a token that was minted with a revoked key", bearer(&orphan)),
        ("a token of another secret", bearer(&elsewhere)),
        ("a token with claims added", bearer(&changed(&token, 1, &more.to_string()))),
        ("a token with alg none", bearer(&unsigned)),
        ("a token with alg HS384", bearer(&changed(&token, 0, r#"{"alg":"HS384","typ":"JWT"}"#))),
        ("a token without its signature", bearer(&changed(&token, 2, ""))),
        ("a token with a cut signature", bearer(&token[..token.len() - 3])),
        ("a token whose header is no JSON", bearer(&changed(&token, 0, "{"))),
        ("a token with a claim twice", bearer(&changed(&token, 1, r#"{"exp":1,"exp":2}"#))),
        ("a field over 8 KiB", bearer(&"a".repeat(8192))),
    ];
    let mut report = String::new();
    for (name, fields) in cases {
        let fields: Vec<&[u8]> = fields.iter().map(|field| field.as_bytes()).collect();
        let reply = send(running.address(), "GET /hedge/api/payments", &fields, "");
        report += &told(&running, name, &reply);
    }
    let create = ask(&running, "POST /hedge/api/payments", &token);
    report += &told(&running, "a token without the scope", &create);
    let again = json_call(&running, MINT, Some(&token), r#"{"scope":["payments:read"]}"#);
    report += &told(&running, "a token that mints", &again);
    let keys = ask(&running, "GET /hedge/v1/auth/api-keys", &token);
    report += &told(&running, "a token that lists keys", &keys);
    running.set_faults(Faults { skew: 3601, ..Faults::default() });
    report += &told(&running, "a token an hour later", &ask(&running, "GET /hedge/api/payments", &token));
    running.set_faults(Faults::default());
    running.cause(Incident::ExpireAccess).unwrap();
    report += &told(&running, "a token expired on demand", &ask(&running, "GET /hedge/api/payments", &token));
    insta::assert_snapshot!(report);
    let fresh = mint(&running, &json!({ "scope": ["payments:read"] }));
    assert_eq!(ask(&running, "GET /hedge/api/payments", &fresh).status, 200);
}

/// The newer reference has keys that lack permissions, and answers 403 to them.
#[test]
fn a_key_with_permissions_does_no_more_and_neither_do_its_tokens() {
    let running = hedge();
    let key = "test_reader";
    let permissions = Some(&["payments:read"][..]);
    running.register(Registration::LimitedKey { provider: "hedge", key, permissions, expires_at: None }).unwrap();
    assert_eq!(ask(&running, "GET /hedge/api/payments", key).status, 200);
    let refused = ask(&running, "POST /hedge/api/payments", key);
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (403, &json!("forbidden")));
    let body = r#"{"scope":["payments:read","payments:create"]}"#;
    let minted = json_call(&running, MINT, Some(key), body).json()["jwt"].as_str().unwrap().to_owned();
    assert_eq!(ask(&running, "GET /hedge/api/payments", &minted).status, 200);
    assert_eq!(ask(&running, "POST /hedge/api/payments", &minted).status, 401);
}

#[test]
fn h1_h2_the_prefix_of_a_key_decides_whether_it_belongs_here() {
    let running = Emulator::start(Config::default()).unwrap();
    let keys = [("test_1", 200), ("sk_test_1", 200), ("live_1", 401), ("sk_live_1", 401)];
    for (key, status) in keys {
        running.register(Registration::ApiKey { provider: "hedge", key }).unwrap();
        assert_eq!(ask(&running, "GET /hedge/api/payments", key).status, status, "{key}");
    }
}

#[test]
fn h17_a_request_without_authorization_is_told_so() {
    let running = hedge();
    let reply = json_call(&running, "GET /hedge/api/payments", None, "");
    assert_eq!((reply.status, &reply.json()["error"]["code"]), (401, &json!("missing_authorization")));
    assert_eq!(reply.json()["error"]["type"], "authentication_error");
}

#[test]
fn requests_that_are_wrong_beyond_their_key_are_answered_in_the_documented_shape() {
    let running = hedge();
    let mut report = String::new();
    let long = format!(r#"{{"amount":1,"currency":"USD","customerEmail":"{}@b.c"}}"#, "x".repeat(300));
    for (name, line, body) in [
        ("no such path", "GET /hedge/nothing", ""),
        ("another method", "DELETE /hedge/api/payments", ""),
        ("no such payment", "GET /hedge/api/payments/pay_1", ""),
        ("not JSON", "POST /hedge/api/payments", "{"),
        ("a member twice", "POST /hedge/api/payments", r#"{"amount":1,"amount":2}"#),
        ("an array", "POST /hedge/api/payments", "[]"),
        ("no body", "POST /hedge/api/payments", ""),
        ("no currency", "POST /hedge/api/payments", r#"{"amount":1}"#),
        ("amount as text", "POST /hedge/api/payments", r#"{"amount":"1","currency":"USD"}"#),
        ("amount zero", "POST /hedge/api/payments", r#"{"amount":0,"currency":"USD"}"#),
        ("currency in lower case", "POST /hedge/api/payments", r#"{"amount":1,"currency":"usd"}"#),
        ("no address", "POST /hedge/api/payments", r#"{"amount":1,"currency":"USD","customerEmail":"x"}"#),
        ("a long address", "POST /hedge/api/payments", &long),
        ("dollars where cents are", "POST /hedge/v1/payments", r#"{"amount":99.99,"currency":"USD"}"#),
        ("minting without scopes", MINT, r#"{"expiresIn":"1h"}"#),
        ("minting with no scope", MINT, r#"{"scope":[]}"#),
        ("minting an unknown scope", MINT, r#"{"scope":["payments:read","payments:write"]}"#),
        ("minting a scope that is none", MINT, r#"{"scope":[1]}"#),
        ("minting scopes as an object", MINT, r#"{"scope":{}}"#),
        ("minting for ever", MINT, r#"{"scope":["payments:read"],"expiresIn":"9999d"}"#),
        ("minting for no time", MINT, r#"{"scope":["payments:read"],"expiresIn":0}"#),
        ("minting for a word", MINT, r#"{"scope":["payments:read"],"expiresIn":"soon"}"#),
        ("minting for an empty customer", MINT, r#"{"scopes":["checkout"],"customerId":""}"#),
        ("minting for more than a day", MINT, r#"{"scope":["payments:read"],"expiresIn":"25h"}"#),
    ] {
        let reply = json_call(&running, line, Some(KEY), body);
        let shown = if reply.status == 200 { Reply { body: "(a token)".into(), ..reply } } else { reply };
        report += &told(&running, name, &shown);
    }
    insta::assert_snapshot!(report);
}

#[test]
fn the_newer_reference_limits_calls_and_says_so_in_header_fields() {
    let running = hedge();
    let reply = ask(&running, "GET /hedge/api/payments", KEY);
    assert_eq!(reply.header("x-ratelimit-limit"), Some("100"));
    assert_eq!(reply.header("x-ratelimit-remaining"), Some("99"));
    let reset: i64 = reply.header("x-ratelimit-reset").unwrap().parse().unwrap();
    assert!((now() + 50..=now() + 61).contains(&reset), "{reset}");

    let running = hedge();
    running.set_faults(Faults { limit: Some(Limit { calls: 2, seconds: 60 }), ..Faults::default() });
    let token = mint(&running, &json!({ "scope": ["payments:read"] }));
    assert_eq!(ask(&running, "GET /hedge/api/payments", &token).header("x-ratelimit-remaining"), Some("0"));
    let mut report = String::new();
    for (name, credential) in [("the key", KEY), ("its token", &token)] {
        let reply = ask(&running, "GET /hedge/api/payments", credential);
        report += &told(&running, name, &reply);
    }
    insta::assert_snapshot!(report);
    let refused = ask(&running, "GET /hedge/api/payments", "test_0000");
    assert_eq!(refused.status, 401, "who is not known is not counted");
    running.register(Registration::ApiKey { provider: "hedge", key: "test_other" }).unwrap();
    assert_eq!(ask(&running, "GET /hedge/api/payments", "test_other").status, 200);
    running.set_faults(Faults { skew: 61, ..running.faults() });
    assert_eq!(ask(&running, "GET /hedge/api/payments", KEY).status, 200);
}

#[test]
fn the_other_documented_statuses_come_when_asked_for() {
    let running = hedge();
    let mut report = String::new();
    for status in [401, 403, 409, 412, 423, 428, 429, 451, 500, 502, 503] {
        running.set_faults(Faults { fail: Some(format!("{status}x1").parse().unwrap()), ..Faults::default() });
        let reply = ask(&running, "GET /hedge/api/payments", KEY);
        assert_eq!(reply.status, status);
        report += &format!("{status}: {}\n", reply.body);
    }
    insta::assert_snapshot!(report);
}

#[test]
fn keys_are_listed_masked() {
    let running = hedge();
    running.register(Registration::ApiKey { provider: "hedge", key: "sk_test_abcdef" }).unwrap();
    let body = ask(&running, "GET /hedge/v1/auth/api-keys", KEY).body;
    assert!(!body.contains(KEY) && !body.contains("abcdef"), "{body}");
    assert_eq!(body.matches("key_").count(), 2, "{body}");
}
