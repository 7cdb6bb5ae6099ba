//! Starting and stopping: a thread with its own runtime, so that a blocking program can use it.

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
    extract::Request,
    http::{HeaderValue, StatusCode},
    middleware,
    response::Response,
    routing::any,
};
use futures_util::{StreamExt, stream};
use tokio::sync::oneshot;

use crate::{
    clock, control,
    faults::Faults,
    gr4vy::{self, Gr4vy},
    keys::KeyError,
    log::Entry,
    state::State,
};

/// What a path says that belongs to no provider.
const ELSEWHERE: &str = "This is the Keywright emulator. It plays /gr4vy, and tells about itself at /_emulator.\n";

/// Sees each entry of the log as it is written.
pub type Observer = Arc<dyn Fn(&Entry) + Send + Sync>;

/// How to start.
#[derive(Default)]
pub struct Config {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// How it misbehaves from the start.
    pub faults: Faults,
    /// Who sees each request, for instance to print it.
    pub observer: Option<Observer>,
}

/// The emulator before it runs.
pub struct Emulator;

/// Why it did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or may not be had.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// The system's word for it.
        source: io::Error,
    },
    /// The system gave no thread or no event queue.
    #[error("cannot run a server: {0}")]
    Runtime(#[source] io::Error),
}

impl StartError {
    /// What to try next.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => {
                Some("another program listens there: choose another port, or none to get a free one")
            }
            Self::Listen { .. } => Some("choose a port from 1024 upwards, or none to get a free one"),
            Self::Runtime(_) => None,
        }
    }
}

impl Emulator {
    /// Listens on 127.0.0.1 and answers in a thread of its own until the returned value is stopped or dropped.
    pub fn start(config: Config) -> Result<Running, StartError> {
        let Config { port, faults, observer } = config;
        let listen = |source| StartError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let state = Arc::new(State::new(Gr4vy::new(), faults, observer));
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::Runtime)?;
        let (stop, stopped) = oneshot::channel();
        let app = router(Arc::clone(&state), address);
        let thread = std::thread::Builder::new()
            .name("emulator".into())
            .spawn(move || runtime.block_on(serve(listener, app, stopped)))
            .map_err(StartError::Runtime)?;
        Ok(Running { address, state, stop: Some(stop), thread: Some(thread) })
    }
}

/// Answers until told to stop. Requests that are being answered then are cut off: nobody waits for a slow fault.
async fn serve(listener: TcpListener, app: Router, stopped: oneshot::Receiver<()>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    tokio::select! {
        served = axum::serve(listener, app) => served,
        _ = stopped => Ok(()),
    }
}

fn router(state: Arc<State>, address: SocketAddr) -> Router {
    let (dated, broken) = (Arc::clone(&state), Arc::clone(&state));
    Router::new()
        .route("/gr4vy", any(gr4vy::handle))
        .route("/gr4vy/{*path}", any(gr4vy::handle))
        .route_layer(middleware::map_response(move |response| break_off(Arc::clone(&broken), response)))
        .merge(control::router(address))
        .fallback(|| async { (StatusCode::NOT_FOUND, ELSEWHERE) })
        .layer(middleware::map_response(move |response| date(Arc::clone(&dated), response)))
        .with_state(state)
}

/// Dates an answer by the emulator's own clock, which may be skewed.
async fn date(state: Arc<State>, mut response: Response) -> Response {
    if let Ok(value) = HeaderValue::from_str(&clock::http_date(state.now())) {
        response.headers_mut().insert(axum::http::header::DATE, value);
    }
    response
}

/// Half an answer and then the end of the connection, where that is asked for.
async fn break_off(state: Arc<State>, response: Response) -> Response {
    if !state.lock().faults.break_off {
        return response;
    }
    let (parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half = whole.slice(..whole.len() / 2);
    let end = async {
        // The first half is on its way by then.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(io::Error::other("broken off, as it was told to"))
    };
    Response::from_parts(parts, Body::from_stream(stream::iter([Ok(half)]).chain(stream::once(end))))
}

/// A running emulator. It stops when this is dropped.
pub struct Running {
    address: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Running {
    /// The providers it plays, by the id of their definition.
    pub const PROVIDERS: [&'static str; 1] = ["gr4vy"];

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base address under which it plays `provider`, without a slash at the end: `http://127.0.0.1:41234/gr4vy`.
    pub fn base(&self, provider: &str) -> Option<String> {
        Self::PROVIDERS.contains(&provider).then(|| format!("http://{}/{provider}", self.address))
    }

    /// Registers the public key or keys in `text`, a JWK or a JWK Set, all or none. Returns their kids, the RFC 7638
    /// thumbprints under which tokens must name them; a `kid` in the text does not count. A key that is registered
    /// already stays.
    pub fn register(&self, text: &str) -> Result<Vec<String>, KeyError> {
        self.state.lock().keys.register(text)
    }

    /// How it misbehaves now.
    pub fn faults(&self) -> Faults {
        self.state.lock().faults
    }

    /// Makes it misbehave in this way from the next request on.
    pub fn set_faults(&self, faults: Faults) {
        self.state.lock().faults = faults;
    }

    /// The latest requests, oldest first.
    pub fn log(&self) -> Vec<Entry> {
        self.state.lock().log().entries()
    }

    /// Stops it; its port is free when this returns.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Nobody listens any more where the server ended by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads at most `limit` bytes of a request's body.
pub(crate) async fn body(request: Request, limit: usize) -> Option<Vec<u8>> {
    axum::body::to_bytes(request.into_body(), limit).await.ok().map(Vec::from)
}
