//! Registering, revoking, forgetting.

use keywright_emulator::{Config, Emulator, Faults, Incident, OnDemand, Registration, Running};
use serde_json::{Value, json};

use crate::support::*;

fn start() -> Running {
    Emulator::start(Config::default()).unwrap()
}

fn control(running: &Running, line: &str, body: &Value) -> Reply {
    send(running.address(), line, &[], body.to_string())
}

#[test]
fn what_cannot_be_registered_is_refused_with_the_reason() {
    let running = start();
    let bytes = b"0123456789abcdef0123456789abcdef";
    let mut report = String::new();
    for registration in [
        Registration::Jwk("{"),
        Registration::Secret { provider: "partner", client: None, bytes },
        Registration::Secret { provider: "partner", client: Some(""), bytes },
        Registration::Secret { provider: "partner", client: Some("a"), bytes: b"" },
        Registration::Secret { provider: "hedge", client: Some("a"), bytes },
        Registration::Secret { provider: "nobody", client: Some("a"), bytes },
        Registration::ApiKey { provider: "gr4vy", key: "test_1" },
        Registration::ApiKey { provider: "hedge", key: "cp_test_1" },
        Registration::ApiKey { provider: "cryptopay", key: "" },
        Registration::LimitedKey {
            provider: "cryptopay",
            key: "cp_test_1",
            permissions: Some(&["write"]),
            expires_at: None,
        },
        Registration::Login { provider: "hedge", username: "a", password: "b" },
        Registration::Login { provider: "cryptopay", username: "", password: "b" },
        Registration::Login { provider: "cryptopay", username: "a", password: "" },
        Registration::WebhookSecret { provider: "partner", bytes },
        Registration::WebhookSecret { provider: "hedge", bytes: b"" },
    ] {
        report += &format!("{}\n", running.register(registration).unwrap_err());
    }
    insta::assert_snapshot!(report);
    let counts = control(&running, "GET /_emulator", &json!({})).json()["registered"].clone();
    assert_eq!(counts, json!({ "secrets": 0, "api_keys": 0, "accounts": 0, "webhook_secrets": 0 }));
}

#[test]
fn another_process_registers_by_the_control_path() {
    let running = start();
    let jwk: Value = serde_json::from_str(&key_file("p521-none.pub.jwk.json")).unwrap();
    for body in [
        json!({ "kind": "jwk", "jwk": jwk }),
        json!({ "kind": "secret", "provider": "partner", "client": "acme", "secret": "0123456789abcdef0123456789abcdef" }),
        json!({ "kind": "secret", "provider": "partner", "client": "hex", "secret_hex": "00FF" }),
        json!({ "kind": "api_key", "provider": "hedge", "key": "test_1" }),
        json!({ "kind": "api_key", "provider": "cryptopay", "key": "cp_test_1", "permissions": ["read"], "expires_at": null }),
        json!({ "kind": "api_key", "provider": "cryptopay", "key": "cp_test_2", "expires_at": now() + 60 }),
        json!({ "kind": "login", "provider": "cryptopay", "username": "ada", "password": "secret" }),
        json!({ "kind": "webhook_secret", "provider": "cryptopay", "secret": "whsec" }),
    ] {
        let reply = control(&running, "POST /_emulator/credentials", &body);
        assert_eq!(reply.status, 201, "{}", reply.body);
    }
    let state = control(&running, "GET /_emulator", &json!({}));
    assert_eq!(state.json()["kids"], json!([KID]));
    let counts = json!({ "secrets": 2, "api_keys": 3, "accounts": 1, "webhook_secrets": 1 });
    assert_eq!(state.json()["registered"], counts);
    for secret in ["0123456789abcdef", "test_1", "whsec"] {
        assert!(!state.body.contains(secret), "{}", state.body);
    }
    assert_eq!(json_call(&running, "GET /hedge/api/payments", Some("test_1"), "").status, 200);
    assert_eq!(json_call(&running, "GET /cryptopay/api/payment-orders/", Some("cp_test_1"), "").status, 200);
    let create = |key: &str| json_call(&running, "POST /cryptopay/api/payment-orders/", Some(key), "{}").status;
    assert_eq!((create("cp_test_1"), create("cp_test_2")), (403, 201));
}

#[test]
fn control_requests_that_are_wrong_say_which_member() {
    let running = start();
    let mut report = String::new();
    for (line, body) in [
        ("POST /_emulator/credentials", "{"),
        ("POST /_emulator/credentials", "[]"),
        ("POST /_emulator/credentials", r#"{"kind":"jwk","kind":"jwk"}"#),
        ("POST /_emulator/credentials", "{}"),
        ("POST /_emulator/credentials", r#"{"kind":"password"}"#),
        ("POST /_emulator/credentials", r#"{"kind":1}"#),
        ("POST /_emulator/credentials", r#"{"kind":"api_key","provider":"hedge"}"#),
        ("POST /_emulator/credentials", r#"{"kind":"api_key","provider":"hedge","key":7}"#),
        ("POST /_emulator/credentials", r#"{"kind":"api_key","provider":"hedge","key":"hunter2"}"#),
        ("POST /_emulator/credentials", r#"{"kind":"api_key","provider":"hedge","key":"test_1","scopes":[]}"#),
        ("POST /_emulator/credentials", r#"{"kind":"api_key","provider":"hedge","key":"test_1","permissions":"read"}"#),
        ("POST /_emulator/credentials", r#"{"kind":"api_key","provider":"hedge","key":"test_1","expires_at":"soon"}"#),
        ("POST /_emulator/credentials", r#"{"kind":"secret","provider":"partner","client":"a"}"#),
        (
            "POST /_emulator/credentials",
            r#"{"kind":"secret","provider":"partner","client":"a","secret_hex":"hunter2"}"#,
        ),
        ("POST /_emulator/credentials", r#"{"kind":"jwk","jwk":"hunter2"}"#),
        ("POST /_emulator/faults", r#"{"do":"explode"}"#),
        ("POST /_emulator/faults", r#"{"do":"expire_access","provider":"hedge"}"#),
        ("POST /_emulator/faults", r#"{"do":"revoke_key","provider":"hedge"}"#),
        ("POST /_emulator/faults", r#"{"do":"revoke_key","provider":"hedge","key":"hunter2"}"#),
        ("POST /_emulator/faults", r#"{"do":"revoke_login","provider":"cryptopay","username":"eve"}"#),
        ("POST /_emulator/faults", r#"{"do":"revoke_client","provider":"partner","client":"eve"}"#),
        ("POST /_emulator/webhooks", r#"{"provider":"cryptopay"}"#),
        ("POST /_emulator/webhooks", r#"{"provider":"cryptopay","url":"http://127.0.0.1:9/"}"#),
        ("POST /_emulator/webhooks", r#"{"provider":"cryptopay","url":"https://example.org/"}"#),
        ("POST /_emulator/webhooks", r#"{"provider":"partner","url":"http://127.0.0.1:9/"}"#),
    ] {
        let reply = send(running.address(), line, &[], body);
        report += &format!("{line} {body}\n  {} {}\n", reply.status, reply.body);
    }
    let answers: String = report.lines().filter(|line| line.starts_with("  ")).collect();
    assert!(!answers.contains("hunter2"), "{answers}");
    insta::assert_snapshot!(report);
}

#[test]
fn web_pages_reach_no_control_path() {
    let running = start();
    for line in
        ["POST /_emulator/credentials", "POST /_emulator/faults", "POST /_emulator/webhooks", "DELETE /_emulator/state"]
    {
        let reply = send(running.address(), line, &[b"Origin: https://example.org"], "{}");
        assert_eq!(reply.status, 403, "{line}");
        let reply = send(running.address(), line, &[b"Host: example.org"], "{}");
        assert_eq!(reply.status, 403, "{line}");
    }
}

#[test]
fn each_provider_knows_what_was_registered_for_it_alone() {
    let running = start();
    running.register(Registration::ApiKey { provider: "cryptopay", key: "cp_test_1" }).unwrap();
    running.register(Registration::ApiKey { provider: "hedge", key: "test_1" }).unwrap();
    assert_eq!(json_call(&running, "GET /hedge/api/payments", Some("cp_test_1"), "").status, 401);
    assert_eq!(json_call(&running, "GET /cryptopay/api/payment-orders/", Some("test_1"), "").status, 401);
    assert_eq!(json_call(&running, "GET /gr4vy/transactions", Some("test_1"), "").status, 401);
    assert_eq!(json_call(&running, "GET /partner/portfolio", Some("test_1"), "").status, 401);
}

#[test]
fn a_reset_forgets_what_happened_and_keeps_what_was_registered() {
    for by_hand in [true, false] {
        let running = start();
        running.register(Registration::ApiKey { provider: "hedge", key: "test_1" }).unwrap();
        let mint = r#"{"scope":["payments:read"]}"#;
        let minted = json_call(&running, "POST /hedge/v1/auth/client-token", Some("test_1"), mint).json();
        let token = minted["jwt"].as_str().unwrap().to_owned();
        let body = r#"{"amount":1,"currency":"USD","customerEmail":"a@b.c"}"#;
        assert_eq!(json_call(&running, "POST /hedge/api/payments", Some("test_1"), body).status, 200);
        running.cause(Incident::RevokeKey { provider: "hedge", key: "test_1" }).unwrap();
        running.register(Registration::ApiKey { provider: "hedge", key: "test_1" }).unwrap();
        let get = |credential: &str| json_call(&running, "GET /hedge/api/payments", Some(credential), "");
        assert_eq!(get("test_1").status, 401, "registering again does not undo it");
        running.set_faults(Faults { skew: 5, ..Faults::default() });
        match by_hand {
            true => assert_eq!(send(running.address(), "DELETE /_emulator/state", &[], "").status, 204),
            false => running.reset(),
        }
        assert!(running.log().is_empty());
        assert_eq!(running.faults(), Faults::default());
        let reply = get("test_1");
        assert_eq!((reply.status, reply.json()["data"].clone()), (200, json!([])));
        assert_eq!(reply.header("x-ratelimit-remaining"), Some("99"));
        assert_eq!(get(&token).status, 401, "a session of before is none");
        assert_eq!(last(&running).number, 2);
    }
}

#[test]
fn on_demand_registers_what_a_call_needs() {
    let emulator = OnDemand::default();
    assert_eq!(emulator.running("hedge"), None);
    let key = Registration::ApiKey { provider: "hedge", key: "test_1" };
    let login = Registration::Login { provider: "cryptopay", username: "ada", password: "secret" };
    let hedge = emulator.address("hedge", &[key, login], 0).unwrap();
    assert!(hedge.ends_with("/hedge"));
    let cryptopay = emulator.address("cryptopay", &[Registration::Nothing], 0).unwrap();
    assert_eq!(hedge.replace("hedge", "cryptopay"), cryptopay, "one emulator plays them all");
    let wrong = Registration::ApiKey { provider: "hedge", key: "none" };
    assert!(emulator.address("hedge", &[wrong], 0).unwrap_err().to_string().contains("begins with none of"));
}

#[test]
fn ever_new_accounts_do_not_fill_the_memory() {
    let running = start();
    let own = Registration::Login { provider: "cryptopay", username: "own", password: "secret" };
    running.register(own).unwrap();
    for number in 0..1_005 {
        let account =
            json!({ "username": format!("u{number}"), "email": "a@b.c", "password": "12345678", "shop_name": "s" });
        let reply = json_call(&running, "POST /cryptopay/api/auth/register", None, account.to_string());
        assert_eq!(reply.status, 201, "{number}: {}", reply.body);
    }
    let state = control(&running, "GET /_emulator", &json!({})).json();
    assert_eq!(state["registered"]["accounts"], 1_000);
    let login = json!({ "username": "own", "password": "secret" }).to_string();
    assert_eq!(json_call(&running, "POST /cryptopay/api/auth/login", None, login).status, 200, "it was registered");
    assert_eq!(running.log().len(), 1_000);
    for number in 0..1_000 {
        let key = format!("test_{number}");
        running.register(Registration::ApiKey { provider: "hedge", key: &key }).unwrap();
    }
    let full = running.register(Registration::ApiKey { provider: "hedge", key: "test_more" }).unwrap_err();
    assert_eq!(full.to_string(), "1000 API keys are registered, and no more are taken");
}
