//! When a delivery was signed, and whether that is near enough to now.

use super::{Timestamp, TimestampUnit};
use crate::{
    Code, Finding,
    text::elide,
    time::{Unit, span, utc},
};

impl TimestampUnit {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        self.unit().name()
    }

    /// The same among all units.
    pub(super) const fn unit(self) -> Unit {
        match self {
            Self::Seconds => Unit::Seconds,
            Self::Milliseconds => Unit::Milliseconds,
        }
    }
}

/// A whole number of a timestamp. `123abc` is none, though some languages read it as 123.
pub(super) fn read(text: &str, unit: TimestampUnit) -> Result<i64, Finding> {
    let malformed = |found: String| {
        let hint = format!("wanted {} since 1970-01-01T00:00:00Z, as digits alone", unit.name());
        Finding::new(Code::WebhookTimeMalformed, found).hint(hint)
    };
    if text.is_empty() {
        return Err(malformed("the timestamp is empty".to_owned()));
    }
    if let Some((at, c)) = text.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
        let found = format!("the timestamp \"{}\" is not a whole number: {c:?} at character {}", elide(text), at + 1);
        return Err(malformed(found));
    }
    text.parse().map_err(|_| malformed(format!("the timestamp {} is beyond any date", elide(text))))
}

/// Judges a timestamp at `now`, in seconds. Gives back when that was, in seconds, and what it means.
pub(super) fn judge(value: i64, timestamp: &Timestamp, now: i64) -> (i64, Result<String, Finding>) {
    let per_second = timestamp.unit.unit().per_second();
    let at = value.div_euclid(per_second);
    (at, judge_unit(value, timestamp.unit).and_then(|()| judge_age(value, timestamp, now)))
}

/// A number of this size counts what the scheme says.
fn judge_unit(value: i64, wanted: TimestampUnit) -> Result<(), Finding> {
    let found = Unit::of(value as f64);
    // Few digits are a time long ago in seconds, and in milliseconds a sign of seconds.
    match found {
        Some(unit) if unit == wanted.unit() => Ok(()),
        found => {
            let unit = found.map_or("no unit that is known", Unit::name);
            let message = format!("the timestamp {value} is in {unit}; wanted {}", wanted.name());
            let finding = Finding::new(Code::WebhookTimeUnit, message);
            Err(match found {
                Some(unit) => {
                    let seconds = value.div_euclid(unit.per_second());
                    finding.hint(format!("in {} it is {}", unit.name(), utc(seconds)))
                }
                None => finding,
            })
        }
    }
}

fn judge_age(value: i64, timestamp: &Timestamp, now: i64) -> Result<String, Finding> {
    let per_second = i128::from(timestamp.unit.unit().per_second());
    let age = i128::from(now) * per_second - i128::from(value);
    let at = utc(value.div_euclid(timestamp.unit.unit().per_second()));
    let seconds = |age: i128| i64::try_from(age / per_second).unwrap_or(i64::MAX);
    let most = |tolerance: u64| span(i64::try_from(tolerance).unwrap_or(i64::MAX));
    if age > i128::from(timestamp.past) * per_second {
        let found = format!("signed {} ago, at {at}; at most {} are taken", span(seconds(age)), most(timestamp.past));
        let hint = "it was kept, or somebody sends it again; if it has just come in, compare the clocks";
        return Err(Finding::new(Code::WebhookOld, found).hint(hint));
    }
    if -age > i128::from(timestamp.future) * per_second {
        let found = format!(
            "signed {} ahead of now, at {at}; at most {} are taken",
            span(seconds(-age)),
            most(timestamp.future)
        );
        return Err(Finding::new(Code::WebhookAhead, found).hint("compare the clocks"));
    }
    Ok(match age {
        0.. => format!("signed {} ago, at {at}", span(seconds(age))),
        _ => format!("signed {} ahead of now, at {at}", span(seconds(-age))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::TimestampPlace;

    #[test]
    fn a_timestamp_is_a_whole_number_near_now() {
        let seconds = Timestamp {
            place: TimestampPlace::Claim(String::new()),
            unit: TimestampUnit::Seconds,
            past: 300,
            future: 60,
        };
        let milliseconds = Timestamp { unit: TimestampUnit::Milliseconds, ..seconds.clone() };
        let now = 1_744_018_920;
        let said = |timestamp: &Timestamp, text: &str| match read(text, timestamp.unit) {
            Ok(value) => match judge(value, timestamp, now) {
                (at, Ok(words)) => format!("{text}: {words} ({at})"),
                (_, Err(finding)) => {
                    format!("{text}: {}: {} ({})", finding.code, finding.message, finding.hint.unwrap_or_default())
                }
            },
            Err(finding) => format!("{text}: {}: {}", finding.code, finding.message),
        };
        let lines = [
            said(&seconds, "1744018920"),
            said(&seconds, "1744018620"),
            said(&seconds, "1744018619"),
            said(&seconds, "1744018980"),
            said(&seconds, "1744018981"),
            said(&seconds, "1744018920000"),
            said(&seconds, "9223372036854775807"),
            said(&seconds, "9223372036854775808"),
            said(&seconds, "0"),
            said(&seconds, "123abc"),
            said(&seconds, "1744018920.5"),
            said(&seconds, "-1"),
            said(&seconds, "+1744018920"),
            said(&seconds, " 1744018920"),
            said(&seconds, "2025-04-07T09:42:00Z"),
            said(&seconds, "١٧٤٤"),
            said(&seconds, ""),
            said(&milliseconds, "1744018920123"),
            said(&milliseconds, "1744018620000"),
            said(&milliseconds, "1744018619999"),
            said(&milliseconds, "1744018980001"),
            said(&milliseconds, "1744018920"),
        ];
        insta::assert_snapshot!(lines.join("\n"));
        for now in [i64::MIN, -1, 0, i64::MAX] {
            for value in [i64::MIN, -1, 0, i64::MAX] {
                let _ = judge(value, &Timestamp { past: u64::MAX, ..milliseconds.clone() }, now);
            }
        }
    }
}
