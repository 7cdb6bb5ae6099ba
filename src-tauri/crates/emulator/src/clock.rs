//! The emulator's clock: the system's, put forward or back by the skew it was told to have.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::DateTime;

/// The system's time in seconds since the epoch, plus `skew` seconds.
pub(crate) fn now(skew: i64) -> i64 {
    let system = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or_else(|before| -seconds(before.duration().as_secs()), |since| seconds(since.as_secs()));
    system.saturating_add(skew)
}

/// The system's time in milliseconds since the epoch, whatever skew there is.
pub(crate) fn milliseconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    u64::try_from(since).unwrap_or(u64::MAX)
}

/// `now` as a `Date` header field value (RFC 9110 §5.6.7): `Sun, 22 Nov 2026 00:52:35 GMT`.
pub(crate) fn http_date(now: i64) -> String {
    at(now).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// `now` as RFC 3339, for bodies and the log: `2026-11-22T00:52:35Z`.
pub(crate) fn rfc3339(now: i64) -> String {
    at(now).format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A time as people read it, beside its number: `2026-11-22 00:52:35 UTC`. Beyond the calendar there is the number alone.
pub(crate) fn people(at: i64) -> String {
    DateTime::from_timestamp(at, 0).map_or_else(|| at.to_string(), |at| at.format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// A number of seconds as people read it, in its two greatest units: `40 s`, `5 min 3 s`, `1 h 5 min`, `12 d 4 h`.
pub(crate) fn span(seconds: i64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")];
    let seconds = seconds.unsigned_abs();
    let first = UNITS.iter().position(|(length, _)| seconds >= *length).unwrap_or(UNITS.len() - 1);
    let mut rest = seconds;
    let mut words = Vec::new();
    for (length, name) in UNITS.iter().skip(first).take(2) {
        if rest / length > 0 || words.is_empty() {
            words.push(format!("{} {name}", rest / length));
        }
        rest %= length;
    }
    words.join(" ")
}

/// A skew of many millennia leaves the calendar: the epoch then stands in for it.
fn at(now: i64) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(now, 0).unwrap_or(DateTime::UNIX_EPOCH)
}

fn seconds(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_http_and_rfc3339_want_them() {
        assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(rfc3339(784_111_777), "1994-11-06T08:49:37Z");
    }

    #[test]
    fn times_and_spans_read_well() {
        assert_eq!(people(784_111_777), "1994-11-06 08:49:37 UTC");
        assert_eq!(people(i64::MAX), "9223372036854775807");
        for (seconds, words) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (303, "5 min 3 s"),
            (3600, "1 h"),
            (3905, "1 h 5 min"),
            (-1_051_200, "12 d 4 h"),
        ] {
            assert_eq!(span(seconds), words);
        }
    }

    #[test]
    fn skew_moves_the_clock_and_never_overflows() {
        let plain = now(0);
        assert!((now(-3600) - plain + 3600).abs() <= 1);
        assert_eq!(now(i64::MAX), i64::MAX);
        assert_eq!(http_date(i64::MAX), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
