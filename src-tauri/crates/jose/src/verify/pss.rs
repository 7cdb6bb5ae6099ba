//! RSASSA-PSS with any salt, any hash and any mask (RFC 8017 §9.1.2): not for judging, but to say with which parameters a
//! signature was made that JOSE's do not fit.

use std::fmt;

use aws_lc_rs::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512, digest};
use num_bigint_dig::BigUint;

use crate::{Alg, key::RsaPublic};

/// The parameters of a PSS signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pss {
    /// The algorithm of the header.
    pub alg: Alg,
    /// The hash of the message.
    pub hash: &'static str,
    /// The hash of the mask.
    pub mask: &'static str,
    /// Bytes of the salt.
    pub salt: usize,
}

impl fmt::Display for Pss {
    /// The condition, as a sentence goes on after "if".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { alg, hash, mask, salt } = self;
        let bits = alg.row().hash_bits;
        let usual = format!("SHA-{bits}");
        if *hash == usual && *mask == usual {
            let wanted = bits / 8;
            return write!(f, "the salt had {wanted} bytes, as RFC 7518 §3.5 wants for {alg}; it has {salt}");
        }
        write!(f, "{alg} used {hash}, a mask with {mask} and a salt of {salt} bytes, as the signer did")
    }
}

/// A modulus beyond this is not computed with; the engine does not take it either.
const MOST_BITS: usize = 8192;

const HASHES: [(&str, &Algorithm); 4] =
    [("SHA-256", &SHA256), ("SHA-384", &SHA384), ("SHA-512", &SHA512), ("SHA-1", &SHA1_FOR_LEGACY_USE_ONLY)];

/// The parameters with which this key made this signature over these bytes, if it did. The public operation and a few hashes.
pub(super) fn recover(key: &RsaPublic, alg: Alg, message: &[u8], signature: &[u8]) -> Option<Pss> {
    let (bits, length) = (key.bits(), key.n.len());
    if !(2048..=MOST_BITS).contains(&bits) || key.e.len() > 5 || signature.len() != length {
        return None;
    }
    let encoded = public_operation(key, signature, (bits - 1).div_ceil(8))?;
    let unused = 8 * encoded.len() - (bits - 1);
    HASHES.iter().find_map(|(hash, hashing)| {
        let hashed = digest(hashing, message);
        HASHES.iter().find_map(|(mask, masking)| {
            let salt = salt_of(&encoded, unused, hashed.as_ref(), hashing, masking)?;
            Some(Pss { alg, hash, mask, salt })
        })
    })
}

/// The signature to the power of e modulo n, in that many bytes (RFC 8017 §5.2.2, §4.1).
fn public_operation(key: &RsaPublic, signature: &[u8], length: usize) -> Option<Vec<u8>> {
    let number = BigUint::from_bytes_be;
    let (n, signature) = (number(&key.n), number(signature));
    let bytes = (signature < n).then(|| signature.modpow(&number(&key.e), &n).to_bytes_be())?;
    let zeros = length.checked_sub(bytes.len())?;
    Some([vec![0; zeros], bytes].concat())
}

/// The length of the salt of an encoded message, if it belongs to this hash (RFC 8017 §9.1.2, with any salt). `unused` are the
/// bits in front that belong to no number below the modulus.
fn salt_of(
    encoded: &[u8],
    unused: usize,
    hashed: &[u8],
    hashing: &'static Algorithm,
    masking: &'static Algorithm,
) -> Option<usize> {
    let (body, trailer) = encoded.split_at_checked(encoded.len().checked_sub(1)?)?;
    let (masked, seal) = body.split_at_checked(body.len().checked_sub(hashed.len())?)?;
    if trailer != [0xbc] {
        return None;
    }
    let mut block: Vec<u8> = masked.iter().zip(mask(masking, seal, masked.len())).map(|(a, b)| a ^ b).collect();
    *block.first_mut()? &= 0xff_u8.checked_shr(u32::try_from(unused).ok()?).unwrap_or(0);
    let one = block.iter().position(|byte| *byte != 0).filter(|at| block[*at] == 1)?;
    let salt = &block[one + 1..];
    let again = digest(hashing, &[&[0; 8], hashed, salt].concat());
    (again.as_ref() == seal).then_some(salt.len())
}

/// The mask of that length (MGF1, RFC 8017 §B.2.1).
fn mask(masking: &'static Algorithm, seed: &[u8], length: usize) -> Vec<u8> {
    let block = |counter: u32| digest(masking, &[seed, &counter.to_be_bytes()].concat()).as_ref().to_vec();
    (0..).flat_map(block).take(length).collect()
}
