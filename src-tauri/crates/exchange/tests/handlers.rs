//! Code for handlers of webhooks, in each language for each way of signing. That it does what it should is tried in
//! `tests/peers`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use keywright_exchange::{HANDLER_LANGUAGES, Handler, NoHandler, handler, handler_language};
use provider::{Definition, definition::Webhook};

/// Which way of signing a row is there for, and the definition that has it.
macro_rules! rows {
    ($($what:literal, $file:literal;)*) => {
        [$(($what, include_str!(concat!("../../provider/tests/webhooks/", $file, ".toml")))),*]
    };
}

const ROWS: &[(&str, &str)] = &rows![
    "the body alone", "coinify";
    "the body alone, with a beginning", "github";
    "the body alone, SHA-512", "paystack";
    "the body alone, a secret in hex, base64", "adyen-banking";
    "the body alone, in one of two fields", "primer";
    "timestamp.body, a list of members", "stripe";
    "timestamp:body, members", "finix";
    "v0:timestamp:body", "slack";
    "v1.timestamp.body in milliseconds, several", "revolut";
    "id.timestamp.body, several, a secret with a beginning", "standard-webhooks";
    "method, address, body and timestamp", "hubspot";
    "the address and the body", "square";
    "fields of the body", "adyen-items";
    "fields that the body names, SHA-1", "spreedly";
    "fields of the body with the time", "mailgun";
    "Ed25519", "discord";
    "Ed25519, several", "standard-webhooks-asymmetric";
    "a token", "plaid";
];

fn webhook(text: &str) -> Webhook {
    let bare = "keywright-provider = 1\nid = \"acme\"\nname = \"Acme\"\n\n[[environments]]\nid = \"test\"\nlabel = \
                \"Test\"\nbase-url = \"ask\"\n\n";
    Definition::parse(&format!("{bare}{text}")).unwrap().webhook.unwrap()
}

fn code(language: &str, webhook: &Webhook, reserialised: bool) -> Result<String, NoHandler> {
    let language = handler_language(language).unwrap();
    handler(&Handler { language, provider: "Acme", webhook, variable: "ACME_TEST_WEBHOOK_SECRET", reserialised })
}

fn shown(code: Result<String, NoHandler>) -> String {
    code.unwrap_or_else(|error| format!("{error}\n  {}\n", error.hint()))
}

#[test]
fn every_language_checks_every_way_of_signing() {
    for language in HANDLER_LANGUAGES {
        let mut texts: Vec<String> = ROWS
            .iter()
            .map(|(what, text)| format!("──── {what}\n{}", shown(code(language.id, &webhook(text), false))))
            .collect();
        let (what, text) = ROWS[0];
        texts.push(format!("──── {what}, written anew\n{}", shown(code(language.id, &webhook(text), true))));
        insta::assert_snapshot!(language.id, texts.join("\n"));
    }
}

/// What the rows above leave out: several signatures in each of several fields, literals of more than one line, an Ed25519
/// signature among members of the body.
const RARE: &[(&str, &str)] = &[
    (
        "several in each of two fields, with beginnings",
        "[webhook]\nmac = \"hmac-sha512\"\nsecret-encoding = \"base64url\"\nsecret-prefix = [\"a_\", \"b'\\\"_\"]\nsigned =          \"{method}\\n{header:x-a}\\n{body}\\u00e9\"\n[webhook.signature]\nheader = [\"x-s\", \"x-t\"]\nencoding = \"hex\"\n         separator = \"'\\\"; \"\nprefix = [\"v1=\", \"\\u00e9\\U0001f600=\"]\n[webhook.timestamp]\nheader = \"x-times\"\n         member = \"t\"\nunit = \"ms\"\ntolerance = \"5m\"\nfuture = \"1m\"\n",
    ),
    (
        "Ed25519 of members that the body names, several",
        "[webhook]\nmac = \"ed25519\"\nsecret-encoding = \"base64\"\nfields = { named-by = \"/names\", separator = \"|\" }\n         signature = { pointer = \"/signature\", encoding = \"base64url\", separator = \",\", member = \"v1\" }\n         timestamp = { pointer = \"/time\", unit = \"s\", tolerance = \"5m\" }\n",
    ),
];

#[test]
fn rare_ways_of_signing_are_checked_too() {
    for language in HANDLER_LANGUAGES {
        let texts: Vec<String> = RARE
            .iter()
            .map(|(what, text)| format!("──── {what}\n{}", shown(code(language.id, &webhook(text), false))))
            .collect();
        insta::assert_snapshot!(format!("{}_rare", language.id), texts.join("\n"));
    }
}

#[test]
fn what_no_code_is_written_for_is_said() {
    let key_file =
        "[webhook]\nmac = \"ed25519\"\nsigned = \"{body}\"\nsignature = { header = \"x\", encoding = \"hex\" }\n";
    let rows = [
        (webhook(include_str!("../../provider/tests/webhooks/plaid.toml")), false),
        (webhook(key_file), false),
        (webhook(include_str!("../../provider/tests/webhooks/mailgun.toml")), true),
    ];
    let said: Vec<String> =
        rows.iter().map(|(webhook, reserialised)| shown(code("node", webhook, *reserialised))).collect();
    insta::assert_snapshot!(said.join("\n"));
}

/// What a definition says stands in comments and literals, and cannot leave them.
#[test]
fn no_name_of_a_definition_becomes_code() {
    let evil = "x\u{2028}'\"`${process.exit()}\n?><?php die(); # \u{202e}*/";
    let text = "[webhook]\nmac = \"hmac-sha256\"\nsigned = \"{body}\"\n[webhook.signature]\nheader = \"x-s\"\nencoding = \
                \"hex\"\nseparator = \",\"\n";
    // No file can say this: the check refuses what turns a line.
    let mut webhook = webhook(text);
    let signed = format!("{}{{body}}", evil.replace("${process.exit()}", "${{process.exit()}}"));
    webhook.signed = Some(jose::webhook::Template::parse(&signed).unwrap());
    webhook.signature.prefix = vec![evil.to_owned()].into();
    for language in HANDLER_LANGUAGES {
        let provider = "Acme\n?>die()\u{2028}import os; os.abort()";
        let how = Handler { language, provider, webhook: &webhook, variable: "A B", reserialised: false };
        let code = handler(&how).unwrap();
        assert!(code.contains("WEBHOOK_SECRET") && !code.contains("A B"), "{code}");
        assert!(!code.contains(['\u{2028}', '\u{202e}']), "{code}");
        let comments = code.lines().filter(|line| line.starts_with("//") || line.starts_with('#'));
        assert!(comments.clone().any(|line| line.contains("Acme\u{fffd}? >die()\u{fffd}import os")), "{code}");
        assert!(!code.lines().any(|line| line.starts_with("import os; ")), "{code}");
    }
}
