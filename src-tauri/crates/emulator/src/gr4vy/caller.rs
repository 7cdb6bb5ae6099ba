//! Who calls: the key pair whose token was let in, with what it may do.

use uuid::Uuid;

use crate::keys::{Creator, KeyPair, Standing};

/// The caller of one request.
pub(super) struct Caller {
    /// The id of the pair.
    pub(super) id: Uuid,
    thumbprint: String,
    /// What the pair is at this time.
    pub(super) standing: Standing,
    /// The scopes of the token.
    held: Vec<String>,
}

impl Caller {
    /// The holder of `pair`; nobody where it was deleted.
    pub(super) fn of(pair: &KeyPair) -> Option<Self> {
        let standing = pair.standing()?.clone();
        Some(Self { id: pair.id, thumbprint: pair.key.kid.clone(), standing, held: Vec::new() })
    }

    /// The same with the scopes of the token that was sent.
    pub(super) fn with_scopes(self, held: &[&str]) -> Self {
        Self { held: held.iter().map(|&scope| scope.to_owned()).collect(), ..self }
    }

    /// The scopes of the token.
    pub(super) fn scopes(&self) -> Vec<&str> {
        self.held.iter().map(String::as_str).collect()
    }

    /// The caller as whoever made something.
    pub(super) fn creator(&self) -> Creator {
        Creator { id: self.id, name: self.standing.name.clone(), thumbprint: self.thumbprint.clone() }
    }
}
