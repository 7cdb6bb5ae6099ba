//! The signer: profile, definition, environment and credential, resolved from their names.

use jose::jwk::Naming;
use keyset::Signs;
use provider::{Definition, Environment, Seconds, Tier};

use crate::{
    ground::{CredentialError, Error, KeyError, PolicyError},
    resolve::{definitions, environments},
    store::{
        life::key_id,
        records::{Credential, CredentialAt, Profile, Stored, Target},
        session::Session,
    },
};

/// The name and version that tokens and requests carry.
pub const APPLICATION: &str = concat!("keywright/", env!("CARGO_PKG_VERSION"));

/// What a token is signed for, and what the person chose. What is left out comes from the profile, then the provider.
#[derive(Debug, Clone, Default)]
pub struct SignRequest {
    /// The profile's name.
    pub profile: String,
    /// The environment's id.
    pub environment: String,
    /// Another key than the one that the profile has for the environment.
    pub key: Option<String>,
    /// Whether it is the one request that proves a key which is to come: such a key signs that and nothing else.
    pub proves: bool,
    /// The scopes; the provider's short forms are understood.
    pub scopes: Option<Vec<String>>,
    /// How long it shall live.
    pub ttl: Option<Seconds>,
    /// How far `nbf` and `iat` are set back.
    pub backdate: Seconds,
    /// Claims that win over the recipe: name and JSON text, in which time and id expressions are understood.
    pub claims: Vec<(String, String)>,
    /// Claims that are left out.
    pub drop: Vec<String>,
    /// Whether the header names the key. Where the provider's rules want a kid, one without is not signed.
    pub naming: Naming,
}

/// Who signs for what: names resolved, nothing opened yet.
#[derive(Clone)]
pub(crate) struct Signer<'s> {
    pub(crate) profile: Stored<Profile>,
    pub(crate) definition: &'s Definition,
    pub(crate) environment: &'s Environment,
    pub(crate) credential: Stored<Credential>,
}

impl Signer<'static> {
    /// Resolves names, and refuses a key that is sealed for another place. Whether it may sign in its state is asked where it
    /// signs ([`may_sign`]): what is known of one that is out of use can still be asked for.
    pub(crate) fn resolve(
        session: &Session,
        profile: &str,
        environment: &str,
        key: Option<&str>,
    ) -> Result<Self, Error> {
        let (profile, definition, environment) = place(session, profile, environment)?;
        let credential = credential(session, &profile, definition, environment, key)?;
        Ok(Self { profile, definition, environment, credential })
    }
}

impl SignRequest {
    /// Who signs.
    pub(crate) fn signer(&self, session: &Session) -> Result<Signer<'static>, Error> {
        let signer = Signer::resolve(session, &self.profile, &self.environment, self.key.as_deref())?;
        let wanted = if self.proves { Use::Proof } else { Use::in_environment(signer.environment) };
        may_sign(session, &signer.credential, wanted)?;
        Ok(signer)
    }
}

impl Signer<'_> {
    /// The place.
    pub(crate) fn at(&self) -> Target {
        Target { profile: self.profile.value.name.clone(), environment: self.environment.id.clone() }
    }

    /// Whose tokens its calls carry, and whose acceptance they are.
    pub(crate) fn credential_at(&self) -> CredentialAt {
        CredentialAt { at: self.at(), credential: self.credential.value.name.clone() }
    }

    /// Whether its names still stand for the same records.
    pub(crate) fn is_current(&self, session: &Session) -> bool {
        let same_definition = definitions::named(session, &self.definition.id)
            .is_ok_and(|definition| std::ptr::eq(definition, self.definition));
        session.revision(self.profile.id) == Some(self.profile.revision)
            && session.revision(self.credential.id) == Some(self.credential.revision)
            && same_definition
    }
}

/// The profile, its provider and the environment of these names.
pub(crate) fn place(
    session: &Session,
    profile: &str,
    environment: &str,
) -> Result<(Stored<Profile>, &'static Definition, &'static Environment), Error> {
    #[cfg(feature = "counted")]
    counted::count();
    let profile = session.named::<Profile>(profile)?;
    let definition = definitions::named(session, &profile.value.provider)?;
    let environment = environments::environment(definition, environment)?;
    Ok((profile, definition, environment))
}

/// The key of a profile for an environment, or the one named; sealed for that environment.
pub(crate) fn credential(
    session: &Session,
    profile: &Stored<Profile>,
    definition: &Definition,
    environment: &Environment,
    key: Option<&str>,
) -> Result<Stored<Credential>, Error> {
    let set = profile.value.environments.get(&environment.id).and_then(|place| place.credential.as_deref());
    let Some(name) = key.or(set) else {
        let profile = profile.value.name.clone();
        let wants = environments::what_calls(definition);
        return Err(Error::Credential(CredentialError::NoCredential {
            wants,
            profile,
            environment: environment.id.clone(),
            alg: definition.algs().first().copied(),
        }));
    };
    let credential = session.named::<Credential>(name)?;
    let binding = credential.value.binding.as_ref();
    if binding.is_some_and(|binding| binding.provider == definition.id && binding.environment == environment.id) {
        return Ok(credential);
    }
    let sealed = binding.map_or("no environment yet".to_owned(), |binding| binding.label.clone());
    let wanted = environments::label(definition, environment);
    let Credential { name: key, kind, .. } = credential.value;
    Err(Error::Policy(PolicyError::WrongEnvironment { key, is: kind.thing(), sealed, wanted }))
}

/// What a key is to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A call, or a token, in an environment that is not live, or in none.
    Call,
    /// The same in a live environment.
    Live,
    /// The one request that proves it.
    Proof,
}

impl Use {
    /// A call in this environment.
    pub(crate) fn in_environment(environment: &Environment) -> Self {
        if environment.tier_or_live() == Tier::Live { Self::Live } else { Self::Call }
    }
}

/// Refuses a key that does not sign this in its state: a published one signs its proof alone, a draft nothing live, and one
/// that is out of use nothing.
pub(crate) fn may_sign(session: &Session, stored: &Stored<Credential>, wanted: Use) -> Result<(), Error> {
    let state = session.keyset()?.key(&key_id(stored.id)).map_err(KeyError::Life)?.1.state;
    let signs = match (state.signs(), wanted) {
        (Signs::Calls | Signs::IfAsked, _) | (Signs::Trials, Use::Call) | (Signs::Proof, Use::Proof) => return Ok(()),
        (Signs::Trials, _) => "what is tried outside of live environments",
        (Signs::Proof, _) => "the request that proves it",
        (Signs::Nothing, _) => "nothing",
    };
    let wants = match wanted {
        Use::Call | Use::Live => "a call wants the active key of a line",
        Use::Proof => "a proof wants a published key",
    };
    Err(Error::Key(KeyError::NotCalling { name: stored.value.name.clone(), state, signs, wants }))
}

/// Counts how often names are resolved, for the test that one send does so once.
#[cfg(feature = "counted")]
pub mod counted {
    use std::cell::Cell;

    thread_local!(static RESOLVED: Cell<usize> = const { Cell::new(0) });

    pub(super) fn count() {
        RESOLVED.set(RESOLVED.get() + 1);
    }

    /// How often this thread resolved names so far.
    pub fn resolved() -> usize {
        RESOLVED.get()
    }
}
