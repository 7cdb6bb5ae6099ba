//! The ladder that a request climbs: each check in its order, until one fails.

use std::collections::{HashSet, VecDeque};

use super::{caller::Caller, merchants};
use crate::{
    api::{Call, Context},
    authorization::{self, Spelling},
    claims::{self, Times},
    header::{self, Header},
    log::Check,
    refusal::Refusal,
    scopes,
    token::Token,
    words::shorten,
};

/// How many token identifiers are remembered.
const REMEMBERED: usize = 1_000;
/// A day in seconds: nobody documents a maximum lifetime, but this is long.
const DAY: i64 = 86_400;

/// Judges a request's token for the operation it calls, and says who sent it.
pub(super) fn check(
    call: &Call<'_>,
    seen: &mut Seen,
    cut: Option<i64>,
    context: &mut Context<'_>,
) -> Result<Caller, Refusal> {
    let text = authorization::bearer(call.headers, Spelling::Any)?;
    context.pass(Check::Authorization);

    let token = Token::parse(text)?;
    context.pass(Check::Form);

    let header = Header::read(&token.header, call.rules)?;
    let kid = header::member(&token.header, "kid")?;
    header.notes.iter().for_each(|note| context.note(note));
    context.pass(Check::Header);

    let keys = &context.registered.keys;
    let unknown = || match keys.knows(kid) {
        true => Refusal::KeyDeleted,
        false => {
            Refusal::UnknownKid { found: shorten(kid), close: keys.find_unpadded(kid).map(|pair| pair.key.kid.clone()) }
        }
    };
    let pair = keys.find(kid).ok_or_else(unknown)?;
    let caller = Caller::of(pair).ok_or_else(unknown)?;
    if !pair.is_active() {
        return Err(Refusal::KeyInactive);
    }
    pair.key.material.fits(header.alg)?;
    let verified = pair.key.material.verify(header.alg, &token);
    context.pass(Check::Key);

    verified?;
    context.pass(Check::Signature);

    claims::required(&token.claims, call.rules)?;
    claims::text(&token.claims, "iss")?;
    let jti = claims::text(&token.claims, "jti")?;
    let times = Times::read(&token.claims)?;
    let held = claims::scopes(&token.claims, &call.rules.scope_claim)?;
    context.pass(Check::Claims);

    times.at(context.now)?;
    times.not_cut(cut)?;
    context.pass(Check::Times);
    context.registered.keys.used(caller.id, context.now);
    remarks(&times, context);
    if !seen.remember(jti) {
        context.note("this \"jti\" was used before; whether the provider refuses that is not documented");
    }

    // A token of a front end is told by its scope, and counted by itself; servers have no known limit.
    let front_end = held.contains(&"embed");
    context.count(if front_end { jti } else { kid }, call.rules.limit.filter(|_| front_end))?;

    scopes::allow(&held, &call.operation.needs)?;
    scopes::allow_within(&held, &caller.standing.scopes(), &call.operation.needs)?;
    merchants::allow(call, &caller.standing.merchants)?;
    context.pass(Check::Scope);
    Ok(caller.with_scopes(&held))
}

/// Remarks on good times whose treatment at the provider is not documented.
fn remarks(times: &Times, context: &mut Context<'_>) {
    times.made_ahead(context.now).into_iter().for_each(|note| context.note(note));
    if times.exp.saturating_sub(times.nbf) > DAY {
        context.note("the token lives for more than a day; a maximum is not documented");
    }
}

/// The token identifiers that were used, the latest of them.
#[derive(Debug, Default)]
pub(super) struct Seen {
    known: HashSet<String>,
    order: VecDeque<String>,
}

impl Seen {
    /// Whether `jti` is new; it is remembered.
    fn remember(&mut self, jti: &str) -> bool {
        if !self.known.insert(jti.to_owned()) {
            return false;
        }
        self.order.push_back(jti.to_owned());
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}
