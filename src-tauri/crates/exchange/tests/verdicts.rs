//! What each kind of answer is said to mean. The snapshots are the texts that people read.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod page;

use std::{collections::BTreeMap, time::Duration};

use jose::{Code, Finding};
use keywright_exchange::{
    Answer, Call, CallVerdict, Destination, Event, Exchange, Gate, Happening, KeyHistory, Kind, Known, NoAnswer,
    Passage, PreparedRequest, Sent, SignatureFact, TokenFacts, assess, prepare,
};
use page::page;
use proptest::{option, prelude::*};
use provider::{Definition, Endpoint, built_in_named};
use url::Url;

/// 2026-11-20 14:06:40 UTC.
const NOW: i64 = 1_795_183_600;
const TOKEN: &str = "eyJhbGciOiJFUzUxMiJ9.eyJqdGkiOiIxIn0.c2lnbmF0dXJl";
const BARE_401: &str =
    r#"{"type":"error","code":"unauthorized","status":401,"message":"No valid API authentication found","details":[]}"#;

fn gr4vy() -> &'static Definition {
    built_in_named("gr4vy").unwrap()
}

/// One call and what came of it, right in every way until a test changes something.
struct Case {
    base: &'static str,
    definition: &'static Definition,
    endpoint: Option<&'static Endpoint>,
    token: Option<&'static str>,
    scheme: Option<&'static str>,
    outcome: Result<Answer, NoAnswer>,
    expected: Option<u16>,
    findings: Vec<Finding>,
    signature: SignatureFact<'static>,
    begins: i64,
    expires: i64,
    scopes: Vec<String>,
    key: KeyHistory,
    header: &'static str,
    claims: &'static str,
}

impl Case {
    fn new(status: u16, body: &str) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let answer = Answer { status, headers, body: body.as_bytes().to_vec(), cut: false };
        Self {
            base: "https://api.sandbox.acme.gr4vy.app/",
            definition: gr4vy(),
            endpoint: gr4vy().endpoint("transactions"),
            token: Some(TOKEN),
            scheme: None,
            outcome: Ok(answer),
            expected: None,
            findings: Vec::new(),
            signature: SignatureFact::Good { key: "checkout-2026-11" },
            begins: NOW,
            expires: NOW + 300,
            scopes: vec!["transactions.read".to_owned()],
            key: KeyHistory { created: Some(NOW - 540), last_accepted: Some(NOW - 7200) },
            header: r#"{"alg":"ES512","typ":"JWT","kid":"rkya0rAJ"}"#,
            claims: r#"{"iss":"acme","scopes":["transactions.read"]}"#,
        }
        .header("date", "Fri, 20 Nov 2026 14:06:40 GMT")
    }

    fn failed(error: NoAnswer) -> Self {
        Self { outcome: Err(error), ..Self::new(0, "") }
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        if let Ok(answer) = &mut self.outcome {
            answer.headers.retain(|(known, _)| known != name);
            answer.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    fn request(&self) -> PreparedRequest {
        let base = Url::parse(self.base).unwrap();
        let call = Call {
            definition: self.definition,
            base: &base,
            target: self
                .endpoint
                .map_or(Destination::Path { method: "GET", path: "/elsewhere" }, Destination::Endpoint),
            fields: &[],
            now: 1_795_183_600,
            variables: &BTreeMap::new(),
            body: None,
            token: self.token,
            hosts: &[base.host_str().unwrap().to_owned()],
            version: "0.1.0",
        };
        let mut request = prepare(&call, &mut |bytes| bytes.fill(7)).unwrap();
        if let Some(scheme) = self.scheme {
            request.headers[0] = keywright_exchange::Header::masked(
                "Authorization",
                format!("{scheme} {TOKEN}").into(),
                format!("{scheme} •••"),
            );
        }
        request
    }

    fn verdict(&self) -> CallVerdict {
        let at = Duration::from_millis(184);
        let exchange =
            Exchange { outcome: self.outcome.clone(), timeline: vec![Event { at, what: Happening::Failed }] };
        let token = TokenFacts {
            header: Some(self.header),
            claims: Some(self.claims),
            alg: Some("ES512"),
            findings: &self.findings,
            signature: self.signature,
            iat: Some(self.begins),
            nbf: Some(self.begins),
            exp: Some(self.expires),
            scopes: &self.scopes,
            key: self.key,
        };
        let sent = Sent {
            environment: "Sandbox",
            at: NOW,
            expected: self.expected,
            token: self.token.filter(|token| token.starts_with("eyJ")).map(|_| token),
            known: Known::default(),
        };
        assess(self.definition, self.endpoint, &self.request(), &exchange, &sent)
    }
}

/// Compares each verdict with its page in `snapshots/`.
macro_rules! reads {
    ($case:expr) => {{
        let verdict = $case.verdict();
        let gates: Vec<Gate> = verdict.gates.iter().map(|rung| rung.gate).collect();
        assert_eq!(gates, Gate::ALL, "always all seven gates, in order");
        insta::assert_snapshot!(page(&verdict));
        verdict
    }};
}

#[test]
fn accepted() {
    let verdict = reads!(Case::new(200, r#"{"items":[]}"#));
    assert!(verdict.is_as_wanted());
}

#[test]
fn accepted_as_expected_with_201() {
    reads!(Case { expected: Some(201), ..Case::new(201, "{}") });
}

#[test]
fn accepted_where_a_refusal_was_expected() {
    let verdict = reads!(Case { expected: Some(401), begins: NOW - 1860, expires: NOW - 960, ..Case::new(200, "{}") });
    assert!(!verdict.is_as_wanted());
}

#[test]
fn accepted_though_a_claim_is_missing() {
    let finding = Finding::new(Code::ClaimMissing, "\"jti\" is missing; Gr4vy requires it");
    reads!(Case { expected: Some(401), findings: vec![finding], ..Case::new(200, "{}") });
}

#[test]
fn a_malformed_scope_403() {
    let finding = Finding::new(Code::ScopeMalformed, "\"transactions\" has no \".\" between resource and action");
    let scopes = vec!["transactions".to_owned()];
    reads!(Case { findings: vec![finding], scopes, ..Case::new(403, FORBIDDEN) });
}

#[test]
fn accepted_without_the_scope_that_is_needed() {
    reads!(Case { scopes: vec!["buyers.read".into()], ..Case::new(200, "{}") });
}

#[test]
fn accepted_without_a_key_here() {
    reads!(Case { signature: SignatureFact::Unknown { reason: "no key at hand" }, ..Case::new(200, "{}") });
}

#[test]
fn bare_401_with_a_new_key() {
    let key = KeyHistory { created: Some(NOW - 540), last_accepted: None };
    let verdict = reads!(Case { key, ..Case::new(401, BARE_401) });
    assert_eq!(verdict.gate(Gate::KeyKnown).unwrap().passage, Passage::Stopped);
}

#[test]
fn bare_401_with_a_key_that_worked() {
    reads!(Case::new(401, BARE_401));
}

#[test]
fn bare_401_and_no_key_here() {
    reads!(Case {
        signature: SignatureFact::Unknown { reason: "no key at hand" },
        key: KeyHistory::default(),
        ..Case::new(401, BARE_401)
    });
}

#[test]
fn expired_401() {
    reads!(Case { begins: NOW - 1020, expires: NOW - 720, ..Case::new(401, BARE_401) });
}

#[test]
fn expired_401_as_expected() {
    let case = Case { expected: Some(401), begins: NOW - 1020, expires: NOW - 720, ..Case::new(401, BARE_401) };
    let verdict = reads!(case);
    assert!(verdict.is_as_wanted());
    assert_eq!(verdict.next, None);
}

#[test]
fn refused_with_another_status_than_expected() {
    let verdict = reads!(Case { expected: Some(403), ..Case::new(401, BARE_401) });
    assert!(!verdict.is_as_wanted());
}

#[test]
fn changed_401() {
    let signature = SignatureFact::Bad { reason: "the signature does not verify with \"checkout-2026-11\"" };
    reads!(Case { signature, ..Case::new(401, BARE_401) });
}

#[test]
fn claim_missing_401() {
    let finding = Finding::new(Code::ClaimMissing, "\"jti\" is missing; Gr4vy requires it");
    reads!(Case { findings: vec![finding], ..Case::new(401, BARE_401) });
}

#[test]
fn milliseconds_401() {
    let finding = Finding::new(Code::Milliseconds, "\"exp\" counts milliseconds: found 1795183900000");
    reads!(Case { findings: vec![finding], expires: 1_795_183_900_000, ..Case::new(401, BARE_401) });
}

#[test]
fn clock_ahead_401() {
    let verdict = reads!(Case::new(401, BARE_401).header("date", "Fri, 20 Nov 2026 14:05:06 GMT"));
    assert_eq!(verdict.skew.unwrap().ahead, 94);
}

#[test]
fn clock_behind_401() {
    reads!(Case { expires: NOW + 30, ..Case::new(401, BARE_401).header("date", "Fri, 20 Nov 2026 14:08:14 GMT") });
}

#[test]
fn clock_a_little_ahead_200() {
    let verdict =
        reads!(Case { begins: NOW - 60, ..Case::new(200, "{}").header("date", "Fri, 20 Nov 2026 14:06:34 GMT") });
    assert!(verdict.notes[0].contains("6 s ahead"));
}

#[test]
fn no_token_401() {
    reads!(Case { token: None, ..Case::new(401, BARE_401) });
}

#[test]
fn lower_case_bearer_401() {
    reads!(Case {
        scheme: Some("bearer"),
        definition: built_in_named("cryptopay").unwrap(),
        endpoint: None,
        ..Case::new(401, r#"{"detail":"Authentication credentials were not provided."}"#)
    });
}

#[test]
fn rfc_6750_challenge_401() {
    reads!(Case::new(401, "").header(
        "www-authenticate",
        r#"Bearer realm="api", error="invalid_token", error_description="the token was revoked""#,
    ));
}

#[test]
fn opaque_key_401() {
    reads!(Case { token: Some("sk_test_51H8xgq2eZvKYlo2C4f2a"), ..Case::new(401, BARE_401) });
}

const FORBIDDEN: &str = r#"{"type":"error","code":"forbidden","status":403,"message":"Invalid credentials"}"#;

#[test]
fn forbidden_without_the_scope() {
    reads!(Case { scopes: vec!["buyers.read".into()], ..Case::new(403, FORBIDDEN) });
}

#[test]
fn forbidden_with_the_scope() {
    reads!(Case::new(403, FORBIDDEN));
}

#[test]
fn forbidden_on_an_unknown_path() {
    reads!(Case { endpoint: None, ..Case::new(403, "{}") });
}

#[test]
fn not_found() {
    reads!(Case::new(404, r#"{"type":"error","code":"not_found","message":"The resource could not be found"}"#));
}

#[test]
fn details_of_a_bad_request() {
    reads!(Case::new(
        400,
        r#"{"type":"error","code":"bad_request","message":"Request failed validation","details":[{"location":"body","pointer":"/currency","message":"value is not a valid enumeration member","type":"value_error"}]}"#
    ));
}

#[test]
fn details_of_a_422() {
    reads!(Case::new(
        422,
        r#"{"detail":[{"loc":["query","limit"],"msg":"value is not a valid integer","type":"type_error"}]}"#
    ));
}

#[test]
fn too_many_with_retry_after() {
    let verdict = reads!(Case::new(429, r#"{"code":"too_many_requests"}"#).header("retry-after", "30"));
    assert_eq!(verdict.wait, Some(Duration::from_secs(30)));
}

#[test]
fn unavailable_until_a_date() {
    let verdict = reads!(Case::new(503, "").header("retry-after", "Fri, 20 Nov 2026 14:16:40 GMT"));
    assert_eq!(verdict.wait, Some(Duration::from_secs(600)));
}

#[test]
fn odd_times_to_wait_are_named() {
    for (text, wait) in [("soon", None), ("-1", None), ("1000000000000", Some(86_400)), ("0", Some(0))] {
        let verdict = Case::new(429, "{}").header("retry-after", text).verdict();
        assert_eq!(verdict.wait, wait.map(Duration::from_secs), "{text}");
        assert_eq!(verdict.notes.is_empty(), text == "0", "{text}: {:?}", verdict.notes);
    }
    insta::assert_snapshot!(Case::new(429, "{}").header("retry-after", "soon").verdict().notes.join("\n"));
}

#[test]
fn the_longer_of_header_and_body_counts() {
    let text = include_str!("../../provider/providers/gr4vy.toml")
        .replace("[errors]\n", "[errors]\nretry-after = [\"/retry_after\"]\n");
    let definition: &'static Definition = Box::leak(Box::new(Definition::parse(&text).unwrap()));
    for (header, body, wait) in [("10", "40", 40), ("50", "40", 50), ("5", "\"7.2\"", 8), ("5", "-1", 5)] {
        let body = format!("{{\"retry_after\":{body}}}");
        let verdict = Case { definition, ..Case::new(429, &body).header("retry-after", header) }.verdict();
        assert_eq!(verdict.wait, Some(Duration::from_secs(wait)), "{header} and {body}");
    }
}

#[test]
fn server_error() {
    reads!(Case::new(500, r#"{"code":"server_error"}"#));
}

#[test]
fn html_from_a_proxy() {
    reads!(Case::new(502, "<html><h1>Bad Gateway</h1></html>").header("content-type", "text/html"));
}

#[test]
fn redirected_to_another_host() {
    let verdict = reads!(Case::new(302, "").header("location", "https://login.example.com/?next=%2F"));
    assert_eq!(verdict.kind, Kind::Redirected);
}

#[test]
fn redirected_to_the_same_host() {
    reads!(Case::new(301, "").header("location", "/transactions/"));
}

#[test]
fn an_answer_that_was_cut() {
    let mut case = Case::new(200, &" ".repeat(10_000));
    case.outcome.as_mut().unwrap().cut = true;
    reads!(case);
}

#[test]
fn no_answer_of_any_kind() {
    let host = || "api.sandbox.acme.gr4vy.app".to_owned();
    let errors = [
        NoAnswer::Unsent { reason: "a header value has a line break".into() },
        NoAnswer::Dns { host: host() },
        NoAnswer::Connect { host: "127.0.0.1".into(), port: 8080, reason: "connection refused".into() },
        NoAnswer::Tls { host: host(), reason: "invalid peer certificate: UnknownIssuer".into() },
        NoAnswer::Tls { host: host(), reason: "received fatal alert: HandshakeFailure".into() },
        NoAnswer::Timeout { host: host(), after: Duration::from_secs(30) },
        NoAnswer::Broken { host: host(), reason: "unexpected end of file".into() },
        NoAnswer::Cancelled,
    ];
    let pages: Vec<String> = errors
        .into_iter()
        .map(|error| {
            let verdict = Case::failed(error).verdict();
            assert_eq!(verdict.kind, Kind::Unanswered);
            page(&verdict)
        })
        .collect();
    insta::assert_snapshot!(pages.join("\n"));
}

#[test]
fn no_answer_where_one_was_expected() {
    let verdict = Case { expected: Some(401), ..Case::failed(NoAnswer::Cancelled) }.verdict();
    assert!(!verdict.is_as_wanted());
    assert_eq!(verdict.sentence, "Cancelled. Whether the server acted on it is not known. 401 was expected.");
}

#[test]
fn every_status_gets_a_verdict() {
    for status in 100..=999 {
        let verdict = Case::new(status, "").verdict();
        assert!(!verdict.sentence.is_empty() && verdict.sentence.ends_with('.'), "{status}: {}", verdict.sentence);
        assert_eq!(verdict.is_as_wanted(), (200..300).contains(&status), "{status}");
    }
}

#[test]
fn no_verdict_holds_the_signature() {
    for status in [200, 301, 401, 403, 429, 500] {
        let page = page(&Case::new(status, BARE_401).verdict());
        assert!(!page.contains("c2lnbmF0dXJl"), "{page}");
    }
}

proptest! {
    #[test]
    fn any_answer_gets_a_verdict_and_no_panic(
        status in any::<u16>(),
        body in prop_oneof![".*", "\\{\"code\":.*\\}", "\\{\"details\":\\[.*\\]\\}", "\\{\"detail\":\\[\\{\"loc\":\\[\"a\",1\\]\\}\\]\\}"],
        date in prop_oneof![".*", Just("Fri, 20 Nov 2026 14:06:40 GMT".to_owned())],
        retry in ".*",
        location in ".*",
        challenge in prop_oneof![".*", "Bearer error=\".*\""],
        begins in any::<i64>(),
        expires in any::<i64>(),
        created in option::of(any::<i64>()),
        expected in option::of(any::<u16>()),
    ) {
        let key = KeyHistory { created, last_accepted: created };
        let case = Case { begins, expires, key, expected, ..Case::new(status, &body) }
            .header("date", &date)
            .header("retry-after", &retry)
            .header("location", &location)
            .header("www-authenticate", &challenge);
        let verdict = case.verdict();
        prop_assert_eq!(verdict.gates.len(), 7);
        prop_assert!(!verdict.sentence.chars().any(char::is_control), "{}", verdict.sentence);
    }
}

#[test]
fn the_emulators_reason_is_a_note_and_no_other_server_has_one() {
    let reason = "the kid \"x\" is not registered";
    let case = |base: &'static str| Case { base, ..Case::new(401, "").header("keywright-emulator-reason", reason) };
    let notes = |case: Case| case.verdict().notes;
    assert!(notes(case("http://127.0.0.1:41234/gr4vy/")).contains(&format!("Emulator: {reason}.")));
    assert!(!notes(case("https://api.sandbox.acme.gr4vy.app/")).iter().any(|note| note.starts_with("Emulator")));
}

/// In the first hours this was called right in everything that can be checked, and the key not registered yet.
#[test]
fn bare_401_with_a_kid_that_names_another_key() {
    let finding = Finding::new(Code::KidOther, r#""kid" is "wrongkid", and this key is "rkya0rAJ""#);
    let key = KeyHistory { created: Some(NOW - 540), last_accepted: None };
    reads!(Case { findings: vec![finding], key, ..Case::new(401, "") });
}

/// The server's words win over a guess, and what was sent stands beside them.
#[test]
fn a_member_that_the_server_names_401() {
    let claims = r#"{"aud":"x","iss":"acme","exp":1795183900,"scopes":["transactions.read"],"tenant":7}"#;
    let said = |message: &str| {
        let body = format!(r#"{{"code":"unauthorized","message":{message:?}}}"#);
        let verdict = Case { claims, ..Case::new(401, &body) }.verdict();
        let stopped = verdict.gates.iter().filter(|rung| rung.passage == Passage::Stopped);
        let stopped: Vec<String> =
            stopped.map(|rung| format!("  {}, {}: {}", rung.gate.id(), rung.certainty.id(), rung.reason)).collect();
        format!("{}\n{}\n{}\n", verdict.sentence, verdict.next.unwrap_or_default(), stopped.join("\n"))
    };
    let messages = [
        "Unexpected 'aud' value",
        "jwt issuer invalid. expected: other",
        "jwt expired",
        "no key for kid rkya0rAJ",
        "The alg value is not allowed",
        "scope transactions.read is missing",
        "Missing \"merchant\" claim",
        "tenant 'tenant' is closed",
        // Near misses: nothing of the token is named.
        "invalid signature",
        "Your API key has expired",
    ];
    insta::assert_snapshot!(messages.map(said).join("\n"));
}

#[test]
fn a_member_that_the_server_names_403() {
    let body = r#"{"type":"error","code":"forbidden","message":"issuer not allowed for this audience"}"#;
    reads!(Case::new(403, body));
}

#[test]
fn an_audience_is_shown_and_not_guessed() {
    let gate = |claims| {
        let verdict = Case { claims, ..Case::new(401, BARE_401) }.verdict();
        let rung = verdict.gate(Gate::Audience).unwrap().clone();
        (rung.certainty.id(), rung.reason)
    };
    assert_eq!(gate(r#"{"aud":"x"}"#), ("not-reached", r#"aud is "x""#.to_owned()));
    assert_eq!(gate("{}"), ("does-not-apply", "Gr4vy tokens carry no aud".to_owned()));
}

#[test]
fn a_scope_that_the_provider_does_not_have_is_proved_wrong() {
    let text = include_str!("../../provider/providers/gr4vy.toml").replacen(
        "[scopes]\n",
        "[scopes]\nunlisted = \"refuse\"\n",
        1,
    );
    let definition: &'static Definition = Box::leak(Box::new(Definition::parse(&text).unwrap()));
    let findings = |scope: &str| {
        let claims = format!(
            r#"{{"scopes":["{scope}"],"iss":"a","nbf":1795183600,"exp":1795183900,"jti":"07070707-0707-4707-8707-070707070707"}}"#
        );
        provider::check_claims(definition, &claims, NOW)
    };
    let gate = |scope: &str| {
        let findings = findings(scope);
        let scopes = vec![scope.to_owned()];
        let verdict = Case { definition, findings, scopes, ..Case::new(403, FORBIDDEN) }.verdict();
        let rung = verdict.gate(Gate::Scope).unwrap().clone();
        (rung.passage, rung.certainty.id(), verdict.sentence)
    };
    let (passage, certainty, sentence) = gate("transactoins.read");
    assert_eq!((passage, certainty), (Passage::Stopped, "proved"));
    insta::assert_snapshot!(sentence);
    assert_eq!(gate("transactions.read").1, "likely", "a scope that there is proves nothing");
}

#[test]
fn an_error_that_echoes_a_token_does_not_show_it() {
    let body = format!(r#"{{"code":"bad","message":"cannot read {TOKEN}"}}"#);
    for status in [400, 401, 403] {
        let page = page(&Case::new(status, &body).verdict());
        assert!(!page.contains("c2lnbmF0dXJl"), "{page}");
    }
}
