//! Recipes: a draft gets a name, is found again, and used where it was not written.

use crate::home;
use crate::page::Page;

const CLAIMS: &str = r#"{
  "scopes": ["transactions.read"],
  "iat": "$now",
  "nbf": "$now",
  "exp": "$now+2m",
  "iss": "the nightly check",
  "jti": "$uuid"
}"#;

/// Build with the list of recipes open.
fn list(page: &Page) {
    page.press("Recipes…");
    page.sees("Save as recipe…");
}

#[test]
fn a_draft_is_named_found_and_used_in_another_environment() {
    let page = Page::unlocked(home::with_acme());
    page.choose("Profile:", "Acme");
    page.choose("Environment:", "Local");
    page.write_claims(CLAIMS);
    page.until("a token", || page.token_holds("the nightly check"));
    list(&page);
    page.sees("No recipes yet");
    page.press("Save as recipe…");
    page.fill("Name", "nightly");
    page.press("Save");
    page.sees("Saved as nightly");

    // Elsewhere, with other claims there.
    page.choose("Environment:", "Sandbox");
    page.until("a token without it", || page.token_holds("the nightly check").is_none().then(|| page.token())?);
    list(&page);
    page.type_text("night");
    page.keys("Enter");
    page.sees("Opened nightly");
    page.until("the token for Sandbox", || page.token_holds("the nightly check"));
    assert_eq!(page.claims(), CLAIMS, "as written, byte for byte");
    page.sees("Send to Sandbox");
    let kid = |page: &Page| {
        let header = page.token()?.split('.').next()?.to_owned();
        String::from_utf8(data_encoding::BASE64URL_NOPAD.decode(header.as_bytes()).ok()?).ok()
    };
    let own = workbench::keys::show(&home::session_in(page.home()), "checkout-2026-11").unwrap().kid.unwrap();
    assert!(kid(&page).unwrap().contains(&own), "the key of Sandbox signs");
}

#[test]
fn a_recipe_is_renamed_deleted_and_brought_back_and_is_there_after_a_restart() {
    let page = Page::unlocked(home::with_demo());
    page.write_claims(CLAIMS);
    page.until("a token", || page.token_holds("the nightly check"));
    list(&page);
    page.press("Save as recipe…");
    page.fill("Name", "nightly");
    page.press("Save");
    page.sees("Saved as nightly");

    list(&page);
    page.press("Rename nightly");
    page.fill("New name", "every night");
    page.keys("Enter");
    page.sees("every night");
    page.press("Delete every night");
    page.sees("No recipes yet");
    page.press("Undo");
    page.until("the recipe back", || {
        home::session_in(page.home()).named::<workbench::records::Recipe>("every night").ok()
    });

    let page = Page::unlocked(page.close());
    list(&page);
    page.sees("every night");
    page.press("Open every night");
    page.until("the token", || page.token_holds("the nightly check"));
}
