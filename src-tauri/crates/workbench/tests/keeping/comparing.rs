//! A thumbprint or kid that somebody read off a dashboard.

use jose::Alg;
use keywright_workbench::keys::{self, Coming, KeyText};

use crate::world::World;

fn world() -> (World, String) {
    let mut world = World::empty();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../cli/tests/fixtures/keys/p521-xzero.pkcs8.pem");
    let pem = std::fs::read(path).unwrap();
    let text = KeyText { bytes: &pem, passphrase: None, secret_encoding: None };
    keys::import(
        &mut world.session,
        text,
        &Coming { alg: Some(Alg::ES512), ..Coming::named("checkout") },
        &world.ports,
    )
    .unwrap();
    world.key("other");
    let thumbprint = keys::show(&world.session, "checkout").unwrap().thumbprint.unwrap();
    (world, thumbprint)
}

#[test]
fn the_same_is_recognised_however_it_is_written() {
    let (world, thumbprint) = world();
    let hex: String = jose::text::decode(&thumbprint).unwrap().iter().map(|byte| format!("{byte:02X}:")).collect();
    let spaced: String = thumbprint.chars().flat_map(|c| [c, ' ']).collect();
    let written = [
        thumbprint.clone(),
        format!("  \"{thumbprint}\"\n"),
        format!("{thumbprint}="),
        thumbprint.replace('-', "+").replace('_', "/"),
        format!("kid: {thumbprint}"),
        spaced,
        hex.trim_end_matches(':').to_owned(),
        format!("sha256:{}", hex.replace(':', "").to_lowercase()),
        thumbprint[..8].to_owned(),
        format!("{}…", &thumbprint[..12]),
        hex[..18].to_owned(),
    ];
    for text in written {
        let compared = keys::compare(&world.session, "checkout", &text).unwrap();
        assert!(compared.same, "{text:?}: {compared:?}");
    }
}

#[test]
fn what_differs_is_named() {
    let (world, thumbprint) = world();
    let jwk = keys::show(&world.session, "checkout").unwrap().public_jwk.unwrap();
    let public = jose::key::read::read(jwk.as_bytes(), None).unwrap().keys.remove(0).key.public().unwrap();
    let unpadded = public.thumbprints_unpadded().remove(0);
    let other = keys::show(&world.session, "other").unwrap().thumbprint.unwrap();
    let texts = [&unpadded, &unpadded[..10], &other, &thumbprint[..3], &thumbprint.to_lowercase(), "zzzzzzzzzz", " "];
    let said = texts.map(|text| {
        let compared = keys::compare(&world.session, "checkout", text).unwrap();
        assert!(!compared.same, "{text}");
        format!("{} ({})", compared.words, compared.hint.unwrap_or_default())
    });
    insta::assert_snapshot!(said.join("\n"), @r"
    this is checkout, but its thumbprint was computed without padding (the library that made it drops leading zeros of x or y: update it)
    this is checkout, but its thumbprint was computed without padding (the library that made it drops leading zeros of x or y: update it)
    this is another key of yours: other ()
    3 characters are too few to tell; it begins like checkout (compare at least 6 characters)
    it differs from the kid of checkout in upper and lower case alone (case counts in base64url: copy it instead of typing it)
    this is not checkout (it may be another key: compare with the dashboard)
    there is nothing to compare (paste the thumbprint or kid)
    ");
}
