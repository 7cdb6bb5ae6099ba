//! Associated data of a seal, written so that no two meanings share one text: every field has its length in front.

use crate::FORMAT;
use crate::ids::{Kind, RecordId, Revision, VaultId};

/// Bytes made of fields, each preceded by its length as a little-endian u32.
pub(crate) struct Fields(Vec<u8>);

impl Fields {
    /// Begins with the label that says what the bytes are for.
    pub fn new(label: &str) -> Self {
        Self(Vec::with_capacity(160)).field(label.as_bytes())
    }

    /// Appends one field.
    ///
    /// # Panics
    /// If the field is longer than a u32 can say. Fields are identifiers, numbers and rows with a bounded length.
    pub fn field(mut self, bytes: &[u8]) -> Self {
        let length = u32::try_from(bytes.len()).expect("fields are bounded far below 4 GiB");
        self.0.extend_from_slice(&length.to_le_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Which of a record's seals this is. One seal never opens in the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SealedPart {
    /// The data key, sealed with the vault's wrap key.
    DataKey = 1,
    /// The metadata, sealed with the data key.
    Metadata = 2,
    /// The secret, sealed with the data key.
    Secret = 3,
    /// What is left of a deleted record, sealed with the data key.
    Tombstone = 4,
}

/// The identity of one revision of one record; every seal of that revision is bound to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    pub vault: VaultId,
    pub record: RecordId,
    pub revision: Revision,
    pub kind: Kind,
}

impl Identity {
    /// The associated data for one part, sealed with the algorithm `alg`.
    pub fn aad(&self, part: SealedPart, alg: u8) -> Fields {
        Fields::new("keywright vault record")
            .field(&FORMAT.to_le_bytes())
            .field(self.vault.as_bytes())
            .field(self.record.as_bytes())
            .field(&self.revision.0.to_le_bytes())
            .field(&[self.kind.0])
            .field(&[part as u8])
            .field(&[alg])
    }
}
