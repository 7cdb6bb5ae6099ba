//! Secrets that callers registered to be checked against: bytes that are wiped when dropped, and hashes in place of texts.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Bytes that key a MAC. Whether two are the same is a question of who registers them, and no check of one. Nothing shows them, and they are wiped when dropped.
#[derive(PartialEq)]
pub(crate) struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Keeps a copy of `bytes`.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// 32 bytes that every emulator has for a purpose: a token of one that ended is good in the next, as a server's is that
    /// was started again. It protects nothing: whoever can reach this server may register whatever they like.
    pub(crate) fn of_emulators(purpose: &str) -> Self {
        Self::new(&Sha256::digest(format!("keywright emulator, {purpose}")))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// SHA-256 of a key or a password: enough to know it again, and not enough to say it. It never leaves the memory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of `text`.
    pub(crate) fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// A number that stands for the text.
    pub(crate) fn number(&self) -> u64 {
        self.0[..8].iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
    }

    /// The first twelve hexadecimal digits: a name for a key that has random bits enough.
    pub(crate) fn name(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.0[..6])
    }
}
