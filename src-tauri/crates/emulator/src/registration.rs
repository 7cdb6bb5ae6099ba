//! Registration: what callers tell the emulator, so that it knows them as the real server would.

use provider::definition::Definition;

use crate::{keys::KeyError, roles::Role, words::shorten};

/// How many of each kind are kept.
pub(crate) const MOST: usize = 1_000;

/// One thing that a server knows of its callers. It has no `Debug`: most of these are secrets.
#[derive(Clone, Copy)]
pub enum Registration<'a> {
    /// Nothing, for a call that carries nothing.
    Nothing,
    /// A public key, or several: a JWK or a JWK Set as JSON text.
    Jwk(&'a str),
    /// A public key as Gr4vy keeps one, with what it may do there. One that is registered already becomes this, and stays active or
    /// inactive as it was.
    KeyPair {
        /// The public key, a JWK as JSON text.
        jwk: &'a str,
        /// The name that its list shows.
        name: &'a str,
        /// The slugs of its roles: `administrator`, `processing`. At least one.
        roles: &'a [&'a str],
        /// The merchant accounts that it has access to; none of them: all.
        merchant_accounts: &'a [&'a str],
    },
    /// The secret with which a client signs its tokens.
    Secret {
        /// The id of the provider.
        provider: &'a str,
        /// The client that the tokens name.
        client: Option<&'a str>,
        /// The bytes of the secret.
        bytes: &'a [u8],
    },
    /// An API key that may do everything and does not expire.
    ApiKey {
        /// The id of the provider.
        provider: &'a str,
        /// The key.
        key: &'a str,
    },
    /// An API key with the permissions and the expiry that were chosen for it.
    LimitedKey {
        /// The id of the provider.
        provider: &'a str,
        /// The key.
        key: &'a str,
        /// What it may do; without it everything.
        permissions: Option<&'a [&'a str]>,
        /// When it expires, in seconds since the epoch.
        expires_at: Option<i64>,
    },
    /// An account.
    Login {
        /// The id of the provider.
        provider: &'a str,
        /// The user name.
        username: &'a str,
        /// The password.
        password: &'a str,
    },
    /// The secret with which the provider signs webhooks.
    WebhookSecret {
        /// The id of the provider.
        provider: &'a str,
        /// The bytes of the secret.
        bytes: &'a [u8],
    },
}

/// Why something was not registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationError {
    /// A public key is not good.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The provider is not played.
    #[error("{found:?} is not played; wanted gr4vy, hedge, partner or cryptopay")]
    Provider {
        /// What was named.
        found: String,
    },
    /// The provider has no credentials of this kind.
    #[error("{provider} knows no {kind}")]
    Kind {
        /// The id of the provider.
        provider: String,
        /// The kind, in words.
        kind: &'static str,
    },
    /// A secret is registered for nobody.
    #[error("\"client\" is missing: the tokens of {provider} name a client, and its secret is found by that name")]
    Client {
        /// The id of the provider.
        provider: String,
    },
    /// Something is empty.
    #[error("{member:?} is empty")]
    Empty {
        /// What it is.
        member: &'static str,
    },
    /// An API key does not look like one.
    #[error("the API key begins with none of {wanted}")]
    Prefix {
        /// How the provider's keys begin.
        wanted: String,
    },
    /// A permission is not one of the provider's.
    #[error("the permission {found:?} is none of {wanted}")]
    Permission {
        /// What was named.
        found: String,
        /// What there is.
        wanted: String,
    },
    /// There is no such role, or a key pair cannot have it.
    #[error("the role {found:?} is none that a key pair can have; wanted {}", Role::of_key_pairs())]
    Role {
        /// What was named.
        found: String,
    },
    /// Too many are registered already.
    #[error("{most} {kind}s are registered, and no more are taken")]
    Full {
        /// The kind, in words.
        kind: &'static str,
        /// How many are kept.
        most: usize,
    },
}

impl Registration<'_> {
    /// What it is, in words.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Jwk(_) | Self::KeyPair { .. } => "public key",
            Self::Secret { .. } => "signing secret",
            Self::ApiKey { .. } | Self::LimitedKey { .. } => "API key",
            Self::Login { .. } => "account",
            Self::WebhookSecret { .. } => "webhook secret",
        }
    }

    /// Checks that the provider knows such credentials and that this one can be one of them.
    pub(crate) fn check(&self) -> Result<(), RegistrationError> {
        let definition = match *self {
            Self::Nothing | Self::Jwk(_) => return Ok(()),
            Self::KeyPair { name, roles, .. } => return of_key_pair(name, roles),
            Self::Secret { provider, .. }
            | Self::ApiKey { provider, .. }
            | Self::LimitedKey { provider, .. }
            | Self::Login { provider, .. }
            | Self::WebhookSecret { provider, .. } => provider::built_in_named(provider)
                .ok_or_else(|| RegistrationError::Provider { found: shorten(provider) })?,
        };
        if !self.is_known_to(definition) {
            return Err(RegistrationError::Kind { provider: definition.id.clone(), kind: self.kind() });
        }
        self.check_form(definition)
    }

    fn is_known_to(&self, definition: &Definition) -> bool {
        let credentials = &definition.credentials;
        match self {
            Self::Nothing | Self::Jwk(_) | Self::KeyPair { .. } => true,
            Self::Secret { .. } => definition.signing_secret().is_some(),
            Self::ApiKey { .. } | Self::LimitedKey { .. } => !credentials.api_keys.is_empty(),
            Self::Login { .. } => !credentials.logins.is_empty(),
            Self::WebhookSecret { .. } => definition.webhook.is_some(),
        }
    }

    fn check_form(&self, definition: &Definition) -> Result<(), RegistrationError> {
        let provider = || definition.id.clone();
        let filled = |member, empty| if empty { Err(RegistrationError::Empty { member }) } else { Ok(()) };
        match *self {
            Self::Nothing | Self::Jwk(_) | Self::KeyPair { .. } => Ok(()),
            Self::Secret { client: None, .. } => Err(RegistrationError::Client { provider: provider() }),
            Self::Secret { client: Some(client), bytes, .. } => {
                filled("client", client.is_empty()).and_then(|()| filled("secret", bytes.is_empty()))
            }
            Self::ApiKey { key, .. } => begins(definition, key),
            Self::LimitedKey { key, permissions, .. } => {
                begins(definition, key).and_then(|()| permitted(definition, permissions.unwrap_or_default()))
            }
            Self::Login { username, password, .. } => {
                filled("username", username.is_empty()).and_then(|()| filled("password", password.is_empty()))
            }
            Self::WebhookSecret { bytes, .. } => filled("secret", bytes.is_empty()),
        }
    }
}

fn of_key_pair(name: &str, roles: &[&str]) -> Result<(), RegistrationError> {
    if name.is_empty() {
        return Err(RegistrationError::Empty { member: "name" });
    }
    if roles.is_empty() {
        return Err(RegistrationError::Empty { member: "roles" });
    }
    match roles.iter().find(|slug| !Role::named(slug).is_some_and(|role| role.of_key_pairs)) {
        None => Ok(()),
        Some(found) => Err(RegistrationError::Role { found: shorten(found) }),
    }
}

fn begins(definition: &Definition, key: &str) -> Result<(), RegistrationError> {
    let prefixes = definition.credentials.api_keys.iter().flat_map(|keys| &keys.shape.prefixes);
    let wanted: Vec<&str> = prefixes.map(String::as_str).collect();
    match wanted.iter().any(|prefix| key.starts_with(prefix)) {
        true => Ok(()),
        false => Err(RegistrationError::Prefix { wanted: wanted.join(", ") }),
    }
}

fn permitted(definition: &Definition, permissions: &[&str]) -> Result<(), RegistrationError> {
    let listed = definition.scopes.iter().flat_map(|scopes| &scopes.values);
    let wanted: Vec<&str> = listed.map(|scope| scope.value.as_str()).collect();
    match permissions.iter().find(|permission| !wanted.contains(permission)) {
        None => Ok(()),
        Some(found) => Err(RegistrationError::Permission { found: shorten(found), wanted: wanted.join(", ") }),
    }
}
