//! What can happen to the credential of a place on this computer, where the emulator is the provider.

use provider::Tier;
use zeroize::Zeroizing;

use crate::{
    Error, credentials,
    records::{At, CredentialKind},
    session::Session,
    tokens,
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
pub fn revocable(session: &Session, at: &At) -> Result<(&'static str, Revocable), Error> {
    let signer = tokens::signer(session, &at.profile, &at.environment, None)?;
    let credential = &signer.credential.value;
    if signer.environment.tier_or_live() != Tier::Local {
        let wanted = "an environment on this computer".to_owned();
        return Err(Error::WrongEnvironment {
            key: credential.name.clone(),
            sealed: signer.environment.label.clone(),
            wanted,
        });
    }
    let field = |name: &str| credential.fields.get(name).cloned().unwrap_or_default();
    let revocable = match credential.kind {
        CredentialKind::PrivateKey => Revocable::Kid(credential.thumbprint.clone().unwrap_or_default()),
        CredentialKind::SharedSecret => {
            Revocable::Client(credential.fields.values().next().cloned().unwrap_or_default())
        }
        CredentialKind::ApiKey => Revocable::ApiKey(session.open_text(&signer.credential)?),
        CredentialKind::Login => Revocable::Login(field(credentials::USERNAME)),
        CredentialKind::Client => Revocable::Client(field(credentials::CLIENT_ID)),
    };
    Ok((&signer.definition.id, revocable))
}
