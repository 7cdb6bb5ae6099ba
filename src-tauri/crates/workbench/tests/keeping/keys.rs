//! Keys renamed, deleted, restored, destroyed, purged; saved; made and cancelled.

use jose::Alg;
use keywright_workbench::{
    Error, NameError,
    keys::{self, DueKind, PrivateFormat, PublicFormat},
    ports::Cancel,
    profiles, recipes, sealed_drafts,
    signer::SignRequest,
    tokens,
};

use crate::world::{DAY, NOW, World, draft, words};

#[test]
fn a_deleted_key_is_found_by_no_name_and_its_name_is_free() {
    let mut world = World::new();
    keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    assert!(keys::list(&world.session).unwrap().is_empty());
    assert!(keys::show(&world.session, "checkout").is_err());
    assert_eq!(world.set_key(), None);
    let request = SignRequest {
        profile: "Acme".to_owned(),
        environment: "sandbox".to_owned(),
        key: Some("checkout".to_owned()),
        ..SignRequest::default()
    };
    let refused = tokens::sign(&world.session, &request, &world.ports).err().unwrap();
    assert!(matches!(refused, Error::Name(NameError::NotFound { .. })), "{refused}");
    assert!(tokens::own_keys(&world.session, true).unwrap().is_empty());
    assert!(keys::export_private(&world.session, "checkout", PrivateFormat::Pkcs8, None, &world.ports).is_err());

    world.key("checkout");
    assert_eq!(world.rows(), ["checkout", "checkout (deleted)"]);
    let detail = keys::detail(&world.session, "checkout (deleted)", NOW).unwrap();
    assert_eq!(detail.gone_at, Some(NOW + 30 * DAY));
    assert_eq!(detail.public.len(), 4);
}

#[test]
fn a_restored_key_takes_a_name_that_is_free() {
    let mut world = World::new();
    keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    world.key("checkout");
    let restored = keys::restore(&mut world.session, "checkout (deleted)", &world.ports).unwrap();
    assert_eq!(restored.name, "checkout (restored)");
    assert!(restored.binding.is_some_and(|binding| binding.environment == "sandbox"));
    keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    assert_eq!(keys::restore(&mut world.session, "checkout", &world.ports).unwrap().name, "checkout");
    assert_eq!(world.rows(), ["checkout", "checkout (restored)"]);
    // It still signs: its secret was sealed all the time.
    keys::export_private(&world.session, "checkout (restored)", PrivateFormat::Sec1, None, &world.ports).unwrap();
}

#[test]
fn two_deleted_keys_of_one_name_are_told_apart() {
    let mut world = World::empty();
    for alg in [Alg::ES256, Alg::ES384] {
        keys::generate(&mut world.session, alg, 2048, "demo", None, &world.ports).unwrap();
        keys::delete(&mut world.session, "demo", &world.ports).unwrap();
        world.days_pass(1);
    }
    assert_eq!(world.rows(), ["demo (deleted)", "demo"]);
    assert_eq!(keys::detail(&world.session, "demo", NOW).unwrap().row.credential.alg, Some(Alg::ES256));
    keys::destroy(&mut world.session, "demo", &world.ports).unwrap();
    assert_eq!(keys::detail(&world.session, "demo", NOW).unwrap().row.credential.alg, Some(Alg::ES384));
}

#[test]
fn only_a_deleted_key_is_destroyed() {
    let mut world = World::new();
    let refused = keys::destroy(&mut world.session, "checkout", &world.ports).unwrap_err();
    insta::assert_snapshot!(words(&refused), @r#"
    the key "checkout" is not deleted; only a deleted key is destroyed
    hint: delete it first; it can be restored for 30 days
    "#);
    keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    keys::destroy(&mut world.session, "checkout", &world.ports).unwrap();
    assert!(world.rows().is_empty());
    let gone = keys::restore(&mut world.session, "checkout", &world.ports).unwrap_err();
    insta::assert_snapshot!(words(&gone), @r#"
    there is no deleted key named "checkout"
    hint: there is no deleted key yet
    "#);
    // What is left says what it was, and no more.
    assert!(world.other().refresh().is_ok());
}

#[test]
fn a_key_is_purged_thirty_days_after_it_was_deleted_and_not_before() {
    let mut world = World::new();
    world.key("kept");
    keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    world.days_pass(29);
    assert_eq!(keys::purge(&mut world.session, &world.ports).unwrap(), 0);
    assert_eq!(world.rows(), ["kept", "checkout"]);
    world.days_pass(1);
    assert_eq!(keys::purge(&mut world.session, &world.ports).unwrap(), 1);
    assert_eq!(world.rows(), ["kept"]);
    // A clock that was set back makes nobody younger.
    keys::delete(&mut world.session, "kept", &world.ports).unwrap();
    world.days_pass(-100);
    assert_eq!(keys::purge(&mut world.session, &world.ports).unwrap(), 0);
}

#[test]
fn whatever_names_a_key_follows_its_new_name() {
    let mut world = World::new();
    let with_key = keywright_workbench::drafts::Draft { key: Some("checkout".to_owned()), ..draft("Acme", "sandbox") };
    recipes::save(&mut world.session, "list", &with_key, &world.ports).unwrap();
    sealed_drafts::seal(&mut world.session, &[with_key], None, &world.ports).unwrap();
    let epoch = keywright_workbench::session::status(&world.path()).unwrap().epoch.0;
    keys::rename(&mut world.session, "checkout", " checkout-2026 ", &world.ports).unwrap();
    assert_eq!(keywright_workbench::session::status(&world.path()).unwrap().epoch.0, epoch + 1, "one transaction");
    assert_eq!(world.set_key().as_deref(), Some("checkout-2026"));
    let recipe = recipes::show(&world.session, "list").unwrap();
    assert_eq!(recipe.draft.key.as_deref(), Some("checkout-2026"));
    let sealed = sealed_drafts::open(&world.session, "Acme", "sandbox").unwrap().unwrap();
    assert_eq!(sealed.key.as_deref(), Some("checkout-2026"));
    assert_eq!(keys::detail(&world.session, "checkout-2026", NOW).unwrap().row.profiles, ["Acme"]);
    // The same name again is no change, another's name is refused.
    keys::rename(&mut world.session, "checkout-2026", "checkout-2026", &world.ports).unwrap();
    world.key("other");
    let taken = keys::rename(&mut world.session, "other", "checkout-2026", &world.ports).unwrap_err();
    assert!(matches!(taken, Error::Name(NameError::NameTaken { .. })));
}

#[test]
fn a_key_is_listed_with_the_profiles_that_use_it() {
    let mut world = World::new();
    world.profile("Other");
    let keys = [("sandbox".to_owned(), "checkout".to_owned())].into();
    let change = profiles::ProfileChange { keys, ..Default::default() };
    profiles::change(&mut world.session, "Other", &change, &world.ports).unwrap();
    let rows = keys::rows(&world.session, NOW).unwrap();
    assert_eq!(rows[0].profiles, ["Acme", "Other"]);
}

#[test]
fn every_form_that_is_offered_can_be_written_and_read_again() {
    let mut world = World::empty();
    for alg in [Alg::ES256, Alg::EdDSA, Alg::RS256, Alg::HS256] {
        let name = alg.name();
        keys::generate(&mut world.session, alg, 2048, name, None, &world.ports).unwrap();
        let detail = keys::detail(&world.session, name, NOW).unwrap();
        assert_eq!(detail.public.is_empty(), alg == Alg::HS256, "{alg}");
        for format in detail.private {
            let written = keys::export_private(&world.session, name, *format, None, &world.ports);
            match format {
                // Thirty-two random bytes are hardly ever text.
                PrivateFormat::Text => drop(written),
                PrivateFormat::Hex => assert_eq!(written.unwrap().len(), 65),
                PrivateFormat::Base64 => assert_eq!(written.unwrap().len(), 45),
                _ => {
                    let read = jose::key::read::read(&written.unwrap(), None).unwrap();
                    assert_eq!(read.keys[0].key.describe(), detail.row.credential.describe, "{alg} {format:?}");
                }
            }
        }
    }
    let sealed =
        keys::export_private(&world.session, "ES256", PrivateFormat::Pkcs8, Some(b"secret"), &world.ports).unwrap();
    assert!(sealed.starts_with(b"-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    let refused = keys::export_private(&world.session, "ES256", PrivateFormat::Pkcs1, None, &world.ports).unwrap_err();
    insta::assert_snapshot!(refused, @r#"EC P-256 has no form "pkcs1""#);
    assert!(keys::export_public(&world.session, "HS256", PublicFormat::Jwk).is_err());
}

#[test]
fn a_key_that_was_cancelled_is_not_kept() {
    let world = World::empty();
    let cancel = Cancel::default();
    cancel.cancel();
    assert!(matches!(keys::make(Alg::ES256, 2048, &cancel, &world.ports), Err(Error::Cancelled)));
    assert!(world.rows().is_empty());
}

#[test]
fn one_is_reminded_to_rotate_after_ninety_days() {
    let mut world = World::new();
    world.key("unbound");
    world.key_for("play", "Acme", "local");
    let due = |world: &World, name: &str| {
        let rows = keys::rows(&world.session, world.ports.clock.now()).unwrap();
        rows.into_iter().find(|row| row.name.starts_with(name)).unwrap().due
    };
    world.days_pass(89);
    assert_eq!(due(&world, "checkout"), None);
    world.days_pass(2);
    let told = due(&world, "checkout").unwrap();
    assert_eq!(told.kind, DueKind::Rotation);
    assert_eq!(
        (told.at - NOW, told.words.as_str()),
        (90 * DAY, "sealed for Sandbox at Gr4vy 91 d ago; rotate it every 90 d")
    );
    // Nobody minds the age of what belongs nowhere, or to the emulator, or is deleted.
    assert_eq!((due(&world, "unbound"), due(&world, "play")), (None, None));
    keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    assert_eq!(due(&world, "checkout"), None);
}
