//! OpenSSH's own forms of keys: the private one (PROTOCOL.key), plain or encrypted, and public keys on a line of their own
//! (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4) or between the lines of RFC 4716.

use ssh_cipher::Cipher;
use zeroize::Zeroizing;

use super::{
    Bytes, Curve, Key, PublicKey, RsaPublic,
    encrypted::Opening,
    error::ReadError,
    from_parts,
    rsa_numbers::{Known, complete},
};
use crate::text::without_white_space;

/// How the bytes of a private key begin.
pub(super) const MAGIC: &[u8] = b"openssh-key-v1\0";

/// Rounds of bcrypt that a reader does for a file from outside; ssh-keygen writes 16.
const MOST_ROUNDS: u32 = 1_000;
/// As long as one of them takes.
const PBKDF2_ROUNDS_IN_ONE: u64 = 10_000;

const CUT_OFF: ReadError = ReadError::OpenSsh { what: "it is cut off" };

/// The private key in these bytes.
pub(super) fn read_private(bytes: &[u8], opening: &Opening<'_>) -> Result<Key, ReadError> {
    let mut reader = Reader(bytes.strip_prefix(MAGIC).ok_or(CUT_OFF)?);
    let (cipher, kdf, options) = (reader.text()?, reader.text()?, reader.string()?);
    if reader.number()? != 1 {
        return Err(ReadError::OpenSsh { what: "it holds several keys" });
    }
    let public = read_blob(reader.string()?);
    let private = reader.string()?;
    let key = if cipher == "none" {
        read_section(private)?
    } else {
        read_section(&decrypt(cipher, kdf, options, private, opening)?)?
    };
    // Outside stands the public half in the clear, which a file that was put together could contradict.
    match public {
        Ok(public) if key.public().as_ref() != Some(&public) => Err(ReadError::HalvesDiffer),
        Ok(_) => Ok(key),
        Err(error) => Err(error),
    }
}

fn decrypt(cipher: &str, kdf: &str, options: &[u8], sealed: &[u8], opening: &Opening<'_>) -> Result<Bytes, ReadError> {
    let known = Cipher::new(cipher).ok().filter(|cipher| !cipher.has_tag() && *cipher != Cipher::TDesCbc);
    let Some((cipher, (key_length, iv_length))) = known.and_then(|known| Some((known, known.key_and_iv_size()?)))
    else {
        return Err(ReadError::OPENSSH_CIPHER);
    };
    if kdf != "bcrypt" {
        return Err(ReadError::OPENSSH_CIPHER);
    }
    let mut options = Reader(options);
    let (salt, rounds) = (options.string()?, options.number()?);
    if rounds > MOST_ROUNDS {
        return Err(ReadError::TooMuchWork { found: u64::from(rounds), most: u64::from(MOST_ROUNDS) });
    }
    let passphrase = opening.passphrase(u64::from(rounds) * PBKDF2_ROUNDS_IN_ONE)?;
    let mut derived = Zeroizing::new(vec![0; key_length + iv_length]);
    bcrypt_pbkdf::bcrypt_pbkdf(passphrase, salt, rounds, &mut derived).map_err(|_| ReadError::WrongPassphrase)?;
    let mut opened = Zeroizing::new(sealed.to_vec());
    let (key, iv) = derived.split_at(key_length);
    cipher.decrypt(key, iv, &mut opened, None).map_err(|_| CUT_OFF)?;
    // Two equal numbers stand first; with a wrong passphrase they are noise.
    match opened.first_chunk::<8>() {
        Some(check) if check[..4] == check[4..] => Ok(opened),
        _ => Err(ReadError::WrongPassphrase),
    }
}

/// The private section in the clear: two numbers, the key, a comment, and bytes that fill a block.
fn read_section(section: &[u8]) -> Result<Key, ReadError> {
    let mut reader = Reader(section);
    if reader.number()? != reader.number()? {
        return Err(ReadError::OpenSsh { what: "its two check numbers differ" });
    }
    match reader.text()? {
        "ssh-ed25519" => {
            let (x, both) = (reader.string()?, reader.string()?);
            from_parts::ed25519_from_both(both, Some(x))
        }
        "ssh-rsa" => {
            let [n, e, d, _, p, q] = reader.numbers()?;
            let public = RsaPublic { n: n.to_vec(), e: e.to_vec() };
            let numbers = complete(&public, &Known { d, primes: Some((p, q)) }).ok_or(ReadError::HalvesDiffer)?;
            from_parts::rsa_private(public, numbers)
        }
        kind => {
            let curve = ecdsa_curve(kind)?;
            reader.string()?;
            let (point, scalar) = (reader.string()?, reader.string()?);
            from_parts::ec_from_scalar(curve, scalar, Some(point))
        }
    }
}

/// The public key on a line that begins with its type: `ssh-ed25519 AAAA… comment`.
pub(super) fn read_line(line: &str) -> Result<Key, ReadError> {
    let blob = line.split_whitespace().nth(1).unwrap_or_default();
    read_base64(blob)
}

/// Whether a line begins as a public key does.
pub(super) fn is_line(text: &str) -> bool {
    ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].iter().any(|kind| text.starts_with(kind))
        && text.split_whitespace().nth(1).is_some_and(|blob| blob.starts_with("AAAA"))
}

/// The public key between the lines of RFC 4716: headers of the form `Name: value`, which a backslash continues, then base64.
pub(super) fn read_rfc4716(body: &str) -> Result<Key, ReadError> {
    let mut continues = false;
    let is_header = |line: &&str| {
        let header = continues || line.contains(':');
        continues = header && line.trim_end().ends_with('\\');
        header
    };
    let blob: Vec<&str> = body.trim_start().lines().skip_while(is_header).collect();
    read_base64(&without_white_space(&blob.concat()))
}

fn read_base64(blob: &str) -> Result<Key, ReadError> {
    let bytes = data_encoding::BASE64_NOPAD.decode(blob.trim_end_matches('=').as_bytes()).map_err(|_| CUT_OFF)?;
    read_blob(&bytes).map(Key::Public)
}

fn read_blob(blob: &[u8]) -> Result<PublicKey, ReadError> {
    let mut reader = Reader(blob);
    match reader.text()? {
        "ssh-ed25519" => from_parts::ed25519_public(reader.string()?).map(PublicKey::Ed25519),
        "ssh-rsa" => {
            let [e, n] = reader.numbers()?;
            Ok(PublicKey::Rsa(RsaPublic { n: n.to_vec(), e: e.to_vec() }))
        }
        kind => {
            let curve = ecdsa_curve(kind)?;
            reader.string()?;
            from_parts::ec_public(curve, reader.string()?).map(PublicKey::Ec)
        }
    }
}

fn ecdsa_curve(kind: &str) -> Result<Curve, ReadError> {
    Ok(match kind {
        "ecdsa-sha2-nistp256" => Curve::P256,
        "ecdsa-sha2-nistp384" => Curve::P384,
        "ecdsa-sha2-nistp521" => Curve::P521,
        other => return Err(ReadError::UnknownType { found: crate::text::elide(other) }),
    })
}

/// What is left of a text of SSH (RFC 4251 §5).
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn number(&mut self) -> Result<u32, ReadError> {
        let (number, rest) = self.0.split_first_chunk().ok_or(CUT_OFF)?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*number))
    }

    fn string(&mut self) -> Result<&'a [u8], ReadError> {
        let length = usize::try_from(self.number()?).map_err(|_| CUT_OFF)?;
        let (string, rest) = self.0.split_at_checked(length).ok_or(CUT_OFF)?;
        self.0 = rest;
        Ok(string)
    }

    fn text(&mut self) -> Result<&'a str, ReadError> {
        std::str::from_utf8(self.string()?).map_err(|_| CUT_OFF)
    }

    /// Numbers without the zero that keeps them positive.
    fn numbers<const N: usize>(&mut self) -> Result<[&'a [u8]; N], ReadError> {
        let mut all = [&[][..]; N];
        for one in &mut all {
            let number = self.string()?;
            *one = &number[number.iter().take_while(|byte| **byte == 0).count()..];
        }
        Ok(all)
    }
}
