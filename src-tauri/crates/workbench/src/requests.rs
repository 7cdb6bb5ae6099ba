//! Requests: a token is signed or given, the request prepared and sent, and the answer explained.
//!
//! The job has two halves, so that no open vault waits for the network: [`prepare`] needs the session, [`send`] does not.

use exchange::{
    Call, Exchange, KeyStanding, Known, Limits, PreparedRequest, Sent, SignatureFact, Target, TokenFacts, Verdict,
};
use jose::{
    Finding,
    header::AlgParam,
    inspect::Inspection,
    key::{Jwk, Key},
    verify,
};
use provider::{CallFacts, Definition, Endpoint, Environment, Tier};
use serde::{Deserialize, Serialize};

use crate::{
    Error, names,
    ports::{Cancel, LiveAct, Ports},
    profiles,
    records::CredentialKind,
    session::Session,
    tokens::{self, Judging, NamedKey, SignRequest, Signed, Signer},
};

/// What is to be called, and with what.
#[derive(Debug, Clone, Default)]
pub struct CallRequest {
    /// Who signs for what, and how the token shall be.
    pub sign: SignRequest,
    /// The endpoint, or a method and a path; the provider's first choice if neither is given.
    pub target: Option<CallTarget>,
    /// The body; the endpoint's sample if none is given.
    pub body: Option<Vec<u8>>,
    /// A token to send as it is, instead of signing one.
    pub token: Option<String>,
    /// The status that is expected.
    pub expect: Option<u16>,
    /// The address of an emulator that runs already, for the Local environment.
    pub emulator: Option<String>,
}

/// What is to be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CallTarget {
    /// An endpoint of the definition by its id.
    Endpoint(String),
    /// A method and a path.
    Path {
        /// The method.
        method: String,
        /// The path, from the base address on.
        path: String,
    },
}

/// A request that is ready, and what is known of its token.
pub struct PreparedCall {
    /// The request, complete to the byte.
    pub request: PreparedRequest,
    /// The token that was signed for it; none if it was given.
    pub signed: Option<Signed>,
    /// Everything that is known here of the token that it carries.
    pub inspection: Inspection,
    definition: &'static Definition,
    environment: &'static Environment,
    endpoint: Option<&'static Endpoint>,
    key_name: String,
    key_created: i64,
    expect: Option<u16>,
}

impl PreparedCall {
    /// The environment's label.
    pub fn environment(&self) -> &str {
        &self.environment.label
    }

    /// How much care the environment wants.
    pub fn tier(&self) -> Tier {
        self.environment.tier_or_live()
    }

    /// The scopes that the call needs and whether the token has them, in words; nothing where that is not known.
    pub fn scopes_in_words(&self) -> Option<String> {
        let endpoint = self.endpoint?;
        let scopes = self.definition.scopes_in(self.inspection.payload.as_deref()?);
        let needed = self.definition.missing_for(endpoint, &[]);
        if needed.is_empty() {
            return None;
        }
        let missing = self.definition.missing_for(endpoint, &scopes);
        let standing = if missing.is_empty() {
            "the token has it".to_owned()
        } else {
            format!("the token lacks {}", missing.words())
        };
        Some(format!("{} {} needs {}; {standing}", endpoint.method, endpoint.path.text(), needed.words()))
    }

    /// The same request for a shell, its token in a variable named for the environment.
    pub fn as_curl(&self) -> String {
        as_curl(&self.request, self.definition, self.environment)
    }
}

/// A request for a shell, its token in a variable named for the environment.
pub(crate) fn as_curl(request: &PreparedRequest, definition: &Definition, environment: &Environment) -> String {
    let variable = match &environment.env_var {
        Some(name) => name.clone(),
        None => format!("{}_{}_TOKEN", shout(&definition.id), shout(&environment.id)),
    };
    exchange::copy_as_curl(request, &variable)
}

/// A call that was made.
pub struct SentCall {
    /// When it was sent, in seconds since 1970.
    pub at: i64,
    /// What happened.
    pub exchange: Exchange,
    /// What it means.
    pub verdict: Verdict,
}

/// Signs a token for the call, or takes the one given, and makes the request. A live environment wants consent; a call
/// that changes something there is asked for by its name.
pub fn prepare(session: &Session, request: &CallRequest, ports: &Ports) -> Result<PreparedCall, Error> {
    let SignRequest { profile, environment, key, .. } = &request.sign;
    let signer = tokens::signer(session, profile, environment, key.as_deref())?;
    ask(&signer, request, ports)?;
    prepare_as(session, &signer, request, ports)
}

/// Asks before a call that goes to a live environment.
pub(crate) fn ask(signer: &Signer<'static>, request: &CallRequest, ports: &Ports) -> Result<(), Error> {
    let (kind, act) = live_act(&target(signer.definition, request)?.0);
    tokens::consent(signer, kind, &act, ports)
}

/// What is called, and the endpoint of the definition that it is.
fn target<'r>(
    definition: &'static Definition,
    request: &'r CallRequest,
) -> Result<(Target<'r>, Option<&'static Endpoint>), Error> {
    let endpoint = endpoint(definition, request.target.as_ref())?;
    let target = match (&request.target, endpoint) {
        (Some(CallTarget::Path { method, path }), _) => Target::Path { method, path },
        (_, Some(endpoint)) => Target::Endpoint(endpoint),
        (_, None) => return Err(names::not_found("endpoint", "", definition.endpoints.iter().map(|e| e.id.as_str()))),
    };
    Ok((target, endpoint))
}

/// The same for a person who was asked already.
pub(crate) fn prepare_as(
    session: &Session,
    signer: &Signer<'static>,
    request: &CallRequest,
    ports: &Ports,
) -> Result<PreparedCall, Error> {
    let definition = signer.definition;
    let (target, endpoint) = target(definition, request)?;

    let emulator = emulator_address(session, signer, request.emulator.as_deref(), ports)?;
    let base = profiles::base_url(&signer.profile.value, definition, signer.environment, emulator.as_deref())?;
    let call_url = base.clone();
    let method = match &target {
        Target::Endpoint(endpoint) => endpoint.method.as_str(),
        Target::Path { method, .. } => method,
    };
    let body = request.body.as_deref();
    let call = CallFacts { method, url: &call_url, body: body.unwrap_or_default() };
    let signed = match &request.token {
        Some(_) => None,
        None => Some(tokens::sign_as(session, signer, &request.sign, Some(call), ports)?),
    };
    let token = match (&signed, &request.token) {
        (Some(signed), _) => signed.token.as_str(),
        (None, given) => given.as_deref().unwrap_or_default(),
    };
    let binding = signer.credential.value.binding.as_ref();
    let prepared = exchange::prepare(
        &Call {
            definition,
            base: &base,
            target,
            variables: &signer.profile.value.variables,
            body,
            token: Some(token),
            hosts: binding.map(|binding| binding.hosts.as_slice()).unwrap_or_default(),
            version: env!("CARGO_PKG_VERSION"),
        },
        &mut |out| ports.random.fill(out),
    )?;
    let inspection = inspect_own(session, signer, token, endpoint, ports)?;
    Ok(PreparedCall {
        request: prepared,
        signed,
        inspection,
        definition,
        environment: signer.environment,
        endpoint,
        key_name: signer.credential.value.name.clone(),
        key_created: signer.credential.value.created,
        expect: request.expect,
    })
}

/// Sends, and says what the answer means.
pub fn send(call: &PreparedCall, limits: &Limits, cancel: &Cancel, ports: &Ports) -> SentCall {
    let at = ports.clock.now();
    let exchange = ports.http.send(&call.request, limits, cancel);
    let inspection = &call.inspection;
    let alg = match &inspection.alg {
        Some(AlgParam::Known(alg)) => Some(alg.name()),
        _ => None,
    };
    // A near miss explains; what is wrong with the signature is the reason.
    let of_signature = |finding: &&Finding| finding.code.group() == jose::finding::Group::Signature;
    let mut why = inspection.findings.iter().filter(of_signature);
    let reason = why.clone().find(|finding| finding.is_error()).or_else(|| why.next());
    let reason = reason.map_or("no key at hand", |finding| finding.message.as_str());
    let signature = match inspection.signature {
        verify::Verdict::Good => SignatureFact::Good { key: &call.key_name },
        verify::Verdict::Bad => SignatureFact::Bad { reason },
        verify::Verdict::Unknown => SignatureFact::Unknown { reason },
    };
    let scopes = inspection.payload.as_deref().map(|claims| call.definition.scopes_in(claims)).unwrap_or_default();
    let sent = Sent {
        environment: &call.environment.label,
        at,
        expected: call.expect,
        token: Some(TokenFacts {
            alg,
            findings: &inspection.findings,
            signature,
            iat: inspection.times.issued,
            nbf: inspection.times.not_before,
            exp: inspection.times.expires,
            scopes: &scopes,
            key: KeyStanding { created: Some(call.key_created), last_accepted: None },
        }),
        known: Known::default(),
    };
    let verdict = exchange::assess(call.definition, call.endpoint, &call.request, &exchange, &sent);
    SentCall { at, exchange, verdict }
}

/// The endpoint that is meant: named, else the one whose method and path are given, else the provider's first choice.
pub(crate) fn endpoint(
    definition: &'static Definition,
    target: Option<&CallTarget>,
) -> Result<Option<&'static Endpoint>, Error> {
    match target {
        None => Ok(definition.default_endpoint()),
        Some(CallTarget::Endpoint(id)) => {
            let known = definition.endpoints.iter().map(|endpoint| endpoint.id.as_str());
            definition.endpoint(id).map(Some).ok_or_else(|| names::not_found("endpoint", id, known))
        }
        Some(CallTarget::Path { method, path }) => Ok(definition.endpoint_for(method, path)),
    }
}

/// The call in words, and whether it changes something.
fn live_act(target: &Target<'_>) -> (LiveAct, String) {
    let (changes, method, path) = match target {
        Target::Endpoint(endpoint) => (endpoint.side_effects, endpoint.method.clone(), endpoint.path.text()),
        Target::Path { method, path } => {
            let method = method.to_ascii_uppercase();
            (!["GET", "HEAD", "OPTIONS"].contains(&method.as_str()), method, *path)
        }
    };
    (if changes { LiveAct::Change } else { LiveAct::Read }, format!("{method} {path}"))
}

/// In the Local environment, the emulator's address; it is started, and told the public key, if none is named.
fn emulator_address(
    session: &Session,
    signer: &Signer<'_>,
    named: Option<&str>,
    ports: &Ports,
) -> Result<Option<String>, Error> {
    if signer.environment.tier_or_live() != Tier::Local {
        return Ok(None);
    }
    if let Some(address) = named {
        return Ok(Some(address.to_owned()));
    }
    let jwk = match &signer.credential.value.public_jwk {
        Some(public) => public.clone(),
        // A shared secret is shared with the server, and this one lives in our own process.
        None => jose::jwk::write(&session.open_key(&signer.credential)?, jose::key::write::Half::Private).to_string(),
    };
    Ok(Some(ports.local.address(&signer.definition.id, &jwk)?))
}

/// What is known of the token by the rules that judge any token, with the key that signs here.
fn inspect_own(
    session: &Session,
    signer: &Signer<'_>,
    token: &str,
    endpoint: Option<&Endpoint>,
    ports: &Ports,
) -> Result<Inspection, Error> {
    let credential = &signer.credential;
    let jwk = match (credential.value.kind, tokens::public_half(&credential.value)) {
        (CredentialKind::PrivateKey, Some(public)) => {
            Jwk { kid: credential.value.kid.clone(), ..Jwk::from(Key::Public(public)) }
        }
        _ => session.open_key(credential)?,
    };
    let keys = [NamedKey { name: credential.value.name.clone(), jwk }];
    let judging = Judging { provider: Some(signer.definition), ..Judging::default() };
    let mut inspection = tokens::inspect(token.as_bytes(), &keys, true, &judging, ports);
    if let (Some(endpoint), Some(claims)) = (endpoint, &inspection.payload) {
        let scopes = signer.definition.scopes_in(claims);
        let missing = signer.definition.check_scopes_for(endpoint, &scopes);
        inspection.add(missing);
    }
    Ok(inspection)
}

fn shout(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}
