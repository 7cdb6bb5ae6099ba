//! The vault on the wire.

use serde::Serialize;

/// What a vault shows without its passphrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultStatus {
    /// Where it lies.
    pub path: String,
    /// The format of its file.
    pub format: u32,
    /// Its identity.
    pub vault: String,
    /// When it was created, in seconds since 1970.
    pub created: i64,
    /// How often it was written.
    pub epoch: u64,
    /// The size of its file in bytes.
    pub file_bytes: u64,
    /// What opens it.
    pub slots: Vec<Slot>,
    /// Files and folders of it that others than the owner may reach.
    pub exposed: Vec<String>,
    /// Whether a journal lies beside it: a write was interrupted, or somebody put it there. The next write settles it.
    pub interrupted: bool,
}

/// A key slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Slot {
    /// Its number.
    pub id: u8,
    /// What opens it, in words: "passphrase (Argon2id, 256 MiB, 3 passes)".
    pub opens_with: String,
    /// When its secret was set, in seconds since 1970.
    pub created: i64,
}

impl From<&workbench::session::VaultStatus> for VaultStatus {
    fn from(status: &workbench::session::VaultStatus) -> Self {
        use workbench::session::SlotType;
        let slot = |slot: &workbench::session::SlotInfo| Slot {
            id: slot.id,
            opens_with: match &slot.slot_type {
                SlotType::Passphrase(params) => {
                    format!("passphrase (Argon2id, {} MiB, {} passes)", params.memory_mib(), params.passes())
                }
                SlotType::Refused(error) => format!("passphrase, refused: {error}"),
                SlotType::Unknown(kind) => format!("something newer (type {kind})"),
            },
            created: slot.created,
        };
        Self {
            path: status.path.display().to_string(),
            format: status.format,
            vault: status.vault.to_string(),
            created: status.created,
            epoch: status.epoch.0,
            file_bytes: status.file_bytes,
            slots: status.slots.iter().map(slot).collect(),
            exposed: status.exposed.iter().map(|e| format!("{} (mode {:o})", e.path.display(), e.mode)).collect(),
            interrupted: status.interrupted,
        }
    }
}
