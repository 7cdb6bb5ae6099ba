//! How a sealed credential is rotated: the `[[rotation]]` of its provider's definition that is meant for it.

use jose::Alg;
use keyset::Method;
use provider::{Definition, key_type};

use crate::{
    ground::{Error, RotationError},
    policy::binding::role_of,
    resolve::{definitions, key_facts},
    store::{life, records::Credential, session::Session},
};

/// The method for a next key of the same type, or of one that signs with `alg`.
pub(crate) fn method(
    session: &Session,
    credential: &Credential,
    alg: Option<Alg>,
) -> Result<(&'static Definition, &'static Method), Error> {
    let name = || credential.name.clone();
    let Some(binding) = &credential.binding else { return Err(RotationError::NoPlace { name: name() }.into()) };
    let definition = definitions::named(session, &binding.provider)?;
    let role = role_of(session, credential)?.map(|(_, role)| role.id().to_owned());
    let role = role.unwrap_or_else(|| life::place(credential).credential);
    let key_type = match alg {
        Some(alg) => key_type(alg).map(str::to_owned),
        None => credential.alg.and_then(|_| key_facts::facts(credential).key_type()),
    };
    let method = definition.rotation_of(&role, key_type.as_deref()).ok_or_else(|| RotationError::NoMethod {
        provider: definition.name.clone(),
        what: credential.kind.thing(),
        name: name(),
    })?;
    Ok((definition, method))
}
