//! Rate limits in an answer, in the fields and units that the definition names.

use jose::time::span;
use provider::{
    Definition,
    definition::{RateLimit, RateReset},
};

use super::clock::server_time;
use crate::Answer;

/// One rate limit as an answer tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// What it applies to: `each key`.
    pub applies_to: String,
    /// Calls in one stretch of time.
    pub limit: Option<u64>,
    /// Calls that are left of them.
    pub remaining: Option<u64>,
    /// Seconds until the count begins anew.
    pub resets_in: Option<u64>,
}

impl Rate {
    /// In words: `0 of 100 calls are left for each key; the count begins anew in 42 s`.
    pub fn words(&self) -> String {
        let left = match (self.remaining, self.limit) {
            (Some(left), Some(limit)) => format!("{left} of {limit} calls are left"),
            (Some(left), None) => format!("{left} calls are left"),
            (None, Some(limit)) => format!("at most {limit} calls are taken"),
            (None, None) => "calls are counted".to_owned(),
        };
        let reset = self
            .resets_in
            .map(|seconds| format!("; the count begins anew in {}", span(i64::try_from(seconds).unwrap_or(i64::MAX))));
        format!("{left} for {}{}", self.applies_to, reset.unwrap_or_default())
    }

    /// Whether no call is left.
    pub fn is_used_up(&self) -> bool {
        self.remaining == Some(0)
    }
}

/// A reset further away is a slip of its unit.
const LONGEST: u64 = 366 * 86_400;

/// The rate limits that an answer tells. `arrived` is when it came, in seconds since 1970.
pub(crate) fn rates(definition: &Definition, answer: &Answer, arrived: i64) -> Vec<Rate> {
    definition.rate_limits.iter().filter_map(|limit| rate(limit, answer, arrived)).collect()
}

fn rate(rule: &RateLimit, answer: &Answer, arrived: i64) -> Option<Rate> {
    let number = |name: &Option<String>| {
        let value = answer.header(name.as_deref()?)?.trim().parse::<f64>().ok()?;
        (0.0..1e15).contains(&value).then(|| value.ceil() as u64)
    };
    let (limit, remaining) = (number(&rule.limit_header), number(&rule.remaining_header));
    let resets_in = number(&rule.reset_header).and_then(|reset| match rule.reset_unit? {
        RateReset::Seconds => Some(reset),
        RateReset::EpochSeconds => {
            let now = server_time(answer).unwrap_or(arrived);
            // A time that has passed is not one to wait for.
            Some(u64::try_from(i64::try_from(reset).ok()?.saturating_sub(now)).unwrap_or(0))
        }
    });
    let resets_in = resets_in.filter(|seconds| *seconds <= LONGEST);
    let told = limit.is_some() || remaining.is_some() || resets_in.is_some();
    told.then(|| Rate { applies_to: rule.applies_to.clone(), limit, remaining, resets_in })
}
