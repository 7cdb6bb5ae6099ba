//! Live consent: the question before something is signed for, or sent to, a live environment, and before live credentials
//! follow a changed definition. What the person said before is in `remembered_consent`.

use jose::json::Document;
use provider::{Definition, Environment, Tier};

use crate::{
    ground::{
        Error, PolicyError,
        ports::{Guard, LiveAct, LiveQuestion, Ports, TokenTerms},
    },
    policy::signer::Signer,
    resolve::environments,
    store::records::{Credential, Profile, Stored},
};

/// Asks for consent before something is signed or opened, with the terms of a token that is signed.
pub(crate) type Asks<'a> = &'a dyn Fn(Option<TokenTerms>) -> Result<(), Error>;

/// Agrees: what follows was asked for with the act that it belongs to.
pub(crate) const AGREED: Asks<'static> = &|_| Ok(());

/// Asks before something live happens. One act is one question: a call asks for itself, with the terms of the token that is
/// signed for it.
pub(crate) fn ask(
    signer: &Signer<'_>,
    kind: LiveAct,
    act: &str,
    terms: Option<TokenTerms>,
    ports: &Ports,
) -> Result<(), Error> {
    let Signer { profile, definition, environment, credential } = signer;
    match live_question(profile, definition, environment, credential, (kind, act, terms)) {
        Some(question) => agreed(question, ports),
        None => Ok(()),
    }
}

/// Asks, and refuses where the person does not agree.
fn agreed(question: LiveQuestion, ports: &Ports) -> Result<(), Error> {
    if ports.consent.ask(&question) {
        return Ok(());
    }
    let LiveQuestion { act, environment, .. } = question;
    Err(Error::Policy(PolicyError::LiveWithoutConsent { act, environment }))
}

/// What the person is asked before an act; nothing where the environment is not live.
pub(crate) fn live_question(
    profile: &Stored<Profile>,
    definition: &Definition,
    environment: &Environment,
    credential: &Stored<Credential>,
    (kind, act, terms): (LiveAct, &str, Option<TokenTerms>),
) -> Option<LiveQuestion> {
    if environment.tier_or_live() != Tier::Live {
        return None;
    }
    let terms = terms.map(|terms| TokenTerms { given: given(definition, &terms.scopes), ..terms });
    let base = environments::base_url(&profile.value, definition, environment, None).ok();
    let guard = profile.value.environments.get(&environment.id).and_then(|place| place.guard);
    Some(LiveQuestion {
        profile: profile.value.name.clone(),
        provider: definition.name.clone(),
        key: credential.value.name.clone(),
        environment: environment.label.clone(),
        environment_id: environment.id.clone(),
        host: base.and_then(|url| url.host_str().map(str::to_owned)),
        act: act.to_owned(),
        kind,
        terms,
        guard: guard.unwrap_or_default(),
    })
}

/// The terms of a token with these claims, signed now.
pub(crate) fn terms(definition: &Definition, claims: &str, now: i64) -> TokenTerms {
    let expires = Document::parse(claims).ok();
    let expires = expires.and_then(|claims| claims.root().get("exp").and_then(|exp| exp.as_i64()));
    let lifetime = expires.map(|exp| u64::try_from(exp.saturating_sub(now)).unwrap_or(0));
    TokenTerms::new(definition.scopes_in(claims), lifetime)
}

/// The scopes, and every other one of the provider's catalogue that they give.
fn given(definition: &Definition, scopes: &[String]) -> Vec<String> {
    let mut given = definition.scopes.as_ref().map(|known| known.implied(scopes)).unwrap_or_default();
    given.extend(scopes.iter().cloned());
    given
}

/// Asks before live credentials go another way than they are sealed for. `act` says which way.
pub(crate) fn to_follow(provider: &str, keys: &str, environment: &str, act: &str, ports: &Ports) -> Result<(), Error> {
    let question = LiveQuestion {
        // No profile and no place: this is agreed to for itself.
        profile: String::new(),
        environment_id: String::new(),
        host: None,
        terms: None,
        provider: provider.to_owned(),
        key: keys.to_owned(),
        environment: environment.to_owned(),
        act: act.to_owned(),
        kind: LiveAct::Follow,
        guard: Guard::Always,
    };
    agreed(question, ports)
}
