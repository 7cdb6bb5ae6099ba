//! The adapters of the command line: the system, the network, the emulator in this process, and `--live` as consent.

use std::sync::{Mutex, PoisonError};

use emulator::{Config, Emulator, Running};
use host::{EngineKeys, OsRandom, ReqwestHttp, SystemClock};
use workbench::ports::{Consent, LiveQuestion, LocalServer, LocalServerError, Ports};

/// The ports, with the person's consent to live environments as given on the command line.
pub fn ports(live: bool) -> Ports {
    Ports {
        clock: Box::new(SystemClock),
        random: Box::new(OsRandom),
        keys: Box::new(EngineKeys),
        http: Box::new(ReqwestHttp),
        local: Box::new(EmulatorHere::default()),
        consent: Box::new(LiveOption(live)),
    }
}

/// `--live` is the person's word.
struct LiveOption(bool);

impl Consent for LiveOption {
    fn ask(&self, _question: &LiveQuestion<'_>) -> bool {
        self.0
    }
}

/// The emulator, started in this process when it is first asked for, stopped when the process ends.
#[derive(Default)]
struct EmulatorHere(Mutex<Option<Running>>);

impl LocalServer for EmulatorHere {
    fn address(&self, provider: &str, jwk: &str) -> Result<String, LocalServerError> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let running = match slot.take() {
            Some(running) => running,
            None => Emulator::start(Config::default()).map_err(|error| LocalServerError(error.to_string()))?,
        };
        let registered = running.register(jwk).map_err(|error| LocalServerError(error.to_string()));
        let address = running.base(provider);
        *slot = Some(running);
        registered?;
        address.ok_or_else(|| LocalServerError(format!("it does not play {provider:?} yet")))
    }
}
