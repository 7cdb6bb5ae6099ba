//! Reading a draft whose call carries an issued token or an opaque key.

use exchange::Authentication;
use jose::json::Span;

use super::{
    context::Context,
    noted::Noted,
    reading::{DraftReading, blank, finish, no_key},
};
use crate::{
    ground::{Error, ports::Ports},
    jobs::{issued_tokens, requests},
    store::{draft::Draft, session::Session},
};

/// What such a draft says as it stands. Nothing is sent and nothing is got.
pub(super) fn read(session: &Session, draft: &Draft, context: &Context, ports: &Ports) -> Result<DraftReading, Error> {
    let mut reading = blank(context, String::new());
    reading.authentication = context.authentication(draft);
    if reading.authentication == Authentication::IssuedToken {
        let owner = context.credential_at();
        let (known, tokens) = match &owner {
            Some(owner) => (issued_tokens::known(session, owner)?, issued_tokens::open(session, owner)?),
            None => Default::default(),
        };
        reading.issued = known;
        match tokens.access {
            Some(access) => judge(&mut reading, context, &access, ports),
            None => reading.unsigned = Some("no token yet".to_owned()),
        }
    }
    let fault = no_key(context);
    if fault.is_some() {
        reading.unsigned.clone_from(&fault);
    }
    finish(&mut reading, context, draft, fault, ports);
    Ok(reading)
}

/// What is known of the token by the rules that judge any token. Only the server can verify its signature.
fn judge(reading: &mut DraftReading, context: &Context, access: &str, ports: &Ports) {
    let inspection = requests::inspect_issued(context.definition, access, None, ports);
    reading.times = inspection.times;
    reading.header = inspection.header.unwrap_or_default();
    reading.claims = inspection.payload.unwrap_or_default();
    reading.scopes = context.definition.scopes_in(&reading.claims);
    let noted = |finding| Noted { finding, span: Span::new(0, 0), fixes: Vec::new() };
    reading.findings = inspection.findings.into_iter().filter(|finding| finding.is_error()).map(noted).collect();
}
