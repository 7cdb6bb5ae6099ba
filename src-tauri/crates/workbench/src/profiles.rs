//! Profiles: a person's accounts at providers.

use std::collections::BTreeMap;

use jose::Finding;
use provider::{Definition, Environment, Tier};
use url::Url;
use vault::Change;

use crate::{
    Error,
    keys::facts,
    names,
    ports::Ports,
    records::{Binding, Credential, Profile, VERSION},
    session::{Session, Stored},
};

/// What a new profile needs.
#[derive(Debug, Clone, Default)]
pub struct NewProfile {
    /// Its name.
    pub name: String,
    /// The provider's id.
    pub provider: String,
    /// The values of the provider's variables.
    pub variables: BTreeMap<String, String>,
}

/// A change to a profile; what is `None` or empty stays.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// Variables to set; an empty value takes one away.
    pub variables: BTreeMap<String, String>,
    /// Credentials to use: environment id to key name.
    pub keys: BTreeMap<String, String>,
    /// Addresses to use, where the provider publishes none: environment id to address.
    pub base_urls: BTreeMap<String, String>,
    /// Scopes that a token gets unless others are named; an empty list goes back to the provider's.
    pub scopes: Option<Vec<String>>,
    /// Seconds that a token lives unless told otherwise.
    pub ttl: Option<u64>,
}

/// The definition of this id.
pub fn definition(id: &str) -> Result<&'static Definition, Error> {
    provider::built_in_named(id)
        .ok_or_else(|| names::not_found("provider", id, provider::built_in().iter().map(|d| d.id.as_str())))
}

/// The environment of this id.
pub fn environment<'d>(definition: &'d Definition, id: &str) -> Result<&'d Environment, Error> {
    let known = definition.environments.iter().map(|environment| environment.id.as_str());
    definition.environment(id).ok_or_else(|| names::not_found("environment", id, known))
}

/// Makes a profile.
pub fn add(session: &mut Session, new: NewProfile, ports: &Ports) -> Result<Profile, Error> {
    let definition = definition(&new.provider)?;
    let name = session.free_name::<Profile>(&new.name)?;
    let profile = Profile {
        v: VERSION,
        name,
        provider: definition.id.clone(),
        variables: kept(definition, new.variables)?,
        environments: BTreeMap::new(),
        scopes: None,
        ttl: None,
        created: ports.clock.now(),
    };
    check_variables(definition, &profile.variables)?;
    session.add(&profile, None, ports)?;
    Ok(profile)
}

/// All profiles by name.
pub fn list(session: &Session) -> Result<Vec<Stored<Profile>>, Error> {
    session.all()
}

/// One profile.
pub fn show(session: &Session, name: &str) -> Result<Profile, Error> {
    Ok(session.named(name)?.value)
}

/// Changes a profile. A key that is set for an environment is sealed for it and for the hosts that it has now; one that
/// is already sealed for another environment is refused.
pub fn change(session: &mut Session, name: &str, change: ProfileChange, ports: &Ports) -> Result<Profile, Error> {
    let mut stored = session.named::<Profile>(name)?;
    let definition = definition(&stored.value.provider)?;
    let profile = &mut stored.value;
    for (id, value) in kept(definition, change.variables)? {
        if value.is_empty() {
            profile.variables.remove(&id)
        } else {
            profile.variables.insert(id, value)
        };
    }
    check_variables(definition, &profile.variables)?;
    for (id, address) in change.base_urls {
        let environment = environment(definition, &id)?;
        definition.base_url(environment, &profile.variables, Some(&address))?;
        profile.environments.entry(id).or_default().base_url = Some(address).filter(|address| !address.is_empty());
    }
    if let Some(scopes) = change.scopes {
        profile.scopes = Some(scopes).filter(|scopes| !scopes.is_empty());
    }
    profile.ttl = change.ttl.or(profile.ttl);

    let mut credentials = Vec::new();
    for (id, key) in change.keys {
        let environment = environment(definition, &id)?;
        let mut credential = session.named::<Credential>(&key)?;
        bind(&mut credential.value, definition, environment, profile)?;
        profile.environments.entry(id).or_default().credential = Some(key);
        credentials.push(credential);
    }
    commit(session, &stored, &credentials, ports)?;
    Ok(stored.value)
}

/// Removes a profile. Its keys stay in the vault.
pub fn remove(session: &mut Session, name: &str, ports: &Ports) -> Result<Profile, Error> {
    let stored = session.named::<Profile>(name)?;
    let tombstone = format!("profile {name}");
    let change = Change::Delete { id: stored.id, expected: stored.revision, tombstone: tombstone.as_bytes() };
    session.commit(&[change], ports)?;
    Ok(stored.value)
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
    if errors.is_empty() { Ok(rest) } else { Err(Error::Rules(errors)) }
}

/// Seals where a credential belongs. The provider's rules for keys are applied here, before it is ever used.
pub(crate) fn bind(
    credential: &mut Credential,
    definition: &Definition,
    environment: &Environment,
    profile: &Profile,
) -> Result<(), Error> {
    if let Some(binding) = &credential.binding
        && (binding.provider != definition.id || binding.environment != environment.id)
    {
        return Err(Error::WrongEnvironment {
            key: credential.name.clone(),
            sealed: binding.label.clone(),
            wanted: label(definition, environment),
        });
    }
    refuse(provider::check_key(definition, &facts(credential)))?;
    let hosts = match environment.tier_or_live() {
        Tier::Local => vec!["127.0.0.1".to_owned(), "localhost".to_owned(), "::1".to_owned()],
        Tier::Test | Tier::Live => {
            let url = base_url(profile, definition, environment, None)?;
            url.host_str().map(str::to_owned).into_iter().collect()
        }
    };
    credential.binding = Some(Binding {
        provider: definition.id.clone(),
        environment: environment.id.clone(),
        label: label(definition, environment),
        tier: environment.tier_or_live(),
        hosts,
    });
    Ok(())
}

/// Writes a profile and the credentials that were bound for it, in one transaction.
pub(crate) fn commit(
    session: &mut Session,
    profile: &Stored<Profile>,
    credentials: &[Stored<Credential>],
    ports: &Ports,
) -> Result<(), Error> {
    use crate::records::Layout;
    let profile_text = profile.value.encode();
    let texts: Vec<Vec<u8>> = credentials.iter().map(|credential| credential.value.encode()).collect();
    let replace = |id, expected, metadata| Change::Replace { id, expected, metadata, secret: vault::Secret::Keep };
    let mut changes = vec![replace(profile.id, profile.revision, profile_text.as_slice())];
    for (credential, text) in credentials.iter().zip(&texts) {
        changes.push(replace(credential.id, credential.revision, text.as_slice()));
    }
    session.commit(&changes, ports)
}

/// "Sandbox at Gr4vy".
pub(crate) fn label(definition: &Definition, environment: &Environment) -> String {
    format!("{} at {}", environment.label, definition.name)
}

/// The variables that the provider has; another is refused with the nearest name.
fn kept(definition: &Definition, given: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Error> {
    for id in given.keys() {
        if definition.variable(id).is_none() {
            return Err(names::not_found("variable", id, definition.variables.iter().map(|v| v.id.as_str())));
        }
    }
    Ok(given.into_iter().map(|(id, value)| (id, value.trim().to_owned())).collect())
}

/// The first thing that is wrong with a profile's variables, as an error.
fn check_variables(definition: &Definition, variables: &BTreeMap<String, String>) -> Result<(), Error> {
    match definition.check_variables(variables).into_iter().next() {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}
