//! base64url as tokens use it (RFC 7515 §2): no padding, no white space, no stray bits, and positions for what breaks that.

use std::sync::LazyLock;

use data_encoding::{BASE64URL_NOPAD, DecodeKind, Encoding};
use zeroize::Zeroizing;

use crate::{
    Code,
    json::Span,
    unseen::{is_ignorable, steers},
};

/// `bytes` in base64url without padding.
pub fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// The bytes of a strictly written base64url text.
pub fn decode(text: &str) -> Result<Vec<u8>, Stray> {
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| first_stray(text))
}

/// The same for what must be wiped.
pub fn decode_secret(text: &str) -> Result<Zeroizing<Vec<u8>>, Stray> {
    decode(text).map(Zeroizing::new)
}

/// The bytes that were most likely meant by a carelessly written text: padding, white space, the standard alphabet and
/// stray bits are passed over. `None` if other characters stand in it.
pub fn decode_leniently(text: &str) -> Option<Vec<u8>> {
    let mut canonical = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '+' => canonical.push('-'),
            '/' => canonical.push('_'),
            '=' => {}
            c if c.is_whitespace() || is_ignorable(c) => {}
            c => canonical.push(c),
        }
    }
    if canonical.len() % 4 == 1 {
        canonical.pop();
    }
    LENIENT.as_ref()?.decode(canonical.as_bytes()).ok()
}

/// base64url whose last character may carry stray bits.
static LENIENT: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut lenient = BASE64URL_NOPAD.specification();
    lenient.check_trailing_bits = false;
    lenient.encoding().ok()
});

/// The text as strict base64url would have it, where padding, white space and the standard alphabet are its only faults.
pub(crate) fn mend(text: &str) -> Option<String> {
    let mended: String = text
        .chars()
        .filter_map(|c| match c {
            '+' => Some('-'),
            '/' => Some('_'),
            '=' => None,
            c if c.is_whitespace() || is_ignorable(c) => None,
            c => Some(c),
        })
        .collect();
    decode(&mended).is_ok().then_some(mended)
}

/// Whether base64url begins like the text of a JSON object with a member, or an empty one.
pub(crate) fn begins_an_object(part: &str) -> bool {
    // Sixteen characters are twelve bytes: more white space stands in no header.
    let head: String = part.chars().take(16).collect();
    let bytes = decode_leniently(&head).unwrap_or_default();
    let inner = bytes.trim_ascii_start().strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    inner.is_some_and(|inner| inner.first() == Some(&b'"') || inner.trim_ascii_end() == b"}")
}

/// A text without its white space, as secret as the text was.
pub(crate) fn without_white_space(text: &str) -> Zeroizing<String> {
    // All the room at once: a string that grows leaves copies behind.
    let mut joined = Zeroizing::new(String::with_capacity(text.len()));
    text.split_whitespace().for_each(|run| joined.push_str(run));
    joined
}

/// What was found, fit for a message: not longer than a line, and without characters that would move the reader's cursor
/// or turn the direction of the text.
pub(crate) fn elide(found: &str) -> String {
    const MOST: usize = 100;
    let mut out = String::new();
    for (count, c) in found.chars().enumerate() {
        if count == MOST {
            out.push('…');
            break;
        }
        match c {
            c if steers(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// The first thing in a text that strict base64url does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} at character {}", .span.start + 1)]
pub struct Stray {
    /// The finding that it amounts to.
    pub code: Code,
    /// Which bytes of the text.
    pub span: Span,
    /// What is there, in words.
    pub what: String,
}

fn first_stray(text: &str) -> Stray {
    let alphabet = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if let Some((at, c)) = text.char_indices().find(|(_, c)| !alphabet(*c)) {
        let span = Span::new(at, at + c.len_utf8());
        let (code, what) = match c {
            '=' => (Code::Padding, "padding \"=\"".to_owned()),
            c if c.is_whitespace() => (Code::WhiteSpace, format!("white space U+{:04X}", c as u32)),
            c if is_ignorable(c) => (Code::WhiteSpace, format!("the invisible character U+{:04X}", c as u32)),
            '+' | '/' => {
                (Code::ForeignCharacter, format!("\"{c}\", which is base64 and not base64url (there \"-\" and \"_\")"))
            }
            c => (Code::ForeignCharacter, format!("{c:?}, which base64url does not have")),
        };
        return Stray { code, span, what };
    }
    let last = Span::new(text.len().saturating_sub(1), text.len());
    match BASE64URL_NOPAD.decode(text.as_bytes()) {
        Err(error) if error.kind == DecodeKind::Trailing => {
            Stray { code: Code::TrailingBits, span: last, what: "a last character that carries stray bits".to_owned() }
        }
        _ => Stray {
            code: Code::PartLength,
            span: last,
            what: format!("a length of {} characters, one more than a multiple of four,", text.len()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strays_are_named_and_passed_over_on_request() {
        let texts = ["YQ==", "Y Q", "+/8A", "YR", "YWJjZ", "Y\u{e9}"];
        let all: String = texts
            .iter()
            .map(|t| format!("{t:6} {} {}\n", decode(t).unwrap_err().code, decode(t).unwrap_err()))
            .collect();
        insta::assert_snapshot!(all, @r#"
        YQ==   padding padding "=" at character 3
        Y Q    white-space white space U+0020 at character 2
        +/8A   foreign-character "+", which is base64 and not base64url (there "-" and "_") at character 1
        YR     trailing-bits a last character that carries stray bits at character 2
        YWJjZ  part-length a length of 5 characters, one more than a multiple of four, at character 5
        Yé     foreign-character 'é', which base64url does not have at character 2
        "#);
        assert_eq!(decode_leniently("Y Q==").unwrap(), b"a");
        assert_eq!(decode_leniently("YR").unwrap(), b"a");
        assert_eq!(decode_leniently("+/8A").unwrap(), [0xfb, 0xff, 0]);
        assert_eq!(decode("").unwrap(), b"");
    }
}
