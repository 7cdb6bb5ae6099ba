//! Keys out of DER: PKCS#8 (RFC 5208, 5958), PKCS#1 (RFC 8017), SEC1 (RFC 5915), SPKI (RFC 5280), with the field's own parsers.

use der::{
    Decode, Encode, Reader, SliceReader, Tag, TagNumber, Tagged,
    asn1::{AnyRef, BitStringRef, OctetStringRef},
    oid::ObjectIdentifier,
};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use super::{
    Curve, Key, PublicKey, RsaNumbers, RsaPublic, curve_numbers,
    error::ReadError,
    form::Form,
    from_parts::{ec_from_scalar, ec_public, ed25519_from_both, ed25519_from_seed, ed25519_public, rsa_private},
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

/// The parts of a PKCS#8 document (RFC 5958 §2).
struct Pkcs8<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    private_key: &'a [u8],
    public_key: Option<&'a [u8]>,
}

impl<'a> Pkcs8<'a> {
    /// Rust's ring wrote the public half with an explicit tag where RFC 5958 has an implicit one; both are read.
    fn read(der: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let read = reader.sequence(|reader| {
            u8::decode(reader)?;
            let algorithm = AlgorithmIdentifierRef::decode(reader)?;
            let private_key = OctetStringRef::decode(reader)?.as_bytes();
            let mut public_key = None;
            while !reader.is_finished() {
                let extra = AnyRef::decode(reader)?;
                if extra.tag().number() == TagNumber::N1 {
                    let explicit = extra.tag().is_constructed();
                    let bits = if explicit {
                        BitStringRef::from_der(extra.value())?.raw_bytes()
                    } else {
                        &extra.value()[1.min(extra.value().len())..]
                    };
                    public_key = Some(bits);
                }
            }
            Ok(Self { algorithm, private_key, public_key })
        })?;
        reader.finish(read)
    }
}

pub(super) fn read_pkcs8(der: &[u8]) -> Result<Key, ReadError> {
    let info = Pkcs8::read(der).map_err(|e| ReadError::der(Form::Pkcs8, &e))?;
    match info.algorithm.oid {
        EC => read_sec1_on(info.private_key, Some(outer_curve(&info.algorithm)?)),
        RSA => read_pkcs1(info.private_key),
        RSA_PSS => Err(ReadError::PSS_ALONE),
        ED25519 => {
            // The seed stands in a string of its own (RFC 8410 §7), with the public half behind it in some programs' files.
            let inner = OctetStringRef::from_der(info.private_key).map_or(info.private_key, |inner| inner.as_bytes());
            match inner.len() {
                64 => ed25519_from_both(inner, info.public_key),
                _ => ed25519_from_seed(inner, info.public_key),
            }
        }
        other => Err(ReadError::UnknownType { found: named(other) }),
    }
}

/// The curve that an algorithm identifier names, or writes out.
fn outer_curve(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Curve, ReadError> {
    let parameters = algorithm.parameters.ok_or(ReadError::UnnamedCurve)?;
    curve_of(&parameters)
}

fn curve_of(parameters: &AnyRef<'_>) -> Result<Curve, ReadError> {
    match parameters.tag() {
        Tag::ObjectIdentifier => curve(parameters.decode_as().map_err(|_| ReadError::UnnamedCurve)?),
        Tag::Sequence => {
            let der = parameters.to_der().map_err(|_| ReadError::UnknownNumbers)?;
            curve_numbers::named(&der).ok_or(ReadError::UnknownNumbers)
        }
        _ => Err(ReadError::UnnamedCurve),
    }
}

/// The parts of a SEC1 document (RFC 5915 §3).
struct Sec1<'a> {
    private_key: &'a [u8],
    parameters: Option<AnyRef<'a>>,
    public_key: Option<&'a [u8]>,
}

impl<'a> Sec1<'a> {
    fn read(der: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let read = reader.sequence(|reader| {
            u8::decode(reader)?;
            let private_key = OctetStringRef::decode(reader)?.as_bytes();
            let (mut parameters, mut public_key) = (None, None);
            while !reader.is_finished() {
                let extra = AnyRef::decode(reader)?;
                match extra.tag().number() {
                    TagNumber::N0 => parameters = Some(AnyRef::from_der(extra.value())?),
                    TagNumber::N1 => public_key = Some(BitStringRef::from_der(extra.value())?.raw_bytes()),
                    _ => {}
                }
            }
            Ok(Self { private_key, parameters, public_key })
        })?;
        reader.finish(read)
    }
}

pub(super) fn read_sec1(der: &[u8]) -> Result<Key, ReadError> {
    read_sec1_on(der, None)
}

fn read_sec1_on(der: &[u8], outer: Option<Curve>) -> Result<Key, ReadError> {
    let key = Sec1::read(der).map_err(|e| ReadError::der(Form::Sec1, &e))?;
    let inner = key.parameters.as_ref().map(curve_of).transpose()?;
    if let (Some(outer), Some(inner)) = (outer, inner)
        && outer != inner
    {
        let what = format!(": it names two curves, {outer} outside and {inner} inside");
        return Err(ReadError::Damaged { form: Form::Pkcs8, what });
    }
    match (outer.or(inner), key.public_key) {
        (Some(curve), public) => ec_from_scalar(curve, key.private_key, public),
        // Where no name stands, the public point shows the curve: on that one alone it follows from the scalar.
        (None, Some(public)) => Curve::ALL
            .into_iter()
            .find_map(|curve| ec_from_scalar(curve, key.private_key, Some(public)).ok())
            .ok_or(ReadError::UnnamedCurve),
        (None, None) => Err(ReadError::UnnamedCurve),
    }
}

pub(super) fn read_pkcs1(der: &[u8]) -> Result<Key, ReadError> {
    let key = pkcs1::RsaPrivateKey::from_der(der).map_err(|e| ReadError::der(Form::Pkcs1, &e))?;
    if key.version() == pkcs1::Version::Multi {
        return Err(ReadError::MULTI_PRIME);
    }
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
            let curve = outer_curve(&info.algorithm)?;
            Ok(Key::Public(PublicKey::Ec(ec_public(curve, bits)?)))
        }
        RSA => read_pkcs1_public(bits),
        RSA_PSS => Err(ReadError::PSS_ALONE),
        ED25519 => ed25519_public(bits).map(|x| Key::Public(PublicKey::Ed25519(x))),
        other => Err(ReadError::UnknownType { found: named(other) }),
    }
}
