//! Sleep notice from logind, before the machine goes to sleep.

use std::sync::{Arc, Weak};
use std::thread;

use wire::WhyLocked;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::OwnedFd;

use crate::app_state::AppState;

/// Locks `desk` before the machine sleeps. Without a system bus, the clocks tell afterwards.
pub(crate) fn watch(app: &Arc<AppState>) {
    let app = Arc::downgrade(app);
    thread::spawn(move || {
        // Where nobody tells, there is nothing to listen to.
        let _ = listen(&app);
    });
}

fn listen(app: &Weak<AppState>) -> zbus::Result<()> {
    let bus = Connection::system()?;
    let manager = "org.freedesktop.login1.Manager";
    let logind = Proxy::new(&bus, "org.freedesktop.login1", "/org/freedesktop/login1", manager)?;
    // While this is held, sleep waits a few seconds for the lock.
    let mut delay = put_off(&logind);
    for signal in logind.receive_signal("PrepareForSleep")? {
        let begins: bool = signal.body().deserialize()?;
        let Some(app) = app.upgrade() else { break };
        if !begins {
            delay = put_off(&logind);
            continue;
        }
        if app.settings().is_some_and(|settings| settings.lock_on_sleep) {
            // Drafts that could not be sealed wait in memory for the next unlocking.
            let _ = app.lock(WhyLocked::Sleep);
        }
        drop(delay.take());
    }
    Ok(())
}

fn put_off(logind: &Proxy<'_>) -> Option<OwnedFd> {
    logind.call("Inhibit", &("sleep", "Keywright", "to lock the vault first", "delay")).ok()
}
