//! A folder with key files, perhaps a vault, and the program run in it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

use exchange::{Exchange, PreparedRequest, Transport};
use jose::Alg;
use serde_json::Value;
use tempfile::TempDir;
use workbench::{
    keys::{self, Coming, For, KeyText},
    ports::{Cancel, Consent, Http, LiveQuestion, LocalServer, LocalServerError, Ports, Registration},
    profiles::{self, NewProfile},
    session::{self, KdfParams, Passphrase},
};

/// The passphrase of every vault here.
pub const PASSPHRASE: &str = "planted passphrase 7f3a";
/// The shared secret that lies in every vault here, under the name `shared`.
pub const SECRET: &str = "planted-secret-of-41-bytes-9c41-e6b2-d08f";

/// Claims that Gr4vy takes, of a token that expired long ago.
const EXPIRED: &str = r#"{"scopes":["transactions.read"],"iat":1767225600,"nbf":1767225600,"exp":1767226500,"iss":"test","jti":"f5b7a1c2-5a51-4a68-9c9c-0c8a7d6b1e10"}"#;

/// Where one test happens.
pub struct Story {
    folder: TempDir,
}

impl Story {
    /// A folder with the key files in `keys/`, claims sets in `claims.json` and `expired.json`, and no vault.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("keywright-it-").tempdir().unwrap();
        owner_only(folder.path(), 0o700);
        let story = Self { folder };
        fs::create_dir(story.path("keys")).unwrap();
        for entry in fs::read_dir(fixtures().join("keys")).unwrap() {
            let from = entry.unwrap().path();
            fs::copy(&from, story.path("keys").join(from.file_name().unwrap())).unwrap();
        }
        story.write("claims.json", r#"{"sub":"a","iat":1767225600,"exp":1767226500,"amt":10.10}"#);
        story.write("expired.json", EXPIRED);
        story.write("pw", PASSPHRASE);
        story
    }

    /// The same with `vault.kwv`: the profile Acme at Gr4vy with the keys `local-1`, `sandbox-1` and `live-1` for its
    /// environments, the profile Empty without keys, a loose key `loose` and a shared secret `shared`.
    pub fn with_vault() -> Self {
        let story = Self::new();
        story.write("vault.kwv", &*VAULT);
        owner_only(&story.path("vault.kwv"), 0o600);
        story
    }

    /// A path in the folder.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path(name), content).unwrap();
        self
    }

    /// Reads a file of the folder.
    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// The names of what lies in the folder, sorted.
    pub fn names(&self) -> Vec<String> {
        let names = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A call: words with spaces between; `arg` adds one with spaces in it.
    pub fn call(&self, line: &str) -> Call<'_> {
        let words = line.split_whitespace().map(str::to_owned).collect();
        Call { story: self, words, stdin: Vec::new(), variables: BTreeMap::new() }
    }

    /// Runs a call.
    pub fn run(&self, line: &str) -> Ran {
        self.call(line).run()
    }

    /// Runs a call that opens the vault.
    pub fn open(&self, line: &str) -> Ran {
        self.call(line).opening().run()
    }

    /// A token by Acme's recipe for the Local environment.
    pub fn token(&self) -> String {
        self.open("token sign --profile Acme --env local --scope transactions.read").result().trim().to_owned()
    }

    /// The program, as a person without home, vault and terminal would start it.
    pub fn program(&self) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("keywright"));
        command.env_clear().env("HOME", self.path("home")).env("KEYWRIGHT_VAULT", self.path("vault.kwv"));
        // Windows finds neither its folders nor its libraries without these.
        for name in ["SystemRoot", "PATH", "TEMP", "TMP"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command.current_dir(self.folder.path());
        command
    }
}

/// A call that is being written.
pub struct Call<'s> {
    story: &'s Story,
    words: Vec<String>,
    stdin: Vec<u8>,
    variables: BTreeMap<String, String>,
}

impl Call<'_> {
    /// One more argument, as it stands.
    pub fn arg(mut self, argument: impl Into<String>) -> Self {
        self.words.push(argument.into());
        self
    }

    /// With the vault's passphrase.
    pub fn opening(self) -> Self {
        self.arg("--passphrase-file").arg("pw")
    }

    /// With this on standard input.
    pub fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = bytes.as_ref().to_vec();
        self
    }

    /// With this variable.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Runs it to its end.
    pub fn run(self) -> Ran {
        let mut command = self.story.program();
        command.args(&self.words).envs(&self.variables);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = self.stdin;
        // Whoever does not want its input may end before it is written.
        let writer = std::thread::spawn(move || drop(std::io::Write::write_all(&mut stdin, &bytes)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Ran {
            line: self.words.join(" "),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            folder: self.story.folder.path().display().to_string(),
        }
    }
}

/// A call that was run.
pub struct Ran {
    line: String,
    /// How it ended; nothing if a signal ended it.
    pub code: Option<i32>,
    /// Its result.
    pub stdout: String,
    /// What else it said.
    pub stderr: String,
    folder: String,
}

impl Ran {
    /// The same, having ended with this code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "keywright {}\n{}{}", self.line, self.stdout, self.stderr);
        self
    }

    /// The result of a call that did what was asked.
    #[track_caller]
    pub fn result(self) -> String {
        self.ends(0).stdout
    }

    /// The same as JSON.
    #[track_caller]
    pub fn json(self) -> Value {
        let line = self.line.clone();
        serde_json::from_str(&self.result()).unwrap_or_else(|error| panic!("keywright {line}: {error}"))
    }

    /// The error of a call with `--json`.
    #[track_caller]
    pub fn error(&self) -> Value {
        let value: Value =
            serde_json::from_str(&self.stderr).unwrap_or_else(|error| panic!("{error}: {}", self.stderr));
        value["error"].clone()
    }

    /// How it ended and everything it said, for a snapshot: what differs from run to run is replaced.
    pub fn told(&self) -> String {
        let code = self.code.map_or("a signal".to_owned(), |code| code.to_string());
        let mut text = format!("ends with {code}\n");
        for (name, said) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !said.is_empty() {
                text += &format!("--- {name}\n{}", settled(said, &self.folder));
            }
        }
        text
    }
}

/// Text in which no character but the space stands more than twenty times in a row.
pub fn shortened(text: &str) -> String {
    let mut short = String::new();
    let mut run = (' ', 0);
    for c in text.chars() {
        run = if c == run.0 { (c, run.1 + 1) } else { (c, 1) };
        short.extend(Some(c).filter(|c| run.1 <= 20 || *c == ' '));
    }
    short
}

/// Where the fixtures lie.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The thumbprints of the key files by their names.
pub fn kids() -> BTreeMap<String, String> {
    serde_json::from_slice(&fs::read(fixtures().join("keys/kids.json")).unwrap()).unwrap()
}

/// Text without what differs from run to run: the folder, ports, tokens, ids, times and kids of new keys.
pub fn settled(text: &str, folder: &str) -> String {
    let known = kids();
    let text = text.replace(folder, "[folder]");
    let mut settled = String::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find(is_word) {
        settled += &rest[..start];
        let end = rest[start..].find(|c| !is_word(c)).map_or(rest.len(), |length| start + length);
        let (word, after) = (&rest[start..end], &rest[end..]);
        settled += &settled_word(word, after, &known);
        rest = after;
    }
    settled + rest
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '•')
}

fn settled_word(word: &str, after: &str, known: &BTreeMap<String, String>) -> String {
    if let Some(rest) = word.strip_prefix(':') {
        return format!(":{}", settled_word(rest, after, known));
    }
    let shape: String = word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let is_hex = |part: &str| part.bytes().all(|b| b.is_ascii_hexdigit());
    if word.starts_with("eyJ") && word.matches('.').count() >= 2 {
        "[token]".to_owned()
    } else if word.len() == 36 && word.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && word.split('-').all(is_hex) {
        "[uuid]".to_owned()
    } else if word.len() == 43 && !word.contains(['.', ':']) && !known.values().any(|kid| kid == word) {
        "[thumbprint]".to_owned()
    } else if let Some(port) = word.strip_prefix("127.0.0.1:").filter(|port| !port.is_empty()) {
        format!("127.0.0.1:[port]{}", port.trim_start_matches(|c: char| c.is_ascii_digit()))
    } else if shape == "0000-00-00" {
        "[date]".to_owned()
    } else if shape == "00:00:00" {
        "[clock]".to_owned()
    } else if shape == "0000000000" && word.starts_with(['1', '2']) && !word.starts_with("1767") {
        "[time]".to_owned()
    } else if shape.bytes().all(|b| b == b'0') && after.starts_with(" ms") {
        "[n]".to_owned()
    } else {
        word.to_owned()
    }
}

/// The vault of `Story::with_vault`, made once, with the cheapest key derivation.
static VAULT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.kwv");
    let ports = ports();
    let passphrase = Passphrase::new(PASSPHRASE.to_owned()).unwrap();
    let mut session = session::create(&path, &passphrase, KdfParams::CHEAPEST, &ports).unwrap();
    for name in ["Acme", "Empty"] {
        let variables = [("gr4vy_id".to_owned(), name.to_lowercase())].into();
        let new = NewProfile { name: name.to_owned(), provider: "gr4vy".to_owned(), variables };
        profiles::add(&mut session, new, &ports).unwrap();
    }
    let place = |environment| Some(For { profile: "Acme", environment });
    for (name, file, place) in [
        ("local-1", "p521-none", place("local")),
        ("sandbox-1", "p521-xzero", place("sandbox")),
        ("live-1", "p521-yzero", place("production")),
        ("loose", "p256", None),
    ] {
        let bytes = fs::read(fixtures().join(format!("keys/{file}.pkcs8.pem"))).unwrap();
        let text = KeyText { bytes: &bytes, passphrase: None, secret_encoding: None };
        keys::import(&mut session, text, &Coming::named(name).at(place), &ports).unwrap();
    }
    let secret =
        KeyText { bytes: SECRET.as_bytes(), passphrase: None, secret_encoding: Some(jose::key::SecretEncoding::Utf8) };
    keys::import(&mut session, secret, &Coming { alg: Some(Alg::HS256), ..Coming::named("shared") }, &ports).unwrap();
    drop(session);
    fs::read(path).unwrap()
});

/// The system's clock, randomness and engine; nothing else is used while the vault is made.
fn ports() -> Ports {
    Ports {
        clock: Box::new(host::SystemClock),
        random: Box::new(host::OsRandom),
        keys: Box::new(host::EngineKeys),
        files: Box::new(host::OsFiles),
        http: Box::new(Nobody),
        local: Box::new(Nobody),
        consent: Box::new(Nobody),
        memory: host::memory(),
    }
}

struct Nobody;

impl Http for Nobody {
    fn send(&self, _: &PreparedRequest, _: &Transport, _: &Cancel) -> Exchange {
        unreachable!("nothing is sent while the vault is made")
    }
}

impl LocalServer for Nobody {
    fn address(&self, _: &str, _: Registration<'_>, _: u16) -> Result<String, LocalServerError> {
        Err(LocalServerError { message: "nobody is here".to_owned(), hint: None })
    }
}

impl Consent for Nobody {
    fn ask(&self, _: &LiveQuestion) -> bool {
        false
    }
}

#[cfg(unix)]
fn owner_only(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn owner_only(_: &Path, _: u32) {}
