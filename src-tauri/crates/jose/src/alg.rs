//! The table of signature algorithms: everything that is said about an `alg` is said here once.

use std::{fmt, str::FromStr};

/// A JWS algorithm (RFC 7518 §3.1, RFC 8037 §3.1, RFC 8812 §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Alg {
    /// HMAC with SHA-256.
    HS256,
    /// HMAC with SHA-384.
    HS384,
    /// HMAC with SHA-512.
    HS512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// RSASSA-PSS with SHA-384.
    PS384,
    /// RSASSA-PSS with SHA-512.
    PS512,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// ECDSA on P-521 with SHA-512.
    ES512,
    /// ECDSA on secp256k1 with SHA-256.
    ES256K,
    /// EdDSA; here with Ed25519 alone, the variant of the name `Ed25519` (RFC 9864 §2.2).
    EdDSA,
}

/// What kind of key an algorithm takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// A shared secret (`kty` "oct").
    Hmac,
    /// An RSA key, PKCS#1 v1.5 padding.
    RsaPkcs1,
    /// An RSA key, PSS padding with a salt as long as the hash.
    RsaPss,
    /// An elliptic-curve key on the given curve.
    Ecdsa(Curve),
    /// An Ed25519 key (`kty` "OKP").
    Ed25519,
}

/// An elliptic curve with its JOSE name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-256, also secp256r1 and prime256v1.
    P256,
    /// NIST P-384, also secp384r1.
    P384,
    /// NIST P-521, also secp521r1.
    P521,
    /// secp256k1 (RFC 8812).
    Secp256k1,
}

impl Curve {
    /// All curves.
    pub const ALL: [Self; 4] = [Self::P256, Self::P384, Self::P521, Self::Secp256k1];

    /// The value of `crv` (RFC 7518 §6.2.1.1, RFC 8812 §3.1).
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
        }
    }

    /// Octets of one field element: the length of `x`, `y` and `d` (RFC 7518 §6.2.1.2).
    pub const fn field_len(self) -> usize {
        match self {
            Self::P256 | Self::Secp256k1 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// The one algorithm that signs with a key on this curve.
    pub const fn alg(self) -> Alg {
        match self {
            Self::P256 => Alg::ES256,
            Self::P384 => Alg::ES384,
            Self::P521 => Alg::ES512,
            Self::Secp256k1 => Alg::ES256K,
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The algorithm.
    pub alg: Alg,
    /// Its registered name.
    pub name: &'static str,
    /// Another registered name for the same computation.
    pub also: Option<&'static str>,
    /// The kind of key.
    pub family: Family,
    /// Bits of the hash; 512 for Ed25519, which hashes inside.
    pub hash_bits: u16,
    /// Octets of a signature or MAC, `None` where the RSA modulus decides.
    pub signature_len: Option<usize>,
    /// Bits that a key must have at least.
    pub key_bits: u16,
    /// Where this is laid down.
    pub source: &'static str,
}

/// Every algorithm, in the order of RFC 7518 §3.1; those that one key can be used with stand together.
#[rustfmt::skip]
pub static TABLE: [Row; 14] = [
    row(Alg::HS256,  "HS256",  None,            Family::Hmac,                      256, Some(32),  256,  "RFC 7518 §3.2"),
    row(Alg::HS384,  "HS384",  None,            Family::Hmac,                      384, Some(48),  384,  "RFC 7518 §3.2"),
    row(Alg::HS512,  "HS512",  None,            Family::Hmac,                      512, Some(64),  512,  "RFC 7518 §3.2"),
    row(Alg::RS256,  "RS256",  None,            Family::RsaPkcs1,                  256, None,      2048, "RFC 7518 §3.3"),
    row(Alg::RS384,  "RS384",  None,            Family::RsaPkcs1,                  384, None,      2048, "RFC 7518 §3.3"),
    row(Alg::RS512,  "RS512",  None,            Family::RsaPkcs1,                  512, None,      2048, "RFC 7518 §3.3"),
    row(Alg::PS256,  "PS256",  None,            Family::RsaPss,                    256, None,      2048, "RFC 7518 §3.5"),
    row(Alg::PS384,  "PS384",  None,            Family::RsaPss,                    384, None,      2048, "RFC 7518 §3.5"),
    row(Alg::PS512,  "PS512",  None,            Family::RsaPss,                    512, None,      2048, "RFC 7518 §3.5"),
    row(Alg::ES256,  "ES256",  None,            Family::Ecdsa(Curve::P256),        256, Some(64),  256,  "RFC 7518 §3.4"),
    row(Alg::ES384,  "ES384",  None,            Family::Ecdsa(Curve::P384),        384, Some(96),  384,  "RFC 7518 §3.4"),
    row(Alg::ES512,  "ES512",  None,            Family::Ecdsa(Curve::P521),        512, Some(132), 521,  "RFC 7518 §3.4"),
    row(Alg::ES256K, "ES256K", None,            Family::Ecdsa(Curve::Secp256k1),   256, Some(64),  256,  "RFC 8812 §3.2"),
    row(Alg::EdDSA,  "EdDSA",  Some("Ed25519"), Family::Ed25519,                   512, Some(64),  256,  "RFC 8037 §3.1, RFC 9864 §2.2"),
];

/// The algorithms alone.
static ALL: [Alg; TABLE.len()] = {
    let mut all = [Alg::HS256; TABLE.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = TABLE[index].alg;
        index += 1;
    }
    all
};

#[expect(clippy::too_many_arguments, reason = "one argument a column, so that the table reads as one")]
const fn row(
    alg: Alg,
    name: &'static str,
    also: Option<&'static str>,
    family: Family,
    hash_bits: u16,
    signature_len: Option<usize>,
    key_bits: u16,
    source: &'static str,
) -> Row {
    Row { alg, name, also, family, hash_bits, signature_len, key_bits, source }
}

impl Alg {
    /// Every algorithm, in the table's order.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.into_iter()
    }

    /// The algorithms that take a kind of key, in the table's order.
    pub(crate) fn taking(kind: impl Fn(Family) -> bool) -> &'static [Self] {
        let takes = |row: &Row| kind(row.family);
        let first = TABLE.iter().position(takes).unwrap_or(TABLE.len());
        let behind = TABLE.iter().rposition(takes).map_or(first, |last| last + 1);
        &ALL[first..behind]
    }

    /// Everything known about this algorithm.
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The name that goes into a header.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The kind of key.
    pub fn family(self) -> Family {
        self.row().family
    }

    /// Whether the key is a shared secret.
    pub fn is_hmac(self) -> bool {
        self.family() == Family::Hmac
    }

    /// The algorithm that differs from `name` in case alone: "es256" is nobody's name, but what was meant is plain.
    pub fn by_case_variant(name: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|row| {
                row.name.eq_ignore_ascii_case(name) || row.also.is_some_and(|also| also.eq_ignore_ascii_case(name))
            })
            .map(|row| row.alg)
    }
}

impl fmt::Display for Alg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is not in the table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not a signature algorithm; wanted one of {}", names())]
pub struct UnknownAlg {
    /// The name that was given.
    pub found: String,
}

impl FromStr for Alg {
    type Err = UnknownAlg;

    /// Names are case-sensitive (RFC 7515 §4.1.1).
    fn from_str(name: &str) -> Result<Self, UnknownAlg> {
        TABLE
            .iter()
            .find(|row| row.name == name || row.also == Some(name))
            .map(|row| row.alg)
            .ok_or_else(|| UnknownAlg { found: name.to_owned() })
    }
}

/// Every name, as people read a list of them.
pub(crate) fn names() -> String {
    TABLE.iter().map(|row| row.name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_stands_where_its_algorithm_points() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.alg as usize, index);
            assert_eq!(row.name.parse::<Alg>().unwrap(), row.alg);
            if let Family::Ecdsa(curve) = row.family {
                assert_eq!(row.signature_len, Some(2 * curve.field_len()));
                assert_eq!(curve.alg(), row.alg);
            }
        }
    }

    #[test]
    fn the_algorithms_of_a_kind_of_key_stand_together() {
        let kinds: [&dyn Fn(Family) -> bool; 4] = [
            &|family| family == Family::Hmac,
            &|family| matches!(family, Family::RsaPkcs1 | Family::RsaPss),
            &|family| family == Family::Ecdsa(Curve::P384),
            &|family| family == Family::Ed25519,
        ];
        for kind in kinds {
            assert!(!Alg::taking(kind).is_empty());
            assert!(Alg::taking(kind).iter().all(|alg| kind(alg.family())));
        }
        assert_eq!(Alg::taking(|_| false), []);
        assert_eq!(Alg::taking(|family| family == Family::Ed25519), [Alg::EdDSA]);
    }

    #[test]
    fn names_are_case_sensitive_and_near_misses_are_known() {
        insta::assert_snapshot!("es512".parse::<Alg>().unwrap_err(), @r#""es512" is not a signature algorithm; wanted one of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K, EdDSA"#);
        assert_eq!(Alg::by_case_variant("es512"), Some(Alg::ES512));
        assert_eq!("Ed25519".parse(), Ok(Alg::EdDSA));
        assert!("ES521".parse::<Alg>().is_err());
    }
}
