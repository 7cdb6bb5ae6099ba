//! Tokens made by the independent crates, and an HTTP client that sends exactly what it is given.

#![allow(dead_code, reason = "each test binary uses its own part of this")]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use keywright_emulator::{Config, Emulator, Entry, Outcome, Registration, Running};
use p521::{
    ecdsa::{Signature, SigningKey, signature::Signer},
    pkcs8::DecodePrivateKey,
};
use serde_json::{Value, json};

/// The thumbprint of `keys/p521-none`, from `kids.json`.
pub const KID: &str = "kNN5RydM8ds6J9ax6-wID-f5k7wvsKhlzR5AmYsE0U0";
/// The thumbprint of `keys/rsa-2048`.
pub const RSA_KID: &str = "EnCm5bxldCT0wWEWdaEPFLiguhT0DlJgCCwyJeT1JLU";

pub fn key_file(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/keys/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// An emulator that knows the public halves of these keys.
pub fn emulator(keys: &[&str]) -> Running {
    let running = Emulator::start(Config::default()).unwrap();
    for key in keys {
        running.register(Registration::Jwk(&key_file(&format!("{key}.pub.jwk.json")))).unwrap();
    }
    running
}

pub fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

pub fn header() -> Value {
    json!({ "alg": "ES512", "typ": "JWT", "kid": KID })
}

/// The claims of a good token.
pub fn claims() -> Value {
    let now = now();
    json!({
        "scopes": ["*.read", "*.write"], "iat": now, "nbf": now, "exp": now + 60, "iss": "keywright tests",
        "jti": format!("{:016x}", rand_core::RngCore::next_u64(&mut rand_core::OsRng)),
    })
}

/// A good value with some members replaced; `null` takes a member out.
pub fn with(mut value: Value, members: Value) -> Value {
    for (name, member) in members.as_object().unwrap() {
        match member {
            Value::Null => value.as_object_mut().unwrap().remove(name),
            other => value.as_object_mut().unwrap().insert(name.clone(), other.clone()),
        };
    }
    value
}

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(bytes.as_ref())
}

/// Signs two texts as they are with the P-521 key `name`, by the `p521` crate.
pub fn es512_text(header: &str, claims: &str, name: &str) -> String {
    let input = format!("{}.{}", encode(header), encode(claims));
    let signature = es512(&input, name);
    format!("{input}.{}", encode(signature.to_bytes()))
}

pub fn es512(input: &str, name: &str) -> Signature {
    let secret = p521::SecretKey::from_pkcs8_pem(&key_file(&format!("{name}.pkcs8.pem"))).unwrap();
    let key = SigningKey::from_slice(&secret.to_bytes()).unwrap();
    key.sign(input.as_bytes())
}

pub fn es512_token(header: &Value, claims: &Value) -> String {
    es512_text(&header.to_string(), &claims.to_string(), "p521-none")
}

/// Signs with `jsonwebtoken`.
pub fn library_token(header: &Value, claims: &Value, algorithm: Algorithm, key: &EncodingKey) -> String {
    let input = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
    let signature = jsonwebtoken::crypto::sign(input.as_bytes(), key, algorithm).unwrap();
    format!("{input}.{signature}")
}

pub fn rsa_key() -> EncodingKey {
    EncodingKey::from_rsa_pem(key_file("rsa-2048.pkcs8.pem").as_bytes()).unwrap()
}

pub fn good_token() -> String {
    es512_token(&header(), &claims())
}

/// An answer, taken apart.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// Sends a request with these header lines, byte for byte.
pub fn send(address: SocketAddr, line: &str, headers: &[&[u8]], body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let mut request =
        format!("{line} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len()).into_bytes();
    if !headers.iter().any(|header| header.starts_with(b"Host:")) {
        request.extend(format!("Host: {address}\r\n").bytes());
    }
    for header in headers {
        request.extend(*header);
        request.extend(b"\r\n");
    }
    request.extend(b"\r\n");
    request.extend(body);
    // A server may refuse before it has read everything.
    let _ = stream.write_all(&request);
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Reply { status, head: head.to_owned(), body: body.to_owned() }
}

/// Calls a provider's path with JSON and, where there is one, a credential.
pub fn json_call(running: &Running, line: &str, credential: Option<&str>, body: impl AsRef<[u8]>) -> Reply {
    let authorization = credential.map(|credential| format!("Authorization: Bearer {credential}"));
    let fields = authorization.iter().map(|field| field.as_bytes());
    let headers: Vec<&[u8]> = fields.chain([&b"Content-Type: application/json"[..]]).collect();
    send(running.address(), line, &headers, body)
}

/// What was answered, with what the log says of it and the header fields that are documented, one case of a snapshot.
pub fn told(running: &Running, name: &str, reply: &Reply) -> String {
    let entry = last(running);
    let reason = match &entry.outcome {
        Outcome::Accepted => "accepted".to_owned(),
        Outcome::Refused { check, reason } => format!("{}: {reason}", check.name()),
        Outcome::Unchecked { reason } => format!("not checked: {reason}"),
    };
    let mut told = format!("{name}\n  HTTP {} {}\n  {}\n", reply.status, reply.body, steady(&reason));
    for field in ["WWW-Authenticate", "Retry-After", "Allow", "X-RateLimit-Limit", "X-RateLimit-Remaining"] {
        if let Some(value) = reply.header(field) {
            told += &format!("  {field}: {value}\n");
        }
    }
    entry.notes.iter().for_each(|note| told += &format!("  note: {}\n", steady(note)));
    told + "\n"
}

/// The claims of a token, unverified.
pub fn claims_of(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

/// Signs two texts as they are with HS256, by `jsonwebtoken`.
pub fn hs256_text(header: &str, claims: &str, secret: &[u8]) -> String {
    let input = format!("{}.{}", encode(header), encode(claims));
    let key = EncodingKey::from_secret(secret);
    let signature = jsonwebtoken::crypto::sign(input.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{input}.{signature}")
}

/// Calls Gr4vy's part with a bearer token.
pub fn call(running: &Running, line: &str, token: &str, body: &str) -> Reply {
    let (method, path) = line.split_once(' ').unwrap();
    let authorization = format!("Authorization: Bearer {token}");
    send(running.address(), &format!("{method} /gr4vy{path}"), &[authorization.as_bytes()], body)
}

pub fn last(running: &Running) -> Entry {
    running.log().pop().unwrap()
}

/// `text` with what changes from run to run taken out: times, and the spans between them.
pub fn steady(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let bare = word.trim_end_matches([':', ',', ';', '.', ')']).trim_start_matches('(');
        let is_number = !bare.is_empty() && bare.bytes().all(|c| c.is_ascii_digit());
        let before_is_number = words.last().is_some_and(|last| last.parse::<i64>().is_ok());
        match bare {
            "s" | "min" | "h" | "d" if before_is_number => {
                words.pop();
                // A span of two units is one span.
                if words.last().is_some_and(|last| last == "<span>") {
                    words.pop();
                }
                words.push(word.replacen(bare, "<span>", 1));
            }
            _ if is_number && bare.len() >= 9 => words.push(word.replace(bare, "<time>")),
            _ if bare.len() == 10 && bare.split('-').map(str::len).eq([4, 2, 2]) => {}
            _ if bare.len() == 8 && bare.split(':').map(str::len).eq([2, 2, 2]) => {}
            "UTC" => words.push(word.replacen("UTC", "<date>", 1)),
            _ => words.push(word.to_owned()),
        }
    }
    words.join(" ")
}
