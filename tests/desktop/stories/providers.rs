//! Hedge, CryptoPay and the Partner API, each from its credential to an accepted call, with the emulator.

use serde_json::json;
use workbench::ports::Ports;
use workbench::profiles::{self, NewProfile};
use workbench::session::Session;

use crate::home;
use crate::page::Page;

/// The window at Local of an account at this provider, which has no credential yet.
fn account(provider: &str) -> Page {
    let made = |session: &mut Session, ports: &Ports| {
        let new = NewProfile { name: "Acme".to_owned(), provider: provider.to_owned(), ..NewProfile::default() };
        profiles::add(session, new, ports).unwrap();
    };
    let page = Page::open_in(home::with(made));
    page.fill("Passphrase", home::PASSPHRASE);
    page.keys("Enter");
    page.sees("Acme");
    if !page.text().contains("Local local") {
        page.keys("Mod+k");
        page.type_text("For Local");
        page.keys("Enter");
        page.sees("Local local");
    }
    page
}

/// Opens the sheet for a credential, from Keys.
fn add(page: &Page) {
    page.keys("Mod+3");
    page.press("Add a credential");
    page.sees("Seal it");
}

/// Nothing that was typed as a secret is in the page or in what the program wrote.
fn keeps(page: &Page, secret: &str) {
    let html = page.script("return document.documentElement.outerHTML", &[]);
    assert!(!html.as_str().unwrap().contains(secret), "the page holds the secret");
    assert!(!page.log().contains(secret), "{}", page.log());
}

#[test]
fn hedge_mints_a_token_with_its_api_key_and_calls_with_it() {
    const KEY: &str = "test_51H8xgq2eZvKYlo2C4f2a";
    let page = account("hedge");
    add(&page);
    page.fill("API key", &format!("Bearer {KEY}"));
    page.press("Seal it");
    page.sees("Taken off");
    page.sees("test_•••4f2a");
    page.keys("Mod+1");
    page.send();
    page.sees("Accepted by Local");

    page.press("Token");
    page.sees("No token yet");
    page.press("Mint a token");
    page.sees("A token was minted");
    page.send();
    page.sees("Accepted by Local");
    page.sees("payments:read present");
    keeps(&page, KEY);
}

#[test]
fn cryptopay_logs_in_and_a_refused_call_refreshes_once() {
    const PASSWORD: &str = "orchid-tundra-biscuit";
    let page = account("cryptopay");
    add(&page);
    page.press("Account");
    page.fill("User name", "me");
    page.fill("Password", PASSWORD);
    page.press("Seal it");
    page.sees("Account me");
    page.keys("Mod+1");
    page.press("Log in");
    page.sees("token_type");
    page.send();
    page.sees("Accepted by Local");

    // The next call is answered 401 once: the flow is followed, the token refreshed, the call sent again.
    page.press("Follow the flow");
    page.set_faults(&json!({ "fail": { "status": 401, "times": 1 } }));
    page.send();
    page.sees("The token is refreshed, then the call is sent once more");
    page.sees("Accepted by Local");
    keeps(&page, PASSWORD);
}

#[test]
fn a_partner_token_is_signed_for_the_client_and_a_busy_server_is_waited_for() {
    const SECRET: &str = "a secret of the partner, 36 bytes long";
    let page = account("partner");
    add(&page);
    page.fill("Client ID", "acme-7");
    page.fill("Secret", SECRET);
    page.press("Seal it");
    page.sees("HMAC secret of 38 bytes");
    // The draft was begun before there was a client.
    page.keys("Mod+1");
    // While the screen still appears, a press may meet a cure that is drawn anew.
    page.until("the client in the claims", || {
        page.token_holds("acme-7").or_else(|| {
            page.presses_fix();
            None
        })
    });
    page.send();
    page.sees("Accepted by Local");

    page.press("Follow the flow");
    page.set_faults(&json!({ "fail": { "status": 429, "times": 1, "retry_after": 2 } }));
    page.send();
    page.sees("Too many requests");
    page.sees("Accepted by Local");
    keeps(&page, SECRET);
}

#[test]
fn what_does_not_belong_is_refused_at_its_field_and_nothing_is_kept() {
    let page = account("hedge");
    add(&page);
    page.fill("API key", "live_51H8xgq2eZvKYlo2C4f2a");
    page.press("Seal it");
    page.sees("belongs to Live");
    assert!(workbench::keys::list(&home::session_in(page.home())).unwrap().is_empty());
}
