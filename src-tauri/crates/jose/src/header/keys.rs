//! Keys that a token points at or brings: what it claims, shown and never used (RFC 7515 §4.1.2 to §4.1.6).

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{Code, Finding, Part, json::Node, text};

pub(super) fn check_urls(root: Node<'_, '_>, findings: &mut Vec<Finding>) {
    for name in ["jku", "x5u"] {
        let Some(node) = root.get(name) else { continue };
        let url = node.as_str().unwrap_or_default();
        let shown = text::elide(&url);
        let (code, found) = if url.get(..8).is_none_or(|scheme| !scheme.eq_ignore_ascii_case("https://")) {
            (Code::KeyUrlNotHttps, format!("{name:?} is \"{shown}\"; wanted an https address"))
        } else if is_private_host(&url[8..]) {
            (Code::KeyUrlPrivate, format!("{name:?} is \"{shown}\", a host inside a private network"))
        } else {
            (Code::KeyUrl, format!("{name:?} says where the key is: \"{shown}\""))
        };
        let hint = "it is what the token claims, and is never fetched; a server that follows it trusts the sender";
        findings.push(Finding::new(code, found).hint(hint).at(Part::Header, node.span()));
    }
}

pub(super) fn check_embedded(root: Node<'_, '_>, findings: &mut Vec<Finding>) {
    for name in ["jwk", "x5c"] {
        let Some(node) = root.get(name) else { continue };
        let found = format!("{name:?} brings a key inside the token");
        let hint = "it is shown and never used: whoever forged the token would bring the fitting key";
        findings.push(Finding::new(Code::EmbeddedKey, found).hint(hint).at(Part::Header, node.span()));
    }
}

fn is_private_host(after_scheme: &str) -> bool {
    let authority = after_scheme.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if let Some(v6) = host.strip_prefix('[') {
        return v6.split(']').next().unwrap_or_default().parse::<Ipv6Addr>().is_ok_and(|address| {
            let inside = address.is_unique_local() || address.is_unicast_link_local() || address.is_unspecified();
            inside || address.is_loopback() || address.to_ipv4_mapped().is_some_and(is_private_v4)
        });
    }
    let name = host.split(':').next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    if let Ok(address) = name.parse::<Ipv4Addr>() {
        return is_private_v4(address);
    }
    // 127.1, 2130706433 and 0x7f000001 are 127.0.0.1 to a client that follows the URL standard, and to nobody's benefit.
    let last = name.rsplit('.').next().unwrap_or_default();
    let disguised = last.starts_with(|c: char| c.is_ascii_digit());
    disguised
        || name == "localhost"
        || [".localhost", ".local", ".internal"].iter().any(|suffix| name.ends_with(suffix))
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let shared = first == 100 && second & 0xc0 == 64;
    shared || first == 0 || address.is_private() || address.is_loopback() || address.is_link_local()
}

#[cfg(test)]
mod tests {
    use super::is_private_host;

    #[test]
    fn hosts_inside_are_known_in_every_disguise() {
        for host in [
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "printer.local",
            "metadata.google.internal",
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "127.1",
            "2130706433",
            "0x7f000001",
            "[::1]",
            "[fd00::1]",
            "[fe80::1]",
            "[::ffff:10.0.0.1]",
            "user:pass@127.0.0.1",
            "example.org@10.0.0.1",
        ] {
            assert!(is_private_host(&format!("{host}/x")) && is_private_host(&format!("{host}:8443?x")), "{host}");
        }
        for host in
            ["example.org", "8.8.8.8", "[2606:4700::1111]", "10.0.0.1@example.org", "localhost.example.org", "internal"]
        {
            assert!(!is_private_host(&format!("{host}/x")), "{host}");
        }
    }
}
