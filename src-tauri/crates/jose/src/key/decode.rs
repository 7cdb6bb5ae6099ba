//! Keys out of DER: PKCS#8 (RFC 5208, 5958), PKCS#1 (RFC 8017), SEC1 (RFC 5915), SPKI (RFC 5280), with the field's own parsers.

use der::{Decode, Tag, oid::ObjectIdentifier};
use pkcs8::{EncryptedPrivateKeyInfo, PrivateKeyInfo};
use sec1::EcPrivateKey;
use spki::SubjectPublicKeyInfoRef;
use zeroize::Zeroizing;

use super::{
    Bytes, Curve, Key, PublicKey, RsaNumbers, RsaPublic,
    error::ReadError,
    form::{Form, detect},
    from_parts::{ec_from_scalar, ec_public, ed25519_from_seed, ed25519_public, rsa_private},
    oid::{EC, ED25519, RSA, RSA_PSS, curve_oid},
};

fn curve(oid: ObjectIdentifier) -> Result<Curve, ReadError> {
    Curve::ALL
        .into_iter()
        .find(|curve| curve_oid(*curve) == oid)
        .ok_or_else(|| ReadError::UnknownCurve { found: named(oid) })
}

/// An object identifier with its name, where it is of a key that JOSE does not sign with.
fn named(oid: ObjectIdentifier) -> String {
    const NAMES: [(&str, &str); 12] = [
        ("1.3.101.110", "X25519"),
        ("1.3.101.111", "X448"),
        ("1.3.101.113", "Ed448"),
        ("1.2.840.10040.4.1", "DSA"),
        ("1.2.840.113549.1.3.1", "DH"),
        ("1.2.840.10045.3.1.1", "P-192"),
        ("1.3.132.0.33", "P-224"),
        ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
        ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
        ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
        ("1.2.156.10197.1.301", "SM2"),
        ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ];
    let text = oid.to_string();
    match NAMES.iter().find(|(known, _)| *known == text) {
        Some((_, name)) => format!("{name} ({text})"),
        None => text,
    }
}

/// Rounds of PBKDF2 that a reader does for a file from outside: about ten seconds' work.
const MOST_ROUNDS: u32 = 10_000_000;
/// Bytes of memory that scrypt may ask for.
const MOST_SCRYPT_BYTES: u64 = 1 << 30;

pub(super) fn decrypt(der: &[u8], passphrase: Option<&[u8]>) -> Result<Bytes, ReadError> {
    let info = EncryptedPrivateKeyInfo::from_der(der).map_err(|_| ReadError::Cipher)?;
    let Some(passphrase) = passphrase else { return Err(ReadError::PassphraseNeeded) };
    let kdf = &info.encryption_algorithm.pbes2().ok_or(ReadError::Cipher)?.kdf;
    if let Some(pbkdf2) = kdf.pbkdf2()
        && pbkdf2.iteration_count > MOST_ROUNDS
    {
        return Err(ReadError::TooMuchWork { found: u64::from(pbkdf2.iteration_count), most: u64::from(MOST_ROUNDS) });
    }
    if let Some(scrypt) = kdf.scrypt() {
        let bytes = 128u64.saturating_mul(scrypt.cost_parameter).saturating_mul(u64::from(scrypt.block_size));
        let bytes = bytes.saturating_mul(u64::from(scrypt.parallelization.max(1)));
        if bytes > MOST_SCRYPT_BYTES {
            return Err(ReadError::TooMuchWork { found: bytes, most: MOST_SCRYPT_BYTES });
        }
    }
    let document = info.decrypt(passphrase).map_err(|_| ReadError::WrongPassphrase)?;
    let bytes = Zeroizing::new(document.as_bytes().to_vec());
    // A wrong passphrase can leave padding that looks right by chance; then the content is noise.
    if detect(&bytes) == Some(Form::Pkcs8) { Ok(bytes) } else { Err(ReadError::WrongPassphrase) }
}

pub(super) fn read_pkcs8(der: &[u8]) -> Result<Key, ReadError> {
    let info = PrivateKeyInfo::from_der(der).map_err(|e| ReadError::der(Form::Pkcs8, &e))?;
    match info.algorithm.oid {
        EC => {
            let oid = info.algorithm.parameters_oid().map_err(|_| ReadError::UnnamedCurve)?;
            read_sec1_on(info.private_key, Some(curve(oid)?))
        }
        RSA => read_pkcs1(info.private_key),
        RSA_PSS => Err(ReadError::PSS_ALONE),
        ED25519 => {
            let seed =
                der::asn1::OctetStringRef::from_der(info.private_key).map_err(|e| ReadError::der(Form::Pkcs8, &e))?;
            // The second version brings the public half along (RFC 8410 §7).
            ed25519_from_seed(seed.as_bytes(), info.public_key)
        }
        other => Err(ReadError::UnknownType { found: named(other) }),
    }
}

pub(super) fn read_sec1(der: &[u8]) -> Result<Key, ReadError> {
    read_sec1_on(der, None)
}

fn read_sec1_on(der: &[u8], outer: Option<Curve>) -> Result<Key, ReadError> {
    let key = EcPrivateKey::from_der(der).map_err(|error| match error.kind() {
        // A sequence in the place of the curve's name: the curve by its numbers.
        der::ErrorKind::TagUnexpected { expected: Some(Tag::ObjectIdentifier), actual: Tag::Sequence } => {
            ReadError::UnnamedCurve
        }
        _ => ReadError::der(Form::Sec1, &error),
    })?;
    let inner = match key.parameters.and_then(|parameters| parameters.named_curve()) {
        Some(oid) => Some(curve(oid)?),
        None => None,
    };
    if let (Some(outer), Some(inner)) = (outer, inner)
        && outer != inner
    {
        let what = format!(": it names two curves, {outer} outside and {inner} inside");
        return Err(ReadError::Damaged { form: Form::Pkcs8, what });
    }
    let curve = outer.or(inner).ok_or(ReadError::UnnamedCurve)?;
    ec_from_scalar(curve, key.private_key, key.public_key)
}

pub(super) fn read_pkcs1(der: &[u8]) -> Result<Key, ReadError> {
    let key = pkcs1::RsaPrivateKey::from_der(der).map_err(|e| ReadError::der(Form::Pkcs1, &e))?;
    let take = |number: pkcs1::UintRef<'_>| Zeroizing::new(number.as_bytes().to_vec());
    let public = RsaPublic { n: key.modulus.as_bytes().to_vec(), e: key.public_exponent.as_bytes().to_vec() };
    let numbers = RsaNumbers {
        d: take(key.private_exponent),
        p: take(key.prime1),
        q: take(key.prime2),
        dp: take(key.exponent1),
        dq: take(key.exponent2),
        qi: take(key.coefficient),
    };
    rsa_private(public, numbers)
}

pub(super) fn read_pkcs1_public(der: &[u8]) -> Result<Key, ReadError> {
    let key = pkcs1::RsaPublicKey::from_der(der).map_err(|e| ReadError::der(Form::Pkcs1Public, &e))?;
    let public = RsaPublic { n: key.modulus.as_bytes().to_vec(), e: key.public_exponent.as_bytes().to_vec() };
    Ok(Key::Public(PublicKey::Rsa(public)))
}

pub(super) fn read_spki(der: &[u8]) -> Result<Key, ReadError> {
    let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|e| ReadError::der(Form::Spki, &e))?;
    let bits =
        info.subject_public_key.as_bytes().ok_or(ReadError::Damaged { form: Form::Spki, what: String::new() })?;
    match info.algorithm.oid {
        EC => {
            let oid = info.algorithm.parameters_oid().map_err(|_| ReadError::UnnamedCurve)?;
            Ok(Key::Public(PublicKey::Ec(ec_public(curve(oid)?, bits)?)))
        }
        RSA => read_pkcs1_public(bits),
        RSA_PSS => Err(ReadError::PSS_ALONE),
        ED25519 => ed25519_public(bits).map(|x| Key::Public(PublicKey::Ed25519(x))),
        other => Err(ReadError::UnknownType { found: named(other) }),
    }
}
