//! What goes wrong around the window: what is dropped on it, what names hold, servers and files that go away. Each time it
//! says so in words, keeps what there was, and goes on.

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use workbench::keys::{self, For};

use crate::home;
use crate::page::Page;

/// Files of the vectors.
fn vector(file: &str) -> PathBuf {
    PathBuf::from(home::VECTORS).join("keys").join(file)
}

#[test]
fn what_is_dropped_is_looked_into_and_what_is_no_key_is_refused_in_words() {
    let page = Page::unlocked(home::with_demo());
    let folder = page.home().join("dropped");
    fs::create_dir(&folder).unwrap();
    let of = |name: &str| folder.join(name);
    fs::File::create(of("large.pem")).unwrap().set_len(1 << 30).unwrap();
    fs::write(of("photo.png"), [0x89, b'P', b'N', b'G', 0, 159, 146, 150]).unwrap();
    std::os::unix::fs::symlink("/dev/zero", of("endless.pem")).unwrap();
    let many: Vec<PathBuf> = (0..200).map(|number| of(&format!("{number}.pem"))).collect();
    for file in &many {
        fs::copy(vector("p521-none.pkcs8.pem"), file).unwrap();
    }

    for (files, said) in [
        (vec![folder.clone()], "\"dropped\" is a folder"),
        (vec![of("large.pem")], "has more than"),
        (vec![of("photo.png")], "not a key"),
        (vec![of("endless.pem")], "\"endless.pem\" is not a file but a device or a pipe"),
        (many, "200 files"),
    ] {
        page.drop_files(&files);
        page.sees(said);
        page.press("Dismiss");
        page.sees_no(said);
    }
    // The draft is untouched, and the window goes on.
    assert!(page.token().is_some());

    page.drop_files(&[vector("p521-none.pkcs8.pem"), vector("p256.pkcs8.pem")]);
    page.sees("EC P-521");
    page.sees("EC P-256");
    let html = page.script("return document.documentElement.outerHTML", &[]);
    let secret = fs::read_to_string(vector("p521-none.pkcs8.pem")).unwrap();
    assert!(!html.as_str().unwrap().contains(secret.lines().nth(1).unwrap()));
}

#[test]
fn names_of_any_kind_are_refused_or_shown_without_breaking_the_page() {
    let longest = "W".repeat(100);
    let rtl = "מפתח תשלומים";
    let home = home::with(|session, ports| {
        workbench::demo::prepare(session, ports).unwrap();
        let belongs = For { profile: "Demo", environment: "local" };
        for name in [longest.as_str(), rtl, "ключ · 鍵 · 🔑"] {
            keys::generate(session, jose::Alg::ES512, 2048, name, Some(belongs), ports).unwrap();
        }
    });
    let page = Page::unlocked(home);
    page.resize(960, 600);
    page.keys("Mod+3");
    page.sees(rtl);
    let is_wide = "return document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll('main, aside')].some((it) => it.scrollWidth > it.clientWidth + 1)";
    assert_eq!(page.script(is_wide, &[]), json!(false), "the list is wider than the window");
    page.press(&longest);
    page.press("Open");
    page.sees("Export private key…");
    assert_eq!(page.script(is_wide, &[]), json!(false), "the key's page is wider than the window");

    page.press("Rename");
    for (name, why) in [
        ("a".repeat(300), "is longer than 100 characters"),
        ("checkout\u{202e}evil".to_owned(), "holds characters that cannot be seen"),
        ("bell\u{7}".to_owned(), "holds characters that cannot be seen"),
        ("-rf".to_owned(), "begins with a hyphen"),
        (rtl.to_owned(), "already"),
    ] {
        page.fill("New name", "x");
        page.keys("Mod+a");
        page.insert(&name);
        page.keys("Enter");
        page.sees(why);
    }
    page.fill("New name", "plain again");
    page.keys("Enter");
    page.sees("Renamed to plain again");
}

#[test]
fn a_server_that_goes_away_in_the_middle_is_told_from_one_that_refuses() {
    let page = Page::unlocked(home::with_demo());
    page.send();
    page.sees("Accepted by Local");
    page.set_faults(&json!({ "break_off": true }));
    page.send();
    page.sees("broke off");
    // A request that takes too long for the person is called back.
    page.set_faults(&json!({ "delay_ms": 60_000 }));
    page.send();
    page.sees("Waiting for the answer");
    page.press("Cancel");
    page.sees("Cancelled.");
    page.set_faults(&json!({}));
    page.keys("Mod+Enter");
    page.sees("Accepted by Local");
}

#[test]
fn a_vault_that_goes_away_while_it_is_open_loses_nothing() {
    let page = Page::unlocked(home::with_demo());
    let vault = home::vault_in(page.home());
    let kept = page.home().join("kept.kwv");
    page.keys("Mod+3");
    page.sees("1 key listed");

    // Deleted, or moved to the trash.
    fs::rename(&vault, &kept).unwrap();
    generate(&page, "made meanwhile");
    page.sees("is gone");
    assert!(!vault.exists(), "nothing is put in its place");
    fs::rename(&kept, &vault).unwrap();
    page.press("Generate");
    page.sees("made meanwhile is made and sealed");

    // Another one in its place.
    fs::rename(&vault, &kept).unwrap();
    let other = home::with_demo();
    fs::copy(home::vault_in(other.path()), &vault).unwrap();
    generate(&page, "made for the wrong one");
    page.sees("nother vault lies at this path now");
    fs::rename(&kept, &vault).unwrap();
    page.press("Generate");
    page.sees("made for the wrong one is made and sealed");

    // Held by a process that is writing and does not end.
    let lock = fs::File::open(vault.with_added_extension("lock")).unwrap();
    lock.lock().unwrap();
    generate(&page, "made while held");
    page.sees("did not finish within");
    lock.unlock().unwrap();
    page.press("Generate");
    page.sees("made while held is made and sealed");
}

/// Fills in the sheet for a new key and presses its button.
fn generate(page: &Page, name: &str) {
    page.keys("Mod+n");
    page.sees("Generate a key");
    page.fill("Name", name);
    page.press("Generate");
}
