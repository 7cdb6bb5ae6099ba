//! The system's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use workbench::ports::Clock;

/// The time as the system has it, and only as right as that.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        let seconds = |duration: std::time::Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => seconds(since),
            // Rounded down, as on the other side of the epoch.
            Err(before) => -seconds(before.duration()) - i64::from(before.duration().subsec_nanos() > 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_forward_and_is_of_this_century() {
        let first = SystemClock.now();
        assert!((1_700_000_000..4_102_444_800).contains(&first), "{first}");
        assert!(SystemClock.now() >= first);
    }
}
