//! The local emulator: what it is told of a credential, and what it can revoke.

use jose::key::Key;
use provider::Tier;
use zeroize::Zeroizing;

use crate::{
    ground::{
        Error, PolicyError,
        ports::{Ports, Registration},
    },
    policy::{fields, signer::Signer},
    store::{
        records::{Credential, CredentialKind, Stored, Target},
        session::Session,
    },
};

/// What the emulator is told to revoke. It may hold a secret, so it cannot be shown.
pub enum Revocable {
    /// A public key, by its kid.
    Kid(String),
    /// An opaque key.
    ApiKey(Zeroizing<String>),
    /// An account, by its user name.
    Login(String),
    /// A client, by its id.
    Client(String),
}

/// The provider of a place on this computer, and what calls are made with there.
pub fn revocable(session: &Session, at: &Target) -> Result<(&'static str, Revocable), Error> {
    let signer = Signer::resolve(session, &at.profile, &at.environment, None)?;
    let credential = &signer.credential.value;
    if signer.environment.tier_or_live() != Tier::Local {
        let wanted = "an environment on this computer".to_owned();
        return Err(Error::Policy(PolicyError::WrongEnvironment {
            key: credential.name.clone(),
            is: credential.kind.thing(),
            sealed: signer.environment.label.clone(),
            wanted,
        }));
    }
    let field = |name: &str| credential.fields.get(name).cloned().unwrap_or_default();
    let revocable = match credential.kind {
        CredentialKind::PrivateKey => Revocable::Kid(credential.thumbprint.clone().unwrap_or_default()),
        CredentialKind::SharedSecret => {
            Revocable::Client(credential.fields.values().next().cloned().unwrap_or_default())
        }
        CredentialKind::ApiKey => Revocable::ApiKey(session.open_text(&signer.credential)?),
        CredentialKind::Login => Revocable::Login(field(fields::USERNAME)),
        CredentialKind::Client => Revocable::Client(field(fields::CLIENT_ID)),
    };
    Ok((&signer.definition.id, revocable))
}

/// In an environment that the emulator plays, its address; it is started, on this port where that matters, and told the
/// credential, if none is named.
pub(crate) fn local_address(
    session: &Session,
    signer: &Signer<'_>,
    named: Option<&str>,
    port: u16,
    ports: &Ports,
) -> Result<Option<String>, Error> {
    if !signer.environment.is_emulated() {
        return Ok(None);
    }
    if let Some(address) = named {
        return Ok(Some(address.to_owned()));
    }
    let credential = &signer.credential.value;
    let field = |name: &str| credential.fields.get(name).map(String::as_str).unwrap_or_default();
    let opened;
    let key;
    // What is shared with a server is shared with this one too, which lives in our own process.
    let registration = match credential.kind {
        CredentialKind::PrivateKey => Registration::Jwk(credential.public_jwk.as_deref().unwrap_or_default()),
        CredentialKind::SharedSecret => {
            key = session.open_key(&signer.credential)?;
            let Key::Secret(secret) = &key.key else { return Err(credential.signs_nothing()) };
            Registration::Secret {
                client: credential.fields.values().next().map(String::as_str),
                bytes: secret.bytes(),
            }
        }
        CredentialKind::ApiKey => {
            opened = session.open_text(&signer.credential)?;
            Registration::ApiKey(&opened)
        }
        CredentialKind::Login => {
            opened = session.open_text(account(session, &signer.credential)?)?;
            Registration::Login { username: field(fields::USERNAME), password: &opened }
        }
        CredentialKind::Client => {
            opened = session.open_text(&signer.credential)?;
            Registration::Secret { client: Some(field(fields::CLIENT_ID)), bytes: opened.as_bytes() }
        }
    };
    Ok(Some(ports.local.address(&signer.definition.id, registration, port)?))
}

/// The login whose password the emulator takes for a user name: of those that are sealed for one place, the first. Another
/// password for the same name is a wrong one there, as it would be at the provider.
fn account<'s>(session: &'s Session, login: &'s Stored<Credential>) -> Result<&'s Stored<Credential>, Error> {
    let place = |login: &Credential| login.binding.as_ref().map(|at| (at.provider.clone(), at.environment.clone()));
    let is_same = |other: &&Stored<Credential>| {
        other.value.kind == CredentialKind::Login
            && place(&other.value) == place(&login.value)
            && other.value.fields.get(fields::USERNAME) == login.value.fields.get(fields::USERNAME)
    };
    let first =
        session.each::<Credential>()?.filter(is_same).min_by_key(|other| (other.value.created, &other.value.name));
    Ok(first.unwrap_or(login))
}
