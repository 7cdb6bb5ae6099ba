//! Tokens of anybody's: what is said of each, locked and unlocked.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../../../tests/worked.rs"]
mod worked;
mod world;

use jose::{
    Alg,
    key::read,
    sign::{Draft, SigningKey},
    text::encode,
    verify::Verdict,
};
use keywright_workbench::{
    inspection::{InspectWith, MOST_READ, Mood, OwnKeys, TokenReading, read, read_if_token},
    keys::{self, Coming, For, KeyText},
};
use worked::worked;
use world::{NOW, World};

const XZERO: &[u8] = include_bytes!("../../jose/tests/vectors/keys/p521-xzero.pkcs8.pem");

/// The world, whose key for Sandbox is one with a leading zero byte in x.
fn world() -> World {
    let mut world = World::new();
    let text = KeyText { bytes: XZERO, passphrase: None, secret_encoding: None };
    let place = Some(For { profile: "Acme", environment: "sandbox" });
    keys::import(&mut world.session, text, &Coming::named("checkout").at(place), &world.making).unwrap();
    world
}

fn sign(header: &str, claims: &str) -> String {
    let jwk = read::read(XZERO, None).unwrap().keys.remove(0);
    let key = SigningKey::new(Alg::ES512, &jwk, false).unwrap();
    Draft::jwt(header, claims).unwrap().sign(&key).unwrap().into_string()
}

fn thumbprint() -> String {
    read::read(XZERO, None).unwrap().keys[0].key.public().unwrap().thumbprint()
}

fn unpadded() -> String {
    let public = read::read(XZERO, None).unwrap().keys[0].key.public().unwrap();
    public.thumbprints_unpadded().into_iter().next().unwrap()
}

fn header(kid: &str) -> String {
    format!(r#"{{"alg":"ES512","typ":"JWT","kid":"{kid}"}}"#)
}

fn claims(start: i64, life: i64) -> String {
    format!(
        r#"{{"scopes":["transactions.read","transactions.write"],"iat":{start},"nbf":{start},"exp":{},"iss":"checkout-worker/3.2","jti":"c1a7e0b2-6d4f-4f0a-9b57-0e6f1c52d8e4"}}"#,
        start + life
    )
}

fn said(reading: &TokenReading) -> String {
    let mut out = format!("{}\n{:?} · {:?}\n", reading.sentence, reading.detail, reading.mood);
    for judged in [&reading.structure, &reading.signature, &reading.policy] {
        out.push_str(&format!("{:?} {} {:?}\n", judged.verdict, judged.word, judged.reasons));
    }
    for row in reading.header.iter().chain(&reading.payload) {
        let value: String = row.value.chars().take(40).collect();
        out.push_str(&format!(
            "  {} = {value} | {} | {:?}\n",
            row.name,
            row.words.clone().unwrap_or_default(),
            row.tone
        ));
    }
    let provider = reading.provider.map(|definition| definition.id.as_str());
    out.push_str(&format!(
        "key {:?} own {:?} provider {provider:?} taken {:?}\n",
        reading.key, reading.own_keys, reading.taken
    ));
    out.push_str(&format!("near miss {:?}\n", reading.near_miss.as_ref().map(|miss| &miss.words)));
    out.replace(&thumbprint(), "THUMBPRINT").replace(&unpadded(), "UNPADDED")
}

fn of(world: &World, text: &str) -> TokenReading {
    read(Some(&world.session), text, &InspectWith::default(), &world.ports).unwrap()
}

#[test]
fn an_expired_token_of_ones_own() {
    let world = world();
    let token = sign(&header(&thumbprint()), &claims(NOW - 15_120, 3_600));
    let reading = of(&world, &format!("authorization: bearer {token}\n"));
    insta::assert_snapshot!(said(&reading));
    assert_eq!(reading.token, token);
}

#[test]
fn a_kid_without_padding_is_a_near_miss() {
    let world = world();
    let reading = of(&world, &sign(&header(&unpadded()), &claims(NOW - 15_120, 3_600)));
    insta::assert_snapshot!(said(&reading));
    assert_eq!(reading.near_miss.unwrap().wanted, thumbprint());
}

#[test]
fn a_good_token_is_good_and_one_that_cannot_be_judged_is_not() {
    let world = world();
    let token = sign(&header(&thumbprint()), &claims(NOW - 10, 300));
    let own = of(&world, &token);
    assert_eq!((own.mood, own.signature.verdict, own.own_keys), (Mood::Good, Verdict::Good, OwnKeys::Tried));
    assert_eq!(own.sentence, "Valid for another 4 min 50 s. The signature is good.");
    let locked = read(None, &token, &InspectWith::default(), &world.ports).unwrap();
    insta::assert_snapshot!(said(&locked));
    assert_eq!((locked.mood, locked.own_keys), (Mood::Calm, OwnKeys::Locked));
}

#[test]
fn a_token_that_brings_its_own_key_is_never_good() {
    let world = World::new();
    let jwk = read::read(XZERO, None).unwrap().keys.remove(0);
    let public = jose::jwk::write(&jwk, jose::key::write::Half::Public);
    let header = format!(r#"{{"alg":"ES512","typ":"JWT","jwk":{}}}"#, *public);
    let token = sign(&header, &claims(NOW - 10, 300));
    for session in [None, Some(&world.session)] {
        let reading = read(session, &token, &InspectWith::default(), &world.ports).unwrap();
        assert_eq!((reading.signature.verdict, reading.mood), (Verdict::Unknown, Mood::Care));
        assert!(reading.detail.unwrap().contains("which proves nothing"));
    }
    // Under the kid of a key of mine it is bad.
    let mine = keys::show(&world.session, "sandbox").unwrap();
    let header = header.replace("\"typ\"", &format!("\"kid\":\"{}\",\"typ\"", mine.kid.unwrap()));
    let forged = of(&world, &sign(&header, &claims(NOW - 10, 300)));
    assert_eq!((forged.signature.verdict, forged.mood), (Verdict::Bad, Mood::Bad));
    assert_eq!(
        forged.detail.unwrap(),
        "It names sandbox, and the signature is not that key's work. It brings a key of its own, which proves nothing."
    );
}

#[test]
fn what_is_no_signed_token_is_said() {
    let world = world();
    let none = format!("{}.{}.", encode(br#"{"alg":"none"}"#), encode(claims(NOW, 300).as_bytes()));
    let jwe = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGe.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji.XFBoMYUZodetZdvTiFvSkQ";
    let all: Vec<String> =
        [none.as_str(), jwe, "hello there", "", "sk_test_51H8xgq2eZvKYlo2C4f2a", "eyJhbGciOiJFUzUxMiJ9.e30"]
            .iter()
            .map(|text| said(&of(&world, text)))
            .collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_pasted_key_judges_alone() {
    let world = world();
    let token = sign(&header("elsewhere"), &claims(NOW - 10, 300));
    let public = include_str!("../../jose/tests/vectors/keys/p521-xzero.pub.pem");
    let with = |key_text| InspectWith { key_text: Some(key_text), provider: Some("gr4vy") };
    let good = read(None, &token, &with(public), &world.ports).unwrap();
    assert_eq!((good.signature.verdict, good.key.as_deref()), (Verdict::Good, Some("the pasted key")));
    let other = include_str!("../../jose/tests/vectors/keys/p521-none.pub.pem");
    let bad = read(None, &token, &with(other), &world.ports).unwrap();
    assert_eq!((bad.signature.verdict, bad.mood), (Verdict::Bad, Mood::Bad));
    assert!(read(None, &token, &with("nonsense"), &world.ports).is_err());
    // Where the token is keyed with a secret, any text is one.
    let secret = "partner-1-secret-0123456789abcdef0123456789";
    let hs256 = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJjbGllbnRJZCI6InBhcnRuZXItMSIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI2NTAwfQ";
    let key = SigningKey::new(
        Alg::HS256,
        &jose::key::Key::Secret(jose::key::Secret::new(secret.as_bytes().to_vec())).into(),
        false,
    )
    .unwrap();
    let token = format!("{hs256}.{}", encode(&key.sign_bytes(hs256.as_bytes()).unwrap()));
    let reading = read(None, &token, &with(secret), &world.ports).unwrap();
    assert_eq!(reading.signature.verdict, Verdict::Good);
}

/// Verify one token with a pasted key, then put in one that a key of the vault made: the pasted one says nothing about it.
#[test]
fn a_key_pasted_for_another_token_calls_no_own_token_bad() {
    let world = world();
    let own = sign(&header(&thumbprint()), &claims(NOW - 10, 300));
    let rsa = include_str!("../../jose/tests/vectors/keys/rsa-2048.pub.pem");
    let other = include_str!("../../jose/tests/vectors/keys/p521-none.pub.pem");
    for (pasted, fits) in [(rsa, false), (other, true)] {
        let with = InspectWith { key_text: Some(pasted), provider: None };
        let reading = read(Some(&world.session), &own, &with, &world.ports).unwrap();
        assert_eq!((reading.signature.verdict, reading.own_keys), (Verdict::Good, OwnKeys::Tried));
        assert_eq!(reading.pasted_fits, Some(fits));
    }
    // Without the own key a key of another kind judges nothing, and one of the same kind does.
    let with = InspectWith { key_text: Some(rsa), provider: None };
    assert_eq!(read(None, &own, &with, &world.ports).unwrap().signature.verdict, Verdict::Unknown);
    let with = InspectWith { key_text: Some(other), provider: None };
    assert_eq!(read(None, &own, &with, &world.ports).unwrap().signature.verdict, Verdict::Bad);
    assert_eq!(read(None, &own, &InspectWith::default(), &world.ports).unwrap().pasted_fits, None);
}

#[test]
fn the_draft_keeps_every_byte_of_the_claims() {
    let world = world();
    let claims = r#"{"n":10.10,"b":12345678901234567890,"__proto__":{},"price":"$now","é":["\u202e"]}"#;
    let reading = of(&world, &sign(&header("x"), claims));
    let draft = reading.draft_claims.unwrap();
    insta::assert_snapshot!(draft);
    assert_eq!(
        jose::expression::resolve_expressions(&jose::rewrite::compact(&draft).unwrap(), NOW, &mut String::new).unwrap(),
        claims
    );
}

#[test]
fn ten_megabytes_are_cut_and_answered() {
    let world = world();
    for text in [
        format!("{}.{}.{}", "eyJhbGciOiJFUzUxMiJ9", "A".repeat(10_000_000), "AAAA"),
        "é".repeat(5_000_000),
        "a.b.c ".repeat(1_700_000),
    ] {
        let (reading, took) = worked(|| of(&world, &text));
        assert!(reading.token.len() <= MOST_READ);
        assert!(reading.findings.iter().any(|finding| finding.message.contains("of which the first")));
        assert!(took.as_secs() < 2, "{took:?}");
    }
}

#[test]
fn a_text_without_a_token_is_none() {
    let world = world();
    let with = InspectWith::default();
    let key = std::str::from_utf8(XZERO).unwrap();
    for text in [key, "", "a note about a.b.c", "{\"kty\":\"EC\"}"] {
        assert!(read_if_token(None, text, &with, &world.ports).unwrap().is_none(), "{text}");
    }
    let token = sign(&header("x"), "{}");
    assert!(read_if_token(None, &format!("see {token}"), &with, &world.ports).unwrap().is_some());
}
