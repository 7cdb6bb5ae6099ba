//! Key export: public halves freely, private ones by a job of their own that opens one key for one file.

use jose::{
    Code, Finding,
    jwk::Naming,
    key::{
        Bytes, DeclaredAlg, Jwk, Key,
        read::Found,
        write::{self, Encryption, Format, Half},
    },
};
use keyset::Act;
use zeroize::Zeroizing;

use crate::{
    ground::{CredentialError, Error, KeyError, ports::Ports, words},
    jobs::keys,
    store::{
        life::key_id,
        records::{Credential, CredentialKind, Stored},
        session::Session,
        transaction::Writes,
    },
};

/// A form of a public half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PublicFormat {
    /// One JWK (RFC 7517 §4).
    Jwk,
    /// A JWK Set of one key (RFC 7517 §5).
    Jwks,
    /// SPKI in PEM (RFC 5280).
    Spki,
    /// SPKI in DER.
    Der,
}

impl PublicFormat {
    /// All of them, the one most asked for first.
    pub const ALL: [Self; 4] = [Self::Spki, Self::Jwk, Self::Jwks, Self::Der];

    /// What people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Jwk => "JWK",
            Self::Jwks => "JWK Set",
            Self::Spki => "PEM",
            Self::Der => "DER",
        }
    }

    /// The usual ending of a file of it.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jwk => "jwk.json",
            Self::Jwks => "jwks.json",
            Self::Spki => "pub.pem",
            Self::Der => "pub.der",
        }
    }

    const fn format(self) -> Format {
        match self {
            Self::Jwk => Format::Jwk,
            Self::Jwks => Format::Jwks,
            Self::Spki => Format::Spki,
            Self::Der => Format::Der,
        }
    }
}

/// A form of a private key or a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrivateFormat {
    /// PKCS#8 in PEM, encrypted where a passphrase is given (RFC 5958, 8018).
    Pkcs8,
    /// One JWK.
    Jwk,
    /// SEC1 in PEM, EC alone (RFC 5915).
    Sec1,
    /// PKCS#1 in PEM, RSA alone (RFC 8017).
    Pkcs1,
    /// PKCS#8 in DER.
    Der,
    /// A secret as the text that it is.
    Text,
    /// A secret in hexadecimal.
    Hex,
    /// A secret in base64.
    Base64,
}

impl PrivateFormat {
    /// What people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pkcs8 => "PEM (PKCS#8)",
            Self::Jwk => "JWK",
            Self::Sec1 => "PEM (SEC1)",
            Self::Pkcs1 => "PEM (PKCS#1)",
            Self::Der => "DER",
            Self::Text => "Text",
            Self::Hex => "Hexadecimal",
            Self::Base64 => "Base64",
        }
    }

    /// The usual ending of a file of it.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pkcs8 | Self::Sec1 | Self::Pkcs1 => "pem",
            Self::Jwk => "jwk.json",
            Self::Der => "der",
            Self::Text | Self::Hex | Self::Base64 => "txt",
        }
    }

    /// Whether it can be encrypted with a passphrase.
    pub const fn encrypts(self) -> bool {
        matches!(self, Self::Pkcs8)
    }

    /// The form of this name.
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Pkcs8, Self::Jwk, Self::Sec1, Self::Pkcs1, Self::Der, Self::Text, Self::Hex, Self::Base64];
        all.into_iter().find(|form| form.name() == name)
    }

    /// The word for scripts and records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pkcs8 => "pkcs8",
            Self::Jwk => "jwk",
            Self::Sec1 => "sec1",
            Self::Pkcs1 => "pkcs1",
            Self::Der => "der",
            Self::Text => "text",
            Self::Hex => "hex",
            Self::Base64 => "base64",
        }
    }

    /// The forms that a key has.
    pub fn of(credential: &Credential) -> &'static [Self] {
        match (credential.kind, credential.kty.as_str()) {
            (CredentialKind::ApiKey | CredentialKind::Login | CredentialKind::Client, _) => &[Self::Text],
            (CredentialKind::SharedSecret, _) => &[Self::Text, Self::Hex, Self::Base64, Self::Jwk],
            (_, "EC") => &[Self::Pkcs8, Self::Sec1, Self::Jwk, Self::Der],
            (_, "RSA") => &[Self::Pkcs8, Self::Pkcs1, Self::Jwk, Self::Der],
            _ => &[Self::Pkcs8, Self::Jwk, Self::Der],
        }
    }
}

/// How a key is written.
#[derive(Clone, Copy)]
pub struct Writing<'a> {
    /// Which half.
    pub half: Half,
    /// In which form.
    pub format: Format,
    /// Whether a JWK has its kid.
    pub naming: Naming,
    /// What encrypts it, where the form can be.
    pub passphrase: Option<&'a [u8]>,
}

/// Writes one half of a sealed key in a form. The private half is opened for this alone, and that it leaves for `to`, a
/// file's path or what else it is, becomes an event before anybody has it.
pub fn export(
    session: &mut Session,
    name: &str,
    writing: &Writing<'_>,
    to: &str,
    ports: &Ports,
) -> Result<Bytes, Error> {
    let written = session.reading(|session| {
        let stored = session.named::<Credential>(name)?;
        let jwk = match (writing.half, public_jwk(&stored.value)?) {
            (Half::Public, Some(public)) => public,
            _ => private_jwk(session, &stored)?,
        };
        convert(&jwk, writing, ports)
    })?;
    if writing.half == Half::Private {
        leaves(session, name, writing.format.name(), to, ports)?;
    }
    Ok(written)
}

/// Seals that the private half of a key leaves the vault.
fn leaves(session: &mut Session, name: &str, form: &str, to: &str, ports: &Ports) -> Result<(), Error> {
    session.transact(ports, |session| {
        let key = key_id(session.find::<Credential>(name)?.id);
        let mut life = session.living(ports.clock.now())?;
        life.act(Act::Export { key, form: form.to_owned(), to: to.to_owned() })?;
        let mut writes = Writes::default();
        life.seal(session, &mut writes, ports)?;
        Ok((writes, ()))
    })
}

/// Writes the public half of a key; none for a secret. A deleted key can still be looked at, by the name it is shown
/// under.
pub fn export_public(session: &Session, name: &str, format: PublicFormat) -> Result<Vec<u8>, Error> {
    let stored = keys::shown(session, name)?;
    let jwk = public_jwk(&stored.value)?.ok_or(write::WriteError::SecretHasNoPublicHalf)?;
    Ok(write::write(&jwk, Half::Public, format.format(), None)?.to_vec())
}

/// Writes a private key or a secret; with a passphrase it is encrypted where the form can be. Only a key that is not
/// deleted. That it leaves for `to` becomes an event before anybody has it.
pub fn export_private(
    session: &mut Session,
    name: &str,
    format: PrivateFormat,
    passphrase: Option<&[u8]>,
    to: &str,
    ports: &Ports,
) -> Result<Bytes, Error> {
    let written = session.reading(|session| written(session, name, format, passphrase, ports))?;
    let form = match format {
        PrivateFormat::Pkcs8 if passphrase.is_some() => Format::Pkcs8Encrypted.name(),
        format => format.name(),
    };
    leaves(session, name, form, to, ports)?;
    Ok(written)
}

fn written(
    session: &Session,
    name: &str,
    format: PrivateFormat,
    passphrase: Option<&[u8]>,
    ports: &Ports,
) -> Result<Bytes, Error> {
    let stored = session.named::<Credential>(name)?;
    if !PrivateFormat::of(&stored.value).contains(&format) {
        return Err(Error::Key(KeyError::NoSuchForm { key: stored.value.describe.clone(), format: format.name() }));
    }
    if let CredentialKind::ApiKey | CredentialKind::Login | CredentialKind::Client = stored.value.kind {
        return session.open(stored.id);
    }
    let jwk = private_jwk(session, &stored)?;
    if let Key::Secret(secret) = &jwk.key {
        match format {
            PrivateFormat::Text if std::str::from_utf8(secret.bytes()).is_ok() => {
                return Ok(Zeroizing::new(secret.bytes().to_vec()));
            }
            PrivateFormat::Text => {
                return Err(Error::Credential(CredentialError::SecretNotText { name: name.to_owned() }));
            }
            PrivateFormat::Hex => return Ok(encoded(secret.bytes(), &data_encoding::HEXLOWER)),
            PrivateFormat::Base64 => return Ok(encoded(secret.bytes(), &data_encoding::BASE64)),
            _ => {}
        }
    }
    let format = match format {
        PrivateFormat::Pkcs8 if passphrase.is_some() => Format::Pkcs8Encrypted,
        PrivateFormat::Pkcs8 => Format::Pkcs8,
        PrivateFormat::Sec1 => Format::Sec1,
        PrivateFormat::Pkcs1 => Format::Pkcs1,
        PrivateFormat::Der => Format::Der,
        _ => Format::Jwk,
    };
    let passphrase = passphrase.filter(|_| format == Format::Pkcs8Encrypted);
    convert(&jwk, &Writing { half: Half::Private, format, naming: Naming::Kid, passphrase }, ports)
}

/// Writes one half of any key in a form.
pub fn convert(jwk: &Jwk, writing: &Writing<'_>, ports: &Ports) -> Result<Bytes, Error> {
    let Writing { half, format, naming, passphrase } = *writing;
    let mut encryption = passphrase.map(|passphrase| Encryption { passphrase, salt: [0; 16], iv: [0; 16] });
    if let Some(encryption) = &mut encryption {
        ports.random.fill(&mut encryption.salt);
        ports.random.fill(&mut encryption.iv);
    }
    Ok(write::write_named(jwk, half, format, naming, encryption.as_ref())?)
}

/// Writes one half of every key of an input as a JWK Set, and says which are not in it.
pub fn convert_set(found: Found, half: Half, naming: Naming) -> Result<(Bytes, Vec<Finding>), Error> {
    let set = write::write_set(&found.keys, half, naming)?;
    let mut findings = found.findings;
    // What it says of the input is mended by writing one half alone.
    findings.retain(|finding| finding.code != Code::SetMixed);
    findings.extend(set.left_out.iter().map(|(index, error)| {
        let jwk = &found.keys[*index];
        let kid = jwk.effective_kid().map(|kid| format!(" with the kid {:?}", words::short(&kid)));
        let (what, kid) = (jwk.key.describe(), kid.unwrap_or_default());
        Finding::new(Code::KeyPassedOver, format!("the {what}{kid} is passed over: {error}"))
    }));
    Ok((set.text, findings))
}

/// The public half of a sealed key, with what its owner says of it.
pub(crate) fn public_jwk(credential: &Credential) -> Result<Option<Jwk>, Error> {
    Ok(credential.public()?.map(|jwk| declared(jwk, credential)))
}

fn private_jwk(session: &Session, stored: &Stored<Credential>) -> Result<Jwk, Error> {
    Ok(declared(session.open_key(stored)?, &stored.value))
}

fn declared(jwk: Jwk, credential: &Credential) -> Jwk {
    Jwk { alg: credential.alg.map(DeclaredAlg::Known), key_use: Some("sig".to_owned()), ..jwk }
}

/// The bytes in an encoding, with a line break, in a buffer that never moves.
fn encoded(bytes: &[u8], encoding: &data_encoding::Encoding) -> Bytes {
    let mut text = Zeroizing::new(vec![0; encoding.encode_len(bytes.len()) + 1]);
    let end = text.len() - 1;
    encoding.encode_mut(bytes, &mut text[..end]);
    text[end] = b'\n';
    text
}
