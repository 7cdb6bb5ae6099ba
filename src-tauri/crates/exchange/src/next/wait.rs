//! How long to wait before the same request is sent again.

use jose::{
    json::Document,
    time::{span, utc},
};

use super::{Situation, Step};
use crate::{
    Answer,
    answer::{
        rate::{Rate, rates},
        retry_after::{Asked, LONGEST_BELIEVED, WaitSource, asked},
    },
};

/// The longest wait, in milliseconds: ten minutes. A server that asks for more is answered by the person, later.
pub const LONGEST_WAIT: u64 = 600_000;

/// How often one call waits.
pub const MOST_WAITS: u32 = 5;

/// The first back-off ends within so many milliseconds; each further one within twice as many.
const FIRST_BACK_OFF: u64 = 500;

/// No back-off takes longer, in milliseconds.
const LONGEST_BACK_OFF: u64 = 30_000;

/// A wait before the same request is sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// When it ends, in seconds since 1970, rounded up.
    pub until: i64,
    /// How long it takes, at most [`LONGEST_WAIT`].
    pub milliseconds: u64,
    /// Why, a sentence or two.
    pub why: String,
    /// Where the time is known from.
    pub source: WaitSource,
}

/// The step after an answer that says "later".
pub(super) fn after(situation: &Situation<'_>, answer: &Answer, random: &mut dyn FnMut(&mut [u8])) -> Step {
    let text = std::str::from_utf8(&answer.body).ok();
    let body = text.and_then(|text| Document::parse(text).ok());
    let asked = asked(situation.definition, answer, body.as_ref(), situation.arrived);
    let reset = rates(situation.definition, answer, situation.arrived).iter().filter_map(reset).max();
    let asks = asked.believed.or_else(|| reset.map(|seconds| (seconds, WaitSource::RateLimit)));
    let lead = match answer.status {
        429 => "Too many requests.",
        _ => "The server is not available at the moment.",
    };
    // A server that is busy may have done the work before it said so.
    if !situation.may_repeat() {
        let after = asks.map(|(seconds, _)| format!(" after {}", in_words(seconds * 1000))).unwrap_or_default();
        return Step::give_up(format!("{lead} Send it again yourself{after}: {}.", situation.once_only()));
    }
    if situation.history.waits >= MOST_WAITS {
        return Step::give_up(format!("{lead} After {MOST_WAITS} waits it is not tried again."));
    }
    if let Some((seconds, _)) = asks.filter(|(seconds, _)| seconds * 1000 > LONGEST_WAIT) {
        let until = utc(situation.arrived.saturating_add_unsigned(seconds));
        let longest = in_words(LONGEST_WAIT);
        return Step::give_up(format!(
            "{lead} The server asks for {}, and more than {longest} is not waited here. Send it again at {until}.",
            in_words(seconds * 1000)
        ));
    }
    let back_off = back_off(situation.history.waits, random);
    Step::Wait(wait(situation, lead, &asked, asks, back_off))
}

/// The seconds until a limit that is used up begins anew.
fn reset(rate: &Rate) -> Option<u64> {
    let used_up = rate.remaining.is_none_or(|left| left == 0);
    rate.resets_in.filter(|seconds| used_up && *seconds <= LONGEST_BELIEVED)
}

fn wait(situation: &Situation<'_>, lead: &str, asked: &Asked, asks: Option<(u64, WaitSource)>, back_off: u64) -> Wait {
    let number = situation.history.waits + 1;
    let (milliseconds, source, reason) = match asks {
        Some((seconds, source)) => {
            let asked_for = in_words(seconds * 1000);
            let reason = match source {
                _ if seconds == 0 => "By what the server says, the wait is over already.".to_owned(),
                WaitSource::HeaderDate => {
                    let until = utc(situation.arrived.saturating_add_unsigned(seconds));
                    format!("The server asks to wait until {until}, for {asked_for}.")
                }
                WaitSource::RateLimit => format!("The rate limit begins anew in {asked_for}."),
                _ => format!("The server asks for {asked_for}."),
            };
            // It was waited for already and not enough, so something is added.
            let more = if situation.history.waits > 0 { back_off } else { 0 };
            let added = if more > 0 {
                format!(" As that was not enough before, {} more.", in_words(more))
            } else {
                String::new()
            };
            (seconds * 1000 + more, source, format!("{reason}{added}"))
        }
        None if asked.unbelievable => {
            let longest = in_words(LONGEST_WAIT);
            (LONGEST_WAIT, WaitSource::BackOff, format!("That is not believed, and {longest} is waited."))
        }
        None => {
            let reason = format!("The server does not say for how long; {} by chance.", in_words(back_off));
            (back_off, WaitSource::BackOff, reason)
        }
    };
    let milliseconds = milliseconds.min(LONGEST_WAIT);
    let odd: String = asked.oddities.iter().map(|oddity| format!(" {oddity}")).collect();
    Wait {
        until: situation.arrived.saturating_add_unsigned(milliseconds.div_ceil(1000)),
        milliseconds,
        why: format!("{lead}{odd} {reason} Wait {number} of {MOST_WAITS}."),
        source,
    }
}

/// Exponential back-off with full jitter: any time up to a bound that doubles, so that clients who were refused together
/// do not come back together.
fn back_off(waits: u32, random: &mut dyn FnMut(&mut [u8])) -> u64 {
    let bound = FIRST_BACK_OFF.saturating_mul(1 << waits.min(16)).min(LONGEST_BACK_OFF);
    let mut bytes = [0; 8];
    random(&mut bytes);
    let wide = u128::from(u64::from_le_bytes(bytes)) * u128::from(bound + 1);
    u64::try_from(wide >> 64).unwrap_or(bound)
}

/// Milliseconds in words: tenths of a second while they matter.
pub(crate) fn in_words(milliseconds: u64) -> String {
    match milliseconds {
        0..1000 => format!("{milliseconds} ms"),
        1000..10_000 if milliseconds % 1000 >= 100 => {
            format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
        }
        _ => span(i64::try_from(milliseconds / 1000).unwrap_or(i64::MAX)),
    }
}
