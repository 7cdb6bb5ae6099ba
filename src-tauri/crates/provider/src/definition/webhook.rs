//! How webhooks are signed: parameters for the check, which is not done here.

use serde::Deserialize;

use super::Encoding;
use crate::duration::Seconds;

/// How the provider signs what it sends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Webhook {
    /// The MAC or signature.
    pub mac: Mac,
    /// How the secret's text becomes bytes.
    pub secret_encoding: Encoding,
    /// A beginning of the secret that is not part of it.
    pub secret_prefix: Option<String>,
    /// What is signed: `{body}`, `{timestamp}`, `{id}`, `{url}`, `{method}` and text.
    pub signed: String,
    /// Where the signature stands.
    pub signature: SignaturePlace,
    /// Where the time stands. Without it there is no protection against replay.
    pub timestamp: Option<TimestampPlace>,
    /// The header field that names the delivery, the same for each attempt.
    pub id_header: Option<String>,
    /// Whether the body was seen to be written anew before signing, as a near miss to try.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
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

/// Where a signature stands and how it is written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SignaturePlace {
    /// The header field.
    pub header: String,
    /// How the bytes are written.
    pub encoding: SignatureEncoding,
    /// What stands between several signatures.
    pub separator: Option<String>,
    /// The member of a `k=v` list that holds it.
    pub member: Option<String>,
    /// A beginning that is not part of it.
    pub prefix: Option<String>,
}

/// How the bytes of a signature are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureEncoding {
    /// Lower case hexadecimal.
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
    pub header: String,
    /// The member of a `k=v` list that holds it.
    pub member: Option<String>,
    /// What it counts.
    pub unit: TimeUnit,
    /// How old it may be.
    pub tolerance: Seconds,
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
