//! Keys put together from their numbers, and checked while that is done: point on curve, halves that belong together.

use zeroize::Zeroizing;

use super::{Bytes, Curve, EcPublic, Key, PrivateKey, RsaNumbers, RsaPublic, der::write_sec1, read::ReadError};
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

/// A public EC key from its point, checked to lie on the curve.
pub(crate) fn ec_public(curve: Curve, point: &[u8]) -> Result<EcPublic, ReadError> {
    match point.first() {
        Some(0x04) if point.len() == 1 + 2 * curve.field_len() => {}
        Some(0x02 | 0x03) => return Err(ReadError::CompressedPoint),
        _ => return Err(ReadError::PointLength { curve, found: point.len(), wanted: 1 + 2 * curve.field_len() }),
    }
    let public = EcPublic { curve, point: point.to_vec() };
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

/// An RSA private key whose numbers agree. Sizes and exponents that are too weak to sign with are read all the same,
/// so that they can be named.
pub(crate) fn rsa_private(public: RsaPublic, numbers: RsaNumbers) -> Result<Key, ReadError> {
    match engine::rsa_numbers_agree(&public, &numbers) {
        Some(false) => Err(ReadError::HalvesDiffer),
        Some(true) | None => Ok(Key::Private(PrivateKey::Rsa { public, numbers })),
    }
}
