//! The vault: created, looked at, its passphrase changed; found by one rule.

use insta::assert_snapshot;

use crate::story::{PASSPHRASE, Story};

/// A line of `vault status` says what this computer can do; the rest is the same everywhere.
fn without_cost(told: &str) -> String {
    let lines = told.lines().map(|line| match line.split_once("Argon2id") {
        Some((before, after)) => format!("{before}[cost]{}", &after[after.find(')').unwrap_or(0)..]),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_vault_is_created_once_and_never_written_over() {
    let story = Story::new();
    let at = "--vault new/folder/my.kwv";
    assert_snapshot!(story.open(&format!("vault create {at}")).ends(0).told());
    assert_owner_only(&story, "new/folder/my.kwv", "new/folder");
    let bytes = story.read("new/folder/my.kwv");
    assert_snapshot!(story.open(&format!("vault create {at}")).ends(8).told());
    assert_eq!(story.read("new/folder/my.kwv"), bytes);
    assert_snapshot!(without_cost(&story.run(&format!("vault status {at}")).ends(0).told()));
    story.open(&format!("key list {at}")).ends(0);
    story.write("notes.txt", "mine");
    story.open("vault create --vault notes.txt").ends(8);
    assert_eq!(story.read("notes.txt"), b"mine");
}

#[cfg(unix)]
#[test]
fn a_vault_that_others_can_reach_is_said_to_be() {
    use std::os::unix::fs::PermissionsExt;

    let story = Story::with_vault();
    std::fs::set_permissions(story.path("vault.kwv"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let status = story.run("vault status").result();
    assert!(status.contains("warning   others can reach") && status.contains("644"), "{status}");
}

#[cfg(unix)]
fn assert_owner_only(story: &Story, file: &str, folder: &str) {
    use std::os::unix::fs::PermissionsExt;

    let mode = |name| story.path(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(file), mode(folder)), (0o600, 0o700));
}

#[cfg(not(unix))]
fn assert_owner_only(_: &Story, _: &str, _: &str) {}

#[test]
fn an_empty_passphrase_is_none() {
    let story = Story::new();
    story.write("pw", "\n");
    assert_snapshot!(story.open("vault create").ends(3).told());
    assert!(!story.names().contains(&"vault.kwv".to_owned()));
}

#[test]
fn the_passphrase_is_changed() {
    let story = Story::with_vault();
    story.write("new", "another passphrase");
    assert_snapshot!(story.open("vault passwd --new-passphrase-file new").ends(0).told());
    assert_snapshot!(story.open("key list").ends(8).told());
    story.run("key list --passphrase-file new").ends(0);
}

#[test]
fn the_vault_is_where_the_option_then_the_variable_then_the_folder_says() {
    let story = Story::new();
    let here = |line: &str| story.call(line);
    assert_eq!(here("vault path --vault a.kwv").run().result().trim(), "a.kwv");
    assert_eq!(here("vault path").variable("KEYWRIGHT_VAULT", "b.kwv").run().result().trim(), "b.kwv");
    let both = here("vault path --vault a.kwv").variable("KEYWRIGHT_VAULT", "b.kwv");
    assert_eq!(both.run().result().trim(), "a.kwv");
    let data = here("vault path").variable("KEYWRIGHT_VAULT", "").run().result();
    assert!(data.trim().ends_with("vault.kwv") && data.contains("home"), "{data}");
}

#[cfg(unix)]
#[test]
fn a_relative_home_holds_no_vault() {
    let story = Story::with_vault();
    let at = |home: &str, data: &str| {
        let call = story.call("vault path").variable("KEYWRIGHT_VAULT", "").variable("HOME", home);
        call.variable("XDG_DATA_HOME", data).run()
    };
    assert_snapshot!(at("home", "").ends(1).told());
    assert_snapshot!(at("home", "data").ends(1).told());
    // A relative folder of data counts as none, as the specification of XDG asks for.
    let home = story.path("home").display().to_string();
    let usual = format!("{home}/.local/share/app.keywright.Keywright/vault.kwv\n");
    assert_eq!(at(&home, "data").result(), usual);
    let data = story.path("data").display().to_string();
    assert_eq!(at("home", &data).result(), format!("{data}/app.keywright.Keywright/vault.kwv\n"));
    // What is named is taken as it is named.
    story.call("key list").opening().variable("HOME", "home").run().ends(0);
}

#[test]
fn a_vault_that_is_not_there_is_said_before_a_passphrase_is_asked_for() {
    let story = Story::new();
    assert_snapshot!(story.run("key list").ends(8).told());
    assert_snapshot!(Story::with_vault().run("key list").ends(2).told());
}

#[cfg(unix)]
#[test]
fn the_passphrase_comes_from_a_descriptor_or_standard_input() {
    let story = Story::with_vault();
    story.call("key list --passphrase-fd 0").stdin(PASSPHRASE).run().ends(0);
    story.call("key list --passphrase-file -").stdin(format!("{PASSPHRASE}\r\nmore")).run().ends(0);
    let program = assert_cmd::cargo::cargo_bin!("keywright").display().to_string();
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &format!("'{program}' key list --passphrase-fd 7 7<pw")]).current_dir(story.path(""));
    shell.env("KEYWRIGHT_VAULT", story.path("vault.kwv"));
    assert!(shell.output().unwrap().status.success());
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_nothing_half_done() {
    use std::{process::Stdio, thread::sleep, time::Duration};

    for wait in [20, 120, 250] {
        let story = Story::new();
        let before = story.names();
        let mut command = story.program();
        command.args(["vault", "create", "--passphrase-file", "pw"]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        sleep(Duration::from_millis(wait));
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        if child.wait().unwrap().success() {
            story.open("key list").ends(0);
        } else {
            assert_eq!(story.names(), before, "after {wait} ms");
        }
    }
}

#[test]
fn how_calls_get_there_is_chosen() {
    let story = Story::with_vault();
    let mut told = story.open("settings show").ends(0).told();
    for set in
        ["--proxy http://proxy.example.com:8080 --timeout 1m", "--proxy me:pw@proxy", "--trust pw", "--timeout 1h", ""]
    {
        let code = if set.starts_with("--proxy http") {
            0
        } else if set.is_empty() {
            2
        } else {
            3
        };
        told += &story.open(&format!("settings set {set}")).ends(code).told();
    }
    assert_snapshot!(told);
    // It holds for the next command; the emulator is on this computer, where no proxy is used.
    story.open("request send --profile Acme --env local").ends(0);
    let shown = story.call("settings set --json").opening().arg("--proxy").arg("");
    assert_eq!(shown.run().json()["proxy"], serde_json::Value::Null);
}

/// A journal that somebody planted: SQLite would cut the vault to two pages by it, also to show its status.
#[test]
fn a_planted_journal_is_told_and_changes_nothing() {
    let story = Story::with_vault();
    let before = story.read("vault.kwv");
    let mut journal = vec![0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
    journal.extend([0_u32, 2, 2, 512, 4096].iter().flat_map(|word| word.to_be_bytes()));
    journal.resize(512, 0);
    story.write("vault.kwv-journal", &journal);
    let shown = story.run("vault status").result();
    let warning = shown.lines().find(|line| line.contains("journal")).unwrap_or_default();
    assert_snapshot!(warning.trim(), @"warning   a journal lies beside the file: a write was interrupted, or somebody put it there; the next change settles it");
    let listed = story.open("key list").result();
    assert!(listed.contains("sandbox-1"), "{listed}");
    assert!(story.read("vault.kwv") == before, "reading wrote");
    assert!(story.read("vault.kwv-journal") == journal, "reading wrote");
    story.open("key delete loose").result();
    assert!(!story.run("vault status").result().contains("journal"));
    assert!(story.open("key list").result().contains("sandbox-1"));
}
