//! Hosts: how one is written and sealed with a credential, what a host may be made of, and which are this computer.

use url::{Host, Url};

/// Why an address counts as this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Loopback {
    /// By its address: `127.0.0.0/8` (RFC 1122 §3.2.1.3), `::1` (RFC 4291 §2.5.3).
    Address,
    /// By its name: `localhost`, or one below it. It leads here only for whoever connects to a loopback address and asks no
    /// resolver for the name (RFC 6761 §6.3).
    Name,
}

/// Whether `url` leads to this computer and nowhere else, and by what.
pub fn loopback(url: &Url) -> Option<Loopback> {
    match url.host()? {
        Host::Domain(name) => is_localhost(name).then_some(Loopback::Name),
        Host::Ipv4(address) => address.is_loopback().then_some(Loopback::Address),
        Host::Ipv6(address) => address.is_loopback().then_some(Loopback::Address),
    }
}

/// Whether `url` leads to this computer and nowhere else.
pub fn is_loopback(url: &Url) -> bool {
    loopback(url).is_some()
}

/// Whether a name is `localhost` or lies below it. A resolver must not be asked for such a name: it may answer with the
/// address of another computer.
pub fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Host and port as the field `Host` has them: without the port that the scheme implies (RFC 9110 §7.2).
pub fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A host as it is sealed with a credential: [`authority`]. One of this computer stands without a port for all its ports,
/// since a server that is tried out here is seldom twice on the same one.
pub fn sealed_host(url: &Url) -> String {
    if is_loopback(url) { url.host_str().unwrap_or_default().to_owned() } else { authority(url) }
}

/// Whether a credential that is sealed for these hosts may be sent to `url`.
pub fn is_sealed_for(url: &Url, hosts: &[String]) -> bool {
    let host = url.host_str().unwrap_or_default();
    let with_port = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
    let any_port = is_loopback(url) || url.port().is_none();
    // An IPv6 address stands in brackets in an address, and may stand without in a list.
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    hosts.iter().any(|entry| {
        let is = |text: &str| entry.eq_ignore_ascii_case(text);
        is(&with_port) || (any_port && (is(host) || is(bare)))
    })
}

/// What one label of a host may be, in words.
pub(crate) const LABEL: &str = "letters, digits and hyphens, no hyphen at an end, at most 63 of them (RFC 1123 §2.1)";

/// What a whole host may be, in words.
pub(crate) const NAME: &str = "labels of letters, digits and hyphens, with a dot between two (RFC 1123 §2.1)";

/// Whether a text is one label of a host (RFC 1123 §2.1, RFC 1035 §2.3.4).
pub(crate) fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Whether a text is a host of labels.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn this_computer_is_told_by_address_and_names_are_told_apart() {
        for at in ["http://127.0.0.1", "http://127.9.9.9:1", "http://[::1]:8080", "http://2130706433/"] {
            assert_eq!(loopback(&url(at)), Some(Loopback::Address), "{at}");
        }
        for name in ["http://localhost", "http://LOCALHOST:1", "http://api.localhost:5000", "http://localhost./"] {
            assert_eq!(loopback(&url(name)), Some(Loopback::Name), "{name}");
        }
        for elsewhere in [
            "http://localhost.example.com",
            "http://127.0.0.1.nip.io",
            "http://notlocalhost",
            "http://0.0.0.0",
            "http://[::ffff:127.0.0.1]",
            "http://10.0.0.1",
        ] {
            assert_eq!(loopback(&url(elsewhere)), None, "{elsewhere}");
        }
    }

    #[test]
    fn a_port_of_its_own_is_part_of_a_host() {
        let written = |text| (authority(&url(text)), sealed_host(&url(text)));
        assert_eq!(written("https://h.test:8443/x"), ("h.test:8443".into(), "h.test:8443".into()));
        assert_eq!(written("https://H.test:443"), ("h.test".into(), "h.test".into()));
        assert_eq!(written("https://h.test:80"), ("h.test:80".into(), "h.test:80".into()));
        assert_eq!(written("http://127.0.0.1:8080"), ("127.0.0.1:8080".into(), "127.0.0.1".into()));
        assert_eq!(written("http://[::1]:8080"), ("[::1]:8080".into(), "[::1]".into()));
    }

    #[test]
    fn what_is_sealed_can_be_sent_to_and_nothing_else() {
        for at in
            ["https://h.test", "https://h.test:8443", "https://h.test:80", "http://localhost:3000", "http://[::1]:1"]
        {
            assert!(is_sealed_for(&url(at), &[sealed_host(&url(at))]), "{at}");
        }
        let sent = |to: &str, sealed: &str| is_sealed_for(&url(to), &[sealed.to_owned()]);
        assert!(sent("https://h.test", "H.TEST") && sent("https://h.test", "h.test:443"));
        assert!(sent("http://127.0.0.1:41234", "127.0.0.1") && sent("http://[::1]:41234", "::1"));
        assert!(!sent("https://h.test:8443", "h.test") && !sent("https://h.test", "h.test:8443"));
        assert!(!sent("https://h.test:8444", "h.test:8443") && !sent("https://a.h.test", "h.test"));
        assert!(!is_sealed_for(&url("https://h.test"), &[]));
    }

    #[test]
    fn labels_are_those_of_rfc_1123() {
        for label in ["acme", "3com", "a-b", "A1", "xn--mller-kva", &"a".repeat(63)] {
            assert!(is_label(label), "{label}");
        }
        for other in ["", "-a", "a-", "a.b", "a_b", "a b", "a@b", "a:1", "a#", "..", "evil.test/", "ü", &"a".repeat(64)]
        {
            assert!(!is_label(other), "{other}");
        }
        assert!(is_name("login.acme.test") && is_name("acme"));
        assert!(!is_name("acme..test") && !is_name("acme.test.") && !is_name("") && !is_name(&"a.".repeat(200)));
    }
}
