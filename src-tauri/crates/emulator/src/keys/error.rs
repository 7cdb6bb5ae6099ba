//! Why a key was not registered.

use super::{MOST, RSA_BITS, RSA_BITS_MOST};

/// Why a key was not registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not JSON.
    #[error("not JSON: {reason}")]
    Json {
        /// What the parser said.
        reason: String,
    },
    /// A member stands twice.
    #[error("the member {member:?} stands twice")]
    Duplicate {
        /// The member.
        member: String,
    },
    /// JSON, but neither a JWK nor a JWK Set.
    #[error("found {found}, wanted a JWK or a JWK Set")]
    NotAKey {
        /// What was found.
        found: &'static str,
    },
    /// One key of a set is not good.
    #[error("key {number} of the set: {source}")]
    InSet {
        /// Its place in the set, from 1.
        number: usize,
        /// What is wrong with it.
        source: Box<KeyError>,
    },
    /// The key holds private parts.
    #[error("the member {member:?} is private: register the public key alone")]
    Private {
        /// The member.
        member: &'static str,
    },
    /// A member is missing or is not text.
    #[error("{member:?} is {found}, wanted a string")]
    Member {
        /// The member.
        member: &'static str,
        /// What was found.
        found: &'static str,
    },
    /// The kind of key or its curve is not verified here.
    #[error("{member:?} is {found:?}, wanted {wanted}")]
    Unsupported {
        /// `kty` or `crv`.
        member: &'static str,
        /// What was found.
        found: String,
        /// What is supported.
        wanted: &'static str,
    },
    /// A member is not canonical base64url.
    #[error("{member:?} is not base64url")]
    Base64url {
        /// The member.
        member: &'static str,
    },
    /// A coordinate has not the length of its field (RFC 7518 §6.2.1.2).
    #[error("{member:?} has {found} bytes, wanted {wanted}; coordinates are padded with zero bytes on the left")]
    Length {
        /// The member.
        member: &'static str,
        /// Bytes found.
        found: usize,
        /// Bytes of the curve's field.
        wanted: usize,
    },
    /// The point is not on the curve.
    #[error("the point is not on {curve}")]
    OffCurve {
        /// The curve.
        curve: &'static str,
    },
    /// The modulus is too small or too large.
    #[error("the RSA modulus has {found} bits, wanted {RSA_BITS} to {RSA_BITS_MOST}")]
    RsaBits {
        /// Its bits.
        found: usize,
    },
    /// The exponent is even or below 65537.
    #[error("the RSA exponent is even or below 65537")]
    RsaExponent,
    /// Too many are registered already.
    #[error("{MOST} keys are registered, and no more are taken")]
    Full,
}
