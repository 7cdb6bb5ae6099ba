//! Things that happen once, when they are asked for: sessions end, a key is revoked.

use crate::words::shorten;

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
    /// A key is deleted by hand at the provider, as in its dashboard. Registering it again does not bring it back.
    DeleteKey {
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
    /// A password is changed: the former one opens nothing any more. Registering that again does not bring it back.
    ChangePassword {
        /// The id of the provider.
        provider: &'a str,
        /// The user name.
        username: &'a str,
        /// The new password.
        password: &'a str,
    },
    /// The secret of a client is replaced: the former one verifies nothing any more. Registering that again does not bring it back.
    ChangeSecret {
        /// The id of the provider.
        provider: &'a str,
        /// The client.
        client: &'a str,
        /// The bytes of the new secret.
        bytes: &'a [u8],
    },
    /// The webhook secret is replaced, and for a time the provider signs with both, where its signatures can stand side by side.
    ChangeWebhookSecret {
        /// The id of the provider.
        provider: &'a str,
        /// The bytes of the new secret.
        bytes: &'a [u8],
        /// For how many seconds the former ones sign as well; 0 ends them at once.
        overlap: u32,
    },
}

impl<'a> Incident<'a> {
    /// The provider that it happens at, where it is not all of them.
    pub(crate) const fn provider(&self) -> Option<&'a str> {
        match self {
            Self::ExpireAccess | Self::BlacklistRefresh => None,
            Self::RevokeKey { provider, .. }
            | Self::DeleteKey { provider, .. }
            | Self::RevokeLogin { provider, .. }
            | Self::RevokeClient { provider, .. }
            | Self::ChangePassword { provider, .. }
            | Self::ChangeSecret { provider, .. }
            | Self::ChangeWebhookSecret { provider, .. } => Some(provider),
        }
    }

    /// Checks that it can happen: nothing new is empty, and two secrets sign side by side only where there is room for both.
    pub(crate) fn check(&self) -> Result<(), IncidentError> {
        let empty = match self {
            Self::ChangePassword { password: "", .. } => Some("password"),
            Self::ChangeSecret { bytes: [], .. } | Self::ChangeWebhookSecret { bytes: [], .. } => Some("secret"),
            _ => None,
        };
        if let Some(member) = empty {
            return Err(IncidentError::Empty { member });
        }
        match *self {
            Self::ChangeWebhookSecret { provider, overlap, .. } if overlap > 0 && !signs_with_several(provider) => {
                Err(IncidentError::Overlap { provider: shorten(provider) })
            }
            _ => Ok(()),
        }
    }
}

/// Whether the webhooks of a provider can carry several signatures.
fn signs_with_several(provider: &str) -> bool {
    let scheme = provider::built_in_named(provider).and_then(|definition| definition.webhook.as_ref());
    scheme.is_some_and(|scheme| scheme.signature.separator.is_some())
}

/// Why something did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IncidentError {
    /// The key that is to be revoked or deleted is not registered.
    #[error("the key is not registered for {provider:?}, so nothing happened")]
    Key {
        /// The provider that was named.
        provider: String,
    },
    /// The account that is to be revoked is not registered.
    #[error("no account {username:?} is registered for {provider:?}, so nothing happened")]
    Login {
        /// The provider that was named.
        provider: String,
        /// The user name.
        username: String,
    },
    /// No webhook secret is registered that could be replaced.
    #[error("no webhook secret is registered for {provider:?}, so nothing happened")]
    WebhookSecret {
        /// The provider that was named.
        provider: String,
    },
    /// The provider's webhooks carry one signature.
    #[error("{provider:?} signs with one secret at a time; wanted an \"overlap\" of 0")]
    Overlap {
        /// The provider that was named.
        provider: String,
    },
    /// What is to take another's place is empty.
    #[error("{member:?} is empty")]
    Empty {
        /// What it is.
        member: &'static str,
    },
    /// The client that is to be revoked is not registered.
    #[error("no secret of a client {client:?} is registered for {provider:?}, so nothing happened")]
    Client {
        /// The provider that was named.
        provider: String,
        /// The client.
        client: String,
    },
}
