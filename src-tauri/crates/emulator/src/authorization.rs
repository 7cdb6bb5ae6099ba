//! From the `Authorization` header field to the token in it (RFC 6750 §2.1).

use axum::http::{HeaderMap, header::AUTHORIZATION};

use crate::refusal::AuthorizationRefusal;

/// Longest `Authorization` value that is read, in bytes. No provider names a limit; 8 KiB is what nginx and most load
/// balancers take, and a token that fails there fails in production.
pub(crate) const LONGEST: usize = 8 * 1024;

/// How the scheme may be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// In any case of letters (RFC 9110 §11.1).
    Any,
    /// As `Bearer` alone, which is how SimpleJWT takes it.
    Exact,
}

/// The bearer token of a request, or what stands in its place.
pub(crate) fn bearer(headers: &HeaderMap, spelling: Spelling) -> Result<&str, AuthorizationRefusal> {
    let mut fields = headers.get_all(AUTHORIZATION).iter();
    let Some(field) = fields.next() else { return Err(AuthorizationRefusal::Missing) };
    let further = fields.count();
    if further > 0 {
        return Err(AuthorizationRefusal::Several { count: further + 1 });
    }
    if field.len() > LONGEST {
        return Err(AuthorizationRefusal::TooLong { bytes: field.len(), limit: LONGEST });
    }
    let Ok(text) = field.to_str() else { return Err(AuthorizationRefusal::NotAscii) };
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(AuthorizationRefusal::Scheme { found: scheme_word(scheme) });
    }
    if spelling == Spelling::Exact && scheme != "Bearer" {
        return Err(AuthorizationRefusal::SchemeCase { found: scheme.to_owned() });
    }
    if token.is_empty() {
        return Err(AuthorizationRefusal::NoToken);
    }
    if token.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return Err(AuthorizationRefusal::DoubleBearer);
    }
    if token.chars().any(char::is_whitespace) {
        return Err(AuthorizationRefusal::SpaceInToken);
    }
    if token.contains(['"', '\'']) {
        return Err(AuthorizationRefusal::QuotedToken);
    }
    Ok(token)
}

/// What may be repeated of an unknown scheme: a short word, never something that could be a credential.
fn scheme_word(scheme: &str) -> Option<String> {
    let word = scheme.len() <= 16 && !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    word.then(|| scheme.to_owned())
}
