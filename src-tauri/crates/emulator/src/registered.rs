//! Registered keys, secrets and accounts, of all providers.

use crate::{
    accounts::Accounts,
    api_keys::ApiKeys,
    incident::{Incident, IncidentError},
    keys::KeyRing,
    registration::{MOST, Registration, RegistrationError},
    secret::Secret,
};

/// Everything that was registered.
#[derive(Default)]
pub(crate) struct Registered {
    /// Public keys.
    pub(crate) keys: KeyRing,
    /// API keys.
    pub(crate) api_keys: ApiKeys,
    /// Accounts.
    pub(crate) accounts: Accounts,
    clients: Vec<Client>,
    webhooks: Vec<(String, Secret)>,
}

/// A client that signs its own tokens with a secret.
pub(crate) struct Client {
    provider: String,
    /// The name that its tokens carry.
    pub(crate) name: String,
    pub(crate) secret: Secret,
    pub(crate) revoked: bool,
}

impl Registered {
    /// Registers one thing, and returns the kids where it was a public key. What is registered already is replaced by
    /// its newer form; what was revoked stays so.
    pub(crate) fn register(&mut self, registration: &Registration<'_>) -> Result<Vec<String>, RegistrationError> {
        registration.check()?;
        let full = || RegistrationError::Full { kind: registration.kind(), most: MOST };
        match *registration {
            Registration::Nothing => {}
            Registration::Jwk(text) => return Ok(self.keys.register(text)?),
            Registration::Secret { provider, client, bytes } => {
                self.add_client(provider, client.unwrap_or_default(), bytes).ok_or_else(full)?;
            }
            Registration::ApiKey { provider, key } => {
                self.api_keys.add(provider, key, None, None).ok_or_else(full)?;
            }
            Registration::LimitedKey { provider, key, permissions, expires_at } => {
                let owned = |list: &[&str]| list.iter().map(|&permission| permission.to_owned()).collect();
                self.api_keys.add(provider, key, permissions.map(owned), expires_at).ok_or_else(full)?;
            }
            Registration::Login { provider, username, password } => {
                self.accounts.add(provider, username, password).ok_or_else(full)?;
            }
            Registration::WebhookSecret { provider, bytes } => {
                self.webhooks.retain(|(of, _)| of != provider);
                self.webhooks.push((provider.to_owned(), Secret::new(bytes)));
            }
        }
        Ok(Vec::new())
    }

    /// The client of this name.
    pub(crate) fn client(&self, provider: &str, name: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.provider == provider && client.name == name)
    }

    /// The secret with which the provider signs webhooks.
    pub(crate) fn webhook_secret(&self, provider: &str) -> Option<&Secret> {
        self.webhooks.iter().find(|(of, _)| of == provider).map(|(_, secret)| secret)
    }

    /// How many of each kind are registered, by the name of the kind. Public keys are told by their kids.
    pub(crate) fn counts(&self) -> [(&'static str, usize); 4] {
        [
            ("secrets", self.clients.len()),
            ("api_keys", self.api_keys.len()),
            ("accounts", self.accounts.len()),
            ("webhook_secrets", self.webhooks.len()),
        ]
    }

    /// Revokes what is to be revoked. `public_keys` says whether tokens of the provider name one.
    pub(crate) fn on_incident(&mut self, incident: &Incident<'_>, public_keys: bool) -> Result<(), IncidentError> {
        let provider = |provider: &str| crate::words::shorten(provider);
        match *incident {
            Incident::ExpireAccess | Incident::BlacklistRefresh => Ok(()),
            Incident::RevokeKey { provider: of, key } => {
                let revoked = if public_keys { self.keys.revoke(key) } else { self.api_keys.revoke(of, key) };
                revoked.ok_or_else(|| IncidentError::Key { provider: provider(of) })
            }
            Incident::RevokeLogin { provider: of, username } => {
                let username_shown = || crate::words::shorten(username);
                let error = || IncidentError::Login { provider: provider(of), username: username_shown() };
                self.accounts.revoke(of, username).ok_or_else(error)
            }
            Incident::RevokeClient { provider: of, client: name } => {
                let mut clients = self.clients.iter_mut();
                let found = clients.find(|client| client.provider == of && client.name == name);
                let error = || IncidentError::Client { provider: provider(of), client: crate::words::shorten(name) };
                found.map(|client| client.revoked = true).ok_or_else(error)
            }
        }
    }

    /// Makes every revocation undone.
    pub(crate) fn restore(&mut self) {
        self.keys.restore();
        self.api_keys.restore();
        self.accounts.restore();
        self.clients.iter_mut().for_each(|client| client.revoked = false);
    }

    fn add_client(&mut self, provider: &str, name: &str, bytes: &[u8]) -> Option<()> {
        let mut clients = self.clients.iter_mut();
        match clients.find(|client| client.provider == provider && client.name == name) {
            Some(client) => client.secret = Secret::new(bytes),
            None => {
                if self.clients.len() >= MOST {
                    return None;
                }
                let (provider, name) = (provider.to_owned(), name.to_owned());
                self.clients.push(Client { provider, name, secret: Secret::new(bytes), revoked: false });
            }
        }
        Some(())
    }
}
