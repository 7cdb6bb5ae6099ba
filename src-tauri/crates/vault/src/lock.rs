//! The operating system's lock that one writer holds for the time of one write.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::fault::Fault;

/// Held while a vault is written; released when dropped, and by the system when the process dies.
///
/// It lies on a file beside the vault, since SQLite locks bytes of the vault itself. The file stays: removing it would
/// let two processes lock two files of one name.
pub(crate) struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Waits for other writers, up to `patience`.
    pub fn acquire(vault: &Path, patience: Duration) -> Result<Self, Fault> {
        let path = lock_path(vault);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        crate::create::owner_only(&mut options);
        let file = options.open(&path).map_err(|error| Fault::from_io(&path, error))?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(error)) => return Err(Fault::from_io(&path, error)),
                Err(TryLockError::WouldBlock) if start.elapsed() >= patience => {
                    return Err(Fault::Busy { path: vault.to_owned(), waited: patience });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

/// The vault's name with `.lock` behind it.
fn lock_path(vault: &Path) -> PathBuf {
    let mut name = OsString::from(vault);
    name.push(".lock");
    name.into()
}
