//! What the server's requests share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{checks::Seen, clock, faults::Faults, gr4vy::Gr4vy, keys::KeyRing, log::Log, server::Observer};

/// Everything that outlives one request.
pub(crate) struct State {
    pub(crate) gr4vy: Gr4vy,
    observer: Option<Observer>,
    changing: Mutex<Changing>,
}

/// What requests change.
#[derive(Default)]
pub(crate) struct Changing {
    pub(crate) keys: KeyRing,
    pub(crate) seen: Seen,
    pub(crate) faults: Faults,
    log: Log,
}

impl State {
    pub(crate) fn new(gr4vy: Gr4vy, faults: Faults, observer: Option<Observer>) -> Self {
        Self { gr4vy, observer, changing: Mutex::new(Changing { faults, ..Changing::default() }) }
    }

    /// The changing part, for a moment: never across an await.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Changing> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The emulator's clock, in seconds since the epoch.
    pub(crate) fn now(&self) -> i64 {
        clock::now(self.lock().faults.skew)
    }

    /// Keeps an entry and shows it to the observer.
    pub(crate) fn record(&self, entry: crate::Entry) {
        let entry = self.lock().log.push(entry);
        if let Some(observer) = &self.observer {
            observer(&entry);
        }
    }
}

impl Changing {
    pub(crate) fn log(&mut self) -> &mut Log {
        &mut self.log
    }
}
