//! Preview of the call of a draft: the request before it is sent, as a snippet in a language.

use exchange::{Authentication, Placed, PreparedRequest};

use super::{context::Context, endpoint::with_placeholder, read::read_in};
use crate::{
    ground::{Error, ports::Ports},
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

/// What stands in a preview where the token will stand.
const PLACEHOLDER: &str = "token";

/// The request as it would be sent. Starts nothing and signs nothing.
pub fn preview(session: &Session, draft: &Draft, ports: &Ports) -> Result<Preview, Error> {
    let context = Context::resolve(session, draft, ports)?;
    let request = with_placeholder(&context, draft, Some(PLACEHOLDER), ports)?;
    let curl = snippets::as_curl(&request, context.definition, context.environment);
    Ok(Preview { request, curl })
}

/// The request of a draft as a command or a program in a language. Starts nothing.
pub fn copy_as(session: &Session, draft: &Draft, language: &str, ports: &Ports) -> Result<Snippet, Error> {
    let context = Context::resolve(session, draft, ports)?;
    let request = with_placeholder(&context, draft, Some(PLACEHOLDER), ports)?;
    let reading = read_in(session, draft, &context, ports)?;
    let role = context.key.as_ref().ok().and_then(|key| key.value.binding.as_ref()?.role.clone()).unwrap_or_default();
    let placed = match reading.authentication {
        Authentication::Key => Placed::Credential(&role),
        _ => snippets::placed_token(&reading.scopes, reading.times.expires, reading.now),
    };
    snippets::snippet(&request, context.definition, context.environment, language, placed)
}
