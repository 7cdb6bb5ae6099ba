//! Tokens: signed from claims as typed or by a recipe, inspected, verified.

use insta::assert_snapshot;
use serde_json::json;

use crate::story::{SECRET, Story};

const SIGN: &str = "token sign --key-file keys/p521-none.pkcs8.pem --claims";

fn claims_of(token: &str) -> String {
    let payload = token.trim().split('.').nth(1).unwrap();
    String::from_utf8(data_encoding::BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}

#[test]
fn claims_are_signed_as_they_were_typed() {
    let story = Story::new();
    let typed = "{ \"uid\": 12345678901234567890, \"amt\":10.10,\t\"big\":1e400, \"name\":\"M\\u00fcller \u{fc}\" }";
    let token = story.call(&format!("{SIGN} -")).stdin(format!("{typed}\n")).run().result();
    assert_eq!(claims_of(&token), typed);
}

#[test]
fn expressions_are_resolved_unless_literal() {
    let story = Story::new();
    let typed = r#"{"iat":"$now","exp":"$now+15m","jti":"$uuid","price":"$$5"}"#;
    let resolved: serde_json::Value =
        serde_json::from_str(&claims_of(&story.call(&format!("{SIGN} -")).stdin(typed).run().result())).unwrap();
    assert_eq!(resolved["exp"].as_i64().unwrap() - resolved["iat"].as_i64().unwrap(), 900);
    assert_eq!(resolved["price"], "$5");
    assert_eq!(resolved["jti"].as_str().unwrap().len(), 36);
    let literal = story.call(&format!("{SIGN} - --literal")).stdin(typed).run().result();
    assert_eq!(claims_of(&literal), typed);
}

#[test]
fn header_parameters_are_added_as_json() {
    let story = Story::new();
    let token = story.run(&format!("{SIGN} claims.json --header cty=\"x\" --header n=10.10 --json")).json();
    let header = token["header"].as_str().unwrap();
    assert!(header.contains(r#""cty":"x","n":10.10"#), "{header}");
    let ran = story.run(&format!("{SIGN} claims.json --header cty=x")).ends(3);
    assert!(ran.stderr.contains("cty"), "{}", ran.stderr);
    story.run(&format!("{SIGN} claims.json --header cty")).ends(2);
}

#[test]
fn every_algorithm_signs_and_verifies() {
    let story = Story::new();
    story.write("secret", SECRET.repeat(2));
    let pairs = [
        ("ES512", "p521-none.pkcs8.pem", "p521-none.pub.pem"),
        ("ES384", "p384.pkcs8.pem", "p384.pub.pem"),
        ("ES256", "p256.sec1.pem", "p256.pub.pem"),
        ("EdDSA", "ed25519.pkcs8.pem", "ed25519.pub.pem"),
        ("RS256", "rsa-2048.pkcs1.pem", "rsa-2048.pub.pem"),
        ("RS384", "rsa-2048.pkcs8.pem", "rsa-2048.pub.pem"),
        ("RS512", "rsa-2048.priv.jwk.json", "rsa-2048.pub.pem"),
        ("PS256", "rsa-2048.pkcs8.pem", "rsa-2048.pub.pem"),
    ];
    for (alg, private, public) in pairs {
        let token =
            story.run(&format!("token sign --key-file keys/{private} --alg {alg} --claims claims.json")).result();
        let verify = format!("token verify --key-file keys/{public} --at 1767226000 --alg {alg} --json");
        let seen = story.call(&verify).stdin(token).run().json();
        assert_eq!((&seen["alg"], &seen["verdicts"]["signature"]), (&json!(alg), &json!("good")));
    }
    for alg in ["HS256", "HS384", "HS512"] {
        let key = "--key-file secret --secret-encoding utf8";
        let token = story.run(&format!("token sign {key} --alg {alg} --claims claims.json")).result();
        story.call(&format!("token verify {key} --at 1767226000")).stdin(token).run().ends(0);
    }
}

#[test]
fn a_short_secret_signs_only_where_that_is_said() {
    let story = Story::new();
    story.write("short", "too short");
    let line = "token sign --key-file short --secret-encoding utf8 --alg HS256 --claims claims.json";
    assert_snapshot!(story.run(line).ends(3).told());
    story.run(&format!("{line} --allow-weak-key")).ends(0);
}

#[test]
fn an_inspection_reads_well() {
    let story = Story::new();
    let token = story.run(&format!("{SIGN} claims.json")).result();
    let line = "token verify --key-file keys/p521-none.pub.pem --at 2026-01-01T00:05:00Z";
    assert_snapshot!(story.call(line).stdin(&token).run().ends(0).told());
    let line = "token verify --key-file keys/p521-xzero.pub.pem --at 2026-02-01T00:00:00Z --iss me --provider gr4vy";
    assert_snapshot!(story.call(line).stdin(&token).run().ends(4).told());
}

#[test]
fn an_inspection_says_which_of_the_own_keys_signed() {
    let story = Story::with_vault();
    let token = story.token();
    let line = "token inspect --own-keys --provider gr4vy --json";
    let seen = story.call(line).opening().stdin(token).run().json();
    assert_eq!(seen["key"], "local-1");
    assert_eq!(seen["verdicts"], json!({ "structure": "good", "signature": "good", "policy": "good" }));
    story.write("secret", SECRET);
    let line = "token sign --key-file secret --secret-encoding utf8 --alg HS256 --claims claims.json";
    let token = story.run(line).result();
    assert_eq!(story.call("token inspect --own-keys --json").opening().stdin(token).run().json()["key"], "shared");
}

#[test]
fn only_the_algorithms_named_are_allowed() {
    let story = Story::new();
    let token = story.run(&format!("{SIGN} claims.json")).result();
    let verify = "token verify --key-file keys/p521-none.pub.pem --at 1767226000";
    story.call(&format!("{verify} --alg ES256 --alg ES512")).stdin(&token).run().ends(0);
    story.call(&format!("{verify} --alg ES256")).stdin(&token).run().ends(4);
    story.call(&format!("{verify} --alg none")).stdin(&token).run().ends(2);
}

#[test]
fn leeway_is_at_most_a_minute() {
    let story = Story::new();
    let token = story.run(&format!("{SIGN} claims.json")).result();
    let verify = "token verify --key-file keys/p521-none.pub.pem --at 1767226530";
    story.call(verify).stdin(&token).run().ends(5);
    story.call(&format!("{verify} --leeway 60")).stdin(&token).run().ends(0);
    story.call(&format!("{verify} --leeway 61")).stdin(&token).run().ends(2);
}

#[test]
fn a_recipe_takes_scopes_lifetime_and_claims() {
    let story = Story::with_vault();
    let line = "token sign --profile Acme --env sandbox --scope transactions.read --scope buyers.read --ttl 2m \
        --claim sub=\"me\" --claim iss=\"test\" --drop iat --json";
    let signed = story.open(line).json();
    let claims: serde_json::Value = serde_json::from_str(signed["claims"].as_str().unwrap()).unwrap();
    assert_eq!(claims["scopes"], json!(["transactions.read", "buyers.read"]));
    assert_eq!((&claims["sub"], &claims["iss"]), (&json!("me"), &json!("test")));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["nbf"].as_i64().unwrap(), 120);
    assert!(claims.get("iat").is_none());
    assert_eq!(signed["key"], "sandbox-1");
}

#[test]
fn a_claim_that_is_set_is_checked_by_the_recipe_s_rules() {
    let story = Story::with_vault();
    let line = "token sign --profile Acme --env sandbox --claim checkout_session_id=\"x\" --claim exp=\"soon\"";
    assert_snapshot!(story.open(line).ends(5).told());
}

#[test]
fn a_live_environment_wants_to_be_named_live() {
    let story = Story::with_vault();
    let line = "token sign --profile Acme --env production --scope transactions.read";
    assert_snapshot!(story.open(line).ends(2).told());
    story.open(&format!("{line} --live")).ends(0);
    story.open("request send --profile Acme --env production --curl").ends(2);
    story.open("request send --profile Acme --env production --token a.b.c").ends(2);
    let curl = story.open("request send --profile Acme --env production --live --curl").result();
    assert!(curl.contains("https://api.acme.gr4vy.app/transactions"), "{curl}");
}
