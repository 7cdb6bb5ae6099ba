//! Inspect: any token, locked or not, and never a green light that is not earned.

use jose::Alg;

use crate::home;
use crate::page::Page;

/// Expired for twelve days and a while, so that it reads the same for hours; signed with the P-521 key of the vectors.
fn expired() -> String {
    home::expired("p521-none.pkcs8.pem", r#"["transactions.read"]"#, 12 * 86_400 + 3_600)
}

fn paste(page: &Page, text: &str) {
    page.fill("Pasted text", "");
    page.insert(text);
}

#[test]
fn an_expired_token_is_read_without_unlocking() {
    let page = Page::open_in(home::with_demo());
    page.press("Inspect a token");
    paste(&page, &format!("Authorization: Bearer {}", expired()));
    page.sees("Expired 12 d");
    page.sees("checkout-worker/3.2");
    page.sees("locked");
    assert!(!page.text().contains("signature is good"), "nobody checked it");
    assert_eq!(page.tone_of_signature().as_deref(), Some("unknown"));
}

#[test]
fn an_expired_token_names_my_key_when_unlocked() {
    let home = home::with(|session, ports| {
        workbench::demo::prepare(session, ports).unwrap();
        home::import(session, "p521-none.pkcs8.pem", "checkout-2026-11", ports);
    });
    let page = Page::unlocked(home);
    page.keys("Mod+2");
    paste(&page, &expired());
    page.sees("Expired 12 d");
    page.sees("checkout-2026-11");
    assert_eq!(page.tone_of_signature().as_deref(), Some("good"));
}

/// CVE-2018-0114: the key that verifies is the attacker's, sent along in the header.
#[test]
fn a_forged_token_with_its_own_key_is_never_green() {
    let now = home::now();
    let claims = format!(r#"{{"sub":"admin","iat":{now},"nbf":{now},"exp":{}}}"#, now + 600);
    let jwk = home::public_jwk("p256.pkcs8.pem");
    let forged = home::token("p256.pkcs8.pem", Alg::ES256, &[("jwk", jwk)], &claims);
    let page = Page::unlocked(home::with_demo());
    page.keys("Mod+2");
    paste(&page, &forged);
    page.sees("jwk");
    assert_ne!(page.tone_of_signature().as_deref(), Some("good"));
    assert!(!page.text().contains("The signature is good"));
    assert_eq!(page.script("return document.querySelector('.verdict.good') !== null", &[]), false);
}

#[test]
fn a_token_is_verified_with_a_pasted_key_and_opened_in_build() {
    let page = Page::unlocked(home::with_demo());
    page.keys("Mod+2");
    paste(&page, &expired());
    page.sees("Expired 12 d");
    page.press("Open in Build");
    page.until("its claims", || page.claims().contains("checkout-worker/3.2").then_some(()));
}

#[test]
fn ten_megabytes_and_rubbish_are_answered_in_words() {
    let page = Page::open_in(home::with_demo());
    page.press("Inspect a token");
    paste(&page, "this is no token at all");
    page.sees("not a token");
    page.press("Clear");
    page.fill("Pasted text", "");
    page.insert_repeated("A", 10_000_000);
    page.sees("not a token");
    page.press("Clear");
    paste(&page, &expired());
    page.sees("Expired 12 d");
}
