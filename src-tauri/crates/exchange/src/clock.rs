//! What an answer says about time: the server's clock, and how long to wait.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime};
use jose::{json::Document, time::span};
use provider::Definition;

use crate::{Answer, said::point};

/// How the server's clock stands to ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skew {
    /// By how many seconds ours is ahead; behind if negative. Precise to a second, as `Date` is.
    pub ahead: i64,
    /// How grave that is.
    pub grade: SkewGrade,
}

/// How grave a difference between clocks is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkewGrade {
    /// Under 5 seconds.
    Fine,
    /// From 5 seconds.
    Noticeable,
    /// From 30 seconds, or as much as the token has left to live.
    Harmful,
}

/// From how many seconds a difference is worth saying.
const NOTICEABLE: u64 = 5;
/// From how many seconds a difference breaks tokens of common lifetimes.
const HARMFUL: u64 = 30;

impl Skew {
    /// Compares the answer's `Date` with the time at which it arrived here. `left` is how long the token has to live.
    pub(crate) fn of(answer: &Answer, arrived: i64, left: Option<i64>) -> Option<Self> {
        let date = http_date(answer.header("date")?)?;
        let ahead = arrived.saturating_sub(date);
        let size = ahead.unsigned_abs();
        let grade = match size {
            size if size >= HARMFUL => SkewGrade::Harmful,
            size if size >= NOTICEABLE
                && left.is_some_and(|left| i64::try_from(size).is_ok_and(|size| size >= left)) =>
            {
                SkewGrade::Harmful
            }
            size if size >= NOTICEABLE => SkewGrade::Noticeable,
            _ => SkewGrade::Fine,
        };
        Some(Self { ahead, grade })
    }

    /// In words: `your clock is 94 s ahead of the server's`.
    pub fn words(&self) -> String {
        let size = span(self.ahead);
        match self.ahead {
            0 => "your clock agrees with the server's".to_owned(),
            ahead if ahead > 0 => format!("your clock is {size} ahead of the server's"),
            _ => format!("your clock is {size} behind the server's"),
        }
    }
}

/// A time as HTTP writes it, in seconds since 1970: the usual form, and the two obsolete ones that are still to be
/// read (RFC 9110 §5.6.7).
pub(crate) fn http_date(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc2822(text) {
        return Some(time.timestamp());
    }
    ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map(|time| time.and_utc().timestamp())
}

/// How long a server may ask one to wait before it is no longer believed.
const LONGEST_WAIT: u64 = 86_400;

/// How long to wait before the next try, and what was odd about the way it was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) time: Option<Duration>,
    pub(crate) oddities: Vec<String>,
}

/// The longer of `Retry-After` (seconds, or a date) and the body's own member.
pub(crate) fn wait(definition: &Definition, answer: &Answer, body: Option<&Document<'_>>, arrived: i64) -> Wait {
    let mut wait = Wait::default();
    let mut longest: Option<u64> = None;
    let mut take = |place: &str, text: &str, seconds: Option<u64>| match seconds {
        Some(seconds) if seconds > LONGEST_WAIT => {
            wait.oddities.push(format!("{place} asks for {}, of which no more than a day is believed.", shorten(text)));
            longest = longest.max(Some(LONGEST_WAIT));
        }
        Some(seconds) => longest = longest.max(Some(seconds)),
        None => wait.oddities.push(format!("{place} is {}, which is not a time to wait.", shorten(text))),
    };
    if let Some(text) = answer.header("retry-after") {
        let text = text.trim();
        let seconds = text.parse::<u64>().ok().or_else(|| {
            let until = http_date(text)?;
            u64::try_from(until.saturating_sub(arrived).max(0)).ok()
        });
        take("Retry-After", text, seconds);
    }
    for pointer in &definition.errors.retry_after {
        if let Some(node) = body.and_then(|body| point(body.root(), pointer)) {
            let raw = node.as_str().map_or_else(|| node.raw().to_owned(), |text| text.into_owned());
            let whole =
                raw.parse::<f64>().ok().filter(|value| (0.0..1e18).contains(value)).map(|value| value.ceil() as u64);
            take(pointer, &raw, whole);
        }
    }
    wait.time = longest.map(Duration::from_secs);
    wait
}

fn shorten(text: &str) -> String {
    let short: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(40).collect();
    format!("{short:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_forms_of_date() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(http_date(text), Some(784_111_777), "{text}");
        }
        assert_eq!(http_date("yesterday"), None);
    }

    #[test]
    fn grades_of_skew() {
        let answer = Answer {
            status: 200,
            headers: vec![("date".into(), "Sun, 06 Nov 1994 08:49:37 GMT".into())],
            body: Vec::new(),
            cut: false,
        };
        let grade = |ahead: i64, left| Skew::of(&answer, 784_111_777 + ahead, left).unwrap().grade;
        assert_eq!(grade(4, None), SkewGrade::Fine);
        assert_eq!(grade(-5, None), SkewGrade::Noticeable);
        assert_eq!(grade(20, Some(20)), SkewGrade::Harmful);
        assert_eq!(grade(30, None), SkewGrade::Harmful);
        assert_eq!(
            Skew::of(&answer, 784_111_777 - 94, None).unwrap().words(),
            "your clock is 94 s behind the server's"
        );
    }
}
