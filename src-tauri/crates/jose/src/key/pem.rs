//! PEM as it is really found (RFC 7468): CRLF, a byte order mark, text around the blocks, base64 of the whole, `\n` written out.

use zeroize::Zeroizing;

use super::Bytes;
use crate::text::without_white_space;

/// One block between BEGIN and END.
pub(super) struct Block {
    pub label: String,
    pub der: Bytes,
}

/// Why a text that looks like PEM is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// BEGIN without its END.
    #[error("the PEM block {label:?} has no END line: it is cut off after {characters} characters of base64")]
    Truncated {
        /// The label of BEGIN.
        label: String,
        /// What is there of the body.
        characters: usize,
    },
    /// A BEGIN or END line that is not whole. What stands there may be part of the key, and is not shown.
    #[error("the PEM block's {line} line is damaged; wanted -----{line} …----- on a line of its own")]
    Line {
        /// "BEGIN" or "END".
        line: &'static str,
    },
    /// BEGIN and END disagree.
    #[error("the PEM block begins as {begin:?} and ends as {end:?}")]
    Labels {
        /// The label of BEGIN.
        begin: String,
        /// The label of END.
        end: String,
    },
    /// The body is not base64.
    #[error("the PEM block {label:?} is not base64: {found:?} at character {at} of its body")]
    Body {
        /// The label.
        label: String,
        /// What stands there.
        found: String,
        /// Where, counted from 1 without line breaks.
        at: usize,
    },
    /// The body's base64 stops in the middle.
    #[error("the PEM block {label:?} is cut off: {characters} characters of base64 do not end on a whole byte")]
    BodyLength {
        /// The label.
        label: String,
        /// How many characters there are.
        characters: usize,
    },
    /// The old way of encrypting a PEM file.
    #[error("the PEM block {label:?} is encrypted in the old OpenSSL form (Proc-Type), which is not read")]
    LegacyEncryption {
        /// The label.
        label: String,
    },
}

impl PemError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Truncated { .. } | Self::BodyLength { .. } => {
                "copy the whole block, from -----BEGIN to the line -----END"
            }
            Self::Labels { .. } => "two files seem to be mixed; copy one block alone",
            Self::Line { .. } | Self::Body { .. } => "the block was changed on its way; copy it again from its source",
            Self::LegacyEncryption { .. } => {
                "convert it to encrypted PKCS#8: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW"
            }
        }
    }
}

/// The text with its disguises taken off: a byte order mark, `\n` written as two characters, base64 around the whole.
/// `None` where there is no PEM in it.
pub(super) fn unwrap(text: &str) -> Option<Zeroizing<String>> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.contains("-----BEGIN ") {
        return Some(unescaped(text));
    }
    let joined = without_white_space(text);
    let inner = joined.trim_matches(['"', '\'']);
    if !inner.starts_with("LS0tLS1CRUdJTi") {
        return None;
    }
    let unpadded = inner.trim_end_matches('=');
    let decoded = Zeroizing::new(data_encoding::BASE64_NOPAD.decode(unpadded.as_bytes()).ok()?);
    let text = std::str::from_utf8(&decoded).ok()?;
    Some(unescaped(text))
}

/// The text with each line break that is written out, `\n` or `\r\n`, as one.
fn unescaped(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    for (index, line) in text.split("\\n").enumerate() {
        if index > 0 {
            out.push('\n');
        }
        out.push_str(line.strip_suffix("\\r").unwrap_or(line));
    }
    out
}

/// Every block of a text, in order.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, PemError> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some(begin) = rest.find("-----BEGIN ") {
        let after = &rest[begin + "-----BEGIN ".len()..];
        let Some((label, body)) = label(after) else { return Err(PemError::Line { line: "BEGIN" }) };
        let Some((body, tail)) = body.split_once("-----END ") else {
            let characters = body.chars().filter(|c| !c.is_whitespace()).count();
            return Err(PemError::Truncated { label: label.to_owned(), characters });
        };
        let Some((end, tail)) = self::label(tail) else { return Err(PemError::Line { line: "END" }) };
        let label = label.to_owned();
        if end != label {
            return Err(PemError::Labels { begin: label, end: end.to_owned() });
        }
        if body.contains("Proc-Type:") {
            return Err(PemError::LegacyEncryption { label });
        }
        blocks.push(Block { der: decode(&label, body)?, label });
        rest = tail;
    }
    Ok(blocks)
}

/// The label at the beginning of `text`, up to the five hyphens behind it, and the rest. Labels are short and in capitals,
/// so that nothing of a key whose BEGIN line was broken passes for one.
fn label(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = text.split_once("-----")?;
    let fits = label.len() <= 40
        && label.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ' || b == b'-');
    fits.then_some((label, rest))
}

fn decode(label: &str, body: &str) -> Result<Bytes, PemError> {
    let joined = without_white_space(body);
    let unpadded = joined.trim_end_matches('=');
    let stray = |c: &char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/');
    if let Some((at, found)) = unpadded.chars().enumerate().find(|(_, c)| stray(c)) {
        return Err(PemError::Body { label: label.to_owned(), found: found.to_string(), at: at + 1 });
    }
    let cut_off = |_| PemError::BodyLength { label: label.to_owned(), characters: unpadded.len() };
    data_encoding::BASE64_NOPAD.decode(unpadded.as_bytes()).map(Zeroizing::new).map_err(cut_off)
}
