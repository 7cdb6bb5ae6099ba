//! Cleaning of a pasted credential: quotes, white space, header names, `Bearer`, `NAME=` are taken off.

use std::fmt;

use jose::unseen::is_ignorable;
use zeroize::Zeroizing;

/// A pasted text without what stood around it.
pub struct Cleaned {
    /// What is left. It is a secret.
    pub text: Zeroizing<String>,
    /// What was taken off, in the order in which it was met.
    pub removed: Vec<Wrapping>,
}

/// Something that was taken off a pasted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrapping {
    /// White space at an end.
    Space,
    /// A line break at an end.
    LineBreak,
    /// A line break inside, with the white space around it.
    Fold,
    /// A character that cannot be seen, such as a byte order mark or a zero-width space.
    Invisible,
    /// Quotation marks around it.
    Quotes,
    /// A comma or semicolon behind it.
    Punctuation,
    /// `Authorization:` before it.
    FieldName,
    /// `Bearer` before it.
    Scheme,
    /// `NAME=` before it, as in a file of environment variables.
    Assignment,
}

impl fmt::Display for Wrapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Space => "white space",
            Self::LineBreak => "a line break",
            Self::Fold => "a line break inside",
            Self::Invisible => "an invisible character",
            Self::Quotes => "quotes",
            Self::Punctuation => "a comma or semicolon",
            Self::FieldName => "the field name Authorization",
            Self::Scheme => "the word Bearer",
            Self::Assignment => "the name of a variable",
        })
    }
}

impl Wrapping {
    /// What was taken off, in words: `quotes, a line break and the word Bearer (twice)`. Empty if nothing was.
    pub fn words(removed: &[Self]) -> String {
        let mut parts: Vec<(Self, usize)> = Vec::new();
        for wrapping in removed {
            match parts.iter_mut().find(|(known, _)| known == wrapping) {
                Some((_, count)) => *count += 1,
                None => parts.push((*wrapping, 1)),
            }
        }
        // Twice the word Bearer is a fault of its own; twice white space is not.
        let word = |(wrapping, count): &(Self, usize)| match wrapping {
            Self::Scheme | Self::FieldName if *count > 1 => format!("{wrapping} (more than once)"),
            _ => wrapping.to_string(),
        };
        let words: Vec<String> = parts.iter().map(word).collect();
        match words.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [most @ .., last] => format!("{} and {last}", most.join(", ")),
        }
    }
}

/// Quotation marks that people and programs put around texts.
const QUOTES: [(char, char); 6] = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’'), ('«', '»')];

/// Takes off what is not part of a credential, and says what it was.
pub fn clean(pasted: &str) -> Cleaned {
    let mut text = pasted;
    let mut removed = Vec::new();
    while let Some((rest, wrapping)) = unwrap_once(text) {
        removed.push(wrapping);
        text = rest;
    }
    // A PEM has lines of its own.
    if text.starts_with("-----BEGIN ") {
        return Cleaned { text: Zeroizing::new(text.to_owned()), removed };
    }
    // All the room at once: a string that grows leaves copies behind.
    let mut whole = Zeroizing::new(String::with_capacity(text.len()));
    for (i, line) in text.lines().enumerate() {
        whole.push_str(if i == 0 { line.trim_end() } else { line.trim() });
    }
    let invisible = whole.contains(is_ignorable);
    if whole.len() < text.len() {
        removed.push(Wrapping::Fold);
    }
    if invisible {
        removed.push(Wrapping::Invisible);
        let mut seen = Zeroizing::new(String::with_capacity(whole.len()));
        whole.chars().filter(|c| !is_ignorable(*c)).for_each(|c| seen.push(c));
        whole = seen;
    }
    Cleaned { text: whole, removed }
}

/// The text without its outermost wrapping.
fn unwrap_once(text: &str) -> Option<(&str, Wrapping)> {
    let first = text.chars().next()?;
    let last = text.chars().next_back()?;
    if is_ignorable(first) || is_ignorable(last) {
        return Some((text.trim_matches(is_ignorable), Wrapping::Invisible));
    }
    let trimmed = text.trim();
    if trimmed.len() < text.len() {
        let start = trimmed.as_ptr() as usize - text.as_ptr() as usize;
        let around = [&text[..start], &text[start + trimmed.len()..]];
        let broken = around.iter().any(|part| part.contains(['\n', '\r']));
        return Some((trimmed, if broken { Wrapping::LineBreak } else { Wrapping::Space }));
    }
    if let Some(rest) = text.strip_suffix([',', ';']) {
        return Some((rest, Wrapping::Punctuation));
    }
    if text.len() > first.len_utf8() && QUOTES.contains(&(first, last)) {
        return Some((&text[first.len_utf8()..text.len() - last.len_utf8()], Wrapping::Quotes));
    }
    if let Some(rest) = strip_word(text, "authorization").map(str::trim_start)
        && let Some(value) = rest.strip_prefix([':', '='])
    {
        return Some((value.trim_start(), Wrapping::FieldName));
    }
    if let Some(rest) = strip_word(text, "bearer")
        && (rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == ':'))
    {
        return Some((rest.trim_start_matches(':').trim_start(), Wrapping::Scheme));
    }
    assigned(text).map(|value| (value, Wrapping::Assignment))
}

/// The rest of a text that begins with a word, in letters of either case.
fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(word.len())?;
    head.eq_ignore_ascii_case(word).then_some(rest)
}

/// What stands behind `NAME=` or `export NAME=`.
fn assigned(text: &str) -> Option<&str> {
    let text = text.strip_prefix("export ").map_or(text, str::trim_start);
    let (name, value) = text.split_once('=')?;
    let is_name = name.len() > 2
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    // Base64 ends in `=`, and what is behind it there is nothing.
    (is_name && !value.trim_matches('=').is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_is_taken_off_and_told() {
        let key = "cp_live_abc123def456";
        let pasted = [
            key.to_owned(),
            format!("  {key} "),
            format!("{key}\n"),
            format!("\"{key}\""),
            format!("'{key}'\r\n"),
            format!("“{key}”"),
            format!("`{key}`,"),
            format!("Bearer {key}"),
            format!("bearer   {key}"),
            format!("Bearer Bearer {key}"),
            format!("Authorization: Bearer {key}"),
            format!("authorization:{key}\n"),
            format!("\"Authorization: Bearer {key}\""),
            format!("CRYPTOPAY_PROD_API_KEY={key}"),
            format!("export CRYPTOPAY_PROD_API_KEY=\"{key}\";\n"),
            format!("\u{feff}{key}"),
            "cp_live_abc\u{200b}123def456".to_owned(),
            "cp_live_abc123\n    def456".to_owned(),
        ];
        let mut told = String::new();
        for text in &pasted {
            let cleaned = clean(text);
            assert_eq!(*cleaned.text, key, "{text:?}");
            told += &format!("{:52} {}\n", text.escape_debug().to_string(), Wrapping::words(&cleaned.removed));
        }
        insta::assert_snapshot!(told);
    }

    #[test]
    fn what_belongs_to_it_stays() {
        for whole in ["YWJjZA==", "a b", "bearer_1", "Bearers", "A=", "x=y", "=", "-", "authorization", "\"", "é\"x"] {
            assert_eq!(*clean(whole).text, whole);
            assert_eq!(Wrapping::words(&clean(whole).removed), "", "{whole}");
        }
        for nothing in ["", "  ", "\"\"", "Bearer ", "Authorization:", "\u{feff}\n", "Authorization: Bearer"] {
            assert_eq!(*clean(nothing).text, "", "{nothing:?}");
        }
        let pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
        assert_eq!(*clean(&format!("\n{pem}\n")).text, pem);
    }
}
