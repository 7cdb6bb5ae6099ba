//! How a provider signs its deliveries, as parameters. Which provider has which is data, and not known here.

use super::Template;
use crate::{Alg, engine::MacHash, key::SecretEncoding, pointer::Pointer};

/// Everything that a check needs to know but the secret and the delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// What proves a delivery.
    pub proof: Proof,
    /// Where the signature or the token stands.
    pub place: Place,
    /// How the text of a secret or key becomes bytes.
    pub secret: SecretForm,
    /// Where the time stands. Without it a delivery can be sent again at any time.
    pub timestamp: Option<Timestamp>,
    /// The header field that names the delivery, the same for each attempt.
    pub id_header: Option<String>,
}

/// What proves a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// A signature beside the bytes that it covers.
    Signature {
        /// The MAC or signature.
        method: Method,
        /// What is signed.
        covers: Covered,
        /// How the signature is written.
        written: SignatureFormat,
    },
    /// A token that carries a hash of the body.
    Token {
        /// The algorithms that the token may be signed with.
        algs: Vec<Alg>,
        /// The claim with SHA-256 of the body.
        claim: String,
        /// How the hash is written.
        encoding: Encoding,
    },
}

/// A MAC or signature over bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// HMAC with SHA-1 (RFC 2104).
    HmacSha1,
    /// HMAC with SHA-256.
    HmacSha256,
    /// HMAC with SHA-512.
    HmacSha512,
    /// Ed25519 (RFC 8032).
    Ed25519,
}

impl Method {
    /// The usual name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::HmacSha512 => "HMAC-SHA512",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// Octets of a signature.
    pub const fn signature_len(self) -> usize {
        match self {
            Self::HmacSha1 => 20,
            Self::HmacSha256 => 32,
            Self::HmacSha512 | Self::Ed25519 => 64,
        }
    }

    /// The hash, where it is a MAC.
    pub(super) const fn hash(self) -> Option<MacHash> {
        match self {
            Self::HmacSha1 => Some(MacHash::Sha1),
            Self::HmacSha256 => Some(MacHash::Sha256),
            Self::HmacSha512 => Some(MacHash::Sha512),
            Self::Ed25519 => None,
        }
    }
}

/// What a signature covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Covered {
    /// A text with the body and more in it.
    Text(Template),
    /// Members of the body, one after the other.
    Fields {
        /// Which members, and in which order.
        list: FieldList,
        /// What stands between two values.
        separator: String,
    },
}

/// Which members of the body are signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldList {
    /// Always the same ones. One that is not there counts as an empty text.
    Fixed(Vec<Pointer>),
    /// Those that the body names: a list, or a text with spaces between the names.
    Named {
        /// Where the names stand.
        names: Pointer,
        /// The object that they are members of.
        within: Pointer,
    },
}

/// Where a signature stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In header fields; one of them is enough.
    Headers(Vec<String>),
    /// In the body, as a text.
    Body(Pointer),
}

/// How a signature is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureFormat {
    /// How its bytes are written.
    pub encoding: Encoding,
    /// What stands between several.
    pub separator: Option<String>,
    /// The members of a `k=v` list that hold one, such as `v1`. If empty, there is no such list. Others are passed over.
    pub members: Vec<String>,
    /// Beginnings that are not part of it, such as `sha256=`. If not empty, it has one of them; others are passed over.
    pub prefixes: Vec<String>,
}

/// How bytes are written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Hexadecimal: lower case when made here, either case when read.
    Hex,
    /// Base64, padding optional when read.
    Base64,
    /// Base64url, without padding when made here, padding optional when read.
    Base64Url,
}

/// How the text of a secret becomes bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecretForm {
    /// How the bytes are written.
    pub encoding: SecretEncoding,
    /// Beginnings that are not part of it, such as `whsec_`. A secret may lack them.
    pub prefixes: Vec<String>,
}

/// When a delivery was signed, and how far from now that may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp {
    /// Where it stands.
    pub place: TimestampPlace,
    /// What it counts.
    pub unit: TimestampUnit,
    /// Seconds that it may lie back.
    pub past: u64,
    /// Seconds that it may lie ahead.
    pub future: u64,
}

/// Where the time stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimestampPlace {
    /// In a header field.
    Header {
        /// The field.
        name: String,
        /// The member of a `k=v` list that holds it.
        member: Option<String>,
    },
    /// In the body.
    Body(Pointer),
    /// In a claim of the token.
    Claim(String),
}

/// What a timestamp counts, since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimestampUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
}

impl Scheme {
    /// Whether the check reads members of the body.
    pub(super) fn reads_body(&self) -> bool {
        matches!(self.place, Place::Body(_))
            || matches!(self.proof, Proof::Signature { covers: Covered::Fields { .. }, .. })
            || matches!(&self.timestamp, Some(Timestamp { place: TimestampPlace::Body(_), .. }))
    }

    /// Whether it looks at this header field.
    pub(super) fn names(&self, field: &str) -> bool {
        let signatures = match &self.place {
            Place::Headers(names) => names.as_slice(),
            Place::Body(_) => &[],
        };
        let timestamp = match &self.timestamp {
            Some(Timestamp { place: TimestampPlace::Header { name, .. }, .. }) => Some(name),
            _ => None,
        };
        let mut names = signatures.iter().chain(timestamp).chain(&self.id_header);
        names.any(|name| name.eq_ignore_ascii_case(field))
    }
}

impl SignatureFormat {
    /// What stands between the members of a `k=v` list, or between several signatures.
    pub fn separator(&self) -> Option<&str> {
        match &self.separator {
            Some(separator) => Some(separator),
            None if !self.members.is_empty() => Some(","),
            None => None,
        }
    }
}
