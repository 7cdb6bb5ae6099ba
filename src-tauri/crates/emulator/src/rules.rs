//! Rules of an API: what it asks of a token and which operations it has, from its definition.

use provider::definition::{BaseUrl, Definition, FlowKind, Needs, Presence, RateReset};

use crate::limit::Limit;

/// An API's rules.
pub(crate) struct Rules {
    /// The header's `typ`, where it is fixed.
    pub(crate) typ: Option<String>,
    /// The algorithms that are taken.
    pub(crate) algorithms: Vec<String>,
    /// Whether tokens are signed with a private key, whose public half callers register.
    pub(crate) public_keys: bool,
    /// Claims without which a token is refused.
    pub(crate) required: Vec<String>,
    /// The claims that are listed.
    pub(crate) claims: Vec<String>,
    /// The claim that holds the scopes.
    pub(crate) scope_claim: String,
    /// The scopes or permissions that are listed, each with those that it gives besides itself.
    pub(crate) scopes: Vec<(String, Vec<String>)>,
    /// How API keys begin, in whatever environment.
    pub(crate) key_prefixes: Vec<String>,
    /// How the API keys of the environment begin that is played; empty where keys do not show it.
    pub(crate) own_prefixes: Vec<String>,
    /// How long a token usually lives, in seconds.
    pub(crate) lifetime: i64,
    /// How long a refresh token lives, in seconds.
    pub(crate) refresh_lifetime: i64,
    /// How often one may call.
    pub(crate) limit: Option<Limit>,
    /// The fields that say so: the limit, what remains, and when the count begins anew in seconds since the epoch.
    pub(crate) limit_fields: Option<[String; 3]>,
    /// What can be called.
    pub(crate) operations: Vec<Operation>,
}

/// One method on one path.
pub(crate) struct Operation {
    /// The HTTP method.
    pub(crate) method: String,
    /// The path with `{name}` for what varies.
    pub(crate) path: String,
    /// The scopes it wants.
    pub(crate) needs: Needs,
    /// What it does where it is part of a flow.
    pub(crate) flow: Option<FlowKind>,
}

impl Rules {
    /// The rules of `definition`, with its flows and endpoints as operations.
    pub(crate) fn of(definition: &Definition) -> Self {
        let token = definition.token.as_ref();
        let header = token.map_or(&[][..], |token| &token.header);
        let claims = token.map_or(&[][..], |token| &token.claims);
        let typ = header.iter().find(|member| member.name == "typ" && member.fixed);
        let required = claims.iter().filter(|claim| claim.presence == Presence::Required);
        let scopes = definition.scopes.as_ref();
        let played = definition.environments.iter().find(|environment| environment.base_url == BaseUrl::Emulator);
        let keys = definition.credentials.api_keys.first();
        let seconds = |seconds: provider::Seconds| i64::try_from(seconds.0).unwrap_or(i64::MAX);
        let lifetime = token.and_then(|token| token.lifetime.as_ref());
        let refresh = token.and_then(|token| token.refresh.as_ref()).and_then(|refresh| refresh.lifetime);
        let listed = scopes.map_or(&[][..], |scopes| &scopes.values);
        Self {
            typ: typ.map(|member| member.value.text().to_owned()),
            algorithms: algorithms(definition),
            public_keys: definition.signing_key().is_some(),
            required: required.map(|claim| claim.name.clone()).collect(),
            claims: claims.iter().map(|claim| claim.name.clone()).collect(),
            scope_claim: scopes.and_then(|scopes| scopes.claim.clone()).unwrap_or_default(),
            scopes: listed.iter().map(|scope| (scope.value.clone(), scope.implies.clone())).collect(),
            key_prefixes: keys.map_or_else(Vec::new, |keys| keys.shape.prefixes.clone()),
            own_prefixes: played.map_or_else(Vec::new, |environment| environment.credential_prefixes.clone()),
            lifetime: lifetime.map_or(0, |lifetime| seconds(lifetime.default)),
            refresh_lifetime: refresh.map_or(0, seconds),
            limit: limit(definition),
            limit_fields: limit_fields(definition),
            operations: operations(definition),
        }
    }

    /// Every scope or permission that is listed.
    pub(crate) fn everything(&self) -> Vec<String> {
        self.scopes.iter().map(|(scope, _)| scope.clone()).collect()
    }

    /// The scopes in `held` with all that they give.
    pub(crate) fn given(&self, held: &[String]) -> Vec<String> {
        let mut given = held.to_vec();
        for (scope, implied) in &self.scopes {
            if held.contains(scope) {
                given.extend(implied.iter().filter(|scope| !held.contains(scope)).cloned());
            }
        }
        given
    }
}

/// The algorithms of the key or the secret that signs, else the one that the server's own tokens name.
fn algorithms(definition: &Definition) -> Vec<String> {
    let key = definition.signing_key().map_or(&[][..], |key| &key.keys);
    let secret = definition.signing_secret().map_or(&[][..], |secret| &secret.algs);
    let named: Vec<String> =
        key.iter().flat_map(|key| &key.algs).chain(secret).map(|alg| alg.name().to_owned()).collect();
    if !named.is_empty() {
        return named;
    }
    let header = definition.token.as_ref().map_or(&[][..], |token| &token.header);
    header.iter().filter(|member| member.name == "alg").map(|member| member.value.text().to_owned()).collect()
}

/// Flows first: where an endpoint has the same method and path, it is the flow that is played.
fn operations(definition: &Definition) -> Vec<Operation> {
    let mut operations: Vec<Operation> = Vec::new();
    let flows = definition.flows.iter().map(|flow| {
        let path = with_defaults(definition, flow.path.text());
        Operation { flow: Some(flow.kind), ..Operation::new(&flow.method, &path, Needs::default()) }
    });
    let endpoints = definition.endpoints.iter().map(|endpoint| {
        let path = endpoint.path.text();
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        Operation::new(&endpoint.method, path, endpoint.needs.clone())
    });
    for operation in flows.chain(endpoints) {
        let same = |other: &Operation| other.method == operation.method && other.path == operation.path;
        if !operations.iter().any(same) {
            operations.push(operation);
        }
    }
    operations
}

/// A path with the variables of a profile replaced by what they are while nobody enters anything.
fn with_defaults(definition: &Definition, path: &str) -> String {
    definition.variables.iter().fold(path.to_owned(), |path, variable| match &variable.default {
        Some(default) => path.replace(&format!("{{{}}}", variable.id), default.text()),
        None => path,
    })
}

fn limit(definition: &Definition) -> Option<Limit> {
    definition.rate_limits.iter().find_map(|limit| {
        let seconds = u32::try_from(limit.per?.0).ok()?;
        Some(Limit { calls: limit.calls?, seconds })
    })
}

fn limit_fields(definition: &Definition) -> Option<[String; 3]> {
    definition.rate_limits.iter().filter(|limit| limit.reset_unit == Some(RateReset::EpochSeconds)).find_map(|limit| {
        Some([limit.limit_header.clone()?, limit.remaining_header.clone()?, limit.reset_header.clone()?])
    })
}

impl Operation {
    pub(crate) fn new(method: &str, path: &str, needs: Needs) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), needs, flow: None }
    }
}

/// What a method and a path lead to.
pub(crate) enum Route<'a> {
    /// This operation.
    Operation(&'a Operation),
    /// The path exists, with these methods.
    OtherMethods(Vec<&'a str>),
    /// No such path.
    Nothing,
}

impl Rules {
    /// Finds the operation. A path spelled out wins over one with a variable at the same place.
    pub(crate) fn route(&self, method: &str, path: &str) -> Route<'_> {
        let mut fitting: Vec<&Operation> = self.operations.iter().filter(|o| fits(&o.path, path)).collect();
        let variables = |operation: &Operation| operation.path.matches('{').count();
        let Some(fewest) = fitting.iter().map(|operation| variables(operation)).min() else { return Route::Nothing };
        fitting.retain(|operation| variables(operation) == fewest);
        match fitting.iter().find(|operation| operation.method == method) {
            Some(operation) => Route::Operation(operation),
            None => Route::OtherMethods(fitting.iter().map(|operation| operation.method.as_str()).collect()),
        }
    }
}

/// Whether `path` is one that `template` describes; a variable stands for one segment that is not empty.
pub(crate) fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut found) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted.starts_with('{') => {
                if found.is_empty() {
                    return false;
                }
            }
            (Some(wanted), Some(found)) if wanted == found => {}
            _ => return false,
        }
    }
}
