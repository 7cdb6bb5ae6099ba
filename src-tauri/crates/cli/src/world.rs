//! The adapters of the command line: the system, the network, the emulator in this process, and `--live` as consent.

use emulator::OnDemand;
use host::{EngineKeys, OsFiles, OsRandom, ReqwestHttp, SystemClock};
use workbench::ports::{Consent, LiveQuestion, LocalServer, LocalServerError, Ports, Registration};

use crate::output::Output;

/// The ports of a command that does nothing live.
pub fn ports() -> Ports {
    with(LiveOption(None))
}

/// The ports of a command that may do something live: `--live` is the person's yes to this one command, which says first what
/// the yes is to.
pub fn live_ports(live: bool, output: &Output) -> Ports {
    with(LiveOption(live.then_some(*output)))
}

fn with(consent: LiveOption) -> Ports {
    Ports {
        clock: Box::new(SystemClock),
        random: Box::new(OsRandom),
        keys: Box::new(EngineKeys),
        files: Box::new(OsFiles),
        http: Box::new(ReqwestHttp),
        local: Box::new(EmulatorHere::default()),
        consent: Box::new(consent),
        memory: host::memory(),
    }
}

/// `--live` is the person's word. The words of the question go where the command says what is not its result.
struct LiveOption(Option<Output>);

impl Consent for LiveOption {
    fn ask(&self, question: &LiveQuestion) -> bool {
        if let Some(output) = &self.0 {
            output.note(&format!("live: {}. {}", question.statement(), question.detail()));
        }
        self.0.is_some()
    }
}

/// The emulator in this process.
#[derive(Default)]
struct EmulatorHere(OnDemand);

impl LocalServer for EmulatorHere {
    /// It ends with the command, and the window's may hold the port that was chosen for that one: any free port will do.
    fn address(&self, provider: &str, registration: Registration<'_>, _port: u16) -> Result<String, LocalServerError> {
        self.0
            .address(provider, &[registered(provider, registration)], 0)
            .map_err(|error| LocalServerError { hint: error.hint().map(str::to_owned), message: error.to_string() })
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
