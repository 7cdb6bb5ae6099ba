//! The emulator that starts when it is first asked for.

use std::sync::{Mutex, PoisonError};

use crate::{Config, Emulator, Observer, Registration, Running};

/// At most one emulator, started in this process at the first question for an address and stopped when this is dropped:
/// nothing listens before something is sent to it.
#[derive(Default)]
pub struct OnDemand {
    running: Mutex<Option<Running>>,
    observer: Option<Observer>,
}

impl OnDemand {
    /// One whose log is seen as it is written.
    pub fn observed(observer: Observer) -> Self {
        Self { running: Mutex::default(), observer: Some(observer) }
    }

    /// Starts it where it does not run yet.
    ///
    /// # Errors
    ///
    /// In words: no port was to be had.
    pub fn start(&self) -> Result<(), String> {
        self.started(|_| Ok(()))
    }

    /// Stops it, and with it goes what was registered there. The next question starts another one.
    pub fn stop(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Whoever asks in the meantime need not wait for its end.
        drop(running);
    }

    /// Does something with it where it runs already. Starts nothing.
    pub fn with<T>(&self, job: impl FnOnce(&Running) -> T) -> Option<T> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(job)
    }

    fn started<T>(&self, job: impl FnOnce(&Running) -> Result<T, String>) -> Result<T, String> {
        let mut slot = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let running = match &mut *slot {
            Some(running) => running,
            empty => {
                let config = Config { observer: self.observer.clone(), ..Config::default() };
                empty.insert(Emulator::start(config).map_err(|error| error.to_string())?)
            }
        };
        job(running)
    }

    /// The base address under which `provider` is played, with what its callers authenticate with registered there.
    ///
    /// # Errors
    ///
    /// In words: no port was to be had, something cannot be registered, or the provider is not played.
    pub fn address(&self, provider: &str, registrations: &[Registration<'_>]) -> Result<String, String> {
        self.started(|running| {
            for registration in registrations {
                running.register(*registration).map_err(|error| error.to_string())?;
            }
            running.base(provider).ok_or_else(|| format!("it does not play {provider:?}"))
        })
    }

    /// The same address where it runs already. Starts nothing.
    pub fn running(&self, provider: &str) -> Option<String> {
        self.with(|running| running.base(provider))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The public key of RFC 7515, appendix A.3.
    const JWK: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;

    #[test]
    fn it_listens_from_the_first_question_on() {
        let emulator = OnDemand::default();
        assert_eq!((emulator.running("gr4vy"), emulator.with(Running::address)), (None, None));
        let jwk = [Registration::Jwk(JWK)];
        let first = emulator.address("gr4vy", &jwk).unwrap();
        assert_eq!(emulator.running("gr4vy"), Some(first.clone()));
        assert_eq!(emulator.address("gr4vy", &[Registration::Nothing]).unwrap(), first);
        assert_eq!(emulator.with(|running| running.log().len()), Some(0));
        assert!(emulator.address("nobody", &jwk).unwrap_err().contains("nobody"));
        assert!(emulator.address("gr4vy", &[Registration::Jwk("{}")]).is_err());
        emulator.stop();
        assert_eq!(emulator.running("gr4vy"), None);
        assert!(emulator.address("gr4vy", &jwk).is_ok(), "it starts again");
    }
}
