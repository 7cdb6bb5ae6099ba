//! A receiver on loopback: takes what is posted to it, byte for byte, and answers what it is told.

use std::{io, net::SocketAddr, sync::Arc, thread::JoinHandle, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use loopback::Limits;
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};
use workbench::ports::{Arrived, Reply};

/// Bytes of a body that are kept.
pub const BODY_LIMIT: usize = 10 * 1024 * 1024;
/// Bytes of a longer one that are still read, so that the sender hears the answer.
const DRAINED: usize = 64 * 1024 * 1024;
/// How long a delivery may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a sender may be silent within it.
const SILENCE: Duration = Duration::from_secs(5);
/// How many deliveries are judged at once; others wait.
const AT_ONCE: usize = 4;
/// Kibibytes of all the bodies that are being read. What is slow to come holds only what has come.
const KIBIBYTES: usize = 64 * 1024;

/// Judges what came and says what it is answered. It may block.
pub type Answering = Arc<dyn Fn(Arrived) -> Reply + Send + Sync>;

/// A receiver that listens on 127.0.0.1. It stops when this is dropped.
pub struct Receiver {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Why nothing listens.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The port is taken, or may not be had.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Port {
        /// The port that was asked for.
        port: u16,
        /// The system's word for it.
        source: io::Error,
    },
    /// The system gave no thread or no event queue.
    #[error("cannot run a receiver: {0}")]
    Runtime(#[source] io::Error),
}

impl ListenError {
    /// What to try next.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Port { source, .. } if source.kind() == io::ErrorKind::AddrInUse => {
                Some("another program listens there: choose another port, or 0 for a free one")
            }
            Self::Port { .. } => Some("choose a port from 1024 upwards, or 0 for a free one"),
            Self::Runtime(_) => None,
        }
    }
}

impl Receiver {
    /// Listens, in a thread of its own. Port 0 takes a free one.
    pub fn start(port: u16, answering: Answering) -> Result<Self, ListenError> {
        let listen = |source| ListenError::Port { port, source };
        let (listener, address) = loopback::listen(port).map_err(listen)?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ListenError::Runtime)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let room = Room { answering, places, kibibytes: Arc::new(Semaphore::new(KIBIBYTES)) };
        let app = Router::new().fallback(receive).with_state(room);
        let limits = Limits::default();
        let thread = std::thread::Builder::new()
            .name("receiver".to_owned())
            .spawn(move || {
                // A handle that is gone says the same as a word.
                let until = async { drop(stopped.await) };
                // Without an event queue nothing is served, and whoever asked for a receiver hears nothing.
                let _ = runtime.block_on(loopback::serve(listener, app, limits, until));
                runtime.shutdown_timeout(limits.farewell);
            })
            .map_err(ListenError::Runtime)?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the requests share.
#[derive(Clone)]
struct Room {
    answering: Answering,
    places: Arc<Semaphore>,
    kibibytes: Arc<Semaphore>,
}

async fn receive(State(room): State<Room>, request: Request) -> Response {
    if request.method() != Method::POST {
        let words = format!("{} is not taken: deliveries are sent with POST", request.method());
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")], words).into_response();
    }
    let (parts, body) = request.into_parts();
    let read = tokio::time::timeout(PATIENCE, read(body, &room.kibibytes)).await.unwrap_or(Err(Unread::Late));
    let Read { body, length, held: _held } = match read {
        Ok(read) => read,
        Err(unread) => return unread.into_response(),
    };
    let Ok(_place) = room.places.acquire().await else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let arrived = Arrived {
        method: parts.method.to_string(),
        target: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        headers: fields(&parts.headers),
        body,
        length,
    };
    let answering = Arc::clone(&room.answering);
    // Secrets are opened to judge it; what that leaves on the stack of a thread that others use is wiped.
    let judged = tokio::task::spawn_blocking(move || memory::clean_stack(|| answering(arrived)));
    match judged.await {
        Ok(Reply { status, text }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, format!("{text}\n")).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A body that came.
struct Read<'r> {
    /// Its beginning.
    body: Vec<u8>,
    /// How many bytes came in all.
    length: usize,
    /// Its share of what all bodies may hold.
    held: Vec<SemaphorePermit<'r>>,
}

/// Why a body did not come.
enum Unread {
    /// The sender broke off.
    BrokenOff,
    /// It took too long, or was silent for too long.
    Late,
    /// Too much is being read already.
    Full,
}

impl IntoResponse for Unread {
    fn into_response(self) -> Response {
        match self {
            // Whoever broke off hears nothing anyway.
            Self::BrokenOff => StatusCode::BAD_REQUEST.into_response(),
            Self::Late => {
                let words = "the body did not come: wanted all of it within 30 s, and no silence of 5 s\n";
                (StatusCode::REQUEST_TIMEOUT, words).into_response()
            }
            Self::Full => (StatusCode::SERVICE_UNAVAILABLE, "too many deliveries come at once\n").into_response(),
        }
    }
}

/// Reads a body as far as it is kept.
async fn read(body: Body, kibibytes: &Semaphore) -> Result<Read<'_>, Unread> {
    let mut stream = body.into_data_stream();
    let mut read = Read { body: Vec::new(), length: 0, held: Vec::new() };
    loop {
        let chunk = tokio::time::timeout(SILENCE, stream.next()).await.map_err(|_| Unread::Late)?;
        let Some(chunk) = chunk else { return Ok(read) };
        let chunk = chunk.map_err(|_| Unread::BrokenOff)?;
        read.length += chunk.len();
        let kept = &chunk[..chunk.len().min(BODY_LIMIT - read.body.len())];
        let share = (read.body.len() + kept.len()).div_ceil(1024) - read.body.len().div_ceil(1024);
        let share = u32::try_from(share).unwrap_or(u32::MAX);
        read.held.push(kibibytes.try_acquire_many(share).map_err(|_| Unread::Full)?);
        read.body.extend_from_slice(kept);
        if read.length > DRAINED {
            return Ok(read);
        }
    }
}

fn fields(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
}
