//! The format says what other APIs need: server-made tokens, shared secrets, one token for each call, exchanges.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use std::collections::BTreeMap;

use jose::{Code, Finding};
use keywright_provider::{
    CallFacts, Definition, KeyFacts, Resolved, Seconds, TokenRequest, built_in_named, check_claims,
    definition::{FlowAuth, TOKEN},
    resolve,
};
use url::Url;

const NOW: i64 = 1_767_225_600;

fn read(text: &str) -> Definition {
    Definition::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn key(kty: &str, crv: Option<&str>, bits: u32) -> KeyFacts {
    let thumbprint = (kty != "oct").then(|| "thumb".to_owned());
    KeyFacts { kty: kty.into(), crv: crv.map(str::to_owned), bits, alg: None, kid: None, thumbprint }
}

fn made(definition: &Definition, key: &KeyFacts, credential: &[(&str, &str)], call: Option<CallFacts<'_>>) -> Resolved {
    let credential = credential.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    let request = TokenRequest {
        variables: &BTreeMap::new(),
        credential: &credential,
        key,
        scopes: None,
        ttl: None,
        now: NOW,
        backdate: Seconds(0),
        app: "keywright/0.1.0",
        call,
        overrides: &[],
        drops: &[],
    };
    resolve(definition, &request, &mut |bytes| bytes.fill(0xab))
}

fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn partner_tokens_are_the_documents_byte_for_byte() {
    let partner = built_in_named("partner").unwrap().clone();
    let secret = key("oct", None, 43 * 8);
    let made = made(&partner, &secret, &[("client_id", "partner-1")], None);
    // As jsonwebtoken 9.0.3 and PyJWT 2.15.1 write them.
    assert_eq!(made.header, r#"{"alg":"HS256","typ":"JWT"}"#);
    assert_eq!(made.claims, r#"{"clientId":"partner-1","iat":1767225600,"exp":1767226500}"#);
    assert_eq!(made.findings, []);
}

#[test]
fn hedge_mints_by_its_api_key() {
    let hedge = built_in_named("hedge").unwrap().clone();
    assert!(!hedge.signs_here());
    assert_eq!(hedge.placement.takes, ["api_key", TOKEN]);
    let mint = hedge.flow("mint").unwrap();
    assert_eq!((mint.auth, mint.gives["access"].len()), (FlowAuth::Bearer, 3));
    assert!(hedge.is_assumed(mint.from.as_deref()));
    let key = &hedge.credentials.api_keys[0];
    assert!(key.shape.misfit("sk_live_1").is_none() && key.shape.misfit("pk_live_1").is_some());
    let all = hedge.scopes.as_ref().unwrap().catalogue().into_iter().map(|listed| listed.value).collect::<Vec<_>>();
    let claims = format!("{{\"scope\":{all:?},\"exp\":{}}}", NOW + 3600);
    assert_eq!(codes(&check_claims(&hedge, &claims, NOW)), [Code::ScopesAll], "least privilege");
    let short = r#"{"scope":["payments:raed","Payments"],"exp":1767225700}"#;
    let found = codes(&check_claims(&hedge, short, NOW));
    assert_eq!(found, [Code::ScopeUnknown, Code::ScopeMalformed, Code::LifetimeUnusual]);
}

#[test]
fn coinbase_tokens_are_for_one_call() {
    let coinbase = read(include_str!("definitions/coinbase.toml"));
    let url = Url::parse("https://api.cdp.coinbase.com/platform/v2/evm/accounts?limit=1").unwrap();
    let call = CallFacts { method: "POST", url: &url, body: br#"{"b": [1, 2.50], "a": {"d":1,"c":"x"}}"# };
    let ed = key("OKP", Some("Ed25519"), 256);
    let made_once = made(&coinbase, &ed, &[("name", "organizations/1/apiKeys/2")], Some(call));
    insta::assert_snapshot!(format!("{}\n{}", made_once.header, made_once.claims), @r#"
    {"alg":"EdDSA","kid":"organizations/1/apiKeys/2","typ":"JWT","nonce":"abababababababababababababababab"}
    {"sub":"organizations/1/apiKeys/2","iss":"cdp","uris":["POST api.cdp.coinbase.com/platform/v2/evm/accounts"],"nbf":1767225600,"iat":1767225600,"exp":1767225720}
    "#);
    assert_eq!(made_once.findings, []);

    let made_blind = made(&coinbase, &ed, &[], None);
    let lines: Vec<String> = made_blind.findings.iter().map(|finding| finding.message.clone()).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    "sub" cannot be filled in: the credential has no name
    "uris" cannot be filled in: {method} wants to know the call the token is for
    "kid" is missing; Coinbase CDP requires it
    "sub" is missing; Coinbase CDP requires it
    "uris" is missing; Coinbase CDP requires it
    "#);
}

#[test]
fn a_hash_of_the_sorted_body() {
    let text = include_str!("definitions/coinbase.toml")
        .replace("name = \"reqHash\", type", "name = \"reqHash\", presence = \"required\", type");
    let coinbase = read(&text);
    let url = Url::parse("https://api.cdp.coinbase.com/x").unwrap();
    let hash = |body: &[u8]| {
        let call = CallFacts { method: "POST", url: &url, body };
        made(&coinbase, &key("EC", Some("P-256"), 256), &[("name", "n")], Some(call)).claims
    };
    let one = hash(br#"{"b": [1, 2.50], "a": {"d":1,"c":"x"}}"#);
    // printf '{"a":{"c":"x","d":1},"b":[1,2.50]}' | sha256sum
    assert!(one.contains("\"reqHash\":\"0645cbc83e537bb9496ec8c9b70679a12a27352af7a123189285c12ec7e7daec\""), "{one}");
    assert_eq!(one, hash(br#"{"a":{"c":"x","d":1},"b":[1,2.50]}"#), "order and white space do not count");
    assert_ne!(one, hash(br#"{"a":{"c":"x","d":1},"b":[1,2.5]}"#), "numbers stay as typed");
}

#[test]
fn google_tokens_are_assertions_for_an_exchange() {
    let google = read(include_str!("definitions/google.toml"));
    let credential = [("client_email", "ci@p.iam.gserviceaccount.com"), ("key_id", "k1")];
    let made = made(&google, &key("RSA", None, 2048), &credential, None);
    insta::assert_snapshot!(format!("{}\n{}", made.header, made.claims), @r#"
    {"alg":"RS256","typ":"JWT","kid":"k1"}
    {"iss":"ci@p.iam.gserviceaccount.com","scope":"https://www.googleapis.com/auth/calendar.readonly","aud":"https://oauth2.googleapis.com/token","iat":1767225570,"exp":1767228900,"version":1}
    "#);
    assert_eq!(made.findings, []);
    let hour = made.claims.replace("1767228900", "1767229200");
    assert_eq!(codes(&check_claims(&google, &hour, NOW)), [Code::LifetimeTooLong], "30 s of backdating count");
    let two = r#"{"iss":"a","scope":"https://a/x https://a/y","aud":"b","iat":1,"exp":2}"#;
    assert_eq!(google.scopes_in(two), ["https://a/x", "https://a/y"]);
    assert_eq!(google.flow("exchange").unwrap().gives["access"], ["/access_token"]);
}
