//! What holds for every delivery: nothing panics, what was signed is taken, and what was changed is not.

use keywright_jose::{
    json::Document,
    rewrite,
    verify::Verdict,
    webhook::{Delivery, Place, Sample, TimestampPlace, sign, stringify::stringify, verify},
};
use proptest::prelude::*;

use super::{SECRET, THEN, scheme, secret};

/// Schemes that take any body and this secret.
const ANY: [&str; 10] =
    ["gr4vy", "stripe", "finix", "github", "slack", "revolut", "hubspot", "square", "coinify", "paystack"];

const ALL: [&str; 21] = [
    "gr4vy",
    "stripe",
    "finix",
    "standard-webhooks",
    "svix",
    "standard-webhooks-asymmetric",
    "github",
    "slack",
    "zoom",
    "revolut",
    "hubspot",
    "square",
    "coinify",
    "primer",
    "paystack",
    "adyen-banking",
    "adyen-items",
    "spreedly",
    "mailgun",
    "discord",
    "plaid",
];

/// Texts of which header fields and bodies are made.
fn shards() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            "[0-9a-f]{0,70}",
            "[ -~é\u{202e}]{0,20}",
            Just("=".to_owned()),
            Just(",".to_owned()),
            Just("v1=".to_owned()),
            Just("t=1744018920".to_owned()),
            Just("v1,".to_owned()),
            Just("sha256=".to_owned()),
            Just("eyJhbGciOiJFUzI1NiJ9.e30.AA".to_owned()),
            Just("1744018920".to_owned()),
            Just(r#"{"transaction":{"signed":{"signature":"00","fields":"a b"}}}"#.to_owned()),
            Just(r#"{"signature":{"timestamp":1744018920,"signature":"00"}}"#.to_owned()),
        ],
        0..6,
    )
    .prop_map(|shards| shards.concat())
}

proptest! {
    #[test]
    fn nothing_that_comes_in_panics(
        name in prop::sample::select(&ALL[..]),
        text in shards(),
        first in shards(),
        second in shards(),
        id in shards(),
        body in prop_oneof![shards().prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..60)],
        now in any::<i64>(),
    ) {
        let scheme = scheme(name);
        let fields = match &scheme.place {
            Place::Headers(names) => names.clone(),
            Place::Body(_) => Vec::new(),
        };
        let mut headers: Vec<(String, String)> = fields.into_iter().map(|field| (field, first.clone())).collect();
        if let Some(timestamp) = &scheme.timestamp
            && let TimestampPlace::Header { name, member: None } = &timestamp.place
        {
            headers.push((name.clone(), second.clone()));
        }
        headers.extend(scheme.id_header.clone().map(|name| (name, id)));
        let delivery = Delivery { body: &body, headers: &headers, url: Some(&second), method: None };
        let found = verify(&scheme, &[secret("one", &text), secret("two", SECRET)], &delivery, now);
        prop_assert_ne!(found.verdict, Verdict::Good);
        prop_assert!(!found.body.words().is_empty());
        let sample = Sample { body: &body, timestamp: now, id: &second, url: Some(&first), method: Some("POST"), headers: &headers };
        let _ = sign(&scheme, &[secret("one", &text)], &sample);
    }

    #[test]
    fn what_was_signed_is_taken_and_what_was_changed_is_not(
        name in prop::sample::select(&ANY[..]),
        body in prop::collection::vec(any::<u8>(), 1..80),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u32,
        times in 0..3_i64,
    ) {
        let scheme = scheme(name);
        let secrets = [secret("s", SECRET)];
        let sample = Sample {
            body: &body,
            timestamp: THEN,
            id: "id",
            url: Some("https://example.org"),
            method: Some("POST"),
            headers: &[],
        };
        let made = sign(&scheme, &secrets, &sample).unwrap();
        let judge = |body: &[u8], headers: &[(String, String)]| {
            let delivery = Delivery { body, headers, url: sample.url, method: sample.method };
            verify(&scheme, &secrets, &delivery, THEN + times * 60).verdict
        };
        prop_assert_eq!(judge(&body, &made.headers), Verdict::Good);

        let mut changed = body.clone();
        changed[at.index(body.len())] ^= 1 << bit;
        prop_assert_eq!(judge(&changed, &made.headers), Verdict::Bad);
        prop_assert_eq!(judge(&body[1..], &made.headers), Verdict::Bad);

        // Of every field made here each character counts, but for the case of hexadecimal.
        for field in 0..made.headers.len() {
            let mut headers = made.headers.clone();
            let value = &mut headers[field].1;
            let place = at.index(value.len());
            let old = value.as_bytes()[place];
            let new = old ^ (1 << (bit % 6));
            if !old.is_ascii() || !new.is_ascii_graphic() || new.eq_ignore_ascii_case(&old) || made.headers[field].0 == "X-Gr4vy-Webhook-ID" {
                continue;
            }
            value.replace_range(place..=place, &char::from(new).to_string());
            prop_assert_eq!(judge(&body, &headers), Verdict::Bad, "{:?}", headers[field]);
        }
    }

    #[test]
    fn a_body_written_anew_is_written_the_same_again(text in r#"(\{("[a-z0-9\\u]{0,3}":(-?[0-9]{1,22}(\.[0-9]{1,9})?|null|"[ -!#-\[\]-~é]{0,5}"),){0,5}"z":[0-9]\})"#) {
        if let Ok(document) = Document::parse(&text) {
            let once = stringify(&document);
            let again = Document::parse(&once).unwrap();
            prop_assert_eq!(stringify(&again), once.clone());
            prop_assert_eq!(rewrite::compact(&once).unwrap(), once);
        }
    }
}
