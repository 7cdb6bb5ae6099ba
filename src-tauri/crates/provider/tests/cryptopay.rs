//! CryptoPay by its published authentication document: each test names the item of the requirement list it proves.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod support;

use std::collections::BTreeMap;

use jose::Code;
use keywright_provider::{
    ClientSafety, Definition, PastedKind, Seconds, Tier, TokenKind, Wanted, check_claims,
    definition::{BaseUrl, Credential, Fault, FlowAuth, Remedy},
};
use support::{NOW, at, codes, known};

/// What a real server answered: Django 5.2.19, DRF 3.18.3, simplejwt 5.5.1.
const LOGIN: &str = include_str!("fixtures/simplejwt_login.json");
const VERIFY: &str = include_str!("fixtures/simplejwt_verify.json");

fn cryptopay() -> &'static Definition {
    support::built_in("cryptopay")
}

/// A token that the real server made.
fn token(name: &str) -> String {
    let answer: serde_json::Value = serde_json::from_str(LOGIN).unwrap();
    answer[name].as_str().unwrap().to_owned()
}

/// What a pasted text is answered with.
fn refused(wanted: Wanted<'_>, text: &str) -> String {
    let Err(error) = cryptopay().recognise(text).check(wanted) else { return "taken".to_owned() };
    format!("{error}\n  {}", error.hint().unwrap_or_default())
}

#[test]
fn c1_registering_posts_the_four_members() {
    let register = cryptopay().flow("register").unwrap();
    let members: Vec<(&str, &str)> = register.body.iter().map(|m| (m.name.as_str(), m.value.text())).collect();
    assert_eq!(
        members,
        [
            ("username", "{credential.username}"),
            ("email", "{credential.email}"),
            ("password", "{credential.password}"),
            ("shop_name", "{credential.shop_name}"),
        ]
    );
    assert_eq!((register.method.as_str(), register.path.text()), ("POST", "/api/auth/register"));
}

#[test]
fn c2_logging_in_gives_both_tokens_and_the_user() {
    let log_in = cryptopay().flow("log-in").unwrap();
    assert_eq!((log_in.path.text(), log_in.auth), ("/api/auth/login", FlowAuth::None));
    let body: serde_json::Value = serde_json::from_str(LOGIN).unwrap();
    for name in ["access", "refresh", "user"] {
        assert!(log_in.gives[name].iter().any(|pointer| body.pointer(pointer).is_some()), "{name}");
    }
}

#[test]
fn c3_access_tokens_live_a_day_and_refresh_tokens_thirty() {
    let token = cryptopay().token.as_ref().unwrap();
    assert_eq!(token.lifetime.as_ref().unwrap().default, Seconds(86_400));
    assert_eq!(token.refresh.as_ref().unwrap().lifetime, Some(Seconds(30 * 86_400)));
}

#[test]
fn c4_refreshing_keeps_the_slash_and_the_old_token() {
    let refresh = cryptopay().flow("refresh").unwrap();
    assert_eq!(refresh.path.text(), "/api/auth/token/refresh/");
    let members: Vec<(&str, &str)> = refresh.body.iter().map(|m| (m.name.as_str(), m.value.text())).collect();
    assert_eq!(members, [("refresh", "{refresh-token}")]);
    assert_eq!(refresh.keeps, ["refresh"], "where the answer has the access token alone");
    let answer = r#"{"access":"new-access-token","refresh":"new-refresh-token"}"#;
    assert_eq!(at(answer, &refresh.gives["access"]).as_deref(), Some("new-access-token"));
    assert_eq!(at(answer, &refresh.gives["refresh"]).as_deref(), Some("new-refresh-token"));
}

#[test]
fn c5_after_a_401_one_refreshes_and_then_logs_in() {
    let remedy = cryptopay().on_unauthorized.as_ref().unwrap();
    assert_eq!(remedy.remedy, Remedy::Refresh);
    assert_eq!((remedy.flow.as_deref(), remedy.otherwise.as_deref()), (Some("refresh"), Some("log-in")));
}

#[test]
fn c6_two_refreshes_never_run_at_once() {
    let single: Vec<&str> =
        cryptopay().flows.iter().filter(|flow| flow.single_flight).map(|flow| flow.id.as_str()).collect();
    assert_eq!(single, ["refresh"]);
}

#[test]
fn c7_a_refresh_token_used_twice_is_called_blacklisted() {
    let error = known(cryptopay(), 401, r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#);
    assert!(error.meaning.contains("used before"), "{}", error.meaning);
}

#[test]
fn c8_a_refresh_token_pasted_as_access_token_is_named_before_sending() {
    let kind = |name: &str| cryptopay().recognise(&format!("Bearer {}", token(name))).kind();
    assert_eq!(kind("access"), PastedKind::Token(TokenKind::Access));
    assert_eq!(kind("refresh"), PastedKind::Token(TokenKind::Refresh));
    assert_eq!(refused(Wanted::AccessToken, &token("access")), "taken");
    assert_eq!(refused(Wanted::RefreshToken, &token("refresh")), "taken");
    let sandbox = cryptopay().environment("sandbox").unwrap();
    let wrong = [
        refused(Wanted::AccessToken, &token("refresh")),
        refused(Wanted::RefreshToken, &token("access")),
        refused(Wanted::ApiKey(sandbox), &token("access")),
        refused(Wanted::ApiKey(sandbox), &token("refresh")),
    ];
    insta::assert_snapshot!(wrong.join("\n"));

    let claims = format!(
        r#"{{"token_type":"refresh","exp":{},"iat":{NOW},"jti":"9f2c1b7e4a5d4c0fa1d83e6b70c2f954","user_id":"2"}}"#,
        NOW + 86_400
    );
    let findings = check_claims(cryptopay(), &claims, NOW);
    assert_eq!(codes(&findings), [Code::ClaimValue]);
    assert_eq!(findings[0].message, "\"token_type\" is \"refresh\", wanted access");
}

#[test]
fn c9_an_opaque_key_is_said_not_to_be_a_token() {
    for key in ["cp_live_abc123def456", "cp_test_abc123def456"] {
        assert!(matches!(cryptopay().recognise(key).kind(), PastedKind::ApiKey { .. }));
    }
    insta::assert_snapshot!(refused(Wanted::AccessToken, "cp_live_abc123def456\n"), @r"
    this is an opaque key (API key, it begins with cp_live_), not a JSON Web Token, wanted an access token
      an API key is sent as it is: keep it as an API key
    ");
}

#[test]
fn c10_keys_carry_permissions_and_expiry_and_the_missing_one_is_named() {
    let key = &cryptopay().credentials.api_keys[0];
    assert!(key.scoped && key.expires);
    let orders = cryptopay().endpoint("create-payment-order").unwrap();
    let missing = |set: &[&str]| {
        let set: Vec<String> = set.iter().map(ToString::to_string).collect();
        cryptopay().missing_for(orders, &set).words()
    };
    assert_eq!(missing(&["read"]), "create_payments");
    assert_eq!(missing(&["create_payments"]), "");
    assert_eq!(missing(&["full_access"]), "", "which gives the others");
    let values: Vec<String> = cryptopay().scopes.as_ref().unwrap().catalogue().into_iter().map(|s| s.value).collect();
    assert_eq!(values, ["read", "create_payments", "manage_webhooks", "full_access"]);
    assert!(cryptopay().is_assumed(cryptopay().scopes.as_ref().unwrap().values[3].from.as_deref()));
}

#[test]
fn c11_a_key_is_shown_once() {
    assert!(cryptopay().credentials.api_keys[0].shown_once);
}

#[test]
fn c12_each_environment_has_the_documents_variable() {
    let variables: Vec<(&str, &str)> =
        cryptopay().environments.iter().map(|e| (e.id.as_str(), e.env_var.as_deref().unwrap())).collect();
    assert_eq!(
        variables,
        [
            ("local", "CRYPTOPAY_LOCAL_API_KEY"),
            ("development", "CRYPTOPAY_DEV_API_KEY"),
            ("staging", "CRYPTOPAY_STAGING_API_KEY"),
            ("sandbox", "CRYPTOPAY_SANDBOX_API_KEY"),
            ("production", "CRYPTOPAY_PROD_API_KEY"),
        ]
    );
    let webhook = cryptopay().credentials.secrets.iter().find(|secret| secret.id == "webhook_secret").unwrap();
    assert_eq!(webhook.env_var.as_deref(), Some("WEBHOOK_SECRET"));
}

#[test]
fn c13_plain_http_is_refused() {
    let production = cryptopay().environment("production").unwrap();
    let url = |given: &str| cryptopay().base_url(production, &BTreeMap::new(), Some(given));
    let error = url("http://api.cryptopay.com").unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r#""http://api.cryptopay.com" is plain HTTP to another computer, wanted https"#);
    assert!(url("http://127.0.0.1:8000").is_ok() && url("https://api.example.com").is_ok());
}

#[test]
fn c14_addresses_that_the_document_leaves_blank_are_asked_for() {
    for id in ["development", "staging", "production"] {
        let environment = cryptopay().environment(id).unwrap();
        assert_eq!(environment.base_url, BaseUrl::Ask, "{id}");
        assert!(cryptopay().base_url(environment, &BTreeMap::new(), None).is_err(), "{id}");
    }
    let tiers: Vec<Option<Tier>> = cryptopay().environments.iter().map(|environment| environment.tier).collect();
    assert_eq!(tiers[..2], [Some(Tier::Local), Some(Tier::Test)]);
    assert_eq!(tiers[4], Some(Tier::Live));
}

#[test]
fn c15_verifying_tells_validity_user_permissions_and_expiry() {
    let verify = cryptopay().flow("verify").unwrap();
    assert_eq!(
        (verify.method.as_str(), verify.path.text(), verify.auth),
        ("GET", "/api/auth/verify/", FlowAuth::Access)
    );
    let seed = r#"{"valid":true,"user":{"id":123,"username":"your-username","permissions":["read","create_payments"]},"expires_at":"2024-01-02T12:00:00Z"}"#;
    for body in [seed, VERIFY] {
        assert_eq!(at(body, &verify.gives["valid"]).as_deref(), Some("true"));
        assert!(at(body, &verify.gives["permissions"]).unwrap().contains("create_payments"));
        assert!(at(body, &verify.gives["expires-at"]).unwrap().ends_with('Z'));
    }
}

#[test]
fn c16_both_kinds_of_error_body_are_known() {
    let seed = |status: u16, code: &str| {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"m"}},"retry_after":60}}"#);
        known(cryptopay(), status, &body)
    };
    assert_eq!(seed(401, "INVALID_TOKEN").names, None, "invalid or expired: the answer leaves it open");
    assert_eq!(seed(403, "INSUFFICIENT_PERMISSIONS").names, Some(Fault::Scope));
    assert!(seed(429, "RATE_LIMITED").fix.contains("retry_after"));

    // As simplejwt 5.5.1 and DRF write them.
    let access = |message: &str| {
        format!(
            r#"{{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{{"token_class":"AccessToken","token_type":"access","message":"{message}"}}]}}"#
        )
    };
    let native = [
        (401, access("Token is expired")),
        (401, access("Token is invalid")),
        (401, access("Token has wrong type")),
        (401, r#"{"detail":"Token is expired","code":"token_not_valid"}"#.to_owned()),
        (401, r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#.to_owned()),
        (401, r#"{"detail":"No active account found with the given credentials"}"#.to_owned()),
        (401, r#"{"detail":"Authentication credentials were not provided."}"#.to_owned()),
        (400, r#"{"refresh":["This field is required."]}"#.to_owned()),
        (429, r#"{"detail":"Request was throttled. Expected available in 60 seconds."}"#.to_owned()),
        (404, r#"{"detail":"Not found."}"#.to_owned()),
    ];
    let told: String = native
        .iter()
        .map(|(status, body)| {
            let error = known(cryptopay(), *status, body);
            format!("{status} {body}\n  {:?} {}\n  {}\n", error.names, error.meaning, error.fix)
        })
        .collect();
    insta::assert_snapshot!(told);
}

#[test]
fn c17_the_seconds_to_wait_are_found_in_the_body() {
    let body = r#"{"error":{"code":"RATE_LIMITED","message":"Too many requests. Try again later."},"retry_after":60}"#;
    assert_eq!(at(body, &cryptopay().errors.retry_after).as_deref(), Some("60"));
}

#[test]
fn c18_the_webhook_is_signed_as_the_document_says() {
    let webhook = cryptopay().webhook.as_ref().unwrap();
    assert_eq!(webhook.signed.as_ref().unwrap().text(), "{body}");
    assert_eq!(webhook.signature.header[..], ["X-Webhook-Signature"]);
    assert!(webhook.reserialised && webhook.timestamp.is_none());
    assert!(webhook.note.as_deref().unwrap().contains("replay"));
}

#[test]
fn c19_a_hard_coded_key_is_found() {
    let config = "const config = {\n  apiKey: 'cp_live_abc123def456' // This will be in git history!\n};";
    let found = cryptopay().hard_coded_keys(config);
    assert_eq!(found.len(), 1);
    assert_eq!(&config[found[0].span.start..found[0].span.end], "cp_live_abc123def456");
    assert_eq!(cryptopay().hard_coded_keys("const apiKey = process.env.CRYPTOPAY_API_KEY;"), []);
}

#[test]
fn c20_no_header_of_the_definition_replaces_authorization() {
    assert!(cryptopay().headers.iter().all(|header| !header.name.eq_ignore_ascii_case("authorization")));
}

#[test]
fn passwords_and_sessions_stay_at_home() {
    assert!(matches!(cryptopay().credentials.get("login"), Some(Credential::Login(login)) if login.per_environment));
    for id in ["login", "api_key", "webhook_secret", "token"] {
        assert_eq!(cryptopay().client_side(id, &[]).safety, ClientSafety::Never, "{id}");
    }
}
