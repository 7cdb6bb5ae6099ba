//! Errors of webhooks.

use jose::webhook::SampleError;

use super::Fault;

/// Webhooks that cannot be judged, signed or handled.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The provider's webhooks are not described.
    #[error("it is not known how {provider} signs webhooks")]
    NoWebhook {
        /// The provider's name.
        provider: String,
    },
    /// No secret is at hand to judge deliveries with, or to sign one.
    #[error("there is no webhook secret for {place}")]
    NoWebhookSecret {
        /// The place, or the provider.
        place: String,
    },
    /// Something that was typed is not what is wanted there.
    #[error("{what} is {found:?}; wanted {wanted}")]
    NotThat {
        /// What it is: `the time`, `line 3 of the header fields`.
        what: String,
        /// What was typed, its beginning where it is long.
        found: String,
        /// What is wanted.
        wanted: &'static str,
    },
    /// A delivery was not signed.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// A way of signing webhooks that no code is written for.
    #[error(transparent)]
    Handler(#[from] exchange::NoHandler),
}

impl WebhookError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::NoWebhookSecret { .. } => Fault::NoKey,
            _ => Fault::Input,
        }
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::NoWebhook { .. } => Some("a definition says it in [webhook]".to_owned()),
            Self::NoWebhookSecret { .. } => {
                Some("seal the one that the provider's webhook settings show, or give it".to_owned())
            }
            Self::Sample(error) => error.hint(),
            Self::Handler(error) => Some(error.hint()),
            Self::NotThat { .. } => None,
        }
    }
}
