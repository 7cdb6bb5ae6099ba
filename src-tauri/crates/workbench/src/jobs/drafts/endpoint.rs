//! The endpoint that a draft calls: address, scopes, and the request without its credential.

use exchange::{Call, Destination, Field, PreparedRequest};
use provider::definition::{Endpoint, Needs};
use url::Url;

use super::context::Context;
use crate::{
    ground::{Error, TokenError, ports::Ports},
    policy::called::Called,
    resolve::environments,
    store::draft::Draft,
};

/// The call that a draft is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointReading {
    /// The method.
    pub method: String,
    /// The path from the base address on.
    pub path: String,
    /// The whole address; empty where it is not known.
    pub url: String,
    /// Whether it changes something there.
    pub side_effects: bool,
    /// The scopes it needs and whether they are there, in words.
    pub scopes: Option<String>,
    /// The scopes it needs that are not there.
    pub lacks: Vec<String>,
    /// The fewest scopes that serve it, where the draft has others.
    pub minimal: Option<Vec<String>>,
}

/// The call of a draft, and why it cannot be made. `scopes` are what is known of the token, `chosen` those that the person
/// can change.
pub(crate) fn endpoint(
    context: &Context,
    draft: &Draft,
    scopes: Option<&[String]>,
    chosen: Option<&[String]>,
    ports: &Ports,
) -> (Option<EndpointReading>, Option<String>) {
    let Some((method, path)) = &context.call else { return (None, Some("nothing to call".to_owned())) };
    let (url, unreachable) = match with_placeholder(context, draft, None, ports) {
        Ok(request) => (request.url.to_string(), None),
        Err(error) => (String::new(), Some(error.to_string())),
    };
    let missing = |scopes: &[String]| {
        context.endpoint.map(|endpoint| context.definition.missing_for(endpoint, scopes)).unwrap_or_default()
    };
    let lacking = scopes.map(missing).unwrap_or_default();
    let needed = scopes.map(|_| missing(&[])).unwrap_or_default();
    let words = (!needed.is_empty()).then(|| {
        let has = if lacking.is_empty() { "the token has it" } else { "the token lacks it" };
        format!("needs {}; {has}", needed.words())
    });
    let lacks = lacking.all.into_iter().chain(lacking.any).collect();
    let reading = EndpointReading {
        method: method.clone(),
        path: path.clone(),
        url,
        side_effects: context.changes,
        scopes: words,
        lacks,
        minimal: chosen.zip(context.endpoint).and_then(|(chosen, endpoint)| minimal(context, chosen, endpoint)),
    };
    (Some(reading), unreachable)
}

/// The fewest scopes that serve the call, where others are chosen.
fn minimal(context: &Context, chosen: &[String], endpoint: &Endpoint) -> Option<Vec<String>> {
    let minimal = context.definition.minimal_scopes([endpoint]);
    let Needs { all, any } = &endpoint.needs;
    // By their names: one that gives them all is more than the call needs.
    let named = all.iter().all(|scope| chosen.contains(scope))
        && (any.is_empty() || any.iter().any(|scope| chosen.contains(scope)));
    let chosen_already = named && chosen.len() == minimal.len();
    (!minimal.is_empty() && !chosen_already).then_some(minimal)
}

/// The request with something in place of the token, or without one.
pub(crate) fn with_placeholder(
    context: &Context,
    draft: &Draft,
    token: Option<&str>,
    ports: &Ports,
) -> Result<PreparedRequest, Error> {
    let Context { profile, definition, environment, .. } = context;
    // Where it does not run yet, its port is not known.
    let running = || ports.local.running(&definition.id).unwrap_or_else(|| "http://127.0.0.1".to_owned());
    let emulator = environment.is_emulated().then(running);
    let base = environments::base_url(&profile.value, definition, environment, emulator.as_deref())?;
    let own = || vec![provider::sealed_host(&base)];
    let binding = context.key.as_ref().ok().and_then(|key| key.value.binding.as_ref());
    let hosts = binding.map_or_else(own, |binding| binding.hosts.clone());
    // A newer definition may lack the endpoint that the draft names.
    let called = Called::new(definition, draft.target.as_ref())
        .map_err(|_| Error::Token(TokenError::Unsignable { why: "nothing to call".to_owned() }))?;
    prepared(context, &base, called.destination, draft.body.as_deref(), token, &hosts, ports)
}

fn prepared(
    context: &Context,
    base: &Url,
    target: Destination<'_>,
    body: Option<&str>,
    token: Option<&str>,
    hosts: &[String],
    ports: &Ports,
) -> Result<PreparedRequest, Error> {
    let known = context.key.as_ref().ok().map(|key| &key.value.fields);
    let fields: Vec<Field<'_>> = known.into_iter().flatten().map(|(name, value)| Field { name, value }).collect();
    let call = Call {
        definition: context.definition,
        base,
        target,
        variables: &context.profile.value.variables,
        fields: &fields,
        now: ports.clock.now(),
        body: body.map(str::as_bytes),
        token,
        hosts,
        version: env!("CARGO_PKG_VERSION"),
    };
    Ok(exchange::prepare(&call, &mut |out| ports.random.fill(out))?)
}
