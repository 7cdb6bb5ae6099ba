//! The adapters of the command line: the system, the network, the emulator in this process, and `--live` as consent.

use emulator::OnDemand;
use host::{EngineKeys, OsFiles, OsRandom, ReqwestHttp, SystemClock};
use workbench::ports::{Consent, LiveQuestion, LocalServer, LocalServerError, Ports, Registration};

/// The ports, with the person's consent to live environments as given on the command line.
pub fn ports(live: bool) -> Ports {
    Ports {
        clock: Box::new(SystemClock),
        random: Box::new(OsRandom),
        keys: Box::new(EngineKeys),
        files: Box::new(OsFiles),
        http: Box::new(ReqwestHttp),
        local: Box::new(EmulatorHere::default()),
        consent: Box::new(LiveOption(live)),
        memory: host::memory(),
    }
}

/// `--live` is the person's word.
struct LiveOption(bool);

impl Consent for LiveOption {
    fn ask(&self, _question: &LiveQuestion<'_>) -> bool {
        self.0
    }
}

/// The emulator in this process.
#[derive(Default)]
struct EmulatorHere(OnDemand);

impl LocalServer for EmulatorHere {
    fn address(&self, provider: &str, registration: Registration<'_>) -> Result<String, LocalServerError> {
        self.0.address(provider, &[registered(provider, registration)]).map_err(LocalServerError)
    }

    fn running(&self, provider: &str) -> Option<String> {
        self.0.running(provider)
    }
}

/// What is told the emulator, in its own words.
fn registered<'r>(provider: &'r str, registration: Registration<'r>) -> emulator::Registration<'r> {
    match registration {
        Registration::Jwk(jwk) => emulator::Registration::Jwk(jwk),
        Registration::Secret { client, bytes } => emulator::Registration::Secret { provider, client, bytes },
        Registration::ApiKey(key) => emulator::Registration::ApiKey { provider, key },
        Registration::Login { username, password } => emulator::Registration::Login { provider, username, password },
        Registration::WebhookSecret(bytes) => emulator::Registration::WebhookSecret { provider, bytes },
    }
}
