//! The handle on an emulator that runs: what it knows, how it misbehaves, what it saw.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, mpsc},
    thread::JoinHandle,
};

use tokio::{runtime::Handle, sync::oneshot};

use crate::{
    faults::Faults,
    incident::{Incident, IncidentError},
    log::Entry,
    mishap::{Mishap, MishapError},
    registration::{Registration, RegistrationError},
    state::State,
    webhook::{self, Delivery, DeliveryError},
};

/// A running emulator. It stops when this is dropped.
pub struct Running {
    address: SocketAddr,
    state: Arc<State>,
    runtime: Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Running {
    /// The providers it plays, by the id of their definition.
    pub const PROVIDERS: [&'static str; 4] = ["gr4vy", "hedge", "partner", "cryptopay"];

    pub(crate) fn new(
        address: SocketAddr,
        state: Arc<State>,
        runtime: Handle,
        stop: oneshot::Sender<()>,
        thread: JoinHandle<io::Result<()>>,
    ) -> Self {
        Self { address, state, runtime, stop: Some(stop), thread: Some(thread) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base address under which it plays `provider`, without a slash at the end: `http://127.0.0.1:41234/gr4vy`.
    pub fn base(&self, provider: &str) -> Option<String> {
        Self::PROVIDERS.contains(&provider).then(|| format!("http://{}/{provider}", self.address))
    }

    /// Registers what callers authenticate with; what is not registered is refused, as the real server would.
    ///
    /// Of public keys, all of a set or none, it returns the kids, the RFC 7638 thumbprints under which tokens must name
    /// them; a `kid` in the text does not count. Of everything else it returns none. What is registered already is
    /// replaced by its newer form, and stays revoked where it was.
    pub fn register(&self, registration: Registration<'_>) -> Result<Vec<String>, RegistrationError> {
        self.state.lock().registered.register(&registration)
    }

    /// How it misbehaves now.
    pub fn faults(&self) -> Faults {
        self.state.lock().faults
    }

    /// Makes it misbehave in this way from the next request on.
    pub fn set_faults(&self, faults: Faults) {
        self.state.lock().faults = faults;
    }

    /// What is still to go wrong at single endpoints, with the times that are left.
    pub fn mishaps(&self) -> Vec<Mishap> {
        self.state.lock().mishaps.to_come().to_vec()
    }

    /// Plans what goes wrong at single endpoints, in place of what was planned before.
    pub fn plan(&self, mishaps: Vec<Mishap>) -> Result<(), MishapError> {
        self.state.lock().plan(mishaps)
    }

    /// Lets something happen once: sessions end, a key is revoked.
    pub fn cause(&self, incident: Incident<'_>) -> Result<(), IncidentError> {
        self.state.lock().cause(&incident)
    }

    /// Delivers a webhook to a program on this computer, signed as the provider signs it, and returns the status of its
    /// answer. Waits for that, at most five seconds.
    pub fn deliver(&self, delivery: Delivery<'_>) -> Result<u16, DeliveryError> {
        let parcel = webhook::prepare(&self.state, &delivery)?;
        let (answered, answer) = mpsc::channel();
        self.runtime.spawn(async move {
            // Nobody waits any more where the caller is gone.
            let _ = answered.send(parcel.send().await);
        });
        answer.recv().unwrap_or(Err(DeliveryError::Stopped))
    }

    /// The latest requests, oldest first.
    pub fn log(&self) -> Vec<Entry> {
        self.state.lock().log().entries()
    }

    /// Forgets sessions, what callers made, rate limits, faults, mishaps, revocations and the log. What was registered stays.
    pub fn reset(&self) {
        self.state.lock().reset();
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
