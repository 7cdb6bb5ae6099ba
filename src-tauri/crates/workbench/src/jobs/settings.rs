//! Settings of the application and their bounds: idle lock, clipboard clearing, proxy, timeouts, the emulator's port. They lie in
//! the vault, sealed like everything else.

use std::{ops::RangeInclusive, time::Duration};

use exchange::Transport;
use url::Url;

use crate::{
    ground::{Error, Setting, SettingError, ports::Ports},
    store::{
        records::{Settings, Target},
        session::Session,
        transaction::Writes,
    },
};

/// Minutes of idleness until the window locks.
pub const LOCK_AFTER_MINUTES: RangeInclusive<u32> = 1..=240;

/// Seconds until a copied secret or token leaves the clipboard.
pub const CLEAR_SECONDS: RangeInclusive<u32> = 5..=120;

/// Seconds that making a connection may take.
pub const CONNECT_SECONDS: RangeInclusive<u32> = 1..=120;

/// Seconds that a call may take.
pub const TOTAL_SECONDS: RangeInclusive<u32> = 1..=600;

/// The port of the window's emulator; 0 is any free one.
pub const EMULATOR_PORT: RangeInclusive<u32> = 0..=65_535;

/// A choice of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Minutes of idleness after which the window locks.
    pub lock_after_minutes: u32,
    /// Whether the window locks when the computer goes to sleep.
    pub lock_on_sleep: bool,
    /// Seconds after which a copied secret leaves the clipboard.
    pub clear_secret_seconds: u32,
    /// Seconds after which a copied token leaves the clipboard.
    pub clear_token_seconds: u32,
    /// The proxy for calls; the environment's if none is given.
    pub proxy: Option<String>,
    /// Seconds that making a connection may take.
    pub connect_seconds: u32,
    /// Seconds that a call may take in all.
    pub total_seconds: u32,
    /// The port on which the window's emulator listens; 0: any free one.
    pub emulator_port: u32,
}

impl From<&Settings> for Chosen {
    fn from(settings: &Settings) -> Self {
        Self {
            lock_after_minutes: settings.lock_after_minutes,
            lock_on_sleep: settings.lock_on_sleep,
            clear_secret_seconds: settings.clear_secret_seconds,
            clear_token_seconds: settings.clear_token_seconds,
            proxy: settings.proxy.clone(),
            connect_seconds: settings.connect_seconds,
            total_seconds: settings.total_seconds,
            emulator_port: settings.emulator_port,
        }
    }
}

/// What was chosen, or what holds until somebody chooses.
pub fn show(session: &Session) -> Result<Settings, Error> {
    Ok(session.each::<Settings>()?.next().map(|stored| stored.value.clone()).unwrap_or_default())
}

/// Chooses. A value out of bounds is refused, and nothing is changed then.
pub fn change(session: &mut Session, chosen: &Chosen, ports: &Ports) -> Result<Settings, Error> {
    let Chosen { lock_after_minutes, lock_on_sleep, clear_secret_seconds, clear_token_seconds, .. } = *chosen;
    let Chosen { connect_seconds, total_seconds, emulator_port, .. } = *chosen;
    let proxy = chosen.proxy.as_deref().map(str::trim).filter(|proxy| !proxy.is_empty());
    let proxy = proxy.map(|proxy| self::proxy(proxy).map(|_| proxy.to_owned())).transpose()?;
    within(Setting::Total, total_seconds, TOTAL_SECONDS)?;
    // Connecting is a part of the call.
    let connect = *CONNECT_SECONDS.start()..=total_seconds.min(*CONNECT_SECONDS.end());
    within(Setting::Connect, connect_seconds, connect)?;
    within(Setting::LockAfter, lock_after_minutes, LOCK_AFTER_MINUTES)?;
    within(Setting::ClearSecret, clear_secret_seconds, CLEAR_SECONDS)?;
    within(Setting::ClearToken, clear_token_seconds, CLEAR_SECONDS)?;
    within(Setting::EmulatorPort, emulator_port, EMULATOR_PORT)?;
    session.transact(ports, |session| {
        let before = show(session)?;
        let proxy = proxy.clone();
        let settings = Settings {
            lock_after_minutes,
            lock_on_sleep,
            clear_secret_seconds,
            clear_token_seconds,
            proxy,
            connect_seconds,
            total_seconds,
            emulator_port,
            ..before
        };
        let mut writes = Writes::default();
        put(session, &settings, &mut writes, ports)?;
        Ok((writes, settings))
    })
}

/// Has calls trust these certificates beside those of the system, or the system's alone. Whoever calls this made sure that they
/// are certificates.
pub fn trust(session: &mut Session, pem: Option<String>, ports: &Ports) -> Result<Settings, Error> {
    session.transact(ports, |session| {
        let settings = Settings { trusted: pem.clone(), ..show(session)? };
        let mut writes = Writes::default();
        put(session, &settings, &mut writes, ports)?;
        Ok((writes, settings))
    })
}

/// How calls get to where they go, by what was chosen.
pub fn transport(session: &Session) -> Result<Transport, Error> {
    let settings = show(session)?;
    Ok(Transport {
        proxy: settings.proxy.as_deref().map(proxy).transpose()?,
        trusted: settings.trusted,
        connect: Duration::from_secs(settings.connect_seconds.into()),
        total: Duration::from_secs(settings.total_seconds.into()),
        ..Transport::default()
    })
}

/// Where the window's emulator listens, by what was chosen; 0: on any free port.
pub fn emulator_port(session: &Session) -> Result<u16, Error> {
    Ok(u16::try_from(show(session)?.emulator_port).unwrap_or_default())
}

fn proxy(text: &str) -> Result<Url, Error> {
    let unfit = |found: &str, why: &str| {
        Error::Setting(SettingError::UnfitProxy { found: found.to_owned(), why: why.to_owned() })
    };
    if text.contains('@') {
        // It would be shown in the settings, and here.
        return Err(unfit("•••", "it holds a user name or a password"));
    }
    let url = Url::parse(text).map_err(|error| unfit(text, &error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(unfit(text, "wanted http://host:port or https://host:port"));
    }
    Ok(url)
}

/// Where the person worked last, if that is still there.
pub fn last_place(session: &Session) -> Result<Option<Target>, Error> {
    Ok(show(session)?.last_place.filter(|at| session.has::<crate::store::records::Profile>(&at.profile)))
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

fn within(what: Setting, found: u32, bounds: RangeInclusive<u32>) -> Result<(), Error> {
    if bounds.contains(&found) {
        return Ok(());
    }
    let (least, most) = (u64::from(*bounds.start()), u64::from(*bounds.end()));
    Err(Error::Setting(SettingError::OutOfBounds { what, found: found.into(), least, most }))
}
