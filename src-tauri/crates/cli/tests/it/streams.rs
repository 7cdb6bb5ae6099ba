//! stdout has the result alone; one reader of standard input; no colours where nobody looks; closed pipes are no error.

use std::{io::Read, process::Stdio};

use insta::assert_snapshot;

use crate::story::{PASSPHRASE, Story};

#[test]
fn stdout_has_the_result_alone() {
    let story = Story::with_vault();
    let ran = story.open("token sign --profile Acme --env sandbox").ends(0);
    assert_eq!(ran.stdout.lines().count(), 1);
    assert_eq!(ran.stdout.matches('.').count(), 2, "a token and nothing else");
    assert!(ran.stderr.contains("scopes-all"), "what was noticed is on stderr: {}", ran.stderr);
    let ran = story.run("key thumbprint nowhere").ends(1);
    assert_eq!(ran.stdout, "");
    let ran = story.run("key convert keys/p521-none.pkcs8.pem --to sec1 -o out.pem").ends(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", "wrote out.pem\n"));
    let ran = story.open("profile remove Empty").ends(0);
    assert_eq!(ran.stderr, "");
}

#[test]
fn two_readers_of_standard_input_are_a_wrong_call() {
    let story = Story::with_vault();
    for line in [
        "token sign --key-file - --claims -",
        "token sign --key-file - --key-passphrase-file - --claims claims.json",
        "token verify - --key-file -",
        "token verify --jwks -",
        "token inspect --own-keys --passphrase-file - -",
        "token inspect --own-keys --passphrase-fd 0",
        "request send --profile Acme --env local --token - --body - --passphrase-file pw",
        "request send --profile Acme --env local --token - --passphrase-file -",
        "key import - --name k --passphrase-file -",
        "key thumbprint - --key-passphrase-file -",
        "key convert - --to pkcs8-encrypted --new-key-passphrase-file -",
        "vault passwd --passphrase-file - --new-passphrase-file -",
    ] {
        let ran = story.call(line).stdin(PASSPHRASE).run().ends(2);
        assert!(ran.stderr.contains("both want standard input"), "{line}: {}", ran.stderr);
    }
    assert_snapshot!(story.run("token sign --key-file - --claims -").told());
}

#[test]
fn a_hyphen_is_standard_input_everywhere() {
    let story = Story::with_vault();
    let key = story.read("keys/p521-none.pkcs8.pem");
    story.call("key thumbprint -").stdin(&key).run().ends(0);
    story.call("key convert - --to jwk --public").stdin(&key).run().ends(0);
    story.call("key import - --name again").opening().stdin(&key).run().ends(0);
    let token = story.call("token sign --key-file - --claims claims.json").stdin(&key).run().result();
    for line in ["token inspect", "token inspect -", "token verify - --key-file keys/p521-none.pub.pem --at 1767226000"]
    {
        story.call(line).stdin(&token).run().ends(0);
    }
    story.call("provider check -").stdin("id = 1").run().ends(3);
}

#[test]
fn options_that_would_be_ignored_are_a_wrong_call() {
    let story = Story::with_vault();
    for line in [
        "token sign --key-file keys/p521-none.pkcs8.pem --claims claims.json --scope a.read",
        "token sign --key-file keys/p521-none.pkcs8.pem --claims claims.json --ttl 5m",
        "token sign --key-file keys/p521-none.pkcs8.pem --claims claims.json --profile Acme --env local",
        "token sign --key-file keys/p521-none.pkcs8.pem",
        "token sign --profile Acme --env local --claims claims.json",
        "token sign --profile Acme --env local --literal",
        "token sign --profile Acme --env local --secret-encoding hex",
        "token verify x --key-file keys/p256.pub.pem --jwks keys/p256.pub.pem",
        "key export local-1 --private --public --to jwk",
        "key generate --alg ES512 --name x --profile Acme",
        "key list --passphrase-file pw --passphrase-fd 3",
    ] {
        story.run(line).ends(2);
    }
}

#[test]
fn there_are_no_colours_where_nobody_looks() {
    let story = Story::with_vault();
    for line in ["provider show gr4vy", "request send --profile Acme --env local --passphrase-file pw", "token"] {
        let ran = story.run(line);
        assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'), "{line}");
        let ran = story.call(line).variable("CLICOLOR_FORCE", "1").variable("NO_COLOR", "1").run();
        assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'), "{line} with NO_COLOR");
    }
    let forced = story.call("provider show gr4vy").variable("CLICOLOR_FORCE", "1").run().result();
    assert!(forced.contains('\u{1b}'), "there are colours to leave out");
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let story = Story::with_vault();
    for line in ["provider show gr4vy", "completions bash", "man", "--help", "provider list --json"] {
        let mut command = story.program();
        command.args(line.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{line}");
    }
}

#[test]
fn completions_and_the_manual_come_from_the_commands() {
    let story = Story::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(story.run(&format!("completions {shell}")).result().contains("thumbprint"), "{shell}");
    }
    assert_snapshot!(story.run("completions").ends(2).told());
    assert!(story.run("man").result().contains("Exit codes"));
    story.run("man --dir pages").ends(0);
    for page in ["keywright.1", "keywright-token-sign.1", "keywright-vault-create.1"] {
        assert!(story.path("pages").join(page).exists(), "{page}");
    }
}

#[cfg(unix)]
#[test]
fn a_page_of_the_manual_follows_no_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let story = Story::new();
    story.write("mine", "mine");
    std::fs::create_dir(story.path("real")).unwrap();
    symlink(story.path("mine"), story.path("real/keywright.1")).unwrap();
    symlink("nowhere", story.path("real/keywright-token-sign.1")).unwrap();
    // The folder itself may be a link: the person named it.
    symlink("real", story.path("pages")).unwrap();
    story.run("man --dir pages").ends(0);
    assert_eq!(story.read("mine"), b"mine");
    assert!(!story.path("real/nowhere").exists());
    let names = std::fs::read_dir(story.path("real")).unwrap().map(|entry| entry.unwrap().file_name());
    let names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    for name in &names {
        let page = story.path("real").join(name).symlink_metadata().unwrap();
        assert!(page.is_file() && page.len() > 0, "{name}");
        assert_eq!(page.permissions().mode() & 0o600, 0o600, "{name}");
    }
    assert!(names.len() > 40 && names.iter().all(|name| name.starts_with("keywright")), "{names:?}");
    // What stands there is replaced, unless it cannot be.
    story.run("man --dir pages").ends(0);
    std::fs::remove_file(story.path("real/keywright.1")).unwrap();
    std::fs::create_dir(story.path("real/keywright.1")).unwrap();
    assert_snapshot!(story.run("man --dir pages").ends(1).told());
    assert_eq!(std::fs::read_dir(story.path("real")).unwrap().count(), names.len());
}

#[test]
fn the_help_reads_well() {
    let story = Story::new();
    assert_snapshot!(story.run("--help").result());
    assert_snapshot!(story.run("token sign --help").result());
}

#[test]
fn the_providers_are_shown() {
    let story = Story::new();
    assert_eq!(
        story.run("provider list").result(),
        "gr4vy      Gr4vy\nhedge      Hedge Payments\npartner    Partner API\ncryptopay  CryptoPay\n"
    );
    let shown = story.run("provider show gr4vy").result();
    let until_scopes: Vec<&str> = shown.lines().take_while(|line| !line.starts_with("Scopes")).collect();
    assert_snapshot!(until_scopes.join("\n"));
    assert_snapshot!(story.run("provider show hedge").result());
    assert_snapshot!(story.run("provider show nobody").ends(2).told());
    story.write("bad.toml", "format = 1\nid = 7\n");
    assert_snapshot!(story.run("provider check bad.toml").ends(3).told());
}
