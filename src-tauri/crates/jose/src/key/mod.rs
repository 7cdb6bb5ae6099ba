//! Keys as values: their parts, what they are called, and the thumbprint that names them.
//!
//! [`read`] turns files and pasted text into keys, [`write`] turns keys into files, [`check`] says what is wrong with one.
//! Private parts are wiped when dropped; the types that hold them have neither `Clone` nor `Serialize`, and their
//! `Debug` shows the public half alone.

mod armor;
mod certificate;
pub mod check;
mod choice;
mod container;
mod curve_numbers;
mod decode;
mod der_keys;
mod disguise;
mod dotnet;
pub(crate) mod encode;
mod encrypted;
pub(crate) mod error;
mod foreign;
mod form;
pub(crate) mod from_parts;
mod looks;
mod meant;
mod oid;
mod openssh;
mod pem;
mod pem_error;
mod pem_keys;
mod primality;
pub mod read;
pub(crate) mod rsa_numbers;
pub(crate) mod secret_variants;
pub mod write;

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use choice::NotChosen;

pub use crate::alg::Curve;
use crate::{Alg, Code, Finding, alg::Family, text};

/// A key of any kind.
#[derive(Debug)]
pub enum Key {
    /// The private half of a pair, which brings the public half with it.
    Private(PrivateKey),
    /// The public half of a pair.
    Public(PublicKey),
    /// A shared secret.
    Secret(Secret),
}

impl Key {
    /// The public half; a secret has none.
    pub fn public(&self) -> Option<PublicKey> {
        match self {
            Self::Private(private) => Some(private.public()),
            Self::Public(public) => Some(public.clone()),
            Self::Secret(_) => None,
        }
    }

    /// The private half, if it is here.
    pub fn private(&self) -> Option<&PrivateKey> {
        match self {
            Self::Private(private) => Some(private),
            _ => None,
        }
    }

    /// Type and size in words: "EC P-521", "RSA 2048 bits", "HMAC secret of 43 bytes".
    pub fn describe(&self) -> String {
        match self {
            Self::Private(private) => private.public().describe(),
            Self::Public(public) => public.describe(),
            Self::Secret(secret) => format!("HMAC secret of {} bytes", secret.len()),
        }
    }

    /// Its type as a JWK names it (RFC 7518 §6.1).
    pub fn kty(&self) -> &'static str {
        match self.public() {
            Some(PublicKey::Ec(_)) => "EC",
            Some(PublicKey::Rsa(_)) => "RSA",
            Some(PublicKey::Ed25519(_)) => "OKP",
            None => "oct",
        }
    }

    /// The algorithms that this type and size of key can sign with.
    pub fn algs(&self) -> &'static [Alg] {
        match self {
            Self::Secret(_) => Alg::taking(|family| family == Family::Hmac),
            Self::Private(private) => private.public().algs(),
            Self::Public(public) => public.algs(),
        }
    }
}

/// Which half of a key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Half {
    /// The private key, from which the public one follows.
    Private,
    /// The public key.
    Public,
}

/// What was read.
#[derive(Debug)]
pub struct Found {
    /// What the text turned out to be, in words: "PKCS#8 in PEM".
    pub form: String,
    /// The keys, in order; at least one.
    pub keys: Vec<Jwk>,
    /// What was noticed about them and about the set.
    pub findings: Vec<Finding>,
}

impl Found {
    /// Why these keys are not to be judged with: an error of the set as a whole. It is the caller who refuses.
    pub fn refusal(&self) -> Option<&Finding> {
        // A coordinate that lost its zeros is wrong where it stands, and says all the same which key is meant.
        self.findings.iter().find(|finding| finding.is_error() && finding.code != Code::CoordinateLength)
    }
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// A point on a curve.
    Ec(EcPublic),
    /// An RSA modulus and exponent.
    Rsa(RsaPublic),
    /// An Ed25519 point, 32 bytes.
    Ed25519([u8; 32]),
}

/// The public half of an elliptic-curve key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EcPublic {
    /// The curve.
    pub curve: Curve,
    /// The uncompressed point: 0x04, x, y, each coordinate of the field's length (SEC 1 §2.3.3).
    pub point: Vec<u8>,
}

impl EcPublic {
    /// The x coordinate, big endian, of the field's length.
    pub fn x(&self) -> &[u8] {
        &self.point[1..=self.curve.field_len()]
    }

    /// The y coordinate, big endian, of the field's length.
    pub fn y(&self) -> &[u8] {
        &self.point[1 + self.curve.field_len()..]
    }
}

/// The public half of an RSA key. Both numbers are big endian without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RsaPublic {
    /// The modulus.
    pub n: Vec<u8>,
    /// The public exponent.
    pub e: Vec<u8>,
}

impl RsaPublic {
    /// The length of the modulus in bits.
    pub fn bits(&self) -> usize {
        self.n.first().map_or(0, |first| self.n.len() * 8 - first.leading_zeros() as usize)
    }
}

impl PublicKey {
    /// Type and size in words.
    pub fn describe(&self) -> String {
        match self {
            Self::Ec(ec) => format!("EC {}", ec.curve),
            Self::Rsa(rsa) => format!("RSA {} bits", rsa.bits()),
            Self::Ed25519(_) => "Ed25519".to_owned(),
        }
    }

    /// The algorithms that this type of key can be used with.
    pub fn algs(&self) -> &'static [Alg] {
        match self {
            Self::Ec(ec) => Alg::taking(|family| family == Family::Ecdsa(ec.curve)),
            Self::Rsa(_) => Alg::taking(|family| matches!(family, Family::RsaPkcs1 | Family::RsaPss)),
            Self::Ed25519(_) => Alg::taking(|family| family == Family::Ed25519),
        }
    }

    /// The JWK thumbprint (RFC 7638) with SHA-256: 43 characters of base64url. Gr4vy and others use it as `kid`.
    pub fn thumbprint(&self) -> String {
        text::encode(&Sha256::digest(self.thumbprint_input(|coordinate| coordinate)))
    }

    /// The thumbprints that come out when somebody leaves out leading zeros of the coordinates, as libraries have done:
    /// all of them, or one. Empty where padding changes nothing.
    pub fn thumbprints_unpadded(&self) -> Vec<String> {
        let strip_all: fn(&[u8]) -> &[u8] = |c| &c[c.iter().take_while(|b| **b == 0).count()..];
        let strip_one: fn(&[u8]) -> &[u8] = |c| if c.first() == Some(&0) { &c[1..] } else { c };
        let right = self.thumbprint();
        let mut wrong = Vec::new();
        for strip in [strip_all, strip_one] {
            let print = text::encode(&Sha256::digest(self.thumbprint_input(strip)));
            if print != right && !wrong.contains(&print) {
                wrong.push(print);
            }
        }
        wrong
    }

    /// The required members in lexicographic order without white space (RFC 7638 §3.2).
    fn thumbprint_input(&self, coordinate: impl Fn(&[u8]) -> &[u8]) -> String {
        match self {
            Self::Ec(ec) => format!(
                r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#,
                ec.curve,
                text::encode(coordinate(ec.x())),
                text::encode(coordinate(ec.y()))
            ),
            Self::Rsa(rsa) => {
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, text::encode(&rsa.e), text::encode(&rsa.n))
            }
            Self::Ed25519(x) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, text::encode(x)),
        }
    }
}

/// Secret bytes. Wiped when dropped.
pub type Bytes = Zeroizing<Vec<u8>>;

/// A private key with its public half. Only what was read and checked becomes one.
///
/// It is not copied, shown or written by accident; [`write`] is the one way out. What may be compiles:
///
/// ```
/// fn clone<T: Clone>() {}
/// fn show<T: std::fmt::Display>() {}
/// fn write<T: serde::Serialize>() {}
/// clone::<keywright_jose::key::PublicKey>();
/// show::<keywright_jose::Alg>();
/// write::<String>();
/// ```
///
/// and what may not does not:
///
/// ```compile_fail,E0277
/// fn clone<T: Clone>() {}
/// clone::<keywright_jose::key::PrivateKey>();
/// ```
///
/// ```compile_fail,E0277
/// fn show<T: std::fmt::Display>() {}
/// show::<keywright_jose::key::PrivateKey>();
/// ```
///
/// ```compile_fail,E0277
/// fn write<T: serde::Serialize>() {}
/// write::<keywright_jose::key::PrivateKey>();
/// ```
///
/// ```compile_fail,E0639
/// use keywright_jose::key::{PrivateKey, PublicKey};
/// let seed = zeroize::Zeroizing::new(vec![0; 32]);
/// let unchecked = PrivateKey::Ed25519 { x: [0; 32], seed };
/// ```
pub enum PrivateKey {
    /// An elliptic-curve key.
    #[non_exhaustive]
    Ec {
        /// The public half.
        public: EcPublic,
        /// The scalar, of the field's length.
        d: Bytes,
    },
    /// An RSA key with two primes.
    #[non_exhaustive]
    Rsa {
        /// The public half.
        public: RsaPublic,
        /// The private numbers.
        numbers: RsaNumbers,
    },
    /// An Ed25519 key.
    #[non_exhaustive]
    Ed25519 {
        /// The public half.
        x: [u8; 32],
        /// The seed, 32 bytes.
        seed: Bytes,
    },
}

/// The private numbers of an RSA key (RFC 8017 §3.2), big endian without leading zeros.
pub struct RsaNumbers {
    pub(crate) d: Bytes,
    pub(crate) p: Bytes,
    pub(crate) q: Bytes,
    pub(crate) dp: Bytes,
    pub(crate) dq: Bytes,
    pub(crate) qi: Bytes,
}

impl RsaNumbers {
    /// The numbers under their JWK names (RFC 7518 §6.3.2).
    pub(crate) fn named(&self) -> [(&'static str, &Bytes); 6] {
        let Self { d, p, q, dp, dq, qi } = self;
        [("d", d), ("p", p), ("q", q), ("dp", dp), ("dq", dq), ("qi", qi)]
    }
}

impl PrivateKey {
    /// The public half.
    pub fn public(&self) -> PublicKey {
        match self {
            Self::Ec { public, .. } => PublicKey::Ec(public.clone()),
            Self::Rsa { public, .. } => PublicKey::Rsa(public.clone()),
            Self::Ed25519 { x, .. } => PublicKey::Ed25519(*x),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.public().describe())
    }
}

/// A shared secret for HMAC. It is not copied, shown or written by accident.
///
/// ```compile_fail,E0277
/// fn clone<T: Clone>() {}
/// clone::<keywright_jose::key::Secret>();
/// ```
///
/// ```compile_fail,E0277
/// fn show<T: std::fmt::Display>() {}
/// show::<keywright_jose::key::Secret>();
/// ```
///
/// ```compile_fail,E0277
/// fn write<T: serde::Serialize>() {}
/// write::<keywright_jose::key::Secret>();
/// ```
pub struct Secret(Bytes);

impl Secret {
    /// A secret of these bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes. Keep them where they are.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// How many bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.len())
    }
}

/// How the text of a shared secret stands for its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SecretEncoding {
    /// The text itself.
    #[default]
    Utf8,
    /// base64 with the standard alphabet, padding optional.
    Base64,
    /// base64url, padding optional.
    Base64Url,
    /// Hexadecimal, either case.
    Hex,
}

impl SecretEncoding {
    /// All encodings.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Base64, Self::Base64Url, Self::Hex];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::Hex => "hex",
        }
    }

    /// The secret that `text` stands for.
    pub fn decode(self, secret_text: &[u8]) -> Result<Secret, SecretNotDecoded> {
        let refused = |_| SecretNotDecoded { encoding: self, length: secret_text.len() };
        let trimmed = secret_text.trim_ascii();
        let unpadded = trimmed.strip_suffix(b"==").or_else(|| trimmed.strip_suffix(b"=")).unwrap_or(trimmed);
        Ok(Secret::new(match self {
            Self::Utf8 => secret_text.to_vec(),
            Self::Base64 => data_encoding::BASE64_NOPAD.decode(unpadded).map_err(refused)?,
            Self::Base64Url => data_encoding::BASE64URL_NOPAD.decode(unpadded).map_err(refused)?,
            Self::Hex => data_encoding::HEXLOWER_PERMISSIVE.decode(trimmed).map_err(refused)?,
        }))
    }
}

/// A secret's text that is not in the encoding that was named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the secret of {length} characters is not {}", .encoding.name())]
pub struct SecretNotDecoded {
    /// The encoding that was named.
    pub encoding: SecretEncoding,
    /// The length of the text.
    pub length: usize,
}

/// A key with what its owner said of it (RFC 7517 §4).
#[derive(Debug)]
pub struct Jwk {
    /// The key.
    pub key: Key,
    /// The name under which it is looked up.
    pub kid: Option<String>,
    /// The one algorithm that it is for; any other use is refused.
    pub alg: Option<DeclaredAlg>,
    /// The `use` parameter, as it stands.
    pub key_use: Option<String>,
    /// The `key_ops` parameter, as it stands.
    pub key_ops: Vec<String>,
}

/// The `alg` of a JWK: one of the table, or a name that is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredAlg {
    /// A signature algorithm.
    Known(Alg),
    /// Some other name, as it stands: an encryption algorithm, or a misspelling.
    Other(String),
}

impl DeclaredAlg {
    /// The name as it stands.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(alg) => alg.name(),
            Self::Other(name) => name,
        }
    }
}

impl From<Key> for Jwk {
    fn from(key: Key) -> Self {
        Self { key, kid: None, alg: None, key_use: None, key_ops: Vec::new() }
    }
}

impl Jwk {
    /// The kid that was given, else the thumbprint; a secret without a kid has none.
    pub fn effective_kid(&self) -> Option<String> {
        self.kid.clone().or_else(|| self.key.public().map(|public| public.thumbprint()))
    }

    /// The algorithm that this key signs with unless told otherwise: its own, else the recommended one of its type
    /// (RS256 for RSA, HS256 for a secret that is long enough for no more).
    pub fn default_alg(&self) -> Option<Alg> {
        match &self.alg {
            Some(DeclaredAlg::Known(alg)) => Some(*alg),
            Some(DeclaredAlg::Other(_)) => None,
            None => self.key.algs().first().copied(),
        }
    }
}

/// The kind of key that a family of algorithms takes, with its article.
pub(crate) fn wanted_key(family: Family) -> String {
    match family {
        Family::Hmac => "a shared secret".to_owned(),
        Family::RsaPkcs1 | Family::RsaPss => "an RSA key".to_owned(),
        Family::Ecdsa(curve) => format!("an EC key on {curve}"),
        Family::Ed25519 => "an Ed25519 key".to_owned(),
    }
}
