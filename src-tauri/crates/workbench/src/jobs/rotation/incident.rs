//! An incident: a key leaked. What that touches, and what each way out breaks, before anything is done.

use keyset::Stated;

use super::record;
use crate::{
    ground::Error,
    jobs::{acceptance, keys},
    policy::rotating,
    store::{
        life,
        records::{CredentialAt, Recipe, Target},
        session::Session,
    },
};

/// A leaked key, before anything is done about it.
#[derive(Debug, Clone)]
pub struct Incident {
    /// The key's name.
    pub key: String,
    /// When somebody reported it before, in seconds since 1970.
    pub reported: Option<i64>,
    /// What the plan says of it.
    pub plan: keyset::Incident,
    /// The name of a key of the line that is published and proved already.
    pub ready: Option<String>,
    /// The recipes that name it.
    pub recipes: Vec<String>,
    /// When a server last accepted a call of ours with it, in seconds since 1970.
    pub last_accepted: Option<i64>,
}

/// What a leak of this key touches.
pub fn incident(session: &mut Session, name: &str, stated: &Stated) -> Result<Incident, Error> {
    session.refresh()?;
    let stored = keys::shown(session, name)?;
    let (key, credential) = (life::key_id(stored.id), &stored.value);
    let (_, method) = rotating::method(session, credential, None)?;
    let keyset = session.keyset()?;
    let plan =
        keyset::incident(keyset, session.key_events()?, &key, method, stated).map_err(keyset::RotationError::from)?;
    let reported = keyset.key(&key).map_err(keyset::RotationError::from)?.1.leaked.map(|at| at.0);
    let of_recipe = |recipe: &Recipe| recipe.draft.key.as_deref() == Some(&credential.name);
    let recipes = session.each::<Recipe>()?.filter(|recipe| of_recipe(&recipe.value));
    let recipes = recipes.map(|recipe| recipe.value.name.clone()).collect();
    let mut last_accepted = None;
    for keyset::Target { profile, environment } in &plan.targets {
        let at = Target { profile: profile.clone(), environment: environment.clone() };
        let owner = CredentialAt { at, credential: credential.name.clone() };
        last_accepted = last_accepted.max(acceptance::last(session, &owner)?);
    }
    let ready = plan.ready.as_ref().map(|key| record::key_name(keyset, key));
    Ok(Incident { key: credential.name.clone(), reported, plan, ready, recipes, last_accepted })
}
