//! What is found in files and pasted text, and what is kept of it.

use std::collections::BTreeMap;

use jose::{Alg, Code};
use keywright_workbench::{
    Error, NameError,
    imports::{Imports, KeySource},
    keys::{self, For, KeyText},
    profiles::{self, NewProfile},
    providers, tokens,
};
use zeroize::Zeroizing;

use crate::world::{World, words};

const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../cli/tests/fixtures/keys/");
/// The passphrase of `p521-encrypted.pkcs8.pem`.
const PASSPHRASE: &str = "correct horse";

fn file(name: &str) -> KeySource {
    let bytes = std::fs::read(format!("{KEYS}{name}")).unwrap();
    KeySource { from: name.to_owned(), bytes: Zeroizing::new(bytes), is_file: true }
}

fn text(from: &str, text: &str) -> KeySource {
    KeySource { from: from.to_owned(), bytes: Zeroizing::new(text.as_bytes().to_vec()), is_file: true }
}

#[test]
fn a_key_is_looked_at_and_kept_for_a_place() {
    let mut world = World::new();
    let mut imports = Imports::default();
    let preview = imports.preview(&world.session, vec![file("p521-none.pkcs8.pem")], &world.ports).unwrap();
    assert_eq!((preview.from.as_str(), preview.form.as_str()), ("p521-none.pkcs8.pem", "PKCS#8 in PEM"));
    let [item] = preview.items.as_slice() else { panic!("{preview:?}") };
    assert_eq!((item.kind, item.describe.as_str()), ("private-key", "EC P-521"));
    assert_eq!((item.algs.as_slice(), item.suggested.as_str()), (&[Alg::ES512][..], "p521-none"));
    assert_eq!(item.already, None);

    let place = Some(For { profile: "Acme", environment: "production" });
    imports.keep(&mut world.session, preview.preview, 0, "live", None, place, &world.ports).unwrap();
    let again = imports.show(preview.preview, &world.session, &world.ports).unwrap();
    assert_eq!(again.items[0].already.as_deref(), Some("live"));
    let kept = keys::show(&world.session, "live").unwrap();
    assert_eq!(kept.origin, "imported from PKCS#8 in PEM");
    assert!(kept.binding.is_some_and(|binding| binding.environment == "production"));
    imports.forget(preview.preview);
    let gone = imports.keep(&mut world.session, preview.preview, 0, "x", None, None, &world.ports).unwrap_err();
    insta::assert_snapshot!(words(&gone), @r"
    this preview is no longer there
    hint: choose the file or paste the key again
    ");
}

/// A vault that knows an example of a provider, with a profile "there".
fn knowing(example: &str) -> World {
    let mut world = World::empty();
    let file = format!("{}/../../../docs/providers/examples/{example}.toml", env!("CARGO_MANIFEST_DIR"));
    let source = providers::DefinitionFile { bytes: std::fs::read(&file).unwrap(), file: Some(file.into()) };
    providers::take(&mut world.session, source, &world.ports).unwrap();
    let new = NewProfile { name: "there".to_owned(), provider: example.to_owned(), variables: BTreeMap::new() };
    profiles::add(&mut world.session, new, &world.ports).unwrap();
    world
}

/// The fields of the sealed credential.
fn fields(world: &World, name: &str) -> Vec<(String, String)> {
    keys::show(&world.session, name).unwrap().fields.into_iter().collect()
}

const THERE: For<'_> = For { profile: "there", environment: "production" };

#[test]
fn the_file_of_a_provider_brings_what_goes_with_the_key() {
    let pem = String::from_utf8(std::fs::read(format!("{KEYS}rsa-2048.pkcs8.pem")).unwrap()).unwrap();
    let google = serde_json::json!({
        "type": "service_account",
        "private_key_id": "9f86d0",
        "private_key": pem,
        "client_email": "robot@acme.iam.gserviceaccount.com",
    });
    let mut world = knowing("google-service-account");
    let mut imports = Imports::default();
    let source = || text("acme-9f86d0.json", &google.to_string());
    let preview = imports.preview(&world.session, vec![source()], &world.ports).unwrap();
    assert_eq!(preview.form, "PKCS#8 in PEM in a JSON file");
    imports.keep(&mut world.session, preview.preview, 0, "robot", None, Some(THERE), &world.ports).unwrap();
    let wanted = [("client_email", "robot@acme.iam.gserviceaccount.com"), ("key_id", "9f86d0")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(fields(&world, "robot"), wanted);

    // A token that names the key as the provider does is judged by it, without a word about a kid that nobody knows.
    let keys = tokens::own_keys(&world.session, false).unwrap();
    assert_eq!(keys[0].jwk.kid.as_deref(), Some("9f86d0"));

    // Without a place it keeps them for the one that it will get; a place that does not know them has no use for them.
    imports.keep(&mut world.session, preview.preview, 0, "later", None, None, &world.ports).unwrap();
    assert_eq!(fields(&world, "later"), wanted);
    let variables = BTreeMap::from([("gr4vy_id".to_owned(), "acme".to_owned())]);
    let gr4vy = NewProfile { name: "gr4vy".to_owned(), provider: "gr4vy".to_owned(), variables };
    profiles::add(&mut world.session, gr4vy, &world.ports).unwrap();
    let elsewhere = Some(For { profile: "gr4vy", environment: "sandbox" });
    imports.keep(&mut world.session, preview.preview, 0, "elsewhere", None, elsewhere, &world.ports).unwrap();
    assert_eq!(fields(&world, "elsewhere"), []);
}

#[test]
fn a_bare_key_is_read_where_the_provider_hands_out_such() {
    // RFC 8032 §7.1, test 1.
    let bare = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg==";
    let file = serde_json::json!({ "id": "key-1", "privateKey": bare }).to_string();
    let import = |name: &str, bytes: &str, place| {
        // One place does not take a key twice.
        let mut world = knowing("coinbase-cdp");
        let key = KeyText { bytes: bytes.as_bytes(), passphrase: None, secret_encoding: None };
        let kept = keys::import(&mut world.session, key, None, name, None, place, &world.ports)?;
        assert_eq!(kept.missing.as_deref(), (name == "bare").then_some("name"));
        Ok::<_, Error>(kept.credential)
    };
    let kept = import("file", &file, Some(THERE)).unwrap();
    assert_eq!((kept.alg, kept.fields["name"].as_str()), (Some(Alg::EdDSA), "key-1"));
    assert_eq!(import("no place", &file, None).unwrap().thumbprint, kept.thumbprint);
    assert_eq!(import("bare", bare, Some(THERE)).unwrap().thumbprint, kept.thumbprint);
    // Without the public half behind it, nothing says what it is.
    let seed = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
    insta::assert_snapshot!(words(&import("anything", seed, None).unwrap_err()));
    insta::assert_snapshot!(words(&import("cut", &bare[..80], Some(THERE)).unwrap_err()));
    let mixed = file.replace("DXWpgB", "DXWpgC");
    insta::assert_snapshot!(words(&import("mixed", &mixed, Some(THERE)).unwrap_err()));
}

#[test]
fn what_is_encrypted_opens_with_its_passphrase_alone() {
    let mut world = World::empty();
    let mut imports = Imports::default();
    let preview = imports.preview(&world.session, vec![file("p521-encrypted.pkcs8.pem")], &world.ports).unwrap();
    assert!(preview.encrypted && preview.items.is_empty());
    assert_eq!(preview.form, "an encrypted key");
    let wrong = Zeroizing::new("wrong".to_owned());
    let refused = imports.unlock(preview.preview, &wrong, &world.session, &world.ports).unwrap_err();
    assert!(refused.is_wrong_passphrase(), "{refused}");
    let right = Zeroizing::new(PASSPHRASE.to_owned());
    let opened = imports.unlock(preview.preview, &right, &world.session, &world.ports).unwrap();
    assert!(!opened.encrypted);
    assert_eq!(opened.items[0].suggested, "p521-encrypted");
    imports.keep(&mut world.session, preview.preview, 0, "opened", None, None, &world.ports).unwrap();
}

#[test]
fn findings_say_what_is_wrong_with_a_key() {
    let world = World::empty();
    let mut imports = Imports::default();
    let mut codes = |name: &str| {
        let preview = imports.preview(&world.session, vec![file(name)], &world.ports).unwrap();
        let item = &preview.items[0];
        (item.private, item.findings.iter().map(|finding| finding.code).collect::<Vec<_>>())
    };
    assert_eq!(codes("rsa-1024.pkcs1.pem"), (true, vec![Code::RsaShort]));
    assert_eq!(codes("p256.pub.pem"), (false, vec![Code::KeyPassedOver]));
    assert_eq!(codes("p256.pkcs8.pem"), (true, vec![]));
}

#[test]
fn a_public_key_and_a_weak_one_are_shown_and_not_kept() {
    let mut world = World::empty();
    let mut imports = Imports::default();
    for name in ["p256.pub.pem", "rsa-1024.pkcs1.pem"] {
        let preview = imports.preview(&world.session, vec![file(name)], &world.ports).unwrap();
        assert!(imports.keep(&mut world.session, preview.preview, 0, "x", None, None, &world.ports).is_err(), "{name}");
    }
    assert!(world.rows().is_empty());
}

#[test]
fn several_files_are_one_preview_and_names_do_not_collide() {
    let mut world = World::empty();
    let mut imports = Imports::default();
    let files =
        vec![file("p256.pkcs8.pem"), file("p256.sec1.pem"), text("notes.txt", "buy milk"), file("p384.sec1.pem")];
    let preview = imports.preview(&world.session, files, &world.ports).unwrap();
    assert_eq!(preview.from, "4 files");
    insta::assert_snapshot!(preview.form, @"PKCS#8 in PEM, a SEC1 EC private key in PEM; 1 of 4 files hold no key");
    let names: Vec<_> = preview.items.iter().map(|item| item.suggested.as_str()).collect();
    assert_eq!(names, ["p256", "p256-2", "p384"]);
    for (index, item) in preview.items.iter().enumerate() {
        imports.keep(&mut world.session, preview.preview, index, &item.suggested, None, None, &world.ports).unwrap();
    }
    assert_eq!(world.rows(), ["p256", "p256-2", "p384"]);
}

#[test]
fn input_that_is_bad_is_named() {
    let world = World::empty();
    let mut imports = Imports::default();
    let mut refuse = |sources| words(&imports.preview(&world.session, sources, &world.ports).err().unwrap());
    let many = || (0..21).map(|_| text("a.pem", "x")).collect::<Vec<_>>();
    let said = [
        refuse(many()),
        refuse(vec![text("a.txt", "hello"), text("b.txt", "")]),
        refuse(vec![text("empty.pem", "  \n")]),
        refuse(vec![text("large.pem", &"x".repeat(2 << 20))]),
        refuse(vec![text("token.txt", "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.AAAA")]),
        refuse(vec![]),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn names_that_disturb_are_mended_when_suggested_and_refused_when_given() {
    let mut world = World::empty();
    let mut imports = Imports::default();
    let pem = std::fs::read_to_string(format!("{KEYS}p256.pkcs8.pem")).unwrap();
    let long = format!("{}.pem", "x".repeat(300));
    for name in ["a\u{202e}b\u{7}.pem", "-rf.pem", long.as_str(), ".pem", "\u{200b}"] {
        let preview = imports.preview(&world.session, vec![text(name, &pem)], &world.ports).unwrap();
        let suggested = preview.items[0].suggested.clone();
        imports.keep(&mut world.session, preview.preview, 0, &suggested, None, None, &world.ports).unwrap();
    }
    let mut rows = world.rows();
    rows.sort_by_key(String::len);
    assert_eq!(rows[..4], ["ab", "rf", ".pem", "key-2026-11"]);
    assert_eq!(rows[4].len(), 60);
    let preview = imports.preview(&world.session, vec![text("ok.pem", &pem)], &world.ports).unwrap();
    for name in ["a\u{202e}b", &"x".repeat(300), "tab\there"] {
        let refused = imports.keep(&mut world.session, preview.preview, 0, name, None, None, &world.ports).unwrap_err();
        assert!(matches!(refused, Error::Name(NameError::BadName { .. })), "{refused}");
    }
}

#[test]
fn a_key_set_brings_its_names() {
    let world = World::empty();
    let mut imports = Imports::default();
    let set = r#"{"keys":[{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ","kid":"billing","alg":"HS256"},
        {"kty":"oct","k":"c2hvcnQ","kid":"short","alg":"HS256"}]}"#;
    let mut pasted = text("pasted text", set);
    pasted.is_file = false;
    let preview = imports.preview(&world.session, vec![pasted], &world.ports).unwrap();
    let seen: Vec<_> =
        preview.items.iter().map(|item| (item.suggested.as_str(), item.kind, item.findings.len())).collect();
    assert_eq!(seen, [("billing", "shared-secret", 0), ("short", "shared-secret", 1)]);
    assert!(!format!("{preview:?}").contains("c2Vjcm"), "nothing private is shown");
}
