//! A receiver on loopback: takes what is posted to it, byte for byte, and answers what it is told.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use tokio::sync::{Semaphore, oneshot};
use workbench::ports::{Arrived, Reply};

/// Bytes of a body that are kept.
pub const BODY_LIMIT: usize = 10 * 1024 * 1024;
/// Bytes of a longer one that are still read, so that the sender hears the answer.
const DRAINED: usize = 64 * 1024 * 1024;
/// How long a delivery may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long answers may still take when it stops.
const FAREWELL: Duration = Duration::from_secs(1);
/// How many deliveries are read at once; others wait.
const AT_ONCE: usize = 4;

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
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ListenError::Runtime)?;
        let (stop, stopped) = oneshot::channel();
        let room = Room { answering, places: Arc::new(Semaphore::new(AT_ONCE)) };
        let thread = std::thread::Builder::new()
            .name("receiver".to_owned())
            .spawn(move || {
                runtime.block_on(serve(listener, room, stopped));
                runtime.shutdown_timeout(FAREWELL);
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
}

/// Answers until told to stop; what is being answered then is given a moment.
async fn serve(listener: TcpListener, room: Room, stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let (ending, ended) = oneshot::channel();
    let router = Router::new().fallback(receive).with_state(room);
    let until = async move {
        // A handle that is gone says the same.
        let _ = stopped.await;
        let _ = ending.send(());
    };
    let late = async {
        let _ = ended.await;
        tokio::time::sleep(FAREWELL).await;
    };
    tokio::select! {
        _ = axum::serve(listener, router).with_graceful_shutdown(until) => {}
        () = late => {}
    }
}

async fn receive(State(room): State<Room>, request: Request) -> Response {
    if request.method() != Method::POST {
        let words = format!("{} is not taken: deliveries are sent with POST", request.method());
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")], words).into_response();
    }
    let Ok(_place) = room.places.acquire().await else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let (parts, body) = request.into_parts();
    let read = tokio::time::timeout(PATIENCE, read(body)).await;
    let (body, length) = match read {
        Ok(Some(read)) => read,
        // Whoever broke off hears nothing anyway.
        Ok(None) => return StatusCode::BAD_REQUEST.into_response(),
        Err(_) => return (StatusCode::REQUEST_TIMEOUT, "the body did not come within 30 s").into_response(),
    };
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

/// The beginning of a body, and how many bytes came in all; nothing where the sender broke off.
async fn read(body: Body) -> Option<(Vec<u8>, usize)> {
    let mut stream = body.into_data_stream();
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.ok()?;
        length += chunk.len();
        let room = BODY_LIMIT - kept.len();
        kept.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if length > DRAINED {
            break;
        }
    }
    Some((kept, length))
}

fn fields(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
}
