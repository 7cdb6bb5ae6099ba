//! Registered keys, secrets and accounts, of all providers.

use crate::{
    accounts::Accounts,
    api_keys::ApiKeys,
    incident::{Incident, IncidentError},
    keys::{KeyRing, Standing},
    registration::{MOST, Registration, RegistrationError},
    roles::Role,
    secret::Secret,
    succession::Succession,
    webhook_secrets::WebhookSecrets,
    words::shorten,
};

/// Everything that was registered.
#[derive(Default)]
pub(crate) struct Registered {
    /// Public keys, as the pairs that they are halves of.
    pub(crate) keys: KeyRing,
    /// API keys.
    pub(crate) api_keys: ApiKeys,
    /// Accounts.
    pub(crate) accounts: Accounts,
    clients: Vec<Client>,
    /// Webhook secrets.
    pub(crate) webhooks: WebhookSecrets,
}

/// A client that signs its own tokens with a secret.
pub(crate) struct Client {
    provider: String,
    /// The name that its tokens carry.
    pub(crate) name: String,
    secret: Succession<Secret>,
    pub(crate) revoked: bool,
}

impl Client {
    /// The secret that verifies its tokens.
    pub(crate) fn secret(&self) -> &Secret {
        self.secret.current()
    }
}

impl Registered {
    /// Registers one thing, and returns the kids where it was a public key. What is registered already is replaced by
    /// its newer form; what was revoked stays so.
    pub(crate) fn register(&mut self, registration: &Registration<'_>) -> Result<Vec<String>, RegistrationError> {
        registration.check()?;
        let full = || RegistrationError::Full { kind: registration.kind(), most: MOST };
        match *registration {
            Registration::Nothing => {}
            Registration::Jwk(text) => return Ok(self.keys.register(text, None)?),
            Registration::KeyPair { jwk, name, roles, merchant_accounts } => {
                let standing = Standing {
                    name: name.to_owned(),
                    active: true,
                    roles: roles.iter().filter_map(|slug| Role::named(slug)).collect(),
                    merchants: merchant_accounts.iter().map(|&id| id.to_owned()).collect(),
                    updated: None,
                };
                return Ok(self.keys.register(jwk, Some(&standing))?);
            }
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
                self.webhooks.register(provider, Secret::new(bytes));
            }
        }
        Ok(Vec::new())
    }

    /// The client of this name.
    pub(crate) fn client(&self, provider: &str, name: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.provider == provider && client.name == name)
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

    /// Revokes, deletes or changes what is to be, at `now`. `public_keys` says whether tokens of the provider name one.
    pub(crate) fn on_incident(
        &mut self,
        incident: &Incident<'_>,
        public_keys: bool,
        now: i64,
    ) -> Result<(), IncidentError> {
        let provider = shorten;
        match *incident {
            Incident::ExpireAccess | Incident::BlacklistRefresh => Ok(()),
            Incident::RevokeKey { provider: of, key } => {
                let revoked = if public_keys { self.keys.revoke(key, now) } else { self.api_keys.revoke(of, key) };
                revoked.ok_or_else(|| IncidentError::Key { provider: provider(of) })
            }
            Incident::DeleteKey { provider: of, key } => {
                let deleted = if public_keys { self.keys.delete_all(key, now) } else { self.api_keys.delete(of, key) };
                deleted.ok_or_else(|| IncidentError::Key { provider: provider(of) })
            }
            Incident::RevokeLogin { provider: of, username } => {
                self.accounts.revoke(of, username).ok_or_else(|| no_login(of, username))
            }
            Incident::RevokeClient { provider: of, client: name } => {
                self.client_mut(of, name).map(|client| client.revoked = true).ok_or_else(|| no_client(of, name))
            }
            Incident::ChangePassword { provider: of, username, password } => {
                self.accounts.change_password(of, username, password).ok_or_else(|| no_login(of, username))
            }
            Incident::ChangeSecret { provider: of, client: name, bytes } => {
                let found = self.client_mut(of, name);
                found.map(|client| client.secret.change(Secret::new(bytes))).ok_or_else(|| no_client(of, name))
            }
            Incident::ChangeWebhookSecret { provider: of, bytes, overlap } => {
                let changed = self.webhooks.change(of, Secret::new(bytes), overlap, now);
                changed.ok_or_else(|| IncidentError::WebhookSecret { provider: provider(of) })
            }
        }
    }

    /// Makes every revocation undone.
    pub(crate) fn restore(&mut self) {
        self.keys.restore();
        self.api_keys.restore();
        self.accounts.restore();
        self.webhooks.restore();
        for client in &mut self.clients {
            client.revoked = false;
            client.secret.restore();
        }
    }

    fn client_mut(&mut self, provider: &str, name: &str) -> Option<&mut Client> {
        self.clients.iter_mut().find(|client| client.provider == provider && client.name == name)
    }

    fn add_client(&mut self, provider: &str, name: &str, bytes: &[u8]) -> Option<()> {
        match self.client_mut(provider, name) {
            Some(client) => client.secret.register(Secret::new(bytes)),
            None => {
                if self.clients.len() >= MOST {
                    return None;
                }
                let (provider, name) = (provider.to_owned(), name.to_owned());
                let secret = Succession::new(Secret::new(bytes));
                self.clients.push(Client { provider, name, secret, revoked: false });
            }
        }
        Some(())
    }
}

fn no_login(provider: &str, username: &str) -> IncidentError {
    IncidentError::Login { provider: shorten(provider), username: shorten(username) }
}

fn no_client(provider: &str, client: &str) -> IncidentError {
    IncidentError::Client { provider: shorten(provider), client: shorten(client) }
}
