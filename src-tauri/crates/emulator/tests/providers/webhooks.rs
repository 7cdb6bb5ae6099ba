//! Webhooks that the emulator delivers.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener},
    thread::JoinHandle,
};

use keywright_emulator::{Config, Delivery, Emulator, Event, Payload, Registration, Running};
use serde_json::{Value, json};

use crate::support::*;

const SECRET: &[u8] = b"whsec-0123456789abcdef";

/// A receiver that answers once, and returns the head and the body of what came.
pub(crate) fn receiver(status: &'static str) -> (SocketAddr, JoinHandle<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            head += &line;
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        reader.into_inner().write_all(answer.as_bytes()).unwrap();
        (head, body)
    });
    (address, thread)
}

fn start(providers: &[&str]) -> Running {
    let running = Emulator::start(Config::default()).unwrap();
    for provider in providers {
        running.register(Registration::WebhookSecret { provider, bytes: SECRET }).unwrap();
    }
    running
}

pub(crate) fn value<'a>(head: &'a str, name: &str) -> &'a str {
    let line =
        head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{}:", name.to_ascii_lowercase())));
    line.unwrap().split_once(':').unwrap().1.trim()
}

/// HMAC-SHA256 by `jsonwebtoken`, in hexadecimal.
fn hmac(message: &[u8]) -> String {
    hmac_with(SECRET, message)
}

pub(crate) fn hmac_with(secret: &[u8], message: &[u8]) -> String {
    let key = jsonwebtoken::EncodingKey::from_secret(secret);
    let mac = jsonwebtoken::crypto::sign(message, &key, jsonwebtoken::Algorithm::HS256).unwrap();
    let bytes = data_encoding::BASE64URL_NOPAD.decode(mac.as_bytes()).unwrap();
    data_encoding::HEXLOWER.encode(&bytes)
}

#[test]
fn c18_a_webhook_is_signed_over_its_raw_body() {
    let running = start(&["cryptopay", "hedge"]);
    // Spaces and an order of members that a receiver which writes the body anew does not keep.
    let body = "{ \"b\": 1,\n\"a\": \"\u{e9}\" }\n";
    for (provider, field) in [("cryptopay", "X-Webhook-Signature"), ("hedge", "X-Hedge-Signature")] {
        let (address, thread) = receiver("200 OK");
        let url = format!("http://{address}/webhooks?x=1");
        assert_eq!(running.deliver(Delivery { provider, url: &url, payload: Payload::Text(body) }).unwrap(), 200);
        let (head, came) = thread.join().unwrap();
        assert!(head.starts_with("POST /webhooks?x=1 HTTP/1.1\r\n"), "{head}");
        assert_eq!(value(&head, "host"), address.to_string());
        assert_eq!(value(&head, "content-type"), "application/json");
        assert_eq!(came, body.as_bytes());
        assert_eq!(value(&head, field), hmac(&came), "{provider}");
    }
}

#[test]
fn gr4vys_webhook_has_its_time_and_its_id() {
    let running = start(&["gr4vy"]);
    let (address, thread) = receiver("204 No Content");
    let url = format!("http://{address}");
    assert_eq!(
        running.deliver(Delivery { provider: "gr4vy", url: &url, payload: Payload::Text("payload") }).unwrap(),
        204
    );
    let (head, _) = thread.join().unwrap();
    let time = value(&head, "X-Gr4vy-Webhook-Timestamp");
    assert!((time.parse::<i64>().unwrap() - now()).abs() < 10);
    assert_eq!(value(&head, "X-Gr4vy-Webhook-ID").len(), 36);
    assert_eq!(value(&head, "X-Gr4vy-Webhook-Signatures"), hmac(format!("{time}.payload").as_bytes()));
}

#[test]
fn another_process_has_one_delivered_by_the_control_path() {
    let running = start(&["cryptopay"]);
    let (address, thread) = receiver("401 Unauthorized");
    let order = json!({ "provider": "cryptopay", "url": format!("http://localhost:{}/hook", address.port()) });
    let reply = send(running.address(), "POST /_emulator/webhooks", &[], order.to_string());
    assert_eq!((reply.status, reply.json()), (200, json!({ "status": 401 })));
    let (head, body) = thread.join().unwrap();
    assert_eq!(value(&head, "X-Webhook-Signature"), hmac(&body));
    assert!(serde_json::from_slice::<Value>(&body).unwrap().is_object());
}

/// Lets an event happen by the control path: what was answered, and what was delivered.
fn happen(running: &Running, order: &Value) -> (Reply, Value) {
    let (address, thread) = receiver("200 OK");
    let url = json!({ "url": format!("http://{address}/hook") });
    let reply = send(running.address(), "POST /_emulator/webhooks", &[], with(order.clone(), url).to_string());
    assert_eq!(reply.status, 200, "{}", reply.body);
    let (_, body) = thread.join().unwrap();
    (reply, serde_json::from_slice(&body).unwrap())
}

#[test]
fn a_gr4vy_event_happens_to_the_transaction_that_it_names() {
    let running = start(&["gr4vy"]);
    running.register(Registration::Jwk(&key_file("p521-none.pub.jwk.json"))).unwrap();
    let go = |line: &str, body: &str| call(&running, line, &good_token(), body).json();
    let [first, second] =
        [1299, 500].map(|amount| go("POST /transactions", &json!({ "amount": amount, "currency": "GBP" }).to_string()));
    let id = first["id"].as_str().unwrap();
    let (_, told) = happen(&running, &json!({ "provider": "gr4vy", "event": "transaction.captured", "id": id }));
    assert_eq!((&told["type"], &told["name"]), (&json!("event"), &json!("transaction.captured")));
    let now = go(&format!("GET /transactions/{id}"), "");
    assert_eq!(told["target"], now, "the event shows what a call shows");
    assert_eq!((&now["status"], &now["captured_amount"]), (&json!("capture_succeeded"), &json!(1299)));
    // The other one is as it was, and the one that was made last is meant where none is named.
    let other = format!("GET /transactions/{}", second["id"].as_str().unwrap());
    assert_eq!(go(&other, ""), second);
    let (_, told) = happen(&running, &json!({ "provider": "gr4vy" }));
    assert_eq!((&told["target"]["id"], &go(&other, "")["captured_amount"]), (&second["id"], &json!(500)));
    let (_, told) = happen(&running, &json!({ "provider": "gr4vy", "event": "transaction.authorized", "id": id }));
    assert_eq!(told["target"], go(&format!("GET /transactions/{id}"), ""));
    let buyer = go("POST /buyers", r#"{"display_name":"Ada"}"#);
    let (_, told) = happen(&running, &json!({ "provider": "gr4vy", "event": "buyer.updated", "id": buyer["id"] }));
    assert_eq!(told["target"]["display_name"], "Ada");
}

#[test]
fn payments_and_orders_change_with_the_events_about_them() {
    let running = start(&["hedge", "cryptopay"]);
    running.register(Registration::ApiKey { provider: "hedge", key: "test_1" }).unwrap();
    running.register(Registration::ApiKey { provider: "cryptopay", key: "cp_test_1" }).unwrap();
    for (provider, key, path, end) in [
        ("hedge", "test_1", "/hedge/api/payments", ""),
        ("cryptopay", "cp_test_1", "/cryptopay/api/payment-orders", "/"),
    ] {
        // Nothing was made yet: the event makes what it is about.
        let (_, told) = happen(&running, &json!({ "provider": provider }));
        assert_eq!(told["event"], "payment.completed", "{provider}");
        let line = |id: &Value| format!("GET {path}/{}{end}", id.as_str().unwrap());
        let shown = json_call(&running, &line(&told["data"]["id"]), Some(key), "");
        assert_eq!((shown.status, shown.json()), (200, told["data"].clone()), "{provider}");
        assert_eq!(told["data"]["status"], "completed");

        let body = r#"{"amount":5,"currency":"USD","customerEmail":"ada@example.com"}"#;
        let made = json_call(&running, &format!("POST {path}{end}"), Some(key), body).json();
        let order = json!({ "provider": provider, "event": "payment.failed", "id": made["id"] });
        let (_, told) = happen(&running, &order);
        assert_eq!(told["data"], with(made.clone(), json!({ "status": "failed" })), "{provider}");
        assert_eq!(json_call(&running, &line(&made["id"]), Some(key), "").json(), told["data"], "{provider}");
    }
}

#[test]
fn an_event_about_nothing_is_refused_and_nothing_is_sent() {
    let running = start(&["gr4vy", "hedge", "cryptopay"]);
    // Whoever connects is heard, and nobody does.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let mut report = String::new();
    for order in [
        json!({ "provider": "gr4vy", "event": "transaction.captured", "id": "nothing" }),
        json!({ "provider": "gr4vy", "event": "buyer.updated", "id": "7099948d-7286-47e4-aad8-b68f7eb44591" }),
        json!({ "provider": "gr4vy", "event": "transaction.vanished" }),
        json!({ "provider": "hedge", "id": "pay_1" }),
        json!({ "provider": "cryptopay", "event": "payment.failed", "id": "" }),
        json!({ "provider": "cryptopay", "event": "payment.failed", "body": "{}" }),
        json!({ "provider": "partner", "event": "payment.failed" }),
    ] {
        let asked = with(order.clone(), json!({ "url": url }));
        let reply = send(running.address(), "POST /_emulator/webhooks", &[], asked.to_string());
        report += &format!("{order}\n  {} {}\n", reply.status, reply.json()["error"].as_str().unwrap());
    }
    insta::assert_snapshot!(report);
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_webhook_that_cannot_be_delivered_says_why() {
    let running = start(&["cryptopay"]);
    let deliver = |provider, url: &str, text: Option<&str>| {
        let payload = text.map_or(Payload::Event(Event::default()), Payload::Text);
        running.deliver(Delivery { provider, url, payload }).unwrap_err().to_string()
    };
    let long = "x".repeat(1024 * 1024 + 1);
    let here = "http://127.0.0.1:9/";
    let mut report = [
        deliver("partner", here, None),
        deliver("nobody", here, None),
        deliver("hedge", here, None),
        deliver("cryptopay", "https://127.0.0.1:9/", None),
        deliver("cryptopay", "http://example.org/", None),
        deliver("cryptopay", "no address", None),
        deliver("cryptopay", here, Some(&long)),
    ]
    .join("\n");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = deliver("cryptopay", &format!("http://{closed}/"), None);
    assert!(refused.starts_with("the receiver was not reached: "), "{refused}");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let other = std::thread::spawn(move || listener.accept().unwrap().0.write_all(b"SSH-2.0-x\r\n").unwrap());
    report += &format!("\n{}", deliver("cryptopay", &url, None));
    other.join().unwrap();
    insta::assert_snapshot!(report);
}
