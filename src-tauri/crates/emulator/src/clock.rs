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

/// `now` as a `Date` header field value (RFC 9110 §5.6.7): `Sun, 22 Nov 2026 00:52:35 GMT`.
pub(crate) fn http_date(now: i64) -> String {
    at(now).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// `now` as RFC 3339, for bodies and the log: `2026-11-22T00:52:35Z`.
pub(crate) fn rfc3339(now: i64) -> String {
    at(now).format("%Y-%m-%dT%H:%M:%SZ").to_string()
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
    fn skew_moves_the_clock_and_never_overflows() {
        let plain = now(0);
        assert!((now(-3600) - plain + 3600).abs() <= 1);
        assert_eq!(now(i64::MAX), i64::MAX);
        assert_eq!(http_date(i64::MAX), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
