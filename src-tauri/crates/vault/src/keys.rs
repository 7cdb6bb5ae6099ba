//! The key hierarchy: slot key → vault master key → keys for wrapping and for the manifest.

use hkdf::Hkdf;
use memory::Page;
use sha2::Sha256;
use zeroize::Zeroize;

use crate::ids::VaultId;
use crate::random::Random;
use crate::seal::Key;

/// What a key is derived for. Each label is used for one thing only.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// From a slot key: what shows that the key is the right one.
    SlotCommitment,
    /// From a slot key: seals the master key.
    SlotWrap,
    /// From the master key: seals the data keys of records.
    RecordWrap,
    /// From the master key: authenticates the manifest.
    Manifest,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::SlotCommitment => b"keywright vault v1 slot commitment",
            Self::SlotWrap => b"keywright vault v1 slot wrap",
            Self::RecordWrap => b"keywright vault v1 record wrap",
            Self::Manifest => b"keywright vault v1 manifest",
        }
    }
}

/// `HKDF-SHA256(salt = vault id, ikm = key, info = label)`, 32 bytes (RFC 5869).
pub(crate) fn derive(key: &Key, vault: VaultId, purpose: Purpose) -> Box<Key> {
    let mut derived = Box::new(Key::EMPTY);
    derive_into(&mut derived, key, vault, purpose);
    derived
}

fn derive_into(derived: &mut Key, key: &Key, vault: VaultId, purpose: Purpose) {
    let hkdf = Hkdf::<Sha256>::new(Some(vault.as_bytes()), key.as_bytes());
    hkdf.expand(purpose.label(), derived.as_mut_bytes()).expect("32 bytes are less than HKDF's 8160");
}

/// The keys of an unlocked vault, in memory of their own.
pub(crate) type VaultKeys = Page<Keys>;

/// The master key and what is derived from it: everything an unlocked vault needs.
#[derive(Zeroize)]
pub(crate) struct Keys {
    /// Sealed in each slot, and nowhere else.
    pub master: Key,
    /// Seals the data keys of records.
    pub wrap: Key,
    /// Authenticates the manifest.
    pub manifest: Key,
}

impl Keys {
    /// Keys for a new vault.
    pub fn random(vault: VaultId, random: &dyn Random) -> VaultKeys {
        Self::from_master(vault, &Key::random(random))
    }

    /// The keys that follow from a master key.
    pub fn from_master(vault: VaultId, master: &Key) -> VaultKeys {
        let mut keys = Page::new(Self { master: Key::EMPTY, wrap: Key::EMPTY, manifest: Key::EMPTY });
        keys.master.copy_from(master);
        derive_into(&mut keys.wrap, master, vault, Purpose::RecordWrap);
        derive_into(&mut keys.manifest, master, vault, Purpose::Manifest);
        keys
    }
}
