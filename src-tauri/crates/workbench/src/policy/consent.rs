//! Live consent: the question before something is signed for, or sent to, a live environment, and before live credentials
//! follow a changed definition. What the person said before is in `remembered_consent`.

use provider::{Definition, Environment, Tier};

use crate::{
    ground::{
        Error, PolicyError,
        ports::{Guard, LiveAct, LiveQuestion, Ports},
    },
    policy::signer::Signer,
    store::records::{Credential, Profile, Stored},
};

/// Asks before something live happens. One act is one question: a call asks for itself, not for its token as well.
pub(crate) fn ask(signer: &Signer<'_>, kind: LiveAct, act: &str, ports: &Ports) -> Result<(), Error> {
    let Signer { profile, definition, environment, credential } = signer;
    match live_question(profile, definition, environment, credential, kind, act) {
        Some(question) => agreed(&question, ports),
        None => Ok(()),
    }
}

/// Asks, and refuses where the person does not agree.
fn agreed(question: &LiveQuestion<'_>, ports: &Ports) -> Result<(), Error> {
    if ports.consent.ask(question) {
        return Ok(());
    }
    let (act, environment) = (question.act.to_owned(), question.environment.to_owned());
    Err(Error::Policy(PolicyError::LiveWithoutConsent { act, environment }))
}

/// What the person is asked before `act`; nothing where the environment is not live.
pub(crate) fn live_question<'a>(
    profile: &'a Stored<Profile>,
    definition: &'a Definition,
    environment: &'a Environment,
    credential: &'a Stored<Credential>,
    kind: LiveAct,
    act: &'a str,
) -> Option<LiveQuestion<'a>> {
    let place = profile.value.environments.get(&environment.id);
    (environment.tier_or_live() == Tier::Live).then(|| LiveQuestion {
        profile: &profile.value.name,
        provider: &definition.name,
        key: &credential.value.name,
        environment: &environment.label,
        environment_id: &environment.id,
        act,
        kind,
        guard: place.and_then(|place| place.guard).unwrap_or_default(),
    })
}

/// Asks before live credentials go another way than they are sealed for. `act` says which way.
pub(crate) fn to_follow(provider: &str, keys: &str, environment: &str, act: &str, ports: &Ports) -> Result<(), Error> {
    agreed(
        &LiveQuestion {
            // No profile and no place: this is agreed to for itself.
            profile: "",
            environment_id: "",
            provider,
            key: keys,
            environment,
            act,
            kind: LiveAct::Follow,
            guard: Guard::Always,
        },
        ports,
    )
}
