//! Forms: what was refused is said of what was typed and of nothing else, what is typed is not lost, and what nobody sees is
//! shown.

use std::net::TcpListener;

use serde_json::json;

use crate::home;
use crate::page::Page;

/// What stands under the field of this label as its error.
fn error_at(page: &Page, label: &str) -> Option<String> {
    let script =
        "const label = [...document.querySelectorAll('label')].find((it) => it.textContent.trim() === arguments[0]);
        return label?.parentElement.querySelector('[role=alert]')?.textContent ?? null";
    page.script(script, &[json!(label)]).as_str().map(str::to_owned)
}

fn value_of(page: &Page, label: &str) -> Option<String> {
    let script =
        "const label = [...document.querySelectorAll('label')].find((it) => it.textContent.trim() === arguments[0]);
        return label === undefined ? null : document.getElementById(label.htmlFor).value";
    page.script(script, &[json!(label)]).as_str().map(str::to_owned)
}

#[test]
fn a_proxy_that_is_refused_stays_in_its_field_with_the_reason_until_it_is_mended() {
    let page = Page::unlocked(home::with_demo());
    page.keys("Mod+,");
    page.sees("Change passphrase");
    page.fill("Proxy", "/foo");
    page.keys("Enter");
    let said = page.until("why it is refused", || error_at(&page, "Proxy"));

    // A look at another screen costs neither.
    page.keys("Mod+3");
    page.sees("Generate");
    page.keys("Mod+,");
    page.sees(&said);
    assert_eq!(value_of(&page, "Proxy").as_deref(), Some("/foo"));

    page.fill("Proxy", "http://127.0.0.1:9");
    page.sees_no(&said);
    page.keys("Enter");
    page.sees("Saved");
    assert_eq!(error_at(&page, "Proxy"), None);

    // What is typed and not saved ends with the lock.
    page.fill("Lock after", "0");
    page.sees("A whole number from");
    page.keys("Mod+Shift+L");
    page.sees("Unlock");
    page.unlock();
    page.keys("Mod+,");
    page.sees("Change passphrase");
    assert_eq!(value_of(&page, "Lock after").as_deref(), Some("10"));
}

#[test]
fn a_port_that_is_taken_is_said_until_another_is_typed() {
    let page = Page::unlocked(home::with_demo());
    page.keys("Mod+2");
    page.press("Webhook");
    page.press("Listen");
    page.choose("Webhooks of", "A secret that is typed here");
    page.fill("Webhook secret", "whsec_a_secret_of_thirty_characters");
    page.press("Use it");
    page.sees("The program holds a secret");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    page.fill("Port", &taken.local_addr().unwrap().port().to_string());
    page.press("Start listening");
    let problem = page.until("why it does not listen", || page.text_of(".problem"));
    assert_eq!(page.text_of(".copyable code"), None);

    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    page.fill("Port", &free.to_string());
    page.sees_no(&problem);
    page.press("Start listening");
    page.sees("Stop listening");
}

#[test]
fn what_nobody_sees_in_a_token_is_marked_wherever_it_is_shown() {
    let page = Page::unlocked(home::with_demo());
    page.write_claims(
        "{\"iss\": \"pay\u{202e}eman\", \"note\u{200b}\": \"שלום\", \"exp\": \"$now+5m\", \"scopes\": []}",
    );
    page.until("a token", || page.token_holds("pay\u{202e}eman"));
    let marks = "return [...document.querySelectorAll('.cm-unseen')].map((it) => it.textContent)";
    page.until("marks in the editor", || (page.script(marks, &[]) == json!(["U+202E", "U+200B"])).then_some(()));
    let token = page.token().unwrap();
    page.keys("Mod+2");
    page.insert_into("Pasted text", &token);
    page.sees("pay‹U+202E›eman");
    page.sees("note‹U+200B›");
    let held = "return /[\\u202e\\u200b]/.test(document.body.innerHTML)";
    assert_eq!(page.script(held, &[]), json!(false));
}
