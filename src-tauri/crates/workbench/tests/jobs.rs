//! The jobs as the window and the command line call them, with a fixed clock, a recorded network and a person who
//! answers as the test says.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use exchange::{Answer, Event, Exchange, Happening, PreparedRequest, Transport};
use jose::{Alg, Code, verify::Verdict};
use keywright_workbench::{
    Error, Fault, NameError,
    calls::Execution,
    draft::CallTarget,
    keys::{self, Coming, For, KeyText},
    ports::{Cancel, Clock, Consent, Http, LiveQuestion, LocalServer, LocalServerError, Ports, Registration},
    profiles::{self, NewProfile, ProfileChange},
    requests::CallRequest,
    session::{self, KdfParams, Passphrase, Session},
    signer::SignRequest,
    tokens::{self, Judging},
};

/// 2026-11-22T00:00:00Z
const NOW: i64 = 1_795_305_600;

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> i64 {
        NOW
    }
}

/// Remembers what the world was asked.
#[derive(Clone, Default)]
struct Record {
    questions: Arc<Mutex<Vec<String>>>,
    sent: Arc<Mutex<Vec<String>>>,
    registered: Arc<Mutex<Vec<String>>>,
    agrees: Arc<AtomicBool>,
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
    fn address(&self, provider: &str, registration: Registration<'_>, _: u16) -> Result<String, LocalServerError> {
        if let Registration::Jwk(jwk) = registration {
            self.registered.lock().unwrap().push(jwk.to_owned());
        }
        Ok(format!("http://127.0.0.1:4567/{provider}"))
    }
}

struct World {
    ports: Ports,
    record: Record,
    session: Session,
    folder: tempfile::TempDir,
}

impl World {
    /// A vault with the profile Acme at Gr4vy and a P-521 key for each environment, named for it.
    fn new() -> Self {
        let record = Record::default();
        let ports = Ports {
            clock: Box::new(FixedClock),
            random: Box::new(host::OsRandom),
            keys: Box::new(host::EngineKeys),
            files: Box::new(host::OsFiles),
            http: Box::new(record.clone()),
            local: Box::new(record.clone()),
            consent: Box::new(record.clone()),
            memory: host::memory(),
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.kwv");
        let mut session = session::create(&path, &passphrase(), KdfParams::CHEAPEST, &ports).unwrap();
        let variables = [("gr4vy_id".to_owned(), "acme".to_owned())].into();
        let new = NewProfile { name: "Acme".to_owned(), provider: "gr4vy".to_owned(), variables };
        profiles::add(&mut session, new, &ports).unwrap();
        for environment in ["local", "sandbox", "production"] {
            let place = Some(For { profile: "Acme", environment });
            keys::generate(&mut session, Alg::ES512, 2048, environment, place, &ports).unwrap();
        }
        Self { ports, record, session, folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("vault.kwv")
    }

    fn change(&mut self, change: ProfileChange) -> Result<(), Error> {
        profiles::change(&mut self.session, "Acme", &change, &self.ports).map(drop)
    }

    fn sign(&self, environment: &str) -> Result<tokens::Signed, Error> {
        tokens::sign(&self.session, &sign(environment), &self.ports)
    }

    fn call(&mut self, environment: &str, target: CallTarget) -> Result<Execution, Error> {
        let request = CallRequest { sign: sign(environment), target: Some(target), ..CallRequest::default() };
        Execution::call(&mut self.session, &request, false, &self.ports)
    }

    fn questions(&self) -> Vec<String> {
        std::mem::take(&mut self.record.questions.lock().unwrap())
    }
}

fn passphrase() -> Passphrase {
    Passphrase::new("correct horse".to_owned()).unwrap()
}

fn sign(environment: &str) -> SignRequest {
    SignRequest {
        profile: "Acme".to_owned(),
        environment: environment.to_owned(),
        scopes: Some(vec!["transactions.read".to_owned()]),
        ..SignRequest::default()
    }
}

fn endpoint(id: &str) -> CallTarget {
    CallTarget::Endpoint(id.to_owned())
}

/// An error as people read it.
fn words(error: &Error) -> String {
    format!("{error}\nhint: {}", error.hint().unwrap_or_default())
}

#[test]
fn nothing_live_is_signed_or_sent_without_consent() {
    let mut world = World::new();
    let refused = world.sign("production").err().unwrap();
    assert_eq!(refused.fault(), Fault::Denied);
    insta::assert_snapshot!(words(&refused), @r"
    signing a token for Production, which is live, wants consent
    hint: nothing was signed or sent; agree when you are asked
    ");
    assert_eq!(world.questions(), ["signing a token as Acme for Production"]);
    assert!(world.call("production", endpoint("transactions")).is_err());
    assert!(world.record.sent.lock().unwrap().is_empty());

    world.record.agrees.store(true, Ordering::SeqCst);
    let signed = world.sign("production").unwrap();
    assert_eq!(signed.key, "production");
}

#[test]
fn a_live_call_that_changes_something_is_asked_for_by_its_name() {
    let mut world = World::new();
    world.record.agrees.store(true, Ordering::SeqCst);
    world.questions();
    let target = CallTarget::Path { method: "post".to_owned(), path: "/transactions".to_owned() };
    let mut request = CallRequest { sign: sign("production"), target: Some(target), ..CallRequest::default() };
    request.sign.scopes = Some(vec!["transactions.write".to_owned()]);
    Execution::call(&mut world.session, &request, false, &world.ports).unwrap();
    assert_eq!(world.questions()[0], "POST /transactions as Acme for Production");
}

#[test]
fn in_test_and_local_environments_nobody_is_asked() {
    let mut world = World::new();
    world.sign("sandbox").unwrap();
    let mut call = world.call("local", endpoint("transactions")).unwrap();
    let answered = call.send(&Transport::default(), &Cancel::default(), &world.ports);
    call.take(&mut world.session, answered, &world.ports).unwrap();
    assert!(call.end().sent.unwrap().verdict.is_as_wanted());
    assert!(world.questions().is_empty());
    assert_eq!(*world.record.sent.lock().unwrap(), ["GET http://127.0.0.1:4567/gr4vy/transactions?limit=1"]);
}

#[test]
fn the_emulator_is_told_the_public_half_alone() {
    let mut world = World::new();
    world.call("local", endpoint("transactions")).unwrap();
    let registered = world.record.registered.lock().unwrap();
    assert!(registered[0].contains("\"crv\":\"P-521\"") && !registered[0].contains("\"d\""), "{registered:?}");
}

#[test]
fn g18_a_key_of_one_environment_is_refused_in_another() {
    let mut world = World::new();
    let request = SignRequest { key: Some("production".to_owned()), ..sign("sandbox") };
    let refused = tokens::sign(&world.session, &request, &world.ports).err().unwrap();
    insta::assert_snapshot!(words(&refused), @r#"
    the key "production" is sealed for Production at Gr4vy; wanted one for Sandbox at Gr4vy
    hint: use one key for each environment
    "#);
    let keys = [("sandbox".to_owned(), "production".to_owned())].into();
    let refused = world.change(ProfileChange { keys, ..ProfileChange::default() }).unwrap_err();
    assert_eq!(refused.fault(), Fault::Denied);
}

#[test]
fn hosts_are_sealed_with_the_key_and_a_changed_profile_does_not_move_them() {
    let mut world = World::new();
    let variables = [("gr4vy_id".to_owned(), "evil".to_owned())].into();
    world.change(ProfileChange { variables, ..ProfileChange::default() }).unwrap();
    let refused = world.call("sandbox", endpoint("transactions")).err().unwrap();
    assert_eq!(refused.fault(), Fault::Denied);
    insta::assert_snapshot!(words(&refused), @r"
    the request goes to api.sandbox.evil.gr4vy.app, and this credential may be sent to api.sandbox.acme.gr4vy.app only
    hint: the hosts are sealed with the credential: check the environment and the base address
    ");
    assert!(world.record.sent.lock().unwrap().is_empty());
}

#[test]
fn g04_keys_that_gr4vy_does_not_take_are_refused_when_they_are_set() {
    let mut world = World::new();
    let place = Some(For { profile: "Acme", environment: "sandbox" });
    for alg in [Alg::ES256, Alg::ES384, Alg::EdDSA, Alg::HS256] {
        let refused = keys::generate(&mut world.session, alg, 2048, "other", place, &world.ports).unwrap_err();
        assert_eq!(refused.fault(), Fault::Rule, "{alg}: {refused}");
    }
    // Nothing is half done: neither the key nor a changed profile was kept.
    assert_eq!(keys::list(&world.session).unwrap().len(), 3);
    let profile = profiles::show(&world.session, "Acme").unwrap();
    assert_eq!(profile.environments["sandbox"].credential.as_deref(), Some("sandbox"));
    // A key without a place may be of any kind.
    keys::generate(&mut world.session, Alg::ES256, 2048, "other", None, &world.ports).unwrap();
}

#[test]
fn g05_an_rsa_key_signs_rs512_for_gr4vy_with_advice() {
    let mut world = World::new();
    let pkcs8 = world.ports.keys.generate(Alg::RS256, 2048).unwrap();
    let text = KeyText { bytes: &pkcs8, passphrase: None, secret_encoding: None };
    let variables = [("gr4vy_id".to_owned(), "other".to_owned())].into();
    let new = NewProfile { name: "Other".to_owned(), provider: "gr4vy".to_owned(), variables };
    profiles::add(&mut world.session, new, &world.ports).unwrap();
    let place = Some(For { profile: "Other", environment: "sandbox" });
    let kept = keys::import(&mut world.session, text, &Coming::named("rsa").at(place), &world.ports).unwrap();
    assert_eq!(kept.credential.alg, Some(Alg::RS512));
    assert!(kept.findings.iter().any(|finding| finding.code == Code::KeyAdvice), "{:?}", kept.findings);
}

#[test]
fn g03_a_kid_from_the_dashboard_is_compared() {
    let mut world = World::new();
    let pkcs8 = world.ports.keys.generate(Alg::ES512, 2048).unwrap();
    let text = KeyText { bytes: &pkcs8, passphrase: None, secret_encoding: None };
    let kid = Some("not-the-thumbprint".to_owned());
    let kept =
        keys::import(&mut world.session, text, &Coming { kid, ..Coming::named("pasted") }, &world.ports).unwrap();
    assert_eq!(kept.findings[0].code, Code::KidNotThumbprint);
}

#[test]
fn a_token_carries_what_the_person_chose_and_the_rules_still_hold() {
    let world = World::new();
    let claim = |name: &str, json: &str| (name.to_owned(), json.to_owned());
    let mut request = sign("sandbox");
    request.claims = vec![claim("exp", "\"$now+10m\""), claim("iss", "\"me\"")];
    request.drop = vec!["iat".to_owned()];
    let signed = tokens::sign(&world.session, &request, &world.ports).unwrap();
    assert!(signed.claims.contains(&format!("\"exp\":{}", NOW + 600)) && signed.claims.contains("\"iss\":\"me\""));
    assert!(!signed.claims.contains("iat"));

    request.claims = vec![claim("exp", "\"tomorrow\"")];
    let refused = tokens::sign(&world.session, &request, &world.ports).err().unwrap();
    assert_eq!(refused.fault(), Fault::Rule);
    request.claims = vec![claim("iss", "me")];
    let refused = tokens::sign(&world.session, &request, &world.ports).err().unwrap();
    insta::assert_snapshot!(words(&refused), @r#"
    the value of the claim "iss" is not JSON: a value expected, "m" found at line 1, column 1
    hint: a text needs quotes of its own: "me"
    "#);
}

#[test]
fn g08_each_token_has_an_id_of_its_own() {
    let world = World::new();
    assert_ne!(world.sign("sandbox").unwrap().claims, world.sign("sandbox").unwrap().claims);
}

#[test]
fn own_keys_judge_a_token_and_strangers_stay_unknown() {
    let world = World::new();
    let signed = world.sign("sandbox").unwrap();
    let keys = tokens::own_keys(&world.session, true).unwrap();
    let inspect = |keys: &[tokens::NamedKey]| {
        tokens::inspect(signed.token.as_str().as_bytes(), keys, false, &Judging::default(), &world.ports)
    };
    let mine = inspect(&keys);
    assert_eq!((mine.signature, mine.key.map(|index| keys[index].name.as_str())), (Verdict::Good, Some("sandbox")));
    assert_eq!(inspect(&keys[..0]).signature, Verdict::Unknown);
    let others: Vec<tokens::NamedKey> = keys.into_iter().filter(|key| key.name != "sandbox").collect();
    assert_eq!(inspect(&others).signature, Verdict::Unknown);
}

#[test]
fn names_are_found_or_the_nearest_is_named() {
    let mut world = World::new();
    let request = SignRequest { profile: "Acne".to_owned(), ..sign("sandbox") };
    insta::assert_snapshot!(words(&tokens::sign(&world.session, &request, &world.ports).err().unwrap()), @r#"
    there is no profile named "Acne"; did you mean "Acme"?
    hint: there is Acme
    "#);
    insta::assert_snapshot!(words(&world.sign("sandbux").err().unwrap()), @r#"
    there is no environment named "sandbux"; did you mean "sandbox"?
    hint: there is local, sandbox, production
    "#);
    let bad = ["", "  ", "-x", "a\u{202e}b", "line\nbreak", &"x".repeat(101), "sandbox"];
    let all: String = bad
        .iter()
        .map(|name| keys::generate(&mut world.session, Alg::ES256, 2048, name, None, &world.ports).unwrap_err())
        .map(|error| format!("{error}\n"))
        .collect();
    insta::assert_snapshot!(all.replace(&"x".repeat(100), "x…"), @r#"
    the key name "" is empty
    the key name "" is empty
    the key name "-x" begins with a hyphen, as options do
    the key name "a\u{202e}b" holds characters that cannot be seen
    the key name "line\nbreak" holds characters that cannot be seen
    the key name "x…" is longer than 100 characters
    there is already a key named "sandbox"
    "#);
}

#[test]
fn an_empty_gr4vy_id_is_named() {
    let mut world = World::new();
    let new = NewProfile { name: "Empty".to_owned(), provider: "gr4vy".to_owned(), variables: Default::default() };
    let refused = profiles::add(&mut world.session, new, &world.ports).unwrap_err();
    assert_eq!(refused.fault(), Fault::Input);
    assert!(refused.to_string().contains("Gr4vy ID"), "{refused}");
}

#[test]
fn two_sessions_share_a_vault_and_neither_writes_over_the_other() {
    let mut world = World::new();
    let mut other = session::unlock(&world.path(), &passphrase(), &world.ports).unwrap();
    keys::generate(&mut other, Alg::ES256, 2048, "from the other", None, &world.ports).unwrap();
    keys::generate(&mut world.session, Alg::ES256, 2048, "from here", None, &world.ports).unwrap();
    let taken = keys::generate(&mut world.session, Alg::ES256, 2048, "from the other", None, &world.ports).unwrap_err();
    assert!(matches!(taken, Error::Name(NameError::NameTaken { .. })), "{taken}");
    let names: Vec<String> = keys::list(&session::unlock(&world.path(), &passphrase(), &world.ports).unwrap())
        .unwrap()
        .into_iter()
        .map(|stored| stored.value.name)
        .collect();
    assert_eq!(names, ["from here", "from the other", "local", "production", "sandbox"]);
}

#[test]
fn a_removed_profile_leaves_its_keys() {
    let mut world = World::new();
    profiles::remove(&mut world.session, "Acme", &world.ports).unwrap();
    assert!(profiles::list(&world.session).unwrap().is_empty());
    assert_eq!(keys::list(&world.session).unwrap().len(), 3);
}

#[test]
fn a_changed_passphrase_opens_and_the_former_does_not() {
    let mut world = World::new();
    let new = Passphrase::new("battery staple".to_owned()).unwrap();
    world.session.change_passphrase(&new, KdfParams::CHEAPEST, &world.ports).unwrap();
    assert!(session::unlock(&world.path(), &passphrase(), &world.ports).err().unwrap().is_wrong_passphrase());
    assert_eq!(keys::list(&session::unlock(&world.path(), &new, &world.ports).unwrap()).unwrap().len(), 3);
}

#[test]
fn the_request_can_be_copied_without_its_token() {
    let mut world = World::new();
    let run = world.call("sandbox", endpoint("transactions")).unwrap();
    let call = run.ready().unwrap();
    let curl = call.as_curl();
    let signature = call.signed.as_ref().unwrap().token.as_str().rsplit('.').next().unwrap().to_owned();
    assert!(!curl.contains(&signature) && curl.contains("https://api.sandbox.acme.gr4vy.app/transactions"), "{curl}");
    assert!(!format!("{:?}", call.request).contains(&signature));
}
