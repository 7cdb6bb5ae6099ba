//! The webhook bench: a delivery is checked by its bytes, one is made, and what a program sends to this computer is judged
//! as it comes.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use jose::webhook::Sample;
use workbench::credentials::{self, New};
use workbench::definitions;
use workbench::keys::For;
use workbench::ports::Ports;
use workbench::profiles::{self, NewProfile};
use workbench::session::Session;
use workbench::webhooks::{self, Trusted};

use crate::home;
use crate::page::Page;

const SECRET: &str = "orchid-tundra-biscuit-velcro";
const OTHER: &str = "the secret of the other environment";
/// What a text field would change: a byte order mark, CR LF, a byte that is no UTF-8.
const BODY: &[u8] = b"\xef\xbb\xbf{\"note\":\"\xff\"}\r\n";

/// A window at CryptoPay with webhook secrets for two environments, open at the bench.
fn bench() -> Page {
    let made = |session: &mut Session, ports: &Ports| {
        let new = NewProfile { name: "Shop".to_owned(), provider: "cryptopay".to_owned(), ..NewProfile::default() };
        profiles::add(session, new, ports).unwrap();
        for (name, environment, secret) in [("hooks here", "local", SECRET), ("hooks", "sandbox", OTHER)] {
            let at = For { profile: "Shop", environment };
            let (role, fields) = (Some("webhook_secret"), std::collections::BTreeMap::new());
            credentials::add(session, &New { name, at, role, secret, fields, encoding: None }, ports).unwrap();
        }
    };
    let page = Page::open_in(home::with(made));
    page.fill("Passphrase", home::PASSPHRASE);
    page.keys("Enter");
    page.sees("Shop");
    page.keys("Mod+2");
    page.press("Webhook");
    page.sees("Shop, Local");
    page
}

/// The header field of a delivery that is signed with this secret.
fn signed(secret: &str, body: &[u8]) -> String {
    let mut trusted = Trusted::new(definitions::built_in("cryptopay").unwrap());
    trusted.add("theirs".to_owned(), secret.as_bytes().to_vec().into());
    let sample = Sample { body, ..Sample::default() };
    let signed = webhooks::sample(&trusted, &sample, &home::ports()).unwrap();
    signed.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect()
}

/// Posts a body to the receiver, as a provider would.
fn post(address: &str, header: &str, body: &[u8]) -> String {
    let host = address.trim_start_matches("http://");
    let head = format!(
        "POST /hooks?a=b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n{header}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().to_owned()
}

/// Neither secret is in the page, or in what the program wrote.
fn keeps(page: &Page) {
    let html = page.script("return document.documentElement.outerHTML", &[]);
    for secret in [SECRET, OTHER] {
        assert!(!html.as_str().unwrap().contains(secret), "the page holds the secret");
        assert!(!page.log().contains(secret), "{}", page.log());
    }
}

#[test]
fn a_delivery_is_judged_by_the_bytes_of_its_file() {
    let page = bench();
    let file = page.home().join("delivery.bin");
    std::fs::write(&file, BODY).unwrap();
    page.answer(1, file.to_str().unwrap());
    page.fill("Header fields", &signed(SECRET, BODY));
    page.press("Choose file…");
    page.sees("The bytes of delivery.bin");
    page.sees("a byte order mark first");
    page.sees("The signature is good.");

    // One that is signed for another environment of the account is named, and is not good.
    page.fill("Header fields", &signed(OTHER, BODY));
    page.sees("It signs other bytes, or with another secret.");
    page.sees("the secret of Sandbox");

    // What this secret makes of the bytes stands beside it, and the bytes as they are.
    let good = signed(SECRET, BODY);
    page.sees(good.split(": ").nth(1).unwrap());
    page.press("Compare byte by byte");
    page.sees("‹BOM›{\"note\":\"\u{fffd}\"}‹CR›‹LF›");
    page.press("Hex");
    page.sees("ef bb bf 7b 22 6e 6f 74");
    keeps(&page);
}

/// What the bench gives a developer is the code that the command line prints, and Node takes the delivery with it.
#[test]
fn the_code_for_a_handler_takes_what_the_bench_takes() {
    let page = bench();
    // The sender signs what JSON.stringify makes of the body, as CryptoPay's document does.
    let (anew, body) = ("{\"event\":\"payment.completed\"}", "{ \"event\": \"payment.completed\" }");
    let header = signed(SECRET, anew.as_bytes());
    page.fill("Header fields", &header);
    page.fill("Raw body", body);
    page.sees("JSON.stringify writes it, and so does this code");
    page.sees("CRYPTOPAY_LOCAL_WEBHOOK_SECRET");
    let code = page.text_of("pre.as-it-is").unwrap();
    let file = page.home().join("handler.mjs");
    let signature = header.split(": ").nth(1).unwrap();
    let call = format!(
        "\nconst take = (body) => isGenuine({{ \"x-webhook-signature\": \"{signature}\" }}, Buffer.from(body));\n\
         console.log(take('{body}'), take('{anew}'), take('{{}}'));\n"
    );
    std::fs::write(&file, format!("{code}\n{call}")).unwrap();
    let mut node = std::process::Command::new("node");
    let ran = node.arg(&file).env("CRYPTOPAY_LOCAL_WEBHOOK_SECRET", SECRET).output().unwrap();
    let told = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    assert_eq!(told.trim(), "true true false", "{code}");
    page.press("Copy the fix");
    page.sees("Copied.");
    page.press("Python");
    page.sees("hmac.compare_digest");
    keeps(&page);
}

#[test]
fn what_a_program_sends_is_shown_as_it_comes_and_can_be_checked_again() {
    let page = bench();
    page.press("Listen");
    page.press("Start listening");
    page.sees("Stop listening");
    let address = page.text_of(".copyable code").unwrap();
    assert_eq!(post(&address, &signed(SECRET, BODY), BODY), "200");
    page.sees("answered 200");
    assert_eq!(post(&address, &signed(SECRET, b"{}"), b"{ }"), "401");
    page.sees("answered 401");

    // The emulator is a provider that needs no account.
    page.press("Let the emulator send one");
    page.sees("/webhooks");

    page.press("good");
    page.sees("The signature is good.");
    page.sees("payment.completed");
    let oldest = "[...document.querySelectorAll('section[aria-label=Deliveries] li button')].at(-1).click()";
    page.script(oldest, &[]);
    page.sees("x-webhook-signature");
    page.sees("a byte order mark first");
    page.press("Check it again");
    page.sees("The bytes of delivery 1");
    page.sees("The signature is good.");
    keeps(&page);

    // With the lock it is over: nobody listens, and nothing of it is left in the page.
    page.keys("Mod+Shift+L");
    page.sees("Unlock");
    page.until("the end of the receiver", || TcpStream::connect(address.trim_start_matches("http://")).err());
    page.fill("Passphrase", home::PASSPHRASE);
    page.keys("Enter");
    page.sees("Shop");
    page.keys("Mod+2");
    page.press("Webhook");
    page.press("Listen");
    page.sees("Nothing came yet.");
}

/// What the bench shows is derived from what is chosen there, and goes on being so when its screen was left once.
#[test]
fn who_leaves_the_bench_and_comes_back_sees_the_delivery_that_is_chosen() {
    let page = bench();
    page.press("Listen");
    page.keys("Mod+3");
    page.sees("hooks here");
    page.keys("Mod+2");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    page.fill("Port", &free.to_string());
    page.press("Start listening");
    page.sees("Stop listening");
    let address = page.text_of(".copyable code").unwrap();
    assert_eq!(address, format!("http://127.0.0.1:{free}"), "the port that was typed");
    assert_eq!(post(&address, &signed(SECRET, BODY), BODY), "200");
    page.press("good");
    page.sees("The signature is good.");
    assert_eq!(post(&address, &signed(SECRET, b"{}"), b"{ }"), "401");
    page.press("bad");
    page.sees("It signs other bytes, or with another secret.");
    page.sees_no("The signature is good.");

    // Where nothing came there is no verdict either.
    page.press("Stop listening");
    page.press("Start listening");
    page.sees("The check of each delivery is shown here.");
    page.sees_no("It signs other bytes, or with another secret.");
}

#[test]
fn a_sample_that_is_made_here_is_good_here() {
    let page = bench();
    page.press("Make one");
    page.fill("Raw body", "{\"event\":\"payment.completed\"}");
    page.press("Sign it");
    page.sees("X-Webhook-Signature");
    let header = page.text_of("section[aria-label^='Header fields'] pre").unwrap();
    assert_eq!(header.trim(), signed(SECRET, b"{\"event\":\"payment.completed\"}"));
    page.press("Check one");
    page.fill("Header fields", header.trim());
    page.sees("The signature is good.");
    keeps(&page);
}

#[test]
fn a_typed_secret_judges_while_the_vault_is_locked() {
    let page = Page::open_in(home::with_acme());
    page.press("Inspect a token");
    page.press("Webhook");
    page.choose("Provider", "CryptoPay");
    page.fill("Webhook secret", SECRET);
    page.press("Use it");
    page.sees("The program holds a secret of 28 characters");
    page.fill("Header fields", &signed(SECRET, b"{}"));
    page.fill("Raw body", "{}");
    page.sees("The signature is good.");
    keeps(&page);
}
