//! Private keys in the JSON of a token: header and claims are base64url and not encrypted, so whoever sees the token has
//! such a key (RFC 7517 §9.2).

use crate::{
    Code, Finding, Part,
    json::{Document, Kind, Node},
    text,
};

/// The members of a JWK that only its owner may have (RFC 7518 §6.2.2, §6.3.2, §6.4; RFC 8037 §2).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Places that are named: one is an error, and a text made to have thousands shall not take long.
const MOST_NAMED: usize = 8;

/// The findings about private keys in a document, which is that part of a token.
pub(crate) fn private_keys(part: Part, document: &Document<'_>) -> impl Iterator<Item = Finding> {
    let code = if part == Part::Header { Code::PrivateKeyInHeader } else { Code::PrivateKeyInClaims };
    let hint = "put the public half alone there; whoever saw the token has the private key, so replace it";
    let found = document.nodes().filter_map(|node| Some((node, exposed(node)?))).take(MOST_NAMED);
    let findings: Vec<Finding> = found
        .map(|(node, what)| {
            let place = text::elide(&node.path());
            Finding::new(code, format!("\"{place}\" holds {what}")).hint(hint).at(part, node.span())
        })
        .collect();
    findings.into_iter()
}

/// What of a private key a value is. The names of members are told, and never a value.
fn exposed(node: Node<'_, '_>) -> Option<String> {
    match node.kind() {
        Kind::Object if node.get("kty").is_some() || node.is_named("jwk") => {
            let members: Vec<String> =
                PRIVATE.iter().filter(|name| node.get(name).is_some()).map(|name| format!("{name:?}")).collect();
            (!members.is_empty()).then(|| format!("a private key (its {})", members.join(", ")))
        }
        Kind::String if node.raw().contains("PRIVATE KEY-----") => Some("the text of a private key".to_owned()),
        _ => None,
    }
}
