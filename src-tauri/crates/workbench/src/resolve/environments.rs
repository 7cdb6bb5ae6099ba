//! Environments of a provider, and questions to its definition: label, address, algorithms, keys.

use jose::{Alg, Finding};
use provider::{Definition, Environment};
use url::Url;

use crate::{
    ground::{Error, Thing, TokenError, names},
    resolve::key_facts,
    store::records::{Credential, Profile},
};

/// The environment of this id.
pub fn environment<'d>(definition: &'d Definition, id: &str) -> Result<&'d Environment, Error> {
    let known = definition.environments.iter().map(|environment| environment.id.as_str());
    definition.environment(id).ok_or_else(|| names::not_found(Thing::Environment, id, known))
}

/// The algorithms that a provider takes keys for, the usual one first.
pub fn algs(definition: &Definition) -> Vec<Alg> {
    let of_keys =
        definition.signing_key().map(|key| key.keys.iter().flat_map(|rule| rule.algs.iter().copied()).collect());
    let of_secret = || definition.signing_secret().map(|secret| secret.algs.clone());
    let mut algs: Vec<Alg> = of_keys.or_else(of_secret).unwrap_or_default();
    let mut seen = Vec::new();
    algs.retain(|alg| {
        !seen.contains(alg) && {
            seen.push(*alg);
            true
        }
    });
    algs
}

/// What calls of a provider are made with, as a person says it: `key`, `API key`, `login`.
pub fn what_calls(definition: &Definition) -> Thing {
    use provider::definition::Credential as Role;
    let kinds = &definition.credentials;
    let usual = definition.placement.takes.iter().find_map(|taken| match kinds.get(taken) {
        None => definition.flows.iter().find_map(|flow| kinds.get(flow.credential.as_deref()?)),
        credential => credential,
    });
    match usual.or_else(|| kinds.all().find(|role| definition.authenticates(role.id()))) {
        Some(Role::Secret(_)) => Thing::Secret,
        Some(Role::ApiKey(_)) => Thing::ApiKey,
        Some(Role::Login(_)) => Thing::Login,
        Some(Role::Client(_)) => Thing::Client,
        Some(Role::PrivateKey(_) | Role::Text(_)) | None => Thing::Key,
    }
}

/// The address of an environment for a profile. `emulator` is asked for when it is the Local one.
pub fn base_url(
    profile: &Profile,
    definition: &Definition,
    environment: &Environment,
    emulator: Option<&str>,
) -> Result<Url, Error> {
    let entered = profile.environments.get(&environment.id).and_then(|place| place.base_url.as_deref());
    Ok(definition.base_url(environment, &profile.variables, emulator.or(entered))?)
}

/// The findings of severity error, as an error.
pub(crate) fn refuse(findings: Vec<Finding>) -> Result<Vec<Finding>, Error> {
    let (errors, rest): (Vec<_>, Vec<_>) = findings.into_iter().partition(Finding::is_error);
    if errors.is_empty() { Ok(rest) } else { Err(Error::Token(TokenError::Rules(errors))) }
}

/// What the provider's rules for keys say of a credential; nothing where it signs no tokens.
pub(crate) fn check_key(definition: &Definition, credential: &Credential) -> Vec<Finding> {
    match credential.alg {
        Some(_) => provider::check_key(definition, &key_facts::facts(credential)),
        None => Vec::new(),
    }
}

/// "Sandbox at Gr4vy".
pub(crate) fn label(definition: &Definition, environment: &Environment) -> String {
    format!("{} at {}", environment.label, definition.name)
}
