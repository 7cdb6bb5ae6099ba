//! Who calls the provider in a rotation, and where: a profile of the line's account, and the key that signs.
//!
//! The line's active key signs what asks for or changes keys there, as the plan says. An incident may leave none: then another key
//! of the same place does, which the person names, or the step goes by hand. The key that is to come signs its proof and nothing
//! else.

use std::sync::Arc;

use exchange::Body;
use keyset::Step;

use super::{
    record::{self, Standing},
    remote::Wanted,
};
use crate::{
    ground::{Error, RotationError, ports::Ports},
    jobs::{calls::Execution, checks, requests::CallRequest},
    policy::{
        called,
        signer::{self, SignRequest},
    },
    store::{
        draft::CallTarget,
        life,
        records::{Credential, Target},
        session::Session,
    },
};

/// What a person chose for the calls of a rotation.
#[derive(Debug, Clone, Default)]
pub struct Calling {
    /// For the Local environment: the address of an emulator that runs.
    pub emulator: Option<String>,
    /// Another key of the same place that signs the calls by which keys are listed and changed.
    pub with: Option<String>,
}

/// The name of the key that signs the calls by which keys are listed and changed there.
pub(super) fn signing(
    session: &Session,
    Standing { keyset, rotation, .. }: &Standing,
    step: Step,
    calling: &Calling,
) -> Result<String, Error> {
    let own = keyset.line(rotation.line()).map_err(keyset::RotationError::from)?;
    let Some(with) = &calling.with else {
        let active = own.active().map(|key| key.name().to_owned());
        let nobody = || RotationError::NobodySigns { name: record::key_name(keyset, rotation.old()), step };
        return active.ok_or_else(|| nobody().into());
    };
    let other = session.named::<Credential>(with)?;
    let (found, _) = keyset.key(&life::key_id(other.id)).map_err(keyset::RotationError::from)?;
    let same = |of: fn(&keyset::Place) -> &str| of(&found.place) == of(&own.place);
    if same(|place| &place.provider) && same(|place| &place.environment) {
        return Ok(with.clone());
    }
    let found = other.value.binding.map_or("no environment yet".to_owned(), |binding| binding.label);
    let wanted = format!("{} of {}", own.place.environment, own.place.provider);
    Err(RotationError::SignsElsewhere { name: with.clone(), found, wanted }.into())
}

/// The provider's variables as the profile of a target has them.
pub(super) fn variables(session: &Session, at: &Target) -> Result<impl Fn(&str) -> Option<String> + use<>, Error> {
    let (profile, definition, _) = signer::place(session, &at.profile, &at.environment)?;
    Ok(move |id: &str| definition.variable_value(id, &profile.value.variables).ok().flatten())
}

/// Makes a call of a rotation ready. Asks before anything live; nothing is sent yet.
pub(super) fn call(
    session: &mut Session,
    at: &Target,
    key: String,
    wanted: Wanted,
    calling: &Calling,
    ports: &Ports,
) -> Result<Execution, Error> {
    let (body, secret_body) = match wanted.body {
        Some(Body::Plain(body)) => (Some(body), None),
        secret => (None, secret.map(Arc::new)),
    };
    let request = CallRequest {
        sign: SignRequest {
            profile: at.profile.clone(),
            environment: at.environment.clone(),
            key: Some(key),
            scopes: Some(wanted.scopes).filter(|scopes| !scopes.is_empty()),
            ..SignRequest::default()
        },
        target: Some(CallTarget::Path { method: wanted.method, path: wanted.path }),
        body,
        secret_body,
        emulator: calling.emulator.clone(),
        ..CallRequest::default()
    };
    checks::ready(session, &request, ports)
}

/// Makes the request ready that proves a key: one that reads, by this key, with the scopes that it needs and no more.
pub(super) fn proof(
    session: &mut Session,
    at: &Target,
    key: &str,
    endpoint: &str,
    calling: &Calling,
    ports: &Ports,
) -> Result<Execution, Error> {
    let sign = SignRequest {
        profile: at.profile.clone(),
        environment: at.environment.clone(),
        key: Some(key.to_owned()),
        proves: true,
        ..SignRequest::default()
    };
    let signer = sign.signer(session)?;
    let target = CallTarget::Endpoint(endpoint.to_owned());
    let Some(endpoint) = called::endpoint(signer.definition, Some(&target))? else {
        let (provider, key) = (signer.definition.name.clone(), &signer.credential.value);
        return Err(RotationError::NoProof { provider, what: key.kind.thing(), name: key.name.clone() }.into());
    };
    checks::ready(session, &checks::reading(sign, endpoint, calling.emulator.clone()), ports)
}
