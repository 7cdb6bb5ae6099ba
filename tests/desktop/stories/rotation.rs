//! Rotation as a person goes through it: with a failure in the middle, a restart, a way back, and a leak.
//!
//! Each of these waits for the commands of rotation in the window (`wire::for_each_rotation_command`).

use serde_json::json;

use crate::home;
use crate::page::Page;

/// The key that calls the emulator.
const OLD: &str = "demo";

/// On the page of the key, with a rotation that has begun.
fn begun(page: &Page) {
    page.keys("Mod+3");
    page.sees("demo");
    page.press(OLD);
    page.keys("Enter");
    page.sees("made");
    page.press("Rotate…");
    page.sees("goes on calling until the next key is proved");
    page.press("Begin");
    page.sees("Leave whenever you like");
}

/// Takes steps until the next key is proved.
fn proved(page: &Page) {
    for (press, sees) in [
        ("Make the next key", "done here"),
        ("Publish it", "the provider shows it as"),
        ("Activate it", "Send the proof"),
        ("Send the proof", "a server accepted it with 200"),
    ] {
        page.press(press);
        page.sees(sees);
    }
}

/// Goes on before its time, after the words on what can break.
fn early(page: &Page) {
    page.press("Go earlier…");
    page.sees("before its time?");
    page.press("Go earlier");
    page.sees_no("before its time?");
}

/// The key that a profile calls the emulator with.
fn caller(page: &Page) -> Option<String> {
    let session = home::session_in(page.home());
    workbench::profiles::show(&session, "Demo").unwrap().environments["local"].credential.clone()
}

#[test]
#[ignore = "the window does not answer the commands of rotation yet"]
fn a_key_is_rotated_from_start_to_trash_with_a_failure_and_a_restart() {
    let page = Page::unlocked(home::with_demo());
    // The emulator runs from the first call on.
    page.send();
    page.sees("Accepted by Local");
    begun(&page);
    page.press("Make the next key");
    page.sees("done here");

    // The server fails at the call that publishes: nobody knows whether it happened, and nothing is lost.
    page.set_faults(&json!({ "fail": { "status": 500, "times": 3, "retryAfter": null } }));
    page.press("Publish it");
    page.sees("Try again");
    page.set_faults(&json!({}));

    // The program is closed in the middle, and the list is where it was.
    let page = Page::unlocked(page.close());
    page.sees("rotating");
    page.press("rotating");
    page.sees("Leave whenever you like");
    page.press("Try again");
    page.sees("the provider shows it as");
    page.press("Activate it");
    page.press("Send the proof");
    page.sees("a server accepted it with 200");
    assert_eq!(caller(&page).as_deref(), Some(OLD), "the old key calls until the next one is promoted");

    page.fill("Add a place", "my laptop");
    page.press("Note it");
    page.press("It has the next key: my laptop");
    page.press("Go on");
    early(&page);
    page.press("Promote it");
    page.sees("retiring");
    page.press("It is silent, I say so");
    early(&page);
    page.press("Retire it");
    page.sees("retired");
    early(&page);
    page.press("Delete it there");
    page.sees("the provider does not show it any more");
    page.press("Move it to the trash");
    page.sees("Done. The old key is in the trash.");
    assert_ne!(caller(&page).as_deref(), Some(OLD));
    page.keys("Mod+1");
    page.send();
    page.sees("Accepted by Local");
}

#[test]
#[ignore = "the window does not answer the commands of rotation yet"]
fn a_promotion_is_taken_back() {
    let page = Page::unlocked(home::with_demo());
    page.send();
    page.sees("Accepted by Local");
    begun(&page);
    proved(&page);
    page.press("Go on");
    early(&page);
    page.press("Promote it");
    page.sees("retiring");
    assert_ne!(caller(&page).as_deref(), Some(OLD));

    page.press("Take it back…");
    page.sees("all at once");
    page.press("Take it back");
    page.until("the old key to call again", || (caller(&page).as_deref() == Some(OLD)).then_some(()));
    page.press("Give it up…");
    page.press("Give it up");
    page.sees("Given up. The old key stays as it was.");
}

#[test]
#[ignore = "the window does not answer the commands of rotation yet"]
fn a_leaked_key_is_disabled_first_and_then_replaced() {
    let page = Page::unlocked(home::with_demo());
    page.send();
    page.sees("Accepted by Local");
    page.keys("Mod+3");
    page.press(OLD);
    page.keys("Enter");
    page.press("This key leaked…");
    page.sees("What breaks");
    page.press("Begin: disable first");
    page.sees("Incident: disabled first");
    page.press("Disable it now");
    page.sees("leaked");
    page.sees("no active key");

    // The key that is disabled was the one that registers: the rest goes by hand.
    page.press("Make the next key");
    page.press("Take it by hand");
    page.press("Copy the public key (PEM)");
    page.sees("copied");
}

#[test]
#[ignore = "the window does not answer the commands of rotation yet"]
fn every_key_is_checked_by_one_request() {
    let page = Page::unlocked(home::with_acme());
    page.send();
    page.sees("Accepted by Local");
    page.keys("Mod+3");
    page.press("Check all…");
    page.sees("One read-only request for each");
    page.press("Check Acme");
    page.sees("accepted");
}
