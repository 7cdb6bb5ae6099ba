//! A vault with a key of a profile at the emulator's Gr4vy, which knows it as a pair with roles and accounts; a clock that the vault and
//! the emulator share; and a program that takes steps, and is killed where it is told.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use emulator::{Config, Emulator, Faults, Incident, Mishap, Registration, Running};
use exchange::Transport;
use jose::Alg;
use keyset::{At, Next, RotationId, Silence};
use workbench::{
    Error,
    calls::{Execution, NextAction},
    draft::CallTarget,
    keys::{self, For},
    ports::{Cancel, Clock, Consent, LiveQuestion, LocalServer, LocalServerError, Ports},
    profiles::{self, NewProfile},
    requests::CallRequest,
    rotation::{self, Advance, Calling, Ended, Starting, Told, View},
    session::{self, KdfParams, Passphrase, Session},
    signer::SignRequest,
};

pub const PROFILE: &str = "Acme";
pub const OLD: &str = "acme-1";
pub const NEXT: &str = "acme-2";
const PASSPHRASE: &str = "eight words that nobody else would ever say";

/// How long a call may take here: what hangs, hangs longer.
const TOTAL: Duration = Duration::from_millis(400);

/// Time as the system tells it, and what was waited for beside.
#[derive(Clone, Default)]
pub struct Later(Arc<AtomicI64>);

impl Clock for Later {
    fn now(&self) -> i64 {
        host::SystemClock.now() + self.0.load(Ordering::SeqCst)
    }
}

struct Yes;

impl Consent for Yes {
    fn ask(&self, _: &LiveQuestion) -> bool {
        true
    }
}

impl LocalServer for Yes {
    fn address(&self, _: &str, _: workbench::ports::Registration<'_>, _: u16) -> Result<String, LocalServerError> {
        unreachable!("the emulator is named")
    }
}

fn ports(clock: &Later) -> Ports {
    Ports {
        clock: Box::new(clock.clone()),
        random: Box::new(host::OsRandom),
        keys: Box::new(host::EngineKeys),
        files: Box::new(host::OsFiles),
        http: Box::new(host::ReqwestHttp),
        local: Box::new(Yes),
        consent: Box::new(Yes),
        memory: host::memory(),
    }
}

/// The vault, made once, and the public half of its key.
static VAULT: LazyLock<(Vec<u8>, String)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.kwv");
    let ports = ports(&Later::default());
    let passphrase = Passphrase::new(PASSPHRASE.to_owned()).unwrap();
    let mut session = session::create(&path, &passphrase, KdfParams::CHEAPEST, &ports).unwrap();
    let variables = [("gr4vy_id".to_owned(), "acme".to_owned())].into();
    let new = NewProfile { name: PROFILE.to_owned(), provider: "gr4vy".to_owned(), variables };
    profiles::add(&mut session, new, &ports).unwrap();
    let place = Some(For { profile: PROFILE, environment: "local" });
    let kept = keys::generate(&mut session, Alg::ES512, 2048, OLD, place, &ports).unwrap();
    drop(session);
    (fs::read(path).unwrap(), kept.credential.public_jwk.unwrap())
});

/// Where a program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kill {
    Never,
    /// Its request is ready, and its intent sealed.
    Before,
    /// The request went out, and nothing of the answer was sealed.
    After,
}

impl Kill {
    pub const ALL: [Self; 3] = [Self::Never, Self::Before, Self::After];
}

pub struct World {
    pub emulator: Running,
    pub ports: Ports,
    pub session: Session,
    pub id: RotationId,
    pub calling: Calling,
    clock: Later,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl World {
    /// A rotation that was just begun.
    pub fn new() -> Self {
        let mut world = Self::idle();
        world.id = rotation::start(&mut world.session, &Starting::of(OLD), &world.ports).unwrap();
        world
    }

    /// Nothing was begun.
    pub fn idle() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.kwv");
        fs::write(&path, &VAULT.0).unwrap();
        let clock = Later::default();
        let ports = ports(&clock);
        let session = unlock(&path, &ports);
        let emulator = Emulator::start(Config::default()).unwrap();
        let pair = Registration::KeyPair {
            jwk: &VAULT.1,
            name: "checkout",
            roles: &["administrator"],
            merchant_accounts: &["default"],
        };
        emulator.register(pair).unwrap();
        let calling = Calling { emulator: emulator.base("gr4vy"), with: None };
        Self { emulator, ports, session, id: RotationId(String::new()), calling, clock, path, _folder: folder }
    }

    /// The program is killed, and started again.
    pub fn restart(&mut self) {
        self.session = unlock(&self.path, &self.ports);
    }

    /// Another program that has the same vault open.
    pub fn another(&self) -> Session {
        unlock(&self.path, &self.ports)
    }

    pub fn view(&self) -> View {
        rotation::view(&self.session, &self.id, &self.ports).unwrap()
    }

    pub fn now(&self) -> i64 {
        self.ports.clock.now()
    }

    /// Time passes, for the vault and for the provider.
    pub fn wait(&self, seconds: u64) {
        let later = self.clock.0.fetch_add(i64::try_from(seconds).unwrap(), Ordering::SeqCst);
        let skew = later + i64::try_from(seconds).unwrap();
        self.emulator.set_faults(Faults { skew, ..self.emulator.faults() });
    }

    pub fn wait_until(&self, at: At) {
        self.wait(u64::try_from(at.0.saturating_sub(self.now())).unwrap_or(0) + 1);
    }

    pub fn plan(&self, mishaps: &[&str]) {
        let mishaps: Vec<Mishap> = mishaps.iter().map(|text| text.parse().unwrap()).collect();
        self.emulator.plan(mishaps).unwrap();
    }

    /// The thumbprint of a key of the vault.
    pub fn thumbprint(&self, name: &str) -> Option<String> {
        keys::show(&self.session, name).ok()?.thumbprint
    }

    /// Somebody deletes a key in the provider's dashboard.
    pub fn delete_there(&self, name: &str) {
        if let Some(key) = self.thumbprint(name) {
            let _ = self.emulator.cause(Incident::DeleteKey { provider: "gr4vy", key: &key });
        }
    }

    pub fn tell(&mut self, told: Told) -> Result<(), Error> {
        rotation::tell(&mut self.session, &self.id, &told, &self.ports)
    }

    /// Takes the step that the rotation is at; `None` where the program was killed at a request of this method and path.
    pub fn advance(&mut self, kill: Kill, at: &str) -> Result<Option<Ended>, Error> {
        let mut advance = Advance::begin(&mut self.session, &self.id, self.calling.clone(), &self.ports)?;
        loop {
            match advance.next_action() {
                NextAction::Done => return Ok(Some(advance.end())),
                NextAction::Wait { milliseconds, .. } => {
                    self.wait(milliseconds.div_ceil(1000));
                    advance.waited(&mut self.session, &self.ports)?;
                }
                NextAction::Send => {
                    let is_due = kill != Kill::Never && advance.request().is_some_and(|sent| sent.starts_with(at));
                    if is_due && kill == Kill::Before {
                        drop(advance);
                        self.restart();
                        return Ok(None);
                    }
                    let transport = Transport { total: TOTAL, ..Transport::default() };
                    let answered = advance.send(&transport, &Cancel::default(), &self.ports).unwrap();
                    if is_due {
                        drop(advance);
                        self.restart();
                        return Ok(None);
                    }
                    advance.take(&mut self.session, answered, &self.ports)?;
                }
            }
        }
    }

    /// A person and their program go on until the rotation has ended. Says what went on, a line for each time that they came back.
    pub fn go_on(&mut self, mut each: impl FnMut(&Self)) -> Vec<String> {
        let mut told = Vec::new();
        for _ in 0..80 {
            let ended = self.advance(Kill::Never, "");
            each(self);
            if let Err(error) = &ended {
                told.push(error.to_string());
            }
            let view = self.view();
            match &view.next {
                Next::Done | Next::Aborted => return told,
                Next::Wait(earliest) => self.wait_until(earliest.at(At(view.now))),
                Next::Pause { until, .. } => self.wait_until(*until),
                Next::Watch { silence: Some(Silence::Used { silent_from, .. }), .. } => self.wait_until(*silent_from),
                Next::Stopped(stop) => {
                    told.push(stop.to_string());
                    self.tell(Told::Again).unwrap();
                }
                next => {
                    if let Ok(Some(Ended::NoAnswer { words, .. })) = &ended {
                        told.push(words.clone());
                    }
                    assert!(!matches!(next, Next::ByHand { .. } | Next::Watch { told: false, .. }), "{next:?}");
                }
            }
        }
        panic!("it does not end: {told:?}\n{}", self.view().rotation.runbook());
    }

    /// Calls the provider as the profile does, by whatever key is the active one, on a path that no fault is planned for; the status.
    pub fn calls(&mut self) -> Option<u16> {
        let sign = SignRequest {
            profile: PROFILE.to_owned(),
            environment: "local".to_owned(),
            scopes: Some(vec!["buyers.read".to_owned()]),
            ..SignRequest::default()
        };
        let target = CallTarget::Path { method: "GET".to_owned(), path: "/buyers".to_owned() };
        let emulator = self.calling.emulator.clone();
        let request = CallRequest { sign, target: Some(target), emulator, ..CallRequest::default() };
        let mut execution = Execution::call(&mut self.session, &request, false, &self.ports).unwrap();
        let answered = execution.send(&Transport::default(), &Cancel::default(), &self.ports);
        execution.take(&mut self.session, answered, &self.ports).unwrap();
        let sent = execution.end().sent.unwrap();
        sent.exchange.outcome.ok().map(|answer| answer.status)
    }

    /// Every pair that the provider has: its id, its thumbprint and whether it is active.
    pub fn pairs(&mut self) -> Vec<(String, String, bool)> {
        let sign = SignRequest {
            profile: PROFILE.to_owned(),
            environment: "local".to_owned(),
            scopes: Some(vec!["api-key-pairs.read".to_owned()]),
            ..SignRequest::default()
        };
        let target = CallTarget::Path { method: "GET".to_owned(), path: "/api-key-pairs?limit=100".to_owned() };
        let emulator = self.calling.emulator.clone();
        let request = CallRequest { sign, target: Some(target), emulator, ..CallRequest::default() };
        let mut execution = Execution::call(&mut self.session, &request, false, &self.ports).unwrap();
        let answered = execution.send(&Transport::default(), &Cancel::default(), &self.ports);
        execution.take(&mut self.session, answered, &self.ports).unwrap();
        let answer = execution.end().sent.unwrap().exchange.outcome.unwrap();
        let list: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let items = list["items"].as_array().unwrap_or_else(|| panic!("{list}"));
        items.iter().map(|it| (text(&it["id"]), text(&it["thumbprint"]), it["active"] == true)).collect()
    }
}

fn unlock(path: &std::path::Path, ports: &Ports) -> Session {
    session::unlock(path, &Passphrase::new(PASSPHRASE.to_owned()).unwrap(), ports).unwrap()
}
