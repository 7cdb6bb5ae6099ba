//! DER structures of keys: PKCS#8 (RFC 5208, 5958), PKCS#1 (RFC 8017), SEC1 (RFC 5915), SPKI (RFC 5280), read and written
//! with the field's own parsers.

use der::{Decode, Encode, Reader, SliceReader, Tag, asn1::BitStringRef, oid::ObjectIdentifier};
use pkcs8::{EncryptedPrivateKeyInfo, PrivateKeyInfo};
use sec1::EcPrivateKey;
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use super::{
    Bytes, Curve, Key, PrivateKey, PublicKey, RsaNumbers, RsaPublic,
    from_parts::{ec_from_scalar, ec_public, ed25519_from_seed, ed25519_public, rsa_private},
    read::ReadError,
};

pub(super) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
pub(super) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// The object identifier of a curve (RFC 5480 §2.1.1.1, SEC 2).
pub(super) const fn curve_oid(curve: Curve) -> ObjectIdentifier {
    match curve {
        Curve::P256 => ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
        Curve::P384 => ObjectIdentifier::new_unwrap("1.3.132.0.34"),
        Curve::P521 => ObjectIdentifier::new_unwrap("1.3.132.0.35"),
        Curve::Secp256k1 => ObjectIdentifier::new_unwrap("1.3.132.0.10"),
    }
}

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

/// The length that the outermost DER element says it has, with its header, and the length that is there. `None` for what
/// does not begin like a sequence of some size.
pub(super) fn outer_length(der: &[u8]) -> Option<(usize, usize)> {
    let mut reader = SliceReader::new(der).ok()?;
    let outer = der::Header::decode(&mut reader).ok()?;
    let header = usize::try_from(reader.position()).ok()?;
    let content = usize::try_from(outer.length).ok()?;
    (outer.tag == Tag::Sequence && content > 16).then_some((header + content, der.len()))
}

/// The forms in which a key can stand in DER.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// PKCS#8, a private key of any type.
    Pkcs8,
    /// PKCS#8, encrypted with a passphrase (PBES2).
    EncryptedPkcs8,
    /// PKCS#1, an RSA private key.
    Pkcs1,
    /// PKCS#1, an RSA public key.
    Pkcs1Public,
    /// SEC1, an EC private key.
    Sec1,
    /// SPKI, a public key of any type.
    Spki,
    /// An X.509 certificate.
    Certificate,
    /// PKCS#12, a container.
    Pkcs12,
}

/// What a DER text looks like from its outermost tags.
pub(super) fn form(der: &[u8]) -> Option<Form> {
    let tags = children(der)?;
    Some(match tags.as_slice() {
        [Tag::Integer, Tag::Sequence, Tag::OctetString, ..] => Form::Pkcs8,
        [Tag::Sequence, Tag::OctetString] => Form::EncryptedPkcs8,
        [Tag::Sequence, Tag::BitString] => Form::Spki,
        [Tag::Sequence, Tag::Sequence, Tag::BitString] => Form::Certificate,
        [Tag::Integer, Tag::OctetString, ..] => Form::Sec1,
        [Tag::Integer, Tag::Integer] => Form::Pkcs1Public,
        [Tag::Integer, Tag::Sequence] | [Tag::Integer, Tag::Sequence, Tag::Sequence] => Form::Pkcs12,
        [Tag::Integer, Tag::Integer, Tag::Integer, ..] => Form::Pkcs1,
        _ => return None,
    })
}

fn children(der: &[u8]) -> Option<Vec<Tag>> {
    let mut reader = SliceReader::new(der).ok()?;
    let outer = der::Header::decode(&mut reader).ok()?;
    if outer.tag != Tag::Sequence {
        return None;
    }
    let mut tags = Vec::new();
    while !reader.is_finished() && tags.len() < 12 {
        let header = der::Header::decode(&mut reader).ok()?;
        tags.push(header.tag);
        reader.read_slice(header.length).ok()?;
    }
    Some(tags)
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
    if form(&bytes) == Some(Form::Pkcs8) { Ok(bytes) } else { Err(ReadError::WrongPassphrase) }
}

pub(super) fn encrypt(der: &[u8], passphrase: &[u8], salt: &[u8; 16], iv: &[u8; 16], rounds: u32) -> Option<Bytes> {
    let parameters = pkcs8::pkcs5::pbes2::Parameters::pbkdf2_sha256_aes256cbc(rounds, salt, iv).ok()?;
    let info = PrivateKeyInfo::from_der(der).ok()?;
    let document = info.encrypt_with_params(parameters, passphrase).ok()?;
    Some(Zeroizing::new(document.as_bytes().to_vec()))
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

const VALID: &str = "the parts of a checked key always encode";

pub(crate) fn write_sec1(curve: Curve, d: &[u8], point: Option<&[u8]>) -> Bytes {
    let parameters = Some(sec1::EcParameters::NamedCurve(curve_oid(curve)));
    let key = EcPrivateKey { private_key: d, parameters, public_key: point };
    Zeroizing::new(key.to_der().expect(VALID))
}

pub(super) fn write_pkcs1(public: &RsaPublic, numbers: &RsaNumbers) -> Bytes {
    let uint = |bytes| pkcs1::UintRef::new(bytes).expect(VALID);
    let key = pkcs1::RsaPrivateKey {
        modulus: uint(&public.n),
        public_exponent: uint(&public.e),
        private_exponent: uint(&numbers.d),
        prime1: uint(&numbers.p),
        prime2: uint(&numbers.q),
        exponent1: uint(&numbers.dp),
        exponent2: uint(&numbers.dq),
        coefficient: uint(&numbers.qi),
        other_prime_infos: None,
    };
    Zeroizing::new(key.to_der().expect(VALID))
}

pub(crate) fn write_pkcs1_public(public: &RsaPublic) -> Vec<u8> {
    let uint = |bytes| pkcs1::UintRef::new(bytes).expect(VALID);
    pkcs1::RsaPublicKey { modulus: uint(&public.n), public_exponent: uint(&public.e) }.to_der().expect(VALID)
}

pub(super) fn write_pkcs8(key: &PrivateKey) -> Bytes {
    let write = |oid, parameters: Option<der::AnyRef<'_>>, inner: &[u8]| {
        let algorithm = AlgorithmIdentifierRef { oid, parameters };
        Zeroizing::new(PrivateKeyInfo::new(algorithm, inner).to_der().expect(VALID))
    };
    match key {
        PrivateKey::Ec { public, d } => {
            // The curve stands in the outer identifier; inside it is left out, as OpenSSL and the vendors write it.
            let inner = EcPrivateKey { private_key: d, parameters: None, public_key: Some(&public.point) };
            let inner = Zeroizing::new(inner.to_der().expect(VALID));
            write(EC, Some((&curve_oid(public.curve)).into()), &inner)
        }
        PrivateKey::Rsa { public, numbers } => write(RSA, Some(der::asn1::Null.into()), &write_pkcs1(public, numbers)),
        PrivateKey::Ed25519 { seed, .. } => {
            let inner = der::asn1::OctetStringRef::new(seed).expect(VALID);
            write(ED25519, None, &Zeroizing::new(inner.to_der().expect(VALID)))
        }
    }
}

pub(crate) fn write_spki(key: &PublicKey) -> Vec<u8> {
    let write = |oid, parameters: Option<der::AnyRef<'_>>, bits: &[u8]| {
        let algorithm = AlgorithmIdentifierRef { oid, parameters };
        let subject_public_key = BitStringRef::from_bytes(bits).expect(VALID);
        SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().expect(VALID)
    };
    match key {
        PublicKey::Ec(ec) => write(EC, Some((&curve_oid(ec.curve)).into()), &ec.point),
        PublicKey::Rsa(rsa) => write(RSA, Some(der::asn1::Null.into()), &write_pkcs1_public(rsa)),
        PublicKey::Ed25519(x) => write(ED25519, None, x),
    }
}
