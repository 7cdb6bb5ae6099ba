//! The emulator on the wire: what it saw, and how it is told to misbehave.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Target;

/// The emulator in this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EmulatorState {
    /// Whether it listens.
    pub running: bool,
    /// The base address for each provider that it plays, by the provider's id.
    pub addresses: BTreeMap<String, String>,
    /// The latest requests, the oldest first.
    pub entries: Vec<EmulatorEntry>,
    /// How it misbehaves.
    pub faults: EmulatorFaults,
    /// The statuses with which it can be told to fail.
    pub statuses: Vec<u16>,
}

/// One request that it saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EmulatorEntry {
    /// Counts from 1 since it was started or reset.
    pub number: u64,
    /// Its clock, RFC 3339.
    pub at: String,
    /// The provider's id.
    pub provider: String,
    /// The method.
    pub method: String,
    /// The path with the provider in front of it.
    pub path: String,
    /// The status that was answered.
    pub status: u16,
    /// What became of it.
    pub outcome: EmulatorOutcome,
    /// The check at which it was refused.
    pub refused_at: Option<&'static str>,
    /// Why it was refused, or not looked at.
    pub reason: Option<String>,
    /// The checks that passed, in order.
    pub passed: Vec<&'static str>,
    /// What a real server would not mind, or whose treatment is not documented.
    pub notes: Vec<String>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum EmulatorOutcome {
    /// It passed every check.
    Accepted,
    /// A check refused it.
    Refused,
    /// It was not looked at.
    Unchecked,
}

/// How the emulator misbehaves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmulatorFaults {
    /// Seconds by which its clock is ahead; negative: behind.
    #[ts(type = "number")]
    pub skew: i64,
    /// Milliseconds that it waits before each answer.
    pub delay_ms: u32,
    /// What it answers instead of looking.
    pub fail: Option<EmulatorFail>,
    /// Whether it ends the connection in the middle of each answer.
    pub break_off: bool,
    /// How often each caller may call; none: as its provider documents it.
    pub limit: Option<EmulatorLimit>,
}

/// So many calls in so many seconds, for each caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmulatorLimit {
    /// The calls.
    pub calls: u32,
    /// The seconds in which they may be made.
    pub seconds: u32,
}

/// An answer that is given without looking at the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmulatorFail {
    /// The status.
    pub status: u16,
    /// To how many more requests; none: to all.
    pub times: Option<u32>,
    /// Seconds in `Retry-After`; none: no such field.
    pub retry_after: Option<u32>,
}

/// Something that happens there once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "do", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum EmulatorIncident {
    /// Every access token has expired.
    ExpireAccess,
    /// Every refresh token is blacklisted.
    BlacklistRefresh,
    /// What calls are made with at this place is revoked.
    Revoke {
        /// The place.
        place: Target,
    },
}
