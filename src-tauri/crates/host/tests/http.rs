//! The HTTP adapter against real sockets on loopback, most of them badly behaved.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use exchange::{Body, Exchange, Happening, Header, NoAnswer, PreparedRequest, Transport};
use keywright_host::{ReqwestHttp, certificates};
use workbench::ports::{Cancel, Http};

/// A server that does `act` with each connection, after the request's head was read, and counts the connections.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: mpsc::Receiver<String>,
}

impl Server {
    fn new(act: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::raw(move |mut stream, requests| {
            let _ = requests.send(request(&mut stream));
            act(&mut stream);
        })
    }

    /// A server that answers with these bytes and closes.
    fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::new(move |stream| {
            let _ = stream.write_all(&answer);
        })
    }

    fn raw(act: impl Fn(TcpStream, &mpsc::Sender<String>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let (sender, requests) = mpsc::channel();
        let count = Arc::clone(&connections);
        // The thread ends with the test's process: accept has no other end.
        thread::spawn(move || {
            for stream in listener.incoming() {
                count.fetch_add(1, Ordering::SeqCst);
                act(stream.unwrap(), &sender);
            }
        });
        Self { address, connections, requests }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// Reads a request: its head, and the body that `content-length` announces.
fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}

/// What a server does that answers no more.
fn never() {
    loop {
        thread::park();
    }
}

fn get(url: &str) -> PreparedRequest {
    PreparedRequest { method: "GET".into(), url: url.parse().unwrap(), headers: vec![], body: Body::default() }
}

fn transport() -> Transport {
    // It matters only where a test fails: a busy machine is slow, not wrong.
    let patience = Duration::from_secs(120);
    Transport { connect: patience, total: patience, ..Transport::default() }
}

fn send(request: &PreparedRequest, transport: &Transport) -> Exchange {
    ReqwestHttp.send(request, transport, &Cancel::default())
}

fn failure(url: &str, transport: &Transport) -> NoAnswer {
    let exchange = send(&get(url), transport);
    assert_eq!(exchange.timeline.last().unwrap().what, Happening::Failed);
    exchange.outcome.unwrap_err()
}

fn what(exchange: &Exchange) -> Vec<Happening> {
    exchange.timeline.iter().map(|event| event.what.clone()).collect()
}

#[test]
fn the_request_goes_out_as_it_was_prepared() {
    let server = Server::saying("HTTP/1.1 201 Created\r\nX-One: 1\r\nx-two: 2\r\nContent-Length: 2\r\n\r\n{}");
    let request = PreparedRequest {
        method: "POST".into(),
        url: server.url("/transactions?limit=1&q=a%20b").parse().unwrap(),
        headers: vec![
            Header::masked("Authorization", "Bearer aaa.bbb.ccc".to_owned().into(), "Bearer aaa.bbb.…"),
            Header::plain("X-Gr4vy-Merchant-Account-Id", "shop"),
            Header::plain("x-empty", ""),
            Header::plain("accept", "application/json"),
        ],
        body: br#"{"amount":10.10}"#.to_vec().into(),
    };
    let exchange = send(&request, &transport());
    let answer = exchange.outcome.as_ref().unwrap();
    assert_eq!((answer.status, &answer.body[..], answer.cut), (201, &b"{}"[..], false));
    assert_eq!((answer.header("X-ONE"), answer.header("x-two")), (Some("1"), Some("2")));
    assert_eq!(what(&exchange), [Happening::Sent, Happening::Headers { status: 201 }, Happening::Body { bytes: 2 }]);
    assert!(exchange.timeline.is_sorted_by_key(|event| event.at));
    let sent = server.requests.recv().unwrap().replace(&server.address.to_string(), "<host>");
    insta::assert_snapshot!(sent.replace('\r', ""), @r#"
    POST /transactions?limit=1&q=a%20b HTTP/1.1
    authorization: Bearer aaa.bbb.ccc
    x-gr4vy-merchant-account-id: shop
    x-empty: 
    accept: application/json
    host: <host>
    content-length: 16

    {"amount":10.10}
    "#);
}

#[test]
fn any_status_is_an_answer() {
    for status in [200, 204, 301, 401, 429, 500, 599] {
        let server = Server::saying(format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n"));
        assert_eq!(send(&get(&server.url("/")), &transport()).outcome.unwrap().status, status);
    }
}

#[test]
fn a_redirect_is_an_answer_and_nobody_follows_it() {
    let server = Server::saying("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
    let exchange = send(&get(&server.url("/")), &transport());
    assert_eq!(
        what(&exchange),
        [
            Happening::Sent,
            Happening::Headers { status: 302 },
            Happening::Redirect { to: "/elsewhere".into() },
            Happening::Body { bytes: 0 }
        ]
    );
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[test]
fn a_body_is_cut_at_the_limit_and_not_before() {
    let serve = |bytes: usize| {
        Server::new(move |stream| {
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n");
            let _ = stream.write_all(&vec![b'x'; bytes]);
        })
    };
    let transport = Transport { body: 10_000_000, ..transport() };
    for (bytes, kept, cut) in
        [(10_000_000, 10_000_000, false), (10_000_001, 10_000_000, true), (30_000_000, 10_000_000, true)]
    {
        let exchange = send(&get(&serve(bytes).url("/")), &transport);
        assert_eq!(what(&exchange)[2], Happening::Body { bytes: kept });
        let answer = exchange.outcome.unwrap();
        assert_eq!((answer.body.len(), answer.cut), (kept, cut));
    }
}

#[test]
fn a_body_without_end_is_cut_too() {
    let server = Server::new(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 65536]).is_ok() {}
    });
    let answer = send(&get(&server.url("/")), &Transport { body: 1000, ..transport() }).outcome.unwrap();
    assert_eq!((answer.body.len(), answer.cut), (1000, true));
}

#[test]
fn header_values_that_are_not_utf8_are_read_byte_for_byte() {
    let server =
        Server::saying(b"HTTP/1.1 200 OK\r\nX-Latin: caf\xe9\r\nX-Utf8: caf\xc3\xa9\r\nContent-Length: 0\r\n\r\n");
    let answer = send(&get(&server.url("/")), &transport()).outcome.unwrap();
    assert_eq!((answer.header("x-latin"), answer.header("x-utf8")), (Some("café"), Some("café")));
}

#[test]
fn a_server_that_never_answers_runs_out_of_time() {
    let server = Server::new(|_| never());
    let total = Duration::from_millis(300);
    let failure = failure(&server.url("/"), &Transport { total, ..transport() });
    assert_eq!(failure, NoAnswer::Timeout { host: "127.0.0.1".into(), after: total });
}

#[test]
fn a_body_that_stops_runs_out_of_time() {
    // On a busy machine the head may take longer than the whole call has: then the next one gets more.
    let mut total = Duration::from_millis(300);
    let exchange = loop {
        let server = Server::new(|stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345").unwrap();
            never();
        });
        let exchange = send(&get(&server.url("/")), &Transport { total, ..transport() });
        if what(&exchange).len() > 2 || total > Duration::from_secs(60) {
            break exchange;
        }
        total *= 4;
    };
    assert_eq!(what(&exchange), [Happening::Sent, Happening::Headers { status: 200 }, Happening::Failed]);
    assert_eq!(exchange.outcome, Err(NoAnswer::Timeout { host: "127.0.0.1".into(), after: total }));
}

#[test]
fn a_handshake_that_hangs_is_the_connection_s_time() {
    let server = Server::raw(|_stream, _| never());
    let connect = Duration::from_millis(300);
    let failure = failure(&server.url("/").replace("http", "https"), &Transport { connect, ..transport() });
    assert_eq!(failure, NoAnswer::Timeout { host: "127.0.0.1".into(), after: connect });
}

#[test]
fn a_port_where_nobody_listens() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let failure = failure(&format!("http://127.0.0.1:{port}/?token=secret"), &transport());
    let text = failure.to_string().replace(&port.to_string(), "<port>");
    assert!(text.starts_with("no connection to 127.0.0.1:<port>: Connection refused"), "{text}");
}

#[test]
fn answers_that_break_off() {
    let cases: [(&str, &[u8]); 4] = [
        ("nothing at all", b""),
        ("not HTTP", b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        ("half a head", b"HTTP/1.1 200 OK\r\nContent-Le"),
        ("half a body", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"),
    ];
    let mut report = String::new();
    for (name, bytes) in cases {
        let failure = failure(&Server::saying(bytes).url("/path?token=secret"), &transport());
        assert!(matches!(failure, NoAnswer::Broken { .. }), "{failure:?}");
        report += &format!("{name}: {failure}\n");
    }
    insta::assert_snapshot!(report, @"
    nothing at all: the answer of 127.0.0.1 broke off: connection closed before message completed
    not HTTP: the answer of 127.0.0.1 broke off: invalid HTTP version parsed
    half a head: the answer of 127.0.0.1 broke off: connection closed before message completed
    half a body: the answer of 127.0.0.1 broke off: end of file before message length reached
    ");
}

#[test]
fn what_http_does_not_allow_is_not_sent() {
    let server = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let with = |method: &str, header: Header| PreparedRequest {
        method: method.into(),
        headers: vec![header],
        ..get(&server.url("/"))
    };
    let masked = |value: &str| Header::masked("Authorization", value.to_owned().into(), "…");
    let mut report = String::new();
    for request in [
        with("GET", masked("Bearer secret\r\nX-Injected: 1")),
        with("GET", masked("Bearer secret\u{0}")),
        with("GET", Header::plain("x y", "1")),
        with("GE T", Header::plain("x", "1")),
        PreparedRequest { url: "ftp://127.0.0.1/".parse().unwrap(), ..with("GET", Header::plain("x", "1")) },
    ] {
        let failure = send(&request, &transport()).outcome.unwrap_err();
        report += &format!("{failure}\n");
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
    insta::assert_snapshot!(report, @r#"
    the request was not sent: the header field authorization holds characters that HTTP does not allow
    the request was not sent: the header field authorization holds characters that HTTP does not allow
    the request was not sent: "x y" is not a header field name
    the request was not sent: "GE T" is not an HTTP method
    the request was not sent: URL scheme is not allowed
    "#);
}

#[test]
fn cancelling_ends_a_running_call_at_once() {
    let cancel = Cancel::default();
    let other = cancel.clone();
    // The call is under way, and ends only by what is cancelled here.
    let server = Server::new(move |_| {
        other.cancel();
        never();
    });
    let exchange = ReqwestHttp.send(&get(&server.url("/")), &transport(), &cancel);
    assert_eq!(what(&exchange), [Happening::Sent, Happening::Failed]);
    assert_eq!(exchange.outcome, Err(NoAnswer::Cancelled));
}

#[test]
fn a_call_cancelled_beforehand_never_connects() {
    let server = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let cancel = Cancel::default();
    cancel.cancel();
    let exchange = ReqwestHttp.send(&get(&server.url("/")), &transport(), &cancel);
    assert_eq!(exchange.outcome, Err(NoAnswer::Cancelled));
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}

/// Serves TLS with a certificate that nobody signed but itself, which is the second answer, in PEM.
fn self_signed(name: &str) -> (Server, String) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let pem = made.cert.pem();
    let server = Server::raw(move |stream, requests| {
        let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, stream);
        let mut byte = [0; 1024];
        if let Ok(count) = stream.read(&mut byte) {
            let _ = requests.send(String::from_utf8_lossy(&byte[..count]).into_owned());
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsafe");
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    (server, pem)
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent() {
    let (server, _) = self_signed("localhost");
    let url = format!("https://localhost:{}/?token=secret", server.address.port());
    let mut request = get(&url);
    request.headers.push(Header::masked("Authorization", "Bearer secret".to_owned().into(), "…"));
    let failure = send(&request, &transport()).outcome.unwrap_err();
    assert_eq!(failure.to_string(), "no secure connection to localhost: invalid peer certificate: UnknownIssuer");
    assert!(failure.hint().unwrap().contains("never passed over"));
    assert!(server.requests.try_recv().is_err(), "nothing but the handshake arrived");
}

#[test]
fn a_certificate_that_the_person_added_is_trusted_and_no_other() {
    let (server, pem) = self_signed("localhost");
    let (_, another) = self_signed("localhost");
    let url = format!("https://localhost:{}/", server.address.port());
    let with = |trusted: &str| Transport { trusted: Some(trusted.to_owned()), ..transport() };
    assert_eq!(send(&get(&url), &with(&pem)).outcome.unwrap().body, b"safe");
    assert_eq!(send(&get(&url), &with(&format!("{another}{pem}"))).outcome.unwrap().body, b"safe");
    assert!(matches!(send(&get(&url), &with(&another)).outcome, Err(NoAnswer::Tls { .. })));
    // It is trusted for what it names alone.
    let other = url.replace("localhost", "127.0.0.1");
    assert!(matches!(send(&get(&other), &with(&pem)).outcome, Err(NoAnswer::Tls { .. })));
    assert_eq!((certificates(&pem), certificates(&format!("{another}{pem}"))), (Ok(1), Ok(2)));
    for rubbish in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert!(certificates(rubbish).is_err(), "{rubbish:?}");
    }
}

#[test]
fn a_chosen_proxy_takes_the_place_of_the_environments_and_is_not_for_loopback() {
    let proxy = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy");
    let here = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere");
    let chosen = Transport { proxy: Some(proxy.url("/").parse().unwrap()), ..transport() };
    assert_eq!(send(&get("http://api.example.invalid/"), &chosen).outcome.unwrap().body, b"proxy");
    assert_eq!(send(&get(&here.url("/")), &chosen).outcome.unwrap().body, b"here");
    assert!(proxy.requests.recv().unwrap().starts_with("GET http://api.example.invalid/ HTTP/1.1\r\n"));
    let refusing = Server::saying("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    let chosen = Transport { proxy: Some(refusing.url("/").parse().unwrap()), ..transport() };
    let failure = send(&get("https://api.example.invalid/"), &chosen).outcome.unwrap_err().to_string();
    assert!(failure.contains(&format!("through the proxy {}", refusing.url("/"))), "{failure}");
}

#[test]
fn a_server_without_tls_is_a_failed_handshake() {
    let server = Server::raw(|mut stream, _| {
        let mut byte = [0; 16];
        let _ = stream.read(&mut byte);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let failure = failure(&format!("https://127.0.0.1:{}/", server.address.port()), &transport());
    assert_eq!(
        failure.to_string(),
        "no secure connection to 127.0.0.1: received corrupt message of type InvalidContentType"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_system_without_certificates_still_reaches_itself() {
    in_a_process("child_certificates", &[("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "/dev/null")]);
}

#[test]
#[ignore = "run by a_system_without_certificates_still_reaches_itself"]
fn child_certificates() {
    let here = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere");
    assert_eq!(send(&get(&here.url("/")), &transport()).outcome.unwrap().body, b"here");
    assert_eq!(
        failure("https://127.0.0.1:9/", &transport()).to_string(),
        "no secure connection to 127.0.0.1: this system trusts no certificate authority; on Linux they come with the package \
         ca-certificates"
    );
}

/// Runs the ignored test `name` in a process of its own with these variables, since variables belong to a process.
fn in_a_process(name: &str, variables: &[(&str, &str)]) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", name, "--ignored", "--nocapture"]);
    for variable in
        ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"]
    {
        command.env_remove(variable);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "the test {name} exists");
}

#[test]
fn a_name_that_does_not_exist() {
    in_a_process("child_name", &[]);
}

#[test]
#[ignore = "run by a_name_that_does_not_exist"]
fn child_name() {
    // RFC 6761 §6.4: .invalid never resolves.
    let failure = failure("https://api.sandbox.nobody.invalid/?token=secret", &transport());
    assert_eq!(failure, NoAnswer::Dns { host: "api.sandbox.nobody.invalid".into() });
}

#[test]
fn proxies_are_used_for_others_and_never_for_loopback() {
    let proxy = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy");
    let url = format!("http://{}", proxy.address);
    in_a_process("child_proxy", &[("HTTP_PROXY", &url), ("http_proxy", &url)]);
    let seen = proxy.requests.recv().unwrap();
    assert!(seen.starts_with("GET http://api.example.invalid/ HTTP/1.1\r\n"), "{seen}");
    assert_eq!(proxy.connections.load(Ordering::SeqCst), 1, "loopback went straight");
}

#[test]
#[ignore = "run by proxies_are_used_for_others_and_never_for_loopback"]
fn child_proxy() {
    let here = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere");
    for url in [here.url("/"), format!("http://localhost:{}/", here.address.port())] {
        assert_eq!(send(&get(&url), &transport()).outcome.unwrap().body, b"here");
    }
    assert_eq!(send(&get("http://api.example.invalid/"), &transport()).outcome.unwrap().body, b"proxy");
}
