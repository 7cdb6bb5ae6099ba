//! The first minute, and the door: creating, unlocking, locking.

use crate::display::Screen;
use crate::home;
use crate::measure::has_text;
use crate::page::Page;

/// From nothing to a verdict: a vault, a key, a signed token, an answer from the emulator, and nothing read before.
#[test]
fn the_first_run_ends_in_a_verdict() {
    let page = Page::open();
    page.sees("Create your vault");
    page.fill("Passphrase", home::PASSPHRASE);
    page.sees("Strong");
    page.press("Create vault");
    page.sees("Copy token");
    page.sees("Send to Local");
    let token = page.until("a signed token", || page.token());
    assert_eq!(token.matches('.').count(), 2, "{token}");
    page.send();
    page.sees("Accepted by Local");
    page.sees("confirmed by server");
    assert!(home::vault_in(page.home()).is_file());
}

#[test]
fn a_wrong_passphrase_is_refused_and_the_right_one_opens() {
    let page = Page::open_in(home::with_demo());
    page.fill("Passphrase", "tram quarry linen obo");
    page.keys("Enter");
    page.sees("That passphrase does not open this vault.");
    page.fill("Passphrase", home::PASSPHRASE);
    page.keys("Enter");
    page.sees("Send to Local");
}

#[test]
fn a_draft_is_there_again_after_locking() {
    let page = Page::unlocked(home::with_demo());
    page.write_claims(r#"{ "iss": "my draft", "scopes": ["transactions.read"], "iat": "$now", "nbf": "$now", "exp": "$now+5m", "jti": "$uuid" }"#);
    page.until("a token with the new issuer", || page.token_holds("my draft"));
    page.keys("Mod+Shift+L");
    page.sees("Unlock");
    page.sees_no("my draft");
    page.fill("Passphrase", home::PASSPHRASE);
    page.keys("Enter");
    page.until("the draft", || page.claims().contains("my draft").then_some(()));

    // It was sealed: another start of the program has it too.
    page.keys("Mod+Shift+L");
    page.sees("Unlock");
    let home = page.close();
    let page = Page::unlocked(home);
    page.until("the draft", || page.claims().contains("my draft").then_some(()));
}

/// That the vault is locked then, and why the page says so, is held by the unit tests beside `AppState::end_page` and by the page's own;
/// the driver hears nothing of a page that it did not open.
#[test]
fn a_page_that_crashes_is_loaded_again() {
    let page = Page::unlocked(home::with_demo());
    let before = page.web_processes();
    assert!(!before.is_empty());
    page.crash_web_processes();
    page.until("another process that draws the page", || {
        page.web_processes().iter().any(|process| !before.contains(process)).then_some(())
    });
    let screen = Screen::of(page.display());
    let window = screen.window_named("Keywright").expect("the window is still there");
    page.until("a page with text", || screen.pixels_of(window).filter(|pixels| has_text(pixels)));
}

#[test]
fn closing_the_window_locks_and_keeps_the_draft() {
    let page = Page::unlocked(home::with_demo());
    page.write_claims(r#"{ "iss": "written before closing" }"#);
    page.until("a token with the new issuer", || page.token_holds("written before closing"));
    let home = page.close_by_its_button();
    assert!(!home.path().join("dialogs/1.question.json").exists(), "nothing had to be asked");
    let page = Page::unlocked(home);
    page.until("the draft", || page.claims().contains("written before closing").then_some(()));
}
