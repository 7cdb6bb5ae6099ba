//! Keys: made, brought in, renamed, deleted and brought back.

use std::process::Stdio;

use crate::display::{Screen, Stopped, within};
use crate::home;
use crate::page::Page;

/// Puts text on the clipboard of the window's display, as another program would.
fn copy(page: &Page, text: &str) -> Stopped {
    use std::io::Write;
    let mut command = page.display().command("xclip", page.home());
    command
        .args(["-selection", "clipboard", "-quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut owner = command.spawn().expect("xclip is installed: `make test` does it");
    owner.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let screen = Screen::of(page.display());
    within("the clipboard's owner", || screen.has_clipboard().then_some(()));
    Stopped(owner)
}

#[test]
fn a_key_is_brought_in_by_pasting_and_never_enters_the_page() {
    let pem = std::fs::read_to_string(format!("{}/keys/p521-none.pkcs8.pem", home::VECTORS)).unwrap();
    let page = Page::unlocked(home::with_demo());
    page.keys("Mod+3");
    page.sees("1 key listed");
    let _clipboard = copy(&page, &pem);
    page.keys("Mod+v");
    page.sees("P-521");
    page.fill("Name", "checkout-2026-11");
    page.press("Keep");
    page.sees("checkout-2026-11");
    let secret = pem.lines().nth(1).unwrap();
    let html = page.script("return document.documentElement.outerHTML", &[]);
    assert!(!html.as_str().unwrap().contains(secret));
    let log = page.log();
    assert!(!log.contains(secret) && !log.contains(home::PASSPHRASE), "{log}");
    let session = home::session_in(page.home());
    assert!(workbench::keys::show(&session, "checkout-2026-11").is_ok());
}

#[test]
fn a_key_is_renamed_deleted_and_brought_back() {
    let page = Page::unlocked(home::with_acme());
    page.keys("Mod+3");
    page.press("checkout-2026-11");
    page.press("Open");
    page.press("Rename");
    page.fill("New name", "checkout-renamed");
    page.keys("Enter");
    page.sees("checkout-renamed");
    page.press("Delete");
    // It is the key that calls: what ends with it is said first.
    page.sees("It is the last key that makes these calls.");
    page.press("End its use and delete it");
    page.sees("Undo");
    page.until("the key gone", || {
        workbench::keys::show(&home::session_in(page.home()), "checkout-renamed").is_err().then_some(())
    });
    page.press("Undo");
    page.until("the key back", || workbench::keys::show(&home::session_in(page.home()), "checkout-renamed").ok());
    // The profile has its key again, under the new name.
    let session = home::session_in(page.home());
    let profile = workbench::profiles::show(&session, "Acme").unwrap();
    assert_eq!(profile.environments["sandbox"].credential.as_deref(), Some("checkout-renamed"));
}

#[test]
fn a_key_is_made_and_its_public_half_copied() {
    let page = Page::unlocked(home::with_demo());
    page.keys("Mod+3");
    page.sees("1 key listed");
    page.keys("Mod+n");
    page.fill("Name", "made here");
    page.press("Generate");
    page.sees("made here");
    page.until("the key in the vault", || workbench::keys::show(&home::session_in(page.home()), "made here").ok());
}
