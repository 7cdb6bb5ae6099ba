//! What a person does in a dashboard while one secret takes the place of another: keys side by side, a password, a client's secret, a
//! webhook secret. A program that registers what it has with every call brings nothing back.

use keywright_emulator::{Config, Emulator, Faults, Incident, Registration, Running};
use serde_json::{Value, json};

use crate::{
    support::*,
    webhooks::{hmac_with, receiver, value},
};

fn start() -> Running {
    Emulator::start(Config::default()).unwrap()
}

fn cause(running: &Running, body: Value) -> Reply {
    send(running.address(), "POST /_emulator/faults", &[], body.to_string())
}

#[test]
fn a_second_api_key_works_beside_the_first_until_that_is_revoked_and_deleted() {
    let running = start();
    for (provider, keys, path) in [
        ("hedge", ["test_old", "test_next"], "/hedge/api/payments"),
        ("cryptopay", ["cp_test_old", "cp_test_next"], "/cryptopay/api/payment-orders/"),
    ] {
        let register = |key| running.register(Registration::ApiKey { provider, key }).unwrap();
        let works = || keys.map(|key| json_call(&running, &format!("GET {path}"), Some(key), "").status);
        register(keys[0]);
        assert_eq!(works(), [200, 401], "{provider}");
        register(keys[1]);
        assert_eq!(works(), [200, 200], "{provider}");
        let revoke = json!({ "do": "revoke_key", "provider": provider, "key": keys[0] });
        assert_eq!(cause(&running, revoke).status, 204);
        assert_eq!(works(), [401, 200], "{provider}");
        let delete = json!({ "do": "delete_key", "provider": provider, "key": keys[0] });
        assert_eq!(cause(&running, delete.clone()).status, 204);
        register(keys[0]);
        assert_eq!(works(), [401, 200], "{provider}: it does not come back");
        assert!(!cause(&running, delete).body.contains(keys[0]), "it is gone, and nothing says which it was");
    }
    assert_eq!(
        json_call(&running, "GET /hedge/v1/auth/api-keys", Some("test_next"), "").json()["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    running.reset();
    assert_eq!(json_call(&running, "GET /hedge/api/payments", Some("test_old"), "").status, 200);
}

#[test]
fn a_password_is_changed_in_place() {
    let running = start();
    let register = |password| {
        running.register(Registration::Login { provider: "cryptopay", username: "ada", password }).unwrap();
    };
    let log_in = |password: &str| {
        let body = json!({ "username": "ada", "password": password }).to_string();
        json_call(&running, "POST /cryptopay/api/auth/login", None, body).status
    };
    register("first");
    let change = json!({ "do": "change_password", "provider": "cryptopay", "username": "ada", "password": "second" });
    assert_eq!(cause(&running, change.clone()).status, 204);
    assert_eq!((log_in("first"), log_in("second")), (401, 200));
    register("first");
    assert_eq!((log_in("first"), log_in("second")), (401, 200), "the former one does not come back");
    register("second");
    assert_eq!((log_in("first"), log_in("second")), (401, 200));
    running.cause(Incident::ChangePassword { provider: "cryptopay", username: "ada", password: "first" }).unwrap();
    assert_eq!((log_in("first"), log_in("second")), (200, 401), "only another change does that");
    cause(&running, change);
    running.reset();
    assert_eq!((log_in("first"), log_in("second")), (200, 401));
}

#[test]
fn the_secret_of_a_client_is_replaced_by_one_at_a_time() {
    let running = start();
    let [first, second] = ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"];
    let register = |secret: &str| {
        let bytes = secret.as_bytes();
        running.register(Registration::Secret { provider: "partner", client: Some("acme"), bytes }).unwrap();
    };
    let works = |secret: &str| {
        let claims = json!({ "clientId": "acme", "iat": now(), "exp": now() + 900 }).to_string();
        let token = hs256_text(r#"{"alg":"HS256","typ":"JWT"}"#, &claims, secret.as_bytes());
        json_call(&running, "GET /partner/portfolio", Some(&token), "").status
    };
    register(first);
    let change = json!({ "do": "change_secret", "provider": "partner", "client": "acme", "secret": second });
    assert_eq!(cause(&running, change).status, 204);
    register(first);
    assert_eq!((works(first), works(second)), (401, 200));
    running.reset();
    assert_eq!((works(first), works(second)), (200, 401));
}

#[test]
fn gr4vy_signs_webhooks_with_both_secrets_while_one_takes_the_place_of_the_other() {
    let running = start();
    let [first, second] = ["whsec-first-0123456789", "whsec-second-0123456789"];
    let register = || {
        running.register(Registration::WebhookSecret { provider: "gr4vy", bytes: first.as_bytes() }).unwrap();
    };
    // The signatures of one delivery, each by the secret that made it.
    let signed_by = || {
        let (address, thread) = receiver("200 OK");
        let order = json!({ "provider": "gr4vy", "url": format!("http://{address}/"), "body": "payload" });
        assert_eq!(send(running.address(), "POST /_emulator/webhooks", &[], order.to_string()).status, 200);
        let (head, body) = thread.join().unwrap();
        let time = value(&head, "X-Gr4vy-Webhook-Timestamp");
        let message = [format!("{time}.").as_bytes(), &body].concat();
        let known =
            [("first", first), ("second", second)].map(|(name, secret)| (hmac_with(secret.as_bytes(), &message), name));
        let signatures = value(&head, "X-Gr4vy-Webhook-Signatures");
        let names =
            signatures.split(',').map(|found| known.iter().find(|(mac, _)| mac == found).map(|(_, name)| *name));
        names.collect::<Option<Vec<_>>>().unwrap().join(" ")
    };
    register();
    assert_eq!(signed_by(), "first");
    let change = json!({ "do": "change_webhook_secret", "provider": "gr4vy", "secret": second, "overlap": 3600 });
    assert_eq!(cause(&running, change).status, 204);
    assert_eq!(signed_by(), "second first");
    register();
    assert_eq!(signed_by(), "second first", "a delivery that registers the old one ends nothing");
    running.set_faults(Faults { skew: 3600, ..Faults::default() });
    register();
    assert_eq!(signed_by(), "second");
    running.reset();
    assert_eq!(signed_by(), "first");
    let at_once = json!({ "do": "change_webhook_secret", "provider": "gr4vy", "secret": second });
    assert_eq!(cause(&running, at_once).status, 204);
    assert_eq!(signed_by(), "second");
}

#[test]
fn what_cannot_be_changed_says_why_and_repeats_no_secret() {
    let running = start();
    running.register(Registration::WebhookSecret { provider: "hedge", bytes: b"whsec" }).unwrap();
    let mut report = String::new();
    for body in [
        json!({ "do": "change_password", "provider": "cryptopay", "username": "eve", "password": "hunter2" }),
        json!({ "do": "change_password", "provider": "cryptopay", "username": "eve", "password": "" }),
        json!({ "do": "change_password", "provider": "cryptopay", "username": "eve" }),
        json!({ "do": "change_secret", "provider": "partner", "client": "eve", "secret": "hunter2" }),
        json!({ "do": "change_secret", "provider": "partner", "client": "eve", "secret_hex": "hunter2" }),
        json!({ "do": "change_webhook_secret", "provider": "gr4vy", "secret": "hunter2" }),
        json!({ "do": "change_webhook_secret", "provider": "hedge", "secret": "hunter2", "overlap": 60 }),
        json!({ "do": "change_webhook_secret", "provider": "hedge", "secret": "hunter2", "overlap": -1 }),
        json!({ "do": "change_webhook_secret", "provider": "hedge", "secret": "" }),
        json!({ "do": "delete_key", "provider": "hedge", "key": "hunter2" }),
    ] {
        let reply = cause(&running, body.clone());
        assert!(!reply.body.contains("hunter2"), "{}", reply.body);
        report += &format!("{body}\n  {} {}\n", reply.status, reply.body);
    }
    insta::assert_snapshot!(report);
}
