//! Near misses: each thing that can go wrong between a sender and a check is made to go wrong, and must be named.

use keywright_jose::{
    Code, Finding,
    webhook::{Delivery, Place, Sample, Scheme, sign, verify},
};

use super::{SECRET, THEN, scheme, secret};

/// Signs with one secret and body, and judges with others. What nearly matched.
fn missed(scheme: &Scheme, signed: (&str, &[u8]), judged: (&str, &[u8])) -> Vec<Finding> {
    let sample = Sample { body: signed.1, timestamp: THEN, id: "msg_1", ..Sample::default() };
    let made = sign(scheme, &[secret("theirs", signed.0)], &sample).unwrap();
    let delivery = Delivery { body: judged.1, headers: &made.headers, ..Delivery::default() };
    let found = verify(scheme, &[secret("ours", judged.0)], &delivery, THEN);
    found.findings.into_iter().filter(|finding| finding.code == Code::NearMiss).collect()
}

/// Header fields of a delivery.
type Fields = Vec<(String, String)>;

fn lines(name: &str, findings: &[Finding]) -> String {
    assert!(!findings.is_empty(), "{name}: nothing nearly matches");
    let line = |finding: &Finding| format!("    {}\n        {}\n", finding.message, finding.hint.as_deref().unwrap());
    format!("{name}\n{}", findings.iter().map(line).collect::<String>())
}

#[test]
fn a_body_that_was_changed_on_its_way() {
    let compact = r#"{"id":"evt_1","amount":10.1,"note":"é/\"","list":[1,2,{}],"empty":[]}"#.as_bytes();
    let typed = "{\n  \"id\": \"evt_1\",\n  \"amount\": 10.10,\n  \"note\": \"\\u00e9\\/\\\"\",\n  \"list\": [1, 2, {}],\n  \"empty\": []\n}";
    let kept = r#"{"id":"evt_1","amount":10.10,"note":"\u00e9\/\"","list":[1,2,{}],"empty":[]}"#;
    let python = r#"{"id": "evt_1", "amount": 10.10, "note": "\u00e9\/\"", "list": [1, 2, {}], "empty": []}"#;
    let pretty = "{\n  \"id\": \"evt_1\",\n  \"amount\": 10.10,\n  \"list\": [\n    1,\n    2\n  ]\n}";
    let cases: [(&str, &[u8], &[u8]); 11] = [
        ("the sender signed JSON.stringify of it", compact, typed.as_bytes()),
        ("a viewer indented it", kept.as_bytes(), typed.as_bytes()),
        ("Python wrote it, a viewer compacted it", python.as_bytes(), kept.as_bytes()),
        ("it was indented, a viewer compacted it", pretty.as_bytes(), br#"{"id":"evt_1","amount":10.10,"list":[1,2]}"#),
        ("a line break was added", b"{}", b"{}\n"),
        ("a line break of two bytes was added", b"{}", b"{}\r\n"),
        ("a line break was lost", b"a=1\n", b"a=1"),
        ("LF became CRLF", b"{\n\"a\": 1\n}\n", b"{\r\n\"a\": 1\r\n}\r\n"),
        ("CRLF became LF", b"a=1\r\nb=2", b"a=1\nb=2"),
        ("a byte order mark was added", b"{\"a\": 1}", b"\xef\xbb\xbf{\"a\": 1}"),
        ("bytes were decoded as UTF-8", "caf\u{fffd}".as_bytes(), b"caf\xe9"),
    ];
    let all: Vec<String> = cases
        .iter()
        .map(|(name, signed, judged)| lines(name, &missed(&scheme("gr4vy"), (SECRET, signed), (SECRET, judged))))
        .collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_secret_that_was_taken_another_way() {
    let utf8 = scheme("coinify");
    let hex = scheme("adyen-banking");
    let standard = scheme("standard-webhooks");
    let text = "c2VjcmV0LW9mLXR3ZW50eS1mb3VyLWJ5dGVz";
    let decoded = "secret-of-twenty-four-bytes";
    let prefixed = format!("whsec_{text}");
    let digits = "00112233445566778899aabbccddeeff";
    let cases: [(&str, &Scheme, &str, &str); 8] = [
        ("a line break at its end", &utf8, SECRET, &format!("{SECRET}\n")),
        ("white space around it", &utf8, SECRET, &format!("  {SECRET}\t")),
        ("the sender kept a line break", &utf8, &format!("{SECRET}\n"), SECRET),
        ("the sender decoded base64", &utf8, decoded, text),
        ("the sender left its beginning out", &utf8, text, &prefixed),
        ("the sender decoded base64 without the beginning", &utf8, decoded, &prefixed),
        ("the sender took hexadecimal for text", &hex, &data_encoding::HEXLOWER.encode(digits.as_bytes()), digits),
        (
            "the sender took all of it for text",
            &standard,
            &data_encoding::BASE64.encode(prefixed.as_bytes()),
            &prefixed,
        ),
    ];
    let all: Vec<String> = cases
        .iter()
        .map(|(name, scheme, signed, judged)| {
            let findings = missed(scheme, (signed, b"{}"), (judged, b"{}"));
            let said = lines(name, &findings);
            assert!(
                !said.contains(&SECRET[..8]) && !said.contains(&text[..8]) && !said.contains(&digits[..8]),
                "{said}"
            );
            said
        })
        .collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_signature_over_less_or_in_another_form() {
    let with = |name: &str, change: &dyn Fn(&mut Fields), signed: &Scheme, judged: &str| {
        let sample = Sample { body: b"{\"a\":1}", timestamp: THEN, id: "msg_1", ..Sample::default() };
        let mut made = sign(signed, &[secret("theirs", SECRET)], &sample).unwrap();
        change(&mut made.headers);
        let delivery = Delivery { body: b"{\"a\":1}", headers: &made.headers, ..Delivery::default() };
        let found = verify(&scheme(judged), &[secret("ours", SECRET)], &delivery, THEN);
        let findings: Vec<Finding> = found.findings.into_iter().filter(|f| f.code == Code::NearMiss).collect();
        lines(name, &findings)
    };
    let coinify = || {
        let mut scheme = scheme("coinify");
        scheme.place = Place::Headers(vec!["X-Gr4vy-Webhook-Signatures".to_owned()]);
        scheme
    };
    let timestamp = |value: &str| ("X-Gr4vy-Webhook-Timestamp".to_owned(), value.to_owned());
    let signature = |fields: &mut Fields, change: &dyn Fn(&str) -> String| {
        let field = fields.iter_mut().find(|(name, _)| name.to_lowercase().contains("signature")).unwrap();
        field.1 = change(&field.1);
    };
    let base64 = |hex: &str| data_encoding::BASE64.encode(&data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap());
    let all = [
        with("the body alone", &|fields| fields.push(timestamp("1744018920")), &coinify(), "gr4vy"),
        with("milliseconds in the field", &|fields| fields[0].1 += "000", &scheme("gr4vy"), "gr4vy"),
        with("letters behind the time", &|fields| fields[0].1 += "abc", &scheme("gr4vy"), "gr4vy"),
        with("base64 for hexadecimal", &|fields| signature(fields, &base64), &scheme("gr4vy"), "gr4vy"),
        with(
            "a space after the comma",
            &|fields| signature(fields, &|hex| format!("{}, {hex}", "0".repeat(64))),
            &scheme("gr4vy"),
            "gr4vy",
        ),
        with(
            "the name of a hash",
            &|fields| signature(fields, &|hex| format!("sha256={hex}")),
            &scheme("gr4vy"),
            "gr4vy",
        ),
        with(
            "no name of a hash",
            &|fields| signature(fields, &|text| text.replace("sha256=", "")),
            &scheme("github"),
            "github",
        ),
        with(
            "another version",
            &|fields| signature(fields, &|text| text.replace("v0=", "v9=")),
            &scheme("slack"),
            "slack",
        ),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn what_is_another_secrets_work_nearly_matches_nothing() {
    for name in ["gr4vy", "github", "slack", "stripe", "coinify", "hubspot"] {
        let (theirs, ours) = ("a-secret-of-theirs-with-32-letters", "a-secret-of-ours-with-more-letters");
        let sample =
            Sample { body: b"{\"a\": 1}\r\n", timestamp: THEN, url: Some("u"), method: Some("m"), ..Sample::default() };
        let made = sign(&scheme(name), &[secret("theirs", theirs)], &sample).unwrap();
        let delivery = Delivery { body: sample.body, headers: &made.headers, url: sample.url, method: sample.method };
        let found = verify(&scheme(name), &[secret("ours", ours)], &delivery, THEN);
        assert!(found.findings.iter().all(|finding| finding.code != Code::NearMiss), "{name}: {:?}", found.findings);
    }
}
