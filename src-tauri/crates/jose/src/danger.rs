//! Tokens that must be refused, made on purpose to see whether a server does.
//!
//! Everything that weakens a token lives here and takes a [`DangerousIntent`], so that one search finds every use.

use crate::{
    json::Document,
    sign::{CompactJws, Draft, SignError, SigningKey},
    text,
};

/// The caller's word that a bad token is wanted.
#[derive(Debug, Clone, Copy)]
pub struct DangerousIntent {
    _private: (),
}

impl DangerousIntent {
    /// States the intent, with the reason for the reader of the code.
    pub fn because(_reason: &'static str) -> Self {
        Self { _private: () }
    }
}

/// A token whose header and payload are signed as they stand, though a draft of them would be refused: `b64` that is false,
/// a `kid` that is a number, a private key in `jwk`. Only `alg` must be the key's.
pub fn signed_as_typed(
    header: &str,
    payload: &[u8],
    key: &SigningKey,
    _intent: DangerousIntent,
) -> Result<CompactJws, SignError> {
    Draft::of_any_header(header, payload)?.sign(key)
}

/// The claims with `iat` and `nbf` two hours back and `exp` one hour back, everything else as it stands.
pub fn expired_claims(claims: &str, now: i64, _intent: DangerousIntent) -> String {
    let Ok(document) = Document::parse(claims) else { return claims.to_owned() };
    let mut out = String::with_capacity(claims.len());
    let mut copied = 0;
    for member in document.root().members() {
        let back = match member.name().as_deref() {
            Some("iat" | "nbf") => 7_200,
            Some("exp") => 3_600,
            _ => continue,
        };
        out.push_str(&claims[copied..member.span().start]);
        out.push_str(&(now - back).to_string());
        copied = member.span().end;
    }
    out.push_str(&claims[copied..]);
    out
}

/// A properly signed token that has expired an hour ago. The claims must hold `exp`.
pub fn expired(
    header: &str,
    claims: &str,
    now: i64,
    key: &SigningKey,
    intent: DangerousIntent,
) -> Result<CompactJws, SignError> {
    Draft::jwt(header, &expired_claims(claims, now, intent))?.sign(key)
}

/// The token with another payload under the signature of the first: what a forger would send.
pub fn payload_changed(token: &CompactJws, claims: &str, _intent: DangerousIntent) -> CompactJws {
    let mut parts = token.as_str().split('.');
    let header = parts.next().unwrap_or_default();
    let signature = parts.nth(1).and_then(|part| text::decode(part).ok()).unwrap_or_default();
    CompactJws::assemble(&format!("{header}.{}", text::encode(claims.as_bytes())), &signature)
}
