//! JSON printed: a string in quotes, a value with spaces, a value over several lines. Numbers and escapes stay as typed.

use super::{Kind, Node};

/// Writes `value` as a JSON string with its quotes, escaping only what must be (RFC 8259 §7).
pub fn quote(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The value with a space after each comma and colon; names, texts and numbers stay byte for byte.
pub fn spaced(node: Node<'_, '_>) -> String {
    let mut out = String::with_capacity(node.raw().len() * 2);
    write_spaced(node, &mut out);
    out
}

fn write_spaced(node: Node<'_, '_>, out: &mut String) {
    let (open, close) = match node.kind() {
        Kind::Object => ('{', '}'),
        Kind::Array => ('[', ']'),
        _ => return out.push_str(node.raw()),
    };
    out.push(open);
    for (index, child) in node.children(node.kind()).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        if let Some(name) = child.name_span() {
            out.push_str(&child.document.text[name.start..name.end]);
            out.push_str(": ");
        }
        write_spaced(child, out);
    }
    out.push(close);
}

/// The value with each member and element on a line of its own; names, texts and numbers stay byte for byte.
pub fn pretty(node: Node<'_, '_>) -> String {
    let mut out = String::with_capacity(node.raw().len() * 2);
    write_pretty(node, 0, &mut out);
    out
}

fn write_pretty(node: Node<'_, '_>, depth: usize, out: &mut String) {
    let (open, close) = match node.kind() {
        Kind::Object => ('{', '}'),
        Kind::Array => ('[', ']'),
        _ => return out.push_str(node.raw()),
    };
    out.push(open);
    let mut children = node.children(node.kind()).peekable();
    let empty = children.peek().is_none();
    while let Some(child) = children.next() {
        new_line(depth + 1, out);
        if let Some(name) = child.name_span() {
            out.push_str(&child.document.text[name.start..name.end]);
            out.push_str(": ");
        }
        write_pretty(child, depth + 1, out);
        if children.peek().is_some() {
            out.push(',');
        }
    }
    if !empty {
        new_line(depth, out);
    }
    out.push(close);
}

fn new_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}
