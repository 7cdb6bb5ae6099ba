//! The ladder that a request climbs: each check in its order, until one fails.

use super::ID;
use crate::{
    api::{Call, Context},
    authorization::{self, Spelling},
    claims::{self, Times},
    clock, header,
    log::Check,
    mac,
    refusal::{CredentialRefusal, Refusal},
    token::Token,
    words::shorten,
};

/// How many claims are named that nobody asked for.
const NAMED: usize = 5;
/// Fewest bytes of a secret for HS256 (RFC 7518 §3.2).
const ADVISED: usize = 32;

/// Judges a request's token. There are no scopes: a partner may do everything.
pub(super) fn check(call: &Call<'_>, cut: Option<i64>, context: &mut Context<'_>) -> Result<(), Refusal> {
    let text = authorization::bearer(call.headers, Spelling::Any)?;
    context.pass(Check::Authorization);

    let token = header::open(text, call.rules, context)?;

    if !token.claims.contains_key("clientId") {
        return Err(Refusal::ClaimMissing { claim: "clientId".into() });
    }
    let name = claims::text(&token.claims, "clientId")?;
    let found = || shorten(name);
    let client = context.registered.client(ID, name).ok_or_else(|| CredentialRefusal::Client { found: found() })?;
    if client.revoked {
        return Err(CredentialRefusal::ClientRevoked { found: found() }.into());
    }
    let verified = mac::verify(client.secret(), &token, &format!("the secret of the client {:?}", found()));
    let bytes = client.secret().bytes().len();
    context.pass(Check::Key);

    verified?;
    context.pass(Check::Signature);

    claims::required(&token.claims, call.rules)?;
    let times = Times::read(&token.claims)?;
    context.pass(Check::Claims);

    times.at(context.now)?;
    times.not_cut(cut)?;
    context.pass(Check::Times);
    if bytes < ADVISED {
        context.note(format!("the secret has {bytes} bytes; at least {ADVISED} are advised for HS256"));
    }
    times.made_ahead(context.now).into_iter().for_each(|note| context.note(note));
    remark_life(&times, call, context);
    remark_others(&token, call, context);

    context.count(name, call.rules.limit)
}

/// The document says 15 minutes, and that the caller defines it: a longer life is not a reason to refuse.
fn remark_life(times: &Times, call: &Call<'_>, context: &mut Context<'_>) {
    let life = times.exp.saturating_sub(times.iat.unwrap_or(times.exp));
    if life > call.rules.lifetime {
        let (life, usual) = (clock::span(life), clock::span(call.rules.lifetime));
        context.note(format!("the token lives {life}; the document says {usual}, and that the caller defines it"));
    }
}

fn remark_others(token: &Token<'_>, call: &Call<'_>, context: &mut Context<'_>) {
    let others = token.claims.keys().filter(|claim| !call.rules.claims.contains(claim));
    let others: Vec<String> = others.take(NAMED).map(|claim| format!("{:?}", shorten(claim))).collect();
    if !others.is_empty() {
        context.note(format!("besides the documented three there are claims: {}", others.join(", ")));
    }
}
