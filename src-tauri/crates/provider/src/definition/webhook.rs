//! How webhooks are signed, as data. [`Webhook::scheme`] turns it into the parameters of the check, which is jose's.

use std::ops::Deref;

use jose::{
    Alg,
    key::SecretEncoding,
    pointer::{Pointer, PointerError},
    time::span,
    webhook::{
        self, Covered, FieldList, Method, Place, Proof, Scheme, SecretForm, SignatureFormat, Template, Timestamp,
        TimestampUnit,
    },
};
use serde::{Deserialize, Deserializer, de};

use super::{Encoding, credential::algs};
use crate::duration::Seconds;

/// How the provider signs what it sends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Webhook {
    /// The MAC or signature.
    pub mac: Mac,
    /// How the secret's text becomes bytes; the text itself if not said.
    pub secret_encoding: Option<Encoding>,
    /// Beginnings of the secret that are not part of it. A secret may lack them.
    #[serde(default)]
    pub secret_prefix: Several,
    /// What is signed: `{body}`, `{timestamp}`, `{id}`, `{url}`, `{method}`, `{header:name}` and text.
    #[serde(default, deserialize_with = "signed")]
    pub signed: Option<Template>,
    /// The members of the body that are signed instead.
    pub fields: Option<Fields>,
    /// What the token carries, where a token is sent instead of a signature.
    pub token: Option<BodyToken>,
    /// Where the signature or the token stands.
    pub signature: SignaturePlace,
    /// Where the time stands. Without it there is no protection against replay.
    pub timestamp: Option<TimestampPlace>,
    /// The header field that names the delivery, the same for each attempt.
    pub id_header: Option<String>,
    /// Whether senders were seen to write the body anew before signing.
    #[serde(default)]
    pub reserialised: bool,
    /// How soon it must be answered.
    pub answer_within: Option<Seconds>,
    /// How long it is tried again.
    pub retried_for: Option<Seconds>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// The MAC or signature of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mac {
    /// HMAC with SHA-1.
    HmacSha1,
    /// HMAC with SHA-256.
    HmacSha256,
    /// HMAC with SHA-512.
    HmacSha512,
    /// A JWT with a hash of the body.
    Jwt,
    /// Ed25519.
    Ed25519,
}

/// The words for them in a definition.
const WORDS: [&str; 5] = ["hmac-sha1", "hmac-sha256", "hmac-sha512", "jwt", "ed25519"];

impl<'de> Deserialize<'de> for Mac {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = [Self::HmacSha1, Self::HmacSha256, Self::HmacSha512, Self::Jwt, Self::Ed25519];
        if let Some((_, mac)) = WORDS.iter().zip(known).find(|(word, _)| **word == text) {
            return Ok(mac);
        }
        // A signature of another kind is not a slip for the MAC that is written like it.
        let pairs = ["rsa", "ecdsa", "rs256", "ps256", "es256"];
        if pairs.iter().any(|kind| text.to_ascii_lowercase().starts_with(kind)) {
            let wanted = WORDS.join(", ");
            let found =
                format!("{text:?}, a signature with a key pair that a definition cannot name, wanted one of {wanted}");
            return Err(de::Error::custom(found));
        }
        Err(de::Error::unknown_variant(&text, &WORDS))
    }
}

/// The members of the body that are signed, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Fields {
    /// Always these. One that is not there counts as an empty text.
    #[serde(default)]
    pub pointers: Vec<JsonPointer>,
    /// Or those that the body names here: a list, or a text with spaces between the names.
    pub named_by: Option<JsonPointer>,
    /// The object that they are members of; the body if not said.
    pub within: Option<JsonPointer>,
    /// What stands between two values.
    pub separator: String,
}

/// What a token says of the body.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BodyToken {
    /// The algorithms that it may be signed with.
    #[serde(deserialize_with = "algs")]
    pub algs: Vec<Alg>,
    /// The claim with SHA-256 of the body.
    pub claim: String,
    /// How the hash is written.
    pub encoding: SignatureEncoding,
}

/// Where a signature stands and how it is written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SignaturePlace {
    /// The header fields; one of them is enough.
    #[serde(default)]
    pub header: Several,
    /// Or the member of the body.
    pub pointer: Option<JsonPointer>,
    /// How the bytes are written. A token has its own way.
    pub encoding: Option<SignatureEncoding>,
    /// What stands between several signatures, or between the members of a `k=v` list.
    pub separator: Option<String>,
    /// The members of a `k=v` list that hold one; others are passed over.
    #[serde(default)]
    pub member: Several,
    /// Beginnings that are not part of it. It has one of them; others are passed over.
    #[serde(default)]
    pub prefix: Several,
}

/// How the bytes of a signature are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureEncoding {
    /// Hexadecimal, in either case.
    Hex,
    /// Base64.
    Base64,
    /// Base64url.
    Base64url,
}

/// Where the time of a webhook stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TimestampPlace {
    /// The header field.
    pub header: Option<String>,
    /// The member of a `k=v` list that holds it.
    pub member: Option<String>,
    /// Or the member of the body.
    pub pointer: Option<JsonPointer>,
    /// Or the claim of the token.
    pub claim: Option<String>,
    /// What it counts.
    pub unit: TimeUnit,
    /// How old it may be.
    pub tolerance: Seconds,
    /// How far ahead it may be; as far as it may be old, if not said.
    pub future: Option<Seconds>,
}

/// What a timestamp counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeUnit {
    /// Seconds.
    S,
    /// Milliseconds.
    Ms,
}

impl Webhook {
    /// The parameters of the check. A definition that was checked has all of them.
    pub fn scheme(&self) -> Scheme {
        let encoding = self.secret_encoding.map(SecretEncoding::from).unwrap_or_default();
        Scheme {
            proof: self.proof(),
            place: match &self.signature.pointer {
                Some(pointer) => Place::Body(pointer.0.clone()),
                None => Place::Headers(self.signature.header.to_vec()),
            },
            secret: SecretForm { encoding, prefixes: self.secret_beginnings() },
            timestamp: self.timestamp.as_ref().and_then(TimestampPlace::timestamp),
            id_header: self.id_header.clone(),
        }
    }

    /// How it is signed, in one line: `HMAC-SHA256 of {timestamp}.{body} in hexadecimal, in X-Acme-Signature`.
    pub fn in_words(&self) -> String {
        let scheme = self.scheme();
        let made = match &scheme.proof {
            Proof::Signature { method, covers, written } => {
                let of = match covers {
                    Covered::Text(template) => template.text().to_owned(),
                    Covered::Fields { .. } => "members of the body".to_owned(),
                };
                format!("{} of {of} in {}", method.name(), written.encoding.name())
            }
            Proof::Token { algs, .. } => {
                let algs: Vec<&str> = algs.iter().map(|alg| alg.name()).collect();
                format!("a token with {} and a hash of the body", algs.join(" or "))
            }
        };
        let place = match &scheme.place {
            Place::Headers(names) => names.join(" or "),
            Place::Body(pointer) => format!("the body at \"{pointer}\""),
        };
        let time = match &scheme.timestamp {
            Some(timestamp) => format!("at most {} old", span(i64::try_from(timestamp.past).unwrap_or(i64::MAX))),
            None => "no timestamp".to_owned(),
        };
        format!("{made}, in {place}; {time}")
    }

    /// Beginnings of the secret. Some providers hand it out behind the mark that their signatures have, `v1,whsec_…`, so each pair
    /// is one of them, and stands before what it ends with.
    fn secret_beginnings(&self) -> Vec<String> {
        let marks = self.signature.prefix.iter();
        let marked = marks.flat_map(|mark| self.secret_prefix.iter().map(move |own| format!("{mark}{own}")));
        marked.chain(self.secret_prefix.iter().cloned()).collect()
    }

    fn proof(&self) -> Proof {
        let token = || {
            let token = self.token.as_ref();
            Proof::Token {
                algs: token.map(|token| token.algs.clone()).unwrap_or_default(),
                claim: token.map(|token| token.claim.clone()).unwrap_or_default(),
                encoding: token.map_or(webhook::Encoding::Hex, |token| token.encoding.into()),
            }
        };
        let beside = |method| Proof::Signature { method, covers: self.covers(), written: self.signature.written() };
        match self.mac {
            Mac::HmacSha1 => beside(Method::HmacSha1),
            Mac::HmacSha256 => beside(Method::HmacSha256),
            Mac::HmacSha512 => beside(Method::HmacSha512),
            Mac::Ed25519 => beside(Method::Ed25519),
            Mac::Jwt => token(),
        }
    }

    fn covers(&self) -> Covered {
        match (&self.fields, &self.signed) {
            (Some(fields), _) => Covered::Fields { list: fields.list(), separator: fields.separator.clone() },
            (None, Some(template)) => Covered::Text(template.clone()),
            (None, None) => Covered::Text(Template::body()),
        }
    }
}

impl Fields {
    fn list(&self) -> FieldList {
        match &self.named_by {
            Some(names) => FieldList::Named {
                names: names.0.clone(),
                within: self.within.as_ref().map(|within| within.0.clone()).unwrap_or_default(),
            },
            None => FieldList::Fixed(self.pointers.iter().map(|pointer| pointer.0.clone()).collect()),
        }
    }
}

impl SignaturePlace {
    fn written(&self) -> SignatureFormat {
        SignatureFormat {
            encoding: self.encoding.map_or(webhook::Encoding::Hex, Into::into),
            separator: self.separator.clone(),
            members: self.member.to_vec(),
            prefixes: self.prefix.to_vec(),
        }
    }
}

impl TimestampPlace {
    fn timestamp(&self) -> Option<Timestamp> {
        let place = match (&self.claim, &self.pointer, &self.header) {
            (Some(claim), ..) => webhook::TimestampPlace::Claim(claim.clone()),
            (None, Some(pointer), _) => webhook::TimestampPlace::Body(pointer.0.clone()),
            (None, None, header) => {
                webhook::TimestampPlace::Header { name: header.clone()?, member: self.member.clone() }
            }
        };
        let unit = match self.unit {
            TimeUnit::S => TimestampUnit::Seconds,
            TimeUnit::Ms => TimestampUnit::Milliseconds,
        };
        Some(Timestamp { place, unit, past: self.tolerance.0, future: self.future.unwrap_or(self.tolerance).0 })
    }
}

impl From<SignatureEncoding> for webhook::Encoding {
    fn from(encoding: SignatureEncoding) -> Self {
        match encoding {
            SignatureEncoding::Hex => Self::Hex,
            SignatureEncoding::Base64 => Self::Base64,
            SignatureEncoding::Base64url => Self::Base64Url,
        }
    }
}

impl From<Encoding> for SecretEncoding {
    fn from(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 => Self::Utf8,
            Encoding::Base64 => Self::Base64,
            Encoding::Base64url => Self::Base64Url,
            Encoding::Hex => Self::Hex,
        }
    }
}

fn signed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Template>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Template::parse(&text).map(Some).map_err(de::Error::custom)
}

/// One text, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Several(Vec<String>);

impl From<Vec<String>> for Several {
    fn from(texts: Vec<String>) -> Self {
        Self(texts)
    }
}

impl Deref for Several {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Several {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SeveralVisitor)
    }
}

struct SeveralVisitor;

impl<'de> de::Visitor<'de> for SeveralVisitor {
    type Value = Several;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Several, E> {
        Ok(Several(vec![text.to_owned()]))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Several, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element()? {
            texts.push(text);
        }
        Ok(Several(texts))
    }
}

/// A JSON pointer (RFC 6901) in a definition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct JsonPointer(pub Pointer);

impl TryFrom<String> for JsonPointer {
    type Error = PointerError;

    fn try_from(text: String) -> Result<Self, PointerError> {
        Pointer::parse(&text).map(Self)
    }
}
