//! The form in which a credential may be shown.

/// What stands where something was left out.
pub(crate) const DOTS: &str = "•••";

/// A token as it may be shown: of a JWT the header and the claims, which are not secret, without the signature, which
/// makes it work; of an opaque key its kind and its last four characters, of a short one nothing.
///
/// ```
/// # use keywright_exchange::redact;
/// assert_eq!(redact("eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln"), "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.•••");
/// assert_eq!(redact("sk_test_51H8xgq2eZvKYlo2C4f2a"), "sk_test_•••4f2a");
/// assert_eq!(redact("hunter2"), "•••");
/// ```
pub fn redact(token: &str) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    if let [header, claims, _signature] = parts.as_slice()
        && header.starts_with("eyJ")
    {
        return format!("{header}.{claims}.{DOTS}");
    }
    /// Shorter keys would give away too much of themselves.
    const LONG: usize = 20;
    if token.len() < LONG || !token.is_ascii() {
        return DOTS.to_owned();
    }
    let prefix = token[..LONG / 2].rfind('_').map_or("", |end| &token[..=end]);
    format!("{prefix}{DOTS}{}", &token[token.len() - 4..])
}
