//! Mishaps at single endpoints: what is answered, what was done, and what the next call shows.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use keywright_emulator::{Faults, Outcome, Running};
use serde_json::{Value, json};
use support::*;

const PROCESSING: &str = "2c9a7f3d-4e5b-4a6c-8d7e-9f0a1b2c3d4e";

fn plan(running: &Running, mishaps: &[&str]) {
    running.plan(mishaps.iter().map(|mishap| mishap.parse().unwrap()).collect()).unwrap();
}

/// Makes a pair at the provider, by the registered key.
fn make(running: &Running) -> Reply {
    let body = json!({ "display_name": "Next", "role_ids": [PROCESSING], "active": false });
    call(running, "POST /api-key-pairs", &good_token(), &body.to_string())
}

fn list(running: &Running) -> Value {
    call(running, "GET /api-key-pairs?limit=100", &good_token(), "").json()
}

fn count(running: &Running) -> usize {
    list(running)["items"].as_array().unwrap().len()
}

#[test]
fn an_error_comes_before_or_after_what_was_asked_for_is_done() {
    let running = emulator(&["p521-none"]);
    for status in [401, 403, 409, 429, 500, 503] {
        let before = count(&running);
        plan(&running, &[&format!("POST /gr4vy/api-key-pairs fail {status}x2:7")]);
        for _ in 0..2 {
            let reply = make(&running);
            assert_eq!((reply.status, reply.header("retry-after")), (status, Some("7")));
            assert!(matches!(last(&running).outcome, Outcome::Unchecked { .. }), "no token was looked at");
        }
        assert_eq!(count(&running), before, "nothing was done");
        assert_eq!(make(&running).status, 201, "it was asked for twice");

        plan(&running, &[&format!("POST /gr4vy/api-key-pairs fail {status}x1 applied")]);
        assert_eq!(make(&running).status, status);
        let entry = last(&running);
        assert_eq!((&entry.outcome, entry.status), (&Outcome::Accepted, status));
        assert_eq!(entry.notes, [format!("told to answer {status}, after it was done")]);
        assert_eq!(count(&running), before + 2, "it was done");
    }
}

#[test]
fn other_endpoints_and_other_methods_are_as_they_were() {
    let running = emulator(&["p521-none"]);
    plan(&running, &["PUT /gr4vy/api-key-pairs/{id} fail 500", "POST /hedge/api/payments fail 500"]);
    let id = list(&running)["items"][0]["id"].as_str().unwrap().to_owned();
    let one =
        |method: &str, body: &str| call(&running, &format!("{method} /api-key-pairs/{id}"), &good_token(), body).status;
    assert_eq!((one("GET", ""), one("PUT", "{}"), one("PUT", "{}")), (200, 500, 500));
    assert_eq!((make(&running).status, call(&running, "GET /buyers", &good_token(), "").status), (201, 200));
    plan(&running, &[&format!("PUT /gr4vy/api-key-pairs/{id} fail 500x1")]);
    assert_eq!((one("PUT", "{}"), one("PUT", "{}")), (500, 200));
}

#[test]
fn nothing_is_said_for_a_time_and_then_what_a_gateway_says() {
    let running = emulator(&["p521-none"]);
    plan(&running, &["POST /gr4vy/api-key-pairs hang 1x1", "POST /gr4vy/api-key-pairs hang 1x1 applied"]);
    for done in [1, 2] {
        let start = Instant::now();
        let reply = make(&running);
        assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
        assert_eq!((reply.status, reply.header("content-type")), (504, Some("text/plain")));
        assert_eq!(count(&running), done, "the second was done");
    }
    // Others are answered meanwhile, and the end of the emulator does not wait for it.
    plan(&running, &["POST /gr4vy/buyers hang 600 applied"]);
    let mut stream = TcpStream::connect(running.address()).unwrap();
    let head = format!("POST /gr4vy/buyers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n", good_token());
    stream.write_all(format!("{head}Content-Length: 2\r\n\r\n{{}}").as_bytes()).unwrap();
    let buyers = || call(&running, "GET /buyers", &good_token(), "").json()["items"].as_array().unwrap().len();
    let start = Instant::now();
    while buyers() < 2 {
        assert!(start.elapsed() < Duration::from_secs(60), "it was never done");
        std::thread::sleep(Duration::from_millis(10));
    }
    let start = Instant::now();
    running.stop();
    assert!(start.elapsed() < Duration::from_secs(500), "{:?}", start.elapsed());
}

#[test]
fn an_answer_breaks_off_although_it_was_done() {
    let running = emulator(&["p521-none"]);
    plan(&running, &["DELETE /gr4vy/api-key-pairs/{id} break-off x1", "POST /gr4vy/api-key-pairs break-off x1"]);
    let before = count(&running);
    let body = json!({ "display_name": "Next", "role_ids": [PROCESSING] }).to_string();
    let head = format!("POST /gr4vy/api-key-pairs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n", good_token());
    let mut stream = TcpStream::connect(running.address()).unwrap();
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let mut answer = Vec::new();
    // It ends with a reset where something was still to be sent.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 201") && !answer.contains("\"roles\""), "{answer}");
    assert_eq!((count(&running), running.mishaps().len()), (before + 1, 1));
}

#[test]
fn what_is_done_twice_is_there_twice() {
    let running = emulator(&["p521-none"]);
    plan(&running, &["POST /gr4vy/api-key-pairs twice x1", "POST /gr4vy/buyers twice x1"]);
    assert_eq!(make(&running).status, 201);
    assert_eq!(count(&running), 3);
    assert_eq!(call(&running, "POST /buyers", &good_token(), "{}").status, 201);
    let buyers = call(&running, "GET /buyers", &good_token(), "").json();
    assert_eq!(buyers["items"].as_array().unwrap().len(), 3);
}

#[test]
fn a_list_shows_a_change_late() {
    let running = emulator(&["p521-none"]);
    plan(&running, &["GET /gr4vy/api-key-pairs lag 30"]);
    let made = make(&running).json();
    let line = |method: &str| format!("{method} /api-key-pairs/{}", made["id"].as_str().unwrap());
    let active = || {
        let items = list(&running)["items"].clone();
        let found = items.as_array().unwrap().iter().find(|pair| pair["id"] == made["id"]);
        found.map(|pair| pair["active"].as_bool().unwrap())
    };
    let at = |skew: i64| running.set_faults(Faults { skew, ..Faults::default() });
    // A token lives for a minute: the clock goes on with the time that it says.
    assert_eq!(active(), None);
    assert_eq!(call(&running, &line("GET"), &good_token(), "").status, 200, "only the list lags");
    at(31);
    assert_eq!(active(), Some(false));
    call(&running, &line("PUT"), &good_token(), r#"{"active":true}"#);
    assert_eq!(active(), Some(false));
    running.plan(vec!["GET /gr4vy/api-key-pairs lag 1".parse().unwrap()]).unwrap();
    at(33);
    assert_eq!(active(), Some(true));
    call(&running, &line("DELETE"), &good_token(), "");
    assert_eq!(active(), Some(true), "also its end comes late");
    at(36);
    assert_eq!(active(), None);
}

#[test]
fn a_page_leads_to_itself_and_a_thumbprint_is_another_one() {
    let running = emulator(&["p521-none", "p521-xzero", "p521-yzero"]);
    let page = |query: &str| call(&running, &format!("GET /api-key-pairs?limit=1{query}"), &good_token(), "").json();
    plan(&running, &["GET /gr4vy/api-key-pairs repeat-page x2", "GET /gr4vy/api-key-pairs other-thumbprint x1"]);
    let first = page("");
    let next = |page: &Value| format!("&cursor={}", page["next_cursor"].as_str().unwrap());
    let again = page(&next(&first));
    assert_eq!((&again["items"][0]["id"], &again["next_cursor"]), (&first["items"][0]["id"], &first["next_cursor"]));
    let shown = page(&next(&again));
    assert_ne!(shown["items"][0]["thumbprint"], first["items"][0]["thumbprint"]);
    let second = page(&format!("&cursor={}", page("")["next_cursor"].as_str().unwrap()));
    assert_eq!(second["items"][0]["thumbprint"], "4-RtpvAB5voBK-v-dmjRltk8FJNjyrz80MiyMEcrl2Q");
}

#[test]
fn another_process_plans_mishaps_by_the_control_path() {
    let running = emulator(&["p521-none"]);
    let go = |line: &str, body: &str| send(running.address(), line, &[], body);
    let planned =
        json!({ "mishaps": ["POST /gr4vy/api-key-pairs fail 500x2 applied", "GET /gr4vy/api-key-pairs lag 30"] });
    let reply = go("PUT /_emulator/mishaps", &planned.to_string());
    assert_eq!((reply.status, reply.json()), (200, planned));
    make(&running);
    let left =
        json!({ "mishaps": ["POST /gr4vy/api-key-pairs fail 500x1 applied", "GET /gr4vy/api-key-pairs lag 30"] });
    assert_eq!(go("GET /_emulator/mishaps", "").json(), left);
    let mut report = String::new();
    for wrong in [
        "{",
        "{}",
        r#"{"mishaps":"POST /gr4vy/api-key-pairs fail 500"}"#,
        r#"{"mishaps":[],"times":1}"#,
        r#"{"mishaps":["POST /gr4vy/api-key-pairs explode"]}"#,
        r#"{"mishaps":["POST /gr4vy/api-key-pairs fail 200"]}"#,
        r#"{"mishaps":["POST /nobody/payments fail 500"]}"#,
        r#"{"mishaps":["PATCH /gr4vy/api-key-pairs fail 500"]}"#,
        r#"{"mishaps":["GET /gr4vy/nothing fail 500"]}"#,
        r#"{"mishaps":["GET /gr4vy/buyers lag 5"]}"#,
        r#"{"mishaps":["POST /gr4vy/api-key-pairs lag 5"]}"#,
        r#"{"mishaps":["GET /gr4vy/api-key-pairs/{id} repeat-page"]}"#,
        r#"{"mishaps":["GET /hedge/api/payments other-thumbprint"]}"#,
    ] {
        let reply = go("PUT /_emulator/mishaps", wrong);
        report += &format!("{wrong}\n  {} {}\n", reply.status, reply.body);
    }
    insta::assert_snapshot!(report);
    assert_eq!(go("GET /_emulator/mishaps", "").json(), left, "what was planned stays");
    assert_eq!(go("DELETE /_emulator/mishaps", "").status, 204);
    assert_eq!((make(&running).status, running.mishaps()), (201, vec![]));
    plan(&running, &["GET /gr4vy/buyers fail 500"]);
    running.reset();
    assert_eq!(running.mishaps(), []);
    let page = send(running.address(), "PUT /_emulator/mishaps", &[b"Origin: https://example.org"], "{}");
    assert_eq!(page.status, 403);
}
