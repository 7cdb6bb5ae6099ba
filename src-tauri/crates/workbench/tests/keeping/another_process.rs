//! Two processes on one vault, and a vault that goes away while it is open.

use jose::Alg;
use keywright_workbench::{
    Error, Fault, NameError, UndoError, VaultError, keys,
    profiles::{self, ProfileChange},
    session::{self, KdfParams, Passphrase},
    signer::SignRequest,
    tokens,
};

use crate::world::{World, passphrase, words};

fn sign() -> SignRequest {
    SignRequest { profile: "Acme".to_owned(), environment: "sandbox".to_owned(), ..SignRequest::default() }
}

#[test]
fn each_sees_what_the_other_wrote() {
    let mut world = World::new();
    let mut other = world.other();
    assert!(!world.session.refresh().unwrap());
    keys::generate(&mut other, Alg::ES256, 2048, "theirs", None, &world.ports).unwrap();
    assert!(world.session.refresh().unwrap());
    assert_eq!(world.rows(), ["checkout", "theirs"]);
}

#[test]
fn every_job_looks_again_before_it_writes() {
    let mut world = World::new();
    let mut other = world.other();
    let ttl = |ttl| ProfileChange { ttl: Some(ttl), ..ProfileChange::default() };
    // One changes a variable while the other sets a lifetime: both hold.
    let variables = [("merchant_account_id".to_owned(), "uk".to_owned())].into();
    let change = ProfileChange { variables, ..ProfileChange::default() };
    profiles::change(&mut other, "Acme", &change, &world.ports).unwrap();
    let profile = profiles::change(&mut world.session, "Acme", &ttl(60), &world.ports).unwrap();
    assert_eq!((profile.ttl, profile.variables["merchant_account_id"].as_str()), (Some(60), "uk"));
    // What the other renamed is not found under its old name, and what it deleted is not deleted twice.
    keys::rename(&mut other, "checkout", "renamed", &world.ports).unwrap();
    let missing = keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap_err();
    assert!(matches!(missing, Error::Name(NameError::NotFound { .. })), "{missing}");
    keys::delete_ending_use(&mut world.session, "renamed", &world.ports).unwrap();
    assert_eq!(keys::list(&world.session).unwrap().len(), 0);
}

#[test]
fn twenty_writers_lose_nothing() {
    let world = World::empty();
    std::thread::scope(|threads| {
        for thread in 0..4 {
            let (world, mut session) = (&world, world.other());
            threads.spawn(move || {
                for number in 0..5 {
                    let name = format!("key {thread}-{number}");
                    keys::generate(&mut session, Alg::ES256, 2048, &name, None, &world.ports).unwrap();
                }
            });
        }
    });
    assert_eq!(keys::list(&world.other()).unwrap().len(), 20);
}

#[test]
fn a_key_that_was_written_meanwhile_is_opened_after_a_second_look() {
    let mut world = World::new();
    let mut other = world.other();
    keys::rename(&mut other, "checkout", "renamed", &world.ports).unwrap();
    let ports = &world.ports;
    let signed = world.session.reading(|session| tokens::sign(session, &sign(), ports)).unwrap();
    assert_eq!(signed.key, "renamed");
}

#[test]
fn an_undo_does_not_write_over_what_another_process_changed() {
    let mut world = World::new();
    let mut other = world.other();
    let change = |ttl| ProfileChange { ttl: Some(ttl), ..ProfileChange::default() };
    let (_, undo) = profiles::change_undoable(&mut world.session, "Acme", &change(60), &world.ports).unwrap();
    profiles::change(&mut other, "Acme", &change(90), &world.ports).unwrap();
    assert!(matches!(undo.apply(&mut world.session, &world.ports), Err(Error::Undo(UndoError::ChangedSince { .. }))));
    assert_eq!(profiles::show(&world.session, "Acme").unwrap().ttl, Some(90));
}

#[test]
fn a_vault_that_was_deleted_is_said_to_be_gone_and_the_list_stays() {
    let mut world = World::new();
    let kept = std::fs::read(world.path()).unwrap();
    std::fs::remove_file(world.path()).unwrap();
    let refused = keys::rename(&mut world.session, "checkout", "renamed", &world.ports).unwrap_err();
    assert_eq!(refused.fault(), Fault::Vault);
    let said = words(&refused).replace(&world.path().display().to_string(), "VAULT");
    insta::assert_snapshot!(said, @r"
    the vault VAULT is gone: what is open here cannot be saved, and no key can be opened
    hint: put the file back where it was, from the trash or a backup; until then the lists stay readable
    ");
    let unopened = tokens::sign(&world.session, &sign(), &world.ports).err().unwrap();
    assert!(matches!(unopened, Error::Vault(VaultError::VaultGone { .. })), "{unopened}");
    assert!(matches!(world.session.refresh(), Err(Error::Vault(VaultError::VaultGone { .. }))));
    assert_eq!(world.rows(), ["checkout"]);
    assert!(!world.path().exists(), "nothing is put there");
    // Back again, it goes on.
    std::fs::write(world.path(), kept).unwrap();
    keys::rename(&mut world.session, "checkout", "renamed", &world.ports).unwrap();
}

#[test]
fn a_vault_that_was_replaced_is_not_written() {
    let mut world = World::new();
    let kept = std::fs::read(world.path()).unwrap();
    std::fs::remove_file(world.path()).unwrap();
    let other = Passphrase::new("another".to_owned()).unwrap();
    drop(session::create(&world.path(), &other, KdfParams::CHEAPEST, &world.ports).unwrap());
    let strange = std::fs::read(world.path()).unwrap();
    let refused = keys::rename(&mut world.session, "checkout", "renamed", &world.ports).unwrap_err();
    assert!(refused.to_string().starts_with("another vault lies at this path now"), "{refused}");
    assert!(world.session.check_passphrase(&other, &world.ports).is_err(), "its passphrase is not ours");
    assert_eq!(std::fs::read(world.path()).unwrap(), strange);
    assert_eq!(world.rows(), ["checkout"]);
    std::fs::write(world.path(), kept).unwrap();
    world.session.check_passphrase(&passphrase(), &world.ports).unwrap();
}

#[test]
fn a_vault_that_went_back_is_not_written() {
    let mut world = World::new();
    let before = std::fs::read(world.path()).unwrap();
    world.key("later");
    std::fs::write(world.path(), before).unwrap();
    let refused = keys::rename(&mut world.session, "later", "x", &world.ports).unwrap_err();
    assert!(refused.to_string().starts_with("the vault went back"), "{refused}");
    assert_eq!(world.rows(), ["checkout", "later"]);
}
