//! The emulator's log: what it saw, why it refused, and how it is told to misbehave, in the window.

use crate::home;
use crate::page::Page;

#[test]
fn a_refusal_is_explained_by_what_the_emulator_checked_and_a_reset_starts_afresh() {
    let page = Page::unlocked(home::with_acme());
    page.press("Emulator…");
    page.sees("It does not run.");
    page.press("Start it");
    page.sees("No request yet.");
    page.sees("http://127.0.0.1:");
    page.keys("Escape");
    page.send();
    page.sees("Accepted by Local");
    page.press("Emulator…");
    page.sees("200 accepted");
    page.sees("passed: authorization, form, header, key, signature, claims, times, scope");

    // Its clock is an hour ahead: no token of five minutes is fresh there.
    page.fill("Clock, s ahead", "3600");
    page.press("Set these faults");
    page.keys("Escape");
    page.sees_no("Set these faults");
    page.send();
    page.sees("clock");
    page.press("Emulator…");
    page.sees("401 refused at times");
    page.press("Reset");
    page.sees("No request yet.");

    // What is revoked is refused until the next reset, although its signature is good.
    page.press("Revoke");
    page.sees("is revoked there");
    page.keys("Escape");
    page.sees_no("Set these faults");
    page.send();
    page.press("Emulator…");
    page.sees("refused at key");
    page.press("Reset");
    page.sees("No request yet.");
    page.keys("Escape");
    page.sees_no("Set these faults");
    page.send();
    page.sees("Accepted by Local");
}

#[test]
fn a_call_is_shown_in_the_open_log_as_it_comes() {
    use std::io::{Read, Write};

    let page = Page::unlocked(home::with_acme());
    page.press("Emulator…");
    page.press("Start it");
    page.sees("http://127.0.0.1:");
    let address = page.text_of(".dialog .copyable code").unwrap();
    let host = address.trim_start_matches("http://").split('/').next().unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let request = format!("GET /gr4vy/transactions HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    page.sees("GET /gr4vy/transactions 401 refused at authorization");
}
