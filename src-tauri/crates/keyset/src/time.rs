//! Moments and lengths of time, in whole seconds of UTC. No sum leaves its range, and none trusts that a clock runs forward.

use std::{fmt, str::FromStr};

use jose::duration::{self, DurationError};
use serde::{Deserialize, Deserializer, Serialize, de};

/// A moment as a clock showed it: seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct At(pub i64);

impl At {
    /// The moment `span` later.
    #[must_use]
    pub fn after(self, span: Span) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.0).unwrap_or(i64::MAX)))
    }

    /// How long ago `earlier` was; none where it lies ahead, because a clock was set back: then nobody knows.
    pub fn since(self, earlier: Self) -> Option<Span> {
        (self >= earlier).then(|| Span(self.0.abs_diff(earlier.0)))
    }

    /// How long it is until `later`; nothing if that is past.
    #[must_use]
    pub fn until(self, later: Self) -> Span {
        later.since(self).unwrap_or(Span(0))
    }
}

/// In words: `2026-12-01 09:28:00 UTC`.
impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&jose::time::utc(self.0))
    }
}

/// A length of time in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Span(pub u64);

impl Span {
    /// A minute.
    pub const MINUTE: Self = Self(60);
    /// An hour.
    pub const HOUR: Self = Self(3_600);
    /// A day of 24 hours: none of these lengths follows a calendar.
    pub const DAY: Self = Self(86_400);

    /// So many of it.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// Both, one after the other.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// In words: `90 s`, `1 h 30 min`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&jose::time::span(i64::try_from(self.0).unwrap_or(i64::MAX)))
    }
}

impl FromStr for Span {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        duration::parse(text).map(Self)
    }
}

/// A number of seconds, as records keep it, or a text such as `15m`, as definitions write it.
impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Span;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as \"15m\"")
            }

            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Span, E> {
                Ok(Span(seconds))
            }

            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Span, E> {
                u64::try_from(seconds).map(Span).map_err(|_| E::invalid_value(de::Unexpected::Signed(seconds), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Span, E> {
                text.parse().map_err(|error| E::custom(format!("{error}, wanted one such as \"15m\"")))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sum_leaves_its_range() {
        assert_eq!(At(i64::MAX).after(Span::DAY), At(i64::MAX));
        assert_eq!(At(0).after(Span(u64::MAX)), At(i64::MAX));
        assert_eq!(At(i64::MAX).since(At(i64::MIN)), Some(Span(u64::MAX)));
        assert_eq!(Span(u64::MAX).and(Span::HOUR).times(2), Span(u64::MAX));
    }

    #[test]
    fn what_lies_ahead_is_not_ago() {
        assert_eq!(At(10).since(At(11)), None);
        assert_eq!(At(10).since(At(10)), Some(Span(0)));
        assert_eq!(At(10).until(At(70)), Span::MINUTE);
        assert_eq!(At(70).until(At(10)), Span(0));
    }

    #[test]
    fn records_count_seconds_and_definitions_write_words() {
        let read = |text: &str| serde_json::from_str::<Span>(text).map_err(|error| error.to_string());
        assert_eq!(read("900"), Ok(Span(900)));
        assert_eq!(read("\"15m\""), Ok(Span(900)));
        assert_eq!(serde_json::to_string(&Span(900)).unwrap(), "900");
        insta::assert_snapshot!([read("-1"), read("\"soon\""), read("true")].map(Result::unwrap_err).join("\n"), @r#"
        invalid value: integer `-1`, expected a duration such as "15m" at line 1 column 2
        "soon" is not a duration, wanted one such as "15m" at line 1 column 6
        invalid type: boolean `true`, expected a duration such as "15m" at line 1 column 4
        "#);
    }
}
