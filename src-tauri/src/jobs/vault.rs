//! The program and its vault.

use std::path::Path;

use data_encoding::BASE64;

use wire::commands::{NewPassphrase, OfJob, Typed};
use wire::{Appearance, Code, ErrorBody, Event, Language, Opened, Start, Strength, System, VaultHere, WhyLocked};
use workbench::session::{self, Calibration, KdfParams, Passphrase, SlotType};
use workbench::strength::strength;
use workbench::{Error, demo, keys};
use zeroize::Zeroizing;

use crate::conversions::vault_here;
use crate::desk::Desk;
use crate::jobs::Answer;

pub(crate) fn program_start(desk: &Desk, (): ()) -> Answer<Start> {
    let path = desk.path();
    Ok(Start {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        system: System::HERE,
        vault: vault_here(&path),
        unlocked: desk.is_unlocked(),
        appearance: desk.remembered.now().appearance,
        cost: cost(&path),
        languages: Language::all(),
        handler_languages: Language::of_handlers(),
    })
}

pub(crate) fn request_key(desk: &Desk, (): ()) -> Answer<String> {
    Ok(BASE64.encode(&desk.request_keys.offer()))
}

pub(crate) fn appearance_change(desk: &Desk, appearance: Appearance) -> Answer<()> {
    let text_percent = appearance.text_percent.clamp(80, 200);
    desk.dress(appearance.theme);
    desk.remembered.change(|memory| memory.appearance = Appearance { text_percent, ..appearance })
}

pub(crate) fn passphrase_strength(_: &Desk, typed: Typed) -> Answer<Strength> {
    Ok(Strength::from(strength(Zeroizing::new(typed.passphrase.expose().to_owned()))))
}

pub(crate) fn vault_create(desk: &Desk, typed: Typed) -> Answer<Opened> {
    let passphrase = passphrase(&typed)?;
    let path = desk.path();
    if path.symlink_metadata().is_ok() {
        let message = format!("{} exists already; a vault is never written over it", path.display());
        return Err(ErrorBody::new(Code::Vault, message, Some("unlock it, or choose another")));
    }
    progress(desk, 0.0, "Measuring this machine");
    let params = calibrate(desk)?;
    progress(desk, 0.8, "Creating the vault");
    let mut session = session::create(&path, &passphrase, params, &desk.ports)?;
    demo::prepare(&mut session, &desk.ports)?;
    desk.open(session)
}

pub(crate) fn vault_unlock(desk: &Desk, typed: Typed) -> Answer<Opened> {
    let mut session = session::unlock(&desk.path(), &passphrase(&typed)?, &desk.ports)?;
    // Keys that were deleted 30 days ago go. A vault that cannot be written now is still one to read.
    let _ = keys::purge(&mut session, &desk.ports);
    desk.open(session)
}

pub(crate) fn vault_lock(desk: &Desk, (): ()) -> Answer<()> {
    // Drafts that could not be sealed wait in memory for the next unlocking.
    let _ = desk.lock(WhyLocked::Asked);
    Ok(())
}

pub(crate) fn vault_choose(desk: &Desk, (): ()) -> Answer<Option<VaultHere>> {
    let Some(path) = desk.dialogs.open_file("Open a vault") else { return Ok(None) };
    // Only what is a vault is taken, before the present one is put away.
    session::status(&path)?;
    desk.choose(&path);
    desk.remembered.change(|memory| memory.vault = Some(path.clone()))?;
    Ok(Some(vault_here(&path)))
}

pub(crate) fn vault_change_passphrase(desk: &Desk, wanted: NewPassphrase) -> Answer<()> {
    let current = Passphrase::new(wanted.current.expose().to_owned()).map_err(Error::from)?;
    let new = Passphrase::new(wanted.wanted.expose().to_owned()).map_err(Error::from)?;
    // Whoever finds the window unlocked shall not lock its owner out.
    desk.with(|open, ports| open.session.check_passphrase(&current, ports))?;
    let params = calibrate(desk)?;
    progress(desk, 0.8, "Sealing the vault with the new passphrase");
    desk.with(|open, ports| open.session.change_passphrase(&new, params, ports))
}

pub(crate) fn activity(desk: &Desk, (): ()) -> Answer<()> {
    desk.touch();
    Ok(())
}

pub(crate) fn job_cancel(desk: &Desk, of: OfJob) -> Answer<()> {
    desk.end(of.job);
    Ok(())
}

/// What unlocking costs, in words.
fn cost(path: &Path) -> Option<String> {
    let status = session::status(path).ok()?;
    status.slots.iter().find_map(|slot| match &slot.slot_type {
        SlotType::Passphrase(params) => Some(format!("Argon2id with {} MiB", params.memory_mib())),
        SlotType::Refused(_) | SlotType::Unknown(_) => None,
    })
}

fn passphrase(typed: &Typed) -> Answer<Passphrase> {
    Ok(Passphrase::new(typed.passphrase.expose().to_owned()).map_err(Error::from)?)
}

fn calibrate(desk: &Desk) -> Answer<KdfParams> {
    let mut tried = 0.0_f64;
    let mut tell = |measured: Calibration| {
        tried += 1.0;
        let words = format!("Argon2id with {} MiB: {} ms", measured.params.memory_mib(), measured.took.as_millis());
        progress(desk, (0.25 * tried).min(0.75), &words);
    };
    Ok(session::calibrate(host::memory(), &mut tell)?)
}

fn progress(desk: &Desk, fraction: f64, words: &str) {
    desk.tell(&Event::Progress { job: None, fraction: Some(fraction), words: words.to_owned() });
}
