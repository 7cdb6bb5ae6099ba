//! The verdict is on what was sent last: the token that was renewed on the way, and not the one before it.

use std::sync::{Arc, Mutex};

use exchange::{Answer, Gate, Passage, PreparedRequest};
use keywright_workbench::{acceptance, calls::Outcome};

use crate::{
    refreshing::lines,
    world::{NOW, World, bearer, json, owner, token},
};

const DAY: i64 = 86_400;
const SESSION: (&str, &str) = ("cryptopay", "sandbox");
const SIGNED: (&str, &str) = ("partner", "own");

/// A server whose access tokens end after a day each.
fn days() -> impl FnMut(&PreparedRequest) -> Answer + Send {
    let mut number = 0;
    move |request| match request.url.path() {
        "/api/auth/login" | "/api/auth/token/refresh/" => {
            number += 1;
            let [access, refresh] = [("access", 1), ("refresh", 30)]
                .map(|(kind, days)| token(kind, number, NOW + i64::from(number) * days * DAY));
            json(200, &format!(r#"{{"access":"{access}","refresh":"{refresh}"}}"#))
        }
        _ => json(200, "{}"),
    }
}

fn gate(outcome: &Outcome, gate: Gate) -> (Passage, String) {
    let rung = outcome.sent.as_ref().unwrap().verdict.gate(gate).unwrap();
    (rung.passage, rung.reason.clone())
}

/// Whether everything that is known of the call's token is known of the one that went out.
fn assert_is_of_what_went_out(outcome: &Outcome) {
    let call = outcome.call.as_ref().unwrap();
    let sent = bearer(&call.request).unwrap();
    let payload = sent.split('.').nth(1).unwrap();
    let claims = String::from_utf8(data_encoding::BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap();
    assert_eq!(call.inspection.as_ref().unwrap().payload.as_deref(), Some(claims.as_str()));
    assert!(call.signed.as_ref().is_none_or(|signed| signed.token.as_str() == sent));
}

#[test]
fn an_expired_token_that_was_renewed_on_the_way_is_not_called_expired() {
    let mut world = World::new(days());
    assert!(world.flow(SESSION, "log-in").is_as_wanted());
    world.pass(DAY + 5);
    let ran = world.call(SESSION, true, |_| {});
    assert!(ran.is_as_wanted(), "{}", lines(&ran));
    assert_eq!(world.sent(), ["POST /api/auth/login", "POST /api/auth/token/refresh/", "GET /api/auth/verify/"]);
    let (passage, reason) = gate(&ran, Gate::Time);
    assert_eq!(passage, Passage::Passed, "{reason}");
    assert_is_of_what_went_out(&ran);
    // The one that nobody renewed is called what it is.
    world.pass(DAY);
    let ran = world.call(SESSION, false, |_| {});
    assert_eq!(gate(&ran, Gate::Time).0, Passage::Stopped);
    assert_is_of_what_went_out(&ran);
}

#[test]
fn a_token_that_was_signed_again_is_the_one_that_is_judged() {
    let calls = Arc::new(Mutex::new(0));
    let counted = calls.clone();
    let mut world = World::new(move |_| {
        let mut calls = counted.lock().unwrap();
        *calls += 1;
        if *calls == 1 {
            json(401, r#"{"message":"Token Expired"}"#)
        } else {
            json(401, r#"{"message":"Invalid Token"}"#)
        }
    });
    let mut run = world.begin(SIGNED, true, |request| request.sign.ttl = Some(provider::Seconds(60)));
    // The first one is on its way for so long that it ends.
    world.pass(90);
    while world.step(&mut run) {}
    let ran = run.end();
    assert_eq!(*calls.lock().unwrap(), 2);
    let (passage, reason) = gate(&ran, Gate::Time);
    assert_eq!(passage, Passage::Passed, "{reason}");
    assert_is_of_what_went_out(&ran);
}

#[test]
fn what_was_left_behind_at_a_redirect_is_neither_judged_nor_accepted() {
    let mut world = World::new(|request| match request.url.host_str() {
        Some("partner.example.com") => {
            let headers = vec![("location".to_owned(), "https://elsewhere.example/".to_owned())];
            Answer { status: 302, headers, body: Vec::new(), cut: false }
        }
        _ => json(200, "{}"),
    });
    let ran = world.call(SIGNED, true, |_| {});
    assert!(ran.is_as_wanted(), "{}", lines(&ran));
    let call = ran.call.as_ref().unwrap();
    assert!(bearer(&call.request).is_none() && call.inspection.is_none() && call.signed.is_none());
    let (passage, reason) = gate(&ran, Gate::Signature);
    assert_eq!((passage, reason.as_str()), (Passage::Open, "no token was sent"));
    assert_eq!(acceptance::last(&world.session, &owner(SIGNED, "partner")).unwrap(), None);
}

/// What a flow is refused for stands beside the advice that speaks of it, whoever wrote it.
#[test]
fn a_refused_flow_shows_what_the_server_said() {
    let said = |place, flow: &str, status, body: &str| {
        let body = body.to_owned();
        let mut world = World::new(move |_| json(status, &body));
        let failed = world.flow(place, flow).failed.unwrap();
        assert!(!failed.contains(jose::unseen::steers), "{failed:?}");
        failed
    };
    let hedge = ("hedge", "test");
    let long = format!(r#"{{"error":{{"code":"validation","message":"expiresIn \u202e{}"}}}}"#, "x".repeat(2_000));
    let told = [
        said(hedge, "mint", 400, r#"{"error":{"code":"bad_request","message":"expiresIn is not a duration"}}"#),
        said(
            SESSION,
            "log-in",
            400,
            r#"{"username":["This field is required."],"token":"eyJhbGciOiJIUzI1NiJ9.e30.c2ln"}"#,
        ),
        said(SESSION, "log-in", 400, "<html>Bad Request</html>"),
        said(hedge, "mint", 401, r#"{"error":{"code":"invalid_api_key","message":"Unknown key"}}"#),
        said(hedge, "mint", 500, r#"{"error":{"code":"internal","message":"Database is down"}}"#),
        said(hedge, "mint", 429, r#"{"error":{"code":"slow_down","message":"At most 5 a minute"}}"#),
    ];
    insta::assert_snapshot!(told.join("\n"));
    assert!(said(hedge, "mint", 400, &long).chars().count() < 600);
}
