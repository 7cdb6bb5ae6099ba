//! Live is a place: nothing is signed there before a person agreed in a dialog of the system.

use crate::home;
use crate::page::Page;

#[test]
fn a_live_draft_is_not_signed_until_consent() {
    let home = home::with_acme();
    let answers = tempfile::tempdir().unwrap();
    let page = Page::open_scripted(home, &[("KEYWRIGHT_DIALOGS", answers.path().as_os_str())]);
    page.unlock();
    page.press("Profile");
    page.press("Acme");
    page.press("Environment");
    page.press("Production");
    page.sees("LIVE");
    page.sees("Nothing is signed yet.");
    assert_eq!(page.token(), None, "an unsigned draft has no third part");
}
