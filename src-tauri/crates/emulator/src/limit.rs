//! Rate limits: a count for each caller, which begins anew when its time is over.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// How many callers are counted at once.
const CALLERS: usize = 1_000;

/// So many calls in so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The calls.
    pub calls: u32,
    /// The seconds in which they may be made; 0 counts as 1.
    pub seconds: u32,
}

/// Where a caller stands after one call more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quota {
    /// The limit that holds.
    pub(crate) limit: Limit,
    /// The calls that are left.
    pub(crate) remaining: u32,
    /// Whether this call was one too many.
    pub(crate) exceeded: bool,
    /// When the count begins anew, in seconds since the epoch.
    pub(crate) reset: i64,
}

/// One caller's count.
struct Window {
    start: i64,
    calls: u32,
}

/// The counts of all callers.
#[derive(Default)]
pub(crate) struct Limits(HashMap<String, Window>);

impl Limits {
    /// Counts a call of `caller` at `now`. A call that is one too many is not counted.
    pub(crate) fn count(&mut self, caller: &str, limit: Limit, now: i64) -> Quota {
        let length = i64::from(limit.seconds.max(1));
        // A clock that was put back begins anew too.
        let over = |window: &Window| now < window.start || now.saturating_sub(window.start) >= length;
        if !self.0.contains_key(caller) && self.0.len() >= CALLERS {
            self.make_room(over);
        }
        let window = self.0.entry(caller.to_owned()).or_insert(Window { start: now, calls: 0 });
        if over(window) {
            *window = Window { start: now, calls: 0 };
        }
        let exceeded = window.calls >= limit.calls;
        if !exceeded {
            window.calls += 1;
        }
        Quota {
            limit,
            remaining: limit.calls.saturating_sub(window.calls),
            exceeded,
            reset: window.start.saturating_add(length),
        }
    }

    /// Forgets the counts that are over, else the oldest one.
    fn make_room(&mut self, over: impl Fn(&Window) -> bool) {
        self.0.retain(|_, window| !over(window));
        if self.0.len() >= CALLERS
            && let Some(oldest) = self.0.iter().min_by_key(|(_, window)| window.start).map(|(caller, _)| caller.clone())
        {
            self.0.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { calls: 2, seconds: 10 };

    #[test]
    fn the_call_after_the_last_is_too_many_until_the_time_is_over() {
        let mut limits = Limits::default();
        let mut at = |now| {
            let quota = limits.count("a", LIMIT, now);
            (quota.remaining, quota.exceeded, quota.reset)
        };
        assert_eq!(at(100), (1, false, 110));
        assert_eq!(at(105), (0, false, 110));
        assert_eq!(at(109), (0, true, 110));
        assert_eq!(at(110), (1, false, 120));
        assert_eq!(at(50), (1, false, 60), "a clock that was put back");
        assert!(!limits.count("b", LIMIT, 50).exceeded);
        assert!(limits.count("c", Limit { calls: 0, seconds: 0 }, 50).exceeded);
    }

    #[test]
    fn ever_new_callers_do_not_fill_the_memory() {
        let mut limits = Limits::default();
        for caller in 0..3 * CALLERS {
            limits.count(&caller.to_string(), LIMIT, 7);
        }
        assert_eq!(limits.0.len(), CALLERS);
    }
}
