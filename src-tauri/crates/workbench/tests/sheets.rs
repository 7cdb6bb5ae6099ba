//! Sheets of a definition, filled in for a draft: what their fields say, and the claims text byte for byte.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod world;

use std::time::Duration;

use exchange::{Answer, Event, Exchange, Happening, PreparedRequest, Transport};
use jose::{Alg, json::Document, text::decode};
use keywright_workbench::{
    calls::{Execution, NextAction},
    draft::CallTarget,
    drafts::{self, Created, Draft, DraftEdit, FieldValue, SheetReading, apply},
    keys::{self, For},
    ports::{Cancel, Http},
    profiles::{self, NewProfile},
    providers::{self, DefinitionFile},
};
use world::World;

/// The example in the description of the format, at the end of a file to begin with: a fifth provider.
fn acme_pay() -> String {
    let page = include_str!("../../../../docs/formats/provider-v1.md");
    let (_, rest) = page.split_once("### `[[sheets]]`").unwrap();
    let (_, rest) = rest.split_once("```toml\n").unwrap();
    provider::scaffold("Acme Pay") + rest.split_once("```").unwrap().0
}

/// A profile at Acme Pay, with a key for its sandbox.
fn shop() -> World {
    let mut world = World::new();
    let source = DefinitionFile { bytes: acme_pay().into_bytes(), file: None };
    providers::take(&mut world.session, source, &world.making).unwrap();
    let new = NewProfile { name: "Shop".to_owned(), provider: "acme-pay".to_owned(), variables: [].into() };
    profiles::add(&mut world.session, new, &world.making).unwrap();
    let place = Some(For { profile: "Shop", environment: "sandbox" });
    keys::generate(&mut world.session, Alg::ES256, 2048, "shop-key", place, &world.making).unwrap();
    world
}

fn draft(world: &World, profile: &str, claims: &str) -> Draft {
    let mut draft = drafts::new(&world.session, profile, "sandbox", &world.ports).unwrap();
    draft.claims = claims.to_owned();
    draft
}

fn text(text: &str) -> FieldValue {
    FieldValue::Text(text.to_owned())
}

fn texts(all: &[&str]) -> Vec<FieldValue> {
    all.iter().map(|it| text(it)).collect()
}

fn pairs(all: &[(&str, &str)]) -> FieldValue {
    FieldValue::Pairs(all.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
}

fn read(world: &World, profile: &str, claims: &str, claim: &str, filled: Option<&[FieldValue]>) -> SheetReading {
    drafts::sheet(&world.session, &draft(world, profile, claims), claim, filled, &world.ports).unwrap()
}

/// The claims text with a sheet filled in, or its claim taken out. It is one change, so that one undo takes it back.
fn fill(world: &World, profile: &str, claims: &str, claim: &str, filled: Option<Vec<FieldValue>>) -> String {
    let edit = DraftEdit::Sheet { claim: claim.to_owned(), filled };
    let edits = drafts::edit(&world.session, &draft(world, profile, claims), &edit, &world.ports).unwrap();
    assert!(edits.len() <= 1, "{edits:?}");
    apply(claims, &edits)
}

#[test]
fn a_sheet_of_a_fifth_definition_lands_in_the_claims_byte_for_byte() {
    let world = shop();
    let claims = "{\n  \"iss\": \"shop\",\n  \"scope\": \"payments:read\",\n  \"exp\": \"$now+5m\"\n}";
    let labels = pairs(&[("team", "north"), ("note", "a \"b\""), ("", "")]);
    let filled = vec![text(" 0990 "), text("EUR"), text("later"), labels];
    let filled_in = fill(&world, "Shop", claims, "order", Some(filled));
    assert_eq!(
        filled_in,
        "{\n  \"iss\": \"shop\",\n  \"scope\": \"payments:read payments:create\",\n  \"exp\": \"$now+5m\",\n  \
         \"order\": {\n    \"total\": 990,\n    \"currency\": \"EUR\",\n    \"capture\": \"later\",\n    \
         \"labels\": {\n      \"team\": \"north\",\n      \"note\": \"a \\\"b\\\"\"\n    }\n  }\n}"
    );
    let reading = drafts::read(&world.session, &draft(&world, "Shop", &filled_in), &world.ports).unwrap();
    let signed = decode(reading.token.unwrap().as_str().split('.').nth(1).unwrap()).unwrap();
    let wanted =
        r#""order":{"total":990,"currency":"EUR","capture":"later","labels":{"team":"north","note":"a \"b\""}}"#;
    assert!(String::from_utf8(signed).unwrap().contains(wanted));

    // What is not asked for stays as it was typed, and so do labels that are not texts.
    let by_hand = filled_in
        .replace("\"total\": 990", "\"x\": 1.50, \"total\": 990")
        .replace("\"team\": \"north\"", "\"n\": 7, \"team\": \"north\"");
    let again = read(&world, "Shop", &by_hand, "order", None);
    assert!(again.present && again.ready);
    assert_eq!(again.fields[3].value, pairs(&[("team", "north"), ("note", "a \"b\"")]));
    let emptied = fill(&world, "Shop", &by_hand, "order", Some(vec![text("5"), text("EUR"), text(""), pairs(&[])]));
    assert!(
        emptied.contains(
            "\"order\": {\n    \"x\": 1.50,\n    \"total\": 5,\n    \"currency\": \"EUR\",\n    \"labels\": {\n      \"n\": 7\n    }\n  }"
        ),
        "{emptied}"
    );
    assert_eq!(fill(&world, "Shop", &filled_in, "order", None), claims, "taken out with its scope");

    let short = fill(&world, "Shop", r#"{"iss":"a"}"#, "order", Some(texts(&["1", "EUR", "", ""])));
    assert_eq!(short, r#"{"iss":"a","scope":"payments:create","order":{"total":1,"currency":"EUR"}}"#);
}

#[test]
fn a_sheet_begins_with_what_the_claims_have_else_with_what_the_definition_says() {
    let world = shop();
    let value =
        |reading: &SheetReading| -> Vec<FieldValue> { reading.fields.iter().map(|f| f.value.clone()).collect() };
    let first = read(&world, "Shop", "{}", "order", None);
    assert_eq!(value(&first), [text(""), text("EUR"), text(""), pairs(&[])]);
    assert!(!first.present && !first.ready, "the total is wanted");
    let first = read(&world, "Acme", "{}", "embed", None);
    assert_eq!(value(&first), texts(&["1299", "GBP", "", ""]));
    assert!(!first.present && first.ready);
    let claims = r#"{"embed":{"amount":5,"currency":"EUR","buyer_id":7,"buyer_external_identifier":["x"]}}"#;
    let there = read(&world, "Acme", claims, "embed", None);
    assert_eq!(value(&there), texts(&["5", "EUR", "", "7"]));
    assert!(there.present);
    for broken in ["[", "[]", "{\"embed\": ", "7"] {
        let reading = read(&world, "Acme", broken, "embed", None);
        assert_eq!((reading.present, value(&reading)), (false, texts(&["1299", "GBP", "", ""])), "{broken}");
    }
    assert!(!read(&world, "Acme", "{}", "checkout_session_id", None).present);
    let error =
        drafts::sheet(&world.session, &draft(&world, "Acme", "{}"), "toString", None, &world.ports).unwrap_err();
    assert_eq!(error.to_string(), "there is no sheet for a claim named \"toString\"");
}

#[test]
fn an_amount_is_said_in_the_currencys_own_unit() {
    let world = World::new();
    let means = |amount: &str, currency: &str| {
        let filled = texts(&[amount, currency, "", ""]);
        read(&world, "Acme", "{}", "embed", Some(&filled)).fields[0].means.clone()
    };
    assert_eq!(means("1299", "GBP").as_deref(), Some("means £12.99"));
    assert_eq!(means("1299", "JPY").as_deref(), Some("means ¥1,299"));
    assert_eq!(means("1299", "KWD").as_deref(), Some("means 1.299 KWD"));
    assert_eq!(means("123456789", "EUR").as_deref(), Some("means €1,234,567.89"));
    assert_eq!(means("12.99", "GBP"), None);
    assert_eq!(means("1299", "pounds"), None);
    assert_eq!(means("", "GBP"), None);
}

#[test]
fn the_embed_sheet_keeps_the_members_it_does_not_know() {
    let world = World::new();
    let claims = r#"{"embed":{"amount":1,"metadata":{"a":"b"},"buyer_id":"old"}}"#;
    let filled = Some(texts(&["1299", "GBP", "cust", ""]));
    let after = fill(&world, "Acme", claims, "embed", filled.clone());
    assert_eq!(
        after,
        r#"{"embed":{"amount":1299,"metadata":{"a":"b"},"currency":"GBP","buyer_external_identifier":"cust"},"scopes":["embed"]}"#
    );
    let lines = "{\n  \"scopes\": [\n    \"buyers.read\"\n  ],\n  \"iat\": \"$now\"\n}";
    let after = fill(&world, "Acme", lines, "embed", filled);
    assert_eq!(
        after,
        "{\n  \"scopes\": [\n    \"buyers.read\",\n    \"embed\"\n  ],\n  \"embed\": {\n    \"amount\": 1299,\n    \
         \"currency\": \"GBP\",\n    \"buyer_external_identifier\": \"cust\"\n  },\n  \"iat\": \"$now\"\n}"
    );
    assert_eq!(fill(&world, "Acme", &after, "embed", None), lines);
}

#[test]
fn what_a_field_does_not_take_is_said_and_is_not_written() {
    let world = shop();
    let fault = |profile: &str, claim: &str, at: usize, filled: &[FieldValue]| {
        let reading = read(&world, profile, "{}", claim, Some(filled));
        assert!(!reading.ready, "{filled:?}");
        let edit = DraftEdit::Sheet { claim: claim.to_owned(), filled: Some(filled.to_vec()) };
        let error = drafts::edit(&world.session, &draft(&world, profile, "{}"), &edit, &world.ports).unwrap_err();
        format!("{:?}\n  {error}\n", reading.fields[at].fault)
    };
    let order = |at: usize, value: FieldValue| {
        let mut filled = vec![text("1"), text("EUR"), text(""), pairs(&[])];
        filled[at] = value;
        fault("Shop", "order", at, &filled)
    };
    let said = [
        order(0, text("12.99")),
        order(0, text(" ")),
        order(1, text("euro")),
        order(2, text("soon")),
        order(3, pairs(&[("", "a")])),
        order(3, pairs(&[("a", "1"), ("a ", "2")])),
        fault("Acme", "checkout_session_id", 0, &texts(&["4137b1cf39ac42a8bad61c680d5dab6b"])),
        fault("Acme", "checkout_session_id", 0, &[]),
    ];
    insta::assert_snapshot!(said.join(""));
    let id = "4137b1cf-39ac-42a8-bad6-1c680d5dab6b";
    assert!(read(&world, "Acme", "{}", "checkout_session_id", Some(&texts(&[id]))).ready);
    assert_eq!(
        fill(&world, "Acme", "{\"iss\": \"x\"}", "checkout_session_id", Some(texts(&[id]))),
        format!("{{\"iss\": \"x\", \"checkout_session_id\": \"{id}\"}}")
    );
}

/// Answers every call with this status and body.
struct Answers(u16, &'static str);

impl Http for Answers {
    fn send(&self, _: &PreparedRequest, _: &Transport, _: &Cancel) -> Exchange {
        let answer = Answer { status: self.0, headers: Vec::new(), body: self.1.as_bytes().to_vec(), cut: false };
        let event = Event { at: Duration::from_millis(7), what: Happening::Headers { status: self.0 } };
        Exchange { outcome: Ok(answer), timeline: vec![event] }
    }
}

#[test]
fn the_call_that_makes_a_value_asks_for_its_scopes_and_its_answer_is_read_where_the_definition_says() {
    let mut world = World::new();
    let draft = draft(&world, "Acme", "{\"scopes\": [\"buyers.read\"], \"exp\": \"$now+5m\", \"jti\": \"$uuid\"}");
    let call = drafts::creation(&world.session, &draft, "checkout_session_id", &world.ports).unwrap();
    assert_eq!(call.target, Some(CallTarget::Endpoint("create-checkout-session".to_owned())));
    let root = Document::parse(&call.claims).unwrap().root().get("scopes").unwrap().raw().to_owned();
    assert_eq!(root, "[\"checkout-sessions.write\"]");
    let mut created = |answers: Answers| {
        world.ports.http = Box::new(answers);
        let (mut run, _) = Execution::draft(&mut world.session, &call, false, &world.ports).unwrap();
        while !matches!(run.next_action(), NextAction::Done) {
            let answered = run.send(&Transport::default(), &Cancel::default(), &world.ports);
            run.take(&mut world.session, answered, &world.ports).unwrap();
        }
        let (ran, claim) = (run.end(), "checkout_session_id");
        drafts::created(&world.session, &draft, claim, ran.sent.as_ref(), ran.failed.as_deref(), &world.ports).unwrap()
    };
    let id = "4137b1cf-39ac-42a8-bad6-1c680d5dab6b";
    assert_eq!(
        created(Answers(201, r#"{"type":"checkout-session","id":"4137b1cf-39ac-42a8-bad6-1c680d5dab6b"}"#)),
        Created::Value(id.to_owned())
    );
    let nothing = [
        created(Answers(201, "{}")),
        created(Answers(201, r#"{"id":"nonsense"}"#)),
        created(Answers(201, "<html>")),
        created(Answers(401, "{}")),
    ];
    insta::assert_debug_snapshot!(nothing);
    let error = drafts::creation(&world.session, &draft, "embed", &world.ports).unwrap_err();
    assert_eq!(error.to_string(), "there is no call for a claim named \"embed\"");
}
