//! Every text of a refusal, with its hint.

use std::collections::BTreeSet;

use keywright_keyset::{At, Refusal, Span, State};

use crate::rules::target;

const AT: At = At(1_796_000_000);

#[test]
fn refusals() {
    let name = || "checkout".to_owned();
    let targets = |names: &[&str]| names.iter().map(|name| target(name)).collect::<BTreeSet<_>>();
    let state = |found, act, wanted| Refusal::State { name: name(), act, found, wanted };
    let other = |member| Refusal::OtherPlace {
        what: "the key \"next\"".to_owned(),
        member,
        found: "live".to_owned(),
        line: name(),
        wanted: "sandbox".to_owned(),
    };
    let kid = |member, state| Refusal::KidUsed { member, found: "k-1".to_owned(), by: name(), state };
    let all = [
        Refusal::Unknown { what: "key", id: "a1".to_owned() },
        Refusal::IdUsed { what: "line", id: "a1".to_owned() },
        kid("kid", State::Destroyed),
        kid("thumbprint", State::Active),
        state(State::Retiring, "deleting", &[State::Draft, State::Retired]),
        state(State::Draft, "promoting", &[State::Published]),
        state(State::DestroyScheduled, "choosing", &[State::Draft, State::Active]),
        state(State::Compromised, "publishing", &[State::Draft]),
        state(State::Retired, "destroying", &[State::DestroyScheduled]),
        state(State::Published, "choosing", &[State::Active]),
        Refusal::InUse { name: name(), act: "deleting", targets: targets(&["acme"]) },
        Refusal::InUse { name: name(), act: "retiring", targets: targets(&["acme", "north"]) },
        other("environment"),
        other("account"),
        Refusal::HasSuccessor { line: name(), name: "next".to_owned(), state: State::Published },
        Refusal::NothingToFollow { line: name() },
        Refusal::NotAlone { name: name(), others: 2 },
        Refusal::SameLine { name: name() },
        Refusal::ChosenAlready { target: target("acme"), line: name() },
        Refusal::ChangedSince { target: target("acme"), found: "l2".to_owned(), wanted: "l1".to_owned() },
        Refusal::NothingToGoBackTo { target: target("acme"), line: "l2".to_owned() },
        Refusal::NothingToTakeBack { name: name(), old: None },
        Refusal::NothingToTakeBack { name: name(), old: Some(State::Retired) },
        Refusal::Leaked { name: name(), at: AT, wanted: State::Active },
        Refusal::StillRestorable { name: name(), until: AT, left: Span::DAY.times(29) },
        Refusal::NoPrivateHalf { name: name(), at: AT },
        Refusal::Unused { line: name() },
        Refusal::Gap { after: 7, found: 9 },
    ];
    let told: Vec<String> = all.iter().map(|it| format!("{it}\n  {}", it.hint().unwrap_or_default())).collect();
    insta::assert_snapshot!(told.join("\n"));
}
