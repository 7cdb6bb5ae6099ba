//! A diagnosis of this installation, for the dialog that shows it.

use wire::{Diagnosis, SavedFile};
use workbench::diagnosis::{self, diagnose};
use workbench::surroundings::WebKit;

use crate::app_state::AppState;
use crate::jobs::Answer;
use crate::jobs::saving::save;

pub(crate) fn diagnosis_show(app: &AppState, (): ()) -> Answer<Diagnosis> {
    Ok(Diagnosis::from(&look(app)))
}

pub(crate) fn diagnosis_save(app: &AppState, (): ()) -> Answer<Option<SavedFile>> {
    let found = look(app);
    let Some(path) = app.dialogs.save_file("Save the diagnosis", "keywright-diagnosis.txt") else { return Ok(None) };
    save(&path, found.text().as_bytes(), "Diagnosis".to_owned()).map(Some)
}

fn look(app: &AppState) -> diagnosis::Diagnosis {
    let mut around = host::surroundings("keywright-desktop", env!("CARGO_PKG_VERSION"));
    // The engine that runs knows its version better than the name of a file does.
    if let Ok(version) = tauri::webview_version() {
        around.webkit = WebKit::Runs(version);
    }
    around.last_run = app.last_run();
    diagnose(&around, Some(&app.path()))
}
