//! Files and tokens made by other software: OpenSSL, the vendors' own SDKs, `jsonwebtoken`.

use std::collections::BTreeSet;

use keywright_jose::{
    Alg,
    inspect::{Context, inspect},
    key::{Key, read, write},
    sign::{Draft, SigningKey},
    verify::{Trust, TrustedKey, Verdict},
};

use crate::support::{json, key, key_file, secret, text, vector};

#[test]
fn every_token_of_the_vendors_sdks_verifies_and_is_well_written() {
    let tokens = json("gr4vy/node_tokens.json");
    let tokens = tokens.as_array().unwrap();
    assert_eq!(tokens.len(), 21);
    let mut algs = BTreeSet::new();
    for row in tokens {
        let (id, token) = (row["id"].as_str().unwrap(), row["token"].as_str().unwrap());
        let jwk = key_file(&format!("{}.pub.pem", row["key"].as_str().unwrap()));
        let keys = [TrustedKey { name: id, jwk: &jwk }];
        let trust = Trust { keys: &keys, named: true, allowed: &[] };
        let now = row["claims"]["iat"].as_i64().unwrap();
        let found = inspect(token.as_bytes(), &Context { now, trust, ..Context::default() });
        assert_eq!((found.structure, found.signature, found.key), (Verdict::Good, Verdict::Good, Some(0)), "{id}");
        assert_eq!(found.policy, Verdict::Good, "{id}: {found:?}");
        assert_eq!((found.errors().count(), found.kid), (0, Some(jwk.key.public().unwrap().thumbprint())), "{id}");
        assert_eq!(found.header.as_deref(), row["rawHeader"].as_str(), "{id}");
        assert_eq!(found.payload.as_deref(), row["rawClaims"].as_str(), "{id}");
        assert_eq!(found.times.issued, row["claims"]["iat"].as_i64(), "{id}");
        assert_eq!(found.times.expires, row["claims"]["exp"].as_i64(), "{id}");
        algs.insert(row["header"]["alg"].as_str().unwrap());
    }
    assert!(algs.contains("ES512") && algs.iter().any(|alg| alg.starts_with("RS")), "{algs:?}");
}

#[test]
fn every_deterministic_token_is_reproduced_byte_for_byte() {
    let file = json("deterministic/tokens.json");
    let tokens = file["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 7);
    for row in tokens {
        let id = row["id"].as_str().unwrap();
        let alg: Alg = row["alg"].as_str().unwrap().parse().unwrap();
        let jwk = match &row["key"] {
            serde_json::Value::String(name) => key_file(&format!("{name}.pkcs8.pem")),
            secret_text => secret(secret_text["secretUtf8"].as_str().unwrap().as_bytes()),
        };
        // The texts that were signed, as they stand in the token: the order of members is theirs.
        let part = |n: usize| {
            let input = row["signingInput"].as_str().unwrap();
            let bytes = data_encoding::BASE64URL_NOPAD.decode(input.split('.').nth(n).unwrap().as_bytes()).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let (header, claims) = (part(0), part(1));
        // 43 bytes are short for HS384 and HS512, which jsonwebtoken does not mind.
        let signing = SigningKey::new(alg, &jwk, true).unwrap();
        let token = Draft::jwt(&header, &claims).unwrap().sign(&signing).unwrap();
        assert_eq!(token.as_str(), row["token"].as_str().unwrap(), "{id}");
    }
}

#[test]
fn every_form_of_a_key_has_the_same_kid() {
    let kids = json("keys/kids.json");
    let kids = kids.as_object().unwrap();
    assert_eq!(kids.len(), 8);
    let mut forms = 0;
    for (name, kid) in kids {
        for form in ["pkcs8.pem", "sec1.pem", "pkcs1.pem", "priv.jwk.json", "pub.pem", "pub.jwk.json"] {
            let (is_rsa, is_ed) = (name.starts_with("rsa"), name == "ed25519");
            if form == "sec1.pem" && (is_rsa || is_ed) || form == "pkcs1.pem" && !is_rsa {
                continue;
            }
            let jwk = key_file(&format!("{name}.{form}"));
            assert_eq!(jwk.key.public().unwrap().thumbprint(), kid.as_str().unwrap(), "{name}.{form}");
            assert_eq!(jwk.key.private().is_some(), !form.starts_with("pub"), "{name}.{form}");
            forms += 1;
        }
    }
    assert_eq!(forms, 39);
}

#[test]
fn an_encrypted_key_opens_with_its_passphrase_and_with_no_other() {
    for file in ["keys/p521-encrypted.pkcs8.pem", "keys/p256-scrypt.pkcs8.pem"] {
        let sealed = vector(file);
        let found = read::read(&sealed, Some(b"correct horse")).unwrap();
        assert_eq!(found.form, "encrypted PKCS#8 in PEM");
        assert!(found.keys[0].key.private().is_some());
        assert_eq!(read::read(&sealed, None).unwrap_err(), read::ReadError::PassphraseNeeded);
        assert_eq!(read::read(&sealed, Some(b"wrong horse")).unwrap_err(), read::ReadError::WrongPassphrase);
        assert_eq!(read::read(&sealed, Some(b"")).unwrap_err(), read::ReadError::WrongPassphrase);
    }
    let public = key_file("p521-encrypted.pub.pem").key.public();
    let opened = read::read(&vector("keys/p521-encrypted.pkcs8.pem"), Some(b"correct horse")).unwrap();
    assert_eq!(opened.keys[0].key.public(), public);
}

#[test]
fn a_key_is_known_in_every_disguise() {
    let pem = text("keys/p521-none.pkcs8.pem");
    let kid = key(&pem).key.public().unwrap().thumbprint();
    let der = write::pkcs8_der(key(&pem).key.private().unwrap()).to_vec();
    let base64 = data_encoding::BASE64.encode(pem.as_bytes());
    let folded: String =
        base64.as_bytes().chunks(76).map(|line| format!("{}\n", str::from_utf8(line).unwrap())).collect();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let service_account = serde_json::json!({ "type": "service_account", "private_key": pem }).to_string();
    let disguises: [(&str, Vec<u8>); 16] = [
        ("CRLF", pem.replace('\n', "\r\n").into()),
        ("a byte order mark", format!("\u{feff}{pem}").into()),
        ("leading text", format!("Bag Attributes\n    friendlyName: x\n{pem}").into()),
        ("trailing text", format!("{pem}\nand a remark").into()),
        ("indented", pem.lines().map(|line| format!("    {line}\n")).collect::<String>().into()),
        ("line breaks written out", pem.replace('\n', "\\n").into()),
        ("CRLF written out", pem.replace('\n', "\\r\\n").into()),
        ("a line of a .env file", format!("GR4VY_KEY=\"{}\"", pem.replace('\n', "\\n")).into()),
        ("on one line", pem.replace('\n', " ").into()),
        ("base64 of the whole", base64.clone().into()),
        ("base64 of the whole, folded", folded.into()),
        ("base64 of the whole, in quotes", format!("\"{base64}\"\n").into()),
        ("base64 of the whole without padding", base64.trim_end_matches('=').into()),
        ("DER", der.clone()),
        ("the body alone", body.into()),
        ("a member of a JSON file", service_account.into()),
    ];
    for (name, disguise) in disguises {
        let found = read::read(&disguise, None).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(found.keys.len(), 1, "{name}");
        assert_eq!(found.keys[0].key.public().unwrap().thumbprint(), kid, "{name}");
    }
    let url_safe = data_encoding::BASE64URL_NOPAD.encode(&der);
    assert_eq!(key(url_safe).key.public().unwrap().thumbprint(), kid);
}

#[test]
fn several_blocks_are_several_keys() {
    let both = text("keys/p256.pkcs8.pem") + &text("keys/rsa-2048.pkcs8.pem");
    let found = read::read(both.as_bytes(), None).unwrap();
    assert_eq!((found.form.as_str(), found.keys.len()), ("several keys in PEM", 2));
    assert_eq!(found.refusal(), None);
    let mixed = text("keys/p256.pkcs8.pem") + &text("keys/rsa-2048.pub.pem");
    assert_eq!(read::read(mixed.as_bytes(), None).unwrap().refusal().unwrap().code.name(), "set-mixed");
}

#[test]
fn a_sealed_record_is_read_back_as_a_private_key() {
    let Key::Private(private) = key_file("p384.pkcs8.pem").key else { panic!("a private key") };
    let again = read::read_pkcs8(&write::pkcs8_der(&private)).unwrap();
    assert_eq!(again.public(), private.public());
    assert!(read::read_pkcs8(&write::spki_der(&private.public())).is_err());
}
