//! What an API asks of a token and which operations it has, as the emulator needs it.

use std::fmt;

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
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// The HTTP method.
    pub(crate) method: String,
    /// The path with `{name}` for what varies.
    pub(crate) path: String,
    /// The scopes it wants.
    pub(crate) needs: Needs,
}

/// The scopes that an operation wants.
#[derive(Debug, Clone)]
pub(crate) enum Needs {
    /// One of these; none at all where the list is empty.
    AnyOf(Vec<String>),
    /// Each of these.
    AllOf(Vec<String>),
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnyOf(scopes) => f.write_str(&scopes.join(" or ")),
            Self::AllOf(scopes) => f.write_str(&scopes.join(" and ")),
        }
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
