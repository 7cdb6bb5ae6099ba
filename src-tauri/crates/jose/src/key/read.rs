//! Keys from files and pasted text: the format is detected, and a failure says what the text looks like and what is wrong.

use zeroize::Zeroizing;

use super::{
    PrivateKey, decode,
    form::{Form, detect, form_name, outer_length},
    from_parts, pem,
};
use crate::{jwk, text::without_white_space};

pub use super::{Found, error::ReadError, form::Form as DerForm};

/// The largest text that is read as a key or key set, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// Reads every key in `input`: PEM in its many disguises, DER, JWK or JWK Set. `passphrase` opens encrypted PKCS#8.
pub fn read(input: &[u8], passphrase: Option<&[u8]>) -> Result<Found, ReadError> {
    if input.len() > MAX_BYTES {
        return Err(ReadError::TooLarge { found: input.len(), most: MAX_BYTES });
    }
    if input.trim_ascii().is_empty() {
        return Err(ReadError::Empty);
    }
    let mut found = match std::str::from_utf8(input) {
        Ok(text) => match read_text(text, passphrase)? {
            Some(found) => found,
            None => read_der_alone(input, passphrase)?,
        },
        Err(_) => read_der_alone(input, passphrase)?,
    };
    found.findings.extend(super::check::check_set(&found.keys));
    Ok(found)
}

/// Reads one private key in PKCS#8 DER, as it comes from a key generator or a sealed record.
pub fn read_pkcs8(der: &[u8]) -> Result<PrivateKey, ReadError> {
    match decode::read_pkcs8(der)? {
        super::Key::Private(key) => Ok(key),
        _ => Err(ReadError::NotRead { what: "a public key", hint: "a private key in PKCS#8 is wanted" }),
    }
}

/// Reads the base64 of a bare Ed25519 key: the 32 bytes of its seed (RFC 8032 §5.1.5), or these with the 32 of the public key
/// behind them. Nothing in such a text says what it is, so this is for those who know.
pub fn read_bare_ed25519(text: &str) -> Result<Found, ReadError> {
    let joined = Zeroizing::new(without_white_space(text));
    let unpadded = joined.trim_end_matches('=').as_bytes();
    let bytes = data_encoding::BASE64_NOPAD.decode(unpadded).map(Zeroizing::new).unwrap_or_default();
    let (seed, public) = match bytes.len() {
        64 => (&bytes[..32], Some(&bytes[32..])),
        _ => (&bytes[..], None),
    };
    let key = from_parts::ed25519_from_seed(seed, public)?;
    Ok(Found { form: "a bare Ed25519 key in base64".to_owned(), keys: vec![key.into()], findings: Vec::new() })
}

fn read_text(text: &str, passphrase: Option<&[u8]>) -> Result<Option<Found>, ReadError> {
    if let Some(pem_text) = pem::unwrap(text) {
        return read_pem(&pem_text, passphrase).map(Some);
    }
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if trimmed.starts_with('{') {
        return Ok(Some(jwk::read(trimmed)?));
    }
    if trimmed.starts_with("ssh-") || trimmed.starts_with("ecdsa-sha2-") {
        return Err(ReadError::NotRead {
            what: "an OpenSSH public key",
            hint: "convert it: ssh-keygen -e -m PKCS8 -f FILE",
        });
    }
    // One line of base64 that turns out to be DER: a key from an environment variable or a JSON field.
    let joined = without_white_space(trimmed);
    let unpadded = joined.trim_end_matches('=').as_bytes();
    let bytes =
        data_encoding::BASE64_NOPAD.decode(unpadded).or_else(|_| data_encoding::BASE64URL_NOPAD.decode(unpadded));
    if let Ok(bytes) = bytes.map(Zeroizing::new)
        && let Some(form) = detect(&bytes)
    {
        return read_der(form, &bytes, passphrase, "DER in base64").map(Some);
    }
    Ok(None)
}

fn read_pem(text: &str, passphrase: Option<&[u8]>) -> Result<Found, ReadError> {
    let mut found: Option<Found> = None;
    let mut foreign = None;
    for block in pem::blocks(text)? {
        let form = match block.label.as_str() {
            "PRIVATE KEY" => Form::Pkcs8,
            "ENCRYPTED PRIVATE KEY" => Form::EncryptedPkcs8,
            "RSA PRIVATE KEY" => Form::Pkcs1,
            "EC PRIVATE KEY" => Form::Sec1,
            "PUBLIC KEY" => Form::Spki,
            "RSA PUBLIC KEY" => Form::Pkcs1Public,
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Form::Certificate,
            "OPENSSH PRIVATE KEY" => {
                return Err(ReadError::NotRead {
                    what: "an OpenSSH private key",
                    hint: "convert a copy of it: ssh-keygen -p -m PKCS8 -f COPY",
                });
            }
            "RSA-PSS PRIVATE KEY" | "RSA-PSS PUBLIC KEY" => return Err(ReadError::PSS_ALONE),
            // openssl ecparam writes the curve as a block of its own before the key.
            "EC PARAMETERS" => continue,
            other => {
                foreign.get_or_insert_with(|| other.to_owned());
                continue;
            }
        };
        let one = read_der(form, &block.der, passphrase, "PEM")?;
        match &mut found {
            None => found = Some(one),
            Some(all) => {
                all.form = "several keys in PEM".to_owned();
                all.keys.extend(one.keys);
            }
        }
    }
    match (found, foreign) {
        (Some(found), _) => Ok(found),
        (None, Some(label)) => Err(ReadError::PemLabel { label }),
        (None, None) => Err(ReadError::PemLabel { label: "EC PARAMETERS".to_owned() }),
    }
}

fn read_der_alone(input: &[u8], passphrase: Option<&[u8]>) -> Result<Found, ReadError> {
    match detect(input) {
        Some(form) => read_der(form, input, passphrase, "DER"),
        None => Err(ReadError::Unknown { looks: looks_like(input) }),
    }
}

fn read_der(form: Form, bytes: &[u8], passphrase: Option<&[u8]>, wrapping: &str) -> Result<Found, ReadError> {
    // A block can hold another form than its label says; what the bytes look like is then the better word.
    let form = match detect(bytes) {
        Some(seen) if form != seen => seen,
        _ => form,
    };
    let key = match form {
        Form::Pkcs8 => decode::read_pkcs8(bytes)?,
        Form::EncryptedPkcs8 => decode::read_pkcs8(&decode::decrypt(bytes, passphrase)?)?,
        Form::Pkcs1 => decode::read_pkcs1(bytes)?,
        Form::Pkcs1Public => decode::read_pkcs1_public(bytes)?,
        Form::Sec1 => decode::read_sec1(bytes)?,
        Form::Spki => decode::read_spki(bytes)?,
        Form::Certificate => {
            return Err(ReadError::NotRead {
                what: "an X.509 certificate",
                hint: "take its public key out: openssl x509 -in FILE -pubkey -noout",
            });
        }
        Form::Pkcs12 => {
            return Err(ReadError::NotRead {
                what: "a PKCS#12 container",
                hint: "take its key out: openssl pkcs12 -in FILE -nocerts -out KEY",
            });
        }
    };
    Ok(Found { form: format!("{} in {wrapping}", form_name(form)), keys: vec![key.into()], findings: Vec::new() })
}

fn looks_like(input: &[u8]) -> String {
    if input.starts_with(b"PuTTY-User-Key-File") {
        return "looks like a PuTTY key".to_owned();
    }
    if crate::locate::locate(&String::from_utf8_lossy(input)).is_some_and(|found| found.certain) {
        return "looks like a token".to_owned();
    }
    match outer_length(input) {
        Some((wanted, found)) if found < wanted => return format!("is DER that is cut off, {found} bytes of {wanted}"),
        Some((wanted, found)) if found > wanted => {
            return format!("is DER of {wanted} bytes with {} more behind it", found - wanted);
        }
        _ => {}
    }
    match std::str::from_utf8(input) {
        Ok(text) => format!("is text of {} characters", text.trim().chars().count()),
        Err(_) => format!("is {} bytes of binary data", input.len()),
    }
}
