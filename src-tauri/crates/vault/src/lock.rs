//! The operating system's lock that one writer holds for the time of one write.

use std::fs::{File, OpenOptions, TryLockError};
use std::time::{Duration, Instant};

use crate::beside::{Beside, foreign};
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
    pub fn acquire(beside: &Beside, patience: Duration) -> Result<Self, Fault> {
        let path = beside.lock();
        // A link is not followed and a pipe not waited for: whoever put it there would choose what is opened, or when.
        beside.look(&path)?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        disk::owner_only(&mut options);
        #[cfg(unix)]
        {
            use rustix::fs::OFlags;
            let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
            std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
        }
        let file = options.open(&path).map_err(|error| Fault::from_io(&path, error))?;
        let found = file.metadata().map_err(|error| Fault::from_io(&path, error))?;
        if !found.is_file() {
            return Err(foreign(&path, "it is not a regular file"));
        }
        beside.check_owner(&path, &found)?;
        // What root made, the owner shall lock as well. Whoever is not root has nothing to change here.
        let _ = beside.give_to_owner(&path);
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(error)) => return Err(Fault::from_io(&path, error)),
                Err(TryLockError::WouldBlock) if start.elapsed() >= patience => {
                    return Err(Fault::Busy { path: beside.file.clone(), waited: patience });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}
