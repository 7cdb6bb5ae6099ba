//! Drafts as a person writes them: what is said at each step, what a click mends, and what is signed.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod world;

use std::sync::atomic::Ordering;

use exchange::Transport;
use jose::{json::Document, text::decode};
use keywright_workbench::{
    calls::Execution,
    draft::CallTarget,
    drafts::{self, Draft, DraftEdit, DraftReading, apply},
    ports::Cancel,
    providers::{self, DefinitionFile},
    requests::CallRequest,
    signer::SignRequest,
};
use proptest::prelude::*;
use world::World;

fn draft(world: &World, environment: &str, claims: &str) -> Draft {
    let mut draft = drafts::new(&world.session, "Acme", environment, &world.ports).unwrap();
    draft.claims = claims.to_owned();
    draft
}

fn read(world: &World, draft: &Draft) -> DraftReading {
    drafts::read(&world.session, draft, &world.ports).unwrap()
}

/// The payload of the token as it was signed.
fn signed(reading: &DraftReading) -> String {
    let token = reading.token.as_ref().unwrap().as_str();
    String::from_utf8(decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// What a reading says, line by line.
fn said(claims: &str, reading: &DraftReading) -> String {
    let mut out = String::new();
    for (index, line) in claims.lines().enumerate() {
        let note = reading.notes.iter().find(|note| note.line == index + 1);
        let note = note.map(|note| format!("   // {}", note.words)).unwrap_or_default();
        out.push_str(&format!("{line}{note}\n"));
    }
    out.push_str(&format!("summary: {}\n", reading.summary));
    for pill in &reading.pills {
        out.push_str(&format!("pill: {} = {}\n", &claims[pill.span.start..pill.span.end], pill.words));
    }
    for row in &reading.reads {
        let words = row.words.clone().unwrap_or_default();
        out.push_str(&format!("reads: {} | {} | {words} | {:?}\n", row.label, row.value, row.tone));
    }
    for noted in &reading.findings {
        out.push_str(&format!("{}: {}\n", noted.finding.code, noted.finding.message));
    }
    out.push_str(&format!("send: {} {:?} unsigned {:?}\n", reading.send_label, reading.send_blocked, reading.unsigned));
    out
}

/// A snapshot that is the same for every key.
fn without_kid(text: &str, reading: &DraftReading) -> String {
    let kid = reading.key.as_ref().and_then(|key| key.kid.clone()).unwrap_or_default();
    text.replace(&kid, "KID").replace(&kid.chars().take(8).collect::<String>(), "KID")
}

#[test]
fn a_new_draft_is_the_recipe_and_signed() {
    let world = World::new();
    let draft = drafts::new(&world.session, "Acme", "sandbox", &world.ports).unwrap();
    let reading = read(&world, &draft);
    assert!(reading.token.is_some());
    insta::assert_snapshot!(without_kid(&said(&draft.claims, &reading), &reading));
}

const FULL: &str = r#"{
  "scopes": [
    "transactions.read",
    "buyers.read",
    "embed",
    "*.read"
  ],
  "embed": {
    "amount": 1299,
    "currency": "GBP",
    "buyer_external_identifier": "cust-4821"
  },
  "iat": "$now",
  "nbf": "$now-30s",
  "exp": 1795309200,
  "iss": "$$me",
  "jti": "$uuid",
  "__proto__": {"x": 1},
  "مبلغ": "\u202e😀",
  "big": 12345678901234567890, "n": 10.10
}"#;

#[test]
fn every_line_says_what_its_value_means() {
    let world = World::new();
    let draft = draft(&world, "sandbox", FULL);
    let reading = read(&world, &draft);
    insta::assert_snapshot!(without_kid(&said(&draft.claims, &reading), &reading));
    let endpoint = reading.endpoint.unwrap();
    assert_eq!(endpoint.url, "https://api.sandbox.acme.gr4vy.app/transactions?limit=1");
    assert_eq!(endpoint.scopes.as_deref(), Some("needs transactions.read; the token has it"));
}

#[test]
fn what_is_typed_is_what_is_signed() {
    let world = World::new();
    let reading = read(&world, &draft(&world, "sandbox", FULL));
    let payload = signed(&reading);
    assert_eq!(payload, reading.claims);
    for kept in
        [r#""big":12345678901234567890,"n":10.10"#, r#""مبلغ":"\u202e😀""#, r#""__proto__":{"x":1}"#, r#""iss":"$me""#]
    {
        assert!(payload.contains(kept), "{kept} in {payload}");
    }
}

#[test]
fn the_characters_of_a_member_decode_to_it() {
    let world = World::new();
    let reading = read(&world, &draft(&world, "sandbox", FULL));
    let token = reading.token.as_ref().unwrap().as_str().to_owned();
    let part = token.split('.').nth(1).unwrap();
    let typed = Document::parse(FULL).unwrap();
    let compact = Document::parse(&reading.claims).unwrap();
    assert_eq!(reading.spans.len(), typed.nodes().count() - 1);
    for (span, node) in reading.spans.iter().zip(compact.nodes().skip(1)) {
        let start = node.name_span().map_or(node.span().start, |name| name.start);
        let wanted = &reading.claims.as_bytes()[start..node.span().end];
        let from = span.characters.start / 4 * 4;
        let bytes = jose::text::decode_leniently(&part[from..span.characters.end]).unwrap();
        let skip = start - from / 4 * 3;
        assert_eq!(&bytes[skip..skip + wanted.len()], wanted);
        assert!(FULL.is_char_boundary(span.typed.start) && FULL.is_char_boundary(span.typed.end));
    }
}

/// Claims with one fault each.
const FAULTS: [&str; 32] = [
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"$now+5m","iss":"x"}"#,
    r#"{"scopes":["transactions.read"],"iat":"$now","nbf":"$now","iss":"x","jti":"$uuid"}"#,
    r#"{"scope":["transactions.read"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transaction.read"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.reed","transactions.read"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read","*.read"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.write"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["*.read","*.write"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":[],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":"transactions.read","nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"embed":{"amount":1299},"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read","embed"],"embed":{"amount":"1299"},"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read","embed"],"embed":{"amount":12.99},"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read","embed"],"embed":{"currency":"gbp"},"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read","embed"],"embed":{"buyerId":"b"},"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":1795305000,"iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":1795309200000,"iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"1795309200","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"tomorrow","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"$tomorrow","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"$now+5min","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"$now+2d","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now+1h","exp":"$now+2h","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"iat":"$now+1h","nbf":"$now","exp":"$now+2h","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"$now+5m","iss":7,"jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uid"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid","checkout_session_id":"4137b1cf39ac42a8bad61c680d5dab6b"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid","__proto__":1}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid","iss":"y"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid","checkout_session_id":12345678901234567890}"#,
    r#"{"scopes":["buyers.read"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    r#"{"scopes":["transactions.read"],"nbf":"$now","exp":1e3,"iss":"x","jti":"$uuid"}"#,
];

#[test]
fn every_fix_undoes_its_finding_and_nothing_else() {
    let world = World::new();
    let mut table = String::new();
    for fault in FAULTS {
        let draft = draft(&world, "sandbox", fault);
        let reading = read(&world, &draft);
        assert!(!reading.findings.is_empty(), "{fault}");
        table.push_str(&format!("{fault}\n"));
        for noted in &reading.findings {
            let place = &fault[noted.span.start..noted.span.end];
            table.push_str(&format!("  {}: {} @ {place}\n", noted.finding.code, noted.finding.message));
            for fix in &noted.fixes {
                let mended = Draft { claims: apply(fault, &fix.edits), ..draft.clone() };
                table.push_str(&format!("    [{}] {}\n", fix.title, mended.claims));
                assert!(Document::parse(&mended.claims).is_ok(), "{}", mended.claims);
                let still = read(&world, &mended).findings.into_iter().any(|after| {
                    after.finding.code == noted.finding.code && after.finding.message == noted.finding.message
                });
                assert!(!still, "{} is still there after {:?}: {}", noted.finding.code, fix.title, mended.claims);
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn slips_of_json_are_named_and_mended() {
    let world = World::new();
    let slips = [
        "{\n  \"iss\": \"x\",\n}",
        "{\n  \"iss\": \"x\"\n  \"jti\": \"$uuid\"\n}",
        "{'iss': 'x'}",
        "{“iss”: “x”}",
        "{iss: \"x\"}",
        "{\"iss\": x}",
        "{\"a\": True}",
        "{\"a\": None, \"b\": 1}",
        "{\"a\": [1, 2}",
        "{\"iss\": \"x\"",
        "{\n  \"iss\": \"x\",\n  \"scopes\": [\n    \"a\"",
        "{\"iss\": \"x\"}}",
        "{\"iss\" \"x\"}",
        "{\"a\": \"tab\there\"}",
        "",
        "{\"a\": 01}",
    ];
    let mut table = String::new();
    for slip in slips {
        let reading = read(&world, &draft(&world, "sandbox", slip));
        let [noted] = reading.findings.as_slice() else { panic!("{slip}") };
        assert!(reading.token.is_none() && reading.send_blocked.is_some());
        table.push_str(&format!("{slip:?}\n  {} · {}\n", reading.unsigned.unwrap(), noted.finding.message));
        for fix in &noted.fixes {
            table.push_str(&format!("    [{}] {:?}\n", fix.title, apply(slip, &fix.edits)));
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn edits_change_what_they_say_and_keep_the_rest() {
    let world = World::new();
    let set = |claims: &str, edit: DraftEdit| {
        let edits = drafts::edit(&world.session, &draft(&world, "sandbox", claims), &edit, &world.ports).unwrap();
        apply(claims, &edits)
    };
    let scopes = |names: &[&str]| DraftEdit::Scopes(names.iter().map(|name| (*name).to_owned()).collect());
    let lines = "{\n    \"iss\" : \"x\",\n    \"scopes\": [\n        \"buyers.read\",\n        \"transactions.read\"\n    ],\n    \"exp\": 5\n}";
    let all = [
        set(lines, scopes(&["transactions.read", "reports.read"])),
        set(lines, scopes(&["reports.read"])),
        set(lines, scopes(&[])),
        set(lines, DraftEdit::Lifetime(3_600)),
        set(lines, DraftEdit::Claim { name: "jti".to_owned(), json: Some("\"$uuid\"".to_owned()) }),
        set(lines, DraftEdit::Claim { name: "embed".to_owned(), json: Some("{\"amount\":1}".to_owned()) }),
        set(lines, DraftEdit::Claim { name: "iss".to_owned(), json: None }),
        set(lines, DraftEdit::Claim { name: "exp".to_owned(), json: None }),
        set("{\"scopes\":[\"a.read\",\"b.read\"]}", scopes(&["a.read", "c.read"])),
        set("{ \"scopes\": [ \"a.read\" ] }", scopes(&["a.read", "b.read"])),
        set("{\"iat\":1,\"nbf\":2}", DraftEdit::Starts(30)),
        set("{}", scopes(&["a.read"])),
        set("{}", DraftEdit::Lifetime(90)),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
    assert_eq!(set(lines, scopes(&["buyers.read", "transactions.read"])), lines);
    let new = drafts::new(&world.session, "Acme", "sandbox", &world.ports).unwrap();
    assert_eq!(set("{not json", DraftEdit::Recipe), new.claims);
}

#[test]
fn fewer_scopes_are_offered_until_they_are_the_fewest() {
    let world = World::new();
    let minimal = |endpoint: &str, scopes: &str| {
        let mut draft = draft(&world, "sandbox", &format!("{{\"scopes\":[{scopes}]}}"));
        draft.target = Some(CallTarget::Endpoint(endpoint.to_owned()));
        read(&world, &draft).endpoint.unwrap().minimal.map(|scopes| scopes.join(" "))
    };
    let read = Some("transactions.read".to_owned());
    assert_eq!(minimal("transactions", "\"transactions.read\", \"buyers.read\""), read);
    assert_eq!(minimal("transactions", ""), read);
    assert_eq!(minimal("transactions", "\"*.read\""), read, "it gives what the call needs, and more");
    assert_eq!(minimal("transactions", "\"transactions.read\""), None);
    assert_eq!(minimal("card-details", "\"embed\""), None, "one of two is enough");
    assert_eq!(minimal("card-details", "\"bin-checker.read\", \"embed\"").as_deref(), Some("bin-checker.read"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_set_of_scopes_is_set_and_other_members_stay(
        before in prop::sample::subsequence(vec!["buyers.read", "reports.read", "transactions.read", "embed", "*.write"], 0..5),
        after in prop::sample::subsequence(vec!["buyers.read", "reports.read", "transactions.read", "embed", "flows.write"], 0..5),
        comma in prop::sample::select(vec![",", ", ", " ,", ",\n    "]),
        edge in prop::sample::select(vec!["", " ", "\n    "]),
    ) {
        use std::sync::OnceLock;
        static WORLD: OnceLock<World> = OnceLock::new();
        let world = WORLD.get_or_init(World::new);
        let list: Vec<String> = before.iter().map(|scope| format!("\"{scope}\"")).collect();
        let claims = format!("{{\n  \"é\": 1.50,\n  \"scopes\": [{edge}{}{edge}],\n  \"iss\": \"x\"\n}}", list.join(comma));
        let wanted: Vec<String> = after.iter().map(|scope| (*scope).to_owned()).collect();
        let draft = draft(world, "sandbox", &claims);
        let edits = drafts::edit(&world.session, &draft, &DraftEdit::Scopes(wanted), &world.ports).unwrap();
        let changed = apply(&claims, &edits);
        let document = Document::parse(&changed).unwrap();
        let mut found: Vec<String> = document.root().get("scopes").unwrap().elements().map(|e| e.as_str().unwrap().into_owned()).collect();
        let mut after: Vec<String> = after.iter().map(|scope| (*scope).to_owned()).collect();
        found.sort();
        after.sort();
        prop_assert_eq!(found, after);
        let around = changed.starts_with("{\n  \"é\": 1.50,\n  \"scopes\": [") && changed.ends_with("],\n  \"iss\": \"x\"\n}");
        prop_assert!(around, "{changed}");
    }
}

#[test]
fn completion_offers_what_fits_the_place() {
    let world = World::new();
    let places = [
        "{|}",
        "{\n  \"iss\": \"x\",\n  \"e|\"\n}",
        "{\n  \"iss\": \"x\",\n  |\n}",
        "{\"exp\": |}",
        "{\"exp\": \"$n|\"}",
        "{\"jti\": \"|\"}",
        "{\"scopes\": [\"transactions.read\", \"bu|\"]}",
        "{\"embed\": {\"currency\": \"|\"}}",
        "{\"embed\": {\"amount\": 1, |}}",
        "{\"iss\": \"x\" |}",
    ];
    let mut table = String::new();
    for place in places {
        let at = place.find('|').unwrap();
        let claims = place.replacen('|', "", 1);
        let draft = draft(&world, "sandbox", &claims);
        let found = drafts::complete(&world.session, &draft, at, &world.ports).unwrap();
        table.push_str(&format!("{place:?}\n"));
        for option in &found.options {
            let edit = drafts::TextEdit { span: found.span, insert: option.insert.clone() };
            let after = apply(&claims, &[edit]);
            assert!(Document::parse(&after).is_ok(), "{place} with {:?}: {after}", option.label);
        }
        for option in found.options.iter().take(6) {
            let detail = option.detail.clone().unwrap_or_default();
            table.push_str(&format!("  {} → {:?} ({detail})\n", option.label, option.insert));
        }
        table.push_str(&format!("  {} in all\n", found.options.len()));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn the_picker_shows_resources_and_what_the_call_needs() {
    let world = World::new();
    let mut draft = draft(&world, "sandbox", r#"{"scopes":["transactions.read","*.read","embed"]}"#);
    let picker = |draft: &Draft| drafts::picker(&world.session, draft, &world.ports).unwrap();
    let found = picker(&draft);
    let rows: Vec<String> =
        (found.groups.iter()).map(|group| format!("{} {}", group.title, group.rows.len())).collect();
    let wide: Vec<&str> = found.wide.iter().map(|scope| scope.value.as_str()).collect();
    insta::assert_snapshot!(format!(
        "{rows:?}\n{wide:?}\nselected {:?}\nneeded {:?}\nminimal {:?}\nredundant {:?}\n{}\n{} known, free {}",
        found.selected, found.needed, found.minimal, found.redundant, found.words, found.known, found.free
    ));
    let sessions = found.groups.iter().flat_map(|group| &group.rows).find(|row| row.resource == "sessions").unwrap();
    let actions: Vec<&str> = sessions.actions.iter().map(|action| action.action.as_str()).collect();
    assert_eq!(actions, ["read", "write", "refresh"]);
    draft.target = Some(CallTarget::Path { method: "get".to_owned(), path: "/elsewhere".to_owned() });
    assert_eq!(picker(&draft).words, "It is not known which scopes this call needs.");
}

#[test]
fn in_live_nothing_is_signed_before_consent() {
    let mut world = World::new();
    let draft = drafts::new(&world.session, "Acme", "production", &world.ports).unwrap();
    let reading = read(&world, &draft);
    assert!(reading.token.is_none());
    assert_eq!(
        (reading.unsigned.as_deref(), reading.send_blocked, reading.send_label.as_str()),
        (Some("not signed"), None, "Send to LIVE")
    );
    assert!(reading.header.contains("ES512") && reading.claims.contains("\"exp\":1795305900"));
    assert!(!reading.spans.is_empty());
    assert!(drafts::sign(&world.session, &draft, &world.ports).is_err());
    assert!(Execution::draft(&mut world.session, &draft, false, &world.ports).is_err());
    world.record.agrees.store(true, Ordering::SeqCst);
    assert!(drafts::sign(&world.session, &draft, &world.ports).unwrap().token.is_some());
    assert!(Execution::draft(&mut world.session, &draft, false, &world.ports).is_ok());
    insta::assert_snapshot!(world.record.questions.lock().unwrap().join("\n"), @"
    signing a token as Acme for Production
    GET /transactions?limit=1 as Acme for Production
    signing a token as Acme for Production
    GET /transactions?limit=1 as Acme for Production
    ");
    assert!(world.record.sent.lock().unwrap().is_empty());
}

#[test]
fn a_refusal_can_be_tested_and_the_token_sent_is_the_one_read() {
    let mut world = World::new();
    let expired = draft(&world, "local", r#"{"scopes":["transactions.read"],"exp":5,"iss":"x"}"#);
    let reading = read(&world, &expired);
    assert!(reading.token.is_some());
    assert_eq!((reading.send_label.as_str(), reading.send_blocked), ("Send anyway", None));
    let (mut run, reading) = Execution::draft(&mut world.session, &expired, false, &world.ports).unwrap();
    let authorization =
        run.ready().unwrap().request.headers.iter().find(|header| header.name == "Authorization").unwrap();
    assert_eq!(authorization.value.clear(), format!("Bearer {}", reading.token.unwrap().as_str()));
    let answered = run.send(&Transport::default(), &Cancel::default(), &world.ports);
    run.take(&mut world.session, answered, &world.ports).unwrap();
    assert_eq!(run.end().sent.unwrap().at, world::NOW);
    assert_eq!(*world.record.sent.lock().unwrap(), ["GET http://127.0.0.1:4567/gr4vy/transactions?limit=1"]);
}

#[test]
fn what_keeps_a_draft_from_being_signed_is_said_in_a_few_words() {
    let world = World::new();
    let new = drafts::new(&world.session, "Acme", "sandbox", &world.ports).unwrap();
    let cases = [
        Draft { claims: "[]".to_owned(), ..new.clone() },
        Draft { claims: "{\n\"a\":}".to_owned(), ..new.clone() },
        Draft { claims: "{\"a\":1,\"a\":2}".to_owned(), ..new.clone() },
        Draft { claims: "{\"exp\":\"$soon\"}".to_owned(), ..new.clone() },
        Draft { key: Some("production".to_owned()), ..new.clone() },
        Draft { key: Some("nobody".to_owned()), ..new.clone() },
        Draft { header: Some("{\"typ\":\"JWT\"}".to_owned()), ..new.clone() },
        Draft { header: Some("{\"alg\":\"HS256\"}".to_owned()), ..new.clone() },
        Draft { header: Some("{".to_owned()), ..new.clone() },
        Draft { target: Some(CallTarget::Path { method: "GET".to_owned(), path: "no".to_owned() }), ..new.clone() },
    ];
    let said: Vec<String> = cases
        .iter()
        .map(|draft| {
            let reading = read(&world, draft);
            format!("unsigned {:?} · blocked {:?}", reading.unsigned, reading.send_blocked)
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"));
    // A header of one's own is signed as it is typed.
    let own = Draft { header: Some("{ \"kid\": \"x\",\n \"alg\": \"ES512\" }".to_owned()), ..new };
    let reading = read(&world, &own);
    assert_eq!(reading.header, r#"{"kid":"x","alg":"ES512"}"#);
    assert!(reading.token.is_some());
}

#[test]
fn thousands_of_faults_are_counted_and_not_told_one_by_one() {
    let world = World::new();
    let members: Vec<String> = (0..2_000).map(|n| format!("\"m{n}\": [1, {{\"y\": {n}}}]")).collect();
    let reading = read(&world, &draft(&world, "sandbox", &format!("{{{}}}", members.join(",\n"))));
    assert!(reading.findings.len() < 40, "{}", reading.findings.len());
    assert!(reading.findings.iter().any(|noted| noted.finding.message == "1984 more alike"));
    assert_eq!(reading.spans.len(), 8_000);
}

#[test]
fn a_preview_masks_the_token_and_signs_nothing() {
    let world = World::new();
    let draft = drafts::new(&world.session, "Acme", "production", &world.ports).unwrap();
    let preview = drafts::preview(&world.session, &draft, &world.ports).unwrap();
    assert_eq!(preview.request.shown_header("authorization"), Some("Bearer •••"));
    assert!(preview.curl.contains("${GR4VY_PRODUCTION_TOKEN:?}"), "{}", preview.curl);
    assert!(world.record.questions.lock().unwrap().is_empty());
}

/// A kid typed into the header that is not the key's: said while typing, red in what the server will read, and proved when sent.
#[test]
fn a_kid_that_names_another_key_is_said_while_typing_and_when_sent() {
    let mut world = World::new();
    let typed = draft(
        &world,
        "local",
        r#"{"scopes":["transactions.read"],"nbf":"$now","exp":"$now+5m","iss":"x","jti":"$uuid"}"#,
    );
    let wrong = Draft { header: Some(r#"{"alg":"ES512","typ":"JWT","kid":"wrongkid"}"#.to_owned()), ..typed };
    let reading = read(&world, &wrong);
    let noted = reading.findings.iter().find(|noted| noted.finding.code == jose::Code::KidOther).unwrap();
    let row = reading.reads.iter().find(|row| row.label == "Key").unwrap();
    assert_eq!((row.words.as_deref(), row.tone), (Some("ES512, kid wrongkid"), drafts::Tone::Fail));
    assert_eq!(reading.send_label, "Send anyway");
    let (mut execution, _) = Execution::draft(&mut world.session, &wrong, false, &world.ports).unwrap();
    let answered = execution.send(&Transport::default(), &Cancel::default(), &world.ports);
    execution.take(&mut world.session, answered, &world.ports).unwrap();
    let outcome = execution.end();
    let inspection = outcome.call.unwrap().inspection.unwrap();
    assert!(inspection.findings.contains(&noted.finding), "the token that was sent is judged by the same rule");
    // Also where it comes back as a pasted token.
    let token = reading.token.as_ref().map(|token| token.as_str().to_owned());
    let sign = SignRequest { profile: "Acme".to_owned(), environment: "local".to_owned(), ..SignRequest::default() };
    let request = CallRequest { sign, token, ..CallRequest::default() };
    let pasted = Execution::call(&mut world.session, &request, false, &world.ports).unwrap();
    let inspection = pasted.ready().unwrap().inspection.as_ref().unwrap();
    assert!(
        inspection.findings.iter().any(|finding| finding.code == jose::Code::KidOther),
        "{:?}",
        inspection.findings
    );
}

/// In the first hours a misspelt scope had the calm note "not needed here".
#[test]
fn a_misspelt_scope_is_noted_as_what_it_is() {
    let mut world = World::new();
    let row = |reading: &DraftReading| reading.reads.iter().find(|row| row.label == "Scopes").unwrap().tone;
    let note = |reading: &DraftReading, line| {
        let note = reading.notes.iter().find(|note| note.line == line).unwrap();
        (note.words.clone(), note.tone)
    };
    let claims = "{\n\"scopes\":[\n\"transactions.read\",\n\"transactoins.read\",\n\"transactions:read\"\n]\n}";
    let reading = read(&world, &draft(&world, "local", claims));
    assert_eq!(note(&reading, 3).1, drafts::Tone::Plain);
    assert_eq!(note(&reading, 4), ("not a scope that is known".to_owned(), drafts::Tone::Warn), "Gr4vy has newer ones");
    assert_eq!(note(&reading, 5), ("not written as a scope".to_owned(), drafts::Tone::Fail));
    assert_eq!(row(&reading), drafts::Tone::Fail);

    // A provider that has no others than those of its list.
    let gr4vy = include_str!("../../provider/providers/gr4vy.toml");
    let closed = gr4vy.replacen("[scopes]\n", "[scopes]\nunlisted = \"refuse\"\n", 1);
    world.record.agrees.store(true, Ordering::SeqCst);
    let source = DefinitionFile { bytes: closed.into_bytes(), file: None };
    providers::take(&mut world.session, source, &world.ports).unwrap();
    let reading = read(&world, &draft(&world, "local", claims));
    assert_eq!(note(&reading, 4), ("Gr4vy has no such scope".to_owned(), drafts::Tone::Fail));
    let noted = reading.findings.iter().find(|noted| noted.finding.code == jose::Code::ScopeUnlisted).unwrap();
    assert!(noted.finding.is_error() && noted.fixes[0].title.contains("transactions.read"), "{noted:?}");
    assert_eq!((row(&reading), reading.send_label.as_str()), (drafts::Tone::Fail, "Send anyway"));
}
