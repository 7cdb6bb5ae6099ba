//! A vault whose key is known: the list of its records, and their secrets one by one.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use zeroize::Zeroizing;

use crate::fault::{At, FileError, carries_file_error};
use crate::ids::{Epoch, Kind, RecordId, Revision, VaultId};
use crate::interrupted;
use crate::keys::VaultKeys;
use crate::load::{self, Content, Outside, Snapshot};
use crate::rows::{Header, Manifest, State};

/// A vault whose key is known. Dropping it wipes the keys and the list.
///
/// It shows the vault as it was when it was read, until [`Unlocked::refresh`] or a commit of its own. It has no `Debug`
/// and no `Clone`:
///
/// ```compile_fail
/// fn show(vault: keywright_vault::Unlocked) -> String {
///     format!("{vault:?}")
/// }
/// ```
/// ```compile_fail
/// fn copy(vault: &keywright_vault::Unlocked) -> keywright_vault::Unlocked {
///     vault.clone()
/// }
/// ```
pub struct Unlocked {
    pub(crate) path: PathBuf,
    pub(crate) header: Header,
    pub(crate) keys: VaultKeys,
    pub(crate) now: Snapshot,
}

/// A record, without its secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its identity.
    pub id: RecordId,
    /// How often it was written.
    pub revision: Revision,
    /// What it is.
    pub kind: Kind,
    /// Its metadata.
    pub metadata: &'a [u8],
    /// Whether it has a secret.
    pub has_secret: bool,
}

/// What is left of a deleted record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Tombstone<'a> {
    /// The identity of the record; never used again.
    pub id: RecordId,
    /// What the record was.
    pub kind: Kind,
    /// What was said when it was deleted.
    pub text: &'a [u8],
}

/// What a refresh found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refreshed {
    /// Nobody else has written.
    Same,
    /// Somebody has; the list is new.
    Newer,
}

/// How much was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Records whose metadata opened.
    pub records: usize,
    /// Secrets that opened.
    pub secrets: usize,
    /// Tombstones that opened.
    pub tombstones: usize,
}

/// Why the vault was not read again. The session goes on with what it knew.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is older than what this session has already seen, or another branch of its history.
    #[error("the vault went back: it stands at epoch {found}, and this session has seen epoch {seen}")]
    WentBack {
        /// The file's epoch.
        found: Epoch,
        /// Ours.
        seen: Epoch,
    },
    /// Another vault lies at the path.
    #[error("another vault lies at this path now: {found} instead of {wanted}")]
    Replaced {
        /// The vault that is there.
        found: VaultId,
        /// Ours.
        wanted: VaultId,
    },
    /// The file could not be read, or is damaged.
    #[error(transparent)]
    File(#[from] FileError),
}

carries_file_error!(ReadError);

impl ReadError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::WentBack { .. } => {
                Some("if you restored a backup, lock and unlock the vault; if not, do not trust it")
            }
            Self::Replaced { .. } => Some("lock, and open the vault that you mean"),
            Self::File(error) => error.hint(),
        }
    }
}

/// Why a secret was not opened.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// There is no such record, or it was deleted.
    #[error("there is no record {id}")]
    NoRecord {
        /// The id asked for.
        id: RecordId,
    },
    /// The record has no secret part.
    #[error("record {id} has no secret")]
    NoSecret {
        /// The id asked for.
        id: RecordId,
    },
    /// Somebody else wrote the record after it was listed.
    #[error("record {id} was changed by another program")]
    ChangedElsewhere {
        /// The id asked for.
        id: RecordId,
    },
    /// The vault is not the one that was unlocked, or cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl SecretError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoRecord { .. } | Self::NoSecret { .. } => None,
            Self::ChangedElsewhere { .. } => Some("refresh the list and try again"),
            Self::Read(error) => error.hint(),
        }
    }
}

impl<E: Into<FileError>> From<E> for SecretError {
    fn from(error: E) -> Self {
        Self::Read(ReadError::File(error.into()))
    }
}

impl Unlocked {
    pub(crate) fn new(path: PathBuf, header: Header, keys: VaultKeys, now: Snapshot) -> Self {
        Self { path, header, keys, now }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its identity.
    pub fn id(&self) -> VaultId {
        self.header.vault
    }

    /// How often the vault had been written when the list was read.
    pub fn epoch(&self) -> Epoch {
        self.now.manifest.epoch
    }

    /// The records, ascending by id, which is not a meaningful order.
    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let live = self.now.contents.iter().filter(|(_, content)| content.state == State::Live);
        live.map(|(id, content)| record(*id, content))
    }

    /// The record with this id.
    pub fn record(&self, id: RecordId) -> Option<Record<'_>> {
        self.now.contents.get(&id).filter(|content| content.state == State::Live).map(|content| record(id, content))
    }

    /// What is left of the deleted records.
    pub fn tombstones(&self) -> impl Iterator<Item = Tombstone<'_>> {
        let dead = self.now.contents.iter().filter(|(_, content)| content.state == State::Tombstone);
        dead.map(|(id, content)| Tombstone { id: *id, kind: content.kind, text: &content.text })
    }

    /// Opens a secret. It is wiped when dropped; hold it for as long as one operation takes.
    pub fn open_secret(&self, id: RecordId) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let record = self.record(id).ok_or(SecretError::NoRecord { id })?;
        if !record.has_secret {
            return Err(SecretError::NoSecret { id });
        }
        let known = self.now.tree.get(id).ok_or(SecretError::NoRecord { id })?;
        self.read(|db| {
            let outside = self.outside(db)?;
            let opened = load::open_known_secret(db, self.header.vault, &self.keys.wrap, id, known);
            opened.at(&self.path).map_err(|error| match error {
                // The list is behind the file, so a record that differs is news rather than damage.
                FileError::Damaged(_) if outside.manifest != self.now.manifest => SecretError::ChangedElsewhere { id },
                error => error.into(),
            })
        })
    }

    /// Reads the vault again if somebody else has written it.
    pub fn refresh(&mut self) -> Result<Refreshed, ReadError> {
        let newer = self.read(|db| {
            if self.outside(db)?.manifest == self.now.manifest {
                return Ok::<_, ReadError>(None);
            }
            Ok(Some(Snapshot::read(db, &self.header, &self.keys).at(&self.path)?))
        })?;
        let Some(newer) = newer else { return Ok(Refreshed::Same) };
        self.now = newer;
        Ok(Refreshed::Newer)
    }

    /// Reads and opens everything, the secrets too, and compares it with the manifest.
    pub fn verify(&self) -> Result<Verified, ReadError> {
        self.read(|db| {
            self.outside(db)?;
            let (snapshot, secrets) = load::read_whole(db, &self.header, &self.keys).at(&self.path)?;
            let records = snapshot.contents.values().filter(|content| content.state == State::Live).count();
            Ok(Verified { records, secrets, tombstones: snapshot.contents.len() - records })
        })
    }

    /// What stands outside the seals, if it is ours and not older than what we know.
    pub(crate) fn outside(&self, db: &Connection) -> Result<Outside, ReadError> {
        let outside = Outside::read(db).at(&self.path)?;
        self.check_history(&outside)?;
        Ok(outside)
    }

    /// Reads the vault's present state.
    fn read<T, E>(&self, read: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<FileError> + std::error::Error,
    {
        interrupted::read(&self.path, |db| Ok(self.check_whole(db)?), read)
    }

    /// Whether this is a state that somebody with the key wrote, down to the last secret.
    pub(crate) fn check_whole(&self, db: &Connection) -> Result<(), FileError> {
        load::read_whole(db, &self.header, &self.keys).at(&self.path).map(drop)
    }

    /// Whether the file is ours and not older than what we know.
    fn check_history(&self, outside: &Outside) -> Result<(), ReadError> {
        if outside.header.vault != self.header.vault {
            return Err(ReadError::Replaced { found: outside.header.vault, wanted: self.header.vault });
        }
        let Manifest { epoch: found, tag } = outside.manifest;
        let Manifest { epoch: seen, tag: known } = self.now.manifest;
        if found < seen || (found == seen && tag != known) {
            return Err(ReadError::WentBack { found, seen });
        }
        Ok(())
    }
}

fn record(id: RecordId, content: &Content) -> Record<'_> {
    let Content { revision, kind, has_secret, text, .. } = content;
    Record { id, revision: *revision, kind: *kind, metadata: text, has_secret: *has_secret }
}
