//! The diagnosis: what it says of a vault and of folders, how it ends, and what it leaves out.

use serde_json::Value;

use crate::story::Story;

/// The line of this subject.
fn line<'d>(diagnosis: &'d Value, about: &str) -> &'d Value {
    diagnosis["lines"].as_array().unwrap().iter().find(|line| line["about"] == about).unwrap()
}

#[test]
fn a_vault_is_looked_at_and_not_touched() {
    let story = Story::with_vault();
    let before = story.read("vault.kwv");
    let told = story.run("doctor --json");
    let vault = &told.json()["lines"][3];
    assert_eq!(vault["about"], "vault");
    assert_eq!(vault["health"], "fine");
    let found = vault["found"].as_str().unwrap();
    assert!(found.contains("format 1") && found.contains("opens by a passphrase"), "{found}");
    assert_eq!(story.read("vault.kwv"), before);
}

#[test]
fn a_file_that_is_not_a_vault_ends_with_8() {
    let story = Story::new();
    story.write("vault.kwv", "notes of a person");
    let told = story.run("doctor").ends(8).told();
    assert!(told.contains("✕ vault"), "{told}");
    assert!(told.contains("is not a Keywright vault"), "{told}");
}

#[test]
fn nobody_is_named() {
    let story = Story::new();
    let home = story.path("home").display().to_string();
    let told = story.call("doctor --json").variable("HTTPS_PROXY", "http://maria:secret@proxy.test:3128").run();
    let diagnosis = told.json();
    assert_eq!(line(&diagnosis, "proxy")["found"], "HTTPS_PROXY=http://…@proxy.test:3128");
    let text = diagnosis.to_string();
    assert!(text.contains("~/.local/share") && !text.contains(&home) && !text.contains("secret"), "{text}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_missing_is_said() {
    let story = Story::new();
    let around = story.call("doctor --json").variable("LANG", "de_DE@euro").variable("XDG_RUNTIME_DIR", "/none");
    let diagnosis = around.run().json();
    assert_eq!(line(&diagnosis, "keychain")["found"], "there is no session bus (D-Bus), so no keychain can be reached");
    assert_eq!(line(&diagnosis, "locale")["health"], "notice");
    // A file stands where the folders would be made.
    std::fs::remove_dir_all(story.path("home")).ok();
    story.write("home", "");
    let told = story.run("doctor").ends(1).told();
    assert!(told.contains("cannot be written"), "{told}");
}
