//! Durations as people write them: `15m`, `1h`, `24h`, `90d`, `900`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de};

/// A length of time in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seconds(pub u64);

/// Units and their seconds, largest first.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// A century. A longer life is a slip of the keyboard, and sums with it could leave 64 bits.
const LONGEST: u64 = 100 * 365 * 86_400;

/// Why a text is not a duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// There is no text.
    #[error("the duration is empty")]
    Empty,
    /// The part before the unit is not a whole number.
    #[error("{found:?} is not a duration")]
    NotANumber {
        /// The whole text.
        found: String,
    },
    /// The unit is none of those known.
    #[error("{unit:?} in {found:?} is not a unit of time")]
    Unit {
        /// The whole text.
        found: String,
        /// The letters after the number.
        unit: String,
    },
    /// Longer than a century.
    #[error("{found:?} is longer than 100 years")]
    TooLong {
        /// The whole text.
        found: String,
    },
}

impl DurationError {
    /// What to write instead.
    pub fn hint(&self) -> Option<&'static str> {
        Some("write a whole number and a unit: 30s, 15m, 1h, 7d; a number alone counts seconds")
    }
}

/// Reads one number with one unit (`s`, `m`, `h`, `d`), or a number alone, which counts seconds.
///
/// ```
/// # use keywright_provider::{Seconds, parse_duration};
/// assert_eq!(parse_duration("15m"), Ok(Seconds(900)));
/// assert_eq!(parse_duration("900"), Ok(Seconds(900)));
/// ```
pub fn parse_duration(text: &str) -> Result<Seconds, DurationError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DurationError::Empty);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err(DurationError::NotANumber { found: text.to_owned() });
    }
    let factor = match unit {
        "" => 1,
        unit => UNITS
            .iter()
            .find(|(letter, _)| unit.eq_ignore_ascii_case(letter.encode_utf8(&mut [0; 4])))
            .map(|(_, seconds)| *seconds)
            .ok_or_else(|| DurationError::Unit { found: text.to_owned(), unit: unit.to_owned() })?,
    };
    number
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(factor))
        .filter(|seconds| *seconds <= LONGEST)
        .map(Seconds)
        .ok_or_else(|| DurationError::TooLong { found: text.to_owned() })
}

impl FromStr for Seconds {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_duration(text)
    }
}

/// In words, largest unit first: `1 h 30 min`.
impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0 s");
        }
        let mut rest = self.0;
        let mut gap = "";
        for (letter, seconds) in UNITS {
            let (count, unit) = (rest / seconds, if letter == 'm' { "min" } else { &letter.to_string() });
            if count > 0 {
                write!(f, "{gap}{count} {unit}")?;
                gap = " ";
            }
            rest %= seconds;
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_duration(&text).map_err(|error| de::Error::custom(format!("{error}, wanted one such as \"15m\"")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_bare_seconds() {
        for (text, seconds) in
            [("0", 0), ("900", 900), ("30s", 30), ("15m", 900), ("1h", 3600), ("24H", 86_400), (" 90d ", 7_776_000)]
        {
            assert_eq!(parse_duration(text), Ok(Seconds(seconds)), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_duration_is_named() {
        let errors: Vec<String> = ["", "soon", "-5m", "15 m", "1.5h", "15min", "5w", "99999999999999999999", "40000d"]
            .iter()
            .map(|text| parse_duration(text).unwrap_err().to_string())
            .collect();
        insta::assert_snapshot!(errors.join("\n"), @r#"
        the duration is empty
        "soon" is not a duration
        "-5m" is not a duration
        " m" in "15 m" is not a unit of time
        ".5h" in "1.5h" is not a unit of time
        "min" in "15min" is not a unit of time
        "w" in "5w" is not a unit of time
        "99999999999999999999" is longer than 100 years
        "40000d" is longer than 100 years
        "#);
    }

    #[test]
    fn words() {
        let words: Vec<String> = [0, 30, 60, 3600, 5400, 90_061].iter().map(|s| Seconds(*s).to_string()).collect();
        assert_eq!(words, ["0 s", "30 s", "1 min", "1 h", "1 h 30 min", "1 d 1 h 1 min 1 s"]);
    }
}
