//! Key facts for a provider's rules: type, size, algorithm, kid, thumbprint.

use jose::key::{Jwk, Key, PublicKey};
use provider::KeyFacts;

use crate::store::records::Credential;

/// What a provider's rules want to know of a sealed key.
pub fn facts(credential: &Credential) -> KeyFacts {
    KeyFacts {
        kty: credential.kty.clone(),
        crv: credential.crv.clone(),
        bits: credential.bits,
        alg: credential.alg,
        kid: credential.kid.clone(),
        thumbprint: credential.thumbprint.clone(),
    }
}

/// What a provider's rules want to know of a key that is not sealed yet.
pub fn jwk_facts(jwk: &Jwk) -> KeyFacts {
    let (kty, crv, bits) = match (&jwk.key, jwk.key.public()) {
        (Key::Secret(secret), _) => ("oct", None, secret.len() * 8),
        (_, Some(PublicKey::Ec(ec))) => ("EC", Some(ec.curve.name()), ec.curve.alg().row().key_bits.into()),
        (_, Some(PublicKey::Rsa(rsa))) => ("RSA", None, rsa.bits()),
        (_, Some(PublicKey::Ed25519(_)) | None) => ("OKP", Some("Ed25519"), 256),
    };
    KeyFacts {
        kty: kty.to_owned(),
        crv: crv.map(str::to_owned),
        bits: u32::try_from(bits).unwrap_or(u32::MAX),
        alg: None,
        kid: jwk.effective_kid(),
        thumbprint: jwk.key.public().map(|public| public.thumbprint()),
    }
}
