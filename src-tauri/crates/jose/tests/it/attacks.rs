//! Tokens and keys by somebody who means harm. None of them is ever good.

use std::time::Duration;

use keywright_jose::{
    Alg,
    inspect::Inspection,
    key::{
        Jwk, PublicKey,
        check::{Purpose, fit},
        read,
        write::{self, Format, Half},
    },
    sign::{Draft, DraftError, SigningKey},
    verify::{Keyring, Trust, TrustedKey, UnverifiedJws, Verdict, verify_bytes},
};

use crate::support::{
    CLAIMS, Noise, assemble, codes, good_secret, judge, judge_with, key, key_file, public_half, secret, sign, text,
    token, vector,
};
use crate::worked::worked;

fn assert_refused(found: &Inspection, verdict: Verdict, code: &str) {
    assert_eq!(found.signature, verdict, "{found:?}");
    assert!(codes(&found.findings).contains(&code), "{code} wanted: {found:?}");
}

#[test]
fn no_signature_is_no_signature_in_any_case_of_the_word() {
    let jwk = good_secret();
    for name in ["none", "None", "NONE", "nOnE"] {
        for signature in [b"".as_slice(), b"x"] {
            let token = assemble(&format!(r#"{{"alg":"{name}"}}"#), CLAIMS.as_bytes(), signature);
            assert_refused(&judge(&token, &[&jwk]), Verdict::Bad, "alg-none");
            assert_refused(&judge(&token, &[]), Verdict::Bad, "alg-none");
            assert_refused(&judge_with(&token, &[], false, &[]), Verdict::Bad, "alg-none");
        }
    }
    let stripped = token(Alg::HS256, &jwk).rsplit_once('.').unwrap().0.to_owned() + ".";
    assert_refused(&judge(&stripped, &[&jwk]), Verdict::Bad, "signature-missing");
}

/// CVE-2015-9235, CVE-2022-29217: the public key, known to all, as the secret of a MAC.
#[test]
fn a_public_key_is_never_a_secret() {
    for (pem, alg) in
        [("p256.pub.pem", Alg::ES256), ("rsa-2048.pub.pem", Alg::RS256), ("p521-none.pub.pem", Alg::ES512)]
    {
        let public = key_file(pem);
        let written = |format| write::write(&public, Half::Public, format, None).unwrap().to_vec();
        let pem_text = text(&format!("keys/{pem}"));
        let body: String = pem_text.lines().filter(|line| !line.starts_with('-')).collect();
        let texts: [Vec<u8>; 8] = [
            pem_text.clone().into(),
            pem_text.trim_end().into(),
            pem_text.replace('\n', "\r\n").into(),
            body.into(),
            data_encoding::BASE64.encode(pem_text.as_bytes()).into(),
            written(Format::Der),
            written(Format::Jwk),
            written(Format::Jwks),
        ];
        for bytes in texts {
            let forger = hmac_by_hand(&bytes);
            // The server's key is the pair's public half: the type does not fit, and says nothing about the MAC.
            assert_refused(&judge(&forger, &[&public]), Verdict::Unknown, "alg-key-type");
            assert_eq!(judge_with(&forger, &[&public], false, &[]).signature, Verdict::Unknown);
            assert_eq!(judge_with(&forger, &[&public], true, &[alg]).signature, Verdict::Bad);
            // The careless server put the file into its secret: the secret is refused.
            let careless = secret(&bytes);
            assert_refused(&judge(&forger, &[&careless]), Verdict::Bad, "secret-is-key");
            assert!(SigningKey::new(Alg::HS256, &careless, true).is_err());
            assert!(!verify_bytes(Alg::HS256, &careless, b"a", b"b"));
        }
    }
}

/// A token that `secret` made, by the engine below, since no signing key takes such a secret.
fn hmac_by_hand(bytes: &[u8]) -> String {
    let unsigned = assemble(r#"{"alg":"HS256"}"#, CLAIMS.as_bytes(), b"");
    let input = unsigned.trim_end_matches('.');
    let tag = aws_lc_rs::hmac::sign(&aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, bytes), input.as_bytes());
    format!("{input}.{}", data_encoding::BASE64URL_NOPAD.encode(tag.as_ref()))
}

/// CVE-2018-0114.
#[test]
fn a_key_inside_the_token_is_shown_and_not_used() {
    let (mine, forger) = (key_file("p256.pkcs8.pem"), key_file("p384.pkcs8.pem"));
    let forger_public =
        String::from_utf8(write::write(&forger, Half::Public, Format::Jwk, None).unwrap().to_vec()).unwrap();
    let header =
        format!(r#"{{"alg":"ES384","jwk":{},"x5c":["MIIB"],"jku":"https://evil.example/jwks"}}"#, forger_public.trim());
    let token = sign(Alg::ES384, &forger, &header, CLAIMS);
    assert_refused(&judge(&token, &[&mine]), Verdict::Unknown, "embedded-key");
    assert_refused(&judge_with(&token, &[&mine], false, &[]), Verdict::Unknown, "key-url");
    assert_refused(&judge(&token, &[]), Verdict::Unknown, "embedded-key");
}

/// CVE-2022-21449, and what else is no signature.
#[test]
fn psychic_and_misshapen_signatures_are_bad() {
    let order_256 =
        data_encoding::HEXLOWER.decode(b"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551").unwrap();
    let one = [vec![0; 31], vec![1]].concat();
    let jwk = key_file("p256.pkcs8.pem");
    let with = |r: &[u8], s: &[u8]| judge(assemble(r#"{"alg":"ES256"}"#, b"{}", &[r, s].concat()), &[&jwk]);
    for (r, s) in [
        (&[0; 32][..], &[0; 32][..]),
        (&one, &[0; 32]),
        (&[0; 32], &one),
        (&order_256, &one),
        (&one, &order_256),
        (&[0xff; 32], &[0xff; 32]),
    ] {
        assert_refused(&with(r, s), Verdict::Bad, "ecdsa-range");
    }
    assert_refused(&with(&one, &one), Verdict::Bad, "signature-bad");
    assert_refused(&with(&one, b""), Verdict::Bad, "ecdsa-length");
    for (alg, name) in [(Alg::ES384, "p384"), (Alg::ES512, "p521-none"), (Alg::ES256K, "secp256k1")] {
        let jwk = key_file(&format!("{name}.pkcs8.pem"));
        let length = alg.row().signature_len.unwrap();
        let zero = assemble(&format!(r#"{{"alg":"{alg}"}}"#), b"{}", &vec![0; length]);
        assert_refused(&judge(zero, &[&jwk]), Verdict::Bad, "ecdsa-range");
    }
    let rsa = key_file("rsa-2048.pub.pem");
    for bytes in [vec![0; 256], vec![0xff; 256], [vec![0; 255], vec![1]].concat()] {
        assert_refused(&judge(assemble(r#"{"alg":"RS256"}"#, b"{}", &bytes), &[&rsa]), Verdict::Bad, "signature-bad");
    }
    assert_refused(&judge(assemble(r#"{"alg":"RS256"}"#, b"{}", &[1; 255]), &[&rsa]), Verdict::Bad, "signature-length");
}

#[test]
fn an_algorithm_comes_from_the_key_and_the_list() {
    let rsa = key_file("rsa-2048.pkcs8.pem");
    let token = token(Alg::RS256, &rsa);
    assert_eq!(judge_with(&token, &[&rsa], true, &[Alg::RS256, Alg::PS256]).signature, Verdict::Good);
    assert_refused(&judge_with(&token, &[&rsa], true, &[Alg::PS256]), Verdict::Bad, "alg-not-allowed");
    // An empty list allows what the keys allow, which is not everything.
    let bound = Jwk { alg: key(r#"{"kty":"oct","k":"AAECAw","alg":"PS256"}"#).alg, ..key_file("rsa-2048.pkcs8.pem") };
    assert_refused(&judge(&token, &[&bound]), Verdict::Bad, "alg-not-the-keys");
    // ES521 is not a name for ES512, and a misspelling binds the key to nothing that signs.
    let misspelt =
        Jwk { alg: key(r#"{"kty":"oct","k":"AAECAw","alg":"ES521"}"#).alg, ..key_file("p521-none.pkcs8.pem") };
    assert_refused(
        &judge(crate::support::token(Alg::ES512, &key_file("p521-none.pkcs8.pem")), &[&misspelt]),
        Verdict::Bad,
        "alg-not-the-keys",
    );
    assert!(SigningKey::new(Alg::ES512, &misspelt, true).is_err());
    assert_eq!(misspelt.default_alg(), None);
}

/// RFC 9864: Ed25519 is another name for the same computation, wherever it stands.
#[test]
fn both_names_of_ed25519_are_one() {
    let jwk = key_file("ed25519.pkcs8.pem");
    for name in ["EdDSA", "Ed25519"] {
        let token = sign(Alg::EdDSA, &jwk, &format!(r#"{{"alg":"{name}","typ":"JWT"}}"#), CLAIMS);
        for declared in ["EdDSA", "Ed25519"] {
            let bound = key(text("keys/ed25519.pub.jwk.json").replacen('{', &format!(r#"{{"alg":"{declared}","#), 1));
            assert_eq!(judge_with(&token, &[&bound], true, &[Alg::EdDSA]).signature, Verdict::Good);
        }
    }
    assert!("Ed448".parse::<Alg>().is_err());
}

#[test]
fn what_a_key_is_for_is_kept_to() {
    let p256 = text("keys/p256.priv.jwk.json");
    let with = |members: &str| key(p256.replacen('{', &format!("{{{members},"), 1));
    let oct = |ops: &str| key(format!(r#"{{"kty":"oct","k":"{}","key_ops":{ops}}}"#, "A".repeat(43) + "E"));
    let may = |jwk: &Jwk, alg, purpose| fit(alg, jwk, purpose).is_ok();
    use Purpose::{Sign, Verify};

    let signs = with(r#""key_ops":["sign"]"#);
    assert!(may(&signs, Alg::ES256, Sign) && may(&signs, Alg::ES256, Verify));
    let verifies = with(r#""key_ops":["verify"]"#);
    assert!(!may(&verifies, Alg::ES256, Sign) && may(&verifies, Alg::ES256, Verify));
    assert!(!may(&with(r#""key_ops":["deriveKey"]"#), Alg::ES256, Verify));
    assert!(!may(&with(r#""use":"enc""#), Alg::ES256, Verify));
    // The two ends of a shared secret can be told apart.
    assert!(!may(&oct(r#"["sign"]"#), Alg::HS256, Verify) && may(&oct(r#"["verify"]"#), Alg::HS256, Verify));
    assert!(!may(&oct(r#"["verify"]"#), Alg::HS256, Sign));
    // A list that is wrong allows nothing, and so is not read.
    for ops in [r#""sign""#, "[]", "[1]", "null", r#"{"sign":true}"#] {
        let text = format!(r#"{{"kty":"oct","k":"AAAA","key_ops":{ops}}}"#);
        assert!(read::read(text.as_bytes(), None).is_err(), "{ops}");
    }
}

#[test]
fn critical_extensions_and_unencoded_payloads_are_bad_with_the_right_key() {
    let jwk = good_secret();
    for (member, code) in [
        (r#""crit":["exp"],"exp":1"#, "crit-unknown"),
        (r#""crit":["b64"],"b64":true"#, "crit-unknown"),
        (r#""crit":["b64"],"b64":false"#, "unencoded-payload"),
        (r#""b64":false"#, "unencoded-payload"),
        (r#""crit":["gone"]"#, "crit-malformed"),
        (r#""crit":[]"#, "crit-malformed"),
        (r#""crit":"alg""#, "crit-malformed"),
        (r#""crit":null"#, "crit-malformed"),
        (r#""crit":[1]"#, "crit-malformed"),
        (r#""crit":["alg"]"#, "crit-unknown"),
    ] {
        let token = sign(Alg::HS256, &jwk, &format!(r#"{{"alg":"HS256",{member}}}"#), CLAIMS);
        assert_refused(&judge(token, &[&jwk]), Verdict::Bad, code);
    }
}

/// CVE-2022-39227 and its like: what two readers read differently is not judged at all.
#[test]
fn a_token_that_can_be_read_in_two_ways_is_not_judged() {
    let jwk = good_secret();
    let good = token(Alg::HS256, &jwk);
    let (input, signature) = good.rsplit_once('.').unwrap();
    let stray = format!("{}{}", &good[..good.len() - 1], if good.ends_with('A') { 'B' } else { 'D' });
    for (token, code) in [
        (format!("{good}."), "part-count"),
        (format!("{good}.x"), "part-count"),
        (format!("{good}?"), "foreign-character"),
        (stray, "trailing-bits"),
        (format!("{good}AA"), "part-length"),
        (format!(".{good}"), "part-count"),
        (input.to_owned(), "part-count"),
    ] {
        let found = judge(&token, &[&jwk]);
        assert_refused(&found, Verdict::Unknown, code);
        assert_eq!(found.structure, Verdict::Bad);
        assert!(UnverifiedJws::parse(&token).is_err());
    }
    // Padding, white space and the standard alphabet leave no doubt about the bytes: the form is bad, and the signature good.
    let raw = data_encoding::BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    let standard = data_encoding::BASE64.encode(&raw);
    let half = good.len() / 2;
    for token in [
        format!("{input}.{signature}="),
        format!("{input}.{standard}"),
        format!("{}\u{200b}{}", &good[..half], &good[half..]),
        format!("{}\u{a0}{}", &good[..half], &good[half..]),
    ] {
        let found = judge(&token, &[&jwk]);
        assert_refused(&found, Verdict::Good, "signed-as-written");
        assert_eq!(found.structure, Verdict::Bad);
        assert!(UnverifiedJws::parse(&token).is_err());
        let other = judge(&token, &[&secret(&[7; 64])]);
        assert_refused(&other, Verdict::Unknown, "not-judged");
        assert!(!codes(&other.findings).contains(&"no-key"));
    }
    // Duplicate members of a header whose signature is right: first `alg` wins here, last there.
    let header = r#"{"alg":"HS256","alg":"none"}"#;
    let unsigned = assemble(header, CLAIMS.as_bytes(), b"");
    let key = SigningKey::new(Alg::HS256, &jwk, false).unwrap();
    let tag = key.sign_bytes(unsigned.trim_end_matches('.').as_bytes()).unwrap();
    assert_refused(&judge(assemble(header, CLAIMS.as_bytes(), &tag), &[&jwk]), Verdict::Unknown, "duplicate-member");
    assert!(matches!(Draft::jws(header, b""), Err(DraftError::Duplicate { .. })));
}

#[test]
fn a_kid_names_a_key_and_is_no_proof() {
    let (mine, other) = (key_file("p256.pkcs8.pem"), key_file("p384.pkcs8.pem"));
    let kid = mine.key.public().unwrap().thumbprint();
    // Under my kid, by another key on another curve: mine cannot have made it, and the other is not tried.
    let forged = sign(Alg::ES384, &other, &format!(r#"{{"alg":"ES384","kid":"{kid}"}}"#), CLAIMS);
    assert_refused(&judge_with(&forged, &[&mine, &other], false, &[]), Verdict::Unknown, "alg-curve");
    // Under another's kid, by my key: the signature is mine, and still not what the token says.
    let again = key_file("p256.pkcs8.pem");
    let twin = Jwk { kid: Some("twin".to_owned()), ..public_half(&key(p256_of(7))) };
    let swapped = sign(Alg::ES256, &again, r#"{"alg":"ES256","kid":"twin"}"#, CLAIMS);
    let found = judge(&swapped, &[&mine, &twin]);
    assert_refused(&found, Verdict::Bad, "payload-changed");
    assert!(found.findings.iter().any(|finding| finding.message.contains("would verify with \"key 1\"")));
    // Without a kid each fitting key is tried, and that is said.
    let bare = token(Alg::ES256, &mine);
    let found = judge_with(&bare, &[&other, &twin, &mine], false, &[]);
    assert_refused(&found, Verdict::Good, "key-by-trial");
    assert_eq!(found.key, Some(2));
    // One kid for two keys: each is tried.
    let same = Jwk { kid: Some("twin".to_owned()), ..key_file("p256.pkcs8.pem") };
    assert_eq!(judge(&swapped, &[&twin, &same]).key, Some(1));
}

pub fn p256_of(seed: u64) -> Vec<u8> {
    use pkcs8::EncodePrivateKey;
    let secret = p256::SecretKey::from_slice(&Noise(seed).bytes(32)).unwrap();
    secret.to_pkcs8_der().unwrap().as_bytes().to_vec()
}

#[test]
fn weak_keys_prove_nothing() {
    // A perfect MAC under a secret that everybody has.
    assert_refused(&judge(hmac_by_hand(b""), &[&secret(b"")]), Verdict::Bad, "secret-empty");
    // Short: reported where it is bare, refused where the key says what it is for.
    let short = hmac_by_hand(b"kX9-short");
    assert_refused(&judge(&short, &[&secret(b"kX9-short")]), Verdict::Good, "secret-guessable");
    assert_eq!(judge(&short, &[&secret(b"kX9-short")]).policy, Verdict::Bad);
    let less = b"kX9-short-but-not-to-be-found";
    assert_refused(&judge(hmac_by_hand(less), &[&secret(less)]), Verdict::Good, "secret-short");
    assert_eq!(judge(hmac_by_hand(less), &[&secret(less)]).policy, Verdict::Good);
    assert_refused(&judge(hmac_by_hand(b"k"), &[&secret(b"k")]), Verdict::Good, "secret-guessable");
    let k = data_encoding::BASE64URL_NOPAD.encode(b"kX9-short");
    let bound = key(format!(r#"{{"kty":"oct","k":"{k}","alg":"HS256"}}"#));
    assert_refused(&judge(&short, &[&bound]), Verdict::Bad, "secret-under-alg");
    // Known and guessable: good, and the finding is an error.
    for known in [&b"your-256-bit-secret"[..], b"secret\n", &[0; 32], &[b'a'; 64]] {
        assert_refused(&judge(hmac_by_hand(known), &[&secret(known)]), Verdict::Good, "secret-known");
        assert_eq!(judge(hmac_by_hand(known), &[&secret(known)]).policy, Verdict::Bad);
        assert!(SigningKey::new(Alg::HS256, &secret(known), false).is_err());
    }
    let rsa_1024 = key(vector("bad/rsa-1024.pkcs1.pem"));
    assert_refused(&judge(assemble(r#"{"alg":"RS256"}"#, b"{}", &[1; 128]), &[&rsa_1024]), Verdict::Bad, "rsa-short");
    let small = key(vector("bad/rsa-e3.pkcs8.pem"));
    assert_refused(&judge(assemble(r#"{"alg":"RS256"}"#, b"{}", &[1; 256]), &[&small]), Verdict::Bad, "rsa-exponent");
    for jwk in [&rsa_1024, &small, &key(rsa_with(&modulus(), &[1])), &key(rsa_with(&roca_modulus(), &[1, 0, 1]))] {
        assert!(SigningKey::new(Alg::RS256, jwk, true).is_err());
        assert!(!verify_bytes(Alg::RS256, jwk, b"", &[1; 256]));
    }
}

/// With e = 1 the padded hash is its own signature: a forgery that the bare computation would take.
#[test]
fn with_an_exponent_of_one_nothing_is_good() {
    let jwk = key(rsa_with(&modulus(), &[1]));
    let input = assemble(r#"{"alg":"RS256"}"#, CLAIMS.as_bytes(), b"");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, input.trim_end_matches('.').as_bytes());
    let prefix = data_encoding::HEXLOWER.decode(b"3031300d060960864801650304020105000420").unwrap();
    let tail = [&[0][..], &prefix, digest.as_ref()].concat();
    let padded = [&[0, 1][..], &vec![0xff; 256 - 2 - tail.len()], &tail].concat();
    let forged = assemble(r#"{"alg":"RS256"}"#, CLAIMS.as_bytes(), &padded);
    assert_refused(&judge(forged, &[&jwk]), Verdict::Bad, "rsa-exponent");
}

/// The modulus of a sound key.
pub fn modulus() -> Vec<u8> {
    let Some(PublicKey::Rsa(rsa)) = key_file("rsa-2048.pub.pem").key.public() else { panic!("an RSA key") };
    rsa.n
}

/// A public RSA key as a JWK.
pub fn rsa_with(n: &[u8], e: &[u8]) -> String {
    let number = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
    format!(r#"{{"kty":"RSA","n":"{}","e":"{}"}}"#, number(n), number(e))
}

/// An odd number of 2,048 bits that is congruent to 65537^5 modulo the product of the primes of the fingerprint, as the
/// moduli of CVE-2017-15361 are to some power: with 2^64 < product, a multiple of it is added until the top bits are set.
pub fn roca_modulus() -> Vec<u8> {
    let primes: [u128; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];
    let product: u128 = primes.iter().product();
    let residue = (0..5).fold(1u128, |power, _| power * 65537 % product);
    // n = 2 * product * k + residue', with residue' odd and congruent; k is 2^(2047 - bits) and more.
    let odd = if residue % 2 == 1 { residue } else { residue + product };
    let bits = 128 - (2 * product).leading_zeros();
    let shift = 2047 - bits as usize + 1;
    let mut n = vec![0u8; 256];
    // 2 * product << shift, then + odd: the bits do not meet.
    let wide = 2 * product;
    for bit in 0..128 {
        if wide >> bit & 1 == 1 {
            let at = bit + shift;
            n[255 - at / 8] |= 1 << (at % 8);
        }
    }
    n[240..].copy_from_slice(&odd.to_be_bytes());
    assert!(n[0] >= 0x80 && n[255] % 2 == 1);
    n
}

/// Under a key of small order one signature is good for many messages; each of the points is shown to be one.
#[test]
fn ed25519_keys_of_small_order_are_not_read() {
    let mut identity = [0; 64];
    identity[0] = 1;
    let hex = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ];
    let mut forged = 0;
    for point in hex {
        let point = data_encoding::HEXLOWER.decode(point.as_bytes()).unwrap();
        for sign in [0, 0x80] {
            let mut point = point.clone();
            point[31] |= sign;
            let engine = aws_lc_rs::signature::UnparsedPublicKey::new(&aws_lc_rs::signature::ED25519, &point);
            forged += usize::from((0..200u8).any(|message| engine.verify(&[message], &identity).is_ok()));
            let x = data_encoding::BASE64URL_NOPAD.encode(&point);
            let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#);
            assert!(read::read(jwk.as_bytes(), None).is_err());
        }
    }
    assert!(forged >= 7, "the engine was fooled by {forged} of these points; they are not what they are taken for");
}

#[test]
fn the_numbers_of_a_key_must_belong_together() {
    let rsa: serde_json::Value = serde_json::from_str(&text("keys/rsa-2048.priv.jwk.json")).unwrap();
    for name in ["n", "e", "d", "p", "q", "dp", "dq", "qi"] {
        let mut bytes = data_encoding::BASE64URL_NOPAD.decode(rsa[name].as_str().unwrap().as_bytes()).unwrap();
        // Two up keeps a prime's number odd, so that more than parity must be looked at.
        let last = bytes.len() - 1;
        bytes[last] = bytes[last].wrapping_add(2);
        let mut changed = rsa.clone();
        changed[name] = data_encoding::BASE64URL_NOPAD.encode(&bytes).into();
        assert!(read::read(changed.to_string().as_bytes(), None).is_err(), "{name} as JWK");
        changed[name] = "AA".into();
        assert!(read::read(changed.to_string().as_bytes(), None).is_err(), "{name} is zero");
    }
    let der = data_encoding::BASE64
        .decode(text("keys/rsa-2048.pkcs1.pem").lines().filter(|l| !l.starts_with('-')).collect::<String>().as_bytes())
        .unwrap();
    for at in [40, 300, 600, 700, 850, 950, 1100] {
        let mut changed = der.clone();
        changed[at] ^= 0x10;
        assert!(read::read(&changed, None).is_err(), "byte {at}");
    }
    for (name, member) in [("p256", "x"), ("p384", "y"), ("p521-none", "d"), ("ed25519", "x"), ("ed25519", "d")] {
        let mut jwk: serde_json::Value = serde_json::from_str(&text(&format!("keys/{name}.priv.jwk.json"))).unwrap();
        let mut bytes = data_encoding::BASE64URL_NOPAD.decode(jwk[member].as_str().unwrap().as_bytes()).unwrap();
        bytes[20] ^= 1;
        jwk[member] = data_encoding::BASE64URL_NOPAD.encode(&bytes).into();
        assert!(read::read(jwk.to_string().as_bytes(), None).is_err(), "{name} {member}");
    }
    // Version 2 of PKCS#8 brings a public half (RFC 8410 §10.3), here of another key.
    let seed = [7; 32];
    let pair = aws_lc_rs::signature::Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
    let mut v2 =
        aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::Pkcs8V2Der<'_>>::as_der(&pair).unwrap().as_ref().to_vec();
    assert!(read::read(&v2, None).is_ok());
    *v2.last_mut().unwrap() ^= 1;
    assert_eq!(read::read(&v2, None).unwrap_err(), read::ReadError::HalvesDiffer);
}

#[test]
fn der_is_read_to_its_last_byte() {
    for name in ["p256", "rsa-2048", "ed25519"] {
        let jwk = key_file(&format!("{name}.pkcs8.pem"));
        let private = write::pkcs8_der(jwk.key.private().unwrap()).to_vec();
        for good in [private, write::spki_der(&jwk.key.public().unwrap())] {
            assert!(read::read(&good, None).is_ok());
            for more in [&[0][..], &[0x30, 0], &[0x04, 1, 1]] {
                assert!(read::read(&[&good[..], more].concat(), None).is_err());
            }
            for cut in [1, 2, 10, good.len() - 1] {
                assert!(read::read(&good[..good.len() - cut], None).is_err());
            }
        }
    }
}

/// What stands under a label is what it is; it is not believed to be public because the label says so.
#[test]
fn a_private_key_under_a_public_label_is_private() {
    let jwk = key_file("p256.pkcs8.pem");
    let pem = text("keys/p256.pkcs8.pem").replace("PRIVATE KEY", "PUBLIC KEY");
    let found = read::read(pem.as_bytes(), None).unwrap();
    assert_eq!(found.form, "PKCS#8 in PEM");
    assert!(found.keys[0].key.private().is_some());
    assert_eq!(found.keys[0].key.public(), jwk.key.public());
}

#[test]
fn work_is_bounded_before_it_is_done() {
    let ((), took) = worked(bounded);
    assert!(took < Duration::from_secs(5), "{took:?}");
}

fn bounded() {
    // PBKDF2 with 2^31 - 1 rounds, and scrypt with 16 TiB: the numbers are patched into real files.
    let pbkdf2 = der_of("keys/p521-encrypted.pkcs8.pem");
    let at = find(&pbkdf2, &[0x02, 0x02, 0x08, 0x00]);
    let mut many = pbkdf2.clone();
    many.splice(at..at + 4, [0x02, 0x04, 0x7f, 0xff, 0xff, 0xff]);
    for outer in lengths_around(&pbkdf2, at) {
        grow(&mut many, outer, 2);
    }
    assert!(matches!(read::read(&many, Some(b"x")), Err(read::ReadError::TooMuchWork { found: 0x7fff_ffff, .. })));
    let scrypt = der_of("keys/p256-scrypt.pkcs8.pem");
    let at = find(&scrypt, &[0x02, 0x02, 0x40, 0x00]);
    let mut huge = scrypt.clone();
    huge.splice(at..at + 4, [0x02, 0x05, 0x40, 0x00, 0x00, 0x00, 0x00]);
    for outer in lengths_around(&scrypt, at) {
        grow(&mut huge, outer, 3);
    }
    assert!(matches!(read::read(&huge, Some(b"x")), Err(read::ReadError::TooMuchWork { .. })));
    // A modulus of 400,000 bits.
    let wide = key(rsa_with(&[0xff; 50_000], &[1, 0, 1]));
    assert!(!verify_bytes(Alg::RS256, &wide, b"", &[1; 50_000]));
    assert!(SigningKey::new(Alg::RS256, &wide, true).is_err());
    assert!(read::read(&vec![b' '; read::MAX_BYTES + 1], None).is_err());
}

fn der_of(path: &str) -> Vec<u8> {
    let body: String = text(path).lines().filter(|line| !line.starts_with('-')).collect();
    data_encoding::BASE64.decode(body.as_bytes()).unwrap()
}

fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).position(|window| window == wanted).unwrap()
}

/// Where the lengths of the sequences around byte `at` stand.
fn lengths_around(der: &[u8], at: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut here = 0;
    while here < at {
        let (length, header) = match der[here + 1] {
            0x81 => (usize::from(der[here + 2]), 3),
            0x82 => (usize::from(der[here + 2]) << 8 | usize::from(der[here + 3]), 4),
            short => (usize::from(short), 2),
        };
        if der[here] == 0x30 && here + header + length > at {
            found.push(here + header - 1);
            here += header;
        } else {
            here += header + length;
        }
    }
    found
}

fn grow(der: &mut [u8], at: usize, by: u8) {
    der[at] += by;
}

#[test]
fn large_and_nested_input_takes_time_in_proportion() {
    let ((), took) = worked(large_and_nested);
    assert!(took < Duration::from_secs(20), "{took:?}");
}

fn large_and_nested() {
    let jwk = good_secret();
    let many = |member: &str, count: usize| format!("{{\"a\":[{}0]}}", format!("{member},").repeat(count));
    let duplicates = format!("{{{}\"z\":1}}", "\"a\":1,".repeat(100_000));
    let crit: String = (0..20_000).map(|n| format!("\"m{n}\",")).collect();
    let members: String = (0..20_000).map(|n| format!("\"m{n}\":1,")).collect();
    let header = format!(r#"{{"alg":"HS256",{members}"crit":[{crit}"x"]}}"#);
    let inputs = [
        assemble(r#"{"alg":"HS256"}"#, many("1e1", 200_000).as_bytes(), b"x"),
        assemble(r#"{"alg":"HS256"}"#, many("99999999999999999999", 50_000).as_bytes(), b"x"),
        assemble(r#"{"alg":"HS256"}"#, many(r#""\ud800""#, 100_000).as_bytes(), b"x"),
        assemble(r#"{"alg":"HS256"}"#, duplicates.as_bytes(), b"x"),
        assemble(&header, b"{}", b"x"),
        assemble(&"[".repeat(10_000), "{\"a\":".repeat(10_000).as_bytes(), b"x"),
        "ey".repeat(600_000),
        ".".repeat(1_000_000),
        "eyJ.a.".repeat(200_000),
        "a=.b=.".repeat(200_000),
    ];
    for input in inputs {
        let found = judge(&input, &[&jwk]);
        assert_ne!(found.signature, Verdict::Good);
        assert!(found.findings.len() < 200);
        assert!(found.findings.iter().all(|finding| finding.message.len() < 1_000));
    }
    let set = format!("{{\"keys\":[{}]}}", vec![r#"{"kty":"oct","k":"AA","kid":"x"}"#; 20_000].join(","));
    assert!(read::read(set.as_bytes(), None).unwrap().refusal().is_some());
}

/// Near misses are sought with a few keys and in a few ways, however many keys there are and however long the token is.
#[test]
fn many_keys_and_a_long_token_take_no_longer() {
    let (p521, rsa, mac) = (key_file("p521-none.pkcs8.pem"), key_file("rsa-2048.pkcs8.pem"), good_secret());
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(250_000));
    let ((), took) = worked(|| {
        for (alg, jwk, length) in [("ES512", &p521, 132), ("PS256", &rsa, 256), ("HS256", &mac, 32)] {
            for payload in [long.as_str(), CLAIMS] {
                let token = assemble(&format!(r#"{{"alg":"{alg}"}}"#), payload.as_bytes(), &vec![1; length]);
                let found = judge_with(&token, &[jwk; 500], false, &[]);
                assert_eq!(found.signature, Verdict::Unknown);
            }
        }
    });
    assert!(took < Duration::from_secs(8), "{took:?}");
}

#[test]
fn what_stands_in_a_token_cannot_move_the_cursor() {
    let header = r#"{"alg":"HS256\u001b[2J","kid":"\u001b]0;x\u0007--","crit":["\u202e"],"jku":"\u009bhttps://x","typ":"\u001bjwt","zip":"x"}"#;
    let claims = "{\"exp\":\"\u{9b}2J\u{202e}\",\"aud\":{\"\u{85}\":1},\"\\u001b\":1e5,\"iss\":[\"\u{7f}\"]}";
    let found = judge(assemble(header, claims.as_bytes(), b"x"), &[&good_secret()]);
    assert!(found.findings.len() > 6);
    for finding in found.findings {
        let said = format!("{}{}", finding.message, finding.hint.unwrap_or_default());
        assert!(!said.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{said:?}");
    }
}

#[test]
fn a_ring_judges_like_the_keys_it_was_made_of() {
    let (mine, other) = (key_file("p256.pkcs8.pem"), key_file("rsa-2048.pkcs8.pem"));
    let keys = [TrustedKey { name: "mine", jwk: &mine }, TrustedKey { name: "other", jwk: &other }];
    let trust = Trust { keys: &keys, named: false, allowed: &[] };
    let ring = Keyring::new(&trust);
    for (alg, jwk) in [(Alg::ES256, &mine), (Alg::RS256, &other), (Alg::PS512, &other), (Alg::HS256, &good_secret())] {
        let token = token(alg, jwk);
        let jws = UnverifiedJws::parse(&token).unwrap();
        for _ in 0..2 {
            let (once, kept) = (jws.judge(&trust), jws.judge_with(&ring));
            assert_eq!(
                (once.verdict, once.key, codes(&once.findings)),
                (kept.verdict, kept.key, codes(&kept.findings))
            );
        }
        match jws.verify(&ring) {
            Ok(verified) => {
                assert_eq!((verified.payload(), verified.key()), (CLAIMS.as_bytes(), usize::from(alg != Alg::ES256)));
                assert_eq!(verified.header(), format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#));
            }
            Err(judgement) => assert_eq!((alg, judgement.verdict), (Alg::HS256, Verdict::Unknown)),
        }
    }
}
