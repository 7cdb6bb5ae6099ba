//! HTTPie, for a POSIX shell.

use std::fmt::Write as _;

use url::form_urlencoded;

use super::{
    Unwritable,
    parts::{Content, Field, Parts},
    secret::{Part, Value},
    shell::{quote, quote_before, written},
};

pub(super) fn write(parts: &Parts<'_>) -> Result<String, Unwritable> {
    let fields = parts.fields();
    let input = if fields.is_some() { None } else { written(parts) };
    let mut out = input.clone().unwrap_or_default();
    out.push_str("http --print=hb");
    // Where nobody types, HTTPie would wait for a body from standard input.
    if input.is_none() {
        out.push_str(" --ignore-stdin");
    }
    if fields.is_some() {
        out.push_str(" --form");
    }
    let _ = write!(out, " {} {}", quote(parts.method), quote(parts.url));
    let mut argument = |word: &str| {
        let _ = write!(out, " \\\n  {word}");
    };
    for (name, value) in &parts.headers {
        match value {
            Value::Plain("") => argument(&quote(&format!("{name};"))),
            Value::Plain(value) => argument(&quote(&item(&format!("{name}: "), value)?)),
            Value::After(before, secret) => {
                argument(&quote_before(&item(&format!("{name}: "), before)?, &parts.secrets[*secret]));
            }
            Value::Basic(secret) => argument(&format!("-a {}", quote_before("", &parts.secrets[*secret]))),
        }
    }
    if parts.lacks_content_type() {
        argument("Content-Type:");
    }
    for field in fields.iter().flatten() {
        match field {
            Field::Written(text) => {
                for (name, value) in form_urlencoded::parse(text.as_bytes()) {
                    argument(&quote(&item(&format!("{}=", key(&name)), &value)?));
                }
            }
            Field::Secret(name, secret) => {
                let name = form_urlencoded::parse(name.as_bytes()).next().unwrap_or_default().0;
                argument(&quote_before(&format!("{}=", key(&name)), &parts.secrets[*secret]));
            }
        }
    }
    if let (None, None, Content::Text(texts)) = (&input, &fields, &parts.body)
        && let [Part::Text(text)] = texts.as_slice()
    {
        argument(&format!("--raw={}", quote(text)));
    }
    Ok(out)
}

/// An item: a name with its separator, and a value. HTTPie takes a backslash before one of its separators out, and has no
/// way to write one there, unless there are two.
fn item(name: &str, value: &str) -> Result<String, Unwritable> {
    let mut backslashes = 0;
    for c in value.chars() {
        if SEPARATORS.contains(c) && backslashes % 2 == 1 {
            let name = name.trim_end_matches(['=', ':', ' ']);
            return Err(Unwritable(format!("{name} has a backslash before {c:?}, which HTTPie takes out")));
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
    }
    Ok(format!("{name}{value}"))
}

/// The name of a form field, with its separators escaped.
fn key(name: &str) -> String {
    name.chars().fold(String::new(), |mut out, c| {
        if SEPARATORS.contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

const SEPARATORS: &str = ":;=@";
