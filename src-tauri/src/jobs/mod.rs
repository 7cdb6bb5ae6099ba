//! One function for each command of the page: resolve, call one job of the workbench, answer with a type of `wire`.

mod build;
mod clipboard;
mod vault;

pub(crate) use build::*;
pub(crate) use clipboard::*;
pub(crate) use vault::*;

use wire::ErrorBody;

/// What a job answers.
pub(crate) type Answer<T> = Result<T, ErrorBody>;
