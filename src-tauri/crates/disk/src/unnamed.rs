//! Unnamed files of Linux: a file that has no name until it is complete (`O_TMPFILE`, open(2)).

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Mode, OFlags, fchmod, linkat, openat, renameat, unlinkat};
use rustix::io::Errno;

use crate::{
    Existing,
    names::{hidden_name, untaken},
};

/// Writes a file that appears under its name in one step.
pub(crate) fn write(folder: &Path, name: &OsStr, bytes: &[u8], existing: Existing) -> io::Result<()> {
    // The folder stays the same one for all steps, whatever happens to its name meanwhile.
    let folder = openat(CWD, folder, OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let mut file = File::from(openat(&folder, ".", flags, Mode::RUSR | Mode::WUSR)?);
    file.write_all(bytes)?;
    file.sync_all()?;
    let link = |name: &OsStr| {
        // Naming a file by its descriptor alone needs a privilege, its entry in /proc does not: linkat(2).
        let entry = format!("/proc/self/fd/{}", file.as_raw_fd());
        linkat(CWD, entry, &folder, name, AtFlags::SYMLINK_FOLLOW).map_err(io::Error::from)
    };
    match existing {
        Existing::Keep => link(name)?,
        Existing::Replace => {
            // A link cannot take the place of another, so for a moment the file has a name of its own. A kill in that
            // moment leaves it there: nobody can read it.
            fchmod(&file, Mode::empty())?;
            let hidden = untaken(|| {
                let hidden = hidden_name(Path::new(name));
                link(&hidden).map(|()| hidden)
            })?;
            if let Err(error) = renameat(&folder, &hidden, &folder, name) {
                // Nothing is left to do where this fails too: what stays cannot be read.
                let _ = unlinkat(&folder, &hidden, AtFlags::empty());
                return Err(error.into());
            }
            fchmod(&file, Mode::RUSR | Mode::WUSR)?;
            file.sync_all()?;
        }
    }
    File::from(folder).sync_all()
}

/// Whether the file system or the kernel has no unnamed files, or /proc is not there: another way is needed.
pub(crate) fn is_unsupported(error: &io::Error) -> bool {
    let unsupported = [Errno::OPNOTSUPP, Errno::ISDIR, Errno::NOENT, Errno::INVAL];
    error.raw_os_error().is_some_and(|code| unsupported.iter().any(|errno| errno.raw_os_error() == code))
}
