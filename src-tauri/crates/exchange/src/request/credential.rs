//! The header field with the credential, and the form in which it may be shown.

use data_encoding::BASE64;
use provider::{
    Definition,
    definition::{Placement, Spot},
};
use zeroize::Zeroizing;

use super::{address::check_host, fields::check_fields};
use crate::{
    Header, HeaderValue, PrepareError, PreparedRequest,
    redact::{DOTS, redact},
};

/// The field that carries `token` in the place where it belongs.
pub(crate) fn credential(place: &Placement, token: &str) -> Result<Header, PrepareError> {
    if let Some((at, byte)) = token.bytes().enumerate().find(|(_, b)| !b.is_ascii_graphic() && *b != b' ') {
        let what = match byte {
            b'\r' | b'\n' => "a line break",
            b if b.is_ascii() => "a control character",
            _ => "a character outside ASCII",
        };
        return Err(PrepareError::TokenCharacter { what, at });
    }
    match place.spot {
        Spot::Header => {
            if let Some(at) = token.find(' ') {
                return Err(PrepareError::TokenCharacter { what: "a space", at });
            }
            let prefix = place.scheme.as_ref().map(|scheme| format!("{scheme} ")).unwrap_or_default();
            let shown = format!("{prefix}{}", redact(token));
            Ok(Header::masked(place.field(), Zeroizing::new(format!("{prefix}{token}")), shown))
        }
        Spot::Basic => Ok(basic(token)),
        Spot::Cookie => {
            let clear = Zeroizing::new(format!("{}={token}", place.name));
            Ok(Header::masked(place.field(), clear, format!("{}={}", place.name, redact(token))))
        }
    }
}

/// The field of HTTP Basic with `user:password` (RFC 7617 §2).
pub(crate) fn basic(pair: &str) -> Header {
    let clear = Zeroizing::new(format!("Basic {}", Zeroizing::new(BASE64.encode(pair.as_bytes())).as_str()));
    Header::masked("Authorization", clear, format!("Basic {DOTS}"))
}

/// The same request with another token in place of the one it carries, and everything else as it was: its idempotency
/// key too, by which the server knows that it is the same. `hosts` are those sealed with the credential.
pub fn with_token(
    mut request: PreparedRequest,
    definition: &Definition,
    token: &str,
    hosts: &[String],
) -> Result<PreparedRequest, PrepareError> {
    check_host(&request.url, hosts)?;
    let header = credential(&definition.placement, token)?;
    let carries =
        |h: &Header| h.name.eq_ignore_ascii_case(&header.name) && matches!(h.value, HeaderValue::Masked { .. });
    match request.headers.iter_mut().find(|h| carries(h)) {
        Some(old) => *old = header,
        None => request.headers.insert(0, header),
    }
    check_fields(&request.headers)?;
    Ok(request)
}
