//! A passphrase: normalised once, wiped when dropped, shown nowhere.

use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

/// What a person types to unlock a vault.
///
/// Held as the UTF-8 bytes of its Unicode normalisation form C, so that `é` typed on one system opens what `é` typed
/// on another sealed (RFC 8265 §4.2 asks the same of passwords). Nothing is trimmed. It has no `Debug`, `Display`,
/// `Clone` or `Serialize`:
///
/// ```compile_fail
/// let typed = keywright_vault::Passphrase::new("correct horse".to_owned())?;
/// println!("{typed:?}");
/// # Ok::<(), keywright_vault::PassphraseError>(())
/// ```
/// ```compile_fail
/// let typed = keywright_vault::Passphrase::new("correct horse".to_owned())?;
/// println!("{typed}");
/// # Ok::<(), keywright_vault::PassphraseError>(())
/// ```
/// ```compile_fail
/// let typed = keywright_vault::Passphrase::new("correct horse".to_owned())?;
/// let copy = typed.clone();
/// # Ok::<(), keywright_vault::PassphraseError>(())
/// ```
pub struct Passphrase(Zeroizing<String>);

/// Why a text is not a passphrase.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PassphraseError {
    /// Nothing was typed.
    #[error("the passphrase is empty")]
    Empty,
    /// Longer than anybody types; likely the wrong file.
    #[error("the passphrase has {found} bytes; at most {} are taken", Passphrase::MAX_BYTES)]
    TooLong {
        /// Its length in bytes of UTF-8.
        found: usize,
    },
}

impl Passphrase {
    /// The longest passphrase in bytes of UTF-8.
    pub const MAX_BYTES: usize = 4096;

    /// Takes the text over and wipes it.
    pub fn new(mut typed: String) -> Result<Self, PassphraseError> {
        let taken = Self::check(&typed).map(|()| {
            // Composition never needs more than three times the bytes (Unicode Standard Annex #15, expansion factors
            // of NFC in UTF-8), so the buffer never moves and leaves no copy behind.
            let mut normal = Zeroizing::new(String::with_capacity(3 * typed.len()));
            normal.extend(typed.nfc());
            Self(normal)
        });
        typed.zeroize();
        taken
    }

    fn check(typed: &str) -> Result<(), PassphraseError> {
        match typed.len() {
            0 => Err(PassphraseError::Empty),
            found if found > Self::MAX_BYTES => Err(PassphraseError::TooLong { found }),
            _ => Ok(()),
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_and_decomposed_are_one_passphrase() {
        let composed = Passphrase::new("caf\u{e9}".to_owned()).unwrap();
        let decomposed = Passphrase::new("cafe\u{301}".to_owned()).unwrap();
        assert_eq!(composed.as_bytes(), decomposed.as_bytes());
        assert_eq!(composed.as_bytes(), "caf\u{e9}".as_bytes());
    }

    #[test]
    fn spaces_are_kept() {
        assert_eq!(Passphrase::new(" a b ".to_owned()).unwrap().as_bytes(), b" a b ");
    }

    #[test]
    fn errors_read_well() {
        let message = |text: String| Passphrase::new(text).err().unwrap().to_string();
        insta::assert_snapshot!(message(String::new()), @"the passphrase is empty");
        insta::assert_snapshot!(message("x".repeat(4097)), @"the passphrase has 4097 bytes; at most 4096 are taken");
    }
}
