//! `--json`: every command answers with the type that `docs/cli.md` names, with the members that stand there.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{server, story::Story};

/// The members of each type in the documentation, and whether one may be absent.
fn documented() -> BTreeMap<String, BTreeMap<String, bool>> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/cli.md")).unwrap();
    let mut types: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    let mut current = None;
    for line in text.split("## JSON").nth(1).unwrap().lines() {
        if let Some(name) = line.strip_prefix("### ") {
            types.insert(name.to_owned(), BTreeMap::new());
            current = Some(name.to_owned());
        } else if let (Some(name), Some(row)) = (&current, line.strip_prefix("| `")) {
            let member = row.split('`').next().unwrap().to_owned();
            types.get_mut(name).unwrap().insert(member, row.contains("or absent"));
        }
    }
    types
}

#[track_caller]
fn assert_is(value: &Value, name: &str) {
    let types = documented();
    let members = &types[name];
    let object = value.as_object().unwrap_or_else(|| panic!("{name}: {value}"));
    for member in object.keys() {
        assert!(members.contains_key(member), "{name} has no {member:?} in docs/cli.md");
    }
    for (member, may_be_absent) in members {
        assert!(object.contains_key(member) || *may_be_absent, "{name} lacks {member:?}: {value}");
    }
}

#[test]
fn every_command_answers_with_its_documented_type() {
    let story = Story::with_vault();
    let token = story.token();
    for (line, name) in [
        ("demo", "DemoSteps"),
        ("vault status", "VaultStatus"),
        ("vault path", "VaultPath"),
        ("profile add Shop --provider gr4vy --set gr4vy_id=shop --passphrase-file pw", "Profile"),
        ("profile list --passphrase-file pw", "Profile[]"),
        ("profile show Acme --passphrase-file pw", "Profile"),
        ("profile set Acme --ttl 5m --passphrase-file pw", "Profile"),
        ("profile rename Shop Store --passphrase-file pw", "Profile"),
        ("profile remove Store --passphrase-file pw", "Profile"),
        ("key generate --alg ES256 --name a --passphrase-file pw", "Key"),
        ("key import keys/p384.pkcs8.pem --name b --passphrase-file pw", "Key"),
        ("key list --passphrase-file pw", "Key[]"),
        ("key show local-1 --passphrase-file pw", "Key"),
        ("key export local-1 --to spki --passphrase-file pw", "KeyText"),
        ("key export local-1 --private --to pkcs8 -o out --passphrase-file pw", "KeyText"),
        ("key rename b c --passphrase-file pw", "Key"),
        ("key choose local-1 --profile Acme --env local --passphrase-file pw", "Key"),
        ("key history local-1 --passphrase-file pw", "KeyEvent[]"),
        ("key delete c --passphrase-file pw", "Key"),
        ("key restore c --passphrase-file pw", "Key"),
        ("key delete c --passphrase-file pw", "Key"),
        ("key list --deleted --passphrase-file pw", "Key[]"),
        ("key destroy c --passphrase-file pw", "Key"),
        ("key thumbprint keys/p256.pub.pem", "KeyText"),
        ("key convert keys/p256.pub.pem --to jwk", "KeyText"),
        ("token sign --profile Acme --env local --passphrase-file pw", "SignedToken"),
        ("token sign --key-file keys/p256.pkcs8.pem --claims claims.json", "SignedToken"),
        ("request send --profile Acme --env local --passphrase-file pw", "Sent"),
        ("request send --profile Acme --env local --passphrase-file pw --curl", "CurlCommand"),
        ("key set sandbox-1 --passphrase-file pw", "KeyText"),
        ("rotate start sandbox-1 --dry-run --passphrase-file pw", "RotationPlan"),
        ("rotate start sandbox-1 --passphrase-file pw", "Rotation"),
        ("rotate next --passphrase-file pw", "Rotation"),
        ("rotate status --passphrase-file pw", "Rotation"),
        ("rotate list --passphrase-file pw", "Rotation[]"),
        ("rotate incident sandbox-1 --passphrase-file pw", "Incident"),
        ("check --env local --passphrase-file pw", "CheckOutcome[]"),
        ("provider list", "Provider[]"),
        ("provider show gr4vy", "Provider"),
    ] {
        let ran = story.run(&format!("{line} --json")).ends(0);
        assert_eq!(ran.stderr, "", "{line}");
        let value = ran.json();
        match name.strip_suffix("[]") {
            Some(name) => value.as_array().unwrap().iter().for_each(|value| assert_is(value, name)),
            None => assert_is(&value, name),
        }
    }
    for line in ["token inspect --json", "token verify --key-file keys/p521-none.pub.pem --json"] {
        assert_is(&story.call(line).stdin(&token).run().json(), "Inspection");
    }
}

#[test]
fn the_parts_of_an_answer_are_documented_too() {
    let story = Story::with_vault();
    let key = story.open("key show local-1 --json").json();
    assert_is(&key["binding"], "Binding");
    assert_is(&key["line"][0], "LineKey");
    assert_is(&key["targets"][0], "Target");
    let sent = story.open("request send --profile Acme --env local --json").json();
    assert_is(&sent["request"], "Request");
    assert_is(&sent["request"]["headers"][0], "Header");
    assert_is(&sent["answer"], "Answer");
    assert_is(&sent["gates"][0], "Gate");
    let signed = story.open("token sign --profile Acme --env local --json").json();
    assert_is(&signed["findings"][0], "Finding");
    let seen = story.call("token inspect --json").stdin(signed["token"].as_str().unwrap()).run().json();
    assert_is(&seen["times"], "Times");
    assert_is(&seen["verdicts"], "Verdicts");
    let status = story.run("vault status --json").json();
    assert_is(&status["slots"][0], "Slot");
    let provider = story.run("provider show gr4vy --json").json();
    for (member, name) in [
        ("variables", "Variable"),
        ("environments", "Environment"),
        ("scopes", "Scope"),
        ("endpoints", "Endpoint"),
        ("lifetimes", "Lifetime"),
    ] {
        assert_is(&provider[member][0], name);
    }
    let emulator = server::RunningEmulator::start(&story, &[]);
    assert!(emulator.address.ends_with("/gr4vy"));
    let checked = story.call("provider check - --json").stdin("id = 1").run().ends(3);
    let checked: Value = serde_json::from_str(&checked.stdout).unwrap();
    assert_is(&checked, "DefinitionCheck");
    assert_is(&checked["errors"][0], "DefinitionError");
}

#[test]
fn an_error_is_json_too_and_nothing_else_is_said() {
    let story = Story::with_vault();
    for (line, code, kind) in [
        ("bogus --json", 2, "usage"),
        ("--json token sign --profile Acme", 2, "usage"),
        ("key thumbprint nowhere --json", 1, "system"),
        ("key thumbprint claims.json --json", 3, "malformed"),
        ("token sign --profile Acme --env local --drop jti --json --passphrase-file pw", 5, "rule"),
        ("token sign --profile Acme --env production --json --passphrase-file pw", 2, "live-without-consent"),
        ("token sign --profile Acme --env sandbox --key live-1 --json --passphrase-file pw", 5, "wrong-place"),
        ("token sign --profile Empty --env sandbox --json --passphrase-file pw", 6, "no-key"),
        ("profile show Nobody --json --passphrase-file pw", 2, "not-found"),
        ("profile add Acme --provider gr4vy --set gr4vy_id=x --json --passphrase-file pw", 2, "taken"),
        ("key list --json --passphrase-file claims.json", 8, "wrong-passphrase"),
        ("key list --json --vault nowhere --passphrase-file pw", 8, "vault"),
    ] {
        let ran = story.run(line).ends(code);
        assert_eq!(ran.stdout, "", "{line}");
        let error = ran.error();
        assert_is(&error, "ErrorBody");
        assert_eq!(error["code"], kind, "{line}");
        assert!(documented()["Code"].contains_key(kind), "{kind}");
        assert!(!error["message"].as_str().unwrap().is_empty(), "{line}");
    }
}
