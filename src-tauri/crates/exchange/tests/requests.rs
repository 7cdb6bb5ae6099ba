//! What a call looks like on the wire, what is refused before it, and the forms in which it is shown.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use std::collections::BTreeMap;

use keywright_exchange::{Call, Destination, PrepareError, PreparedRequest, copy_as_curl, prepare, redact, with_token};
use proptest::prelude::*;
use provider::{Definition, built_in_named};
use url::Url;

const TOKEN: &str = "eyJhbGciOiJFUzUxMiJ9.eyJqdGkiOiIxIn0.c2lnbmF0dXJl";

fn gr4vy() -> &'static Definition {
    built_in_named("gr4vy").unwrap()
}

fn variables(merchant: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("merchant_account_id".to_owned(), merchant.to_owned())])
}

struct Try<'a> {
    base: &'a str,
    target: Destination<'a>,
    merchant: &'a str,
    body: Option<&'a [u8]>,
    token: Option<&'a str>,
    hosts: &'a [&'a str],
}

impl<'a> Try<'a> {
    fn endpoint(id: &str) -> Self {
        Self {
            base: "https://api.sandbox.acme.gr4vy.app/",
            target: Destination::Endpoint(gr4vy().endpoint(id).unwrap()),
            merchant: "acme-uk",
            body: None,
            token: Some(TOKEN),
            hosts: &["api.sandbox.acme.gr4vy.app"],
        }
    }

    fn path(method: &'a str, path: &'a str) -> Self {
        Self { target: Destination::Path { method, path }, ..Self::endpoint("transactions") }
    }

    fn prepare(&self) -> Result<PreparedRequest, PrepareError> {
        let hosts: Vec<String> = self.hosts.iter().map(ToString::to_string).collect();
        let base = Url::parse(self.base).unwrap();
        let variables = variables(self.merchant);
        let call = Call {
            definition: gr4vy(),
            base: &base,
            target: self.target,
            variables: &variables,
            fields: &[],
            now: 1_795_183_600,
            body: self.body,
            token: self.token,
            hosts: &hosts,
            version: "0.1.0",
        };
        prepare(&call, &mut |bytes| bytes.fill(7))
    }
}

/// A request as it may be shown.
fn shown(request: &PreparedRequest) -> String {
    let mut out = format!("{} {}\n", request.method, request.url);
    for header in &request.headers {
        out.push_str(&format!("{}: {}\n", header.name, header.value.shown()));
    }
    out + "\n" + &String::from_utf8_lossy(&request.body.shown())
}

#[test]
fn a_read_carries_the_token_and_the_merchant() {
    insta::assert_snapshot!(shown(&Try::endpoint("transactions").prepare().unwrap()));
}

#[test]
fn a_write_carries_its_body_and_an_idempotency_key() {
    insta::assert_snapshot!(shown(&Try::endpoint("create-transaction").prepare().unwrap()));
}

#[test]
fn g20_the_merchant_header_is_sent_only_when_set_and_not_where_it_is_excluded() {
    let has = |request: PreparedRequest| request.shown_header("x-gr4vy-merchant-account-id").is_some();
    assert!(has(Try::endpoint("buyers").prepare().unwrap()));
    assert!(!has(Try { merchant: "", ..Try::endpoint("buyers") }.prepare().unwrap()));
    assert!(!has(Try { merchant: "  ", ..Try::endpoint("buyers") }.prepare().unwrap()));
    for endpoint in ["merchant-accounts", "api-key-pairs", "create-api-key-pair"] {
        assert!(!has(Try::endpoint(endpoint).prepare().unwrap()), "{endpoint}");
    }
    for path in ["/roles", "/roles/7", "/payment-service-definitions/x", "/merchant-accounts/default?a=/buyers"] {
        assert!(!has(Try::path("GET", path).prepare().unwrap()), "{path}");
    }
    assert!(has(Try::path("GET", "/roles-of-mine").prepare().unwrap()));
}

#[test]
fn g21_the_scheme_is_bearer_with_a_capital() {
    let request = Try::endpoint("transactions").prepare().unwrap();
    assert_eq!(request.headers[0].name, "Authorization");
    assert_eq!(request.headers[0].value.clear(), format!("Bearer {TOKEN}"));
    assert_eq!(request.headers[0].value.shown(), "Bearer eyJhbGciOiJFUzUxMiJ9.eyJqdGkiOiIxIn0.•••");
}

#[test]
fn idempotency_keys_are_for_the_money_calls_and_fresh() {
    let key = |request: PreparedRequest| request.shown_header("idempotency-key").map(str::to_owned);
    for path in ["/transactions", "/transactions/42/capture", "/transactions/42/void", "/transactions/42/refunds"] {
        let key = key(Try::path("post", path).prepare().unwrap()).unwrap_or_else(|| panic!("{path}"));
        assert_eq!(key, "07070707-0707-4707-8707-070707070707");
    }
    for (method, path) in [("GET", "/transactions"), ("POST", "/buyers"), ("POST", "/transactions/42/other")] {
        assert_eq!(key(Try::path(method, path).prepare().unwrap()), None, "{method} {path}");
    }
}

#[test]
fn g26_http_is_refused_except_on_this_computer() {
    for base in ["http://127.0.0.1:8080", "http://localhost:8080/", "http://[::1]:8080"] {
        let hosts = &["127.0.0.1", "localhost", "[::1]"];
        let request = Try { base, hosts, ..Try::endpoint("transactions") }.prepare().unwrap();
        assert!(request.url.as_str().ends_with(":8080/transactions?limit=1"), "{}", request.url);
    }
    for base in
        ["http://api.acme.gr4vy.app", "http://10.0.0.1", "http://127.0.0.1.nip.io", "http://localhost.example.com"]
    {
        let host = base.trim_start_matches("http://");
        let refused = Try { base, hosts: &[host], ..Try::endpoint("transactions") }.prepare();
        assert!(matches!(refused, Err(PrepareError::PlainHttp { .. })), "{base}: {refused:?}");
    }
}

#[test]
fn a_credential_goes_to_its_own_hosts_only() {
    let go =
        |base: &'static str, hosts: &'static [&'static str]| Try { base, hosts, ..Try::endpoint("buyers") }.prepare();
    assert!(go("https://API.acme.gr4vy.app", &["api.acme.gr4vy.app"]).is_ok());
    assert!(go("https://api.acme.gr4vy.app:8443", &["api.acme.gr4vy.app:8443"]).is_ok());
    assert!(go("http://127.0.0.1:41234", &["127.0.0.1"]).is_ok());
    for (base, hosts) in [
        ("https://api.sandbox.acme.gr4vy.app", &["api.acme.gr4vy.app"][..]),
        ("https://api.acme.gr4vy.app.evil.example", &["api.acme.gr4vy.app"]),
        ("https://api.acme.gr4vy.app:8443", &["api.acme.gr4vy.app"]),
        ("https://api.acme.gr4vy.app", &[]),
    ] {
        assert!(matches!(go(base, hosts), Err(PrepareError::HostNotAllowed { .. })), "{base}");
    }
    let open = Try { token: None, hosts: &[], ..Try::endpoint("buyers") };
    assert!(open.prepare().is_ok(), "without a credential there is nothing to keep");
}

/// Definitions that no file can say: the check refuses them by the same list.
#[test]
fn a_field_that_routes_is_not_written() {
    let mut header = gr4vy().clone();
    header.headers[0].name = "Host".to_owned();
    let mut place = gr4vy().clone();
    place.placement.name = "transfer-encoding".to_owned();
    let base = Url::parse("https://api.sandbox.acme.gr4vy.app/").unwrap();
    let hosts = ["api.sandbox.acme.gr4vy.app".to_owned()];
    let mut shown = String::new();
    for definition in [&header, &place] {
        let call = Call {
            definition,
            base: &base,
            target: Destination::Path { method: "GET", path: "/buyers" },
            variables: &variables("acme-uk"),
            fields: &[],
            now: 1_795_183_600,
            body: None,
            token: Some(TOKEN),
            hosts: &hosts,
            version: "0.1.0",
        };
        let error = prepare(&call, &mut |bytes| bytes.fill(7)).unwrap_err();
        shown += &format!("{error}\n  {}\n", error.hint().unwrap_or_default());
    }
    let good = Try::endpoint("buyers").prepare().unwrap();
    let renewed = with_token(good, &place, TOKEN, &hosts);
    assert!(matches!(renewed, Err(PrepareError::RoutingField { .. })), "{renewed:?}");
    insta::assert_snapshot!(shown, @r#"
    the header field "Host" says how the message travels, and is made from the address and the body
      take it out of the headers and the placement of the definition
    the header field "transfer-encoding" says how the message travels, and is made from the address and the body
      take it out of the headers and the placement of the definition
    "#);
}

#[test]
fn a_path_never_leaves_the_host() {
    for path in ["//evil.example/x", "/https://evil.example", "/..//evil.example", "/@evil.example", "/\\evil.example"]
    {
        let request = Try::path("GET", path).prepare().unwrap();
        assert_eq!(request.url.host_str(), Some("api.sandbox.acme.gr4vy.app"), "{path}");
        assert_eq!(request.url.port(), None, "{path}");
    }
    let below = Try { base: "https://api.sandbox.acme.gr4vy.app/v2/", ..Try::path("GET", "/buyers?limit=1&q=a%20b") };
    assert_eq!(below.prepare().unwrap().url.as_str(), "https://api.sandbox.acme.gr4vy.app/v2/buyers?limit=1&q=a%20b");
}

#[test]
fn refusals_name_both_sides() {
    let refusals = [
        Try { base: "http://api.acme.gr4vy.app", ..Try::endpoint("buyers") },
        Try { base: "https://api.acme.gr4vy.app", ..Try::endpoint("buyers") },
        Try { hosts: &[], ..Try::endpoint("buyers") },
        Try::path("GET", "transactions"),
        Try::path("GET", "https://evil.example/"),
        Try::path("GE T", "/transactions"),
        Try { token: Some("bearer eyJ"), ..Try::endpoint("buyers") },
        Try { token: Some("eyJ\r\nX-Evil: 1"), ..Try::endpoint("buyers") },
        Try { token: Some("eyJé"), ..Try::endpoint("buyers") },
        Try { merchant: "acme uk", ..Try::endpoint("buyers") },
    ];
    let texts: Vec<String> = refusals
        .iter()
        .map(|refusal| {
            let error = refusal.prepare().unwrap_err();
            format!("{error}\n  {}", error.hint().unwrap_or_default())
        })
        .collect();
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn nothing_that_is_shown_holds_the_credential() {
    let request = Try::endpoint("create-transaction").prepare().unwrap();
    for text in [format!("{request:?}"), shown(&request), copy_as_curl(&request, "TOKEN")] {
        assert!(!text.contains("c2lnbmF0dXJl"), "{text}");
    }
}

#[test]
fn a_renewed_token_goes_out_with_all_the_rest_as_it_was() {
    let hosts = ["api.sandbox.acme.gr4vy.app".to_owned()];
    let first = Try::endpoint("create-transaction").prepare().unwrap();
    let before = shown(&first);
    let again = with_token(first, gr4vy(), "eyJ.eyJuZXciOjF9.bmV3", &hosts).unwrap();
    assert_eq!(shown(&again), before.replace(&redact(TOKEN), "eyJ.eyJuZXciOjF9.•••"));
    assert_eq!(again.headers[0].value.clear(), "Bearer eyJ.eyJuZXciOjF9.bmV3");
    assert!(again.shown_header("idempotency-key").is_some());
    let bare = Try { token: None, ..Try::endpoint("buyers") }.prepare().unwrap();
    assert_eq!(with_token(bare, gr4vy(), TOKEN, &hosts).unwrap().headers[0].name, "Authorization");
    let elsewhere = with_token(again, gr4vy(), TOKEN, &["api.acme.gr4vy.app".to_owned()]);
    assert!(matches!(elsewhere, Err(PrepareError::HostNotAllowed { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_path_the_request_stays_on_its_host(path in "/.*", method in "[A-Za-z]{1,8}") {
        match Try::path(&method, &path).prepare() {
            Ok(request) => {
                prop_assert_eq!(request.url.host_str(), Some("api.sandbox.acme.gr4vy.app"));
                prop_assert_eq!((request.url.scheme(), request.url.port(), request.url.username()), ("https", None, ""));
            }
            Err(error) => prop_assert!(matches!(error, PrepareError::NotAPath { .. }), "{}", error),
        }
    }

    #[test]
    fn redaction_never_shows_the_signature(signature in "[A-Za-z0-9_-]{8,60}") {
        let shown = redact(&format!("eyJhbGciOiJFUzUxMiJ9.eyJqdGkiOiIxIn0.{signature}"));
        prop_assert!(!shown.contains(&signature));
        prop_assert!(shown.ends_with(".•••"));
    }

    #[test]
    fn redaction_shows_no_more_than_kind_and_end(key in "[ -~]{0,60}") {
        let shown = redact(&format!("cp_live_{key}"));
        prop_assert!(shown.chars().count() <= 8 + 3 + 4 + 2, "{}", shown);
    }
}
