//! Sealed records in one SQLite file: key slots, records, a manifest over all of them, and writes that survive a crash.
//!
//! The byte-level format is `docs/formats/vault-v1.md`. A vault is [created](create) or [opened](open) as [`Locked`],
//! and turned into [`Unlocked`] with a passphrase. An unlocked vault holds keys and the list of records, never an open
//! file: each operation opens the file, looks whether it is still the one it knows, and closes it again.
//!
//! What this crate must not know: what a record means. A kind is a byte, metadata and secret are bytes. It has no clock
//! (`now` is an argument) and no source of randomness of its own ([`Random`] is an argument).

mod aad;
mod beside;
mod calibrate;
mod change_passphrase;
mod commit;
mod create;
mod fault;
mod file;
mod ids;
mod interrupted;
mod journal;
mod kdf;
mod keys;
mod leftover;
mod load;
mod lock;
mod locked;
mod manifest;
mod passphrase;
mod random;
mod rows;
mod seal;
mod slot;
mod unlocked;

pub use calibrate::{Calibration, calibrate};
pub use change_passphrase::ChangePassphraseError;
pub use commit::{Change, CommitError, Secret};
pub use create::{CreateError, create};
pub use fault::{Damage, Fault, FileError, Part};
pub use file::is_vault;
pub use ids::{Epoch, Kind, RecordId, Revision, VaultId};
pub use kdf::{KdfError, KdfParams};
pub use lock::RecordLock;
pub use locked::{Exposed, Locked, OpenError, SlotInfo, SlotType, Status, UnlockError, open};
pub use passphrase::{Passphrase, PassphraseError};
pub use random::Random;
pub use slot::SlotKey;
pub use unlocked::{ReadError, Record, Refreshed, SecretError, Tombstone, Unlocked, Verified};

/// The format this crate writes, and the newest it reads.
pub const FORMAT: u32 = 1;

/// The oldest SQLite this crate runs with, as in `sqlite3_libversion_number()`: 3.51.3.
pub const OLDEST_SQLITE: i32 = 3_051_003;
