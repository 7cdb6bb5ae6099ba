//! A length of time in a definition or a request, in whole seconds.

use std::{fmt, str::FromStr};

use jose::duration::{self, DurationError};
use serde::{Deserialize, Deserializer, de};

/// A length of time in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seconds(pub u64);

/// Reads a duration as people write it: `15m`, `1h30m`, `900`.
///
/// ```
/// # use keywright_provider::{Seconds, parse_duration};
/// assert_eq!(parse_duration("15m"), Ok(Seconds(900)));
/// ```
pub fn parse_duration(text: &str) -> Result<Seconds, DurationError> {
    duration::parse(text).map(Seconds)
}

impl FromStr for Seconds {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_duration(text)
    }
}

/// In words: `90 s`, `1 h 30 min`.
impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&jose::time::span(i64::try_from(self.0).unwrap_or(i64::MAX)))
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_duration(&text).map_err(|error| de::Error::custom(format!("{error}, wanted one such as \"15m\"")))
    }
}
