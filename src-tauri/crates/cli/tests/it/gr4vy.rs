//! The Gr4vy checklist, as far as it is the command line's: each test is named for its item.

use std::collections::HashSet;

use crate::{
    server::{self, RunningEmulator},
    story::{Story, kids},
};

const FORMS: [&str; 2] = ["pkcs8", "sec1"];

fn decoded(part: &str) -> serde_json::Value {
    serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

fn claims(token: &str) -> serde_json::Value {
    decoded(token.trim().split('.').nth(1).unwrap())
}

#[test]
fn g2_the_kid_of_every_key_file_is_its_padded_thumbprint() {
    let story = Story::with_vault();
    let mut seen = 0;
    for (name, kid) in kids() {
        let files =
            FORMS.map(|form| format!("keys/{name}.{form}.pem")).into_iter().filter(|file| story.path(file).exists());
        for file in files {
            assert_eq!(story.run(&format!("key thumbprint {file}")).result().trim(), kid, "{file}");
            let found = story.open(&format!("key import {file} --name k{seen}")).ends(0);
            assert!(found.stdout.contains(&kid), "{file}: {}", found.stdout);
            seen += 1;
        }
    }
    assert_eq!(seen, 12, "PKCS#8 and SEC1 files");
}

#[test]
fn g3_a_kid_of_the_dashboard_that_differs_is_flagged() {
    let story = Story::with_vault();
    let other = &kids()["p521-yzero"];
    let import = "key import keys/p521-none.pkcs8.pem --profile Acme --env local";
    let ran = story.open(&format!("{import} --name other --kid {other}")).ends(0);
    assert!(ran.stderr.contains("(kid-not-thumbprint)"), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("kid-not-thumbprint").count(), 1, "said once: {}", ran.stderr);
    let own = &kids()["p521-none"];
    // Where it is sealed already, it is not sealed again.
    let import = import.replace("local", "sandbox");
    let ran = story.open(&format!("{import} --name own --kid {own}")).ends(0);
    assert!(!ran.stderr.contains("kid-"), "{}", ran.stderr);
}

#[test]
fn g4_other_keys_than_p521_and_rsa_of_2048_bits_are_refused_with_the_reason() {
    let story = Story::with_vault();
    for (file, reason) in [
        ("p256.pkcs8.pem", "does not take a P-256 key"),
        ("p384.pkcs8.pem", "does not take a P-384 key"),
        ("ed25519.pkcs8.pem", "does not take an Ed25519 key"),
        ("rsa-1024.pkcs1.pem", "2048"),
    ] {
        let ran = story.open(&format!("key import keys/{file} --name k --profile Acme --env local")).ends(5);
        assert!(ran.stderr.contains(reason), "{file}: {}", ran.stderr);
        assert!(ran.stderr.contains("hint:"), "{file}: {}", ran.stderr);
        story.open("key show k").ends(6);
    }
    for alg in ["ES256", "ES384", "EdDSA", "HS256"] {
        story.open(&format!("key generate --alg {alg} --name k --profile Acme --env local")).ends(5);
        story.open("key show k").ends(6);
    }
}

#[test]
fn g5_an_rsa_key_signs_rs512_and_ecdsa_is_advised() {
    let story = Story::with_vault();
    let ran = story.open("key import keys/rsa-2048.pkcs8.pem --name rsa --profile Acme --env local").ends(0);
    assert!(ran.stderr.contains("recommends ECDSA"), "{}", ran.stderr);
    assert!(ran.stderr.contains("do not support RSA"), "{}", ran.stderr);
    let token = story.open("token sign --profile Acme --env local --key rsa").result();
    assert_eq!(decoded(token.split('.').next().unwrap())["alg"], "RS512");
}

#[test]
fn g8_the_jti_of_every_token_is_a_fresh_uuid() {
    let story = Story::with_vault();
    let mut seen = HashSet::new();
    for _ in 0..5 {
        let token = story.open("token sign --profile Acme --env sandbox").result();
        let jti = claims(&token)["jti"].as_str().unwrap().to_owned();
        assert_eq!((jti.len(), &jti[14..15]), (36, "4"), "a UUID of version 4: {jti}");
        assert!(seen.insert(jti));
    }
}

#[test]
fn g10_times_in_milliseconds_microseconds_and_nanoseconds_are_explained() {
    let story = Story::new();
    for (exp, unit, digits) in [
        ("1767226500000", "milliseconds", "drop the last 3 digits"),
        ("1767226500000000", "microseconds", "drop the last 6 digits"),
        ("1767226500000000000", "nanoseconds", "drop the last 9 digits"),
    ] {
        let claims = format!(r#"{{"exp":{exp}}}"#);
        let token =
            story.call("token sign --key-file keys/p521-none.pkcs8.pem --claims -").stdin(claims).run().result();
        let shown = story.call("token inspect").stdin(token).run().result();
        assert!(shown.contains(unit) && shown.contains(digits) && shown.contains("1767226500 is 2026"), "{shown}");
    }
}

#[test]
fn g18_a_key_of_one_environment_is_refused_in_the_other() {
    let story = Story::with_vault();
    for (line, sealed) in [
        ("token sign --profile Acme --env sandbox --key live-1", "Production at Gr4vy"),
        ("token sign --profile Acme --env production --key sandbox-1 --live", "Sandbox at Gr4vy"),
        ("request send --profile Acme --env sandbox --key local-1", "Local at Gr4vy"),
        ("profile set Acme --key production=sandbox-1", "Sandbox at Gr4vy"),
        ("profile set Empty --key sandbox=live-1", "Production at Gr4vy"),
    ] {
        let ran = story.open(line).ends(5);
        assert!(ran.stderr.contains(&format!("is sealed for {sealed}")), "{line}: {}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
}

#[test]
fn g21_authorization_is_sent_as_bearer_and_a_pasted_header_is_understood() {
    let story = Story::with_vault();
    let sent = story.open("request send --profile Acme --env local --json").json();
    let header = &sent["request"]["headers"][0];
    assert_eq!(header["name"], "Authorization");
    assert!(header["value"].as_str().unwrap().starts_with("Bearer eyJ"), "{header}");

    let token = story.token();
    for pasted in [
        format!("bearer {token}"),
        format!("Bearer   {token}\n"),
        format!("Authorization: Bearer {token}"),
        format!("curl https://api.acme.gr4vy.app/transactions -H 'Authorization: Bearer {token}' --compressed"),
        format!(r#"{{"access_token": "{token}", "token_type": "bearer"}}"#),
    ] {
        let seen = story.call("token inspect --json").arg(&pasted).run().json();
        assert_eq!(seen["token"], token.as_str(), "{pasted}");
        story.open("request send --profile Acme --env local --token -").ends(3);
        story.call("request send --profile Acme --env local --token -").opening().stdin(&pasted).run().ends(0);
    }
}

#[test]
fn g23_the_signing_input_is_header_dot_claims_in_base64url_and_shown() {
    let story = Story::with_vault();
    let signed = story.open("token sign --profile Acme --env local --json").json();
    let text = |name: &str| signed[name].as_str().unwrap().to_owned();
    let encode = |text: String| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
    let input = format!("{}.{}", encode(text("header")), encode(text("claims")));
    assert_eq!(text("signingInput"), input);
    assert!(text("token").starts_with(&format!("{input}.")));
    let seen = story.call("token inspect --json").stdin(text("token")).run().json();
    assert_eq!(seen["signingInput"], input.as_str());
}

#[test]
fn g24_refusals_are_explained() {
    let story = Story::with_vault();
    let send = "request send --profile Acme --env local --json";
    let expired = story.run("token sign --key-file keys/p521-none.pkcs8.pem --claims expired.json").result();
    let sent = story.call(send).opening().arg("--token").arg(expired.trim()).run().ends(9);
    let sent: serde_json::Value = serde_json::from_str(&sent.stdout).unwrap();
    assert_eq!(sent["answer"]["status"], 401);
    assert_eq!(sent["serverCode"], "unauthorized");
    assert!(sent["sentence"].as_str().unwrap().contains("expired"), "{}", sent["sentence"]);

    let sent = story.open(&format!("{send} --scope buyers.read")).ends(9);
    let sent: serde_json::Value = serde_json::from_str(&sent.stdout).unwrap();
    assert_eq!(sent["answer"]["status"], 403);
    assert_eq!(sent["sentence"], "Refused with 403. Signed in, but this token lacks transactions.read.");
    assert_eq!(sent["next"], "Add transactions.read, then send again.");
    for member in ["meaning", "fix"] {
        assert!(sent[member].is_string(), "{member}: {}", sent[member]);
    }
}

#[test]
fn g25_the_scope_that_a_call_needs_is_said_before_it_is_sent() {
    let story = Story::with_vault();
    let curl = "request send --profile Acme --env local --curl";
    let ran = story.open(&format!("{curl} --scope transactions.read")).ends(0);
    assert!(ran.stderr.contains("needs transactions.read; the token has it"), "{}", ran.stderr);
    let ran = story.open(&format!("{curl} --scope buyers.read")).ends(0);
    assert!(ran.stderr.contains("needs transactions.read; the token lacks transactions.read"), "{}", ran.stderr);
    let ran = story.open(&format!("{curl} --scope transactions.read POST /transactions")).ends(0);
    assert!(ran.stderr.contains("needs transactions.write; the token lacks transactions.write"), "{}", ran.stderr);
}

#[test]
fn g25_a_token_that_is_signed_here_is_accepted_by_a_server_that_knows_the_key() {
    let story = Story::with_vault();
    story.open("key export local-1 --to jwks -o set.json").ends(0);
    let emulator = RunningEmulator::start(&story, &["--jwks", "set.json"]);
    let send = format!("request send --profile Acme --env local --emulator {}", emulator.address);
    story.open(&send).ends(0);
    story.open(&format!("{send} --endpoint buyers")).ends(0);
    story.open(&format!("{send} --endpoint create-buyer --expect 201")).ends(0);
    // Another key, which that server does not know.
    story.open("key generate --alg ES512 --name new --profile Acme --env local").ends(0);
    story.open(&send).ends(0);
    story.open("key choose new --profile Acme --env local").ends(0);
    let ran = story.open(&send).ends(9);
    assert!(ran.stdout.contains("the key is not registered in Local yet"), "{}", ran.stdout);
}

#[test]
fn g26_http_is_refused_except_on_this_computer() {
    let story = Story::with_vault();
    let send = "request send --profile Acme --env local --emulator";
    let ran = story.open(&format!("{send} http://gr4vy.example")).ends(3);
    assert!(ran.stderr.contains("plain HTTP"), "{}", ran.stderr);
    let ok = server::answering(server::answer("200 OK", "application/json", "{}"));
    story.open(&format!("{send} {ok}")).ends(0);
    // A name that is not this computer, though it says so.
    story.open(&format!("{send} http://localhost.example.com")).ends(3);
}
