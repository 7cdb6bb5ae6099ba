//! What the person chose for the application as a whole. It lies in the vault, sealed like everything else.

use std::ops::RangeInclusive;

use crate::{
    Error,
    ports::Ports,
    records::{At, Settings},
    session::Session,
    writes::Writes,
};

/// Minutes of idleness until the window locks.
pub const LOCK_AFTER_MINUTES: RangeInclusive<u32> = 1..=240;
/// Seconds until a copied secret or token leaves the clipboard.
pub const CLEAR_SECONDS: RangeInclusive<u32> = 5..=120;

/// A choice of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Minutes of idleness after which the window locks.
    pub lock_after_minutes: u32,
    /// Whether the window locks when the computer goes to sleep.
    pub lock_on_sleep: bool,
    /// Seconds after which a copied secret leaves the clipboard.
    pub clear_secret_seconds: u32,
    /// Seconds after which a copied token leaves the clipboard.
    pub clear_token_seconds: u32,
}

/// What was chosen, or what holds until somebody chooses.
pub fn show(session: &Session) -> Result<Settings, Error> {
    Ok(session.each::<Settings>()?.next().map(|stored| stored.value.clone()).unwrap_or_default())
}

/// Chooses. A value out of bounds is refused, and nothing is changed then.
pub fn change(session: &mut Session, chosen: &Chosen, ports: &Ports) -> Result<Settings, Error> {
    let Chosen { lock_after_minutes, lock_on_sleep, clear_secret_seconds, clear_token_seconds } = *chosen;
    within("the time until the window locks", lock_after_minutes, LOCK_AFTER_MINUTES, "minutes")?;
    within("the time until a secret leaves the clipboard", clear_secret_seconds, CLEAR_SECONDS, "seconds")?;
    within("the time until a token leaves the clipboard", clear_token_seconds, CLEAR_SECONDS, "seconds")?;
    session.transact(ports, |session| {
        let before = show(session)?;
        let settings =
            Settings { lock_after_minutes, lock_on_sleep, clear_secret_seconds, clear_token_seconds, ..before };
        let mut writes = Writes::default();
        put(session, &settings, &mut writes, ports)?;
        Ok((writes, settings))
    })
}

/// Where the person worked last, if that is still there.
pub fn last_place(session: &Session) -> Result<Option<At>, Error> {
    Ok(show(session)?.last_place.filter(|at| session.has::<crate::records::Profile>(&at.profile)))
}

/// Writes settings over those there are, or adds them.
pub(crate) fn put(session: &Session, settings: &Settings, writes: &mut Writes<'_>, ports: &Ports) -> Result<(), Error> {
    let stored = session.each::<Settings>()?.next().cloned();
    match stored {
        Some(mut stored) => {
            stored.value = settings.clone();
            writes.replace(&stored, session);
        }
        None => writes.add(settings, None, ports),
    }
    Ok(())
}

fn within(what: &'static str, found: u32, bounds: RangeInclusive<u32>, unit: &'static str) -> Result<(), Error> {
    if bounds.contains(&found) {
        return Ok(());
    }
    let (least, most) = (u64::from(*bounds.start()), u64::from(*bounds.end()));
    Err(Error::OutOfBounds { what, found: found.into(), least, most, unit })
}
