//! From the `Authorization` header field to the token in it (RFC 6750 §2.1).

use axum::http::{HeaderMap, header::AUTHORIZATION};

use crate::refusal::Refusal;

/// Longest `Authorization` value that is read, in bytes. Gr4vy names no limit; 8 KiB is what nginx and most load
/// balancers take, and a token that fails there fails in production.
pub(crate) const LONGEST: usize = 8 * 1024;

/// The bearer token of a request. The scheme is compared without regard to case: Gr4vy's own documents write `bearer`.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut fields = headers.get_all(AUTHORIZATION).iter();
    let Some(field) = fields.next() else { return Err(Refusal::NoAuthorization) };
    let further = fields.count();
    if further > 0 {
        return Err(Refusal::SeveralAuthorizations { count: further + 1 });
    }
    if field.len() > LONGEST {
        return Err(Refusal::AuthorizationTooLong { bytes: field.len(), limit: LONGEST });
    }
    let Ok(text) = field.to_str() else { return Err(Refusal::AuthorizationNotAscii) };
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::Scheme { found: scheme_word(scheme) });
    }
    if token.is_empty() {
        return Err(Refusal::NoToken);
    }
    if token.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return Err(Refusal::DoubleBearer);
    }
    if token.chars().any(char::is_whitespace) {
        return Err(Refusal::SpaceInToken);
    }
    if token.contains(['"', '\'']) {
        return Err(Refusal::QuotedToken);
    }
    Ok(token)
}

/// What may be repeated of an unknown scheme: a short word, never something that could be a credential.
fn scheme_word(scheme: &str) -> Option<String> {
    let word = scheme.len() <= 16 && !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    word.then(|| scheme.to_owned())
}
