//! Every text of a refusal, with its hint.

use std::collections::BTreeSet;

use keywright_keyset::{
    At, Earliest, Method, MethodFault, Mode, PageRepeats, Refusal, RotationError, Silence, Span, State, Stated, Step,
    Stop,
};

use crate::{definitions::gr4vy, rules::target};

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

fn window(step: Step) -> Earliest {
    let method = Method { key_set_cache: Some(Span::MINUTE.times(5)), ..gr4vy() };
    Earliest::of(step, AT, &method, &Stated::default(), Mode::Planned)
}

#[test]
fn errors_of_a_rotation() {
    let all = [
        RotationError::Refused(Refusal::Unused { line: "checkout".to_owned() }),
        RotationError::UnderWay { id: "r1".to_owned(), line: "checkout".to_owned(), since: AT, step: Step::Watch },
        RotationError::NotActive { name: "checkout".to_owned() },
        RotationError::Method { credential: "private_key".to_owned(), fault: MethodFault::NoEnd },
        RotationError::NotNow { told: "a list", step: "make the next key".to_owned(), wanted: "a key that was made" },
        RotationError::TooEarly { earliest: window(Step::Promote), now: AT.after(Span::MINUTE) },
        RotationError::TooEarly { earliest: window(Step::Retire), now: AT },
        RotationError::TooEarly { earliest: window(Step::Delete), now: AT },
        RotationError::NoHand { step: Step::Delete },
        RotationError::NoWayBack { past: Step::Delete },
        RotationError::NotPromoted,
        RotationError::Promoted,
        RotationError::NoPlace { to: "ci".to_owned() },
        RotationError::OpenPlaces { open: vec!["ci".to_owned(), "/etc/key.pem".to_owned()] },
    ];
    let told: Vec<String> = all.iter().map(|it| format!("{it}\n  {}", it.hint().unwrap_or_default())).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn stops() {
    let refused = |status| Stop::Refused { step: Step::Publish, status };
    let all = [
        refused(401),
        refused(403),
        refused(422),
        Stop::OldNotShown { wanted: "6zsb".to_owned() },
        Stop::ThumbprintDiffers { label: "next (r1)".to_owned(), found: "aaaa".to_owned(), wanted: "bbbb".to_owned() },
        Stop::GrantsDiffer { grant: "roles".to_owned(), found: Vec::new(), wanted: vec!["reader".to_owned()] },
        Stop::GrantsNotShown { key: "old".to_owned(), grant: "merchant accounts".to_owned() },
        Stop::NotSeen { step: Step::Activate, tries: 3 },
        Stop::NotProved { status: 401 },
        Stop::ActiveGone { found: "not there".to_owned() },
        Stop::NextGone,
        Stop::OldGone,
    ];
    let told: Vec<String> = all.iter().map(|it| format!("{it}\n  {}", it.hint())).collect();
    let page = PageRepeats { page: 3, cursor: "abc".to_owned() };
    insta::assert_snapshot!(format!("{}\n{page}\n  {}", told.join("\n"), page.hint()));
}

#[test]
fn silence_says_who_says_so() {
    let all = [
        Silence::Used { last: AT, silent_from: AT.after(Span::DAY) },
        Silence::Silent { last: Some(AT) },
        Silence::Silent { last: None },
        Silence::NotKnown { ours: Some(AT), open: vec!["ci".to_owned()] },
        Silence::NotKnown { ours: None, open: Vec::new() },
    ];
    insta::assert_snapshot!(all.iter().map(Silence::words).collect::<Vec<_>>().join("\n"));
}
