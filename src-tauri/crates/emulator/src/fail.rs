//! An answer that is given without looking at the request.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An answer that is given without looking at the request.
///
/// Written `STATUS`, `STATUSxTIMES` or either with `:SECONDS` for `Retry-After`: `503`, `429x2`, `429x2:5`. The seconds
/// may be said in another [form](RetryForm): `429x2:5@date`, `429x2:5@body`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawFail")]
pub struct Fail {
    status: u16,
    times: Option<u32>,
    retry_after: Option<u32>,
    retry_as: RetryForm,
}

/// Where and how an answer says when to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryForm {
    /// Seconds in `Retry-After` (RFC 9110 §10.2.3).
    #[default]
    Seconds,
    /// A date in `Retry-After`, by the emulator's clock.
    Date,
    /// Seconds in the member `retry_after` of the body, as CryptoPay does.
    Body,
}

impl Fail {
    /// The statuses that can be asked for.
    pub const STATUSES: [u16; 13] = [401, 403, 409, 412, 423, 425, 428, 429, 451, 500, 502, 503, 504];

    /// Answers `status` to the next `times` requests, to all where that is `None`, with a `Retry-After` of so many
    /// seconds. Fails where the status is not among [`Fail::STATUSES`].
    pub fn new(status: u16, times: Option<u32>, retry_after: Option<u32>) -> Result<Self, FailSyntax> {
        if Self::STATUSES.contains(&status) {
            Ok(Self { status, times, retry_after, retry_as: RetryForm::Seconds })
        } else {
            Err(FailSyntax::Status { found: status.to_string() })
        }
    }

    /// The same with the seconds said in another form.
    pub fn said_as(self, form: RetryForm) -> Self {
        Self { retry_as: form, ..self }
    }

    /// The status that is answered.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// How many more requests it is answered to; all where that is `None`.
    pub fn times(&self) -> Option<u32> {
        self.times
    }

    /// Seconds after which to ask again.
    pub fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }

    /// The form in which they are said.
    pub fn form(&self) -> RetryForm {
        self.retry_as
    }

    /// Whether it is due at least once more.
    pub(crate) fn is_due(&self) -> bool {
        self.times != Some(0)
    }

    /// What is left of it after one time.
    pub(crate) fn counted_down(self) -> Option<Self> {
        match self.times {
            None => Some(self),
            Some(times) => times.checked_sub(1).filter(|left| *left > 0).map(|left| Self { times: Some(left), ..self }),
        }
    }
}

/// Why a failure could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FailSyntax {
    /// A status that cannot be asked for.
    #[error("the status is {found:?}, wanted {}", Fail::STATUSES.map(|status| status.to_string()).join(", "))]
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
    /// The form of the seconds is none.
    #[error("the form of the seconds is {found:?}, wanted seconds, date or body as in 429x2:5@date")]
    Form {
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
        let (rest, form) = split(text, '@');
        let (rest, retry_after) = split(rest, ':');
        let (status, times) = split(rest, 'x');
        let retry_after = number(retry_after).map_err(|found| FailSyntax::RetryAfter { found })?;
        let times = number(times).map_err(|found| FailSyntax::Times { found })?;
        let status = status.parse().map_err(|_| FailSyntax::Status { found: status.into() })?;
        let form = match form {
            None | Some("seconds") => RetryForm::Seconds,
            Some("date") => RetryForm::Date,
            Some("body") => RetryForm::Body,
            Some(found) => return Err(FailSyntax::Form { found: found.into() }),
        };
        Ok(Self::new(status, times, retry_after)?.said_as(form))
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
    #[serde(default)]
    retry_as: RetryForm,
}

impl TryFrom<RawFail> for Fail {
    type Error = FailSyntax;

    fn try_from(raw: RawFail) -> Result<Self, FailSyntax> {
        Ok(Self::new(raw.status, raw.times, raw.retry_after)?.said_as(raw.retry_as))
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
        assert_eq!("429x2:5@date".parse(), Fail::new(429, Some(2), Some(5)).map(|fail| fail.said_as(RetryForm::Date)));
        assert_eq!("429:5@body".parse(), Fail::new(429, None, Some(5)).map(|fail| fail.said_as(RetryForm::Body)));
        let errors: Vec<_> = ["200", "soon", "429xmany", "429:soon", "429:5@noon"]
            .into_iter()
            .map(|text| text.parse::<Fail>().unwrap_err().to_string())
            .collect();
        insta::assert_snapshot!(errors.join("\n"), @r#"
        the status is "200", wanted 401, 403, 409, 412, 423, 425, 428, 429, 451, 500, 502, 503, 504
        the status is "soon", wanted 401, 403, 409, 412, 423, 425, 428, 429, 451, 500, 502, 503, 504
        the number of times is "many", wanted a number as in 429x2
        the seconds to retry after are "soon", wanted a number as in 429x2:5
        the form of the seconds is "noon", wanted seconds, date or body as in 429x2:5@date
        "#);
    }
}
