//! Whole files: written in full or not at all, readable by their owner alone, with nothing readable left by a kill.
//!
//! This crate knows bytes and names. It must not know what a file holds: the vault and exported keys use it alike.

mod names;
#[cfg(target_os = "linux")]
mod unnamed;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use names::{hidden_name, untaken};

/// What to do where the name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave what is there and fail.
    Keep,
    /// Put the new file in its place, in one step.
    Replace,
}

/// Writes `bytes` to `path`, readable and writable by the owner alone (0600 on Unix).
///
/// When this returns, the file is on the disk in full under its name. When it fails, or the process is killed at any
/// moment, the name holds what it held before, or the whole new file. What a kill leaves besides cannot be read: on
/// Linux the file has no name before it is complete; where the file system has no unnamed files (`O_TMPFILE`), and for
/// the moment in which a file takes another's place, a hidden file of mode 000 can stay behind.
///
/// A symbolic link at `path` is never followed: [`Existing::Keep`] fails, [`Existing::Replace`] replaces the link.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] if the name is taken and [`Existing::Keep`] was asked for; whatever else the system says.
pub fn write_whole(path: &Path, bytes: &[u8], existing: Existing) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::from(ErrorKind::InvalidFilename))?;
    let folder = folder_of(path);
    #[cfg(target_os = "linux")]
    match unnamed::write(folder, name, bytes, existing) {
        Err(error) if unnamed::is_unsupported(&error) => {}
        written => return written,
    }
    let _ = name;
    write_named(path, bytes, existing)?;
    sync_folder(folder)
}

/// The folder in which a path ends; the current one where it names none.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes the names in a folder last. Only Unix asks for this.
///
/// # Errors
/// Whatever the system says.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Makes a folder and those above it that are missing, for the owner alone (0700 on Unix), and makes them last.
///
/// # Errors
/// The folder that the system refused, and what it said.
pub fn create_folder(folder: &Path) -> Result<(), (PathBuf, io::Error)> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder_of(folder);
    if above != folder {
        create_folder(above)?;
    }
    let failed = |error| (folder.to_owned(), error);
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        // Somebody else made it in the meantime.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        made => made.map_err(failed)?,
    }
    sync_folder(above).map_err(failed)
}

/// The way of every file system: a hidden file that nobody can read (mode 000; the open descriptor can write all the
/// same) gets the name when it is complete, and is readable from then on.
fn write_named(path: &Path, bytes: &[u8], existing: Existing) -> io::Result<()> {
    let (mut file, hidden) = hidden_file(path)?;
    let placed = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| match existing {
        Existing::Keep => place_beside(&hidden, path),
        Existing::Replace => fs::rename(&hidden, path),
    });
    if placed.is_err() {
        // Nothing is left to do where this fails too: what stays cannot be read.
        let _ = fs::remove_file(&hidden);
    }
    placed?;
    make_readable(&file)
}

/// Gives a finished file its name, and fails if the name is taken.
fn place_beside(hidden: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(hidden, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        Ok(()) => fs::remove_file(hidden),
        // A file system without hard links: an empty file of ours takes the name, and ours replaces that.
        Err(_) => {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            owner_only(&mut options);
            options.open(path)?;
            fs::rename(hidden, path).inspect_err(|_| drop(fs::remove_file(path)))
        }
    }
}

/// A new file that nobody can read, and its name: `.<name>.<16 hex digits>.new`.
fn hidden_file(path: &Path) -> io::Result<(File, PathBuf)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0);
    untaken(|| {
        let hidden = path.with_file_name(hidden_name(path));
        options.open(&hidden).map(|file| (file, hidden))
    })
}

/// The owner alone may read and write what is created with these options.
pub fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// The owner may read and write from now on, also after a power cut.
fn make_readable(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        file.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Write = fn(&Path, &[u8], Existing) -> io::Result<()>;

    /// The usual way, and the one for file systems that have no unnamed files.
    const WAYS: [(&str, Write); 2] = [("usual", write_whole), ("named", write_named)];

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_there_in_full_and_alone() {
        for (way, write) in WAYS {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("key.pem");
            write(&path, b"first", Existing::Keep).unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"first", "{way}");
            write(&path, b"second", Existing::Replace).unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"second", "{way}");
            assert_eq!(names(folder.path()), ["key.pem"], "{way}");
        }
    }

    #[test]
    fn a_taken_name_is_kept() {
        for (way, write) in WAYS {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("key.pem");
            fs::write(&path, "theirs").unwrap();
            let refused = write(&path, b"ours", Existing::Keep).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::AlreadyExists, "{way}");
            assert_eq!(fs::read(&path).unwrap(), b"theirs", "{way}");
            assert_eq!(names(folder.path()), ["key.pem"], "{way}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn its_owner_alone_reads_it_and_no_link_is_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        for (way, write) in WAYS {
            let folder = tempfile::tempdir().unwrap();
            let mode = |path: &Path| fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777;
            let (path, link) = (folder.path().join("key.pem"), folder.path().join("link"));
            let elsewhere = folder.path().join("elsewhere");
            symlink(&elsewhere, &link).unwrap();
            assert_eq!(write(&link, b"x", Existing::Keep).unwrap_err().kind(), ErrorKind::AlreadyExists, "{way}");
            write(&link, b"x", Existing::Replace).unwrap();
            assert!(!elsewhere.exists() && !link.is_symlink(), "{way}");
            for existing in [Existing::Keep, Existing::Replace] {
                write(&path, b"x", existing).unwrap();
                assert_eq!(mode(&path), 0o600, "{way}");
            }
        }
    }

    #[test]
    fn a_missing_folder_is_an_error_and_is_made_on_demand() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/key.pem");
        assert_eq!(write_whole(&path, b"x", Existing::Keep).unwrap_err().kind(), ErrorKind::NotFound);
        create_folder(folder_of(&path)).unwrap();
        create_folder(folder_of(&path)).unwrap();
        write_whole(&path, b"x", Existing::Keep).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(folder.path().join("a")).unwrap().permissions().mode() & 0o7777, 0o700);
        }
    }

    #[test]
    fn a_path_without_a_name_is_refused() {
        assert_eq!(write_whole(Path::new("/"), b"x", Existing::Keep).unwrap_err().kind(), ErrorKind::InvalidFilename);
        assert_eq!(folder_of(Path::new("key.pem")), Path::new("."));
    }
}
