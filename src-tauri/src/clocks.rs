//! Clocks for timers: their time never runs backwards, whatever is done to the system's clock.

use std::time::Duration;
#[cfg(not(target_os = "linux"))]
use std::time::{Instant, SystemTime};

/// Two clocks: one stands still while the machine sleeps, the other does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClockReading {
    /// Time awake.
    awake: Duration,
    /// Time awake and asleep.
    pub(crate) elapsed: Duration,
}

impl ClockReading {
    /// Both clocks now.
    #[cfg(target_os = "linux")]
    pub(crate) fn now() -> Self {
        use rustix::time::{ClockId, clock_gettime};
        let read = |clock| Duration::try_from(clock_gettime(clock)).unwrap_or_default();
        Self { awake: read(ClockId::Monotonic), elapsed: read(ClockId::Boottime) }
    }

    /// Both clocks now. The calendar stands for the second one, since a clock set back only makes it see no sleep.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn now() -> Self {
        use std::sync::OnceLock;
        static START: OnceLock<(Instant, SystemTime)> = OnceLock::new();
        let (instant, calendar) = START.get_or_init(|| (Instant::now(), SystemTime::now()));
        let awake = instant.elapsed();
        Self { awake, elapsed: calendar.elapsed().unwrap_or_default().max(awake) }
    }

    /// How long the machine slept since `before`.
    pub(crate) fn slept_since(&self, before: &Self) -> Duration {
        let elapsed = self.elapsed.saturating_sub(before.elapsed);
        elapsed.saturating_sub(self.awake.saturating_sub(before.awake))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(awake: u64, elapsed: u64) -> ClockReading {
        ClockReading { awake: Duration::from_secs(awake), elapsed: Duration::from_secs(elapsed) }
    }

    #[test]
    fn sleep_is_what_one_clock_saw_and_the_other_did_not() {
        assert_eq!(at(20, 520).slept_since(&at(10, 10)), Duration::from_secs(500));
        assert_eq!(at(20, 20).slept_since(&at(10, 10)), Duration::ZERO);
        assert_eq!(at(10, 5).slept_since(&at(20, 520)), Duration::ZERO);
    }

    #[test]
    fn the_clocks_do_not_run_backwards() {
        let first = ClockReading::now();
        let second = ClockReading::now();
        assert!(second.elapsed >= first.elapsed && second.awake >= first.awake);
    }
}
