//! Required claims, their types and their times. The libraries' own checks are not used: they have a minute of leeway,
//! take milliseconds and floats without a word, and read the system's clock.

use serde_json::{Map, Value};

use crate::{refusal::Refusal, rules::Rules, token::kind};

/// Seconds are smaller than this until the year 5138; milliseconds have been larger since 1973.
const MILLISECONDS: u64 = 100_000_000_000;
const MICROSECONDS: u64 = 100_000_000_000_000;
const NANOSECONDS: u64 = 100_000_000_000_000_000;

/// The claims that were checked and that later steps use.
pub(crate) struct Checked<'a> {
    /// When the token becomes valid, in seconds since the epoch.
    pub(crate) nbf: i64,
    /// When it ceases to be.
    pub(crate) exp: i64,
    /// When it was made, where it says so.
    pub(crate) iat: Option<i64>,
    /// Its identifier.
    pub(crate) jti: &'a str,
    /// What it may do.
    pub(crate) scopes: Vec<&'a str>,
}

impl<'a> Checked<'a> {
    /// Checks presence and types. Times are not compared with a clock here.
    pub(crate) fn read(claims: &'a Map<String, Value>, rules: &Rules) -> Result<Self, Refusal> {
        if let Some(claim) = rules.required.iter().find(|claim| !claims.contains_key(*claim)) {
            return Err(Refusal::ClaimMissing { claim: claim.clone() });
        }
        text(claims, "iss")?;
        Ok(Self {
            jti: text(claims, "jti")?,
            nbf: time(claims, "nbf")?.unwrap_or(i64::MIN),
            exp: time(claims, "exp")?.unwrap_or(i64::MAX),
            iat: time(claims, "iat")?,
            scopes: scopes(claims, &rules.scope_claim)?,
        })
    }

    /// Compares the times with the clock: `nbf` ≤ now < `exp` (RFC 7519 §4.1.4, §4.1.5), without leeway.
    pub(crate) fn at(&self, now: i64) -> Result<(), Refusal> {
        if self.exp <= now {
            return Err(Refusal::Expired { exp: self.exp, now });
        }
        if self.nbf > now {
            return Err(Refusal::NotYet { nbf: self.nbf, now });
        }
        Ok(())
    }
}

/// A claim that is a string with something in it, or absent.
fn text<'a>(claims: &'a Map<String, Value>, claim: &'static str) -> Result<&'a str, Refusal> {
    const WANTED: &str = "a string with something in it";
    match claims.get(claim) {
        None => Ok(""),
        Some(Value::String(text)) if text.is_empty() => {
            Err(Refusal::ClaimType { claim: claim.into(), found: "empty".into(), wanted: WANTED })
        }
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(Refusal::ClaimType { claim: claim.into(), found: kind(other).into(), wanted: WANTED }),
    }
}

/// A NumericDate that is an integer of seconds, or absent. RFC 7519 §2 allows a fraction; Gr4vy's claims are integers.
fn time(claims: &Map<String, Value>, claim: &'static str) -> Result<Option<i64>, Refusal> {
    let wrong = |found: String| Err(Refusal::ClaimType { claim: claim.into(), found, wanted: "an integer of seconds" });
    match claims.get(claim) {
        None => Ok(None),
        Some(Value::Number(number)) => match number.as_i64() {
            Some(value) => match unit(value) {
                None => Ok(Some(value)),
                Some(unit) => Err(Refusal::Unit { claim, found: value, unit }),
            },
            None => wrong(format!("the number {number}")),
        },
        Some(other) => wrong(kind(other).into()),
    }
}

/// The unit that `value` looks like, where that is not seconds.
fn unit(value: i64) -> Option<&'static str> {
    match value.unsigned_abs() {
        NANOSECONDS.. => Some("nanoseconds"),
        MICROSECONDS.. => Some("microseconds"),
        MILLISECONDS.. => Some("milliseconds"),
        _ => None,
    }
}

fn scopes<'a>(claims: &'a Map<String, Value>, claim: &str) -> Result<Vec<&'a str>, Refusal> {
    let wrong = |found: String| Refusal::ClaimType { claim: claim.to_owned(), found, wanted: "an array of strings" };
    match claims.get(claim) {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| item.as_str().ok_or_else(|| wrong(format!("an array with {} in it", kind(item)))))
            .collect(),
        Some(other) => Err(wrong(kind(other).into())),
    }
}
