//! Call target: what a request calls, found from its endpoint's id or its method and path.

use exchange::{Destination, is_safe};
use provider::{Definition, Endpoint};

use crate::{
    ground::{CallError, Error, Thing, names},
    store::draft::CallTarget,
};

/// What is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Called<'r> {
    /// Where the request goes.
    pub(crate) destination: Destination<'r>,
    /// The endpoint of the definition that it is; none where the definition does not know the path.
    pub(crate) endpoint: Option<&'static Endpoint>,
}

impl<'r> Called<'r> {
    /// What a target means: the endpoint or the path that it names, else the provider's first choice.
    pub(crate) fn new(definition: &'static Definition, target: Option<&'r CallTarget>) -> Result<Self, Error> {
        let endpoint = endpoint(definition, target)?;
        let destination = match (target, endpoint) {
            (Some(CallTarget::Path { method, path }), _) => Destination::Path { method, path },
            (_, Some(endpoint)) => Destination::Endpoint(endpoint),
            (_, None) => return Err(Error::Call(CallError::NoEndpoint { provider: definition.name.clone() })),
        };
        Ok(Self { destination, endpoint })
    }

    /// The method, in capitals.
    pub(crate) fn method(&self) -> String {
        match self.destination {
            Destination::Endpoint(endpoint) => endpoint.method.clone(),
            Destination::Path { method, .. } => method.to_ascii_uppercase(),
        }
    }

    /// The path from the base address on, as the definition or the person writes it.
    pub(crate) fn path(&self) -> &'r str {
        match self.destination {
            Destination::Endpoint(endpoint) => endpoint.path.text(),
            Destination::Path { path, .. } => path,
        }
    }

    /// Whether the call changes something there: as the definition says, and of a path that it does not know, by the method.
    pub(crate) fn changes(&self) -> bool {
        self.endpoint.map_or_else(|| !is_safe(&self.method()), |endpoint| endpoint.side_effects)
    }
}

/// The endpoint that is meant: named, else the one whose method and path are given, else the provider's first choice.
pub(crate) fn endpoint(
    definition: &'static Definition,
    target: Option<&CallTarget>,
) -> Result<Option<&'static Endpoint>, Error> {
    match target {
        None => Ok(definition.default_endpoint()),
        Some(CallTarget::Endpoint(id)) => {
            let known = definition.endpoints.iter().map(|endpoint| endpoint.id.as_str());
            definition.endpoint(id).map(Some).ok_or_else(|| names::not_found(Thing::Endpoint, id, known))
        }
        Some(CallTarget::Path { method, path }) => Ok(definition.endpoint_for(method, path)),
    }
}
