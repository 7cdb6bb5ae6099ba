//! Definitions of the person's own: taken from files, compared with them, forgotten.

use wire::commands::Named;
use wire::{DefinitionChange, DefinitionTaken, OwnDefinition, Provider, SavedFile, Undo};
use workbench::Error;
use workbench::ports::Ports;
use workbench::providers::{self, DefinitionFile, Taken};

use crate::app_state::{AppState, Open};
use crate::jobs::Answer;
use crate::jobs::saving::{file_name, save};
use crate::jobs::undoable::undoable_with_consent;

pub(crate) fn definitions_list(app: &AppState, (): ()) -> Answer<Vec<OwnDefinition>> {
    app.with(|open, ports| Ok(providers::own(&open.session, ports)?.into_iter().map(OwnDefinition::from).collect()))
}

pub(crate) fn definition_begin(app: &AppState, Named { name }: Named) -> Answer<Option<SavedFile>> {
    app.with(|_, _| Ok(()))?;
    let text = provider::scaffold(&name);
    let Some(path) = app.dialogs.save_file("Begin a provider's definition", &file_name(&name, "toml")) else {
        return Ok(None);
    };
    save(&path, text.as_bytes(), format!("Definition of {name}")).map(Some)
}

pub(crate) fn definition_add(app: &AppState, (): ()) -> Answer<Option<DefinitionTaken>> {
    app.with(|_, _| Ok(()))?;
    let Some(file) = app.dialogs.open_file("Add a provider's definition") else { return Ok(None) };
    let bytes = app.ports.files.read(&file).map_err(Error::from)?;
    let source = || DefinitionFile { bytes: bytes.clone(), file: Some(file.clone()) };
    taken(app, |open, ports| providers::take(&mut open.session, source(), ports)).map(Some)
}

pub(crate) fn definition_update(app: &AppState, Named { name }: Named) -> Answer<DefinitionTaken> {
    taken(app, |open, ports| providers::take_again(&mut open.session, &name, ports))
}

pub(crate) fn definition_remove(app: &AppState, Named { name }: Named) -> Answer<Undo> {
    undoable_with_consent(app, |session, ports| providers::remove(session, &name, ports))
}

fn taken(app: &AppState, mut take: impl FnMut(&mut Open, &Ports) -> Result<Taken, Error>) -> Answer<DefinitionTaken> {
    app.with_consent(|open, ports| {
        let Taken { definition, changes, undo } = take(open, ports)?;
        let changes = changes.map(|changes| changes.iter().map(DefinitionChange::from).collect());
        Ok(DefinitionTaken {
            provider: Provider::from(definition),
            changes,
            undo: undo.map(|undo| open.undo.keep(undo)),
        })
    })
}
