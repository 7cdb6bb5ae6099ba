//! State that the server's requests share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{
    api::SimulatedApi,
    clock,
    faults::Faults,
    incident::{Incident, IncidentError},
    limit::Limits,
    log::{Log, Observer},
    registered::Registered,
};

/// Everything that outlives one request.
pub(crate) struct State {
    observer: Option<Observer>,
    changing: Mutex<Changing>,
}

/// What requests change.
pub(crate) struct Changing {
    pub(crate) apis: [SimulatedApi; 4],
    pub(crate) registered: Registered,
    pub(crate) limits: Limits,
    pub(crate) faults: Faults,
    log: Log,
}

impl State {
    pub(crate) fn new(apis: [SimulatedApi; 4], faults: Faults, observer: Option<Observer>) -> Self {
        let changing = Changing {
            apis,
            registered: Registered::default(),
            limits: Limits::default(),
            faults,
            log: Log::default(),
        };
        Self { observer, changing: Mutex::new(changing) }
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

    /// Lets something happen.
    pub(crate) fn cause(&mut self, incident: &Incident<'_>) -> Result<(), IncidentError> {
        let rules = |of: &str| self.apis.iter().find(|simulated| simulated.id == of).map(|simulated| &simulated.rules);
        let public_keys = incident.provider().and_then(rules).is_some_and(|rules| rules.public_keys);
        self.registered.on_incident(incident, public_keys)?;
        let now = clock::now(self.faults.skew);
        self.apis.iter_mut().for_each(|simulated| simulated.api.on_incident(incident, now));
        Ok(())
    }

    /// Forgets sessions, limits, faults, revocations and the log, and keeps what was registered.
    pub(crate) fn reset(&mut self) {
        self.apis.iter_mut().for_each(|simulated| simulated.api.reset());
        self.registered.restore();
        self.limits = Limits::default();
        self.faults = Faults::default();
        self.log = Log::default();
    }
}
