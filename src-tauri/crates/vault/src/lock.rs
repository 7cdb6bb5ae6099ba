//! The operating system's locks: one that a writer holds for the time of one write, and one for each record.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::beside::{Beside, foreign};
use crate::fault::{Fault, FileError};
use crate::ids::RecordId;
use crate::unlocked::Unlocked;

/// Held while a vault is written; released when dropped, and by the system when the process dies.
///
/// It lies on a file beside the vault, since SQLite locks bytes of the vault itself. The file stays: removing it would
/// let two processes lock two files of one name.
pub(crate) struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Waits for other writers, up to `patience`.
    pub fn acquire(beside: &Beside, patience: Duration) -> Result<Self, Fault> {
        let file = lockable(beside, &beside.lock())?;
        let start = Instant::now();
        while !try_lock(&file, &beside.lock())? {
            if start.elapsed() >= patience {
                return Err(Fault::Busy { path: beside.file.clone(), waited: patience });
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(Self { _file: file })
    }
}

/// Held while one of all the programs that have the vault open does what goes with a record outside of the vault; released when
/// dropped, and by the system when the process dies. The vault can be read and written meanwhile.
///
/// As with a write, its file stays.
#[derive(Debug)]
pub struct RecordLock {
    _file: File,
}

impl Unlocked {
    /// The lock of a record; nothing while another holder has it, in this process or in another. Nobody waits here.
    pub fn try_lock(&self, id: RecordId) -> Result<Option<RecordLock>, FileError> {
        let beside = Beside::of(self.path())?;
        let path = beside.record_lock(id);
        let file = lockable(&beside, &path)?;
        Ok(try_lock(&file, &path)?.then_some(RecordLock { _file: file }))
    }
}

/// The file that is locked.
fn lockable(beside: &Beside, path: &Path) -> Result<File, Fault> {
    // A link is not followed and a pipe not waited for: whoever put it there would choose what is opened, or when.
    beside.look(path)?;
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    disk::owner_only(&mut options);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
    }
    let file = options.open(path).map_err(|error| Fault::from_io(path, error))?;
    let found = file.metadata().map_err(|error| Fault::from_io(path, error))?;
    if !found.is_file() {
        return Err(foreign(path, "it is not a regular file"));
    }
    beside.check_owner(path, &found)?;
    // What root made, the owner shall lock as well. Whoever is not root has nothing to change here.
    let _ = beside.give_to_owner(path);
    Ok(file)
}

/// Whether the lock is ours now.
fn try_lock(file: &File, path: &Path) -> Result<bool, Fault> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(Fault::from_io(path, error)),
    }
}
