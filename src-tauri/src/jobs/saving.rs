//! Saving files where the person chose, readable by them alone.

use std::path::Path;

use wire::{Code, ErrorBody, SavedFile};

use crate::jobs::Answer;

/// Writes a file to the place that the person chose.
pub(crate) fn save(path: &Path, bytes: &[u8], what: String) -> Answer<SavedFile> {
    // The dialog asked before it gave the name of a file that is there.
    host::write(path, bytes, host::Existing::Replace)
        .map_err(|error| ErrorBody::new(Code::System, error.to_string(), error.hint()))?;
    Ok(SavedFile { file: path.display().to_string(), words: what })
}

/// A name for a file, without what a file system takes for a path.
pub(crate) fn file_name(name: &str, extension: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).take(80).collect();
    format!("{}.{extension}", plain.trim_start_matches('.'))
}
