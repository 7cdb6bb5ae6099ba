//! Keys put together from their numbers, and checked while that is done: point on curve, halves that belong together.

use zeroize::Zeroizing;

use super::{
    Bytes, Curve, EcPublic, Key, PrivateKey, RsaNumbers, RsaPublic, curve_numbers::uncompressed, encode::write_sec1,
    error::ReadError,
};
use crate::engine;

/// An EC private key from its scalar, which may lack leading zeros, and the public point, if there is one.
pub(crate) fn ec_from_scalar(curve: Curve, scalar: &[u8], point: Option<&[u8]>) -> Result<Key, ReadError> {
    let significant = &scalar[scalar.iter().take_while(|b| **b == 0).count()..];
    if significant.len() > curve.field_len() {
        return Err(ReadError::ScalarLength { curve, found: scalar.len(), wanted: curve.field_len() });
    }
    let mut d = Zeroizing::new(vec![0; curve.field_len()]);
    d[curve.field_len() - significant.len()..].copy_from_slice(significant);
    let derived =
        engine::ec_public_point(curve, &write_sec1(curve, &d, None)).ok_or(ReadError::ScalarRange { curve })?;
    let public = ec_public(curve, &derived)?;
    if let Some(point) = point
        && ec_public(curve, point)? != public
    {
        return Err(ReadError::HalvesDiffer);
    }
    Ok(Key::Private(PrivateKey::Ec { public, d }))
}

/// A public EC key from its point in any form of SEC 1 §2.3.3, checked to lie on the curve.
pub(crate) fn ec_public(curve: Curve, point: &[u8]) -> Result<EcPublic, ReadError> {
    let long = 1 + 2 * curve.field_len();
    let wanted = if matches!(point.first(), Some(0x02 | 0x03)) { 1 + curve.field_len() } else { long };
    if point.len() != wanted || !matches!(point[0], 0x02..=0x04 | 0x06 | 0x07) {
        return Err(ReadError::PointLength { curve, found: point.len(), wanted });
    }
    let point = uncompressed(curve, point).ok_or(ReadError::OffCurve { curve })?;
    let public = EcPublic { curve, point };
    if engine::point_is_on_curve(&public) { Ok(public) } else { Err(ReadError::OffCurve { curve }) }
}

/// An Ed25519 private key from its seed and the public point, if there is one.
pub(crate) fn ed25519_from_seed(seed: &[u8], x: Option<&[u8]>) -> Result<Key, ReadError> {
    let seed: Bytes = Zeroizing::new(seed.to_vec());
    if seed.len() != 32 {
        return Err(ReadError::Ed25519Length { what: "private", found: seed.len() });
    }
    let public =
        engine::ed25519_public(&seed).ok_or(ReadError::Ed25519Length { what: "private", found: seed.len() })?;
    if x.is_some_and(|x| x != public) {
        return Err(ReadError::HalvesDiffer);
    }
    Ok(Key::Private(PrivateKey::Ed25519 { x: public, seed }))
}

/// An Ed25519 private key from its seed with the public key behind it, 64 bytes as NaCl and OpenSSH write it. Both must agree.
pub(crate) fn ed25519_from_both(both: &[u8], x: Option<&[u8]>) -> Result<Key, ReadError> {
    let Some((seed, public)) = both.split_first_chunk::<32>().filter(|(_, public)| public.len() == 32) else {
        return Err(ReadError::Ed25519Length { what: "private", found: both.len() });
    };
    if x.is_some_and(|x| x != public) {
        return Err(ReadError::HalvesDiffer);
    }
    ed25519_from_seed(seed, Some(public))
}

/// The y coordinates of the points of small order on Ed25519, with the forms that reduce to one (RFC 7748 §6.1 warns of
/// their like for X25519). Under such a key one signature is good for every message.
const SMALL_ORDER: [[u8; 32]; 7] = {
    const fn low(first: u8) -> [u8; 32] {
        let mut y = [0; 32];
        y[0] = first;
        y
    }
    /// 2^255 - 19 plus or minus a little.
    const fn near_p(first: u8) -> [u8; 32] {
        let mut y = [0xff; 32];
        y[0] = first;
        y[31] = 0x7f;
        y
    }
    [low(0), low(1), near_p(0xec), near_p(0xed), near_p(0xee), ORDER_8, ORDER_8_NEGATIVE]
};
const ORDER_8: [u8; 32] = [
    0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac,
    0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
];
const ORDER_8_NEGATIVE: [u8; 32] = [
    0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53,
    0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
];

/// A public Ed25519 key from its 32 bytes.
pub(crate) fn ed25519_public(x: &[u8]) -> Result<[u8; 32], ReadError> {
    let x: [u8; 32] = x.try_into().map_err(|_| ReadError::Ed25519Length { what: "public", found: x.len() })?;
    let mut y = x;
    y[31] &= 0x7f;
    if SMALL_ORDER.contains(&y) { Err(ReadError::SmallOrder) } else { Ok(x) }
}

/// An RSA private key whose numbers agree. Sizes and exponents that are too weak to sign with are read all the same,
/// so that they can be named.
pub(crate) fn rsa_private(public: RsaPublic, numbers: RsaNumbers) -> Result<Key, ReadError> {
    let is_zero = |number: &[u8]| number.iter().all(|byte| *byte == 0);
    if is_zero(&public.n) || is_zero(&public.e) || numbers.named().iter().any(|(_, number)| is_zero(number)) {
        return Err(ReadError::HalvesDiffer);
    }
    match engine::rsa_numbers_agree(&public, &numbers) {
        Some(false) => Err(ReadError::HalvesDiffer),
        Some(true) | None => Ok(Key::Private(PrivateKey::Rsa { public, numbers })),
    }
}
