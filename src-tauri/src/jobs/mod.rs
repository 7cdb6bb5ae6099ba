//! Window jobs, one function for each command of the page: resolve, call one job of the workbench, answer with a type of
//! `wire`.

mod build;
mod clipboard;
mod definitions;
mod emulator;
mod inspect;
mod keys;
mod profiles;
mod saving;
mod vault;
mod webhooks;

pub(crate) use build::*;
pub(crate) use clipboard::*;
pub(crate) use definitions::*;
pub(crate) use emulator::*;
pub(crate) use inspect::*;
pub(crate) use keys::*;
pub(crate) use profiles::*;
pub(crate) use vault::*;
pub(crate) use webhooks::*;

use wire::{ErrorBody, Undo};
use workbench::Error;
use workbench::ports::Ports;
use workbench::session::Session;

use crate::desk::{Desk, Open};

/// What a job answers.
pub(crate) type Answer<T> = Result<T, ErrorBody>;

/// Does what can be taken back, and says how.
pub(crate) fn undoable(
    desk: &Desk,
    job: impl FnOnce(&mut Session, &Ports) -> Result<workbench::undo::Undo, Error>,
) -> Answer<Undo> {
    desk.with(|open, ports| {
        let undo = job(&mut open.session, ports)?;
        Ok(kept(open, undo))
    })
}

/// The same where it may want the person's word for something live.
pub(crate) fn undoable_with_consent(
    desk: &Desk,
    mut job: impl FnMut(&mut Session, &Ports) -> Result<workbench::undo::Undo, Error>,
) -> Answer<Undo> {
    desk.with_consent(|open, ports| {
        let undo = job(&mut open.session, ports)?;
        Ok(kept(open, undo))
    })
}

fn kept(open: &mut Open, undo: workbench::undo::Undo) -> Undo {
    let words = undo.words().to_owned();
    Undo { undo: open.undo.keep(undo), words }
}
