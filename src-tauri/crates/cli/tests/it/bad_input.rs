//! Wrong input of every kind: the answer names the member, what was found and what was wanted, and gives a hint.

use insta::assert_snapshot;

use crate::{
    server,
    story::{Ran, Story, shortened},
};

/// A call that ends with this code and tells its error, for the snapshot of the test.
#[track_caller]
fn told(ran: Ran, code: i32) -> String {
    ran.ends(code).told()
}

/// Signs these claims with the P-521 key file, and inspects what comes out.
fn signed_and_inspected(claims: &str) -> String {
    let story = Story::new();
    let signed = story.call("token sign --key-file keys/p521-none.pkcs8.pem --claims -").stdin(claims).run();
    signed.ends(0).told()
}

fn sign_by_recipe(arguments: &[&str], code: i32) -> String {
    let story = Story::with_vault();
    let mut call = story.call("token sign --profile Acme --env sandbox").opening();
    for argument in arguments {
        call = call.arg(*argument);
    }
    told(call.run(), code)
}

/// Sends a request to this address.
fn send_to(address: &str, code: i32) -> String {
    let story = Story::with_vault();
    let line = format!("request send --profile Acme --env local --scope transactions.read --emulator {address}");
    told(story.open(&line), code)
}

#[test]
fn a_truncated_pem() {
    let story = Story::new();
    let pem = story.read("keys/p521-none.pkcs8.pem");
    story.write("cut.pem", &pem[..200]);
    assert_snapshot!(told(story.run("key thumbprint cut.pem"), 3));
}

#[test]
fn a_public_key_where_a_private_one_is_needed() {
    let story = Story::with_vault();
    assert_snapshot!(
        [
            told(story.run("token sign --key-file keys/p521-none.pub.pem --claims claims.json"), 3),
            told(story.open("key import keys/p521-none.pub.pem --name k"), 3),
            told(story.run("key convert keys/p521-none.pub.pem --to pkcs8"), 3),
        ]
        .join("\n")
    );
}

#[test]
fn the_wrong_passphrase_of_an_encrypted_pem() {
    let story = Story::new();
    story.write("wrong", "not it\n");
    assert_snapshot!(
        [
            told(story.run("key thumbprint keys/p521-encrypted.pkcs8.pem"), 3),
            told(story.run("key thumbprint keys/p521-encrypted.pkcs8.pem --key-passphrase-file wrong"), 3),
        ]
        .join("\n")
    );
}

#[test]
fn a_key_that_gr4vy_does_not_take() {
    let story = Story::with_vault();
    let import = |file| told(story.open(&format!("key import {file} --name k --profile Acme --env local")), 5);
    assert_snapshot!(
        [import("keys/p256.pkcs8.pem"), import("keys/p384.sec1.pem"), import("keys/ed25519.pkcs8.pem")].join("\n")
    );
}

#[test]
fn an_rsa_key_of_1024_bits() {
    let story = Story::with_vault();
    assert_snapshot!(
        [
            told(story.run("token sign --key-file keys/rsa-1024.pkcs1.pem --alg RS256 --claims claims.json"), 3),
            told(story.open("key import keys/rsa-1024.pkcs1.pem --name k"), 5),
        ]
        .join("\n")
    );
}

#[test]
fn an_rsa_key_whose_exponent_is_1() {
    let story = Story::new();
    let jwk = story.run("key convert keys/rsa-2048.pub.pem --to jwk").result();
    let jwk = jwk.replace(r#""e":"AQAB""#, r#""e":"AQ""#);
    story.write("e1.jwk", jwk);
    let token = story.run("token sign --key-file keys/rsa-2048.pkcs8.pem --claims claims.json").result();
    let verify = story.call("token verify --key-file e1.jwk --at 1767226000").stdin(token).run();
    assert_snapshot!(told(verify, 4));
}

/// A public JWK of the P-521 key with another x.
fn with_x(story: &Story, change: impl Fn(&[u8]) -> Vec<u8>) {
    let jwk = story.run("key convert keys/p521-none.pub.pem --to jwk").result();
    let mut jwk: serde_json::Value = serde_json::from_str(&jwk).unwrap();
    let base64url = data_encoding::BASE64URL_NOPAD;
    let x = base64url.decode(jwk["x"].as_str().unwrap().as_bytes()).unwrap();
    jwk["x"] = base64url.encode(&change(&x)).into();
    story.write("bad.jwk", jwk.to_string());
}

#[test]
fn a_jwk_with_a_short_coordinate() {
    let story = Story::new();
    with_x(&story, |x| x[1..].to_vec());
    assert_snapshot!(told(story.run("key thumbprint bad.jwk"), 3));
}

#[test]
fn a_point_off_the_curve() {
    let story = Story::new();
    with_x(&story, |x| {
        let mut x = x.to_vec();
        *x.last_mut().unwrap() ^= 1;
        x
    });
    assert_snapshot!(told(story.run("key thumbprint bad.jwk"), 3));
}

#[test]
fn claims_with_a_duplicate_member() {
    let story = Story::new();
    let claims = "{\"uid\":12345678901234567890,\"amt\":10.10,\n \"role\":\"user\",\"role\":\"admin\"}";
    let call = story.call("token sign --key-file keys/p521-none.pkcs8.pem --claims -").stdin(claims);
    assert_snapshot!(told(call.run(), 3));
}

#[test]
fn an_exp_that_is_a_string() {
    assert_snapshot!(
        [signed_and_inspected(r#"{"exp":"tomorrow"}"#), sign_by_recipe(&["--claim", r#"exp="tomorrow""#], 5)]
            .join("\n")
    );
}

#[test]
fn times_in_milliseconds() {
    assert_snapshot!(
        [signed_and_inspected(r#"{"exp":1767226500000}"#), sign_by_recipe(&["--claim", "exp=1767226500000"], 5)]
            .join("\n")
    );
}

#[test]
fn an_unknown_scope() {
    assert_snapshot!(sign_by_recipe(&["--scope", "transaction.read"], 0));
}

#[test]
fn a_malformed_scope() {
    assert_snapshot!(
        [
            sign_by_recipe(&["--scope", "transactions.raed"], 5),
            sign_by_recipe(&["--scope", "transactions"], 5),
            sign_by_recipe(&["--scope", "transactions.read buyers.read"], 5),
        ]
        .join("\n")
    );
}

#[test]
fn embed_data_without_its_scope() {
    let embed = r#"embed={"amount":1299,"currency":"EUR"}"#;
    assert_snapshot!(sign_by_recipe(&["--scope", "transactions.read", "--claim", embed], 0));
}

#[test]
fn an_empty_gr4vy_id() {
    let story = Story::with_vault();
    assert_snapshot!(
        [
            told(story.open("profile add Other --provider gr4vy --set gr4vy_id="), 3),
            told(story.open("profile add Other --provider gr4vy"), 3),
            told(story.open("profile set Acme --set gr4vy_id="), 3),
        ]
        .join("\n")
    );
}

#[test]
fn http_outside_loopback() {
    assert_snapshot!(send_to("http://api.example.com", 3));
}

#[test]
fn a_server_that_is_down() {
    let told = send_to(&server::nobody(), 7);
    // The number of the error differs from system to system.
    let told = told.replace(" (os error 111)", "").replace(" (os error 61)", "");
    assert_snapshot!(told);
}

#[test]
fn a_server_without_tls() {
    let address = server::answering(server::answer("200 OK", "text/plain", "plain"));
    assert_snapshot!(send_to(&address.replace("http:", "https:"), 7));
}

#[test]
fn an_answer_that_is_not_json() {
    let page = "<!doctype html>\n<title>502 Bad Gateway</title>\n\u{1b}[31mred\u{1b}[0m\n";
    let address = server::answering(server::answer("502 Bad Gateway", "text/html", page));
    assert_snapshot!(send_to(&address, 9));
}

#[test]
fn an_answer_of_10_megabytes() {
    let body = format!("[{}1]", "1234567,".repeat(10 * 1024 * 1024 / 8));
    let address = server::answering(server::answer("200 OK", "application/json", &body));
    let told = send_to(&address, 0);
    assert!(told.len() < 10_000, "{} bytes on a terminal", told.len());
    assert_snapshot!(told);
}

#[test]
fn a_token_of_1_megabyte() {
    let story = Story::new();
    let claims = format!(r#"{{"exp":1767226500,"filler":"{}"}}"#, "x".repeat(1024 * 1024));
    let token = story.call("token sign --key-file keys/p521-none.pkcs8.pem --claims -").stdin(claims).run().result();
    let ran = story.call("token verify --key-file keys/p521-none.pub.pem --at 1767226000").stdin(token).run().ends(0);
    assert!(ran.stdout.len() < 10_000, "{} bytes on a terminal", ran.stdout.len());
    assert_snapshot!(shortened(&ran.told()));
}

#[test]
fn nesting_of_10_000() {
    let story = Story::new();
    let claims = format!(r#"{{"exp":1767226500,"deep":{}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let signing = story.call("token sign --key-file keys/p521-none.pkcs8.pem --claims -").stdin(&claims).run();
    let encode = |text: &str| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
    let token = format!("{}.{}.c2ln", encode(r#"{"alg":"ES512","typ":"JWT"}"#), encode(&claims));
    let inspecting = story.call("token inspect").stdin(token).run();
    assert_snapshot!(shortened(&[told(signing, 3), told(inspecting, 0)].join("\n")));
}

#[test]
fn bytes_on_stdin_that_are_not_utf_8() {
    let story = Story::new();
    let bytes = b"\xff\xfe{\x00}\x80";
    let token = story.call("token inspect").stdin(bytes).run();
    let key = story.call("key thumbprint -").stdin(bytes).run();
    let claims = story.call("token sign --key-file keys/p521-none.pkcs8.pem --claims -").stdin(bytes).run();
    assert_snapshot!([told(token, 3), told(key, 3), told(claims, 3)].join("\n"));
}

/// What a stranger wrote must not clear the screen, set the clipboard, go back over a line or turn it.
#[test]
fn nothing_that_a_stranger_wrote_steers_the_terminal() {
    const HOSTILE: &str = "a\u{1b}]52;c;ZXZpbA==\u{7}b\u{1b}[2Jc\u{9b}31md\re\u{8}f\u{202e}g\u{2066}h";
    let story = Story::with_vault();
    let token = story.run("token sign --key-file keys/p521-none.pkcs8.pem --claims expired.json").result();
    let (_, rest) = token.trim().split_once('.').unwrap();
    let hostile_header = data_encoding::BASE64URL_NOPAD
        .encode(serde_json::json!({ "alg": "ES512", "typ": HOSTILE, "kid": HOSTILE }).to_string().as_bytes());
    let told = [
        story.call("token inspect").stdin(format!("{hostile_header}.{rest}").as_bytes()).run().told(),
        story.call("key show").opening().arg(HOSTILE).run().told(),
        story.call("provider show").arg(HOSTILE).run().told(),
        story.call("").arg(HOSTILE).run().told(),
        story.call("webhook sign --provider gr4vy --id").arg(HOSTILE).run().told(),
    ];
    for told in told {
        let steering: Vec<char> =
            told.chars().filter(|c| jose::unseen::steers(*c) && !matches!(c, '\n' | '\t')).collect();
        assert!(steering.is_empty(), "{steering:?} in {told}");
    }
}

/// A call that is wrong, with an argument that is not text: said, and no panic.
#[cfg(unix)]
#[test]
fn a_wrong_call_with_an_argument_that_is_not_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let argument = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    let done =
        std::process::Command::new(env!("CARGO_BIN_EXE_keywright")).arg("nonsense").arg(argument).output().unwrap();
    assert_eq!(done.status.code(), Some(2), "{}", String::from_utf8_lossy(&done.stderr));
}
