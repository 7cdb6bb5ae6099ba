//! Which step of a check fails, and what it says: every way in which a delivery can be wrong, read by people.

use keywright_jose::{
    Alg,
    verify::Verdict,
    webhook::{Covered, Delivery, Match, Proof, Sample, Stage, State, Template, sign, verify},
};

use super::{SECRET, SIGNATURE, THEN, check, gr4vy, headers, said, scheme, secret};
use crate::support::{key_file, sign as sign_token, text};

#[test]
fn a_good_delivery_takes_every_step() {
    insta::assert_snapshot!(said(&gr4vy(SECRET, SIGNATURE, "1744018920", "payload", THEN + 12)));
}

#[test]
fn the_step_that_failed_is_named() {
    let many = [&"0,".repeat(40), SIGNATURE].concat();
    let doubled = [("X-Gr4vy-Webhook-Signatures", SIGNATURE), ("x-gr4vy-webhook-signatures", SIGNATURE)];
    let renamed = [("X-Hub-Signature-256", "sha256=00"), ("X-Gr4vy-Webhook-Timestamp", "1744018920")];
    let signed = |signatures: &str, timestamp: &str| gr4vy(SECRET, signatures, timestamp, "payload", THEN);
    let cases = [
        ("no header field at all", check(&scheme("gr4vy"), SECRET, &[], "payload", THEN)),
        ("a header field of another provider", check(&scheme("gr4vy"), SECRET, &renamed, "payload", THEN)),
        ("a header field twice", check(&scheme("gr4vy"), SECRET, &doubled, "payload", THEN)),
        ("no timestamp", check(&scheme("gr4vy"), SECRET, &doubled[..1], "payload", THEN)),
        ("an empty signature", signed("", "1744018920")),
        ("a character outside the encoding", signed(&SIGNATURE.replace('e', "g"), "1744018920")),
        ("a character lost", signed(&SIGNATURE[1..], "1744018920")),
        ("half of the signature", signed(&SIGNATURE[32..], "1744018920")),
        ("more signatures than are read", signed(&many, "1744018920")),
        ("a timestamp that begins with digits", signed(SIGNATURE, "1744018920abc")),
        ("milliseconds where seconds are meant", signed(SIGNATURE, "1744018920000")),
        ("a delivery of an hour ago", gr4vy(SECRET, SIGNATURE, "1744018920", "payload", THEN + 3_600)),
        ("a delivery of tomorrow", gr4vy(SECRET, SIGNATURE, "1744018920", "payload", THEN - 86_400)),
        ("another secret", gr4vy("another-secret-of-many-characters", SIGNATURE, "1744018920", "payload", THEN)),
        ("an empty secret", gr4vy("", SIGNATURE, "1744018920", "payload", THEN)),
        ("another body", gr4vy(SECRET, SIGNATURE, "1744018920", "pay", THEN)),
        (
            "no version that counts",
            check(&scheme("stripe"), SECRET, &[("Stripe-Signature", "t=1744018920,v0=00")], "", THEN),
        ),
        ("no time in the list", check(&scheme("stripe"), SECRET, &[("Stripe-Signature", "v1=00")], "", THEN)),
        (
            "a secret in another encoding",
            check(&scheme("adyen-banking"), "not hexadecimal", &[("HmacSignature", "AA==")], "", THEN),
        ),
        ("a body that is not JSON", check(&scheme("adyen-items"), "00ff", &[], "live=false", THEN)),
        ("a body that is not UTF-8", check(&scheme("adyen-items"), "00ff", &[], b"\"\xe9\"", THEN)),
        ("a member twice", check(&scheme("mailgun"), SECRET, &[], r#"{"signature":{},"signature":{}}"#, THEN)),
        (
            "no signature in the body",
            check(&scheme("mailgun"), SECRET, &[], r#"{"signature":{"timestamp":"1744018920"}}"#, THEN),
        ),
        (
            "no list of members",
            check(&scheme("spreedly"), SECRET, &[], r#"{"transaction":{"signed":{"signature":"00"}}}"#, THEN),
        ),
        (
            "an object where a text is signed",
            check(&scheme("mailgun"), SECRET, &[], r#"{"signature":{"timestamp":{},"signature":"00"}}"#, THEN),
        ),
        (
            "no id",
            check(
                &scheme("svix"),
                SECRET,
                &[("svix-signature", "v1,AA=="), ("svix-timestamp", "1744018920")],
                "",
                THEN,
            ),
        ),
        (
            "no address",
            check(&scheme("square"), SECRET, &[("x-square-hmacsha256-signature", &"A".repeat(43))], "{}", THEN),
        ),
        ("no token", check(&scheme("plaid"), SECRET, &[("Plaid-Verification", "abc")], "{}", THEN)),
        (
            "a token without claims",
            check(&scheme("plaid"), SECRET, &[("Plaid-Verification", "eyJhbGciOiJFUzI1NiJ9.W10.AA")], "{}", THEN),
        ),
    ];
    let all: String = cases
        .iter()
        .map(|(name, check)| {
            assert_ne!(check.verdict, Verdict::Good, "{name}");
            format!("{name}: {}\n", said(check))
        })
        .collect();
    insta::assert_snapshot!(all);
}

#[test]
fn a_malformed_signature_beside_a_good_one_is_named() {
    let found = gr4vy(SECRET, &format!("xyz,{SIGNATURE}"), "1744018920", "payload", THEN);
    assert_eq!((found.verdict, found.matches.as_slice()), (Verdict::Good, &[Match { secret: 0, signature: 1 }][..]));
    insta::assert_snapshot!(said(&found));
}

#[test]
fn without_a_secret_nothing_can_be_said_of_the_signature() {
    let headers = headers(&[("x-gr4vy-webhook-signatures", SIGNATURE), ("x-gr4vy-webhook-timestamp", "1744018920")]);
    let delivery = Delivery { body: b"payload", headers: &headers, ..Delivery::default() };
    let found = verify(&scheme("gr4vy"), &[], &delivery, THEN);
    assert_eq!((found.verdict, found.at(Stage::Secret).unwrap().state), (Verdict::Unknown, State::Unknown));
    assert_eq!(found.at(Stage::Compare).unwrap().state, State::NotReached);
    assert_eq!(found.input.as_deref(), Some(&b"1744018920.payload"[..]));
    insta::assert_snapshot!(said(&found));
    // What is wrong without one is wrong all the same.
    assert_eq!(verify(&scheme("gr4vy"), &[], &delivery, THEN + 400).verdict, Verdict::Bad);
}

#[test]
fn which_of_several_secrets_and_signatures_matched_is_said() {
    let other = "1f0c9d3b5a7e4c2d8b6f1f0c9d3b5a7e4c2d8b6f";
    let theirs = "c".repeat(64);
    let list = format!("{theirs},{SIGNATURE}");
    let headers = headers(&[
        ("X-Gr4vy-Webhook-Signatures", &list),
        ("X-Gr4vy-Webhook-Timestamp", "1744018920"),
        ("X-Gr4vy-Webhook-ID", "8c6f"),
    ]);
    let delivery = Delivery { body: b"payload", headers: &headers, ..Delivery::default() };
    let found = verify(&scheme("gr4vy"), &[secret("new", other), secret("old", SECRET)], &delivery, THEN);
    assert_eq!((found.verdict, found.matches.as_slice()), (Verdict::Good, &[Match { secret: 1, signature: 1 }][..]));
    assert_eq!((found.id.as_deref(), found.signed_at), (Some("8c6f"), Some(THEN)));
    insta::assert_snapshot!(said(&found));
}

#[test]
fn a_timestamp_that_is_not_signed_protects_against_nothing() {
    let mut scheme = scheme("slack");
    let Proof::Signature { covers, .. } = &mut scheme.proof else { panic!("a signature") };
    *covers = Covered::Text(Template::body());
    let fields = [("X-Slack-Signature", "v0=00"), ("X-Slack-Request-Timestamp", "1744018920")];
    let found = check(&scheme, SECRET, &fields, "x", THEN);
    let uncovered = found.findings.iter().find(|finding| finding.code.name() == "webhook-uncovered").unwrap();
    insta::assert_snapshot!(uncovered.message, @"the signature does not cover the timestamp");
}

#[test]
fn a_header_field_can_be_signed_too() {
    let mut scheme = scheme("coinify");
    let Proof::Signature { covers, .. } = &mut scheme.proof else { panic!("a signature") };
    *covers = Covered::Text(Template::parse("{header:x-shop}/{body}").unwrap());
    let shop = headers(&[("X-Shop", "acme")]);
    let sample = Sample { body: b"{}", headers: &shop, ..Sample::default() };
    let made = sign(&scheme, &[secret("s", SECRET)], &sample).unwrap();
    let signature = ("X-Coinify-Webhook-Signature", made.headers[0].1.as_str());
    let judged = |fields: &[(&str, &str)]| check(&scheme, SECRET, fields, "{}", THEN);
    let good = judged(&[signature, ("X-SHOP", " acme ")]);
    assert_eq!((good.verdict, good.input.as_deref()), (Verdict::Good, Some(&b"acme/{}"[..])));
    assert_eq!(judged(&[signature, ("X-Shop", "other")]).verdict, Verdict::Bad);
    insta::assert_snapshot!(judged(&[signature]).steps[0].words, @r#"the header field "x-shop" is missing"#);
}

#[test]
fn a_token_keeps_the_bounds_that_it_names() {
    let key = key_file("p256.pkcs8.pem");
    let public = text("keys/p256.pub.pem");
    // echo -n '{}' | sha256sum
    let hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let judged = |timed: bool, times: &str| {
        let mut scheme = scheme("plaid");
        scheme.timestamp = scheme.timestamp.filter(|_| timed);
        let claims = format!(r#"{{"request_body_sha256":"{hash}",{times}}}"#);
        let token = sign_token(Alg::ES256, &key, r#"{"alg":"ES256","typ":"JWT"}"#, &claims);
        said(&check(&scheme, &public, &[("Plaid-Verification", &token)], "{}", THEN))
    };
    let all = [
        judged(true, r#""iat":1744018920,"exp":1744018921"#),
        judged(true, r#""iat":1744018920,"exp":1744018920,"nbf":1744018921"#),
        judged(true, r#""iat":"1744018920""#),
        judged(false, r#""exp":1744018921"#),
        judged(false, r#""exp":1744018900"#),
        judged(false, r#""x":1"#),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_check_and_its_parts_show_no_secret() {
    let given = secret("current", SECRET);
    let found =
        gr4vy("another-secret-that-must-not-be-seen", SIGNATURE, "1744018920", "a body with a name in it", THEN);
    let shown = format!("{given:?} {found:?}");
    assert!(shown.contains("Text(86 bytes)") && shown.contains("webhook-mismatch"), "{shown}");
    assert!(!shown.contains(&SECRET[..8]) && !shown.contains("a name"), "{shown}");
    assert!(!said(&found).contains("another-secret"));
}
