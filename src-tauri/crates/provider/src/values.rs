//! From the text of a template to a value of a claim's type: how it is written, and whether it can be one.

use jose::json::{Document, Kind, Node, quote};

use crate::{
    definition::{ClaimType, Value},
    template::{Slot, Template},
};

/// A text as JSON of a type. What is not of the type is written as a text, so that it is found and seen.
pub(crate) fn written(text: &str, kind: ClaimType, quote: impl Fn(&str) -> String) -> String {
    let parsed = Document::parse(text).ok().map(|document| document.root().kind());
    match (kind, parsed) {
        (ClaimType::String | ClaimType::StringOrInteger | ClaimType::SpaceString, _) => quote(text),
        (ClaimType::Strings, Some(Kind::Array)) => text.to_owned(),
        (ClaimType::Strings, _) => format!("[{}]", quote(text)),
        (_, Some(_)) => text.to_owned(),
        (_, None) => quote(text),
    }
}

/// Whether a value is of a type.
pub(crate) fn fits(node: Node<'_, '_>, kind: ClaimType) -> bool {
    let whole = |node: Node<'_, '_>| node.kind() == Kind::Number && !node.raw().contains(['.', 'e', 'E']);
    match kind {
        ClaimType::String | ClaimType::SpaceString => node.kind() == Kind::String,
        ClaimType::StringOrInteger => node.kind() == Kind::String || whole(node),
        ClaimType::Integer | ClaimType::Time => whole(node),
        ClaimType::Number => node.kind() == Kind::Number,
        ClaimType::Boolean => node.kind() == Kind::Bool,
        ClaimType::Strings => node.kind() == Kind::Array && node.elements().all(|e| e.kind() == Kind::String),
        ClaimType::Object => node.kind() == Kind::Object,
        ClaimType::Objects => node.kind() == Kind::Array && node.elements().all(|e| e.kind() == Kind::Object),
        ClaimType::Json => true,
    }
}

/// Whether a value of a recipe can come out as one of a type.
pub(crate) fn could_be(value: &Value, kind: ClaimType) -> bool {
    match value {
        Value::Many(_) => matches!(kind, ClaimType::Strings | ClaimType::Json),
        Value::One(template) => template_could_be(template, kind),
    }
}

/// Whether the text of a template can. What a person enters may be anything, so that several texts are tried for it.
pub(crate) fn template_could_be(template: &Template, kind: ClaimType) -> bool {
    const ENTERED: [&str; 5] = ["x", "1", "true", "{}", "[{}]"];
    ENTERED.iter().any(|entered| {
        let text = template.fill(|slot| Ok::<_, ()>(sample(slot).unwrap_or(entered).to_owned())).unwrap_or_default();
        let json = written(&text, kind, quote);
        Document::parse(&json).is_ok_and(|document| fits(document.root(), kind))
    })
}

/// A text such as a slot stands for. None for what a person enters.
fn sample(slot: &Slot) -> Option<&'static str> {
    match slot {
        Slot::Variable(_) | Slot::Credential(_) => None,
        Slot::Now(_) | Slot::NowPlusTtl | Slot::Ttl => Some("1"),
        // A kid is any text.
        Slot::Kid => None,
        _ => Some("text"),
    }
}
