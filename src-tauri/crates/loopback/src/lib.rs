//! Server on loopback: takes connections, ends those whose requests do not come, and stops when it is told to.
//!
//! What is served is an [`axum::Router`]. axum's own loop waits for a request forever, so that whoever opens connections and says
//! nothing, or a byte a minute, holds them for good (CWE-400).

use std::{
    future::Future,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower_service::Service;

/// What a server puts up with.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long the head of a request may take, from the opening of the connection or the end of the answer before.
    pub head: Duration,
    /// Connections that are open at once; others wait.
    pub connections: usize,
    /// How long answers may still take once it is told to stop.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head: Duration::from_secs(10), connections: 128, farewell: Duration::from_secs(1) }
    }
}

/// How long nothing is accepted after that failed, as it does where a process has no descriptor left.
const PAUSE: Duration = Duration::from_millis(50);

/// Listens on a port of 127.0.0.1; 0 takes a free one.
///
/// # Errors
///
/// The system's: the port is taken, or may not be had.
pub fn listen(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Answers until `stopped` is ready; what is being answered then is given [`Limits::farewell`].
///
/// # Errors
///
/// Where the listener cannot be waited for.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    stopped: impl Future<Output = ()>,
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let places = Arc::new(Semaphore::new(limits.connections));
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head);
    let mut stopped = pin!(stopped);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut stopped => break,
        };
        let Some((stream, place)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let app = app.clone();
        let answer = service_fn(move |request: Request<Incoming>| app.clone().call(request.map(Body::new)));
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), answer));
        tokio::spawn(async move {
            // Whoever broke off, or said nothing in time, hears nothing more.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(limits.farewell, open.shutdown()).await;
    Ok(())
}

/// The next connection, once there is a place for it; nothing where the system gives none.
async fn accept(
    listener: &tokio::net::TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    let (stream, _) = listener.accept().await.ok()?;
    Some((stream, place))
}
