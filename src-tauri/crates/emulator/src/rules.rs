//! What an API asks of a token and which operations it has: data from its definition, in the form that the checks use.

use provider::definition::{Definition, Needs, Presence};

/// An API's rules.
pub(crate) struct Rules {
    /// The header's `typ`, where it is fixed.
    pub(crate) typ: Option<String>,
    /// The algorithms that are taken.
    pub(crate) algorithms: Vec<String>,
    /// Claims without which a token is refused.
    pub(crate) required: Vec<String>,
    /// The claim that holds the scopes.
    pub(crate) scope_claim: String,
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
}

impl Rules {
    /// The rules of `definition`, with its endpoints as operations.
    pub(crate) fn of(definition: &Definition) -> Self {
        let token = definition.token.as_ref();
        let header = token.map_or(&[][..], |token| &token.header);
        let claims = token.map_or(&[][..], |token| &token.claims);
        let keys = definition.signing_key().map_or(&[][..], |key| &key.keys);
        let typ = header.iter().find(|member| member.name == "typ" && member.fixed);
        let required = claims.iter().filter(|claim| claim.presence == Presence::Required);
        let operations = definition.endpoints.iter().map(|endpoint| {
            let path = endpoint.path.text();
            let path = path.split_once('?').map_or(path, |(path, _)| path);
            Operation::new(&endpoint.method, path, endpoint.needs.clone())
        });
        Self {
            typ: typ.map(|member| member.value.text().to_owned()),
            algorithms: keys.iter().flat_map(|key| &key.algs).map(|alg| alg.name().to_owned()).collect(),
            required: required.map(|claim| claim.name.clone()).collect(),
            scope_claim: definition.scopes.as_ref().and_then(|scopes| scopes.claim.clone()).unwrap_or_default(),
            operations: operations.collect(),
        }
    }
}

impl Operation {
    pub(crate) fn new(method: &str, path: &str, needs: Needs) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), needs }
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
fn fits(template: &str, path: &str) -> bool {
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
