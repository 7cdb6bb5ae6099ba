//! Changing the passphrase: one slot is rewritten; no record is.

use crate::commit::{CommitError, Writing};
use crate::ids::Epoch;
use crate::kdf::{KdfError, KdfParams};
use crate::passphrase::Passphrase;
use crate::random::Random;
use crate::slot::{self, Slot};
use crate::unlocked::Unlocked;

/// Why the passphrase is still the former one.
#[derive(Debug, thiserror::Error)]
pub enum ChangePassphraseError {
    /// The vault has no passphrase slot to rewrite.
    #[error("the vault has no passphrase slot")]
    NoPassphraseSlot,
    /// The key could not be derived.
    #[error(transparent)]
    Kdf(#[from] KdfError),
    /// The slot could not be written.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl ChangePassphraseError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoPassphraseSlot => None,
            Self::Kdf(error) => error.hint(),
            Self::Commit(error) => error.hint(),
        }
    }
}

impl Unlocked {
    /// Puts another passphrase in place of the present one, and returns the vault's new epoch.
    ///
    /// Copies of the file made before keep opening with the former passphrase: whoever may have learnt it can still open
    /// an old copy. `now` is in seconds since 1970.
    pub fn change_passphrase(
        &mut self,
        passphrase: &Passphrase,
        params: KdfParams,
        random: &dyn Random,
        now: i64,
    ) -> Result<Epoch, ChangePassphraseError> {
        let at = self.now.slots.iter().position(|slot| slot.kind == slot::PASSPHRASE);
        let at = at.ok_or(ChangePassphraseError::NoPassphraseSlot)?;
        let mut slots = self.now.slots.clone();
        // Slow, so it comes before the lock.
        slots[at] =
            Slot::for_passphrase(self.header.vault, slots[at].id, passphrase, params, &self.keys.master, random, now)?;
        Ok(self.write(|_, _| Ok(Writing { records: Vec::new(), slots }))?)
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::fault::{FileError, Part};
    use crate::locked::{SlotType, UnlockError};
    use crate::{create, open};

    fn random(out: &mut [u8]) {
        use chacha20poly1305::aead::rand_core::RngCore;
        chacha20poly1305::aead::OsRng.fill_bytes(out);
    }

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned()).unwrap()
    }

    /// A vault with a second slot, which `edit` may change before it is written.
    fn with_second_slot(edit: impl FnOnce(&mut Slot)) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.kwv");
        let params = KdfParams::CHEAPEST;
        let mut vault = create(&path, &passphrase("first"), params, &random, 0).unwrap();
        let (id, second) = (vault.header.vault, passphrase("second"));
        let mut slot = Slot::for_passphrase(id, 2, &second, params, &vault.keys.master, &random, 0).unwrap();
        edit(&mut slot);
        let slots = vec![vault.now.slots[0].clone(), slot];
        vault.write(|_, _| Ok(Writing { records: Vec::new(), slots })).unwrap();
        (folder, path)
    }

    fn unlock(path: &Path, text: &str) -> Result<Unlocked, UnlockError> {
        open(path).unwrap().unlock(&passphrase(text))
    }

    #[test]
    fn each_slot_opens_the_vault() {
        let (_folder, path) = with_second_slot(|_| ());
        assert!(unlock(&path, "first").is_ok());
        assert!(unlock(&path, "second").is_ok());
        assert!(matches!(unlock(&path, "third"), Err(UnlockError::WrongPassphrase)));
    }

    #[test]
    fn a_slot_dropped_or_put_back_is_noticed() {
        let (_folder, path) = with_second_slot(|_| ());
        let before = std::fs::read(&path).unwrap();
        let edit = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let damaged = |text: &str| match unlock(&path, text) {
            Err(UnlockError::File(FileError::Damaged(damage))) => assert_eq!(damage.part, Part::Manifest),
            other => panic!("accepted, or another error: {:?}", other.err()),
        };
        edit("DELETE FROM slot WHERE id = 2");
        damaged("first");
        std::fs::write(&path, &before).unwrap();
        edit("DELETE FROM slot WHERE id = 1");
        damaged("second");

        // The former passphrase's slot, put back in place of the new one.
        std::fs::write(&path, &before).unwrap();
        let kept = rusqlite::Connection::open(&path).unwrap();
        kept.execute_batch("CREATE TEMP TABLE kept AS SELECT * FROM slot").unwrap();
        let mut vault = unlock(&path, "first").unwrap();
        vault.change_passphrase(&passphrase("new"), KdfParams::CHEAPEST, &random, 0).unwrap();
        kept.execute_batch("DELETE FROM slot; INSERT INTO slot SELECT * FROM kept").unwrap();
        damaged("first");
    }

    #[test]
    fn a_slot_of_a_later_kind_is_carried_along() {
        let (_folder, path) = with_second_slot(|slot| slot.kind = 9);
        assert_eq!(open(&path).unwrap().status().unwrap().slots[1].slot_type, SlotType::Unknown(9));
        let mut vault = unlock(&path, "first").unwrap();
        vault.change_passphrase(&passphrase("new"), KdfParams::CHEAPEST, &random, 0).unwrap();
        assert_eq!(open(&path).unwrap().status().unwrap().slots[1].slot_type, SlotType::Unknown(9));
        assert!(unlock(&path, "new").is_ok());
    }

    /// Refused before any memory is asked for: 4 TiB, 2^32 passes, and what a caller finds too much.
    #[test]
    fn a_slot_that_asks_for_too_much_is_refused() {
        let ask = |word: usize| {
            let (_folder, path) = with_second_slot(|slot| slot.params[word..word + 4].fill(0xff));
            unlock(&path, "second").err().unwrap().to_string()
        };
        insta::assert_snapshot!(ask(1), @"Argon2id is asked for 4194304 MiB of memory; at most 2048 MiB are used");
        insta::assert_snapshot!(ask(5), @"Argon2id is asked for 4294967295 passes; at most 32 are made");
        insta::assert_snapshot!(ask(9), @"Argon2id is asked for 4294967295 lanes; wanted 1 to 16");

        let (_folder, path) = with_second_slot(|_| ());
        let refused = open(&path).unwrap().limit_memory(32 << 20).unlock(&passphrase("first")).err().unwrap();
        insta::assert_snapshot!(refused, @"Argon2id is asked for 64 MiB of memory; at most 32 MiB are used");
    }

    /// Somebody adds slots that would take hours to try. The owner's own comes first and opens; whoever types a wrong
    /// passphrase is told before any of the added ones is tried.
    #[test]
    fn slots_that_were_added_ask_for_no_more_than_one_may() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.kwv");
        let mut vault = create(&path, &passphrase("first"), KdfParams::CHEAPEST, &random, 0).unwrap();
        let own = vault.now.slots[0].clone();
        let dear = slot::passphrase_params(KdfParams::stored(2 << 20, 32, 1).unwrap());
        let added = (2..=255).map(|id| Slot { id, params: dear.clone(), ..own.clone() });
        let slots = std::iter::once(own.clone()).chain(added).collect();
        vault.write(|_, _| Ok(Writing { records: Vec::new(), slots })).unwrap();
        drop(vault);
        assert!(unlock(&path, "first").is_ok());
        insta::assert_snapshot!(unlock(&path, "wrong").err().unwrap(), @"the key slots ask for 65 GiB of memory to be filled in all; at most 64 GiB are");
    }

    /// The checksum and the commitment are right, and the master key does not open: somebody made this.
    #[test]
    fn a_slot_sealed_for_another_vault_is_damage() {
        let (_folder, path) = with_second_slot(|slot| slot.wrapped[30] ^= 1);
        let error = unlock(&path, "second").err().unwrap();
        insta::assert_snapshot!(error, @"the vault is damaged: key slot 2 does not open with its own key");
    }
}
