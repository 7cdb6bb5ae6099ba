//! Hedge: an API key that goes out itself, or gives a short-lived token; Partner: signed again.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use keywright_workbench::{calls::Execution, draft::CallWith, drafts, issued_tokens};

use crate::{
    refreshing::lines,
    world::{NOW, World, bearer, json, owner, token},
};

const HEDGE: (&str, &str) = ("hedge", "test");

fn hedge() -> World {
    World::new(|request| match request.url.path() {
        "/v1/auth/client-token" => {
            let body = String::from_utf8(request.body.clear().to_vec()).unwrap();
            assert!(body.contains(r#""scope":["#), "{body}");
            json(200, &format!(r#"{{"jwt":"{}"}}"#, token("access", 7, NOW + 3_600)))
        }
        _ => json(
            200,
            &format!(
                r#"{{"carried":"{}"}}"#,
                if bearer(request).unwrap().starts_with("test_") { "key" } else { "token" }
            ),
        ),
    })
}

#[test]
fn the_key_goes_out_itself_unless_a_token_is_wanted() {
    let mut world = hedge();
    let carried = |ran: keywright_workbench::calls::Outcome| {
        let answer = ran.sent.unwrap().exchange.outcome.unwrap();
        String::from_utf8(answer.body).unwrap()
    };
    let usual = world.call(HEDGE, false, |_| {});
    assert_eq!(carried(usual), r#"{"carried":"key"}"#);
    let minted = world.call(HEDGE, true, |call| call.with = CallWith::Token);
    insta::assert_snapshot!(lines(&minted));
    assert_eq!(carried(minted), r#"{"carried":"token"}"#);
    let known = issued_tokens::known(&world.session, &owner(HEDGE, "hedge key")).unwrap().unwrap();
    assert_eq!((known.expires, known.refresh), (Some(NOW + 3_600), None));
    // The token that is there is used until it is at its end.
    world.sent();
    assert!(world.call(HEDGE, true, |call| call.with = CallWith::Token).is_as_wanted());
    assert_eq!(world.sent().len(), 1);
}

#[test]
fn no_key_stands_in_what_is_told() {
    let mut world = hedge();
    let ran = world.call(HEDGE, true, |call| call.with = CallWith::Token);
    let told = format!("{:?}", ran.timeline);
    assert!(!told.contains("51H8xgq2eZvKYlo2C4f2a"), "{told}");
    assert!(!told.contains("c2lnbmF0dXJlLW9m7"), "{told}");
}

#[test]
fn a_partner_token_is_signed_again_once() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    let mut world = World::new(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 => json(401, r#"{"message":"token expired"}"#),
        _ => json(200, "{}"),
    });
    let ran = world.call(("partner", "own"), true, |_| {});
    assert!(ran.is_as_wanted(), "{}", lines(&ran));
    insta::assert_snapshot!(lines(&ran));
    let claims = ran.call.unwrap().signed.unwrap().claims;
    assert!(claims.contains(r#""clientId":"acme-7""#), "{claims}");
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[test]
fn a_draft_is_signed_again_as_it_was_typed() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    let mut world = World::new(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 => json(401, r#"{"message":"token expired"}"#),
        _ => json(200, "{}"),
    });
    let mut draft = drafts::new(&world.session, "partner", "own", &world.ports).unwrap();
    draft.claims = draft.claims.replacen('{', r#"{"note":"typed","#, 1);
    let (run, _) = Execution::draft(&mut world.session, &draft, true, &world.ports).unwrap();
    let first = run.timeline().clone();
    let ran = world.drive(run);
    assert!(ran.is_as_wanted(), "{}", lines(&ran));
    assert_eq!(calls.load(Ordering::SeqCst), 2, "{first:?}");
    assert!(ran.call.unwrap().inspection.unwrap().payload.unwrap().contains(r#""note":"typed""#));
    // A single send is one request.
    calls.store(0, Ordering::SeqCst);
    let (run, _) = Execution::draft(&mut world.session, &draft, false, &world.ports).unwrap();
    assert!(!world.drive(run).is_as_wanted());
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[test]
fn busy_servers_are_waited_for_and_a_second_401_is_shown() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    let mut world = World::new(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 => {
            let mut answer = json(429, r#"{"message":"slow down"}"#);
            answer.headers.push(("retry-after".to_owned(), "7".to_owned()));
            answer
        }
        _ => json(401, r#"{"message":"invalid token"}"#),
    });
    let ran = world.call(("partner", "own"), true, |_| {});
    assert!(!ran.is_as_wanted());
    insta::assert_snapshot!(lines(&ran));
}

#[test]
fn a_key_whose_end_has_passed_is_said_to_be_the_cause() {
    let mut world = World::new(|_| json(401, r#"{"detail":"Invalid API key"}"#));
    let fields = [("expires", "2026-11-20")];
    world.add("shop", ("cryptopay", "sandbox"), Some("api_key"), "cp_test_51H8xgq2eZvKYlo2C4f2a", &fields);
    let ran = world.call(("cryptopay", "sandbox"), false, |call| {
        call.with = CallWith::Key;
        call.sign.key = Some("shop".to_owned());
    });
    let sent = ran.sent.unwrap();
    insta::assert_snapshot!(format!("{}\n{}", sent.verdict.sentence, sent.verdict.next.unwrap_or_default()));
}
