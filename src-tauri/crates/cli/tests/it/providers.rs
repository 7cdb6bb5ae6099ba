//! Hedge, CryptoPay and the Partner API on the command line, from an empty vault to the answer of the emulator.

use insta::assert_snapshot;

use crate::{server::RunningEmulator, story::Story};

const KEY: &str = "test_51H8xgq2eZvKYlo2C4f2a";

/// A vault with an account at each provider, and its credential for Local.
fn accounts() -> Story {
    let story = Story::with_vault();
    story.write("api.key", format!("{KEY}\n"));
    story.write("password", "hunter2\n");
    story.write("secret", "a secret of the partner, 36 bytes long\n");
    for line in [
        "profile add hedge --provider hedge",
        "profile add crypto --provider cryptopay",
        "profile add partner --provider partner",
        "credential add hedge-key --profile hedge --env local --secret-file api.key",
        "credential add me --profile crypto --env local --kind login --field username=me --secret-file password",
        "credential add partner-key --profile partner --env local --field client_id=acme --secret-file secret",
    ] {
        story.open(line).ends(0);
    }
    story
}

#[test]
fn each_kind_stands_in_the_list_and_shows_no_secret() {
    let story = accounts();
    let told = story.open("key list").ends(0).told() + &story.open("key show me").ends(0).told();
    assert!(!told.contains("hunter2") && !told.contains(KEY), "{told}");
    assert_snapshot!(told);
}

#[test]
fn hedge_takes_the_key_itself_or_a_token_minted_with_it() {
    let story = accounts();
    let by_key = story.open("request send --profile hedge --env local --json").json();
    assert_eq!(by_key["asWanted"], true);
    let send = "request send --profile hedge --env local --with token";
    assert_snapshot!(story.open(send).ends(3).told());
    let followed = story.open(&format!("{send} --follow --json")).json();
    let kinds: Vec<&str> =
        followed["timeline"].as_array().unwrap().iter().map(|row| row["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["mint", "send"]);
    assert!(!followed.to_string().contains(KEY));
    // The token that was minted is there for the next command.
    assert_eq!(story.open(&format!("{send} --json")).json()["asWanted"], true);
    // And it may do no more than it was minted for.
    let create = format!("{send} --endpoint create-payment");
    story.open(&create).ends(9);
}

#[test]
fn cryptopay_logs_in_refreshes_and_verifies() {
    let story = accounts();
    let flow = |name: &str| story.open(&format!("flow run {name} --profile crypto --env local --json")).json();
    assert_eq!(flow("log-in")["issued"]["refresh"], true);
    assert_eq!(flow("verify")["verified"], true);
    assert_eq!(flow("refresh")["asWanted"], true);
    let tokens = story.open("flow tokens --json").json();
    assert_eq!(tokens[0]["permissions"][0], "read");
    // Two accounts of one environment are told apart.
    assert!(story.open("flow tokens").ends(0).told().contains("crypto, local, me: access token"));
    assert_eq!(story.open("flow forget --profile crypto --env local --json").json()["forgotten"], true);
    assert_eq!(story.open("flow tokens --json").json().as_array().unwrap().len(), 0);
}

#[test]
fn a_wrong_password_says_what_to_look_at() {
    let story = accounts();
    story.write("typo", "hunter3");
    let emulator = RunningEmulator::start(&story, &[]);
    let told = story.call("flow run log-in --profile crypto --env local").opening().arg("--emulator");
    let told = told.arg(emulator.address.replace("/gr4vy", "/cryptopay")).run().ends(9).told();
    assert!(told.contains("No active account has this user name and password"), "{told}");
}

#[test]
fn of_two_passwords_for_one_user_name_the_first_is_right_at_local() {
    let story = accounts();
    story.write("typo", "hunter3");
    let add = "credential add typo --profile crypto --env local --kind login --field username=me --secret-file typo";
    story.open(add).ends(0);
    let log_in = |key: &str| story.open(&format!("flow run log-in --profile crypto --env local --key {key}"));
    log_in("me").ends(0);
    let told = log_in("typo").ends(9).told();
    assert!(told.contains("No active account has this user name and password"), "{told}");
    log_in("me").ends(0);
    // Where the first one is gone, the other is what is sealed, and right.
    story.open("key delete me --end-use").ends(0);
    log_in("typo").ends(0);
}

#[test]
fn a_partner_token_is_signed_for_the_client() {
    let story = accounts();
    assert_eq!(story.open("request send --profile partner --env local --json").json()["asWanted"], true);
    let signed = story.open("token sign --profile partner --env local --json").json();
    assert!(signed["claims"].as_str().unwrap().starts_with(r#"{"clientId":"acme","iat":"#));
    story.open("credential set partner-key --field client_id=other").ends(0);
    let signed = story.open("token sign --profile partner --env local --json").json();
    assert!(signed["claims"].as_str().unwrap().contains(r#""clientId":"other""#));
}

#[test]
fn a_command_finds_a_fresh_token_in_its_environment_alone() {
    let story = accounts();
    let run = |profile: &str, command: &str| {
        let call = story.call(&format!("run --profile {profile} --env local --variable T")).opening();
        call.arg("--").arg("sh").arg("-c").arg(command).run()
    };
    let told = run("crypto", "echo \"$KEYWRIGHT_TOKEN|$T|$KEYWRIGHT_TOKEN_EXPIRES\"").result();
    let parts: Vec<&str> = told.trim().split('|').collect();
    assert!(parts[0].starts_with("eyJ") && parts[0] == parts[1], "{told}");
    assert!(parts[2].parse::<i64>().is_ok(), "{told}");
    run("partner", "exit 42").ends(42);
}

#[test]
fn a_request_is_copied_with_its_credential_in_a_variable() {
    let story = accounts();
    let copy = "request send --profile hedge --env local --copy-as";
    let python = story.open(&format!("{copy} python")).ends(0).told();
    assert!(python.contains("HEDGE_LOCAL_API_KEY") && !python.contains(KEY), "{python}");
    assert!(story.open(&format!("{copy} pyton")).ends(2).told().contains("did you mean"));
    // An API key has no business in a page.
    let refused = story.open(&format!("{copy} browser")).ends(3).told();
    assert!(refused.contains("must not be in a snippet for a browser"), "{refused}");
}

#[test]
fn a_definition_is_begun_checked_and_compared() {
    let story = Story::new();
    let text = story.run("provider new").ends(2);
    drop(text);
    let text = story.call("provider new").arg("Acme Pay").run().result();
    story.write("acme.toml", &text);
    story.run("provider check acme.toml").ends(0);
    story.write("moved.toml", text.replace("https://sandbox.example.com", "https://elsewhere.example.com"));
    assert_snapshot!(story.run("provider diff acme.toml moved.toml").ends(0).told());
    assert!(story.run("provider diff acme.toml acme.toml").ends(0).told().contains("they say the same"));
}

#[test]
fn a_fifth_provider_is_added_used_updated_and_forgotten() {
    let story = Story::with_vault();
    let text = story.call("provider new").arg("Acme Pay").run().result();
    story.write("acme.toml", &text);
    let mut told = String::new();
    let mut tell = |line: &str, code: i32| {
        let said = story.open(line).ends(code).told();
        let said = said.replace(&story.path("").display().to_string(), "FOLDER/");
        told += &format!("$ keywright {line}\n{said}\n");
    };
    tell("provider own", 0);
    tell("provider add acme.toml", 0);
    tell("provider add acme.toml", 0);
    tell("profile add shop --provider acme-pay", 0);
    tell("profile set shop --base-url production=https://api.acme.example", 0);
    story.open("key generate --alg ES256 --name tried --profile shop --env sandbox").ends(0);
    story.open("key generate --alg ES256 --name live --profile shop --env production").ends(0);
    story.write("acme.toml", text.replace("https://sandbox.example.com", "https://try.example.com"));
    tell("provider own", 0);
    tell("provider update acme-pay", 2);
    tell("provider update acme-pay --live", 0);
    tell("provider remove acme-pay", 2);
    story.write(
        "acme.toml",
        text.replace("documentation =", "documentaton =").replace("# documentaton", "documentaton"),
    );
    tell("provider update acme-pay", 3);
    assert_snapshot!(told);
    let sign = story.call("token sign --profile shop --env sandbox --json").opening();
    let signed = sign.arg("--claim").arg("iss=\"shop 7\"").run().json();
    assert!(signed["claims"].as_str().unwrap().contains(r#""scope":"payments:read""#), "{signed}");
    let inspect = story.call("token inspect --provider acme.toml").arg(signed["token"].as_str().unwrap());
    assert!(inspect.run().ends(3).told().contains("documentaton"));
    story.open("profile remove shop").ends(0);
    story.open("provider remove acme-pay").ends(0);
    assert_eq!(story.open("provider own --json").json().as_array().unwrap().len(), 0);
}

#[test]
fn what_is_unconfirmed_in_a_built_in_definition_can_be_changed() {
    let story = Story::with_vault();
    let text = story.run("provider new --like hedge").result();
    story.write("hedge.toml", text.replace("Hedge Payments\"", "Hedge, as confirmed\""));
    let told = story.open("provider add hedge.toml").ends(0).told();
    assert!(told.contains("name was \"Hedge Payments\", is \"Hedge, as confirmed\""), "{told}");
    assert!(story.open("provider show hedge --own").result().starts_with("Hedge, as confirmed"));
    assert!(story.run("provider show hedge").result().starts_with("Hedge Payments"));
    assert!(story.run("provider show ./hedge.toml").result().starts_with("Hedge, as confirmed"));
    let unknown = story.run("provider show acme").ends(2).told();
    assert!(unknown.contains("named by its file"), "{unknown}");
}

#[test]
fn other_tools_are_told_how_to_get_a_token_from_here() {
    let story = accounts();
    let mut told = String::new();
    for tool in ["postman", "bruno", "yaak"] {
        told += &story.open(&format!("run --profile hedge --env local --steps {tool}")).ends(0).told();
    }
    assert_snapshot!(told);
    story.open("profile set partner --base-url own=https://partner.example.com").ends(0);
    // A place whose tier nobody chose counts as live.
    assert!(story.open("run --profile partner --env own --steps bruno").result().contains("--live"));
    story.open("run --profile hedge --env local").ends(2);
}

#[test]
fn a_profile_shows_the_secret_of_its_webhooks() {
    let story = accounts();
    let add = "credential add hooks --profile crypto --env local --kind webhook_secret --secret-file secret";
    story.open(add).ends(0);
    let shown = story.open("profile show crypto").result();
    assert!(shown.contains("              webhook_secret hooks\n"), "{shown}");
}
