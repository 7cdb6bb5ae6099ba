//! Private keys made by the engine.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
        ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair,
    },
};
use jose::{
    Alg,
    alg::{Curve, Family},
};
use workbench::ports::{KeyGenerationError, KeyGenerator};
use zeroize::Zeroizing;

/// Makes key pairs with aws-lc-rs, which takes its randomness from the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct EngineKeys;

impl KeyGenerator for EngineKeys {
    fn generate(&self, alg: Alg, rsa_bits: u32) -> Result<Zeroizing<Vec<u8>>, KeyGenerationError> {
        match alg.family() {
            Family::Hmac => Err(KeyGenerationError::NoKeyPair(alg)),
            Family::RsaPkcs1 | Family::RsaPss => rsa(rsa_bits),
            Family::Ecdsa(curve) => ecdsa(curve),
            Family::Ed25519 => ed25519(),
        }
    }
}

fn rsa(bits: u32) -> Result<Zeroizing<Vec<u8>>, KeyGenerationError> {
    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        4096 => KeySize::Rsa4096,
        found => return Err(KeyGenerationError::RsaBits { found }),
    };
    let pair = KeyPair::generate(size).map_err(|_| KeyGenerationError::Engine)?;
    let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).map_err(|_| KeyGenerationError::Engine)?;
    Ok(Zeroizing::new(der.as_ref().to_vec()))
}

fn ecdsa(curve: Curve) -> Result<Zeroizing<Vec<u8>>, KeyGenerationError> {
    let algorithm: &EcdsaSigningAlgorithm = match curve {
        Curve::P256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
        Curve::P384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        Curve::P521 => &ECDSA_P521_SHA512_FIXED_SIGNING,
        Curve::Secp256k1 => &ECDSA_P256K1_SHA256_FIXED_SIGNING,
    };
    let der = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).map_err(|_| KeyGenerationError::Engine)?;
    Ok(Zeroizing::new(der.as_ref().to_vec()))
}

/// The first version of PKCS#8 (RFC 5208), which OpenSSL reads too; the second carries the public key as well.
fn ed25519() -> Result<Zeroizing<Vec<u8>>, KeyGenerationError> {
    let der = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).map_err(|_| KeyGenerationError::Engine)?;
    Ok(Zeroizing::new(der.as_ref().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_with_a_key_pair_gets_one_that_the_engine_reads_back() {
        for alg in jose::alg::TABLE.map(|row| row.alg) {
            let first = EngineKeys.generate(alg, 2048);
            if alg.family() == Family::Hmac {
                assert_eq!(first, Err(KeyGenerationError::NoKeyPair(alg)));
                continue;
            }
            let (first, second) = (first.unwrap(), EngineKeys.generate(alg, 2048).unwrap());
            assert_ne!(first, second, "{alg}");
            assert!(reads(alg, &first), "{alg}");
        }
    }

    fn reads(alg: Alg, der: &[u8]) -> bool {
        match alg.family() {
            Family::Hmac => false,
            Family::RsaPkcs1 | Family::RsaPss => KeyPair::from_pkcs8(der).is_ok_and(|k| k.public_modulus_len() == 256),
            Family::Ecdsa(Curve::P256) => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).is_ok(),
            Family::Ecdsa(Curve::P384) => EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, der).is_ok(),
            Family::Ecdsa(Curve::P521) => EcdsaKeyPair::from_pkcs8(&ECDSA_P521_SHA512_FIXED_SIGNING, der).is_ok(),
            Family::Ecdsa(Curve::Secp256k1) => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256K1_SHA256_FIXED_SIGNING, der).is_ok()
            }
            Family::Ed25519 => Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).is_ok(),
        }
    }

    #[test]
    fn rsa_keys_have_the_size_that_was_asked_for() {
        for (bits, bytes) in [(3072, 384), (4096, 512)] {
            let der = EngineKeys.generate(Alg::PS256, bits).unwrap();
            assert_eq!(KeyPair::from_pkcs8(&der).unwrap().public_modulus_len(), bytes);
        }
        for bits in [0, 1024, 2047, 8192] {
            assert_eq!(EngineKeys.generate(Alg::RS256, bits), Err(KeyGenerationError::RsaBits { found: bits }));
        }
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let texts = [EngineKeys.generate(Alg::HS256, 0), EngineKeys.generate(Alg::RS512, 1024)]
            .map(|result| result.unwrap_err().to_string());
        insta::assert_snapshot!(texts.join("\n"), @"
        HS256 is keyed with a shared secret, not with a key pair
        RSA keys of 1024 bits are not made; wanted 2048, 3072 or 4096
        ");
    }
}
