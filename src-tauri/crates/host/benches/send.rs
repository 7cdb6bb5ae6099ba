//! What a send costs beyond the bare request: prepare, send and assess, beside reqwest alone with a client and a runtime that
//! are there already. Both open a connection of their own to a server in this process. And whether ten thousand sends
//! leave anything behind.

#![allow(clippy::disallowed_methods, reason = "a bench has a network and a clock")]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;

use exchange::{Call, Destination, Known, Sent, Transport, assess, prepare};
use keywright_host::ReqwestHttp;
use url::Url;
use workbench::ports::{Cancel, Http};

#[path = "../../../../tests/bench/turns.rs"]
mod turns;

const TOKEN: &str = "eyJhbGciOiJFUzUxMiJ9.eyJzY29wZXMiOlsidHJhbnNhY3Rpb25zLnJlYWQiXX0.c2lnbmF0dXJl";

/// Answers every request with a page of transactions; its address.
fn server() -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/", listener.local_addr().expect("it is bound"));
    let items: Vec<String> = (0..20).map(|n| format!(r#"{{"id":"{n}","type":"transaction","amount":1299}}"#)).collect();
    let body = format!(r#"{{"items":[{}]}}"#, items.join(","));
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    std::thread::spawn(move || {
        let mut head = [0; 4096];
        for mut stream in listener.incoming().flatten() {
            let mut read = 0;
            while !head[..read].ends_with(b"\r\n\r\n") {
                match stream.read(&mut head[read..]) {
                    Ok(0) | Err(_) => break,
                    Ok(count) => read += count,
                }
            }
            // Who went away needs no answer.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    Url::parse(&address).expect("an address")
}

fn main() {
    let base = server();
    let definition = provider::built_in_named("gr4vy").expect("it is built in");
    let endpoint = definition.endpoint("transactions").expect("it is in the definition");
    let hosts = ["127.0.0.1".to_owned()];
    let variables = BTreeMap::from([("gr4vy_id".to_owned(), "acme".to_owned())]);
    let send = || {
        let call = Call {
            definition,
            base: &base,
            target: Destination::Endpoint(endpoint),
            variables: &variables,
            fields: &[],
            now: 1_700_000_000,
            body: None,
            token: Some(TOKEN),
            hosts: &hosts,
            version: "bench",
        };
        let request = prepare(&call, &mut |out| out.fill(7)).expect("it can be prepared");
        let exchange = ReqwestHttp.send(&request, &Transport::default(), &Cancel::default());
        let sent =
            Sent { environment: "Local", at: 1_700_000_000, expected: None, token: None, known: Known::default() };
        let verdict = assess(definition, Some(endpoint), &request, &exchange, &sent);
        assert!(verdict.is_as_wanted(), "{}", verdict.sentence);
        verdict
    };

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("an event queue");
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .no_proxy()
        .build()
        .expect("a client");
    let address = base.join("transactions?limit=1").expect("an address");
    let bare = || {
        runtime.block_on(async {
            let request = client.get(address.clone()).bearer_auth(TOKEN).header("accept", "application/json");
            let answer = request.send().await.expect("it answers");
            assert_eq!(answer.status(), 200);
            answer.bytes().await.expect("all of it").len()
        })
    };
    turns::by_turns("send", "GET", send, bare);

    let mut kib = Vec::new();
    for sends in [1_000, 9_000] {
        (0..sends).for_each(|_| drop(send()));
        kib.push(resident_kib());
    }
    let line = format!(r#"{{"sends":10000,"after_1000_kib":{},"after_10000_kib":{}}}"#, kib[0], kib[1]);
    turns::note("memory.jsonl", &line);
}

/// The resident memory of this process in KiB, as Linux tells it; 0 elsewhere.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or_default()
}
