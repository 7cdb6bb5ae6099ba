//! A vault whose key is not known: what can be said about it, and how to unlock it.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::fault::{At, FileError, Part, carries_file_error};
use crate::file::{Opened, State};
use crate::ids::{Epoch, VaultId};
use crate::interrupted;
use crate::kdf::{Budget, KdfError, KdfParams};
use crate::keys::{Keys, VaultKeys};
use crate::load::{self, Outside, Snapshot};
use crate::passphrase::Passphrase;
use crate::rows::Header;
use crate::slot::{Slot, SlotKey};
use crate::{FORMAT, unlocked::Unlocked};

/// Why a file was not opened as a vault. The file was not changed.
pub type OpenError = FileError;

/// Looks at a vault. Wants no passphrase and writes nothing.
///
/// # Errors
/// [`FileError::NotAVault`], [`FileError::NewerFormat`], damage that shows without a key, and faults of the system.
pub fn open(path: &Path) -> Result<Locked, OpenError> {
    let read = |db: &Connection| Outside::read(db).at(path);
    let (states, interrupted) = match State::open(path)? {
        Opened::State(state) => (vec![read(&state)?], false),
        Opened::Interrupted(interrupted) => (interrupted.readable(read)?, true),
    };
    let mut states = states.into_iter();
    let Outside { header, slots, manifest } = states.next().ok_or(Part::File.is("has nothing to read"))?;
    let other = states.filter(|state| state.header == header).flat_map(|state| state.slots);
    let other = other.filter(|slot| !slots.contains(slot)).collect();
    let (path, epoch) = (path.to_owned(), manifest.epoch);
    Ok(Locked { path, header, slots, other, epoch, interrupted, memory_limit: u64::MAX })
}

/// A vault whose key is not known.
pub struct Locked {
    path: PathBuf,
    header: Header,
    slots: Vec<Slot>,
    /// Slots of the other state that the vault may be in, where a write was interrupted.
    other: Vec<Slot>,
    epoch: Epoch,
    interrupted: bool,
    memory_limit: u64,
}

/// What a vault shows to somebody without its key.
///
/// None of this is authenticated before the vault is unlocked; unlocking checks all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Where it lies.
    pub path: PathBuf,
    /// The format it is written in.
    pub format: u32,
    /// Its identity.
    pub vault: VaultId,
    /// When it was created, in seconds since 1970.
    pub created: i64,
    /// How often it was written.
    pub epoch: Epoch,
    /// Its key slots.
    pub slots: Vec<SlotInfo>,
    /// The size of its file in bytes.
    pub file_bytes: u64,
    /// The file and folder, where others than the owner may reach them.
    pub exposed: Vec<Exposed>,
    /// Whether a journal lies beside it: a write was interrupted, or somebody put it there. The next write settles it.
    pub interrupted: bool,
}

/// A key slot, as far as it can be seen from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotInfo {
    /// Its number in the vault.
    pub id: u8,
    /// What opens it.
    pub slot_type: SlotType,
    /// When its secret was set, in seconds since 1970.
    pub created: i64,
}

/// What opens a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotType {
    /// A passphrase, by Argon2id with these parameters.
    Passphrase(KdfParams),
    /// A passphrase slot whose parameters are out of bounds.
    Refused(KdfError),
    /// Something that a later Keywright knows.
    Unknown(u8),
}

/// A file or folder that others than its owner may read, write or list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposed {
    /// The file or folder.
    pub path: PathBuf,
    /// Its Unix permission bits.
    pub mode: u32,
}

/// Why a vault was not unlocked. The file was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// No passphrase slot was made with this passphrase.
    #[error("the passphrase does not open this vault")]
    WrongPassphrase,
    /// The vault opens by other means.
    #[error("the vault has no passphrase slot")]
    NoPassphraseSlot,
    /// The slot changed after it was read: somebody set another passphrase in that moment.
    #[error("key slot {slot} was changed by another program in this moment")]
    SlotChanged {
        /// The slot's number.
        slot: u8,
    },
    /// The key could not be derived.
    #[error(transparent)]
    Kdf(#[from] KdfError),
    /// The file could not be read, or is damaged.
    #[error(transparent)]
    File(#[from] FileError),
}

carries_file_error!(UnlockError);

impl UnlockError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::WrongPassphrase => Some("check the keyboard layout and caps lock; the vault itself is undamaged"),
            Self::NoPassphraseSlot => Some("open it with the Keywright that wrote it, or a later one"),
            Self::SlotChanged { .. } => Some("open the vault again"),
            Self::Kdf(error) => error.hint(),
            Self::File(error) => error.hint(),
        }
    }
}

impl Unlocked {
    /// Forgets the keys and the list.
    pub fn lock(self) -> Result<Locked, OpenError> {
        open(self.path())
    }
}

impl Locked {
    /// What can be seen without the key.
    pub fn status(&self) -> Result<Status, FileError> {
        let metadata = std::fs::metadata(&self.path).map_err(|error| crate::Fault::from_io(&self.path, error))?;
        Ok(Status {
            path: self.path.clone(),
            format: FORMAT,
            vault: self.header.vault,
            created: self.header.created,
            epoch: self.epoch,
            slots: self.slots.iter().map(SlotInfo::of).collect(),
            file_bytes: metadata.len(),
            exposed: exposed(&self.path),
            interrupted: self.interrupted,
        })
    }

    /// Refuses slots that want more than `bytes` of memory, say half of what the machine has, whatever they ask for.
    /// More than 2 GiB are refused in any case.
    #[must_use]
    pub fn limit_memory(self, bytes: u64) -> Self {
        Self { memory_limit: bytes, ..self }
    }

    /// Derives a slot's key from the passphrase, and checks that it is the right one. This is the slow part.
    ///
    /// All slots together may ask for as much work as one may ask for: somebody who adds slots to the file gains nothing.
    ///
    /// # Errors
    /// [`UnlockError::WrongPassphrase`]; [`KdfError`] for a slot that asks for too much, before it is tried.
    pub fn derive(&self, passphrase: &Passphrase) -> Result<SlotKey, UnlockError> {
        let mut budget = Budget::default();
        let mut tried = false;
        for slot in self.slots.iter().chain(&self.other).filter(|slot| slot.kind == crate::slot::PASSPHRASE) {
            let params = slot.kdf_params().ok_or(Part::Slot(slot.id).is("has parameters of another shape"))??;
            params.within(self.memory_limit)?;
            budget.spend(params)?;
            let key = params.derive(passphrase, &slot.salt)?;
            if slot.is_key(self.header.vault, &key) {
                return Ok(SlotKey { slot: slot.id, key });
            }
            tried = true;
        }
        Err(if tried { UnlockError::WrongPassphrase } else { UnlockError::NoPassphraseSlot })
    }

    /// Unlocks with a passphrase: [`Locked::derive`] and [`Locked::unlock_with`] in one.
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<Unlocked, UnlockError> {
        self.unlock_with(&self.derive(passphrase)?)
    }

    /// Unlocks with a derived key: reads the whole file, verifies it against the manifest and opens all metadata.
    pub fn unlock_with(&self, key: &SlotKey) -> Result<Unlocked, UnlockError> {
        let whole = |db: &Connection| {
            let keys = self.keys(db, key)?;
            load::read_whole(db, &self.header, &keys).at(&self.path)?;
            Ok::<_, UnlockError>(())
        };
        interrupted::read(&self.path, whole, |db| {
            let keys = self.keys(db, key)?;
            let snapshot = Snapshot::read(db, &self.header, &keys).at(&self.path)?;
            Ok(Unlocked::new(self.path.clone(), self.header, keys, snapshot))
        })
    }

    /// The vault's keys, if the slot that `key` is for is still the same.
    fn keys(&self, db: &Connection, key: &SlotKey) -> Result<VaultKeys, UnlockError> {
        let outside = Outside::read(db).at(&self.path)?;
        let slot = outside.slots.iter().find(|slot| slot.id == key.slot);
        let slot = slot
            .filter(|slot| outside.header == self.header && slot.is_key(self.header.vault, &key.key))
            .ok_or(UnlockError::SlotChanged { slot: key.slot })?;
        let master = slot
            .open(self.header.vault, &key.key)
            .map_err(|_| Part::Slot(slot.id).is("does not open with its own key"))?;
        Ok(Keys::from_master(self.header.vault, &master))
    }
}

impl SlotInfo {
    pub(crate) fn of(slot: &Slot) -> Self {
        let slot_type = match slot.kdf_params() {
            Some(Ok(params)) => SlotType::Passphrase(params),
            Some(Err(error)) => SlotType::Refused(error),
            None => SlotType::Unknown(slot.kind),
        };
        Self { id: slot.id, slot_type, created: slot.created }
    }
}

#[cfg(unix)]
fn exposed(path: &Path) -> Vec<Exposed> {
    use std::os::unix::fs::PermissionsExt;
    let look = |path: &Path| {
        let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o7777;
        (mode & 0o077 != 0).then(|| Exposed { path: path.to_owned(), mode })
    };
    path.parent().into_iter().chain([path]).filter_map(look).collect()
}

/// Elsewhere a folder of the user's profile is the owner's alone by what it inherits.
#[cfg(not(unix))]
fn exposed(_: &Path) -> Vec<Exposed> {
    Vec::new()
}
