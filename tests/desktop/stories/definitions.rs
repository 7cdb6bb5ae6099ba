//! A fifth provider from a file: added, called, edited in an editor, followed, forgotten.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;

use jose::Alg;
use provider::scaffold;
use workbench::keys::{self, For};
use workbench::profiles::{self, ProfileChange};

use crate::home;
use crate::page::Page;

/// An API on this computer that wants a signed token and answers each call; its address.
fn api() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let signed = head.iter().any(|line| line.to_lowercase().starts_with("authorization: bearer eyj"));
            let status = if signed { "200 OK" } else { "401 Unauthorized" };
            let answer = format!(
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}"
            );
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    address
}

/// Puts a definition into a home, with its test environment at this address.
fn write(page: &Page, text: &str) -> PathBuf {
    let file = page.home().join("acme.toml");
    std::fs::write(&file, text).unwrap();
    file
}

#[test]
fn a_provider_from_a_file_is_called_and_followed_only_when_that_is_said() {
    let page = Page::open_in(home::with(|_, _| {}));
    page.fill("Passphrase", home::PASSPHRASE);
    page.keys("Enter");
    page.sees("No profile yet");
    let local = scaffold("Acme Pay").replace("tier = \"test\"", "tier = \"local\"");
    let text = local.replace("https://sandbox.example.com", &api());
    let file = write(&page, &text);

    page.keys("Mod+,");
    page.answer(1, &file.display().to_string());
    page.press("Add a definition file…");
    page.sees("as its file says");
    page.keys("Mod+4");
    page.press("New profile");
    page.press("Provider");
    page.press("Acme Pay");
    page.press("Create");
    page.sees("Acme Pay is there");

    // A key for the test environment, and a call.
    page.press("Key for Sandbox");
    page.press("Generate a key…");
    page.fill("Name", "tried");
    page.press("Generate");
    page.sees("tried is made and sealed");
    page.keys("Mod+1");
    page.sees("iss");
    page.write_claims(r#"{"iss":"shop 7","scope":"payments:read","iat":"$now","exp":"$now+5m","jti":"$uuid"}"#);
    page.until("a signed token", || page.token_holds("shop 7"));
    page.send();
    page.sees("Accepted by Sandbox");

    // Somebody gives it a live key, and its file says later that another host is meant.
    live_key(&page);
    std::fs::write(&file, text.replace("http://127.0.0.1", "http://localhost")).unwrap();
    page.keys("Mod+4");
    page.press("Review…");
    page.sees("One change in its file is not followed yet. Live keys follow only once you agree.");
    page.answer(2, "no");
    page.press("Follow the changes of Acme Pay");
    let asked = page.asked(2);
    assert_eq!(asked["title"], "Acme Pay: following the changed definition (where a credential is sent)?");
    assert!(asked["detail"].as_str().unwrap().starts_with("live for Production at Acme Pay, which is LIVE"), "{asked}");
    page.sees("wants consent");
    page.answer(3, "yes");
    page.press("Follow the changes of Acme Pay");
    page.sees("Acme Pay follows its changed definition");
    page.sees("as its file says");
    page.press("Undo");
    page.sees("One change in its file is not followed yet.");

    // It is needed, so it stays.
    page.press("Forget the definition of Acme Pay");
    page.sees("is used by");
}

/// Another process seals a key for Production.
fn live_key(page: &Page) {
    let (mut session, ports) = (home::session_in(page.home()), home::ports());
    let base_urls = [("production".to_owned(), "https://api.acme.example".to_owned())].into();
    let change = ProfileChange { base_urls, ..ProfileChange::default() };
    profiles::change(&mut session, "Acme Pay", &change, &ports).unwrap();
    let place = Some(For { profile: "Acme Pay", environment: "production" });
    keys::generate(&mut session, Alg::ES256, 2048, "live", place, &ports).unwrap();
}
