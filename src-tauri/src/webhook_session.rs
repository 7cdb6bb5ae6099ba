//! Webhook bench beside the vault: typed secrets, chosen bodies, the receiver and what
//! came to it. All of it goes with the lock.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use host::{ListenError, Receiver};
use wire::{Code, ErrorBody, Event, WebhookDelivery, WebhookReceiver};
use workbench::deliveries::{Deliveries, Handling};
use workbench::ports::{Arrived, Ports, Reply};
use workbench::webhooks::Trusted;
use zeroize::Zeroizing;

use crate::page::Page;

/// How many secrets and how many bodies are held; the oldest go first.
const MOST: usize = 4;

/// The bench.
#[derive(Default)]
pub(crate) struct WebhookSession {
    held: Mutex<Held>,
    receiving: Mutex<Option<Receiving>>,
}

#[derive(Default)]
struct Held {
    count: u64,
    secrets: Vec<(u64, Zeroizing<Vec<u8>>)>,
    bodies: Vec<(u64, Vec<u8>)>,
}

struct Receiving {
    /// None once it was stopped; what came can still be looked at.
    receiver: Option<Receiver>,
    deliveries: Arc<Mutex<Deliveries>>,
}

impl WebhookSession {
    /// Holds a secret, and answers its number.
    pub(crate) fn hold(&self, secret: Zeroizing<Vec<u8>>) -> u64 {
        let mut held = lock(&self.held);
        held.count += 1;
        let number = held.count;
        keep(&mut held.secrets, number, secret);
        number
    }

    /// A secret that is held.
    pub(crate) fn secret(&self, number: u64) -> Result<Zeroizing<Vec<u8>>, ErrorBody> {
        let held = lock(&self.held);
        let found = held.secrets.iter().find(|(held, _)| *held == number).map(|(_, secret)| secret.clone());
        found.ok_or_else(|| gone("the secret is no longer held", "enter it again"))
    }

    /// Holds a body, and answers its number.
    pub(crate) fn keep(&self, body: Vec<u8>) -> u64 {
        let mut held = lock(&self.held);
        held.count += 1;
        let number = held.count;
        keep(&mut held.bodies, number, body);
        number
    }

    /// A body that is held.
    pub(crate) fn body(&self, number: u64) -> Result<Vec<u8>, ErrorBody> {
        let held = lock(&self.held);
        let found = held.bodies.iter().find(|(held, _)| *held == number).map(|(_, body)| body.clone());
        found.ok_or_else(|| gone("the file is no longer held", "choose it again"))
    }

    /// Looks at a delivery that came.
    pub(crate) fn delivery<T>(&self, number: u64, look: impl FnOnce(&Arrived) -> T) -> Result<T, ErrorBody> {
        let deliveries = lock(&self.receiving).as_ref().map(|receiving| Arc::clone(&receiving.deliveries));
        let found = deliveries.and_then(|all| lock(&all).get(number).map(|received| look(&received.arrived)));
        found.ok_or_else(|| gone("this delivery is no longer kept", "the last hundred are, while they fit into 32 MB"))
    }

    /// Starts the receiver, in place of one that listens.
    pub(crate) fn listen(
        &self,
        port: u16,
        trusted: Trusted,
        handling: Handling,
        ports: Arc<Ports>,
        page: Arc<Page>,
    ) -> Result<(), ListenError> {
        // The port that it had may be wanted again.
        self.stop();
        let deliveries: Arc<Mutex<Deliveries>> = Arc::default();
        let kept = Arc::clone(&deliveries);
        let answering = move |arrived| match lock(&kept).take(arrived, &trusted, &handling, &ports) {
            Ok((received, reply)) => {
                (page.tell)(&Event::Delivered { delivery: Box::new(WebhookDelivery::from(received)) });
                reply
            }
            Err(error) => Reply { status: 500, text: error.to_string() },
        };
        let receiver = Some(Receiver::start(port, Arc::new(answering))?);
        *lock(&self.receiving) = Some(Receiving { receiver, deliveries });
        Ok(())
    }

    /// Stops it. What came can still be looked at.
    pub(crate) fn stop(&self) {
        let receiver = lock(&self.receiving).as_mut().and_then(|receiving| receiving.receiver.take());
        // Not under the lock: it waits for the answer that is on its way.
        drop(receiver);
    }

    /// What there is to tell of it.
    pub(crate) fn standing(&self) -> WebhookReceiver {
        let receiving = lock(&self.receiving);
        let Some(Receiving { receiver, deliveries }) = &*receiving else {
            return WebhookReceiver { address: None, deliveries: Vec::new() };
        };
        let address = receiver.as_ref().map(|receiver| format!("http://{}", receiver.address()));
        WebhookReceiver { address, deliveries: lock(deliveries).iter().map(WebhookDelivery::from).collect() }
    }

    /// Forgets the secrets that were typed and the bodies that were chosen.
    pub(crate) fn forget(&self) {
        let mut held = lock(&self.held);
        (held.secrets, held.bodies) = (Vec::new(), Vec::new());
    }

    /// Stops the receiver and forgets everything.
    pub(crate) fn end(&self) {
        self.stop();
        *lock(&self.receiving) = None;
        self.forget();
    }
}

fn keep<T>(all: &mut Vec<(u64, T)>, number: u64, one: T) {
    if all.len() == MOST {
        all.remove(0);
    }
    all.push((number, one));
}

fn gone(message: &str, hint: &str) -> ErrorBody {
    ErrorBody::new(Code::Gone, message, Some(hint))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
