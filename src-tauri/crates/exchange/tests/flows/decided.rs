//! What follows an answer: renewals, redirects and their refusals, one by one.

use keywright_exchange::{
    After, Answer, AtHand, Attempt, Authentication, Body, Header, HeaderValue, History, Method, NoAnswer, Piece,
    PreparedRequest, RefreshToken, Situation, Step, next, redirected, renewal_due,
};
use provider::{Definition, Endpoint};
use url::Url;

use crate::{
    recorded::{SIMPLEJWT, built_in, json, with},
    wire::{flow, google, shown},
};

/// 2026-11-20 14:06:40 UTC.
pub const NOW: i64 = 1_795_183_600;

/// One decision, right in every way until a test changes something.
pub struct Case {
    pub definition: &'static Definition,
    pub endpoint: Option<&'static str>,
    pub flow: Option<&'static str>,
    pub request: PreparedRequest,
    pub outcome: Result<Answer, NoAnswer>,
    pub history: History,
    pub auth: Authentication,
    pub refresh: RefreshToken,
    /// The flow that the sealed credential gets a first token by.
    pub first: Option<&'static str>,
    /// What happens to the call that waits for a flow.
    pub then: Option<After>,
    pub follow: bool,
}

/// A request with a credential.
pub fn request(method: &str, url: &str) -> PreparedRequest {
    PreparedRequest {
        method: method.to_owned(),
        url: Url::parse(url).unwrap(),
        headers: vec![
            Header::masked("Authorization", "Bearer secret".to_owned().into(), "Bearer •••"),
            Header::plain("X-Merchant", "acme"),
            Header::plain("Content-Type", "application/json"),
        ],
        body: if method == "GET" { Vec::new() } else { b"{}".to_vec() }.into(),
    }
}

/// A body with a secret in it.
fn secret_body() -> Body {
    let (name, clear, shown) = ("refresh_token".into(), "secret".to_owned().into(), "•••".into());
    Body::Secret(vec![Piece::Masked { name, clear, shown }])
}

/// A request by whose key the server tells the second from the first.
pub fn keyed(method: &str) -> PreparedRequest {
    let mut request = request(method, "https://sandbox-api.cryptopay.com/api/payment-orders/");
    request.headers.push(Header::plain("Idempotency-Key", "07070707-0707-4707-8707-070707070707"));
    request
}

impl Case {
    pub fn new(answer: Answer) -> Self {
        Self {
            definition: built_in("cryptopay"),
            endpoint: Some("payment-orders"),
            flow: None,
            request: request("GET", "https://sandbox-api.cryptopay.com/api/payment-orders/"),
            outcome: Ok(answer),
            history: History::default(),
            auth: Authentication::SignedToken,
            refresh: RefreshToken::Present { expires: Some(NOW + 86_400) },
            first: None,
            then: None,
            follow: true,
        }
    }

    /// A POST that changes something.
    pub fn post(answer: Answer) -> Self {
        let request = request("POST", "https://sandbox-api.cryptopay.com/api/payment-orders/");
        Self { request, endpoint: Some("create-payment-order"), ..Self::new(answer) }
    }

    pub fn next(&self) -> Step {
        self.next_with(&mut |bytes| bytes.fill(0x80))
    }

    pub fn next_with(&self, random: &mut dyn FnMut(&mut [u8])) -> Step {
        let endpoint: Option<&Endpoint> = self.endpoint.map(|id| self.definition.endpoint(id).unwrap());
        let attempt = match self.flow {
            Some(id) => Attempt::Flow { flow: flow(self.definition, id), then: self.then },
            None => Attempt::Call { endpoint, auth: self.auth },
        };
        let situation = Situation {
            definition: self.definition,
            attempt,
            request: &self.request,
            outcome: &self.outcome,
            arrived: NOW,
            history: &self.history,
            at_hand: AtHand { refresh: self.refresh, first: self.first.map(|id| flow(self.definition, id)) },
            follow: self.follow,
        };
        next(&situation, random)
    }

    /// The step in a line.
    pub fn line(&self) -> String {
        let step = self.next();
        let more = match &step {
            Step::Renew(renewal) => format!(" {:?} {:?}", renewal.by, renewal.then),
            Step::LogIn { flow, .. } => format!(" {flow:?}"),
            Step::Wait(wait) => {
                format!(" {} ms, {}, until {:+}", wait.milliseconds, wait.source.id(), wait.until - NOW)
            }
            Step::Redirect(to) => {
                let kept = |kept: bool, what| if kept { format!(" with {what}") } else { format!(" without {what}") };
                let (body, credential) = (kept(to.keeps_body, "body"), kept(to.keeps_credential, "credential"));
                format!(" {} {}{body}{credential}", to.method, to.to)
            }
            Step::Done | Step::GiveUp { .. } => String::new(),
        };
        format!("{}{more}\n  {}\n", step.id(), step.why().unwrap_or_default())
    }
}

/// Each case with its name, a step each.
macro_rules! decides {
    ($($name:literal: $case:expr),+ $(,)?) => {
        insta::assert_snapshot!([$(format!("{}: {}", $name, $case.line())),+].concat())
    };
}

fn unauthorized() -> Answer {
    SIMPLEJWT.answer("expired")
}

#[test]
fn a_401_renews_once_as_the_definition_says() {
    let partner = || Case {
        definition: built_in("partner"),
        endpoint: Some("portfolio"),
        request: request("GET", "https://api.example.com/portfolio"),
        ..Case::new(json(401, r#"{"message":"Token Expired"}"#))
    };
    let hedge = || Case {
        definition: built_in("hedge"),
        endpoint: Some("payments"),
        request: request("GET", "https://api.hedgepayments.com/api/payments"),
        ..Case::new(json(401, r#"{"error":{"code":"expired_token","message":"Token has expired"}}"#))
    };
    let renewed = History { renewed: true, ..History::default() };
    decides! {
        "refresh": Case::new(unauthorized()),
        "sign again": partner(),
        "mint": hedge(),
        "exchange": Case { definition: google(), endpoint: None, ..Case::new(json(401, "{}")) },
        "a second 401": Case { history: renewed.clone(), ..Case::new(unauthorized()) },
        "a second 401 without words": Case { history: renewed, ..Case::new(json(401, "")) },
        "the scope is the fault": Case {
            outcome: Ok(json(401, r#"{"error":{"code":"insufficient_permissions","message":"no"}}"#)),
            ..hedge()
        },
        "a POST without a key": Case::post(unauthorized()),
        "a POST with a key": Case { request: keyed("POST"), ..Case::post(unauthorized()) },
        "no refresh token": Case { refresh: RefreshToken::Absent, ..Case::new(unauthorized()) },
        "an expired refresh token": Case {
            refresh: RefreshToken::Present { expires: Some(NOW - 7200) },
            ..Case::new(unauthorized())
        },
        "an opaque refresh token": Case {
            refresh: RefreshToken::Present { expires: None },
            ..Case::new(unauthorized())
        },
    }
}

#[test]
fn a_session_that_ended_begins_anew_where_its_login_is_sealed() {
    let sealed = |case: Case| Case { first: Some("log-in"), ..case };
    let absent = |case: Case| Case { refresh: RefreshToken::Absent, ..case };
    let refused = || Case { flow: Some("refresh"), ..Case::post(SIMPLEJWT.answer("refresh token used twice")) };
    let waits = |case: Case| Case { then: Some(After::Send), ..case };
    let renewed = History { renewed: true, ..History::default() };
    decides! {
        "no refresh token": absent(sealed(Case::new(unauthorized()))),
        "the same of a POST without a key": absent(sealed(Case::post(unauthorized()))),
        "an expired refresh token": Case {
            refresh: RefreshToken::Present { expires: Some(NOW - 7200) },
            ..sealed(Case::new(unauthorized()))
        },
        "a refused refresh, for which a call waits": waits(sealed(refused())),
        "a refused refresh that was the point": sealed(refused()),
        "a refused refresh, and nothing is sealed": waits(refused()),
        "a wrong password": waits(sealed(Case { flow: Some("log-in"), ..Case::post(SIMPLEJWT.answer("wrong password")) })),
        "a second 401": Case { history: renewed, ..absent(sealed(Case::new(unauthorized()))) },
    }
}

#[test]
fn a_401_stands_where_a_new_token_cannot_help() {
    let mut open = request("GET", "https://elsewhere.example/");
    open.headers.remove(0);
    let cases = [
        Case { follow: false, ..Case::new(unauthorized()) },
        Case { auth: Authentication::Key, ..Case::new(unauthorized()) },
        Case { auth: Authentication::Nothing, ..Case::new(unauthorized()) },
        // A redirect left the credential behind.
        Case { request: open, ..Case::new(unauthorized()) },
        // Logging in with a wrong password is not a thing to repeat.
        Case { flow: Some("log-in"), ..Case::post(SIMPLEJWT.answer("wrong password")) },
        Case { flow: Some("verify"), ..Case::new(unauthorized()) },
    ];
    for case in cases {
        assert_eq!(case.next(), Step::Done);
    }
    let definition: &'static Definition =
        Box::leak(Box::new(Definition { on_unauthorized: None, ..built_in("partner").clone() }));
    assert_eq!(Case { definition, endpoint: None, ..Case::new(json(401, "{}")) }.next(), Step::Done);
}

#[test]
fn other_answers_stand() {
    for status in [200, 201, 204, 300, 304, 400, 403, 404, 409, 422, 500, 502, 504] {
        assert_eq!(Case::new(json(status, "{}")).next(), Step::Done, "{status}");
    }
    assert_eq!(Case { outcome: Err(NoAnswer::Cancelled), ..Case::new(json(200, "")) }.next(), Step::Done);
}

#[test]
fn c7_a_refused_refresh_asks_for_a_log_in_and_names_the_reason() {
    let refresh = |answer| Case { flow: Some("refresh"), follow: false, ..Case::post(answer) };
    let html = |status| Answer { status, ..SIMPLEJWT.answer("wrong path") };
    decides! {
        "used twice": refresh(SIMPLEJWT.answer("refresh token used twice")),
        "expired": refresh(SIMPLEJWT.answer("refresh with an expired token")),
        "an access token": refresh(SIMPLEJWT.answer("refresh with an access token")),
        "without the field": refresh(SIMPLEJWT.answer("refresh without the field")),
        "RFC 6749 section 5.2": refresh(json(400, r#"{"code":"invalid_grant"}"#)),
        "a web page in place of an error": refresh(html(404)),
        "a web page in place of tokens": refresh(html(200)),
        "a log-in page in place of a refusal": refresh(html(401)),
    }
    assert_eq!(refresh(SIMPLEJWT.answer("refreshed with rotation")).next(), Step::Done);
    assert_eq!(refresh(json(500, "{}")).next(), Step::Done);
}

#[test]
fn redirects_as_browsers_follow_them() {
    let to = |status, location: &str| with(json(status, ""), "location", location);
    let put = |answer| Case { request: request("PUT", "https://sandbox-api.cryptopay.com/a"), ..Case::post(answer) };
    decides! {
        "301 GET": Case::new(to(301, "/api/orders/")),
        "301 POST": Case::post(to(301, "/api/orders/")),
        "302 POST": Case::post(to(302, "?page=2")),
        "303 POST": Case::post(to(303, "/done")),
        "303 PUT": put(to(303, "/done")),
        "301 PUT": put(to(301, "/b")),
        "307 POST": Case::post(to(307, "/b")),
        "308 POST": Case::post(to(308, "/b")),
        "another origin": Case::new(to(302, "https://login.example.com/?next=%2F#top")),
        "another port": Case::new(to(302, "https://sandbox-api.cryptopay.com:8443/")),
        "307 POST elsewhere": Case::post(to(307, "https://other.example/b")),
        "without the slash (Django)": Case {
            request: request("GET", "https://sandbox-api.cryptopay.com/api/orders"),
            ..Case::new(SIMPLEJWT.answer("read without the slash"))
        },
        "a POST without the slash (Django)": Case {
            request: request("POST", "https://sandbox-api.cryptopay.com/api/orders"),
            ..Case::post(SIMPLEJWT.answer("read without the slash"))
        },
    }
}

#[test]
fn redirects_that_are_refused() {
    let to = |location: &str| with(json(302, ""), "location", location);
    let url = |path: &str| Url::parse("https://sandbox-api.cryptopay.com").unwrap().join(path).unwrap();
    let hop = |path: &str| ("GET".to_owned(), url(path));
    let many = History { redirects: (0..5).map(|n| hop(&format!("/{n}"))).collect(), ..History::default() };
    let secret = |path: &str| PreparedRequest { body: secret_body(), ..request("POST", url(path).as_str()) };
    let login = |answer, request| Case { request, ..Case::post(answer) };
    decides! {
        "no address": Case::new(json(302, "")),
        "not an address": Case::new(to("https://")),
        "another scheme": Case::new(to("ftp://files.example/")),
        "a script": Case::new(to("javascript:alert(1)")),
        "plain HTTP": Case::new(to("http://sandbox-api.cryptopay.com/api")),
        "this computer": Case::new(to("http://127.0.0.1:9200/")),
        "a user name": Case::new(to("https://a:b@sandbox-api.cryptopay.com/")),
        "to itself": Case::new(to("/api/payment-orders/")),
        "in a circle": Case { history: History { redirects: vec![hop("/x")], ..History::default() }, ..Case::new(to("/x")) },
        "too many": Case { history: many, ..Case::new(to("/x")) },
        "a refresh that would lose its token": Case {
            flow: Some("refresh"),
            ..login(SIMPLEJWT.answer("refresh without the slash"), secret("/api/auth/token/refresh"))
        },
        "a log-in that would go elsewhere": Case {
            flow: Some("log-in"),
            ..login(with(json(307, ""), "location", "https://other.example/"), secret("/api/auth/login"))
        },
    }
    let local = request("GET", "http://127.0.0.1:8000/a");
    assert!(matches!(Case { request: local, ..Case::new(to("http://127.0.0.1:8001/b")) }.next(), Step::Redirect(_)));
    assert_eq!(Case { follow: false, ..Case::new(to("/x")) }.next(), Step::Done);
}

#[test]
fn what_goes_along_to_another_address() {
    let follow = |case: Case| {
        let Step::Redirect(redirect) = case.next() else { panic!("{}", case.line()) };
        let mut request = case.request;
        request.headers.push(Header::plain("Cookie", "a=b"));
        redirected(request, &redirect)
    };
    let to = |status, location: &str| with(json(status, ""), "location", location);
    let pages = [
        follow(Case::post(to(308, "/b"))),
        follow(Case::post(to(301, "/b"))),
        follow(Case::new(to(302, "https://other.example/b"))),
        follow(Case::new(to(307, "https://other.example/b"))),
    ];
    for request in &pages[2..] {
        assert!(!request.carries_secret());
        assert!(request.headers.iter().all(|header| matches!(header.value, HeaderValue::Plain(_))));
    }
    insta::assert_snapshot!(pages.map(|request| shown(&request)).join("--\n"));
}

#[test]
fn p8_a_token_at_its_end_is_renewed_before_it_is_sent() {
    let present = RefreshToken::Present { expires: Some(NOW + 86_400) };
    let due = |definition, left: i64, refresh| {
        renewal_due(definition, Some(NOW + left), AtHand { refresh, first: None }, NOW)
    };
    let cryptopay = built_in("cryptopay");
    assert_eq!(due(cryptopay, 61, present), None);
    assert_eq!(renewal_due(cryptopay, None, AtHand { refresh: present, first: None }, NOW), None);
    let lines: Vec<String> = [
        due(cryptopay, 60, present),
        due(cryptopay, -3600, present),
        due(cryptopay, 10, RefreshToken::Absent),
        due(built_in("partner"), 0, RefreshToken::Absent),
        due(built_in("hedge"), 30, RefreshToken::Absent),
        due(google(), 200, RefreshToken::Absent),
    ]
    .into_iter()
    .map(|step| {
        let step = step.unwrap();
        if let Step::Renew(renewal) = &step {
            assert_eq!(renewal.then, After::Send);
        }
        format!("{}: {}", step.id(), step.why().unwrap())
    })
    .collect();
    insta::assert_snapshot!(lines.join("\n"));
    let Some(Step::Renew(renewal)) = due(cryptopay, 0, present) else { panic!("not renewed") };
    assert_eq!(renewal.by, Method::Refresh { flow: "refresh".into() });
}
