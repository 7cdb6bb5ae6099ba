//! Python with requests.

use std::fmt::Write as _;

use super::{
    literal::{lines, long_unicode, quoted, quoted_bytes},
    parts::{Content, Parts},
    secret::{Part, Spelling, Value},
};

pub(super) fn write(parts: &Parts<'_>) -> String {
    let mut out = imports(parts);
    for secret in &parts.secrets {
        let (variable, local) = (&secret.variable, &secret.local);
        let _ = write!(
            out,
            "\n{local} = os.environ.get(\"{variable}\")\nif not {local}:\n    sys.exit(\"{variable} is not set\")\n"
        );
    }
    let body = match &parts.body {
        Content::Empty => None,
        Content::Bytes(bytes) => Some(format!("b{}", quoted_bytes(bytes, &[]))),
        Content::Text(texts) => {
            let text = texts.iter().map(|part| expression(parts, part)).collect::<Vec<_>>().join(" + ");
            let _ = write!(out, "\nbody = {text}\n");
            Some("body.encode()".to_owned())
        }
    };
    let (function, method) = match parts.method {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" => (parts.method.to_ascii_lowercase(), None),
        other => ("request".to_owned(), Some(other)),
    };
    let _ = write!(out, "\nresponse = requests.{function}(\n");
    if let Some(method) = method {
        let _ = writeln!(out, "    {},", text(method));
    }
    let _ = writeln!(out, "    {},", text(parts.url));
    let _ = write!(out, "{}", headers(parts));
    if let Some(login) = parts.basic() {
        let _ = writeln!(out, "    auth=tuple({}.split(\":\", 1)),", login.local);
    }
    if let Some(body) = body {
        let _ = writeln!(out, "    data={body},");
    }
    out + "    allow_redirects=False,\n    timeout=30,\n)\nprint(response.status_code, response.reason)\nprint(response.text)\n"
}

fn imports(parts: &Parts<'_>) -> String {
    let mut out = String::new();
    if parts.spells(Spelling::Json) {
        out.push_str("import json\n");
    }
    if !parts.secrets.is_empty() {
        out.push_str("import os\nimport sys\n");
    }
    if parts.spells(Spelling::Form) {
        out.push_str("from urllib.parse import quote_plus\n");
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out + "import requests\n"
}

/// The header fields. A dict has each name once; several fields of one name are one with commas (RFC 9110 §5.3).
fn headers(parts: &Parts<'_>) -> String {
    let mut fields: Vec<(&str, Vec<&Value<'_>>)> = Vec::new();
    for (name, value) in &parts.headers {
        match fields.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(name)) {
            _ if matches!(value, Value::Basic(_)) => {}
            Some((_, values)) => values.push(value),
            None => fields.push((name, vec![value])),
        }
    }
    if fields.is_empty() {
        return String::new();
    }
    let lines = fields.iter().map(|(name, values)| {
        let comma = if name.eq_ignore_ascii_case("cookie") { "; " } else { ", " };
        let plain: Option<Vec<&str>> = values.iter().map(|value| value.plain()).collect();
        let value = match plain {
            Some(plain) => text(&plain.join(comma)),
            None => {
                let values: Vec<String> = values.iter().map(|value| field(parts, value)).collect();
                values.join(&format!(" + {} + ", text(comma)))
            }
        };
        format!("        {}: {value},\n", text(name))
    });
    format!("    headers={{\n{}    }},\n", lines.collect::<String>())
}

fn field(parts: &Parts<'_>, value: &Value<'_>) -> String {
    match value {
        Value::Plain(value) => text(value),
        Value::After("", secret) | Value::Basic(secret) => parts.secrets[*secret].local.clone(),
        Value::After(before, secret) => formatted(before, &parts.secrets[*secret].local),
    }
}

fn expression(parts: &Parts<'_>, part: &Part<'_>) -> String {
    match part {
        Part::Text(value) => text(value),
        Part::Secret(secret, spelling) => {
            let local = &parts.secrets[*secret].local;
            match spelling {
                Spelling::Plain => local.clone(),
                Spelling::Json => format!("json.dumps({local}, ensure_ascii=False)"),
                Spelling::Form => format!("quote_plus({local})"),
            }
        }
    }
}

/// `f"Bearer {token}"`.
fn formatted(before: &str, local: &str) -> String {
    let before = quoted(before, '"', &[], long_unicode).replace('{', "{{").replace('}', "}}");
    format!("f{}{{{local}}}\"", before.strip_suffix('"').unwrap_or(&before))
}

/// A literal: in single quotes where it has double ones, in three where it has both, or several lines.
pub(crate) fn text(value: &str) -> String {
    let (single, double) = (value.contains('\''), value.contains('"'));
    if value.contains('\n') || (single && double) {
        let mut inside = lines(value, long_unicode).replace("\"\"\"", "\\\"\\\"\\\"");
        // What is left of the quotes at the end would be taken for one of the three that close.
        let at_the_end = value.len() - value.trim_end_matches('"').len();
        if !at_the_end.is_multiple_of(3) {
            inside.truncate(inside.len() - 1);
            inside.push_str("\\\"");
        }
        return format!("\"\"\"{inside}\"\"\"");
    }
    quoted(value, if double { '\'' } else { '"' }, &[], long_unicode)
}
