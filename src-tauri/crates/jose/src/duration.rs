//! Durations as people write them: `15m`, `1h`, `1h30m`, `90d`, `900`.

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
    /// What stands before a unit is not a whole number.
    #[error("{found:?} is not a duration")]
    NotANumber {
        /// The whole text.
        found: String,
    },
    /// The unit is none of those known, or stands after a smaller one.
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
        Some("write a whole number and a unit: 30s, 15m, 1h, 1h30m, 7d; a number alone counts seconds")
    }
}

/// Reads numbers with units (`s`, `m`, `h`, `d`) from the largest down, or a number alone, which counts seconds.
/// Returns seconds, at most a century.
///
/// ```
/// # use keywright_jose::duration::parse;
/// assert_eq!(parse("1h30m"), Ok(5_400));
/// assert_eq!(parse("900"), Ok(900));
/// ```
pub fn parse(text: &str) -> Result<u64, DurationError> {
    let text = text.trim();
    let found = || text.to_owned();
    if text.is_empty() {
        return Err(DurationError::Empty);
    }
    let (mut rest, mut total, mut units) = (text, 0_u64, UNITS.as_slice());
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at(digits);
        if number.is_empty() {
            return Err(DurationError::NotANumber { found: found() });
        }
        let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, next) = tail.split_at(letters);
        let factor = match unit {
            "" if rest.len() == text.len() => 1,
            unit => {
                let at =
                    units.iter().position(|(letter, _)| unit.eq_ignore_ascii_case(letter.encode_utf8(&mut [0; 4])));
                let at = at.ok_or_else(|| DurationError::Unit { found: found(), unit: unit.to_owned() })?;
                let factor = units[at].1;
                units = &units[at + 1..];
                factor
            }
        };
        let seconds = number.parse::<u64>().ok().and_then(|n| n.checked_mul(factor)).and_then(|n| n.checked_add(total));
        total = seconds.filter(|n| *n <= LONGEST).ok_or_else(|| DurationError::TooLong { found: found() })?;
        rest = next;
    }
    Ok(total)
}

/// A duration as one number with its largest whole unit: `1h`, `90m`, `45s`.
pub fn short(seconds: u64) -> String {
    let whole = UNITS.iter().find(|(_, factor)| seconds >= *factor && seconds.is_multiple_of(*factor));
    match whole {
        Some((letter, factor)) => format!("{}{letter}", seconds / factor),
        None => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_bare_seconds() {
        for (text, seconds) in [
            ("0", 0),
            ("900", 900),
            ("30s", 30),
            ("15m", 900),
            ("1h", 3_600),
            ("1h30m", 5_400),
            ("24H", 86_400),
            (" 90d ", 7_776_000),
        ] {
            assert_eq!(parse(text), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn the_largest_whole_unit_is_written() {
        for (seconds, text) in [(0, "0s"), (45, "45s"), (300, "5m"), (5_400, "90m"), (86_400, "1d"), (90_061, "90061s")]
        {
            assert_eq!(short(seconds), text);
            assert_eq!(parse(text), Ok(seconds));
        }
    }

    #[test]
    fn what_is_not_a_duration_is_named() {
        let texts =
            ["", "soon", "-5m", "15 m", "1.5h", "15min", "5w", "30m1h", "1h5", "99999999999999999999", "40000d"];
        let errors: Vec<String> = texts.iter().map(|text| parse(text).unwrap_err().to_string()).collect();
        insta::assert_snapshot!(errors.join("\n"), @r#"
        the duration is empty
        "soon" is not a duration
        "-5m" is not a duration
        " m" in "15 m" is not a unit of time
        "." in "1.5h" is not a unit of time
        "min" in "15min" is not a unit of time
        "w" in "5w" is not a unit of time
        "h" in "30m1h" is not a unit of time
        "" in "1h5" is not a unit of time
        "99999999999999999999" is longer than 100 years
        "40000d" is longer than 100 years
        "#);
    }
}
