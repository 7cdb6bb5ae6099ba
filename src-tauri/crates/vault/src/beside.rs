//! Names beside a vault: the journal, the lock, and every other file that SQLite would believe if it lay there.
//!
//! SQLite asks for these files by name alone. Whoever may write to the folder can therefore speak in the vault's name,
//! unless somebody looks first: here.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::fault::Fault;
use crate::ids::RecordId;

/// Why a file beside the vault is not believed that its owner did not write.
pub(crate) const OF_OTHERS: &str = "it belongs to another user, or others may write to it";

/// A vault's file under its real name, with the names that belong to it.
pub(crate) struct Beside {
    /// The file itself. SQLite follows symbolic links before it looks for a journal, so this does, too.
    pub file: PathBuf,
    found: Metadata,
}

impl Beside {
    /// Finds the real file behind `path`.
    pub fn of(path: &Path) -> Result<Self, Fault> {
        let failed = |error| Fault::from_io(path, error);
        let file = fs::canonicalize(path).map_err(failed)?;
        let found = fs::metadata(&file).map_err(failed)?;
        Ok(Self { file, found })
    }

    /// What SQLite writes before it changes the file, and undoes a change with.
    pub fn journal(&self) -> PathBuf {
        named(&self.file, "-journal")
    }

    /// A write-ahead log, which this format never has. SQLite would read it in place of the file all the same.
    fn log(&self) -> PathBuf {
        named(&self.file, "-wal")
    }

    /// What one writer locks.
    pub fn lock(&self) -> PathBuf {
        named(&self.file, ".lock")
    }

    /// What one program locks for what it does with a record outside of the vault.
    pub fn record_lock(&self, id: RecordId) -> PathBuf {
        named(&self.file, &format!(".{id}.lock"))
    }

    /// Where the file is kept that an interrupted write left, once its journal was undone.
    pub fn kept(&self) -> PathBuf {
        named(&self.file, ".interrupted")
    }

    /// Where a journal is kept that was used, or is not this file's.
    pub fn kept_journal(&self) -> PathBuf {
        named(&self.kept(), "-journal")
    }

    /// What lies at a name beside the vault; a link, a pipe or a folder there is refused, since SQLite would follow the
    /// one and wait for the other.
    pub fn look(&self, path: &Path) -> Result<Option<Metadata>, Fault> {
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::from_io(path, error)),
            Ok(found) if !found.is_file() => Err(foreign(path, "it is not a regular file")),
            Ok(found) => Ok(Some(found)),
        }
    }

    /// Refuses a file that somebody else wrote.
    pub fn check_owner(&self, path: &Path, found: &Metadata) -> Result<(), Fault> {
        if self.is_owners(found) { Ok(()) } else { Err(foreign(path, OF_OTHERS)) }
    }

    /// Whether the owner of the vault wrote this file, or root in the owner's place, and nobody else could.
    #[cfg(unix)]
    pub fn is_owners(&self, found: &Metadata) -> bool {
        use std::os::unix::fs::MetadataExt;
        let others_write = 0o022;
        [self.found.uid(), 0].contains(&found.uid()) && found.mode() & others_write & !self.found.mode() == 0
    }

    /// Elsewhere a folder of the user's profile is the owner's alone by what it inherits.
    #[cfg(not(unix))]
    pub fn is_owners(&self, _: &Metadata) -> bool {
        true
    }

    /// Refuses a vault beside which SQLite would find something to read in its place. Answers whether there is a journal that
    /// somebody else wrote.
    pub fn check(&self) -> Result<bool, Fault> {
        let journal = self.look(&self.journal())?;
        match self.look(&self.log())? {
            Some(found) if found.len() > 0 => Err(foreign(&self.log(), "a vault has no write-ahead log")),
            _ => Ok(journal.is_some_and(|found| found.len() > 0 && !self.is_owners(&found))),
        }
    }

    /// Takes the names that SQLite asks for while a write goes on, so that nobody else's file can stand there.
    ///
    /// Wants the write lock and a settled vault: a journal that is there now is empty, or another program writes.
    pub fn take_names(&self) -> Result<Taken, Fault> {
        let journal = self.take(self.journal())?;
        Ok(Taken { _journal: journal, _log: self.take(self.log())? })
    }

    fn take(&self, path: PathBuf) -> Result<TakenName, Fault> {
        let failed = |error| Fault::from_io(&path, error);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // As SQLite does: whoever may read the vault may read what its write left.
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
            options.mode(self.found.mode() & 0o777);
        }
        match options.open(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            // What cannot be made says nothing of itself: it is the folder that takes no files.
            made => {
                let refused = |error| Fault::from_io(disk::folder_of(&path), error);
                return made.map(|_| TakenName(path.clone())).map_err(refused);
            }
        }
        let Some(found) = self.look(&path)? else { return Err(Fault::busy(&self.file)) };
        self.check_owner(&path, &found)?;
        if is_begun(&path).map_err(failed)? {
            return Err(Fault::busy(&self.file));
        }
        fs::remove_file(&path).map_err(failed)?;
        options.open(&path).map(|_| TakenName(path.clone())).map_err(failed)
    }

    /// Refuses a vault with several names: under each of them it has another lock and another journal, and a write
    /// under one would not know of a write under the other.
    #[cfg(unix)]
    pub fn check_names(&self) -> Result<(), Fault> {
        use std::os::unix::fs::MetadataExt;
        if self.found.nlink() <= 1 {
            return Ok(());
        }
        // One of them may be a draft of ours.
        remove_drafts(&self.file);
        match fs::metadata(&self.file).map_err(|error| Fault::from_io(&self.file, error))?.nlink() {
            0 | 1 => Ok(()),
            links => Err(Fault::Linked { path: self.file.clone(), links }),
        }
    }

    /// Elsewhere the standard library does not tell.
    #[cfg(not(unix))]
    pub fn check_names(&self) -> Result<(), Fault> {
        Ok(())
    }

    /// Gives a file that took the vault's place the owner and the mode that the vault had.
    pub fn dress(&self, path: &Path) -> Result<(), Fault> {
        self.give_to_owner(path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let failed = |error| Fault::from_io(path, error);
            if fs::metadata(path).map_err(failed)?.mode() != self.found.mode() {
                fs::set_permissions(path, self.found.permissions()).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Gives a file that root made to the owner of the vault.
    pub fn give_to_owner(&self, path: &Path) -> Result<(), Fault> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, chown};
            let failed = |error| Fault::from_io(path, error);
            let (now, wanted) = (fs::metadata(path).map_err(failed)?, &self.found);
            if (now.uid(), now.gid()) != (wanted.uid(), wanted.gid()) {
                chown(path, Some(wanted.uid()), Some(wanted.gid())).map_err(failed)?;
            }
        }
        #[cfg(not(unix))]
        let _ = path;
        Ok(())
    }
}

/// The names beside a vault, held for the time of one write.
pub(crate) struct Taken {
    _journal: TakenName,
    _log: TakenName,
}

/// An empty file that holds a name. SQLite writes its journal into it, and removes that; what is still empty at the end
/// goes with this.
struct TakenName(PathBuf);

impl Drop for TakenName {
    fn drop(&mut self) {
        // A journal that a failed write left says what the file was: it stays.
        if fs::symlink_metadata(&self.0).is_ok_and(|found| found.len() == 0) {
            let _ = fs::remove_file(&self.0);
        }
    }
}

/// Removes drafts of this vault that were left by an earlier version when it was killed while it created one:
/// `.<name>.<16 hex digits>.new`, with a journal perhaps. They hold no more than an empty vault.
pub(crate) fn remove_drafts(path: &Path) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_draft = |found: &str| {
        let middle = found.strip_prefix('.').and_then(|found| found.strip_prefix(&name)?.strip_prefix('.'));
        let number = middle.and_then(|it| it.strip_suffix(".new").or_else(|| it.strip_suffix(".new-journal")));
        number.is_some_and(|number| number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    // One that cannot be seen or removed does no harm.
    let Ok(entries) = fs::read_dir(disk::folder_of(path)) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_str().is_some_and(is_draft)) {
        let _ = fs::remove_file(entry.path());
    }
}

/// Whether a journal has a header: SQLite empties or clears it where the write that it belongs to is done.
fn is_begun(path: &Path) -> std::io::Result<bool> {
    let mut first = [0];
    Ok(File::open(path)?.read(&mut first)? == 1 && first != [0])
}

pub(crate) fn foreign(path: &Path, why: &'static str) -> Fault {
    Fault::Foreign { path: path.to_owned(), why }
}

fn named(file: &Path, behind: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(behind);
    name.into()
}
