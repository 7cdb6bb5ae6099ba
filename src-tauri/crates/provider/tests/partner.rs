//! The Partner API by its published authentication document: each test names the item of the requirement list it proves.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod support;

use std::collections::BTreeMap;

use jose::{Code, sign::Draft};
use keywright_provider::{
    Definition, Resolved, Seconds, Tier, check_claims, check_header, check_key,
    definition::{Encoding, Fault, Remedy},
};
use support::{Ask, NOW, codes, key, known, lines, member};

fn partner() -> &'static Definition {
    support::built_in("partner")
}

/// A token as the document's example makes it.
fn made(ttl: Option<u64>) -> Resolved {
    let secret = key("oct", None, 43 * 8);
    Ask { credential: &[("client_id", "partner-1")], ttl, ..Ask::of(partner(), secret) }.made()
}

#[test]
fn p1_the_claims_are_exactly_three_and_others_warn() {
    let extra = format!(r#"{{"clientId":"p","iat":{NOW},"exp":{},"sub":"x","role":"admin"}}"#, NOW + 900);
    insta::assert_snapshot!(lines(&check_claims(partner(), &extra, NOW)), @r#"warning claim-unknown: "role" is not a claim that Partner API names"#);
    insta::assert_snapshot!(lines(&check_claims(partner(), "{}", NOW)));
}

#[test]
fn p2_the_documents_token_is_reproduced_byte_for_byte() {
    let made = made(None);
    assert_eq!(made.findings, []);
    // As jsonwebtoken 9.0.3 writes it; PyJWT 2.15.1 writes the same.
    let signing_input = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJjbGllbnRJZCI6InBhcnRuZXItMSIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI2NTAwfQ";
    assert_eq!(Draft::jwt(&made.header, &made.claims).unwrap().signing_input(), signing_input);
}

#[test]
fn p3_a_token_lives_fifteen_minutes_unless_told_otherwise() {
    let exp = |ttl| member(&made(ttl).claims, "exp");
    assert_eq!(exp(None), Some((NOW + 900).to_string()));
    assert_eq!(exp(Some(120)), Some((NOW + 120).to_string()));
    assert_eq!(codes(&made(Some(3600)).findings), []);
    insta::assert_snapshot!(lines(&made(Some(7200)).findings), @"warning lifetime-unusual: the token lives 2 h, advised are at most 1 h (15 min is usual)");
}

#[test]
fn p4_the_base_url_must_be_entered() {
    let own = partner().environment("own").unwrap();
    assert_eq!((own.tier, own.tier_or_live()), (None, Tier::Live), "until the person chooses");
    let url = |given: Option<&str>| partner().base_url(own, &BTreeMap::new(), given);
    assert_eq!(url(Some("https://partner.acme.example/api")).unwrap().as_str(), "https://partner.acme.example/api/");
    assert_eq!(partner().default_endpoint().unwrap().path.text(), "/portfolio");
    let error = url(None).unwrap_err();
    insta::assert_snapshot!(format!("{error} ({})", error.hint().unwrap()), @r#"no address was entered for "Your URL" (the provider publishes no address for it; ask the provider, never guess)"#);
    assert!(url(Some("  ")).is_err());
    let local = partner().environment("local").unwrap();
    assert!(partner().base_url(local, &BTreeMap::new(), Some("http://127.0.0.1:4000")).is_ok(), "which needs none");
}

#[test]
fn p5_every_call_carries_bearer_and_json() {
    assert_eq!(partner().placement.scheme.as_deref(), Some("Bearer"));
    let json = &partner().headers[0];
    assert_eq!((json.name.as_str(), json.value.text()), ("Content-Type", "application/json"));
    assert!(partner().endpoints.iter().all(|call| json.goes_with(&call.method, call.path.text())));
}

#[test]
fn p6_after_a_401_one_signs_again() {
    let remedy = partner().on_unauthorized.as_ref().unwrap();
    assert_eq!((remedy.remedy, remedy.from.as_deref()), (Remedy::SignAgain, Some("document")));
}

#[test]
fn p8_a_token_is_renewed_before_it_expires() {
    let lifetime = partner().token.as_ref().unwrap().lifetime.as_ref().unwrap();
    assert_eq!(lifetime.renew_before, Some(Seconds(30)));
}

/// The fix for a message, wherever the server writes it.
fn fix(message: &str) -> &'static str {
    let bodies = [
        format!(r#"{{"message":"{message}"}}"#),
        format!(r#"{{"error":"{message}"}}"#),
        format!(r#"{{"error":{{"message":"{message}"}}}}"#),
    ];
    let fixes = bodies.map(|body| known(partner(), 401, &body).fix.as_str());
    assert!(fixes.iter().all(|fix| *fix == fixes[0]), "{message}");
    fixes[0]
}

#[test]
fn p9_invalid_token_names_the_four_checks() {
    let fix = fix("Invalid Token");
    for check in ["clientId", "secret key", "expired", "Authorization header"] {
        assert!(fix.contains(check), "{check}: {fix}");
    }
}

#[test]
fn p10_token_expired_names_new_token_refresh_and_clock() {
    for message in ["Token Expired", "jwt expired"] {
        let fix = fix(message);
        for check in ["new token", "automatically", "clock"] {
            assert!(fix.contains(check), "{check}: {fix}");
        }
    }
    assert_eq!(known(partner(), 401, r#"{"message":"token expired"}"#).names, Some(Fault::Time));
}

#[test]
fn p11_unauthorized_names_credentials_header_and_url() {
    for body in [r#"{"message":"Unauthorized"}"#, r#"{"error":"Unauthorized"}"#, "{}", "null"] {
        let fix = known(partner(), 401, body).fix.as_str();
        for check in ["credentials", "Authorization header", "URL"] {
            assert!(fix.contains(check), "{check}: {fix}");
        }
    }
}

#[test]
fn p12_a_secret_under_32_bytes_warns() {
    insta::assert_snapshot!(lines(&check_key(partner(), &key("oct", None, 31 * 8))), @"warning secret-short: the secret has 31 bytes, wanted 32 or more");
    assert_eq!(check_key(partner(), &key("oct", None, 32 * 8)), []);
}

#[test]
fn p13_a_secret_is_its_text_unless_another_encoding_is_chosen() {
    let secret = partner().signing_secret().unwrap();
    assert_eq!(secret.encodings, [Encoding::Utf8, Encoding::Base64, Encoding::Base64url, Encoding::Hex]);
}

#[test]
fn p14_secret_and_client_id_have_variables_for_snippets() {
    assert_eq!(partner().signing_secret().unwrap().env_var.as_deref(), Some("PARTNER_SECRET_KEY"));
    assert_eq!(partner().credentials.texts[0].env_var.as_deref(), Some("PARTNER_CLIENT_ID"));
}

#[test]
fn p15_one_is_reminded_to_rotate() {
    let secret = partner().credentials.get("secret_key").unwrap();
    assert_eq!(secret.rotate_after(), Some(Seconds(90 * 86_400)));
    assert_eq!(partner().credentials.get("client_id").unwrap().rotate_after(), None, "which is no secret");
}

#[test]
fn p16_only_https_is_taken() {
    let own = partner().environment("own").unwrap();
    let url = |given: &str| partner().base_url(own, &BTreeMap::new(), Some(given));
    assert!(url("https://partner.example").is_ok() && url("http://localhost:1").is_ok());
    let error = url("http://partner.example").unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r#""http://partner.example" is plain HTTP to another computer, wanted https"#);
}

#[test]
fn p18_no_other_algorithm_is_taken() {
    for alg in ["none", "RS256", "HS384", "ES256"] {
        let findings = check_header(partner(), &format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#), None);
        assert!(codes(&findings).contains(&Code::HeaderFixed), "{alg}");
    }
    let rs256 = check_header(partner(), r#"{"alg":"RS256","typ":"JWT"}"#, None);
    assert!(codes(&rs256).contains(&Code::AlgNotAllowed));
    assert_eq!(codes(&check_key(partner(), &key("RSA", None, 2048))), [Code::AlgKeyType], "a public key is no secret");
}
