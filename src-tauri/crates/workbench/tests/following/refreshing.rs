//! CryptoPay: log in, call, refresh once, log out.

use std::sync::{Arc, Mutex};

use exchange::{Answer, PreparedRequest};
use keywright_workbench::{
    CallError, Error,
    calls::{Execution, NextAction, Outcome},
    flows::FlowRequest,
    issued_tokens,
    requests::CallRequest,
};

use crate::world::{NOW, World, bearer, json, owner, sign, token};

const PLACE: (&str, &str) = ("cryptopay", "sandbox");
const ACCESS_ENDS: i64 = NOW + 86_400;
const REFRESH_ENDS: i64 = NOW + 30 * 86_400;

/// SimpleJWT with rotation: one access token is good at a time, a used refresh token is blacklisted.
#[derive(Default)]
struct Jwt {
    /// How many pairs were given.
    pairs: u32,
    /// Whether the newest access token is good.
    good: bool,
    refreshes: u32,
    /// Whether a refresh gives a new refresh token.
    keeps: bool,
    /// What a refresh answers instead.
    instead: Option<Answer>,
}

impl Jwt {
    fn pair(&mut self, with_refresh: bool) -> Answer {
        self.pairs += 1;
        self.good = true;
        let access = token("access", self.pairs, ACCESS_ENDS);
        let refresh = format!(r#","refresh":"{}""#, token("refresh", self.pairs, REFRESH_ENDS));
        json(200, &format!(r#"{{"access":"{access}"{}}}"#, if with_refresh { &refresh } else { "" }))
    }

    fn answer(&mut self, request: &PreparedRequest) -> Answer {
        let body = String::from_utf8(request.body.clear().to_vec()).unwrap();
        match request.url.path() {
            "/api/auth/login" if body.contains(r#""password":"hunter2 ""#) => self.pair(true),
            "/api/auth/login" => json(401, r#"{"detail":"No active account found with the given credentials"}"#),
            "/api/auth/token/refresh/" => {
                if let Some(instead) = &self.instead {
                    return instead.clone();
                }
                let current = token("refresh", if self.keeps { 1 } else { self.pairs }, REFRESH_ENDS);
                if !body.contains(&current) {
                    return json(401, r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#);
                }
                self.refreshes += 1;
                self.pair(!self.keeps)
            }
            _ if self.good && bearer(request) == Some(token("access", self.pairs, ACCESS_ENDS)) => {
                json(200, r#"{"valid":true}"#)
            }
            _ => json(401, r#"{"detail":"Given token not valid for any token type","code":"token_not_valid"}"#),
        }
    }
}

/// A world with such a server, logged in unless `anew`.
fn world(anew: bool) -> (World, Arc<Mutex<Jwt>>) {
    let jwt = Arc::new(Mutex::new(Jwt::default()));
    let server = jwt.clone();
    let mut world = World::new(move |request| server.lock().unwrap().answer(request));
    if !anew {
        assert!(world.flow(PLACE, "log-in").is_as_wanted());
        world.sent();
    }
    (world, jwt)
}

/// The lines of a timeline, without their times.
pub fn lines(ran: &Outcome) -> String {
    ran.timeline.rows.iter().map(|row| format!("{:<11} {}\n", row.kind.id(), row.words)).collect()
}

#[test]
fn a_call_without_a_token_says_what_to_do_and_sends_nothing() {
    let (mut world, _) = world(true);
    let request = CallRequest { sign: sign(PLACE.0, PLACE.1), ..CallRequest::default() };
    let error = Execution::call(&mut world.session, &request, false, &world.ports).err().unwrap();
    assert!(matches!(error, Error::Call(CallError::NoToken { .. })));
    insta::assert_snapshot!(format!("{error}\nhint: {}", error.hint().unwrap()));
    assert!(world.sent().is_empty());
}

#[test]
fn a_call_that_is_followed_logs_in_first() {
    let (mut world, _) = world(true);
    let ran = world.call(PLACE, true, |_| {});
    assert!(ran.is_as_wanted(), "{}", lines(&ran));
    insta::assert_snapshot!(lines(&ran));
    let known = issued_tokens::known(&world.session, &owner(PLACE, "me")).unwrap().unwrap();
    assert_eq!((known.credential.as_str(), known.expires), ("me", Some(ACCESS_ENDS)));
    assert_eq!(known.refresh.unwrap().expires, Some(REFRESH_ENDS));
}

#[test]
fn a_wrong_password_is_said_and_nothing_is_kept() {
    let (mut world, _) = world(true);
    world.add("typo", PLACE, Some("login"), "hunter3", &[("username", "me")]);
    let ran = world.flow(PLACE, "log-in");
    assert!(!ran.is_as_wanted());
    insta::assert_snapshot!(ran.failed.unwrap());
    assert_eq!(issued_tokens::known(&world.session, &owner(PLACE, "me")).unwrap(), None);
}

#[test]
fn a_single_send_is_one_request_whatever_comes() {
    let (mut world, jwt) = world(false);
    jwt.lock().unwrap().good = false;
    let ran = world.call(PLACE, false, |_| {});
    assert!(!ran.is_as_wanted());
    assert_eq!(world.sent().len(), 1);
    assert_eq!(jwt.lock().unwrap().refreshes, 0);
}

#[test]
fn a_401_refreshes_once_and_sends_once_more() {
    let (mut world, jwt) = world(false);
    jwt.lock().unwrap().good = false;
    let ran = world.call(PLACE, true, |_| {});
    assert!(ran.is_as_wanted(), "{}", lines(&ran));
    insta::assert_snapshot!(lines(&ran));
    assert_eq!(jwt.lock().unwrap().refreshes, 1);
}

/// Two calls that were both refused before either refreshes.
fn refused_together(world: &mut World, jwt: &Mutex<Jwt>) -> [Execution; 2] {
    jwt.lock().unwrap().good = false;
    let mut calls = [world.begin(PLACE, true, |_| {}), world.begin(PLACE, true, |_| {})];
    calls.iter_mut().for_each(|call| assert!(world.step(call)));
    calls
}

#[test]
fn two_parallel_401s_share_one_refresh() {
    let (mut world, jwt) = world(false);
    let [one, mut two] = refused_together(&mut world, &jwt);
    assert!(matches!(two.next_action(), NextAction::Wait { .. }), "{:?}", two.next_action());
    // The second waits as often as it takes.
    world.step(&mut two);
    assert!(matches!(two.next_action(), NextAction::Wait { .. }));
    let one = world.drive(one);
    let two = world.drive(two);
    assert!(one.is_as_wanted() && two.is_as_wanted(), "{}\n{}", lines(&one), lines(&two));
    assert_eq!(jwt.lock().unwrap().refreshes, 1);
    insta::assert_snapshot!(lines(&two));
}

#[test]
fn who_waits_goes_on_when_the_other_one_gives_up() {
    let (mut world, jwt) = world(false);
    let [one, two] = refused_together(&mut world, &jwt);
    drop(one);
    assert!(world.drive(two).is_as_wanted());
    assert_eq!(jwt.lock().unwrap().refreshes, 1);
}

#[test]
fn what_another_program_refreshes_is_waited_for_and_taken() {
    let (mut world, jwt) = world(false);
    jwt.lock().unwrap().good = false;
    // The other program refreshes while the answer is on its way.
    let mut other = world.other();
    let request = FlowRequest { sign: sign(PLACE.0, PLACE.1), flow: "refresh".to_owned(), emulator: None };
    let mut run = Execution::flow(&mut other, &request, false, &world.ports).unwrap();
    let mut mine = world.begin(PLACE, true, |_| {});
    world.step(&mut mine);
    assert!(matches!(mine.next_action(), NextAction::Wait { .. }), "{:?}", mine.next_action());
    assert!(mine.ready().is_none());
    let answered =
        run.send(&exchange::Transport::default(), &keywright_workbench::ports::Cancel::default(), &world.ports);
    run.take(&mut other, answered, &world.ports).unwrap();
    let ran = world.drive(mine);
    assert!(ran.is_as_wanted(), "{}", lines(&ran));
    insta::assert_snapshot!(lines(&ran));
    assert_eq!(jwt.lock().unwrap().refreshes, 1);
}

#[test]
fn a_refresh_without_a_new_refresh_token_keeps_the_old_one() {
    let (mut world, jwt) = world(false);
    jwt.lock().unwrap().keeps = true;
    for _ in 0..2 {
        jwt.lock().unwrap().good = false;
        assert!(world.call(PLACE, true, |_| {}).is_as_wanted());
    }
    assert_eq!(jwt.lock().unwrap().refreshes, 2);
}

/// A refresh that is refused: the refresh token was used before.
fn used() -> Answer {
    json(401, r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#)
}

#[test]
fn a_refused_refresh_is_named_and_a_web_page_too() {
    let (mut world, jwt) = world(false);
    let page = Answer {
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: b"<html><title>Log in</title></html>".to_vec(),
        cut: false,
    };
    jwt.lock().unwrap().good = false;
    jwt.lock().unwrap().instead = Some(used());
    // Who asked for a refresh is given no other session.
    let refused = world.flow(PLACE, "refresh");
    assert!(!refused.is_as_wanted());
    jwt.lock().unwrap().instead = Some(page);
    let page = world.call(PLACE, true, |_| {});
    assert!(!page.is_as_wanted());
    insta::assert_snapshot!(format!("{}\n{}", lines(&refused), lines(&page)));
    assert!(issued_tokens::known(&world.session, &owner(PLACE, "me")).unwrap().unwrap().access, "nothing is lost");
}

#[test]
fn a_call_whose_session_is_over_logs_in_by_itself() {
    let (mut world, jwt) = world(false);
    jwt.lock().unwrap().good = false;
    jwt.lock().unwrap().instead = Some(used());
    let refused = world.call(PLACE, true, |_| {});
    assert!(refused.is_as_wanted(), "{}", lines(&refused));
    assert_eq!(
        world.sent(),
        ["GET /api/auth/verify/", "POST /api/auth/token/refresh/", "POST /api/auth/login", "GET /api/auth/verify/"]
    );
    // A refresh token at its end is not tried.
    world.pass(31 * 86_400);
    let ended = world.call(PLACE, true, |_| {});
    assert!(ended.is_as_wanted(), "{}", lines(&ended));
    assert_eq!(world.sent(), ["POST /api/auth/login", "GET /api/auth/verify/"]);
    insta::assert_snapshot!(format!("{}\n{}", lines(&refused), lines(&ended)));
    assert_eq!(*world.paper.asked.lock().unwrap(), [""; 0], "a test environment asks for nothing");
}

#[test]
fn a_login_that_is_refused_as_well_is_tried_once() {
    let (mut world, jwt) = world(false);
    world.add("typo", PLACE, Some("login"), "hunter3", &[("username", "me")]);
    jwt.lock().unwrap().good = false;
    jwt.lock().unwrap().instead = Some(used());
    let ran = world.call(PLACE, true, |request| request.sign.key = Some("typo".to_owned()));
    assert!(!ran.is_as_wanted());
    assert_eq!(world.sent(), ["POST /api/auth/login"]);
    insta::assert_snapshot!(ran.failed.unwrap());
}

/// What a token is wanted for goes the same ways: refreshed, or logged in again.
#[test]
fn a_token_for_a_command_is_got_by_a_new_session_too() {
    let (mut world, jwt) = world(false);
    jwt.lock().unwrap().instead = Some(used());
    let place = sign(PLACE.0, PLACE.1);
    // One that is there already is not got again.
    let ready = Execution::token(&mut world.session, &place, &world.ports).unwrap();
    assert_eq!(ready.next_action(), NextAction::Done);
    world.pass(86_400 - 30);
    let token = Execution::token(&mut world.session, &place, &world.ports).unwrap();
    let ran = world.drive(token);
    assert!(ran.is_as_wanted(), "{}", lines(&ran));
    assert_eq!(world.sent(), ["POST /api/auth/token/refresh/", "POST /api/auth/login"]);
}

#[test]
fn a_token_at_its_end_is_renewed_before_it_is_sent() {
    let (mut world, jwt) = world(false);
    world.pass(86_400 - 30);
    let ran = world.call(PLACE, true, |_| {});
    assert!(ran.is_as_wanted(), "{}", lines(&ran));
    assert_eq!(jwt.lock().unwrap().refreshes, 1);
    assert_eq!(world.sent(), ["POST /api/auth/token/refresh/", "GET /api/auth/verify/"]);
}

#[test]
fn logging_out_forgets() {
    let (mut world, _) = world(false);
    let me = owner(PLACE, "me");
    assert!(issued_tokens::forget(&mut world.session, &me, &world.ports).unwrap());
    assert!(!issued_tokens::forget(&mut world.session, &me, &world.ports).unwrap());
    assert_eq!(issued_tokens::known(&world.session, &me).unwrap(), None);
}
