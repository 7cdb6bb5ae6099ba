//! Definitions of one's own: taken, followed when their file changes, forgotten; and what live credentials may follow.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use jose::Alg;
use keywright_workbench::{
    DefinitionError, Error, UndoError, definitions, environments,
    keys::{self, For},
    ports::{Consent, LiveAct, LiveQuestion},
    profiles::{self, NewProfile, ProfileChange},
    providers::{self, DefinitionFile, OnDisk, Taken},
    records::Credential,
    signer::SignRequest,
    tokens,
};
use provider::scaffold;

use crate::world::{World, words};

/// A person who answers as they were told, and what they were asked.
#[derive(Clone, Default)]
struct Person(Arc<Mutex<Vec<String>>>, Arc<AtomicBool>);

impl Consent for Person {
    fn ask(&self, question: &LiveQuestion) -> bool {
        assert!(question.kind == LiveAct::Follow || question.kind == LiveAct::Sign);
        self.0.lock().unwrap().push(format!("{} with {} for {}", question.act, question.key, question.environment));
        self.1.load(Ordering::SeqCst)
    }
}

impl Person {
    fn agrees(&self, agrees: bool) {
        self.1.store(agrees, Ordering::SeqCst);
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// A vault with a provider from a file, and a profile there with a key for each environment.
struct Shop {
    world: World,
    person: Person,
    folder: tempfile::TempDir,
}

impl Shop {
    fn new() -> Self {
        let mut world = World::empty();
        let person = Person::default();
        world.ports.consent = Box::new(person.clone());
        let mut shop = Self { world, person, folder: tempfile::tempdir().unwrap() };
        shop.write(&scaffold("Acme Pay"));
        shop.take().unwrap();
        let world = &mut shop.world;
        let new = NewProfile { name: "shop".to_owned(), provider: "acme-pay".to_owned(), variables: [].into() };
        profiles::add(&mut world.session, new, &world.ports).unwrap();
        let base_urls = [("production".to_owned(), "https://api.acme.example".to_owned())].into();
        let change = ProfileChange { base_urls, ..ProfileChange::default() };
        profiles::change(&mut world.session, "shop", &change, &world.ports).unwrap();
        for (name, environment) in [("tried", "sandbox"), ("live", "production")] {
            let place = Some(For { profile: "shop", environment });
            keys::generate(&mut world.session, Alg::ES256, 2048, name, place, &world.ports).unwrap();
        }
        shop
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("acme.toml")
    }

    fn write(&self, text: &str) {
        std::fs::write(self.file(), text).unwrap();
    }

    /// Edits the file as a person does in their editor.
    fn edit(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.file()).unwrap();
        assert!(text.contains(from), "{from}");
        self.write(&text.replacen(from, to, 1));
    }

    fn source(&self) -> DefinitionFile {
        DefinitionFile { bytes: std::fs::read(self.file()).unwrap(), file: Some(self.file()) }
    }

    fn take(&mut self) -> Result<Taken, Error> {
        let source = self.source();
        providers::take(&mut self.world.session, source, &self.world.ports)
    }

    fn take_again(&mut self) -> Result<Taken, Error> {
        providers::take_again(&mut self.world.session, "acme-pay", &self.world.ports)
    }

    fn on_disk(&self) -> OnDisk {
        providers::own(&self.world.session, &self.world.ports).unwrap().swap_remove(0).on_disk
    }

    fn hosts(&self, key: &str) -> Vec<String> {
        self.world.session.named::<Credential>(key).unwrap().value.binding.unwrap().hosts
    }

    fn base_url(&self) -> String {
        let definition = definitions::named(&self.world.session, "acme-pay").unwrap();
        let profile = profiles::show(&self.world.session, "shop").unwrap();
        let environment = definition.environment("sandbox").unwrap();
        environments::base_url(&profile, definition, environment, None).unwrap().to_string()
    }

    fn told(&self, error: &Error) -> String {
        words(error).replace(&self.folder.path().display().to_string(), "FOLDER")
    }
}

#[test]
fn a_fifth_provider_comes_from_a_file_and_signs() {
    let shop = Shop::new();
    let all: Vec<&str> = definitions::all(&shop.world.session).unwrap().iter().map(|it| it.id.as_str()).collect();
    assert_eq!(all, ["gr4vy", "hedge", "partner", "cryptopay", "acme-pay"]);
    let request = SignRequest {
        profile: "shop".to_owned(),
        environment: "sandbox".to_owned(),
        claims: vec![("iss".to_owned(), r#""shop 7""#.to_owned())],
        ..SignRequest::default()
    };
    let signed = tokens::sign(&shop.world.session, &request, &shop.world.ports).unwrap();
    assert!(signed.claims.contains(r#""scope":"payments:read""#), "{}", signed.claims);
    assert_eq!(signed.alg, Alg::ES256);
    assert!(matches!(shop.on_disk(), OnDisk::Same));
    // What is in the vault counts, whether the file is there or not, and in every process.
    std::fs::remove_file(shop.file()).unwrap();
    let other = shop.world.other();
    assert_eq!(definitions::named(&other, "acme-pay").unwrap().name, "Acme Pay");
    let OnDisk::Unfit(gone) = shop.on_disk() else { panic!("the file is gone") };
    insta::assert_snapshot!(shop.told(&gone));
}

#[test]
fn an_edited_file_is_shown_and_followed_only_when_it_is_taken() {
    let mut shop = Shop::new();
    shop.edit("https://sandbox.example.com", "https://try.example.com");
    let OnDisk::Changed(changes) = shop.on_disk() else { panic!("it changed") };
    let lines: Vec<String> = changes.iter().map(|change| format!("{change}, {:?}", change.touches)).collect();
    insta::assert_debug_snapshot!(lines);
    assert_eq!(shop.base_url(), "https://sandbox.example.com/");
    // A live key hangs on this definition, so a person is asked; saying no changes nothing.
    let refused = shop.take_again().unwrap_err();
    insta::assert_snapshot!(shop.told(&refused));
    assert_eq!(shop.base_url(), "https://sandbox.example.com/");
    assert_eq!(shop.hosts("tried"), ["sandbox.example.com"]);
    assert_eq!(shop.person.asked().len(), 1);
    shop.person.agrees(true);
    let taken = shop.take_again().unwrap();
    insta::assert_debug_snapshot!(shop.person.asked());
    assert_eq!(shop.base_url(), "https://try.example.com/");
    // The keys go where the definition says now.
    assert_eq!(shop.hosts("tried"), ["try.example.com"]);
    assert_eq!(shop.hosts("live"), ["api.acme.example"]);
    assert!(matches!(shop.on_disk(), OnDisk::Same));
    taken.undo.unwrap().apply(&mut shop.world.session, &shop.world.ports).unwrap();
    assert_eq!(shop.base_url(), "https://sandbox.example.com/");
    assert_eq!(shop.hosts("tried"), ["sandbox.example.com"]);
}

#[test]
fn words_alone_and_test_keys_alone_are_nobodys_question() {
    let mut shop = Shop::new();
    shop.edit("See payments", "Look at payments");
    assert_eq!(shop.take_again().unwrap().changes.unwrap().len(), 1);
    shop.edit("# Every key", "# Each key");
    assert!(matches!(shop.on_disk(), OnDisk::Changed(changes) if changes.is_empty()));
    assert!(shop.take().unwrap().changes.unwrap().is_empty());
    keys::delete_ending_use(&mut shop.world.session, "live", &shop.world.ports).unwrap();
    shop.edit("https://sandbox.example.com", "https://try.example.com");
    shop.take_again().unwrap();
    assert_eq!(shop.hosts("tried"), ["try.example.com"]);
    assert!(shop.person.asked().is_empty());
}

#[test]
fn a_definition_that_is_needed_stays() {
    let mut shop = Shop::new();
    let world = &mut shop.world;
    let refused = providers::remove(&mut world.session, "acme-pay", &world.ports).unwrap_err();
    insta::assert_snapshot!(words(&refused));
    profiles::remove(&mut world.session, "shop", &world.ports).unwrap();
    let undo = providers::remove(&mut world.session, "acme-pay", &world.ports).unwrap();
    assert_eq!(undo.words(), "Forgot the definition of acme-pay. Its file stays.");
    let gone = definitions::named(&world.session, "acme-pay").unwrap_err();
    insta::assert_snapshot!(words(&gone));
    undo.apply(&mut world.session, &world.ports).unwrap();
    assert_eq!(definitions::named(&world.session, "acme-pay").unwrap().name, "Acme Pay");
    // Taken back once more, there is one already.
    let again = undo.apply(&mut world.session, &world.ports).unwrap_err();
    assert!(matches!(again, Error::Undo(UndoError::ChangedSince { .. })), "{again}");
}

#[test]
fn one_may_stand_in_for_a_built_in_one() {
    let mut shop = Shop::new();
    let mended = provider::built_in_text("gr4vy").unwrap().replacen("Gr4vy\"", "Gr4vy as we know it\"", 1);
    let world = &mut shop.world;
    let source = DefinitionFile { bytes: mended.into_bytes(), file: None };
    let taken = providers::take(&mut world.session, source, &world.ports).unwrap();
    assert_eq!(taken.changes.unwrap().len(), 1);
    assert_eq!(definitions::all(&world.session).unwrap()[0].name, "Gr4vy as we know it");
    let refused = providers::take_again(&mut world.session, "gr4vy", &world.ports).unwrap_err();
    insta::assert_snapshot!(words(&refused));
    world.profile("Acme");
    providers::remove(&mut world.session, "gr4vy", &world.ports).unwrap();
    assert_eq!(definitions::named(&world.session, "gr4vy").unwrap().name, "Gr4vy");
}

#[test]
fn what_cannot_be_taken_says_why_and_changes_nothing() {
    let mut shop = Shop::new();
    let mut told = String::new();
    let good = std::fs::read(shop.file()).unwrap();
    let text = String::from_utf8(good.clone()).unwrap();
    let cases: [(&str, Vec<u8>); 5] = [
        (
            "an unknown key",
            text.replacen("documentation", "documentaton", 1).replacen("# documentaton", "documentaton", 1).into(),
        ),
        (
            "two faults",
            text.replacen("{now+ttl}", "{now+tll}", 1).replacen("{resource}:{action}", "{resource", 1).into(),
        ),
        ("another provider", scaffold("Umbrella").into()),
        ("not text", vec![0xff, 0xfe, b'k']),
        ("five megabytes", vec![b'#'; 5_000_000]),
    ];
    for (name, bytes) in cases {
        std::fs::write(shop.file(), bytes).unwrap();
        let refused = shop.take_again().unwrap_err();
        told += &format!("# {name}\n{}\n", shop.told(&refused));
        assert!(matches!(shop.on_disk(), OnDisk::Unfit(_)), "{name}");
    }
    insta::assert_snapshot!(told);
    assert_eq!(shop.base_url(), "https://sandbox.example.com/");
    std::fs::write(shop.file(), good).unwrap();
    assert!(matches!(shop.on_disk(), OnDisk::Same));
    assert!(matches!(
        definitions::in_file(vec![b'x'], Path::new("x.toml")),
        Err(Error::Definition(DefinitionError::Definition { .. }))
    ));
}

#[test]
fn a_definition_that_another_process_changed_meanwhile_is_not_written_over() {
    let mut shop = Shop::new();
    let mut other = shop.world.other();
    shop.edit("See payments", "Look at payments");
    let source = shop.source();
    providers::take(&mut other, source, &shop.world.ports).unwrap();
    shop.edit("Look at payments", "View payments");
    let taken = shop.take_again().unwrap();
    // It was compared with what the other one took.
    assert!(taken.changes.unwrap()[0].to_string().contains("Look at payments"));
}

#[test]
fn a_live_key_is_sealed_for_other_hosts_only_after_a_word() {
    let mut shop = Shop::new();
    let move_to = |shop: &mut Shop, keys: &[(&str, &str)]| {
        let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let base_urls = pairs(&[("production", "https://elsewhere.example")]);
        let change = ProfileChange { base_urls, keys: pairs(keys), ..ProfileChange::default() };
        profiles::change(&mut shop.world.session, "shop", &change, &shop.world.ports)
    };
    // The address alone moves no key: calls there are refused.
    move_to(&mut shop, &[]).unwrap();
    assert_eq!(shop.hosts("live"), ["api.acme.example"]);
    let refused = move_to(&mut shop, &[("production", "live")]).unwrap_err();
    insta::assert_snapshot!(shop.told(&refused));
    assert_eq!(shop.hosts("live"), ["api.acme.example"]);
    // Neither does a definition that says the same, or one that changed while the key was in the trash.
    shop.edit("# Every key", "# Each key");
    shop.take_again().unwrap();
    assert_eq!(shop.hosts("live"), ["api.acme.example"]);
    shop.person.asked();
    shop.person.agrees(true);
    move_to(&mut shop, &[("production", "live"), ("sandbox", "tried")]).unwrap();
    assert_eq!(shop.person.asked().len(), 1);
    assert_eq!(shop.hosts("live"), ["elsewhere.example"]);
}
