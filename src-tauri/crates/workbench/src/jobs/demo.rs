//! Demo vault: a profile and a key for the environment on this computer, so that there is something to try at once.

use std::collections::BTreeMap;

use jose::Alg;
use keyset::Act;
use provider::{Definition, Environment};

use crate::{
    ground::{
        DefinitionError, Error,
        ports::{Cancel, Ports},
    },
    jobs::{
        keys::{self, Sealing},
        profiles::{self, NewProfile},
    },
    policy::binding,
    resolve::environments,
    store::{
        life::{line_id, new_key, place, target},
        records::{Credential, Profile, Target},
        session::Session,
        transaction::Writes,
    },
};

/// What the profile is called.
pub const PROFILE: &str = "Demo";

/// What the key is called.
pub const KEY: &str = "demo";

/// The size of an RSA key, where the provider takes no other.
const RSA_BITS: u32 = 3072;

/// Adds the profile and its key, in one transaction, and says where that is: at the first provider that signs here and
/// has an environment on this computer. What is there already is left as it is.
pub fn prepare(session: &mut Session, ports: &Ports) -> Result<Target, Error> {
    let (definition, environment, alg) = first_local().ok_or(Error::Definition(DefinitionError::NoLocalProvider))?;
    let at = Target { profile: PROFILE.to_owned(), environment: environment.id.clone() };
    if session.has::<Profile>(PROFILE) || session.has::<Credential>(KEY) {
        return Ok(at);
    }
    let made = keys::make(alg, RSA_BITS, &Cancel::default(), ports)?;
    let sealing: Sealing = made.sealing(KEY, ports)?;
    let examples = definition.variables.iter().filter(|variable| variable.required);
    let variables: BTreeMap<String, String> =
        examples.filter_map(|variable| Some((variable.id.clone(), variable.example.clone()?))).collect();
    let new = NewProfile { name: PROFILE.to_owned(), provider: definition.id.clone(), variables };
    session.transact(ports, |session| {
        let profile = profiles::plan(session, &new, ports)?;
        let mut credential = sealing.credential.clone();
        credential.name = session.free_name::<Credential>(KEY)?;
        binding::bind(&mut credential, definition, environment, &profile, None)?;
        let mut writes = Writes::default();
        writes.add(&profile, None, ports);
        let id = writes.insert(&credential, Some(&sealing.secret), ports);
        let mut life = session.living(ports.clock.now())?;
        let (line, place, key) = (line_id(id), place(&credential), new_key(id, &credential, sealing.made));
        life.act(Act::Add { line, place, key })?;
        keys::choose::choose(&mut life, definition, &target(PROFILE, &environment.id), id, &credential)?;
        life.seal(session, &mut writes, ports)?;
        Ok((writes, ()))
    })?;
    Ok(at)
}

/// The first provider that signs here and has an environment on this computer, and the algorithm it usually takes.
fn first_local() -> Option<(&'static Definition, &'static Environment, Alg)> {
    provider::built_in().iter().filter(|definition| definition.signs_here()).find_map(|definition| {
        let environment = definition.environments.iter().find(|environment| environment.is_emulated())?;
        Some((definition, environment, *environments::algs(definition).first()?))
    })
}
