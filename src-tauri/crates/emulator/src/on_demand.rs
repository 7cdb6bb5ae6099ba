//! The emulator that starts when it is first asked for.

use std::sync::{Mutex, PoisonError};

use crate::{Config, Emulator, Observer, Registration, RegistrationError, Running, StartError};

/// Why the emulator has no address for a provider.
#[derive(Debug, thiserror::Error)]
pub enum OnDemandError {
    /// It did not start.
    #[error("the emulator did not start: {0}")]
    Start(#[from] StartError),
    /// What callers authenticate with was not registered.
    #[error("the emulator does not take the credential: {0}")]
    Registration(#[from] RegistrationError),
    /// It does not play the provider.
    #[error("the emulator does not play {found:?}, only {}", Running::PROVIDERS.join(", "))]
    NotPlayed {
        /// The id of the provider.
        found: String,
    },
}

impl OnDemandError {
    /// What to try next.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Start(error) => error.hint(),
            Self::Registration(_) => None,
            Self::NotPlayed { .. } => {
                Some("let the definition name the address of a server of your own, such as http://127.0.0.1:8080")
            }
        }
    }
}

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

    /// Starts it where it does not run yet, on this port of 127.0.0.1; 0 takes a free one.
    pub fn start(&self, port: u16) -> Result<(), OnDemandError> {
        self.started(port, |_| Ok(()))
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

    fn started<T>(
        &self,
        port: u16,
        job: impl FnOnce(&Running) -> Result<T, OnDemandError>,
    ) -> Result<T, OnDemandError> {
        let mut slot = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let running = match &mut *slot {
            Some(running) => running,
            empty => {
                let config = Config { port, observer: self.observer.clone(), ..Config::default() };
                empty.insert(Emulator::start(config)?)
            }
        };
        job(running)
    }

    /// The base address under which `provider` is played, with what its callers authenticate with registered there. Where
    /// it does not run yet, it starts on this port.
    pub fn address(
        &self,
        provider: &str,
        registrations: &[Registration<'_>],
        port: u16,
    ) -> Result<String, OnDemandError> {
        let not_played = || OnDemandError::NotPlayed { found: provider.to_owned() };
        if !Running::PROVIDERS.contains(&provider) {
            return Err(not_played());
        }
        self.started(port, |running| {
            for registration in registrations {
                running.register(*registration)?;
            }
            running.base(provider).ok_or_else(not_played)
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
        let first = emulator.address("gr4vy", &jwk, 0).unwrap();
        assert_eq!(emulator.running("gr4vy"), Some(first.clone()));
        assert_eq!(emulator.address("gr4vy", &[Registration::Nothing], 0).unwrap(), first);
        assert_eq!(emulator.with(|running| running.log().len()), Some(0));
        let port = emulator.with(Running::address).unwrap().port();
        emulator.stop();
        assert_eq!(emulator.running("gr4vy"), None);
        assert_eq!(emulator.address("gr4vy", &jwk, port).unwrap(), first, "it starts again, where it was told to");
    }

    #[test]
    fn what_is_in_the_way_is_said_with_what_to_do() {
        let taken = OnDemand::default();
        taken.start(0).unwrap();
        let port = taken.with(Running::address).unwrap().port();
        let emulator = OnDemand::default();
        let jwk = [Registration::Jwk(JWK)];
        let errors = [
            emulator.address("gr4vy", &jwk, port).unwrap_err(),
            emulator.start(port).unwrap_err(),
            emulator.address("nobody", &jwk, 0).unwrap_err(),
            emulator.address("gr4vy", &[Registration::Jwk("{}")], 0).unwrap_err(),
        ];
        let told = errors.map(|error| format!("{error}\n  hint: {}", error.hint().unwrap_or("-")));
        insta::assert_snapshot!(told.join("\n").replace(&port.to_string(), "<port>"), @r#"
        the emulator did not start: cannot listen on 127.0.0.1:<port>: Address already in use (os error 98)
          hint: another program listens there: end it, or choose another port; 0 takes any free one
        the emulator did not start: cannot listen on 127.0.0.1:<port>: Address already in use (os error 98)
          hint: another program listens there: end it, or choose another port; 0 takes any free one
        the emulator does not play "nobody", only gr4vy, hedge, partner, cryptopay
          hint: let the definition name the address of a server of your own, such as http://127.0.0.1:8080
        the emulator does not take the credential: "kty" is missing, wanted a string
          hint: -
        "#);
    }
}
