//! Faults that are the same for every provider.

use keywright_emulator::{Config, Emulator, Faults, Incident, Limit, Registration, Running};
use serde_json::json;

use crate::support::*;

/// A path of each provider.
const PATHS: [(&str, &str); 4] = [
    ("gr4vy", "/transactions"),
    ("hedge", "/api/payments"),
    ("partner", "/portfolio"),
    ("cryptopay", "/api/payment-orders/"),
];

fn start() -> Running {
    Emulator::start(Config::default()).unwrap()
}

#[test]
fn every_provider_fails_as_it_is_told_in_its_own_words() {
    let running = start();
    let mut report = String::new();
    for (provider, path) in PATHS {
        for status in [401, 403, 429, 500, 503] {
            running.set_faults(Faults { fail: Some(format!("{status}x1").parse().unwrap()), ..Faults::default() });
            let reply = send(running.address(), &format!("GET /{provider}{path}"), &[], "");
            assert_eq!(reply.status, status, "{provider}");
            report += &format!("{provider} {status} {}\n", reply.body);
        }
    }
    insta::assert_snapshot!(report);
}

#[test]
fn c17_the_seconds_to_wait_are_said_in_the_form_that_was_asked_for() {
    let running = start();
    for (provider, path) in PATHS {
        let ask = |fail: &str| {
            running.set_faults(Faults { fail: Some(fail.parse().unwrap()), ..Faults::default() });
            send(running.address(), &format!("GET /{provider}{path}"), &[], "")
        };
        let seconds = ask("429x1:7");
        assert_eq!((seconds.header("retry-after"), seconds.json().get("retry_after")), (Some("7"), None));
        let date = ask("429x1:7@date");
        let (now, later) = (date.header("date").unwrap(), date.header("retry-after").unwrap());
        assert!(later.ends_with(" GMT") && later.len() == now.len() && later != now, "{now} {later}");
        let body = ask("429x1:7@body");
        assert_eq!((body.header("retry-after"), body.json()["retry_after"].clone()), (None, json!(7)), "{provider}");
        let none = ask("429x1");
        assert_eq!((none.header("retry-after"), none.json().get("retry_after")), (None, None));
    }
}

#[test]
fn a_limit_holds_for_every_provider_and_each_caller_alone() {
    let running = start();
    running.register(Registration::Jwk(&key_file("p521-none.pub.jwk.json"))).unwrap();
    running.set_faults(Faults { limit: Some(Limit { calls: 1, seconds: 60 }), ..Faults::default() });
    assert_eq!(call(&running, "GET /buyers", &good_token(), "").status, 200);
    let refused = call(&running, "GET /buyers", &good_token(), "");
    assert_eq!((refused.status, &refused.json()["code"]), (429, &json!("too_many_requests")));
    let secret = b"0123456789abcdef0123456789abcdef";
    for client in ["a", "b"] {
        running.register(Registration::Secret { provider: "partner", client: Some(client), bytes: secret }).unwrap();
    }
    let ask = |client: &str| {
        let claims = json!({ "clientId": client, "iat": now(), "exp": now() + 900 }).to_string();
        let token = hs256_text(r#"{"alg":"HS256","typ":"JWT"}"#, &claims, secret);
        json_call(&running, "GET /partner/portfolio", Some(&token), "").status
    };
    assert_eq!([ask("a"), ask("a"), ask("b")], [200, 429, 200]);
}

/// About 50 calls a minute are known for tokens of a front end, and no limit for a server.
#[test]
fn gr4vy_limits_tokens_of_front_ends() {
    let running = emulator(&["p521-none"]);
    let embed = json!({ "scopes": ["embed", "buyers.read"] });
    let front_end = es512_token(&header(), &with(claims(), embed));
    let server = good_token();
    let statuses = |token: &str| (0..51).map(|_| call(&running, "GET /buyers", token, "").status).collect::<Vec<_>>();
    let limited = statuses(&front_end);
    assert_eq!((limited[49], limited[50]), (200, 429));
    assert!(statuses(&server).iter().all(|status| *status == 200));
}

#[test]
fn incidents_are_caused_by_the_control_path() {
    let running = start();
    running.register(Registration::ApiKey { provider: "hedge", key: "test_1" }).unwrap();
    let login = Registration::Login { provider: "cryptopay", username: "ada", password: "secret" };
    running.register(login).unwrap();
    let bytes = b"0123456789abcdef0123456789abcdef";
    running.register(Registration::Secret { provider: "partner", client: Some("acme"), bytes }).unwrap();
    let cause = |body: serde_json::Value| send(running.address(), "POST /_emulator/faults", &[], body.to_string());
    for body in [
        json!({ "do": "expire_access" }),
        json!({ "do": "blacklist_refresh" }),
        json!({ "do": "revoke_key", "provider": "hedge", "key": "test_1" }),
        json!({ "do": "revoke_login", "provider": "cryptopay", "username": "ada" }),
        json!({ "do": "revoke_client", "provider": "partner", "client": "acme" }),
    ] {
        let reply = cause(body);
        assert_eq!(reply.status, 204, "{}", reply.body);
    }
    assert_eq!(json_call(&running, "GET /hedge/api/payments", Some("test_1"), "").status, 401);
    let body = json!({ "username": "ada", "password": "secret" }).to_string();
    assert_eq!(json_call(&running, "POST /cryptopay/api/auth/login", None, body).status, 401);
}

#[test]
fn p6_p10_tokens_that_callers_signed_expire_on_demand_and_newer_ones_do_not() {
    let running = emulator(&["p521-none"]);
    let secret = b"0123456789abcdef0123456789abcdef";
    running.register(Registration::Secret { provider: "partner", client: Some("a"), bytes: secret }).unwrap();
    let signed = |iat: i64| {
        let claims = json!({ "clientId": "a", "iat": iat, "exp": iat + 900 }).to_string();
        hs256_text(r#"{"alg":"HS256","typ":"JWT"}"#, &claims, secret)
    };
    let old = es512_token(&header(), &with(claims(), json!({ "iat": now() - 2, "nbf": now() - 2 })));
    let ask = |token: &str| json_call(&running, "GET /partner/portfolio", Some(token), "");
    let before = signed(now() - 2);
    assert_eq!((ask(&before).status, call(&running, "GET /buyers", &old, "").status), (200, 200));
    running.cause(Incident::ExpireAccess).unwrap();
    let refused = ask(&before);
    assert_eq!((refused.status, refused.json()), (401, json!({ "message": "Token Expired" })));
    assert_eq!(call(&running, "GET /buyers", &old, "").status, 401);
    assert_eq!((ask(&signed(now())).status, call(&running, "GET /buyers", &good_token(), "").status), (200, 200));
    running.reset();
    assert_eq!(ask(&before).status, 200);
}

#[test]
fn a_revoked_public_key_is_refused_and_shown_as_inactive() {
    let running = emulator(&["p521-none", "rsa-2048"]);
    running.cause(Incident::RevokeKey { provider: "gr4vy", key: KID }).unwrap();
    assert_eq!(call(&running, "GET /buyers", &good_token(), "").status, 401);
    assert!(last(&running).to_string().contains("refused at key: the key pair that \"kid\" names is not active"));
    running.register(Registration::Jwk(&key_file("p521-none.pub.jwk.json"))).unwrap();
    assert_eq!(call(&running, "GET /buyers", &good_token(), "").status, 401, "registering again does not undo it");
    let header = json!({ "alg": "RS512", "typ": "JWT", "kid": RSA_KID });
    let token = library_token(&header, &claims(), jsonwebtoken::Algorithm::RS512, &rsa_key());
    let pairs = call(&running, "GET /api-key-pairs", &token, "").json()["items"].clone();
    assert_eq!((&pairs[0]["active"], &pairs[1]["active"]), (&json!(false), &json!(true)));
    running.reset();
    assert_eq!(call(&running, "GET /buyers", &good_token(), "").status, 200);
    let nobody = running.cause(Incident::RevokeKey { provider: "gr4vy", key: "nobody" }).unwrap_err();
    assert_eq!(nobody.to_string(), "the key is not registered for \"gr4vy\", so nothing happened");
}
