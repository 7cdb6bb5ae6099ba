//! Time limits and the end of a server on loopback, spoken to by bytes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use axum::{Router, routing::get};
use loopback::{Limits, listen, serve};
use tokio::sync::oneshot;

/// A server that stops when this is dropped, or waits at most so long for its last answers.
struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    fn start(limits: Limits) -> Self {
        let (listener, address) = listen(0).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let app = Router::new().route("/", get(|| async { "hello" })).route(
            "/slow",
            get(|| async {
                tokio::time::sleep(Duration::from_millis(300)).await;
                "at last"
            }),
        );
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let until = async {
            let _ = stopped.await;
        };
        let thread = std::thread::spawn(move || runtime.block_on(serve(listener, app, limits, until)).unwrap());
        Self { address, stop: Some(stop), thread: Some(thread) }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
    }

    fn get(&self, path: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
        read(&mut stream)
    }

    fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What comes until the server ends the connection.
fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn brief() -> Limits {
    Limits { head: Duration::from_millis(200), ..Limits::default() }
}

#[test]
fn whoever_says_nothing_or_half_a_head_is_let_go() {
    let server = Server::start(brief());
    for said in ["", "GET / HTTP/1.1\r\nHo", "GET / HTTP/1.1\r\nHost: x\r\n"] {
        let mut stream = server.connect();
        stream.write_all(said.as_bytes()).unwrap();
        let begin = Instant::now();
        let answer = read(&mut stream);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{said:?}: {answer}");
        assert!(begin.elapsed() >= Duration::from_millis(100), "{said:?}: let go after {:?}", begin.elapsed());
    }
    assert!(server.get("/").ends_with("hello"));
}

#[test]
fn a_byte_now_and_then_buys_no_time() {
    let server = Server::start(brief());
    let mut stream = server.connect();
    let begin = Instant::now();
    let head = b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let sent = head.iter().take_while(|byte| {
        std::thread::sleep(Duration::from_millis(50));
        stream.write_all(&[**byte]).is_ok()
    });
    assert!(sent.count() < head.len(), "the head was taken in {:?}", begin.elapsed());
}

#[test]
fn a_connection_that_is_kept_open_serves_again_and_is_let_go_when_idle() {
    let server = Server::start(brief());
    let mut stream = server.connect();
    for _ in 0..2 {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut answer = [0; 512];
        let length = stream.read(&mut answer).unwrap();
        assert!(answer[..length].ends_with(b"hello"));
    }
    assert_eq!(read(&mut stream), "", "it is ended");
}

#[test]
fn connections_beyond_the_limit_wait_their_turn() {
    let server = Server::start(Limits { connections: 2, ..brief() });
    let _silent = [server.connect(), server.connect()];
    assert!(server.get("/").ends_with("hello"), "once those who say nothing were let go");
}

#[test]
fn a_slow_answer_is_not_a_slow_request() {
    let server = Server::start(brief());
    assert!(server.get("/slow").ends_with("at last"));
}

#[test]
fn the_last_answer_is_sent_and_nobody_waits_for_the_silent() {
    let mut server = Server::start(Limits { head: Duration::from_secs(30), ..Limits::default() });
    let mut asking = server.connect();
    asking.write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let _silent = server.connect();
    std::thread::sleep(Duration::from_millis(100));
    let begin = Instant::now();
    server.stop();
    assert!(begin.elapsed() < Duration::from_secs(5));
    assert!(read(&mut asking).ends_with("at last"));
}
