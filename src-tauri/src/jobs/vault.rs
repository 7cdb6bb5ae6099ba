//! The program and its vault.

use std::path::Path;

use data_encoding::BASE64;

use wire::commands::{NewPassphrase, OfJob, Typed};
use wire::{Appearance, Code, ErrorBody, Event, Language, Opened, Start, Strength, System, VaultHere, WhyLocked};
use workbench::session::{self, Calibration, KdfParams, Passphrase, SlotType};
use workbench::strength::strength;
use workbench::surroundings::LastRun;
use workbench::{Error, demo, keys};
use zeroize::Zeroizing;

use crate::app_state::AppState;
use crate::conversions::vault_here;
use crate::jobs::Answer;

pub(crate) fn program_start(app: &AppState, (): ()) -> Answer<Start> {
    // A page that begins anew shows nothing of what was agreed to in the one before: reloading signs nothing live.
    app.forget_consent();
    let path = app.path();
    Ok(Start {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        system: System::HERE,
        vault: vault_here(&path),
        unlocked: app.is_unlocked(),
        locked: app.last_lock(),
        inspect: app.begins_at_inspect(),
        cut_off: matches!(app.last_run(), Some(LastRun::Cut | LastRun::Fault(_))),
        appearance: app.remembered.now().appearance,
        cost: cost(&path),
        languages: Language::all(),
        handler_languages: Language::of_handlers(),
    })
}

pub(crate) fn request_key(app: &AppState, (): ()) -> Answer<String> {
    Ok(BASE64.encode(&app.request_keys.offer()))
}

pub(crate) fn appearance_change(app: &AppState, appearance: Appearance) -> Answer<()> {
    let text_percent = appearance.text_percent.clamp(80, 200);
    app.dress(appearance.theme);
    app.remembered.change(|memory| memory.appearance = Appearance { text_percent, ..appearance })
}

pub(crate) fn passphrase_strength(_: &AppState, typed: Typed) -> Answer<Strength> {
    Ok(Strength::from(strength(Zeroizing::new(typed.passphrase.expose().to_owned()))))
}

pub(crate) fn vault_create(app: &AppState, typed: Typed) -> Answer<Opened> {
    let passphrase = passphrase(&typed)?;
    let path = app.path();
    if path.symlink_metadata().is_ok() {
        let message = format!("{} exists already; a vault is never written over it", path.display());
        return Err(ErrorBody::new(Code::Vault, message, Some("unlock it, or choose another")));
    }
    progress(app, 0.0, "Measuring this machine");
    let params = calibrate(app)?;
    progress(app, 0.8, "Creating the vault");
    let mut session = session::create(&path, &passphrase, params, &app.ports)?;
    demo::prepare(&mut session, &app.ports)?;
    app.open(session)
}

pub(crate) fn vault_unlock(app: &AppState, typed: Typed) -> Answer<Opened> {
    let mut session = session::unlock(&app.path(), &passphrase(&typed)?, &app.ports)?;
    // Keys that were deleted 30 days ago go. A vault that cannot be written now is still one to read.
    let _ = keys::purge(&mut session, &app.ports);
    app.open(session)
}

pub(crate) fn vault_lock(app: &AppState, (): ()) -> Answer<()> {
    // Drafts that could not be sealed wait in memory for the next unlocking.
    let _ = app.lock(WhyLocked::Asked);
    Ok(())
}

pub(crate) fn vault_choose(app: &AppState, (): ()) -> Answer<Option<VaultHere>> {
    let Some(path) = app.dialogs.open_file("Open a vault") else { return Ok(None) };
    // Only what is a vault is taken, before the present one is put away.
    session::status(&path)?;
    app.choose(&path);
    app.remembered.change(|memory| memory.vault = Some(path.clone()))?;
    Ok(Some(vault_here(&path)))
}

pub(crate) fn vault_change_passphrase(app: &AppState, wanted: NewPassphrase) -> Answer<()> {
    let current = Passphrase::new(wanted.current.expose().to_owned()).map_err(Error::from)?;
    let new = Passphrase::new(wanted.wanted.expose().to_owned()).map_err(Error::from)?;
    // Whoever finds the window unlocked shall not lock its owner out.
    app.with(|open, ports| open.session.check_passphrase(&current, ports))?;
    let params = calibrate(app)?;
    progress(app, 0.8, "Sealing the vault with the new passphrase");
    app.with(|open, ports| open.session.change_passphrase(&new, params, ports))
}

pub(crate) fn activity(app: &AppState, (): ()) -> Answer<()> {
    app.touch();
    Ok(())
}

pub(crate) fn job_cancel(app: &AppState, of: OfJob) -> Answer<()> {
    app.end(of.job);
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

fn calibrate(app: &AppState) -> Answer<KdfParams> {
    let mut tried = 0.0_f64;
    let mut tell = |measured: Calibration| {
        tried += 1.0;
        let words = format!("Argon2id with {} MiB: {} ms", measured.params.memory_mib(), measured.took.as_millis());
        progress(app, (0.25 * tried).min(0.75), &words);
    };
    Ok(session::calibrate(host::memory(), &mut tell)?)
}

fn progress(app: &AppState, fraction: f64, words: &str) {
    app.tell(&Event::Progress { job: None, fraction: Some(fraction), words: words.to_owned() });
}
