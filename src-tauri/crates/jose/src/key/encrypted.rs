//! Encrypted keys: PKCS#8 with PBES2 and PBES1 (RFC 8018), the encryption of PKCS#12 (RFC 7292, Appendix B), and the old one of
//! OpenSSL in PEM. Each bounds the work that a file can ask for.

use std::{cell::Cell, rc::Rc};

use cbc::cipher::{BlockDecryptMut, KeyInit, KeyIvInit, block_padding::Pkcs7};
use der::{
    Decode, Reader, SliceReader,
    asn1::{AnyRef, OctetStringRef},
};
use md5::{Digest, Md5};
use pkcs8::pkcs5::pbes2;
use pkcs12::kdf::{Pkcs12KeyType, derive_key};
use sha1::Sha1;
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::{
    Bytes,
    error::ReadError,
    form::{Form, detect},
};

/// Rounds of PBKDF2 that a reader does for all of a file from outside: about ten seconds' work.
const MOST_ROUNDS: u64 = 10_000_000;
/// Bytes of memory that scrypt may ask for.
const MOST_SCRYPT_BYTES: u64 = 1 << 30;

/// What opens the encrypted parts of one input, and how much work is left for them.
pub(super) struct Opening<'a> {
    passphrase: Option<&'a [u8]>,
    left: Rc<Cell<u64>>,
}

impl<'a> Opening<'a> {
    pub(super) fn new(passphrase: Option<&'a [u8]>) -> Self {
        Self { passphrase, left: Rc::new(Cell::new(MOST_ROUNDS)) }
    }

    /// Whether a person gave a passphrase.
    pub(super) fn is_given(&self) -> bool {
        self.passphrase.is_some()
    }

    /// The same work left, with the empty passphrase where none was given.
    pub(super) fn or_empty(&self) -> Self {
        Self { passphrase: self.passphrase.or(Some(b"")), left: Rc::clone(&self.left) }
    }

    /// The passphrase, for a derivation that costs as much as so many rounds of PBKDF2.
    pub(super) fn passphrase(&self, rounds: u64) -> Result<&'a [u8], ReadError> {
        let passphrase = self.passphrase.ok_or(ReadError::PassphraseNeeded)?;
        let left = self.left.get().checked_sub(rounds);
        self.left.set(left.ok_or(ReadError::TooMuchWork { found: rounds, most: MOST_ROUNDS })?);
        Ok(passphrase)
    }
}

/// The PKCS#8 in an encrypted one (RFC 5958 §3).
pub(super) fn open_pkcs8(der: &[u8], opening: &Opening<'_>) -> Result<Bytes, ReadError> {
    let damaged = |error: der::Error| ReadError::der(Form::EncryptedPkcs8, &error);
    let mut reader = SliceReader::new(der).map_err(damaged)?;
    let (algorithm, sealed) = reader
        .sequence(|reader| Ok((AlgorithmIdentifierRef::decode(reader)?, OctetStringRef::decode(reader)?)))
        .map_err(damaged)?;
    let bytes = open(&algorithm, sealed.as_bytes(), opening)?;
    // A wrong passphrase can leave padding that looks right by chance; then the content is noise.
    if detect(&bytes) == Some(Form::Pkcs8) { Ok(bytes) } else { Err(ReadError::WrongPassphrase) }
}

/// What `algorithm` has sealed with a passphrase.
pub(super) fn open(
    algorithm: &AlgorithmIdentifierRef<'_>,
    sealed: &[u8],
    opening: &Opening<'_>,
) -> Result<Bytes, ReadError> {
    let parameters = algorithm.parameters.ok_or(ReadError::Cipher)?;
    if algorithm.oid == pbes2::PBES2_OID {
        return open_pbes2(parameters, sealed, opening);
    }
    let text = algorithm.oid.to_string();
    let scheme = SCHEMES.iter().find(|scheme| scheme.oid == text).ok_or(ReadError::Cipher)?;
    let (salt, rounds) = parameters
        .sequence(|reader| Ok((OctetStringRef::decode(reader)?, u32::decode(reader)?)))
        .map_err(|_| ReadError::Cipher)?;
    let passphrase = opening.passphrase(u64::from(rounds))?;
    let (key, iv) = scheme.derive(passphrase, salt.as_bytes(), rounds).ok_or(ReadError::WrongPassphrase)?;
    scheme.cipher.decrypt(&key, &iv, sealed).ok_or(ReadError::WrongPassphrase)
}

fn open_pbes2(parameters: AnyRef<'_>, sealed: &[u8], opening: &Opening<'_>) -> Result<Bytes, ReadError> {
    let parameters = pbes2::Parameters::try_from(parameters).map_err(|_| ReadError::Cipher)?;
    let mut rounds = parameters.kdf.pbkdf2().map_or(0, |pbkdf2| u64::from(pbkdf2.iteration_count));
    if let Some(scrypt) = parameters.kdf.scrypt() {
        let bytes = 128u64.saturating_mul(scrypt.cost_parameter).saturating_mul(u64::from(scrypt.block_size));
        let bytes = bytes.saturating_mul(u64::from(scrypt.parallelization.max(1)));
        if bytes > MOST_SCRYPT_BYTES {
            return Err(ReadError::TooMuchWork { found: bytes, most: MOST_SCRYPT_BYTES });
        }
        // A block of 128 bytes is written and read once; that takes about as long as a round.
        rounds = bytes / 128;
    }
    let passphrase = opening.passphrase(rounds)?;
    parameters.decrypt(passphrase, sealed).map(Zeroizing::new).map_err(|_| ReadError::WrongPassphrase)
}

/// A block cipher in CBC mode, and the bytes of its key.
#[derive(Clone, Copy)]
enum Cipher {
    Des,
    TwoKeyTripleDes,
    TripleDes,
    Rc2 { bytes: usize },
    Aes { bytes: usize },
}

impl Cipher {
    const fn key_length(self) -> usize {
        match self {
            Self::Des => 8,
            Self::TwoKeyTripleDes => 16,
            Self::TripleDes => 24,
            Self::Rc2 { bytes } | Self::Aes { bytes } => bytes,
        }
    }

    const fn iv_length(self) -> usize {
        if matches!(self, Self::Aes { .. }) { 16 } else { 8 }
    }

    /// `None` where the padding is not right, most likely for another passphrase.
    fn decrypt(self, key: &[u8], iv: &[u8], sealed: &[u8]) -> Option<Bytes> {
        fn cbc<C: BlockDecryptMut + cbc::cipher::BlockCipher + KeyInit>(
            key: &[u8],
            iv: &[u8],
            sealed: &[u8],
        ) -> Option<Bytes> {
            let plain = cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?.decrypt_padded_vec_mut::<Pkcs7>(sealed);
            plain.ok().map(Zeroizing::new)
        }
        match self {
            Self::Des => cbc::<des::Des>(key, iv, sealed),
            Self::TwoKeyTripleDes => cbc::<des::TdesEde2>(key, iv, sealed),
            Self::TripleDes => cbc::<des::TdesEde3>(key, iv, sealed),
            Self::Rc2 { bytes } => {
                use cbc::cipher::InnerIvInit;
                let cipher = rc2::Rc2::new_with_eff_key_len(key, 8 * bytes);
                let plain =
                    cbc::Decryptor::inner_iv_slice_init(cipher, iv).ok()?.decrypt_padded_vec_mut::<Pkcs7>(sealed);
                plain.ok().map(Zeroizing::new)
            }
            Self::Aes { bytes: 16 } => cbc::<aes::Aes128>(key, iv, sealed),
            Self::Aes { bytes: 24 } => cbc::<aes::Aes192>(key, iv, sealed),
            Self::Aes { .. } => cbc::<aes::Aes256>(key, iv, sealed),
        }
    }
}

/// How a key is made from a passphrase in the schemes before PBES2.
enum Derivation {
    /// RFC 8018 §5.1 with this hash: eight bytes of key, eight of IV.
    Md5,
    Sha1,
    /// RFC 7292, Appendix B.2, with SHA-1.
    Pkcs12,
}

/// A scheme before PBES2.
struct Scheme {
    oid: &'static str,
    derivation: Derivation,
    cipher: Cipher,
}

/// RFC 8018, Appendix A.3, and RFC 7292, Appendix C.
const SCHEMES: [Scheme; 8] = {
    const fn row(oid: &'static str, derivation: Derivation, cipher: Cipher) -> Scheme {
        Scheme { oid, derivation, cipher }
    }
    [
        row("1.2.840.113549.1.5.3", Derivation::Md5, Cipher::Des),
        row("1.2.840.113549.1.5.6", Derivation::Md5, Cipher::Rc2 { bytes: 8 }),
        row("1.2.840.113549.1.5.10", Derivation::Sha1, Cipher::Des),
        row("1.2.840.113549.1.5.11", Derivation::Sha1, Cipher::Rc2 { bytes: 8 }),
        row("1.2.840.113549.1.12.1.3", Derivation::Pkcs12, Cipher::TripleDes),
        row("1.2.840.113549.1.12.1.4", Derivation::Pkcs12, Cipher::TwoKeyTripleDes),
        row("1.2.840.113549.1.12.1.5", Derivation::Pkcs12, Cipher::Rc2 { bytes: 16 }),
        row("1.2.840.113549.1.12.1.6", Derivation::Pkcs12, Cipher::Rc2 { bytes: 5 }),
    ]
};

impl Scheme {
    fn derive(&self, passphrase: &[u8], salt: &[u8], rounds: u32) -> Option<(Bytes, Bytes)> {
        match self.derivation {
            Derivation::Md5 => Some(pbkdf1::<Md5>(passphrase, salt, rounds)),
            Derivation::Sha1 => Some(pbkdf1::<Sha1>(passphrase, salt, rounds)),
            Derivation::Pkcs12 => {
                let rounds = i32::try_from(rounds).ok()?;
                let passphrase = two_byte(passphrase)?;
                let derive = |kind, length| Zeroizing::new(derive_key::<Sha1>(&passphrase, salt, kind, rounds, length));
                let key = derive(Pkcs12KeyType::EncryptionKey, self.cipher.key_length());
                Some((key, derive(Pkcs12KeyType::Iv, self.cipher.iv_length())))
            }
        }
    }
}

/// RFC 8018 §5.1.
fn pbkdf1<D: Digest>(passphrase: &[u8], salt: &[u8], rounds: u32) -> (Bytes, Bytes) {
    let first = D::new().chain_update(passphrase).chain_update(salt).finalize();
    let mut block = Zeroizing::new(first.to_vec());
    for _ in 1..rounds {
        block = Zeroizing::new(D::digest(&block).to_vec());
    }
    (Zeroizing::new(block[..8].to_vec()), Zeroizing::new(block[8..16].to_vec()))
}

/// A passphrase as PKCS#12 takes it: UTF-16 big endian with two zero bytes behind (RFC 7292, Appendix B.1).
fn two_byte(passphrase: &[u8]) -> Option<Bytes> {
    let text = std::str::from_utf8(passphrase).ok()?;
    let mut wide = Zeroizing::new(Vec::with_capacity(2 * text.len() + 2));
    text.encode_utf16().chain([0]).for_each(|unit| wide.extend_from_slice(&unit.to_be_bytes()));
    Some(wide)
}

/// A PEM block as OpenSSL encrypted it before PKCS#8: `DEK-Info` names the cipher and its IV, of which eight bytes are the salt.
pub(super) fn open_dek(dek: &str, iv: &[u8], sealed: &[u8], opening: &Opening<'_>) -> Result<Bytes, ReadError> {
    let cipher = dek_cipher(dek).filter(|cipher| cipher.iv_length() == iv.len()).ok_or(ReadError::Cipher)?;
    let passphrase = opening.passphrase(1)?;
    let salt = iv.get(..8).ok_or(ReadError::Cipher)?;
    // OpenSSL's EVP_BytesToKey with MD5 and one round: each block is the hash of the one before, the passphrase and the salt.
    let mut key = Zeroizing::new(Vec::with_capacity(48));
    let mut block = Zeroizing::new(Vec::new());
    while key.len() < cipher.key_length() {
        let hash = Md5::new().chain_update(block.as_slice()).chain_update(passphrase).chain_update(salt).finalize();
        block = Zeroizing::new(hash.to_vec());
        key.extend_from_slice(&block);
    }
    let opened = cipher.decrypt(&key[..cipher.key_length()], iv, sealed).ok_or(ReadError::WrongPassphrase)?;
    if detect(&opened).is_some() { Ok(opened) } else { Err(ReadError::WrongPassphrase) }
}

fn dek_cipher(name: &str) -> Option<Cipher> {
    Some(match name {
        "AES-128-CBC" => Cipher::Aes { bytes: 16 },
        "AES-192-CBC" => Cipher::Aes { bytes: 24 },
        "AES-256-CBC" => Cipher::Aes { bytes: 32 },
        "DES-EDE3-CBC" => Cipher::TripleDes,
        "DES-CBC" => Cipher::Des,
        _ => return None,
    })
}

/// How many bytes of IV `DEK-Info` names for this cipher; `None` for a cipher that is not read.
pub(super) fn dek_iv_length(name: &str) -> Option<usize> {
    dek_cipher(name).map(Cipher::iv_length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts_of_an_input_share_the_bound() {
        let opening = Opening::new(Some(b"x"));
        assert_eq!(opening.passphrase(6_000_000), Ok(&b"x"[..]));
        // A container inside goes on where the file around it was, and the other way round.
        let refused = |found| Err(ReadError::TooMuchWork { found, most: MOST_ROUNDS });
        assert_eq!(opening.or_empty().passphrase(6_000_000), refused(6_000_000));
        assert_eq!(opening.or_empty().passphrase(4_000_000), Ok(&b"x"[..]));
        assert_eq!(opening.passphrase(1), refused(1));
        assert_eq!(Opening::new(None).passphrase(1), Err(ReadError::PassphraseNeeded));
        assert_eq!(Opening::new(None).or_empty().passphrase(1), Ok(&b""[..]));
    }
}
