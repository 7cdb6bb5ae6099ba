//! How long is waited, and what no answer can bring about.

use keywright_exchange::{
    Answer, Authentication, Header, History, LONGEST_WAIT, MOST_WAITS, PreparedRequest, RefreshToken, Step, WaitSource,
};
use proptest::prelude::*;

use crate::{
    decided::{Case, NOW, keyed, request},
    recorded::{SIMPLEJWT, built_in, json, with},
};

fn limited(header: Option<&str>, body: &str) -> Answer {
    let answer = json(429, body);
    header.map_or(answer.clone(), |value| with(answer, "retry-after", value))
}

fn after(waits: u32) -> History {
    History { waits, ..History::default() }
}

#[test]
fn c17_the_larger_of_header_and_body_is_waited_for() {
    let mut out = String::new();
    let cases: [(Option<&str>, &str); 9] = [
        // RFC 9110 §10.2.3.
        (Some("120"), "{}"),
        (Some("Fri, 20 Nov 2026 14:09:00 GMT"), "{}"),
        (None, r#"{"error":{"code":"RATE_LIMITED"},"retry_after":60}"#),
        (Some("10"), r#"{"retry_after":40}"#),
        (Some("50"), r#"{"retry_after":40}"#),
        (Some("5"), r#"{"retry_after":"7.2"}"#),
        (Some("0"), "{}"),
        (None, "{}"),
        (Some("Fri, 31 Dec 1999 23:59:59 GMT"), "{}"),
    ];
    for (header, body) in cases {
        out += &format!("{} {body}: {}", header.unwrap_or("-"), Case::new(limited(header, body)).line());
    }
    out += &format!("SimpleJWT: {}", Case::new(SIMPLEJWT.answer("throttled")).line());
    out += &format!("503: {}", Case::new(with(json(503, ""), "retry-after", "3")).line());
    insta::assert_snapshot!(out);
}

#[test]
fn a_date_is_measured_by_the_clock_that_wrote_it() {
    let answer = with(limited(Some("Fri, 20 Nov 2026 15:01:00 GMT"), "{}"), "date", "Fri, 20 Nov 2026 15:00:00 GMT");
    let Step::Wait(wait) = Case::new(answer).next() else { panic!("no wait") };
    assert_eq!((wait.milliseconds, wait.source), (60_000, WaitSource::HeaderDate));
}

#[test]
fn nonsense_is_said_and_not_obeyed() {
    let mut out = String::new();
    for value in ["-1", "soon", "1e12", "1000000000000", "NaN", "", "99999999999999999999999", "1.5"] {
        out += &format!("{value:?}: {}", Case::new(limited(Some(value), "{}")).line());
    }
    for value in ["-1", "\"soon\"", "1e12", "\"NaN\"", "null", "[]", "1e400", "true"] {
        let body = format!("{{\"retry_after\":{value}}}");
        out += &format!("{value}: {}", Case::new(limited(None, &body)).line());
    }
    // One of the two makes sense.
    out += &format!("both: {}", Case::new(limited(Some("1000000000000"), r#"{"retry_after":3}"#)).line());
    insta::assert_snapshot!(out);
}

#[test]
fn what_is_too_long_or_too_often_is_left_to_the_person() {
    let mut out = String::new();
    out += &format!("600 s: {}", Case::new(limited(Some("600"), "{}")).line());
    out += &format!("601 s: {}", Case::new(limited(Some("601"), "{}")).line());
    out += &format!("a day: {}", Case::new(limited(Some("86400"), "{}")).line());
    out += &format!("the last: {}", Case { history: after(MOST_WAITS - 1), ..Case::new(limited(None, "{}")) }.line());
    out += &format!("one more: {}", Case { history: after(MOST_WAITS), ..Case::new(limited(None, "{}")) }.line());
    out += &format!("again: {}", Case { history: after(1), ..Case::new(limited(Some("2"), "{}")) }.line());
    insta::assert_snapshot!(out);
}

#[test]
fn a_limit_that_is_used_up_says_when_it_begins_anew() {
    let hedge = |remaining: &str, reset: i64| {
        let answer = with(json(429, "{}"), "x-ratelimit-limit", "100");
        let answer = with(with(answer, "x-ratelimit-remaining", remaining), "x-ratelimit-reset", &reset.to_string());
        let request = request("GET", "https://api.hedgepayments.com/api/payments");
        Case { definition: built_in("hedge"), endpoint: Some("payments"), request, ..Case::new(answer) }
    };
    let cases = [hedge("0", NOW + 42), hedge("7", NOW + 42), hedge("0", NOW - 5), hedge("0", NOW * 1000)];
    insta::assert_snapshot!(cases.map(|case| case.line()).concat());
}

#[test]
fn back_off_grows_with_full_jitter() {
    let wait = |waits, byte: u8| {
        let case = Case { history: after(waits), ..Case::new(limited(None, "{}")) };
        match case.next_with(&mut |bytes| bytes.fill(byte)) {
            Step::Wait(wait) => wait.milliseconds,
            step => panic!("{step:?}"),
        }
    };
    let bounds: Vec<(u64, u64)> = (0..MOST_WAITS).map(|waits| (wait(waits, 0), wait(waits, 0xff))).collect();
    assert_eq!(bounds, [(0, 500), (0, 1000), (0, 2000), (0, 4000), (0, 8000)]);
}

#[test]
fn x7_what_changes_something_is_sent_twice_only_with_a_key() {
    let empty_key = PreparedRequest {
        headers: vec![Header::plain("Idempotency-Key", " ")],
        ..request("POST", "https://sandbox-api.cryptopay.com/api/payment-orders/")
    };
    let busy = || limited(Some("3"), "{}");
    let mut out = String::new();
    for method in ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH"] {
        let request = request(method, "https://sandbox-api.cryptopay.com/api/payment-orders/");
        out += &format!("{method}: {}", Case { request, ..Case::new(busy()) }.line());
    }
    out += &format!("POST with a key: {}", Case { request: keyed("POST"), ..Case::post(busy()) }.line());
    out += &format!("POST with an empty key: {}", Case { request: empty_key, ..Case::post(busy()) }.line());
    // An endpoint that is known to change something, whatever its method.
    let get = request("GET", "https://sandbox-api.cryptopay.com/api/payment-orders/");
    out += &format!("GET that changes something: {}", Case { request: get, ..Case::post(busy()) }.line());
    out += &format!("a refresh: {}", Case { flow: Some("refresh"), ..Case::post(busy()) }.line());
    insta::assert_snapshot!(out);
}

/// Whether a request may be repeated, told apart here by the letter of RFC 9110 §9.2.2.
fn repeatable(case: &Case) -> bool {
    let key = case.request.headers.iter().any(|header| header.name == "Idempotency-Key");
    key || ["GET", "HEAD", "PUT", "DELETE"].contains(&case.request.method.as_str())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn whatever_comes_the_rules_hold(
        status in prop_oneof![any::<u16>(), prop::sample::select(vec![200u16, 301, 302, 303, 307, 308, 401, 429, 503])],
        body in prop_oneof![".{0,60}", "\\{\"retry_after\":(-?[0-9]{1,30}|\"[^\"]{0,9}\")\\}", "\\{\"detail\":\".{0,20}\"\\}"],
        retry in prop::option::of(prop_oneof![".{0,30}", "[0-9]{1,25}", "-?[0-9]{1,4}"]),
        location in prop::option::of(prop_oneof![".{0,30}", "https?://[a-z]{1,5}/", "/[a-z]{0,3}"]),
        method in prop::sample::select(vec!["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]),
        key in any::<bool>(),
        renewed in any::<bool>(),
        waits in 0..8u32,
        flow in prop::option::of(prop::sample::select(vec!["log-in", "refresh", "verify"])),
        expires in prop::option::of(any::<i64>()),
        random in any::<u8>(),
        provider in prop::sample::select(vec!["cryptopay", "hedge", "partner", "gr4vy"]),
    ) {
        let mut answer = json(status, &body);
        for (name, value) in [("retry-after", retry), ("location", location)] {
            answer.headers.extend(value.map(|value| (name.to_owned(), value)));
        }
        let flow = flow.filter(|_| provider == "cryptopay");
        let case = Case {
            definition: built_in(provider),
            endpoint: None,
            flow,
            request: if key { keyed(method) } else { request(method, "https://sandbox-api.cryptopay.com/api/x") },
            history: History { renewed, waits, ..History::default() },
            refresh: RefreshToken::Present { expires },
            auth: Authentication::SignedToken,
            ..Case::new(answer)
        };
        let step = case.next_with(&mut |bytes| bytes.fill(random));
        match &step {
            Step::Wait(wait) => {
                prop_assert!(wait.milliseconds <= LONGEST_WAIT && wait.until >= NOW);
                prop_assert!(repeatable(&case), "{}", wait.why);
                prop_assert!(waits < MOST_WAITS);
            }
            Step::Renew(renewal) => {
                prop_assert!(!renewed && flow.is_none());
                prop_assert!(repeatable(&case) || renewal.then == keywright_exchange::After::Ask);
            }
            Step::Redirect(redirect) => {
                prop_assert!(redirect.to.scheme() == "https");
                prop_assert!(!redirect.keeps_credential || redirect.to.origin() == case.request.url.origin());
            }
            Step::Done | Step::LogIn { .. } | Step::GiveUp { .. } => {}
        }
        if let Some(why) = step.why() {
            prop_assert!(why.ends_with('.') && !why.chars().any(char::is_control), "{}", why);
        }
        let history = case.history.clone().and(&step, &case.request);
        prop_assert!(history.renewed >= renewed && history.waits >= waits);
    }
}
