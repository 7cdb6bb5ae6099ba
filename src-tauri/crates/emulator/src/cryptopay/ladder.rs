//! The ladder that a request climbs: the access token of a session, or an API key.

use super::ID;
use crate::{
    api::{Call, Context},
    authorization::{self, Spelling},
    claims::{self, Times},
    header,
    issuer::Issuer,
    log::Check,
    refusal::{Refusal, SessionRefusal},
    registered::Registered,
    rules::Rules,
    scopes,
};

/// The number of the merchant in CryptoPay's document.
const MERCHANT: u64 = 123;

/// Who calls.
pub(super) struct Caller {
    /// The number of the merchant's account.
    pub(super) merchant: u64,
    /// Its user name.
    pub(super) username: String,
    /// What the caller may do, all that is implied too. A session may do whatever the account may.
    pub(super) permissions: Vec<String>,
    /// When what was sent expires, in seconds since the epoch.
    pub(super) expires_at: Option<i64>,
}

/// What a token that was made here says.
pub(super) struct Opened {
    /// The account's number, as the claim has it.
    pub(super) user: String,
    /// The token's identifier.
    pub(super) jti: String,
    /// When it expires.
    pub(super) exp: i64,
}

/// Judges what a request authenticates with for the operation it calls. The scheme counts with its capital B alone.
pub(super) fn check(call: &Call<'_>, issuer: &Issuer, context: &mut Context<'_>) -> Result<Caller, Refusal> {
    let text = authorization::bearer(call.headers, Spelling::Exact)?;
    context.pass(Check::Authorization);
    let is_key = call.rules.key_prefixes.iter().any(|prefix| text.starts_with(prefix));
    if is_key || text.matches('.').count() != 2 {
        return api_key(text, call, context);
    }
    let opened = open(text, "access", call.rules, issuer, context)?;
    issuer.access_lives(&opened.jti)?;
    context.pass(Check::Session);
    let account = context.registered.accounts.find(ID, &opened.user)?;
    let (merchant, username) = (account.id, account.username.clone());
    context.pass(Check::Key);
    context.count(&format!("account {merchant}"), call.rules.limit)?;
    context.pass(Check::Scope);
    let permissions = call.rules.everything();
    Ok(Caller { merchant, username, permissions, expires_at: Some(opened.exp) })
}

/// A token that was made here and is of the type that is wanted: its form, signature, claims, times, type.
pub(super) fn open(
    text: &str,
    wanted: &'static str,
    rules: &Rules,
    issuer: &Issuer,
    context: &mut Context<'_>,
) -> Result<Opened, Refusal> {
    let token = header::open(text, rules, context)?;

    issuer.verify(&token)?;
    context.pass(Check::Signature);

    claims::required(&token.claims, rules)?;
    let times = Times::read(&token.claims)?;
    let user = claims::text(&token.claims, "user_id")?;
    let jti = claims::text(&token.claims, "jti")?;
    let found = claims::text(&token.claims, "token_type")?;
    context.pass(Check::Claims);

    times.at(context.now)?;
    // PyJWT refuses what was made in the future, without leeway.
    if let Some(iat) = times.iat.filter(|iat| *iat > context.now) {
        return Err(Refusal::NotYet { claim: "iat", time: iat, now: context.now });
    }
    context.pass(Check::Times);

    if found != wanted {
        return Err(SessionRefusal::Type { found: found.to_owned(), wanted }.into());
    }
    Ok(Opened { user: user.to_owned(), jti: jti.to_owned(), exp: times.exp })
}

/// Whose API keys are: the number and the user name of the first account, else of the merchant of the document.
pub(super) fn owner(registered: &Registered) -> (u64, String) {
    let owner = registered.accounts.of(ID).next();
    owner.map_or_else(|| (MERCHANT, "merchant".to_owned()), |account| (account.id, account.username.clone()))
}

fn api_key(text: &str, call: &Call<'_>, context: &mut Context<'_>) -> Result<Caller, Refusal> {
    let key = context.registered.api_keys.admit(ID, text, call.rules, context.now)?;
    let (name, expires_at, permissions) = (key.name(), key.expires_at, key.permissions(call.rules));
    let (merchant, username) = owner(context.registered);
    context.pass(Check::Key);
    context.count(&name, call.rules.limit)?;
    scopes::allow_key(&permissions, &call.operation.needs)?;
    context.pass(Check::Scope);
    Ok(Caller { merchant, username, permissions, expires_at })
}
