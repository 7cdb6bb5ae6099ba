//! Secret variants: what a secret may have been meant to be, with white space left out, or an encoding undone or kept.

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
    variants.extend(loosely(trimmed).into_iter().map(|(what, bytes)| (what, Secret::new(bytes))));
    variants
}

/// Readings of tools that take more for base64 than base64 is, and of files in which a secret is quoted or marked.
fn loosely(text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let whole = |unit: usize| -> Option<Vec<u8>> {
        let mut symbols = standard_symbols(text);
        symbols.truncate(symbols.len() / unit * unit);
        lenient(&symbols).filter(|bytes| !bytes.is_empty())
    };
    let unquoted = [b'"', b'\''].iter().find_map(|quote| text.strip_prefix(&[*quote])?.strip_suffix(&[*quote]));
    let marked = text.strip_prefix(b"base64:").and_then(lenient);
    let both = || {
        lenient(
            &text
                .iter()
                .map(|b| {
                    if *b == b'-' {
                        b'+'
                    } else if *b == b'_' {
                        b'/'
                    } else {
                        *b
                    }
                })
                .collect::<Vec<_>>(),
        )
    };
    let readings = [
        ("the quotes around the secret were left out", unquoted.map(<[u8]>::to_vec)),
        ("what follows \"base64:\" in the secret were decoded", marked),
        ("the secret were read leniently as base64, whole groups of four alone (as JJWT before 0.10 does)", whole(4)),
        ("the secret were read leniently as base64, as Node's Buffer does", both()),
        ("the secret were read leniently as base64, what is foreign passed over (as PHP and Python do)", whole(1)),
    ];
    readings.into_iter().filter_map(|(what, bytes)| Some((what, bytes?))).collect()
}

/// The characters of standard base64 up to its padding; others are passed over.
fn standard_symbols(text: &[u8]) -> Vec<u8> {
    let symbols = text.iter().copied().take_while(|b| *b != b'=');
    symbols.filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect()
}

/// base64 whose last characters may carry bits that belong nowhere. Padding ends it.
fn lenient(text: &[u8]) -> Option<Vec<u8>> {
    let mut symbols = standard_symbols(text);
    if symbols.len() % 4 == 1 {
        symbols.pop();
    }
    let mut base64 = data_encoding::BASE64_NOPAD.specification();
    base64.check_trailing_bits = false;
    base64.encoding().ok()?.decode(&symbols).ok()
}
