//! How long a server asks one to wait, and what is odd about the way it says so.

use jose::json::Document;
use provider::Definition;

use super::{
    clock::{http_date, server_time},
    pointer::point,
    text::brief,
};
use crate::Answer;

/// How long a server may ask one to wait before it is no longer believed.
pub(crate) const LONGEST_BELIEVED: u64 = 86_400;

/// Where a time to wait is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WaitSource {
    /// `Retry-After` in seconds (RFC 9110 §10.2.3).
    HeaderSeconds,
    /// `Retry-After` as a date.
    HeaderDate,
    /// A member of the body.
    Body,
    /// The reset of a rate limit that is used up.
    RateLimit,
    /// The server did not say: our own back-off.
    BackOff,
}

impl WaitSource {
    /// The word for scripts.
    pub const fn id(self) -> &'static str {
        match self {
            Self::HeaderSeconds => "header-seconds",
            Self::HeaderDate => "header-date",
            Self::Body => "body",
            Self::RateLimit => "rate-limit",
            Self::BackOff => "back-off",
        }
    }
}

/// What a server asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The longest time that was asked for, in seconds and at most [`LONGEST_BELIEVED`], and where.
    pub(crate) longest: Option<(u64, WaitSource)>,
    /// The longest of those that are believed.
    pub(crate) believed: Option<(u64, WaitSource)>,
    /// Whether a longer time was asked for than is believed.
    pub(crate) unbelievable: bool,
    /// What was odd about it, a sentence each.
    pub(crate) oddities: Vec<String>,
}

impl Asked {
    fn take(&mut self, place: &str, text: &str, found: Option<(u64, WaitSource)>) {
        let text = brief(text);
        let Some((seconds, source)) = found else {
            self.oddities.push(format!("{place} is {text}, which is not a time to wait."));
            return;
        };
        if seconds > LONGEST_BELIEVED {
            self.oddities.push(format!("{place} asks for {text}, of which no more than a day is believed."));
            self.unbelievable = true;
        }
        let longer = |known: Option<(u64, WaitSource)>, found: u64| match known {
            Some((longest, source)) if longest >= found => Some((longest, source)),
            _ => Some((found, source)),
        };
        self.longest = longer(self.longest, seconds.min(LONGEST_BELIEVED));
        if seconds <= LONGEST_BELIEVED {
            self.believed = longer(self.believed, seconds);
        }
    }
}

/// The longer of `Retry-After` and the body's own member. `arrived` is when the answer came, in seconds since 1970.
pub(crate) fn asked(definition: &Definition, answer: &Answer, body: Option<&Document<'_>>, arrived: i64) -> Asked {
    let mut asked = Asked::default();
    if let Some(text) = answer.header("retry-after").map(str::trim) {
        let seconds = || text.parse::<u64>().ok().map(|seconds| (seconds, WaitSource::HeaderSeconds));
        let date = || {
            // The server's own clock wrote the date, so that clock tells how far off it is.
            let left = http_date(text)?.saturating_sub(server_time(answer).unwrap_or(arrived));
            Some((u64::try_from(left).unwrap_or(0), WaitSource::HeaderDate))
        };
        asked.take("Retry-After", text, seconds().or_else(date));
    }
    for pointer in &definition.errors.retry_after {
        if let Some(node) = body.and_then(|body| point(body.root(), pointer)) {
            let raw = node.as_str().map_or_else(|| node.raw().to_owned(), |text| text.into_owned());
            let seconds = raw.parse::<f64>().ok().filter(|value| (0.0..1e18).contains(value));
            asked.take(pointer, &raw, seconds.map(|value| (value.ceil() as u64, WaitSource::Body)));
        }
    }
    asked
}
