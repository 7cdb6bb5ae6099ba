//! Watchers: the lock after idleness and after sleep, the clipboard that empties, the vault that another process wrote.

use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use wire::{Event, WhyLocked};

use crate::clocks::Reading;
use crate::desk::Desk;

/// How often it looks.
const BEAT: Duration = Duration::from_secs(1);

/// Every how many beats it looks whether another process wrote the vault.
const READ_AGAIN: u32 = 3;

/// A gap between the clocks from which on the machine was asleep.
const ASLEEP: Duration = Duration::from_secs(5);

/// Watches over `desk` for as long as it is there.
pub(crate) fn watch(desk: &Arc<Desk>) {
    let desk = Arc::downgrade(desk);
    thread::spawn(move || look_after(&desk));
}

fn look_after(desk: &Weak<Desk>) {
    let mut before = Reading::now();
    for beat in 0_u32.. {
        thread::sleep(BEAT);
        let Some(desk) = desk.upgrade() else { return };
        let now = Reading::now();
        memory::clean_stack(|| {
            look(&desk, now.slept_since(&before) >= ASLEEP);
            if beat % READ_AGAIN == 0 && desk.is_focused() && desk.refresh() {
                desk.tell(&Event::VaultChanged);
            }
        });
        before = now;
    }
}

fn look(desk: &Desk, slept: bool) {
    if desk.copies.clear_when_due() {
        desk.tell(&Event::ClipboardCleared);
    }
    let Some(settings) = desk.settings() else { return };
    let patience = Duration::from_secs(60 * u64::from(settings.lock_after_minutes));
    let why = match (slept && settings.lock_on_sleep, desk.idle() >= patience) {
        (true, _) => Some(WhyLocked::Sleep),
        (_, true) => Some(WhyLocked::Idle),
        _ => None,
    };
    if let Some(why) = why {
        // Drafts that could not be sealed wait in memory for the next unlocking.
        let _ = desk.lock(why);
    } else if let Some(place) = desk.end_live() {
        desk.tell(&Event::LiveEnded { place });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Bench;

    #[test]
    fn sleep_locks_and_says_why() {
        let bench = Bench::unlocked();
        look(&bench.desk, false);
        assert!(bench.desk.is_unlocked());
        look(&bench.desk, true);
        assert!(!bench.desk.is_unlocked());
        assert_eq!(bench.last()["why"], "sleep");
    }
}
