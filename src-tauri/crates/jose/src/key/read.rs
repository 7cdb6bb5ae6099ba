//! Keys from files and pasted text: the format is detected, and a failure says what the text looks like and what is wrong.

use zeroize::Zeroizing;

use super::{
    Curve, Jwk, PrivateKey,
    der::{self, Form},
    from_parts,
    pem::{self, PemError},
};
use crate::{
    Code, Finding,
    jwk::{self, JwkError},
    text::without_white_space,
};

pub use super::der::Form as DerForm;

/// The largest text that is read as a key or key set, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

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
        self.findings.iter().find(|finding| finding.is_error())
    }
}

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
    /// PEM that is damaged.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// A PEM block that is no key.
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
    /// A curve given by its numbers instead of its name.
    #[error("the EC key does not name its curve")]
    UnnamedCurve,
    /// A public point in the short form.
    #[error("the public point is compressed; wanted the uncompressed form")]
    CompressedPoint,
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
    /// An encrypted key and no passphrase.
    #[error("the key is encrypted, and no passphrase was given")]
    PassphraseNeeded,
    /// An encrypted key and the wrong passphrase.
    #[error("the passphrase does not open this encrypted key")]
    WrongPassphrase,
    /// An encryption that is not read.
    #[error("the key is encrypted in a way that is not read; wanted PBES2 with PBKDF2 or scrypt and AES-CBC")]
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

    pub(super) fn der(form: Form, error: &::der::Error) -> Self {
        Self::Damaged { form, what: format!(": {error}") }
    }

    /// The row of the table of findings that says the same of a key.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Jwk(error) => error.code(),
            Self::OffCurve { .. } | Self::SmallOrder => Some(Code::PointOffCurve),
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
            Self::UnnamedCurve => "convert it: openssl ec -in OLD -param_enc named_curve -out NEW",
            Self::CompressedPoint => "convert it: openssl ec -pubin -in OLD -conv_form uncompressed -pubout -out NEW",
            Self::OffCurve { .. } => {
                "the key was changed on its way, or its curve is misnamed; copy it again from its source"
            }
            Self::SmallOrder => "anybody can forge signatures under it; ask its owner for the right key",
            Self::HalvesDiffer => "two keys were mixed; copy the key again from its source",
            Self::PassphraseNeeded => "give the passphrase in a file: --key-passphrase-file FILE",
            Self::WrongPassphrase => "check the passphrase; a line break at the end of its file is not counted",
            Self::Cipher => "convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW",
            _ => return None,
        })
    }
}

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
    match der::read_pkcs8(der)? {
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
        && let Some(form) = der::form(&bytes)
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
    match der::form(input) {
        Some(form) => read_der(form, input, passphrase, "DER"),
        None => Err(ReadError::Unknown { looks: looks_like(input) }),
    }
}

fn read_der(form: Form, bytes: &[u8], passphrase: Option<&[u8]>, wrapping: &str) -> Result<Found, ReadError> {
    // A block can hold another form than its label says; what the bytes look like is then the better word.
    let form = match der::form(bytes) {
        Some(seen) if form != seen => seen,
        _ => form,
    };
    let key = match form {
        Form::Pkcs8 => der::read_pkcs8(bytes)?,
        Form::EncryptedPkcs8 => der::read_pkcs8(&der::decrypt(bytes, passphrase)?)?,
        Form::Pkcs1 => der::read_pkcs1(bytes)?,
        Form::Pkcs1Public => der::read_pkcs1_public(bytes)?,
        Form::Sec1 => der::read_sec1(bytes)?,
        Form::Spki => der::read_spki(bytes)?,
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

/// The name of a form.
pub(super) fn form_name(form: Form) -> &'static str {
    match form {
        Form::Pkcs8 => "PKCS#8",
        Form::EncryptedPkcs8 => "encrypted PKCS#8",
        Form::Pkcs1 => "a PKCS#1 RSA private key",
        Form::Pkcs1Public => "a PKCS#1 RSA public key",
        Form::Sec1 => "a SEC1 EC private key",
        Form::Spki => "a public key (SPKI)",
        Form::Certificate => "an X.509 certificate",
        Form::Pkcs12 => "PKCS#12",
    }
}

fn looks_like(input: &[u8]) -> String {
    if input.starts_with(b"PuTTY-User-Key-File") {
        return "looks like a PuTTY key".to_owned();
    }
    if crate::locate::locate(&String::from_utf8_lossy(input)).is_some_and(|found| found.certain) {
        return "looks like a token".to_owned();
    }
    match der::outer_length(input) {
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
