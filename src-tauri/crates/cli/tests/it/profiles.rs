//! Profiles: added, listed, shown, set, removed.

use insta::assert_snapshot;

use crate::story::Story;

#[test]
fn a_profile_is_added_and_shown() {
    let story = Story::with_vault();
    assert_snapshot!(story.open("profile add Shop --provider gr4vy --set gr4vy_id=shop").ends(0).told());
    assert_snapshot!(story.open("profile show Acme").ends(0).told());
    assert_eq!(story.open("profile list").result(), "Acme   gr4vy\nEmpty  gr4vy\nShop   gr4vy\n");
}

#[test]
fn names_that_are_wrong_are_answered_with_the_nearest() {
    let story = Story::with_vault();
    let told = [
        "profile add Other --provider gr4vi --set gr4vy_id=x",
        "profile add Other --provider gr4vy --set gr4vyid=x",
        "profile add Acme --provider gr4vy --set gr4vy_id=x",
        "profile show acme",
        "profile set Acme --key sandbx=sandbox-1",
        "profile set Acme --key sandbox=sandbox-2",
    ]
    .map(|line| story.open(line).told());
    assert_snapshot!(told.join("\n"));
}

#[test]
fn what_is_set_is_used() {
    let story = Story::with_vault();
    story.open("profile set Acme --scope buyers.read --scope buyers.write --ttl 3m").ends(0);
    let signed = story.open("token sign --profile Acme --env sandbox --json").json();
    assert_eq!(signed["scopes"], serde_json::json!(["buyers.read", "buyers.write"]));
    let claims: serde_json::Value = serde_json::from_str(signed["claims"].as_str().unwrap()).unwrap();
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["nbf"].as_i64().unwrap(), 180);
    let profile = story.open("profile set Acme --default-scopes --json").json();
    assert_eq!((&profile["scopes"], &profile["ttl"]), (&serde_json::Value::Null, &180.into()));
}

#[test]
fn a_merchant_account_is_sent_where_it_is_set() {
    let story = Story::with_vault();
    let headers = |story: &Story| {
        let sent = story.open("request send --profile Acme --env local --json").json();
        sent["request"]["headers"].to_string()
    };
    assert!(!headers(&story).contains("erchant"));
    story.open("profile set Acme --set merchant_account_id=shop-1").ends(0);
    assert!(headers(&story).contains("shop-1"));
    story.open("profile set Acme --set merchant_account_id=").ends(0);
    assert!(!headers(&story).contains("shop-1"));
}

#[test]
fn a_key_that_is_set_is_sealed_for_that_environment() {
    let story = Story::with_vault();
    story.open("key import keys/p521-none.pkcs8.pem --name again").ends(0);
    assert!(story.open("key show again --json").json()["binding"].is_null());
    story.open("profile set Empty --key sandbox=again").ends(0);
    let binding = &story.open("key show again --json").json()["binding"];
    assert_eq!(binding["hosts"], serde_json::json!(["api.sandbox.empty.gr4vy.app"]));
    story.open("profile set Empty --key production=again").ends(5);
}

#[test]
fn a_removed_profile_leaves_its_keys() {
    let story = Story::with_vault();
    assert_eq!(story.open("profile remove Acme").result(), "removed Acme; its keys stay\n");
    story.open("profile show Acme").ends(2);
    story.open("key show sandbox-1").ends(0);
}

#[test]
fn a_profile_is_renamed_guarded_and_removed() {
    let story = Story::with_vault();
    let told = [
        "profile rename Acme Shop",
        "profile rename Shop Empty",
        "profile set Shop --guard production=always",
        "profile set Shop --guard production=once",
        "profile set Shop --guard production=never",
        "profile set Shop --guard nowhere=once",
        "profile delete Shop",
    ]
    .map(|line| story.open(line).told());
    assert_snapshot!(told.join("\n"));
    let profile = story.open("profile set Empty --guard production=always --json").json();
    assert_eq!(profile["guards"]["production"], "always");
    assert_eq!(profile["missing"]["local"], "no key yet");
}

#[test]
fn a_profile_is_handed_on_in_a_file() {
    let story = Story::with_vault();
    let text = story.open("profile export Acme").result();
    story.write("acme.json", &text);
    story.open("profile import acme.json --name Twin").ends(0);
    let twin = story.open("profile show Twin --json").json();
    assert_eq!(twin["variables"]["gr4vy_id"], "acme");
    assert_eq!(twin["keys"].as_object().unwrap().len(), 0);
    let refused = story.call("profile import - --name Other").stdin("{}").opening().run().ends(3).told();
    assert!(refused.contains("missing field \"keywright-profile\""), "{refused}");
}

#[test]
fn what_a_profile_cannot_be_set_to_is_said_at_once() {
    let story = Story::with_vault();
    let mut told = String::new();
    for set in ["--base-url sandbox=https://other.example", "--scope bogus", "--scope transactions.look"] {
        told += &story.open(&format!("profile set Acme {set}")).ends(3).told();
    }
    assert_snapshot!(told);
}
