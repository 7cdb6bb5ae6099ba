//! Keys: made, imported, listed, shown, exported, converted.

use insta::assert_snapshot;

use crate::story::{SECRET, Story, kids};

#[test]
fn keys_are_listed_and_shown() {
    let story = Story::with_vault();
    assert_snapshot!(story.open("key list").ends(0).told());
    assert_snapshot!(story.open("key show live-1").ends(0).told());
    assert_snapshot!(story.open("key show shared").ends(0).told());
    assert_snapshot!(story.open("key show loca-1").ends(6).told());
}

#[test]
fn a_key_is_made_for_an_environment_and_signs_there() {
    let story = Story::with_vault();
    let key = story.open("key generate --alg ES512 --name fresh --profile Empty --env sandbox --json").json();
    assert_eq!((&key["alg"], &key["binding"]["environment"]), (&"ES512".into(), &"sandbox".into()));
    let signed = story.open("token sign --profile Empty --env sandbox --json").json();
    assert_eq!((&signed["key"], &signed["kid"]), (&"fresh".into(), &key["thumbprint"]));
    story.open("key generate --alg ES512 --name fresh").ends(2);
    story.open("key generate --alg ES999 --name other").ends(2);
}

#[test]
fn every_kind_of_key_is_made() {
    let story = Story::with_vault();
    for alg in ["ES256", "ES384", "ES512", "ES256K", "EdDSA", "HS256", "HS512"] {
        let key = story.open(&format!("key generate --alg {alg} --name {alg} --json")).json();
        assert_eq!(key["alg"], alg);
        assert_eq!(key["thumbprint"].is_null(), alg.starts_with("HS"), "{alg}");
    }
    let key = story.open("key generate --alg RS256 --rsa-bits 2048 --name rsa --json").json();
    assert_eq!(key["describe"], "RSA 2048 bits");
    story.open("key generate --alg RS256 --rsa-bits 1024 --name weak").ends(2);
}

#[test]
fn what_is_imported_is_what_is_exported() {
    let story = Story::with_vault();
    story.open("key import keys/p521-yzero.sec1.pem --name y").ends(0);
    story.open("key export y --private --to sec1 -o out.pem").ends(0);
    assert_eq!(story.read("out.pem"), story.read("keys/p521-yzero.sec1.pem"));
    let public = story.open("key export y --to spki").result();
    assert_eq!(public.as_bytes(), story.read("keys/p521-yzero.pub.pem"));
    let set = story.open("key export y --to jwks").json();
    assert_eq!(set["keys"][0]["kid"], kids()["p521-yzero"].as_str());
    assert!(set["keys"][0].get("d").is_none());
}

#[test]
fn a_private_key_is_exported_only_where_that_is_said() {
    let story = Story::with_vault();
    assert_snapshot!(story.open("key export local-1 --to pkcs8").ends(2).told());
    assert_snapshot!(story.open("key export shared --to jwk").told());
    let jwk = story.open("key export local-1 --to jwk").result();
    assert!(!jwk.contains(r#""d""#), "{jwk}");
    let jwk = story.open("key export shared --private --to jwk").result();
    assert!(jwk.contains(&data_encoding::BASE64URL_NOPAD.encode(SECRET.as_bytes())));
}

#[cfg(unix)]
#[test]
fn a_private_key_is_not_printed_on_a_terminal() {
    // `script` runs a command at a terminal of its own; where there is none, nothing can be tried.
    if std::process::Command::new("script").arg("--version").output().is_err() {
        return crate::skipped::skipped("a_private_key_is_not_printed_on_a_terminal", "there is no `script`");
    }
    let story = Story::with_vault();
    let program = assert_cmd::cargo::cargo_bin!("keywright").display();
    let at_terminal = |arguments: &str| {
        let line = format!("{program} {arguments}");
        let mut command = story.program();
        let mut script = std::process::Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).current_dir(story.path("")).stdin(std::process::Stdio::null());
        for (name, value) in command.env("TERM", "dumb").get_envs() {
            script.envs(value.map(|value| (name, value)));
        }
        let output = script.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for line in [
        "key convert keys/p521-none.pkcs8.pem --to pkcs8",
        "key convert keys/p521-none.pkcs8.pem --to pkcs8 -o -",
        "key export local-1 --private --to jwk --passphrase-file pw",
        "key export local-1 --private --to jwk --output - --passphrase-file pw",
    ] {
        let (code, said) = at_terminal(line);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("a private key is not printed on a terminal"), "{said}");
        assert!(!said.contains("PRIVATE KEY") && !said.contains(r#""d""#), "{said}");
    }
    let (code, said) = at_terminal("key convert keys/p521-none.pkcs8.pem --to spki --public");
    assert_eq!(code, Some(0));
    assert!(said.contains("BEGIN PUBLIC KEY"), "{said}");
}

#[test]
fn a_file_that_exists_is_overwritten_only_by_force() {
    let story = Story::new();
    story.write("out.pem", "mine");
    let line = "key convert keys/p521-none.pkcs8.pem --to sec1 -o out.pem";
    assert_snapshot!(story.run(line).ends(1).told());
    assert_eq!(story.read("out.pem"), b"mine");
    story.run(&format!("{line} --force")).ends(0);
    assert_eq!(story.read("out.pem"), story.read("keys/p521-none.sec1.pem"));
    story.run("key convert keys/p521-none.pkcs8.pem --to sec1 --force").ends(2);
}

#[test]
fn a_hyphen_is_standard_output_everywhere() {
    let story = Story::with_vault();
    for line in [
        "key convert keys/p521-none.pkcs8.pem --to sec1",
        "key convert keys/p521-none.pkcs8.pem --to jwk --public --json",
        "key export loose --private --to pkcs8 --passphrase-file pw",
        "key export loose --to spki --passphrase-file pw",
    ] {
        let printed = story.run(line).result();
        for output in ["-o -", "--output=-", "-o-"] {
            let ran = story.run(&format!("{line} {output}")).ends(0);
            assert_eq!((&ran.stdout, ran.stderr.as_str()), (&printed, ""), "{line} {output}");
        }
    }
    let told = [
        story.run("key convert keys/p521-none.pkcs8.pem --to sec1 -o - --force").ends(2).told(),
        story.open("vault create --vault -").ends(2).told(),
        story.call("vault path").variable("KEYWRIGHT_VAULT", "-").run().ends(2).told(),
    ];
    assert_snapshot!(told.join("\n"));
    assert!(!story.names().contains(&"-".to_owned()));
}

#[cfg(unix)]
#[test]
fn a_file_that_is_written_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;

    let story = Story::with_vault();
    story.open("key export local-1 --private --to pkcs8 -o private.pem").ends(0);
    story.run("key convert keys/p521-none.pkcs8.pem --to der -o key.der").ends(0);
    for name in ["private.pem", "key.der"] {
        assert_eq!(story.path(name).metadata().unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn every_form_is_read_back_as_the_same_key() {
    let story = Story::new();
    story.write("new", "another passphrase");
    for to in ["jwk", "jwks", "pkcs8", "pkcs8-encrypted", "sec1", "der"] {
        let passphrase = if to == "pkcs8-encrypted" { "--new-key-passphrase-file new" } else { "" };
        story.run(&format!("key convert keys/p521-xzero.pkcs8.pem --to {to} --private -o {to} {passphrase}")).ends(0);
        let reading = if to == "pkcs8-encrypted" { "--key-passphrase-file new" } else { "" };
        assert_eq!(story.run(&format!("key thumbprint {to} {reading}")).result().trim(), kids()["p521-xzero"]);
        story.run(&format!("token sign --key-file {to} {reading} --claims claims.json")).ends(0);
    }
    for to in ["jwk", "jwks", "spki", "der"] {
        story.run(&format!("key convert keys/p521-xzero.pkcs8.pem --to {to} --public -o public-{to}")).ends(0);
        assert_eq!(story.run(&format!("key thumbprint public-{to}")).result().trim(), kids()["p521-xzero"]);
    }
    story.run("key convert keys/rsa-2048.pkcs8.pem --to pkcs1 -o pkcs1").ends(0);
    assert_eq!(story.read("pkcs1"), story.read("keys/rsa-2048.pkcs1.pem"));
}

#[test]
fn forms_that_do_not_fit_are_named() {
    let story = Story::new();
    let told = ["--to pkcs1", "--to spki --private", "--to pkcs8 --public"]
        .map(|to| story.run(&format!("key convert keys/p521-none.pkcs8.pem {to}")).ends(3).told());
    assert_snapshot!(told.join("\n"));
}

#[test]
fn a_secret_is_read_in_each_encoding() {
    let story = Story::new();
    let bytes = SECRET.as_bytes();
    story.write("utf8", bytes);
    story.write("base64", data_encoding::BASE64.encode(bytes));
    story.write("base64url", data_encoding::BASE64URL_NOPAD.encode(bytes));
    story.write("hex", data_encoding::HEXLOWER.encode(bytes));
    let sign = |encoding: &str| {
        let key = format!("--key-file {encoding} --secret-encoding {encoding} --alg HS256");
        story.run(&format!("token sign {key} --claims claims.json")).result()
    };
    assert!(["base64", "base64url", "hex"].into_iter().all(|encoding| sign(encoding) == sign("utf8")));
    story.run("token sign --key-file utf8 --secret-encoding hex --alg HS256 --claims claims.json").ends(3);
    assert_snapshot!(story.run("key thumbprint utf8 --secret-encoding utf8").ends(3).told());
}

#[test]
fn a_key_is_renamed_deleted_restored_and_destroyed() {
    let story = Story::with_vault();
    let told = [
        "key rename sandbox-1 sandbox-2026",
        "profile show Acme",
        "key delete sandbox-2026",
        "key delete sandbox-2026 --end-use",
        "profile show Acme",
        "key show sandbox-2026",
        "key list --deleted",
        "key restore sandbox-2026",
        "key destroy sandbox-2026",
        "profile show Acme",
        "key delete sandbox-2026 --end-use",
        "key destroy sandbox-2026",
        "key restore sandbox-2026",
        "key list --deleted",
        "key rename loose live-1",
    ]
    .map(|line| told_without_keys(&story, line));
    assert_snapshot!(told.join("\n"));
    assert_eq!(story.open("key rename loose x --json").json()["name"], "x");
}

/// What a command said, with the kids and public halves of keys that are made anew for each run left out.
fn told_without_keys(story: &Story, line: &str) -> String {
    let told = story.open(line).told();
    let mut kept = String::new();
    for line in told.lines().filter(|line| !line.trim_start().starts_with("public ")) {
        let word = |word: &str| if word.len() == 43 && word.is_ascii() { "KID".to_owned() } else { word.to_owned() };
        kept += &line.split(' ').map(word).collect::<Vec<_>>().join(" ");
        kept.push('\n');
    }
    kept
}
