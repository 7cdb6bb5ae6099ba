//! What holds for every input, tried on many.

use keywright_jose::{
    Alg,
    expression::resolve_expressions,
    inspect::{Context, inspect},
    json::{Document, quote},
    key::{
        Jwk, Key, PublicKey, read,
        write::{self, Encryption, Format, Half},
    },
    locate::locate,
    sign::{Draft, SigningKey},
    text,
    verify::{Trust, TrustedKey, Verdict},
};
use p521::elliptic_curve::sec1::ToEncodedPoint;
use pkcs8::EncodePrivateKey;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::support::{NOW, Noise, assemble, good_secret, judge, key, key_file, keys_of_every_alg, public_half, token};

/// Any JSON text: white space, escapes, numbers beyond every type.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,3})?",
        any::<String>().prop_map(|text| quote(&text)),
        "\"(\\\\u[0-9a-fA-F]{4}|[a-z]|\\\\n|\\\\/){0,6}\"",
    ];
    let space = prop::sample::select(vec!["", " ", "\n", "\t ", "\r\n"]);
    (leaf, space).prop_map(|(leaf, space)| format!("{space}{leaf}{space}")).prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|list| format!("[{}]", list.join(","))),
            object(inner)
        ]
    })
}

/// An object whose names all differ.
fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (prop::collection::vec((any::<String>(), value), 0..6), prop::sample::select(vec!["", " ", "\n  "])).prop_map(
        |(members, space)| {
            let mut names = std::collections::HashSet::new();
            let members: Vec<String> = members
                .into_iter()
                .filter(|(name, _)| names.insert(name.clone()))
                .map(|(name, value)| format!("{space}{} :{value}", quote(&name)))
                .collect();
            format!("{{{}{space}}}", members.join(","))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_typed_is_what_is_signed(claims in object(json()), extra in json()) {
        let jwk = good_secret();
        let signing = SigningKey::new(Alg::HS512, &jwk, false).unwrap();
        let header = format!(r#"{{ "typ":"JWT" ,"x":{extra},"alg" : "HS512"}}"#);
        // Half a surrogate pair is an error of a header, and not signed.
        prop_assume!(!Document::parse(&extra).unwrap().nodes().any(|node| node.has_lone_surrogate()));
        let token = Draft::jwt(&header, &claims).unwrap().sign(&signing).unwrap().into_string();
        let parts: Vec<Vec<u8>> = token.split('.').map(|part| text::decode(part).unwrap()).collect();
        prop_assert_eq!(&parts[0], header.as_bytes());
        prop_assert_eq!(&parts[1], claims.as_bytes());
        let found = judge(&token, &[&jwk]);
        prop_assert_eq!((found.structure, found.signature), (Verdict::Good, Verdict::Good), "{:?}", found);
        prop_assert_eq!(found.payload.as_deref(), Some(claims.as_str()));
        prop_assert_eq!(found.header.as_deref(), Some(header.as_str()));
    }

    #[test]
    fn claims_without_expressions_are_not_touched(claims in object(json())) {
        // Only a string that begins with a dollar is an expression; then the caller hears of it or gets a value.
        if !claims.contains("\"$") {
            prop_assert_eq!(resolve_expressions(&claims, NOW, &mut String::new).unwrap(), claims);
        }
    }

    #[test]
    fn a_literal_dollar_comes_back(value in any::<String>()) {
        let claims = format!(r#"{{"a":{}}}"#, quote(&format!("$${value}")));
        let resolved = resolve_expressions(&claims, NOW, &mut String::new).unwrap();
        let document = Document::parse(&resolved).unwrap();
        let expected = format!("${value}");
        prop_assert_eq!(document.root().get("a").unwrap().as_str().unwrap(), expected);
    }

    #[test]
    fn any_bytes_are_inspected(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        total(&bytes);
    }

    #[test]
    fn any_text_is_inspected(text in "\\PC{0,80}|[eyJ0-9A-Za-z._=é \"{}-]{0,80}") {
        total(text.as_bytes());
        if let Some(located) = locate(&text) {
            prop_assert!(located.span.end <= text.len());
            if let std::borrow::Cow::Borrowed(token) = located.token {
                prop_assert_eq!(&text[located.span.start..located.span.end], token);
            }
            located.was_stripped(&text);
        }
    }

    #[test]
    fn any_three_parts_are_inspected(
        header in prop_oneof![json(), any::<String>(), Just(r#"{"alg":"HS512"}"#.to_owned())],
        payload in prop_oneof![json().prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..40)],
        signature in prop::collection::vec(any::<u8>(), 0..140),
    ) {
        total(assemble(&header, &payload, &signature).as_bytes());
    }

    #[test]
    fn any_json_form_and_any_tail_are_inspected(
        payload in json(), protected in "[A-Za-z0-9_-]{0,12}|eyJhbGciOiJIUzI1NiJ9", header in json(), tail in "[~.a-z=+/%]{0,12}",
    ) {
        let one = format!(r#""protected":"{protected}","header":{header},"signature":"{protected}""#);
        for input in [
            format!(r#"{{"payload":{payload},{one}}}"#),
            format!(r#"{{"payload":"e30","signatures":[{{{one}}},{{{one}}},{header}]}}"#),
            format!(r#"{{"payload":"e30","signatures":[{{{one}}},{{{one}}}]}}"#),
            format!("eyJhbGciOiJIUzI1NiJ9.e30.{protected}{tail}"),
            format!("eyJhbGciOiJIUzI1NiJ9%2Ee30%2E{protected}{tail}"),
            format!("Bearer eyJhbGciOi\n> JIUzI1NiJ9.\n{protected}.{tail}"),
        ] {
            let found = judge(&input, &[&good_secret()]);
            prop_assert_ne!(found.signature, Verdict::Good);
            prop_assert!(found.structure == Verdict::Good || found.errors().count() > 0, "{}", input);
        }
    }

    #[test]
    fn any_bytes_are_read_as_a_key_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..120), text in "\\PC{0,60}") {
        for input in [bytes, text.into_bytes()] {
            if let Ok(found) = read::read(&input, Some(b"x")) {
                prop_assert!(!found.keys.is_empty());
            }
        }
    }
}

/// Inspection says something of every input; what is good in form is what would be written again.
fn total(input: &[u8]) {
    let found = judge(input, &[&good_secret()]);
    assert_ne!(found.signature, Verdict::Good);
    if found.structure == Verdict::Good {
        let parts: Vec<&str> = found.token.split('.').collect();
        let again: Vec<String> = parts.iter().map(|part| text::encode(&text::decode(part).unwrap())).collect();
        assert_eq!(again, parts);
        assert_eq!(text::decode(parts[0]).unwrap(), found.header.unwrap().as_bytes());
    } else {
        assert!(found.errors().count() > 0, "{input:?} is not good, and nothing says why");
    }
    for finding in &found.findings {
        assert!(finding.message.len() < 1_000 && !finding.message.is_empty());
        if let Some(place) = finding.place {
            assert!(place.span.start <= place.span.end);
        }
    }
}

#[test]
fn mutated_tokens_are_never_good_and_never_panic() {
    let mut noise = Noise(1);
    for (alg, jwk) in keys_of_every_alg() {
        let token = token(alg, &jwk);
        assert_eq!(judge(&token, &[&jwk]).signature, Verdict::Good, "{alg}");
        let rounds = if jwk.key.describe().starts_with("RSA") { 150 } else { 300 };
        for _ in 0..rounds {
            let mut bytes = token.clone().into_bytes();
            for _ in 0..=noise.below(2) {
                let at = noise.below(bytes.len());
                match noise.below(4) {
                    0 => bytes[at] = noise.next() as u8,
                    1 => bytes[at] = b"ABCxyz019-_.=+/ "[noise.below(16)],
                    2 => bytes.truncate(at),
                    _ => bytes.insert(at, b"Aa0.-\xff"[noise.below(6)]),
                }
                if bytes.is_empty() {
                    break;
                }
            }
            let found = judge(&bytes, &[&jwk]);
            // Something may have been put around the token, which is then found; padding and the like inside of it is bad form
            // over good bytes.
            let same = found.token == token || found.structure == Verdict::Bad && mended(&found.token) == token;
            assert!(found.signature != Verdict::Good || same, "{alg}: {}", String::from_utf8_lossy(&bytes));
        }
    }
}

/// A token without what does not change its bytes.
fn mended(token: &str) -> String {
    token
        .chars()
        .filter(|c| !matches!(c, '=' | ' '))
        .map(|c| if c == '+' { '-' } else { c })
        .map(|c| if c == '/' { '_' } else { c })
        .collect()
}

#[test]
fn every_bit_of_a_token_counts() {
    let jwk = key_file("p521-yzero.pkcs8.pem");
    let token = token(Alg::ES512, &jwk);
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        let index = alphabet.iter().position(|c| *c == bytes[at]);
        // The lowest bit of the character, so that bits that padding leaves unused are tried as well.
        bytes[at] = index.map_or(b'A', |index| alphabet[index ^ 1]);
        assert_ne!(judge(&bytes, &[&jwk]).signature, Verdict::Good, "character {at}");
    }
}

#[test]
fn locating_keeps_to_the_boundaries_of_characters() {
    let token = "eyJhbGciOiJub25lIn0.e30.c2ln";
    for c in ['é', '…', '😀', '\u{feff}', '\u{202e}', '"', '\'', '`', '\u{a0}'] {
        for text in [
            format!("{c}{token}"),
            format!("{token} {c}"),
            format!("{c}{c}{c}{c}{c}{c}{c}"),
            format!("Beare{c} {token}"),
            format!("bearer{c}"),
            format!("{c} . {c}"),
            format!("a{c}.{c}b.="),
        ] {
            let found = locate(&text).map(|located| located.token.into_owned());
            assert!(!text.contains(token) || found.as_deref() == Some(token), "{text}");
        }
    }
}

/// Writes and reads a key in every form that it has, and compares what comes back.
fn round_trip(jwk: &Jwk) -> usize {
    let encryption = Encryption { passphrase: b"correct horse", salt: [7; 16], iv: [9; 16] };
    let mut forms = 0;
    for half in [Half::Private, Half::Public] {
        for format in Format::ALL {
            let encrypted = format == Format::Pkcs8Encrypted;
            let Ok(bytes) = write::write(jwk, half, format, Some(&encryption)) else { continue };
            let found = read::read(&bytes, encrypted.then_some(b"correct horse")).unwrap();
            let [again] = &found.keys[..] else { panic!("one key in {}", format.name()) };
            assert_eq!(found.findings, []);
            assert_eq!(again.key.public(), jwk.key.public(), "{}", format.name());
            assert_eq!(again.key.private().is_some(), half == Half::Private && jwk.key.public().is_some());
            match (&again.key, &jwk.key) {
                (Key::Private(again), Key::Private(first)) => {
                    assert_eq!(*write::pkcs8_der(again), *write::pkcs8_der(first));
                }
                (Key::Secret(again), Key::Secret(first)) => assert_eq!(again.bytes(), first.bytes()),
                _ => {}
            }
            if matches!(format, Format::Jwk | Format::Jwks) {
                assert_eq!(again.kid, jwk.effective_kid());
                assert_eq!((&again.alg, &again.key_use), (&jwk.alg, &jwk.key_use));
                let ops: Vec<&str> = again.key_ops.iter().map(String::as_str).collect();
                match half {
                    Half::Private => assert_eq!(again.key_ops, jwk.key_ops),
                    Half::Public => assert_eq!(ops.is_empty(), jwk.key_ops.is_empty()),
                }
            }
            // What was read is written as it was.
            if !encrypted {
                assert_eq!(*write::write(again, half, format, None).unwrap(), *bytes, "{}", format.name());
            }
            forms += 1;
        }
    }
    forms
}

#[test]
fn reading_undoes_writing() {
    // Private: jwk, jwks, pkcs8, pkcs8-encrypted, der, and pkcs1 or sec1 where the type has it; public: jwk, jwks, spki,
    // der, and pkcs1 for RSA. A secret is a JWK alone.
    for (name, forms) in [
        ("p256.pkcs8.pem", 10),
        ("p384.pkcs8.pem", 10),
        ("p521-xzero.pkcs8.pem", 10),
        ("secp256k1.pkcs8.pem", 10),
        ("ed25519.pkcs8.pem", 9),
        ("rsa-2048.pkcs8.pem", 11),
    ] {
        assert_eq!(round_trip(&key_file(name)), forms, "{name}");
    }
    assert_eq!(round_trip(&public_half(&key_file("rsa-2048.pub.pem"))), 5);
    assert_eq!(round_trip(&good_secret()), 2);
    let told = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"é \"quoted\"","alg":"EdDSA","use":"sig","key_ops":["sign","verify"]}"#;
    assert_eq!(round_trip(&key(told)), 9);
}

#[test]
fn many_p521_keys_keep_their_zeros() {
    let mut noise = Noise(521);
    let mut with_zero = 0;
    for _ in 0..60 {
        let mut scalar = noise.bytes(66);
        scalar[0] = 0;
        let theirs = p521::SecretKey::from_slice(&scalar).unwrap();
        let point = theirs.public_key().to_encoded_point(false);
        let number = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
        let (x, y) = (number(point.x().unwrap()), number(point.y().unwrap()));
        // Written here by hand, from RFC 7638 §3 alone.
        let kid = number(&Sha256::digest(format!(r#"{{"crv":"P-521","kty":"EC","x":"{x}","y":"{y}"}}"#)));

        let jwk = key(theirs.to_pkcs8_der().unwrap().as_bytes());
        let Some(PublicKey::Ec(ec)) = jwk.key.public() else { panic!("an EC key") };
        assert_eq!((ec.x().len(), ec.y().len()), (66, 66));
        assert_eq!(jwk.key.public().unwrap().thumbprint(), kid);
        with_zero += usize::from(ec.x()[0] == 0 || ec.y()[0] == 0);

        let written = write::write(&jwk, Half::Public, Format::Jwk, None).unwrap();
        assert_eq!(
            *written,
            format!("{{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"{x}\",\"y\":\"{y}\",\"kid\":\"{kid}\"}}\n")
                .into_bytes()
        );
        for format in [Format::Jwk, Format::Sec1, Format::Pkcs8] {
            let bytes = write::write(&jwk, Half::Private, format, None).unwrap();
            assert_eq!(key(&bytes[..]).key.public(), jwk.key.public());
        }
    }
    assert!(with_zero > 20, "{with_zero} of 60 keys had a leading zero; three in four are usual");
}

#[test]
fn a_good_signature_is_good_with_its_own_key_alone() {
    let keys = keys_of_every_alg();
    for (alg, jwk) in &keys {
        let token = token(*alg, jwk);
        for (_, other) in &keys {
            let same = other.key.public() == jwk.key.public() && other.key.describe() == jwk.key.describe();
            let trusted = [TrustedKey { name: "k", jwk: other }];
            let trust = Trust { keys: &trusted, named: true, allowed: &[] };
            let found = inspect(token.as_bytes(), &Context { now: NOW, trust, ..Context::default() });
            assert_eq!(found.signature == Verdict::Good, same, "{alg} with {}", other.key.describe());
        }
    }
}
