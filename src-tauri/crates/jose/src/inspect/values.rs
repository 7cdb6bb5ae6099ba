//! Values of header and claims that readers read differently, and registered claims of the wrong type.

use crate::{
    Code, Finding, Part, Repair,
    json::{Document, Kind, Node, quote},
    text,
};

/// The largest integer up to which a double holds every one (RFC 8259 §6).
const SAFE_INTEGER: u64 = 1 << 53;

/// How many values of one kind are named; of more, it is said how many.
const MOST_NAMED: usize = 16;

pub(super) fn check_values(part: Part, document: &Document<'_>, findings: &mut Vec<Finding>) {
    for twice in document.duplicates().into_iter().take(MOST_NAMED) {
        let place = |at| {
            let (line, column) = crate::json::line_and_column(document.text(), at);
            if line == 1 { format!("column {column}") } else { format!("line {line}, column {column}") }
        };
        let (first, second) = (place(twice.first.start), place(twice.second.start));
        let path = text::elide(&twice.path);
        let found = format!("\"{path}\" stands twice in the {}, at {first} and at {second}", part.name());
        let hint = "servers disagree on which one counts";
        let finding = Finding::new(Code::DuplicateMember, found).hint(hint).repair(Repair::Remove);
        findings.push(finding.at(part, twice.second));
    }
    let kinds: [(Code, Noticed, &str); 4] = [
        (Code::BigInteger, is_big_integer, "loses digits in JavaScript and others"),
        (Code::ExponentNumber, is_exponent, "is in exponent form, which some servers refuse"),
        (Code::LoneSurrogate, is_lone, "holds half a surrogate pair"),
        (Code::ProtoMember, is_proto, "can change the behaviour of careless JavaScript"),
    ];
    // Almost every claims set has none of them, and one look at each value shows it.
    if !document.nodes().any(|node| kinds.iter().any(|(_, noticed, _)| noticed(node))) {
        return;
    }
    for (code, noticed, what) in kinds {
        let mut found = document.nodes().filter(|node| noticed(*node));
        for node in found.by_ref().take(MOST_NAMED) {
            let path = text::elide(&node.path());
            let message = match node.kind() {
                Kind::Number => format!("\"{path}\" ({}) {what}", text::elide(node.raw())),
                _ => format!("\"{path}\" {what}"),
            };
            let mut finding = Finding::new(code, message).at(part, node.span());
            finding.repairs.extend(repair_of_value(code, node));
            findings.push(finding);
        }
        let more = found.count();
        if more > 0 {
            let values = plural(more, "value");
            findings.push(Finding::new(code, format!("{more} more {values} of the {} alike", part.name())));
        }
    }
}

/// What undoes a value that reads differently in different places.
fn repair_of_value(code: Code, node: Node<'_, '_>) -> Option<Repair> {
    match code {
        Code::BigInteger => Some(Repair::Value(quote(node.raw()))),
        Code::ExponentNumber => {
            let value = node.as_f64().filter(|value| value.fract() == 0.0 && value.abs() < SAFE_INTEGER as f64)?;
            Some(Repair::Value(format!("{value:.0}")))
        }
        Code::ProtoMember => Some(Repair::Remove),
        _ => None,
    }
}

type Noticed = fn(Node<'_, '_>) -> bool;

fn is_exponent(node: Node<'_, '_>) -> bool {
    node.kind() == Kind::Number && node.raw().contains(['e', 'E'])
}

fn is_big_integer(node: Node<'_, '_>) -> bool {
    let raw = node.raw();
    // 2^53 has 16 digits.
    node.kind() == Kind::Number
        && raw.len() >= 16
        && !raw.contains(['e', 'E', '.'])
        && raw.trim_start_matches('-').parse::<u64>().map_or(true, |n| n > SAFE_INTEGER)
}

fn is_lone(node: Node<'_, '_>) -> bool {
    node.has_lone_surrogate()
}

fn is_proto(node: Node<'_, '_>) -> bool {
    node.is_named("__proto__")
}

/// The registered claims that are not times have types of their own (RFC 7519 §4.1).
pub(super) fn check_registered(claims: Node<'_, '_>, findings: &mut Vec<Finding>) {
    for name in ["iss", "sub", "jti"] {
        if let Some(node) = claims.get(name).filter(|node| node.kind() != Kind::String) {
            let found = format!("{name:?} is {}; wanted a string", text::elide(node.raw()));
            let mut finding = Finding::new(Code::RegisteredType, found).at(Part::Payload, node.span());
            if let Kind::Number | Kind::Bool = node.kind() {
                finding = finding.repair(Repair::Value(quote(node.raw())));
            }
            findings.push(finding);
        }
    }
    if let Some(aud) = claims.get("aud") {
        let list = aud.kind() == Kind::Array && aud.elements().all(|one| one.kind() == Kind::String);
        if aud.kind() != Kind::String && !list {
            let found = format!("\"aud\" is {}; wanted a string or a list of strings", text::elide(aud.raw()));
            findings.push(Finding::new(Code::RegisteredType, found).at(Part::Payload, aud.span()));
        }
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}
