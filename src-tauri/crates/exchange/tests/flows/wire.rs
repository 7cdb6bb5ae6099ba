//! Flows by their names, and requests as they are shown and sent.

use std::sync::LazyLock;

use keywright_exchange::PreparedRequest;
use provider::{Definition, definition::Flow};

/// One of the examples among the documents.
pub fn google() -> &'static Definition {
    static GOOGLE: LazyLock<Definition> = LazyLock::new(|| {
        Definition::parse(include_str!("../../../../../docs/providers/examples/google-service-account.toml")).unwrap()
    });
    &GOOGLE
}

pub fn flow<'d>(definition: &'d Definition, id: &str) -> &'d Flow {
    definition.flow(id).unwrap_or_else(|| panic!("{} has no flow {id:?}", definition.name))
}

/// A request as it may be shown.
pub fn shown(request: &PreparedRequest) -> String {
    let mut out = format!("{} {}\n", request.method, request.url);
    for header in &request.headers {
        out += &format!("{}: {}\n", header.name, header.value.shown());
    }
    out + "\n" + &String::from_utf8_lossy(&request.body.shown()) + "\n"
}

/// The body as it goes to the wire.
pub fn clear(request: &PreparedRequest) -> String {
    String::from_utf8(request.body.clear().to_vec()).unwrap()
}
