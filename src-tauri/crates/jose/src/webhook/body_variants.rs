//! Body variants: a body as it could have been before a shell, an editor, a parser or a viewer changed it.

use super::{body::BYTE_ORDER_MARK, stringify::stringify};
use crate::{
    json::{self, Document},
    rewrite,
};

/// A variant of a body, with the condition as a sentence goes on after "if", and the cure.
pub(super) struct BodyVariant {
    pub(super) what: &'static str,
    pub(super) cure: &'static str,
    pub(super) bytes: Vec<u8>,
    /// Whether it is what JSON.stringify writes.
    pub(super) stringified: bool,
}

/// Every other body that differs from this one and from those before it.
pub(super) fn body_variants(body: &[u8]) -> Vec<BodyVariant> {
    let mut variants: Vec<BodyVariant> = Vec::new();
    let mut add = |what, cure, bytes: Vec<u8>| {
        if bytes != body && variants.iter().all(|other| other.bytes != bytes) {
            variants.push(BodyVariant { what, cure, bytes, stringified: false });
        }
    };
    let unmarked = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    add("the body had no byte order mark", ADDED, unmarked.to_vec());
    match body.strip_suffix(b"\n").map(|rest| rest.strip_suffix(b"\r").unwrap_or(rest)) {
        Some(rest) => add("the body had no line break at its end", ADDED, rest.to_vec()),
        None => add("the body ended with a line break", LOST, [body, b"\n"].concat()),
    }
    let (lf, crlf) = line_breaks(body);
    add("the line breaks of the body were LF", BREAKS, lf);
    add("the line breaks of the body were CRLF", BREAKS, crlf);
    let text = match std::str::from_utf8(unmarked) {
        Ok(text) => text,
        Err(_) => {
            let lossy = String::from_utf8_lossy(body).into_owned().into_bytes();
            add("the bytes of the body that are not UTF-8 were replaced by U+FFFD", DECODED, lossy);
            return variants;
        }
    };
    let Ok(document) = Document::parse(text) else { return variants };
    let stringified = stringify(&document).into_bytes();
    add("the body were written anew as JSON.stringify writes it", ANEW, stringified.clone());
    if let Ok(compact) = rewrite::compact(text) {
        add("the body had no white space between its tokens", VIEWED, compact.into_bytes());
    }
    add(
        "the body had a space after each colon and comma, as Python writes it",
        ANEW,
        json::spaced(document.root()).into_bytes(),
    );
    add("the body were indented by two spaces", VIEWED, json::pretty(document.root()).into_bytes());
    variants.iter_mut().for_each(|other| other.stringified = other.bytes == stringified);
    variants
}

/// The body with each kind of line break.
fn line_breaks(body: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut lf = Vec::with_capacity(body.len());
    let mut crlf = Vec::with_capacity(body.len());
    let mut bytes = body.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' if bytes.peek() == Some(&b'\n') => {}
            b'\n' => {
                lf.push(b'\n');
                crlf.extend(b"\r\n");
            }
            byte => {
                lf.push(byte);
                crlf.push(byte);
            }
        }
    }
    (lf, crlf)
}

const ADDED: &str = "take the bytes as they came in: a shell, an editor or a paste added it";
const LOST: &str = "take the bytes as they came in: copying lost it";
const BREAKS: &str = "take the bytes as they came in: an editor or a version control system changed the line breaks";
const DECODED: &str = "take the bytes as they came in: they were made a text before the check";
const VIEWED: &str = "take the bytes as they came in: what a log or a viewer shows was written anew";
const ANEW: &str = "keep the raw body before any parser touches it (in Express: express.raw); where the provider itself signs \
                    the body written anew, ask it to sign what it sends";
