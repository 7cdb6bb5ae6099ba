//! A known passphrase, a known private key and a known shared secret are planted, and none of their forms comes out of
//! any command, except where a private key is exported on purpose.

use data_encoding::{BASE64, BASE64URL, HEXLOWER, HEXUPPER};

use crate::story::{PASSPHRASE, SECRET, Story};

/// The forms in which bytes could come out: as they are, in hex, in both alphabets of base64 at each offset.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![secret.to_vec(), HEXLOWER.encode(secret).into(), HEXUPPER.encode(secret).into()];
    for offset in 0..3 {
        let inner = &secret[offset..];
        let whole = &inner[..inner.len() / 3 * 3];
        forms.extend([BASE64.encode(whole).into(), BASE64URL.encode(whole).into()]);
    }
    forms
}

/// The private number of a key file.
fn private_number(story: &Story, file: &str) -> Vec<u8> {
    let jwk = story.run(&format!("key convert keys/{file} --to jwk --private")).json();
    data_encoding::BASE64URL_NOPAD.decode(jwk["d"].as_str().unwrap().as_bytes()).unwrap()
}

fn planted(story: &Story) -> Vec<Vec<u8>> {
    let mut planted = forms(PASSPHRASE.as_bytes());
    planted.extend(forms(SECRET.as_bytes()));
    for file in ["p521-none.pkcs8.pem", "p521-xzero.pkcs8.pem", "p521-yzero.pkcs8.pem", "p256.pkcs8.pem"] {
        let number = private_number(story, file);
        // Its leading zeros are nobody's secret, and forms may leave them out.
        let significant = number.iter().position(|byte| *byte != 0).unwrap_or(0);
        planted.extend(forms(&number[significant..]));
    }
    planted
}

fn holds(said: &str, form: &[u8]) -> bool {
    said.as_bytes().windows(form.len()).any(|window| window == form)
}

#[test]
fn the_scan_finds_what_is_exported_on_purpose() {
    let story = Story::with_vault();
    let planted = planted(&story);
    for line in [
        "key export local-1 --private --to pkcs8",
        "key export local-1 --private --to sec1",
        "key export local-1 --private --to jwk",
        "key export shared --private --to jwk",
    ] {
        let said = story.open(line).result().replace('\n', "");
        assert!(planted.iter().any(|form| holds(&said, form)), "{line}");
    }
}

/// Commands that meet the secrets, whether they do what they should or fail.
const COMMANDS: &[&str] = &[
    "vault status",
    "vault path",
    "vault create --passphrase-file pw",
    "profile list --passphrase-file pw",
    "profile show Acme --passphrase-file pw",
    "profile set Acme --key sandbox=loose --passphrase-file pw",
    "key list --passphrase-file pw",
    "key list --passphrase-file wrong",
    "key show local-1 --passphrase-file pw",
    "key show shared --passphrase-file pw",
    "key export local-1 --to jwk --passphrase-file pw",
    "key export local-1 --to jwks --passphrase-file pw",
    "key export local-1 --to spki --passphrase-file pw",
    "key export local-1 --to pkcs8 --passphrase-file pw",
    "key export shared --to jwk --passphrase-file pw",
    "key export local-1 --private --to pkcs8 -o out --passphrase-file pw",
    "key export local-1 --private --to nothing --passphrase-file pw",
    "key import keys/p521-none.pkcs8.pem --name again --passphrase-file pw",
    "key import secret --secret-encoding utf8 --alg HS256 --name again-shared --passphrase-file pw",
    "key import secret --secret-encoding hex --alg HS256 --name bad --passphrase-file pw",
    "key import secret --name bad --passphrase-file pw",
    "key thumbprint secret",
    "key thumbprint secret --secret-encoding base64",
    "key thumbprint keys/p521-none.priv.jwk.json",
    "key convert keys/p521-none.pkcs8.pem --to jwk --public",
    "key convert keys/p521-none.pkcs8.pem --to pkcs1",
    "token sign --profile Acme --env local --passphrase-file pw",
    "token sign --profile Acme --env local --key shared --passphrase-file pw",
    "token sign --key-file secret --secret-encoding utf8 --alg HS256 --claims claims.json",
    "token sign --key-file secret --secret-encoding utf8 --alg ES512 --claims claims.json",
    "token sign --key-file keys/p521-none.pkcs8.pem --alg HS256 --claims claims.json",
    "token sign --key-file keys/p521-none.pkcs8.pem --claims keys/p521-none.pkcs8.pem",
    "token verify a.b.c --key-file keys/p521-none.pkcs8.pem",
    "token verify a.b.c --key-file secret --secret-encoding utf8",
    "token inspect a.b.c --own-keys --passphrase-file pw",
    "request send --profile Acme --env local --passphrase-file pw",
    "request send --profile Acme --env local --curl --passphrase-file pw",
    "credential add hooks --profile Acme --env sandbox --kind webhook_secret --secret-file secret --passphrase-file pw",
    "webhook verify claims.json --profile Acme --env sandbox --passphrase-file pw",
    "webhook sign claims.json --profile Acme --env sandbox --passphrase-file pw",
    "webhook verify claims.json --provider gr4vy --secret-file secret --header X-Gr4vy-Webhook-Signatures:00",
    "webhook listen --profile Acme --env production --passphrase-file pw",
    "emulator --jwks secret",
    "provider check keys/p521-none.pkcs8.pem",
];

fn scan(suffix: &str) {
    let story = Story::with_vault();
    let planted = planted(&story);
    story.write("secret", SECRET);
    story.write("wrong", "not the passphrase");
    for line in COMMANDS {
        let ran = story.run(&format!("{line}{suffix}"));
        for said in [&ran.stdout, &ran.stderr] {
            assert!(!planted.iter().any(|form| holds(said, form)), "{line}{suffix} lets a secret out");
        }
    }
}

#[test]
fn no_command_lets_a_secret_out() {
    scan("");
}

#[test]
fn no_command_lets_a_secret_out_as_json() {
    scan(" --json");
}

#[test]
fn the_signature_of_a_token_that_was_sent_is_masked() {
    let story = Story::with_vault();
    let token = story.token();
    let signature = token.rsplit('.').next().unwrap();
    for json in ["", "--json"] {
        let ran = story.open(&format!("request send --profile Acme --env local --token {token} {json}")).ends(0);
        assert!(!ran.stdout.contains(signature) && !ran.stderr.contains(signature));
    }
}
