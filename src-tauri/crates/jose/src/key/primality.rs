//! RSA moduli that come from outside: one that is a prime has a φ that everybody knows, so that a good signature under it proves
//! nothing. A private key is read with its primes and needs no such look.

use super::{
    Found, Key, PublicKey, RsaPublic,
    error::ReadError,
    rsa_numbers::{MOST_BITS, is_prime},
};
use crate::{Code, Finding, text};

/// Exponentiations of 2048 bits that are done for one input, each of some milliseconds. A key set has a handful of keys.
const MOST_WORK: usize = 512;

/// Passes over the keys whose modulus is a prime (RFC 7517 §5), and those for which there is too much work. An error where no
/// other key is there.
pub(super) fn pass_over_primes(found: &mut Found) -> Result<(), ReadError> {
    let (mut left, mut passed_over) = (MOST_WORK, Vec::new());
    found.keys.retain(|jwk| {
        let rsa = match &jwk.key {
            // One that is too long for the engine is used for nothing.
            Key::Public(PublicKey::Rsa(rsa)) if rsa.bits() <= MOST_BITS => rsa,
            _ => return true,
        };
        let why = match left.checked_sub(work(rsa)) {
            None => "the input has too many RSA keys to look at each".to_owned(),
            Some(rest) => {
                left = rest;
                if !is_prime(&rsa.n) {
                    return true;
                }
                ReadError::PrimeModulus.to_string()
            }
        };
        let kid = text::elide(&jwk.effective_kid().unwrap_or_default());
        let message = format!("the RSA key with the kid {kid:?} is passed over: {why}");
        passed_over.push(Finding::new(Code::KeyPassedOver, message));
        false
    });
    // The first key is always looked at.
    if found.keys.is_empty() {
        return Err(ReadError::PrimeModulus);
    }
    found.findings.append(&mut passed_over);
    Ok(())
}

/// What the look at one modulus costs, in exponentiations of 2048 bits: that grows with the third power of the length.
fn work(rsa: &RsaPublic) -> usize {
    rsa.bits().div_ceil(2048).pow(3)
}
