//! How long a processor was at work for a test, however busy the machine is with something else: a limit on time by the clock
//! fails where nothing is wrong.

use std::time::Duration;

/// Does it, and tells for how long this thread had a processor meanwhile. Systems other than Unix do not tell: zero.
pub fn worked<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let before = so_far();
    let done = work();
    (done, so_far() - before)
}

#[cfg(unix)]
fn so_far() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.try_into().expect("a processor's time is not negative")
}

#[cfg(not(unix))]
fn so_far() -> Duration {
    Duration::ZERO
}
