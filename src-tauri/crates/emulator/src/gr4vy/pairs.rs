//! `/api-key-pairs`: the key pairs of the account, listed, made, changed and deleted by those who hold one.
//!
//! What the OpenAPI description leaves open is decided here for the stricter reading where both are safe to meet: a public key that is
//! registered already is a duplicate (`Error409`, with the id of the pair), a role that is not there is a bad request, and whoever has
//! access to some merchant accounts gives access to these alone, never to all.

use rand_core::OsRng;
use rsa::{RsaPrivateKey, traits::PublicKeyParts};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    answers,
    bodies::{self, MADE},
    caller::Caller,
    input, merchants,
    pages::{page, page_repeated},
    schema::{Problem, is_uuid},
    shapes,
};
use crate::{
    answer::Answer,
    api::{Call, Context},
    clock,
    keys::{KeyPair, PublicKey, Standing},
    mishap::View,
    refusal::Refusal,
    roles::Role,
    scopes,
};

/// Where the pairs are listed and made.
pub(super) const LIST: &str = "/api-key-pairs";
/// Where one is.
pub(super) const ONE: &str = "/api-key-pairs/{api_key_pair_id}";
/// Bits of an RSA pair that is made here.
const RSA_BITS: usize = 2048;

/// An answer that is none of the good ones, or a refusal, which the log tells of.
enum Stopped {
    Answered(Answer),
    Refused(Refusal),
}

impl From<Answer> for Stopped {
    fn from(answer: Answer) -> Self {
        Self::Answered(answer)
    }
}

impl From<Refusal> for Stopped {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Answers an operation on pairs.
pub(super) fn respond(call: &Call<'_>, caller: &Caller, context: &mut Context<'_>) -> Result<Answer, Refusal> {
    let answer = match (call.operation.method.as_str(), call.operation.path.as_str()) {
        ("GET", LIST) => list(call, context),
        ("POST", LIST) => create(call, caller, context),
        ("GET", ONE) => get(call, context),
        ("PUT", ONE) => update(call, caller, context),
        ("DELETE", ONE) => delete(call, context),
        _ => Ok(answers::status(404)),
    };
    match answer {
        Ok(answer) | Err(Stopped::Answered(answer)) => Ok(answer),
        Err(Stopped::Refused(refusal)) => Err(refusal),
    }
}

fn list(call: &Call<'_>, context: &Context<'_>) -> Result<Answer, Stopped> {
    let shown = context.registered.keys.all().iter().filter_map(|pair| seen(pair, context)).collect();
    match context.view {
        Some(View::RepeatPage) => Ok(page_repeated(call, shown)?),
        _ => Ok(page(call, shown, &[])?),
    }
}

fn get(call: &Call<'_>, context: &Context<'_>) -> Result<Answer, Stopped> {
    let id = id(call)?;
    let found = context.registered.keys.all().iter().find(|pair| pair.id == id);
    let shown = found.and_then(|pair| seen(pair, context)).ok_or_else(|| answers::status(404))?;
    Ok(answers::good(200, &shown))
}

fn create(call: &Call<'_>, caller: &Caller, context: &mut Context<'_>) -> Result<Answer, Stopped> {
    let said = input::body(call, &shapes::KEY_PAIR)?;
    let rsa = said.get("algorithm").is_some_and(|algorithm| algorithm == "RSA");
    let brought = said.get("public_key").and_then(Value::as_str).map(|pem| brought(pem, rsa)).transpose()?;
    let roles = roles(&said)?.unwrap_or_default();
    let merchants = merchant_accounts(&said)?.unwrap_or_default();
    may_give(caller, &roles, Some(&merchants), context)?;

    let keys = &mut context.registered.keys;
    let (key, private) = match brought {
        Some(key) => (key, None),
        None => generate(rsa).map(|(key, private)| (key, Some(private))).ok_or_else(|| answers::status(500))?,
    };
    if let Some(known) = keys.find(&key.kid).filter(|_| !context.again) {
        return Err(answers::duplicate(&known.id.to_string()).into());
    }
    let standing = Standing {
        name: text(&said, "display_name").unwrap_or_default(),
        active: said.get("active").and_then(Value::as_bool).unwrap_or(true),
        roles,
        merchants,
        updated: None,
    };
    let pair = KeyPair::made(key, standing, caller.creator(), context.now);
    let kept = keys.keep(pair).ok_or_else(|| answers::status(500))?;
    let mut body = shown(kept, kept.standing(), context.view).unwrap_or_default();
    body["private_key"] = json!(private.as_ref().map(|private| private.as_str()));
    Ok(answers::good(201, &body))
}

fn update(call: &Call<'_>, caller: &Caller, context: &mut Context<'_>) -> Result<Answer, Stopped> {
    let id = id(call)?;
    let said = input::body(call, &shapes::KEY_PAIR_CHANGE)?;
    let (roles, merchants) = (roles(&said)?, merchant_accounts(&said)?);
    context.registered.keys.with_id(id).ok_or_else(|| answers::status(404))?;
    may_give(caller, roles.as_deref().unwrap_or_default(), merchants.as_deref(), context)?;
    let now = context.now;
    let pair = context.registered.keys.with_id(id).ok_or_else(|| answers::status(404))?;
    pair.change(now, |standing| {
        standing.name = text(&said, "display_name").unwrap_or_else(|| standing.name.clone());
        standing.active = said.get("active").and_then(Value::as_bool).unwrap_or(standing.active);
        standing.roles = roles.unwrap_or_else(|| standing.roles.clone());
        standing.merchants = merchants.unwrap_or_else(|| standing.merchants.clone());
    });
    Ok(answers::good(200, &shown(pair, pair.standing(), context.view).unwrap_or_default()))
}

fn delete(call: &Call<'_>, context: &mut Context<'_>) -> Result<Answer, Stopped> {
    let now = context.now;
    context.registered.keys.delete(id(call)?, now).ok_or_else(|| answers::status(404))?;
    Ok(Answer::empty())
}

/// The id in the path.
fn id(call: &Call<'_>) -> Result<Uuid, Answer> {
    let text = call.path.rsplit('/').next().unwrap_or_default();
    let wrong = || {
        answers::unprocessable(&[Problem::of_path("api_key_pair_id", "uuid_parsing", "Input should be a valid UUID")])
    };
    Some(text).filter(|text| is_uuid(text)).and_then(|text| Uuid::parse_str(text).ok()).ok_or_else(wrong)
}

/// The public key that a caller brings.
fn brought(pem: &str, rsa: bool) -> Result<PublicKey, Answer> {
    let wrong = |message| answers::unprocessable(&[Problem::of_member("public_key", "value_error", message)]);
    if rsa {
        return Err(wrong("Value error, only ECDSA key pairs can be brought"));
    }
    PublicKey::p521(pem)
        .ok_or_else(|| wrong("Value error, the public key must be a PEM-encoded ECDSA P-521 public key"))
}

/// A new pair: its public half, and the private half as PKCS#8 PEM, which is told once and kept nowhere.
fn generate(rsa: bool) -> Option<(PublicKey, Zeroizing<String>)> {
    use p521::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};
    if rsa {
        let private = RsaPrivateKey::new(&mut OsRng, RSA_BITS).ok()?;
        let public = PublicKey::of_rsa(&private.n().to_bytes_be(), &private.e().to_bytes_be())?;
        return Some((public, private.to_pkcs8_pem(LineEnding::LF).ok()?));
    }
    let private = p521::SecretKey::random(&mut OsRng);
    let public = private.public_key().to_public_key_pem(LineEnding::LF).ok()?;
    Some((PublicKey::p521(&public)?, private.to_pkcs8_pem(LineEnding::LF).ok()?))
}

/// The roles that are named; none where nothing is said of them.
fn roles(said: &Map<String, Value>) -> Result<Option<Vec<&'static Role>>, Answer> {
    let Some(ids) = words(said, "role_ids") else { return Ok(None) };
    let wrong = |index: usize, message| answers::bad_request("body", &format!("/role_ids/{index}"), message);
    let mut roles: Vec<&'static Role> = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let role = Role::with_id(id).ok_or_else(|| wrong(index, "The role could not be found"))?;
        if !role.of_key_pairs {
            return Err(wrong(index, "The role cannot be assigned to an API key pair"));
        }
        if !roles.iter().any(|known| known.id == role.id) {
            roles.push(role);
        }
    }
    let stands = |role: &&Role| role.adds_to.is_empty() || roles.iter().any(|other| role.adds_to.contains(&other.slug));
    match roles.iter().position(|role| !stands(role)) {
        Some(index) => Err(wrong(index, "The role cannot be assigned on its own")),
        None => Ok(Some(roles)),
    }
}

/// The merchant accounts that are named; none where nothing is said of them.
fn merchant_accounts(said: &Map<String, Value>) -> Result<Option<Vec<String>>, Answer> {
    let Some(ids) = words(said, "merchant_account_ids") else { return Ok(None) };
    let mut accounts: Vec<String> = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        if !merchants::is_known(id) {
            let pointer = format!("/merchant_account_ids/{index}");
            return Err(answers::bad_request("body", &pointer, "The merchant account could not be found"));
        }
        if !accounts.iter().any(|known| known == id) {
            accounts.push((*id).to_owned());
        }
    }
    Ok(Some(accounts))
}

/// Whether the caller may give these roles, and access to these merchant accounts where any are named.
fn may_give(
    caller: &Caller,
    roles: &[&'static Role],
    merchants: Option<&[String]>,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    for (index, role) in roles.iter().enumerate() {
        let mut lacks = scopes::lacking(&caller.standing.scopes(), role.allow);
        if context.faults.roles_by_token {
            lacks.extend(scopes::lacking(&caller.scopes(), role.allow));
        }
        if !lacks.is_empty() {
            return Err(Refusal::RoleBeyond { index, role: role.slug, lacks: lacks.join(", ") });
        }
    }
    let own = &caller.standing.merchants;
    let Some(given) = merchants.filter(|_| !own.is_empty()) else { return Ok(()) };
    let wanted = || own.join(", ");
    if given.is_empty() {
        return Err(Refusal::MerchantBeyond { found: "all merchant accounts".into(), wanted: wanted() });
    }
    match given.iter().find(|id| !own.contains(id)) {
        Some(beyond) => Err(Refusal::MerchantBeyond { found: format!("{beyond:?}"), wanted: wanted() }),
        None => Ok(()),
    }
}

/// A pair as whoever reads sees it, late where that is asked for.
fn seen(pair: &KeyPair, context: &Context<'_>) -> Option<Value> {
    let standing = match context.view {
        Some(View::Lag { seconds }) => pair.standing_at(context.now.saturating_sub(seconds.into())),
        _ => pair.standing(),
    };
    shown(pair, standing, context.view)
}

/// A pair as `APIKeyPair`; nothing where it was not there, or where Gr4vy has no such keys.
fn shown(pair: &KeyPair, standing: Option<&Standing>, view: Option<View>) -> Option<Value> {
    let (standing, family) = (standing?, pair.key.material.family()?);
    let made = pair.created.unwrap_or(MADE);
    let creator = pair.creator.as_ref().map(|creator| {
        json!({ "id": creator.id.to_string(), "name": creator.name, "email_address": null, "thumbprint": creator.thumbprint })
    });
    let merchants: Vec<Value> = standing.merchants.iter().map(|id| bodies::merchant_summary(id)).collect();
    let roles: Vec<Value> = standing.roles.iter().map(|role| bodies::role(role)).collect();
    let thumbprint = match view {
        Some(View::OtherThumbprint) => pair.key.kid.chars().rev().collect(),
        _ => pair.key.kid.clone(),
    };
    Some(json!({
        "type": "api-key-pair", "id": pair.id.to_string(), "thumbprint": thumbprint, "display_name": standing.name,
        "algorithm": family, "active": standing.active, "private_key": null, "created_at": clock::rfc3339(made),
        "updated_at": clock::rfc3339(standing.updated.unwrap_or(made)), "last_used_at": pair.used.map(clock::rfc3339),
        "creator": creator, "merchant_accounts": merchants, "roles": roles,
    }))
}

fn text(said: &Map<String, Value>, member: &str) -> Option<String> {
    said.get(member).and_then(Value::as_str).map(str::to_owned)
}

fn words<'s>(said: &'s Map<String, Value>, member: &str) -> Option<Vec<&'s str>> {
    let items = said.get(member).and_then(Value::as_array)?;
    Some(items.iter().filter_map(Value::as_str).collect())
}
