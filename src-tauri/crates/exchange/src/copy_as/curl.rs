//! curl, for a POSIX shell. As in every curl command, the credential is an argument of curl while it runs.

use std::fmt::Write as _;

use super::{
    parts::{Content, Field, Parts},
    secret::{Part, Value},
    shell::{quote, quote_before, written},
};
use crate::PreparedRequest;

/// The request as a curl command that does the same. No credential is in it: the command reads `variable`, and of a body
/// with secrets further variables that are named after it. [`copy_as`](crate::copy_as) knows more languages.
pub fn copy_as_curl(request: &PreparedRequest, variable: &str) -> String {
    write(&Parts::new(request, variable))
}

pub(super) fn write(parts: &Parts<'_>) -> String {
    let fields = parts.fields();
    let input = if fields.is_some() { None } else { written(parts) };
    let head = parts.method == "HEAD" && matches!(parts.body, Content::Empty);
    let mut out = input.clone().unwrap_or_default();
    // -i shows the status; -I is the only way to ask for no body without waiting for one.
    out.push_str(if head { "curl -sSI" } else { "curl -sSi" });
    // curl reads [..] and {..} in addresses as patterns of its own.
    if parts.url.contains(['[', ']', '{', '}']) {
        out.push_str(" -g");
    }
    if !head && (parts.method != "GET" || !matches!(parts.body, Content::Empty)) {
        let _ = write!(out, " -X {}", quote(parts.method));
    }
    let _ = write!(out, " {}", quote(parts.url));
    let mut argument = |flag: &str, value: &str| {
        let _ = write!(out, " \\\n  {flag} {value}");
    };
    for (name, value) in &parts.headers {
        match value {
            // curl leaves a field without a value out, unless it ends in a semicolon.
            Value::Plain("") => argument("-H", &quote(&format!("{name};"))),
            Value::Plain(value) => argument("-H", &quote(&format!("{name}: {value}"))),
            Value::After(before, secret) => {
                argument("-H", &quote_before(&format!("{name}: {before}"), &parts.secrets[*secret]));
            }
            Value::Basic(secret) => argument("-u", &quote_before("", &parts.secrets[*secret])),
        }
    }
    if parts.lacks_content_type() {
        argument("-H", "Content-Type:");
    }
    if parts.lacks_content_length() {
        argument("-H", "'Content-Length: 0'");
    }
    match &parts.body {
        _ if input.is_some() => argument("--data-binary", "@-"),
        Content::Text(texts) => {
            // curl puts the & between its data, and encodes a value after its name.
            for field in fields.into_iter().flatten() {
                match field {
                    Field::Written(text) => argument("--data-raw", &quote(text)),
                    Field::Secret(name, secret) => {
                        argument("--data-urlencode", &quote_before(name, &parts.secrets[secret]));
                    }
                }
            }
            if let [Part::Text(text)] = texts.as_slice() {
                argument("--data-raw", &quote(text));
            }
        }
        Content::Empty | Content::Bytes(_) => {}
    }
    out
}
