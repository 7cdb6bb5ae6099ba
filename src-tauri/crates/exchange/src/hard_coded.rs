//! Keys and tokens that stand in a text where an environment variable should be read.

use provider::Definition;

use crate::redact::DOTS;

/// A key in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HardCoded {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What it is.
    pub what: Kept,
    /// As much of it as may be shown.
    pub excerpt: String,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// An opaque key.
    ApiKey {
        /// The name of the provider.
        provider: String,
        /// The kind of credential.
        label: String,
        /// The labels of the environments that such keys belong to; none where it does not show.
        environments: Vec<String>,
    },
    /// A private key as PEM (RFC 7468).
    PrivateKey,
    /// A signed token.
    Jwt,
}

/// What of a text should not be in it: the API keys of these providers, private keys as PEM, and signed tokens. Where
/// providers share a beginning, the first one is named. Takes time in proportion to the text.
pub fn find_hard_coded<'d>(text: &str, definitions: impl IntoIterator<Item = &'d Definition>) -> Vec<HardCoded> {
    let mut found: Vec<(usize, Kept, String)> = definitions.into_iter().flat_map(|it| api_keys(it, text)).collect();
    found.extend(others(text));
    // Stable, so that the first provider stays first.
    found.sort_by_key(|(start, ..)| *start);
    found.dedup_by_key(|(start, ..)| *start);
    let mut place = Place { line: 1, column: 1 };
    let mut passed = 0;
    let placed = found.into_iter().map(|(start, what, excerpt)| {
        place.pass(&text[passed..start]);
        passed = start;
        HardCoded { line: place.line, column: place.column, what, excerpt }
    });
    placed.collect()
}

/// Where the keys of a provider stand. The provider's rules know them.
fn api_keys(definition: &Definition, text: &str) -> Vec<(usize, Kept, String)> {
    let keys = definition.hard_coded_keys(text).into_iter().map(|key| {
        let what = Kept::ApiKey {
            provider: definition.name.clone(),
            label: key.kind.label.clone(),
            environments: definition.environments_of(key.prefix).map(|it| it.label.clone()).collect(),
        };
        (key.span.start, what, format!("{}{DOTS}", key.prefix))
    });
    keys.collect()
}

/// Where private keys and tokens stand, whose form is everybody's.
fn others(text: &str) -> Vec<(usize, Kept, String)> {
    let mut found = Vec::new();
    let (mut at, mut within_word) = (0, false);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match private_key(rest).or_else(|| if within_word { None } else { jwt(rest) }) {
            Some((length, what, excerpt)) => {
                found.push((at, what, excerpt));
                length
            }
            None => c.len_utf8(),
        };
        at += length;
        within_word = text[..at].ends_with(is_word);
    }
    found
}

/// The line that begins a private key, if there is a key after it: programs look for such lines too.
fn private_key(text: &str) -> Option<(usize, Kept, String)> {
    let label: String =
        text.strip_prefix(PEM_BEGIN)?.chars().take_while(|c| c.is_ascii_uppercase() || *c == ' ').take(40).collect();
    let length = PEM_BEGIN.len() + label.len() + PEM_END.len();
    let begins = label.ends_with("PRIVATE KEY") && text[PEM_BEGIN.len() + label.len()..].starts_with(PEM_END);
    if !begins {
        return None;
    }
    let mut run = 0;
    let has_key = text[length..].chars().take(LONGEST).any(|c| {
        run = if c.is_ascii_alphanumeric() || "+/".contains(c) { run + 1 } else { 0 };
        run >= 24
    });
    has_key.then(|| (length, Kept::PrivateKey, text[..length].to_owned()))
}

/// A header that is a JSON object, claims, and a signature.
fn jwt(text: &str) -> Option<(usize, Kept, String)> {
    if !text.starts_with("eyJ") {
        return None;
    }
    let run = |from: usize| text[from..].find(|c: char| !is_word(c)).unwrap_or(text.len() - from);
    let header = run(0);
    let claims_at = header + 1;
    let claims = text[header..].starts_with('.').then(|| run(claims_at))?;
    let signature_at = claims_at + claims + 1;
    let signature = text[claims_at + claims..].starts_with('.').then(|| run(signature_at))?;
    let is_token = header >= 12 && claims >= 4 && signature >= 20;
    is_token.then(|| (signature_at + signature, Kept::Jwt, format!("{}{DOTS}", &text[..8])))
}

/// Whether a character belongs to a word, so that nothing begins after it.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

#[derive(Clone, Copy)]
struct Place {
    line: usize,
    column: usize,
}

impl Place {
    fn pass(&mut self, text: &str) {
        for c in text.chars() {
            *self = if c == '\n' {
                Self { line: self.line + 1, column: 1 }
            } else {
                Self { column: self.column + 1, ..*self }
            };
        }
    }
}

const PEM_BEGIN: &str = "-----BEGIN ";
const PEM_END: &str = "-----";

/// How far a key is looked for from where it begins.
const LONGEST: usize = 512;
