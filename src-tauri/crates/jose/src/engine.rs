//! The cryptographic engine, aws-lc-rs, behind the few operations that this room needs. Keys are parsed once and held.

use aws_lc_rs::{
    constant_time, hmac, rand, rsa,
    signature::{
        self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, ParsedPublicKey, RsaEncoding,
        VerificationAlgorithm,
    },
};

use crate::{
    Alg,
    alg::Family,
    key::{Curve, EcPublic, Key, PrivateKey, PublicKey, RsaNumbers, RsaPublic, Secret, encode},
};

/// The engine could not do what is always possible with a checked key, most likely for want of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cryptographic engine failed")]
pub struct EngineError;

/// The hash of a MAC. SHA-1 has no place in a token, and providers sign webhooks with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MacHash {
    Sha1,
    Sha256,
    Sha512,
}

/// A key that signs, parsed.
pub(crate) enum Signer {
    Hmac(Box<hmac::Key>),
    Rsa(rsa::KeyPair, &'static dyn RsaEncoding),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A key that verifies, parsed.
pub(crate) enum Verifier {
    Hmac(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

impl Signer {
    /// `None` where the key has no private half or the engine does not take it; the caller has checked that it fits.
    pub(crate) fn new(alg: Alg, key: &Key) -> Option<Self> {
        Some(match key {
            Key::Secret(secret) => Self::Hmac(Box::new(hmac::Key::new(hmac_algorithm(alg)?, secret.bytes()))),
            Key::Private(PrivateKey::Ec { public, d }) => {
                let (signing, _) = ecdsa(public.curve);
                Self::Ecdsa(EcdsaKeyPair::from_private_key_and_public_key(signing, d, &public.point).ok()?)
            }
            Key::Private(private @ PrivateKey::Rsa { .. }) => {
                Self::Rsa(rsa::KeyPair::from_pkcs8(&encode::write_pkcs8(private)).ok()?, rsa_encoding(alg)?)
            }
            Key::Private(PrivateKey::Ed25519 { seed, x }) => {
                Self::Ed25519(Ed25519KeyPair::from_seed_and_public_key(seed, x).ok()?)
            }
            Key::Public(_) => return None,
        })
    }

    /// The same for a MAC that is not an algorithm of tokens.
    pub(crate) fn mac(hash: MacHash, secret: &Secret) -> Self {
        Self::Hmac(Box::new(hmac::Key::new(hash.algorithm(), secret.bytes())))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, EngineError> {
        // The engine ignores this argument and uses its own source.
        let random = rand::SystemRandom::new();
        Ok(match self {
            Self::Hmac(key) => hmac::sign(key, message).as_ref().to_vec(),
            Self::Rsa(key, encoding) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(*encoding, &random, message, &mut signature).map_err(|_| EngineError)?;
                signature
            }
            Self::Ecdsa(key) => key.sign(&random, message).map_err(|_| EngineError)?.as_ref().to_vec(),
            Self::Ed25519(key) => key.try_sign(message).map_err(|_| EngineError)?.as_ref().to_vec(),
        })
    }
}

impl Verifier {
    /// `None` where the engine does not take the key, as with RSA under 2048 bits.
    pub(crate) fn new(alg: Alg, key: &Key) -> Option<Self> {
        if let Key::Secret(secret) = key {
            return Self::with_secret(alg, secret);
        }
        let parsed = match key.public()? {
            PublicKey::Ec(ec) => ParsedPublicKey::new(ecdsa(ec.curve).1, &ec.point),
            PublicKey::Rsa(rsa) => ParsedPublicKey::new(rsa_verification(alg)?, encode::write_pkcs1_public(&rsa)),
            PublicKey::Ed25519(x) => ParsedPublicKey::new(&signature::ED25519, x),
        };
        parsed.ok().map(Self::Public)
    }

    /// ECDSA on a curve with another hash than its algorithm has; `None` where the engine does not have the two together.
    pub(crate) fn ecdsa_with_hash(key: &EcPublic, hash_bits: u16) -> Option<Self> {
        let algorithm: &'static dyn VerificationAlgorithm = match (key.curve, hash_bits) {
            (Curve::P256, 384) => &signature::ECDSA_P256_SHA384_ASN1,
            (Curve::P256, 512) => &signature::ECDSA_P256_SHA512_ASN1,
            (Curve::P384, 256) => &signature::ECDSA_P384_SHA256_ASN1,
            (Curve::P384, 512) => &signature::ECDSA_P384_SHA512_ASN1,
            (Curve::P521, 256) => &signature::ECDSA_P521_SHA256_ASN1,
            (Curve::P521, 384) => &signature::ECDSA_P521_SHA384_ASN1,
            _ => return None,
        };
        ParsedPublicKey::new(algorithm, &key.point).ok().map(Self::Public)
    }

    /// The same for a bare secret.
    pub(crate) fn with_secret(alg: Alg, secret: &Secret) -> Option<Self> {
        Some(Self::Hmac(Box::new(hmac::Key::new(hmac_algorithm(alg)?, secret.bytes()))))
    }

    /// The same for a MAC that is not an algorithm of tokens.
    pub(crate) fn mac(hash: MacHash, secret: &Secret) -> Self {
        Self::Hmac(Box::new(hmac::Key::new(hash.algorithm(), secret.bytes())))
    }

    /// Whether `signature` is good; compared in constant time for MACs.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            Self::Public(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

/// The uncompressed public point of the private key in this SEC1 document.
pub(crate) fn ec_public_point(curve: Curve, sec1: &[u8]) -> Option<Vec<u8>> {
    let pair = EcdsaKeyPair::from_private_key_der(ecdsa(curve).0, sec1).ok()?;
    Some(pair.public_key().as_ref().to_vec())
}

/// Whether an uncompressed point lies on its curve.
pub(crate) fn point_is_on_curve(public: &EcPublic) -> bool {
    ParsedPublicKey::new(ecdsa(public.curve).1, &public.point).is_ok()
}

/// The public half of an Ed25519 seed.
pub(crate) fn ed25519_public(seed: &[u8]) -> Option<[u8; 32]> {
    Ed25519KeyPair::from_seed_unchecked(seed).ok()?.public_key().as_ref().try_into().ok()
}

/// Whether the numbers of an RSA key belong together; `None` for sizes that the engine does not take.
pub(crate) fn rsa_numbers_agree(public: &RsaPublic, numbers: &RsaNumbers) -> Option<bool> {
    if !(2048..=8192).contains(&public.bits()) || public.e.len() > 4 || public.e.as_slice() <= [1].as_slice() {
        return None;
    }
    let components = rsa::KeyPairComponents {
        public_key: rsa::PublicKeyComponents { n: public.n.as_slice(), e: public.e.as_slice() },
        d: numbers.d.as_slice(),
        p: numbers.p.as_slice(),
        q: numbers.q.as_slice(),
        dP: numbers.dp.as_slice(),
        dQ: numbers.dq.as_slice(),
        qInv: numbers.qi.as_slice(),
    };
    Some(rsa::KeyPair::from_components(&components).is_ok())
}

impl MacHash {
    fn algorithm(self) -> hmac::Algorithm {
        match self {
            Self::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => hmac::HMAC_SHA256,
            Self::Sha512 => hmac::HMAC_SHA512,
        }
    }
}

/// Whether two byte strings are the same, in a time that depends on their length alone.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

// From the table to the engine's constants: family and hash say which. `None` where the engine has no such pair.

fn hmac_algorithm(alg: Alg) -> Option<hmac::Algorithm> {
    Some(match (alg.family(), alg.row().hash_bits) {
        (Family::Hmac, 256) => hmac::HMAC_SHA256,
        (Family::Hmac, 384) => hmac::HMAC_SHA384,
        (Family::Hmac, 512) => hmac::HMAC_SHA512,
        _ => return None,
    })
}

fn ecdsa(curve: Curve) -> (&'static EcdsaSigningAlgorithm, &'static dyn VerificationAlgorithm) {
    match curve {
        Curve::P256 => (&signature::ECDSA_P256_SHA256_FIXED_SIGNING, &signature::ECDSA_P256_SHA256_FIXED),
        Curve::P384 => (&signature::ECDSA_P384_SHA384_FIXED_SIGNING, &signature::ECDSA_P384_SHA384_FIXED),
        Curve::P521 => (&signature::ECDSA_P521_SHA512_FIXED_SIGNING, &signature::ECDSA_P521_SHA512_FIXED),
        Curve::Secp256k1 => (&signature::ECDSA_P256K1_SHA256_FIXED_SIGNING, &signature::ECDSA_P256K1_SHA256_FIXED),
    }
}

fn rsa_encoding(alg: Alg) -> Option<&'static dyn RsaEncoding> {
    Some(match (alg.family(), alg.row().hash_bits) {
        (Family::RsaPkcs1, 256) => &signature::RSA_PKCS1_SHA256,
        (Family::RsaPkcs1, 384) => &signature::RSA_PKCS1_SHA384,
        (Family::RsaPkcs1, 512) => &signature::RSA_PKCS1_SHA512,
        (Family::RsaPss, 256) => &signature::RSA_PSS_SHA256,
        (Family::RsaPss, 384) => &signature::RSA_PSS_SHA384,
        (Family::RsaPss, 512) => &signature::RSA_PSS_SHA512,
        _ => return None,
    })
}

fn rsa_verification(alg: Alg) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match (alg.family(), alg.row().hash_bits) {
        (Family::RsaPkcs1, 256) => &signature::RSA_PKCS1_2048_8192_SHA256,
        (Family::RsaPkcs1, 384) => &signature::RSA_PKCS1_2048_8192_SHA384,
        (Family::RsaPkcs1, 512) => &signature::RSA_PKCS1_2048_8192_SHA512,
        (Family::RsaPss, 256) => &signature::RSA_PSS_2048_8192_SHA256,
        (Family::RsaPss, 384) => &signature::RSA_PSS_2048_8192_SHA384,
        (Family::RsaPss, 512) => &signature::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}
