//! A rotation of keyset as the page has it: what may be done now, and no time earlier than it is safe.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use keyset::{Act, Age, At, KeyId, Keyset, LineId, Method, Mode, NewKey, Place, Start, Stated, Target};
use keywright_wire::{Rotation, RotationAbout, RotationMethod, RotationNext, RotationStep, Tier};

const NOW: At = At(1_796_000_000);

/// A pair that a person publishes, with a switch there.
fn method() -> Method {
    let hand = |words: &str| serde_json::json!({ "hand": { "words": words } });
    serde_json::from_value(serde_json::json!({
        "credential": "private_key",
        "made": "here",
        "overlap": "both",
        "publish": { "hand": { "words": "Paste it.", "open": "https://there.example", "paste": "public-pem" } },
        "activate": hand("Switch it on."),
        "deactivate": hand("Switch it off."),
        "delete": hand("Delete it."),
    }))
    .unwrap()
}

fn new_key(id: &str) -> NewKey {
    NewKey {
        id: id.into(),
        name: format!("name of {id}"),
        kid: Some(format!("kid-{id}")),
        thumbprint: Some(format!("print-{id}")),
        made: Age::Made(NOW),
    }
}

fn keyset() -> Keyset {
    let place = Place {
        provider: "p".into(),
        account: "acme".into(),
        environment: "sandbox".into(),
        credential: "private_key".into(),
    };
    let target = Target { profile: "acme".into(), environment: "sandbox".into() };
    let mut keyset = Keyset::default();
    let key: KeyId = "a".into();
    keyset.act(Act::Add { line: LineId::from("line"), place: place.clone(), key: new_key("a") }, NOW).unwrap();
    keyset.act(Act::Choose { target, place, key }, NOW).unwrap();
    keyset
}

fn seen(plan: &keyset::Rotation, keyset: &Keyset, now: At) -> Rotation {
    let about = RotationAbout {
        label: "Sandbox at P".to_owned(),
        tier: Tier::Test,
        method: RotationMethod::new(&method()),
        there: None,
        text: Some("-----BEGIN PUBLIC KEY-----".to_owned()),
    };
    Rotation::new(plan, keyset, about, now.0)
}

#[test]
fn what_may_be_done_is_what_keyset_takes() {
    let start = Start {
        id: "r1".into(),
        old: "a".into(),
        mode: Mode::Planned,
        method: method(),
        stated: Stated::default(),
        label: "checkout".to_owned(),
        copies: Vec::new(),
        old_id: None,
    };
    let turn = keyset::Rotation::begin(start, &keyset(), [], NOW).unwrap();
    let begun = seen(&turn.rotation, &turn.keyset, NOW);
    assert_eq!(begun.now, RotationNext::GoOn { step: RotationStep::Make });
    assert_eq!((begun.old.as_str(), begun.next.as_deref()), ("name of a", None));
    assert!(begun.may_abort && !begun.may_go_back && !begun.may_go_by_hand);
    // The whole plan: what it waits for lies ahead, and each wait begins when the one before is over.
    insta::assert_json_snapshot!("begun", begun);

    let turn = turn.rotation.made(&turn.keyset, new_key("b"), LineId::from("other"), NOW).unwrap();
    let made = seen(&turn.rotation, &turn.keyset, NOW);
    let RotationNext::ByHand(hand) = &made.now else { panic!("{:?}", made.now) };
    assert_eq!(hand.text.as_deref(), Some("-----BEGIN PUBLIC KEY-----"));

    let turn = turn.rotation.did_it(&turn.keyset, NOW).unwrap();
    let turn = turn.rotation.did_it(&turn.keyset, NOW).unwrap();
    let turn = turn.rotation.did_it(&turn.keyset, NOW).unwrap();
    let turn = turn.rotation.advance(&turn.keyset, NOW).unwrap();
    let waits = seen(&turn.rotation, &turn.keyset, At(NOW.0 + 10));
    let RotationNext::Wait { step, earliest } = &waits.now else { panic!("{:?}", waits.now) };
    assert_eq!((*step, earliest.at, earliest.wait), (RotationStep::Promote, NOW.0 + 30, 30));
    assert_eq!(earliest.breaks, ["some servers of the provider may not know the next key, and refuse its calls"]);

    let turn = turn.rotation.advance(&turn.keyset, At(NOW.0 + 30)).unwrap();
    let promoted = seen(&turn.rotation, &turn.keyset, At(NOW.0 + 30));
    assert!(promoted.may_go_back && !promoted.may_abort);
    insta::assert_json_snapshot!("promoted", promoted);
}

/// What is secret is pasted from the clipboard, and does not cross.
#[test]
fn a_secret_is_no_text_of_a_step() {
    let mut method = method();
    method.publish.hand.as_mut().unwrap().paste = Some(keyset::Paste::Secret);
    let start = Start {
        id: "r1".into(),
        old: "a".into(),
        mode: Mode::Planned,
        method,
        stated: Stated::default(),
        label: "checkout".to_owned(),
        copies: Vec::new(),
        old_id: None,
    };
    let turn = keyset::Rotation::begin(start, &keyset(), [], NOW).unwrap();
    let turn = turn.rotation.made(&turn.keyset, new_key("b"), LineId::from("other"), NOW).unwrap();
    let RotationNext::ByHand(hand) = seen(&turn.rotation, &turn.keyset, NOW).now else { panic!("no step by hand") };
    assert_eq!((hand.paste, hand.text), (Some(keywright_wire::Paste::Secret), None));
}
