//! Gr4vy's API key pairs: listed, made, changed, deleted, and what each means for the tokens of a pair.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeSet;

use keywright_emulator::{Faults, Incident, Registration, Running};
use p521::pkcs8::{DecodePrivateKey, EncodePublicKey, LineEnding};
use serde_json::{Value, json};
use support::*;

const ADMINISTRATOR: &str = "8f4b8c1a-1b2c-4d3e-9f5a-6b7c8d9e0f1a";
const PROCESSING: &str = "2c9a7f3d-4e5b-4a6c-8d7e-9f0a1b2c3d4e";
const KEY_MANAGEMENT: &str = "b1a4d9c2-07e6-4c8b-a1f3-6d5e4c3b2a10";
const PAYOUTS: &str = "e7c3f5a8-2b6d-4e19-9c07-1a2b3c4d5e6f";
const SUPPORT: &str = "94d2c1b0-a8f7-4e6d-b5c4-d3e2f1a0b9c8";

/// The kid of a key file.
fn kid(name: &str) -> String {
    let kids: Value = serde_json::from_str(&key_file("kids.json")).unwrap();
    kids[name].as_str().unwrap().to_owned()
}

/// The public half of a key file, as SPKI PEM.
fn public_pem(name: &str) -> String {
    let secret = p521::SecretKey::from_pkcs8_pem(&key_file(&format!("{name}.pkcs8.pem"))).unwrap();
    secret.public_key().to_public_key_pem(LineEnding::LF).unwrap()
}

/// A good token of the key `name`, with some claims changed.
fn token_of(name: &str, changed: Value) -> String {
    let header = with(header(), json!({ "kid": kid(name) }));
    es512_text(&header.to_string(), &with(claims(), changed).to_string(), name)
}

/// Calls with a token of `name`.
fn by(running: &Running, name: &str, line: &str, body: &Value) -> Reply {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    call(running, line, &token_of(name, json!({})), &body)
}

/// What registers the key `name` beside the one that calls.
fn ours(name: &str, changed: Value) -> Value {
    let body = json!({
        "display_name": "Next", "algorithm": "ECDSA", "active": false, "public_key": public_pem(name),
        "role_ids": [ADMINISTRATOR], "merchant_account_ids": [],
    });
    with(body, changed)
}

fn pairs(running: &Running, query: &str) -> Vec<Value> {
    let reply = by(running, "p521-none", &format!("GET /api-key-pairs{query}"), &Value::Null);
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()["items"].as_array().unwrap().clone()
}

fn one(running: &Running, name: &str) -> Option<Value> {
    pairs(running, "?limit=100").into_iter().find(|pair| pair["thumbprint"] == kid(name))
}

/// The status of an ordinary call with a token of `name`.
fn works(running: &Running, name: &str) -> u16 {
    by(running, name, "GET /buyers", &Value::Null).status
}

#[test]
fn a_registered_key_is_a_pair_with_a_role_that_is_found_by_its_thumbprint() {
    let running = emulator(&["p521-none"]);
    let pair = one(&running, "p521-none").unwrap();
    assert_eq!((&pair["active"], &pair["creator"], &pair["private_key"]), (&json!(true), &Value::Null, &Value::Null));
    assert_eq!((&pair["roles"][0]["id"], &pair["merchant_accounts"]), (&json!(ADMINISTRATOR), &json!([])));
    let line = format!("GET /api-key-pairs/{}", pair["id"].as_str().unwrap());
    let alone = by(&running, "p521-none", &line, &Value::Null).json();
    assert_eq!(with(alone, json!({ "last_used_at": null })), with(pair, json!({ "last_used_at": null })));
    let roles = by(&running, "p521-none", "GET /roles", &Value::Null).json();
    assert_eq!(roles["items"][0]["permissions"], json!({ "allow": ["*.read", "*.write"] }));
}

#[test]
fn a_whole_rotation_from_our_half_to_the_end_of_the_old_one() {
    let running = emulator(&["p521-none"]);
    let old = one(&running, "p521-none").unwrap();
    assert_eq!(works(&running, "p521-xzero"), 401, "nobody knows it");
    let made = by(&running, "p521-none", "POST /api-key-pairs", &ours("p521-xzero", json!({})));
    assert_eq!(made.status, 201, "{}", made.body);
    let made = made.json();
    assert_eq!((&made["thumbprint"], &made["private_key"]), (&json!(kid("p521-xzero")), &Value::Null));
    assert_eq!((&made["active"], &made["last_used_at"]), (&json!(false), &Value::Null));
    assert_eq!((&made["creator"]["id"], &made["creator"]["thumbprint"]), (&old["id"], &old["thumbprint"]));
    assert_eq!(works(&running, "p521-xzero"), 401, "it is not active");
    assert!(last(&running).to_string().contains("the key pair that \"kid\" names is not active"));

    let new = format!("/api-key-pairs/{}", made["id"].as_str().unwrap());
    let changed = by(&running, "p521-none", &format!("PUT {new}"), &json!({ "active": true }));
    assert_eq!((changed.status, &changed.json()["active"]), (200, &json!(true)));
    assert_eq!((&changed.json()["roles"], &changed.json()["display_name"]), (&made["roles"], &made["display_name"]));
    assert_eq!((works(&running, "p521-none"), works(&running, "p521-xzero")), (200, 200), "both at once");

    let end = format!("/api-key-pairs/{}", old["id"].as_str().unwrap());
    assert_eq!(by(&running, "p521-xzero", &format!("PUT {end}"), &json!({ "active": false })).status, 200);
    assert_eq!((works(&running, "p521-none"), works(&running, "p521-xzero")), (401, 200));
    assert_eq!(by(&running, "p521-xzero", &format!("PUT {end}"), &json!({ "active": true })).status, 200);
    assert_eq!(works(&running, "p521-none"), 200, "it was taken back");
    let gone = by(&running, "p521-xzero", &format!("DELETE {end}"), &Value::Null);
    assert_eq!((gone.status, gone.body.as_str(), gone.header("content-type")), (204, "", None));
    assert_eq!(works(&running, "p521-none"), 401);
    assert!(last(&running).to_string().contains("the key pair that \"kid\" names was deleted"));
    for (method, body) in [("GET", Value::Null), ("PUT", json!({ "active": true })), ("DELETE", Value::Null)] {
        assert_eq!(by(&running, "p521-xzero", &format!("{method} {end}"), &body).status, 404, "{method}");
    }
    // A program that registers its key with each call does not bring it back; a reset does.
    running.register(Registration::Jwk(&key_file("p521-none.pub.jwk.json"))).unwrap();
    assert_eq!(works(&running, "p521-none"), 401);
    running.reset();
    assert_eq!((works(&running, "p521-none"), works(&running, "p521-xzero")), (200, 401));
}

#[test]
fn the_last_use_moves_with_use_and_only_with_that() {
    let running = emulator(&["p521-none", "p521-yzero"]);
    let used = || one(&running, "p521-yzero").unwrap()["last_used_at"].clone();
    assert_eq!(used(), Value::Null);
    let expired = token_of("p521-yzero", json!({ "exp": 5, "nbf": 4, "iat": 4 }));
    assert_eq!(call(&running, "GET /buyers", &expired, "").status, 401);
    assert_eq!(used(), Value::Null, "a refused token is no use");
    let no_scope = token_of("p521-yzero", json!({ "scopes": ["flows.read"] }));
    assert_eq!(call(&running, "GET /buyers", &no_scope, "").status, 403);
    let first = used();
    assert!(first.is_string(), "it was authenticated, although it may not");
    running.set_faults(Faults { skew: 20, ..Faults::default() });
    assert_eq!(used(), first);
    assert_eq!(works(&running, "p521-yzero"), 200);
    assert!(used().as_str() > first.as_str());
    let pair = one(&running, "p521-yzero").unwrap();
    assert_eq!(pair["updated_at"], pair["created_at"], "a use is no change");
}

#[test]
fn the_provider_makes_a_pair_and_says_its_private_half_once() {
    let running = emulator(&["p521-none"]);
    let body = json!({ "display_name": "Made there", "role_ids": [PROCESSING] });
    let made = by(&running, "p521-none", "POST /api-key-pairs", &body).json();
    assert_eq!((&made["algorithm"], &made["active"]), (&json!("ECDSA"), &json!(true)), "both are the defaults");
    let secret = p521::SecretKey::from_pkcs8_pem(made["private_key"].as_str().unwrap()).unwrap();
    let key = p521::ecdsa::SigningKey::from_slice(&secret.to_bytes()).unwrap();
    let header = with(header(), json!({ "kid": made["thumbprint"] }));
    let input = format!("{}.{}", encode(header.to_string()), encode(claims().to_string()));
    let signature: p521::ecdsa::Signature = signature::Signer::sign(&key, input.as_bytes());
    let token = format!("{input}.{}", encode(signature.to_bytes()));
    assert_eq!(call(&running, "GET /buyers", &token, "").status, 200, "{}", last(&running));
    let again = format!("GET /api-key-pairs/{}", made["id"].as_str().unwrap());
    assert_eq!(by(&running, "p521-none", &again, &Value::Null).json()["private_key"], Value::Null);
    assert!(pairs(&running, "").iter().all(|pair| pair["private_key"].is_null()));

    let rsa = with(body, json!({ "algorithm": "RSA" }));
    let made = by(&running, "p521-none", "POST /api-key-pairs", &rsa).json();
    let key = jsonwebtoken::EncodingKey::from_rsa_pem(made["private_key"].as_str().unwrap().as_bytes()).unwrap();
    let header = json!({ "alg": "RS512", "typ": "JWT", "kid": made["thumbprint"] });
    let token = library_token(&header, &claims(), jsonwebtoken::Algorithm::RS512, &key);
    assert_eq!(call(&running, "GET /buyers", &token, "").status, 200, "{}", last(&running));
}

#[test]
fn what_cannot_be_made_is_refused_in_the_published_shapes() {
    let running = emulator(&["p521-none"]);
    let spki = |pem: &str| pem.replace("\n", "\\n");
    let mut report = String::new();
    let rsa = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==\n-----END PUBLIC KEY-----\n";
    let p256 = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n-----END PUBLIC KEY-----\n";
    let private = key_file("p521-xzero.pkcs8.pem");
    let cases = [
        ("nothing said", json!({})),
        ("no role", ours("p521-xzero", json!({ "role_ids": [] }))),
        ("roles not said", ours("p521-xzero", json!({ "role_ids": null }))),
        ("no UUID", ours("p521-xzero", json!({ "role_ids": ["administrator"] }))),
        ("an unknown role", ours("p521-xzero", json!({ "role_ids": ["00000000-0000-4000-8000-000000000000"] }))),
        ("a role of users", ours("p521-xzero", json!({ "role_ids": [ADMINISTRATOR, SUPPORT] }))),
        ("an add-on alone", ours("p521-xzero", json!({ "role_ids": [PAYOUTS] }))),
        ("no name", ours("p521-xzero", json!({ "display_name": "" }))),
        ("an unknown algorithm", ours("p521-xzero", json!({ "algorithm": "EdDSA" }))),
        ("a P-256 key", ours("p521-xzero", json!({ "public_key": p256 }))),
        ("an RSA key", ours("p521-xzero", json!({ "public_key": rsa }))),
        ("an RSA pair brought", ours("p521-xzero", json!({ "public_key": rsa, "algorithm": "RSA" }))),
        ("the private half", ours("p521-xzero", json!({ "public_key": private }))),
        ("no PEM", ours("p521-xzero", json!({ "public_key": "hunter2" }))),
        ("lost line breaks", ours("p521-xzero", json!({ "public_key": spki(&public_pem("p521-xzero")) }))),
        ("no merchant account", ours("p521-xzero", json!({ "merchant_account_ids": ["no such thing"] }))),
        ("a member too many", ours("p521-xzero", json!({ "thumbprint": "x" }))),
    ];
    let count = pairs(&running, "").len();
    for (name, body) in &cases {
        report += &told(&running, name, &by(&running, "p521-none", "POST /api-key-pairs", body));
    }
    assert!(!report.contains("hunter2") && !report.contains("PRIVATE"), "{report}");
    report += &told(&running, "no id", &by(&running, "p521-none", "GET /api-key-pairs/x", &Value::Null));
    assert_eq!(pairs(&running, "").len(), count, "nothing was made");
    insta::assert_snapshot!(report);
}

#[test]
fn a_key_that_is_there_is_a_duplicate_with_the_id_of_its_pair() {
    let running = emulator(&["p521-none"]);
    let first = by(&running, "p521-none", "POST /api-key-pairs", &ours("p521-xzero", json!({}))).json();
    let again = by(&running, "p521-none", "POST /api-key-pairs", &ours("p521-xzero", json!({})));
    assert_eq!((again.status, &again.json()["code"]), (409, &json!("duplicate_record")));
    assert_eq!(again.json()["resource_id"], first["id"]);
    let own = by(&running, "p521-none", "POST /api-key-pairs", &ours("p521-none", json!({}))).json();
    assert_eq!(own["resource_id"], one(&running, "p521-none").unwrap()["id"], "a registered one is there too");
    let line = format!("DELETE /api-key-pairs/{}", first["id"].as_str().unwrap());
    assert_eq!(by(&running, "p521-none", &line, &Value::Null).status, 204);
    let anew = by(&running, "p521-none", "POST /api-key-pairs", &ours("p521-xzero", json!({ "active": true })));
    assert_eq!(anew.status, 201);
    assert_ne!(anew.json()["id"], first["id"]);
    assert_eq!(works(&running, "p521-xzero"), 200);
}

#[test]
fn nobody_gives_more_than_they_have() {
    let running = emulator(&["p521-none"]);
    for (name, role) in [("p521-xzero", "key-management"), ("p521-yzero", "processing")] {
        let jwk = key_file(&format!("{name}.pub.jwk.json"));
        let merchant_accounts = &["acme-uk", "acme-us"];
        running.register(Registration::KeyPair { jwk: &jwk, name, roles: &[role], merchant_accounts }).unwrap();
    }
    let mut report = String::new();
    let mut ask = |name: &str, by_whom: &str, body: Value| {
        let reply = by(&running, by_whom, "POST /api-key-pairs", &with(body, json!({ "public_key": null })));
        report += &told(&running, name, &reply);
        reply.status
    };
    let body = |role: &str, merchants: Value| json!({ "display_name": "x", "role_ids": [role], "merchant_account_ids": merchants });
    assert_eq!(ask("a role with more", "p521-xzero", body(ADMINISTRATOR, json!(["acme-uk"]))), 403);
    assert_eq!(ask("all merchant accounts", "p521-xzero", body(KEY_MANAGEMENT, json!([]))), 403);
    assert_eq!(ask("another merchant account", "p521-xzero", body(KEY_MANAGEMENT, json!(["acme-uk", "acme-de"]))), 403);
    assert_eq!(ask("a role that makes no keys", "p521-yzero", body(PROCESSING, json!(["acme-uk"]))), 403);
    let no_scope = token_of("p521-none", json!({ "scopes": ["*.read", "transactions.write"] }));
    let reply = call(&running, "POST /api-key-pairs", &no_scope, &body(PROCESSING, json!([])).to_string());
    report += &told(&running, "a token without the scope", &reply);
    insta::assert_snapshot!(report);
    let fits = by(&running, "p521-xzero", "POST /api-key-pairs", &body(KEY_MANAGEMENT, json!(["acme-us"])));
    assert_eq!(fits.status, 201, "{}", fits.body);

    // A change is judged as a new pair is, and what it does not name stays.
    let line = format!("PUT /api-key-pairs/{}", fits.json()["id"].as_str().unwrap());
    for (change, status) in [
        (json!({ "role_ids": [PROCESSING] }), 403),
        (json!({ "merchant_account_ids": [] }), 403),
        (json!({ "role_ids": [] }), 422),
        (json!({ "role_ids": null, "active": null, "display_name": null, "merchant_account_ids": null }), 200),
        (json!({}), 200),
    ] {
        assert_eq!(by(&running, "p521-xzero", &line, &change).status, status, "{change}");
    }
    let now = by(&running, "p521-xzero", &line, &json!({ "display_name": "y" })).json();
    let without = |pair: Value| with(pair, json!({ "updated_at": null, "private_key": null, "display_name": "y" }));
    assert_eq!(without(now), without(fits.json()));
}

#[test]
fn its_own_scopes_are_those_of_its_roles_or_of_the_token_where_that_is_asked_for() {
    let running = emulator(&["p521-none"]);
    let narrow = || token_of("p521-none", json!({ "scopes": ["api-key-pairs.write"] }));
    let publish = || call(&running, "POST /api-key-pairs", &narrow(), &ours("p521-xzero", json!({})).to_string());
    running.set_faults(Faults { roles_by_token: true, ..Faults::default() });
    let refused = publish();
    assert_eq!((refused.status, &refused.json()["details"][0]["pointer"]), (403, &json!("/role_ids/0")));
    running.set_faults(Faults::default());
    assert_eq!(publish().status, 201);
}

#[test]
fn roles_and_merchant_accounts_limit_what_a_pair_may_do() {
    let running = emulator(&["p521-none"]);
    let jwk = key_file("p521-yzero.pub.jwk.json");
    let merchant_accounts = &["acme-uk"];
    let pair = Registration::KeyPair { jwk: &jwk, name: "Shop", roles: &["processing"], merchant_accounts };
    running.register(pair).unwrap();
    let ask = |line: &str, merchant: Option<&str>| {
        let authorization = format!("Authorization: Bearer {}", token_of("p521-yzero", json!({})));
        let merchant = merchant.map(|id| format!("x-gr4vy-merchant-account-id: {id}"));
        let fields = [Some(&authorization), merchant.as_ref()];
        let fields: Vec<&[u8]> = fields.iter().flatten().map(|field| field.as_bytes()).collect();
        let (method, path) = line.split_once(' ').unwrap();
        send(running.address(), &format!("{method} /gr4vy{path}"), &fields, "").status
    };
    assert_eq!(ask("GET /transactions", Some("acme-uk")), 200);
    assert_eq!(ask("GET /transactions", Some("acme-us")), 403);
    assert!(last(&running).to_string().contains("the key pair has access to acme-uk"), "{}", last(&running));
    assert_eq!(ask("GET /transactions", None), 403, "that is the account named default");
    assert_eq!(ask("GET /reports", Some("acme-uk")), 403);
    assert!(last(&running).to_string().contains("the operation needs reports.read; the roles"), "{}", last(&running));
    let embed = token_of("p521-yzero", json!({ "scopes": ["embed"] }));
    let options = "GET /gr4vy/buyers/payment-methods";
    let fields = [format!("Authorization: Bearer {embed}"), "x-gr4vy-merchant-account-id: acme-uk".to_owned()];
    let fields: Vec<&[u8]> = fields.iter().map(|field| field.as_bytes()).collect();
    assert_eq!(send(running.address(), options, &fields, "").status, 200, "Embed is no role's");
}

#[test]
fn pages_hold_every_pair_once() {
    let running = emulator(&["p521-none"]);
    for number in 0..24 {
        let body = json!({ "display_name": format!("Pair {number}"), "role_ids": [PROCESSING] });
        assert_eq!(by(&running, "p521-none", "POST /api-key-pairs", &body).status, 201);
    }
    let (mut seen, mut query, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = by(&running, "p521-none", &format!("GET /api-key-pairs{query}"), &Value::Null).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|pair| pair["id"].as_str().unwrap().to_owned()));
        pages += 1;
        let Some(next) = page["next_cursor"].as_str() else { break };
        query = format!("?cursor={next}");
    }
    assert_eq!((seen.len(), pages), (25, 2), "a page has 20");
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 25);
    assert_eq!((pairs(&running, "?limit=100").len(), pairs(&running, "?limit=7").len()), (25, 7));
}

#[test]
fn what_a_dashboard_does_by_hand_happens_by_a_control_call() {
    let running = emulator(&["p521-none", "p521-xzero"]);
    let go = |body: Value| send(running.address(), "POST /_emulator/faults", &[], body.to_string());
    let key = kid("p521-xzero");
    assert_eq!(go(json!({ "do": "revoke_key", "provider": "gr4vy", "key": key })).status, 204);
    assert_eq!(one(&running, "p521-xzero").unwrap()["active"], false);
    assert_eq!(go(json!({ "do": "delete_key", "provider": "gr4vy", "key": key })).status, 204);
    assert_eq!((one(&running, "p521-xzero"), works(&running, "p521-xzero")), (None, 401));
    let twice = go(json!({ "do": "delete_key", "provider": "gr4vy", "key": key }));
    assert_eq!(twice.status, 404, "{}", twice.body);
    running.reset();
    assert_eq!(one(&running, "p521-xzero").unwrap()["active"], true);

    // Also a pair that a caller made.
    by(&running, "p521-none", "POST /api-key-pairs", &ours("p521-yzero", json!({})));
    running.cause(Incident::DeleteKey { provider: "gr4vy", key: &kid("p521-yzero") }).unwrap();
    assert_eq!(one(&running, "p521-yzero"), None);

    let jwk: Value = serde_json::from_str(&key_file("p521-yzero.pub.jwk.json")).unwrap();
    let order = json!({ "kind": "jwk", "jwk": jwk, "name": "Till", "roles": ["processing", "payouts"], "merchant_accounts": ["a"] });
    let registered = send(running.address(), "POST /_emulator/credentials", &[], order.to_string());
    assert_eq!(registered.status, 201, "{}", registered.body);
    assert_eq!(one(&running, "p521-yzero"), None, "what was deleted stays so until a reset");
    running.reset();
    let registered = send(running.address(), "POST /_emulator/credentials", &[], order.to_string());
    assert_eq!(registered.json()["kids"], json!([kid("p521-yzero")]));
    let pair = one(&running, "p521-yzero").unwrap();
    let roles: Vec<&Value> = pair["roles"].as_array().unwrap().iter().map(|role| &role["slug"]).collect();
    assert_eq!((&pair["display_name"], roles), (&json!("Till"), vec![&json!("processing"), &json!("payouts")]));
    assert_eq!(pair["merchant_accounts"][0]["id"], "a");
    for (wrong, told) in [
        (
            json!({ "kind": "jwk", "jwk": jwk, "roles": ["support"] }),
            "the role \"support\" is none that a key pair can have",
        ),
        (json!({ "kind": "jwk", "jwk": jwk, "roles": [] }), "\"roles\" is empty"),
        (json!({ "kind": "jwk", "jwk": jwk, "roles": "processing" }), "wanted an array of strings"),
        (json!({ "kind": "jwk", "jwk": jwk, "name": "" }), "\"name\" is empty"),
    ] {
        let reply = send(running.address(), "POST /_emulator/credentials", &[], wrong.to_string());
        assert_eq!(reply.status, 400);
        assert!(reply.json()["error"].as_str().unwrap().contains(told), "{}", reply.body);
    }
}

#[test]
fn keys_that_gr4vy_cannot_have_are_not_shown() {
    let running = emulator(&["p521-none"]);
    for name in ["p256", "p384", "ed25519", "rsa-2048"] {
        running.register(Registration::Jwk(&key_file(&format!("{name}.pub.jwk.json")))).unwrap();
    }
    let shown: Vec<Value> = pairs(&running, "").into_iter().map(|pair| pair["algorithm"].clone()).collect();
    assert_eq!(shown, ["ECDSA", "RSA"]);
}
