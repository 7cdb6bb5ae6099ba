//! Keys: made, imported, listed, exported, converted. Private halves are sealed at once and opened for one operation.

use jose::{
    Alg, Finding,
    key::{
        Bytes, DeclaredAlg, Jwk, Key, PublicKey, Secret, SecretEncoding, check, read,
        write::{self, Encryption, Format, Half},
    },
};
use provider::KeyFacts;

use crate::{
    Error,
    ports::Ports,
    profiles,
    records::{Credential, CredentialKind, Layout, Profile, VERSION},
    session::{Session, Stored},
};

/// Where a new key shall belong.
#[derive(Debug, Clone, Copy)]
pub struct For<'a> {
    /// The profile's name.
    pub profile: &'a str,
    /// The environment's id.
    pub environment: &'a str,
}

/// A key that came into the vault, and what was noticed.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The key's metadata.
    pub credential: Credential,
    /// What was noticed about it; nothing of severity error.
    pub findings: Vec<Finding>,
}

/// Makes a key, seals it, and sets it for an environment of a profile if that is asked for.
pub fn generate(
    session: &mut Session,
    alg: Alg,
    rsa_bits: u32,
    name: &str,
    belongs: Option<For<'_>>,
    ports: &Ports,
) -> Result<Kept, Error> {
    let name = session.free_name::<Credential>(name)?;
    let key = if alg.is_hmac() {
        // As long as the hash: RFC 7518 §3.2 asks for no less, and more gives nothing.
        let mut bytes = vec![0; usize::from(alg.row().key_bits) / 8];
        ports.random.fill(&mut bytes);
        Key::Secret(Secret::new(bytes))
    } else {
        Key::Private(read::read_pkcs8(&ports.keys.generate(alg, rsa_bits)?)?)
    };
    keep(session, Jwk::from(key), alg, name, "made here".to_owned(), belongs, ports)
}

/// Seals a key that comes from a file or from pasted text. `kid` is the name under which the provider shows it, if it
/// was given; a difference from the thumbprint is a finding.
pub fn import(
    session: &mut Session,
    found: KeyText<'_>,
    alg: Option<Alg>,
    name: &str,
    kid: Option<String>,
    belongs: Option<For<'_>>,
    ports: &Ports,
) -> Result<Kept, Error> {
    let name = session.free_name::<Credential>(name)?;
    let (mut jwk, form) = found.read_one()?;
    if let Key::Public(_) = jwk.key {
        return Err(write::WriteError::PublicOnly { key: jwk.key.describe() }.into());
    }
    let mut noticed = Vec::new();
    if let Some(kid) = kid {
        noticed.extend(compare_kid(&jwk, &kid));
        jwk.kid = Some(kid);
    }
    let alg = match alg.or_else(|| belongs.and_then(|belongs| usual_alg(session, belongs, &jwk))).or(jwk.default_alg())
    {
        Some(alg) => alg,
        None => return Err(Error::Rules(vec![declared_elsewhere(&jwk)])),
    };
    check::fit(alg, &jwk, check::Purpose::Sign).map_err(|finding| Error::Rules(vec![finding]))?;
    noticed.extend(profiles::refuse(check::check(&jwk.key))?);
    let mut kept = keep(session, jwk, alg, name, format!("imported from {form}"), belongs, ports)?;
    // The provider's rules speak of the same kid in words of their own.
    noticed.retain(|finding| kept.findings.iter().all(|by_provider| by_provider.code != finding.code));
    noticed.append(&mut kept.findings);
    Ok(Kept { findings: noticed, ..kept })
}

/// All keys by name.
pub fn list(session: &Session) -> Result<Vec<Stored<Credential>>, Error> {
    session.all()
}

/// One key.
pub fn show(session: &Session, name: &str) -> Result<Credential, Error> {
    Ok(session.named(name)?.value)
}

/// Writes one half of a sealed key in a form. The private half is opened for this alone.
pub fn export(
    session: &Session,
    name: &str,
    half: Half,
    format: Format,
    passphrase: Option<&[u8]>,
    ports: &Ports,
) -> Result<Bytes, Error> {
    let stored = session.named::<Credential>(name)?;
    let mut jwk = match (half, &stored.value.public_jwk) {
        (Half::Public, Some(public)) => one(read::read(public.as_bytes(), None)?)?.0,
        _ => session.open_key(&stored)?,
    };
    jwk.alg = Some(DeclaredAlg::Known(stored.value.alg));
    jwk.key_use = Some("sig".to_owned());
    convert(&jwk, half, format, passphrase, ports)
}

/// Writes one half of any key in a form.
pub fn convert(
    jwk: &Jwk,
    half: Half,
    format: Format,
    passphrase: Option<&[u8]>,
    ports: &Ports,
) -> Result<Bytes, Error> {
    let mut encryption = passphrase.map(|passphrase| Encryption { passphrase, salt: [0; 16], iv: [0; 16] });
    if let Some(encryption) = &mut encryption {
        ports.random.fill(&mut encryption.salt);
        ports.random.fill(&mut encryption.iv);
    }
    Ok(write::write(jwk, half, format, encryption.as_ref())?)
}

/// Text or bytes that hold a key, with what is needed to read them.
#[derive(Clone, Copy)]
pub struct KeyText<'a> {
    /// The file's content.
    pub bytes: &'a [u8],
    /// What opens it, if it is encrypted.
    pub passphrase: Option<&'a [u8]>,
    /// If it is a shared secret, how its text stands for its bytes.
    pub secret_encoding: Option<SecretEncoding>,
}

impl KeyText<'_> {
    /// The one key in it and the form it came in.
    pub fn read_one(self) -> Result<(Jwk, String), Error> {
        one(self.read()?)
    }

    /// Every key in it. With a secret encoding it is taken for a secret without looking any further.
    pub fn read(self) -> Result<read::Found, Error> {
        match self.secret_encoding {
            None => Ok(read::read(self.bytes, self.passphrase)?),
            Some(encoding) => {
                let key = Key::Secret(encoding.decode(self.bytes)?);
                let form = format!("a secret in {}", encoding.name());
                Ok(read::Found { form, keys: vec![key.into()], findings: Vec::new() })
            }
        }
    }
}

fn one(mut found: read::Found) -> Result<(Jwk, String), Error> {
    match (found.keys.pop(), found.keys.len()) {
        (Some(jwk), 0) => Ok((jwk, found.form)),
        (_, more) => Err(Error::SeveralKeys { found: more + 1 }),
    }
}

/// What a provider's rules want to know of a sealed key.
pub fn facts(credential: &Credential) -> KeyFacts {
    KeyFacts {
        kty: credential.kty.clone(),
        crv: credential.crv.clone(),
        bits: credential.bits,
        alg: Some(credential.alg),
        kid: credential.kid.clone(),
        thumbprint: credential.thumbprint.clone(),
    }
}

fn keep(
    session: &mut Session,
    jwk: Jwk,
    alg: Alg,
    name: String,
    origin: String,
    belongs: Option<For<'_>>,
    ports: &Ports,
) -> Result<Kept, Error> {
    let (kind, secret, public_jwk) = match &jwk.key {
        Key::Private(private) => {
            let public = Jwk {
                key: Key::Public(private.public()),
                kid: jwk.effective_kid(),
                alg: Some(DeclaredAlg::Known(alg)),
                key_use: Some("sig".to_owned()),
                key_ops: Vec::new(),
            };
            let text = jose::jwk::write(&public, Half::Public).to_string();
            (CredentialKind::PrivateKey, write::pkcs8_der(private), Some(text))
        }
        Key::Secret(secret) => (CredentialKind::SharedSecret, secret.bytes().to_vec().into(), None),
        Key::Public(public) => return Err(write::WriteError::PublicOnly { key: public.describe() }.into()),
    };
    let KeyFacts { kty, crv, bits, kid, thumbprint, .. } = jwk_facts(&jwk);
    let mut credential = Credential {
        v: VERSION,
        name,
        kind,
        alg,
        describe: jwk.key.describe(),
        kty,
        crv,
        bits,
        thumbprint,
        kid,
        public_jwk,
        created: ports.clock.now(),
        origin,
        binding: None,
    };
    let mut findings = Vec::new();
    match belongs {
        None => {
            session.add(&credential, Some(&secret), ports)?;
        }
        Some(belongs) => {
            let mut profile = session.named::<Profile>(belongs.profile)?;
            let definition = profiles::definition(&profile.value.provider)?;
            let environment = profiles::environment(definition, belongs.environment)?;
            profiles::bind(&mut credential, definition, environment, &profile.value)?;
            findings = provider::check_key(definition, &facts(&credential));
            let place = profile.value.environments.entry(environment.id.clone()).or_default();
            place.credential = Some(credential.name.clone());
            add_with_profile(session, &credential, &secret, &profile, ports)?;
        }
    }
    Ok(Kept { credential, findings })
}

/// Adds a credential and sets it in its profile, in one transaction.
fn add_with_profile(
    session: &mut Session,
    credential: &Credential,
    secret: &[u8],
    profile: &Stored<Profile>,
    ports: &Ports,
) -> Result<(), Error> {
    let id = vault::RecordId::random(&crate::session::Source(ports.random.as_ref()));
    let (added, changed) = (credential.encode(), profile.value.encode());
    session.commit(
        &[
            vault::Change::Add { id, kind: Credential::KIND, metadata: &added, secret: Some(secret) },
            vault::Change::Replace {
                id: profile.id,
                expected: profile.revision,
                metadata: &changed,
                secret: vault::Secret::Keep,
            },
        ],
        ports,
    )
}

/// The algorithm that a provider usually takes from such a key: RS512 at Gr4vy, where RS256 is the general default.
fn usual_alg(session: &Session, belongs: For<'_>, jwk: &Jwk) -> Option<Alg> {
    let profile = session.named::<Profile>(belongs.profile).ok()?;
    let definition = profiles::definition(&profile.value.provider).ok()?;
    if let Some(DeclaredAlg::Known(alg)) = jwk.alg {
        return Some(alg);
    }
    definition.algs_for(&jwk_facts(jwk)).first().copied()
}

/// What a provider's rules want to know of a key that is not sealed yet.
pub fn jwk_facts(jwk: &Jwk) -> KeyFacts {
    let (kty, crv, bits) = match (&jwk.key, jwk.key.public()) {
        (Key::Secret(secret), _) => ("oct", None, secret.len() * 8),
        (_, Some(PublicKey::Ec(ec))) => ("EC", Some(ec.curve.name()), ec.curve.alg().row().key_bits.into()),
        (_, Some(PublicKey::Rsa(rsa))) => ("RSA", None, rsa.bits()),
        (_, Some(PublicKey::Ed25519(_)) | None) => ("OKP", Some("Ed25519"), 256),
    };
    KeyFacts {
        kty: kty.to_owned(),
        crv: crv.map(str::to_owned),
        bits: u32::try_from(bits).unwrap_or(u32::MAX),
        alg: None,
        kid: jwk.effective_kid(),
        thumbprint: jwk.key.public().map(|public| public.thumbprint()),
    }
}

/// Whether a kid that somebody read off a dashboard is this key's.
pub fn compare_kid(jwk: &Jwk, kid: &str) -> Option<Finding> {
    let public = jwk.key.public()?;
    let thumbprint = public.thumbprint();
    if kid == thumbprint {
        return None;
    }
    let finding = if public.thumbprints_unpadded().iter().any(|wrong| wrong == kid) {
        let found = format!("the kid {kid:?} was computed without padding; wanted {thumbprint:?}");
        Finding::new(jose::Code::KidUnpadded, found).hint("the library that made it drops leading zeros of x or y")
    } else {
        let found = format!("the kid {kid:?} is not the thumbprint of this key, {thumbprint:?}");
        Finding::new(jose::Code::KidNotThumbprint, found).hint("compare with the dashboard: it may be another key")
    };
    Some(finding)
}

fn declared_elsewhere(jwk: &Jwk) -> Finding {
    let name = jwk.alg.as_ref().map(DeclaredAlg::name).unwrap_or_default();
    Finding::new(jose::Code::AlgNotTheKeys, format!("the key is bound to {name:?}, which is not a signature algorithm"))
}
