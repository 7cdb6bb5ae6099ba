//! Everything that is refused, with the answer that Gr4vy documents and the reason that only the log tells.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use jsonwebtoken::{Algorithm, EncodingKey};
use keywright_emulator::{Outcome, Registration, Running};
use serde_json::json;
use support::*;

/// One refused request: its name and what stands in its `Authorization` fields.
struct Case {
    name: &'static str,
    fields: Vec<Vec<u8>>,
}

fn bearer(name: &'static str, token: impl AsRef<str>) -> Case {
    field(name, format!("Bearer {}", token.as_ref()))
}

fn field(name: &'static str, value: impl AsRef<[u8]>) -> Case {
    Case { name, fields: vec![value.as_ref().to_vec()] }
}

/// Sends the cases and writes down status, body and the log's reason for each.
fn run(running: &Running, cases: Vec<Case>) -> String {
    let mut report = String::new();
    for Case { name, fields } in cases {
        let lines: Vec<Vec<u8>> = fields.iter().map(|value| [b"Authorization: ", &value[..]].concat()).collect();
        let lines: Vec<&[u8]> = lines.iter().map(|line| &line[..]).collect();
        let reply = send(running.address(), "GET /gr4vy/transactions", &lines, "");
        let Outcome::Refused { check, reason } = last(running).outcome else { panic!("{name} was let in") };
        let reason = steady(&reason);
        report += &format!("{name}\n  HTTP {} {}\n  {}: {reason}\n\n", reply.status, reply.body, check.name());
    }
    report
}

#[test]
fn the_header_field() {
    let running = emulator(&["p521-none"]);
    let good = good_token();
    let twice = format!("Bearer {good}").into_bytes();
    let cases = vec![
        Case { name: "no field", fields: vec![] },
        Case { name: "two fields", fields: vec![twice.clone(), twice] },
        field("empty", ""),
        field("Basic", "Basic dXNlcjpwYXNz"),
        field("the token without a scheme", &good),
        field("scheme alone", "Bearer"),
        field("scheme and a space", "Bearer "),
        field("Bearer twice", format!("Bearer Bearer {good}")),
        field("two spaces", format!("Bearer  {good}")),
        field("a space in the token", format!("Bearer {}", good.replacen('.', ". ", 1))),
        field("quoted", format!("Bearer \"{good}\"")),
        field("bytes outside ASCII", b"Bearer \xff\xfe"),
        field("over 8 KiB", format!("Bearer {}", "a".repeat(8192))),
    ];
    insta::assert_snapshot!(run(&running, cases));
}

#[test]
fn the_form() {
    let running = emulator(&["p521-none"]);
    let good = good_token();
    let parts: Vec<&str> = good.split('.').collect();
    let (header_text, claims_text) = (header().to_string(), claims().to_string());
    let sign = |header: &str, claims: &str| es512_text(header, claims, "p521-none");
    let cases = vec![
        bearer("not a token", "hello"),
        bearer("two parts", format!("{}.{}", parts[0], parts[1])),
        bearer("four parts", format!("{good}.{}", parts[2])),
        bearer("five parts", format!("{good}.{}.{}", parts[0], parts[1])),
        bearer("padded", format!("{}=.{}.{}", parts[0], parts[1], parts[2])),
        bearer("base64 instead of base64url", format!("{}.{}+.{}", parts[0], parts[1], parts[2])),
        bearer("trailing bits", format!("{}.{}.{}", encode(b"{\"a\":1}").replace("fQ", "fR"), parts[1], parts[2])),
        bearer("impossible length", format!("{}.{}.AAAAA", parts[0], parts[1])),
        bearer("header not UTF-8", format!("{}.{}.{}", encode(b"\xff\xfe"), parts[1], parts[2])),
        bearer("header with a byte order mark", sign(&format!("\u{feff}{header_text}"), &claims_text)),
        bearer("header an array", sign("[]", &claims_text)),
        bearer("claims a string", sign(&header_text, "\"hello\"")),
        bearer("trailing data", sign(&header_text, &format!("{claims_text} 1"))),
        bearer("duplicate header member", sign(&header_text.replacen('{', r#"{"alg":"none","#, 1), &claims_text)),
        bearer("duplicate claim", sign(&header_text, &claims_text.replacen('{', r#"{"exp":1,"#, 1))),
        bearer(
            "duplicate inside a claim",
            sign(&header_text, &claims_text.replacen('{', r#"{"embed":{"amount":1,"amount":2},"#, 1)),
        ),
    ];
    insta::assert_snapshot!(run(&running, cases));
}

#[test]
fn the_header() {
    let running = emulator(&["p521-none", "p521-xzero", "rsa-2048", "p256"]);
    let sign = |members| es512_token(&with(header(), members), &claims());
    let unsigned = |alg: &str| {
        let header = with(header(), json!({ "alg": alg }));
        format!("{}.{}.", encode(header.to_string()), encode(claims().to_string()))
    };
    let library =
        |members, algorithm, key: &EncodingKey| library_token(&with(header(), members), &claims(), algorithm, key);
    // The confusion of CVE-2015-9235: an HMAC keyed with the public key, which everybody knows.
    let public = EncodingKey::from_secret(key_file("p521-none.pub.jwk.json").as_bytes());
    let p256 = EncodingKey::from_ec_pem(key_file("p256.pkcs8.pem").as_bytes()).unwrap();
    let p256_kid = "IFNm6W7dsXDrC83uCwsUz5WImIlQgrntUewpW-VTpkc";
    let embedded = serde_json::from_str::<serde_json::Value>(&key_file("p521-yzero.pub.jwk.json")).unwrap();
    let self_made = with(header(), json!({ "kid": "mine", "jwk": embedded }));
    let cases = vec![
        bearer("alg missing", sign(json!({ "alg": null }))),
        bearer("alg a number", sign(json!({ "alg": 512 }))),
        bearer("alg none", unsigned("none")),
        bearer("alg NONE", unsigned("NONE")),
        bearer("alg nOnE", unsigned("nOnE")),
        bearer("alg unknown", sign(json!({ "alg": "ES513" }))),
        bearer("alg in lower case", sign(json!({ "alg": "es512" }))),
        bearer("alg ES521", sign(json!({ "alg": "ES521" }))),
        bearer("HS256 with the public key", library(json!({ "alg": "HS256" }), Algorithm::HS256, &public)),
        bearer("ES256 with a P-256 key", library(json!({ "alg": "ES256", "kid": p256_kid }), Algorithm::ES256, &p256)),
        bearer("ES512 under a P-256 key", sign(json!({ "kid": p256_kid }))),
        bearer(
            "PS256 with an RSA key",
            library(json!({ "alg": "PS256", "kid": RSA_KID }), Algorithm::PS256, &rsa_key()),
        ),
        bearer("RS512 under a P-521 key", library(json!({ "alg": "RS512" }), Algorithm::RS512, &rsa_key())),
        bearer("ES512 under an RSA key", sign(json!({ "kid": RSA_KID }))),
        bearer("typ missing", sign(json!({ "typ": null }))),
        bearer("typ at+jwt", sign(json!({ "typ": "at+jwt" }))),
        bearer("typ in lower case", sign(json!({ "typ": "jwt" }))),
        bearer("crit unknown", sign(json!({ "crit": ["exp-in-ms"], "exp-in-ms": true }))),
        bearer("crit b64", sign(json!({ "crit": ["b64"], "b64": false }))),
        bearer("crit empty", sign(json!({ "crit": [] }))),
        bearer("kid missing", sign(json!({ "kid": null }))),
        bearer("kid a number", sign(json!({ "kid": 1 }))),
        bearer("kid unknown", sign(json!({ "kid": "va-SLs5AxJNfqKXD8LI5Y38BflpNvjZjY4RSWz66U1w" }))),
        bearer(
            "kid unpadded",
            es512_text(
                &with(header(), json!({ "kid": unpadded_kid() })).to_string(),
                &claims().to_string(),
                "p521-xzero",
            ),
        ),
        bearer("kid very long", sign(json!({ "kid": "k".repeat(1000) }))),
        bearer("kid in upper case", sign(json!({ "kid": KID.to_uppercase() }))),
        bearer("the key inside the token", es512_text(&self_made.to_string(), &claims().to_string(), "p521-yzero")),
    ];
    insta::assert_snapshot!(run(&running, cases));
}

/// The thumbprint of `p521-xzero` as gr4vy-go once made it: x without its leading zero byte.
fn unpadded_kid() -> String {
    use sha2::{Digest, Sha256};
    let jwk: serde_json::Value = serde_json::from_str(&key_file("p521-xzero.pub.jwk.json")).unwrap();
    let x = data_encoding::BASE64URL_NOPAD.decode(jwk["x"].as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(x[0], 0);
    let text = format!(r#"{{"crv":"P-521","kty":"EC","x":"{}","y":{}}}"#, encode(&x[1..]), jwk["y"]);
    encode(Sha256::digest(text))
}

#[test]
fn the_signature() {
    let running = emulator(&["p521-none", "p521-xzero", "rsa-2048"]);
    let good = good_token();
    let (input, signature) = good.rsplit_once('.').unwrap();
    let der = es512(input, "p521-none").to_der();
    let bytes = data_encoding::BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    let mut flipped = bytes.clone();
    flipped[131] ^= 1;
    let signed = |signature: &[u8]| format!("{input}.{}", encode(signature));
    let other_claims = encode(with(claims(), json!({ "jti": "another" })).to_string());
    let rsa_header = json!({ "alg": "RS512", "typ": "JWT", "kid": RSA_KID });
    let pss_header = library_token(&rsa_header, &claims(), Algorithm::PS512, &rsa_key());
    let rsa = library_token(&rsa_header, &claims(), Algorithm::RS512, &rsa_key());
    let order_of_p521 = data_encoding::HEXLOWER
        .decode(b"01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409")
        .unwrap();
    let mut cases = vec![
        bearer("stripped", format!("{input}.")),
        bearer("one byte changed", signed(&flipped)),
        bearer("one byte short", signed(&bytes[..131])),
        bearer("one byte long", signed(&[&bytes[..], &[0]].concat())),
        bearer("all zero", signed(&[0; 132])),
        bearer("r and s the order of the curve", signed(&[&order_of_p521[..], &order_of_p521].concat())),
        bearer(
            "claims changed after signing",
            format!("{}.{other_claims}.{signature}", input.split('.').next().unwrap()),
        ),
        bearer("of another registered key", es512_text(&header().to_string(), &claims().to_string(), "p521-xzero")),
        bearer("PS512 under the name of RS512", pss_header),
        bearer("RSA, one byte short", &rsa[..rsa.len() - 2]),
    ];
    let mut report = run(&running, std::mem::take(&mut cases));
    // The length of DER differs from one signature to the next, the reason does not.
    report += &run(&running, vec![bearer("DER", signed(der.as_bytes()))]);
    insta::assert_snapshot!(report);
}

#[test]
fn the_claims() {
    let running = emulator(&["p521-none"]);
    let now = now();
    let sign = |members| es512_token(&header(), &with(claims(), members));
    let as_text = |from: &str, to: &str| {
        let text =
            json!({ "scopes": ["*.read"], "nbf": now, "exp": 4_000_000_000_i64, "iss": "x", "jti": "y" }).to_string();
        assert!(text.contains(from));
        es512_text(&header().to_string(), &text.replace(from, to), "p521-none")
    };
    let cases = vec![
        bearer("iss missing", sign(json!({ "iss": null }))),
        bearer("nbf missing", sign(json!({ "nbf": null }))),
        bearer("exp missing", sign(json!({ "exp": null }))),
        bearer("jti missing", sign(json!({ "jti": null }))),
        bearer("scopes missing", sign(json!({ "scopes": null }))),
        bearer("no claims at all", es512_token(&header(), &json!({}))),
        bearer("iss empty", sign(json!({ "iss": "" }))),
        bearer("iss an array", sign(json!({ "iss": ["a"] }))),
        bearer("jti a number", sign(json!({ "jti": 7 }))),
        bearer("jti empty", sign(json!({ "jti": "" }))),
        bearer("exp null", as_text("4000000000", "null")),
        bearer("exp a string", sign(json!({ "exp": (now + 60).to_string() }))),
        bearer("exp a fraction", as_text("4000000000", "4000000000.5")),
        bearer("exp with an exponent", as_text("4000000000", "4e9")),
        bearer("exp beyond 64 bits", as_text("4000000000", "99999999999999999999")),
        bearer("exp in milliseconds", sign(json!({ "exp": (now + 60) * 1000 }))),
        bearer("exp in microseconds", sign(json!({ "exp": (now + 60) * 1_000_000 }))),
        bearer("exp in nanoseconds", sign(json!({ "exp": (now + 60) * 1_000_000_000 }))),
        bearer("nbf in milliseconds", sign(json!({ "nbf": now * 1000 }))),
        bearer("iat in milliseconds", sign(json!({ "iat": now * 1000 }))),
        bearer("iat a boolean", sign(json!({ "iat": true }))),
        bearer("scopes a string", sign(json!({ "scopes": "*.read *.write" }))),
        bearer("scopes with a number in it", sign(json!({ "scopes": ["*.read", 1] }))),
        bearer("expired long ago", sign(json!({ "exp": now - 3600, "nbf": now - 7200 }))),
        bearer("expired this second", sign(json!({ "exp": now }))),
        bearer("exp negative", sign(json!({ "exp": -1 }))),
        bearer("not yet valid", sign(json!({ "nbf": now + 30 }))),
        bearer("no scopes", sign(json!({ "scopes": [] }))),
        bearer("write does not read", sign(json!({ "scopes": ["transactions.write", "*.write"] }))),
        bearer("another resource", sign(json!({ "scopes": ["buyers.read"] }))),
        bearer("embed does not read", sign(json!({ "scopes": ["embed"] }))),
        bearer("no partial wildcard", sign(json!({ "scopes": ["transactions.*", "*"] }))),
    ];
    insta::assert_snapshot!(steady_numbers(&run(&running, cases)));
}

/// Takes out the numbers that grow with the clock.
fn steady_numbers(report: &str) -> String {
    report.lines().map(steady).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_request() {
    let running = emulator(&["p521-none"]);
    let mut report = String::new();
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(2_000_000));
    for (name, line, body) in [
        ("no such path", "GET /nothing", ""),
        ("the provider's root", "GET ", ""),
        ("a slash at the end", "GET /transactions/", ""),
        ("no such method", "DELETE /buyers", ""),
        ("a method of another path", "POST /reports", "{}"),
        ("a key made here", "POST /api-key-pairs", r#"{"display_name":"ci"}"#),
        ("no such transaction", "GET /transactions/7099948d-0000-4000-8000-000000000000", ""),
        ("limit 0", "GET /transactions?limit=0", ""),
        ("limit 101", "GET /transactions?limit=101", ""),
        ("limit many", "GET /transactions?limit=many", ""),
        ("body not JSON", "POST /transactions", "{"),
        ("body with a duplicate", "POST /transactions", r#"{"amount":1,"amount":100}"#),
        ("body an array", "POST /transactions", "[]"),
        ("amount missing", "POST /transactions", "{}"),
        ("amount as text", "POST /transactions", r#"{"amount":"200","currency":"USD"}"#),
        ("amount negative", "POST /transactions", r#"{"amount":-1,"currency":"USD"}"#),
        ("currency missing", "POST /transactions", r#"{"amount":200}"#),
        ("currency wrong", "POST /transactions", r#"{"amount":200,"currency":"usd"}"#),
        ("body too long", "POST /buyers", &long),
    ] {
        let reply = call(&running, line, &good_token(), body);
        report += &format!("{name}: {line}\n  HTTP {} {}\n", reply.status, reply.body);
        if let Some(allow) = reply.header("allow") {
            report += &format!("  Allow: {allow}\n");
        }
    }
    insta::assert_snapshot!(report);
}

#[test]
fn nothing_of_a_token_stays_in_the_log() {
    let running = emulator(&["p521-none"]);
    let good = good_token();
    for line in [format!("Bearer {good}"), good.clone(), format!("Bearer Bearer {good}"), format!("Bearer {good}x")] {
        send(running.address(), "GET /gr4vy/buyers", &[format!("Authorization: {line}").as_bytes()], "");
    }
    let log = format!("{:?}", running.log());
    assert_eq!(running.log().len(), 4);
    for part in good.split('.') {
        assert!(!log.contains(part), "{log}");
    }
}

#[test]
fn an_unregistered_key_is_unknown_however_good_its_token() {
    let running = emulator(&[]);
    assert_eq!(call(&running, "GET /buyers", &good_token(), "").status, 401);
    running.register(Registration::Jwk(&key_file("p521-none.pub.jwk.json"))).unwrap();
    assert_eq!(call(&running, "GET /buyers", &good_token(), "").status, 200);
}
