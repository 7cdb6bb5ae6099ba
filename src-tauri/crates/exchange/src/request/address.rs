//! Address of a request: how it is made, and the addresses that are refused.

use provider::{authority, is_loopback, is_sealed_for};
use url::Url;

use crate::PrepareError;

/// A path below the base address. The host is the base's whatever the path says: `//other.host` is a path.
pub(crate) fn address(base: &Url, path: &str) -> Result<Url, PrepareError> {
    let not_a_path = || PrepareError::NotAPath { found: path.to_owned() };
    if !path.starts_with('/') || path.contains(char::is_control) {
        return Err(not_a_path());
    }
    let (path_only, query) = match path.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (path, None),
    };
    let mut url = base.clone();
    url.set_path(&format!("{}{path_only}", base.path().trim_end_matches('/')));
    url.set_query(query);
    url.set_fragment(None);
    Ok(url)
}

pub(crate) fn check_address(url: &Url) -> Result<(), PrepareError> {
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url)) {
        return Ok(());
    }
    Err(PrepareError::PlainHttp { found: origin(url) })
}

pub(crate) fn check_host(url: &Url, allowed: &[String]) -> Result<(), PrepareError> {
    match is_sealed_for(url, allowed) {
        true => Ok(()),
        false => Err(PrepareError::HostNotAllowed { found: authority(url), allowed: allowed.to_vec() }),
    }
}

/// Scheme, host and port: what of an address may stand in a message.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The path with the slash that it lacks, where the redirect adds nothing else (Django does so: `APPEND_SLASH`).
pub(crate) fn missing_slash(from: &Url, to: &Url) -> Option<String> {
    let with = format!("{}/", from.path());
    (from.origin() == to.origin() && to.path() == with && from.query() == to.query()).then_some(with)
}
