//! Names of header fields, and those that say how a message travels and are nobody's to set.

/// Fields that say where a message goes, where it ends and what the connection does, in lower case (RFC 9110 §7.2, §7.6, §8.6,
/// §10.1.1, §10.1.4, RFC 9112 §6.1, RFC 2068 §19.7.1). Whoever writes the request makes them from its address and its body; with
/// another value the connection is to one host and the message for another, or it ends where its reader does not expect it.
pub const ROUTING_FIELDS: [&str; 9] =
    ["host", "transfer-encoding", "content-length", "connection", "upgrade", "expect", "te", "trailer", "keep-alive"];

/// What the names of fields for a proxy on the way begin with (RFC 9110 §11.7).
const PROXY: &str = "proxy-";

/// Whether a definition and a call leave this field alone, whatever the case of its letters.
pub fn is_routing_field(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with(PROXY) || ROUTING_FIELDS.contains(&name.as_str())
}

/// Whether a text is a token: the name of a field, of a cookie, of a scheme (RFC 9110 §5.6.2).
pub(crate) fn is_token(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !text.is_empty() && text.bytes().all(fits)
}

/// Whether a text can be the value of a field as it is written here: visible ASCII and spaces (RFC 9110 §5.5).
pub fn is_field_value(text: &str) -> bool {
    text.bytes().all(|b| b == b' ' || b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_route_are_known_in_any_case() {
        for name in ["Host", "HOST", "te", "Keep-Alive", "Proxy-Authorization", "proxy-connection", "Content-Length"] {
            assert!(is_routing_field(name), "{name}");
        }
        for name in ["X-Host", "Authorization", "Accept", "Content-Type", "Cookie", "Proxy", "Hostname", "Team"] {
            assert!(!is_routing_field(name), "{name}");
        }
    }
}
