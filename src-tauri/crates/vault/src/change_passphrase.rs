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
