//! Authentication of a call: signed token, issued token, opaque key or nothing; and the flow that gets a first token.

use std::collections::BTreeSet;

use exchange::Authentication;
use provider::{
    Definition, Endpoint,
    definition::{Credential as Role, Flow, FlowAuth, FlowKind, TOKEN},
};

use crate::{
    ground::{Error, Thing, names},
    policy::signer::{SignRequest, Signer},
    store::{
        draft::CallWith,
        records::{Credential, CredentialKind, IssuedTokens},
    },
};

/// The flow of this id.
pub(crate) fn named(definition: &'static Definition, id: &str) -> Result<&'static Flow, Error> {
    let known = definition.flows.iter().map(|flow| flow.id.as_str());
    definition.flow(id).ok_or_else(|| names::not_found(Thing::Flow, id, known))
}

/// The first flow of this kind.
pub(crate) fn of_kind(definition: &Definition, kind: FlowKind) -> Option<&Flow> {
    definition.flows.iter().find(|flow| flow.kind == kind)
}

/// The hosts that a credential may be sent to.
pub(crate) fn hosts<'s>(signer: &'s Signer<'_>) -> &'s [String] {
    signer.credential.value.binding.as_ref().map(|binding| binding.hosts.as_slice()).unwrap_or_default()
}

/// Whether a credential of this kind can be what a flow names.
pub(crate) fn can_be(wanted: Role<'_>, kind: CredentialKind) -> bool {
    match wanted {
        Role::PrivateKey(_) => kind == CredentialKind::PrivateKey,
        Role::Secret(_) => kind == CredentialKind::SharedSecret,
        Role::ApiKey(_) => kind == CredentialKind::ApiKey,
        Role::Login(_) => kind == CredentialKind::Login,
        Role::Client(_) => kind == CredentialKind::Client,
        Role::Text(_) => true,
    }
}

/// What a call authenticates with: as its endpoint says, else as the credential allows. Without a credential, as one of the
/// provider's usual kind would.
pub(crate) fn authentication(
    definition: &Definition,
    credential: Option<&Credential>,
    endpoint: Option<&Endpoint>,
    with: CallWith,
) -> Authentication {
    match endpoint.and_then(|endpoint| endpoint.auth) {
        Some(FlowAuth::None) => return Authentication::Nothing,
        Some(FlowAuth::Signed) => return Authentication::SignedToken,
        Some(FlowAuth::Bearer | FlowAuth::Access | FlowAuth::Refresh | FlowAuth::Basic) | None => {}
    }
    let signs = !is_exchanged(definition);
    match credential {
        Some(credential) => match credential.kind {
            CredentialKind::PrivateKey | CredentialKind::SharedSecret if signs => Authentication::SignedToken,
            CredentialKind::ApiKey if sends_key(definition, credential.binding.as_ref(), with) => Authentication::Key,
            _ => Authentication::IssuedToken,
        },
        None if definition.signs_here() && signs => Authentication::SignedToken,
        None => Authentication::IssuedToken,
    }
}

/// What calls of a signer authenticate with.
pub(crate) fn of_call(signer: &Signer<'static>, endpoint: Option<&Endpoint>, with: CallWith) -> Authentication {
    authentication(signer.definition, Some(&signer.credential.value), endpoint, with)
}

/// Whether a signed token is only exchanged for another.
fn is_exchanged(definition: &Definition) -> bool {
    of_kind(definition, FlowKind::Exchange).is_some()
}

/// Whether an opaque key goes out itself, and not a token that was got with it.
fn sends_key(definition: &Definition, binding: Option<&crate::store::records::Binding>, with: CallWith) -> bool {
    let role = binding.and_then(|binding| binding.role.as_deref()).unwrap_or_default();
    let takes = &definition.placement.takes;
    let place = |wanted: &str| takes.iter().position(|taken| taken == wanted);
    let mints = of_kind(definition, FlowKind::Mint).is_some();
    match with {
        CallWith::Key => true,
        CallWith::Token => false,
        // A key that gives no token can only go out itself.
        CallWith::Usual => !mints || place(role).is_some_and(|key| place(TOKEN).is_none_or(|token| key < token)),
    }
}

/// Whether a token that is there is the one that is wanted: one that was minted for other scopes is not.
pub(crate) fn fits(known: &IssuedTokens, signer: &Signer<'static>, sign: &SignRequest) -> bool {
    let mints = first_flow(signer).is_some_and(|flow| flow.kind == FlowKind::Mint);
    let (Some(wanted), Some(scopes)) = (&sign.scopes, &signer.definition.scopes) else { return true };
    let set = |all: &[String]| all.iter().map(|scope| scopes.meant(scope).to_owned()).collect::<BTreeSet<String>>();
    !mints || known.scopes.as_deref().map(set) == Some(set(wanted))
}

/// The flow that gives a first token with the credential of a signer.
pub(crate) fn first_flow(signer: &Signer<'static>) -> Option<&'static Flow> {
    let kinds: &[FlowKind] = match signer.credential.value.kind {
        CredentialKind::Login => &[FlowKind::LogIn],
        CredentialKind::ApiKey => &[FlowKind::Mint],
        CredentialKind::Client | CredentialKind::PrivateKey | CredentialKind::SharedSecret => {
            &[FlowKind::Exchange, FlowKind::Mint]
        }
    };
    kinds.iter().find_map(|kind| of_kind(signer.definition, *kind))
}
