//! HMAC with SHA-256 (RFC 2104): the MAC of HS256 (RFC 7518 §3.2), and of webhooks.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{refusal::Refusal, secret::Secret, token::Token};

/// Bytes of the MAC.
const SIZE: usize = 32;

/// The MAC of `message`.
pub(crate) fn make(secret: &Secret, message: &[u8]) -> [u8; SIZE] {
    keyed(secret, message).finalize().into_bytes().into()
}

/// Checks the token's signature, its length first. `whose` names the secret in a refusal.
pub(crate) fn verify(secret: &Secret, token: &Token<'_>, whose: &str) -> Result<(), Refusal> {
    match token.signature.len() {
        0 => return Err(Refusal::SignatureMissing),
        SIZE => {}
        found => return Err(Refusal::SignatureLength { found, wanted: SIZE }),
    }
    let mac = keyed(secret, token.signing_input.as_bytes());
    mac.verify_slice(&token.signature).map_err(|_| Refusal::Mac { key: whose.to_owned() })
}

fn keyed(secret: &Secret, message: &[u8]) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.bytes()).expect("HMAC takes keys of every length");
    mac.chain_update(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231 §4.3, test case 2.
    #[test]
    fn the_vector_of_the_rfc_comes_out() {
        let mac = make(&Secret::new(b"Jefe"), b"what do ya want for nothing?");
        let wanted = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(data_encoding::HEXLOWER.encode(&mac), wanted);
    }
}
