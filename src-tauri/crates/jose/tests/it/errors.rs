//! Every error that a person can read about a key, a draft or an expression, made from real input and held to a snapshot.

use keywright_jose::{
    Alg,
    expression::resolve_expressions,
    key::{
        Jwk, SecretEncoding, read,
        write::{self, Encryption, Format, Half},
    },
    sign::{Draft, SigningKey},
};

use crate::{
    attacks::{modulus, roca_modulus, rsa_with},
    support::{good_secret, key, key_file, public_half, secret, text, vector},
};

/// "name: error (hint)", a line each.
struct Said(String);

impl Said {
    fn add(&mut self, name: &str, error: impl ToString, hint: Option<impl ToString>) {
        let hint = hint.map(|hint| format!("\n    hint: {}", hint.to_string())).unwrap_or_default();
        self.0.push_str(&format!("{name}\n    {}{hint}\n", error.to_string()));
    }

    fn read(&mut self, name: &str, input: impl AsRef<[u8]>, passphrase: Option<&[u8]>) {
        let error = match read::read(input.as_ref(), passphrase) {
            Ok(found) => panic!("{name} was read as {}", found.form),
            Err(error) => error,
        };
        let code = error.code().map(|code| format!("\n    code: {code}")).unwrap_or_default();
        self.add(name, format!("{error}{code}"), error.hint());
    }
}

#[test]
fn a_file_that_is_no_key_says_what_it_is() {
    let pem = text("keys/p256.pkcs8.pem");
    let der = data_encoding::BASE64
        .decode(pem.lines().filter(|line| !line.starts_with('-')).collect::<String>().as_bytes())
        .unwrap();
    let body = pem.lines().nth(1).unwrap();
    let mut said = Said(String::new());
    said.read("nothing", "", None);
    said.read("white space", " \n\t", None);
    said.read("too large", vec![b'x'; read::MAX_BYTES + 1], None);
    said.read("a word", "hunter2", None);
    said.read("binary", [0xff, 0xfe, 0x00], None);
    said.read("not UTF-8 and no DER", b"\x80-----BEGIN PRIVATE KEY-----", None);
    said.read("a token", "eyJhbGciOiJub25lIn0.e30.c2ln", None);
    said.read("PuTTY", "PuTTY-User-Key-File-3: ssh-ed25519", None);
    said.read("JKS", vector("bad/p256.jks"), None);
    said.read("JCEKS", vector("bad/p256.jceks"), None);
    said.read("age", "AGE-SECRET-KEY-1QQQQ", None);
    said.read("a Windows blob", [&[7, 2, 0, 0, 0, 0x24, 0, 0][..], b"RSA2"].concat(), None);
    said.read(
        "OpenPGP",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n=aa\n-----END PGP PRIVATE KEY BLOCK-----",
        None,
    );
    said.read("XML of .NET without its end", "<RSAKeyValue><Modulus>AQAB</Modulus>", None);
    said.read(
        "XML of .NET of two keys",
        text("reported/dotnet-rsakeyvalue-private.xml").replacen("<D>", "<D>AA", 1),
        None,
    );
    said.read("PEM that lost its label", pem.replace("BEGIN PRIVATE KEY", "").replace("END PRIVATE", "PRIVATE"), None);
    said.read("base64 that is cut off", &data_encoding::BASE64.encode(&der)[..60], None);
    said.read("base64 with more behind it", data_encoding::BASE64.encode(&[&der[..], &[0; 3]].concat()), None);
    said.read("32 bytes in base64", data_encoding::BASE64.encode(&[7; 32]), None);
    said.read("PEM without END", &pem[..pem.len() - 30], None);
    said.read("PEM cut in its body", &pem[..90], None);
    said.read("PEM with another END", pem.replace("END PRIVATE", "END PUBLIC"), None);
    said.read("BEGIN without its hyphens and its line break", pem.replacen("KEY-----\n", "KEY", 1), None);
    said.read("END alone", "nothing here\n-----END PRIVATE KEY-----", None);
    said.read("BEGIN alone", "-----BEGIN ", None);
    said.read("a stray character", pem.replacen(body, &body.replacen('A', "*", 1), 1), None);
    said.read("a stray character of two bytes", pem.replacen(body, &body.replacen('A', "é", 1), 1), None);
    said.read("a character lost", pem.replacen(body, &body[1..], 1), None);
    said.read("a line lost", pem.replacen(&format!("{body}\n"), "", 1), None);
    said.read(
        "a certificate request",
        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
        None,
    );
    said.read(
        "EC parameters alone",
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----",
        None,
    );
    let openssh = text("forms/p256.openssh");
    said.read(
        "an OpenSSH private key that is cut off",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
        None,
    );
    said.read("an OpenSSH private key without its end", &openssh[..openssh.len() - 60], None);
    said.read("an OpenSSH private key under GCM", vector("forms/p521-xzero.aes256-gcm.openssh"), None);
    said.read("an encrypted OpenSSH private key", vector("forms/p521-xzero.aes256-ctr.openssh"), None);
    said.read("an OpenSSH public key that is cut off", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@here", None);
    said.read("an OpenSSH key of a type that signs no tokens", "ssh-dss AAAAB3NzaC1kc3MAAAAA me@here", None);
    said.read("a certificate that is cut off", &der_of("bad/certificate.pem")[..200], None);
    said.read("PKCS#12", vector("bad/container.p12"), None);
    said.read("PKCS#12, wrong passphrase", vector("forms/p256.legacy.p12"), Some(b"wrong"));
    said.read("PKCS#12 in BER", [&[0x30, 0x80], &vector("forms/p256.legacy.p12")[4..], &[0, 0]].concat(), None);
    said.read("a key for PSS alone", vector("bad/rsa-pss.pkcs8.pem"), None);
    said.read("the public half of one", vector("bad/rsa-pss.spki.pem"), None);
    said.read("the old encryption", vector("bad/p256-legacy-encrypted.pem"), None);
    said.read("the old encryption with a strange cipher", vector("forms/p256.proc-type-camellia-256-cbc.pem"), None);
    said.read("PBES1, wrong passphrase", vector("bad/p256-pbes1.pem"), Some(b"y"));
    said.read("PBES2 with a strange cipher", vector("forms/p256.pbes2-rc2-cbc.pem"), Some(b"x"));
    said.read("encrypted, no passphrase", vector("keys/p521-encrypted.pkcs8.pem"), None);
    said.read("encrypted, wrong passphrase", vector("keys/p521-encrypted.pkcs8.pem"), Some(b"wrong"));
    said.read("P-224", vector("bad/p224.sec1.pem"), None);
    let mut numbers = der_of("forms/p256.explicit.pub.pem");
    numbers[60] ^= 1;
    said.read("numbers of no curve", numbers, None);
    let mut compressed = der_of("forms/p256.compressed.pub.pem");
    *compressed.last_mut().unwrap() ^= 1;
    said.read("a compressed point off the curve", compressed, None);
    said.read("a compressed point that is short", der_with_short_point(), None);
    said.read("X25519", vector("bad/x25519.pkcs8.pem"), None);
    said.read("DER cut off", &der[..der.len() - 1], None);
    said.read("DER with more behind it", [&der[..], b"\0"].concat(), None);
    let mut off_curve = data_encoding::BASE64
        .decode(text("keys/p256.pub.pem").lines().filter(|line| !line.starts_with('-')).collect::<String>().as_bytes())
        .unwrap();
    *off_curve.last_mut().unwrap() ^= 1;
    said.read("a point off the curve", &off_curve, None);
    let mut halves = der.clone();
    halves[40] ^= 1;
    said.read("halves of two keys", &halves, None);
    let zero = der_with_scalar(&der, &[0; 32]);
    said.read("a scalar of zero", zero, None);
    said.read("a scalar beyond the order", der_with_scalar(&der, &[0xff; 32]), None);
    insta::assert_snapshot!(said.0);
}

fn der_of(file: &str) -> Vec<u8> {
    let body: String = text(file).lines().filter(|line| !line.starts_with('-')).collect();
    data_encoding::BASE64.decode(body.as_bytes()).unwrap()
}

/// The SPKI of a P-256 key whose compressed point lacks a byte.
fn der_with_short_point() -> Vec<u8> {
    let mut der = der_of("forms/p256.compressed.pub.pem");
    der.pop();
    let bits = der.len() - 34;
    der[1] -= 1;
    der[bits] -= 1;
    der
}

/// The PKCS#8 of a P-256 key with another scalar. It begins at byte 36: two sequences, version, identifiers, two strings.
fn der_with_scalar(der: &[u8], scalar: &[u8; 32]) -> Vec<u8> {
    assert_eq!(der[34..36], [0x04, 0x20]);
    let mut changed = der.to_vec();
    changed[36..68].copy_from_slice(scalar);
    changed
}

#[test]
fn a_jwk_that_is_wrong_says_where() {
    let ec = text("keys/p256.priv.jwk.json");
    let short = text("keys/p521-xzero.pub.jwk.json");
    let x = serde_json::from_str::<serde_json::Value>(&short).unwrap()["x"].as_str().unwrap().to_owned();
    let unpadded =
        data_encoding::BASE64URL_NOPAD.encode(&data_encoding::BASE64URL_NOPAD.decode(x.as_bytes()).unwrap()[1..]);
    let set = |keys: &[&str]| format!("{{\"keys\":[{}]}}", keys.join(","));
    let mut said = Said(String::new());
    said.read("not JSON", "{\"kty\":", None);
    said.read("deeply nested", "{\"a\":".repeat(10_000), None);
    said.read("a member twice", r#"{"kty":"oct","k":"AA","k":"BB"}"#, None);
    said.read("another object", r#"{"name":"x"}"#, None);
    said.read("keys that are no list", r#"{"keys":{}}"#, None);
    said.read("an empty set", r#"{"keys":[]}"#, None);
    said.read("a set of things", r#"{"keys":[1]}"#, None);
    said.read("a set of strangers", set(&[r#"{"kty":"AKP"}"#]), None);
    said.read("kty of no key", r#"{"kty":"ec"}"#, None);
    said.read("kty that is a number", r#"{"kty":1}"#, None);
    said.read("a curve for agreement", r#"{"kty":"OKP","crv":"X25519","x":"AA"}"#, None);
    said.read("a curve that is none", r#"{"kty":"EC","crv":"P-512","x":"AA","y":"AA"}"#, None);
    said.read("no crv", r#"{"kty":"EC"}"#, None);
    said.read("no x", r#"{"kty":"EC","crv":"P-256"}"#, None);
    said.read("x that is a list", r#"{"kty":"EC","crv":"P-256","x":[]}"#, None);
    said.read("x with padding", r#"{"kty":"EC","crv":"P-256","x":"AA=="}"#, None);
    assert_eq!(read::read(short.replace(&x, &unpadded).as_bytes(), None).unwrap().findings.len(), 1);
    said.read("x that is too long", short.replace(&x, &format!("AQEB{x}")), None);
    said.read("the same in a set alone", set(&[&short.replace(&x, &format!("AQEB{x}"))]), None);
    assert!(read::read(set(&[&ec]).as_bytes(), None).is_ok());
    said.read("a point off the curve", ec.replace(&member(&ec, "y"), &member(&ec, "x")), None);
    said.read(
        "d of another key",
        ec.replace(&member(&ec, "d"), &data_encoding::BASE64URL_NOPAD.encode(&[7; 32])),
        None,
    );
    said.read(
        "Ed25519 of small order",
        r#"{"kty":"OKP","crv":"Ed25519","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#,
        None,
    );
    said.read(
        "Ed25519, d of another key",
        text("keys/ed25519.priv.jwk.json").replace(
            &member(&text("keys/ed25519.priv.jwk.json"), "d"),
            &data_encoding::BASE64URL_NOPAD.encode(&[7; 32]),
        ),
        None,
    );
    said.read("RSA without primes", r#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}"#, None);
    said.read("RSA of three primes", r#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB","oth":[{}]}"#, None);
    said.read("alg that is a list", r#"{"kty":"oct","k":"AA","alg":["HS256"]}"#, None);
    said.read("kid that is a number", r#"{"kty":"oct","k":"AA","kid":1}"#, None);
    said.read("key_ops that is a name", r#"{"kty":"oct","k":"AA","key_ops":"sign"}"#, None);
    insta::assert_snapshot!(said.0);
}

fn member(jwk: &str, name: &str) -> String {
    serde_json::from_str::<serde_json::Value>(jwk).unwrap()[name].as_str().unwrap().to_owned()
}

#[test]
fn a_key_that_does_not_sign_says_why() {
    let mut said = Said(String::new());
    let mut try_key = |name: &str, alg, jwk: &Jwk| {
        let error = SigningKey::new(alg, jwk, false).err().unwrap_or_else(|| panic!("{name} signs"));
        said.add(name, &error, error.hint());
    };
    let with =
        |file: &str, members: &str| key(text(&format!("keys/{file}")).replacen('{', &format!("{{{members},"), 1));
    try_key("a public key", Alg::ES256, &public_half(&key_file("p256.pub.pem")));
    try_key("another type", Alg::RS256, &key_file("p256.pkcs8.pem"));
    try_key("a secret for a pair's algorithm", Alg::ES512, &good_secret());
    try_key("a pair for HMAC", Alg::HS256, &key_file("p256.pkcs8.pem"));
    try_key("another curve", Alg::ES512, &key_file("p256.pkcs8.pem"));
    try_key("bound to another algorithm", Alg::PS256, &with("rsa-2048.priv.jwk.json", r#""alg":"RS256""#));
    try_key("bound to no algorithm", Alg::ES512, &with("p521-none.priv.jwk.json", r#""alg":"ES521""#));
    try_key("for encryption", Alg::ES256, &with("p256.priv.jwk.json", r#""use":"enc""#));
    try_key("for verifying alone", Alg::ES256, &with("p256.priv.jwk.json", r#""key_ops":["verify"]"#));
    try_key("RSA of 1024 bits", Alg::RS256, &key(vector("bad/rsa-1024.pkcs1.pem")));
    try_key("e = 3", Alg::RS256, &key(vector("bad/rsa-e3.pkcs8.pem")));
    try_key("an empty secret", Alg::HS256, &secret(b""));
    try_key("a short secret", Alg::HS512, &secret(b"b7-short-but-random-Kd93"));
    try_key("a known secret", Alg::HS256, &secret(b"a-string-secret-at-least-256-bits-long"));
    try_key("a file as a secret", Alg::HS256, &secret(&vector("keys/p256.pub.pem")));
    insta::assert_snapshot!(said.0);
}

#[test]
fn a_form_that_a_key_does_not_have_is_named() {
    let mut said = Said(String::new());
    let encryption = Encryption { passphrase: b"", salt: [0; 16], iv: [0; 16] };
    let mut try_form = |name: &str, jwk: &Jwk, half, format, encryption: Option<&Encryption<'_>>| {
        let error = write::write(jwk, half, format, encryption).err().unwrap_or_else(|| panic!("{name} was written"));
        said.add(name, error, None::<&str>);
    };
    let (ec, rsa, public) = (key_file("p256.pkcs8.pem"), key_file("rsa-2048.pkcs8.pem"), key_file("p256.pub.pem"));
    use {
        Format as F,
        Half::{Private, Public},
    };
    try_form("the private half of a public key", &public, Private, F::Pkcs8, None);
    try_form("the private half as SPKI", &ec, Private, F::Spki, None);
    try_form("the public half as PKCS#8", &ec, Public, F::Pkcs8, None);
    try_form("EC as PKCS#1", &ec, Private, F::Pkcs1, None);
    try_form("a public EC key as PKCS#1", &ec, Public, F::Pkcs1, None);
    try_form("RSA as SEC1", &rsa, Private, F::Sec1, None);
    try_form("a secret as PEM", &good_secret(), Private, F::Pkcs8, None);
    try_form("the public half of a secret", &good_secret(), Public, F::Jwk, None);
    try_form("no passphrase", &ec, Private, F::Pkcs8Encrypted, None);
    try_form("an empty passphrase", &ec, Private, F::Pkcs8Encrypted, Some(&encryption));
    insta::assert_snapshot!(said.0);
}

#[test]
fn a_draft_and_an_expression_say_what_is_wrong() {
    let mut said = Said(String::new());
    let header = r#"{"alg":"ES256"}"#;
    let deep = "{\"a\":".repeat(200);
    for (name, header, claims) in [
        ("not JSON", header, "{\"a\":1"),
        ("an array", header, "[]"),
        ("too deep", header, deep.as_str()),
        ("a member twice", header, "{\n  \"a\": {\"b\":1,\n  \"b\":2}}"),
        ("a header that is no object", "\"ES256\"", "{}"),
        ("a header with a member twice", r#"{"alg":"ES256","alg":"none"}"#, "{}"),
        ("no alg", "{}", "{}"),
    ] {
        let error = Draft::jwt(header, claims).unwrap_err();
        said.add(name, &error, error.hint());
    }
    let signing = SigningKey::new(Alg::HS256, &good_secret(), false).unwrap();
    let error = Draft::jwt(header, "{}").unwrap().sign(&signing).err().unwrap();
    said.add("another alg", &error, None::<&str>);
    for claims in
        [r#"{"exp":"$later"}"#, r#"{"a":["$now+1x"]}"#, r#"{"exp":"$now*2"}"#, r#"{"exp":"$"}"#, r#"{"exp":"$now+"}"#]
    {
        let error = resolve_expressions(claims, 0, &mut String::new).unwrap_err();
        said.add(claims, &error, Some(error.hint()));
    }
    for (encoding, value) in
        [(SecretEncoding::Base64, "a-b"), (SecretEncoding::Base64Url, "a+b"), (SecretEncoding::Hex, "xyz")]
    {
        let error = encoding.decode(value.as_bytes()).err().unwrap();
        said.add(encoding.name(), error, None::<&str>);
    }
    said.add("an unknown algorithm", "ES521".parse::<Alg>().unwrap_err(), None::<&str>);
    insta::assert_snapshot!(said.0);
}

/// The four ways in which the text of a secret stands for its bytes.
#[test]
fn a_secret_is_decoded_as_it_is_said_to_be() {
    let decoded = |encoding: SecretEncoding, value: &str| encoding.decode(value.as_bytes()).unwrap().bytes().to_vec();
    assert_eq!(decoded(SecretEncoding::Utf8, " é\n"), " é\n".as_bytes());
    for padded in ["+/+/AQ==", "+/+/AQ", " +/+/AQ==\n"] {
        assert_eq!(decoded(SecretEncoding::Base64, padded), [0xfb, 0xff, 0xbf, 1]);
    }
    assert_eq!(decoded(SecretEncoding::Base64Url, "-_-_AQ"), [0xfb, 0xff, 0xbf, 1]);
    assert_eq!(decoded(SecretEncoding::Hex, "DEADbeef\n"), [0xde, 0xad, 0xbe, 0xef]);
    for (encoding, wrong) in
        [(SecretEncoding::Base64, "AQ==="), (SecretEncoding::Base64, "AR=="), (SecretEncoding::Hex, "abc")]
    {
        assert!(encoding.decode(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

/// The fingerprint of CVE-2017-15361 and what else `check` says of RSA numbers.
#[test]
fn numbers_of_rsa_that_are_not_sound_are_named() {
    use keywright_jose::key::check::check;
    let mut even = modulus();
    *even.last_mut().unwrap() &= 0xfe;
    let mut said = Said(String::new());
    for (name, n, e) in [
        ("sound", modulus(), vec![1, 0, 1]),
        ("ROCA", roca_modulus(), vec![1, 0, 1]),
        ("e = 1", modulus(), vec![1]),
        ("e = 2", modulus(), vec![2]),
        ("e even", modulus(), vec![1, 0, 0]),
        ("e of 33 bits", modulus(), vec![1, 0, 0, 0, 1]),
        ("e of 34 bits", modulus(), vec![2, 0, 0, 0, 1]),
        ("e of ten bytes", modulus(), vec![1; 10]),
        ("n even", even, vec![1, 0, 1]),
        ("n of 1024 bits", modulus()[..128].to_vec(), vec![1, 0, 1]),
        ("n of 8200 bits", vec![0xff; 1025], vec![1, 0, 1]),
        ("nothing", Vec::new(), Vec::new()),
    ] {
        for finding in check(&key(rsa_with(&n, &e)).key) {
            said.add(name, format!("{}: {}", finding.code, finding.message), finding.hint);
        }
    }
    insta::assert_snapshot!(said.0);
}
