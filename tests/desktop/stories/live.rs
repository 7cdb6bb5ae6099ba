//! Live is a place: nothing is signed there before a person agreed in a dialog of the system.

use crate::home;
use crate::page::Page;

fn in_production() -> Page {
    let page = Page::unlocked(home::with_acme());
    page.choose("Profile:", "Acme");
    page.choose("Environment:", "Production");
    page.sees("LIVE");
    page.sees("Nothing is signed yet.");
    page
}

#[test]
fn a_live_draft_is_not_signed_until_consent() {
    let page = in_production();
    assert_eq!(page.token(), None, "an unsigned draft has no third part");
    page.focus_claims();
    page.type_text(" ");
    assert!(!page.was_asked(1), "typing asks nobody");

    // A no leaves it unsigned.
    page.press("Sign for LIVE");
    let question = page.asked(1).to_string();
    for named in ["Acme", "Production", "LIVE", "checkout-live-2026-11"] {
        assert!(question.contains(named), "{question}");
    }
    assert_eq!(page.token(), None, "nothing is signed while the question stands");
    page.answer(1, "no");
    page.sees("Nothing is signed yet.");
    assert_eq!(page.token(), None);

    page.press("Sign for LIVE");
    page.asked(2);
    page.answer(2, "yes");
    page.until("a token", || page.token());
    page.sees("Signed for live.");
}

#[test]
fn locking_ends_consent_and_leaves_live() {
    let page = in_production();
    page.answer(1, "yes");
    page.press("Sign for LIVE");
    page.until("a token", || page.token());
    page.keys("Mod+Shift+L");
    page.sees("Inspect a token");
    page.fill("Passphrase", home::PASSPHRASE);
    page.keys("Enter");
    page.until("a token of a test environment", || page.token());
    assert!(!page.text().contains("LIVE"), "live is left on lock");
    page.choose("Environment:", "Production");
    page.sees("Nothing is signed yet.");
}
