//! JavaScript shared by the snippets for a server and for a browser.

use std::fmt::Write as _;

use data_encoding::BASE64;

use super::{
    Unwritable,
    literal::{braced_unicode, lines, quoted},
    names::camel,
    parts::{Content, Parts},
    secret::{Part, Spelling, Value},
};

/// Refuses what `fetch` does (Fetch Standard, "new Request").
pub(super) fn check(parts: &Parts<'_>) -> Result<(), Unwritable> {
    if ["CONNECT", "TRACE", "TRACK"].contains(&parts.method) {
        return Err(Unwritable(format!("fetch refuses the method {}", parts.method)));
    }
    if ["GET", "HEAD"].contains(&parts.method) && !matches!(parts.body, Content::Empty) {
        return Err(Unwritable(format!("fetch sends no body with {}", parts.method)));
    }
    Ok(())
}

/// What differs between a server and a browser.
pub(super) struct Platform {
    /// What every line of the call begins with.
    pub indent: &'static str,
    /// Turns base64 into bytes.
    pub bytes: fn(&str) -> String,
    /// Turns `user:password` into base64.
    pub basic: fn(&str) -> String,
    /// Whether a header field of this name is ours to write.
    pub writes: fn(&str) -> bool,
    /// The last option, as a line.
    pub last: Option<&'static str>,
}

/// The call of `fetch`.
pub(super) fn fetch(parts: &Parts<'_>, on: &Platform) -> String {
    let indent = on.indent;
    let mut out = format!("await fetch({}, {{\n", text(parts.url));
    let _ = writeln!(out, "{indent}  method: {},", text(parts.method));
    let headers = parts.headers.iter().filter(|(name, _)| (on.writes)(name)).map(|(name, value)| {
        let local = |secret: &usize| camel(&parts.secrets[*secret].local);
        let value = match value {
            Value::Plain(value) => text(value),
            Value::After("", secret) => local(secret),
            Value::After(before, secret) => template(before, &local(secret)),
            Value::Basic(secret) => template("Basic ", &(on.basic)(&local(secret))),
        };
        (*name, value)
    });
    out.push_str(&fields(&headers.collect::<Vec<_>>(), indent));
    let body = match &parts.body {
        Content::Empty => None,
        Content::Bytes(content) => Some(format!("body: {}", (on.bytes)(&BASE64.encode(content)))),
        // fetch calls a string text/plain; bytes it leaves alone.
        Content::Text(_) if !parts.has_header("content-type") => {
            Some("body: new TextEncoder().encode(body)".to_owned())
        }
        Content::Text(_) => Some("body".to_owned()),
    };
    for option in body.iter().map(String::as_str).chain(on.last) {
        let _ = writeln!(out, "{indent}  {option},");
    }
    let _ = write!(out, "{indent}}})");
    out
}

/// The header fields: an object, or pairs where a name comes twice.
fn fields(headers: &[(&str, String)], indent: &str) -> String {
    if headers.is_empty() {
        return String::new();
    }
    let twice = |index: usize| headers[..index].iter().any(|(name, _)| name.eq_ignore_ascii_case(headers[index].0));
    let pairs = (0..headers.len()).any(twice);
    let lines = headers.iter().map(|(name, value)| match pairs {
        true => format!("{indent}    [{}, {value}],\n", text(name)),
        false if name.chars().all(|c| c.is_ascii_alphabetic()) => format!("{indent}    {name}: {value},\n"),
        false => format!("{indent}    {}: {value},\n", text(name)),
    });
    let lines: String = lines.collect();
    let (opening, closing) = if pairs { ('[', ']') } else { ('{', '}') };
    format!("{indent}  headers: {opening}\n{lines}{indent}  {closing},\n")
}

/// The text of the body as an expression.
pub(super) fn body(parts: &Parts<'_>) -> Option<String> {
    let Content::Text(texts) = &parts.body else { return None };
    let expressions = texts.iter().map(|part| match part {
        Part::Text(value) => text(value),
        Part::Secret(secret, spelling) => {
            let local = camel(&parts.secrets[*secret].local);
            match spelling {
                Spelling::Plain => local,
                Spelling::Json => format!("JSON.stringify({local})"),
                Spelling::Form => format!("encodeURIComponent({local})"),
            }
        }
    });
    Some(expressions.collect::<Vec<_>>().join(" + "))
}

/// A literal: in single quotes where it has double ones, and a template where it has both, or several lines.
pub(crate) fn text(value: &str) -> String {
    let (single, double) = (value.contains('\''), value.contains('"'));
    if value.contains('\n') || (single && double) {
        return format!("`{}`", in_template(value));
    }
    let quote = if double { '\'' } else { '"' };
    quoted(value, quote, &[], braced_unicode)
}

/// A template of a text and an expression after it.
fn template(before: &str, expression: &str) -> String {
    format!("`{}${{{expression}}}`", in_template(before))
}

pub(crate) fn in_template(value: &str) -> String {
    lines(value, braced_unicode).replace('`', "\\`").replace("${", "\\${")
}
