//! The ways in which one secret is mistaken for another: white space that came along, an encoding that was or was not undone.

use super::{Secret, SecretEncoding};

/// What the secret could have been meant to be, each with the condition as a sentence goes on after "if".
pub(crate) fn variants(secret: &Secret) -> Vec<(&'static str, Secret)> {
    let bytes = secret.bytes();
    let mut variants = Vec::new();
    let trimmed = bytes.trim_ascii();
    if trimmed.len() != bytes.len() {
        variants.push(("the secret had no white space around it", Secret::new(trimmed.to_vec())));
    } else {
        variants.push(("the secret ended with a line break", Secret::new([bytes, b"\n"].concat())));
    }
    let decodings = [
        (SecretEncoding::Base64, "the secret were decoded from base64"),
        (SecretEncoding::Base64Url, "the secret were decoded from base64url"),
        (SecretEncoding::Hex, "the secret were decoded from hexadecimal"),
    ];
    variants.extend(decodings.into_iter().filter_map(|(encoding, what)| Some((what, encoding.decode(trimmed).ok()?))));
    let written = [
        ("the secret were used as its base64 text", data_encoding::BASE64.encode(bytes)),
        ("the secret were used as its base64url text", data_encoding::BASE64URL_NOPAD.encode(bytes)),
        ("the secret were used as its hexadecimal text", data_encoding::HEXLOWER.encode(bytes)),
    ];
    variants.extend(written.into_iter().map(|(what, text)| (what, Secret::new(text.into_bytes()))));
    variants
}
