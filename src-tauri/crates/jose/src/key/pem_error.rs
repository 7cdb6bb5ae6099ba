//! Errors of PEM: why a text that looks like it holds no block that can be read.

/// Why a text that looks like PEM is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// BEGIN without its END.
    #[error("the PEM block {label:?} has no END line: it is cut off after {characters} characters of base64")]
    Truncated {
        /// The label.
        label: String,
        /// How many characters of base64 there are.
        characters: usize,
    },
    /// A BEGIN or END line without its closing hyphens.
    #[error("the {line} line of a PEM block is damaged; wanted -----{line} LABEL-----")]
    Line {
        /// Which line.
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
    /// The body's base64 has a length that no bytes have.
    #[error(
        "the PEM block {label:?} has {characters} characters of base64, which do not end on a whole byte: \
         some were lost or added"
    )]
    BodyLength {
        /// The label.
        label: String,
        /// How many characters there are.
        characters: usize,
    },
    /// The old way of encrypting a PEM file, with a cipher that is not read.
    #[error("the PEM block {label:?} is encrypted in the old OpenSSL form with {cipher:?}, which is not read")]
    LegacyCipher {
        /// The label.
        label: String,
        /// The cipher as `DEK-Info` names it.
        cipher: String,
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
            Self::LegacyCipher { .. } => ENCRYPT_ANEW,
        }
    }
}

/// The way out of an encryption that is not read. Old ciphers are in a part of OpenSSL that must be asked for.
pub(super) const ENCRYPT_ANEW: &str =
    "convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -provider legacy -provider default -in OLD -out NEW";
