//! Without a pointer: the main job by keys alone, and no screen that holds the focus or loses it.

use serde_json::json;

use crate::home;
use crate::outline;
use crate::page::Page;
use crate::stories::SCREENS;

/// What has the focus, as a screen reader would say it, and whether a person sees where it is.
const FOCUSED: &str = r#"
const it = document.activeElement;
if (it === null || it === document.body) return null;
const box = it.getBoundingClientRect();
const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
const rings = (one, part) => {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one, part);
  return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0 || boxShadow !== 'none';
};
// Where one types, the caret shows it.
const ringed = it.isContentEditable || rings(it) || rings(it, '::after') || rings(it.closest('.field') ?? it);
return [said(it), seen, ringed];
"#;

fn focused(page: &Page) -> Option<(String, bool, bool)> {
    serde_json::from_value(page.script(&[outline::NAMES, FOCUSED].concat(), &[])).ok()
}

/// Presses Tab until the control of this name has the focus.
#[track_caller]
fn tab_to(page: &Page, name: &str) {
    let mut met = Vec::new();
    for _ in 0..120 {
        page.keys("Tab");
        let Some((said, ..)) = focused(page) else { continue };
        if said.starts_with(name) {
            return;
        }
        met.push(said);
    }
    panic!("Tab never comes to {name:?}; it met {met:?}");
}

#[test]
fn the_main_job_needs_no_pointer() {
    let page = Page::open();
    page.sees("Create your vault");
    // The cursor is where one begins.
    page.type_text(home::PASSPHRASE);
    page.sees("Strong");
    page.keys("Enter");
    page.until("a token", || page.token());

    tab_to(&page, "Claims editor");
    page.keys("Mod+Home");
    page.keys("End");
    page.type_text("\"sub\": \"typed\",");
    page.until("the claim in the token", || page.token_holds("typed"));
    // Tab leaves the editor instead of being caught in it.
    tab_to(&page, "Scopes…");
    page.keys("Enter");
    page.sees("Arrows move, Space toggles");
    page.type_text("buyers.billing");
    page.keys("ArrowDown");
    page.keys("Space");
    page.keys("Mod+Enter");
    page.until("the scope in the token", || page.token_holds("buyers.billing-details."));
    tab_to(&page, "Send to Local");
    page.keys("Enter");
    page.sees("Accepted by Local");
    tab_to(&page, "Copy token");
    page.keys("Enter");
    page.sees("Token copied");

    // By its own keys, since a token leaves the clipboard before long.
    page.keys("Mod+2");
    page.sees("Paste anywhere");
    page.keys("Mod+v");
    page.until("a good signature", || (page.tone_of_signature()? == "good").then_some(()));

    tab_to(&page, "Keys");
    page.keys("Enter");
    page.sees("1 key listed");
    page.keys("Mod+n");
    page.sees("Generate a key");
    page.type_text("made by keys");
    page.keys("Enter");
    page.sees("made by keys is made and sealed");
    tab_to(&page, "Open");
    page.keys("Enter");
    tab_to(&page, "Delete");
    page.keys("Enter");
    page.sees("Undo");
    assert!(focused(&page).is_some(), "the focus went with the row");
    tab_to(&page, "Undo");
    page.keys("Enter");
    page.sees("made by keys");

    page.keys("Mod+Shift+L");
    page.sees("Inspect a token");
    page.type_text(home::PASSPHRASE);
    page.keys("Enter");
    page.until("the draft", || page.token_holds("typed"));
}

/// Tab goes through everything of a screen and comes back to where it began; each stop is in view and can be seen to
/// have the focus.
#[test]
fn tab_goes_around_every_screen() {
    let page = Page::unlocked(home::with_acme());
    page.resize(960, 600);
    let mut faults = Vec::new();
    for (chord, screen, shown) in SCREENS {
        page.keys(chord);
        page.sees(shown);
        page.script("document.activeElement?.blur()", &[]);
        let mut stops: Vec<String> = Vec::new();
        for _ in 0..150 {
            page.keys("Tab");
            let Some((said, seen, ringed)) = focused(&page) else { continue };
            // WebKit scrolls to it with its next picture.
            let seen = seen || {
                page.drawn();
                focused(&page).is_some_and(|(_, seen, _)| seen)
            };
            if said.is_empty() || !seen || !ringed {
                faults.push(format!("{screen}: {said:?}: in view {seen}, ring {ringed}"));
            }
            stops.push(said);
        }
        let first = &stops[0];
        let rounds = stops.iter().filter(|stop| *stop == first).count();
        if rounds < 2 {
            faults.push(format!("{screen}: Tab does not come around: {stops:?}"));
        }
    }
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(
        page.script(
            "return document.querySelectorAll('[tabindex]:not([tabindex=\"0\"]):not([tabindex=\"-1\"])').length",
            &[]
        ),
        json!(0)
    );
}
