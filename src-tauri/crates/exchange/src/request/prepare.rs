//! From a call in the provider's terms to a request complete to the byte. Nothing is sent here.

use std::collections::BTreeMap;

use provider::{Definition, Endpoint, Slot, TemplatePlace};
use url::Url;

use super::{
    address::{address, check_address, check_host},
    credential::credential,
    error::PrepareError,
    fields::check_fields,
    fill::{Field, Filler},
};
use crate::PreparedRequest;

/// One call to prepare.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The provider's rules.
    pub definition: &'a Definition,
    /// The address of the environment.
    pub base: &'a Url,
    /// What is called.
    pub target: Destination<'a>,
    /// The variables of the profile.
    pub variables: &'a BTreeMap<String, String>,
    /// The fields of the credential that are not secret, for header fields that carry them.
    pub fields: &'a [Field<'a>],
    /// The time, in seconds since 1970.
    pub now: i64,
    /// The body; the endpoint's sample if none is given.
    pub body: Option<&'a [u8]>,
    /// The token, or the opaque key, or `user:password` for HTTP Basic. Without it the call goes out unauthenticated.
    pub token: Option<&'a str>,
    /// The hosts that the credential may be sent to, as sealed with it: `host`, or `host:port` for a port of its own.
    /// A host of this computer without a port stands for all its ports.
    pub hosts: &'a [String],
    /// The version of this application.
    pub version: &'a str,
}

/// What is called.
#[derive(Debug, Clone, Copy)]
pub enum Destination<'a> {
    /// An endpoint of the definition.
    Endpoint(&'a Endpoint),
    /// A method, and a path with its query from the base address on.
    Path {
        /// The method, in any case.
        method: &'a str,
        /// The path.
        path: &'a str,
    },
}

/// Makes the request of a call. `random` fills its argument with unpredictable bytes, for idempotency keys.
pub fn prepare(call: &Call<'_>, random: &mut dyn FnMut(&mut [u8])) -> Result<PreparedRequest, PrepareError> {
    let filler = Filler {
        definition: call.definition,
        variables: call.variables,
        fields: call.fields,
        now: call.now,
        version: call.version,
    };
    let (method, path) = target(call, &filler)?;
    let url = address(call.base, &path)?;
    check_address(&url)?;
    if call.token.is_some() {
        check_host(&url, call.hosts)?;
    }
    let endpoint = match call.target {
        Destination::Endpoint(endpoint) => Some(endpoint),
        Destination::Path { .. } => None,
    };
    let body = call.body.or_else(|| endpoint.and_then(|e| e.body.as_deref()).map(str::as_bytes)).unwrap_or_default();

    let mut headers = Vec::new();
    headers.extend(call.token.map(|token| credential(&call.definition.placement, token)).transpose()?);
    let without = endpoint.map_or(&[][..], |endpoint| &endpoint.without_headers);
    headers.extend(filler.headers((&method, &path), without, random)?);
    let kind = endpoint.and_then(|e| e.content_type.as_deref()).unwrap_or("application/json");
    filler.usual(&mut headers, (!body.is_empty()).then_some(kind));
    check_fields(&headers)?;
    Ok(PreparedRequest { method, url, headers, body: body.to_vec().into() })
}

/// The method, and the path with its variables filled in.
fn target(call: &Call<'_>, filler: &Filler<'_>) -> Result<(String, String), PrepareError> {
    match call.target {
        Destination::Endpoint(endpoint) => {
            let slot = |slot: &Slot, _| filler.slot(slot, TemplatePlace::Path, "the path", &mut |_| {});
            Ok((endpoint.method.clone(), call.definition.fill_address(&endpoint.path, slot)?))
        }
        Destination::Path { method, path } => {
            if method.is_empty() || !method.bytes().all(|b| b.is_ascii_alphabetic()) {
                return Err(PrepareError::NotAMethod { found: method.to_owned() });
            }
            Ok((method.to_ascii_uppercase(), path.to_owned()))
        }
    }
}
