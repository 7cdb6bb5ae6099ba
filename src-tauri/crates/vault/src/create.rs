//! Creating a vault: it appears complete or not at all, and never in the place of something else.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use disk::Existing;
use rusqlite::Connection;

use crate::beside;
use crate::fault::{At, Fault, FileError, carries_file_error};
use crate::file;
use crate::ids::{Epoch, VaultId};
use crate::interrupted;
use crate::kdf::{KdfError, KdfParams};
use crate::keys::Keys;
use crate::load::{self, Snapshot};
use crate::manifest::Tree;
use crate::passphrase::Passphrase;
use crate::random::Random;
use crate::rows::{Header, Manifest};
use crate::slot::Slot;
use crate::unlocked::Unlocked;

/// Why no vault was created. What stood at the path before still stands there.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The path is taken.
    #[error("{} exists already; a vault is never written over it", path.display())]
    Exists {
        /// The path.
        path: PathBuf,
    },
    /// The path has no file name.
    #[error("{} is not a path for a file", path.display())]
    NoFileName {
        /// The path.
        path: PathBuf,
    },
    /// The key could not be derived.
    #[error(transparent)]
    Kdf(#[from] KdfError),
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
}

carries_file_error!(CreateError);

impl CreateError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Exists { .. } => Some("choose another path, or open the vault that is there"),
            Self::NoFileName { .. } => Some("give the path of a file in a folder"),
            Self::Kdf(error) => error.hint(),
            Self::File(error) => error.hint(),
        }
    }
}

/// Creates a vault with one passphrase slot and no records.
///
/// Folders that are missing are made for the owner alone (0700), the file too (0600). The vault is built in memory and
/// appears under its name complete and on disk, or not at all. Takes as long as deriving the key with `params`. `now` is
/// in seconds since 1970.
///
/// # Errors
/// [`CreateError::Exists`] if anything stands at `path`, and the errors of the file system.
pub fn create(
    path: &Path,
    passphrase: &Passphrase,
    params: KdfParams,
    random: &dyn Random,
    now: i64,
) -> Result<Unlocked, CreateError> {
    if path.file_name().is_none() {
        return Err(CreateError::NoFileName { path: path.to_owned() });
    }
    if fs::symlink_metadata(path).is_ok() {
        return Err(CreateError::Exists { path: path.to_owned() });
    }
    let header = Header { vault: VaultId::random(random), created: now };
    let keys = Keys::random(header.vault, random);
    let slot = Slot::for_passphrase(header.vault, 1, passphrase, params, &keys.master, random, now)?;
    let tag = Tree::new(Default::default()).tag(&keys.manifest, &header, std::slice::from_ref(&slot), Epoch::FIRST);
    let bytes = file::build(path, |db| {
        header.insert(db)?;
        slot.write(db, header.vault)?;
        Manifest { epoch: Epoch::FIRST, tag }.write(db)
    })?;

    disk::create_folder(disk::folder_of(path)).map_err(|(folder, error)| Fault::from_io(&folder, error))?;
    disk::write_whole(path, &bytes, Existing::Keep).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => CreateError::Exists { path: path.to_owned() },
        _ => Fault::from_io(path, error).into(),
    })?;
    beside::remove_drafts(path);

    let whole = |db: &Connection| Ok::<_, CreateError>(load::read_whole(db, &header, &keys).at(path).map(drop)?);
    let snapshot = interrupted::read(path, whole, |db| Ok(Snapshot::read(db, &header, &keys).at(path)?))?;
    Ok(Unlocked::new(path.to_owned(), header, keys, snapshot))
}
