//! A JSON text as JavaScript writes it anew, `JSON.stringify(JSON.parse(text))`: what a handler signs that no longer has
//! the raw bytes.
//!
//! Members keep their order, but for names that are array indexes: these come first, in numeric order (ECMA-262
//! §10.1.11.1). Of members with one name the last value counts, in the place of the first. Numbers are doubles in their
//! shortest form (§6.1.6.1.20), and one that is too large becomes null (§25.5.2.2). Half a surrogate pair stays an escape
//! (§25.5.2.3).

use std::collections::HashMap;

use crate::json::{Document, Kind, Node};

/// The text that JavaScript makes of this document.
pub fn stringify(document: &Document<'_>) -> String {
    let mut out = String::with_capacity(document.text().len());
    write(document.root(), &mut out);
    out
}

/// Documents are at most 128 levels deep, so this ends.
fn write(node: Node<'_, '_>, out: &mut String) {
    match node.kind() {
        Kind::Object => write_object(node, out),
        Kind::Array => {
            out.push('[');
            for (index, element) in node.elements().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(element, out);
            }
            out.push(']');
        }
        Kind::String => write_string(inside(node.raw()), out),
        Kind::Number => out.push_str(&number(node.as_f64().unwrap_or(f64::INFINITY))),
        Kind::Bool | Kind::Null => out.push_str(node.raw()),
    }
}

fn write_object(node: Node<'_, '_>, out: &mut String) {
    // Names are compared as they will be written, so that `"a"` and `"\u0061"` are one.
    let mut members: Vec<(String, Node<'_, '_>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for member in node.members() {
        let mut name = String::new();
        write_string(member.raw_name().unwrap_or_default(), &mut name);
        match places.get(&name) {
            Some(place) => members[*place].1 = member,
            None => {
                places.insert(name.clone(), members.len());
                members.push((name, member));
            }
        }
    }
    members.sort_by_key(|(name, _)| array_index(inside(name)).map_or((true, 0), |index| (false, index)));
    out.push('{');
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&name);
        out.push(':');
        write(value, out);
    }
    out.push('}');
}

/// What stands between the quotes.
fn inside(quoted: &str) -> &str {
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default()
}

/// A name that is an array index: a number below 2^32 - 1 in its canonical form.
fn array_index(name: &str) -> Option<u32> {
    let index: u32 = name.parse().ok().filter(|index| *index != u32::MAX)?;
    (index.to_string() == name).then_some(index)
}

/// A string with its quotes, from its characters and escapes as they were typed.
fn write_string(typed: &str, out: &mut String) {
    out.push('"');
    let mut rest = typed;
    while let Some(slash) = rest.find('\\') {
        out.push_str(&rest[..slash]);
        rest = write_escape(&rest[slash + 1..], out);
    }
    out.push_str(rest);
    out.push('"');
}

/// Writes what an escape stands for, and gives back what comes after it.
fn write_escape<'t>(after_slash: &'t str, out: &mut String) -> &'t str {
    let (kind, rest) = after_slash.split_at(after_slash.chars().next().map_or(0, char::len_utf8));
    if kind != "u" {
        match kind {
            "/" => out.push('/'),
            kind => {
                out.push('\\');
                out.push_str(kind);
            }
        }
        return rest;
    }
    let unit = |text: &str| text.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let Some(high) = unit(rest) else { return rest };
    let rest = &rest[4..];
    if let Some(c) = char::from_u32(high) {
        write_char(c, out);
        return rest;
    }
    let low = rest.strip_prefix("\\u").and_then(unit).filter(|low| (0xdc00..0xe000).contains(low));
    match low
        .filter(|_| high < 0xdc00)
        .and_then(|low| char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)))
    {
        Some(c) => {
            out.push(c);
            &rest[6..]
        }
        None => {
            out.push_str(&format!("\\u{high:04x}"));
            rest
        }
    }
}

fn write_char(c: char, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\u{c}' => out.push_str("\\f"),
        '\r' => out.push_str("\\r"),
        c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
        c => out.push(c),
    }
}

/// A double as ECMAScript writes it.
fn number(value: f64) -> String {
    if value.is_finite() { ryu_js::Buffer::new().format_finite(value).to_owned() } else { "null".to_owned() }
}
