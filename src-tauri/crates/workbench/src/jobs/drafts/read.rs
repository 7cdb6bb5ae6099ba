//! Reading a draft: which kind of call it is for, and whether its token is signed.

use exchange::Authentication;

use super::{Signs, carried, context::Context, reading::DraftReading, signed};
use crate::{
    ground::{
        Error,
        ports::{LiveAct, Ports, TokenTerms},
    },
    policy::{
        consent::{self, Asks},
        signer::Signer,
    },
    store::{draft::Draft, session::Session},
};

/// The act of signing, as the person is asked.
const SIGNING: &str = "signing a token";

/// Reads a draft. In a live environment the token is signed only if the person agreed to its terms before.
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
    by_call(session, draft, context, &|terms| Ok(agreed(context, terms, ports)), ports)
}

/// Reads a draft by what its call authenticates with. `signs` says whether a token that is signed here is made.
fn by_call(
    session: &Session,
    draft: &Draft,
    context: &Context,
    signs: Signs<'_>,
    ports: &Ports,
) -> Result<DraftReading, Error> {
    match context.authentication(draft) {
        Authentication::SignedToken => signed::read(session, draft, context, signs, ports),
        _ => carried::read(session, draft, context, ports),
    }
}

/// Reads a draft and signs it, wherever it is for. Asks before it signs for a live environment.
pub fn sign(session: &Session, draft: &Draft, ports: &Ports) -> Result<DraftReading, Error> {
    let signer = draft.sign_request().signer(session)?;
    let asks = |terms| consent::ask(&signer, LiveAct::Sign, SIGNING, Some(terms), ports).map(|()| true);
    signed::read(session, draft, &Context::from_signer(&signer, draft, ports), &asks, ports)
}

/// Reads a draft whose call goes out, and signs it where the call carries a signed token, once `asks` agrees.
pub(crate) fn read_as(
    session: &Session,
    draft: &Draft,
    signer: &Signer<'static>,
    asks: Asks<'_>,
    ports: &Ports,
) -> Result<DraftReading, Error> {
    let signs = |terms| asks(Some(terms)).map(|()| true);
    by_call(session, draft, &Context::from_signer(signer, draft, ports), &signs, ports)
}

/// Whether nobody need be asked: the environment is not live, or the person agreed to these terms before.
fn agreed(context: &Context, terms: TokenTerms, ports: &Ports) -> bool {
    let Context { profile, definition, environment, key, .. } = context;
    // Without a key nothing is signed, whatever was agreed.
    let Ok(credential) = key else { return false };
    let act = (LiveAct::Sign, SIGNING, Some(terms));
    let question = consent::live_question(profile, definition, environment, credential, act);
    question.is_none_or(|question| ports.consent.agreed(&question))
}
