//! Keys as files: PEM, DER and JWK, public and private, in the forms that other software reads.

use zeroize::Zeroizing;

use super::{Bytes, Jwk, Key, PrivateKey, PublicKey, encode};
use crate::jwk::{self, Naming};

pub use super::Half;

/// A form in which a key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JWK (RFC 7517 §4).
    Jwk,
    /// A JWK Set of one key (RFC 7517 §5).
    Jwks,
    /// PKCS#8 in PEM (RFC 5958).
    Pkcs8,
    /// Encrypted PKCS#8 in PEM: PBES2, PBKDF2-HMAC-SHA256 with [`ROUNDS`] rounds, AES-256-CBC (RFC 8018).
    Pkcs8Encrypted,
    /// PKCS#1 in PEM, RSA alone (RFC 8017).
    Pkcs1,
    /// SEC1 in PEM, EC alone (RFC 5915).
    Sec1,
    /// SPKI in PEM, the public half (RFC 5280).
    Spki,
    /// DER: PKCS#8 of a private key, SPKI of a public one.
    Der,
}

/// Rounds of PBKDF2 in the encrypted keys that are written (OWASP, 2023).
pub const ROUNDS: u32 = 600_000;

impl Format {
    /// All formats.
    pub const ALL: [Self; 8] =
        [Self::Jwk, Self::Jwks, Self::Pkcs8, Self::Pkcs8Encrypted, Self::Pkcs1, Self::Sec1, Self::Spki, Self::Der];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jwk => "jwk",
            Self::Jwks => "jwks",
            Self::Pkcs8 => "pkcs8",
            Self::Pkcs8Encrypted => "pkcs8-encrypted",
            Self::Pkcs1 => "pkcs1",
            Self::Sec1 => "sec1",
            Self::Spki => "spki",
            Self::Der => "der",
        }
    }

    /// Whether the form holds private keys alone, public keys alone, or either.
    pub const fn half(self) -> Option<Half> {
        match self {
            Self::Pkcs8 | Self::Pkcs8Encrypted | Self::Sec1 => Some(Half::Private),
            Self::Spki => Some(Half::Public),
            Self::Jwk | Self::Jwks | Self::Pkcs1 | Self::Der => None,
        }
    }
}

/// What encrypting a key takes: the passphrase, and randomness from the caller.
pub struct Encryption<'a> {
    /// The passphrase.
    pub passphrase: &'a [u8],
    /// Sixteen unpredictable bytes.
    pub salt: [u8; 16],
    /// Sixteen more.
    pub iv: [u8; 16],
}

/// Why a key cannot be written in a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The private half is wanted and not there.
    #[error("this is a public key ({key}), and the private one is wanted")]
    PublicOnly {
        /// What the key is.
        key: String,
    },
    /// The form holds the other half alone.
    #[error("the form {} holds {} keys alone", .format.name(), if *.half == Half::Private { "public" } else { "private" })]
    WrongHalf {
        /// The form.
        format: Format,
        /// The half that was asked for.
        half: Half,
    },
    /// The form is for another type of key.
    #[error("the form {} is for {wanted} keys, and this is {key}", .format.name())]
    WrongType {
        /// The form.
        format: Format,
        /// The type it is for.
        wanted: &'static str,
        /// What the key is.
        key: String,
    },
    /// A shared secret has no such form.
    #[error("a shared secret has no {} form; wanted jwk or jwks", .format.name())]
    SharedSecret {
        /// The form.
        format: Format,
    },
    /// A shared secret has no public half.
    #[error("a shared secret has no public half")]
    SecretHasNoPublicHalf,
    /// No passphrase for the encrypted form.
    #[error("the encrypted form wants a passphrase, and none was given")]
    PassphraseNeeded,
    /// A passphrase of no length protects nothing.
    #[error("the passphrase is empty")]
    PassphraseEmpty,
}

/// Writes one half of a key. Text ends with a line break; DER is binary.
pub fn write(jwk: &Jwk, half: Half, format: Format, encryption: Option<&Encryption<'_>>) -> Result<Bytes, WriteError> {
    write_named(jwk, half, format, Naming::Kid, encryption)
}

/// The same, a JWK with or without a kid.
pub fn write_named(
    jwk: &Jwk,
    half: Half,
    format: Format,
    naming: Naming,
    encryption: Option<&Encryption<'_>>,
) -> Result<Bytes, WriteError> {
    if format.half().is_none_or(|only| only == half) {
        has_half(jwk, half)?;
    }
    match (&jwk.key, half) {
        (_, half) if matches!(format, Format::Jwk) => Ok(text(jwk::write_named(jwk, half, naming))),
        (_, half) if matches!(format, Format::Jwks) => Ok(text(jwk::write_set_named(&[jwk], half, naming))),
        (Key::Secret(_), Half::Public) => Err(WriteError::SecretHasNoPublicHalf),
        (Key::Secret(_), Half::Private) => Err(WriteError::SharedSecret { format }),
        (_, half) if format.half().is_some_and(|only| only != half) => Err(WriteError::WrongHalf { format, half }),
        (Key::Private(private), Half::Private) => write_private(private, format, encryption),
        (Key::Private(private), Half::Public) => write_public(&private.public(), format),
        (Key::Public(public), _) => write_public(public, format),
    }
}

/// A JWK Set that was written, and the keys that are not in it.
pub struct WrittenSet {
    /// The set, with a line break.
    pub text: Bytes,
    /// The keys that do not have the half, each by its index, with the reason.
    pub left_out: Vec<(usize, WriteError)>,
}

/// Writes one half of each key as a JWK Set. A key that does not have it is left out; where none has, that is an error.
pub fn write_set(jwks: &[Jwk], half: Half, naming: Naming) -> Result<WrittenSet, WriteError> {
    let (mut written, mut left_out) = (Vec::new(), Vec::new());
    for (index, jwk) in jwks.iter().enumerate() {
        match has_half(jwk, half) {
            Ok(()) => written.push(jwk),
            Err(error) => left_out.push((index, error)),
        }
    }
    match left_out.pop() {
        Some((_, error)) if written.is_empty() => Err(error),
        last => {
            left_out.extend(last);
            Ok(WrittenSet { text: text(jwk::write_set_named(&written, half, naming)), left_out })
        }
    }
}

/// Whether a key has this half.
fn has_half(jwk: &Jwk, half: Half) -> Result<(), WriteError> {
    match (&jwk.key, half) {
        (Key::Secret(_), Half::Public) => Err(WriteError::SecretHasNoPublicHalf),
        (Key::Public(public), Half::Private) => Err(WriteError::PublicOnly { key: public.describe() }),
        _ => Ok(()),
    }
}

/// The PKCS#8 DER of a private key: the form in which keys are sealed.
pub fn pkcs8_der(key: &PrivateKey) -> Bytes {
    encode::write_pkcs8(key)
}

/// The SPKI DER of a public key (RFC 5280 §4.1): what fingerprints of files are taken of.
pub fn spki_der(key: &PublicKey) -> Vec<u8> {
    encode::write_spki(key)
}

fn write_private(key: &PrivateKey, format: Format, encryption: Option<&Encryption<'_>>) -> Result<Bytes, WriteError> {
    let wrong = |wanted| WriteError::WrongType { format, wanted, key: key.public().describe() };
    Ok(match (format, key) {
        (Format::Pkcs8, _) => pem("PRIVATE KEY", &encode::write_pkcs8(key)),
        (Format::Der, _) => encode::write_pkcs8(key),
        (Format::Pkcs8Encrypted, _) => {
            let Some(Encryption { passphrase, salt, iv }) = encryption else {
                return Err(WriteError::PassphraseNeeded);
            };
            if passphrase.is_empty() {
                return Err(WriteError::PassphraseEmpty);
            }
            let sealed = encode::encrypt(&encode::write_pkcs8(key), passphrase, salt, iv, ROUNDS);
            pem("ENCRYPTED PRIVATE KEY", &sealed.expect("PBES2 encrypts any PKCS#8 document of a checked key"))
        }
        (Format::Pkcs1, PrivateKey::Rsa { public, numbers }) => {
            pem("RSA PRIVATE KEY", &encode::write_pkcs1(public, numbers))
        }
        (Format::Pkcs1, _) => return Err(wrong("RSA")),
        (Format::Sec1, PrivateKey::Ec { public, d }) => {
            pem("EC PRIVATE KEY", &encode::write_sec1(public.curve, d, Some(&public.point)))
        }
        (Format::Sec1, _) => return Err(wrong("EC")),
        (Format::Spki | Format::Jwk | Format::Jwks, _) => {
            return Err(WriteError::WrongHalf { format, half: Half::Private });
        }
    })
}

fn write_public(key: &PublicKey, format: Format) -> Result<Bytes, WriteError> {
    Ok(match (format, key) {
        (Format::Spki, _) => pem("PUBLIC KEY", &encode::write_spki(key)),
        (Format::Der, _) => Zeroizing::new(encode::write_spki(key)),
        (Format::Pkcs1, PublicKey::Rsa(rsa)) => pem("RSA PUBLIC KEY", &encode::write_pkcs1_public(rsa)),
        (Format::Pkcs1, _) => return Err(WriteError::WrongType { format, wanted: "RSA", key: key.describe() }),
        (Format::Pkcs8 | Format::Pkcs8Encrypted | Format::Sec1 | Format::Jwk | Format::Jwks, _) => {
            return Err(WriteError::WrongHalf { format, half: Half::Public });
        }
    })
}

fn text(line: Zeroizing<String>) -> Bytes {
    let mut bytes = Zeroizing::new(Vec::with_capacity(line.len() + 1));
    bytes.extend_from_slice(line.as_bytes());
    bytes.push(b'\n');
    bytes
}

/// A PEM block with lines of 64 characters (RFC 7468 §2).
fn pem(label: &str, der: &[u8]) -> Bytes {
    let body = Zeroizing::new(data_encoding::BASE64.encode(der));
    let mut out = Zeroizing::new(Vec::with_capacity(body.len() + body.len() / 64 + 2 * label.len() + 40));
    out.extend_from_slice(format!("-----BEGIN {label}-----\n").as_bytes());
    for line in body.as_bytes().chunks(64) {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out.extend_from_slice(format!("-----END {label}-----\n").as_bytes());
    out
}
