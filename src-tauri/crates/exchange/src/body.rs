//! The body of a request: what goes to the wire, and what of it may be shown.

use std::{borrow::Cow, fmt};

use zeroize::Zeroizing;

/// The body of a request.
pub enum Body {
    /// Bytes that may be shown.
    Plain(Vec<u8>),
    /// A text with secrets in it, such as a log-in with its password.
    Secret(Vec<Piece>),
}

/// A part of a body that carries secrets.
pub enum Piece {
    /// May be shown.
    Plain(String),
    /// A secret, as the body spells it: inside a JSON string its quotes are escaped, in a form it is percent-encoded.
    Masked {
        /// What secret it is: `password`, `client_secret`, `refresh_token`. Letters, digits and `_`.
        name: String,
        /// What goes to the wire.
        clear: Zeroizing<String>,
        /// What people see instead.
        shown: String,
    },
}

impl Body {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Plain(bytes) => bytes.is_empty(),
            Self::Secret(pieces) => pieces.iter().all(|piece| piece.clear().is_empty()),
        }
    }

    /// What goes to the wire.
    pub fn clear(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Plain(bytes) => Zeroizing::new(bytes.clone()),
            Self::Secret(pieces) => {
                // Reserved at once: a buffer that grows leaves copies behind.
                let mut out = Zeroizing::new(Vec::with_capacity(pieces.iter().map(|p| p.clear().len()).sum()));
                pieces.iter().for_each(|piece| out.extend_from_slice(piece.clear().as_bytes()));
                out
            }
        }
    }

    /// What people, logs and histories may see.
    pub fn shown(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Plain(bytes) => Cow::Borrowed(bytes),
            Self::Secret(pieces) => Cow::Owned(pieces.iter().map(Piece::shown).collect::<String>().into_bytes()),
        }
    }

    /// Whether it carries a secret.
    pub fn has_secret(&self) -> bool {
        matches!(self, Self::Secret(pieces) if pieces.iter().any(|piece| matches!(piece, Piece::Masked { .. })))
    }
}

impl Piece {
    /// What goes to the wire.
    pub fn clear(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Masked { clear, .. } => clear,
        }
    }

    /// What people, logs and histories may see.
    pub fn shown(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Masked { shown, .. } => shown,
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Plain(Vec::new())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Plain(bytes)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        String::from_utf8_lossy(&self.shown()).fmt(f)
    }
}

impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_goes_to_the_wire_and_nowhere_else() {
        let body = Body::Secret(vec![
            Piece::Plain("{\"username\":\"ann\",\"password\":\"".into()),
            Piece::Masked { name: "password".into(), clear: "hunter2".to_owned().into(), shown: "•••".into() },
            Piece::Plain("\"}".into()),
        ]);
        assert_eq!(body.clear().as_slice(), br#"{"username":"ann","password":"hunter2"}"#);
        assert_eq!(String::from_utf8_lossy(&body.shown()), r#"{"username":"ann","password":"•••"}"#);
        assert!(body.has_secret() && !body.is_empty());
        assert!(!format!("{body:?}").contains("hunter2"));
    }

    #[test]
    fn a_plain_body_is_shown_as_it_is() {
        let body = Body::from(vec![0, 255]);
        assert_eq!((body.clear().as_slice(), body.shown().as_ref()), (&[0, 255][..], &[0, 255][..]));
        assert!(!body.has_secret() && Body::default().is_empty());
    }
}
