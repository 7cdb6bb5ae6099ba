//! Things that happen once, when they are asked for: sessions end, a key is revoked.

/// Something that happens now. [`Running::reset`](crate::Running::reset) makes it undone.
///
/// As JSON for `POST /_emulator/faults`: `{"do": "revoke_key", "provider": "hedge", "key": "test_…"}`. It has no
/// `Debug`: a key is a secret.
#[derive(Clone, Copy)]
pub enum Incident<'a> {
    /// Every access token has expired that the emulator made until now, or that a caller signed before this second.
    ExpireAccess,
    /// Every refresh token that the emulator made until now is blacklisted.
    BlacklistRefresh,
    /// A key is revoked, and the tokens that were minted with it. Registering it again does not change that.
    RevokeKey {
        /// The id of the provider.
        provider: &'a str,
        /// The API key; of a public key its kid.
        key: &'a str,
    },
    /// An account is revoked: it cannot log in, and its tokens are refused.
    RevokeLogin {
        /// The id of the provider.
        provider: &'a str,
        /// The user name.
        username: &'a str,
    },
    /// A client is revoked: its secret verifies nothing any more.
    RevokeClient {
        /// The id of the provider.
        provider: &'a str,
        /// The client.
        client: &'a str,
    },
}

impl<'a> Incident<'a> {
    /// The provider that it happens at, where it is not all of them.
    pub(crate) const fn provider(&self) -> Option<&'a str> {
        match self {
            Self::ExpireAccess | Self::BlacklistRefresh => None,
            Self::RevokeKey { provider, .. }
            | Self::RevokeLogin { provider, .. }
            | Self::RevokeClient { provider, .. } => Some(provider),
        }
    }
}

/// Why something did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IncidentError {
    /// The key that is to be revoked is not registered.
    #[error("the key is not registered for {provider:?}, so there is nothing to revoke")]
    Key {
        /// The provider that was named.
        provider: String,
    },
    /// The account that is to be revoked is not registered.
    #[error("no account {username:?} is registered for {provider:?}, so there is nothing to revoke")]
    Login {
        /// The provider that was named.
        provider: String,
        /// The user name.
        username: String,
    },
    /// The client that is to be revoked is not registered.
    #[error("no secret of a client {client:?} is registered for {provider:?}, so there is nothing to revoke")]
    Client {
        /// The provider that was named.
        provider: String,
        /// The client.
        client: String,
    },
}
