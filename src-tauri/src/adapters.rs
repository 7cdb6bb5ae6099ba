//! Adapters of the window. The shipped program and the tests choose them; everything else is the same.

use std::path::PathBuf;
use std::sync::Arc;

use emulator::OnDemand;
use host::{Clipboard, EngineKeys, OsFiles, OsRandom, ReqwestHttp, SystemClipboard, SystemClock};
use tauri::{AppHandle, Runtime};
use workbench::ports::{Consent, LocalServer, LocalServerError, Ports, Registration};

use crate::dialogs::{Dialogs, NativeDialogs};

/// Makes the dialogs of an application.
pub type MakeDialogs<R> = Box<dyn FnOnce(&AppHandle<R>) -> Box<dyn Dialogs> + Send>;

/// What differs between the shipped program and one that a test drives.
pub struct Adapters<R: Runtime> {
    /// Makes the dialogs, when there is an application to show them in.
    pub dialogs: MakeDialogs<R>,
    /// The clipboard.
    pub clipboard: Box<dyn Clipboard>,
    /// The vault to begin with; none: the one that was chosen last, else the usual one.
    pub vault: Option<PathBuf>,
    /// The file for what the window remembers without a vault; none: nothing is remembered.
    pub memory: Option<PathBuf>,
    /// Whether the page begins at Inspect.
    pub inspect: bool,
}

impl<R: Runtime> Adapters<R> {
    /// The system's own.
    pub fn native() -> Self {
        Self {
            dialogs: Box::new(|app| Box::new(NativeDialogs::new(app))),
            clipboard: Box::new(SystemClipboard::default()),
            vault: None,
            memory: host::config_folder().ok().map(|folder| folder.join("window.json")),
            inspect: false,
        }
    }
}

/// The ports of the jobs, with the emulator that plays the providers on this computer.
pub(crate) fn ports(consent: Box<dyn Consent>, emulator: Arc<OnDemand>) -> Ports {
    Ports {
        clock: Box::new(SystemClock),
        random: Box::new(OsRandom),
        keys: Box::new(EngineKeys),
        files: Box::new(OsFiles),
        http: Box::new(ReqwestHttp),
        local: Box::new(EmulatorHere(emulator)),
        consent,
        memory: host::memory(),
    }
}

/// The emulator in this process. It listens from the first request to Local on.
struct EmulatorHere(Arc<OnDemand>);

impl LocalServer for EmulatorHere {
    fn address(&self, provider: &str, registration: Registration<'_>, port: u16) -> Result<String, LocalServerError> {
        self.0
            .address(provider, &[registered(provider, registration)], port)
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
