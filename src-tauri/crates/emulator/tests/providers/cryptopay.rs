//! CryptoPay: accounts, sessions, API keys.

use keywright_emulator::{Check, Config, Emulator, Faults, Incident, Limit, Outcome, Registration, Running};
use serde_json::{Value, json};

use crate::support::*;

const KEY: &str = "cp_test_4f8a0c9e2b7d41d6";
const PASSWORD: &str = "correct horse battery";

fn cryptopay() -> Running {
    let running = Emulator::start(Config::default()).unwrap();
    let login = Registration::Login { provider: "cryptopay", username: "ada", password: PASSWORD };
    running.register(login).unwrap();
    running
}

/// The same with SimpleJWT's own bodies.
fn native(running: &Running) {
    running.set_faults(Faults { native_bodies: true, ..running.faults() });
}

fn post(running: &Running, path: &str, body: &Value) -> Reply {
    json_call(running, &format!("POST /cryptopay{path}"), None, body.to_string())
}

fn log_in(running: &Running) -> (String, String) {
    let reply = post(running, "/api/auth/login", &json!({ "username": "ada", "password": PASSWORD }));
    assert_eq!(reply.status, 200, "{}", reply.body);
    tokens(&reply)
}

fn tokens(reply: &Reply) -> (String, String) {
    let answer = reply.json();
    let token = |member: &str| answer[member].as_str().unwrap_or_default().to_owned();
    (token("access"), token("refresh"))
}

fn refresh(running: &Running, token: &str) -> Reply {
    post(running, "/api/auth/token/refresh/", &json!({ "refresh": token }))
}

fn orders(running: &Running, credential: &str) -> Reply {
    json_call(running, "GET /cryptopay/api/payment-orders/", Some(credential), "")
}

fn verify(running: &Running, credential: &str) -> Reply {
    json_call(running, "GET /cryptopay/api/auth/verify/", Some(credential), "")
}

#[test]
fn c1_an_account_is_registered_with_four_fields_and_logs_in() {
    let running = Emulator::start(Config::default()).unwrap();
    let account =
        json!({ "username": "grace", "email": "grace@example.com", "password": PASSWORD, "shop_name": "Compilers" });
    let made = post(&running, "/api/auth/register", &account);
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(
        made.json(),
        json!({ "id": 335092, "username": "grace", "email": "grace@example.com", "shop_name": "Compilers" })
    );
    let reply = post(&running, "/api/auth/login", &json!({ "username": "grace", "password": PASSWORD }));
    assert_eq!(reply.json()["user"], json!({ "id": 335092, "username": "grace", "email": "grace@example.com" }));
    assert!(!format!("{:?}", running.log()).contains(PASSWORD));
}

#[test]
fn c2_c3_a_login_answers_the_pair_and_the_user_with_the_documented_lifetimes() {
    let running = cryptopay();
    let reply = post(&running, "/api/auth/login", &json!({ "username": "ada", "password": PASSWORD }));
    assert!(reply.body.starts_with(r#"{"access":"eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9."#), "{}", reply.body);
    assert_eq!(reply.json()["user"]["username"], "ada");
    let (access, refresh) = tokens(&reply);
    for (token, kind, lifetime) in [(access, "access", 86_400), (refresh, "refresh", 30 * 86_400)] {
        let claims = claims_of(&token);
        let text = data_encoding::BASE64URL_NOPAD.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
        let places = ["token_type", "exp", "iat", "jti", "user_id"]
            .map(|claim| std::str::from_utf8(&text).unwrap().find(&format!("\"{claim}\":")));
        assert!(places.is_sorted() && places[0] == Some(1), "SimpleJWT's order");
        assert_eq!((&claims["token_type"], &claims["user_id"]), (&json!(kind), &json!("690399")));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), lifetime, "{kind}");
        assert_eq!(claims["jti"].as_str().unwrap().len(), 32);
        assert_eq!(claims.as_object().unwrap().len(), 5);
    }
}

#[test]
fn a_token_of_before_a_restart_names_the_same_user_and_expires_with_all_others() {
    let before = cryptopay();
    let (access, refresh_token) = log_in(&before);
    before.stop();
    let after = Emulator::start(Config::default()).unwrap();
    // Another user comes first now.
    for username in ["bob", "ada"] {
        after.register(Registration::Login { provider: "cryptopay", username, password: PASSWORD }).unwrap();
    }
    assert_eq!(verify(&after, &access).json()["user"]["username"], "ada");
    after.cause(Incident::ExpireAccess).unwrap();
    assert_eq!(verify(&after, &access).status, 401);
    assert_eq!(refresh(&after, &refresh_token).status, 200);
    after.cause(Incident::BlacklistRefresh).unwrap();
    let (_, fresh) = log_in(&after);
    assert_eq!((refresh(&after, &refresh_token).status, refresh(&after, &fresh).status), (401, 200));
}

#[test]
fn whoever_is_revoked_is_revoked_under_each_password() {
    let running = cryptopay();
    let (access, _) = log_in(&running);
    running.cause(Incident::RevokeLogin { provider: "cryptopay", username: "ada" }).unwrap();
    // Told again, as a window does with each call.
    running.register(Registration::Login { provider: "cryptopay", username: "ada", password: PASSWORD }).unwrap();
    assert_eq!(verify(&running, &access).status, 401);
    let reply = post(&running, "/api/auth/login", &json!({ "username": "ada", "password": PASSWORD }));
    assert_eq!(reply.status, 401, "{}", reply.body);
}

#[test]
fn c4_a_refresh_gives_both_tokens_and_the_old_one_is_blacklisted() {
    let running = cryptopay();
    let (first_access, first) = log_in(&running);
    let reply = refresh(&running, &first);
    assert_eq!(reply.status, 200, "{}", reply.body);
    let (access, second) = tokens(&reply);
    assert_eq!(reply.json().as_object().unwrap().len(), 2);
    for token in [&access, &first_access] {
        assert_eq!(orders(&running, token).status, 200, "an access token outlives the refresh");
    }
    native(&running);
    let again = refresh(&running, &first);
    assert_eq!((again.status, &again.json()["detail"]), (401, &json!("Token is blacklisted")));
    assert_eq!(refresh(&running, &second).status, 200);
    let without_slash = post(&running, "/api/auth/token/refresh", &json!({ "refresh": second }));
    assert_eq!(without_slash.status, 404, "the slash belongs to the path");
}

#[test]
fn c4_without_rotation_the_refresh_token_stays_and_none_comes_back() {
    let running = cryptopay();
    running.set_faults(Faults { no_rotation: true, ..Faults::default() });
    let (_, token) = log_in(&running);
    for _ in 0..3 {
        let reply = refresh(&running, &token);
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(reply.json().as_object().unwrap().keys().collect::<Vec<_>>(), ["access"]);
    }
}

#[test]
fn c5_an_expired_access_token_is_renewed_and_a_refused_refresh_ends_in_a_login() {
    let running = cryptopay();
    let (access, token) = log_in(&running);
    running.cause(Incident::ExpireAccess).unwrap();
    assert_eq!(orders(&running, &access).status, 401);
    let (access, token) = tokens(&refresh(&running, &token));
    assert_eq!(orders(&running, &access).status, 200);
    running.cause(Incident::ExpireAccess).unwrap();
    running.cause(Incident::BlacklistRefresh).unwrap();
    assert_eq!((orders(&running, &access).status, refresh(&running, &token).status), (401, 401));
    let (access, _) = log_in(&running);
    assert_eq!(orders(&running, &access).status, 200);
}

#[test]
fn c6_of_two_refreshes_at_once_one_is_refused() {
    let running = cryptopay();
    let (_, token) = log_in(&running);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let both = [(); 2].map(|()| scope.spawn(|| refresh(&running, &token).status));
        both.map(|thread| thread.join().unwrap()).to_vec()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
}

#[test]
fn c21_every_flow_and_endpoint_of_the_definition_is_played() {
    let running = cryptopay();
    running.register(Registration::ApiKey { provider: "cryptopay", key: KEY }).unwrap();
    let definition = provider::built_in_named("cryptopay").unwrap();
    let (access, _) = log_in(&running);
    for endpoint in &definition.endpoints {
        let line = format!("{} /cryptopay{}", endpoint.method, endpoint.path.text());
        for credential in [KEY, &access] {
            let reply = json_call(&running, &line, Some(credential), endpoint.body.as_deref().unwrap_or_default());
            assert_eq!(reply.status, endpoint.expect, "{line}: {}", reply.body);
        }
    }
    assert_eq!(definition.flows.len(), 4);
    for flow in &definition.flows {
        let (access, token) = log_in(&running);
        let members = flow.body.iter().map(|member| {
            let value = match member.name.as_str() {
                "username" if flow.id == "log-in" => "ada",
                "username" => "new",
                "email" => "new@example.com",
                "password" => PASSWORD,
                "refresh" => &token,
                _ => "Shop",
            };
            (member.name.clone(), json!(value))
        });
        let body = Value::Object(members.collect()).to_string();
        let line = format!("{} /cryptopay{}", flow.method, flow.path.text());
        let credential = (flow.id == "verify").then_some(access.as_str());
        let reply = json_call(&running, &line, credential, body);
        assert!(matches!(reply.status, 200 | 201), "{line}: {} {}", reply.status, reply.body);
        for (name, places) in &flow.gives {
            assert!(places.iter().any(|place| reply.json().pointer(place).is_some()), "{name}: {}", reply.body);
        }
    }
}

#[test]
fn c15_verify_shows_the_user_the_permissions_and_the_expiry() {
    let running = cryptopay();
    let (access, _) = log_in(&running);
    let answer = verify(&running, &access).json();
    let exp = claims_of(&access)["exp"].as_i64().unwrap();
    assert_eq!(answer["valid"], true);
    assert_eq!(answer["user"]["id"], 690399);
    assert_eq!(answer["user"]["permissions"], json!(["read", "create_payments", "manage_webhooks", "full_access"]));
    let day = answer["expires_at"].as_str().unwrap();
    assert!(day.ends_with('Z') && day.len() == 20, "{day}");
    let expires_at = Some(exp);
    let limited = |key, permissions| {
        let permissions = Some(permissions);
        let key = Registration::LimitedKey { provider: "cryptopay", key, permissions, expires_at };
        running.register(key).unwrap();
    };
    limited("cp_test_read", &["read"]);
    assert_eq!(verify(&running, "cp_test_read").json()["user"]["permissions"], json!(["read"]));
    assert_eq!(verify(&running, "cp_test_read").json()["expires_at"], day);
    limited("cp_test_full", &["full_access"]);
    assert_eq!(verify(&running, "cp_test_full").json()["user"]["permissions"].as_array().unwrap().len(), 4);
    running.register(Registration::ApiKey { provider: "cryptopay", key: KEY }).unwrap();
    assert_eq!(verify(&running, KEY).json()["expires_at"], Value::Null);
}

#[test]
fn c10_a_key_does_no_more_than_its_permissions() {
    let running = cryptopay();
    for (key, permissions) in
        [("cp_test_read", &["read"][..]), ("cp_test_pay", &["create_payments"]), ("cp_test_full", &["full_access"])]
    {
        let permissions = Some(permissions);
        let key = Registration::LimitedKey { provider: "cryptopay", key, permissions, expires_at: None };
        running.register(key).unwrap();
    }
    let create = |key: &str| json_call(&running, "POST /cryptopay/api/payment-orders/", Some(key), "{}").status;
    assert_eq!((orders(&running, "cp_test_read").status, create("cp_test_read")), (200, 403));
    assert_eq!((orders(&running, "cp_test_pay").status, create("cp_test_pay")), (403, 201));
    assert_eq!((orders(&running, "cp_test_full").status, create("cp_test_full")), (200, 201));
}

#[test]
fn a_merchant_sees_the_orders_of_the_own_shop_alone() {
    let running = cryptopay();
    running.register(Registration::ApiKey { provider: "cryptopay", key: KEY }).unwrap();
    let other = Registration::Login { provider: "cryptopay", username: "bob", password: PASSWORD };
    running.register(other).unwrap();
    let (ada, _) = log_in(&running);
    let bob = post(&running, "/api/auth/login", &json!({ "username": "bob", "password": PASSWORD }));
    let (bob, _) = tokens(&bob);
    let body = r#"{"amount":"12.50","currency":"BTC"}"#;
    let made = json_call(&running, "POST /cryptopay/api/payment-orders/", Some(&ada), body);
    assert_eq!(made.status, 201, "{}", made.body);
    let line = format!("GET /cryptopay/api/payment-orders/{}/", made.json()["id"].as_str().unwrap());
    let get = |credential: &str| json_call(&running, &line, Some(credential), "").status;
    assert_eq!((get(&ada), get(KEY), get(&bob)), (200, 200, 404), "the key is the first account's");
    assert_eq!(orders(&running, &bob).json()["count"], 0);
    assert_eq!(orders(&running, KEY).json()["results"][0]["amount"], "12.50");
}

/// Every way in which a caller is refused, once for each kind of body.
fn refusals(native_bodies: bool) -> String {
    let running = cryptopay();
    running.set_faults(Faults { native_bodies, ..Faults::default() });
    let past = now() - 100;
    for (key, permissions, expires_at) in
        [(KEY, &["read"][..], None), ("cp_test_past", &["read"], Some(past)), ("cp_test_revoked", &["read"], None)]
    {
        let permissions = Some(permissions);
        let key = Registration::LimitedKey { provider: "cryptopay", key, permissions, expires_at };
        running.register(key).unwrap();
    }
    running.register(Registration::ApiKey { provider: "cryptopay", key: "cp_live_real" }).unwrap();
    running.cause(Incident::RevokeKey { provider: "cryptopay", key: "cp_test_revoked" }).unwrap();
    let (access, token) = log_in(&running);
    let claims = claims_of(&access);
    let elsewhere = hs256_text(r#"{"typ":"JWT","alg":"HS256"}"#, &claims.to_string(), b"another secret");
    let parts: Vec<&str> = access.split('.').collect();
    let unsigned = format!("{}.{}.", encode(r#"{"typ":"JWT","alg":"none"}"#), parts[1]);
    let forged = format!("{}.{}.{}", parts[0], encode(with(claims, json!({ "user_id": "1" })).to_string()), parts[2]);
    let bearer = |credential: &str| vec![format!("Authorization: Bearer {credential}")];
    let mut report = String::new();
    for (name, fields) in [
        ("no field", vec![]),
        ("two fields", [bearer(&access), bearer(&access)].concat()),
        ("bearer in lower case", vec![format!("Authorization: bearer {access}")]),
        ("Token instead of Bearer", vec![format!("Authorization: Token {access}")]),
        ("scheme alone", vec!["Authorization: Bearer".into()]),
        ("Bearer twice", bearer(&format!("Bearer {access}"))),
        ("quoted", bearer(&format!("\"{access}\""))),
        ("c8 a refresh token", bearer(&token)),
        ("a token of another secret", bearer(&elsewhere)),
        ("a token of another user", bearer(&forged)),
        ("alg none", bearer(&unsigned)),
        ("two parts", bearer(&format!("{}.{}", parts[0], parts[1]))),
        ("no base64url", bearer(&format!("{}.{}.{}", parts[0], parts[1], "a+b"))),
        ("c9 a key that nobody registered", bearer("cp_test_0000")),
        ("a live key, though it is registered", bearer("cp_live_real")),
        ("another provider's key", bearer("sk_test_0000")),
        ("an expired key", bearer("cp_test_past")),
        ("a revoked key", bearer("cp_test_revoked")),
        ("over 8 KiB", bearer(&"a".repeat(8192))),
    ] {
        let fields: Vec<&[u8]> = fields.iter().map(|field| field.as_bytes()).collect();
        let reply = send(running.address(), "GET /cryptopay/api/payment-orders/", &fields, "");
        report += &told(&running, name, &reply);
    }
    let create = json_call(&running, "POST /cryptopay/api/payment-orders/", Some(KEY), "{}");
    report += &told(&running, "c10 a key without the permission", &create);

    for (name, path, body) in [
        ("login: another password", "/api/auth/login", json!({ "username": "ada", "password": "guess" })),
        ("login: nobody", "/api/auth/login", json!({ "username": "eve", "password": "guess" })),
        ("login: no fields", "/api/auth/login", json!({})),
        ("login: wrong types", "/api/auth/login", json!({ "username": 1, "password": null })),
        ("login: a number and a list", "/api/auth/login", json!({ "username": 1, "password": ["x"] })),
        ("login: a NUL", "/api/auth/login", json!({ "username": "a\0", "password": "x" })),
        ("login: blank", "/api/auth/login", json!({ "username": " ", "password": "x".repeat(500) })),
        ("register: nothing", "/api/auth/register", json!({})),
        (
            "register: a name that is taken",
            "/api/auth/register",
            json!({ "username": "ada", "email": "a@b.c", "password": PASSWORD, "shop_name": "S" }),
        ),
        (
            "register: no address, short password",
            "/api/auth/register",
            json!({ "username": "x", "email": "a", "password": "short", "shop_name": "S" }),
        ),
        (
            "register: long names",
            "/api/auth/register",
            json!({ "username": "u".repeat(151), "email": "a@b.c", "password": PASSWORD, "shop_name": "s".repeat(151) }),
        ),
        ("refresh: nothing", "/api/auth/token/refresh/", json!({})),
        ("refresh: a number", "/api/auth/token/refresh/", json!({ "refresh": 1 })),
        ("refresh: no token", "/api/auth/token/refresh/", json!({ "refresh": "hello" })),
        ("refresh: an access token", "/api/auth/token/refresh/", json!({ "refresh": access })),
        ("refresh: of another secret", "/api/auth/token/refresh/", json!({ "refresh": elsewhere })),
        ("refresh: a list", "/api/auth/token/refresh/", json!({ "refresh": [] })),
        ("logout: nothing", "/api/auth/logout", json!({})),
        ("logout: an access token", "/api/auth/logout", json!({ "refresh": access })),
    ] {
        let reply = post(&running, path, &body);
        report += &told(&running, name, &reply);
    }
    assert_eq!(refresh(&running, &token).status, 200);
    report += &told(&running, "c7 refresh: used before", &refresh(&running, &token));

    let (access, token) = log_in(&running);
    let out = post(&running, "/api/auth/logout", &json!({ "refresh": token }));
    report += &told(&running, "logout", &out);
    report += &told(&running, "refresh: after logging out", &refresh(&running, &token));
    assert_eq!(orders(&running, &access).status, 200, "an access token outlives the logout");

    let later = |skew| running.set_faults(Faults { skew, ..running.faults() });
    let (access, token) = log_in(&running);
    later(86_401);
    report += &told(&running, "access: a day later", &orders(&running, &access));
    assert_eq!(refresh(&running, &token).status, 200);
    later(0);
    let (_, token) = log_in(&running);
    later(30 * 86_400 + 1);
    report += &told(&running, "refresh: 30 days later", &refresh(&running, &token));
    later(-60);
    report += &told(&running, "access: on a clock that is behind", &orders(&running, &access));
    later(0);

    running.cause(Incident::ExpireAccess).unwrap();
    report += &told(&running, "access: expired on demand", &orders(&running, &access));
    let (access, token) = log_in(&running);
    assert_eq!(orders(&running, &access).status, 200);
    running.cause(Incident::BlacklistRefresh).unwrap();
    report += &told(&running, "refresh: blacklisted on demand", &refresh(&running, &token));
    let (access, token) = log_in(&running);
    running.cause(Incident::RevokeLogin { provider: "cryptopay", username: "ada" }).unwrap();
    report += &told(&running, "access: of a revoked account", &orders(&running, &access));
    report += &told(&running, "refresh: of a revoked account", &refresh(&running, &token));
    let login = post(&running, "/api/auth/login", &json!({ "username": "ada", "password": PASSWORD }));
    report += &told(&running, "login: a revoked account", &login);
    report
}

#[test]
fn c16_every_refusal_has_its_documented_body() {
    insta::assert_snapshot!(refusals(false));
}

#[test]
fn c16_every_refusal_has_the_body_of_simplejwt_where_that_is_asked_for() {
    insta::assert_snapshot!(refusals(true));
}

#[test]
fn c17_one_call_too_many_says_when_to_come_back() {
    let running = cryptopay();
    running.register(Registration::ApiKey { provider: "cryptopay", key: KEY }).unwrap();
    let mut report = String::new();
    for native_bodies in [false, true] {
        running.reset();
        running.set_faults(Faults { native_bodies, limit: Some(Limit { calls: 1, seconds: 60 }), ..Faults::default() });
        let (access, _) = log_in(&running);
        assert_eq!(orders(&running, &access).status, 200);
        assert_eq!(orders(&running, KEY).status, 200);
        let mut one_more = |name: &str, reply: Reply| {
            // The clock may tick once meanwhile.
            let left = reply.header("retry-after").unwrap().to_owned();
            assert!(["60", "59", "58"].contains(&left.as_str()), "{left}");
            report += &told(&running, name, &reply).replace("in 60 s,", "in a minute,").replace(&left, "<seconds>");
        };
        one_more("a session", orders(&running, &access));
        one_more("a key", orders(&running, KEY));
        let login = json!({ "username": "ada", "password": PASSWORD });
        one_more("a login", post(&running, "/api/auth/login", &login));
    }
    insta::assert_snapshot!(report);
}

#[test]
fn a_good_session_passes_every_check() {
    let running = cryptopay();
    let (access, token) = log_in(&running);
    assert_eq!(last(&running).passed, [Check::Body, Check::Key]);
    assert_eq!((last(&running).outcome, last(&running).provider), (Outcome::Accepted, "cryptopay"));
    let token_checks = [Check::Form, Check::Header, Check::Signature, Check::Claims, Check::Times, Check::Session];
    orders(&running, &access);
    assert_eq!(
        last(&running).passed,
        [&[Check::Authorization][..], &token_checks, &[Check::Key, Check::Scope]].concat()
    );
    refresh(&running, &token);
    assert_eq!(last(&running).passed, [&[Check::Body][..], &token_checks, &[Check::Key]].concat());
}

#[test]
fn orders_that_are_wrong_say_so_in_the_frameworks_words() {
    let running = cryptopay();
    let (access, _) = log_in(&running);
    let mut report = String::new();
    for (name, line, body) in [
        ("no such path", "GET /cryptopay/api/nothing/", ""),
        ("without the slash", "GET /cryptopay/api/payment-orders", ""),
        ("another method", "DELETE /cryptopay/api/payment-orders/", ""),
        ("no such order", "GET /cryptopay/api/payment-orders/1/", ""),
        ("not JSON", "POST /cryptopay/api/payment-orders/", "{"),
        ("a list", "POST /cryptopay/api/payment-orders/", "[]"),
        ("an amount that is none", "POST /cryptopay/api/payment-orders/", r#"{"amount":"much","currency":1}"#),
    ] {
        let reply = json_call(&running, line, Some(&access), body);
        report += &told(&running, name, &reply);
    }
    insta::assert_snapshot!(report);
}
