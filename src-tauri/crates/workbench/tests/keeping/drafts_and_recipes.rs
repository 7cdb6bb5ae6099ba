//! Drafts sealed on lock and there again; recipes.

use keywright_workbench::{
    Error, NameError, draft::CallTarget, drafts::Draft, recipes, records::Target, sealed_drafts, session::status,
    settings,
};

use crate::world::{World, draft};

#[test]
fn drafts_are_there_after_unlocking() {
    let mut world = World::new();
    let drafts = [draft("Acme", "local"), draft("Acme", "sandbox"), draft("Gone", "sandbox")];
    let last = Target { profile: "Acme".to_owned(), environment: "local".to_owned() };
    let epoch = status(&world.path()).unwrap().epoch.0;
    sealed_drafts::seal(&mut world.session, &drafts, Some(&last), &world.ports).unwrap();
    assert_eq!(status(&world.path()).unwrap().epoch.0, epoch + 1, "one transaction");
    sealed_drafts::seal(&mut world.session, &drafts, Some(&last), &world.ports).unwrap();
    assert_eq!(status(&world.path()).unwrap().epoch.0, epoch + 1, "nothing new is no write");

    let typed = Draft { claims: "{ \"half\": ".to_owned(), ..drafts[0].clone() };
    sealed_drafts::seal(&mut world.session, std::slice::from_ref(&typed), None, &world.ports).unwrap();
    let unlocked = world.other();
    assert_eq!(sealed_drafts::open(&unlocked, "Acme", "local").unwrap(), Some(typed));
    assert_eq!(sealed_drafts::open(&unlocked, "Acme", "sandbox").unwrap().as_ref(), Some(&drafts[1]));
    assert_eq!(sealed_drafts::open(&unlocked, "Gone", "sandbox").unwrap(), None);
    assert_eq!(settings::last_place(&unlocked).unwrap(), Some(last));
    let bytes = std::fs::read(world.path()).unwrap();
    assert!(!bytes.windows(4).any(|window| window == b"half"), "sealed");
}

#[test]
fn a_recipe_is_saved_under_a_name_that_is_free() {
    let mut world = World::new();
    let saved = recipes::save(&mut world.session, "list", &draft("Acme", "sandbox"), &world.ports).unwrap();
    assert_eq!(saved.provider, "gr4vy");
    assert_eq!(recipes::words(&world.session, &saved), "GET /transactions?limit=1, transactions.read");
    let other = Draft {
        target: Some(CallTarget::Path { method: "POST".to_owned(), path: "/x".to_owned() }),
        claims: "not json".to_owned(),
        ..draft("Acme", "local")
    };
    let taken = recipes::save(&mut world.session, "list", &other, &world.ports).unwrap_err();
    assert!(matches!(taken, Error::Name(NameError::NameTaken { .. })));
    let saved = recipes::save(&mut world.session, "other", &other, &world.ports).unwrap();
    assert_eq!(recipes::words(&world.session, &saved), "POST /x");
    assert!(recipes::save(&mut world.session, "third", &draft("Gone", "x"), &world.ports).is_err());
    assert!(recipes::rename(&mut world.session, "other", "list", &world.ports).is_err());
    recipes::rename(&mut world.session, "other", "a call", &world.ports).unwrap();
    let names: Vec<_> = recipes::list(&world.other()).unwrap().into_iter().map(|recipe| recipe.name).collect();
    assert_eq!(names, ["a call", "list"]);
}
