//! A request as a program in another language, its credentials read from environment variables.
//!
//! Each language has one file, which writes [`Parts`]; what a request is made of is decided once, in `parts`. A snippet runs
//! as it is: it stops with the name of the variable that is not set, and prints status and body. On a server it follows no
//! redirect, as nothing here does.

mod browser;
mod curl;
mod go;
mod httpie;
mod javascript;
mod literal;
mod names;
mod node;
mod parts;
mod php;
mod python;
mod rust;
mod secret;
mod shell;

use jose::duration::short;
use provider::{ClientSafety, Definition, definition::TOKEN};

use crate::{Body, Piece, PreparedRequest};
use parts::Parts;

pub use curl::copy_as_curl;
pub(crate) use go::text as go_string;
pub(crate) use javascript::{in_template as javascript_template, text as javascript_string};
pub(crate) use literal::is_hidden;
pub(crate) use names::{camel, is_name, variable_or_token};
pub(crate) use php::text as php_string;
pub(crate) use python::text as python_string;
pub(crate) use shell::quote;

/// A language in which a request can be written.
pub struct Language {
    /// The short name: lower case letters.
    pub id: &'static str,
    /// What people read.
    pub label: &'static str,
    /// The ending of a file that holds such a snippet, without the dot.
    pub extension: &'static str,
    /// Where a snippet runs.
    pub side: Side,
    write: fn(&Parts<'_>) -> Result<String, Unwritable>,
}

/// Where a snippet runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// On a server or on the developer's own computer, where nobody else sees its credentials.
    Server,
    /// In a browser, where everybody who opens the page sees all of it.
    Client,
}

/// The languages, in the order in which they are offered.
pub const LANGUAGES: &[Language] = &[
    Language { id: "curl", label: "curl", extension: "sh", side: Side::Server, write: |parts| Ok(curl::write(parts)) },
    Language { id: "httpie", label: "HTTPie", extension: "sh", side: Side::Server, write: httpie::write },
    Language {
        id: "python",
        label: "Python (requests)",
        extension: "py",
        side: Side::Server,
        write: |parts| Ok(python::write(parts)),
    },
    Language { id: "node", label: "Node (fetch)", extension: "mjs", side: Side::Server, write: node::write },
    Language {
        id: "go",
        label: "Go (net/http)",
        extension: "go",
        side: Side::Server,
        write: |parts| Ok(go::write(parts)),
    },
    Language {
        id: "php",
        label: "PHP (curl)",
        extension: "php",
        side: Side::Server,
        write: |parts| Ok(php::write(parts)),
    },
    Language {
        id: "rust",
        label: "Rust (reqwest)",
        extension: "rs",
        side: Side::Server,
        write: |parts| Ok(rust::write(parts)),
    },
    Language { id: "browser", label: "Browser (fetch)", extension: "js", side: Side::Client, write: browser::write },
];

/// The language of this id.
pub fn language(id: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.id == id)
}

/// How a request is to be copied.
#[derive(Clone, Copy)]
pub struct CopyAs<'a> {
    /// The language.
    pub language: &'static Language,
    /// The environment variable that holds the credential; for HTTP Basic it holds `user:password`. Where it is not a
    /// name that a shell takes, `TOKEN` is used. Variables of further secrets are named after it.
    pub variable: &'a str,
    /// The rules of the provider.
    pub definition: &'a Definition,
    /// What stands where the definition places the credential.
    pub carries: Placed<'a>,
}

/// What stands where the definition places the credential of a request.
#[derive(Debug, Clone, Copy)]
pub enum Placed<'a> {
    /// A token that was signed, minted or fetched.
    Token {
        /// Its scopes.
        scopes: &'a [String],
        /// The seconds from now to its expiry; none where it does not expire.
        lifetime: Option<u64>,
    },
    /// The credential of this id, as it is.
    Credential(&'a str),
}

/// Why a request cannot be copied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CopyError {
    /// The snippet runs where its credential must not be.
    #[error("{what} must not be in a snippet for a browser, where everybody who opens the page sees it: {reason}")]
    ClientSide {
        /// The credential.
        what: String,
        /// Why it may not be seen.
        reason: String,
        /// What to do instead, most often in the words of the definition.
        advice: Option<String>,
    },
    /// The language has no way to say it.
    #[error("{language} cannot send this request: {why}")]
    Unwritable {
        /// The language.
        language: &'static str,
        /// What is in the way.
        why: String,
    },
}

impl CopyError {
    /// What to do.
    pub fn hint(&self) -> String {
        match self {
            Self::ClientSide { advice: Some(advice), .. } => advice.clone(),
            Self::ClientSide { advice: None, .. } => {
                "call the API from your server, and let the page call that".to_owned()
            }
            Self::Unwritable { .. } => "copy it as curl, which can".to_owned(),
        }
    }
}

/// What a language cannot say.
struct Unwritable(String);

/// The request as a snippet that does the same, without a line feed at its end. No credential is in it.
pub fn copy_as(request: &PreparedRequest, how: &CopyAs<'_>) -> Result<String, CopyError> {
    let parts = Parts::new(request, how.variable);
    if how.language.side == Side::Client {
        check_client_side(request, &parts, how)?;
    }
    let mut snippet = (how.language.write)(&parts)
        .map_err(|Unwritable(why)| CopyError::Unwritable { language: how.language.label, why })?;
    snippet.truncate(snippet.trim_end_matches('\n').len());
    Ok(snippet)
}

/// A page may have what the definition lets it have, of tokens only short-lived ones, and no secret in a body.
fn check_client_side(request: &PreparedRequest, parts: &Parts<'_>, how: &CopyAs<'_>) -> Result<(), CopyError> {
    let definition = how.definition;
    let refuse = |what: &str, reason: String, advice: Option<String>| {
        Err(CopyError::ClientSide { what: what.to_owned(), reason, advice })
    };
    if let Body::Secret(pieces) = &request.body
        && let Some(Piece::Masked { name, .. }) = pieces.iter().find(|piece| matches!(piece, Piece::Masked { .. }))
    {
        let advice = definition.client_side.as_ref().and_then(|side| side.advice.clone());
        return refuse(&format!("the {name} in the body"), "only a short-lived token may be there".to_owned(), advice);
    }
    if parts.secrets.is_empty() {
        return Ok(());
    }
    let (id, what, scopes) = match how.carries {
        Placed::Token { scopes, .. } => (TOKEN, "the token", scopes),
        Placed::Credential(id) => (id, definition.credentials.get(id).map_or(id, |kind| kind.label()), [].as_slice()),
    };
    let verdict = definition.client_side(id, scopes);
    if verdict.safety != ClientSafety::Safe {
        return refuse(what, verdict.reason, verdict.advice);
    }
    let Placed::Token { lifetime, .. } = how.carries else { return Ok(()) };
    let wanted = longest(definition);
    let reason = match lifetime {
        None => "it never expires".to_owned(),
        Some(found) if found > wanted => format!("it lives {}, wanted at most {}", short(found), short(wanted)),
        Some(_) => return Ok(()),
    };
    refuse(what, reason, Some(format!("make one that lives at most {}", short(wanted))))
}

/// How long a token of a page may live: as long as the definition finds usual, else 24 hours, which is what providers
/// advise who advise at all.
fn longest(definition: &Definition) -> u64 {
    const DAY: u64 = 86_400;
    let lifetime = definition.token.as_ref().and_then(|token| token.lifetime.as_ref());
    lifetime.and_then(|lifetime| lifetime.warn_over.or(lifetime.max)).map_or(DAY, |longest| longest.0)
}
