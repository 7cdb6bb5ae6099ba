//! Ways in which the emulator can be told to misbehave: a wrong clock, slowness, 429 and 5xx answers, half an answer.

use std::{str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

/// How the emulator misbehaves. The default is not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Seconds by which its clock is ahead; negative: behind. `Date` header fields show it.
    pub skew: i64,
    /// Milliseconds that it waits before each answer, at most [`Faults::LONGEST_DELAY`].
    pub delay_ms: u32,
    /// What it answers instead of looking at the request.
    pub fail: Option<Fail>,
    /// Whether it ends the connection in the middle of each answer's body, as a server that is stopped then.
    pub break_off: bool,
}

impl Faults {
    /// Ten minutes in milliseconds.
    pub const LONGEST_DELAY: u32 = 600_000;

    /// The wait before each answer.
    pub(crate) fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms.min(Self::LONGEST_DELAY).into())
    }

    /// The failure that is due for one more request, counted down.
    pub(crate) fn next_failure(&mut self) -> Option<Fail> {
        let fail = self.fail?;
        self.fail = match fail.times {
            None => Some(fail),
            Some(times) => times.checked_sub(1).filter(|left| *left > 0).map(|left| Fail { times: Some(left), ..fail }),
        };
        (fail.times != Some(0)).then_some(fail)
    }
}

/// An answer that is given without looking at the request.
///
/// Written `STATUS`, `STATUSxTIMES` or either with `:SECONDS` for `Retry-After`: `503`, `429x2`, `429x2:5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawFail")]
pub struct Fail {
    status: u16,
    times: Option<u32>,
    retry_after: Option<u32>,
}

impl Fail {
    /// The statuses that can be asked for.
    pub const STATUSES: [u16; 6] = [425, 429, 500, 502, 503, 504];

    /// Answers `status` to the next `times` requests, to all where that is `None`, with a `Retry-After` of so many
    /// seconds. Fails where the status is not among [`Fail::STATUSES`].
    pub fn new(status: u16, times: Option<u32>, retry_after: Option<u32>) -> Result<Self, FailSyntax> {
        if Self::STATUSES.contains(&status) {
            Ok(Self { status, times, retry_after })
        } else {
            Err(FailSyntax::Status { found: status.to_string() })
        }
    }

    /// The status that is answered.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Seconds for the `Retry-After` field.
    pub fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }
}

/// Why a failure could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FailSyntax {
    /// A status that cannot be asked for.
    #[error("the status is {found:?}, wanted 425, 429, 500, 502, 503 or 504")]
    Status {
        /// What was found.
        found: String,
    },
    /// The number of times is not a number.
    #[error("the number of times is {found:?}, wanted a number as in 429x2")]
    Times {
        /// What was found.
        found: String,
    },
    /// The seconds are not a number.
    #[error("the seconds to retry after are {found:?}, wanted a number as in 429x2:5")]
    RetryAfter {
        /// What was found.
        found: String,
    },
}

impl FromStr for Fail {
    type Err = FailSyntax;

    fn from_str(text: &str) -> Result<Self, FailSyntax> {
        let (rest, retry_after) = split(text, ':');
        let (status, times) = split(rest, 'x');
        let retry_after = number(retry_after).map_err(|found| FailSyntax::RetryAfter { found })?;
        let times = number(times).map_err(|found| FailSyntax::Times { found })?;
        let status = status.parse().map_err(|_| FailSyntax::Status { found: status.into() })?;
        Self::new(status, times, retry_after)
    }
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(left, right)| (left, Some(right)))
}

fn number(text: Option<&str>) -> Result<Option<u32>, String> {
    text.map(|text| text.parse().map_err(|_| text.to_owned())).transpose()
}

/// A failure as JSON, before its status was looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFail {
    status: u16,
    times: Option<u32>,
    retry_after: Option<u32>,
}

impl TryFrom<RawFail> for Fail {
    type Error = FailSyntax;

    fn try_from(raw: RawFail) -> Result<Self, FailSyntax> {
        Self::new(raw.status, raw.times, raw.retry_after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_read_and_wrong_ones_say_what_is_wrong() {
        assert_eq!("503".parse(), Fail::new(503, None, None));
        assert_eq!("429x2".parse(), Fail::new(429, Some(2), None));
        assert_eq!("429x2:5".parse(), Fail::new(429, Some(2), Some(5)));
        let errors: Vec<_> = ["200", "soon", "429xmany", "429:soon"]
            .into_iter()
            .map(|text| text.parse::<Fail>().unwrap_err().to_string())
            .collect();
        insta::assert_snapshot!(errors.join("\n"), @r#"
        the status is "200", wanted 425, 429, 500, 502, 503 or 504
        the status is "soon", wanted 425, 429, 500, 502, 503 or 504
        the number of times is "many", wanted a number as in 429x2
        the seconds to retry after are "soon", wanted a number as in 429x2:5
        "#);
    }

    #[test]
    fn a_failure_comes_as_often_as_it_was_asked_for() {
        let times = |text: &str| {
            let mut faults = Faults { fail: Some(text.parse().unwrap()), ..Faults::default() };
            (0..5).filter(|_| faults.next_failure().is_some()).count()
        };
        assert_eq!([times("429x0"), times("429x1"), times("503x3"), times("503")], [0, 1, 3, 5]);
    }
}
