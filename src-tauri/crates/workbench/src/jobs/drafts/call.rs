//! The call that a draft is for: where it goes, how it looks before it is sent, and the call that is.

use exchange::PreparedRequest;

use super::{endpoint::stand_in, reading::Reading, signed, standing::Standing};
use crate::{
    ground::{Error, ports::Ports},
    jobs::{
        calls::Run,
        drafts,
        flows::FlowRequest,
        requests::{self, CallRequest, PreparedCall},
    },
    policy::{authentication::Carries, signer},
    resolve::snippets::{self, Snippet},
    store::{draft::Draft, session::Session},
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
    let curl = snippets::as_curl(&request, standing.definition, standing.environment);
    Ok(Preview { request, curl })
}

/// The request of a draft as a command or a program in a language. Starts nothing.
pub fn copy_as(session: &Session, draft: &Draft, language: &str, ports: &Ports) -> Result<Snippet, Error> {
    let standing = Standing::of(session, draft, ports)?;
    let request = stand_in(&standing, draft, Some(STAND_IN), ports)?;
    let reading = drafts::read(session, draft, ports)?;
    let role = standing.key.as_ref().ok().and_then(|key| key.value.binding.as_ref()?.role.clone()).unwrap_or_default();
    let carries = match reading.carries {
        Carries::Key => exchange::Carries::Credential(&role),
        Carries::Signed | Carries::Given | Carries::Nothing => {
            snippets::carries_token(&reading.scopes, reading.times.expires, reading.now)
        }
    };
    snippets::snippet(&request, standing.definition, standing.environment, language, carries)
}

/// Signs afresh and prepares the call. Asks before anything live.
pub fn prepare(session: &Session, draft: &Draft, ports: &Ports) -> Result<Ready, Error> {
    let mut request = call_request(draft);
    let signer = signer::signer(session, &draft.profile, &draft.environment, draft.key.as_deref())?;
    requests::ask(&signer, &request, ports)?;
    let standing = Standing::of(session, draft, ports)?;
    let reading = signed::read_as(session, draft, standing, true, ports)?;
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
    Ok((run, drafts::read(session, draft, ports)?))
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
    let reading = signed::read_as(session, draft, standing, true, ports)?;
    match reading.token {
        Some(token) => Ok(token.as_str().to_owned()),
        None => Err(Error::Unsignable { why: reading.unsigned.unwrap_or_default() }),
    }
}
