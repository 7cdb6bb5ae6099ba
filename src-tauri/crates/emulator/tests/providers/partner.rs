//! The Partner API: tokens that are signed with a client's secret.

use jsonwebtoken::{Algorithm, EncodingKey};
use keywright_emulator::{Check, Config, Emulator, Faults, Incident, Outcome, Registration, Running};
use serde_json::{Value, json};

use crate::support::*;

const SECRET: &str = "partner-1-secret-0123456789abcdef0123456789";
/// Made by jsonwebtoken 9.0.3 and PyJWT 2.15.1 alike, from the document's example at 2026-01-01T00:00:00Z.
const PUBLISHED: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJjbGllbnRJZCI6InBhcnRuZXItMSIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI2NTAwfQ.ciJcyxAX-S5MlEMJ6HbQrE9pXNwm1PTNnyQNSVFmDF4";
const MADE: i64 = 1_767_225_600;

fn partner() -> Running {
    let running = Emulator::start(Config::default()).unwrap();
    register(&running, "partner-1", SECRET);
    running
}

fn register(running: &Running, client: &str, secret: &str) {
    let secret = Registration::Secret { provider: "partner", client: Some(client), bytes: secret.as_bytes() };
    running.register(secret).unwrap();
}

fn header() -> Value {
    json!({ "alg": "HS256", "typ": "JWT" })
}

fn claims() -> Value {
    json!({ "clientId": "partner-1", "iat": now(), "exp": now() + 900 })
}

fn sign(claims: &Value) -> String {
    hs256_text(&header().to_string(), &claims.to_string(), SECRET.as_bytes())
}

fn ask(running: &Running, token: &str) -> Reply {
    json_call(running, "GET /partner/portfolio", Some(token), "")
}

#[test]
fn p2_the_token_of_the_documents_libraries_is_accepted_at_its_own_time() {
    let running = partner();
    for (after, status) in [(0, 200), (890, 200), (901, 401)] {
        running.set_faults(Faults { skew: MADE + after - now(), ..Faults::default() });
        let reply = ask(&running, PUBLISHED);
        assert_eq!(reply.status, status, "{after}: {}", reply.body);
    }
    assert_eq!(ask(&running, PUBLISHED).json()["message"], "Token Expired");
}

#[test]
fn p1_a_good_token_passes_every_check() {
    let running = partner();
    let reply = ask(&running, &sign(&claims()));
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.json()[0]["ticker"], "AAPL");
    let entry = last(&running);
    assert_eq!((&entry.outcome, entry.provider), (&Outcome::Accepted, "partner"));
    let checks = Check::SIGNED_TOKEN;
    assert_eq!(entry.passed, checks[..checks.len() - 1], "all but scopes, of which there are none");
    assert!(entry.notes.is_empty(), "{:?}", entry.notes);
}

#[test]
fn p5_every_endpoint_of_the_definition_is_played() {
    let running = partner();
    let definition = provider::built_in_named("partner").unwrap();
    assert!(definition.endpoints.len() >= 5);
    for endpoint in &definition.endpoints {
        let line = format!("{} /partner{}", endpoint.method, endpoint.path.text());
        let body = endpoint.body.as_deref().unwrap_or_default();
        let reply = json_call(&running, &line, Some(&sign(&claims())), body);
        assert_eq!(reply.status, endpoint.expect, "{line}: {}", reply.body);
        assert!(!reply.body.contains("at-least-8-characters"), "{}", reply.body);
        assert_eq!(json_call(&running, &line, None, body).status, 401, "{line}");
    }
}

#[test]
fn p9_p10_p11_every_refusal_has_one_of_the_three_documented_texts() {
    let running = partner();
    register(&running, "gone", "another-secret-0123456789abcdef01234567");
    running.cause(Incident::RevokeClient { provider: "partner", client: "gone" }).unwrap();
    let good = sign(&claims());
    let with_claims = |members| sign(&with(claims(), members));
    let with_header =
        |members| hs256_text(&with(header(), members).to_string(), &claims().to_string(), SECRET.as_bytes());
    let with_secret = |secret: &str| hs256_text(&header().to_string(), &claims().to_string(), secret.as_bytes());
    let rsa = library_token(&with(header(), json!({ "alg": "RS256" })), &claims(), Algorithm::RS256, &rsa_key());
    let hs512 = {
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        library_token(&with(header(), json!({ "alg": "HS512" })), &claims(), Algorithm::HS512, &key)
    };
    let parts: Vec<&str> = good.split('.').collect();
    let unsigned = |alg: &str| format!("{}.{}.", encode(with(header(), json!({ "alg": alg })).to_string()), parts[1]);
    let bearer = |token: &str| vec![format!("Authorization: Bearer {token}")];
    let cases = [
        ("no field", vec![]),
        ("two fields", [bearer(&good), bearer(&good)].concat()),
        ("Basic", vec!["Authorization: Basic dXNlcjpwYXNz".into()]),
        ("the token without a scheme", vec![format!("Authorization: {good}")]),
        ("scheme alone", vec!["Authorization: Bearer".into()]),
        ("Bearer twice", bearer(&format!("Bearer {good}"))),
        ("quoted", bearer(&format!("\"{good}\""))),
        ("two parts", bearer(&format!("{}.{}", parts[0], parts[1]))),
        ("padded", bearer(&format!("{}=.{}.{}", parts[0], parts[1], parts[2]))),
        ("not JSON", bearer(&format!("{}.{}.{}", encode("{"), parts[1], parts[2]))),
        (
            "a claim twice",
            bearer(&hs256_text(&header().to_string(), r#"{"clientId":"partner-1","clientId":"x"}"#, SECRET.as_bytes())),
        ),
        ("p18 alg none", bearer(&unsigned("none"))),
        ("p18 alg NONE", bearer(&unsigned("NONE"))),
        ("p18 RS256", bearer(&rsa)),
        ("HS512", bearer(&hs512)),
        ("typ in lower case", bearer(&with_header(json!({ "typ": "jwt" })))),
        ("typ missing", bearer(&with_header(json!({ "typ": null })))),
        ("crit", bearer(&with_header(json!({ "crit": ["x"] })))),
        ("clientId missing", bearer(&with_claims(json!({ "clientId": null })))),
        ("clientId a number", bearer(&with_claims(json!({ "clientId": 1 })))),
        ("clientId empty", bearer(&with_claims(json!({ "clientId": "" })))),
        ("clientId of nobody", bearer(&with_claims(json!({ "clientId": "partner-2" })))),
        ("clientId of a revoked client", bearer(&with_claims(json!({ "clientId": "gone" })))),
        ("another secret", bearer(&with_secret("another-secret-0123456789abcdef01234567"))),
        ("the secret with a newline", bearer(&with_secret(&format!("{SECRET}\n")))),
        ("p13 the secret as base64", bearer(&with_secret(&data_encoding::BASE64.encode(SECRET.as_bytes())))),
        (
            "claims changed after signing",
            bearer(&format!(
                "{}.{}.{}",
                parts[0],
                encode(claims().to_string().replace("\"exp\":1", "\"exp\":2")),
                parts[2]
            )),
        ),
        ("signature stripped", bearer(&format!("{}.{}.", parts[0], parts[1]))),
        ("signature cut", bearer(&good[..good.len() - 3])),
        ("iat missing", bearer(&with_claims(json!({ "iat": null })))),
        ("exp missing", bearer(&with_claims(json!({ "exp": null })))),
        ("exp a string", bearer(&with_claims(json!({ "exp": (now() + 900).to_string() })))),
        ("exp in milliseconds", bearer(&with_claims(json!({ "exp": (now() + 900) * 1000 })))),
        ("exp a fraction", bearer(&with_claims(json!({ "exp": 4_000_000_000.5 })))),
        ("expired", bearer(&with_claims(json!({ "iat": now() - 1000, "exp": now() - 100 })))),
        ("expired this second", bearer(&with_claims(json!({ "exp": now() })))),
        ("nbf ahead", bearer(&with_claims(json!({ "nbf": now() + 60 })))),
        ("over 8 KiB", bearer(&"a".repeat(8192))),
    ];
    let mut report = String::new();
    for (name, fields) in cases {
        let fields: Vec<&[u8]> = fields.iter().map(|field| field.as_bytes()).collect();
        let reply = send(running.address(), "GET /partner/portfolio", &fields, "");
        assert_ne!(reply.status, 200, "{name}");
        report += &told(&running, name, &reply);
    }
    insta::assert_snapshot!(report);
}

#[test]
fn p3_p12_what_is_against_the_advice_is_a_note_and_no_refusal() {
    let running = partner();
    register(&running, "short", "TODO");
    let long = sign(&with(claims(), json!({ "exp": now() + 7200, "iat": now() + 30, "role": "admin" })));
    let mut report = told(&running, "long, made ahead, with a claim more", &ask(&running, &long));
    let weak = with(claims(), json!({ "clientId": "short" })).to_string();
    let weak = hs256_text(&header().to_string(), &weak, b"TODO");
    report += &told(&running, "a short secret", &ask(&running, &weak));
    insta::assert_snapshot!(report);
}

#[test]
fn p6_p7_one_401_is_followed_by_an_answer_and_a_429_by_another() {
    let running = partner();
    for status in [401, 429] {
        running.set_faults(Faults { fail: Some(format!("{status}x1").parse().unwrap()), ..Faults::default() });
        let token = sign(&claims());
        assert_eq!([ask(&running, &token).status, ask(&running, &token).status], [status, 200]);
    }
}

#[test]
fn a_client_has_the_secret_that_was_registered_last() {
    let running = partner();
    let token = sign(&claims());
    assert_eq!(ask(&running, &token).status, 200);
    register(&running, "partner-1", "rotated-secret-0123456789abcdef01234567");
    assert_eq!(ask(&running, &token).status, 401);
}

#[test]
fn requests_that_are_wrong_beyond_their_token_say_what_is_wrong() {
    let running = partner();
    let mut report = String::new();
    for (name, line, body) in [
        ("no such path", "GET /partner/nothing", ""),
        ("another method", "PUT /partner/portfolio", ""),
        ("no body", "POST /partner/trade", ""),
        ("no side", "POST /partner/trade", r#"{"ticker":"AAPL"}"#),
        ("a side that is none", "POST /partner/trade", r#"{"ticker":"AAPL","orderSide":"HOLD"}"#),
        ("nothing to buy with", "POST /partner/trade", r#"{"ticker":"AAPL","orderSide":"BUY","quantity":1}"#),
        ("a negative quantity", "POST /partner/trade", r#"{"ticker":"AAPL","orderSide":"SELL","quantity":-1}"#),
        (
            "a short password",
            "POST /partner/account",
            r#"{"email":"a@b.c","firstName":"A","lastName":"B","accountType":"SIGNAL","password":"secret1"}"#,
        ),
    ] {
        let reply = json_call(&running, line, Some(&sign(&claims())), body);
        report += &told(&running, name, &reply);
    }
    assert!(!report.contains("secret1"), "{report}");
    insta::assert_snapshot!(report);
}
