//! Start target: the profile and environment that the window begins with, and the test one it returns to from live.

use provider::Tier;

use crate::{
    ground::Error,
    jobs::settings,
    resolve::definitions,
    store::{
        records::{Profile, Target},
        session::Session,
    },
};

/// Where to begin: where the person worked last, unless that is live; else where the first profile can sign. None
/// where there is no profile.
pub fn first(session: &Session) -> Result<Option<Target>, Error> {
    match settings::last_place(session)? {
        Some(last) if is_live(session, &last)? => calm(session, &last.profile),
        Some(last) => Ok(Some(last)),
        None => {
            let names: Vec<String> = session.each::<Profile>()?.map(|stored| stored.value.name.clone()).collect();
            names.first().map_or(Ok(None), |name| ready(session, name))
        }
    }
}

/// Whether a place is live. One whose environment is gone counts as live, as everything unknown does.
pub fn is_live(session: &Session, at: &Target) -> Result<bool, Error> {
    let profile = session.named::<Profile>(&at.profile)?.value;
    let environment = definitions::named(session, &profile.provider)?.environment(&at.environment);
    Ok(environment.is_none_or(|environment| environment.tier_or_live() == Tier::Live))
}

/// The place of a profile where nothing is at stake: its first test environment, else the one on this computer.
pub fn calm(session: &Session, profile: &str) -> Result<Option<Target>, Error> {
    let stored = session.named::<Profile>(profile)?.value;
    let environments = &definitions::named(session, &stored.provider)?.environments;
    let of = |tier| environments.iter().find(|environment| environment.tier_or_live() == tier);
    let found = of(Tier::Test).or_else(|| of(Tier::Local));
    Ok(found.map(|environment| Target { profile: stored.name.clone(), environment: environment.id.clone() }))
}

/// The first place of a profile that is not live and has a key; else its calm one.
fn ready(session: &Session, profile: &str) -> Result<Option<Target>, Error> {
    let stored = session.named::<Profile>(profile)?.value;
    let environments = &definitions::named(session, &stored.provider)?.environments;
    let has_key = |id: &str| stored.environments.get(id).is_some_and(|place| place.credential.is_some());
    let found = environments.iter().find(|it| it.tier_or_live() != Tier::Live && has_key(&it.id));
    match found {
        Some(environment) => Ok(Some(Target { profile: stored.name, environment: environment.id.clone() })),
        None => calm(session, profile),
    }
}
