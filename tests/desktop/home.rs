//! Homes for the program to start in: with a vault that holds what a story is about.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use jose::Alg;
use jose::key::{Jwk, Key, read};
use jose::sign::{self, Draft, SigningKey};
use tempfile::TempDir;
use workbench::keys::{self, Coming, For, KeyText};
use workbench::ports::{Clock, Consent, LiveQuestion, LocalServer, LocalServerError, Ports, Registration};
use workbench::profiles::{self, NewProfile};
use workbench::session::{self, KdfParams, Passphrase, Session};

/// What opens every vault made here.
pub const PASSPHRASE: &str = "tram quarry linen oboe";

/// The keys of RFC and vendor vectors, throw-away all.
pub const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/crates/jose/tests/vectors");

/// The folder of the programs that are driven: those built with the tests, or those of `KEYWRIGHT_PROGRAMS`, so that a
/// build for release is measured without another one of the tests.
pub fn programs() -> PathBuf {
    let own = Path::new(env!("CARGO_BIN_EXE_keywright-desktop")).parent().unwrap();
    std::env::var_os("KEYWRIGHT_PROGRAMS").map_or_else(|| own.to_owned(), PathBuf::from)
}

/// Where the program keeps its vault below a home.
pub fn vault_in(home: &Path) -> PathBuf {
    home.join(host::APPLICATION).join("vault.kwv")
}

/// An empty home whose window is light or dark, whatever the system says.
pub fn dressed(theme: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    dress(home.path(), theme);
    home
}

/// Lets the window of a home be light or dark.
pub fn dress(home: &Path, theme: &str) {
    let folder = home.join("config").join(host::APPLICATION);
    std::fs::create_dir_all(&folder).unwrap();
    let remembered = format!(r#"{{"appearance":{{"theme":"{theme}","textPercent":100}}}}"#);
    std::fs::write(folder.join("window.json"), remembered).unwrap();
}

/// A home with a vault as the first start leaves it: the demo profile and its key.
pub fn with_demo() -> TempDir {
    with(|session, ports| {
        workbench::demo::prepare(session, ports).unwrap();
    })
}

/// A home with the demo, and a profile "Acme" with a key for each of Gr4vy's environments.
pub fn with_acme() -> TempDir {
    with(|session, ports| {
        workbench::demo::prepare(session, ports).unwrap();
        let variables = [("gr4vy_id".to_owned(), "acme".to_owned())].into();
        let new = NewProfile { name: "Acme".to_owned(), provider: "gr4vy".to_owned(), variables };
        profiles::add(session, new, ports).unwrap();
        for (name, environment) in
            [("checkout-local", "local"), ("checkout-2026-11", "sandbox"), ("checkout-live-2026-11", "production")]
        {
            let belongs = For { profile: "Acme", environment };
            keys::generate(session, Alg::ES512, 2048, name, Some(belongs), ports).unwrap();
        }
    })
}

/// A home with a vault that `fill` puts things into.
pub fn with(fill: impl FnOnce(&mut Session, &Ports)) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let path = vault_in(home.path());
    let folder = path.parent().unwrap();
    std::fs::create_dir_all(folder).unwrap();
    // As the program makes it; otherwise it warns that others can read it.
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    let ports = ports();
    let mut session = session::create(&path, &passphrase(), KdfParams::CHEAPEST, &ports).unwrap();
    fill(&mut session, &ports);
    home
}

/// Opens the vault of a home beside the window, as the command line would.
pub fn session_in(home: &Path) -> Session {
    session::unlock(&vault_in(home), &passphrase(), &ports()).unwrap()
}

/// The work that unlocking such a vault costs by itself: an empty one is unlocked.
pub fn derive_alone() {
    thread_local! {
        static EMPTY: TempDir = with(|_, _| ());
    }
    EMPTY.with(|home| drop(session_in(home.path())));
}

/// Brings a key of the vectors into a vault.
pub fn import(session: &mut Session, file: &str, name: &str, ports: &Ports) {
    let bytes = std::fs::read(Path::new(VECTORS).join("keys").join(file)).unwrap();
    let text = KeyText { bytes: &bytes, passphrase: None, secret_encoding: None };
    keys::import(session, text, &Coming::named(name), ports).unwrap();
}

/// A token with these header parameters and claims, signed with a key of the vectors.
pub fn token(file: &str, alg: Alg, header: &[(&str, String)], claims: &str) -> String {
    let text = std::fs::read(Path::new(VECTORS).join("keys").join(file)).unwrap();
    let jwk = read::read(&text, None).unwrap().keys.remove(0);
    let header: Vec<(String, String)> = header.iter().map(|(name, json)| ((*name).to_owned(), json.clone())).collect();
    let header = sign::header(alg, jwk.effective_kid().as_deref(), &header);
    let key = SigningKey::new(alg, &jwk, false).unwrap();
    Draft::jwt(&header, claims).unwrap().sign(&key).unwrap().into_string()
}

/// A token of a checkout worker, good for an hour, that expired so many seconds ago.
pub fn expired(file: &str, scopes: &str, ago: i64) -> String {
    let end = now() - ago;
    let claims = format!(
        r#"{{"scopes":{scopes},"iat":{0},"nbf":{0},"exp":{end},"iss":"checkout-worker/3.2","jti":"c1a7e0b2-6d4f-4f0a-9b57-0e6f1c52d8e4"}}"#,
        end - 3600
    );
    token(file, Alg::ES512, &[], &claims)
}

/// The public half of a key of the vectors, as a JWK.
pub fn public_jwk(file: &str) -> String {
    let text = std::fs::read(Path::new(VECTORS).join("keys").join(file)).unwrap();
    let jwk = read::read(&text, None).unwrap().keys.remove(0);
    let public = Jwk::from(Key::Public(jwk.key.public().unwrap()));
    jose::jwk::write(&public, jose::key::write::Half::Public).to_string()
}

/// Seconds since 1970, now.
pub fn now() -> i64 {
    host::SystemClock.now()
}

fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE.to_owned()).unwrap()
}

/// The system's own adapters; nobody is asked and nothing is sent while a home is made.
pub fn ports() -> Ports {
    Ports {
        clock: Box::new(host::SystemClock),
        random: Box::new(host::OsRandom),
        keys: Box::new(host::EngineKeys),
        files: Box::new(host::OsFiles),
        http: Box::new(host::ReqwestHttp),
        local: Box::new(Nobody),
        consent: Box::new(Nobody),
        memory: host::memory(),
    }
}

struct Nobody;

impl Consent for Nobody {
    fn ask(&self, _: &LiveQuestion) -> bool {
        false
    }
}

impl LocalServer for Nobody {
    fn address(&self, _: &str, _: Registration<'_>, _: u16) -> Result<String, LocalServerError> {
        Err(LocalServerError { message: "no emulator while a home is made".to_owned(), hint: None })
    }
}
