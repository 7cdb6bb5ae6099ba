//! Sealing: `sealed = nonce ‖ XChaCha20-Poly1305(key, nonce, padded, aad)`, with a random nonce of 24 bytes.
//!
//! The construction is draft-irtf-cfrg-xchacha-03 §2: HChaCha20 makes a key from the key and 16 bytes of the nonce, and
//! ChaCha20-Poly1305 (RFC 8439) seals with it and the other 8. A person's data is padded to steps of 256 bytes first, so
//! that lengths tell little: `padded = length as u32 LE ‖ data ‖ zeros`.
//!
//! The engine is aws-lc-rs: a vault of 100,000 records opens 200,000 seals, and it takes a fifth of the time that
//! `chacha20poly1305` takes. The tests hold the two against each other.

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use chacha20::cipher::consts::U10;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::aad::Fields;
use crate::random::{self, Random};

/// The only algorithm of format 1: XChaCha20-Poly1305.
pub(crate) const XCHACHA20_POLY1305: u8 = 1;

/// Bytes in a nonce.
pub(crate) const NONCE: usize = 24;
/// Bytes in an authentication tag.
pub(crate) const TAG: usize = 16;
/// Bytes in a sealed key.
pub(crate) const SEALED_KEY: usize = NONCE + 32 + TAG;
/// Plaintexts are padded to a multiple of this.
pub(crate) const STEP: usize = 256;

/// A seal that did not open: another key, another place, or changed bytes. It cannot be told which.
#[derive(Debug)]
pub(crate) struct Broken;

/// A key of 256 bits, wiped when dropped. It is made where it stays, in a box or a page: a move would leave a copy.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// A place for a key.
    pub const EMPTY: Self = Self([0; 32]);

    /// A fresh key.
    pub fn random(random: &dyn Random) -> Box<Self> {
        let mut key = Box::new(Self::EMPTY);
        random.fill(&mut key.0);
        key
    }

    /// A key filled in by `write`.
    pub fn from_writer<E>(write: impl FnOnce(&mut [u8; 32]) -> Result<(), E>) -> Result<Box<Self>, E> {
        let mut key = Box::new(Self::EMPTY);
        write(&mut key.0)?;
        Ok(key)
    }

    /// Takes the bytes of another key.
    pub fn copy_from(&mut self, other: &Self) {
        self.0.copy_from_slice(&other.0);
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub fn as_mut_bytes(&mut self) -> &mut [u8; 32] {
        &mut self.0
    }

    /// Seals the data of a person, padded.
    pub fn seal(&self, random: &dyn Random, aad: &Fields, data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).expect("the caller bounded the length");
        let padded = padded_length(data.len());
        let mut sealed = Vec::with_capacity(NONCE + padded + TAG);
        sealed.extend_from_slice(&random::bytes::<NONCE>(random));
        sealed.extend_from_slice(&length.to_le_bytes());
        sealed.extend_from_slice(data);
        sealed.resize(NONCE + padded, 0);
        self.seal_in_place(sealed, aad)
    }

    /// Opens what [`Key::seal`] sealed.
    pub fn open(&self, aad: &Fields, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Broken> {
        let mut padded = self.open_raw(aad, sealed)?;
        let data = unpad(&padded).ok_or(Broken)?;
        padded.copy_within(data.clone(), 0);
        padded.truncate(data.len());
        Ok(padded)
    }

    /// Seals another key, which needs no padding.
    pub fn seal_key(&self, random: &dyn Random, aad: &Fields, key: &Self) -> [u8; SEALED_KEY] {
        let mut sealed = Vec::with_capacity(SEALED_KEY);
        sealed.extend_from_slice(&random::bytes::<NONCE>(random));
        sealed.extend_from_slice(&key.0);
        self.seal_in_place(sealed, aad).try_into().expect("nonce, key and tag have their lengths")
    }

    /// Opens what [`Key::seal_key`] sealed.
    pub fn open_key(&self, aad: &Fields, sealed: &[u8; SEALED_KEY]) -> Result<Box<Self>, Broken> {
        let mut key = Box::new(Self::EMPTY);
        self.open_key_into(aad, sealed, &mut key)?;
        Ok(key)
    }

    /// Opens what [`Key::seal_key`] sealed where a key stays, over the one that was there. A seal that does not open leaves
    /// none.
    pub fn open_key_into(&self, aad: &Fields, sealed: &[u8; SEALED_KEY], place: &mut Self) -> Result<(), Broken> {
        let (nonce, hidden) = sealed.split_first_chunk::<NONCE>().expect("a sealed key begins with its nonce");
        let (hidden, tag) = hidden.split_at(hidden.len() - TAG);
        let (key, nonce) = self.for_nonce(nonce);
        key.open_separate_gather(nonce, Aad::from(aad.bytes()), hidden, tag, &mut place.0).map_err(|_| {
            place.zeroize();
            Broken
        })
    }

    /// Encrypts everything after the nonce and appends the tag. The buffer was made large enough, so it does not move.
    fn seal_in_place(&self, mut buffer: Vec<u8>, aad: &Fields) -> Vec<u8> {
        let (nonce, plain) = buffer.split_first_chunk_mut::<NONCE>().expect("the nonce was just written");
        let (key, nonce) = self.for_nonce(nonce);
        let tag = key
            .seal_in_place_separate_tag(nonce, Aad::from(aad.bytes()), plain)
            .expect("lengths are bounded far below the cipher's 256 GiB");
        buffer.extend_from_slice(tag.as_ref());
        buffer
    }

    fn open_raw(&self, aad: &Fields, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Broken> {
        let (nonce, hidden) = sealed.split_first_chunk::<NONCE>().ok_or(Broken)?;
        let (key, nonce) = self.for_nonce(nonce);
        let mut buffer = Zeroizing::new(hidden.to_vec());
        let length = key.open_in_place(nonce, Aad::from(aad.bytes()), &mut buffer).map_err(|_| Broken)?.len();
        buffer.truncate(length);
        Ok(buffer)
    }

    /// The key and nonce of ChaCha20-Poly1305 that an extended nonce stands for.
    fn for_nonce(&self, extended: &[u8; NONCE]) -> (LessSafeKey, Nonce) {
        let (first, last) = extended.split_at(16);
        let mut key = chacha20::hchacha::<U10>(&self.0.into(), first.into());
        let unbound = UnboundKey::new(&CHACHA20_POLY1305, &key).expect("HChaCha20 gives the 32 bytes that are wanted");
        key.as_mut_slice().zeroize();
        let mut nonce = [0; 12];
        nonce[4..].copy_from_slice(last);
        (LessSafeKey::new(unbound), Nonce::assume_unique_for_key(nonce))
    }
}

/// The tag of something sealed: its last 16 bytes. `None` if it is too short to have been sealed.
pub(crate) fn tag(sealed: &[u8]) -> Option<[u8; TAG]> {
    sealed.get(NONCE..)?.last_chunk().copied()
}

fn padded_length(length: usize) -> usize {
    (4 + length).next_multiple_of(STEP)
}

/// Where the data lies in a padded text. Only the one padding that sealing makes is accepted.
fn unpad(padded: &[u8]) -> Option<std::ops::Range<usize>> {
    let length = usize::try_from(u32::from_le_bytes(*padded.first_chunk()?)).ok()?;
    let end = length.checked_add(4)?;
    let zeros = padded.get(end..)?;
    (padded_length(length) == padded.len() && zeros.iter().all(|&byte| byte == 0)).then_some(4..end)
}

#[cfg(test)]
mod tests {
    use chacha20poly1305::aead::{Aead, KeyInit, Payload};
    use chacha20poly1305::{XChaCha20Poly1305, XNonce};
    use proptest::prelude::*;

    use super::*;

    fn counting(out: &mut [u8]) {
        (0u8..).zip(out).for_each(|(n, byte)| *byte = n);
    }

    /// draft-irtf-cfrg-xchacha-03 §A.3.1.
    #[test]
    fn the_cipher_is_the_drafts() {
        let key = Key(std::array::from_fn(|n| 0x80 + u8::try_from(n).unwrap()));
        let text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
                     sunscreen would be it.";
        let nonce: [u8; 24] = std::array::from_fn(|n| 0x40 + u8::try_from(n).unwrap());
        let aad = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        let (key, nonce) = key.for_nonce(&nonce);
        let mut sealed = text.to_vec();
        let tag = key.seal_in_place_separate_tag(nonce, Aad::from(&aad), &mut sealed).unwrap();
        assert_eq!(sealed[..8], [0xbd, 0x6d, 0x17, 0x9d, 0x3e, 0x83, 0xd4, 0x3b]);
        assert_eq!(
            tag.as_ref(),
            [0xc0, 0x87, 0x59, 0x24, 0xc1, 0xc7, 0x98, 0x79, 0x47, 0xde, 0xaf, 0xd8, 0x78, 0x0a, 0xcf, 0x49]
        );
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens(data in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let key = Key::random(&counting);
            let sealed = key.seal(&counting, &Fields::new("a"), &data);
            prop_assert_eq!((sealed.len() - NONCE - TAG) % STEP, 0);
            prop_assert_eq!(&key.open(&Fields::new("a"), &sealed).unwrap()[..], &data[..]);
            prop_assert!(key.open(&Fields::new("b"), &sealed).is_err());
        }

        #[test]
        fn another_implementation_opens_it(data in proptest::collection::vec(any::<u8>(), 0..2000), bytes: [u8; 32]) {
            let (key, aad) = (Key(bytes), Fields::new("a"));
            let sealed = key.seal(&counting, &aad, &data);
            let other = XChaCha20Poly1305::new(&bytes.into());
            let payload = Payload { msg: &sealed[NONCE..], aad: aad.bytes() };
            let padded = other.decrypt(XNonce::from_slice(&sealed[..NONCE]), payload).unwrap();
            prop_assert_eq!(&padded[4..4 + data.len()], &data[..]);
        }

        #[test]
        fn opening_never_panics(sealed in proptest::collection::vec(any::<u8>(), 0..400)) {
            let key = Key::random(&counting);
            prop_assert!(key.open(&Fields::new("a"), &sealed).is_err());
        }

        #[test]
        fn a_sealed_key_opens_in_its_place_alone(bytes: [u8; 32], at in 0..SEALED_KEY, flip in 1u8..) {
            let (key, inner) = (Key::random(&counting), Key(bytes));
            let mut sealed = key.seal_key(&counting, &Fields::new("a"), &inner);
            prop_assert_eq!(key.open_key(&Fields::new("a"), &sealed).unwrap().0, bytes);
            prop_assert!(key.open_key(&Fields::new("b"), &sealed).is_err());
            sealed[at] ^= flip;
            let mut place = Key(bytes);
            prop_assert!(key.open_key_into(&Fields::new("a"), &sealed, &mut place).is_err());
            prop_assert_eq!(place.0, [0; 32], "neither the former key nor a half opened one");
        }
    }

    #[test]
    fn only_the_padding_that_sealing_makes_is_taken() {
        let mut padded = vec![0; 256];
        padded[0] = 5;
        assert_eq!(unpad(&padded), Some(4..9));
        padded[9] = 1;
        assert_eq!(unpad(&padded), None, "a byte after the end");
        assert_eq!(unpad(&[0; 512]), None, "a step too many");
        assert_eq!(unpad(&[255; 256]), None, "longer than it is");
        assert_eq!(unpad(&[0; 3]), None, "no length");
    }
}
