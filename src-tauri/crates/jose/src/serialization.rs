//! JSON serialization of a JWS (RFC 7515 §7.2) and of a JWE (RFC 7516 §7.2), read from a text that is one of the two.

use crate::json::{Document, Kind, Node};

/// What a JSON text turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    /// A signed token.
    Signed(Signed),
    /// An encrypted one.
    Encrypted,
}

/// A JWS in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    /// The payload in base64url as it stands; empty where it travels apart.
    pub(crate) payload: String,
    /// The signatures, in order.
    pub(crate) signatures: Vec<One>,
    /// The path of a member that stands twice, so that two readers could read two tokens.
    pub(crate) twice: Option<String>,
    /// Whether the signature stands beside the payload, and not in a list (RFC 7515 §7.2.2).
    pub(crate) flattened: bool,
}

/// One signature with its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct One {
    /// The protected header in base64url as it stands.
    pub(crate) protected: String,
    /// The unprotected header as JSON text, if there is one.
    pub(crate) unprotected: Option<String>,
    /// The signature in base64url as it stands.
    pub(crate) signature: String,
}

/// Reads a text that is a JSON object with the members of a JWS or JWE. Any other text is none.
pub(crate) fn read(text: &str) -> Option<Json> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with('{') || !text.ends_with('}') {
        return None;
    }
    let document = Document::parse(text).ok()?;
    let root = document.root();
    if is_text(root, "ciphertext")
        && ["protected", "unprotected", "recipients"].iter().any(|name| root.get(name).is_some())
    {
        return Some(Json::Encrypted);
    }
    if root.get("payload").is_some_and(|payload| payload.kind() != Kind::String) {
        return None;
    }
    let payload = member(root, "payload");
    let twice = document.duplicates().into_iter().next().map(|twice| twice.path);
    let several = root.get("signatures").filter(|list| list.kind() == Kind::Array);
    let signatures: Vec<One> = match several {
        Some(list) => list.elements().map(one).collect::<Option<_>>()?,
        None => vec![one(root)?],
    };
    // Other JSON has a payload and a signature, too; what a header stands in makes it a JWS.
    let headed = signatures.iter().all(|one| !one.protected.is_empty() || one.unprotected.is_some());
    let flattened = several.is_none();
    (headed && !signatures.is_empty()).then_some(Json::Signed(Signed { payload, signatures, twice, flattened }))
}

fn one(node: Node<'_, '_>) -> Option<One> {
    let unprotected = node.get("header").filter(|header| header.kind() == Kind::Object);
    is_text(node, "signature").then(|| One {
        protected: member(node, "protected"),
        unprotected: unprotected.map(|header| header.raw().to_owned()),
        signature: member(node, "signature"),
    })
}

fn is_text(node: Node<'_, '_>, name: &str) -> bool {
    node.get(name).is_some_and(|value| value.kind() == Kind::String)
}

fn member(node: Node<'_, '_>, name: &str) -> String {
    node.get(name).and_then(|value| value.as_str()).unwrap_or_default().into_owned()
}
