//! Whole stories: a server of paper answers, and every attempt is a row that people can read.

use keywright_exchange::{Answer, PreparedRequest, RowKind};
use proptest::prelude::*;
use provider::definition::FlowKind;

use crate::{
    recorded::{SIMPLEJWT, built_in, json, with},
    story::{Story, token},
    wire::flow,
};

const CRYPTOPAY: &str = "https://sandbox-api.cryptopay.com";

fn path(request: &PreparedRequest) -> &str {
    request.url.path()
}

fn bearer(request: &PreparedRequest) -> String {
    let header = request.headers.iter().find(|header| header.name == "Authorization");
    header.map(|header| header.value.clear().to_owned()).unwrap_or_default()
}

/// Like SimpleJWT with rotation: access token 1 has expired, each refresh token works once.
fn session() -> impl FnMut(&PreparedRequest) -> Answer {
    let mut used = Vec::new();
    move |request| match path(request) {
        "/api/auth/token/refresh/" => {
            let body = String::from_utf8(request.body.clear().to_vec()).unwrap();
            if used.contains(&body) {
                return SIMPLEJWT.answer("refresh token used twice");
            }
            used.push(body);
            let number = u32::try_from(used.len()).unwrap() + 1;
            let (access, refresh) = (token("access", number), token("refresh", number));
            json(200, &format!("{{\"access\":\"{access}\",\"refresh\":\"{refresh}\"}}"))
        }
        _ if bearer(request) == format!("Bearer {}", token("access", 1)) => SIMPLEJWT.answer("expired"),
        _ => json(200, "[]"),
    }
}

/// No row of a story holds a signature or a key.
fn assert_no_secret(story: &Story<'_>) {
    let text = format!("{:?}", story.timeline);
    for secret in ["c2lnbmF0dXJl", "51H8xgq2eZvKYlo2"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

/// Compares a story with its page in `snapshots/`.
macro_rules! reads {
    ($story:expr) => {{
        assert_no_secret(&$story);
        insta::assert_snapshot!($story.page());
    }};
}

#[test]
fn c5_401_then_refresh_then_200() {
    let mut story = Story::new(built_in("cryptopay"), CRYPTOPAY, session());
    assert_eq!(story.call("payment-orders"), 200);
    assert_eq!((story.access.clone(), story.refresh.clone()), (token("access", 2), Some(token("refresh", 2))));
    let kinds: Vec<&str> = story.timeline.rows.iter().map(|row| row.kind.id()).collect();
    assert_eq!(kinds, ["send", "renew", "refresh", "send"]);
    reads!(story);
}

#[test]
fn c7_a_refresh_token_that_was_used_before() {
    let mut story = Story::new(built_in("cryptopay"), CRYPTOPAY, session());
    assert!(story.run(flow(built_in("cryptopay"), "refresh")));
    // Another copy of the program still holds the first pair.
    (story.access, story.refresh) = (token("access", 1), Some(token("refresh", 1)));
    assert_eq!(story.call("payment-orders"), 401);
    assert_eq!(story.timeline.rows.last().unwrap().kind, RowKind::LogIn);
    reads!(story);
}

#[test]
fn p6_a_second_401_is_shown() {
    let mut calls = 0;
    let mut story = Story::new(built_in("partner"), "https://api.example.com", |_| {
        calls += 1;
        json(401, r#"{"message":"Invalid Token"}"#)
    });
    assert_eq!(story.call("portfolio"), 401);
    reads!(story);
    drop(story);
    assert_eq!(calls, 2);
}

#[test]
fn a_post_is_not_sent_again_by_itself() {
    let mut story = Story::new(built_in("cryptopay"), CRYPTOPAY, session());
    assert_eq!(story.call("create-payment-order"), 401);
    assert_eq!(story.access, token("access", 2), "but its token is new");
    let sent = story.timeline.rows.iter().filter(|row| row.kind == RowKind::Send).count();
    assert_eq!(sent, 1);
    reads!(story);
}

#[test]
fn a_post_with_an_idempotency_key_is_and_the_key_stays() {
    let mut keys = Vec::new();
    let mut story = Story::new(built_in("gr4vy"), "https://api.sandbox.acme.gr4vy.app", |request| {
        keys.extend(request.shown_header("idempotency-key").map(str::to_owned));
        if bearer(request).ends_with("LW9m2") { json(201, "{}") } else { json(401, r#"{"code":"unauthorized"}"#) }
    });
    assert_eq!(story.call("create-transaction"), 201);
    reads!(story);
    drop(story);
    assert!(keys.len() == 2 && keys[0] == keys[1], "{keys:?}");
}

#[test]
fn c17_two_429s_then_200() {
    let mut answers = vec![
        json(200, "[]"),
        with(json(429, r#"{"error":{"code":"RATE_LIMITED"},"retry_after":2}"#), "retry-after", "1"),
        SIMPLEJWT.answer("throttled"),
    ];
    let mut story = Story::new(built_in("cryptopay"), CRYPTOPAY, |_| answers.pop().unwrap());
    assert_eq!(story.call("payment-orders"), 200);
    reads!(story);
}

#[test]
fn a_server_that_is_never_ready() {
    let mut story = Story::new(built_in("cryptopay"), CRYPTOPAY, |_| json(503, ""));
    assert_eq!(story.call("payment-orders"), 503);
    let waits = story.timeline.rows.iter().filter(|row| row.kind == RowKind::Wait).count();
    assert_eq!(waits, 5);
    reads!(story);
}

#[test]
fn redirects_in_a_circle() {
    let mut story = Story::new(built_in("cryptopay"), CRYPTOPAY, |request| {
        let to = if path(request) == "/b" { "/api/payment-orders/" } else { "/b" };
        with(json(302, ""), "location", to)
    });
    assert_eq!(story.call("payment-orders"), 302);
    reads!(story);
}

#[test]
fn x3_another_origin_gets_no_credential_and_no_new_one() {
    let mut story = Story::new(built_in("cryptopay"), CRYPTOPAY, |request| {
        if request.url.host_str() == Some("sandbox-api.cryptopay.com") {
            return with(json(307, ""), "location", "https://login.example.com/");
        }
        assert!(!request.carries_secret());
        json(401, "{}")
    });
    assert_eq!(story.call("payment-orders"), 401);
    reads!(story);
}

#[test]
fn a_refresh_that_answers_with_a_web_page() {
    let mut story = Story::new(built_in("cryptopay"), CRYPTOPAY, |request| match path(request) {
        "/api/auth/token/refresh/" => Answer {
            headers: vec![("content-type".into(), "text/html".into()), ("set-cookie".into(), "session=abc".into())],
            ..json(200, "<!DOCTYPE html><html><head><title>Sign in</title></head></html>")
        },
        _ => SIMPLEJWT.answer("expired"),
    });
    assert_eq!(story.call("payment-orders"), 401);
    reads!(story);
}

#[test]
fn a_refresh_without_the_slash_loses_its_body() {
    let mut text = provider::built_in_text("cryptopay").unwrap().to_owned();
    text = text.replace("path = \"/api/auth/token/refresh/\"", "path = \"/api/token/refresh\"");
    let definition = Box::leak(Box::new(provider::Definition::parse(&text).unwrap()));
    let mut story = Story::new(definition, CRYPTOPAY, |request| match path(request) {
        "/api/token/refresh" => SIMPLEJWT.answer("refresh without the slash"),
        _ => SIMPLEJWT.answer("expired"),
    });
    assert_eq!(story.call("payment-orders"), 401);
    reads!(story);
}

#[test]
fn h7_an_expired_token_is_minted_again_by_the_key() {
    let mut story = Story::new(built_in("hedge"), "https://api.hedgepayments.com", |request| match path(request) {
        "/v1/auth/client-token" => json(201, &format!("{{\"token\":\"{}\"}}", token("minted", 2))),
        _ if bearer(request).ends_with("LW9m2") => json(200, "[]"),
        _ => json(
            401,
            r#"{"error":{"code":"expired_token","message":"Token has expired","type":"authentication_error"}}"#,
        ),
    });
    assert_eq!(story.call("payments"), 200);
    let kinds: Vec<RowKind> = story.timeline.rows.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [RowKind::Send, RowKind::Renew, RowKind::Flow(FlowKind::Mint), RowKind::Send]);
    reads!(story);
}

#[test]
fn a_refresh_that_gives_no_access_token() {
    let mut story = Story::new(built_in("cryptopay"), CRYPTOPAY, |request| match path(request) {
        "/api/auth/token/refresh/" => json(200, r#"{"access_token":"eyJh.eyJi.c2lnbmF0dXJl"}"#),
        _ => SIMPLEJWT.answer("expired"),
    });
    assert_eq!(story.call("payment-orders"), 401);
    reads!(story);
}

/// What a server of whims answers.
fn whim(number: u8) -> Answer {
    let to = |status, location: &str| with(json(status, ""), "location", location);
    match number % 14 {
        0 => json(200, "[]"),
        1 | 2 => SIMPLEJWT.answer("expired"),
        3 => SIMPLEJWT.answer("throttled"),
        4 => json(503, ""),
        5 => with(json(429, r#"{"retry_after":-1}"#), "retry-after", "soon"),
        6 => to(302, "/b"),
        7 => to(307, "/c"),
        8 => to(308, "https://other.example/"),
        9 => to(301, "/api/payment-orders/"),
        10 => SIMPLEJWT.answer("wrong path"),
        11 => SIMPLEJWT.answer("refreshed with rotation"),
        12 => SIMPLEJWT.answer("refresh token used twice"),
        _ => json(500, "{"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn whatever_a_server_does_the_story_ends_and_keeps_the_rules(
        whims in prop::collection::vec(any::<u8>(), 1..24),
        endpoint in prop::sample::select(vec!["payment-orders", "create-payment-order"]),
    ) {
        let mut answers = whims.iter().cycle();
        let mut story = Story::new(built_in("cryptopay"), CRYPTOPAY, |_| whim(*answers.next().unwrap()));
        story.call(endpoint);
        let rows = &story.timeline.rows;
        let count = |kind: RowKind| rows.iter().filter(|row| row.kind == kind).count();
        prop_assert!(count(RowKind::Renew) <= 1 && count(RowKind::Flow(FlowKind::Refresh)) <= 1);
        prop_assert!(count(RowKind::Wait) <= 5 && count(RowKind::Redirect) <= 5);
        let mut posts: Vec<&str> =
            rows.iter().filter(|row| row.kind == RowKind::Send).filter_map(|row| row.sent.as_ref()).filter(|s| s.method == "POST").map(|s| s.url.as_str()).collect();
        let sent = posts.len();
        posts.sort_unstable();
        posts.dedup();
        prop_assert_eq!(sent, posts.len(), "a POST went twice to one address: {}", story.page());
        assert_no_secret(&story);
    }
}
