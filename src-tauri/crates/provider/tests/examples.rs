//! The examples in `docs/providers` make the tokens that the vendors' own packages and documents make.
//!
//! `fixtures/other_tokens.json` holds header and claims of tokens that those packages made with their clock at [`NOW`].
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod support;

use data_encoding::HEXLOWER;
use jose::{Alg, Code};
use keywright_provider::{
    CallFacts, Definition, KeyFacts, PastedKind, Resolved, Slot, Wanted, check_claims, check_key,
    definition::{BodyForm, FlowAuth, FlowKind, Reuse},
};
use serde_json::Value;
use support::{Ask, NOW, codes, key, lines, member};
use url::Url;

const COINBASE: &str = include_str!("../../../../docs/providers/examples/coinbase-cdp.toml");
const APPLE: &str = include_str!("../../../../docs/providers/examples/app-store-connect.toml");
const GOOGLE: &str = include_str!("../../../../docs/providers/examples/google-service-account.toml");
const GITHUB: &str = include_str!("../../../../docs/providers/examples/github-app.toml");
const SECRET: &str = include_str!("../../../../docs/providers/examples/client-credentials.toml");
const CLIENT: &str = include_str!("../../../../docs/providers/examples/private-key-jwt.toml");

fn read(text: &str) -> Definition {
    Definition::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

/// The tokens of the vendors' packages whose name begins like this.
fn vendors(begins: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(include_str!("fixtures/other_tokens.json")).unwrap();
    let found: Vec<Value> = all.into_iter().filter(|token| token["id"].as_str().unwrap().starts_with(begins)).collect();
    assert!(!found.is_empty(), "{begins}");
    found
}

fn text<'v>(token: &'v Value, name: &str) -> &'v str {
    token[name].as_str().unwrap_or_else(|| panic!("{name} of {token}"))
}

fn assert_same(made: &Resolved, token: &Value) {
    assert_eq!(made.header, text(token, "header"), "{}", token["id"]);
    assert_eq!(made.claims, text(token, "claims"), "{}", token["id"]);
    assert_eq!(made.findings, [], "{}", token["id"]);
}

/// Fills its argument with the bytes that a hexadecimal member of a token shows.
fn replay(json: &str, name: &str) -> impl FnMut(&mut [u8]) {
    let hex = member(json, name).unwrap();
    let bytes = HEXLOWER.decode(hex.trim_matches('"').as_bytes()).unwrap();
    move |random| random.copy_from_slice(&bytes)
}

#[test]
fn coinbase_tokens_are_the_packages_byte_for_byte() {
    let coinbase = read(COINBASE);
    assert_eq!(coinbase.token.as_ref().unwrap().reuse, Reuse::OneCall);
    let name = "organizations/11111111-2222-4333-8444-555555555555/apiKeys/66666666-7777-4888-8999-000000000000";
    for (alg, key) in [("ES256", key("EC", Some("P-256"), 256)), ("EdDSA", key("OKP", Some("Ed25519"), 256))] {
        for token in vendors(&format!("coinbase-{alg}")) {
            let url = Url::parse(&format!("{}?limit=1", text(&token["given"], "url"))).unwrap();
            let call = CallFacts { method: text(&token["given"], "method"), url: &url, body: b"" };
            let credential = [("name", name)];
            let ask = Ask { credential: &credential, call: Some(call), ..Ask::of(&coinbase, key.clone()) };
            assert_same(&ask.made_with(&mut replay(text(&token, "header"), "nonce")), &token);
        }
    }
}

#[test]
fn coinbase_tokens_want_to_know_the_call_and_the_key() {
    let coinbase = read(COINBASE);
    let blind = Ask::of(&coinbase, key("OKP", Some("Ed25519"), 256)).made();
    insta::assert_snapshot!(lines(&blind.findings));
    assert_eq!(codes(&check_key(&coinbase, &key("RSA", None, 2048))), [Code::AlgKeyType]);
    let old = coinbase.credentials.private_keys[0].file.as_ref().unwrap();
    assert_eq!(old.fields["name"], ["/name", "/id"], "files of either age");
}

#[test]
fn a_hash_of_the_sorted_body_is_the_packages() {
    // The second token of a wallet call, whose recipe is not part of the example.
    let wallet = r#"
keywright-provider = 1
id = "wallet"
name = "Wallet"
environments = [{ id = "e", label = "E", base-url = "https://api.cdp.coinbase.com" }]

[[credentials.private-keys]]
id = "key"
label = "Key"
forms = ["pkcs8"]
keys = [{ kty = "EC", crv = "P-256", algs = ["ES256"] }]

[token]
credential = "key"
header = [{ name = "alg", value = "{alg}" }, { name = "typ", value = "JWT" }]
claims = [
    { name = "uris", type = "strings", presence = "required", value = ["{method} {host}{path}"] },
    { name = "reqHash", type = "string", presence = "required", value = "{sorted-body-sha256-hex}" },
    { name = "iat", type = "time", presence = "required", value = "{now}" },
    { name = "nbf", type = "time", presence = "required", value = "{now}" },
    { name = "jti", type = "string", presence = "required", value = "{random-hex:16}" },
]
"#;
    let wallet = read(wallet);
    for token in vendors("coinbase-wallet") {
        let url = Url::parse(text(&token["given"], "url")).unwrap();
        let call = CallFacts { method: "POST", url: &url, body: text(&token["given"], "body").as_bytes() };
        let ask = Ask { call: Some(call), ..Ask::of(&wallet, key("EC", Some("P-256"), 256)) };
        assert_same(&ask.made_with(&mut replay(text(&token, "claims"), "jti")), &token);
    }
}

/// As the field `Host` of the call: RFC 9110 §7.2.
#[test]
fn the_host_of_a_call_has_its_port_where_the_scheme_does_not_imply_it() {
    let coinbase = read(COINBASE);
    let uris = |url: &str| {
        let url = Url::parse(url).unwrap();
        let call = CallFacts { method: "GET", url: &url, body: b"" };
        let ask = Ask { call: Some(call), ..Ask::of(&coinbase, key("EC", Some("P-256"), 256)) };
        member(&ask.made().claims, "uris").unwrap()
    };
    assert_eq!(uris("https://api.cdp.test/p?q=1"), r#"["GET api.cdp.test/p"]"#);
    assert_eq!(uris("https://api.cdp.test:443/p"), r#"["GET api.cdp.test/p"]"#);
    assert_eq!(uris("https://api.cdp.test:8443/p"), r#"["GET api.cdp.test:8443/p"]"#);
    assert_eq!(uris("http://127.0.0.1:8080/p"), r#"["GET 127.0.0.1:8080/p"]"#);
    assert_eq!(uris("http://[::1]:8080/p"), r#"["GET [::1]:8080/p"]"#);
}

#[test]
fn app_store_connect_tokens_are_the_documents() {
    let apple = read(APPLE);
    let key = KeyFacts { kid: Some("2X9R4HXF34".into()), ..key("EC", Some("P-256"), 256) };
    let issuer = [("issuer_id", "57246542-96fe-1a63-e053-0824d011072a")];
    let made =
        |scopes: &[&str]| Ask { variables: &issuer, scopes: Some(scopes), ..Ask::of(&apple, key.clone()) }.made();
    // The example of Apple's page, at another time.
    let with = made(&["GET /v1/apps?filter[platform]=IOS"]);
    assert_eq!(with.header, r#"{"alg":"ES256","kid":"2X9R4HXF34","typ":"JWT"}"#);
    assert_eq!(
        with.claims,
        format!(
            r#"{{"iss":"57246542-96fe-1a63-e053-0824d011072a","iat":{NOW},"exp":{},"aud":"appstoreconnect-v1","scope":["GET /v1/apps?filter[platform]=IOS"]}}"#,
            NOW + 1200
        )
    );
    assert_eq!(with.findings, []);
    let without = made(&[]);
    assert_eq!((member(&without.claims, "scope"), without.findings), (None, Vec::new()), "no scope, no claim");

    let long = Ask { variables: &issuer, ttl: Some(1201), ..Ask::of(&apple, key.clone()) }.made();
    assert_eq!(codes(&long.findings), [Code::LifetimeTooLong]);
    let rsa = check_key(&apple, &KeyFacts { kid: None, thumbprint: None, ..support::key("RSA", None, 2048) });
    insta::assert_snapshot!(lines(&rsa), @"error alg-key-type: App Store Connect does not take an RSA key of 2048 bits: every token must be signed with ES256 (use a key that it takes: P-256 for ES256)");
}

#[test]
fn a_key_file_is_opened_in_its_disguises() {
    let google = read(GOOGLE);
    let kind = &google.credentials.private_keys[0];
    // As it was reported: base64 of the whole, for an environment variable.
    let base64 = include_str!("../../jose/tests/vectors/reported/google-key-json-in-base64.txt").trim();
    let plain = data_encoding::BASE64.decode(base64.as_bytes()).unwrap();
    let wide = |text: &[u8]| text.iter().flat_map(|byte| [*byte, 0]).collect::<Vec<u8>>();
    let disguises = [
        plain.clone(),
        base64.into(),
        format!("GOOGLE_CREDENTIALS='{base64}'\n").into(),
        [b"export KEY='", plain.as_slice(), b"'"].concat(),
        [&[0xff, 0xfe][..], &wide(&plain)].concat(),
        [b"\xef\xbb\xbf", plain.as_slice()].concat(),
    ];
    for file in disguises {
        let opened = kind.open_file(&file).unwrap_or_else(|| panic!("{:?}", &file[..20]));
        assert!(opened.fields["client_email"].contains('@'));
        let found = jose::key::read::read(opened.key.as_bytes(), None).unwrap();
        let thumbprint = found.keys[0].key.public().unwrap().thumbprint();
        assert_eq!(thumbprint, "DHHYwgfAhYMqJMWNOxxh6L8mr9imPAy7X0uFT3jqpSI");
    }
    for other in [&b"{}"[..], b"", b"e30=", b"\xff\xfe", b"-----BEGIN PRIVATE KEY-----"] {
        assert!(kind.open_file(other).is_none());
    }
}

#[test]
fn a_private_key_is_known_in_whatever_shape_it_is_pasted() {
    let google = read(GOOGLE);
    let pem = include_str!("../../jose/tests/vectors/keys/p256.pkcs8.pem");
    for pasted in [
        pem.to_owned(),
        pem.replace("-----", "----"),
        pem.replace("-----", "—"),
        pem.replace('\n', "\\n"),
        format!("KEY=\"{pem}\""),
        data_encoding::BASE64.encode(pem.as_bytes()),
        pem[..90].to_owned(),
        include_str!("../../jose/tests/vectors/keys/p256.priv.jwk.json").to_owned(),
        include_str!("../../jose/tests/vectors/forms/p256.openssh").to_owned(),
        include_str!("../../jose/tests/vectors/forms/p256.proc-type-aes-256-cbc.pem").to_owned(),
        include_str!("../../jose/tests/vectors/reported/dotnet-rsakeyvalue-private.xml").to_owned(),
    ] {
        let recognised = google.recognise(&pasted);
        assert_eq!(recognised.kind(), PastedKind::PrivateKey, "{pasted:.40}");
        let Err(error) = recognised.check(Wanted::AccessToken) else { panic!("{pasted:.40} passes for a token") };
        let said = format!("{error}: {}", error.hint().unwrap());
        assert_eq!(said, "this is a private key, wanted an access token: import it as a key");
    }
    let public = include_str!("../../jose/tests/vectors/keys/p256.pub.pem");
    for other in
        [public, "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    {
        assert_ne!(google.recognise(other).kind(), PastedKind::PrivateKey, "{other:.40}");
    }
}

#[test]
fn google_assertions_are_the_packages() {
    let google = read(GOOGLE);
    let rsa = || KeyFacts { alg: Some(Alg::RS256), ..key("RSA", None, 2048) };
    let credential =
        [("client_email", "ci@p.iam.gserviceaccount.com"), ("key_id", "370ab79b4513eb9bad7c9bd16a95cb76b5b2a56a")];
    let calendar = "https://www.googleapis.com/auth/calendar.readonly";
    let subject = [("subject", "someone@example.com")];
    for token in vendors("google") {
        let acts = text(&token, "id") == "google-sub";
        let scopes: &[&str] =
            if acts { &[calendar] } else { &[calendar, "https://www.googleapis.com/auth/drive.file"] };
        let variables: &[(&str, &str)] = if acts { &subject } else { &[] };
        let ask = Ask { credential: &credential, variables, scopes: Some(scopes), ..Ask::of(&google, rsa()) };
        let made = ask.made();
        assert_eq!(made.claims, text(&token, "claims"));
        assert_eq!(made.findings, []);
        // The package names no more than the algorithm; the header of Google's page has typ and kid.
        assert_eq!(made.header, r#"{"alg":"RS256","typ":"JWT","kid":"370ab79b4513eb9bad7c9bd16a95cb76b5b2a56a"}"#);
    }
    let exchange = google.flow("exchange").unwrap();
    let given = &vendors("google")[0]["given"];
    assert_eq!(exchange.path.text(), text(given, "url"));
    assert_eq!(exchange.body[0].value.text(), text(given, "grant_type"));
    let names: Vec<&str> = exchange.body.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(serde_json::json!(names), given["members"]);
    assert_eq!((exchange.form, exchange.kind), (BodyForm::Form, FlowKind::Exchange));
    assert_eq!(exchange.body[1].value.only_slot(), Some(&Slot::SignedToken));

    let two = r#"{"iss":"a","scope":"https://a/x https://a/y","aud":"https://oauth2.googleapis.com/token","iat":1,"exp":3602}"#;
    assert_eq!(google.scopes_in(two), ["https://a/x", "https://a/y"]);
    assert_eq!(codes(&check_claims(&google, two, 1)), [Code::LifetimeTooLong]);
}

#[test]
fn github_tokens_are_the_packages_and_get_another() {
    let github = read(GITHUB);
    let token = &vendors("github-string")[0];
    let credential = [("client_id", text(&token["given"], "id"))];
    let made = Ask { credential: &credential, ..Ask::of(&github, key("RSA", None, 2048)) }.made();
    assert_same(&made, token);
    assert_eq!(token["given"]["expiration"], serde_json::json!(NOW + 570));
    // A number in place of the client id is taken as well.
    assert_eq!(check_claims(&github, text(&vendors("github-number")[0], "claims"), NOW), []);

    // Ten minutes from GitHub's own clock on, whatever iat says: its page sets that back by a minute.
    let at = |iat: i64, exp: i64| format!(r#"{{"iat":{},"exp":{},"iss":"Iv1.abc"}}"#, NOW + iat, NOW + exp);
    let said = |iat: i64, exp: i64| codes(&check_claims(&github, &at(iat, exp), NOW));
    assert_eq!(said(-60, 600), [], "the token of its documentation");
    assert_eq!(said(-60, 601), [Code::LifetimeTooLong]);
    assert_eq!(said(40, 640), [Code::LifetimeTooLong], "ten minutes from iat on, and too far ahead");
    assert_eq!(said(-600, 300), [], "its second half");
    let found = check_claims(&github, &at(0, 640), NOW).remove(0);
    insta::assert_snapshot!(found.message, @"the token lives 10 min 40 s from now on, and GitHub App takes no more than 10 min");

    let installation = github.flow("installation").unwrap();
    assert_eq!(installation.auth, FlowAuth::Signed);
    assert_eq!(installation.path.variables().collect::<Vec<_>>(), ["installation_id"]);
    assert_eq!(installation.gives["access"], ["/token"]);
    assert_eq!(github.endpoint("app").unwrap().auth, Some(FlowAuth::Signed), "takes the first token");
    assert_eq!(github.endpoint("repositories").unwrap().auth, None, "takes the second");
}

#[test]
fn a_client_with_a_key_sends_what_the_package_sends() {
    let client = read(CLIENT);
    let keys = [("PS256", key("RSA", None, 2048)), ("ES256", key("EC", Some("P-256"), 256))];
    let variables = [("issuer", "https://id.example.com")];
    let credential = [("client_id", "client-1")];
    for (alg, key) in keys {
        let token = &vendors(&format!("private-key-jwt-{alg}"))[0];
        let jti = member(text(token, "claims"), "jti").unwrap();
        let overrides = [("jti", jti.as_str())];
        let key = KeyFacts { kid: Some("key-1".into()), ..key };
        let ask =
            Ask { variables: &variables, credential: &credential, overrides: &overrides, ..Ask::of(&client, key) };
        assert_same(&ask.made(), token);

        let exchange = client.flow("exchange").unwrap();
        let sent: Vec<(String, String)> = exchange
            .body
            .iter()
            .map(|member| {
                let value = member.value.fill(|slot| match slot {
                    Slot::Scopes => Ok("payments.read payments.write".to_owned()),
                    Slot::Credential(field) if field == "client_id" => Ok("client-1".to_owned()),
                    Slot::SignedToken => Ok(String::new()),
                    other => Err(other.to_string()),
                });
                (member.name.clone(), value.unwrap())
            })
            .collect();
        assert_eq!(serde_json::json!(sent), token["given"]["form"]);
        assert_eq!(client.scopes_in(text(token, "claims")), [""; 0], "scopes are asked for, not carried");
    }
}

#[test]
fn a_client_with_a_secret_signs_nothing() {
    let client = read(SECRET);
    assert!(client.token.is_none() && client.signing_key().is_none());
    let ways: Vec<_> = client.flows.iter().map(|flow| (flow.id.as_str(), flow.kind, flow.auth)).collect();
    assert_eq!(ways, [("basic", FlowKind::Exchange, FlowAuth::Basic), ("post", FlowKind::Exchange, FlowAuth::None)]);
}
