//! How errors are written, what the known ones mean, and how often one may call.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::duration::Seconds;

/// How errors are written. Places are JSON pointers (RFC 6901); the first that leads somewhere counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Errors {
    /// Where the error code stands.
    pub code: Vec<String>,
    /// Where the message stands.
    pub message: Vec<String>,
    /// Where the details stand.
    pub details: Vec<String>,
    /// Where the seconds to wait stand.
    pub retry_after: Vec<String>,
    /// Members that mark a body as an error of this provider, with their values.
    pub marks: BTreeMap<String, String>,
    /// The errors that are known. The first that fits counts: code before message before status.
    pub known: Vec<KnownError>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// An error that is known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KnownError {
    /// Its HTTP status.
    pub status: u16,
    /// Other statuses under which it comes.
    #[serde(default)]
    pub also_status: Vec<u16>,
    /// Its code.
    pub code: Option<String>,
    /// A text in its message, whatever the case of its letters.
    pub message: Option<String>,
    /// What it names as the fault. Without it the answer leaves that open.
    pub names: Option<Fault>,
    /// What it means, a sentence.
    pub meaning: String,
    /// What to do, a sentence.
    pub fix: String,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// What an error can name as the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The server recognised no credential in the request.
    NoCredential,
    /// The credential: of another kind or form than the call wants, or nobody's.
    Credential,
    /// How the token is written.
    Structure,
    /// The key: not known, not active, of another environment.
    Key,
    /// The signature.
    Signature,
    /// The times in the token.
    Time,
    /// The audience.
    Audience,
    /// The scope, or a permission of the key.
    Scope,
}

/// What is known of a rate limit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RateLimit {
    /// What it applies to.
    pub applies_to: String,
    /// Calls per `per`; none if there is no limit.
    pub calls: Option<u32>,
    /// The stretch of time that is counted.
    pub per: Option<Seconds>,
    /// The answer's field with the limit.
    pub limit_header: Option<String>,
    /// The answer's field with what remains.
    pub remaining_header: Option<String>,
    /// The answer's field with the time of the reset.
    pub reset_header: Option<String>,
    /// How that time is counted.
    pub reset_unit: Option<RateReset>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// How the time of a reset is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RateReset {
    /// Seconds since 1970.
    EpochSeconds,
    /// Seconds from now.
    Seconds,
}
