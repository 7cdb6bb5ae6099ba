//! Keys in the forms of other programs and in the shapes in which people have them: made by OpenSSL 3.0 and OpenSSH 9.2 from the keys of
//! `vectors/keys` (`vectors/forms`), and files that people reported (`vectors/reported`).

use keywright_jose::{
    Alg, jwk,
    key::{
        Jwk, Key, NotChosen, Secret,
        check::{Purpose, check, fit},
        read::{self, Found, ReadError},
        write::{Half, WriteError, write_set},
    },
    verify::Verdict,
};

use crate::support::{Noise, codes, judge_with, key_file, secret, text, vector, vectors};

const PASSPHRASE: &[u8] = b"correct horse";

/// The thumbprint of a key of `vectors/keys`.
fn kid_of(name: &str) -> String {
    key_file(&format!("{name}.pkcs8.pem")).key.public().unwrap().thumbprint()
}

fn kids(found: &Found) -> Vec<String> {
    found.keys.iter().map(|jwk| jwk.key.public().unwrap().thumbprint()).collect()
}

/// Every file of `vectors/forms` that is read is the key that it is named for, with the half that its ending says.
#[test]
fn every_form_of_other_programs_is_the_same_key() {
    let mut forms = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(vectors().join("forms")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let (name, form) = file.split_once('.').unwrap();
        if NOT_READ.contains(&form) {
            continue;
        }
        let passphrase = if form.starts_with("notasecret") { b"notasecret" } else { PASSPHRASE };
        let passphrase = (!form.contains("plain") && !form.contains("empty")).then_some(passphrase);
        let found = read::read(&vector(&format!("forms/{file}")), passphrase).unwrap_or_else(|e| panic!("{file}: {e}"));
        assert_eq!(kids(&found), [kid_of(name)], "{file}");
        let public = form.contains("pub") || form.contains("certificate") || form.contains("authority");
        assert_eq!(found.keys[0].key.private().is_none(), public, "{file}");
        assert!(found.findings.is_empty(), "{file}: {:?}", found.findings);
        *forms.entry(found.form).or_insert(0) += 1;
    }
    insta::assert_debug_snapshot!(forms);
}

/// Under a cipher that is not read; `commands.rs` shows that the hint of each works.
const NOT_READ: [&str; 6] = [
    "proc-type-camellia-256-cbc.pem",
    "pbes2-camellia-256-cbc.pem",
    "pbes2-des-cbc.pem",
    "pbes2-rc2-cbc.pem",
    "aes256-gcm.openssh",
    "chacha20-poly1305.openssh",
];

/// What is encrypted asks for a passphrase, and takes no other.
#[test]
fn an_encrypted_form_asks_for_its_passphrase() {
    let mut tried = 0;
    for entry in std::fs::read_dir(vectors().join("forms")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let encrypted = [
            "proc-type",
            "pbe",
            "legacy.p12",
            "modern",
            "rc2-128.p12",
            "notasecret",
            "aes256-ctr",
            "aes128-cbc.openssh",
        ];
        if !encrypted.iter().any(|form| file.contains(form)) || NOT_READ.iter().any(|form| file.ends_with(form)) {
            continue;
        }
        let sealed = vector(&format!("forms/{file}"));
        assert_eq!(read::read(&sealed, None).unwrap_err(), ReadError::PassphraseNeeded, "{file}");
        for wrong in [&b"wrong horse"[..], b"", "é\u{10000}".as_bytes(), b"\xff"] {
            assert_eq!(read::read(&sealed, Some(wrong)).unwrap_err(), ReadError::WrongPassphrase, "{file}");
        }
        tried += 1;
    }
    assert!(tried >= 22, "{tried}");
}

/// The files that people reported, with the thumbprints that other software gives them.
#[test]
fn every_reported_file_is_read() {
    const FIRST: &str = "DHHYwgfAhYMqJMWNOxxh6L8mr9imPAy7X0uFT3jqpSI";
    const SECOND: &str = "zfdr0I8yBVrPqiupAHxsHBcqHq9ikt-BdZqA3AMtVSc";
    let passphrase = text("reported/passphrase-of-the-encrypted-ones.txt");
    for (file, kid, passphrase) in [
        ("pem-escaped-cr-in-env.env", FIRST, None),
        ("pem-four-dashes.pem", FIRST, None),
        ("base64-pem-in-env-line.env", SECOND, None),
        ("google-key-json-in-base64.txt", FIRST, None),
        ("pem-utf16le-powershell.pem", SECOND, None),
        ("ec-explicit-parameters-public.pem", "QU82E_AdZvvk67zm-adbbo6gynSH2lmd-HUCnCRUP5o", None),
        ("ec-explicit-parameters-private.pem", "6VhnhrxTLQeWyalmuEpw7VYCKCLvp86UT24PJqR4M3A", None),
        ("proc-type-aes256.pem", FIRST, Some(passphrase.trim())),
        ("openssh-ed25519-private", "IN0Fkq622PCEXbS0nCuGmFUruimOAgTZLRfiFVMEnkA", None),
        ("google-p12-legacy-rc2-notasecret.p12", FIRST, Some("notasecret")),
        ("bundle-key-then-certificate.pem", FIRST, None),
        ("rsa-jwk-n-e-d-only.json", FIRST, None),
        ("okp-d-of-64-bytes.json", "jDoyEkaeWlfAiwZ9FRKxMrbqQ3blozrD_fyMS3R3jRo", None),
        ("ec-public-key-label.pem", "gCsnIjdx2LNGw_YgW-wCcxQzlwbsJgeeSJ5MWzt7l4s", None),
        ("dotnet-rsakeyvalue-private.xml", FIRST, None),
        ("certificate-as-key-file.pem", FIRST, None),
    ] {
        let found = read::read(&vector(&format!("reported/{file}")), passphrase.map(str::as_bytes));
        let found = found.unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(kids(&found), [kid], "{file}");
        assert_eq!(found.refusal(), None, "{file}");
        let public = ["public", "certificate-as", "ec-public"].iter().any(|word| file.contains(word));
        assert_eq!(found.keys[0].key.private().is_none(), public, "{file}");
    }
    assert_eq!(
        codes(&read::read(&vector("reported/pem-four-dashes.pem"), None).unwrap().findings),
        ["key-form"],
        "what other programs want is told"
    );
}

/// Key sets of which one entry is not as it should be, and the token that another entry verifies.
#[test]
fn every_reported_key_set_judges_its_token() {
    let token = text("reported/token-rs256-kid-k1.txt");
    for (file, kept, findings) in [
        ("jwks-one-kid-three-algs.json", 3, &[][..]),
        ("jwks-one-entry-without-n.json", 1, &["key-passed-over"]),
        ("map-of-kid-to-certificate.json", 1, &[]),
        ("certificate-as-key-file.pem", 1, &[]),
    ] {
        let found = read::read(&vector(&format!("reported/{file}")), None).unwrap_or_else(|e| panic!("{file}: {e}"));
        assert_eq!((found.keys.len(), codes(&found.findings).as_slice()), (kept, findings), "{file}");
        assert_eq!(found.refusal(), None, "{file}");
        let keys: Vec<_> = found.keys.iter().collect();
        assert_eq!(judge_with(token.trim(), &keys, true, &[]).signature, Verdict::Good, "{file}");
    }
    let short = read::read(&vector("reported/jwks-short-x-of-another.json"), None).unwrap();
    assert_eq!((codes(&short.findings), short.refusal()), (vec!["coordinate-length"], None));
    insta::assert_snapshot!(short.findings[0].message, @r#""keys[0].x" has 31 bytes; wanted 32 for P-256; it is read as if it had them"#);
    let token = text("reported/token-es256-for-short-x.txt");
    assert_eq!(judge_with(token.trim(), &[&short.keys[0]], true, &[]).signature, Verdict::Good);
}

/// Shapes of PEM as they arrive, each tried on keys of every kind.
#[test]
fn a_damaged_pem_is_the_same_key() {
    for name in ["p256.pkcs8.pem", "p521-xzero.sec1.pem", "rsa-2048.pkcs1.pem", "ed25519.pkcs8.pem", "p384.pub.pem"] {
        let pem = text(&format!("keys/{name}"));
        let kid = key_file(name).key.public().unwrap().thumbprint();
        let lines: Vec<&str> = pem.lines().collect();
        let body = lines[1..lines.len() - 1].join("\n");
        let (begin, end) = (lines[0], lines[lines.len() - 1]);
        let label = begin.trim_matches('-').trim_start_matches("BEGIN ");
        let base64 = data_encoding::BASE64.encode(pem.as_bytes());
        let folded = base64.as_bytes().chunks(76).map(|l| str::from_utf8(l).unwrap()).collect::<Vec<_>>().join("\n");
        let utf16 = |big: bool| -> Vec<u8> {
            let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            pem.encode_utf16().flat_map(bytes).collect()
        };
        let secret = format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: tls\ndata:\n  tls.key: {base64}\n  other: aGVsbG8=\ntype: Opaque\n"
        );
        let escaped = |escape: &str| pem.trim_end().replace('\n', escape);
        let damaged: Vec<(&str, Vec<u8>)> = vec![
            ("four hyphens", pem.replace("-----", "----").into()),
            ("three hyphens", pem.replace("-----", "---").into()),
            ("six hyphens", pem.replace("-----", "------").into()),
            ("em dashes", pem.replace("-----", "—–-").into()),
            ("a horizontal bar", pem.replace("-----", "―").into()),
            ("em dashes and blanks", format!("— BEGIN {label} —\n{body}\n— END {label} —").into()),
            ("no hyphens behind the labels", pem.replace(&format!("{label}-----"), label).into()),
            ("no hyphens", pem.replace("-----", "").into()),
            ("no BEGIN line", format!("{body}\n{end}\n").into()),
            ("no END line", format!("{begin}\n{body}\n").into()),
            ("no END line, and a remark", format!("{begin}\n{body}\n# the end\n").into()),
            ("a blank behind each line", pem.replace('\n', " \n").into()),
            ("CRLF and blanks", pem.replace('\n', " \t\r\n").into()),
            ("lines of CR", pem.replace('\n', "\r").into()),
            ("blank lines", pem.replace('\n', "\n\n").into()),
            ("no-break spaces", pem.replace('\n', "\u{a0}\n").into()),
            ("line breaks lost", pem.replace('\n', "").into()),
            ("line breaks as blanks", pem.replace('\n', " ").into()),
            ("line breaks as n", pem.trim_end().replace('\n', "n").into()),
            ("line breaks as rn", pem.trim_end().replace('\n', "rn").into()),
            ("line breaks as \\n", escaped("\\n").into()),
            ("line breaks as \\r", escaped("\\r").into()),
            ("line breaks as \\r\\n", escaped("\\r\\n").into()),
            ("line breaks as \\\\n", escaped("\\\\n").into()),
            ("line breaks as \\\\r\\\\n", escaped("\\\\r\\\\n").into()),
            ("line breaks as \\\\\\\\n", escaped("\\\\\\\\n").into()),
            ("a line of an .env file", format!("# ours\nexport KEY=\"{}\\n\"\nOTHER=1\n", escaped("\\n")).into()),
            ("the slashes of PHP", escaped("\\n").replace('/', "\\/").into()),
            ("the escapes of .NET", escaped("\\n").replace('+', "\\u002B").into()),
            ("a percent-encoded form", escaped("%0A").replace('+', "%2B").replace(' ', "+").into()),
            ("percent-encoding", escaped("%0A").replace('+', "%2B").replace(' ', "%20").into()),
            ("a form that decoded its plus", format!("{begin}\n{}\n{end}", body.replace('+', " ")).into()),
            ("the same on one line", format!("{begin} {} {end}", body.replace(['+', '\n'], " ")).into()),
            (
                "the alphabet of base64url",
                format!("{begin}\n{}\n{end}", body.replace('+', "-").replace('/', "_")).into(),
            ),
            ("UTF-16, little endian", [&[0xff, 0xfe][..], &utf16(false)].concat()),
            ("UTF-16, big endian", [&[0xfe, 0xff][..], &utf16(true)].concat()),
            ("UTF-16 without a mark", utf16(false)),
            ("Latin-1 before it", [b"Schl\xfcssel:\n", pem.as_bytes()].concat()),
            ("base64 in an .env line", format!("KEY_B64=\"{base64}\"").into()),
            ("base64 in an .env line, folded", format!("A=1\nKEY_B64=\"{folded}\"\nB=2\n").into()),
            ("base64 of base64", data_encoding::BASE64.encode(base64.as_bytes()).into()),
            ("base64 of UTF-16", data_encoding::BASE64.encode(&utf16(false)).into()),
            (
                "hex of the body",
                data_encoding::HEXLOWER
                    .encode(&data_encoding::BASE64.decode(body.replace('\n', "").as_bytes()).unwrap())
                    .into(),
            ),
            ("a Kubernetes Secret", secret.clone().into()),
            (
                "the same as JSON",
                serde_json::json!({ "kind": "Secret", "data": { "tls.key": base64 } }).to_string().into(),
            ),
            ("a string of JSON", serde_json::json!(pem).to_string().into()),
            (
                "JSON in base64",
                data_encoding::BASE64.encode(serde_json::json!({ "private_key": pem }).to_string().as_bytes()).into(),
            ),
            (
                "JSON in a JSON string",
                serde_json::json!(serde_json::json!({ "private_key": pem }).to_string()).to_string().into(),
            ),
        ];
        for (damage, file) in damaged {
            let found = read::read(&file, None).unwrap_or_else(|error| panic!("{name}, {damage}: {error}"));
            assert_eq!(kids(&found), [kid.as_str()], "{name}, {damage}");
            assert_eq!(found.refusal(), None, "{name}, {damage}");
        }
    }
}

/// Disguises one inside another, as a Secret holds an environment file that holds a key.
#[test]
fn disguises_are_taken_off_one_after_another() {
    let mut noise = Noise(23);
    let files =
        ["p256.pkcs8.pem", "ed25519.priv.jwk.json", "p521-xzero.sec1.pem", "rsa-2048.pub.pem", "p384.pub.jwk.json"];
    for round in 0..400 {
        let file = files[noise.below(files.len())];
        let mut text = text(&format!("keys/{file}"));
        let mut told = file.to_owned();
        for _ in 0..=noise.below(3) {
            let disguise = noise.below(7);
            text = match disguise {
                0 => data_encoding::BASE64.encode(text.as_bytes()),
                1 => data_encoding::BASE64URL_NOPAD.encode(text.as_bytes()),
                2 => serde_json::json!(text).to_string(),
                3 => format!("SOME_KEY={text}"),
                4 => format!("export KEY='{text}'\n"),
                5 => data_encoding::HEXLOWER.encode(text.as_bytes()),
                _ => format!(
                    "  \u{feff}\"{}\",\r\n",
                    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r")
                ),
            };
            told += &format!(" {disguise}");
        }
        let found = read::read(text.as_bytes(), None).unwrap_or_else(|error| panic!("{round}: {told}: {error}"));
        assert_eq!(kids(&found), [key_file(file).key.public().unwrap().thumbprint()], "{told}");
    }
}

/// No private key in any form, whole or damaged, passes for a shared secret, and none is met with advice about one.
#[test]
fn a_private_key_is_never_taken_for_a_shared_secret() {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for folder in ["forms", "reported", "bad", "keys"] {
        for entry in std::fs::read_dir(vectors().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            files.push((path.display().to_string(), std::fs::read(path).unwrap()));
        }
    }
    let other =
        ["pub", "certificate", "authority", "token", "passphrase", "jwks", "kids", "map-of", "hex", "container"];
    // Reported tokens are named by their number.
    let is_token = |name: &str| name.rsplit('/').next().is_some_and(|file| file.starts_with('B'));
    files.retain(|(name, _)| !is_token(name) && !other.iter().any(|word| name.contains(word)));
    let mut tried = 0;
    for (name, whole) in files {
        let text = String::from_utf8(whole.clone()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let mut shapes = vec![
            ("whole", whole.clone()),
            ("base64", data_encoding::BASE64.encode(&whole).into()),
            ("hex", data_encoding::HEXLOWER.encode(&whole).into()),
        ];
        if text.contains("-----BEGIN") && lines.len() > 3 {
            shapes.push(("four hyphens", text.replace("-----", "----").into()));
            shapes.push(("without BEGIN", lines[1..].join("\n").into()));
            shapes.push(("without END", lines[..lines.len() - 1].join("\n").into()));
            shapes.push(("cut off", text[..text.len() * 3 / 5].into()));
            shapes.push(("cut off in front", text[text.len() * 2 / 5..].into()));
            shapes.push(("UTF-16", text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
            if text.starts_with("-----BEGIN") && !text.contains("Proc-Type") {
                shapes.push(("body alone", lines[1..lines.len() - 1].join("\n").into()));
                shapes.push(("body cut off", lines[1..3].join("").into()));
            }
        }
        for (shape, bytes) in shapes {
            let said = codes(&check(&Key::Secret(Secret::new(bytes.clone()))));
            assert!(said.contains(&"secret-is-key"), "{name}, {shape}");
            let read = read::read(&bytes, None);
            assert!(!matches!(read, Err(ReadError::Unknown { .. })), "{name}, {shape}");
            tried += 1;
        }
    }
    assert!(tried > 700, "{tried}");
}

/// A JWK in its disguises.
#[test]
fn a_disguised_jwk_is_the_same_key() {
    for name in ["p256", "p521-xzero", "rsa-2048", "ed25519"] {
        let jwk = text(&format!("keys/{name}.priv.jwk.json"));
        let base64 = data_encoding::BASE64.encode(jwk.as_bytes());
        let set = format!("{{\"keys\":[{jwk}]}}");
        for file in [
            base64.clone(),
            format!("JWK={base64}"),
            format!("export JWK='{jwk}'"),
            serde_json::json!(jwk).to_string(),
            format!("JWK={}", serde_json::json!(jwk)),
            data_encoding::BASE64URL_NOPAD.encode(set.as_bytes()),
            data_encoding::BASE64.encode(serde_json::json!(set).to_string().as_bytes()),
        ] {
            let found = read::read(file.as_bytes(), None).unwrap_or_else(|error| panic!("{name}: {error}: {file:.40}"));
            assert_eq!(kids(&found), [kid_of(name)]);
        }
    }
}

/// RFC 8037 and RFC 8410 as other programs write them.
#[test]
fn ed25519_is_read_as_other_programs_write_it() {
    let jwk: serde_json::Value = serde_json::from_str(&text("keys/ed25519.priv.jwk.json")).unwrap();
    let part = |name: &str| data_encoding::BASE64URL_NOPAD.decode(jwk[name].as_str().unwrap().as_bytes()).unwrap();
    let (seed, x) = (part("d"), part("x"));
    let both = [seed.clone(), x.clone()].concat();
    // PKCS#8 of version 2 by ring before its 0.17 (explicit tag), and by RFC 5958.
    let head =
        [&[0x02, 0x01, 0x01, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20][..], &seed].concat();
    let sequence = |parts: &[&[u8]]| {
        let content = parts.concat();
        [&[0x30, u8::try_from(content.len()).unwrap()][..], &content].concat()
    };
    let ring = sequence(&[&head, &[0xa1, 0x23, 0x03, 0x21, 0x00], &x]);
    let rfc = sequence(&[&head, &[0x81, 0x21, 0x00], &x]);
    let hex = data_encoding::HEXUPPER.encode(&both);
    for good in [ring.clone(), rfc.clone(), both.clone(), data_encoding::BASE64.encode(&both).into(), hex.into()] {
        let found = read::read(&good, None).unwrap();
        assert_eq!(kids(&found), [kid_of("ed25519")]);
    }
    for damaged in [ring, rfc] {
        let mut damaged = damaged;
        *damaged.last_mut().unwrap() ^= 1;
        assert_eq!(read::read(&damaged, None).unwrap_err(), ReadError::HalvesDiffer);
    }
    let mut of_64 = jwk.clone();
    of_64["d"] = data_encoding::BASE64URL_NOPAD.encode(&both).into();
    assert_eq!(kids(&read::read(of_64.to_string().as_bytes(), None).unwrap()), [kid_of("ed25519")]);
    of_64["d"] = data_encoding::BASE64URL_NOPAD.encode(&[seed.clone(), seed.clone()].concat()).into();
    assert!(read::read(of_64.to_string().as_bytes(), None).unwrap_err().to_string().contains("do not belong together"));
    // 64 bytes of which the half does not follow are a secret, or anything.
    assert!(matches!(read::read(&[seed.clone(), seed].concat(), None), Err(ReadError::Unknown { .. })));
}

/// RSA numbers that a JWK leaves out follow from the others (RFC 7518 §6.3.2, NIST SP 800-56B Appendix C.2).
#[test]
fn rsa_numbers_that_are_left_out_are_computed() {
    for name in ["rsa-2048", "rsa-4096"] {
        let whole: serde_json::Value = serde_json::from_str(&text(&format!("keys/{name}.priv.jwk.json"))).unwrap();
        let written = jwk::write(&key_file(&format!("{name}.priv.jwk.json")), Half::Private);
        for left_out in [
            &["p", "q", "dp", "dq", "qi"][..],
            &["dp", "dq", "qi"],
            &["qi"],
            &["p"],
            &["q", "dp"],
            &["p", "q"],
            &["dq"],
        ] {
            let mut jwk = whole.clone();
            left_out.iter().for_each(|name| drop(jwk.as_object_mut().unwrap().remove(*name)));
            let found = read::read(jwk.to_string().as_bytes(), None).unwrap_or_else(|e| panic!("{left_out:?}: {e}"));
            assert_eq!(kids(&found), [kid_of(name)]);
            // OpenSSL has the larger prime first, and so has the appendix.
            assert_eq!(*jwk::write(&found.keys[0], Half::Private), *written, "{name} without {left_out:?}");
        }
        let mut other = whole.clone();
        ["p", "q", "dp", "dq", "qi"].iter().for_each(|name| drop(other.as_object_mut().unwrap().remove(*name)));
        let d = data_encoding::BASE64URL_NOPAD.decode(whole["d"].as_str().unwrap().as_bytes()).unwrap();
        let mut noise = Noise(7);
        for _ in 0..20 {
            let mut changed = d.clone();
            let at = noise.below(d.len());
            changed[at] ^= 1 << noise.below(8);
            other["d"] = data_encoding::BASE64URL_NOPAD.encode(&changed).into();
            assert!(read::read(other.to_string().as_bytes(), None).is_err());
        }
    }
}

/// Keys of a set are used where one of them cannot be (RFC 7517 §5), and the finding says which and why.
#[test]
fn one_entry_does_not_spoil_a_set() {
    let good = nameless("p256");
    let with = |member: &str| good.replacen('{', &format!("{{{member},"), 1);
    let rsa: serde_json::Value = serde_json::from_str(&text("keys/rsa-2048.pub.jwk.json")).unwrap();
    let mut no_n = rsa.clone();
    no_n.as_object_mut().unwrap().remove("n");
    let spoilt = [
        with("\"kid\":7"),
        with("\"use\":null"),
        with("\"alg\":null"),
        with("\"key_ops\":\"verify\""),
        no_n.to_string(),
        good.replace("P-256", "P-384"),
        "7".to_owned(),
        "null".to_owned(),
        "{}".to_owned(),
        r#"{"kty":"oct"}"#.to_owned(),
        r#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB","oth":[]}"#.to_owned(),
        r#"{"kty":"OKP","crv":"X25519","x":"AA","kid":"agree"}"#.to_owned(),
    ];
    let mut said = String::new();
    for bad in spoilt {
        for set in [format!("{{\"keys\":[{good},{bad}]}}"), format!("{{\"keys\":[{bad},{good}]}}")] {
            let found = read::read(set.as_bytes(), None).unwrap_or_else(|error| panic!("{bad}: {error}"));
            assert_eq!(
                (kids(&found), codes(&found.findings)),
                (vec![kid_of("p256")], vec!["key-passed-over"]),
                "{bad}"
            );
            said += &format!("{}\n", found.findings[0].message);
        }
        assert!(read::read(format!("{{\"keys\":[{bad}]}}").as_bytes(), None).is_err(), "{bad} alone");
    }
    insta::assert_snapshot!(said);
}

/// Two keys of one kid are refused only where nothing else tells them apart.
#[test]
fn a_shared_kid_is_ambiguous_only_between_like_keys() {
    let named = |name: &str, members: &str| nameless(name).replacen('{', &format!("{{\"kid\":\"k\"{members},"), 1);
    let read = |keys: &[String]| read::read(format!("{{\"keys\":[{}]}}", keys.join(",")).as_bytes(), None).unwrap();
    let rsa = |members: &str| named("rsa-2048", members);
    let other = |members: &str| named("rsa-4096", members);
    let ec = named("p256", "");
    for apart in [
        [rsa(""), ec.clone()],
        [rsa(r#","alg":"RS256""#), other(r#","alg":"RS512""#)],
        [rsa(r#","use":"sig""#), other(r#","use":"enc""#)],
    ] {
        assert_eq!(read(&apart).refusal(), None, "{apart:?}");
    }
    for alike in [
        [rsa(""), other("")],
        [rsa(r#","alg":"RS256""#), other("")],
        [rsa(r#","alg":"RS256""#), other(r#","alg":"RS256""#)],
        [rsa(r#","use":"sig""#), other("")],
        [ec.clone(), ec.clone()],
    ] {
        assert_eq!(codes(&read(&alike).findings), ["set-duplicate-kid"], "{alike:?}");
    }
}

#[test]
fn one_key_of_a_set_is_chosen_by_its_kid() {
    let set = || {
        let keys = ["p256", "p384", "ed25519"].map(|name| text(&format!("keys/{name}.priv.jwk.json"))).join(",");
        read::read(format!("{{\"keys\":[{keys}]}}").as_bytes(), None).unwrap()
    };
    let kid = kid_of("p384");
    assert_eq!(set().choose(Some(&kid), |_| true).unwrap().key.public().unwrap().thumbprint(), kid);
    let alone = read::read(text("keys/p256.priv.jwk.json").as_bytes(), None).unwrap();
    assert!(alone.choose(None, |_| true).is_ok());
    let mut said = String::new();
    let mut twice = set();
    twice.keys.iter_mut().for_each(|jwk| jwk.kid = Some("same".to_owned()));
    let one = read::read(text("keys/p256.priv.jwk.json").as_bytes(), None).unwrap();
    for (found, wanted) in [(set(), None), (set(), Some("nobody")), (one, Some("nobody")), (twice, Some("same"))] {
        let error: NotChosen = found.choose(wanted, |_| true).unwrap_err();
        said += &format!("{error}\n    hint: {}\n", error.hint());
    }
    insta::assert_snapshot!(said);
}

/// Keys that differ in algorithm may share a kid (RFC 7517 §4.5).
#[test]
fn of_keys_that_share_a_kid_the_algorithm_chooses() {
    let set = || {
        let mut found = read::read(text("keys/rsa-2048.priv.jwk.json").as_bytes(), None).unwrap();
        found.keys.push(key_file("p256.pkcs8.pem"));
        found.keys.iter_mut().for_each(|jwk| jwk.kid = Some("same".to_owned()));
        found
    };
    let signs = |alg| move |jwk: &Jwk| fit(alg, jwk, Purpose::Sign).is_ok();
    assert_eq!(set().choose(Some("same"), signs(Alg::ES256)).unwrap().key.describe(), "EC P-256");
    assert_eq!(set().choose(Some("same"), signs(Alg::PS512)).unwrap().key.describe(), "RSA 2048 bits");
    for fits in [true, false] {
        let error = set().choose(Some("same"), |_| fits).unwrap_err();
        assert!(matches!(error, NotChosen::Ambiguous { found: 2, .. }), "{error}");
    }
}

/// Both halves of a whole set, with and without kids.
#[test]
fn a_set_is_written_without_what_is_private() {
    let keys = [key_file("p256.pkcs8.pem"), key_file("rsa-2048.pkcs8.pem")];
    let all: Vec<_> = keys.iter().collect();
    let public = jwk::write_set(&all, Half::Public);
    let found = read::read(public.as_bytes(), None).unwrap();
    assert_eq!(kids(&found), [kid_of("p256"), kid_of("rsa-2048")]);
    assert!(found.keys.iter().all(|jwk| jwk.key.private().is_none() && jwk.kid.is_some()));
    let nameless = jwk::write_set_named(&all, Half::Private, jwk::Naming::Nothing);
    let found = read::read(nameless.as_bytes(), None).unwrap();
    assert!(found.keys.iter().all(|jwk| jwk.key.private().is_some() && jwk.kid.is_none()));
}

#[test]
fn a_set_leaves_out_what_does_not_have_the_half_that_is_written() {
    let keys =
        || [key_file("p256.pkcs8.pem"), secret(b"a secret of no public half, 35 bytes"), key_file("p384.pub.pem")];
    let public = write_set(&keys(), Half::Public, jwk::Naming::Kid).unwrap();
    let text = String::from_utf8(public.text.to_vec()).unwrap();
    assert!(!text.contains("\"d\"") && !text.contains("\"k\"") && text.ends_with("]}\n"), "{text}");
    assert_eq!(public.left_out, [(1, WriteError::SecretHasNoPublicHalf)]);
    let private = write_set(&keys(), Half::Private, jwk::Naming::Kid).unwrap();
    assert_eq!(private.left_out, [(2, WriteError::PublicOnly { key: "EC P-384".to_owned() })]);
    let none = write_set(&keys()[1..2], Half::Public, jwk::Naming::Kid).map(drop);
    assert_eq!(none, Err(WriteError::SecretHasNoPublicHalf));
}

/// Of a file with a key and certificates, the key counts; of certificates alone, the one that issued no other.
#[test]
fn a_key_counts_before_the_certificates_beside_it() {
    let (leaf, authority) = (text("forms/p256.certificate.pem"), text("forms/p384.authority.pem"));
    let key = text("keys/p256.pkcs8.pem");
    let parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    for file in [
        format!("{key}{leaf}"),
        format!("{leaf}{key}"),
        format!("{leaf}{authority}{key}"),
        format!("{parameters}{key}{leaf}{authority}"),
        format!("{key}{}", text("keys/p256.pub.pem")),
    ] {
        let found = read::read(file.as_bytes(), None).unwrap();
        assert_eq!((kids(&found), codes(&found.findings)), (vec![kid_of("p256")], vec![]));
        assert!(found.keys[0].key.private().is_some());
        assert_eq!(found.form, "PKCS#8 in PEM");
    }
    for file in [format!("{leaf}{authority}"), format!("{authority}{leaf}")] {
        let found = read::read(file.as_bytes(), None).unwrap();
        assert_eq!((kids(&found), codes(&found.findings)), (vec![kid_of("p256")], vec!["key-passed-over"]));
    }
    let strange = read::read(format!("{key}{}", text("forms/rsa-2048.certificate.pem")).as_bytes(), None).unwrap();
    assert_eq!((kids(&strange), codes(&strange.findings)), (vec![kid_of("p256")], vec!["key-passed-over"]));
    let whole = serde_json::json!({ "a": leaf, "b": text("forms/ed25519.certificate.pem") }).to_string();
    let map = read::read(whole.as_bytes(), None).unwrap();
    let named: Vec<_> = map.keys.iter().map(|jwk| jwk.kid.as_deref().unwrap()).collect();
    assert_eq!((named, kids(&map)), (vec!["a", "b"], vec![kid_of("p256"), kid_of("ed25519")]));
}

/// A certificate's parameters that are another curve's, or another base point (CVE-2020-0601), name no curve.
#[test]
fn written_out_numbers_must_all_be_those_of_the_curve() {
    for name in ["p256", "p384", "p521-xzero", "secp256k1"] {
        let der = der_of(&text(&format!("forms/{name}.explicit.pub.pem")));
        let mut refused = 0;
        for at in 20..der.len() {
            let mut changed = der.clone();
            changed[at] ^= 0x10;
            match read::read(&changed, None) {
                Ok(found) => assert_eq!(kids(&found), [kid_of(name)], "byte {at} is of the seed"),
                Err(_) => refused += 1,
            }
        }
        assert!(refused > der.len() - 50, "{name}: {refused} of {}", der.len());
    }
}

/// A public JWK without a kid.
fn nameless(name: &str) -> String {
    jwk::write_named(&key_file(&format!("{name}.pub.pem")), Half::Public, jwk::Naming::Nothing).to_string()
}

fn der_of(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    data_encoding::BASE64.decode(body.as_bytes()).unwrap()
}
