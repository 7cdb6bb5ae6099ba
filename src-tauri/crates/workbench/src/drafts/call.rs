//! The call that a draft is for: where it goes, how it looks before it is sent, and the call that is.

use exchange::{Call, PreparedRequest, Target};
use url::Url;

use super::{
    Draft,
    reading::{self, EndpointReading, Reading},
    standing::Standing,
};
use crate::{
    Error,
    calls::Run,
    flows::FlowRequest,
    ports::Ports,
    profiles,
    requests::{self, CallRequest, Carries, PreparedCall, Snippet},
    session::Session,
    tokens,
};

/// A request as it would be sent. Nothing was signed for it.
#[derive(Debug)]
pub struct Preview {
    /// The request, its credential masked.
    pub request: PreparedRequest,
    /// The same for a shell, the token in a variable.
    pub curl: String,
}

/// A call that is ready, and the reading of its draft with the token that it carries.
pub struct Ready {
    /// The call, for [`requests::send`].
    pub call: PreparedCall,
    /// The draft as it was signed.
    pub reading: Reading,
}

/// What stands in a preview where the token will stand.
const STAND_IN: &str = "token";

/// The request as it would be sent. Starts nothing and signs nothing.
pub fn preview(session: &Session, draft: &Draft, ports: &Ports) -> Result<Preview, Error> {
    let standing = Standing::of(session, draft, ports)?;
    let request = stand_in(&standing, draft, Some(STAND_IN), ports)?;
    let curl = requests::as_curl(&request, standing.definition, standing.environment);
    Ok(Preview { request, curl })
}

/// The request of a draft as a command or a program in a language. Starts nothing.
pub fn copy_as(session: &Session, draft: &Draft, language: &str, ports: &Ports) -> Result<Snippet, Error> {
    let standing = Standing::of(session, draft, ports)?;
    let request = stand_in(&standing, draft, Some(STAND_IN), ports)?;
    let reading = reading::read(session, draft, ports)?;
    let role = standing.key.as_ref().ok().and_then(|key| key.value.binding.as_ref()?.role.clone()).unwrap_or_default();
    let carries = match reading.carries {
        Carries::Key => exchange::Carries::Credential(&role),
        Carries::Signed | Carries::Given | Carries::Nothing => {
            requests::carries_token(&reading.scopes, reading.times.expires, reading.now)
        }
    };
    requests::snippet(&request, standing.definition, standing.environment, language, carries)
}

/// Signs afresh and prepares the call. Asks before anything live.
pub fn prepare(session: &Session, draft: &Draft, ports: &Ports) -> Result<Ready, Error> {
    let mut request = call_request(draft);
    let signer = tokens::signer(session, &draft.profile, &draft.environment, draft.key.as_deref())?;
    requests::ask(&signer, &request, ports)?;
    let standing = Standing::of(session, draft, ports)?;
    let reading = reading::read_as(session, draft, standing, true, ports)?;
    let Some(token) = &reading.token else {
        return Err(Error::Unsignable { why: reading.unsigned.unwrap_or_default() });
    };
    request.token = Some(token.as_str().to_owned());
    let call = requests::prepare_as(session, &signer, &request, ports)?;
    Ok(Ready { call, reading })
}

/// Begins the call of a draft: signs afresh where it is signed here, else with what the server gave. Asks before anything
/// live. With `follow`, a token that is missing is got first, and one that is refused is renewed.
pub fn begin(session: &mut Session, draft: &Draft, follow: bool, ports: &Ports) -> Result<(Run, Reading), Error> {
    if Standing::of(session, draft, ports)?.carries(draft) == Carries::Signed {
        let Ready { call, reading } = session.reading(|session| prepare(session, draft, ports))?;
        return Ok((Run::of_draft(session, draft, call, follow, ports)?, reading));
    }
    let run = Run::call(session, &call_request(draft), follow, ports)?;
    Ok((run, reading::read(session, draft, ports)?))
}

/// Begins a flow of the provider for the place of a draft. Asks before anything live.
pub fn begin_flow(session: &mut Session, draft: &Draft, flow: &str, follow: bool, ports: &Ports) -> Result<Run, Error> {
    let request = FlowRequest { sign: draft.sign_request(), flow: flow.to_owned(), emulator: None };
    Run::flow(session, &request, follow, ports)
}

fn call_request(draft: &Draft) -> CallRequest {
    CallRequest {
        sign: draft.sign_request(),
        target: draft.target.clone(),
        body: draft.body.clone().map(String::into_bytes),
        with: draft.with,
        ..CallRequest::default()
    }
}

/// Signs a draft once more, for a call that was refused. Whoever began the call agreed to that.
pub(crate) fn sign_again(session: &Session, draft: &Draft, ports: &Ports) -> Result<String, Error> {
    let standing = Standing::of(session, draft, ports)?;
    let reading = reading::read_as(session, draft, standing, true, ports)?;
    match reading.token {
        Some(token) => Ok(token.as_str().to_owned()),
        None => Err(Error::Unsignable { why: reading.unsigned.unwrap_or_default() }),
    }
}

/// The call of a draft, and why it cannot be made.
pub(super) fn endpoint(
    standing: &Standing,
    draft: &Draft,
    scopes: Option<&[String]>,
    ports: &Ports,
) -> (Option<EndpointReading>, Option<String>) {
    let Some((method, path)) = &standing.call else { return (None, Some("nothing to call".to_owned())) };
    let (url, unreachable) = match stand_in(standing, draft, None, ports) {
        Ok(request) => (request.url.to_string(), None),
        Err(error) => (String::new(), Some(error.to_string())),
    };
    let missing = |scopes: &[String]| {
        standing.endpoint.map(|endpoint| standing.definition.missing_for(endpoint, scopes)).unwrap_or_default()
    };
    let lacking = scopes.map(missing).unwrap_or_default();
    let needed = scopes.map(|_| missing(&[])).unwrap_or_default();
    let words = (!needed.is_empty()).then(|| {
        let has = if lacking.is_empty() { "the token has it" } else { "the token lacks it" };
        format!("needs {}; {has}", needed.words())
    });
    let changes = match standing.endpoint {
        Some(endpoint) => endpoint.side_effects,
        None => !["GET", "HEAD", "OPTIONS"].contains(&method.as_str()),
    };
    let lacks = lacking.all.into_iter().chain(lacking.any).collect();
    let reading = EndpointReading {
        method: method.clone(),
        path: path.clone(),
        url,
        side_effects: changes,
        scopes: words,
        lacks,
    };
    (Some(reading), unreachable)
}

/// The request with something in place of the token, or without one.
fn stand_in(standing: &Standing, draft: &Draft, token: Option<&str>, ports: &Ports) -> Result<PreparedRequest, Error> {
    let Standing { profile, definition, environment, .. } = standing;
    // Where it does not run yet, its port is not known.
    let running = || ports.local.running(&definition.id).unwrap_or_else(|| "http://127.0.0.1".to_owned());
    let emulator = environment.is_emulated().then(running);
    let base = profiles::base_url(&profile.value, definition, environment, emulator.as_deref())?;
    let own = || base.host_str().map(str::to_owned).into_iter().collect::<Vec<String>>();
    let binding = standing.key.as_ref().ok().and_then(|key| key.value.binding.as_ref());
    let hosts = binding.map_or_else(own, |binding| binding.hosts.clone());
    let target = match (&standing.call, standing.endpoint, &draft.target) {
        (_, Some(endpoint), None | Some(requests::CallTarget::Endpoint(_))) => Target::Endpoint(endpoint),
        (Some((method, path)), _, _) => Target::Path { method, path },
        (None, _, _) => return Err(Error::Unsignable { why: "nothing to call".to_owned() }),
    };
    prepared(standing, &base, target, draft.body.as_deref(), token, &hosts, ports)
}

fn prepared(
    standing: &Standing,
    base: &Url,
    target: Target<'_>,
    body: Option<&str>,
    token: Option<&str>,
    hosts: &[String],
    ports: &Ports,
) -> Result<PreparedRequest, Error> {
    let call = Call {
        definition: standing.definition,
        base,
        target,
        variables: &standing.profile.value.variables,
        body: body.map(str::as_bytes),
        token,
        hosts,
        version: env!("CARGO_PKG_VERSION"),
    };
    Ok(exchange::prepare(&call, &mut |out| ports.random.fill(out))?)
}
