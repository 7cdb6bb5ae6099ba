//! Providers, profiles, settings, and taking changes back.

use wire::commands::{Named, OfUndo, Renaming};
use wire::{Code, ErrorBody, NewProfile, Profile, ProfileChange, ProfileChanged, Provider, SavedFile, Settings, Undo};
use workbench::session::Session;
use workbench::{Error, definitions, profile_files, profiles, records, settings};

use crate::app_state::AppState;
use crate::conversions::settings_of;
use crate::jobs::Answer;
use crate::jobs::saving::{file_name, save};
use crate::jobs::undoable::undoable;

/// A file of certificates has no more bytes than this.
const MOST_CERTIFICATES: usize = 512 * 1024;

/// Without an open vault, the built-in ones.
pub(crate) fn providers_list(app: &AppState, (): ()) -> Answer<Vec<Provider>> {
    app.perhaps(|session, _| Ok(definitions::all_known(session)?.into_iter().map(Provider::from).collect()))
}

pub(crate) fn profiles_list(app: &AppState, (): ()) -> Answer<Vec<Profile>> {
    app.with(|open, _| {
        let profiles = open.session.each::<records::Profile>()?;
        profiles.map(|stored| profile_to_wire(&open.session, &stored.value)).collect()
    })
}

pub(crate) fn profile_add(app: &AppState, new: NewProfile) -> Answer<Profile> {
    app.with(|open, ports| {
        let added = profiles::add(&mut open.session, new.into(), ports)?;
        profile_to_wire(&open.session, &added)
    })
}

pub(crate) fn profile_change(app: &AppState, change: ProfileChange) -> Answer<ProfileChanged> {
    let (name, change) = change.into_parts()?;
    app.with_consent(|open, ports| {
        let (changed, undo) = profiles::change_undoable(&mut open.session, &name, &change, ports)?;
        let profile = profile_to_wire(&open.session, &changed)?;
        Ok(ProfileChanged { profile, undo: open.undo.keep(undo) })
    })
}

pub(crate) fn profile_export(app: &AppState, Named { name }: Named) -> Answer<Option<SavedFile>> {
    let text = app.with(|open, _| profile_files::export(&open.session, &name))?.text();
    let Some(path) = app.dialogs.save_file("Export the profile", &file_name(&name, "json")) else { return Ok(None) };
    save(&path, text.as_bytes(), format!("{name}, without its keys")).map(Some)
}

pub(crate) fn profile_import(app: &AppState, (): ()) -> Answer<Option<Profile>> {
    app.with(|_, _| Ok(()))?;
    let Some(path) = app.dialogs.open_file("Import a profile") else { return Ok(None) };
    let bytes = app.ports.files.read(&path).map_err(Error::from)?;
    app.with(|open, ports| {
        let imported = profile_files::import(&mut open.session, &bytes, None, ports)?;
        profile_to_wire(&open.session, &imported).map(Some)
    })
}

pub(crate) fn profile_rename(app: &AppState, Renaming { name, wanted }: Renaming) -> Answer<Profile> {
    app.with(|open, ports| {
        let renamed = profiles::rename(&mut open.session, &name, &wanted, ports)?;
        profile_to_wire(&open.session, &renamed)
    })
}

pub(crate) fn profile_delete(app: &AppState, Named { name }: Named) -> Answer<Undo> {
    undoable(app, |session, ports| Ok(profiles::remove_undoable(session, &name, ports)?.1))
}

pub(crate) fn settings_show(app: &AppState, (): ()) -> Answer<Settings> {
    app.with(|open, _| settings_of(&open.session))
}

pub(crate) fn settings_change(app: &AppState, chosen: Settings) -> Answer<Settings> {
    app.with(|open, ports| {
        settings::change(&mut open.session, &chosen.chosen(), ports)?;
        open.settings = settings_of(&open.session)?;
        Ok(open.settings.clone())
    })
}

pub(crate) fn certificates_trust(app: &AppState, (): ()) -> Answer<Option<Settings>> {
    app.with(|_, _| Ok(()))?;
    let Some(path) = app.dialogs.open_file("Trust certificates") else { return Ok(None) };
    let pem = host::read_text(&path, MOST_CERTIFICATES)
        .map_err(|error| ErrorBody::new(Code::Malformed, error.to_string(), error.hint()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    host::certificates(&pem).map_err(|why| {
        let hint = "give the certificate of your authority in PEM: BEGIN CERTIFICATE";
        ErrorBody::new(Code::Malformed, format!("{name} cannot be trusted: {why}"), Some(hint))
    })?;
    trust(app, Some(pem.as_str().to_owned())).map(Some)
}

pub(crate) fn certificates_forget(app: &AppState, (): ()) -> Answer<Settings> {
    trust(app, None)
}

fn trust(app: &AppState, pem: Option<String>) -> Answer<Settings> {
    app.with(|open, ports| {
        settings::trust(&mut open.session, pem, ports)?;
        open.settings = settings_of(&open.session)?;
        Ok(open.settings.clone())
    })
}

pub(crate) fn undo(app: &AppState, of: OfUndo) -> Answer<()> {
    app.with(|open, ports| open.undo.apply(of.undo, &mut open.session, ports))
}

fn profile_to_wire(session: &Session, profile: &records::Profile) -> Result<Profile, Error> {
    Ok(Profile::new(profile, profiles::readiness(session, profile)?))
}
