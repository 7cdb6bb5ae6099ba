//! Errors of tokens.

use jose::Finding;
use jose::expression::ExpressionError;
use jose::sign::SignError;

use super::Fault;
use crate::ground::words::first_and_more;

/// Tokens that cannot be signed: claims, expressions, scopes, rules of the provider.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The provider's rules refuse it; every finding of severity error is here.
    #[error("{}", first_and_more(.0.iter().map(|finding| &finding.message)))]
    Rules(Vec<Finding>),
    /// A value that is not JSON.
    #[error("the value of {what} is not JSON: {error}")]
    NotJson {
        /// The option or claim.
        what: String,
        /// Where and why.
        error: jose::json::NotJson,
    },
    /// A scope that is not written like one.
    #[error(transparent)]
    Scope(#[from] provider::Malformed),
    /// A draft that cannot be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A draft that makes no token as it stands.
    #[error("the draft cannot be signed: {why}")]
    Unsignable {
        /// What keeps it, in a few words.
        why: String,
    },
    /// A time or id expression that cannot be resolved.
    #[error(transparent)]
    Expression(#[from] ExpressionError),
}

impl TokenError {
    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::Rules(_) => Fault::Rule,
            Self::Sign(SignError::Engine(_)) => Fault::System,
            _ => Fault::Input,
        }
    }

    /// What to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Rules(findings) => findings.first().and_then(|finding| finding.hint.clone()),
            Self::NotJson { .. } => Some("a text needs quotes of its own: \"me\"".to_owned()),
            Self::Scope(_) => Some("choose from the scopes of the provider".to_owned()),
            Self::Sign(SignError::Draft(error)) => error.hint().map(str::to_owned),
            Self::Expression(error) => Some(error.hint().to_owned()),
            Self::Sign(_) | Self::Unsignable { .. } => None,
        }
    }
}
