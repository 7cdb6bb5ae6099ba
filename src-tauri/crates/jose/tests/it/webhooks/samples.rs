//! Samples: what is signed here is taken by the check, and by the rule that the vendors publish.

use keywright_jose::{
    key::Jwk,
    verify::Verdict,
    webhook::{Covered, Delivery, Material, Proof, Sample, SampleError, Template, TrustedSecret, sign, verify},
};

use super::{SECRET, SIGNATURE, THEN, headers, scheme, secret};
use crate::support::{key_file, text};

#[test]
fn a_sample_is_the_published_delivery() {
    let sample = Sample { body: b"payload", timestamp: THEN, id: "an-id", ..Sample::default() };
    let made = sign(&scheme("gr4vy"), &[secret("s", SECRET)], &sample).unwrap();
    assert_eq!(
        made.headers,
        headers(&[
            ("X-Gr4vy-Webhook-Timestamp", "1744018920"),
            ("X-Gr4vy-Webhook-ID", "an-id"),
            ("X-Gr4vy-Webhook-Signatures", SIGNATURE)
        ])
    );
    assert_eq!((made.body.as_slice(), made.findings.as_slice()), (&b"payload"[..], &[][..]));
}

#[test]
fn each_scheme_makes_what_it_takes() {
    let adyen = r#"{"notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature": ""},"pspReference":"1","success":true,"amount":{"value":10.10,"currency":"EUR"}}}]}"#;
    let mailgun = r#"{"signature":{"timestamp":"","token":"t","signature":""}}"#;
    let spreedly = r#"{"transaction":{"a":1,"b":null,"signed":{"signature":"","fields":["b","a"]}}}"#;
    let hex = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056";
    let ed25519 = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let whsk =
        format!("whsk_{}", data_encoding::BASE64.encode(&data_encoding::HEXLOWER.decode(ed25519.as_bytes()).unwrap()));
    let p256 = text("keys/p256.pkcs8.pem");
    let cases: [(&str, &[&str], &str); 19] = [
        ("gr4vy", &[SECRET, "another secret"], "{}"),
        ("stripe", &[SECRET, "another secret"], "{}"),
        ("finix", &[SECRET], "{}"),
        ("standard-webhooks", &["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "AAAA"], "{}"),
        ("svix", &["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "{}"),
        ("standard-webhooks-asymmetric", &[&whsk], "{}"),
        ("github", &[SECRET], "{}"),
        ("slack", &[SECRET], "a=b"),
        ("revolut", &[SECRET, "b"], "{}"),
        ("hubspot", &[SECRET], "{}"),
        ("square", &[SECRET], "{}"),
        ("coinify", &[SECRET], ""),
        ("primer", &[SECRET, "b"], "{}"),
        ("paystack", &[SECRET], "{}"),
        ("adyen-items", &[hex], adyen),
        ("spreedly", &[SECRET], spreedly),
        ("mailgun", &[SECRET], mailgun),
        ("discord", &[ed25519], "{}"),
        ("plaid", &[&p256], "{}"),
    ];
    let mut said = String::new();
    for (name, texts, body) in cases {
        let scheme = scheme(name);
        let secrets: Vec<TrustedSecret<'_>> = texts.iter().map(|text| secret("s", text)).collect();
        let sample = Sample {
            body: body.as_bytes(),
            timestamp: THEN,
            id: "msg_1",
            url: Some("https://example.org/hook"),
            method: Some("POST"),
            headers: &[],
        };
        let made = sign(&scheme, &secrets, &sample).unwrap();
        let delivery = Delivery { body: &made.body, headers: &made.headers, url: sample.url, method: sample.method };
        // 32 bytes stand for the seed when signing, and for the public half when judging.
        let pairs = [TrustedSecret { name: "pair", material: Material::Key(&key_of(ed25519)) }];
        let judges = if name == "discord" || name.ends_with("asymmetric") { &pairs[..] } else { &secrets };
        let found = verify(&scheme, judges, &delivery, THEN + 5);
        assert_eq!((found.verdict, found.matches.len()), (Verdict::Good, texts.len()), "{name}: {found:?}");
        let fields: Vec<String> = made.headers.iter().map(|(name, value)| format!("  {name}: {value}\n")).collect();
        let fields = if name == "plaid" { "  Plaid-Verification: …\n".to_owned() } else { fields.concat() };
        let body =
            if made.body == body.as_bytes() { String::new() } else { String::from_utf8(made.body).unwrap() + "\n" };
        said += &format!("{name}\n{fields}{body}");
    }
    insta::assert_snapshot!(said);
}

fn key_of(seed: &str) -> Jwk {
    let seed = data_encoding::HEXLOWER.decode(seed.as_bytes()).unwrap();
    // RFC 8037 A.1: the same key as JWK.
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let d = data_encoding::BASE64URL_NOPAD.encode(&seed);
    crate::support::key(format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","d":"{d}"}}"#))
}

#[test]
fn a_scheme_without_a_time_says_so() {
    let made =
        sign(&scheme("cryptopay"), &[secret("s", SECRET)], &Sample { body: b"{}", ..Sample::default() }).unwrap();
    insta::assert_snapshot!(made.findings[0].message, @"the scheme has no timestamp: whoever has a delivery can send it again at any time");
}

#[test]
fn a_sample_that_cannot_be_signed_says_why() {
    let sample = Sample { body: b"{}", timestamp: THEN, ..Sample::default() };
    let p256 = key_file("p256.pkcs8.pem");
    let public = text("keys/p256.pub.pem");
    let two = [secret("a", SECRET), secret("b", SECRET)];
    let held = [TrustedSecret { name: "a pair", material: Material::Key(&p256) }];
    let mut covering = scheme("mailgun");
    if let Proof::Signature { covers, .. } = &mut covering.proof {
        *covers = Covered::Text(Template::body());
    }
    let signed = |name: &str, secrets: &[TrustedSecret<'_>], sample: &Sample<'_>| {
        sign(&scheme(name), secrets, sample).unwrap_err()
    };
    let errors = [
        signed("gr4vy", &[], &sample),
        signed("github", &two, &sample),
        signed("gr4vy", &held, &sample),
        signed("adyen-banking", &[secret("s", "not hexadecimal")], &sample),
        signed("square", &two[..1], &sample),
        signed("spreedly", &two[..1], &sample),
        signed("mailgun", &two[..1], &sample),
        signed("gr4vy", &two[..1], &Sample { timestamp: -1, ..sample }),
        signed("hubspot", &two[..1], &Sample { timestamp: i64::MAX, ..sample }),
        signed("svix", &[secret("s", "AAAA")], &sample),
        signed("discord", &[secret("s", "00")], &sample),
        signed("plaid", &two[..1], &sample),
        signed("plaid", &[secret("s", &public)], &sample),
        sign(&covering, &two[..1], &Sample { body: br#"{"signature":{"timestamp":1,"signature":""}}"#, ..sample })
            .unwrap_err(),
    ];
    let line = |error: &SampleError| format!("{error} ({})\n", error.hint().unwrap_or_default());
    insta::assert_snapshot!(errors.iter().map(line).collect::<String>());
}
