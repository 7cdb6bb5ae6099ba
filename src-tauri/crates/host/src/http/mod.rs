//! Requests over the network, with reqwest.

mod failure;
mod names;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use exchange::{Answer, Event, Exchange, Happening, NoAnswer, PreparedRequest, Transport};
use reqwest::{
    Certificate, Client, Method, Proxy, Response,
    header::{HeaderMap, HeaderName, HeaderValue, LOCATION},
    redirect::Policy,
};
use url::Url;
use workbench::ports::{Cancel, Http};

use failure::Failure;
use names::Names;

/// How often a running call looks whether it was cancelled.
const WATCH: Duration = Duration::from_millis(20);

/// Sends each request over a connection of its own: sending is an act of a person, and what a pool would save is less
/// than what a stale connection costs in puzzlement. What the system trusts, and the environment's proxies, are read once
/// for the life of the program.
///
/// Redirects are never followed. TLS trusts what the system trusts and what the person added, and nothing turns that off.
/// Proxies are the person's, else those of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), never for this
/// computer's own addresses. Beside the prepared header fields only `host`, `accept` and `content-length` are sent, where they are not prepared.
///
/// `send` blocks, with a runtime of its own inside; it must not be called from within another one.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReqwestHttp;

impl Http for ReqwestHttp {
    fn send(&self, request: &PreparedRequest, transport: &Transport, cancel: &Cancel) -> Exchange {
        let mut timeline = Timeline::new();
        let outcome = run(request, transport, cancel, &mut timeline);
        if outcome.is_err() {
            timeline.mark(Happening::Failed);
        }
        Exchange { outcome, timeline: timeline.events }
    }
}

/// Runs the call until it ends, time runs out, or somebody cancels.
fn run(
    request: &PreparedRequest,
    transport: &Transport,
    cancel: &Cancel,
    timeline: &mut Timeline,
) -> Result<Answer, NoAnswer> {
    let failure = Failure::new(request, transport);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failure.unsent(format!("the system gives no event queue: {error}")))?;
    let outcome = runtime.block_on(async {
        tokio::select! {
            biased;
            () = cancelled(cancel) => Err(NoAnswer::Cancelled),
            outcome = tokio::time::timeout(transport.total, call(request, transport, &failure, timeline)) => {
                outcome.unwrap_or_else(|_| Err(failure.too_long()))
            }
        }
    });
    // A name look-up that hangs would hold an ordinary shutdown up.
    runtime.shutdown_background();
    outcome
}

async fn cancelled(cancel: &Cancel) {
    while !cancel.is_cancelled() {
        tokio::time::sleep(WATCH).await;
    }
}

async fn call(
    request: &PreparedRequest,
    transport: &Transport,
    failure: &Failure,
    timeline: &mut Timeline,
) -> Result<Answer, NoAnswer> {
    let client = client(request, transport).map_err(|error| failure.classify(&error))?;
    let request = written(request).map_err(|reason| failure.unsent(reason))?;
    timeline.mark(Happening::Sent);
    let response = client.execute(request).await.map_err(|error| failure.classify(&error))?;
    timeline.mark(Happening::Headers { status: response.status().as_u16() });
    if response.status().is_redirection()
        && let Some(to) = response.headers().get(LOCATION)
    {
        timeline.mark(Happening::Redirect { to: text(to) });
    }
    let answer = receive(response, transport.body).await.map_err(|error| failure.classify(&error))?;
    timeline.mark(Happening::Body { bytes: answer.body.len() });
    Ok(answer)
}

/// What a client is made of: whether it is for this computer, how long it waits for a connection, its proxy, and what it
/// trusts beside the system; nothing at all where it speaks plain http.
type Made = (bool, Duration, Option<String>, Option<Trusted>);

/// What TLS trusts beside the system: certificates as PEM.
type Trusted = Option<String>;

/// The clients that were made. To make one is to read what the system trusts, which takes twenty times as long as a call on
/// loopback.
static CLIENTS: Mutex<BTreeMap<Made, Client>> = Mutex::new(BTreeMap::new());

fn client(request: &PreparedRequest, transport: &Transport) -> reqwest::Result<Client> {
    let here = provider::is_loopback(&request.url);
    let proxy = transport.proxy.as_ref().filter(|_| !here).map(Url::to_string);
    // No proxy and no redirect lead from plain http on this computer to TLS. Without it, what the system trusts is not read: that
    // takes time, and a bare system has nothing.
    let trusted = (!here || request.url.scheme() != "http").then(|| transport.trusted.clone());
    let made = (here, transport.connect, proxy, trusted);
    let mut clients = CLIENTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(client) = clients.get(&made) {
        return Ok(client.clone());
    }
    let mut builder = Client::builder()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(transport.connect)
        .dns_resolver(Arc::new(Names))
        .pool_max_idle_per_host(0);
    builder = match &made.3 {
        None => builder.tls_certs_only([]),
        Some(None) => builder,
        Some(Some(pem)) => builder.tls_certs_merge(Certificate::from_pem_bundle(pem.as_bytes())?),
    };
    builder = match &made.2 {
        _ if here => builder.no_proxy(),
        Some(proxy) => builder.no_proxy().proxy(Proxy::all(proxy)?),
        None => builder,
    };
    let client = builder.build()?;
    clients.insert(made, client.clone());
    Ok(client)
}

/// Says how many certificates stand in a text, each of which a client would trust, or why it would not.
pub fn certificates(pem: &str) -> Result<usize, String> {
    // A text that is not a certificate shows only once a client is to trust it.
    let trust = |found: Vec<Certificate>| {
        let count = found.len();
        Client::builder().tls_certs_merge(found).build().map(|_| count)
    };
    match Certificate::from_pem_bundle(pem.as_bytes()).and_then(trust) {
        Ok(0) => Err("there is no certificate in it".to_owned()),
        Ok(count) => Ok(count),
        Err(error) => Err(failure::innermost(&error)),
    }
}

/// The request in reqwest's terms, or what HTTP does not allow in it. Values are never repeated: they may be secret.
fn written(request: &PreparedRequest) -> Result<reqwest::Request, String> {
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|_| format!("{:?} is not an HTTP method", request.method))?;
    let mut written = reqwest::Request::new(method, request.url.clone());
    for header in &request.headers {
        let name = HeaderName::from_bytes(header.name.as_bytes())
            .map_err(|_| format!("{:?} is not a header field name", header.name))?;
        let mut value = HeaderValue::from_bytes(header.value.clear().as_bytes())
            .map_err(|_| format!("the header field {name} holds characters that HTTP does not allow"))?;
        value.set_sensitive(true);
        written.headers_mut().append(name, value);
    }
    if !request.body.is_empty() {
        *written.body_mut() = Some(request.body.clear().to_vec().into());
    }
    Ok(written)
}

/// Takes the answer in. After `most` bytes of body the connection is dropped with what is still to come.
async fn receive(mut response: Response, most: usize) -> reqwest::Result<Answer> {
    let status = response.status().as_u16();
    let headers = fields(response.headers());
    let mut body = Vec::new();
    let mut cut = false;
    while let Some(piece) = response.chunk().await? {
        let room = most - body.len();
        body.extend_from_slice(&piece[..piece.len().min(room)]);
        if piece.len() > room {
            cut = true;
            break;
        }
    }
    Ok(Answer { status, headers, body, cut })
}

fn fields(headers: &HeaderMap) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// A field value as text: UTF-8 where it is that, else a character for each byte (ISO 8859-1, as RFC 9110 §5.5 has it).
fn text(value: &HeaderValue) -> String {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// What happened so far.
struct Timeline {
    start: Instant,
    events: Vec<Event>,
}

impl Timeline {
    fn new() -> Self {
        Self { start: Instant::now(), events: Vec::new() }
    }

    fn mark(&mut self, what: Happening) {
        self.events.push(Event { at: self.start.elapsed(), what });
    }
}
