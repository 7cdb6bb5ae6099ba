//! Disguises of a key: what stands around it in an environment file, a Kubernetes Secret or a JSON string, base64 or hex of the
//! whole, UTF-16. One layer is taken off at a time.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::{Bytes, armor::has_label_line, dotnet, foreign, form::detect, from_parts, openssh};
use crate::{json::Document, text::without_white_space, unseen::is_ignorable};

/// How many layers are taken off.
pub(super) const MOST_LAYERS: u8 = 8;

/// The text that these bytes are: UTF-8, UTF-16 as PowerShell writes it, or any text of one byte a character with a PEM block in it.
/// A byte order mark and characters that cannot be seen are left out at its ends.
pub(super) fn text(input: &[u8]) -> Option<Cow<'_, str>> {
    let text = match std::str::from_utf8(input) {
        Ok(text) if !text.contains('\0') => Cow::Borrowed(text),
        _ => match utf16(input) {
            Some(text) => Cow::Owned(text),
            None => Cow::Owned(latin1(input)?),
        },
    };
    Some(match text {
        Cow::Borrowed(text) => Cow::Borrowed(trimmed(text)),
        Cow::Owned(text) => {
            let text = Zeroizing::new(text);
            Cow::Owned(trimmed(&text).to_owned())
        }
    })
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_ignorable(c))
}

/// UTF-16 by its byte order mark, or by the zero in every second byte of a text that is ASCII.
fn utf16(input: &[u8]) -> Option<String> {
    if input.len() % 2 == 1 {
        return None;
    }
    let zeros = |first: usize| input.iter().skip(first).step_by(2).take(64).all(|byte| *byte == 0);
    let little = match input {
        [0xff, 0xfe, ..] => true,
        [0xfe, 0xff, ..] => false,
        _ if input.len() < 8 => return None,
        _ if zeros(1) => true,
        _ if zeros(0) => false,
        _ => return None,
    };
    let unit = |pair: &[u8; 2]| if little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
    // All the room at once: three bytes are the most that one unit becomes.
    let mut text = String::with_capacity(input.len() / 2 * 3);
    for c in char::decode_utf16(input.as_chunks::<2>().0.iter().map(unit)) {
        text.push(c.ok()?);
    }
    Some(text)
}

/// A text in one of the code pages, of which only what is ASCII counts here.
fn latin1(input: &[u8]) -> Option<String> {
    let has_pem = input.windows(6).any(|window| window == b"BEGIN ") && !input.contains(&0);
    has_pem.then(|| {
        let mut text = String::with_capacity(2 * input.len());
        text.extend(input.iter().map(|byte| char::from(*byte)));
        text
    })
}

/// What one layer holds.
pub(super) struct Inner {
    pub bytes: Bytes,
    /// Whether it was base64 or hex, so that DER in it is said to be in that.
    pub encoding: Option<&'static str>,
}

/// The text without its outermost layer, if there is one.
pub(super) fn peel(text: &str) -> Option<Inner> {
    let plain = |text: &str| Inner { bytes: Zeroizing::new(text.as_bytes().to_vec()), encoding: None };
    if let Some(inner) = json_string(text) {
        return Some(Inner { bytes: Zeroizing::new(inner.as_bytes().to_vec()), encoding: None });
    }
    if let Some(blocks) = pem_in_base64(text) {
        return Some(Inner { bytes: blocks, encoding: None });
    }
    if let Some(inner) = quoted(text).or_else(|| assigned(text)) {
        return Some(plain(inner));
    }
    let (encoding, bytes) = decoded(text)?;
    is_promising(&bytes, 3).then_some(Inner { bytes, encoding: Some(encoding) })
}

fn json_string(text: &str) -> Option<Zeroizing<String>> {
    let text = without_punctuation(text);
    let document = text.starts_with('"').then(|| Document::parse(text).ok())??;
    Some(Zeroizing::new(document.root().as_str()?.into_owned()))
}

/// The text without the comma or semicolon that ends it in a list.
fn without_punctuation(text: &str) -> &str {
    text.trim_end_matches([',', ';']).trim_end()
}

fn quoted(text: &str) -> Option<&str> {
    const QUOTES: [(char, char); 6] = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’'), ('«', '»')];
    let text = without_punctuation(text);
    QUOTES.into_iter().find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close)).map(str::trim)
}

/// What stands behind `NAME=`, `export NAME=` or `name:` on the first line.
fn assigned(text: &str) -> Option<&str> {
    let text = ["export ", "set ", "ENV ", "$env:"].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    let (name, value) = text.split_at(text.find(['=', ':'])?);
    let name = name.trim_end();
    let value = value[1..].trim();
    let is_name = name.len() <= 80
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    // Base64 ends in `=`, and what is behind it there is nothing.
    (is_name && !value.trim_matches('=').is_empty()).then_some(value)
}

/// How base64 of a PEM block begins.
const PEM_IN_BASE64: &str = "LS0tLS1CRUdJTi";

/// Every PEM text that stands in base64 in a larger text: lines of an environment file, the data of a Kubernetes Secret. A value
/// goes on over lines that hold nothing else.
pub(super) fn pem_in_base64(text: &str) -> Option<Bytes> {
    let mut all = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(at) = line.find(PEM_IN_BASE64) else { continue };
        let first = &line[at..];
        let mut runs = vec![&first[..first.find(|c| !is_base64(c)).unwrap_or(first.len())]];
        if runs[0].len() == first.trim_end().len() {
            while let Some(next) = lines.next_if(|next| goes_on(next)) {
                runs.push(next.trim().trim_matches(['"', '\'']));
            }
        }
        if let Some(bytes) = base64(&Zeroizing::new(runs.concat())) {
            all.extend_from_slice(&bytes);
            all.push(b'\n');
        }
    }
    (!all.is_empty()).then_some(all)
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')
}

/// Whether a line holds nothing but more base64 of the value before it.
fn goes_on(line: &str) -> bool {
    let line = line.trim().trim_matches(['"', '\'']);
    let unpadded = line.trim_end_matches('=');
    !unpadded.is_empty() && unpadded.chars().all(|c| is_base64(c) && c != '=') && !line.starts_with(PEM_IN_BASE64)
}

/// The bytes of a text that is base64, base64url or hex throughout.
pub(super) fn decoded(text: &str) -> Option<(&'static str, Bytes)> {
    let joined = without_white_space(text);
    if let Ok(bytes) = data_encoding::HEXLOWER_PERMISSIVE.decode(joined.as_bytes())
        && bytes.len() >= 32
    {
        return Some(("hex", Zeroizing::new(bytes)));
    }
    base64(&joined).map(|bytes| ("base64", bytes))
}

fn base64(joined: &str) -> Option<Bytes> {
    let unpadded = joined.trim_end_matches('=').as_bytes();
    let bytes =
        data_encoding::BASE64_NOPAD.decode(unpadded).or_else(|_| data_encoding::BASE64URL_NOPAD.decode(unpadded));
    bytes.ok().map(Zeroizing::new)
}

/// Whether decoded bytes look as a key does, perhaps under more of the same, so that it was not by chance that they could be decoded.
fn is_promising(bytes: &[u8], layers: u8) -> bool {
    let is_known = bytes.starts_with(openssh::MAGIC) || foreign::named(bytes).is_some();
    if is_known || detect(bytes).is_some() || is_ed25519_pair(bytes) {
        return true;
    }
    let Some(text) = text(bytes) else { return false };
    has_label_line(&text)
        || text.starts_with('{')
        || dotnet::is_in(&text)
        || openssh::is_line(&text)
        || text.contains(PEM_IN_BASE64)
        || json_string(&text).is_some()
        || layers > 0 && {
            let inner = quoted(&text).or_else(|| assigned(&text));
            inner.is_some_and(|inner| is_promising(inner.as_bytes(), layers - 1))
                || decoded(&text).is_some_and(|(_, bytes)| is_promising(&bytes, layers - 1))
        }
}

/// Whether these are an Ed25519 seed and the public key that follows from it.
pub(super) fn is_ed25519_pair(bytes: &[u8]) -> bool {
    bytes.len() == 64 && from_parts::ed25519_from_both(bytes, None).is_ok()
}
