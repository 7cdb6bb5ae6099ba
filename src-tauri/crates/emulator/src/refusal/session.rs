//! Reasons that are about a token that the emulator made itself.

/// Why a token that was signed here is no longer good, or not good for this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionRefusal {
    /// A refresh token where an access token is wanted, or the other way round.
    #[error("\"token_type\" is {found:?}, wanted {wanted:?}")]
    Type {
        /// What the token says.
        found: String,
        /// What is wanted here.
        wanted: &'static str,
    },
    /// All access tokens of its time were expired on demand.
    #[error("all access tokens that were made until then were expired on demand")]
    Cut,
    /// The refresh token was used, or its session was ended.
    #[error("the refresh token is blacklisted: it was used before, or its session was ended")]
    Used,
    /// All refresh tokens of its time were blacklisted on demand.
    #[error("all refresh tokens that were made until then were blacklisted on demand")]
    Ended,
}
