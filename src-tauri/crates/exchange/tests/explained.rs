//! What answers of real software are said to mean, by the definitions that come with Keywright. The snapshots are the
//! texts that people read.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod page;
mod recorded;

use std::time::Duration;

use jose::{Code, Finding};
use keywright_exchange::{
    Answer, Event, Exchange, Happening, Header, KeyHistory, Known, PreparedRequest, Sent, SignatureFact, TokenFacts,
    assess,
};
use page::page;
use provider::Definition;
use recorded::{Recorded, SIMPLEJWT, built_in, json, oauth, with};
use url::Url;

/// 2026-11-20 14:06:40 UTC.
const NOW: i64 = 1_795_183_600;

/// One call and its answer.
struct Case {
    definition: &'static Definition,
    endpoint: Option<&'static str>,
    /// What the request carries, as it stands in the field.
    carried: Option<&'static str>,
    token: bool,
    claims: &'static str,
    findings: Vec<Finding>,
    expires: i64,
    scopes: Vec<String>,
    known: Known<'static>,
    answer: Answer,
}

impl Case {
    /// A session token of CryptoPay.
    fn session(answer: Answer) -> Self {
        Self {
            definition: built_in("cryptopay"),
            endpoint: Some("payment-orders"),
            carried: Some("Bearer eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0.•••"),
            token: true,
            claims: r#"{"token_type":"access","exp":1795187200,"user_id":"1","aud":"x"}"#,
            findings: Vec::new(),
            expires: NOW + 3600,
            scopes: Vec::new(),
            known: Known::default(),
            answer,
        }
    }

    /// An opaque key.
    fn key(definition: &'static str, endpoint: &'static str, answer: Answer) -> Self {
        Self {
            definition: built_in(definition),
            endpoint: Some(endpoint),
            carried: Some("Bearer cp_test_•••4f2a"),
            token: false,
            ..Self::session(answer)
        }
    }

    /// A token of an API that the RFCs describe.
    fn bearer(answer: Answer) -> Self {
        Self { definition: oauth(), endpoint: None, ..Self::session(answer) }
    }

    fn page(&self) -> String {
        let mut request = PreparedRequest {
            method: "GET".into(),
            url: Url::parse("https://api.example.com/api/orders").unwrap(),
            headers: Vec::new(),
            body: Vec::new().into(),
        };
        request
            .headers
            .extend(self.carried.map(|shown| Header::masked("Authorization", shown.to_owned().into(), shown)));
        let at = Duration::from_millis(120);
        let timeline = vec![Event { at, what: Happening::Body { bytes: 0 } }];
        let exchange = Exchange { outcome: Ok(self.answer.clone()), timeline };
        let token = TokenFacts {
            header: Some(r#"{"alg":"HS256","typ":"JWT"}"#),
            claims: Some(self.claims),
            alg: Some("HS256"),
            findings: &self.findings,
            signature: SignatureFact::Unknown { reason: "the server's key is not here" },
            iat: Some(NOW - 60),
            nbf: None,
            exp: Some(self.expires),
            scopes: &self.scopes,
            key: KeyHistory::default(),
        };
        let token = Some(token).filter(|_| self.token);
        let sent = Sent { environment: "Sandbox", at: NOW, expected: None, token, known: self.known };
        let endpoint = self.endpoint.map(|id| self.definition.endpoint(id).unwrap());
        page(&assess(self.definition, endpoint, &request, &exchange, &sent))
    }
}

/// Cases with their names, a page each.
fn pages(cases: impl IntoIterator<Item = (&'static str, Case)>) -> String {
    cases.into_iter().map(|(name, case)| format!("# {name}\n{}\n", case.page())).collect()
}

#[test]
fn simplejwt_with_a_session() {
    let session = |name| Case::session(SIMPLEJWT.answer(name));
    let claims = Finding::new(Code::ClaimValue, "\"token_type\" is \"refresh\", wanted \"access\"");
    insta::assert_snapshot!(pages([
        ("accepted", session("accepted")),
        ("expired, and it is", Case { expires: NOW - 60, ..session("expired") }),
        ("expired, though by its exp it is not", session("expired")),
        ("not a token", session("not a token")),
        ("refresh token as access token", Case { findings: vec![claims], ..session("refresh token as access token") }),
        ("user switched off", session("user switched off")),
        ("forbidden", session("forbidden")),
        ("throttled", session("throttled")),
        ("wrong path", session("wrong path")),
        ("wrong method", session("wrong method")),
        ("without the slash", session("read without the slash")),
        ("a bare 401", Case::session(json(401, "{}"))),
    ]));
}

#[test]
fn simplejwt_says_that_nothing_came() {
    let carried = |carried| Case { carried, ..Case::session(SIMPLEJWT.answer("lower-case bearer")) };
    insta::assert_snapshot!(pages([
        ("a lower-case bearer", carried(Some("bearer eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0.•••"))),
        ("a proxy took it", carried(Some("Bearer eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0.•••"))),
        ("nothing was sent", Case { token: false, ..carried(None) }),
    ]));
}

#[test]
fn c16_the_bodies_of_the_document() {
    let error = |status, code, message| {
        Case::session(json(
            status,
            &format!(r#"{{"error":{{"code":"{code}","message":"{message}"}},"retry_after":60}}"#),
        ))
    };
    insta::assert_snapshot!(pages([
        ("401", error(401, "INVALID_TOKEN", "The provided token is invalid or expired")),
        ("403", error(403, "INSUFFICIENT_PERMISSIONS", "Your API key doesn't have permission for this operation")),
        ("429", error(429, "RATE_LIMITED", "Too many requests. Try again later.")),
    ]));
}

#[test]
fn c9_and_c10_an_opaque_key() {
    let key = |status, body| Case::key("cryptopay", "create-payment-order", json(status, body));
    let denied = r#"{"error":{"code":"INSUFFICIENT_PERMISSIONS","message":"no"}}"#;
    let read: &'static [String] = Box::leak(Box::new(["read".to_owned()]));
    let all: &'static [String] = Box::leak(Box::new(["full_access".to_owned()]));
    let may = |permissions| Known { permissions: Some(permissions), expires: None };
    let until = |at| Known { permissions: None, expires: Some(at) };
    insta::assert_snapshot!(pages([
        ("accepted", key(201, "{}")),
        ("refused", key(401, r#"{"error":{"code":"INVALID_TOKEN","message":"no"}}"#)),
        ("refused without a word", key(401, "")),
        ("forbidden", key(403, denied)),
        ("forbidden, and it only reads", Case { known: may(read), ..key(403, denied) }),
        ("forbidden, though it may do all", Case { known: may(all), ..key(403, denied) }),
        ("accepted, though it only reads", Case { known: may(read), ..key(201, "{}") }),
        ("ended yesterday", Case { known: until(NOW - 86_400), ..key(401, "") }),
        ("ends in a month", Case { known: until(NOW + 30 * 86_400), ..key(201, "{}") }),
        ("a bad request", Case { known: may(read), ..key(400, "{}") }),
        ("a key without scopes", Case::key("hedge", "payments", json(403, r#"{"error":{"message":"no"}}"#))),
        (
            "a key of the other mode",
            Case::key(
                "hedge",
                "payments",
                json(401, r#"{"error":{"code":"invalid_api_key","message":"Invalid API key"}}"#)
            )
        ),
    ]));
}

#[test]
fn h16_a_minted_token() {
    let minted = |status, code, message| Case {
        definition: built_in("hedge"),
        endpoint: Some("payments"),
        scopes: vec!["balance:read".into()],
        ..Case::session(json(status, &format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#)))
    };
    let used_up = |status| {
        let answer = with(json(status, "[]"), "x-ratelimit-limit", "100");
        let answer = with(with(answer, "x-ratelimit-remaining", "0"), "x-ratelimit-reset", &(NOW + 42).to_string());
        Case { answer, ..minted(status, "", "") }
    };
    insta::assert_snapshot!(pages([
        ("the scope is named", minted(401, "insufficient_permissions", "Missing scope")),
        ("expired is named", minted(401, "expired_token", "Token has expired")),
        ("the last call of the minute", used_up(200)),
        ("one call too many", used_up(429)),
    ]));
}

#[test]
fn the_challenges_of_express_oauth2_jwt_bearer() {
    let recorded = Recorded::read(include_str!("recorded/oauth2-jwt-bearer.json"));
    let bearer = |name| Case::bearer(recorded.answer(name));
    insta::assert_snapshot!(pages([
        ("no token", Case { carried: None, token: false, ..bearer("no token") }),
        ("a user name in place of a token", Case { carried: Some("Basic •••"), token: false, ..bearer("basic") }),
        ("expired", bearer("expired")),
        ("other key", bearer("other key")),
        ("other audience", bearer("other audience")),
        ("scope missing", Case { scopes: vec!["read:msg".into()], ..bearer("scope missing") }),
        ("claim wrong", bearer("claim wrong")),
        ("two tokens", bearer("two tokens")),
    ]));
}

#[test]
fn challenges_of_other_kinds() {
    let challenge = |value| Case::bearer(with(json(401, ""), "www-authenticate", value));
    insta::assert_snapshot!(pages([
        // RFC 6750 §3.
        (
            "RFC 6750",
            challenge(r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#)
        ),
        ("no error", challenge(r#"Bearer realm="example""#)),
        // RFC 9110 §11.6.1.
        (
            "other schemes",
            challenge(r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#)
        ),
        ("malformed", challenge(r#"Bearer error="invalid_token" error_description="no comma"#)),
        ("a scope at 401", challenge(r#"Bearer error="insufficient_scope", scope="a:read a:write""#)),
    ]));
}

#[test]
fn the_words_of_express_jwt() {
    let recorded = Recorded::read(include_str!("recorded/express-jwt.json"));
    let partner = |name| Case {
        definition: built_in("partner"),
        endpoint: Some("portfolio"),
        ..Case::session(recorded.answer(name))
    };
    insta::assert_snapshot!(pages([
        ("expired", Case { expires: NOW - 60, ..partner("expired") }),
        ("other key", partner("other key")),
        ("no token", partner("no token")),
        ("not a token", partner("not a token")),
    ]));
}
