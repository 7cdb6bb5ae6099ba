//! Reading what people give and writing what they asked for.
//!
//! Both may be private keys: what is read is erased from memory when it is dropped, and what is written can be read by
//! its owner alone and is either there in full or not at all.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

pub use disk::Existing;
use workbench::ports::{FileError, Files};
use zeroize::Zeroizing;

/// How large a file of input may be, in bytes: 16 MiB. Keys, tokens and claims are far smaller.
pub const INPUT_LIMIT: usize = 16 * 1024 * 1024;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is none.
    #[error("{} does not exist", .path.display())]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// The path leads to a folder.
    #[error("{} is a folder, wanted a file", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// The path leads to a device or a socket.
    #[error("{} is a device or a socket, wanted a file or a pipe", .path.display())]
    Device {
        /// The device.
        path: PathBuf,
    },
    /// There is more than is read.
    #[error("{} has more than {limit} bytes", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// How many bytes are read at most.
        limit: usize,
    },
    /// Text was wanted.
    #[error("{} is not UTF-8 text: byte {at} does not fit", .path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// How many bytes before it are good.
        at: usize,
    },
    /// The system refused.
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's word for it.
        source: io::Error,
    },
}

impl ReadError {
    /// What to try next.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotFound { .. } => Some("check the path; a relative one starts from the current folder"),
            Self::Folder { .. } => Some("name the file in it"),
            Self::Device { .. } => Some("to read standard input, give - as the file"),
            Self::TooLarge { .. } => Some("keys, tokens and claims are much smaller; is this the right file?"),
            Self::NotUtf8 { .. } => Some("save the file as UTF-8, or check that it is the right one"),
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some("check who owns the file and who may read it")
            }
            Self::Io { .. } => None,
        }
    }
}

/// Reads a file or a pipe of at most `limit` bytes. Pipes are welcome for the sake of `<(command)` in a shell.
pub fn read(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    let named = || path.to_owned();
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => ReadError::NotFound { path: named() },
        _ => ReadError::Io { path: named(), source },
    };
    // Looked at before it is opened: to open a device can be an act of its own.
    let kind = fs::metadata(path).map_err(failed)?.file_type();
    if kind.is_dir() {
        return Err(ReadError::Folder { path: named() });
    }
    if !kind.is_file() && !is_pipe(kind) {
        return Err(ReadError::Device { path: named() });
    }
    let mut file = File::open(path).map_err(failed)?;
    match read_from(&mut file, limit).map_err(failed)? {
        Some(bytes) => Ok(bytes),
        None => Err(ReadError::TooLarge { path: named(), limit }),
    }
}

/// Like [`read`], for text.
pub fn read_text(path: &Path, limit: usize) -> Result<Zeroizing<String>, ReadError> {
    let mut bytes = read(path, limit)?;
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            drop(Zeroizing::new(error.into_bytes()));
            Err(ReadError::NotUtf8 { path: path.to_owned(), at })
        }
    }
}

/// The files of this computer, for jobs that look at one again.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsFiles;

impl Files for OsFiles {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        let told = |error: ReadError| FileError { message: error.to_string(), hint: error.hint().map(str::to_owned) };
        read(path, INPUT_LIMIT).map(|bytes| bytes.to_vec()).map_err(told)
    }
}

/// Everything from `source`, or `None` where that is more than `limit` bytes. Grows by hand, so that no copy of a
/// secret stays behind when the buffer moves.
///
/// # Errors
///
/// Those of the source.
pub fn read_from(source: &mut impl Read, limit: usize) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    let mut piece = Zeroizing::new([0; 64 * 1024]);
    loop {
        let count = match source.read(&mut piece[..]) {
            Ok(0) => return Ok(Some(bytes)),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if bytes.len() + count > limit {
            return Ok(None);
        }
        if bytes.capacity() < bytes.len() + count {
            let mut larger = Zeroizing::new(Vec::with_capacity((bytes.len() + count).max(bytes.capacity() * 2)));
            larger.extend_from_slice(&bytes);
            bytes = larger;
        }
        bytes.extend_from_slice(&piece[..count]);
    }
}

#[cfg(unix)]
fn is_pipe(kind: fs::FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&kind)
}

#[cfg(not(unix))]
fn is_pipe(_: fs::FileType) -> bool {
    false
}

/// Why a file was not written. The file that was there, if any, is as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// There is one already.
    #[error("{} exists and is not overwritten", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// There is a vault, which may be the only copy of what is in it.
    #[error("{} is a vault and is not overwritten", .path.display())]
    Vault {
        /// The vault.
        path: PathBuf,
    },
    /// The path leads to a folder.
    #[error("{} is a folder, wanted the name of a file", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// The folder for the file is missing.
    #[error("there is no folder {}", .path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The system refused.
    #[error("cannot write {}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's word for it.
        source: io::Error,
    },
}

impl WriteError {
    /// What to try next.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Exists { .. } => Some("choose another name, or replace the file"),
            Self::Vault { .. } => Some("choose another name, or remove the vault by hand if nobody needs it"),
            Self::Folder { .. } => Some("add a file name to the path"),
            Self::NoFolder { .. } => Some("make the folder first, or choose another"),
            Self::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => Some("make room on the disk"),
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some("check who may write to the folder")
            }
            Self::Io { .. } => None,
        }
    }
}

/// Writes `bytes` to `path`, readable and writable by its owner alone (0600). When this returns, the file is on the
/// disk in full; when it fails, or is killed, nothing can be read that could not be read before. A vault is never
/// replaced: it may be the only copy of what is in it.
pub fn write(path: &Path, bytes: &[u8], existing: Existing) -> Result<(), WriteError> {
    let named = || path.to_owned();
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => return Err(WriteError::Folder { path: named() }),
        Ok(_) if existing == Existing::Keep => return Err(WriteError::Exists { path: named() }),
        Ok(_) if vault::is_vault(path) => return Err(WriteError::Vault { path: named() }),
        _ => {}
    }
    let folder = disk::folder_of(path);
    if !folder.is_dir() {
        return Err(WriteError::NoFolder { path: folder.to_owned() });
    }
    disk::write_whole(path, bytes, existing).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => WriteError::Exists { path: named() },
        _ => WriteError::Io { path: named(), source },
    })
}
