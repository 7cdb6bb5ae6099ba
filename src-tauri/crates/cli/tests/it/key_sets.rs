//! Key sets: converted as a whole and by kid, signed with by kid; kids left out; keys that prove nothing.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::story::{Ran, Story, kids};

/// A set with a key of each kind: two private ones, a public one, a secret, and entries that nobody can use.
fn set(story: &Story) -> Value {
    let read = |name: &str| serde_json::from_slice::<Value>(&story.read(&format!("keys/{name}"))).unwrap();
    let public = story.run("key convert keys/p256.pub.pem --to jwk").json();
    let mut rsa = read("rsa-2048.priv.jwk.json");
    rsa["kid"] = "billing".into();
    let secret =
        json!({ "kty": "oct", "kid": "hooks", "k": "c2VjcmV0LW9mLWZvcnR5LWVpZ2h0LWJ5dGVzLXdoaWNoLWlzLWVub3VnaA" });
    let prime =
        json!({ "kty": "RSA", "kid": "prime", "e": "AQAB", "n": data_encoding::BASE64URL_NOPAD.encode(&prime()) });
    let keys = [
        read("ed25519.priv.jwk.json"),
        rsa,
        public,
        secret,
        json!({ "kty": "EC", "crv": "P-192", "kid": "small", "x": "AA", "y": "AA" }),
        prime,
    ];
    json!({ "keys": keys })
}

fn prime() -> Vec<u8> {
    let hex = include_str!("../../../jose/tests/vectors/bad/prime-2048.hex");
    data_encoding::HEXUPPER.decode(hex.trim().as_bytes()).unwrap()
}

fn with_set() -> Story {
    let story = Story::new();
    story.write("set.json", set(&story).to_string());
    story
}

fn told(story: &Story, lines: &[(&str, i32)]) -> String {
    let one = |(line, code): &(&str, i32)| format!("$ keywright {line}\n{}\n", story.run(line).ends(*code).told());
    lines.iter().map(one).collect()
}

#[test]
fn the_public_halves_of_a_set_are_written_and_nothing_private() {
    let story = with_set();
    let ran = story.run("key convert set.json --public --to jwks").ends(0);
    for member in ["d", "p", "q", "dp", "dq", "qi", "k"] {
        assert!(!ran.stdout.contains(&format!("\"{member}\":")), "{member}: {}", ran.stdout);
    }
    assert_snapshot!(ran.told());
    story.write("public.json", &ran.stdout);
    // What was written is a set that nothing is to be said of.
    assert_eq!(story.run("key convert public.json --to jwks").ends(0).stderr, "");
    let value = story.run("key convert set.json --public --to jwks --json").json();
    let codes: Vec<&Value> = value["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert_eq!(codes, ["key-passed-over"; 3]);
    let nameless = story.run("key convert set.json --public --to jwks --no-kid").json();
    assert!(nameless["keys"].as_array().unwrap().iter().all(|key| key.get("kid").is_none()), "{nameless}");
}

#[test]
fn which_half_of_a_set_is_said() {
    let story = with_set();
    let told = told(
        &story,
        &[
            ("key convert set.json --to jwks", 2),
            ("key convert set.json --to jwks --private -o all.json", 0),
            ("key convert all.json --to jwks --public -o public.json", 0),
        ],
    );
    assert_snapshot!(told);
    let all: Value = serde_json::from_slice(&story.read("all.json")).unwrap();
    let private = all["keys"].as_array().unwrap().iter().map(|key| key.get("d").or(key.get("k")).is_some());
    assert_eq!(private.collect::<Vec<_>>(), [true; 3]);
}

#[test]
fn one_key_of_a_set_is_converted_by_its_kid() {
    let story = with_set();
    let p256 = kids()["p256"].clone();
    let spki = story.run(&format!("key convert set.json --kid {p256} --to spki")).result();
    assert_eq!(spki.as_bytes(), story.read("keys/p256.pub.pem"));
    let pkcs8 = story.run("key convert set.json --kid billing --to pkcs8").result();
    assert_eq!(pkcs8.as_bytes(), story.read("keys/rsa-2048.pkcs8.pem"));
    let alone = story.run("key convert set.json --kid billing --to jwks --public").json();
    assert_eq!((alone["keys"].as_array().unwrap().len(), &alone["keys"][0]["kid"]), (1, &"billing".into()));
    let jwk = story.run("key convert set.json --kid billing --to jwk --public --no-kid").json();
    assert_eq!((jwk.get("kid"), jwk.get("d")), (None, None));
    let thumbprint = story.run("key thumbprint set.json --kid billing").result();
    assert_eq!(thumbprint.trim(), kids()["rsa-2048"]);
    let told = told(
        &story,
        &[
            ("key convert set.json --to pkcs8", 3),
            ("key convert set.json --to jwk --kid nobody", 6),
            ("key convert set.json --to spki --kid hooks", 3),
            ("key convert set.json --to spki --kid billing --no-kid", 2),
            ("key convert keys/p256.pkcs8.pem --to jwk --kid nobody", 6),
            ("key thumbprint set.json", 3),
        ],
    );
    assert_snapshot!(told);
}

#[test]
fn one_key_of_a_set_signs() {
    let story = with_set();
    let sign = "token sign --claims claims.json --key-file set.json";
    for (kid, alg) in [("billing", "RS256"), ("hooks", "HS256"), (kids()["ed25519"].as_str(), "EdDSA")] {
        let signed = story.run(&format!("{sign} --kid {kid} --json")).json();
        assert_eq!((&signed["kid"], &signed["alg"]), (&kid.into(), &alg.into()));
        assert_eq!(signed["findings"][0]["code"], "key-passed-over", "{signed}");
        let verify = "token verify --signature-only --jwks all.json";
        story.run("key convert set.json --private --to jwks -o all.json --force").ends(0);
        story.call(verify).arg(signed["token"].as_str().unwrap()).run().ends(0);
    }
    let mut twins = set(&story);
    twins["keys"][0]["kid"] = "billing".into();
    story.write("twins.json", twins.to_string());
    let twins = sign.replace("set.json", "twins.json");
    story.run(&format!("{twins} --kid billing --alg PS256")).ends(0);
    let told = told(
        &story,
        &[
            (sign, 3),
            (&format!("{sign} --kid nobody"), 6),
            (&format!("{sign} --kid billing --alg ES256"), 3),
            (&format!("{twins} --kid billing"), 3),
            ("token sign --claims claims.json --key-file keys/p256.pkcs8.pem --kid mine", 6),
            ("token sign --profile Acme --env local --kid mine", 2),
        ],
    );
    assert_snapshot!(told);
}

/// What these errors advise, as it is printed.
#[test]
fn the_commands_about_sets_work_as_they_are_printed() {
    let story = with_set();
    let token = story.run("token sign --claims claims.json --key-file set.json --kid billing").result();
    let verify = || story.call("token verify --signature-only --jwks set.json").arg(token.trim()).run();
    let refused = verify().ends(3);
    let command = printed(&refused, "keywright key convert").replace("FILE", "set.json");
    story.write("set.json", story.run(&command).result());
    verify().ends(0);

    let one = "token sign --claims claims.json --key-file keys/p256.pkcs8.pem";
    let refused = story.run(&format!("{one} --kid mine")).ends(6);
    let (_, option) = printed(&refused, "keywright token sign")
        .rsplit_once("--header ")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let signed = story.call(&format!("{one} --json --header")).arg(option.trim_matches('\'')).run().json();
    assert!(signed["header"].as_str().unwrap().contains(r#""kid":"KID""#), "{signed}");
}

/// The command that a hint ends with.
fn printed(ran: &Ran, begins: &str) -> String {
    let at = ran.stderr.find(begins).unwrap_or_else(|| panic!("no {begins} in {}", ran.stderr));
    ran.stderr[at + "keywright ".len()..].lines().next().unwrap().trim_end_matches(')').to_owned()
}

#[test]
fn one_key_of_a_set_is_sealed() {
    let story = Story::with_vault();
    story.write("set.json", set(&story).to_string());
    let sealed = story.open("key import set.json --name billing --kid billing").ends(0).told();
    let shown = story.open("key show billing --json").json();
    assert_eq!((&shown["kid"], &shown["thumbprint"]), (&"billing".into(), &kids()["rsa-2048"].as_str().into()));
    let told = [
        sealed,
        story.open("key import set.json --name other").ends(3).told(),
        story.open("key import set.json --name other --kid nobody").ends(6).told(),
    ];
    assert_snapshot!(told.join("\n"));
}

/// A provider that finds no key by a kid.
const NAMELESS: &str = r#"keywright-provider = 1
id = "acme"
name = "Acme Pay"

[[environments]]
id = "test"
label = "Test"
tier = "test"
base-url = "https://acme.test"

[[credentials.private-keys]]
id = "key"
label = "Key"
forms = ["pkcs8"]
keys = [{ kty = "EC", crv = "P-256", algs = ["ES256"] }]

[token]
credential = "key"
header = [{ name = "alg", value = "{alg}" }, { name = "kid", value = "{kid}" }]
claims = [{ name = "exp", type = "time", presence = "required", value = "{now+ttl}" }]
"#;

#[test]
fn a_header_is_signed_without_a_kid_where_no_rule_wants_one() {
    let story = Story::with_vault();
    let plain = "token sign --claims claims.json --key-file keys/p256.pkcs8.pem";
    let named = story.run(&format!("{plain} --json")).json();
    assert!(named["header"].as_str().unwrap().contains("\"kid\""));
    let nameless = story.run(&format!("{plain} --json --no-kid")).json();
    assert_eq!((&nameless["header"], &nameless["kid"]), (&r#"{"alg":"ES256","typ":"JWT"}"#.into(), &Value::Null));

    story.write("acme.toml", NAMELESS);
    story.open("provider add acme.toml").ends(0);
    story.open("profile add shop --provider acme").ends(0);
    story.open("key import keys/p256.pkcs8.pem --name shop --profile shop --env test").ends(0);
    let shop = "token sign --profile shop --env test --json";
    assert!(story.open(shop).json()["header"].as_str().unwrap().contains("\"kid\""));
    let nameless = story.open(&format!("{shop} --no-kid")).json();
    assert_eq!((&nameless["header"], &nameless["kid"]), (&r#"{"alg":"ES256"}"#.into(), &Value::Null));

    let told = [
        story.open("token sign --profile Acme --env local --no-kid").ends(5).told(),
        story.call(&format!("{plain} --no-kid --header")).arg("kid=\"mine\"").run().ends(2).told(),
    ];
    assert_snapshot!(told.join("\n"));
}

#[test]
fn a_secret_too_short_for_its_algorithm_is_refused_and_a_bare_one_is_said_to_be_short() {
    let story = Story::with_vault();
    let jwk = |members: &str| format!(r#"{{"kty":"oct","k":"bm90IGxvbmcgZW5vdWdo"{members}}}"#);
    story.write("named.json", jwk(r#","alg":"HS256""#)).write("bare.json", jwk(""));
    story.write("byte.json", r#"{"kty":"oct","k":"YQ"}"#);
    let token = |key: &str| {
        let sign = format!("token sign --claims claims.json --key-file {key} --allow-weak-key");
        story.run(&sign).result().trim().to_owned()
    };
    let verify = |key: &str, code: i32| {
        let line = format!("token verify --at 1767225700 --key-file {key}");
        story.call(&line).arg(token(key)).run().ends(code).told()
    };
    let told = [
        story.open("key import named.json --name named").ends(5).told(),
        story.open("key import bare.json --name bare").ends(0).told(),
        verify("named.json", 4),
        verify("bare.json", 0),
        verify("byte.json", 5),
    ];
    assert_snapshot!(told.join("\n"));
}

#[test]
fn a_modulus_that_is_a_prime_is_no_key() {
    let story = Story::new();
    let n = data_encoding::BASE64URL_NOPAD.encode(&prime());
    story.write("prime.json", format!(r#"{{"kty":"RSA","e":"AQAB","n":"{n}"}}"#));
    let token = story.run("token sign --claims claims.json --key-file keys/rsa-2048.pkcs8.pem").result();
    let told = [
        story.call("token verify --key-file prime.json").arg(token.trim()).run().ends(3).told(),
        story.run("key convert prime.json --to spki").ends(3).told(),
    ];
    assert_snapshot!(told.join("\n"));
}
