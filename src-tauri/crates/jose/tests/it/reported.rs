//! Tokens as people reported them, invented anew in the same shape: what came out wrong once, and its neighbours.

use keywright_jose::{
    Alg,
    danger::{DangerousIntent, signed_as_typed},
    inspect::{Context, Inspection, inspect},
    key::{Jwk, read},
    sign::{Draft, DraftError, SigningKey},
    verify::{Trust, TrustedKey, UnverifiedJws, Verdict},
};

use crate::support::{
    CLAIMS, NOW, assemble, codes, good_secret, judge, judge_with, key, key_file, public_half, secret, sign, text, token,
};

/// A time at which the reported tokens are valid.
const THEN: i64 = 1_796_030_000;

fn reported(name: &str) -> String {
    text(&format!("reported/{name}"))
}

fn reported_key(name: &str) -> Jwk {
    key(reported(name))
}

fn judge_then(input: &str, keys: &[&Jwk]) -> Inspection {
    let keys: Vec<TrustedKey<'_>> = keys.iter().map(|jwk| TrustedKey { name: "given", jwk }).collect();
    let trust = Trust { keys: &keys, named: true, allowed: &[] };
    inspect(input.as_bytes(), &Context { now: THEN, trust, ..Context::default() })
}

/// The three verdicts.
fn verdicts(found: &Inspection) -> (&'static str, &'static str, &'static str) {
    (found.structure.name(), found.signature.name(), found.policy.name())
}

/// Everything that is said, a line each.
fn said(found: &Inspection) -> String {
    let line = |finding: &keywright_jose::Finding| {
        let hint = finding.hint.as_ref().map(|hint| format!("\n    hint: {hint}")).unwrap_or_default();
        format!("{} ({}): {}{hint}\n", finding.code, finding.severity(), finding.message)
    };
    let (structure, signature, policy) = verdicts(found);
    let lines: String = found.findings.iter().map(line).collect();
    format!("structure {structure}, signature {signature}, policy {policy}\n{lines}")
}

#[test]
fn every_reported_token_reads_as_it_should() {
    let (rsa, p256) = (reported_key("key-rsa.pub.pem"), reported_key("key-p256.pub.pem"));
    let jjwt = secret(reported("B54-jjwt-secret.txt").trim().as_bytes());
    let mut all = String::new();
    for (name, keys) in [
        ("B33-token-padded-as-alb.txt", vec![&p256]),
        ("B39-token-ps512-salt-of-32.txt", vec![&rsa]),
        ("B42-exp-is-a-duration.txt", vec![&p256]),
        ("B45-token-with-trailing-comma.txt", vec![&p256]),
        ("B47-detached-jws-b64-false.txt", vec![&rsa]),
        ("B48-jws-flattened-json.json", vec![&p256]),
        ("B49-jwe-dir.txt", vec![&rsa]),
        ("B50-sd-jwt.txt", vec![&p256]),
        ("B51-two-tokens-glued-five-parts.txt", vec![&jjwt]),
        ("B52-jwk-header-with-private-half.txt", vec![&p256]),
        ("B54-token-jjwt-lenient-base64.txt", vec![&jjwt]),
    ] {
        all += &format!("{name}\n{}\n", said(&judge_then(&reported(name), &keys)));
    }
    insta::assert_snapshot!(all);
}

/// Each entry of the set says which algorithm it is for, so the kid that they share leaves no doubt (RFC 7517 §4.4).
#[test]
fn of_keys_that_share_a_kid_the_one_that_fits_is_taken() {
    let set = read::read(reported("B28-jwks-one-kid-three-algs.json").as_bytes(), None).unwrap();
    let found = judge_then(&reported("token-rs256-kid-k1.txt"), &set.keys.iter().collect::<Vec<_>>());
    assert_eq!((verdicts(&found), found.key), (("good", "good", "good"), Some(1)));

    // Another use, another type, another curve: none of them stands in the way.
    let with =
        |jwk: Jwk, key_use: Option<&str>| Jwk { kid: Some("k".to_owned()), key_use: key_use.map(str::to_owned), ..jwk };
    let mine = || with(key_file("p256.pkcs8.pem"), Some("sig"));
    let others = [
        with(good_secret(), None),
        with(key_file("p384.pub.pem"), None),
        with(public_half(&key_file("p521-none.pkcs8.pem")), Some("sig")),
        with(key_file("rsa-2048.pub.pem"), Some("enc")),
    ];
    let token = sign(Alg::ES256, &mine(), r#"{"alg":"ES256","typ":"JWT","kid":"k"}"#, CLAIMS);
    for other in &others {
        for keys in [[other, &mine()], [&mine(), other]] {
            let found = judge(&token, &keys);
            assert_eq!(found.signature, Verdict::Good, "{found:?}");
        }
        // Without the key that fits nothing is known; where a key says that it is for something else, it is not used.
        let alone = judge(&token, &[other]);
        assert_eq!(alone.signature, Verdict::Unknown, "{alone:?}");
        assert!(codes(&alone.findings).contains(&"not-judged"));
    }
    let for_encryption = with(key_file("p256.pub.pem"), Some("enc"));
    assert_eq!(judge(&token, &[&for_encryption]).signature, Verdict::Bad);
    // Two that fit are tried, and that is said.
    let twin = with(key(crate::attacks::p256_of(7)), None);
    let found = judge(&token, &[&twin, &mine()]);
    assert_eq!((found.signature, found.key), (Verdict::Good, Some(1)));
    assert!(codes(&found.findings).contains(&"key-by-trial"));
}

/// RFC 7515 §3 has no least length of a payload; a signature over nothing else is still no signature over nothing.
#[test]
fn an_empty_payload_is_judged() {
    let jwk = good_secret();
    let good = sign(Alg::HS256, &jwk, r#"{"alg":"HS256"}"#, "");
    assert!(good.contains(".."));
    assert_eq!(verdicts(&judge(&good, &[&jwk])), ("good", "good", "unknown"));
    assert!(UnverifiedJws::parse(&good).is_ok());
    let full = token(Alg::HS256, &jwk);
    let parts: Vec<&str> = full.split('.').collect();
    for bad in [format!("{}..{}", parts[0], parts[2]), assemble(r#"{"alg":"HS256"}"#, b"", &[1; 32])] {
        let found = judge(&bad, &[&jwk]);
        assert_eq!(verdicts(&found), ("good", "bad", "unknown"));
        assert!(codes(&found.findings).contains(&"payload-detached"));
    }
    let missing = judge(format!("{}..", parts[0]), &[&jwk]);
    assert_eq!((missing.signature, missing.structure), (Verdict::Bad, Verdict::Good));
}

#[test]
fn padding_that_is_signed_is_never_to_be_taken_off() {
    let p256 = reported_key("key-p256.pub.pem");
    let found = judge_then(&reported("B33-token-padded-as-alb.txt"), &[&p256]);
    let said = said(&found);
    assert_eq!(verdicts(&found), ("bad", "good", "good"), "{said}");
    assert!(!said.contains("take the padding off") && !said.contains("no key"), "{said}");
    // Where it is not signed, taking it off is the cure.
    let token = token(Alg::HS256, &good_secret());
    let padded: Vec<String> =
        token.split('.').map(|part| format!("{part}{}", &"===="[..(4 - part.len() % 4) % 4])).collect();
    let found = judge(padded.join("."), &[&good_secret()]);
    assert_eq!(verdicts(&found), ("bad", "good", "good"));
    assert!(found.findings.iter().any(|finding| finding.hint.as_deref() == Some("take the padding off")));
}

#[test]
fn a_bad_form_is_the_reason_and_not_a_missing_key() {
    let jwk = good_secret();
    let good = token(Alg::HS256, &jwk);
    for bad in [
        format!("{good}?"),
        format!("{good}."),
        good.replacen('.', "", 1),
        format!("{good}AA"),
        assemble("{", b"{}", b"x"),
    ] {
        for keys in [&[&jwk][..], &[]] {
            let found = judge(&bad, keys);
            assert_eq!((found.structure, found.signature), (Verdict::Bad, Verdict::Unknown), "{bad}");
            let codes = codes(&found.findings);
            assert!(codes.contains(&"not-judged") && !codes.contains(&"no-key"), "{bad}: {codes:?}");
        }
    }
    assert_eq!(codes(&judge(format!("{good} and {good}"), &[&jwk]).findings), ["around-token", "more-tokens"]);
}

#[test]
fn a_sound_jwe_has_no_faults_of_a_jws() {
    for header in [
        r#"{"alg":"dir","enc":"A128CBC-HS256"}"#,
        r#"{"alg":"RSA-OAEP","enc":"A256GCM","typ":"JWT","cty":"JWT","zip":"DEF"}"#,
        r#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"OKP","crv":"X25519","x":"AA"}}"#,
    ] {
        for key_part in ["", "AAAA"] {
            let token = format!("{}.{key_part}.AAAA.AAAA.AAAA", text_of(header));
            let found = judge(&token, &[&good_secret()]);
            assert_eq!((codes(&found.findings), found.signature), (vec!["encrypted"], Verdict::Unknown), "{header}");
        }
    }
    // What is wrong with one is said: its parts are base64url, and no private key stands in its header.
    let damaged = judge(format!("{}..AAAA.AA+A.AAAA", text_of(r#"{"alg":"dir","enc":"A128GCM"}"#)), &[]);
    assert_eq!(codes(&damaged.findings), ["encrypted", "foreign-character"]);
    let exposed = text_of(r#"{"alg":"ECDH-ES","enc":"A128GCM","epk":{"kty":"OKP","crv":"X25519","x":"AA","d":"AA"}}"#);
    assert_eq!(
        codes(&judge(format!("{exposed}..AAAA.AAAA.AAAA"), &[]).findings),
        ["encrypted", "private-key-in-header"]
    );
    // Five parts alone do not make one.
    let five = judge(format!("{}..AAAA.AAAA.AAAA", text_of(r#"{"alg":"HS256"}"#)), &[]);
    assert!(!codes(&five.findings).contains(&"encrypted"));
    for host in ["example.eu.auth0.com", "a.b.example.co.uk", "api.example.org:8443"] {
        assert_eq!(codes(&judge(host, &[&good_secret()]).findings), ["no-token"], "{host}");
    }
}

fn text_of(header: &str) -> String {
    data_encoding::BASE64URL_NOPAD.encode(header.as_bytes())
}

#[test]
fn an_sd_jwt_is_judged_by_the_part_of_its_issuer() {
    let jwk = key_file("p256.pkcs8.pem");
    let issued = sign(Alg::ES256, &jwk, r#"{"alg":"ES256","typ":"dc+sd-jwt"}"#, CLAIMS);
    let bound = sign(Alg::ES256, &jwk, r#"{"alg":"ES256","typ":"kb+jwt"}"#, CLAIMS);
    let found = judge(format!("{issued}~WyJhIl0"), &[&jwk]);
    assert!(found.findings[0].message.contains("that is not a key binding"), "{}", said(&found));
    for rest in ["~", "~WyJhIl0~", "~WyJhIl0~WyJiIl0~", &format!("~WyJhIl0~{bound}"), &format!("~{bound}")] {
        let found = judge(format!("{issued}{rest}"), &[&jwk]);
        assert_eq!(
            (verdicts(&found), codes(&found.findings)),
            (("good", "good", "good"), vec!["selective-disclosure"]),
            "{rest}"
        );
    }
    let forged = judge(
        format!("{}~WyJhIl0~", issued.replacen(&text_of(CLAIMS), &text_of(&CLAIMS.replace("me", "us")), 1)),
        &[&jwk],
    );
    assert_eq!(forged.signature, Verdict::Bad);
}

#[test]
fn each_signature_of_a_jws_in_json_counts() {
    let (mine, other) = (key_file("p256.pkcs8.pem"), good_secret());
    let part = |token: &str, n: usize| token.split('.').nth(n).unwrap().to_owned();
    let (a, b) = (token(Alg::ES256, &mine), token(Alg::HS256, &other));
    let one = |token: &str| format!(r#"{{"protected":"{}","signature":"{}"}}"#, part(token, 0), part(token, 2));
    let general = |all: &[String]| format!(r#"{{ "payload":"{}", "signatures":[{}] }}"#, part(&a, 1), all.join(","));
    let both = general(&[one(&a), one(&b)]);
    assert_eq!(judge(&both, &[&mine, &other]).signature, Verdict::Good);
    assert_eq!(judge_with(&both, &[&mine], false, &[]).signature, Verdict::Unknown);
    assert_eq!(judge(general(&[one(&a)]), &[&mine]).signature, Verdict::Good);
    let forged = general(&[one(&a), one(&assemble(r#"{"alg":"HS256"}"#, b"", &[1; 32]))]);
    assert_eq!(judge(&forged, &[&mine, &other]).signature, Verdict::Bad);
    // Algorithm and kid may stand in the header that is not protected, and nothing stands in both (RFC 7515 §7.2.1).
    let input = format!(".{}", part(&a, 1));
    let signature = SigningKey::new(Alg::HS256, &other, false).unwrap().sign_bytes(input.as_bytes()).unwrap();
    let signature = data_encoding::BASE64URL_NOPAD.encode(&signature);
    let bare = format!(r#"{{"payload":"{}","header":{{"alg":"HS256"}},"signature":"{signature}"}}"#, part(&a, 1));
    assert_eq!(judge(&bare, &[&other]).signature, Verdict::Good);
    let twice = format!(
        r#"{{"payload":"{}","protected":"{}","header":{{"alg":"none"}},"signature":"{}"}}"#,
        part(&a, 1),
        part(&a, 0),
        part(&a, 2)
    );
    let found = judge(&twice, &[&mine]);
    assert_eq!((found.structure, found.signature), (Verdict::Bad, Verdict::Unknown));
    assert!(codes(&found.findings).contains(&"duplicate-member"));
    let again = general(&[one(&a)]).replacen('{', &format!(r#"{{"payload":"{}","#, text_of("{}")), 1);
    assert_eq!(
        (judge(&again, &[&mine]).signature, codes(&judge(&again, &[&mine]).findings)),
        (Verdict::Unknown, vec!["duplicate-member"])
    );
    // Other JSON with such members is none, and thousands of signatures take no time.
    assert_eq!(judge(r#"{"payload":"e30","signature":"AA"}"#, &[]).structure, Verdict::Bad);
    let many = general(&vec![one(&b); 20_000]);
    assert_ne!(judge(&many, &[&mine, &other]).signature, Verdict::Good);
}

/// What inspection calls an error of a header is not signed, and both say it in the same words.
#[test]
fn what_is_an_error_of_a_header_is_not_signed() {
    let jwk = key_file("p256.pkcs8.pem");
    let signing = SigningKey::new(Alg::ES256, &jwk, false).unwrap();
    let mut said = String::new();
    for members in [
        r#""b64":false,"crit":["b64"]"#,
        r#""b64":false"#,
        r#""b64":1"#,
        r#""crit":["exp"]"#,
        r#""crit":["exp"],"exp":1"#,
        r#""crit":[]"#,
        r#""kid":7"#,
        r#""kid":"""#,
        r#""kid":" ""#,
        r#""kid":"\ud800""#,
        r#""typ":5"#,
        r#""jku":"http://example.org/jwks.json""#,
        r#""x5u":"https://10.0.0.1/cert.pem""#,
        r#""jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}"#,
        r#""jwk":{"kty":"oct","k":"AA"}"#,
        r#""x":{"keys":[{"kty":"RSA","n":"AA","e":"AA","qi":"AA"}]}"#,
    ] {
        let header =
            format!(r#"{{"alg":"ES256","typ":"JWT",{members}}}"#).replacen(r#""typ":"JWT","typ""#, r#""typ""#, 1);
        let error = Draft::jwt(&header, CLAIMS).unwrap_err();
        let DraftError::Header(finding) = &error else { panic!("{members}: {error}") };
        said += &format!("{members}\n    {error}\n    hint: {}\n", error.hint().unwrap_or("-"));
        let intent = DangerousIntent::because("inspection shall say the same of the finished token");
        let token = signed_as_typed(&header, CLAIMS.as_bytes(), &signing, intent).unwrap();
        let found = judge(token.as_str(), &[&jwk]);
        assert!(found.findings.contains(finding), "{members}");
        assert!(found.signature == Verdict::Bad || found.policy == Verdict::Bad, "{members}: {found:?}");
    }
    insta::assert_snapshot!(said);
    for members in
        [r#""kid":"a""#, r#""b64":true"#, r#""jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, r#""zip":"DEF""#]
    {
        assert!(Draft::jwt(&format!(r#"{{"alg":"ES256",{members}}}"#), CLAIMS).is_ok(), "{members}");
    }
    let claims = r#"{"cnf":{"jwk":{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}}}"#;
    assert!(matches!(Draft::jwt(r#"{"alg":"ES256"}"#, claims), Err(DraftError::Claims(_))));
    assert!(Draft::jwt(r#"{"alg":"ES256"}"#, &claims.replace(r#","d":"AA""#, "")).is_ok());
}

#[test]
fn a_private_key_is_found_and_its_numbers_are_not_told() {
    let private = text("keys/p256.priv.jwk.json");
    let d = serde_json::from_str::<serde_json::Value>(&private).unwrap()["d"].as_str().unwrap().to_owned();
    let jwk = key_file("p256.pkcs8.pem");
    let token = sign(Alg::ES256, &jwk, &format!(r#"{{"alg":"ES256","typ":"dpop+jwt","jwk":{private}}}"#), CLAIMS);
    let found = judge(&token, &[&jwk]);
    assert_eq!((found.signature, found.policy), (Verdict::Good, Verdict::Bad));
    assert_eq!(codes(&found.findings), ["private-key-in-header"]);
    assert!(!said(&found).contains(&d));
}

/// A proof of possession brings its public key and has no exp, by its own rules (RFC 9449 §4.2).
#[test]
fn a_dpop_proof_is_not_told_that_it_never_expires() {
    let jwk = key_file("p256.pkcs8.pem");
    let public = text("keys/p256.pub.jwk.json");
    let claims = format!(r#"{{"jti":"a","htm":"POST","htu":"https://as.example/token","iat":{NOW}}}"#);
    for typ in ["dpop+jwt", "DPoP+JWT", "application/dpop+jwt"] {
        let token = sign(Alg::ES256, &jwk, &format!(r#"{{"typ":"{typ}","alg":"ES256","jwk":{public}}}"#), &claims);
        assert_eq!(codes(&judge(&token, &[&jwk]).findings), ["exp-not-usual"]);
    }
    let token = sign(Alg::ES256, &jwk, &format!(r#"{{"typ":"at+jwt","alg":"ES256","jwk":{public}}}"#), &claims);
    assert_eq!(codes(&judge(&token, &[&jwk]).findings), ["embedded-key", "exp-missing"]);
}

/// RSA-PSS with every length of a salt, made by another implementation.
#[test]
fn the_salt_of_a_pss_signature_is_measured() {
    use rsa::{
        pkcs8::DecodePrivateKey,
        signature::{RandomizedSigner, SignatureEncoding},
    };
    let private = rsa::RsaPrivateKey::from_pkcs8_pem(&text("keys/rsa-2048.pkcs8.pem")).unwrap();
    let jwk = key_file("rsa-2048.pub.pem");
    let header = r#"{"alg":"PS256"}"#;
    let input = assemble(header, CLAIMS.as_bytes(), b"");
    let input = input.trim_end_matches('.');
    for salt in [0, 1, 20, 31, 33, 64, 222] {
        let key = rsa::pss::SigningKey::<sha2::Sha256>::new_with_salt_len(private.clone(), salt);
        let signature = key.sign_with_rng(&mut rsa::rand_core::OsRng, input.as_bytes()).to_bytes();
        let found = judge(assemble(header, CLAIMS.as_bytes(), &signature), &[&jwk]);
        assert_eq!(found.signature, Verdict::Bad);
        let near = found.findings.iter().find(|finding| finding.code.name() == "near-miss").unwrap();
        assert!(
            near.message.contains(&format!("the salt had 32 bytes, as RFC 7518 §3.5 wants for PS256; it has {salt}")),
            "{}",
            near.message
        );
    }
    // Another hash, of the message and of the mask.
    let key = rsa::pss::SigningKey::<sha2::Sha512>::new_with_salt_len(private.clone(), 20);
    let signature = key.sign_with_rng(&mut rsa::rand_core::OsRng, input.as_bytes()).to_bytes();
    let found = judge(assemble(header, CLAIMS.as_bytes(), &signature), &[&jwk]);
    let near = found.findings.iter().find(|finding| finding.code.name() == "near-miss").unwrap();
    insta::assert_snapshot!(near.message, @r#"would verify with "key 1" if PS256 used SHA-512, a mask with SHA-512 and a salt of 20 bytes, as the signer did"#);
    // A key of one's vault that nearly made it did make it, though nobody named it for this token.
    let key = rsa::pss::SigningKey::<sha2::Sha256>::new_with_salt_len(private.clone(), 64);
    let signature = key.sign_with_rng(&mut rsa::rand_core::OsRng, input.as_bytes()).to_bytes();
    let found = judge_with(assemble(header, CLAIMS.as_bytes(), &signature), &[&good_secret(), &jwk], false, &[]);
    assert_eq!((found.signature, found.key), (Verdict::Bad, Some(1)));
    // Where the message is another, no salt fits.
    let other = rsa::pss::SigningKey::<sha2::Sha256>::new_with_salt_len(private, 20);
    let signature = other.sign_with_rng(&mut rsa::rand_core::OsRng, b"another").to_bytes();
    let found = judge(assemble(header, CLAIMS.as_bytes(), &signature), &[&jwk]);
    assert!(!codes(&found.findings).contains(&"near-miss"));
}

/// A text in lines of that many characters, each with something before and behind it.
fn wrapped(text: &str, width: usize, before: &str, behind: &str) -> String {
    let lines: Vec<&[u8]> = text.as_bytes().chunks(width).collect();
    let line = |line: &&[u8]| format!("{before}{}", std::str::from_utf8(line).unwrap());
    lines.iter().map(line).collect::<Vec<_>>().join(&format!("{behind}\n"))
}

/// What people paste: the token is found, and its signature judged.
#[test]
fn a_token_is_judged_in_whatever_it_was_pasted() {
    let jwk = good_secret();
    let token = token(Alg::HS256, &jwk);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let standard = signature.replace('-', "+").replace('_', "/");
    let dots = token.replace('.', "%2E");
    let around = [
        format!("{token}\n"),
        format!("\t{token}\r\n"),
        format!("{token},"),
        format!("{token};"),
        format!("\"{token}\","),
        format!("'{token}'"),
        format!("`{token}`"),
        format!("<{token}>"),
        format!("[{token}]"),
        format!("({token})."),
        format!("“{token}”"),
        format!("\\\"{token}\\\""),
        format!("*{token}*"),
        format!("| {token} |"),
        format!("{token}%"),
        format!("{token}\\n"),
        format!("{token}%0D%0A"),
        format!("\u{a0}{token}\u{a0}"),
        format!("\u{feff}{token}"),
        format!("\u{200b}{token}\u{200b}"),
        format!("Bearer {token}"),
        format!("BEARER  {token}\n"),
        format!("Bearer\u{a0}{token}"),
        format!("Bearer{token}"),
        format!("Authorization:Bearer{token}"),
        format!("Authorization: Bearer {token}\r\nAccept: */*"),
        format!("authorization=Bearer%20{token}"),
        format!("authorization=Bearer%20{dots}&x=1"),
        format!("Authorization: JWT {token}"),
        format!("{{\"access_token\":\"{token}\",\"expires_in\":300}}"),
        format!("{{\\\"access_token\\\":\\\"{token}\\\"}}"),
        format!("access_token: {token}"),
        format!("export JWT={token}"),
        format!("$env:JWT = \"{token}\""),
        format!("session={token}; Path=/; HttpOnly"),
        format!("https://example.org/cb#access_token={token}&state=1"),
        format!("https://example.org/cb?token={dots}&x=1"),
        format!("https://example.org/check/{token}/state"),
        format!("[a token](https://jwt.io/#debugger-io?token={token})"),
        format!("<token>{token}</token>"),
        format!("b'{token}'"),
        format!("2026-11-30T10:00:00Z api.example.org token={token} status=401"),
        format!("http POST example.org Authorization:\"Bearer {token}\""),
        format!("example.eu.auth0.com issued {token}"),
    ];
    for text in &around {
        let found = judge(text, &[&jwk]);
        assert_eq!(verdicts(&found), ("good", "good", "good"), "{text}");
        let codes = codes(&found.findings);
        assert!(!codes.is_empty() && codes.iter().all(|code| *code == "around-token"), "{text}: {codes:?}");
    }
    let damaged = [
        wrapped(&token, 64, "", ""),
        wrapped(&token, 40, "", "\r"),
        wrapped(&token, 40, "    ", ""),
        wrapped(&token, 40, "> ", ""),
        wrapped(&token, 40, "", " \\"),
        wrapped(&token, 40, "\"", "\" +") + "\"",
        format!("Authorization: Bearer {}", wrapped(&token, 40, "  ", "")),
        token.replace('.', ".\n"),
        format!("{input}.{standard}="),
        format!("Bearer {input}.{standard}="),
        format!("{{\"token\": \"{input}.{standard}=\"}}"),
        format!("{}\u{200b}{}", &token[..50], &token[50..]),
    ];
    for text in &damaged {
        let found = judge(text, &[&jwk]);
        assert_eq!(verdicts(&found), ("bad", "good", "good"), "{text}: {}", said(&found));
        assert!(codes(&found.findings).contains(&"signed-as-written"), "{text}");
    }
    // Without padding and in standard base64 nothing but the alphabet is wrong, where it differs at all.
    let found = judge(format!("Bearer {input}.{standard}"), &[&jwk]);
    assert_eq!(found.signature, Verdict::Good);
}
