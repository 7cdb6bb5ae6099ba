//! What the server said: the error found by the definition's pointers, with its meaning.

use jose::json::{Document, Kind, Node};
use provider::{
    Definition,
    definition::{Fault, KnownError},
};

use crate::Answer;

/// An error as the server wrote it, and what the provider says it means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The error code.
    pub code: Option<String>,
    /// The message.
    pub message: Option<String>,
    /// The details, one line each.
    pub details: Vec<String>,
    /// What it means.
    pub meaning: Option<String>,
    /// What to do.
    pub fix: Option<String>,
    /// Whether meaning and fix rest on an assumption.
    pub assumed: bool,
    /// What it names as the fault.
    pub names: Option<Fault>,
}

impl Said {
    /// Code and message in one line: `unauthorized, "No valid API authentication found"`.
    pub fn words(&self) -> Option<String> {
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => Some(format!("{code}, {message:?}")),
            (Some(code), None) => Some(code.clone()),
            (None, Some(message)) => Some(format!("{message:?}")),
            (None, None) => None,
        }
    }
}

/// How many details are shown.
const MOST_DETAILS: usize = 5;

/// How many characters of a text from a server are shown in one piece.
const LONGEST: usize = 300;

/// Reads an error answer.
pub(crate) fn said(definition: &Definition, answer: &Answer, body: Option<&Document<'_>>) -> Said {
    let root = body.map(Document::root);
    let first = |pointers: &[String]| {
        pointers.iter().find_map(|pointer| root.and_then(|root| point(root, pointer)).and_then(text_of))
    };
    let errors = &definition.errors;
    let challenge = answer.header("www-authenticate").map(challenge).unwrap_or_default();
    let code = first(&errors.code).or(challenge.error);
    let message = first(&errors.message).or(challenge.description);
    let details = errors
        .details
        .iter()
        .filter_map(|pointer| root.and_then(|root| point(root, pointer)))
        .flat_map(|node| node.elements().filter_map(detail).collect::<Vec<_>>())
        .take(MOST_DETAILS)
        .collect();
    let known = known(definition, answer.status, code.as_deref(), message.as_deref());
    if let Some((meaning, fix, names)) = code.as_deref().filter(|_| known.is_none()).and_then(standard) {
        let meaning = message.as_ref().map_or_else(|| meaning.to_owned(), |m| format!("The server says {m:?}."));
        let (fix, names) = (Some(fix.to_owned()), Some(names));
        return Said { code, message, details, meaning: Some(meaning), fix, assumed: false, names };
    }
    Said {
        code,
        message,
        details,
        meaning: known.map(|known| known.meaning.clone()),
        fix: known.map(|known| known.fix.clone()),
        assumed: known.is_some_and(|known| definition.is_assumed(known.from.as_deref())),
        names: known.and_then(|known| known.names),
    }
}

/// The known error that fits: by its code, else by its message, else by its status.
fn known<'d>(
    definition: &'d Definition,
    status: u16,
    code: Option<&str>,
    message: Option<&str>,
) -> Option<&'d KnownError> {
    let known = &definition.errors.known;
    let of_status = |error: &&KnownError| error.status == status || error.also_status.contains(&status);
    let message = message.map(str::to_lowercase);
    let by_code = known.iter().find(|error| code.is_some() && error.code.as_deref() == code);
    let by_message = || {
        let message = message.as_deref()?;
        known
            .iter()
            .filter(of_status)
            .find(|error| error.message.as_deref().is_some_and(|text| message.contains(&text.to_lowercase())))
    };
    // A code that is not the known one is another error, even under the same status.
    let by_status = || {
        let open = |error: &&KnownError| error.message.is_none() && (code.is_none() || error.code.is_none());
        known.iter().filter(of_status).find(open)
    };
    by_code.or_else(by_message).or_else(by_status)
}

/// What a bearer challenge says (RFC 6750 §3).
#[derive(Default)]
struct Challenge {
    error: Option<String>,
    description: Option<String>,
}

fn challenge(header: &str) -> Challenge {
    let member = |name: &str| {
        let (_, rest) = header.split_once(&format!("{name}=\""))?;
        let (value, _) = rest.split_once('"')?;
        Some(clip(value))
    };
    Challenge { error: member("error"), description: member("error_description") }
}

/// The error codes of RFC 6750 §3.1.
fn standard(code: &str) -> Option<(&'static str, &'static str, Fault)> {
    match code {
        "invalid_token" => Some((
            "The token is expired, revoked, malformed or otherwise not valid.",
            "Sign a new token with a key that the server knows, then send again.",
            Fault::Credential,
        )),
        "insufficient_scope" => Some((
            "The token does not have the scope that the call needs.",
            "Add the scope, then send again.",
            Fault::Scope,
        )),
        _ => None,
    }
}

/// The value that a JSON pointer leads to (RFC 6901).
pub(crate) fn point<'d, 't>(root: Node<'d, 't>, pointer: &str) -> Option<Node<'d, 't>> {
    let mut node = root;
    for step in pointer.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        node = match node.kind() {
            Kind::Array => node.elements().nth(name.parse().ok()?)?,
            _ => node.get(&name)?,
        };
    }
    Some(node)
}

/// A text, or a number as text; nothing of an empty one.
fn text_of(node: Node<'_, '_>) -> Option<String> {
    match node.kind() {
        Kind::String => node.as_str().map(|text| clip(&text)).filter(|text| !text.is_empty()),
        Kind::Number => Some(node.raw().to_owned()),
        _ => None,
    }
}

/// One detail in a line: where and what, in the two shapes that are common, else as it stands.
fn detail(node: Node<'_, '_>) -> Option<String> {
    let text = |name: &str| node.get(name).and_then(text_of);
    let place = text("pointer").or_else(|| {
        let steps: Vec<String> = node.get("loc")?.elements().filter_map(text_of).collect();
        Some(steps.join("."))
    });
    match (place, text("message").or_else(|| text("msg"))) {
        (Some(place), Some(what)) => Some(format!("{place}: {what}")),
        (None, Some(what)) => Some(what),
        _ => text_of(node).or_else(|| Some(clip(node.raw()))),
    }
}

/// A text from a server as it may stand in a line: without control characters, not longer than a few lines.
pub(crate) fn clip(text: &str) -> String {
    let mut chars = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut out: String = chars.by_ref().take(LONGEST).collect();
    if chars.next().is_some() {
        out.push('…');
    }
    out
}
