//! Window jobs, one function for each command of the page: resolve, call one job of the workbench, answer with a type of
//! `wire`.

mod build;
mod clipboard;
mod definitions;
mod diagnosis;
mod emulator;
mod inspect;
mod keys;
mod profiles;
mod rotation;
mod saving;
mod undoable;
mod vault;
mod webhooks;

pub(crate) use build::*;
pub(crate) use clipboard::*;
pub(crate) use definitions::*;
pub(crate) use diagnosis::*;
pub(crate) use emulator::*;
pub(crate) use inspect::*;
pub(crate) use keys::*;
pub(crate) use profiles::*;
pub(crate) use rotation::*;
pub(crate) use vault::*;
pub(crate) use webhooks::*;

use wire::ErrorBody;

/// What a job answers.
pub(crate) type Answer<T> = Result<T, ErrorBody>;
