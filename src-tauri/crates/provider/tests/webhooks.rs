//! What a definition says of webhooks is enough for the check: the deliveries that jose's tests hold are judged by definitions.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]
#![allow(clippy::disallowed_methods, reason = "the room is pure; its tests read their vectors from disk")]

use std::{fs, path::Path};

use jose::{
    Code,
    webhook::{Check, Delivery, Material, Sample, TrustedSecret, sign, verify},
};
use keywright_provider::{Definition, built_in_named, definition::Webhook};
use serde_json::Value;

/// A definition that says nothing but how webhooks are signed.
const BARE: &str = r#"keywright-provider = 1
id = "acme"
name = "Acme"

[[environments]]
id = "test"
label = "Test"
base-url = "ask"

"#;

fn webhook(text: &str) -> Webhook {
    Definition::parse(text).unwrap_or_else(|error| panic!("{error}")).webhook.unwrap()
}

/// The definition for a file of deliveries.
fn webhook_of(scheme: &str) -> Webhook {
    if scheme == "gr4vy" {
        return built_in_named("gr4vy").unwrap().webhook.clone().unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/webhooks/{scheme}.toml"));
    webhook(&format!(
        "{BARE}{}",
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    ))
}

fn secret(text: &str) -> TrustedSecret<'_> {
    TrustedSecret { name: "s", material: Material::Text(text.as_bytes()) }
}

/// Judges a row of a file of deliveries.
fn judge(webhook: &Webhook, row: &Value) -> Check {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let headers: Vec<(String, String)> =
        row["headers"].as_array().unwrap().iter().map(|field| (text(&field[0]), text(&field[1]))).collect();
    let secrets: Vec<TrustedSecret<'_>> =
        row["secrets"].as_array().unwrap().iter().map(|text| secret(text.as_str().unwrap())).collect();
    let delivery = Delivery {
        body: row["body"].as_str().unwrap().as_bytes(),
        headers: &headers,
        url: row["url"].as_str(),
        method: row["method"].as_str(),
    };
    verify(&webhook.scheme(), &secrets, &delivery, row["now"].as_i64().unwrap())
}

#[test]
fn every_scheme_can_be_said_and_judges_as_it_should() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../jose/tests/vectors/webhooks");
    let mut judged = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let file: Value = serde_json::from_slice(&fs::read(entry.unwrap().path()).unwrap()).unwrap();
        let scheme = file["scheme"].as_str().unwrap();
        let webhook = webhook_of(scheme);
        for row in file["deliveries"].as_array().unwrap() {
            let found = judge(&webhook, row);
            let mut codes: Vec<&str> = found.findings.iter().map(|finding| finding.code.name()).collect();
            codes.sort_unstable();
            codes.dedup();
            let wanted: Vec<&str> =
                row["findings"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
            assert_eq!(
                (found.verdict.name(), codes),
                (row["verdict"].as_str().unwrap(), wanted),
                "{scheme}: {}",
                row["shows"]
            );
            judged += 1;
        }
    }
    assert!(judged > 75, "{judged}");
}

#[test]
fn the_documented_example_is_a_scheme() {
    let page = include_str!("../../../../docs/formats/provider-v1.md");
    let (_, rest) = page.split_once("```toml\n[webhook]").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let documented = webhook(&format!("{BARE}[webhook]{example}"));
    let stripes = webhook_of("stripe");
    let renamed = Webhook { signature: documented.signature, timestamp: documented.timestamp, ..stripes.clone() };
    assert_eq!(format!("{:?}", renamed.scheme()).replace("Acme-", "Stripe-"), format!("{:?}", stripes.scheme()));
}

#[test]
fn g27_gr4vys_published_delivery_is_good_by_its_definition() {
    let secret_text = "Ik4L-8FH0ihWczctcIPXZRR_8F0fPNgmhEfVBbZ3zNwqQVa1Or4tBz4Pgw2eNaVDod7H56Y268h_wohEUaWbUg";
    let signature = "78aca0c78005107a654a957b8566fa6e0e5e06aea92d7da72a6da9e5a690d013";
    let sample = Sample { body: b"payload", timestamp: 1_744_018_920, id: "id", ..Sample::default() };
    let made = sign(&webhook_of("gr4vy").scheme(), &[secret(secret_text)], &sample).unwrap();
    let fields: Vec<String> = made.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_eq!(
        fields,
        [
            "X-Gr4vy-Webhook-Timestamp: 1744018920".to_owned(),
            "X-Gr4vy-Webhook-ID: id".to_owned(),
            format!("X-Gr4vy-Webhook-Signatures: {signature}"),
        ]
    );
}

/// C18: the document's handler signs `JSON.stringify(req.body)`, so that a body that came with spaces or `10.10` does not match.
#[test]
fn c18_cryptopay_and_hedge_are_told_apart_from_a_body_written_anew() {
    let secret_text = "cp_whsec_0f5c1f0e6b0d4a7c9e2b8d3a5f7c1e90";
    let raw =
        "{\"event\": \"payment.confirmed\", \"data\": {\"id\": 7, \"amount\": 10.10, \"note\": \"caf\\u00e9\"}}\n";
    // node -e with crypto.createHmac("sha256", secret): over raw, and over JSON.stringify(JSON.parse(raw)).
    let over_raw = "5b5d4c00544ebe6ed8da4f73ef2534cd55d2fb15963bba43227ad29a2991bd7d";
    let over_anew = "a26416eeb2e76933b75774771dad73cb847743e948202cb3c4c6768189cdd4dd";
    for (text, field) in [
        (include_str!("../providers/cryptopay.toml"), "x-webhook-signature"),
        (include_str!("../providers/hedge.toml"), "x-hedge-signature"),
    ] {
        let webhook = webhook(text);
        assert!(webhook.reserialised);
        let judge = |signature: &str, body: &str| {
            let headers = [(field.to_owned(), signature.to_owned())];
            let delivery = Delivery { body: body.as_bytes(), headers: &headers, ..Delivery::default() };
            verify(&webhook.scheme(), &[secret(secret_text)], &delivery, 0)
        };
        let codes = |check: &Check| check.findings.iter().map(|finding| finding.code).collect::<Vec<_>>();
        let good = judge(over_raw, raw);
        assert_eq!((good.verdict.name(), codes(&good)), ("good", vec![Code::WebhookReplay]));
        let anew = judge(over_anew, raw);
        assert_eq!(anew.verdict.name(), "bad");
        let near = anew.findings.last().unwrap();
        assert_eq!(near.code, Code::NearMiss);
        assert_eq!(near.message, r#"would match with "s" if the body were written anew as JSON.stringify writes it"#);
        // Where timingSafeEqual throws and the handler answers 500.
        let malformed = judge(&over_raw[..40], raw);
        assert_eq!(codes(&malformed), [Code::WebhookMalformed, Code::WebhookReplay]);
    }
}

#[test]
fn each_scheme_is_said_in_a_line() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/webhooks");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    names.push("gr4vy".to_owned());
    names.sort_unstable();
    let said: Vec<String> = names.iter().map(|name| format!("{name}: {}", webhook_of(name).in_words())).collect();
    insta::assert_snapshot!(said.join("\n"));
}
