//! Writing: several changes in one transaction, under the system's lock, if the vault is still the one we know.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction};
use zeroize::Zeroizing;

use crate::aad::{Identity, SealedPart};
use crate::beside::Beside;
use crate::fault::{At, FileError, PATIENCE};
use crate::file::{File, Opened, State};
use crate::ids::{Epoch, Kind, RecordId, Revision};
use crate::interrupted;
use crate::load::{self, Content, Outside};
use crate::lock::WriteLock;
use crate::manifest::Leaf;
use crate::random::Random;
use crate::rows::{self, Manifest, RecordRow};
use crate::seal::{self, Key, XCHACHA20_POLY1305};
use crate::slot::Slot;
use crate::unlocked::{ReadError, Unlocked};

/// One change of one record.
///
/// It may hold a secret, so it has no `Debug`:
///
/// ```compile_fail
/// fn show(change: keywright_vault::Change<'_>) -> String {
///     format!("{change:?}")
/// }
/// ```
pub enum Change<'a> {
    /// A new record, under an id that was never used.
    Add {
        /// A fresh id.
        id: RecordId,
        /// What it is, for life.
        kind: Kind,
        /// Shown in the list; at most [`Change::MAX_METADATA`] bytes.
        metadata: &'a [u8],
        /// Opened one by one; at most [`Change::MAX_SECRET`] bytes.
        secret: Option<&'a [u8]>,
    },
    /// Another text, another secret, or both.
    Replace {
        /// The record.
        id: RecordId,
        /// The revision that the change was made from.
        expected: Revision,
        /// The new metadata.
        metadata: &'a [u8],
        /// What happens to the secret.
        secret: Secret<'a>,
    },
    /// The record goes, and a tombstone says what it was.
    Delete {
        /// The record.
        id: RecordId,
        /// The revision that was looked at when it was decided.
        expected: Revision,
        /// Sealed like metadata, and kept for ever.
        tombstone: &'a [u8],
    },
}

/// What happens to the secret of a record that is replaced.
pub enum Secret<'a> {
    /// It stays, sealed anew with the key of the new revision.
    Keep,
    /// There is none from now on.
    Remove,
    /// This one takes its place.
    Set(&'a [u8]),
}

/// Why nothing was written. Except for [`CommitError::InDoubt`], the file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Somebody else has written the vault since it was read.
    #[error(
        "the vault was changed by another program: it stands at epoch {found}, and the change was made from {ours}"
    )]
    ChangedElsewhere {
        /// The file's epoch.
        found: Epoch,
        /// Ours.
        ours: Epoch,
    },
    /// The record is not at the revision that the change was made from.
    #[error("record {id} is at revision {found}, and the change was made from revision {expected}")]
    Conflict {
        /// The record.
        id: RecordId,
        /// What the change was made from.
        expected: Revision,
        /// Where it stands.
        found: Revision,
    },
    /// There is no such record, or it was deleted.
    #[error("there is no record {id}")]
    NoRecord {
        /// The id.
        id: RecordId,
    },
    /// The id of a new record was used before.
    #[error("the id {id} is taken, or belonged to a record that was deleted")]
    IdTaken {
        /// The id.
        id: RecordId,
    },
    /// Two changes of one record.
    #[error("record {id} is changed twice in one commit")]
    Twice {
        /// The record.
        id: RecordId,
    },
    /// More bytes than a record holds.
    #[error("the {part} of record {id} has {found} bytes; at most {limit} are stored")]
    TooLarge {
        /// The record.
        id: RecordId,
        /// "metadata", "secret" or "tombstone".
        part: &'static str,
        /// Its length in bytes.
        found: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The write failed, and then the file could not be read to see how far it came.
    #[error("it is not known whether the change was written")]
    InDoubt {
        /// Why the write failed.
        #[source]
        source: FileError,
    },
    /// The vault is not the one that was unlocked, or cannot be read or written.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl CommitError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::ChangedElsewhere { .. } | Self::Conflict { .. } => Some("refresh the list and try again"),
            Self::TooLarge { .. } => Some("keep large files outside the vault"),
            Self::InDoubt { .. } => Some("lock and unlock the vault, and look whether the change is there"),
            Self::NoRecord { .. } | Self::IdTaken { .. } | Self::Twice { .. } => None,
            Self::Read(error) => error.hint(),
        }
    }
}

impl<E: Into<FileError>> From<E> for CommitError {
    fn from(error: E) -> Self {
        Self::Read(ReadError::File(error.into()))
    }
}

impl Change<'_> {
    /// The most bytes of metadata, or of a tombstone: 1 MiB.
    pub const MAX_METADATA: usize = 1 << 20;
    /// The most bytes of a secret: 16 MiB.
    pub const MAX_SECRET: usize = 16 << 20;

    /// The record that it changes.
    pub fn id(&self) -> RecordId {
        match self {
            Self::Add { id, .. } | Self::Replace { id, .. } | Self::Delete { id, .. } => *id,
        }
    }

    fn check_size(&self) -> Result<(), CommitError> {
        let id = self.id();
        let within = |part, bytes: &[u8], limit| match bytes.len() {
            found if found > limit => Err(CommitError::TooLarge { id, part, found, limit }),
            _ => Ok(()),
        };
        match self {
            Self::Add { metadata, secret, .. } => {
                within("metadata", metadata, Self::MAX_METADATA)?;
                within("secret", secret.unwrap_or_default(), Self::MAX_SECRET)
            }
            Self::Replace { metadata, secret, .. } => {
                within("metadata", metadata, Self::MAX_METADATA)?;
                let secret = if let Secret::Set(secret) = secret { secret } else { &[][..] };
                within("secret", secret, Self::MAX_SECRET)
            }
            Self::Delete { tombstone, .. } => within("tombstone", tombstone, Self::MAX_METADATA),
        }
    }
}

impl Unlocked {
    /// Writes all changes or none, and returns the vault's new epoch.
    ///
    /// The changes are on disk when this returns. Waits up to 5 s for another writer.
    ///
    /// # Errors
    /// [`CommitError::ChangedElsewhere`] if anybody wrote the vault since it was read, whatever they wrote: refresh, look
    /// whether the change still makes sense, and try again.
    pub fn commit(&mut self, changes: &[Change<'_>], random: &dyn Random) -> Result<Epoch, CommitError> {
        check_shape(changes)?;
        if changes.is_empty() {
            return Ok(self.epoch());
        }
        self.write(|vault, db| {
            let prepare = |change| Prepared::new(vault, db, change, random);
            let records = changes.iter().map(prepare).collect::<Result<_, _>>()?;
            Ok(Writing { records, slots: vault.now.slots.clone() })
        })
    }

    /// The frame of every write: lock, compare, prepare, write, make sure.
    pub(crate) fn write(
        &mut self,
        prepare: impl FnOnce(&Self, &Connection) -> Result<Writing, CommitError>,
    ) -> Result<Epoch, CommitError> {
        let beside = Beside::of(&self.path)?;
        beside.check_names()?;
        let _lock = WriteLock::acquire(&beside, PATIENCE)?;
        beside.check()?;
        interrupted::settle(&beside, |db| self.check_whole(db))?;
        // The file may be another one now, and has the names of the same vault.
        let names = beside.take_names()?;
        let mut file = File::open(&beside)?;
        let transaction = file.writing(&beside)?;
        self.check_unchanged(&transaction)?;
        let writing = prepare(self, &transaction)?;

        let leaves = writing.records.iter().map(|record| (record.row.id, record.leaf));
        let undo = self.now.tree.put(leaves);
        let epoch = self.epoch().next();
        let tag = self.now.tree.tag(&self.keys.manifest, &self.header, &writing.slots, epoch);
        let manifest = Manifest { epoch, tag };

        let stored = writing.store(transaction, self, &manifest).at(&self.path);
        drop((file, names));
        if let Err(error) = stored.or_else(|error| self.look_back(error, &manifest)) {
            self.now.tree.undo(undo);
            return Err(error);
        }
        self.now.manifest = manifest;
        self.now.slots = writing.slots;
        self.now.contents.extend(writing.records.into_iter().map(|record| (record.row.id, record.content)));
        Ok(epoch)
    }

    fn check_unchanged(&self, db: &Connection) -> Result<(), CommitError> {
        let outside = self.outside(db)?;
        if outside.manifest != self.now.manifest {
            return Err(CommitError::ChangedElsewhere { found: outside.manifest.epoch, ours: self.epoch() });
        }
        Ok(())
    }

    /// After a failed write: a full disk or a failing one can report an error for a write that happened. The file says,
    /// unless SQLite could not even undo the write: then nothing that this process reads proves what the disk has.
    fn look_back(&self, error: FileError, written: &Manifest) -> Result<(), CommitError> {
        let found = match State::open(&self.path) {
            Ok(Opened::State(state)) => Outside::read(&state).at(&self.path).ok(),
            Ok(Opened::Interrupted(_)) | Err(_) => None,
        };
        match found.map(|outside| outside.manifest) {
            Some(found) if found == *written => Ok(()),
            Some(found) if found == self.now.manifest => Err(error.into()),
            _ => Err(CommitError::InDoubt { source: error }),
        }
    }
}

/// What one write puts into the file.
pub(crate) struct Writing {
    pub records: Vec<Prepared>,
    pub slots: Vec<Slot>,
}

impl Writing {
    fn store(&self, transaction: Transaction<'_>, vault: &Unlocked, manifest: &Manifest) -> rusqlite::Result<()> {
        for Prepared { row, secret, .. } in &self.records {
            row.write(&transaction)?;
            rows::write_secret(&transaction, row.id, secret.as_deref())?;
        }
        for slot in self.slots.iter().filter(|slot| !vault.now.slots.contains(slot)) {
            slot.write(&transaction, vault.header.vault)?;
        }
        manifest.write(&transaction)?;
        transaction.commit()
    }
}

/// A change, sealed and ready to be written.
pub(crate) struct Prepared {
    row: RecordRow,
    leaf: Leaf,
    secret: Option<Vec<u8>>,
    content: Content,
}

impl Prepared {
    fn new(vault: &Unlocked, db: &Connection, change: &Change<'_>, random: &dyn Random) -> Result<Self, CommitError> {
        match *change {
            Change::Add { id, kind, metadata, secret } => {
                if vault.now.tree.get(id).is_some() {
                    return Err(CommitError::IdTaken { id });
                }
                let identity = vault.identity(id, Revision::FIRST, kind);
                Ok(Self::seal(vault, identity, rows::State::Live, metadata, secret, random))
            }
            Change::Replace { id, expected, metadata, ref secret } => {
                let identity = vault.next_revision(id, expected)?;
                let kept = match secret {
                    Secret::Keep => vault.kept_secret(db, id)?,
                    Secret::Remove | Secret::Set(_) => None,
                };
                let secret =
                    if let Secret::Set(secret) = secret { Some(*secret) } else { kept.as_deref().map(Vec::as_slice) };
                Ok(Self::seal(vault, identity, rows::State::Live, metadata, secret, random))
            }
            Change::Delete { id, expected, tombstone } => {
                let identity = vault.next_revision(id, expected)?;
                Ok(Self::seal(vault, identity, rows::State::Tombstone, tombstone, None, random))
            }
        }
    }

    fn seal(
        vault: &Unlocked,
        identity: Identity,
        state: rows::State,
        text: &[u8],
        secret: Option<&[u8]>,
        random: &dyn Random,
    ) -> Self {
        let alg = XCHACHA20_POLY1305;
        let aad = |part| identity.aad(part, alg);
        let key = Key::random(random);
        let secret = secret.map(|secret| key.seal(random, &aad(SealedPart::Secret), secret));
        let row = RecordRow {
            id: identity.record,
            revision: identity.revision,
            state,
            kind: identity.kind,
            alg,
            data_key: vault.keys.wrap.seal_key(random, &aad(SealedPart::DataKey), &key),
            sealed: key.seal(random, &aad(state.sealed_part()), text),
            secret_tag: secret.as_deref().and_then(seal::tag),
        };
        let leaf = Leaf::of(&row).expect("what was just sealed has a tag");
        let content = Content::of(&row, Zeroizing::new(text.to_vec()));
        Self { row, leaf, secret, content }
    }
}

impl Unlocked {
    fn identity(&self, record: RecordId, revision: Revision, kind: Kind) -> Identity {
        Identity { vault: self.header.vault, record, revision, kind }
    }

    /// The identity of the revision that follows `expected`.
    fn next_revision(&self, id: RecordId, expected: Revision) -> Result<Identity, CommitError> {
        let record = self.record(id).ok_or(CommitError::NoRecord { id })?;
        if record.revision != expected {
            return Err(CommitError::Conflict { id, expected, found: record.revision });
        }
        Ok(self.identity(id, expected.next(), record.kind))
    }

    /// The present secret of a record, read in the transaction that is about to replace it.
    fn kept_secret(&self, db: &Connection, id: RecordId) -> Result<Option<Zeroizing<Vec<u8>>>, CommitError> {
        let known = self.now.tree.get(id).filter(|leaf| leaf.secret_tag.is_some());
        let Some(known) = known else { return Ok(None) };
        load::open_known_secret(db, self.header.vault, &self.keys.wrap, id, known)
            .at(&self.path)
            .map(Some)
            .map_err(CommitError::from)
    }
}

fn check_shape(changes: &[Change<'_>]) -> Result<(), CommitError> {
    let mut seen = BTreeSet::new();
    for change in changes {
        change.check_size()?;
        if !seen.insert(change.id()) {
            return Err(CommitError::Twice { id: change.id() });
        }
    }
    Ok(())
}
