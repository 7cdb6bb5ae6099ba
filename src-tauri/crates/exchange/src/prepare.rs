//! From a call in the provider's terms to a request complete to the byte. Nothing is sent here.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use provider::{
    AddressError, Definition, Endpoint, Slot, Template,
    definition::{ExtraHeader, Spot},
    is_loopback,
};
use url::Url;
use zeroize::Zeroizing;

use crate::{Header, PreparedRequest, redact::redact};

/// One call to prepare.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The provider's rules.
    pub definition: &'a Definition,
    /// The address of the environment.
    pub base: &'a Url,
    /// What is called.
    pub target: Target<'a>,
    /// The variables of the profile.
    pub variables: &'a BTreeMap<String, String>,
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
pub enum Target<'a> {
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

/// Why a call cannot be prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// HTTP to another computer.
    #[error("{found} is plain HTTP to another computer, wanted https")]
    PlainHttp {
        /// The address.
        found: String,
    },
    /// A host that the credential may not be sent to.
    #[error("the request goes to {found}, and this credential may be sent {}", to(allowed))]
    HostNotAllowed {
        /// The host of the request.
        found: String,
        /// The hosts sealed with the credential.
        allowed: Vec<String>,
    },
    /// Not a path.
    #[error("{found:?} is not a path, wanted one that begins with /")]
    NotAPath {
        /// The text.
        found: String,
    },
    /// Not an HTTP method.
    #[error("{found:?} is not an HTTP method, wanted one such as GET or POST")]
    NotAMethod {
        /// The text.
        found: String,
    },
    /// A variable that the path or a header field needs.
    #[error("{0}")]
    Variable(#[from] AddressError),
    /// Something that a path or header field asks for and a call does not have.
    #[error("{slot} in {place} cannot be filled in for a call")]
    Unfilled {
        /// The slot.
        slot: String,
        /// Where it stands.
        place: String,
    },
    /// A token that cannot stand in a header field.
    #[error("the token has {what} at byte {at}, which cannot stand in a header field")]
    TokenCharacter {
        /// What stands there.
        what: &'static str,
        /// Its position, from 0.
        at: usize,
    },
    /// A value that cannot stand in a header field.
    #[error("the value of {name} has a character that cannot stand in a header field")]
    HeaderCharacter {
        /// The header field.
        name: String,
    },
    /// A value longer than the provider takes.
    #[error("the value of {name} has {found} characters, wanted at most {wanted}")]
    HeaderLength {
        /// The header field.
        name: String,
        /// Its length.
        found: usize,
        /// The longest that is taken.
        wanted: usize,
    },
    /// A place where a credential is not put.
    #[error("a credential in {place} would be kept in logs and histories, and is not sent")]
    Placement {
        /// The place.
        place: &'static str,
    },
}

impl PrepareError {
    /// What to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::PlainHttp { .. } => {
                Some("anybody between could read the token; only addresses of this computer may be http".to_owned())
            }
            Self::HostNotAllowed { .. } => {
                Some("the hosts are sealed with the credential: check the environment and the base address".to_owned())
            }
            Self::NotAPath { .. } => {
                Some("the host comes from the environment; write /transactions?limit=1".to_owned())
            }
            Self::Variable(error) => error.hint(),
            Self::TokenCharacter { .. } => {
                Some("paste the token alone, without the word Bearer, quotes and line breaks".to_owned())
            }
            Self::Placement { .. } => Some("send it in a header field (RFC 6750 §5.3)".to_owned()),
            Self::NotAMethod { .. }
            | Self::Unfilled { .. }
            | Self::HeaderCharacter { .. }
            | Self::HeaderLength { .. } => None,
        }
    }
}

/// Makes the request of a call. `random` fills its argument with unpredictable bytes, for idempotency keys.
pub fn prepare(call: &Call<'_>, random: &mut dyn FnMut(&mut [u8])) -> Result<PreparedRequest, PrepareError> {
    let (method, path) = target(call)?;
    let url = address(call.base, &path)?;
    check_address(&url)?;
    if call.token.is_some() {
        check_host(&url, call.hosts)?;
    }
    let endpoint = match call.target {
        Target::Endpoint(endpoint) => Some(endpoint),
        Target::Path { .. } => None,
    };
    let body = call.body.or_else(|| endpoint.and_then(|e| e.body.as_deref()).map(str::as_bytes)).unwrap_or_default();

    let mut headers = Vec::new();
    headers.extend(call.token.map(|token| credential(call.definition, token)).transpose()?);
    for extra in &call.definition.headers {
        let left_out =
            endpoint.is_some_and(|e| e.without_headers.iter().any(|name| name.eq_ignore_ascii_case(&extra.name)));
        if !left_out && extra.goes_with(&method, &path) {
            headers.extend(extra_header(call, extra, random)?);
        }
    }
    let set = |headers: &[Header], name: &str| headers.iter().any(|header| header.name.eq_ignore_ascii_case(name));
    if !body.is_empty() && !set(&headers, "content-type") {
        let kind = endpoint.and_then(|e| e.content_type.as_deref()).unwrap_or("application/json");
        headers.push(Header::plain("Content-Type", kind));
    }
    if !set(&headers, "accept") {
        headers.push(Header::plain("Accept", "application/json"));
    }
    if !set(&headers, "user-agent") {
        headers.push(Header::plain("User-Agent", format!("keywright/{}", call.version)));
    }
    Ok(PreparedRequest { method, url, headers, body: body.to_vec().into() })
}

/// The method, and the path with its variables filled in.
fn target(call: &Call<'_>) -> Result<(String, String), PrepareError> {
    match call.target {
        Target::Endpoint(endpoint) => {
            let path = endpoint.path.fill(|slot| fill(call, slot, "the path", &mut |_| {}).map(|v| escape(&v)))?;
            Ok((endpoint.method.clone(), path))
        }
        Target::Path { method, path } => {
            if method.is_empty() || !method.bytes().all(|b| b.is_ascii_alphabetic()) {
                return Err(PrepareError::NotAMethod { found: method.to_owned() });
            }
            Ok((method.to_ascii_uppercase(), path.to_owned()))
        }
    }
}

/// A path below the base address. The host is the base's whatever the path says: `//other.host` is a path.
fn address(base: &Url, path: &str) -> Result<Url, PrepareError> {
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

fn check_address(url: &Url) -> Result<(), PrepareError> {
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url)) {
        return Ok(());
    }
    Err(PrepareError::PlainHttp { found: origin(url) })
}

fn check_host(url: &Url, allowed: &[String]) -> Result<(), PrepareError> {
    let host = url.host_str().unwrap_or_default();
    let with_port = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
    let any_port = is_loopback(url) || url.port().is_none();
    let fits =
        |entry: &String| entry.eq_ignore_ascii_case(&with_port) || (any_port && entry.eq_ignore_ascii_case(host));
    if allowed.iter().any(fits) {
        return Ok(());
    }
    let found = if url.port().is_some() { with_port } else { host.to_owned() };
    Err(PrepareError::HostNotAllowed { found, allowed: allowed.to_vec() })
}

/// The header field with the credential, and the form in which it may be shown.
fn credential(definition: &Definition, token: &str) -> Result<Header, PrepareError> {
    if let Some((at, byte)) = token.bytes().enumerate().find(|(_, b)| !b.is_ascii_graphic() && *b != b' ') {
        let what = match byte {
            b'\r' | b'\n' => "a line break",
            b if b.is_ascii() => "a control character",
            _ => "a character outside ASCII",
        };
        return Err(PrepareError::TokenCharacter { what, at });
    }
    let place = &definition.placement;
    let masked = |prefix: String, clear: &str| {
        let shown = format!("{prefix}{}", redact(clear));
        Header::masked(place.name.clone(), Zeroizing::new(format!("{prefix}{clear}")), shown)
    };
    match place.spot {
        Spot::Header => {
            if let Some(at) = token.find(' ') {
                return Err(PrepareError::TokenCharacter { what: "a space", at });
            }
            Ok(masked(place.scheme.as_ref().map(|scheme| format!("{scheme} ")).unwrap_or_default(), token))
        }
        Spot::Basic => {
            let clear = Zeroizing::new(format!("Basic {}", BASE64.encode(token.as_bytes())));
            Ok(Header::masked("Authorization", clear, "Basic •••"))
        }
        Spot::Cookie => {
            let clear = Zeroizing::new(format!("{}={token}", place.name));
            Ok(Header::masked("Cookie", clear, format!("{}={}", place.name, redact(token))))
        }
        Spot::Query => Err(PrepareError::Placement { place: "the address" }),
        Spot::Body => Err(PrepareError::Placement { place: "the body" }),
    }
}

fn extra_header(
    call: &Call<'_>,
    extra: &ExtraHeader,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<Option<Header>, PrepareError> {
    let value = match fill_optional(call, &extra.value, &extra.name, random)? {
        Some(value) => value,
        None if extra.omit_if_empty => return Ok(None),
        None => String::new(),
    };
    if extra.omit_if_empty && value.is_empty() {
        return Ok(None);
    }
    if !value.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) {
        return Err(PrepareError::HeaderCharacter { name: extra.name.clone() });
    }
    let found = value.chars().count();
    if let Some(wanted) = extra.max.filter(|max| found > *max) {
        return Err(PrepareError::HeaderLength { name: extra.name.clone(), found, wanted });
    }
    Ok(Some(Header::plain(extra.name.clone(), value)))
}

/// A template whose variables may be empty: then there is no value.
fn fill_optional(
    call: &Call<'_>,
    template: &Template,
    name: &str,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<Option<String>, PrepareError> {
    let filled = template.fill(|slot| fill(call, slot, name, random));
    match filled {
        Err(PrepareError::Variable(AddressError::VariableEmpty { .. })) => Ok(None),
        other => other.map(Some),
    }
}

fn fill(call: &Call<'_>, slot: &Slot, place: &str, random: &mut dyn FnMut(&mut [u8])) -> Result<String, PrepareError> {
    let mut uuid = || {
        let mut bytes = [0; 16];
        random(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    };
    match slot {
        Slot::Variable(id) => {
            let empty = || AddressError::VariableEmpty {
                id: id.clone(),
                label: call.definition.variable(id).map_or_else(|| id.clone(), |variable| variable.label.clone()),
                help: call.definition.variable(id).and_then(|variable| variable.help.clone()),
            };
            Ok(call.definition.variable_value(id, call.variables)?.ok_or_else(empty)?)
        }
        Slot::Uuid => Ok(uuid().hyphenated().to_string()),
        Slot::UuidHex => Ok(uuid().simple().to_string()),
        Slot::App => Ok(format!("keywright/{}", call.version)),
        slot => Err(PrepareError::Unfilled { slot: slot.to_string(), place: place.to_owned() }),
    }
}

/// A value as part of a path: everything but unreserved characters becomes %XX (RFC 3986 §2.3).
fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// Scheme, host and port: what of an address may stand in a message.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn to(hosts: &[String]) -> String {
    if hosts.is_empty() { "nowhere".to_owned() } else { format!("to {} only", hosts.join(", ")) }
}
