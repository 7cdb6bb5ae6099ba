//! One-time keys for requests that hold a secret: what a page types crosses buffers that this program cannot wipe, so it
//! crosses them sealed.
//!
//! The page asks for a public key, agrees on a key with it (ECDH on P-256, HKDF-SHA256) and seals its request
//! (AES-256-GCM). The private half opens one request and is gone: what stays in those buffers opens with nothing.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral},
    error::Unspecified,
    hkdf::{HKDF_SHA256, Salt},
    rand::SystemRandom,
};
use zeroize::Zeroizing;

/// A point of P-256, not compressed (SEC 1 §2.3.3).
const POINT: usize = 65;
/// Bytes of a nonce of AES-GCM.
const NONCE: usize = 12;
/// How many keys wait for their request. A page asks for one and uses it; what waits longer was given up.
const WAITING: usize = 16;
/// What the agreed key is for.
const PURPOSE: &[u8] = b"keywright request v1";

/// The keys that wait for their request.
#[derive(Default)]
pub struct OneTimeKeys(Mutex<VecDeque<(Vec<u8>, EphemeralPrivateKey)>>);

/// A request that does not open: its key was used, given up, or another one, or its bytes are not what was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request does not open with the key that it names")]
pub struct NotOpened;

impl OneTimeKeys {
    /// Makes a key and answers its public half: a point of P-256, 65 bytes.
    ///
    /// # Panics
    ///
    /// If the system has no randomness to give.
    pub fn offer(&self) -> Vec<u8> {
        let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new());
        let private = private.expect("the system has randomness");
        let public = private.compute_public_key().expect("a private key has a public half").as_ref().to_vec();
        let mut waiting = self.waiting();
        waiting.push_back((public.clone(), private));
        if waiting.len() > WAITING {
            waiting.pop_front();
        }
        public
    }

    /// Opens `our public key ‖ the page's ‖ nonce ‖ sealed request`. `name` is the command that the request is for: it was
    /// authenticated with it.
    pub fn open(&self, name: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        let (ours, rest) = sealed.split_at_checked(POINT).ok_or(NotOpened)?;
        let (theirs, rest) = rest.split_at_checked(POINT).ok_or(NotOpened)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(NotOpened)?;
        let private = {
            let mut waiting = self.waiting();
            let at = waiting.iter().position(|(public, _)| public == ours).ok_or(NotOpened)?;
            waiting.remove(at).ok_or(NotOpened)?.1
        };
        let salt = [ours, theirs].concat();
        let agreed = agree_ephemeral(private, UnparsedPublicKey::new(&ECDH_P256, theirs), Unspecified, |agreed| {
            let purpose = [PURPOSE];
            Ok(UnboundKey::from(Salt::new(HKDF_SHA256, &salt).extract(agreed).expand(&purpose, &AES_256_GCM)?))
        });
        let key = LessSafeKey::new(agreed.map_err(|_| NotOpened)?);
        let mut request = Zeroizing::new(sealed.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = key.open_in_place(nonce, Aad::from(name.as_bytes()), &mut request).map_err(|_| NotOpened)?.len();
        request.truncate(length);
        Ok(request)
    }

    /// Gives up every key that waits.
    pub fn forget(&self) {
        self.waiting().clear();
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<(Vec<u8>, EphemeralPrivateKey)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use p256::{EncodedPoint, PublicKey, ecdh::EphemeralSecret, elliptic_curve::sec1::ToEncodedPoint};

    use super::*;

    /// What the page does, by another implementation.
    fn seal(ours: &[u8], name: &str, request: &[u8]) -> Vec<u8> {
        let secret = EphemeralSecret::random(&mut rand_core::OsRng);
        let theirs = EncodedPoint::from(secret.public_key()).as_bytes().to_vec();
        assert_eq!(theirs, secret.public_key().to_encoded_point(false).as_bytes());
        let agreed = secret.diffie_hellman(&PublicKey::from_sec1_bytes(ours).unwrap());
        let mut key = [0; 32];
        let salt = [ours, &theirs].concat();
        agreed.extract::<sha2::Sha256>(Some(&salt)).expand(PURPOSE, &mut key).unwrap();
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap());
        let mut sealed = request.to_vec();
        let nonce = Nonce::assume_unique_for_key([7; NONCE]);
        key.seal_in_place_append_tag(nonce, Aad::from(name.as_bytes()), &mut sealed).unwrap();
        [ours, &theirs, &[7; NONCE], &sealed].concat()
    }

    #[test]
    fn a_request_opens_once_and_for_its_command() {
        let keys = OneTimeKeys::default();
        let sealed = seal(&keys.offer(), "vault_unlock", b"{}");
        assert_eq!(keys.open("vault_unlock", &sealed).unwrap()[..], b"{}"[..]);
        assert_eq!(keys.open("vault_unlock", &sealed).err(), Some(NotOpened), "the key is gone");
        let sealed = seal(&keys.offer(), "vault_unlock", b"{}");
        assert_eq!(keys.open("vault_create", &sealed).err(), Some(NotOpened), "it was for another command");
        let mut sealed = seal(&keys.offer(), "vault_unlock", b"{}");
        *sealed.last_mut().unwrap() ^= 1;
        assert!(keys.open("vault_unlock", &sealed).is_err());
        for length in [0, 64, 65, 130, 141] {
            let sealed = seal(&keys.offer(), "vault_unlock", b"{}");
            assert!(keys.open("vault_unlock", &sealed[..length]).is_err());
        }
        // A point that is not on the curve.
        let mut sealed = seal(&keys.offer(), "vault_unlock", b"{}");
        sealed[POINT + 1..2 * POINT].fill(7);
        assert!(keys.open("vault_unlock", &sealed).is_err());
    }

    #[test]
    fn keys_that_nobody_uses_are_given_up() {
        let keys = OneTimeKeys::default();
        let first = keys.offer();
        let later: Vec<_> = (0..WAITING).map(|_| keys.offer()).collect();
        assert!(keys.open("a", &seal(&first, "a", b"")).is_err());
        assert!(keys.open("a", &seal(&later[0], "a", b"")).is_ok());
        keys.forget();
        assert!(keys.open("a", &seal(&later[1], "a", b"")).is_err());
    }
}
