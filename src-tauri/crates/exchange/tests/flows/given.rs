//! What is read from the answers to flows.

use keywright_exchange::{Answer, ExpirySource, Obtained, Refresh, compare_expiry, obtained};
use proptest::prelude::*;

use crate::{
    recorded::{SIMPLEJWT, built_in, json, oauth},
    wire::{flow, google},
};

/// When the recorded answers came: 2026-11-22 08:12:00 UTC.
const NOW: i64 = 1_795_335_120;

fn given(definition: &str, id: &str, answer: &Answer) -> Result<Obtained, String> {
    let flow = flow(if definition == "oauth" { oauth() } else { built_in(definition) }, id);
    obtained(flow, answer, NOW).map_err(|error| match error.hint() {
        Some(hint) => format!("{error}\n  {hint}"),
        None => error.to_string(),
    })
}

fn page(obtained: &Obtained) -> String {
    obtained.words(NOW).join("\n")
}

#[test]
fn c3_a_log_in_gives_two_tokens_with_their_ends() {
    let given = given("cryptopay", "log-in", &SIMPLEJWT.answer("logged in")).unwrap();
    assert!(given.access.as_ref().unwrap().reveal().starts_with("eyJ"));
    assert_eq!(given.expires.source, ExpirySource::Claim);
    let Refresh::New { token, expires } = &given.refresh else { panic!("no refresh token") };
    assert!(token.shown().ends_with(".•••") && expires.at > given.expires.at);
    insta::assert_snapshot!(page(&given));
}

#[test]
fn c2_the_user_is_given_as_it_came() {
    // The answer in CryptoPay's document.
    let body = r#"{
"access": "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9...",
"refresh": "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9...",
"user": {
"id": 123,
"username": "your-username"
}
}"#;
    let given = given("cryptopay", "log-in", &json(200, body)).unwrap();
    assert_eq!(given.user.as_deref(), Some("{\n\"id\": 123,\n\"username\": \"your-username\"\n}"));
    assert_eq!(given.expires.at, None);
}

#[test]
fn c4_a_missing_refresh_token_keeps_the_old_one_and_says_so() {
    let without = given("cryptopay", "refresh", &SIMPLEJWT.answer("refreshed without rotation")).unwrap();
    assert!(matches!(without.refresh, Refresh::Kept));
    let with = given("cryptopay", "refresh", &SIMPLEJWT.answer("refreshed with rotation")).unwrap();
    assert!(matches!(with.refresh, Refresh::New { .. }));
    for nothing in ["null", "\"\""] {
        let given = given("cryptopay", "refresh", &json(200, &format!("{{\"access\":\"a\",\"refresh\":{nothing}}}")));
        assert!(matches!(given.unwrap().refresh, Refresh::Kept), "{nothing}");
    }
    insta::assert_snapshot!(format!("{}\n--\n{}", page(&without), page(&with)));
}

#[test]
fn the_first_pointer_that_leads_somewhere_counts() {
    for body in [r#"{"jwt":"one","token":"two"}"#, r#"{"token":"one"}"#, r#"{"jwt":null,"data":{"token":"one"}}"#] {
        let given = given("hedge", "mint", &json(201, body)).unwrap();
        assert_eq!(given.access.unwrap().reveal(), "one", "{body}");
    }
}

#[test]
fn the_answer_of_rfc_6749_is_read() {
    // §5.1.
    let body = r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"example","expires_in":3600,
        "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA","example_parameter":"example_value"}"#;
    let given = given("oauth", "refresh", &json(200, body)).unwrap();
    assert_eq!((given.expires.at, given.expires.source), (Some(NOW + 3600), ExpirySource::ExpiresIn));
    insta::assert_snapshot!(page(&given));
}

#[test]
fn scopes_and_permissions_come_as_words_lists_and_objects() {
    let scope = |body| obtained(flow(google(), "exchange"), &json(200, body), NOW).unwrap().scopes;
    let both = Some(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(scope(r#"{"access_token":"x","scope":"a b"}"#), both);
    assert_eq!(scope(r#"{"access_token":"x","scope":["a","b"]}"#), both);
    assert_eq!(scope(r#"{"access_token":"x","scope":{"a":"read"}}"#), Some(vec!["a:read".to_owned()]));
    assert_eq!(scope(r#"{"access_token":"x","scope":7}"#), None);
    assert_eq!(scope(r#"{"access_token":"x"}"#), None);
}

#[test]
fn c15_verifying_tells_validity_permissions_and_end() {
    let body = r#"{"valid":true,"user":{"id":1,"username":"seed-user","permissions":["read","create_payments"]},"expires_at":"2026-11-22T23:04:12Z"}"#;
    let given = given("cryptopay", "verify", &json(200, body)).unwrap();
    assert_eq!(given.expires.at, Some(1_795_388_652));
    let said = given.expires.at.unwrap();
    let compared = [said, said - 1, said - 3600, said + 86_400].map(|exp| compare_expiry(said, exp));
    assert_eq!(compared.clone().map(|(agrees, _)| agrees), [true, true, false, false]);
    let invalid =
        self::given("cryptopay", "verify", &json(200, r#"{"valid":false,"user":{"permissions":[]}}"#)).unwrap();
    let words = compared.map(|(_, words)| words).join("\n");
    insta::assert_snapshot!(format!("{}\n--\n{}\n--\n{words}", page(&given), page(&invalid)));
}

#[test]
fn odd_ends_are_said_and_not_believed() {
    let ends = ["-1", "\"soon\"", "1e12", "null", "\"3600\"", "0", "3599.9"];
    let mut out = String::new();
    for end in ends {
        let body = format!("{{\"access_token\":\"x\",\"expires_in\":{end}}}");
        out += &format!("{end}: {}\n", page(&given("oauth", "refresh", &json(200, &body)).unwrap()).replace('\n', " "));
    }
    for end in ["1795388652000", "\"tomorrow\"", "1795388652", "true", "\"2026-11-22T23:04:12+02:00\""] {
        let body = format!("{{\"valid\":true,\"expires_at\":{end}}}");
        let given = given("cryptopay", "verify", &json(200, &body)).unwrap();
        out += &format!("{end}: {:?} {}\n", given.expires.at, given.notes.join(" "));
    }
    // A token whose exp counts milliseconds.
    let claims = data_encoding::BASE64URL_NOPAD.encode(br#"{"exp":1795388652000}"#);
    let body = format!("{{\"access\":\"eyJhbGciOiJIUzI1NiJ9.{claims}.c2ln\",\"refresh\":\"r\"}}");
    out += &page(&given("cryptopay", "log-in", &json(200, &body)).unwrap());
    insta::assert_snapshot!(out);
}

#[test]
fn what_is_not_there_is_named() {
    let html = Answer {
        headers: vec![("content-type".into(), "text/html; charset=utf-8".into())],
        ..json(200, "<!doctype html><title>Log in</title>")
    };
    let many = format!("{{{}}}", (0..20).map(|n| format!("\"m{n}\":1")).collect::<Vec<_>>().join(","));
    let answers = [
        given("hedge", "mint", &json(200, r#"{"id":"x","sec\u0000ret":1}"#)),
        given("hedge", "mint", &json(200, "[]")),
        given("hedge", "mint", &json(200, &many)),
        given("hedge", "mint", &json(200, r#"{"jwt":{"value":"x"}}"#)),
        given("hedge", "mint", &json(200, r#"{"jwt":""}"#)),
        given("hedge", "mint", &json(200, r#"{"jwt":"a\r\nX-Evil: 1"}"#)),
        given("hedge", "mint", &json(200, r#"{"jwt":"abc\u200b"}"#)),
        given("cryptopay", "refresh", &html),
        given("cryptopay", "refresh", &json(200, "access=1")),
        given("cryptopay", "refresh", &Answer { body: vec![0xff], ..json(200, "") }),
        given("cryptopay", "refresh", &Answer { cut: true, ..json(200, "{\"access\":\"x") }),
        given("cryptopay", "refresh", &SIMPLEJWT.answer("refresh token used twice")),
    ];
    insta::assert_snapshot!(answers.map(|answer| answer.err().unwrap()).join("\n"));
}

#[test]
fn a_flow_that_gives_nothing_is_content_with_any_success() {
    assert!(given("oauth", "log-out", &Answer { body: Vec::new(), ..json(204, "") }).is_ok());
    assert!(given("cryptopay", "register", &json(201, "created")).is_ok());
    assert!(given("cryptopay", "register", &json(400, "{}")).is_err());
}

proptest! {
    #[test]
    fn any_answer_is_read_or_refused(status in any::<u16>(), body in prop_oneof![".*", "\\{\"access\":.*\\}", "\\{\"expires_at\":.*,\"valid\":.*\\}"]) {
        for (definition, id) in [("cryptopay", "log-in"), ("cryptopay", "verify"), ("hedge", "mint"), ("oauth", "refresh")] {
            if let Ok(given) = given(definition, id, &json(status, &body)) {
                let _ = given.words(NOW);
            }
        }
    }
}
