//! Webhooks that the emulator delivers.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener},
    thread::JoinHandle,
};

use keywright_emulator::{Config, Delivery, Emulator, Registration, Running};
use serde_json::json;

use crate::support::*;

const SECRET: &[u8] = b"whsec-0123456789abcdef";

/// A receiver that answers once, and returns the head and the body of what came.
fn receiver(status: &'static str) -> (SocketAddr, JoinHandle<(String, Vec<u8>)>) {
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

fn value<'a>(head: &'a str, name: &str) -> &'a str {
    let line =
        head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{}:", name.to_ascii_lowercase())));
    line.unwrap().split_once(':').unwrap().1.trim()
}

/// HMAC-SHA256 by `jsonwebtoken`, in hexadecimal.
fn hmac(message: &[u8]) -> String {
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET);
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
        assert_eq!(running.deliver(Delivery { provider, url: &url, body: Some(body) }).unwrap(), 200);
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
    assert_eq!(running.deliver(Delivery { provider: "gr4vy", url: &url, body: Some("payload") }).unwrap(), 204);
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
    assert!(serde_json::from_slice::<serde_json::Value>(&body).unwrap().is_object());
}

#[test]
fn a_webhook_that_cannot_be_delivered_says_why() {
    let running = start(&["cryptopay"]);
    let deliver = |provider, url: &str, body: Option<&str>| {
        running.deliver(Delivery { provider, url, body }).unwrap_err().to_string()
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
