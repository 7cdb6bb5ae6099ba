//! A vault with accounts at Hedge, CryptoPay and Partner, a server of paper, and a clock that moves by itself.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use exchange::{Answer, Event, Exchange, Happening, PreparedRequest, Transport};
use keywright_workbench::{
    calls::{Execution, NextAction, Outcome},
    credentials::{self, New},
    flows::FlowRequest,
    keys::{self, For},
    ports::{Cancel, Clock, Consent, Http, LiveQuestion, LocalServer, LocalServerError, Ports, Registration},
    profiles::{self, NewProfile, ProfileChange},
    records::{CredentialAt, Target},
    requests::CallRequest,
    session::{self, KdfParams, Passphrase, Session},
    signer::SignRequest,
};

/// 2026-11-22T00:00:00Z
pub const NOW: i64 = 1_795_305_600;

pub type Server = dyn FnMut(&PreparedRequest) -> Answer + Send;

#[derive(Clone)]
pub struct Paper {
    now: Arc<AtomicI64>,
    server: Arc<Mutex<Box<Server>>>,
    /// Method and path of everything that was sent, in order.
    pub sent: Arc<Mutex<Vec<String>>>,
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Clock for Paper {
    fn now(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }
}

impl Consent for Paper {
    fn ask(&self, question: &LiveQuestion) -> bool {
        self.asked.lock().unwrap().push(format!("{} for {}", question.act, question.environment));
        true
    }
}

impl Http for Paper {
    fn send(&self, request: &PreparedRequest, _: &Transport, _: &Cancel) -> Exchange {
        self.sent.lock().unwrap().push(format!("{} {}", request.method, request.url.path()));
        let answer = (self.server.lock().unwrap())(request);
        self.now.fetch_add(1, Ordering::SeqCst);
        let at = std::time::Duration::from_millis(120);
        let timeline = vec![Event { at, what: Happening::Body { bytes: answer.body.len() } }];
        Exchange { outcome: Ok(answer), timeline }
    }
}

impl LocalServer for Paper {
    fn address(&self, provider: &str, _: Registration<'_>, _: u16) -> Result<String, LocalServerError> {
        Ok(format!("http://127.0.0.1:4567/{provider}"))
    }
}

pub struct World {
    pub ports: Ports,
    pub session: Session,
    pub paper: Paper,
    folder: tempfile::TempDir,
}

impl World {
    /// Accounts named for their providers, each with a credential for a test environment.
    pub fn new(server: impl FnMut(&PreparedRequest) -> Answer + Send + 'static) -> Self {
        let paper = Paper {
            now: Arc::new(AtomicI64::new(NOW)),
            server: Arc::new(Mutex::new(Box::new(server))),
            sent: Arc::default(),
            asked: Arc::default(),
        };
        let ports = Ports {
            clock: Box::new(paper.clone()),
            random: Box::new(host::OsRandom),
            keys: Box::new(host::EngineKeys),
            files: Box::new(host::OsFiles),
            http: Box::new(paper.clone()),
            local: Box::new(paper.clone()),
            consent: Box::new(paper.clone()),
            memory: host::memory(),
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.kwv");
        let session = session::create(&path, &passphrase(), KdfParams::CHEAPEST, &ports).unwrap();
        let mut world = Self { ports, session, paper, folder };
        for provider in ["hedge", "cryptopay", "partner"] {
            let new = NewProfile { name: provider.to_owned(), provider: provider.to_owned(), ..NewProfile::default() };
            profiles::add(&mut world.session, new, &world.ports).unwrap();
        }
        let base_urls = [("own".to_owned(), "https://partner.example.com".to_owned())].into();
        let change = ProfileChange { base_urls, ..ProfileChange::default() };
        profiles::change(&mut world.session, "partner", &change, &world.ports).unwrap();
        world.add("hedge key", ("hedge", "test"), None, "test_51H8xgq2eZvKYlo2C4f2a", &[]);
        world.add("me", ("cryptopay", "sandbox"), Some("login"), "hunter2 ", &[("username", "me")]);
        let secret = "a secret of the partner, 36 bytes long";
        world.add("partner", ("partner", "own"), None, secret, &[("client_id", "acme-7")]);
        world
    }

    pub fn add(
        &mut self,
        name: &str,
        (profile, environment): (&str, &str),
        role: Option<&str>,
        secret: &str,
        fields: &[(&str, &str)],
    ) -> credentials::Added {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let new = New { name, at: For { profile, environment }, role, secret, fields, encoding: None };
        let added = credentials::add(&mut self.session, &new, &self.ports).unwrap();
        // One beside another is there to be used here.
        if added.beside.is_some() {
            keys::choose_for(&mut self.session, name, For { profile, environment }, &self.ports).unwrap();
        }
        added
    }

    /// Runs a flow to its end.
    pub fn flow(&mut self, (profile, environment): (&str, &str), flow: &str) -> Outcome {
        self.run_flow(&FlowRequest { sign: sign(profile, environment), flow: flow.to_owned(), emulator: None })
    }

    /// The same for a request that names more than the place.
    pub fn run_flow(&mut self, request: &FlowRequest) -> Outcome {
        let execution = Execution::flow(&mut self.session, request, false, &self.ports).unwrap();
        self.drive(execution)
    }

    /// Calls the provider's first endpoint, or another, and goes on to the end.
    pub fn call(&mut self, place: (&str, &str), follow: bool, edit: impl FnOnce(&mut CallRequest)) -> Outcome {
        let run = self.begin(place, follow, edit);
        self.drive(run)
    }

    pub fn begin(
        &mut self,
        (profile, environment): (&str, &str),
        follow: bool,
        edit: impl FnOnce(&mut CallRequest),
    ) -> Execution {
        let mut request = CallRequest { sign: sign(profile, environment), ..CallRequest::default() };
        edit(&mut request);
        Execution::call(&mut self.session, &request, follow, &self.ports).unwrap()
    }

    pub fn drive(&mut self, mut run: Execution) -> Outcome {
        while self.step(&mut run) {}
        run.end()
    }

    /// One turn; false where nothing is left to do. Waiting takes no time, but the clock goes on.
    pub fn step(&mut self, run: &mut Execution) -> bool {
        match run.next_action() {
            NextAction::Done => return false,
            NextAction::Send => {
                let answered = run.send(&Transport::default(), &Cancel::default(), &self.ports);
                run.take(&mut self.session, answered, &self.ports).unwrap();
            }
            NextAction::Wait { milliseconds, .. } => {
                let seconds = i64::try_from(milliseconds.div_ceil(1000)).unwrap();
                self.paper.now.fetch_add(seconds, Ordering::SeqCst);
                run.waited(&mut self.session, &self.ports).unwrap();
            }
        }
        true
    }

    pub fn pass(&self, seconds: i64) {
        self.paper.now.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Everything that was sent, and forgets it.
    pub fn sent(&self) -> Vec<String> {
        std::mem::take(&mut *self.paper.sent.lock().unwrap())
    }

    /// Another process that has the vault open.
    pub fn other(&self) -> Session {
        session::unlock(&self.folder.path().join("vault.kwv"), &passphrase(), &self.ports).unwrap()
    }
}

pub fn at(profile: &str, environment: &str) -> Target {
    Target { profile: profile.to_owned(), environment: environment.to_owned() }
}

pub fn owner((profile, environment): (&str, &str), credential: &str) -> CredentialAt {
    CredentialAt { at: at(profile, environment), credential: credential.to_owned() }
}

pub fn sign(profile: &str, environment: &str) -> SignRequest {
    SignRequest { profile: profile.to_owned(), environment: environment.to_owned(), ..SignRequest::default() }
}

fn passphrase() -> Passphrase {
    Passphrase::new("eight words that nobody else would ever say".to_owned()).unwrap()
}

/// An answer in JSON.
pub fn json(status: u16, body: &str) -> Answer {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Answer { status, headers, body: body.as_bytes().to_vec(), cut: false }
}

/// A token of a paper server: which one it is stands in its claims.
pub fn token(kind: &str, number: u32, expires: i64) -> String {
    let part = |json: String| data_encoding::BASE64URL_NOPAD.encode(json.as_bytes());
    let header = part(r#"{"alg":"HS256","typ":"JWT"}"#.to_owned());
    let claims = part(format!(r#"{{"token_type":"{kind}","n":{number},"exp":{expires}}}"#));
    format!("{header}.{claims}.c2lnbmF0dXJlLW9m{number}")
}

/// The number of the bearer token that a request carries.
pub fn bearer(request: &PreparedRequest) -> Option<String> {
    let field = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("authorization"))?;
    Some(field.value.clear().trim_start_matches("Bearer ").to_owned())
}
