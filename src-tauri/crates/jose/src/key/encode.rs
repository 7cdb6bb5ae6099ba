//! Keys into DER: PKCS#8 (RFC 5208, 5958), PKCS#1 (RFC 8017), SEC1 (RFC 5915), SPKI (RFC 5280), with the field's own writers.

use der::{Decode, Encode, asn1::BitStringRef};
use pkcs8::PrivateKeyInfo;
use sec1::EcPrivateKey;
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use super::{
    Bytes, Curve, PrivateKey, PublicKey, RsaNumbers, RsaPublic,
    oid::{EC, ED25519, RSA, curve_oid},
};

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

pub(crate) fn write_pkcs8(key: &PrivateKey) -> Bytes {
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

pub(super) fn encrypt(der: &[u8], passphrase: &[u8], salt: &[u8; 16], iv: &[u8; 16], rounds: u32) -> Option<Bytes> {
    let parameters = pkcs8::pkcs5::pbes2::Parameters::pbkdf2_sha256_aes256cbc(rounds, salt, iv).ok()?;
    let info = PrivateKeyInfo::from_der(der).ok()?;
    let document = info.encrypt_with_params(parameters, passphrase).ok()?;
    Some(Zeroizing::new(document.as_bytes().to_vec()))
}
