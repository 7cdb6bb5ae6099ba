//! How the bytes of a signature or a hash are written, and what breaks that.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD, DecodeError, DecodeKind, HEXLOWER, HEXLOWER_PERMISSIVE};

use super::Encoding;

impl Encoding {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Hex, Self::Base64, Self::Base64Url];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hex => "hexadecimal",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
        }
    }

    /// Writes bytes.
    pub(super) fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => HEXLOWER.encode(bytes),
            Self::Base64 => BASE64.encode(bytes),
            Self::Base64Url => BASE64URL_NOPAD.encode(bytes),
        }
    }

    /// Reads bytes, or says at which byte of the text something else stands.
    pub(super) fn decode(self, text: &str) -> Result<Vec<u8>, Stray> {
        let unpadded = match self {
            Self::Hex => text,
            // Padding is complete or not there.
            _ => match text.strip_suffix("==").or_else(|| text.strip_suffix('=')) {
                Some(unpadded) if text.len().is_multiple_of(4) => unpadded,
                _ => text,
            },
        };
        let alphabet = match self {
            Self::Hex => HEXLOWER_PERMISSIVE,
            Self::Base64 => BASE64_NOPAD,
            Self::Base64Url => BASE64URL_NOPAD,
        };
        alphabet.decode(unpadded.as_bytes()).map_err(|error| self.stray(text, &error))
    }

    fn stray(self, text: &str, error: &DecodeError) -> Stray {
        let at = (0..=error.position.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        let foreign = match error.kind {
            // A length that is wrong may come of a character that does not belong there.
            DecodeKind::Length => text.char_indices().find(|(_, c)| !self.has(*c)),
            DecodeKind::Trailing => {
                return Stray { at: Some(at), what: "ends in a character that carries stray bits".to_owned() };
            }
            DecodeKind::Symbol | DecodeKind::Padding => text[at..].chars().next().map(|c| (at, c)),
        };
        match (foreign, self) {
            (Some((at, c)), _) => {
                Stray { at: Some(at), what: format!("holds {c:?}, which {} does not have,", self.name()) }
            }
            (None, Self::Hex) => {
                Stray { at: None, what: format!("is {} long; wanted two for each byte", characters(text)) }
            }
            (None, _) => {
                Stray { at: None, what: format!("is {} long, one more than a multiple of four", characters(text)) }
            }
        }
    }

    /// Whether a character belongs to the alphabet.
    fn has(self, c: char) -> bool {
        match self {
            Self::Hex => c.is_ascii_hexdigit(),
            Self::Base64 => c.is_ascii_alphanumeric() || c == '+' || c == '/',
            Self::Base64Url => c.is_ascii_alphanumeric() || c == '-' || c == '_',
        }
    }
}

/// What breaks an encoding, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stray {
    /// The byte of the text; none where its length is wrong.
    pub(super) at: Option<usize>,
    /// What is there, as a sentence goes on after "the signature".
    pub(super) what: String,
}

impl Stray {
    /// What is there, and at which character of a text in which the signature begins at byte `start`.
    pub(super) fn words(&self, text: &str, start: usize) -> String {
        let before = self.at.and_then(|at| text.get(..start + at));
        match before {
            Some(before) => format!("{} at character {}", self.what, before.chars().count() + 1),
            None => self.what.clone(),
        }
    }
}

fn characters(text: &str) -> String {
    match text.chars().count() {
        1 => "1 character".to_owned(),
        count => format!("{count} characters"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strays_are_named_with_their_place() {
        let cases = [
            (Encoding::Hex, "0G"),
            (Encoding::Hex, "0a 0b"),
            (Encoding::Hex, "0a0"),
            (Encoding::Hex, "é0"),
            (Encoding::Base64, "ab_d"),
            (Encoding::Base64, "YR=="),
            (Encoding::Base64, "YQ="),
            (Encoding::Base64, "YQ=== "),
            (Encoding::Base64Url, "a+/b"),
            (Encoding::Base64Url, "abcde"),
        ];
        let said: Vec<String> = cases
            .iter()
            .map(|(encoding, text)| {
                let stray = encoding.decode(text).unwrap_err();
                format!("{:12} {text:8} {}", encoding.name(), stray.words(text, 0))
            })
            .collect();
        insta::assert_snapshot!(said.join("\n"));
        for encoding in Encoding::ALL {
            for bytes in [&b""[..], b"a", b"ab", b"abc", &[0xff; 32]] {
                assert_eq!(encoding.decode(&encoding.encode(bytes)).as_deref(), Ok(bytes));
            }
        }
        assert_eq!(Encoding::Hex.decode("0aFf"), Ok(vec![0x0a, 0xff]));
        assert_eq!(Encoding::Base64.decode("YQ"), Ok(b"a".to_vec()));
    }
}
