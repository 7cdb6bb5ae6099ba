//! Nothing secret is said by accident: not by `Debug`, not by an error, not by a finding.

use keywright_jose::{
    Alg,
    inspect::{Context, inspect},
    key::{Secret, check::check, read},
    sign::{Draft, SigningKey},
    verify::{Keyring, Trust, TrustedKey, UnverifiedJws},
};

use crate::support::{CLAIMS, NOW, Noise, judge, key_file, keys_of_every_alg, secret, text, token};

/// Whether some run of eight characters of `secret` stands in `said`.
fn leaks(said: &str, secret: &str) -> bool {
    let secret: Vec<char> = secret.chars().filter(|c| !c.is_whitespace()).collect();
    secret.windows(8).any(|run| said.contains(&run.iter().collect::<String>()))
}

#[test]
fn debug_shows_what_a_key_is_and_not_what_it_holds() {
    let hidden = "correct-horse-battery-staple-0123456789";
    let secret = secret(hidden.as_bytes());
    let said = format!("{secret:?} {:?}", Secret::new(hidden.into()));
    assert!(said.contains("Secret(39 bytes)") && !leaks(&said, hidden), "{said}");

    for name in ["p256", "p384", "p521-none", "ed25519", "rsa-2048"] {
        let jwk: serde_json::Value = serde_json::from_str(&text(&format!("keys/{name}.priv.jwk.json"))).unwrap();
        let found = read::read(jwk.to_string().as_bytes(), None).unwrap();
        let said = format!("{found:?} {:?}", TrustedKey { name, jwk: &found.keys[0] });
        assert!(said.contains("PrivateKey("), "{said}");
        for member in ["d", "p", "q", "dp", "dq", "qi"] {
            let Some(number) = jwk.get(member).and_then(|number| number.as_str()) else { continue };
            let bytes = data_encoding::BASE64URL_NOPAD.decode(number.as_bytes()).unwrap();
            let listed = format!("{:?}", &bytes[2..10]);
            assert!(!leaks(&said, number) && !said.contains(listed.trim_matches(['[', ']'])), "{name} {member}");
        }
    }
}

#[test]
fn debug_shows_what_a_token_is_and_not_the_token() {
    let jwk = key_file("p256.pkcs8.pem");
    let token = token(Alg::ES256, &jwk);
    let signature = token.rsplit_once('.').unwrap().1;
    let keys = [TrustedKey { name: "k", jwk: &jwk }];
    let trust = Trust { keys: &keys, named: true, allowed: &[] };
    let found = inspect(token.as_bytes(), &Context { now: NOW, trust, ..Context::default() });
    let jws = UnverifiedJws::parse(&token).unwrap();
    let said = format!("{found:?} {jws:?} {:?}", jws.clone().verify(&Keyring::new(&trust)).unwrap());
    assert!(said.contains("ES256") && !leaks(&said, signature) && !leaks(&said, CLAIMS), "{said}");
}

/// Damage of every kind to every private key, and what is said of it.
#[test]
fn no_error_about_a_key_shows_the_key() {
    let mut noise = Noise(3);
    let mut errors = 0;
    for file in [
        "p256.pkcs8.pem",
        "p256.sec1.pem",
        "p256.priv.jwk.json",
        "p521-none.priv.jwk.json",
        "ed25519.pkcs8.pem",
        "ed25519.priv.jwk.json",
        "rsa-2048.pkcs1.pem",
        "rsa-2048.priv.jwk.json",
        "p521-encrypted.pkcs8.pem",
    ] {
        let whole = text(&format!("keys/{file}"));
        let secret: String = whole.lines().filter(|line| !line.starts_with('-')).collect();
        let secret = secret.replace("\"kty\"", "").replace("\"crv\"", "");
        for round in 0..250 {
            let mut damaged = whole.clone();
            for _ in 0..=noise.below(2) {
                let at = (0..=noise.below(damaged.len())).rev().find(|at| damaged.is_char_boundary(*at)).unwrap();
                let until = (at + 1..=damaged.len()).filter(|at| damaged.is_char_boundary(*at)).nth(noise.below(6));
                match noise.below(5) {
                    0 => damaged.truncate(at),
                    1 => damaged = damaged[at..].to_owned(),
                    2 => damaged.insert_str(at, ["-----", "\"", "\n", "é", "\\n", "-----END "][noise.below(6)]),
                    3 => drop(damaged.drain(at..until.unwrap_or(at))),
                    _ => damaged = damaged.replacen("-----", "", 1 + noise.below(3)),
                }
                if damaged.is_empty() {
                    damaged.push('x');
                }
            }
            if let Err(error) = read::read(damaged.as_bytes(), Some(b"correct cow")) {
                let said = format!("{error} {error:?} {:?}", error.hint());
                // Names and headings are no secret; the numbers and the body are.
                let told = ["PRIVATE KEY", "P-256", "P-521", "Ed25519", "ENCRYPTED"];
                let said = told.iter().fold(said, |said, word| said.replace(word, ""));
                assert!(!leaks(&said, &secret), "{file} {round}: {said}");
                errors += 1;
            }
        }
    }
    assert!(errors > 1_500, "{errors}");
}

#[test]
fn no_finding_about_a_secret_shows_the_secret() {
    let values = [
        "kX9-short-but-hidden",
        "secret\n",
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE",
        "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}",
    ];
    for value in values {
        let jwk = secret(value.as_bytes());
        let mut said: String = check(&jwk.key).iter().map(|finding| format!("{finding:?}")).collect();
        if let Err(error) = SigningKey::new(Alg::HS512, &jwk, false) {
            said += &format!("{error} {error:?} {:?}", error.hint());
        }
        // Near misses try many readings of the secret, and name them.
        let signing = SigningKey::new(Alg::HS256, &secret(&[value.as_bytes(), b"\n"].concat()), true);
        if let Ok(signing) = signing {
            let token = Draft::jwt(r#"{"alg":"HS256"}"#, CLAIMS).unwrap().sign(&signing).unwrap();
            said += &judge(token.as_str(), &[&jwk]).findings.iter().map(|f| f.message.clone()).collect::<String>();
        }
        let said =
            said.replace("PUBLIC KEY", "").replace("-----BEGIN", "").replace("secret", "").replace("\"oct\"", "");
        assert!(!said.is_empty() && !leaks(&said, value), "{value:?}: {said}");
    }
}

#[test]
fn no_finding_shows_a_whole_token() {
    for (alg, jwk) in keys_of_every_alg() {
        let token = token(alg, &jwk);
        let changed = token.replacen("ey", "eyJ", 1);
        for token in [token.clone(), changed, format!("{token}="), format!("{token}.x")] {
            let signature = token.split('.').nth(2).unwrap();
            for finding in judge(&token, &[&crate::support::good_secret()]).findings {
                assert!(!leaks(&finding.message, signature), "{}", finding.message);
            }
        }
    }
}
