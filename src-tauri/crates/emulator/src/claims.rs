//! Required claims, their types and their times. The libraries' own checks are not used: they have a minute of leeway,
//! take milliseconds and floats without a word, and read the system's clock.

use serde_json::{Map, Value};

use crate::{
    clock,
    refusal::{Refusal, SessionRefusal},
    rules::Rules,
    token::kind,
};

/// Seconds are smaller than this until the year 5138; milliseconds have been larger since 1973.
const MILLISECONDS: u64 = 100_000_000_000;
const MICROSECONDS: u64 = 100_000_000_000_000;
const NANOSECONDS: u64 = 100_000_000_000_000_000;

/// When a token is valid, in seconds since the epoch.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    /// When it becomes valid; always, where it does not say.
    pub(crate) nbf: i64,
    /// When it ceases to be; never, where it does not say.
    pub(crate) exp: i64,
    /// When it was made, where it says so.
    pub(crate) iat: Option<i64>,
}

impl Times {
    /// Checks the types. Nothing is compared with a clock here.
    pub(crate) fn read(claims: &Map<String, Value>) -> Result<Self, Refusal> {
        Ok(Self {
            nbf: time(claims, "nbf")?.unwrap_or(i64::MIN),
            exp: time(claims, "exp")?.unwrap_or(i64::MAX),
            iat: time(claims, "iat")?,
        })
    }

    /// Compares them with the clock: `nbf` ≤ now < `exp` (RFC 7519 §4.1.4, §4.1.5), without leeway.
    pub(crate) fn at(&self, now: i64) -> Result<(), Refusal> {
        if self.exp <= now {
            return Err(Refusal::Expired { exp: self.exp, now });
        }
        if self.nbf > now {
            return Err(Refusal::NotYet { claim: "nbf", time: self.nbf, now });
        }
        Ok(())
    }

    /// Refuses a token that its caller made before `cut`, where all of those were expired on demand.
    pub(crate) fn not_cut(&self, cut: Option<i64>) -> Result<(), SessionRefusal> {
        let made = self.iat.unwrap_or(self.nbf);
        if cut.is_some_and(|cut| made < cut) { Err(SessionRefusal::Cut) } else { Ok(()) }
    }

    /// What is to be said of an `iat` that lies ahead.
    pub(crate) fn made_ahead(&self, now: i64) -> Option<String> {
        let iat = self.iat.filter(|iat| *iat > now)?;
        Some(format!("\"iat\" is {} ahead; some servers refuse that", clock::span(iat.saturating_sub(now))))
    }
}

/// Checks that the required claims are there.
pub(crate) fn required(claims: &Map<String, Value>, rules: &Rules) -> Result<(), Refusal> {
    match rules.required.iter().find(|claim| !claims.contains_key(*claim)) {
        Some(claim) => Err(Refusal::ClaimMissing { claim: claim.clone() }),
        None => Ok(()),
    }
}

/// A claim that is a string with something in it, or absent.
pub(crate) fn text<'a>(claims: &'a Map<String, Value>, claim: &'static str) -> Result<&'a str, Refusal> {
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

/// The scopes in a list of them.
pub(crate) fn scopes<'a>(claims: &'a Map<String, Value>, claim: &str) -> Result<Vec<&'a str>, Refusal> {
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
