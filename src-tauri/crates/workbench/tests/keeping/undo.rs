//! Deletions and changes taken back: all of it, once, and never over what was changed since.

use keywright_workbench::{
    Error, UndoError, keys,
    profiles::{self, ProfileChange},
    recipes,
    records::Target,
    sealed_drafts, settings,
    undo::UndoLog,
};

use crate::world::{World, draft, words};

#[test]
fn a_deleted_key_comes_back_where_it_was() {
    let mut world = World::new();
    let mut log = UndoLog::default();
    let undo = keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    assert_eq!(undo.words(), "Deleted checkout. It can be restored for 30 days.");
    let number = log.keep(undo);
    log.apply(number, &mut world.session, &world.ports).unwrap();
    assert_eq!((world.rows(), world.set_key().as_deref()), (vec!["checkout".to_owned()], Some("checkout")));
    let used = log.apply(number, &mut world.session, &world.ports).unwrap_err();
    assert!(used.is_gone());
    insta::assert_snapshot!(words(&used), @r"
    this can no longer be taken back
    hint: the last 50 changes can be taken back, until the vault is locked
    ");
}

#[test]
fn a_key_that_comes_back_leaves_what_took_its_place() {
    let mut world = World::new();
    let undo = keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    world.key_for("checkout", "Acme", "sandbox");
    undo.apply(&mut world.session, &world.ports).unwrap();
    assert_eq!(world.rows(), ["checkout", "checkout (restored)"]);
    assert_eq!(world.set_key().as_deref(), Some("checkout"));
}

#[test]
fn a_key_destroyed_or_restored_since_is_not_taken_back() {
    let mut world = World::new();
    let undo = keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    keys::restore(&mut world.session, "checkout", &world.ports).unwrap();
    let refused = undo.apply(&mut world.session, &world.ports).unwrap_err();
    assert!(matches!(refused, Error::Undo(UndoError::ChangedSince { .. })), "{refused}");
    let undo = keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    keys::destroy(&mut world.session, "checkout", &world.ports).unwrap();
    assert!(matches!(undo.apply(&mut world.session, &world.ports), Err(Error::Undo(UndoError::ChangedSince { .. }))));
}

#[test]
fn a_changed_profile_goes_back_with_the_key_that_was_sealed_for_it() {
    let mut world = World::new();
    world.key("loose");
    let before = profiles::show(&world.session, "Acme").unwrap();
    let change = ProfileChange {
        keys: [("local".to_owned(), "loose".to_owned())].into(),
        ttl: Some(60),
        ..ProfileChange::default()
    };
    let (changed, undo) = profiles::change_undoable(&mut world.session, "Acme", &change, &world.ports).unwrap();
    assert_eq!(changed.ttl, Some(60));
    assert!(keys::show(&world.session, "loose").unwrap().binding.is_some());
    undo.apply(&mut world.session, &world.ports).unwrap();
    assert_eq!(profiles::show(&world.session, "Acme").unwrap(), before);
    let stays = keys::show(&world.session, "loose").unwrap().binding.unwrap();
    assert_eq!(stays.environment, "local", "a key never changes its environment, once it has one");
}

#[test]
fn changes_are_taken_back_one_after_the_other_and_not_in_the_middle() {
    let mut world = World::new();
    let mut log = UndoLog::default();
    let mut change = |ttl| {
        let change = ProfileChange { ttl: Some(ttl), ..ProfileChange::default() };
        let (_, undo) = profiles::change_undoable(&mut world.session, "Acme", &change, &world.ports).unwrap();
        log.keep(undo)
    };
    let (first, second) = (change(60), change(120));
    let refused = log.apply(first, &mut world.session, &world.ports).unwrap_err();
    insta::assert_snapshot!(words(&refused), @r#"
    the profile "Acme" was changed since, so this is not taken back
    hint: look at it as it is now, and change it by hand
    "#);
    assert_eq!(profiles::show(&world.session, "Acme").unwrap().ttl, Some(120), "nothing was lost");
    log.apply(second, &mut world.session, &world.ports).unwrap();
    assert_eq!(profiles::show(&world.session, "Acme").unwrap().ttl, Some(60));
}

#[test]
fn two_changes_go_back_in_turn() {
    let mut world = World::new();
    let undos: Vec<_> = [60, 120]
        .into_iter()
        .map(|ttl| {
            let change = ProfileChange { ttl: Some(ttl), ..ProfileChange::default() };
            profiles::change_undoable(&mut world.session, "Acme", &change, &world.ports).unwrap().1
        })
        .collect();
    for undo in undos.iter().rev() {
        undo.apply(&mut world.session, &world.ports).unwrap();
    }
    assert_eq!(profiles::show(&world.session, "Acme").unwrap().ttl, None);
}

#[test]
fn a_deleted_profile_comes_back_with_its_draft() {
    let mut world = World::new();
    let at = Target { profile: "Acme".to_owned(), environment: "sandbox".to_owned() };
    sealed_drafts::seal(&mut world.session, &[draft("Acme", "sandbox")], Some(&at), &world.ports).unwrap();
    let before = profiles::show(&world.session, "Acme").unwrap();
    let (_, undo) = profiles::remove_undoable(&mut world.session, "Acme", &world.ports).unwrap();
    assert_eq!(settings::last_place(&world.session).unwrap(), None);
    assert_eq!(sealed_drafts::open(&world.session, "Acme", "sandbox").unwrap(), None);
    undo.apply(&mut world.session, &world.ports).unwrap();
    assert_eq!(profiles::show(&world.session, "Acme").unwrap(), before);
    assert!(sealed_drafts::open(&world.session, "Acme", "sandbox").unwrap().is_some());
    assert_eq!(settings::last_place(&world.session).unwrap(), Some(at));
}

#[test]
fn a_deleted_profile_whose_name_is_taken_comes_back_under_another() {
    let mut world = World::new();
    let (_, undo) = profiles::remove_undoable(&mut world.session, "Acme", &world.ports).unwrap();
    keys::delete_ending_use(&mut world.session, "checkout", &world.ports).unwrap();
    world.profile("Acme");
    undo.apply(&mut world.session, &world.ports).unwrap();
    let restored = profiles::show(&world.session, "Acme (restored)").unwrap();
    assert_eq!(restored.environments["sandbox"].credential, None, "its key is deleted");
}

#[test]
fn a_deleted_recipe_comes_back() {
    let mut world = World::new();
    recipes::save(&mut world.session, "list", &draft("Acme", "sandbox"), &world.ports).unwrap();
    let before = recipes::list(&world.session).unwrap();
    let undo = recipes::remove(&mut world.session, "list", &world.ports).unwrap();
    assert!(recipes::list(&world.session).unwrap().is_empty());
    undo.apply(&mut world.session, &world.ports).unwrap();
    assert_eq!(recipes::list(&world.session).unwrap(), before);
}

#[test]
fn the_last_fifty_are_kept_until_the_vault_is_locked() {
    let mut world = World::new();
    let mut log = UndoLog::default();
    let numbers: Vec<u64> = (0..51)
        .map(|ttl| {
            let change = ProfileChange { ttl: Some(60 + ttl), ..ProfileChange::default() };
            log.keep(profiles::change_undoable(&mut world.session, "Acme", &change, &world.ports).unwrap().1)
        })
        .collect();
    assert!(matches!(log.apply(numbers[0], &mut world.session, &world.ports), Err(Error::Undo(UndoError::UndoGone))));
    log.apply(numbers[50], &mut world.session, &world.ports).unwrap();
    log.clear();
    assert!(matches!(log.apply(numbers[49], &mut world.session, &world.ports), Err(Error::Undo(UndoError::UndoGone))));
}
