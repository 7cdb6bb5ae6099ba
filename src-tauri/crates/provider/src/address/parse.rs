//! Texts as addresses, paths and UUIDs.

use url::Url;

use super::error::AddressError;
use crate::host::is_loopback;

/// Reads a base address: absolute, https or on this computer, without query and fragment.
pub(crate) fn parse_base(text: &str) -> Result<Url, AddressError> {
    let mut url = parse_absolute(text)?;
    if url.query().is_some() {
        return Err(not_an_address(text, "it carries a query"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Reads an absolute address: https or on this computer, without a user name and a fragment.
pub fn parse_absolute(text: &str) -> Result<Url, AddressError> {
    let url = Url::parse(text).map_err(|error| not_an_address(text, &error.to_string()))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(AddressError::PlainHttp { found: shown(text) }),
        other => return Err(not_an_address(text, &format!("the scheme is {other:?}, wanted https"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(not_an_address(text, "it carries a user name"));
    }
    if url.fragment().is_some() {
        return Err(not_an_address(text, "it carries a fragment"));
    }
    Ok(url)
}

fn not_an_address(text: &str, reason: &str) -> AddressError {
    AddressError::NotAnAddress { found: shown(text), reason: reason.to_owned() }
}

/// An address as it may be shown: a password that stands in one is nobody's to read.
fn shown(text: &str) -> String {
    if text.contains('@') { "•••".to_owned() } else { text.to_owned() }
}

/// A value as part of a path: everything but unreserved characters becomes %XX (RFC 3986 §2.3).
pub(super) fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// Whether a text is a path from a base address on. Two slashes would begin a host in many readers' eyes.
pub(crate) fn is_path(text: &str) -> bool {
    let strange = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    text.starts_with('/') && !text.starts_with("//") && !text.contains(strange)
}

/// Whether a text is a UUID with hyphens, in letters of either case (RFC 9562 §4).
pub(crate) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
}
