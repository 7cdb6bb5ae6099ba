//! Draft context: profile, provider, environment, key and call of a draft, resolved from their names.

use std::collections::BTreeMap;

use exchange::Authentication;
use jose::{Alg, jwk::Naming};
use provider::{Definition, Endpoint, Environment, KeyFacts, Seconds, TokenRequest};

use super::text::pretty;
use crate::{
    ground::{Error, VaultError, ports::Ports, words::Wall},
    policy::{
        authentication,
        called::Called,
        signer::{self, APPLICATION, Signer},
    },
    resolve::key_facts,
    store::{
        draft::Draft,
        records::{Credential, CredentialAt, Profile, Stored, Target},
        session::Session,
    },
};

/// What the names of a draft stand for, at one moment.
pub(super) struct Context {
    pub(super) profile: Stored<Profile>,
    pub(super) definition: &'static Definition,
    pub(super) environment: &'static Environment,
    /// The key, or why there is none.
    pub(super) key: Result<Stored<Credential>, Error>,
    /// The endpoint of the definition that is called, if it is one.
    pub(super) endpoint: Option<&'static Endpoint>,
    /// The method and the path that are called.
    pub(super) call: Option<(String, String)>,
    /// Whether that changes something there.
    pub(super) changes: bool,
    pub(super) wall: Wall,
    /// The time that the token is signed for: another than now where the server's clock differs.
    pub(super) signing: i64,
}

impl Context {
    /// Resolves the names of a draft.
    pub(super) fn resolve(session: &Session, draft: &Draft, ports: &Ports) -> Result<Self, Error> {
        let (profile, definition, environment) = signer::place(session, &draft.profile, &draft.environment)?;
        let key = match signer::credential(session, &profile, definition, environment, draft.key.as_deref()) {
            Err(Error::Vault(VaultError::Read(error))) => return Err(error.into()),
            // Reading signs, so that a key that may not sign is told here.
            Ok(key) => signer::may_sign(session, &key, signer::Use::in_environment(environment)).map(|()| key),
            refused => refused,
        };
        Ok(Self::new(profile, definition, environment, key, draft, ports))
    }

    /// The same where the names are resolved already.
    pub(super) fn from_signer(signer: &Signer<'static>, draft: &Draft, ports: &Ports) -> Self {
        let Signer { profile, definition, environment, credential } = signer;
        Self::new(profile.clone(), definition, environment, Ok(credential.clone()), draft, ports)
    }

    fn new(
        profile: Stored<Profile>,
        definition: &'static Definition,
        environment: &'static Environment,
        key: Result<Stored<Credential>, Error>,
        draft: &Draft,
        ports: &Ports,
    ) -> Self {
        // An endpoint that a newer definition no longer has is called by nobody.
        let called = Called::new(definition, draft.target.as_ref()).ok();
        let endpoint = called.and_then(|called| called.endpoint);
        let call = called.map(|called| (called.method(), called.path().to_owned()));
        let changes = called.is_some_and(|called| called.changes());
        let now = ports.clock.now();
        let wall = Wall { now, offset: ports.clock.offset(now) };
        let signing = now.saturating_add(draft.shift);
        Self { profile, definition, environment, key, endpoint, call, changes, wall, signing }
    }

    /// What the call authenticates with.
    pub(super) fn authentication(&self, draft: &Draft) -> Authentication {
        let credential = self.key.as_ref().ok().map(|key| &key.value);
        authentication::authentication(self.definition, credential, self.endpoint, draft.with)
    }

    /// Whose issued tokens the call carries; nobody's without a credential.
    pub(super) fn credential_at(&self) -> Option<CredentialAt> {
        let credential = self.key.as_ref().ok()?.value.name.clone();
        let at = Target { profile: self.profile.value.name.clone(), environment: self.environment.id.clone() };
        Some(CredentialAt { at, credential })
    }

    /// What the rules want to know of the key; of one that is not there, what a key there would be.
    pub(super) fn facts(&self) -> KeyFacts {
        let usual =
            |alg: Option<Alg>| KeyFacts { kty: String::new(), crv: None, bits: 0, alg, kid: None, thumbprint: None };
        match &self.key {
            Ok(key) => key_facts::facts(&key.value),
            Err(_) => usual(self.definition.algs().first().copied()),
        }
    }

    /// Calls `with` with what the recipe wants to know.
    pub(super) fn request<T>(&self, with: impl FnOnce(&TokenRequest<'_>) -> T) -> T {
        let (facts, none) = (self.facts(), BTreeMap::new());
        let credential = self.key.as_ref().map_or(&none, |key| &key.value.fields);
        let profile = &self.profile.value;
        // A token begins with the least that its call needs, not with all that a provider's package would ask for.
        let least = self.endpoint.map(|endpoint| self.definition.minimal_scopes([endpoint]));
        let least = least.filter(|scopes| !scopes.is_empty());
        with(&TokenRequest {
            variables: &profile.variables,
            credential,
            key: &facts,
            scopes: profile.scopes.as_deref().or(least.as_deref()),
            ttl: profile.ttl.map(Seconds),
            now: self.signing,
            backdate: Seconds(0),
            app: APPLICATION,
            call: None,
            overrides: &[],
            drops: &[],
            naming: Naming::Kid,
        })
    }

    /// The claims of the recipe, as a person would type them.
    pub(super) fn recipe(&self, ports: &Ports) -> String {
        let composed =
            self.request(|request| provider::compose(self.definition, request, &mut |out| ports.random.fill(out)));
        pretty(&composed)
    }

    /// One claim of the recipe, as a person would type it.
    pub(super) fn claim(&self, name: &str, ports: &Ports) -> Option<String> {
        self.request(|request| {
            provider::compose_claim(self.definition, name, request, &mut |out| ports.random.fill(out))
        })
    }

    /// The header by the recipe and the key.
    pub(super) fn header(&self, ports: &Ports) -> String {
        let by_recipe = self
            .request(|request| provider::compose_header(self.definition, request, &mut |out| ports.random.fill(out)));
        by_recipe.unwrap_or_else(|| match self.key.as_ref().map(|key| (key.value.alg, key.value.kid.as_deref())) {
            Ok((Some(alg), kid)) => jose::sign::header(alg, kid, &[]),
            Ok((None, _)) | Err(_) => "{}".to_owned(),
        })
    }

    /// The claim that carries the scopes.
    pub(super) fn scopes_claim(&self) -> Option<&'static str> {
        self.definition.scopes.as_ref()?.claim.as_deref()
    }

    /// The call in a few words: `GET /transactions`, without the query.
    pub(super) fn call_words(&self) -> Option<String> {
        let (method, path) = self.call.as_ref()?;
        Some(format!("{method} {}", path.split('?').next().unwrap_or_default()))
    }
}
