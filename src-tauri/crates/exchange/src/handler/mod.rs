//! Code that a developer puts into a handler of webhooks: whether a delivery is the provider's work, in the language of the
//! handler.
//!
//! What a scheme asks for is decided once, in `plan`, as values. Each language has a template in `templates/webhook`, which
//! reads as a handler in that language and uses only what comes with it, and a module, which writes string literals. The code reads the secret from an environment variable and stops with its name where it is not set, takes the
//! raw bytes of the body, and compares in constant time. A delivery that cannot be read is not genuine.

mod fields;
mod filters;
mod go;
mod node;
mod php;
mod plan;
mod python;

use jose::webhook::{Method, Proof, Scheme, TimestampPlace};
use provider::definition::Webhook;

use crate::copy_as::is_name;
use plan::Plan;

/// A language in which a delivery can be checked.
pub struct HandlerLanguage {
    /// The short name: lower case letters.
    pub id: &'static str,
    /// What people read.
    pub label: &'static str,
    /// The ending of a file that holds such code, without the dot.
    pub extension: &'static str,
    write: fn(&Plan<'_>) -> askama::Result<String>,
}

/// The languages, in the order in which they are offered.
pub const HANDLER_LANGUAGES: &[HandlerLanguage] = &[
    HandlerLanguage { id: "node", label: "Node", extension: "mjs", write: node::write },
    HandlerLanguage { id: "python", label: "Python", extension: "py", write: python::write },
    HandlerLanguage { id: "go", label: "Go", extension: "go", write: go::write },
    HandlerLanguage { id: "php", label: "PHP", extension: "php", write: php::write },
];

/// The language of this id.
pub fn handler_language(id: &str) -> Option<&'static HandlerLanguage> {
    HANDLER_LANGUAGES.iter().find(|language| language.id == id)
}

/// What the code checks, and how it is written.
#[derive(Clone, Copy)]
pub struct Handler<'a> {
    /// The language.
    pub language: &'static HandlerLanguage,
    /// What people call the provider.
    pub provider: &'a str,
    /// How it signs.
    pub webhook: &'a Webhook,
    /// The environment variable that holds the secret. Where it is not a name that a shell takes, `WEBHOOK_SECRET` is used.
    pub variable: &'a str,
    /// Whether the sender signs the body written anew instead of the bytes that it sends.
    pub reserialised: bool,
}

/// Why there is no code for a scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoHandler {
    /// A token is checked with keys that change, by a library.
    #[error("{provider} sends a token with a hash of the body, and checking tokens takes a library for JOSE")]
    Token {
        /// The provider.
        provider: String,
        /// What the library has to check.
        check: String,
    },
    /// The definition does not say how the key is written.
    #[error("the definition does not say in which encoding {provider} shows its public key")]
    KeyFile {
        /// The provider.
        provider: String,
    },
    /// The definition puts the time where a signature has none.
    #[error("the definition looks for the time in a claim, and {provider} sends no token")]
    Claim {
        /// The provider.
        provider: String,
    },
    /// Members of the body are signed, so that how the body is written does not count.
    #[error("{provider} signs members of the body, and so not the body written anew")]
    NoBody {
        /// The provider.
        provider: String,
    },
}

impl NoHandler {
    /// What to do.
    pub fn hint(&self) -> String {
        match self {
            Self::Token { check, .. } => check.clone(),
            Self::KeyFile { .. } => "write secret-encoding into the definition: hex, base64 or base64url".to_owned(),
            Self::Claim { .. } => "write into the definition in which header field the time stands".to_owned(),
            Self::NoBody { .. } => "take the code for the body as it came".to_owned(),
        }
    }
}

/// The code, with a line feed at its end. No secret is in it.
pub fn handler(how: &Handler<'_>) -> Result<String, NoHandler> {
    let scheme = how.webhook.scheme();
    let provider = || how.provider.to_owned();
    let (method, covers, written) = match &scheme.proof {
        Proof::Signature { method, covers, written } => (*method, covers, written),
        Proof::Token { algs, claim, encoding } => {
            let algs: Vec<&str> = algs.iter().map(|alg| alg.name()).collect();
            let check = format!(
                "let it verify the token of {} with {} alone, then compare its claim {claim:?} with SHA-256 of the raw body \
                 in {}",
                place(&scheme),
                algs.join(" or "),
                encoding.name()
            );
            return Err(NoHandler::Token { provider: provider(), check });
        }
    };
    if method == Method::Ed25519 && scheme.secret.encoding == jose::key::SecretEncoding::Utf8 {
        return Err(NoHandler::KeyFile { provider: provider() });
    }
    if matches!(&scheme.timestamp, Some(timestamp) if matches!(timestamp.place, TimestampPlace::Claim(_))) {
        return Err(NoHandler::Claim { provider: provider() });
    }
    let plan = Plan::new(how, variable(how.variable), (method, covers, written), &scheme);
    if how.reserialised && !plan.signs_body() {
        return Err(NoHandler::NoBody { provider: provider() });
    }
    let code = (how.language.write)(&plan).expect("no filter of a template fails, and nor does a String");
    // The line feed at the end of a template is not part of it.
    Ok(code + "\n")
}

fn place(scheme: &Scheme) -> String {
    match &scheme.place {
        jose::webhook::Place::Headers(names) => names.join(" or "),
        jose::webhook::Place::Body(pointer) => format!("\"{pointer}\" of the body"),
    }
}

fn variable(name: &str) -> &str {
    if is_name(name) { name } else { "WEBHOOK_SECRET" }
}
