//! Reading a draft: which kind of call it is for, and whether its token is signed.

use exchange::Authentication;

use super::{carried, context::Context, reading::DraftReading, signed};
use crate::{
    ground::{
        Error,
        ports::{LiveAct, Ports},
    },
    policy::{consent, signer::Signer},
    store::{draft::Draft, session::Session},
};

/// Reads a draft. In a live environment the token is signed only if the person agreed to that before.
pub fn read(session: &Session, draft: &Draft, ports: &Ports) -> Result<DraftReading, Error> {
    read_in(session, draft, &Context::resolve(session, draft, ports)?, ports)
}

/// The same where the names of the draft are resolved.
pub(super) fn read_in(
    session: &Session,
    draft: &Draft,
    context: &Context,
    ports: &Ports,
) -> Result<DraftReading, Error> {
    by_call(session, draft, context, || !context.is_live() || agreed(context, ports), ports)
}

/// Reads a draft by what its call authenticates with. `signs` says whether a token that is signed here is made.
fn by_call(
    session: &Session,
    draft: &Draft,
    context: &Context,
    signs: impl FnOnce() -> bool,
    ports: &Ports,
) -> Result<DraftReading, Error> {
    match context.authentication(draft) {
        Authentication::SignedToken => signed::read(session, draft, context, signs(), ports),
        _ => carried::read(session, draft, context, ports),
    }
}

/// Reads a draft and signs it, wherever it is for. Asks before it signs for a live environment.
pub fn sign(session: &Session, draft: &Draft, ports: &Ports) -> Result<DraftReading, Error> {
    let signer = draft.sign_request().signer(session)?;
    consent::ask(&signer, LiveAct::Sign, "signing a token", ports)?;
    signed::read(session, draft, &Context::from_signer(&signer, draft, ports), true, ports)
}

/// Reads a draft whose call goes out, and signs it where the call carries a signed token. The person was asked already.
pub(crate) fn read_as(
    session: &Session,
    draft: &Draft,
    signer: &Signer<'static>,
    ports: &Ports,
) -> Result<DraftReading, Error> {
    by_call(session, draft, &Context::from_signer(signer, draft, ports), || true, ports)
}

fn agreed(context: &Context, ports: &Ports) -> bool {
    let Context { profile, definition, environment, key, .. } = context;
    // Without a key nothing is signed, whatever was agreed.
    let Ok(credential) = key else { return false };
    let question =
        consent::live_question(profile, definition, environment, credential, LiveAct::Sign, "signing a token");
    question.is_none_or(|question| ports.consent.agreed(&question))
}
