//! API errors: the error that a server wrote, found by the definition's pointers, with its meaning.

use jose::json::{Document, Kind, Node};
use provider::{
    Definition,
    definition::{Fault, KnownError},
};

use super::{challenge::Challenges, mask::shown_text, pointer::point, text::clip};
use crate::Answer;

/// An error as the server wrote it, and what the provider says it means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiError {
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
    /// The scopes that it says the call needs (RFC 6750 §3).
    pub scopes: Vec<String>,
    /// How its meaning was found.
    pub(crate) known_by: KnownBy,
}

/// How the meaning of an error was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum KnownBy {
    /// It was not.
    #[default]
    Nothing,
    /// By its status alone, whatever it says.
    Status,
    /// By what its message says.
    Message,
    /// By its code.
    Code,
}

impl ApiError {
    /// The server's own words, quoted: its code and message, then its details; nothing if it has none.
    pub fn said(&self) -> Option<String> {
        let details = self.details.iter().map(|detail| format!("{detail:?}"));
        let said: Vec<String> = self.words().into_iter().chain(details).collect();
        Some(said.join(", ")).filter(|said| !said.is_empty())
    }

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

impl ApiError {
    /// Whether a member that the server's own words name may stand for this fault: the definition says nothing else of these words.
    pub(crate) fn leaves_room_for(&self, fault: Fault) -> bool {
        match self.names {
            None | Some(Fault::Credential) => true,
            // Its own words are more precise than what its code or status usually means.
            Some(names) => names == fault || self.known_by != KnownBy::Message,
        }
    }
}

/// How many scopes of a challenge are read.
const MOST_SCOPES: usize = 32;

/// How many details are shown.
const MOST_DETAILS: usize = 5;

/// Reads an error answer.
pub(crate) fn api_error(
    definition: &Definition,
    answer: &Answer,
    body: Option<&Document<'_>>,
    challenges: &Challenges,
) -> ApiError {
    let root = body.map(Document::root);
    let first = |pointers: &[String]| {
        pointers.iter().find_map(|pointer| root.and_then(|root| point(root, pointer)).and_then(text_of))
    };
    let errors = &definition.errors;
    let param = |name: &str| challenges.bearer().and_then(|challenge| challenge.param(name));
    let code = first(&errors.code).or_else(|| param("error").map(clip));
    let message = first(&errors.message).or_else(|| param("error_description").map(|text| clip(&shown_text(text))));
    // Without an error it says which scopes there are, not which are missing.
    let scopes = param("error").and_then(|_| param("scope")).unwrap_or_default();
    let scopes: Vec<String> = scopes.split_whitespace().map(clip).take(MOST_SCOPES).collect();
    let details: Vec<String> = errors
        .details
        .iter()
        .filter_map(|pointer| root.and_then(|root| point(root, pointer)))
        .flat_map(|node| node.elements().filter_map(detail).collect::<Vec<_>>())
        .filter(|detail| Some(detail) != message.as_ref())
        .take(MOST_DETAILS)
        .collect();
    let (known, known_by) = known(definition, answer.status, code.as_deref(), message.as_deref());
    let standard = || standard(code.as_deref().or_else(|| param("error"))?, definition.signs_here());
    if let Some(Standard { meaning, fix, names }) = Some(()).filter(|()| known.is_none()).and_then(|()| standard()) {
        let mut meaning = message.as_ref().map_or_else(|| meaning.to_owned(), |m| format!("The server says {m:?}."));
        let mut fix = fix.to_owned();
        if !scopes.is_empty() {
            let said = message.as_ref().map(|message| format!("The server says {message:?}. ")).unwrap_or_default();
            meaning = format!("{said}The call needs {}.", scopes.join(" "));
            fix = format!("Add {}, then send again.", scopes.join(" "));
        }
        let (meaning, fix) = (Some(meaning), Some(fix));
        let (names, known_by) = (Some(names), KnownBy::Code);
        return ApiError { code, message, details, meaning, fix, assumed: false, names, scopes, known_by };
    }
    ApiError {
        code,
        message,
        details,
        meaning: known.map(|known| known.meaning.clone()),
        fix: known.map(|known| known.fix.clone()),
        assumed: known.is_some_and(|known| definition.is_assumed(known.from.as_deref())),
        names: known.and_then(|known| known.names),
        scopes,
        known_by,
    }
}

/// The known error that fits, and by what: by its code, else by its message, else by its status.
fn known<'d>(
    definition: &'d Definition,
    status: u16,
    code: Option<&str>,
    message: Option<&str>,
) -> (Option<&'d KnownError>, KnownBy) {
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
    let by = |known_by: KnownBy| move |known: &'d KnownError| (Some(known), known_by);
    by_code
        .map(by(KnownBy::Code))
        .or_else(|| by_message().map(by(KnownBy::Message)))
        .or_else(|| by_status().map(by(KnownBy::Status)))
        .unwrap_or_default()
}

/// What an error code of RFC 6750 means, and what to do.
struct Standard {
    meaning: &'static str,
    fix: &'static str,
    names: Fault,
}

/// The error codes of RFC 6750 §3.1. `signed` says whether tokens are made here.
fn standard(code: &str, signed: bool) -> Option<Standard> {
    Some(match code {
        "invalid_request" => Standard {
            meaning: "The request lacks a parameter, repeats one, or carries the token twice.",
            fix: "Send the token once, in the place that the provider names.",
            names: Fault::Credential,
        },
        "invalid_token" => Standard {
            meaning: "The token is expired, revoked, malformed or otherwise not valid.",
            fix: match signed {
                true => "Sign a new token with a key that the server knows, then send again.",
                false => "Get a new token, then send again.",
            },
            names: Fault::Credential,
        },
        "insufficient_scope" => Standard {
            meaning: "The token does not have the scope that the call needs.",
            fix: "Add the scope, then send again.",
            names: Fault::Scope,
        },
        _ => return None,
    })
}

/// A text, or a number as text; nothing of an empty one.
fn text_of(node: Node<'_, '_>) -> Option<String> {
    match node.kind() {
        Kind::String => node.as_str().map(|text| clip(&shown_text(&text))).filter(|text| !text.is_empty()),
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
        _ => text_of(node).or_else(|| Some(clip(&shown_text(node.raw())))),
    }
}
