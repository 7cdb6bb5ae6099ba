//! Build: what is typed is what is signed, what is wrong is said in place, and every answer is explained.

use crate::home;
use crate::page::Page;

const GOOD: &str = r#"{
  "scopes": ["transactions.read"],
  "iat": "$now",
  "nbf": "$now",
  "exp": "$now+5m",
  "iss": "a test",
  "jti": "$uuid"
}"#;

#[test]
fn an_invalid_claim_is_shown_and_mended_by_a_click() {
    let page = Page::unlocked(home::with_demo());
    page.write_claims(&GOOD.replace(r#""$now+5m""#, r#""tomorrow""#));
    page.sees("\"exp\" is not a NumericDate");
    let before = page.claims();
    page.press_fix();
    page.sees_no("\"exp\" is not a NumericDate");
    assert_ne!(page.claims(), before);
    page.send();
    page.sees("Accepted by Local");
}

#[test]
fn text_that_is_no_json_keeps_the_last_token_and_says_where() {
    let page = Page::unlocked(home::with_demo());
    page.write_claims(GOOD);
    page.until("a token", || page.token_holds("a test"));
    page.write_claims(&GOOD.replace("\"iss\": \"a test\",", "\"iss\": ,"));
    page.sees("line 6");
    assert!(!page.offers("Send to Local"), "nothing can be sent");
    assert!(page.token_holds("a test").is_some(), "the last token stays");
}

#[test]
fn a_scope_is_chosen_with_the_keyboard_and_by_its_name() {
    let page = Page::unlocked(home::with_demo());
    page.write_claims(GOOD);
    page.until("a token", || page.token_holds("a test"));
    page.keys("Mod+Shift+S");
    page.sees("Arrows move, Space toggles");
    page.type_text("buyers.billing");
    page.keys("ArrowDown");
    page.keys("Space");
    page.keys("Mod+Enter");
    page.until("the scope in the claims", || page.claims().contains("buyers.billing-details.").then_some(()));
    page.until("the scope in the token", || page.token_holds("buyers.billing-details."));
}

#[test]
fn a_refused_request_is_explained_and_mended() {
    let page = Page::unlocked(home::with_demo());
    page.write_claims(&GOOD.replace("transactions.read", "buyers.read"));
    page.until("a token", || page.token_holds("buyers.read"));
    page.send();
    page.sees("lacks transactions.read");
    page.sees("403");
    page.press("Add transactions.read and send");
    page.sees("Accepted by Local");
}

#[test]
fn an_expired_token_is_sent_on_purpose_and_the_time_gate_stops_it() {
    let page = Page::unlocked(home::with_demo());
    page.write_claims(&GOOD.replace("$now+5m", "$now-1h"));
    page.until("a token", || page.token_holds("a test"));
    page.press("Send anyway");
    page.sees("Refused with 401");
    page.sees("expired");
}

#[test]
fn undo_takes_back_a_lifetime() {
    let page = Page::unlocked(home::with_demo());
    page.write_claims(GOOD);
    page.until("a token", || page.token_holds("a test"));
    page.press("30 s");
    page.until("the new lifetime", || page.claims().contains("$now+30s").then_some(()));
    page.focus_claims();
    page.keys("Mod+z");
    page.until("the old lifetime", || page.claims().contains("$now+5m").then_some(()));
}
