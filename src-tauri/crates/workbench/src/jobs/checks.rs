//! Checks: does a credential still work? One read-only request for each, by what a target calls with. It is the proof of a
//! rotation, for every key.

use exchange::{Kind, Transport};
use provider::{Definition, Endpoint};

use crate::{
    ground::{
        Error, RotationError,
        ports::{Cancel, Ports},
    },
    jobs::{
        acceptance,
        calls::{Answered, Execution, NextAction},
        requests::CallRequest,
    },
    policy::{
        authentication, called, rotating,
        signer::{self, SignRequest, Signer},
    },
    resolve::{definitions, environments},
    store::{
        draft::{CallTarget, CallWith},
        records::{Credential, CredentialAt, Profile, Target},
        session::Session,
    },
};

/// A credential at a target, as something that can be checked.
#[derive(Debug, Clone)]
pub struct Checkable {
    /// The credential and the target.
    pub of: CredentialAt,
    /// Where, in words: `Sandbox at Gr4vy`.
    pub label: String,
    /// How much care the environment wants.
    pub tier: provider::Tier,
    /// The one read-only request: `GET /transactions`; none where nothing can be checked.
    pub request: Option<String>,
    /// Why nothing can be checked, without a capital letter or a full stop.
    pub why_not: Option<String>,
    /// When a server last accepted it for this target, in seconds since 1970.
    pub last_accepted: Option<i64>,
}

/// What a check said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What was checked.
    pub of: CredentialAt,
    /// Whether the server accepted it.
    pub verdict: CheckVerdict,
    /// When, in seconds since 1970.
    pub at: i64,
    /// The status of the answer; none where no answer came.
    pub status: Option<u16>,
    /// Why it was refused, or why nobody knows: a sentence.
    pub why: Option<String>,
}

/// Whether a server accepted a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckVerdict {
    /// It did.
    Accepted,
    /// It did not.
    Refused,
    /// Its answer says nothing of that, or none came.
    Unknown,
}

/// Everything that can be checked, and what cannot: each credential that a target names, by profile and environment.
pub fn all(session: &Session) -> Result<Vec<Checkable>, Error> {
    let mut found = Vec::new();
    for profile in session.each::<Profile>()? {
        let definition = definitions::named(session, &profile.value.provider)?;
        for (id, place) in &profile.value.environments {
            let Ok(environment) = environments::environment(definition, id) else { continue };
            for name in place.names().filter(|name| session.has::<Credential>(name)) {
                let at = Target { profile: profile.value.name.clone(), environment: id.clone() };
                let of = CredentialAt { at, credential: name.to_owned() };
                let proof = proof(session, definition, &session.find::<Credential>(name)?.value);
                found.push(Checkable {
                    label: environments::label(definition, environment),
                    tier: environment.tier_or_live(),
                    last_accepted: acceptance::last(session, &of)?,
                    request: proof.as_ref().ok().map(|it| format!("{} {}", it.method, it.path.text())),
                    why_not: proof.err().map(|error| error.to_string()),
                    of,
                });
            }
        }
    }
    Ok(found)
}

/// A check on its way. It goes in turns, as every call does.
pub struct Check {
    of: CredentialAt,
    execution: Execution,
}

impl Check {
    /// Makes the request ready. Asks before a live one.
    pub fn begin(
        session: &mut Session,
        of: &CredentialAt,
        emulator: Option<String>,
        ports: &Ports,
    ) -> Result<Self, Error> {
        session.refresh()?;
        let Target { profile, environment } = &of.at;
        let sign = SignRequest {
            profile: profile.clone(),
            environment: environment.clone(),
            key: Some(of.credential.clone()),
            ..SignRequest::default()
        };
        let (_, definition, _) = signer::place(session, profile, environment)?;
        let endpoint = proof(session, definition, &session.find::<Credential>(&of.credential)?.value)?;
        let request = reading(sign, endpoint, emulator);
        let execution = ready(session, &request, ports)?;
        Ok(Self { of: of.clone(), execution })
    }

    /// What to do next.
    pub fn next_action(&self) -> NextAction {
        self.execution.next_action()
    }

    /// Sends what is ready. No vault is needed.
    pub fn send(&self, transport: &Transport, cancel: &Cancel, ports: &Ports) -> Answered {
        self.execution.send(transport, cancel, ports)
    }

    /// Takes what came.
    pub fn take(&mut self, session: &mut Session, answered: Answered, ports: &Ports) -> Result<(), Error> {
        self.execution.take(session, answered, ports)
    }

    /// Goes on after a wait.
    pub fn waited(&mut self, session: &mut Session, ports: &Ports) -> Result<(), Error> {
        self.execution.waited(session, ports)
    }

    /// What it said.
    pub fn end(self, ports: &Ports) -> Checked {
        let outcome = self.execution.end();
        let Some(sent) = &outcome.sent else {
            // A flow gets the token that the call would carry: where the server refused that, it refused the credential.
            let status = outcome.timeline.rows.iter().rev().find_map(|row| Some(row.came.as_ref()?.status));
            let refused = matches!(status, Some(400..=499)) && status != Some(429);
            let verdict = if refused { CheckVerdict::Refused } else { CheckVerdict::Unknown };
            return Checked { of: self.of, verdict, at: ports.clock.now(), status, why: outcome.failed };
        };
        let verdict = match sent.verdict.kind {
            Kind::Accepted => CheckVerdict::Accepted,
            Kind::Refused => CheckVerdict::Refused,
            Kind::Redirected | Kind::Answered | Kind::Busy | Kind::ServerFailed | Kind::Unanswered => {
                CheckVerdict::Unknown
            }
        };
        let status = sent.exchange.outcome.as_ref().ok().map(|answer| answer.status);
        let why = (verdict != CheckVerdict::Accepted).then(|| sent.verdict.sentence.clone());
        Checked { of: self.of, verdict, at: sent.at, status, why }
    }
}

/// The read-only request by which a credential is proved, as its `[[rotation]]` says, else the provider's first one that
/// changes nothing.
pub(crate) fn proof(
    session: &Session,
    definition: &'static Definition,
    credential: &Credential,
) -> Result<&'static Endpoint, Error> {
    let role = credential.binding.as_ref().and_then(|binding| binding.role.as_deref());
    let none = || {
        let (provider, what, name) = (definition.name.clone(), credential.kind.thing(), credential.name.clone());
        Error::from(RotationError::NoProof { provider, what, name })
    };
    if role.is_some_and(|role| !definition.authenticates(role)) {
        return Err(none());
    }
    let named = rotating::method(session, credential, None).ok().and_then(|(_, method)| method.prove.as_deref());
    if let Some(endpoint) = named.and_then(|id| definition.endpoint(id)) {
        return Ok(endpoint);
    }
    let reads = |endpoint: &&Endpoint| !endpoint.side_effects && exchange::is_safe(&endpoint.method);
    let usual = definition.default_endpoint().filter(reads);
    usual.or_else(|| definition.endpoints.iter().find(reads)).ok_or_else(none)
}

/// A request that reads, with the scopes that it needs and no more.
pub(crate) fn reading(sign: SignRequest, endpoint: &Endpoint, emulator: Option<String>) -> CallRequest {
    let needs = &endpoint.needs;
    let scopes: Vec<String> = needs.all.iter().chain(needs.any.first()).cloned().collect();
    let sign = SignRequest { scopes: Some(scopes).filter(|scopes| !scopes.is_empty()), ..sign };
    CallRequest { sign, target: Some(CallTarget::Endpoint(endpoint.id.clone())), emulator, ..CallRequest::default() }
}

/// A call whose token is signed here is one request, and what it is answered stands. One that carries a token of the server
/// gets that first.
pub(crate) fn ready(session: &mut Session, request: &CallRequest, ports: &Ports) -> Result<Execution, Error> {
    let signer: Signer<'static> = request.sign.signer(session)?;
    let endpoint = called::endpoint(signer.definition, request.target.as_ref())?;
    let auth = authentication::of_call(&signer, endpoint, CallWith::Usual);
    Execution::call(session, request, auth == exchange::Authentication::IssuedToken, ports)
}
