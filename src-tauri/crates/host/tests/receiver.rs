//! The receiver on loopback, spoken to by bytes: what it hands on, what it answers, how it ends.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};

use keywright_host::{BODY_LIMIT, Receiver};
use workbench::ports::{Arrived, Reply};

/// A receiver that answers 401, and what it was handed.
fn receiver() -> (Receiver, Arc<Mutex<Vec<Arrived>>>) {
    let handed: Arc<Mutex<Vec<Arrived>>> = Arc::default();
    let kept = Arc::clone(&handed);
    let answering = move |arrived| {
        kept.lock().unwrap().push(arrived);
        Reply { status: 401, text: "not good".to_owned() }
    };
    (Receiver::start(0, Arc::new(answering)).unwrap(), handed)
}

/// What comes back for these bytes.
fn say(address: SocketAddr, head: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("{head}\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn the_body_comes_byte_for_byte_with_every_header_field() {
    let (receiver, handed) = receiver();
    let body = b"\xef\xbb\xbf{ \"a\": \"\xff\" }\r\n\0";
    let head = "POST /hooks/x?y=%20z HTTP/1.1\r\nContent-Length: 18\r\nX-Sig: a\r\nx-sig: \u{ff}";
    let answer = say(receiver.address(), head, body);
    assert!(answer.starts_with("HTTP/1.1 401") && answer.ends_with("\r\n\r\nnot good\n"), "{answer}");
    let handed = handed.lock().unwrap();
    let [arrived] = handed.as_slice() else { panic!("{} were handed on", handed.len()) };
    assert_eq!((arrived.method.as_str(), arrived.target.as_str()), ("POST", "/hooks/x?y=%20z"));
    assert_eq!((arrived.body.as_slice(), arrived.length, arrived.is_cut()), (body.as_slice(), body.len(), false));
    let values = arrived.headers.iter().filter(|(name, _)| name == "x-sig").map(|(_, value)| value.as_str());
    assert_eq!(values.collect::<Vec<_>>(), ["a", "ÿ"]);
}

#[test]
fn a_long_body_is_cut_and_answered_and_what_is_no_post_is_not_taken() {
    let (receiver, handed) = receiver();
    let length = BODY_LIMIT + 5;
    let head = format!("POST / HTTP/1.1\r\nContent-Length: {length}");
    let answer = say(receiver.address(), &head, &vec![b'x'; length]);
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    let answer = say(receiver.address(), "GET / HTTP/1.1", b"");
    assert!(answer.starts_with("HTTP/1.1 405") && answer.contains("allow: POST"), "{answer}");
    let handed = handed.lock().unwrap();
    let seen: Vec<_> = handed.iter().map(|arrived| (arrived.body.len(), arrived.length, arrived.is_cut())).collect();
    assert_eq!(seen, [(BODY_LIMIT, length, true)]);
}

#[test]
fn it_ends_at_once_with_its_last_answer_sent_and_the_port_free() {
    let (judged, waiting) = mpsc::channel();
    let answering = move |_| {
        judged.send(()).unwrap();
        std::thread::sleep(Duration::from_millis(200));
        Reply { status: 200, text: "good".to_owned() }
    };
    let receiver = Receiver::start(0, Arc::new(answering)).unwrap();
    let address = receiver.address();
    // Somebody who says nothing keeps nobody waiting.
    let _silent = TcpStream::connect(address).unwrap();
    let sender = std::thread::spawn(move || say(address, "POST / HTTP/1.1\r\nContent-Length: 2", b"{}"));
    waiting.recv().unwrap();
    let begin = Instant::now();
    drop(receiver);
    // Who says nothing is listened to for half a minute otherwise.
    assert!(begin.elapsed() < Duration::from_secs(25), "{:?}", begin.elapsed());
    let answer = sender.join().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(Receiver::start(address.port(), Arc::new(|_| unreachable!("nobody sends"))).unwrap());
}

#[test]
fn a_port_that_is_taken_is_named() {
    let (receiver, _) = receiver();
    let port = receiver.address().port();
    let error = Receiver::start(port, Arc::new(|_| unreachable!("nobody sends"))).err().unwrap();
    let told = format!("{error}\nhint: {}", error.hint().unwrap()).replace(&port.to_string(), "[port]");
    insta::assert_snapshot!(told, @r"
    cannot listen on 127.0.0.1:[port]: Address already in use (os error 98)
    hint: another program listens there: choose another port, or 0 for a free one
    ");
}

/// Before, four senders that were slow held everybody else for thirty seconds.
#[test]
fn slow_senders_keep_nobody_waiting() {
    let (receiver, handed) = receiver();
    let slow: Vec<TcpStream> = (0..16)
        .map(|_| {
            let mut stream = TcpStream::connect(receiver.address()).unwrap();
            stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf").unwrap();
            stream
        })
        .collect();
    std::thread::sleep(Duration::from_millis(100));
    let begin = Instant::now();
    let answer = say(receiver.address(), "POST / HTTP/1.1\r\nContent-Length: 2", b"{}");
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(begin.elapsed() < Duration::from_secs(3), "after {:?}", begin.elapsed());
    assert_eq!(handed.lock().unwrap().len(), 1);
    drop(slow);
}

#[test]
fn a_sender_that_falls_silent_is_told_so() {
    let (receiver, _) = receiver();
    let mut stream = TcpStream::connect(receiver.address()).unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("no silence of 5 s"), "{answer}");
}
