//! A vault, a clock that the test moves, and nobody to ask.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use exchange::{Exchange, PreparedRequest, Transport};
use jose::Alg;
use keywright_workbench::{
    Error,
    draft::{CallTarget, CallWith},
    drafts::Draft,
    index::Layout,
    keys::{self, For, Kept},
    ports::{Cancel, Clock, Consent, Http, LiveQuestion, LocalServer, LocalServerError, Ports, Registration},
    profiles::{self, NewProfile},
    records::Credential,
    session::{self, KdfParams, Passphrase, Session},
};
use vault::{Change, RecordId};

/// 2026-11-22T00:00:00Z
pub const NOW: i64 = 1_795_305_600;
pub const DAY: i64 = 86_400;

#[derive(Clone)]
struct MovingClock(Arc<AtomicI64>);

impl Clock for MovingClock {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Nothing here sends, signs for live or starts a server.
struct Nobody;

impl Consent for Nobody {
    fn ask(&self, question: &LiveQuestion) -> bool {
        panic!("asked for {}", question.act);
    }
}

impl Http for Nobody {
    fn send(&self, request: &PreparedRequest, _: &Transport, _: &Cancel) -> Exchange {
        panic!("sent {}", request.url);
    }
}

impl LocalServer for Nobody {
    fn address(&self, provider: &str, _: Registration<'_>, _: u16) -> Result<String, LocalServerError> {
        panic!("started for {provider}");
    }
}

pub struct World {
    pub ports: Ports,
    pub session: Session,
    clock: MovingClock,
    folder: tempfile::TempDir,
}

impl World {
    /// An empty vault.
    pub fn empty() -> Self {
        let clock = MovingClock(Arc::new(AtomicI64::new(NOW)));
        let ports = Ports {
            clock: Box::new(clock.clone()),
            random: Box::new(host::OsRandom),
            keys: Box::new(host::EngineKeys),
            files: Box::new(host::OsFiles),
            http: Box::new(Nobody),
            local: Box::new(Nobody),
            consent: Box::new(Nobody),
            memory: host::memory(),
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.kwv");
        let session = session::create(&path, &passphrase(), KdfParams::CHEAPEST, &ports).unwrap();
        Self { ports, session, clock, folder }
    }

    /// The profile Acme, and its key `checkout` for Sandbox.
    pub fn new() -> Self {
        let mut world = Self::empty();
        world.profile("Acme");
        world.key_for("checkout", "Acme", "sandbox");
        world
    }

    pub fn profile(&mut self, name: &str) {
        let variables = [("gr4vy_id".to_owned(), "acme".to_owned())].into();
        let new = NewProfile { name: name.to_owned(), provider: "gr4vy".to_owned(), variables };
        profiles::add(&mut self.session, new, &self.ports).unwrap();
    }

    pub fn key(&mut self, name: &str) -> Kept {
        keys::generate(&mut self.session, Alg::ES512, 2048, name, None, &self.ports).unwrap()
    }

    pub fn key_for(&mut self, name: &str, profile: &str, environment: &str) -> Kept {
        let place = Some(For { profile, environment });
        keys::generate(&mut self.session, Alg::ES512, 2048, name, place, &self.ports).unwrap()
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("vault.kwv")
    }

    /// Adds copies of a key's metadata, each under a name of its own, as another process would.
    pub fn copies(&self, name: &str, count: usize) {
        let credential = keys::show(&self.session, name).unwrap();
        let mut vault = vault::open(&self.path()).unwrap().unlock(&passphrase()).unwrap();
        let random = |out: &mut [u8]| self.ports.random.fill(out);
        let texts: Vec<Vec<u8>> = (0..count)
            .map(|number| Credential { name: format!("{name} {number}"), ..credential.clone() }.encode())
            .collect();
        let add = |metadata| Change::Add {
            id: RecordId::random(&random),
            kind: Credential::KIND,
            metadata,
            secret: Some(b"none"),
        };
        let changes: Vec<Change<'_>> = texts.iter().map(|text| add(text.as_slice())).collect();
        vault.commit(&changes, &random).unwrap();
    }

    /// Another process that has the vault open.
    pub fn other(&self) -> Session {
        session::unlock(&self.path(), &passphrase(), &self.ports).unwrap()
    }

    pub fn days_pass(&self, days: i64) {
        self.clock.0.fetch_add(days * DAY, Ordering::SeqCst);
    }

    /// The key of Acme for Sandbox.
    pub fn set_key(&self) -> Option<String> {
        profiles::show(&self.session, "Acme").unwrap().environments.remove("sandbox")?.credential
    }

    /// The names of all keys as they are listed.
    pub fn rows(&self) -> Vec<String> {
        keys::rows(&self.session, NOW).unwrap().into_iter().map(|row| row.name).collect()
    }
}

pub fn passphrase() -> Passphrase {
    Passphrase::new("correct horse".to_owned()).unwrap()
}

pub fn draft(profile: &str, environment: &str) -> Draft {
    Draft {
        profile: profile.to_owned(),
        environment: environment.to_owned(),
        key: None,
        claims: r#"{"scopes":["transactions.read"],"exp":"$now+5m"}"#.to_owned(),
        header: None,
        target: Some(CallTarget::Endpoint("transactions".to_owned())),
        body: None,
        shift: 0,
        with: CallWith::Usual,
        scopes: None,
        ttl: None,
    }
}

/// An error as people read it.
pub fn words(error: &Error) -> String {
    format!("{error}\nhint: {}", error.hint().unwrap_or_default())
}
