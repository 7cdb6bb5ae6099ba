//! The time when a key was made, as a person says it.

use chrono::{NaiveDate, NaiveTime};
use keyset::{Age, At};

/// What a person says who does not know.
pub const UNKNOWN: &str = "unknown";

/// Reads a day such as `2026-11-22`, which counts from its beginning in UTC, or `unknown`.
pub fn read_made(text: &str) -> Result<Age, String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case(UNKNOWN) {
        return Ok(Age::NotKnown);
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d");
    let day = day.map_err(|_| format!("{text:?} is not a day; wanted one such as 2026-11-22, or {UNKNOWN}"))?;
    Ok(Age::Made(At(day.and_time(NaiveTime::MIN).and_utc().timestamp())))
}

/// A time as such a day.
pub fn day(at: i64) -> String {
    jose::time::utc(at).chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_counts_from_its_beginning() {
        assert_eq!(read_made("2026-11-22"), Ok(Age::Made(At(1_795_305_600))));
        assert_eq!(read_made(" Unknown "), Ok(Age::NotKnown));
        assert_eq!(day(1_795_305_600 + 86_399), "2026-11-22");
        for wrong in ["", "22.11.2026", "2026-02-30", "yesterday", "2026-11-22T10:00:00Z"] {
            let error = read_made(wrong).unwrap_err();
            assert!(error.contains("wanted one such as 2026-11-22, or unknown"), "{error}");
        }
    }
}
