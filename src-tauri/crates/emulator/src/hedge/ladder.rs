//! The ladder that a request climbs: an API key, or a token that was minted with one.

use serde_json::{Map, Value};

use super::ID;
use crate::{
    api::{Call, Context},
    authorization::{self, Spelling},
    claims::{self, Times},
    header,
    issuer::Issuer,
    log::Check,
    refusal::{CredentialRefusal, Refusal},
    scopes,
    token::kind,
};

/// Who calls.
pub(super) struct Caller {
    /// What the emulator calls the API key that was sent, or that the token was minted with.
    pub(super) key: String,
    /// Whether a token was sent.
    pub(super) is_token: bool,
    /// What the caller may do.
    scopes: Vec<String>,
}

/// Judges what a request authenticates with for the operation it calls.
pub(super) fn check(call: &Call<'_>, issuer: &Issuer, context: &mut Context<'_>) -> Result<Caller, Refusal> {
    let text = authorization::bearer(call.headers, Spelling::Any)?;
    context.pass(Check::Authorization);
    let looks_like_key = call.rules.key_prefixes.iter().any(|prefix| text.starts_with(prefix));
    let caller = if looks_like_key || text.matches('.').count() != 2 {
        let key = context.registered.api_keys.admit(ID, text, call.rules, context.now)?;
        let caller = Caller { key: key.name(), is_token: false, scopes: key.permissions(call.rules) };
        context.pass(Check::Key);
        caller
    } else {
        token(text, call, issuer, context)?
    };
    context.count(&caller.key, call.rules.limit)?;
    if caller.is_token {
        let held: Vec<&str> = caller.scopes.iter().map(String::as_str).collect();
        scopes::allow(&held, &call.operation.needs)?;
    } else {
        scopes::allow_key(&caller.scopes, &call.operation.needs)?;
    }
    context.pass(Check::Scope);
    Ok(caller)
}

/// A token that was minted here.
fn token(text: &str, call: &Call<'_>, issuer: &Issuer, context: &mut Context<'_>) -> Result<Caller, Refusal> {
    let token = header::open(text, call.rules, context)?;

    issuer.verify(&token)?;
    context.pass(Check::Signature);

    claims::required(&token.claims, call.rules)?;
    let times = Times::read(&token.claims)?;
    let key = claims::text(&token.claims, "merchantId")?;
    let jti = claims::text(&token.claims, "jti")?;
    let mut held = held(&token.claims)?;
    context.pass(Check::Claims);

    times.at(context.now)?;
    times.made_ahead(context.now).into_iter().for_each(|note| context.note(note));
    context.pass(Check::Times);

    issuer.access_lives(jti)?;
    context.pass(Check::Session);

    let gone = || CredentialRefusal::AccountGone { user: key.to_owned() };
    let minted_with = context.registered.api_keys.of(ID).find(|known| known.name() == key).ok_or_else(gone)?;
    minted_with.is_good(context.now)?;
    let permissions = minted_with.permissions(call.rules);
    context.pass(Check::Key);
    // A token does no more than the key that it was minted with.
    held.retain(|scope| permissions.contains(scope));
    Ok(Caller { key: key.to_owned(), is_token: true, scopes: held })
}

/// The scopes of a token: a list, or words in one string; under the name of either document.
fn held(claims: &Map<String, Value>) -> Result<Vec<String>, Refusal> {
    let Some((claim, value)) = ["scope", "scopes"].into_iter().find_map(|claim| Some((claim, claims.get(claim)?)))
    else {
        return Ok(Vec::new());
    };
    match value {
        Value::String(words) => Ok(words.split_whitespace().map(str::to_owned).collect()),
        Value::Array(_) => Ok(claims::scopes(claims, claim)?.into_iter().map(str::to_owned).collect()),
        other => {
            let found = kind(other).to_owned();
            Err(Refusal::ClaimType { claim: claim.to_owned(), found, wanted: "an array of strings or a string" })
        }
    }
}
