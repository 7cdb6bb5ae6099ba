//! A vault with a profile at Gr4vy and a key for each environment, a fixed clock, and a world that remembers what was asked.

#![allow(dead_code, reason = "each test binary uses what it needs")]

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use exchange::{Answer, Event, Exchange, Happening, PreparedRequest, Transport};
use jose::Alg;
use keywright_workbench::{
    keys::{self, For},
    ports::{Cancel, Clock, Consent, Http, LiveQuestion, LocalServer, LocalServerError, Ports, Random, Registration},
    profiles::{self, NewProfile},
    session::{self, KdfParams, Passphrase, Session},
};

/// 2026-11-22T00:00:00Z
pub const NOW: i64 = 1_795_305_600;

pub struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> i64 {
        NOW
    }

    fn offset(&self, _: i64) -> i64 {
        3_600
    }
}

/// The same bytes each time, so that ids can stand in a snapshot.
pub struct Counting;

impl Random for Counting {
    fn fill(&self, out: &mut [u8]) {
        out.iter_mut().zip(1..).for_each(|(byte, n)| *byte = n);
    }
}

/// Remembers what the world was asked.
#[derive(Clone, Default)]
pub struct Record {
    pub questions: Arc<Mutex<Vec<String>>>,
    pub sent: Arc<Mutex<Vec<String>>>,
    pub agrees: Arc<AtomicBool>,
}

impl Consent for Record {
    fn ask(&self, question: &LiveQuestion) -> bool {
        let LiveQuestion { profile, environment, act, .. } = question;
        self.questions.lock().unwrap().push(format!("{act} as {profile} for {environment}"));
        self.agrees.load(Ordering::SeqCst)
    }
}

impl Http for Record {
    fn send(&self, request: &PreparedRequest, _: &Transport, _: &Cancel) -> Exchange {
        self.sent.lock().unwrap().push(format!("{} {}", request.method, request.url));
        let body = br#"{"items":[]}"#.to_vec();
        let answer = Answer { status: 200, headers: Vec::new(), body, cut: false };
        let event = Event { at: std::time::Duration::from_millis(7), what: Happening::Headers { status: 200 } };
        Exchange { outcome: Ok(answer), timeline: vec![event] }
    }
}

impl LocalServer for Record {
    fn address(&self, provider: &str, _: Registration<'_>, _: u16) -> Result<String, LocalServerError> {
        Ok(format!("http://127.0.0.1:4567/{provider}"))
    }
}

pub struct World {
    pub ports: Ports,
    /// The same with real randomness, to make records with.
    pub making: Ports,
    pub record: Record,
    pub session: Session,
    _folder: tempfile::TempDir,
}

impl World {
    /// The profile Acme with a P-521 key for each environment, named for it.
    pub fn new() -> Self {
        let record = Record::default();
        let ports = |random: Box<dyn Random>| Ports {
            clock: Box::new(FixedClock),
            random,
            keys: Box::new(host::EngineKeys),
            files: Box::new(host::OsFiles),
            http: Box::new(record.clone()),
            local: Box::new(record.clone()),
            consent: Box::new(record.clone()),
            memory: host::memory(),
        };
        let folder = tempfile::tempdir().unwrap();
        let making = ports(Box::new(host::OsRandom));
        let path = folder.path().join("vault.kwv");
        let passphrase = Passphrase::new("eight words that nobody else would ever say".to_owned()).unwrap();
        let mut session = session::create(&path, &passphrase, KdfParams::CHEAPEST, &making).unwrap();
        let variables = [("gr4vy_id".to_owned(), "acme".to_owned())].into();
        let new = NewProfile { name: "Acme".to_owned(), provider: "gr4vy".to_owned(), variables };
        profiles::add(&mut session, new, &making).unwrap();
        for environment in ["local", "sandbox", "production"] {
            let place = Some(For { profile: "Acme", environment });
            keys::generate(&mut session, Alg::ES512, 2048, environment, place, &making).unwrap();
        }
        let ports = ports(Box::new(Counting));
        Self { ports, making, record, session, _folder: folder }
    }
}
