//! State that the server's requests share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{
    api::SimulatedApi,
    clock,
    faults::Faults,
    incident::{Incident, IncidentError},
    limit::Limits,
    log::{Log, Observer},
    mishap::{Mishap, MishapError, Mishaps},
    registered::Registered,
    rules::Route,
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
    pub(crate) mishaps: Mishaps,
    log: Log,
}

impl State {
    pub(crate) fn new(apis: [SimulatedApi; 4], faults: Faults, observer: Option<Observer>) -> Self {
        let changing = Changing {
            apis,
            registered: Registered::default(),
            limits: Limits::default(),
            faults,
            mishaps: Mishaps::default(),
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
        incident.check()?;
        let now = clock::now(self.faults.skew);
        self.registered.on_incident(incident, public_keys, now)?;
        self.apis.iter_mut().for_each(|simulated| simulated.api.on_incident(incident, now));
        Ok(())
    }

    /// Forgets sessions, limits, faults, mishaps, revocations and the log, and keeps what was registered.
    pub(crate) fn reset(&mut self) {
        self.apis.iter_mut().for_each(|simulated| simulated.api.reset());
        self.registered.restore();
        self.limits = Limits::default();
        self.faults = Faults::default();
        self.mishaps = Mishaps::default();
        self.log = Log::default();
    }

    /// Plans these mishaps in place of all others, each of them where it can happen.
    pub(crate) fn plan(&mut self, mishaps: Vec<Mishap>) -> Result<(), MishapError> {
        for mishap in &mishaps {
            let none = || MishapError::endpoint(mishap);
            let simulated = self.apis.iter().find(|simulated| simulated.id == mishap.provider()).ok_or_else(none)?;
            let Route::Operation(operation) = simulated.rules.route(mishap.method(), mishap.path()) else {
                return Err(none());
            };
            if let Some(wanted) = mishap.view().and_then(|view| simulated.api.shows(operation, view)) {
                return Err(mishap.elsewhere(wanted));
            }
        }
        self.mishaps.set(mishaps)
    }
}
