//! Rust with reqwest, which waits for the answer.

use std::fmt::Write as _;

use super::{
    literal::{braced_unicode, is_hidden, quoted, quoted_bytes},
    parts::{Content, Parts},
    secret::{Part, Spelling, Value},
};

pub(super) fn write(parts: &Parts<'_>) -> String {
    let mut out = String::from("// cargo add reqwest --features blocking\n");
    if parts.spells(Spelling::Json) {
        out.push_str("// cargo add serde_json\n");
    }
    if parts.spells(Spelling::Form) {
        out.push_str("// cargo add url\n");
    }
    let uses = if parts.secrets.is_empty() { "std::error::Error" } else { "std::{env, error::Error}" };
    let _ = write!(out, "\nuse {uses};\n\nfn main() -> Result<(), Box<dyn Error>> {{\n");
    for secret in &parts.secrets {
        let _ = writeln!(out, "    let {} = variable(\"{}\")?;", secret.local, secret.variable);
    }
    let body = match &parts.body {
        // Without a body, reqwest says nothing of its length.
        Content::Empty => parts.lacks_content_length().then(|| "\"\"".to_owned()),
        Content::Bytes(bytes) => Some(format!("&b{}[..]", quoted_bytes(bytes, &[]))),
        Content::Text(texts) => Some(match texts.as_slice() {
            [Part::Text(value)] => {
                let _ = writeln!(out, "    let body = {};", text(value));
                "body".to_owned()
            }
            texts => {
                let lines = texts.iter().map(|part| format!("        {},\n", expression(parts, part)));
                let _ = writeln!(out, "    let body = [\n{}    ]\n    .concat();", lines.collect::<String>());
                "body".to_owned()
            }
        }),
    };
    if !out.ends_with("{\n") {
        out.push('\n');
    }
    out.push_str(
        "    let client = reqwest::blocking::Client::builder()\n        \
         .redirect(reqwest::redirect::Policy::none())\n        .build()?;\n",
    );
    if let Some(login) = parts.basic() {
        let _ = writeln!(out, "    let (user, pass) = {}.split_once(':').unwrap_or((&{0}, \"\"));", login.local);
    }
    let _ = writeln!(out, "    let response = client\n        .{}", request(parts));
    for (name, value) in &parts.headers {
        let call = match value {
            Value::Plain(value) => format!("header({}, {})", text(name), text(value)),
            Value::After(before, secret) => {
                let local = &parts.secrets[*secret].local;
                match *before {
                    "" => format!("header({}, {local})", text(name)),
                    "Bearer " if name.eq_ignore_ascii_case("authorization") => format!("bearer_auth({local})"),
                    before => format!("header({}, {})", text(name), formatted(before, local)),
                }
            }
            Value::Basic(_) => "basic_auth(user, Some(pass))".to_owned(),
        };
        let _ = writeln!(out, "        .{call}");
    }
    if let Some(body) = body {
        let _ = writeln!(out, "        .body({body})");
    }
    out.push_str(SEND);
    if !parts.secrets.is_empty() {
        out.push_str(VARIABLE);
    }
    out
}

const SEND: &str = r#"        .send()?;
    println!("{}", response.status());
    println!("{}", response.text()?);
    Ok(())
}
"#;

const VARIABLE: &str = r#"
fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set"))
}
"#;

fn request(parts: &Parts<'_>) -> String {
    let url = text(parts.url);
    match parts.method {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" => {
            format!("{}({url})", parts.method.to_ascii_lowercase())
        }
        other => format!("request({}.parse()?, {url})", text(other)),
    }
}

fn expression(parts: &Parts<'_>, part: &Part<'_>) -> String {
    match part {
        Part::Text(value) => text(value),
        Part::Secret(secret, spelling) => {
            let local = &parts.secrets[*secret].local;
            match spelling {
                Spelling::Plain => format!("&{local}"),
                Spelling::Json => format!("&serde_json::to_string(&{local})?"),
                Spelling::Form => {
                    format!("&url::form_urlencoded::byte_serialize({local}.as_bytes()).collect::<String>()")
                }
            }
        }
    }
}

/// `format!("Bearer {token}")`.
fn formatted(before: &str, local: &str) -> String {
    let before = quoted(before, '"', &[], braced_unicode).replace('{', "{{").replace('}', "}}");
    format!("format!({}{{{local}}}\")", before.strip_suffix('"').unwrap_or(&before))
}

/// A literal: raw where it has several lines or quotes, and a raw one can hold it.
fn text(value: &str) -> String {
    let raw = value.contains(['\n', '"', '\\']) && !value.contains(|c: char| c != '\t' && is_hidden(c));
    if !raw {
        return quoted(value, '"', &[], braced_unicode);
    }
    let mut hashes = String::from("#");
    while value.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{value}\"{hashes}")
}
