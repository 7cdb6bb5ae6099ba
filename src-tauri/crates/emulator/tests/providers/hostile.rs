//! Input that nobody sends by accident.

use keywright_emulator::{Config, Emulator, Registration, Running};

use crate::support::*;

/// A path of each provider that reads a body, and a credential that lets one in.
fn start() -> (Running, Vec<(&'static str, String)>) {
    let running = Emulator::start(Config::default()).unwrap();
    running.register(Registration::Jwk(&key_file("p521-none.pub.jwk.json"))).unwrap();
    running.register(Registration::ApiKey { provider: "hedge", key: "test_1" }).unwrap();
    let bytes = b"0123456789abcdef0123456789abcdef";
    running.register(Registration::Secret { provider: "partner", client: Some("a"), bytes }).unwrap();
    running.register(Registration::ApiKey { provider: "cryptopay", key: "cp_test_1" }).unwrap();
    let claims = serde_json::json!({ "clientId": "a", "iat": now(), "exp": now() + 900 }).to_string();
    let partner = hs256_text(r#"{"alg":"HS256","typ":"JWT"}"#, &claims, bytes);
    let calls = vec![
        ("POST /gr4vy/transactions", good_token()),
        ("POST /hedge/api/payments", "test_1".to_owned()),
        ("POST /hedge/v1/auth/client-token", "test_1".to_owned()),
        ("POST /partner/trade", partner),
        ("POST /cryptopay/api/payment-orders/", "cp_test_1".to_owned()),
        ("POST /cryptopay/api/auth/login", String::new()),
        ("POST /cryptopay/api/auth/token/refresh/", String::new()),
    ];
    (running, calls)
}

#[test]
fn bodies_that_are_huge_deep_or_no_text_are_refused_and_the_next_request_is_served() {
    let (running, calls) = start();
    let huge = format!("{{\"a\":\"{}\"}}", "x".repeat(2_000_000));
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: [(&str, &[u8]); 7] = [
        ("huge", huge.as_bytes()),
        ("deep", deep.as_bytes()),
        ("not UTF-8", b"{\"a\":\"\xff\xfe\"}"),
        ("a byte order mark", b"\xef\xbb\xbf{}"),
        ("a member twice", br#"{"amount":1,"amount":2}"#),
        ("half", br#"{"username":"ada","#),
        ("NUL", b"\0"),
    ];
    let mut report = String::new();
    for (line, credential) in &calls {
        let credential = (!credential.is_empty()).then_some(credential.as_str());
        for (name, body) in bodies {
            let reply = json_call(&running, line, credential, body);
            assert!((400..500).contains(&reply.status), "{line} {name}: {} {}", reply.status, reply.body);
            report += &format!("{line} {name}: {}\n", reply.status);
        }
    }
    insta::assert_snapshot!(report);
    assert_eq!(json_call(&running, "GET /hedge/api/payments", Some("test_1"), "").status, 200);
}

#[test]
fn bodies_of_another_content_type_are_not_read() {
    let (running, calls) = start();
    let body = r#"{"amount":1,"currency":"USD","customerEmail":"a@b.c","scope":["payments:read"],"username":"a","password":"b","ticker":"A","orderSide":"BUY"}"#;
    let types: [&[&[u8]]; 6] = [
        &[],
        &[b"Content-Type: text/plain"],
        &[b"Content-Type: application/x-www-form-urlencoded"],
        &[b"Content-Type: application/jsonp"],
        &[b"Content-Type: \xff\xfe"],
        &[b"Content-Type: application/json", b"Content-Type: application/json"],
    ];
    for (line, credential) in calls.iter().skip(1) {
        let authorization = format!("Authorization: Bearer {credential}");
        for fields in types {
            let mut fields = fields.to_vec();
            if !credential.is_empty() {
                fields.push(authorization.as_bytes());
            }
            let reply = send(running.address(), line, &fields, body);
            assert!(matches!(reply.status, 400 | 415), "{line}: {} {}", reply.status, reply.body);
        }
        for good in ["application/json; charset=utf-8", "Application/JSON"] {
            let field = format!("Content-Type: {good}");
            let reply = send(running.address(), line, &[field.as_bytes(), authorization.as_bytes()], body);
            assert!(!matches!(reply.status, 415), "{line}: {} {}", reply.status, reply.body);
        }
    }
}

#[test]
fn fields_that_are_repeated_or_no_text_let_nobody_in() {
    let (running, _) = start();
    for path in ["/gr4vy/transactions", "/hedge/api/payments", "/partner/portfolio", "/cryptopay/api/payment-orders/"] {
        let cases: [&[&[u8]]; 6] = [
            &[b"Authorization: Bearer test_1", b"Authorization: Bearer cp_test_1"],
            &[b"Authorization: Bearer \xff\xfe"],
            &[b"Authorization: Bearer \xc3\xa9.\xc3\xa9.\xc3\xa9"],
            &[b"Authorization:"],
            &[b"Authorization: Bearer test_1, Bearer test_1"],
            &[b"Authorization: Bearer ....."],
        ];
        for fields in cases {
            let reply = send(running.address(), &format!("GET {path}"), fields, "");
            assert_eq!(reply.status, 401, "{path}: {}", reply.body);
        }
    }
}

#[test]
fn long_paths_and_odd_methods_are_answered_and_cut_in_the_log() {
    let (running, _) = start();
    let path = format!("GET /hedge/{}", "x".repeat(20_000));
    assert_eq!(send(running.address(), &path, &[], "").status, 404);
    assert_eq!(last(&running).path.chars().count(), 257);
    let odd = send(running.address(), &format!("{} /hedge/api/payments", "M".repeat(200)), &[], "");
    assert_eq!(odd.status, 405);
    assert!(last(&running).method.chars().count() <= 17);
    for path in ["/hedge/%2e%2e/_emulator", "/hedge/../gr4vy/transactions", "/hedge//api/payments"] {
        assert_eq!(send(running.address(), &format!("GET {path}"), &[], "").status, 404, "{path}");
    }
}

#[test]
fn nothing_of_a_credential_stays_in_the_log() {
    let (running, calls) = start();
    let secrets = ["test_5ecre7value", "cp_test_5ecre7value", "5ecre7value", "hunter2hunter2"];
    for secret in secrets {
        for path in ["/gr4vy/buyers", "/hedge/api/payments", "/partner/portfolio", "/cryptopay/api/auth/verify/"] {
            for shape in [
                format!("Bearer {secret}"),
                secret.to_owned(),
                format!("Basic {secret}"),
                format!("Bearer a.{secret}.b"),
            ] {
                let field = format!("Authorization: {shape}");
                send(running.address(), &format!("GET {path}?key={secret}"), &[field.as_bytes()], "");
            }
        }
        let login = serde_json::json!({ "username": "ada", "password": secret }).to_string();
        json_call(&running, "POST /cryptopay/api/auth/login", None, login);
        let refresh = serde_json::json!({ "refresh": secret }).to_string();
        json_call(&running, "POST /cryptopay/api/auth/token/refresh/", None, refresh);
    }
    let (line, token) = &calls[3];
    json_call(&running, line, Some(&format!("{token}x")), "");
    let log = format!("{:?}", running.log());
    for secret in secrets.iter().copied().chain(token.split('.')) {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}
