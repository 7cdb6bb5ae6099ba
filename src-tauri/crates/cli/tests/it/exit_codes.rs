//! Each exit code, one by one, and which one counts when several apply.

use crate::{server, story::Story};

/// A token of `claims.json`, long expired, by the P-521 key, and the same with its claims changed.
fn tokens(story: &Story) -> (String, String) {
    let good = story.run("token sign --key-file keys/p521-none.pkcs8.pem --claims claims.json").result();
    let good = good.trim().to_owned();
    let mut parts: Vec<&str> = good.split('.').collect();
    let other = story.run("token sign --key-file keys/p521-none.pkcs8.pem --claims - --literal");
    assert_eq!(other.code, Some(3), "no claims, no token");
    let claims = data_encoding::BASE64URL_NOPAD.encode(br#"{"sub":"b","iat":1767225600,"exp":1767226500}"#);
    parts[1] = &claims;
    let changed = parts.join(".");
    (good, changed)
}

const VERIFY: &str = "token verify --key-file keys/p521-none.pub.pem";
/// A minute into the life of the token.
const IN_TIME: &str = "--at 2026-01-01T00:01:00Z";

#[test]
fn ends_with_0_as_asked() {
    let story = Story::new();
    story.run("key thumbprint keys/p521-none.pkcs8.pem").ends(0);
    story.run("--version").ends(0);
    story.run("help").ends(0);
    story.run("key convert --help").ends(0);
    let (good, _) = tokens(&story);
    story.call(&format!("{VERIFY} {IN_TIME}")).arg(good).run().ends(0);
}

#[test]
fn ends_with_1_where_the_system_fails() {
    let story = Story::new();
    let ran = story.run("key thumbprint nowhere.pem").ends(1);
    insta::assert_snapshot!(ran.told(), @"
    ends with 1
    --- stderr
    error: nowhere.pem does not exist
     hint: check the path; a relative one starts from the current folder
    ");
    story.write("taken.pem", "mine");
    story.run("key convert keys/p521-none.pkcs8.pem --to sec1 -o taken.pem").ends(1);
    assert_eq!(story.read("taken.pem"), b"mine");
}

#[test]
fn ends_with_2_where_the_call_is_wrong() {
    let story = Story::with_vault();
    for line in
        ["", "bogus", "token", "token verify x", "key convert keys/p256.pub.pem --to nothing", "vault status --x"]
    {
        story.run(line).ends(2);
    }
    story.run("token sign").ends(2);
    story.run("token sign --profile Acme").ends(2);
    story.open("profile show Nobody").ends(2);
    story.open("token sign --profile Acme --env production").ends(2);
    story.open("token sign --profile Acme --env staging").ends(2);
    story.open("key generate --alg ES256 --name local-1").ends(2);
    story.open(&format!("key generate --alg ES256 --name {}", "x".repeat(101))).ends(2);
}

#[test]
fn ends_with_3_where_the_input_is_malformed() {
    let story = Story::with_vault();
    story.run("token inspect hello").ends(3);
    story.run(&format!("{VERIFY} a.b.c")).ends(3);
    story.run("key thumbprint claims.json").ends(3);
    story.open("token sign --profile Acme --env local --claim sub=bad").ends(3);
    story.write("twice.json", r#"{"a":1,"a":2}"#);
    story.run("token sign --key-file keys/p521-none.pkcs8.pem --claims twice.json").ends(3);
}

#[test]
fn ends_with_4_where_the_signature_is_not_good() {
    let story = Story::new();
    let (_, changed) = tokens(&story);
    story.call(&format!("{VERIFY} {IN_TIME}")).arg(changed).run().ends(4);
}

#[test]
fn ends_with_5_where_a_rule_is_broken() {
    let story = Story::with_vault();
    let (good, _) = tokens(&story);
    story.call(VERIFY).arg(&good).run().ends(5);
    story.call(&format!("{VERIFY} {IN_TIME} --iss me")).arg(&good).run().ends(5);
    story.open("token sign --profile Acme --env local --drop jti").ends(5);
    story.call("token verify --key-file keys/p521-none.pub.pem --signature-only").arg(&good).run().ends(0);
}

#[test]
fn ends_with_6_where_there_is_no_key() {
    let story = Story::with_vault();
    let (good, _) = tokens(&story);
    story.write("none.json", r#"{"keys":[]}"#);
    story.call("token verify --jwks none.json").arg(&good).run().ends(6);
    story.open("token sign --profile Acme --env local --key nobody").ends(6);
    story.open("token sign --profile Empty --env local").ends(6);
    story.open("key show nobody").ends(6);
}

#[test]
fn ends_with_7_where_nobody_answers() {
    let story = Story::with_vault();
    let nobody = server::nobody();
    story.open(&format!("request send --profile Acme --env local --emulator {nobody}")).ends(7);
}

#[test]
fn ends_with_8_where_the_vault_does_not_open() {
    let story = Story::with_vault();
    story.write("wrong", "not the passphrase");
    story.run("key list --passphrase-file wrong").ends(8);
    story.run("vault status --vault nowhere.kwv").ends(8);
    story.open("vault create").ends(8);
    let mut bytes = story.read("vault.kwv");
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xa5);
    story.write("vault.kwv", bytes);
    story.open("key list").ends(8);
    story.write("vault.kwv", "not a vault at all");
    story.open("key list").ends(8);
}

#[test]
fn ends_with_9_where_the_answer_is_not_the_one_expected() {
    let story = Story::with_vault();
    let send = "request send --profile Acme --env local";
    story.open(&format!("{send} --scope buyers.read")).ends(9);
    story.open(&format!("{send} --scope buyers.read --expect 403")).ends(0);
    story.open(&format!("{send} --expect 401")).ends(9);
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_ends_with_the_signal_that_a_shell_calls_130() {
    use std::os::unix::process::ExitStatusExt;

    let story = Story::new();
    let mut emulator = server::RunningEmulator::interruptible(&story);
    let id = emulator.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(emulator.wait().signal(), Some(2));
}

#[test]
fn when_several_apply_the_order_is_3_4_6_5() {
    let story = Story::new();
    let (good, changed) = tokens(&story);
    story.write("none.json", r#"{"keys":[]}"#);
    // Malformed, and without a key, and expired.
    story.call("token verify --jwks none.json").arg(format!("{good}=")).run().ends(3);
    // Changed and expired.
    story.call(VERIFY).arg(&changed).run().ends(4);
    // Without a key and expired.
    story.call("token verify --jwks none.json").arg(&good).run().ends(6);
    // Expired alone.
    story.call(VERIFY).arg(&good).run().ends(5);
}

#[test]
fn an_inspection_ends_with_0_whatever_it_finds_unless_strict() {
    let story = Story::new();
    let (good, _) = tokens(&story);
    story.call("token inspect").arg(&good).run().ends(0);
    story.call("token inspect --strict").arg(&good).run().ends(5);
    let header = data_encoding::BASE64URL_NOPAD.encode(br#"{"alg":"none"}"#);
    let unsecured = format!("{header}.e30.");
    story.call("token inspect").arg(&unsecured).run().ends(0);
    story.call("token inspect --strict").arg(&unsecured).run().ends(5);
    let now = r#"{"iat":"$now","exp":"$now+15m","typ":"x"}"#;
    let fresh = story.call("token sign --key-file keys/p521-none.pkcs8.pem --claims -").stdin(now).run().result();
    story.call("token inspect --strict").stdin(fresh).run().ends(0);
}
