//! Watchers: the lock after idleness and after sleep, the clipboard that empties, the vault that another process wrote.

use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use wire::{Event, WhyLocked};

use crate::app_state::AppState;
use crate::clocks::ClockReading;

/// How often it looks.
const BEAT: Duration = Duration::from_secs(1);

/// Every how many beats it looks whether another process wrote the vault.
const READ_AGAIN: u32 = 3;

/// A gap between the clocks from which on the machine was asleep.
const ASLEEP: Duration = Duration::from_secs(5);

/// Watches over `desk` for as long as it is there.
pub(crate) fn watch(app: &Arc<AppState>) {
    let app = Arc::downgrade(app);
    thread::spawn(move || look_after(&app));
}

fn look_after(app: &Weak<AppState>) {
    let mut before = ClockReading::now();
    for beat in 0_u32.. {
        thread::sleep(BEAT);
        let Some(app) = app.upgrade() else { return };
        let now = ClockReading::now();
        memory::clean_stack(|| {
            look(&app, now.slept_since(&before) >= ASLEEP);
            if beat % READ_AGAIN == 0 && app.is_focused() && app.refresh() {
                app.tell(&Event::VaultChanged);
            }
        });
        before = now;
    }
}

fn look(app: &AppState, slept: bool) {
    if app.copies.clear_when_due() {
        app.tell(&Event::ClipboardCleared);
    }
    let Some(settings) = app.settings() else { return };
    let patience = Duration::from_secs(60 * u64::from(settings.lock_after_minutes));
    let why = match (slept && settings.lock_on_sleep, app.idle() >= patience) {
        (true, _) => Some(WhyLocked::Sleep),
        (_, true) => Some(WhyLocked::Idle),
        _ => None,
    };
    if let Some(why) = why {
        // Drafts that could not be sealed wait in memory for the next unlocking.
        let _ = app.lock(why);
    } else if let Some(place) = app.end_live() {
        app.tell(&Event::LiveEnded { place });
    }
}

#[cfg(test)]
mod tests {
    use workbench::surroundings::{LastRun, PageEnd};

    use super::*;
    use crate::test_app::Bench;

    #[test]
    fn sleep_locks_and_says_why() {
        let bench = Bench::unlocked();
        look(&bench.app, false);
        assert!(bench.app.is_unlocked());
        look(&bench.app, true);
        assert!(!bench.app.is_unlocked());
        assert_eq!(bench.last()["why"], "sleep");
    }

    #[test]
    fn a_page_that_begins_anew_is_told_why_the_vault_is_locked() {
        let bench = Bench::unlocked();
        assert_eq!(bench.app.last_lock(), None, "it is open");
        bench.app.end_page(PageEnd::Crashed).unwrap();
        assert!(!bench.app.is_unlocked());
        assert_eq!(bench.last()["why"], "page-ended");
        assert_eq!(bench.app.last_lock().map(|lock| lock.why), Some(WhyLocked::PageEnded));
        assert_eq!(bench.app.last_run(), Some(LastRun::Page(PageEnd::Crashed)));
        bench.app.choose(&bench.home.path().join("another.kwv"));
        assert_eq!(bench.app.last_lock(), None, "another vault");
    }
}
