//! PEM as it is really found (RFC 7468): CRLF, a byte order mark, text around the blocks, base64 of the whole, `\n` written out.

use zeroize::Zeroizing;

use super::Bytes;

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
            Self::Body { .. } => "the block was changed on its way; copy it again from its source",
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
    let unescaped = |text: &str| Zeroizing::new(text.replace("\\r\\n", "\n").replace("\\n", "\n"));
    if text.contains("-----BEGIN ") {
        return Some(unescaped(text));
    }
    let joined: Zeroizing<String> = Zeroizing::new(text.split_ascii_whitespace().collect());
    let inner = joined.trim_matches(['"', '\'']);
    if !inner.starts_with("LS0tLS1CRUdJTi") {
        return None;
    }
    let unpadded = inner.trim_end_matches('=');
    let decoded = Zeroizing::new(data_encoding::BASE64_NOPAD.decode(unpadded.as_bytes()).ok()?);
    let text = std::str::from_utf8(&decoded).ok()?;
    Some(unescaped(text))
}

/// Every block of a text, in order.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, PemError> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some(begin) = rest.find("-----BEGIN ") {
        let after = &rest[begin + "-----BEGIN ".len()..];
        let Some((label, body)) = after.split_once("-----") else {
            return Err(PemError::Truncated { label: after.trim().chars().take(40).collect(), characters: 0 });
        };
        let label = label.to_owned();
        let Some((body, tail)) = body.split_once("-----END ") else {
            let characters = body.chars().filter(|c| !c.is_whitespace()).count();
            return Err(PemError::Truncated { label, characters });
        };
        let (end, tail) = tail.split_once("-----").unwrap_or((tail.trim_end(), ""));
        if end != label {
            return Err(PemError::Labels { begin: label, end: end.chars().take(40).collect() });
        }
        if body.contains("Proc-Type:") {
            return Err(PemError::LegacyEncryption { label });
        }
        blocks.push(Block { der: decode(&label, body)?, label });
        rest = tail;
    }
    Ok(blocks)
}

fn decode(label: &str, body: &str) -> Result<Bytes, PemError> {
    let joined: Zeroizing<String> = Zeroizing::new(body.split_whitespace().collect());
    let unpadded = joined.trim_end_matches('=');
    match data_encoding::BASE64_NOPAD.decode(unpadded.as_bytes()) {
        Ok(der) => Ok(Zeroizing::new(der)),
        Err(error) if error.kind == data_encoding::DecodeKind::Symbol => Err(PemError::Body {
            label: label.to_owned(),
            found: unpadded[error.position..].chars().next().map(String::from).unwrap_or_default(),
            at: error.position + 1,
        }),
        Err(_) => Err(PemError::BodyLength { label: label.to_owned(), characters: unpadded.len() }),
    }
}
