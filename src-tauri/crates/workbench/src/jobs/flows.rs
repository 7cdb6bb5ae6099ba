//! Flows: the calls by which a server gives a token, says what it thinks of one, or ends a session.

use exchange::{FlowCall, Means, PreparedRequest};
use provider::{
    Seconds,
    definition::{Flow, FlowKind},
};
use zeroize::Zeroizing;

use crate::{
    ground::{
        CallError, CredentialError, Error,
        ports::{LiveAct, Ports, TokenTerms},
    },
    jobs::{issued_tokens, settings, tokens},
    policy::{
        authentication::{self, can_be, hosts, of_kind},
        consent::Asks,
        local::local_address,
        signer::{SignRequest, Signer},
    },
    resolve::environments,
    store::{
        draft::Draft,
        records::{CredentialKind, Profile},
        session::Session,
    },
};

/// Which flow shall run, where, and with what.
#[derive(Debug, Clone, Default)]
pub struct FlowRequest {
    /// The profile, the environment, the credential, the scopes and the lifetime. Claims count where a token is signed for
    /// the flow.
    pub sign: SignRequest,
    /// The flow's id.
    pub flow: String,
    /// The address of an emulator that runs already, for the Local environment.
    pub emulator: Option<String>,
}

impl FlowRequest {
    /// A flow for the place of a draft, with the scopes and the lifetime that it asks for.
    pub fn of_draft(draft: &Draft, flow: &str) -> Self {
        Self { sign: draft.sign_request(), flow: flow.to_owned(), emulator: None }
    }
}

/// The flow that renews the tokens of a place, or gets them in the first place: refreshing where there is something to
/// refresh with, else what the credential is for.
pub fn renewing(session: &Session, sign: &SignRequest) -> Result<&'static Flow, Error> {
    let signer = sign.signer(session)?;
    let refreshes =
        issued_tokens::known(session, &signer.credential_at())?.is_some_and(|issued| issued.refresh.is_some());
    let refresh = of_kind(signer.definition, FlowKind::Refresh).filter(|_| refreshes);
    refresh.or_else(|| authentication::first_flow(&signer)).ok_or_else(|| {
        Error::Call(CallError::NoFlow {
            name: signer.credential.value.name.clone(),
            is: signer.credential.value.describe.clone(),
        })
    })
}

/// What a flow authenticates with, as a sentence goes on: `as me`, `with API key test_…8f2a`. None where it is a token
/// that was given before.
pub(crate) fn using(signer: &Signer<'_>, flow: &Flow) -> Option<String> {
    let credential = &signer.credential.value;
    if !matches!(flow.kind, FlowKind::Register | FlowKind::LogIn | FlowKind::Mint | FlowKind::Exchange) {
        return None;
    }
    Some(match credential.kind {
        CredentialKind::Login => format!("as {}", credential.fields.get("username").unwrap_or(&credential.name)),
        CredentialKind::ApiKey | CredentialKind::Client => format!("with {}", credential.describe),
        CredentialKind::PrivateKey | CredentialKind::SharedSecret => format!("with {}", credential.name),
    })
}

/// What a flow does, as the person is asked before a live one: `log in, POST /api/auth/login`.
pub(crate) fn live_act(flow: &Flow) -> (LiveAct, String) {
    let kind = match flow.kind {
        FlowKind::Verify => LiveAct::Read,
        FlowKind::Register | FlowKind::LogOut => LiveAct::Change,
        FlowKind::LogIn | FlowKind::Mint | FlowKind::Exchange | FlowKind::Refresh => LiveAct::Sign,
    };
    (kind, format!("{}, {} {}", flow.label, flow.method, flow.path.text()))
}

/// Makes the request of a flow: opens what it authenticates with, for this alone, once `asks` agrees.
pub(crate) fn prepare(
    session: &Session,
    signer: &Signer<'static>,
    flow: &'static Flow,
    request: &SignRequest,
    emulator: Option<&str>,
    asks: Asks<'_>,
    ports: &Ports,
) -> Result<PreparedRequest, Error> {
    let Signer { profile, definition, environment, credential } = signer;
    let credential_wanted = flow.credential.as_deref().and_then(|id| definition.credentials.get(id));
    if let Some(wanted) = credential_wanted
        && !can_be(wanted, credential.value.kind)
    {
        return Err(Error::Credential(CredentialError::WrongCredential {
            flow: flow.label.clone(),
            name: credential.value.name.clone(),
            found: credential.value.describe.clone(),
            wanted: wanted.label().to_owned(),
        }));
    }
    let local = local_address(session, signer, emulator, settings::emulator_port(session)?, ports)?;
    let base = environments::base_url(&profile.value, definition, environment, local.as_deref())?;
    let issued = issued_tokens::open(session, &signer.credential_at())?;
    let signed = match flow.wants_signed() {
        true => Some(tokens::sign_as(session, signer, request, None, |terms| asks(Some(terms)), ports)?.token),
        false => {
            asks(asked_for(flow, request, &profile.value))?;
            None
        }
    };
    let secret: Option<Zeroizing<String>> = match credential.value.kind {
        CredentialKind::ApiKey | CredentialKind::Login | CredentialKind::Client => Some(session.open_text(credential)?),
        CredentialKind::PrivateKey | CredentialKind::SharedSecret => None,
    };
    let secret_field = match credential.value.kind {
        CredentialKind::Login => Some("password"),
        CredentialKind::Client => Some("client_secret"),
        _ => None,
    };
    let mut fields: Vec<exchange::Field<'_>> =
        credential.value.fields.iter().map(|(name, value)| exchange::Field { name, value }).collect();
    if let (Some(name), Some(value)) = (secret_field, &secret) {
        fields.push(exchange::Field { name, value });
    }
    let scopes = request.scopes.as_deref().or(profile.value.scopes.as_deref());
    let call = FlowCall {
        definition,
        flow,
        base: &base,
        variables: &profile.value.variables,
        means: Means {
            key: secret.as_ref().map(|key| key.as_str()).filter(|_| secret_field.is_none()),
            fields: &fields,
            signed_token: signed.as_ref().map(jose::sign::CompactJws::as_str),
            access_token: issued.access.as_ref().map(|token| token.as_str()),
            refresh_token: issued.refresh.as_ref().map(|token| token.as_str()),
        },
        scopes,
        ttl: request.ttl.or(profile.value.ttl.map(Seconds)),
        now: ports.clock.now(),
        hosts: hosts(signer),
        version: env!("CARGO_PKG_VERSION"),
    };
    Ok(exchange::prepare_flow(&call, &mut |out| ports.random.fill(out))?)
}

/// The terms of the token that a flow asks the server for; none where the server alone decides them.
fn asked_for(flow: &Flow, request: &SignRequest, profile: &Profile) -> Option<TokenTerms> {
    let scopes = request.scopes.as_ref().or(profile.scopes.as_ref());
    let mints = matches!(flow.kind, FlowKind::Mint);
    let lifetime = request.ttl.map(|ttl| ttl.0).or(profile.ttl);
    mints.then(|| TokenTerms::new(scopes.cloned().unwrap_or_default(), lifetime))
}
