//! The faults, the control paths, starting and stopping.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use keywright_emulator::{Config, Emulator, Faults, Outcome, Registration, Running, StartError};
use serde_json::json;
use support::*;

#[test]
fn skew_shows_in_the_date_and_decides_about_times() {
    let running = emulator(&["p521-none"]);
    running.set_faults(Faults { skew: -120, ..Faults::default() });
    let early = call(&running, "GET /buyers", &good_token(), "");
    assert_eq!(early.status, 401);
    assert_eq!(
        steady(&last(&running).to_string().replace(&last(&running).at, "<at>")),
        "<at> GET /gr4vy/buyers → 401 refused at times: the token is good from <date> on, <span> from now: \"nbf\" is <time>, and the emulator's clock says <time> (passed: authorization, form, header, key, signature, claims)"
    );
    running.set_faults(Faults { skew: 3600, ..Faults::default() });
    assert_eq!(call(&running, "GET /buyers", &good_token(), "").status, 401);
    running.set_faults(Faults { skew: 784_111_777 - now(), ..Faults::default() });
    let date = call(&running, "GET /buyers", &good_token(), "").header("date").unwrap().to_owned();
    assert!(date.starts_with("Sun, 06 Nov 1994 08:49:"), "{date}");
}

#[test]
fn a_clock_beyond_the_calendar_is_wrong_and_no_more() {
    let running = emulator(&["p521-none"]);
    for skew in [i64::MAX, i64::MIN] {
        running.set_faults(Faults { skew, ..Faults::default() });
        assert_eq!(call(&running, "GET /buyers", &good_token(), "").status, 401);
        let token = es512_token(&header(), &with(claims(), json!({ "exp": -1, "nbf": -2 })));
        assert_eq!(call(&running, "POST /checkout/sessions", &token, "").status, 401);
    }
}

#[test]
fn delay_makes_it_slow_and_stopping_does_not_wait_for_it() {
    let running = emulator(&["p521-none"]);
    running.set_faults(Faults { delay_ms: 300, ..Faults::default() });
    let start = Instant::now();
    assert_eq!(call(&running, "GET /buyers", &good_token(), "").status, 200);
    assert!(start.elapsed() >= Duration::from_millis(300));
    running.set_faults(Faults { delay_ms: 60_000, ..Faults::default() });
    let address = running.address();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    std::io::Write::write_all(&mut stream, b"GET /gr4vy/buyers HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let start = Instant::now();
    running.stop();
    // The answer under way takes a minute.
    assert!(start.elapsed() < Duration::from_secs(50), "{:?}", start.elapsed());
    TcpListener::bind(address).unwrap();
}

#[test]
fn an_answer_is_broken_off_in_the_middle() {
    let running = emulator(&["p521-none"]);
    running.set_faults(Faults { break_off: true, ..Faults::default() });
    let mut stream = std::net::TcpStream::connect(running.address()).unwrap();
    std::io::Write::write_all(&mut stream, b"GET /gr4vy/buyers HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let mut answer = Vec::new();
    // It ends with a reset where something was still to be sent.
    let _ = std::io::Read::read_to_end(&mut stream, &mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 401"), "{answer}");
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    assert!(length.is_none_or(|whole: usize| body.len() < whole) && !body.ends_with("0\r\n\r\n"), "{answer}");
}

#[test]
fn failures_come_as_often_as_asked_before_any_token_is_looked_at() {
    let running = emulator(&["p521-none"]);
    let mut report = String::new();
    for fail in ["429x1:7", "429x1", "425x1", "500x1", "502x1", "503x1", "504x1"] {
        running.set_faults(Faults { fail: Some(fail.parse().unwrap()), ..Faults::default() });
        let reply = send(running.address(), "GET /gr4vy/transactions", &[], "");
        let retry = reply.header("retry-after").unwrap_or("-");
        report += &format!("{fail}: HTTP {} Retry-After {retry} {}\n", reply.status, reply.body);
        assert!(matches!(last(&running).outcome, Outcome::Unchecked { .. }));
        assert_eq!(running.faults(), Faults::default());
    }
    insta::assert_snapshot!(report);
    assert_eq!(call(&running, "GET /transactions", &good_token(), "").status, 200);
}

#[test]
fn a_repeated_jti_and_an_embedded_key_are_notes_and_no_refusals() {
    let running = emulator(&["p521-none"]);
    let jwk: serde_json::Value = serde_json::from_str(&key_file("p521-yzero.pub.jwk.json")).unwrap();
    let far = json!({ "exp": now() + 100_000, "iat": now() + 50 });
    let token = es512_token(&with(header(), json!({ "jwk": jwk, "jku": "https://example.org" })), &with(claims(), far));
    for _ in 0..2 {
        assert_eq!(call(&running, "GET /buyers", &token, "").status, 200);
    }
    let notes: Vec<String> = last(&running).notes.iter().map(|note| steady(note)).collect();
    insta::assert_snapshot!(notes.join("\n"), @r#"
    the header carries "jwk": never used, keys come from the registered ones alone
    the header carries "jku": never used, keys come from the registered ones alone
    "iat" is <span> ahead; some servers refuse that
    the token lives for more than a day; a maximum is not documented
    this "jti" was used before; whether the provider refuses that is not documented
    "#);
}

#[test]
fn keys_that_are_no_good_are_refused_with_the_reason() {
    let running = emulator(&[]);
    let jwk = |name: &str| serde_json::from_str::<serde_json::Value>(&key_file(name)).unwrap();
    let p521 = jwk("p521-none.pub.jwk.json");
    let xzero = jwk("p521-xzero.pub.jwk.json");
    let rsa = jwk("rsa-2048.pub.jwk.json");
    let short = data_encoding::BASE64URL_NOPAD.decode(xzero["x"].as_str().unwrap().as_bytes()).unwrap();
    let small = encode([&[0xc1][..], &[7; 127]].concat());
    let cases = [
        ("not JSON", "{".to_owned()),
        ("an array", "[]".to_owned()),
        ("a duplicate", r#"{"kty":"EC","kty":"RSA"}"#.to_owned()),
        ("no kty", "{}".to_owned()),
        ("kty a number", r#"{"kty":1}"#.to_owned()),
        ("a shared secret", r#"{"kty":"oct","k":"c2VjcmV0"}"#.to_owned()),
        ("a private key", key_file("p521-none.priv.jwk.json")),
        ("unknown kty", r#"{"kty":"AKP"}"#.to_owned()),
        ("unknown curve", with(p521.clone(), json!({ "crv": "secp256k1" })).to_string()),
        ("X25519", r#"{"kty":"OKP","crv":"X25519","x":"AA"}"#.to_owned()),
        ("x missing", with(p521.clone(), json!({ "x": null })).to_string()),
        ("x padded", with(p521.clone(), json!({ "x": "AAA=" })).to_string()),
        ("x short", with(xzero.clone(), json!({ "x": encode(&short[1..]) })).to_string()),
        ("off the curve", with(p521.clone(), json!({ "y": xzero["y"] })).to_string()),
        ("RSA 1024", with(rsa.clone(), json!({ "n": small })).to_string()),
        ("RSA e = 1", with(rsa.clone(), json!({ "e": "AQ" })).to_string()),
        ("RSA e = 3", with(rsa.clone(), json!({ "e": "Aw" })).to_string()),
        ("RSA e even", with(rsa.clone(), json!({ "e": "AQAC" })).to_string()),
        ("the second of a set", json!({ "keys": [p521, { "kty": "oct", "k": "AA" }] }).to_string()),
        ("a set that is no list", json!({ "keys": {} }).to_string()),
    ];
    let mut report = String::new();
    for (name, text) in cases {
        report += &format!("{name}: {}\n", running.register(Registration::Jwk(&text)).unwrap_err());
    }
    insta::assert_snapshot!(report);
    let jwks = send(running.address(), "GET /_emulator/jwks", &[], "");
    assert_eq!(jwks.json(), json!({ "keys": [] }), "nothing of a refused set stays");
}

#[test]
fn a_key_registered_twice_is_there_once() {
    let running = emulator(&["p521-none", "p521-none"]);
    let set =
        json!({ "keys": [serde_json::from_str::<serde_json::Value>(&key_file("p521-none.pub.jwk.json")).unwrap()] });
    assert_eq!(running.register(Registration::Jwk(&set.to_string())).unwrap(), [KID]);
    let jwks = send(running.address(), "GET /_emulator/jwks", &[], "").json();
    assert_eq!(jwks["keys"].as_array().unwrap().len(), 1);
    assert_eq!(jwks["keys"][0]["kid"], KID);
}

#[test]
fn the_control_paths_steer_everything() {
    let running = emulator(&[]);
    let go = |line: &str, body: &str| send(running.address(), line, &[], body);
    let jwk = key_file("p521-none.pub.jwk.json");
    let registered = go("POST /_emulator/jwks", &jwk);
    assert_eq!((registered.status, registered.json()), (201, json!({ "kids": [KID] })));
    assert_eq!(go("POST /_emulator/jwks", "{}").status, 400);

    let fail = json!({ "status": 429, "times": 1, "retry_after": 2, "retry_as": "date" });
    let faults = json!({
        "skew": -5, "delay_ms": 1, "fail": fail, "break_off": true, "limit": { "calls": 3, "seconds": 60 },
        "no_rotation": true, "roles_by_token": true, "native_bodies": true,
    });
    assert_eq!(go("PUT /_emulator/faults", &faults.to_string()).status, 200);
    assert_eq!(go("GET /_emulator/faults", "").json(), faults);
    assert_eq!(
        go("PUT /_emulator/faults", "{}").json(),
        json!({
            "skew": 0, "delay_ms": 0, "fail": null, "break_off": false, "limit": null, "no_rotation": false,
            "roles_by_token": false, "native_bodies": false,
        })
    );
    for wrong in [r#"{"skw":1}"#, r#"{"fail":{"status":200}}"#, "", r#"{"skew":"1"}"#] {
        assert_eq!(go("PUT /_emulator/faults", wrong).status, 400, "{wrong}");
    }

    call(&running, "GET /buyers", &good_token(), "");
    let entries = go("GET /_emulator/log", "").json()["entries"].clone();
    assert_eq!(entries[0]["outcome"], "accepted");
    assert_eq!(entries[0]["passed"][4], "signature");
    assert_eq!(go("DELETE /_emulator/log", "").status, 204);
    assert_eq!(go("GET /_emulator/log", "").json(), json!({ "entries": [] }));

    let state = go("GET /_emulator", "").json();
    assert_eq!(
        (&state["providers"], &state["kids"]),
        (&json!(["gr4vy", "hedge", "partner", "cryptopay"]), &json!([KID]))
    );
}

/// `provider check` refuses the emulator for every other definition.
#[test]
fn what_is_built_in_is_what_is_played() {
    let built_in: Vec<&str> = provider::built_in().iter().map(|definition| definition.id.as_str()).collect();
    assert_eq!(built_in, Running::PROVIDERS);
}

#[test]
fn a_path_of_no_provider_says_where_to_go() {
    let running = emulator(&[]);
    for path in ["/", "/transactions", "/gr4vyx"] {
        let reply = send(running.address(), &format!("GET {path}"), &[], "");
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.body.contains("/cryptopay, and tells about itself at /_emulator"), "{path}: {}", reply.body);
    }
}

#[test]
fn web_pages_do_not_reach_the_control_paths() {
    let running = emulator(&[]);
    let ask = |header: &str| send(running.address(), "GET /_emulator", &[header.as_bytes()], "");
    assert_eq!(ask("Origin: https://example.org").status, 403);
    assert_eq!(ask("Host: example.org").status, 403);
    assert_eq!(ask(&format!("Host: localhost:{}", running.address().port())).status, 200);
}

#[test]
fn it_listens_on_loopback_alone_and_a_taken_port_is_an_error() {
    let running = emulator(&[]);
    assert!(running.address().ip().is_loopback());
    assert_eq!(running.base("gr4vy"), Some(format!("http://{}/gr4vy", running.address())));
    assert_eq!(running.base("nobody"), None);
    let port = running.address().port();
    let Err(error) = Emulator::start(Config { port, ..Config::default() }) else { panic!("the port is taken") };
    assert!(matches!(&error, StartError::Listen { .. }));
    let text = error.to_string().replace(&port.to_string(), "<port>");
    assert!(text.starts_with("cannot listen on 127.0.0.1:<port>: Address already in use"), "{text}");
    assert!(error.hint().unwrap().contains("another port"));
    running.stop();
    Emulator::start(Config { port, ..Config::default() }).unwrap();
}

#[test]
fn the_observer_sees_each_request() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&lines);
    let observer: keywright_emulator::Observer = Arc::new(move |entry| kept.lock().unwrap().push(entry.to_string()));
    let running = Emulator::start(Config { observer: Some(observer), ..Config::default() }).unwrap();
    call(&running, "GET /buyers", &good_token(), "");
    call(&running, "GET /nothing", &good_token(), "");
    let lines: Vec<String> = lines.lock().unwrap().iter().map(|line| line[21..].to_owned()).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    GET /gr4vy/buyers → 401 refused at key: no registered key has the kid "kNN5RydM8ds6J9ax6-wID-f5k7wvsKhlzR5AmYsE0U0" (passed: authorization, form, header)
    GET /gr4vy/nothing → 404 not checked: no such path
    "#);
}
