//! Recipes: drafts that have a name, to be used again, on another environment too.

use crate::{
    ground::{Error, ports::Ports},
    jobs::undo::Undo,
    resolve::definitions,
    store::{
        draft::{CallTarget, Draft},
        records::{Profile, Recipe, VERSION},
        session::Session,
        transaction::Writes,
    },
};

/// Saves a draft under a name that is free.
pub fn save(session: &mut Session, name: &str, draft: &Draft, ports: &Ports) -> Result<Recipe, Error> {
    session.transact(ports, |session| {
        let recipe = Recipe {
            v: VERSION,
            name: session.free_name::<Recipe>(name)?,
            provider: session.find::<Profile>(&draft.profile)?.value.provider.clone(),
            draft: draft.clone(),
            saved: ports.clock.now(),
        };
        let mut writes = Writes::default();
        writes.add(&recipe, None, ports);
        Ok((writes, recipe))
    })
}

/// All recipes by name.
pub fn list(session: &Session) -> Result<Vec<Recipe>, Error> {
    Ok(session.each::<Recipe>()?.map(|stored| stored.value.clone()).collect())
}

/// One recipe.
pub fn show(session: &Session, name: &str) -> Result<Recipe, Error> {
    Ok(session.named::<Recipe>(name)?.value)
}

/// Gives a recipe another name.
pub fn rename(session: &mut Session, name: &str, wanted: &str, ports: &Ports) -> Result<Recipe, Error> {
    session.transact(ports, |session| {
        let mut stored = session.named::<Recipe>(name)?;
        if stored.value.name != wanted.trim() {
            stored.value.name = session.free_name::<Recipe>(wanted)?;
        }
        let mut writes = Writes::default();
        writes.replace(&stored, session);
        Ok((writes, stored.value))
    })
}

/// Deletes a recipe; the undo puts it back.
pub fn remove(session: &mut Session, name: &str, ports: &Ports) -> Result<Undo, Error> {
    let ((), steps) = session.transact_undoable(ports, |session| {
        let mut writes = Writes::default();
        writes.delete(session.find::<Recipe>(name)?, format!("recipe {name}"));
        Ok((writes, ()))
    })?;
    Ok(Undo::of_records(format!("Deleted {name}."), steps))
}

/// What a recipe is for, in words: "GET /transactions, transactions.read".
pub fn words(session: &Session, recipe: &Recipe) -> String {
    let Ok(definition) = definitions::named(session, &recipe.provider) else { return String::new() };
    let endpoint = match &recipe.draft.target {
        Some(CallTarget::Endpoint(id)) => definition.endpoint(id),
        Some(CallTarget::Path { .. }) => None,
        None => definition.default_endpoint(),
    };
    let call = match (&recipe.draft.target, endpoint) {
        (Some(CallTarget::Path { method, path }), _) => format!("{method} {path}"),
        (_, Some(endpoint)) => format!("{} {}", endpoint.method, endpoint.path.text()),
        _ => String::new(),
    };
    let scopes = definition.scopes_in(&recipe.draft.claims).join(" ");
    [call, scopes].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
