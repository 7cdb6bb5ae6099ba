//! Errors of reading keys: why a file or text holds none, and why a text is not a JWK.

use super::{
    Curve,
    form::{Form, form_name},
    pem_error::{ENCRYPT_ANEW, PemError},
};
use crate::{Code, json::NotJson};

/// Why no key was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing there.
    #[error("the input is empty; wanted a key")]
    Empty,
    /// Larger than any key.
    #[error("the input has {found} bytes; keys and key sets of up to {most} are read")]
    TooLarge {
        /// Its size.
        found: usize,
        /// The bound.
        most: usize,
    },
    /// Nothing that looks like a key.
    #[error("this is not a key in a form that is known: it {looks}")]
    Unknown {
        /// What it looks like.
        looks: String,
    },
    /// What looks like a key and is damaged, and is therefore not a shared secret.
    #[error("this looks like a damaged key: it {looks}")]
    KeyLike {
        /// What it looks like.
        looks: String,
    },
    /// An OpenSSH key that is damaged.
    #[error("this looks like an OpenSSH key, and {what}")]
    OpenSsh {
        /// What is wrong with it.
        what: &'static str,
    },
    /// A PKCS#12 container without a key.
    #[error("the PKCS#12 container holds no key and no certificate")]
    EmptyContainer,
    /// PEM that is damaged.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// A PEM block that is not a key.
    #[error("the PEM block is {label:?}; wanted a private or public key")]
    PemLabel {
        /// Its label.
        label: String,
    },
    /// A JWK or JWK Set that is wrong.
    #[error(transparent)]
    Jwk(#[from] JwkError),
    /// A form that is recognised and not read.
    #[error("this is {what}, which is not read")]
    NotRead {
        /// What it is.
        what: &'static str,
        /// How to get a form that is.
        hint: &'static str,
    },
    /// DER that is damaged.
    #[error("this looks like {} but is damaged{what}", form_name(*.form))]
    Damaged {
        /// What it looks like.
        form: Form,
        /// What the parser said.
        what: String,
    },
    /// An algorithm identifier of no key that JOSE knows.
    #[error("the key's type is {found}; wanted EC, RSA or Ed25519")]
    UnknownType {
        /// The object identifier.
        found: String,
    },
    /// A curve that JOSE does not know.
    #[error("the key is on the curve {found}; wanted P-256, P-384, P-521 or secp256k1")]
    UnknownCurve {
        /// The object identifier or name.
        found: String,
    },
    /// A key without its curve.
    #[error("the EC key does not name its curve")]
    UnnamedCurve,
    /// A curve given by numbers that are of no curve that JOSE knows.
    #[error("the EC key writes out a curve that is not P-256, P-384, P-521 or secp256k1")]
    UnknownNumbers,
    /// A public point of the wrong length.
    #[error("the public point on {curve} has {found} bytes; wanted {wanted}")]
    PointLength {
        /// The curve.
        curve: Curve,
        /// Its length.
        found: usize,
        /// The length it must have.
        wanted: usize,
    },
    /// A public point that is not on its curve.
    #[error("the public point is not on {curve}")]
    OffCurve {
        /// The curve.
        curve: Curve,
    },
    /// A private scalar that is too long.
    #[error("the private scalar on {curve} has {found} bytes; wanted at most {wanted}")]
    ScalarLength {
        /// The curve.
        curve: Curve,
        /// Its length.
        found: usize,
        /// The length it may have.
        wanted: usize,
    },
    /// A private scalar that is zero or too big.
    #[error("the private scalar is not between 1 and the order of {curve}")]
    ScalarRange {
        /// The curve.
        curve: Curve,
    },
    /// Ed25519 halves are 32 bytes.
    #[error("the {what} half of the Ed25519 key has {found} bytes; wanted 32")]
    Ed25519Length {
        /// Which half.
        what: &'static str,
        /// Its length.
        found: usize,
    },
    /// An Ed25519 point that signs nothing.
    #[error("the public point of the Ed25519 key has a small order")]
    SmallOrder,
    /// The two halves do not belong together.
    #[error("the private and the public half of this key do not belong together")]
    HalvesDiffer,
    /// An RSA modulus that is a prime.
    #[error("the RSA modulus is itself a prime, and no product of two")]
    PrimeModulus,
    /// An encrypted key and no passphrase.
    #[error("the key is encrypted, and no passphrase was given")]
    PassphraseNeeded,
    /// An encrypted key and the wrong passphrase.
    #[error("the passphrase does not open this encrypted key")]
    WrongPassphrase,
    /// An encryption that is not read.
    #[error("the key is encrypted in a way that is not read; wanted PBES2 with PBKDF2 or scrypt, and AES or DES")]
    Cipher,
    /// An encrypted key that would take very long to open.
    #[error("opening this key would take {found} rounds or bytes of work; at most {most} are done")]
    TooMuchWork {
        /// What the file asks for.
        found: u64,
        /// The bound.
        most: u64,
    },
}

impl ReadError {
    /// A key bound to PSS and its parameters (RFC 4055 §1.2); JOSE has no way to say that, and would let it sign PKCS#1.
    pub(super) const PSS_ALONE: Self = Self::NotRead {
        what: "an RSA key for PSS alone (id-RSASSA-PSS)",
        hint: "use a key of the type RSA, which signs PS256, PS384 and PS512 as well",
    };

    /// RFC 8017 §3.2 allows more than two primes; nobody signs with them.
    pub(crate) const MULTI_PRIME: Self =
        Self::NotRead { what: "an RSA key of more than two primes", hint: "make a key of two primes" };

    /// What an OpenSSH key was encrypted with.
    pub(super) const OPENSSH_CIPHER: Self = Self::NotRead {
        what: "an OpenSSH private key under a cipher other than AES in CTR or CBC mode",
        hint: "encrypt a copy of it anew: ssh-keygen -p -Z aes256-ctr -f COPY",
    };

    /// A key of OpenPGP.
    pub(super) const OPENPGP: Self = Self::NotRead {
        what: "an OpenPGP key",
        hint: "make a key for tokens; one for mail and files does not sign them",
    };

    pub(super) fn der(form: Form, error: &::der::Error) -> Self {
        Self::Damaged { form, what: format!(": {error}") }
    }

    /// The row of the table of findings that says the same of a key.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Jwk(error) => error.code(),
            Self::OffCurve { .. } | Self::SmallOrder => Some(Code::PointOffCurve),
            Self::PrimeModulus => Some(Code::RsaPrime),
            Self::HalvesDiffer => Some(Code::KeyMismatch),
            Self::PointLength { .. } | Self::ScalarLength { .. } | Self::Ed25519Length { .. } => {
                Some(Code::CoordinateLength)
            }
            Self::UnknownType { .. } => Some(Code::AlgKeyType),
            Self::UnknownCurve { .. } => Some(Code::AlgCurve),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Pem(error) => error.hint(),
            Self::Jwk(error) => return error.hint(),
            Self::NotRead { hint, .. } => hint,
            Self::Empty => "give a PEM, DER, JWK or JWK Set",
            Self::Unknown { .. } => "give a PEM, DER, JWK or JWK Set; for a shared secret, say how its text is encoded",
            Self::PemLabel { .. } => "give the block that holds PRIVATE KEY or PUBLIC KEY",
            Self::Damaged { .. } => "copy the file again from its source",
            Self::KeyLike { .. } | Self::OpenSsh { .. } => "copy the whole file again from its source",
            Self::EmptyContainer => "export it again together with its private key",
            Self::UnnamedCurve => "give the key as PKCS#8, which names the curve",
            Self::UnknownNumbers => "make a key on one of these curves",
            Self::OffCurve { .. } => {
                "the key was changed on its way, or its curve is misnamed; copy it again from its source"
            }
            Self::SmallOrder => "anybody can forge signatures under it; ask its owner for the right key",
            Self::PrimeModulus => "whoever sees such a key can sign with it; ask its owner for the right one",
            Self::HalvesDiffer => "two keys were mixed; copy the key again from its source",
            Self::PassphraseNeeded => "give the passphrase that it was encrypted with",
            Self::WrongPassphrase => "check the passphrase; a line break at the end of its file is not counted",
            Self::Cipher => ENCRYPT_ANEW,
            _ => return None,
        })
    }
}

/// Why a text is not a JWK or JWK Set. `at` is the path of the key in a set, empty for a single JWK.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// Not JSON.
    #[error("the JWK is not JSON: {0}")]
    NotJson(#[from] NotJson),
    /// A member twice.
    #[error("the JWK holds {path:?} twice, at byte {} and at byte {}", .first + 1, .second + 1)]
    Duplicate {
        /// The member.
        path: String,
        /// Where it stands first.
        first: usize,
        /// Where it stands again.
        second: usize,
    },
    /// Neither `kty` nor `keys`.
    #[error("this is JSON but not a JWK: it has neither \"kty\" nor \"keys\"")]
    NotAJwk,
    /// A set without keys.
    #[error("the JWK Set holds no keys")]
    EmptySet,
    /// A member that must be there.
    #[error("{} is missing; wanted in {}", member(.at, .name), if .kty.is_empty() { "every key".to_owned() } else { format!("a key of type {}", .kty) })]
    Missing {
        /// The key in the set.
        at: String,
        /// The member.
        name: &'static str,
        /// The key's type; empty where that is what is missing.
        kty: String,
    },
    /// A member of the wrong type.
    #[error("{} is {found}; wanted {wanted}", member(.at, .name))]
    Type {
        /// The key in the set.
        at: String,
        /// The member.
        name: String,
        /// What it is.
        found: &'static str,
        /// What it must be.
        wanted: &'static str,
    },
    /// A key type that does not sign.
    #[error("{} is {found:?}; wanted \"EC\", \"RSA\", \"OKP\" or \"oct\"", member(.at, "kty"))]
    KeyType {
        /// The key in the set.
        at: String,
        /// The value.
        found: String,
    },
    /// A curve that does not sign.
    #[error("{} is {found:?}; wanted {wanted}", member(.at, "crv"))]
    Curve {
        /// The key in the set.
        at: String,
        /// The value.
        found: String,
        /// The curves that this type has.
        wanted: &'static str,
    },
    /// A number that is not base64url.
    #[error("{} is not base64url: {what}", member(.at, .name))]
    NotBase64url {
        /// The key in the set.
        at: String,
        /// The member.
        name: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// A coordinate or scalar of the wrong length.
    #[error("{} has {found} bytes; wanted {wanted} for {curve}", member(.at, .name))]
    Length {
        /// The key in the set.
        at: String,
        /// The member.
        name: &'static str,
        /// Its length.
        found: usize,
        /// The length it must have.
        wanted: usize,
        /// The curve.
        curve: &'static str,
    },
    /// An RSA key without its primes, where they do not follow from the other numbers.
    #[error("{} is there without both primes, and they do not follow from \"n\", \"e\" and \"d\"", member(.at, "d"))]
    NoPrimes {
        /// The key in the set.
        at: String,
    },
    /// The numbers are well written but make no key.
    #[error("{}{source}", if .at.is_empty() { String::new() } else { format!("{at}: ") })]
    Key {
        /// The key in the set.
        at: String,
        /// What is wrong with it.
        source: Box<ReadError>,
    },
}

impl JwkError {
    /// The row of the table of findings that says the same of a key.
    pub(crate) fn code(&self) -> Option<Code> {
        match self {
            Self::Length { .. } => Some(Code::CoordinateLength),
            Self::KeyType { .. } => Some(Code::AlgKeyType),
            Self::Curve { .. } => Some(Code::AlgCurve),
            Self::Key { source, .. } => source.code(),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Length { found, wanted, .. } if found < wanted => Some(
                "coordinates keep their leading zeros (RFC 7518 §6.2.1.2); export the key again with a library that pads",
            ),
            Self::NotAJwk => Some("a JWK has a \"kty\" member; a JWK Set has \"keys\""),
            Self::NoPrimes { .. } => Some("export the key again with its primes, or as PKCS#8"),
            Self::Key { source, .. } => source.hint(),
            _ => None,
        }
    }
}

fn member(at: &str, name: &str) -> String {
    if at.is_empty() { format!("\"{name}\"") } else { format!("\"{at}.{name}\"") }
}
