//! Starting and stopping: a thread with its own runtime, so that a blocking program can use it.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{HeaderValue, StatusCode},
    middleware,
    response::Response,
    routing::any,
};
use futures_util::{StreamExt, stream};
use loopback::Limits;
use tokio::sync::oneshot;

use crate::{
    clock, control, cryptopay, faults::Faults, gr4vy, hedge, log::Observer, partner, pipeline, running::Running,
    state::State,
};

/// What a path says that belongs to no provider.
const ELSEWHERE: &str = "This is the Keywright emulator. It plays /gr4vy, /hedge, /partner and /cryptopay, \
    and tells about itself at /_emulator.\n";

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
                Some("another program listens there: end it, or choose another port; 0 takes any free one")
            }
            Self::Listen { .. } => Some("choose a port from 1024 upwards; 0 takes any free one"),
            Self::Runtime(_) => None,
        }
    }
}

impl Emulator {
    /// Listens on 127.0.0.1 and answers in a thread of its own until the returned value is stopped or dropped.
    pub fn start(config: Config) -> Result<Running, StartError> {
        let Config { port, faults, observer } = config;
        let listen = |source| StartError::Listen { port, source };
        let (listener, address) = loopback::listen(port).map_err(listen)?;
        let apis = [gr4vy::simulated(), hedge::simulated(), partner::simulated(), cryptopay::simulated()];
        let state = Arc::new(State::new(apis, faults, observer));
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::Runtime)?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        // A handle that is gone says the same as a word.
        let until = async { drop(stopped.await) };
        // Requests that are being answered then are cut off: nobody waits for a slow fault.
        let limits = Limits { farewell: Duration::ZERO, ..Limits::default() };
        let app = router(Arc::clone(&state), address);
        let thread = std::thread::Builder::new()
            .name("emulator".into())
            .spawn(move || runtime.block_on(loopback::serve(listener, app, limits, until)))
            .map_err(StartError::Runtime)?;
        Ok(Running::new(address, state, handle, stop, thread))
    }
}

fn router(state: Arc<State>, address: SocketAddr) -> Router {
    let (dated, broken) = (Arc::clone(&state), Arc::clone(&state));
    let providers = Running::PROVIDERS.iter().fold(Router::new(), |router, id| {
        router.route(&format!("/{id}"), any(pipeline::handle)).route(&format!("/{id}/{{*path}}"), any(pipeline::handle))
    });
    providers
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
    if !state.lock().faults.break_off && response.extensions().get::<pipeline::BreakOff>().is_none() {
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
