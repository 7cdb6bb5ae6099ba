//! Two accounts at one target: each credential has tokens of its own, and no call goes out as somebody else.

use exchange::PreparedRequest;
use keywright_workbench::{
    calls::{Execution, NextAction, Outcome},
    drafts::{self, Draft},
    flows::FlowRequest,
    issued_tokens, keys,
    profiles::{self, ProfileChange},
};

use crate::world::{World, bearer, json, owner, sign, token};

const PLACE: (&str, &str) = ("cryptopay", "sandbox");
const ENDS: i64 = 1_795_270_000;

/// A server that gives each account a token with its name, and answers every call with whom the token is for.
fn server(request: &PreparedRequest) -> exchange::Answer {
    let body = String::from_utf8(request.body.clear().to_vec()).unwrap();
    let names = ["maria", "bob"];
    if request.url.path() == "/api/auth/login" {
        let name = names.iter().find(|name| body.contains(*name)).unwrap();
        let (access, refresh) = (token(name, 1, ENDS), token(&format!("refresh-{name}"), 1, ENDS));
        return json(200, &format!(r#"{{"access":"{access}","refresh":"{refresh}"}}"#));
    }
    let carried = bearer(request).unwrap_or_default();
    match names.iter().find(|name| carried == token(name, 1, ENDS)) {
        Some(name) => json(200, &whoami(name)),
        None => json(401, r#"{"detail":"Authentication credentials were not provided."}"#),
    }
}

/// What the server says to a token of this account.
fn whoami(name: &str) -> String {
    let may = if name == "maria" { r#"["read","manage_users"]"# } else { r#"["read"]"# };
    format!(r#"{{"valid":true,"user":{{"username":"{name}","permissions":{may}}}}}"#)
}

/// A world where maria is the profile's login and bob another one.
fn world() -> World {
    let mut world = World::new(server);
    for name in ["bob", "maria"] {
        world.add(name, PLACE, Some("login"), "hunter2 ", &[("username", name)]);
    }
    world
}

fn flow(world: &mut World, flow: &str, key: &str) {
    let mut sign = sign(PLACE.0, PLACE.1);
    sign.key = Some(key.to_owned());
    let request = FlowRequest { sign, flow: flow.to_owned(), emulator: None };
    assert!(world.run_flow(&request).is_as_wanted());
}

fn log_in(world: &mut World, key: &str) {
    flow(world, "log-in", key);
}

/// The body of the answer to a call as this account.
fn call_as(world: &mut World, key: &str) -> String {
    answered(&world.call(PLACE, false, |call| call.sign.key = Some(key.to_owned())))
}

fn answered(outcome: &Outcome) -> String {
    let answer = outcome.sent.as_ref().unwrap().exchange.outcome.as_ref().unwrap();
    String::from_utf8(answer.body.clone()).unwrap()
}

fn draft_as(world: &World, key: &str) -> Draft {
    let draft = drafts::new(&world.session, PLACE.0, PLACE.1, &world.ports).unwrap();
    Draft { key: Some(key.to_owned()), ..draft }
}

#[test]
fn two_accounts_are_logged_in_side_by_side() {
    let mut world = world();
    for name in ["maria", "bob"] {
        log_in(&mut world, name);
    }
    for name in ["maria", "bob", "maria"] {
        assert_eq!(call_as(&mut world, name), whoami(name));
        flow(&mut world, "verify", name);
    }
    let permissions = |name| issued_tokens::known(&world.session, &owner(PLACE, name)).unwrap().unwrap().permissions;
    assert_eq!(permissions("maria").unwrap(), ["read", "manage_users"]);
    assert_eq!(permissions("bob").unwrap(), ["read"]);
    assert_eq!(issued_tokens::all(&world.session).unwrap().len(), 2);
}

#[test]
fn whoever_is_not_logged_in_carries_nobody_elses_token() {
    let mut world = world();
    log_in(&mut world, "maria");
    let draft = draft_as(&world, "bob");
    let reading = drafts::read(&world.session, &draft, &world.ports).unwrap();
    assert_eq!((reading.issued, reading.unsigned.as_deref()), (None, Some("no token yet")));
    assert!(reading.claims.is_empty(), "maria's claims are not shown under bob");
    world.sent();
    let mut sign = sign(PLACE.0, PLACE.1);
    sign.key = Some("bob".to_owned());
    let request = keywright_workbench::requests::CallRequest { sign, ..Default::default() };
    let refused = Execution::call(&mut world.session, &request, false, &world.ports);
    let error = refused.err().unwrap();
    insta::assert_snapshot!(format!("{error}\nhint: {}", error.hint().unwrap_or_default()));
    assert!(world.sent().is_empty(), "nothing goes out");
}

#[test]
fn a_log_in_that_fails_leaves_the_other_account_logged_in_and_nobody_as_it() {
    let mut world = world();
    log_in(&mut world, "maria");
    assert!(keys::delete(&mut world.session, "bob", &world.ports).is_ok());
    world.add("bob", PLACE, Some("login"), "a wrong one", &[("username", "nobody")]);
    assert_eq!(issued_tokens::known(&world.session, &owner(PLACE, "bob")).unwrap(), None);
    assert_eq!(call_as(&mut world, "maria"), whoami("maria"));
}

#[test]
fn tokens_follow_a_renamed_credential_and_come_back_with_a_restored_one() {
    let mut world = world();
    log_in(&mut world, "bob");
    keys::rename(&mut world.session, "bob", "robert", &world.ports).unwrap();
    assert_eq!(call_as(&mut world, "robert"), whoami("bob"));
    keys::delete(&mut world.session, "robert", &world.ports).unwrap();
    assert!(issued_tokens::all(&world.session).unwrap().is_empty(), "a deleted account is logged in nowhere");
    keys::restore(&mut world.session, "robert", &world.ports).unwrap();
    assert_eq!(call_as(&mut world, "robert"), whoami("bob"));
}

#[test]
fn a_credential_that_takes_the_name_of_a_deleted_one_does_not_get_its_tokens() {
    for takes_by_rename in [false, true] {
        let mut world = world();
        log_in(&mut world, "bob");
        keys::delete(&mut world.session, "bob", &world.ports).unwrap();
        match takes_by_rename {
            false => drop(world.add("bob", PLACE, Some("login"), "hunter2 ", &[("username", "maria")])),
            true => drop(keys::rename(&mut world.session, "maria", "bob", &world.ports).unwrap()),
        }
        assert_eq!(issued_tokens::known(&world.session, &owner(PLACE, "bob")).unwrap(), None);
    }
}

#[test]
fn the_profiles_choice_of_another_account_ends_no_session() {
    let mut world = world();
    for name in ["maria", "bob"] {
        log_in(&mut world, name);
    }
    let use_key = |world: &mut World, name: &str| {
        let change = ProfileChange { keys: [(PLACE.1.to_owned(), name.to_owned())].into(), ..ProfileChange::default() };
        profiles::change(&mut world.session, PLACE.0, &change, &world.ports).unwrap();
        answered(&world.call(PLACE, false, |_| {}))
    };
    assert_eq!(use_key(&mut world, "bob"), whoami("bob"));
    assert_eq!(use_key(&mut world, "maria"), whoami("maria"));
}

/// A flow that waited while another one refreshed is still the one that was agreed to.
#[test]
fn a_live_flow_that_waited_for_the_refresh_lock_asks_once() {
    const LIVE: (&str, &str) = ("cryptopay", "production");
    let mut world = World::new(server);
    let base_urls = [(LIVE.1.to_owned(), "https://api.cryptopay.example".to_owned())].into();
    let change = ProfileChange { base_urls, ..ProfileChange::default() };
    profiles::change(&mut world.session, LIVE.0, &change, &world.ports).unwrap();
    world.add("maria", LIVE, Some("login"), "hunter2 ", &[("username", "maria")]);
    let request = |flow: &str| FlowRequest { sign: sign(LIVE.0, LIVE.1), flow: flow.to_owned(), emulator: None };
    assert!(world.run_flow(&request("log-in")).is_as_wanted());
    let mut begin = || Execution::flow(&mut world.session, &request("refresh"), false, &world.ports).unwrap();
    let (first, mut second) = (begin(), begin());
    assert!(matches!(second.next_action(), NextAction::Wait { .. }));
    drop(first);
    second.waited(&mut world.session, &world.ports).unwrap();
    assert!(matches!(second.next_action(), NextAction::Send));
    let asked = world.paper.asked.lock().unwrap().clone();
    let refreshing = asked.iter().filter(|act| act.starts_with("Refresh")).count();
    assert_eq!(refreshing, 2, "once for each of the two: {asked:?}");
}
