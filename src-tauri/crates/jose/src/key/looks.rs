//! Looks of an input that is not read as a key: a damaged or foreign key is named for what it is, and never taken for a shared
//! secret.

use super::{
    armor::{has_label_line, unescaped},
    disguise::{self, MOST_LAYERS, is_ed25519_pair},
    dotnet,
    error::ReadError,
    foreign,
    form::{detect, outer_length},
    openssh,
};
use crate::json::Document;

/// The error for an input in which nothing was found.
pub(super) fn unread(input: &[u8]) -> ReadError {
    if let Some((what, hint)) = foreign::named(input) {
        return ReadError::NotRead { what, hint };
    }
    // PKCS#12 of a browser or of Windows: lengths that are open, which DER does not have.
    if input.starts_with(&[0x30, 0x80, 0x02, 0x01, 0x03]) {
        return ReadError::CONTAINER;
    }
    if let Some(damage) = damage(input) {
        return ReadError::KeyLike { looks: damage };
    }
    let text = disguise::text(input);
    if let Some(damage) = text.as_deref().and_then(disguise::decoded).and_then(|(_, bytes)| damage(&bytes)) {
        return ReadError::KeyLike { looks: format!("{damage}, in base64 or hex") };
    }
    match text.as_deref() {
        Some(text) if crate::locate::locate(text).is_some_and(|found| found.certain) => {
            ReadError::Unknown { looks: "looks like a token".to_owned() }
        }
        Some(text) if speaks_of_key(text) => {
            ReadError::KeyLike { looks: "speaks of a private key, and has no BEGIN line".to_owned() }
        }
        Some(text) => ReadError::Unknown { looks: format!("is text of {} characters", text.chars().count()) },
        None => ReadError::Unknown { looks: format!("is {} bytes of binary data", input.len()) },
    }
}

/// What is wrong with DER that begins like a key.
fn damage(bytes: &[u8]) -> Option<String> {
    let (wanted, found) = outer_length(bytes)?;
    if !begins_like_key(bytes) && detect(bytes.get(..wanted)?).is_none() {
        return None;
    }
    Some(match found.cmp(&wanted) {
        std::cmp::Ordering::Less => format!("is DER that is cut off, {found} bytes of {wanted}"),
        std::cmp::Ordering::Greater => format!("is DER of {wanted} bytes with {} more behind it", found - wanted),
        std::cmp::Ordering::Equal => return None,
    })
}

/// Whether DER begins as keys and certificates do: with a version, or with an algorithm's identifier.
fn begins_like_key(bytes: &[u8]) -> bool {
    let header = match bytes {
        [0x30, 0x82, ..] => 4,
        [0x30, 0x81, ..] => 3,
        [0x30, ..] => 2,
        _ => return false,
    };
    matches!(
        bytes.get(header..),
        Some(
            [0x02, 0x01, 0x00 | 0x01 | 0x03, 0x02 | 0x04 | 0x30, ..]
                | [0x30, _, 0x06, ..]
                | [0x30, 0x82, _, _, 0xa0, 0x03, 0x02, 0x01, ..]
        )
    )
}

pub(super) fn speaks_of_key(text: &str) -> bool {
    ["PRIVATE KEY", "PRIVATE-KEY", "DEK-Info:"].iter().any(|word| text.contains(word))
}

/// What kind of key a text or its bytes are, whole or damaged, read or not; for what is about to be used as a shared secret.
pub(super) fn key_in(bytes: &[u8]) -> Option<&'static str> {
    key_under(bytes, MOST_LAYERS)
}

fn key_under(bytes: &[u8], layers: u8) -> Option<&'static str> {
    if foreign::named(bytes).is_some() {
        return Some("a key file of another program");
    }
    if detect(bytes).is_some() || damage(bytes).is_some() {
        return Some("the DER of a key");
    }
    if bytes.starts_with(openssh::MAGIC) || is_ed25519_pair(bytes) {
        return Some("the bytes of a private key");
    }
    let text = disguise::text(bytes)?;
    if has_label_line(&text) || speaks_of_key(&text) || text.contains("BEGIN%20") && has_label_line(&unescaped(&text)) {
        return Some("the text of a PEM file");
    }
    if dotnet::is_in(&text) {
        return Some("the text of an RSA key in XML");
    }
    if openssh::is_line(&text) {
        return Some("the text of an OpenSSH public key");
    }
    let is_jwk = |document: Document<'_>| document.root().get("kty").or(document.root().get("keys")).is_some();
    if text.starts_with('{') && Document::parse(&text).is_ok_and(is_jwk) {
        return Some("the text of a JWK");
    }
    let layers = layers.checked_sub(1)?;
    let Some(inner) = disguise::peel(&text) else {
        return disguise::decoded(&text).filter(|(_, bytes)| damage(bytes).is_some()).map(|_| "a key in base64");
    };
    let found = key_under(&inner.bytes, layers)?;
    Some(if inner.encoding.is_some() { "a key in base64" } else { found })
}
