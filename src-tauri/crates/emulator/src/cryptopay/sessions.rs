//! Accounts and sessions: registering, logging in and out, refreshing, verifying.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    ID,
    ladder::{self, Caller, Opened},
};
use crate::{
    answer::Answer,
    api::{Call, Context},
    clock,
    issuer::Issuer,
    log::Check,
    refusal::{Refusal, RequestRefusal},
    request_body,
    rules::Rules,
};

/// The header of a token, in the order of the document's example.
const HEADER: &str = r#"{"typ":"JWT","alg":"HS256"}"#;
/// Fewest characters of a password, which is Django's default.
const PASSWORD: usize = 8;
/// Most characters of a name or an address.
const LONGEST: usize = 150;

/// The claims of a token, in SimpleJWT's order.
#[derive(Serialize)]
struct Claims<'a> {
    token_type: &'a str,
    exp: i64,
    iat: i64,
    jti: String,
    user_id: &'a str,
}

/// The tokens that an answer carries.
#[derive(Serialize)]
struct Tokens {
    access: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Value>,
}

/// Makes a merchant account. Its answer is not published.
pub(super) fn register(call: &Call<'_>, _issuer: &mut Issuer, context: &mut Context<'_>) -> Result<Answer, Refusal> {
    let body = request_body::object(call)?;
    let [username, email, password, shop] = fields(&body, ["username", "email", "password", "shop_name"])?;
    let mut problems = Vec::new();
    let is_email = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if !is_email {
        problems.push(("email", "Enter a valid email address."));
    }
    if password.chars().count() < PASSWORD {
        problems.push(("password", "This password is too short. It must contain at least 8 characters."));
    }
    for (member, value) in [("username", &username), ("email", &email), ("shop_name", &shop)] {
        if value.chars().count() > LONGEST {
            problems.push((member, "Ensure this field has no more than 150 characters."));
        }
    }
    if !problems.is_empty() {
        return Err(RequestRefusal::Fields(problems).into());
    }
    let taken = || RequestRefusal::Fields(vec![("username", "A user with that username already exists.")]);
    let account = context.registered.accounts.sign_up(ID, &username, &email, &password, &shop).ok_or_else(taken)?;
    let answer = json!({
        "id": account.id, "username": account.username, "email": account.email, "shop_name": account.shop,
    });
    context.pass(Check::Body);
    Ok(Answer::json(201, &answer))
}

/// Turns a user name and a password into tokens.
pub(super) fn log_in(call: &Call<'_>, issuer: &mut Issuer, context: &mut Context<'_>) -> Result<Answer, Refusal> {
    let body = request_body::object(call)?;
    let [username, password] = fields(&body, ["username", "password"])?;
    context.pass(Check::Body);
    let account = context.registered.accounts.log_in(ID, &username, &password)?;
    let (user, id) = (json!({ "id": account.id, "username": account.username, "email": account.email }), account.id);
    context.pass(Check::Key);
    let (id, now) = (id.to_string(), context.now);
    let refresh = make(issuer, "refresh", &id, now, call.rules.refresh_lifetime);
    let access = make(issuer, "access", &id, now, call.rules.lifetime);
    Ok(Answer::json(200, &Tokens { access, refresh: Some(refresh), user: Some(user) }))
}

/// Turns a refresh token into an access token, and into a new refresh token unless rotation is off.
pub(super) fn refresh(call: &Call<'_>, issuer: &mut Issuer, context: &mut Context<'_>) -> Result<Answer, Refusal> {
    let Opened { user, jti, .. } = present(call, issuer, context)?;
    context.registered.accounts.find(ID, &user)?;
    context.pass(Check::Key);
    let refresh = (!context.faults.no_rotation).then(|| {
        issuer.blacklist(&jti);
        make(issuer, "refresh", &user, context.now, call.rules.refresh_lifetime)
    });
    let access = make(issuer, "access", &user, context.now, call.rules.lifetime);
    Ok(Answer::json(200, &Tokens { access, refresh, user: None }))
}

/// Ends a session: its refresh token is blacklisted. Access tokens live on until they expire, as SimpleJWT's do.
pub(super) fn log_out(call: &Call<'_>, issuer: &mut Issuer, context: &mut Context<'_>) -> Result<Answer, Refusal> {
    let Opened { jti, .. } = present(call, issuer, context)?;
    issuer.blacklist(&jti);
    Ok(Answer::json(200, &json!({ "detail": "Successfully logged out." })))
}

/// Says what the server thinks of what was sent.
pub(super) fn verify(caller: &Caller, rules: &Rules) -> Answer {
    // The permissions in the order of the document, where implied ones would come last.
    let listed = rules.scopes.iter().map(|(scope, _)| scope).filter(|scope| caller.permissions.contains(scope));
    let permissions: Vec<&String> = listed.collect();
    let user = json!({ "id": caller.merchant, "username": caller.username, "permissions": permissions });
    let expires_at = caller.expires_at.map(clock::rfc3339);
    Answer::json(200, &json!({ "valid": true, "user": user, "expires_at": expires_at }))
}

/// The refresh token in the body, where it is good.
fn present(call: &Call<'_>, issuer: &Issuer, context: &mut Context<'_>) -> Result<Opened, Refusal> {
    let body = request_body::object(call)?;
    let [text] = fields(&body, ["refresh"])?;
    context.pass(Check::Body);
    let opened = ladder::open(&text, "refresh", call.rules, issuer, context)?;
    issuer.refresh_lives(&opened.jti)?;
    context.pass(Check::Session);
    Ok(opened)
}

fn make(issuer: &mut Issuer, token_type: &str, user: &str, now: i64, lifetime: i64) -> String {
    let jti = issuer.next_id().simple().to_string();
    issuer.sign(HEADER, &Claims { token_type, exp: now.saturating_add(lifetime), iat: now, jti, user_id: user })
}

/// Members that are texts, or everything that is wrong with them in the sentences of Django REST framework. A number
/// counts as the text of it.
fn fields<'a, const N: usize>(
    body: &'a Map<String, Value>,
    names: [&'static str; N],
) -> Result<[Cow<'a, str>; N], RequestRefusal> {
    let mut problems = Vec::new();
    let values = names.map(|name| {
        let problem = match body.get(name) {
            None => "This field is required.",
            Some(Value::Null) => "This field may not be null.",
            Some(Value::String(text)) if text.trim().is_empty() => "This field may not be blank.",
            Some(Value::String(text)) if text.contains('\0') => "Null characters are not allowed.",
            Some(Value::String(text)) => return Cow::Borrowed(text.as_str()),
            Some(Value::Number(number)) => return Cow::Owned(number.to_string()),
            Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => "Not a valid string.",
        };
        problems.push((name, problem));
        Cow::Borrowed("")
    });
    if problems.is_empty() { Ok(values) } else { Err(RequestRefusal::Fields(problems)) }
}
