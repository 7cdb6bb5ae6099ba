//! Signatures checked with other libraries than the engine's: RustCrypto's curves, `jsonwebtoken` for RSA and Ed25519.

use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use signature::Verifier;

use crate::{refusal::Refusal, token::Token};

/// A public key in the form that verifies.
pub(crate) enum Material {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Ed25519(DecodingKey),
    Rsa {
        key: DecodingKey,
        /// Bytes of the modulus, and so of each signature.
        size: usize,
    },
}

impl Material {
    /// The point with these coordinates, each as long as the field; `None` off the curve.
    pub(crate) fn ec(curve: &str, x: &[u8], y: &[u8]) -> Option<Self> {
        let point = [&[4], x, y].concat();
        match curve {
            "P-256" => p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok().map(Self::P256),
            "P-384" => p384::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok().map(Self::P384),
            "P-521" => p521::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok().map(Self::P521),
            _ => None,
        }
    }

    /// The Ed25519 key `x`, base64url.
    pub(crate) fn ed25519(x: &str) -> Option<Self> {
        DecodingKey::from_ed_components(x).ok().map(Self::Ed25519)
    }

    /// The RSA key with this modulus and exponent, big-endian without leading zeros.
    pub(crate) fn rsa(n: &[u8], e: &[u8]) -> Self {
        Self::Rsa { key: DecodingKey::from_rsa_raw_components(n, e), size: n.len() }
    }

    /// What the key is, with its article.
    pub(crate) fn description(&self) -> &'static str {
        match self {
            Self::P256(_) => "a P-256 key",
            Self::P384(_) => "a P-384 key",
            Self::P521(_) => "a P-521 key",
            Self::Ed25519(_) => "an Ed25519 key",
            Self::Rsa { .. } => "an RSA key",
        }
    }

    /// What Gr4vy calls its kind (`CertificateAlgorithm`); nothing where it has no such keys.
    pub(crate) fn family(&self) -> Option<&'static str> {
        match self {
            Self::P521(_) => Some("ECDSA"),
            Self::Rsa { .. } => Some("RSA"),
            Self::P256(_) | Self::P384(_) | Self::Ed25519(_) => None,
        }
    }

    /// The algorithms this key can make (RFC 7518 §3.1, RFC 8037 §3.1).
    pub(crate) fn makes(&self) -> &'static [&'static str] {
        match self {
            Self::P256(_) => &["ES256"],
            Self::P384(_) => &["ES384"],
            Self::P521(_) => &["ES512"],
            Self::Ed25519(_) => &["EdDSA", "Ed25519"],
            Self::Rsa { .. } => &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
        }
    }

    /// Bytes of a signature made with this key.
    fn signature_size(&self) -> usize {
        match self {
            Self::P256(_) | Self::Ed25519(_) => 64,
            Self::P384(_) => 96,
            Self::P521(_) => 132,
            Self::Rsa { size, .. } => *size,
        }
    }

    /// Whether the key can have made a token of this `alg`.
    pub(crate) fn fits(&self, alg: &str) -> Result<(), Refusal> {
        if self.makes().contains(&alg) {
            return Ok(());
        }
        Err(Refusal::AlgKey { alg: alg.into(), key: self.description(), makes: self.makes().join(", ") })
    }

    /// Checks the token's signature, its form first. `alg` [fits](Self::fits).
    pub(crate) fn verify(&self, alg: &str, token: &Token<'_>) -> Result<(), Refusal> {
        let (bytes, wanted) = (&token.signature[..], self.signature_size());
        if bytes.is_empty() {
            return Err(Refusal::SignatureMissing);
        }
        if bytes.len() != wanted {
            let ecdsa = matches!(self, Self::P256(_) | Self::P384(_) | Self::P521(_));
            return Err(if ecdsa && looks_like_der(bytes) {
                Refusal::SignatureDer { wanted }
            } else {
                Refusal::SignatureLength { found: bytes.len(), wanted }
            });
        }
        let message = token.signing_input.as_bytes();
        let good =
            match self {
                Self::P256(key) => p256::ecdsa::Signature::from_slice(bytes)
                    .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
                Self::P384(key) => p384::ecdsa::Signature::from_slice(bytes)
                    .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
                Self::P521(key) => p521::ecdsa::Signature::from_slice(bytes)
                    .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
                Self::Ed25519(key) => library(token, key, Algorithm::EdDSA),
                Self::Rsa { key, .. } => rsa_algorithm(alg).is_some_and(|algorithm| library(token, key, algorithm)),
            };
        if good { Ok(()) } else { Err(Refusal::SignatureBad) }
    }
}

/// Asks `jsonwebtoken`; an error there is a bad signature here.
fn library(token: &Token<'_>, key: &DecodingKey, algorithm: Algorithm) -> bool {
    crypto::verify(token.signature_text, token.signing_input.as_bytes(), key, algorithm).unwrap_or(false)
}

fn rsa_algorithm(alg: &str) -> Option<Algorithm> {
    Some(match alg {
        "RS256" => Algorithm::RS256,
        "RS384" => Algorithm::RS384,
        "RS512" => Algorithm::RS512,
        "PS256" => Algorithm::PS256,
        "PS384" => Algorithm::PS384,
        "PS512" => Algorithm::PS512,
        _ => return None,
    })
}

/// Whether `bytes` are an ASN.1 SEQUENCE of exactly this length, as OpenSSL writes ECDSA signatures.
fn looks_like_der(bytes: &[u8]) -> bool {
    match bytes {
        [0x30, 0x81, length, rest @ ..] => usize::from(*length) == rest.len(),
        [0x30, length, rest @ ..] => usize::from(*length) == rest.len(),
        _ => false,
    }
}
