//! Ports: clock, randomness, HTTP, files, consent and the emulator, as small traits in one struct that the tops hand in.

use std::path::Path;

use exchange::{Exchange, PreparedRequest, Transport};
use jose::Alg;
use zeroize::Zeroizing;

pub use super::live::{Guard, LiveAct, LiveQuestion, TokenTerms};

/// Everything outside that a job may use. The tops choose the adapters.
pub struct Ports {
    /// The time now.
    pub clock: Box<dyn Clock>,
    /// Randomness for identifiers, salts and nonces.
    pub random: Box<dyn Random>,
    /// Makes key pairs.
    pub keys: Box<dyn KeyGenerator>,
    /// Reads files that the person named.
    pub files: Box<dyn Files>,
    /// Sends requests.
    pub http: Box<dyn Http>,
    /// The emulator, started when the Local environment is used.
    pub local: Box<dyn LocalServer>,
    /// Asks the person before something live happens.
    pub consent: Box<dyn Consent>,
    /// This machine's memory in bytes.
    pub memory: u64,
}

/// The time now, in whole seconds since the epoch and beyond.
pub trait Clock: Send + Sync {
    /// Seconds since 1970-01-01T00:00:00Z, as in NumericDate (RFC 7519 §2).
    fn now(&self) -> i64;

    /// How far the person's clock on the wall is ahead of UTC at that time, in seconds.
    fn offset(&self, _at: i64) -> i64 {
        0
    }
}

/// A source of unpredictable bytes.
pub trait Random: Send + Sync {
    /// Fills `out` with unpredictable bytes.
    fn fill(&self, out: &mut [u8]);
}

/// Makes private keys. The engine takes its randomness from the operating system, so this is a port and not a function of jose.
pub trait KeyGenerator: Send + Sync {
    /// A new private key for `alg` as PKCS#8 DER. `rsa_bits` is 2048, 3072 or 4096 and is ignored for other families.
    fn generate(&self, alg: Alg, rsa_bits: u32) -> Result<Zeroizing<Vec<u8>>, KeyGenerationError>;
}

/// Why no key was made.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyGenerationError {
    /// The algorithm has no key pair: HS256, HS384, HS512.
    #[error("{0} is keyed with a shared secret, not with a key pair")]
    NoKeyPair(Alg),
    /// The size is not offered.
    #[error("RSA keys of {found} bits are not made; wanted 2048, 3072 or 4096")]
    RsaBits {
        /// The size asked for.
        found: u32,
    },
    /// The engine failed.
    #[error("the cryptographic engine could not make a key")]
    Engine,
}

/// Reads files that the person named: definitions of providers.
pub trait Files: Send + Sync {
    /// All of a file.
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError>;
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FileError {
    /// Which file, and what is the matter with it.
    pub message: String,
    /// What to try.
    pub hint: Option<String>,
}

/// Sends one prepared request and reports what happened. Never follows a redirect: a 3xx is an answer like any other.
pub trait Http: Send + Sync {
    /// Blocks until the answer is complete, time runs out or `cancel` says so.
    fn send(&self, request: &PreparedRequest, transport: &Transport, cancel: &Cancel) -> Exchange;
}

/// A switch that ends a running call. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Cancel(std::sync::Arc<std::sync::atomic::AtomicBool>);

impl Cancel {
    /// Ends the call that watches this switch.
    pub fn cancel(&self) {
        self.0.store(true, std::sync::atomic::Ordering::SeqCst);
    }

    /// Whether somebody cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

/// A request that came to the receiver on this computer. It may hold anything, so it has no `Debug`.
pub struct Arrived {
    /// The method.
    pub method: String,
    /// Path and query, as they were asked for.
    pub target: String,
    /// The header fields, each line one entry. Bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte; its beginning where it was cut.
    pub body: Vec<u8>,
    /// How many bytes were sent.
    pub length: usize,
}

impl Arrived {
    /// Whether the body was longer than what is kept of one.
    pub fn is_cut(&self) -> bool {
        self.length > self.body.len()
    }

    /// The first header field of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What the receiver answers: a status, and a sentence as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The sentence.
    pub text: String,
}

/// The emulator on loopback.
pub trait LocalServer: Send + Sync {
    /// The base address under which the emulator plays `provider`, with the credential registered there. If it does not run
    /// yet it is started, on `port` where it lasts as long as a window; 0: any free one.
    fn address(&self, provider: &str, registration: Registration<'_>, port: u16) -> Result<String, LocalServerError>;

    /// The same address where the emulator runs already. Starts nothing.
    fn running(&self, _provider: &str) -> Option<String> {
        None
    }
}

/// What the emulator is told of a credential: no more than the provider's own server would know. It may hold a secret, so
/// it cannot be shown.
#[derive(Clone, Copy)]
pub enum Registration<'a> {
    /// A public key, a JWK as JSON text.
    Jwk(&'a str),
    /// A shared secret, and the client that it belongs to.
    Secret {
        /// The client's id.
        client: Option<&'a str>,
        /// The secret.
        bytes: &'a [u8],
    },
    /// An opaque key.
    ApiKey(&'a str),
    /// A user name with its password.
    Login {
        /// The user name.
        username: &'a str,
        /// The password.
        password: &'a str,
    },
    /// The secret that webhooks are signed with.
    WebhookSecret(&'a [u8]),
}

/// Why the emulator is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LocalServerError {
    /// What is the matter with it.
    pub message: String,
    /// What to try.
    pub hint: Option<String>,
}

/// The person's word before something is signed for, or sent to, a live environment.
pub trait Consent: Send + Sync {
    /// Whether the person agrees.
    fn ask(&self, question: &LiveQuestion) -> bool;

    /// Whether the person agreed before and that still holds, so that nobody need be asked.
    fn agreed(&self, _question: &LiveQuestion) -> bool {
        false
    }
}
