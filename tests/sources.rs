//! Sources of a crate, for tests that read what it prints.

use std::path::{Path, PathBuf};

/// Every file below `src` of the crate that lies at `krate`, with its text.
pub fn of(krate: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(krate).join("src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let source = std::fs::read_to_string(&path).unwrap();
                found.push((path, source));
            }
        }
    }
    found
}
