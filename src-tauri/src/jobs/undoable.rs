//! Undo offers of window jobs: a job that can be taken back, kept under a number.

use wire::Undo;
use workbench::Error;
use workbench::ports::Ports;
use workbench::session::Session;

use crate::app_state::{AppState, Open};
use crate::jobs::Answer;

/// Does what can be taken back, and says how.
pub(crate) fn undoable(
    app: &AppState,
    job: impl FnOnce(&mut Session, &Ports) -> Result<workbench::undo::Undo, Error>,
) -> Answer<Undo> {
    app.with(|open, ports| {
        let undo = job(&mut open.session, ports)?;
        Ok(kept(open, undo))
    })
}

/// The same where it may want the person's word for something live.
pub(crate) fn undoable_with_consent(
    app: &AppState,
    mut job: impl FnMut(&mut Session, &Ports) -> Result<workbench::undo::Undo, Error>,
) -> Answer<Undo> {
    app.with_consent(|open, ports| {
        let undo = job(&mut open.session, ports)?;
        Ok(kept(open, undo))
    })
}

/// Keeps an undo, under its number.
pub(crate) fn kept(open: &mut Open, undo: workbench::undo::Undo) -> Undo {
    let words = undo.words().to_owned();
    Undo { undo: open.undo.keep(undo), words }
}
