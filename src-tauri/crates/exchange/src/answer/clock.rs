//! The server's clock, as an answer tells it, beside ours.

use chrono::{DateTime, NaiveDateTime};
use jose::time::{span, utc};

use crate::Answer;

/// How the server's clock stands to ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skew {
    /// By how many seconds ours is ahead; behind if negative. Precise to a second, as `Date` is.
    pub ahead: i64,
    /// By how many seconds less it may be ahead: `Date` is cut to its second, and the answer took its time.
    pub less: i64,
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
/// By how many seconds ours may be more ahead than was reckoned: when the request left is known in whole seconds, and
/// how long the answer took is cut to them.
const OUR_SECONDS: i64 = 2;

impl Skew {
    /// Compares the answer's `Date` with the time at which it arrived here, `took` seconds after the request was sent.
    /// `left` is how long the token has to live.
    pub(crate) fn measure(answer: &Answer, arrived: i64, took: i64, left: Option<i64>) -> Option<Self> {
        let ahead = arrived.saturating_sub(server_time(answer)?);
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
        Some(Self { ahead, less: took.saturating_add(1), grade })
    }

    /// The server's time when our clock says `now`: to sign with it once, where the clocks disagree.
    pub fn server_time(&self, now: i64) -> ServerTime {
        let now = now.saturating_sub(self.ahead).saturating_sub(OUR_SECONDS);
        ServerTime { now, uncertainty: self.less.saturating_add(1 + OUR_SECONDS) }
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

/// The time by the server's clock, reckoned from one of its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerTime {
    /// In seconds since 1970, the earliest that it can be: a token signed with it has begun there.
    pub now: i64,
    /// How many seconds later it can be.
    pub uncertainty: i64,
}

impl ServerTime {
    /// In words: `2026-11-20 14:05:06 UTC by the server's clock, or up to 2 s later`.
    pub fn words(&self) -> String {
        format!("{} by the server's clock, or up to {} later", utc(self.now), span(self.uncertainty))
    }
}

/// When the server wrote the answer, by its own clock.
pub(crate) fn server_time(answer: &Answer) -> Option<i64> {
    http_date(answer.header("date")?)
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
        let grade = |ahead: i64, left| Skew::measure(&answer, 784_111_777 + ahead, 0, left).unwrap().grade;
        assert_eq!(grade(4, None), SkewGrade::Fine);
        assert_eq!(grade(-5, None), SkewGrade::Noticeable);
        assert_eq!(grade(20, Some(20)), SkewGrade::Harmful);
        assert_eq!(grade(30, None), SkewGrade::Harmful);
        assert_eq!(
            Skew::measure(&answer, 784_111_777 - 94, 0, None).unwrap().words(),
            "your clock is 94 s behind the server's"
        );
    }

    #[test]
    fn the_time_to_sign_with_has_begun_at_the_server() {
        let answer = Answer {
            status: 401,
            headers: vec![("date".into(), "Sun, 06 Nov 1994 08:49:37 GMT".into())],
            body: Vec::new(),
            cut: false,
        };
        // Between sending and arriving three seconds passed; the server's clock is anywhere within them, and its second.
        let skew = Skew::measure(&answer, 784_111_777 + 94, 3, None).unwrap();
        let time = skew.server_time(784_111_777 + 100);
        assert_eq!(time, ServerTime { now: 784_111_781, uncertainty: 7 });
        insta::assert_snapshot!(time.words(), @"1994-11-06 08:49:41 UTC by the server's clock, or up to 7 s later");
    }
}
