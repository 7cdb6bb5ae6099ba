//! Names of files that are not complete: hidden, and taken by nobody else.

use std::ffi::OsString;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, ErrorKind};
use std::path::Path;

/// How often another temporary name is tried when one is taken.
const TRIES: usize = 16;

/// Tries names until one is not taken.
pub(crate) fn untaken<T>(mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    for _ in 1..TRIES {
        match attempt() {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            done => return done,
        }
    }
    attempt()
}

/// A name that nobody else uses. It guards nothing: a taken one is an error that is tried around.
pub(crate) fn hidden_name(path: &Path) -> OsString {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{:016x}.new", RandomState::new().build_hasher().finish()));
    name
}
