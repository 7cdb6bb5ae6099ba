//! What a flow looks like on the wire, what is shown of it, and what is refused before it.

use std::collections::BTreeMap;

use keywright_exchange::{Field, FlowCall, Means, PrepareError, PreparedRequest, copy_as_curl, prepare_flow};
use proptest::prelude::*;
use provider::{Definition, Seconds, Template, definition::FlowAuth};
use url::Url;

use crate::{
    recorded::{built_in, oauth},
    wire::{clear, flow, google, shown},
};

/// 2026-11-20 14:06:40 UTC.
const NOW: i64 = 1_795_183_600;
const REFRESH: &str = "eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCJ9.c2lnbmF0dXJl";

/// A call of a flow with everything at hand, until a test takes something away.
struct Try {
    definition: &'static Definition,
    flow: &'static str,
    base: &'static str,
    hosts: Vec<String>,
    fields: Vec<(&'static str, &'static str)>,
    variables: BTreeMap<String, String>,
    key: Option<&'static str>,
    refresh: Option<&'static str>,
    scopes: Option<Vec<String>>,
    ttl: Option<Seconds>,
}

impl Try {
    fn new(definition: &'static Definition, flow: &'static str, base: &'static str) -> Self {
        let host = Url::parse(base).unwrap().host_str().unwrap().to_owned();
        Self {
            definition,
            flow,
            base,
            hosts: vec![host],
            fields: vec![
                ("username", "ann"),
                ("password", "p\"w & é"),
                ("email", "ann@example.com"),
                ("shop_name", "Ann's"),
            ],
            variables: BTreeMap::new(),
            key: Some("sk_test_51H8xgq2eZvKYlo2C4f2a"),
            refresh: Some(REFRESH),
            scopes: None,
            ttl: None,
        }
    }

    fn cryptopay(flow: &'static str) -> Self {
        Self::new(built_in("cryptopay"), flow, "https://sandbox-api.cryptopay.com")
    }

    fn oauth(flow: &'static str) -> Self {
        let fields = vec![("client_id", "s6BhdRkqt3"), ("client_secret", "gX1fBat3bV")];
        let variables = BTreeMap::from([("tenant".to_owned(), "a/b".to_owned())]);
        Self { fields, variables, ..Self::new(oauth(), flow, "https://server.example.com") }
    }

    fn prepare(&self) -> Result<PreparedRequest, PrepareError> {
        let fields: Vec<Field<'_>> = self.fields.iter().map(|(name, value)| Field { name, value }).collect();
        let call = FlowCall {
            definition: self.definition,
            flow: flow(self.definition, self.flow),
            base: &Url::parse(self.base).unwrap(),
            variables: &self.variables,
            means: Means {
                key: self.key,
                fields: &fields,
                signed_token: Some(
                    "eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0.eyJpc3MiOiJodHRwczovL2p3dC1pZHAuZXhhbXBsZS5jb20ifQ.J9l-ZhwP",
                ),
                access_token: Some("eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIn0.c2lnbmF0dXJl"),
                refresh_token: self.refresh,
            },
            scopes: self.scopes.as_deref(),
            ttl: self.ttl,
            now: NOW,
            hosts: &self.hosts,
            version: "0.1.0",
        };
        prepare_flow(&call, &mut |bytes| bytes.fill(7))
    }

    /// The header field Authorization as it goes to the wire.
    fn authorization(&self) -> String {
        let request = self.prepare().unwrap();
        let header = request.headers.iter().find(|header| header.name == "Authorization").unwrap();
        header.value.clear().to_owned()
    }
}

#[test]
fn c1_registering_posts_the_four_fields_in_order() {
    let request = Try::cryptopay("register").prepare().unwrap();
    assert_eq!(
        clear(&request),
        r#"{"username":"ann","email":"ann@example.com","password":"p\"w & é","shop_name":"Ann's"}"#
    );
    insta::assert_snapshot!(shown(&request));
}

#[test]
fn c2_logging_in_masks_the_password_in_the_body() {
    let request = Try::cryptopay("log-in").prepare().unwrap();
    assert_eq!(clear(&request), r#"{"username":"ann","password":"p\"w & é"}"#);
    insta::assert_snapshot!(shown(&request));
}

#[test]
fn c4_a_refresh_keeps_the_slash_and_masks_the_token() {
    let request = Try::cryptopay("refresh").prepare().unwrap();
    assert_eq!(clear(&request), format!("{{\"refresh\":\"{REFRESH}\"}}"));
    assert_eq!(request.url.as_str(), "https://sandbox-api.cryptopay.com/api/auth/token/refresh/");
    insta::assert_snapshot!(shown(&request));
}

#[test]
fn c15_verifying_sends_the_access_token_and_no_body() {
    insta::assert_snapshot!(shown(&Try::cryptopay("verify").prepare().unwrap()));
}

#[test]
fn h7_minting_sends_the_key_the_scopes_as_a_list_and_the_lifetime() {
    let mint = |flow| Try {
        scopes: Some(vec!["payments:read".into(), "balance:read".into(), "payments:read".into()]),
        ttl: Some(Seconds(5400)),
        ..Try::new(built_in("hedge"), flow, "https://api.hedgepayments.com")
    };
    let request = mint("mint").prepare().unwrap();
    assert_eq!(clear(&request), r#"{"expiresIn":"90m","scope":["payments:read","balance:read"]}"#);
    assert_eq!(mint("mint").authorization(), "Bearer sk_test_51H8xgq2eZvKYlo2C4f2a");
    insta::assert_snapshot!(shown(&request));
    assert_eq!(
        clear(&mint("mint-words").prepare().unwrap()),
        r#"{"expiresIn":"90m","scope":"payments:read balance:read"}"#
    );
    // Nothing was entered for the customer, so the member stays away.
    assert_eq!(clear(&mint("mint-client-token").prepare().unwrap()), r#"{"scopes":["payments:read","balance:read"]}"#);
    let variables = BTreeMap::from([("mint_path".to_owned(), "/v2/tokens?x=1".to_owned())]);
    let elsewhere = Try { variables, ..mint("mint") }.prepare().unwrap();
    assert_eq!(elsewhere.url.as_str(), "https://api.hedgepayments.com/v2/tokens?x=1");
}

#[test]
fn a_client_authenticates_as_in_rfc_6749() {
    // §4.4.2 and §6.
    let request = Try::oauth("client-credentials").prepare().unwrap();
    assert_eq!(Try::oauth("client-credentials").authorization(), "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW");
    assert_eq!(clear(&request), "grant_type=client_credentials");
    let refresh = Try { refresh: Some("tGzv3JOkF0XG5Qx2TlKWIA"), ..Try::oauth("refresh") }.prepare().unwrap();
    assert_eq!(clear(&refresh), "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA");
    insta::assert_snapshot!(shown(&request) + "\n" + &shown(&refresh));
    // §2.3.1: both are encoded before Basic, so a colon in the id does not cut it in two.
    let odd =
        Try { fields: vec![("client_id", "a:b c"), ("client_secret", "%é")], ..Try::oauth("client-credentials") };
    assert_eq!(odd.authorization(), format!("Basic {}", data_encoding::BASE64.encode(b"a%3Ab+c:%25%C3%A9")));
}

#[test]
fn a_user_authenticates_as_in_rfc_7617() {
    let user = |name, password| Try { fields: vec![("username", name), ("password", password)], ..Try::oauth("user") };
    assert_eq!(user("Aladdin", "open sesame").authorization(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    assert_eq!(user("test", "123£").authorization(), "Basic dGVzdDoxMjPCow==");
    let key = Try { key: Some("sk_test_1"), ..Try::oauth("key") };
    assert_eq!(key.authorization(), format!("Basic {}", data_encoding::BASE64.encode(b"sk_test_1:")));
}

#[test]
fn an_assertion_goes_to_its_own_address_as_in_rfc_7523() {
    // §2.1.
    let hosts = vec!["as.example.com".to_owned()];
    let request = Try { hosts: hosts.clone(), ..Try::oauth("assertion") }.prepare().unwrap();
    assert!(clear(&request).starts_with(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0."
    ));
    insta::assert_snapshot!(shown(&request));
    let hosts = vec!["oauth2.googleapis.com".to_owned()];
    let exchange = Try { hosts, ..Try::new(google(), "exchange", "https://www.googleapis.com") }.prepare().unwrap();
    assert_eq!(exchange.url.as_str(), "https://oauth2.googleapis.com/token");
}

#[test]
fn members_have_their_types_and_secrets_are_masked_whatever_they_are_called() {
    let request = Try { scopes: Some(vec!["a".into(), "b".into()]), ..Try::oauth("secret-in-body") }.prepare().unwrap();
    let body: serde_json::Value = serde_json::from_str(&clear(&request)).unwrap();
    assert_eq!(
        (&body["secret"], &body["ttl"], &body["not_after"]),
        (&"gX1fBat3bV".into(), &3600.into(), &(NOW + 3600).into())
    );
    insta::assert_snapshot!(shown(&request));
}

#[test]
fn tokens_go_where_the_flow_says() {
    let bearer = |flow| shown(&Try::oauth(flow).prepare().unwrap());
    insta::assert_snapshot!(["refresh-as-bearer", "log-out", "signed"].map(bearer).join("\n"));
}

/// What no file can say: the check refuses it with the same rule.
fn secret_in_path() -> &'static Definition {
    let mut definition = oauth().clone();
    let user = definition.flows.iter_mut().find(|flow| flow.id == "user").unwrap();
    user.path = Template::parse("/login/{credential.password}").unwrap();
    user.auth = FlowAuth::None;
    Box::leak(Box::new(definition))
}

#[test]
fn refusals_say_what_is_missing() {
    let no_hosts = Vec::new;
    let refusals = [
        Try { base: "http://sandbox-api.cryptopay.com", ..Try::cryptopay("log-in") },
        Try { hosts: vec!["api.cryptopay.com".into()], ..Try::cryptopay("log-in") },
        Try { hosts: no_hosts(), ..Try::cryptopay("verify") },
        Try { hosts: vec!["server.example.com".into()], ..Try::oauth("assertion") },
        Try { fields: vec![("username", "ann")], ..Try::cryptopay("log-in") },
        Try { fields: vec![("username", "ann"), ("password", "")], ..Try::cryptopay("log-in") },
        Try { refresh: None, ..Try::cryptopay("refresh") },
        Try { key: None, ..Try::new(built_in("hedge"), "mint", "https://api.hedgepayments.com") },
        Try { fields: vec![("username", "a:nn"), ("password", "x")], ..Try::oauth("user") },
        Try { fields: vec![("password", "x")], definition: secret_in_path(), ..Try::oauth("user") },
        Try { refresh: Some("a\nb"), ..Try::oauth("refresh-as-bearer") },
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
fn http_is_for_this_computer_only() {
    let hosts = vec!["127.0.0.1".to_owned()];
    let local = Try { base: "http://127.0.0.1:8000", hosts, ..Try::cryptopay("log-in") };
    assert_eq!(local.prepare().unwrap().url.as_str(), "http://127.0.0.1:8000/api/auth/login");
}

#[test]
fn nothing_that_is_shown_or_copied_holds_a_secret() {
    let all = [
        Try::cryptopay("register"),
        Try::cryptopay("log-in"),
        Try::cryptopay("refresh"),
        Try::cryptopay("verify"),
        Try::oauth("client-credentials"),
        Try::oauth("refresh"),
        Try { hosts: vec!["as.example.com".into()], ..Try::oauth("assertion") },
        Try::oauth("secret-in-body"),
        Try::oauth("key"),
        Try::oauth("refresh-as-bearer"),
    ];
    for request in all.iter().map(|one| one.prepare().unwrap()) {
        assert!(request.carries_secret());
        for text in [shown(&request), format!("{request:?}"), copy_as_curl(&request, "TOKEN")] {
            for secret in ["p\\\"w", "p\"w", "c2lnbmF0dXJl", "J9l-ZhwP", "gX1fBat3bV", "czZCaGRSa3F0", "51H8xgq2eZvKY"]
            {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_password_comes_back_from_json_and_is_not_shown(password in "\\PC{1,40}") {
        prop_assume!(!"ann@example.com{\"username\":\"\",\"password\":\"•••\"}POST ".contains(&password));
        let fields = [Field { name: "username", value: "ann" }, Field { name: "password", value: &password }];
        let definition = built_in("cryptopay");
        let call = FlowCall {
            definition,
            flow: flow(definition, "log-in"),
            base: &Url::parse("https://sandbox-api.cryptopay.com").unwrap(),
            variables: &BTreeMap::new(),
            means: Means { fields: &fields, ..Means::default() },
            scopes: None,
            ttl: None,
            now: NOW,
            hosts: &["sandbox-api.cryptopay.com".to_owned()],
            version: "0.1.0",
        };
        let request = prepare_flow(&call, &mut |_| {}).unwrap();
        let body: serde_json::Value = serde_json::from_str(&clear(&request)).unwrap();
        prop_assert_eq!(body["password"].as_str(), Some(password.as_str()));
        let shown = String::from_utf8(request.body.shown().into_owned()).unwrap();
        prop_assert_eq!(shown, r#"{"username":"ann","password":"•••"}"#);
    }
}
