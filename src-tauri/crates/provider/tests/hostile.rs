//! Definitions and values of somebody who means harm: none forges a line, moves a host or sets a field that routes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use std::collections::BTreeMap;

use jose::unseen::steers;
use keywright_provider::{
    AddressError, AddressPart, Definition, ROUTING_FIELDS, Template, built_in, built_in_text, is_loopback,
    is_sealed_for, sealed_host,
};
use toml::de::{DeTable, DeValue};
use url::Url;

const SMALL: &str = r#"keywright-provider = 1
id = "acme"
name = "Acme"

[[variables]]
id = "shop"
label = "Shop"

[[environments]]
id = "test"
label = "Test"
base-url = "https://{shop}.acme.test"

[[credentials.api-keys]]
id = "key"
label = "Key"
"#;

/// Every error of a text, with its hint, a line each.
fn errors(text: &str) -> Vec<String> {
    let Err(errors) = Definition::check(text) else { return Vec::new() };
    let hint = |hint: String| format!(" ({hint})");
    errors.iter().map(|error| format!("{error}{}", error.hint().map(hint).unwrap_or_default())).collect()
}

/// Where each text of a file stands, in bytes, and whether it is one that may have several lines.
fn texts(text: &str) -> Vec<(std::ops::Range<usize>, String, bool)> {
    fn walk(
        value: &DeValue<'_>,
        span: std::ops::Range<usize>,
        key: &str,
        out: &mut Vec<(std::ops::Range<usize>, String, bool)>,
    ) {
        match value {
            DeValue::String(text) => out.push((span, text.to_string(), ["body", "signed", "separator"].contains(&key))),
            DeValue::Array(items) => items.iter().for_each(|item| walk(item.get_ref(), item.span(), key, out)),
            DeValue::Table(table) => table.iter().for_each(|(key, v)| walk(v.get_ref(), v.span(), key.get_ref(), out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    for (key, value) in DeTable::parse(text).unwrap().get_ref() {
        walk(value.get_ref(), value.span(), key.get_ref(), &mut out);
    }
    out
}

/// C0 and C1 controls, DEL, and what turns the direction of text.
const STEERING: [char; 14] = [
    '\u{0}', '\u{7}', '\u{8}', '\n', '\r', '\u{1b}', '\u{7f}', '\u{9b}', '\u{200e}', '\u{200f}', '\u{202a}',
    '\u{202e}', '\u{2066}', '\u{2069}',
];

#[test]
fn no_text_of_a_definition_holds_what_steers() {
    let mut tried = 0;
    for id in ["partner", "cryptopay"] {
        let good = built_in_text(id).unwrap();
        for (index, (span, text, lines)) in texts(good).into_iter().enumerate() {
            let c = STEERING[index % STEERING.len()];
            if lines && c == '\n' {
                continue;
            }
            let quoted: String =
                text.chars().flat_map(|c| format!("\\U{:08X}", u32::from(c)).chars().collect::<Vec<_>>()).collect();
            let bad = format!("{}\"{quoted}\\U{:08X}\"{}", &good[..span.start], u32::from(c), &good[span.end..]);
            let errors = errors(&bad);
            assert!(!errors.is_empty(), "{id}: {text:?} with {c:?}");
            assert!(errors.iter().all(|error| error.starts_with("line ") && !error.contains(steers)), "{errors:?}");
            tried += 1;
        }
    }
    assert!(tried > 250, "{tried}");
}

#[test]
fn what_steers_is_named_with_its_place() {
    let with = |from: &str, to: &str| {
        assert!(SMALL.contains(from), "{from}");
        errors(&SMALL.replacen(from, to, 1)).join("\n")
    };
    let and = |more: &str| errors(&format!("{SMALL}\n{more}\n")).join("\n");
    let cases = [
        with("name = \"Acme\"", "name = \"Acme\"\nnote = \"\\u001b]52;c;aGk=\\u0007\""),
        with("name = \"Acme\"", "name = \"Acme\"\ndocumentation = \"https://a.test/\u{202e}moc\""),
        with("label = \"Shop\"", "label = \"Shop\"\nhelp = \"two\\nlines\""),
        with("id = \"acme\"", "id = \"ac\\u001bme\""),
        with("id = \"shop\"", "id = \"sh\\u202eop\""),
        and("[sources]\n\"a\\u001b\" = { title = \"A\", trust = \"published\" }"),
        and("[[headers]]\nname = \"X\"\nvalue = \"{a\\u001b}\""),
        and("[[headers]]\nname = \"X\"\nvalue = \"1\"\nfrom = \"a\\u001b\""),
        and("[[headers]]\nname = \"X\"\n\"va\\u001b\" = \"1\""),
        and(
            "[[endpoints]]\nid = \"e\"\nlabel = \"E\"\nmethod = \"POST\"\npath = \"/a\\rb\"\nbody = \"\"\"\n{\n\t\"a\": 1\n}\"\"\"",
        ),
        and("[[endpoints]]\nid = \"e\"\nlabel = \"E\"\nmethod = \"POST\"\npath = \"/a\"\nbody = \"{ }\\r{\""),
        and("[scopes]\nvalues = [{ value = \"a\", title = \"A\" }]\naliases = { \"b\\u001b\" = \"c\" }"),
    ];
    insta::assert_snapshot!(cases.join("\n"));
}

#[test]
fn what_is_signed_may_have_lines() {
    let webhook = "[webhook]\nmac = \"hmac-sha256\"\nsigned = \"{timestamp}\\n{body}\"\nsignature = { header = \"S\", encoding = \"hex\" }\ntimestamp = { header = \"T\", unit = \"s\", tolerance = \"5m\" }";
    assert_eq!(errors(&format!("{SMALL}\n{webhook}\n")), [""; 0]);
    let body = "[[endpoints]]\nid = \"e\"\nlabel = \"E\"\nmethod = \"POST\"\npath = \"/a\"\nbody = \"{\\r\\n\\t\\\"a\\\": 1\\r\\n}\"";
    assert_eq!(errors(&format!("{SMALL}\n{body}\n")), [""; 0]);
}

#[test]
fn no_field_that_routes_is_set() {
    let proxies = ["proxy-authorization", "Proxy-Connection"];
    for name in ROUTING_FIELDS.into_iter().chain(proxies) {
        for name in [name.to_owned(), name.to_ascii_uppercase()] {
            let header = format!("{SMALL}\n[[headers]]\nname = \"{name}\"\nvalue = \"evil.test\"\n");
            assert_eq!(errors(&header).len(), 1, "{name}");
            let place = format!("{SMALL}\n[placement]\nin = \"header\"\nname = \"{name}\"\ntakes = [\"key\"]\n");
            assert_eq!(errors(&place).len(), 1, "{name}");
        }
    }
    let both = "[placement]\nin = \"header\"\nname = \"Host\"\n\n[[headers]]\nname = \"Transfer-Encoding\"\nvalue = \"chunked\"";
    insta::assert_snapshot!(errors(&format!("{SMALL}\n{both}\n")).join("\n"), @r#"
    line 20, column 8: placement.name: "Host", which says how a message travels, wanted a field of the API's own (whoever sends the request makes it from the address and the body)
    line 23, column 8: headers[1].name: "Transfer-Encoding", which says how a message travels, wanted a field of the API's own (whoever sends the request makes it from the address and the body)
    "#);
}

fn address(base_url: &str, shop: &str) -> Result<Url, AddressError> {
    let definition = Definition::parse(&SMALL.replace("https://{shop}.acme.test", base_url)).unwrap();
    definition.base_url(&definition.environments[0], &BTreeMap::from([("shop".to_owned(), shop.to_owned())]), None)
}

/// Values that moved the host, or were meant to.
const MOVING: [&str; 20] = [
    "evil.test/",
    "evil.test#",
    "evil.test?",
    "evil.test\\",
    "a@b",
    "a:1",
    "a#",
    "..",
    ".",
    "https://evil.test",
    "https:",
    "//evil.test",
    "a b",
    "a%2eb",
    "ü",
    "-a",
    "a_b",
    "[::1]",
    "127.0.0.1",
    "evil.test",
];

#[test]
fn what_fills_a_host_is_a_label_of_it() {
    let mut shown = String::new();
    for value in MOVING {
        let error = address("https://{shop}.acme.test", value).unwrap_err();
        shown += &format!("{error}\n");
    }
    insta::assert_snapshot!(shown);
    for value in ["acme", "3com", "ACME", "a-b", "https", " acme "] {
        let url = address("https://{shop}.acme.test", value).unwrap();
        assert_eq!(url.host_str(), Some(format!("{}.acme.test", value.trim().to_lowercase()).as_str()));
    }
    assert_eq!(address("https://api-{shop}.acme.test/v1", "x").unwrap().as_str(), "https://api-x.acme.test/v1/");
}

#[test]
fn what_fills_a_whole_host_is_a_name() {
    assert_eq!(address("https://{shop}/v1", "login.acme.test").unwrap().as_str(), "https://login.acme.test/v1/");
    assert_eq!(
        address("https://{shop}:8443/v1", "login.acme.test").unwrap().as_str(),
        "https://login.acme.test:8443/v1/"
    );
    for value in MOVING.into_iter().filter(|value| !["127.0.0.1", "evil.test"].contains(value)) {
        assert!(matches!(address("https://{shop}/v1", value), Err(AddressError::Part { .. })), "{value}");
    }
}

#[test]
fn what_fills_a_path_stays_in_its_segment() {
    for (value, path) in [
        ("acme", "/t/acme/v1/"),
        ("a/b", "/t/a%2Fb/v1/"),
        ("a?b#c", "/t/a%3Fb%23c/v1/"),
        ("%2e%2e", "/t/%252e%252e/v1/"),
    ] {
        assert_eq!(address("https://h.test/t/{shop}/v1", value).unwrap().path(), path);
    }
    for value in [".", ".."] {
        assert!(matches!(address("https://h.test/t/{shop}/v1", value), Err(AddressError::Part { .. })), "{value}");
    }
    let error = address("https://h.test/t/{shop}/v1", "..").unwrap_err();
    insta::assert_snapshot!(format!("{error}\n{}", error.hint().unwrap()), @r#"
    {shop} cannot stand in a path with this value: found "..", wanted a text other than . and .. (RFC 3986 §5.2.4)
    set "Shop" to the part alone, without https:// and without what stands around it
    "#);
}

#[test]
fn an_address_in_a_query_is_text_like_any_other() {
    let definition = Definition::parse(&format!("{SMALL}{FLOWS}")).unwrap();
    let template = Template::parse("/to?u=https://{shop}").unwrap();
    let filled = definition.fill_address(&template, |_, part| {
        assert_eq!(part, AddressPart::Path);
        Ok::<_, AddressError>("a/b".to_owned())
    });
    assert_eq!(filled.unwrap(), "/to?u=https://a%2Fb");
}

#[test]
fn addresses_without_a_host_of_their_own_are_refused() {
    let mut shown = String::new();
    for base in [
        "https:///{shop}",
        "https://\\\\{shop}",
        "https:/{shop}",
        "https:{shop}",
        "{shop}://h.test",
        "https://{shop}@h.test",
        "https://h.test:{shop}",
        "https://h.test?q={shop}",
        "https://h.test#{shop}",
        "http://{shop}.acme.test",
    ] {
        let found = errors(&SMALL.replace("https://{shop}.acme.test", base));
        assert_eq!(found.len(), 1, "{base}: {found:?}");
        shown += &format!("{}\n", found[0]);
    }
    let path = SMALL.replace("label = \"Shop\"", "label = \"Shop\"\nkind = \"path\"");
    shown += &errors(&path).join("\n");
    insta::assert_snapshot!(shown);
}

#[test]
fn a_port_of_its_own_is_sealed_and_sent_to() {
    let definition =
        Definition::parse(&SMALL.replace("https://{shop}.acme.test", "https://{shop}.acme.test:8443/v1")).unwrap();
    let variables = BTreeMap::from([("shop".to_owned(), "a".to_owned())]);
    let base = definition.base_url(&definition.environments[0], &variables, None).unwrap();
    let hosts = definition.hosts(&base, &variables).unwrap();
    assert_eq!(hosts, ["a.acme.test:8443"]);
    assert!(is_sealed_for(&base, &hosts));
    for other in ["https://a.acme.test", "https://a.acme.test:8444", "https://b.acme.test:8443"] {
        assert!(!is_sealed_for(&Url::parse(other).unwrap(), &hosts), "{other}");
    }
}

const FLOWS: &str = r#"
[[flows]]
id = "a"
label = "A"
kind = "mint"
method = "POST"
path = "https://{shop}.login.test/token?x={shop}"

[[flows]]
id = "b"
label = "B"
kind = "mint"
method = "POST"
path = "https://FIXED.test:8443/token"

[[flows]]
id = "c"
label = "C"
kind = "refresh"
method = "POST"
path = "https://fixed.test:8443/refresh"

[[flows]]
id = "d"
label = "D"
kind = "log-out"
method = "POST"
path = "http://localhost:9000/log-out"

[[flows]]
id = "e"
label = "E"
kind = "log-out"
method = "POST"
path = "https://{other}/log-out"

[[variables]]
id = "other"
label = "Other"
"#;

#[test]
fn the_hosts_of_flows_are_sealed_each_once() {
    let definition = Definition::parse(&format!("{SMALL}{FLOWS}")).unwrap();
    let base = Url::parse("https://acme.test").unwrap();
    let hosts = |pairs: &[(&str, &str)]| {
        let variables = pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        definition.hosts(&base, &variables)
    };
    // The last flow has no address while its variable is empty.
    assert_eq!(hosts(&[("shop", "a")]).unwrap(), ["acme.test", "a.login.test", "fixed.test:8443", "localhost"]);
    let all = hosts(&[("shop", "a"), ("other", "login.other.test")]).unwrap();
    assert_eq!(all, ["acme.test", "a.login.test", "fixed.test:8443", "localhost", "login.other.test"]);
    assert_eq!(hosts(&[("shop", "a"), ("other", "acme.test")]).unwrap().len(), 4, "the base address is there already");
    assert!(matches!(hosts(&[("shop", "evil.test/")]), Err(AddressError::Part { .. })));
}

#[test]
fn built_in_hosts_are_as_before() {
    for definition in built_in() {
        let base = Url::parse("http://127.0.0.1:4000").unwrap();
        assert!(is_loopback(&base));
        assert_eq!(definition.hosts(&base, &BTreeMap::new()).unwrap(), [sealed_host(&base)], "{}", definition.id);
    }
}
