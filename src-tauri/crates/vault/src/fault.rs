//! Faults of a file: of the disk under it, or of the bytes in it.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fmt, io};

use rusqlite::ffi::ErrorCode;

use crate::ids::RecordId;
use crate::{FORMAT, OLDEST_SQLITE};

/// How long to wait for somebody else's write.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Why the file of a vault cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Something else stands there.
    #[error("{} is not a Keywright vault: {why}", path.display())]
    NotAVault {
        /// The file.
        path: PathBuf,
        /// What was found instead.
        why: &'static str,
    },
    /// A later Keywright wrote it. Nothing was changed.
    #[error("the vault has format {found}; this program reads format {FORMAT}")]
    NewerFormat {
        /// The file's format.
        found: u32,
    },
    /// The bytes are not what was written. Nothing was changed.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// A journal lies beside the vault, as an interrupted write leaves one, and neither the file nor the file with its journal undone is whole. Nothing was changed.
    #[error(
        "a journal lies beside {}, and neither the file alone is whole ({as_it_is}) nor the file with it undone ({undone})",
        path.display()
    )]
    Interrupted {
        /// The file.
        path: PathBuf,
        /// What is wrong with the file as it stands.
        as_it_is: String,
        /// What is wrong with the file once the journal is undone, or with the journal.
        undone: String,
    },
    /// The system did not let us read or write.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl FileError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotAVault { .. } => Some("choose another file, or create a vault under a new name"),
            Self::NewerFormat { .. } => Some("open it with the Keywright that wrote it, or a later one"),
            Self::Damaged(_) => Some(
                "keep this file as it is and open a copy from a backup; if it is a copy itself, copy the original once \
                 more, together with the file that has the same name and -journal behind it",
            ),
            Self::Interrupted { .. } => Some(
                "keep the vault and the file with -journal behind its name as they are, and open a copy from a backup",
            ),
            Self::Fault(fault) => fault.hint(),
        }
    }
}

/// The vault's bytes are not what was written: an accident, or somebody's edit.
#[derive(Debug, thiserror::Error, Clone, Copy, PartialEq, Eq)]
#[error("the vault is damaged: {part} {what}")]
pub struct Damage {
    /// Where.
    pub part: Part,
    /// What was found, as the rest of a sentence about the part.
    pub what: &'static str,
}

/// A part of a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The SQLite file itself.
    File,
    /// The tables.
    Schema,
    /// The vault's identity.
    Header,
    /// A key slot, by its number.
    Slot(u8),
    /// A record or a tombstone.
    Record(RecordId),
    /// A record's secret part.
    Secret(RecordId),
    /// What holds all parts together.
    Manifest,
}

impl Part {
    pub(crate) fn is(self, what: &'static str) -> Damage {
        Damage { part: self, what }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("the file"),
            Self::Schema => f.write_str("the table layout"),
            Self::Header => f.write_str("the header"),
            Self::Slot(id) => write!(f, "key slot {id}"),
            Self::Record(id) => write!(f, "record {id}"),
            Self::Secret(id) => write!(f, "the secret of record {id}"),
            Self::Manifest => f.write_str("the manifest"),
        }
    }
}

/// What the system, rather than the file, refused.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// There is no such file.
    #[error("{} does not exist", path.display())]
    NotFound {
        /// The file or folder.
        path: PathBuf,
    },
    /// The user may not.
    #[error("no permission for {}", path.display())]
    Denied {
        /// The file or folder.
        path: PathBuf,
    },
    /// The file, its folder or its file system takes no writes.
    #[error("{} cannot be written: the file or its folder is read-only", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// No room for a write.
    #[error("no room left to write {}: the disk or the quota is full", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Somebody else is writing, for longer than a write takes.
    #[error("another program is writing to {} and did not finish within {} s", path.display(), waited.as_secs())]
    Busy {
        /// The file.
        path: PathBuf,
        /// How long we waited.
        waited: Duration,
    },
    /// A file that SQLite would believe lies beside the vault, and Keywright did not write it.
    #[error("{} lies beside the vault and is not Keywright's: {why}", path.display())]
    Foreign {
        /// That file.
        path: PathBuf,
        /// How one can tell.
        why: &'static str,
    },
    /// The vault's file has further names, which have locks and journals of their own.
    #[error("{} has {links} names (hard links); a vault is written under one", path.display())]
    Linked {
        /// The file.
        path: PathBuf,
        /// How many names it has.
        links: u64,
    },
    /// Anything else the operating system said.
    #[error("{} could not be read or written", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        #[source]
        source: io::Error,
    },
    /// Anything else SQLite said.
    #[error("SQLite could not use {}: {message} (SQLite code {code})", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What it said.
        message: String,
        /// Its extended result code.
        code: i32,
    },
    /// The SQLite in this program has bugs that lose data.
    #[error("SQLite {found} is too old; wanted {} or later", version_text(OLDEST_SQLITE))]
    OldSqlite {
        /// The version in this program.
        found: String,
    },
}

impl Fault {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotFound { .. } => Some("check the path, or create a vault there"),
            Self::Denied { .. } => Some("check who owns the file and its folder"),
            Self::ReadOnly { .. } => Some("the vault was left as it was; make the file and its folder writable"),
            Self::Full { .. } => Some("the vault was left as it was; free some space and try again"),
            Self::Busy { .. } => Some("close the other program, or wait until it is done, and try again"),
            Self::Foreign { .. } => Some("look at that file, move it away if nobody needs it, and try again"),
            Self::Linked { .. } => Some("remove the other names, or work on a copy of the file"),
            Self::Sqlite { code, .. } if code & 0xff == rusqlite::ffi::SQLITE_IOERR => Some(
                "check the disk, its free space and the limit on the size of files (ulimit -f): the file system \
                     refused a read or a write",
            ),
            Self::Io { .. } | Self::Sqlite { .. } => None,
            Self::OldSqlite { .. } => Some("install a build of Keywright with its own SQLite"),
        }
    }

    pub(crate) fn busy(path: &Path) -> Self {
        Self::Busy { path: path.to_owned(), waited: PATIENCE }
    }

    pub(crate) fn from_io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path },
            io::ErrorKind::PermissionDenied => Self::Denied { path },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full { path }
            }
            _ => Self::Io { path, source },
        }
    }

    fn from_sqlite(path: &Path, source: &rusqlite::Error) -> Self {
        let code = source.sqlite_error().map_or(rusqlite::ffi::SQLITE_ERROR, |error| error.extended_code);
        Self::Sqlite { path: path.to_owned(), message: rusqlite::ffi::code_to_str(code).to_owned(), code }
    }
}

impl FileError {
    /// Sorts what SQLite says about `path` into what a person can act upon.
    fn from_sqlite(path: &Path, source: rusqlite::Error) -> Self {
        let fault = |fault: fn(PathBuf) -> Fault| Self::Fault(fault(path.to_owned()));
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt) => Part::File.is("does not hold together").into(),
            Some(ErrorCode::NotADatabase) => {
                Self::NotAVault { path: path.to_owned(), why: "it does not begin like an SQLite file" }
            }
            Some(ErrorCode::DiskFull) => fault(|path| Fault::Full { path }),
            Some(ErrorCode::ReadOnly) => fault(|path| Fault::ReadOnly { path }),
            Some(ErrorCode::PermissionDenied) => fault(|path| Fault::Denied { path }),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::busy(path).into(),
            Some(ErrorCode::CannotOpen) => cannot_open(path, &source),
            Some(_) => Fault::from_sqlite(path, &source).into(),
            // Everything without a code is a row of another shape than the one we write.
            None => Part::File.is("holds a row of another shape than was written").into(),
        }
    }
}

/// SQLite says "unable to open" about several things; the file system knows which.
fn cannot_open(path: &Path, source: &rusqlite::Error) -> FileError {
    match std::fs::metadata(path) {
        Err(error) => Fault::from_io(path, error).into(),
        Ok(found) if found.is_dir() => FileError::NotAVault { path: path.to_owned(), why: "it is a folder" },
        // Nothing was opened, so nothing can be lost by opening it once more without SQLite.
        Ok(_) => match std::fs::File::open(path) {
            Err(error) => Fault::from_io(path, error).into(),
            Ok(_) => Fault::from_sqlite(path, source).into(),
        },
    }
}

fn version_text(number: i32) -> String {
    format!("{}.{}.{}", number / 1_000_000, number / 1000 % 1000, number % 1000)
}

/// An error inside a transaction, where it is not known which file that is.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// SQLite failed, or found a row of another shape.
    Sqlite(rusqlite::Error),
    /// The rows are not what was written.
    Damage(Damage),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Damage> for Trouble {
    fn from(damage: Damage) -> Self {
        Self::Damage(damage)
    }
}

/// Adds the file to an error that happened in it.
pub(crate) trait At<T> {
    /// The same, now that it is known which file it was.
    fn at(self, path: &Path) -> Result<T, FileError>;
}

impl<T, E: Into<Trouble>> At<T> for Result<T, E> {
    fn at(self, path: &Path) -> Result<T, FileError> {
        self.map_err(|error| match error.into() {
            Trouble::Sqlite(error) => FileError::from_sqlite(path, error),
            Trouble::Damage(damage) => damage.into(),
        })
    }
}

/// The error types of operations carry [`FileError`]; these conversions let `?` reach it in one step.
macro_rules! carries_file_error {
    ($error:ty) => {
        impl From<$crate::fault::Damage> for $error {
            fn from(damage: $crate::fault::Damage) -> Self {
                Self::File(damage.into())
            }
        }

        impl From<$crate::fault::Fault> for $error {
            fn from(fault: $crate::fault::Fault) -> Self {
                Self::File(fault.into())
            }
        }
    };
}
pub(crate) use carries_file_error;
