//! Comparison of a kid from a dashboard with a key's kid and thumbprint.

use jose::{Finding, key::Jwk};

use crate::{
    ground::Error,
    jobs::{keys, tokens},
    store::session::Session,
};

/// How many characters of a thumbprint are enough to recognise it by: 36 bits.
const ENOUGH: usize = 6;

/// What a comparison came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Whether it is this key's.
    pub same: bool,
    /// What it is, in a sentence.
    pub words: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Compares what somebody read off a dashboard with a key's kid and thumbprint: the whole or its beginning, with the
/// spaces and colons that people and programs put in, in base64url, base64 or hexadecimal.
pub fn compare(session: &Session, name: &str, read_off: &str) -> Result<Comparison, Error> {
    let credential = &keys::shown(session, name)?.value;
    let said = |same, words: String, hint: Option<&str>| Comparison { same, words, hint: hint.map(str::to_owned) };
    let text = bare(read_off);
    if text.is_empty() {
        return Ok(said(false, "there is nothing to compare".to_owned(), Some("paste the thumbprint or kid")));
    }
    if credential.thumbprint.is_none() && credential.kid.is_none() {
        let words = format!("{name} is a shared secret without a kid: it has nothing to compare");
        return Ok(said(false, words, None));
    }
    let own = [("kid", &credential.kid), ("thumbprint", &credential.thumbprint)];
    for (what, own) in own.into_iter().filter_map(|(what, own)| Some((what, own.as_deref()?))) {
        match likeness(&text, own) {
            Likeness::Same => return Ok(said(true, format!("this is the {what} of {name}"), None)),
            Likeness::Beginning(length) => {
                let words = format!("the first {length} characters are those of the {what} of {name}");
                return Ok(said(true, words, None));
            }
            Likeness::TooShort => {
                let words = format!("{} characters are too few to tell; it begins like {name}", text.chars().count());
                return Ok(said(false, words, Some("compare at least 6 characters")));
            }
            Likeness::OtherCase => {
                let words = format!("it differs from the {what} of {name} in upper and lower case alone");
                let hint = "case counts in base64url: copy it instead of typing it";
                return Ok(said(false, words, Some(hint)));
            }
            Likeness::None => {}
        }
    }
    let unpadded = tokens::public_half(credential).map(|public| public.thumbprints_unpadded()).unwrap_or_default();
    if unpadded.iter().any(|wrong| matches!(likeness(&text, wrong), Likeness::Same | Likeness::Beginning(_))) {
        let words = format!("this is {name}, but its thumbprint was computed without padding");
        return Ok(said(false, words, Some("the library that made it drops leading zeros of x or y: update it")));
    }
    for stored in session.each::<crate::store::records::Credential>()? {
        let other = &stored.value;
        let same = |own: &Option<String>| own.as_ref().is_some_and(|own| likeness(&text, own) == Likeness::Same);
        if other.name != name && (same(&other.kid) || same(&other.thumbprint)) {
            return Ok(said(false, format!("this is another key of yours: {}", other.name), None));
        }
    }
    Ok(said(false, format!("this is not {name}"), Some("it may be another key: compare with the dashboard")))
}

/// How a text stands to a name of a key.
#[derive(Debug, PartialEq, Eq)]
enum Likeness {
    Same,
    /// The first so many characters are the same.
    Beginning(usize),
    /// They are, and too few to say so.
    TooShort,
    OtherCase,
    None,
}

fn likeness(text: &str, own: &str) -> Likeness {
    // A kid that somebody chose may hold colons itself.
    if text == own || text == bare(own) {
        return Likeness::Same;
    }
    let base64 = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    let hex = hexadecimal(own);
    let small = text.to_ascii_lowercase();
    if base64 == own || hex.as_deref() == Some(&small) {
        return Likeness::Same;
    }
    let base64 = base64.trim_end_matches(['…', '.']);
    let small = small.trim_end_matches(['…', '.']);
    let is_beginning = own.starts_with(base64) || hex.is_some_and(|hex| hex.starts_with(small));
    match base64.chars().count() {
        length if is_beginning && length >= ENOUGH => Likeness::Beginning(length),
        _ if is_beginning => Likeness::TooShort,
        _ if base64.eq_ignore_ascii_case(own) => Likeness::OtherCase,
        _ => Likeness::None,
    }
}

/// The text without what people and programs put around it: quotes, spaces, colons, the name of the hash.
fn bare(text: &str) -> String {
    let text = text.trim().trim_matches(['"', '\'', '`', ',', '<', '>']);
    let lower = text.to_ascii_lowercase();
    let named = ["sha256:", "sha-256:", "kid:", "thumbprint:"].into_iter().find(|name| lower.starts_with(name));
    let text = named.map_or(text, |name| &text[name.len()..]);
    text.chars().filter(|c| !c.is_whitespace() && *c != ':' && *c != '"').collect()
}

/// A thumbprint in hexadecimal, as some dashboards show it.
fn hexadecimal(thumbprint: &str) -> Option<String> {
    let bytes = jose::text::decode(thumbprint).ok()?;
    (bytes.len() == 32).then(|| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether a kid that somebody read off a dashboard is this key's.
pub fn compare_kid(jwk: &Jwk, kid: &str) -> Option<Finding> {
    let public = jwk.key.public()?;
    let thumbprint = public.thumbprint();
    if kid == thumbprint {
        return None;
    }
    let finding = if public.thumbprints_unpadded().iter().any(|wrong| wrong == kid) {
        let found = format!("the kid {kid:?} was computed without padding; wanted {thumbprint:?}");
        Finding::new(jose::Code::KidUnpadded, found).hint("the library that made it drops leading zeros of x or y")
    } else {
        let found = format!("the kid {kid:?} is not the thumbprint of this key, {thumbprint:?}");
        Finding::new(jose::Code::KidNotThumbprint, found).hint("compare with the dashboard: it may be another key")
    };
    Some(finding)
}
