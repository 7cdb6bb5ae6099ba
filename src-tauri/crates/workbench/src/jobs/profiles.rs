//! Profiles: a person's accounts at providers.

use std::collections::BTreeMap;

use keyset::{Act, What};
use provider::{Definition, Environment, definition::BaseUrl};

use crate::{
    ground::{
        CredentialError, Error, PolicyError, ProfileError, Thing, names,
        ports::{Guard, Ports},
    },
    jobs::{keys, undo::Undo},
    policy::{
        authentication,
        binding::{agree_to_hosts, bind},
        fields,
    },
    resolve::{
        definitions,
        environments::{base_url, environment, what_calls},
    },
    store::{
        cascade,
        life::{Life, target},
        records::{Credential, Profile, Stored, VERSION},
        session::{Passphrase, Session},
        transaction::Writes,
    },
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
#[derive(Default)]
pub struct ProfileChange {
    /// Variables to set; an empty value takes one away.
    pub variables: BTreeMap<String, String>,
    /// Credentials to use: environment id to key name; an empty name takes the key away.
    pub keys: BTreeMap<String, String>,
    /// Other credentials to use, such as a webhook secret: environment id to the credential's id in the definition to a
    /// name; an empty name takes it away.
    pub others: BTreeMap<String, BTreeMap<String, String>>,
    /// Addresses to use, where the provider publishes none: environment id to address; an empty one takes it away.
    pub base_urls: BTreeMap<String, String>,
    /// How often live environments ask, by environment id.
    pub guards: BTreeMap<String, Guard>,
    /// Scopes that a token gets unless others are named; an empty list goes back to the provider's.
    pub scopes: Option<Vec<String>>,
    /// Seconds that a token lives unless told otherwise; 0 goes back to the provider's.
    pub ttl: Option<u64>,
    /// The vault's passphrase, which lowering a guard wants.
    pub passphrase: Option<Passphrase>,
}

/// Makes a profile.
pub fn add(session: &mut Session, new: NewProfile, ports: &Ports) -> Result<Profile, Error> {
    session.transact(ports, |session| {
        let mut writes = Writes::default();
        let profile = plan(session, &new, ports)?;
        writes.add(&profile, None, ports);
        Ok((writes, profile))
    })
}

/// A new profile, checked and not written.
pub(crate) fn plan(session: &Session, new: &NewProfile, ports: &Ports) -> Result<Profile, Error> {
    let definition = definitions::named(session, &new.provider)?;
    let profile = Profile {
        v: VERSION,
        name: session.free_name::<Profile>(&new.name)?,
        provider: definition.id.clone(),
        variables: kept(definition, &new.variables)?,
        environments: BTreeMap::new(),
        scopes: None,
        ttl: None,
        created: ports.clock.now(),
    };
    check_variables(definition, &profile.variables)?;
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
pub fn change(session: &mut Session, name: &str, change: &ProfileChange, ports: &Ports) -> Result<Profile, Error> {
    change_undoable(session, name, change, ports).map(|(profile, _)| profile)
}

/// The same, with what takes it back: variables, keys and where they are sealed, all as they were.
pub fn change_undoable(
    session: &mut Session,
    name: &str,
    change: &ProfileChange,
    ports: &Ports,
) -> Result<(Profile, Undo), Error> {
    if let Some(environment) = lowered_guard(session, name, change)? {
        let passphrase =
            change.passphrase.as_ref().ok_or(Error::Policy(PolicyError::GuardWantsPassphrase { environment }))?;
        session.check_passphrase(passphrase, ports)?;
    }
    let ((profile, choices), steps) = session.transact_undoable(ports, |session| {
        let mut stored = session.named::<Profile>(name)?;
        let credentials = apply(session, &mut stored.value, change)?;
        for credential in &credentials {
            let before = session.find::<Credential>(&credential.value.name)?;
            agree_to_hosts(&before.value, &credential.value, ports)?;
        }
        let mut writes = Writes::default();
        writes.replace(&stored, session);
        for credential in &credentials {
            writes.replace(credential, session);
        }
        let mut life = session.living(ports.clock.now())?;
        let choices = choose(session, &mut life, &stored.value, change, &credentials)?;
        life.seal(session, &mut writes, ports)?;
        Ok((writes, (stored.value, choices)))
    })?;
    let words = format!("Changed {name}.");
    Ok((profile, Undo::of_choices(words, steps, choices)))
}

/// Lets the keys of a change be chosen, and those that are taken away be left; answers the choices.
fn choose(
    session: &Session,
    life: &mut Life,
    profile: &Profile,
    change: &ProfileChange,
    credentials: &[Stored<Credential>],
) -> Result<Vec<What>, Error> {
    let definition = definitions::named(session, &profile.provider)?;
    let calling = definition.credentials.all().map(|role| role.id()).find(|role| definition.authenticates(role));
    let keys = change.keys.iter().map(|(environment, name)| (environment, calling, name));
    let others = change.others.iter().flat_map(|(environment, wanted)| {
        wanted.iter().map(move |(role, name)| (environment, Some(role.as_str()), name))
    });
    let mut choices = Vec::new();
    for (environment, role, name) in keys.chain(others) {
        let target = target(&profile.name, environment);
        match (credentials.iter().find(|stored| stored.value.name == *name), role) {
            (Some(stored), _) => {
                choices.extend(keys::choose::choose(life, definition, &target, stored.id, &stored.value)?);
            }
            (None, Some(role)) => keys::choose::leave(life, definition, &target, role, false)?,
            (None, None) => {}
        }
    }
    Ok(choices)
}

/// The environment whose guard would ask less often than now.
fn lowered_guard(session: &Session, name: &str, change: &ProfileChange) -> Result<Option<String>, Error> {
    let profile = &session.find::<Profile>(name)?.value;
    let definition = definitions::named(session, &profile.provider)?;
    for (id, wanted) in &change.guards {
        let environment = environment(definition, id)?;
        if *wanted < guard(profile, id) {
            return Ok(Some(environment.label.clone()));
        }
    }
    Ok(None)
}

/// How often an environment of a profile asks.
pub fn guard(profile: &Profile, environment: &str) -> Guard {
    profile.environments.get(environment).and_then(|place| place.guard).unwrap_or_default()
}

/// Changes a profile in memory; answers the credentials that are sealed for it by that.
pub(crate) fn apply(
    session: &Session,
    profile: &mut Profile,
    change: &ProfileChange,
) -> Result<Vec<Stored<Credential>>, Error> {
    let definition = definitions::named(session, &profile.provider)?;
    for (id, value) in kept(definition, &change.variables)? {
        if value.is_empty() {
            profile.variables.remove(&id)
        } else {
            profile.variables.insert(id, value)
        };
    }
    check_variables(definition, &profile.variables)?;
    for (id, address) in &change.base_urls {
        let environment = environment(definition, id)?;
        let entered = Some(address.trim()).filter(|address| !address.is_empty());
        if let Some(address) = entered {
            if environment.base_url != BaseUrl::Ask {
                let (provider, environment) = (definition.name.clone(), environment.label.clone());
                return Err(Error::Profile(ProfileError::AddressNotAsked {
                    provider,
                    environment,
                    found: address.to_owned(),
                }));
            }
            definition.base_url(environment, &profile.variables, entered)?;
        }
        profile.environments.entry(id.clone()).or_default().base_url = entered.map(str::to_owned);
    }
    for (id, guard) in &change.guards {
        let environment = environment(definition, id)?;
        profile.environments.entry(environment.id.clone()).or_default().guard = Some(*guard);
    }
    if let Some(scopes) = &change.scopes {
        for scope in scopes {
            definition.scopes.as_ref().map_or(Ok(()), |catalogue| catalogue.check_form(scope))?;
        }
        profile.scopes = Some(scopes.clone()).filter(|scopes| !scopes.is_empty());
    }
    if let Some(ttl) = change.ttl {
        profile.ttl = Some(ttl).filter(|ttl| *ttl > 0);
    }
    let mut credentials = Vec::new();
    for (id, key) in &change.keys {
        let environment = environment(definition, id)?;
        if key.is_empty() {
            profile.environments.entry(id.clone()).or_default().credential = None;
            continue;
        }
        let mut credential = session.named::<Credential>(key)?;
        let slot = bind(&mut credential.value, definition, environment, profile, None)?;
        profile.environments.entry(id.clone()).or_default().insert(slot, key.clone());
        credentials.push(credential);
    }
    for (id, wanted) in &change.others {
        let environment = environment(definition, id)?;
        for (role, name) in wanted {
            let role = other(definition, role)?;
            if name.is_empty() {
                profile.environments.entry(id.clone()).or_default().others.remove(role.id());
                continue;
            }
            let mut credential = session.named::<Credential>(name)?;
            let found = role_of(definition, &credential.value);
            // A secret that signs tokens is another one, as long as it is not sealed for this.
            let is_free = credential.value.binding.is_some() || credential.value.alg.is_none();
            let fits = is_free && authentication::can_be(role, credential.value.kind);
            let slot = bind(&mut credential.value, definition, environment, profile, Some(role.id()))?;
            if !fits || slot.as_deref() != Some(role.id()) {
                return Err(Error::Credential(CredentialError::OtherCredential {
                    found,
                    wanted: role.label().to_owned(),
                }));
            }
            profile.environments.entry(id.clone()).or_default().insert(slot, name.clone());
            credentials.push(credential);
        }
    }
    Ok(credentials)
}

/// The provider's credential of this id, which authenticates nothing.
fn other<'d>(definition: &'d Definition, role: &str) -> Result<provider::definition::Credential<'d>, Error> {
    let known = definition.credentials.all().filter(|one| !definition.authenticates(one.id()));
    let ids: Vec<&str> = known.map(|one| one.id()).collect();
    let found = definition.credentials.get(role).filter(|one| ids.contains(&one.id()));
    found.ok_or_else(|| names::not_found(Thing::OtherCredential, role, ids))
}

/// What a credential is: the provider's word for it, or what it was sealed as.
fn role_of(definition: &Definition, credential: &Credential) -> String {
    let role = credential.binding.as_ref().and_then(|binding| binding.role.as_deref());
    let role = role.and_then(|id| definition.credentials.get(id));
    role.map_or_else(|| credential.describe.clone(), |role| role.label().to_owned())
}

/// The id of the provider's webhook secret.
pub fn webhook_role(session: &Session, name: &str) -> Result<String, Error> {
    let profile = session.named::<Profile>(name)?;
    let definition = definitions::named(session, &profile.value.provider)?;
    let role = definition.credentials.secrets.iter().find(|secret| secret.algs.is_empty());
    let none = || {
        Error::Credential(CredentialError::NotWanted { what: Thing::WebhookSecret, provider: definition.name.clone() })
    };
    role.map(|role| role.id.clone()).ok_or_else(none)
}

/// Gives a profile another name; recipes, drafts and the last place follow.
pub fn rename(session: &mut Session, name: &str, wanted: &str, ports: &Ports) -> Result<Profile, Error> {
    session.transact(ports, |session| {
        let mut stored = session.named::<Profile>(name)?;
        let mut writes = Writes::default();
        if stored.value.name != wanted.trim() {
            stored.value.name = session.free_name::<Profile>(wanted)?;
            cascade::rename_profile(session, name, &stored.value.name, &mut writes)?;
            writes.replace(&stored, session);
            let mut life = session.living(ports.clock.now())?;
            life.act(Act::RenameProfile { profile: name.to_owned(), name: stored.value.name.clone() })?;
            life.seal(session, &mut writes, ports)?;
        }
        Ok((writes, stored.value))
    })
}

/// Removes a profile and its drafts. Its keys stay in the vault, its recipes too.
pub fn remove(session: &mut Session, name: &str, ports: &Ports) -> Result<Profile, Error> {
    remove_undoable(session, name, ports).map(|(profile, _)| profile)
}

/// The same, with what takes it back.
pub fn remove_undoable(session: &mut Session, name: &str, ports: &Ports) -> Result<(Profile, Undo), Error> {
    let (profile, steps) = session.transact_undoable(ports, |session| {
        let stored = session.named::<Profile>(name)?;
        let mut writes = Writes::default();
        writes.delete(&stored, format!("profile {name}"));
        cascade::forget_profile(session, name, &mut writes)?;
        let mut life = session.living(ports.clock.now())?;
        life.follow(session, &writes)?;
        life.seal(session, &mut writes, ports)?;
        Ok((writes, stored.value))
    })?;
    Ok((profile, Undo::of_records(format!("Deleted {name}. Its keys stay."), steps)))
}

/// How a profile stands in each environment, by its id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readiness {
    /// What keeps it from being used, in words; nothing where nothing does.
    pub missing: BTreeMap<String, String>,
    /// Where the environment is, as far as that is known before it is called.
    pub addresses: BTreeMap<String, String>,
}

/// How a profile stands.
pub fn readiness(session: &Session, profile: &Profile) -> Result<Readiness, Error> {
    let definition = definitions::named(session, &profile.provider)?;
    let mut readiness = Readiness::default();
    for environment in &definition.environments {
        let id = &environment.id;
        if let Some(lacks) = lack(session, profile, definition, environment) {
            readiness.missing.insert(id.clone(), lacks);
        }
        if let Ok(url) = base_url(profile, definition, environment, None) {
            readiness.addresses.insert(id.clone(), url.as_str().trim_end_matches('/').to_owned());
        }
    }
    Ok(readiness)
}

fn lack(session: &Session, profile: &Profile, definition: &Definition, environment: &Environment) -> Option<String> {
    use provider::AddressError as A;
    let unfit = definition.check_variables(&profile.variables).into_iter().next();
    let entered = profile.environments.get(&environment.id).and_then(|place| place.base_url.as_deref());
    let address = definition.base_url(environment, &profile.variables, entered).err();
    match unfit.or(address) {
        Some(A::VariableEmpty { label, .. }) => return Some(format!("{label} is empty")),
        Some(A::NotEntered { .. }) => return Some("no address yet".to_owned()),
        // The emulator is started when it is needed.
        Some(A::NoEmulator { .. }) | None => {}
        Some(other) => return Some(other.to_string()),
    }
    let Some(key) = profile.environments.get(&environment.id).and_then(|place| place.credential.as_deref()) else {
        return Some(format!("no {} yet", what_calls(definition)));
    };
    match session.find::<Credential>(key) {
        Ok(stored) => {
            let missing = fields::missing_field(session, &stored.value);
            missing.map(|field| format!("{} is empty", field.label))
        }
        Err(_) => Some(format!("the {} {key} is gone", what_calls(definition))),
    }
}

/// The variables that the provider has; another is refused with the nearest name.
fn kept(definition: &Definition, given: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Error> {
    for id in given.keys() {
        if definition.variable(id).is_none() {
            return Err(names::not_found(Thing::Variable, id, definition.variables.iter().map(|v| v.id.as_str())));
        }
    }
    Ok(given.iter().map(|(id, value)| (id.clone(), value.trim().to_owned())).collect())
}

/// The first thing that is wrong with a profile's variables, as an error.
fn check_variables(definition: &Definition, variables: &BTreeMap<String, String>) -> Result<(), Error> {
    match definition.check_variables(variables).into_iter().next() {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}
