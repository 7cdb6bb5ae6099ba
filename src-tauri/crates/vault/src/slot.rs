//! Key slots: ways to reach the master key. Format 1 writes one kind, a passphrase, and carries others along.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::FORMAT;
use crate::aad::Fields;
use crate::ids::VaultId;
use crate::kdf::{KdfError, KdfParams};
use crate::keys::{self, Purpose};
use crate::passphrase::Passphrase;
use crate::random::{self, Random};
use crate::seal::{Broken, Key, XCHACHA20_POLY1305};

/// The type byte of a passphrase slot.
pub(crate) const PASSPHRASE: u8 = 1;

/// The number that Argon2's authors gave its current version, 1.3.
const ARGON2_VERSION: u8 = 0x13;

/// The key of one slot, before it is known whether it opens the slot. Wiped when dropped; shown nowhere.
///
/// Deriving is the slow part of unlocking, so it can be done apart from it.
///
/// ```compile_fail
/// fn show(key: keywright_vault::SlotKey) -> String {
///     format!("{key:?}")
/// }
/// ```
/// ```compile_fail
/// fn copy(key: &keywright_vault::SlotKey) -> keywright_vault::SlotKey {
///     key.clone()
/// }
/// ```
pub struct SlotKey {
    pub(crate) slot: u8,
    pub(crate) key: Box<Key>,
}

/// A slot as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    /// 1 to 255, unique in the vault.
    pub id: u8,
    /// What kind of secret opens it.
    pub kind: u8,
    /// When its secret was set, in seconds since 1970.
    pub created: i64,
    /// What the kind needs; for a passphrase: see [`passphrase_params`].
    pub params: Vec<u8>,
    pub salt: Vec<u8>,
    /// Derived from the slot key; tells a wrong passphrase from a damaged slot, and one key from all others.
    pub commitment: Vec<u8>,
    pub alg: u8,
    /// The master key, sealed.
    pub wrapped: Vec<u8>,
}

impl Slot {
    /// A passphrase slot for `master`, and the slow derivation that goes with it.
    pub fn for_passphrase(
        vault: VaultId,
        id: u8,
        passphrase: &Passphrase,
        params: KdfParams,
        master: &Key,
        random: &dyn Random,
        now: i64,
    ) -> Result<Self, KdfError> {
        let salt: [u8; 32] = random::bytes(random);
        let key = params.derive(passphrase, &salt)?;
        let mut slot = Self {
            id,
            kind: PASSPHRASE,
            created: now,
            params: passphrase_params(params),
            salt: salt.to_vec(),
            commitment: keys::derive(&key, vault, Purpose::SlotCommitment).as_bytes().to_vec(),
            alg: XCHACHA20_POLY1305,
            wrapped: Vec::new(),
        };
        let wrap = keys::derive(&key, vault, Purpose::SlotWrap);
        slot.wrapped = wrap.seal_key(random, &slot.aad(vault), master).to_vec();
        Ok(slot)
    }

    /// The parameters of a passphrase slot. `None` if this is another slot or its shape is wrong.
    pub fn kdf_params(&self) -> Option<Result<KdfParams, KdfError>> {
        let params: &[u8; 13] = self.params.as_slice().try_into().ok()?;
        let word = |at: usize| Some(u32::from_le_bytes(*params.get(at..)?.first_chunk()?));
        let shaped = self.kind == PASSPHRASE && params[0] == ARGON2_VERSION && (16..=64).contains(&self.salt.len());
        if shaped { Some(KdfParams::stored(word(1)?, word(5)?, word(9)?)) } else { None }
    }

    /// Whether this is the key that the slot was made with. Takes the same time for every wrong key.
    pub fn is_key(&self, vault: VaultId, key: &Key) -> bool {
        keys::derive(key, vault, Purpose::SlotCommitment).as_bytes().ct_eq(&self.commitment).into()
    }

    /// The master key, for the key that the slot was made with.
    pub fn open(&self, vault: VaultId, key: &Key) -> Result<Box<Key>, Broken> {
        let wrapped = self.wrapped.as_slice().try_into().map_err(|_| Broken)?;
        if self.alg != XCHACHA20_POLY1305 {
            return Err(Broken);
        }
        keys::derive(key, vault, Purpose::SlotWrap).open_key(&self.aad(vault), wrapped)
    }

    /// Everything in the slot, for the manifest and for the checksum.
    pub fn encode(&self, label: &str, vault: VaultId) -> Fields {
        self.fields(label, vault).field(&self.wrapped)
    }

    /// Finds accidents before a passphrase is blamed for them. It has no key, so it says nothing about intent.
    pub fn checksum(&self, vault: VaultId) -> [u8; 16] {
        checksum(&self.encode("keywright vault slot checksum", vault))
    }

    fn aad(&self, vault: VaultId) -> Fields {
        self.fields("keywright vault slot", vault)
    }

    fn fields(&self, label: &str, vault: VaultId) -> Fields {
        Fields::new(label)
            .field(&FORMAT.to_le_bytes())
            .field(vault.as_bytes())
            .field(&[self.id])
            .field(&[self.kind])
            .field(&self.created.to_le_bytes())
            .field(&self.params)
            .field(&self.salt)
            .field(&self.commitment)
            .field(&[self.alg])
    }
}

/// The first half of a SHA-256: enough to notice any accident.
pub(crate) fn checksum(fields: &Fields) -> [u8; 16] {
    *Sha256::digest(fields.bytes()).first_chunk().expect("a SHA-256 has 32 bytes")
}

/// `version u8 ‖ memory in KiB u32 LE ‖ passes u32 LE ‖ lanes u32 LE`.
pub(crate) fn passphrase_params(params: KdfParams) -> Vec<u8> {
    let mut bytes = vec![ARGON2_VERSION];
    for number in [params.memory_kib(), params.passes(), params.lanes()] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes
}
