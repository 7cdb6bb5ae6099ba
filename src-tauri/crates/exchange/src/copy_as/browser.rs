//! A page: a function that gets its token from the page's own server, since a browser has no environment to read.

use std::fmt::Write as _;

use super::{
    Unwritable,
    javascript::{Platform, body, check, fetch},
    names::camel,
    parts::Parts,
    secret::Value,
};

pub(super) fn write(parts: &Parts<'_>) -> Result<String, Unwritable> {
    check(parts)?;
    let mut sent = parts.headers.iter();
    if let Some((name, _)) = sent.find(|(name, value)| is_the_browsers(name) && !matches!(value, Value::Plain(_))) {
        return Err(Unwritable(format!("a page cannot set the header field {name}")));
    }
    let arguments: Vec<String> = parts.secrets.iter().map(|secret| camel(&secret.local)).collect();
    let mut out = String::new();
    if !arguments.is_empty() {
        out.push_str("// The token is short-lived and comes from your server. Keys and secrets never reach a page.\n");
    }
    let _ = writeln!(out, "export async function send({}) {{", arguments.join(", "));
    for argument in &arguments {
        let _ = write!(out, "  if (!{argument}) {{\n    throw new Error(\"{argument} is missing\");\n  }}\n");
    }
    if let Some(body) = body(parts) {
        let _ = writeln!(out, "  const body = {body};");
    }
    let call = fetch(parts, &BROWSER);
    let _ = writeln!(out, "  const response = {call};");
    out.push_str("  console.log(response.status, response.statusText);\n  console.log(await response.text());\n}\n");
    Ok(out)
}

/// Whether the browser alone writes a header field (Fetch Standard, "forbidden request-header"), or writes it anyway.
fn is_the_browsers(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["proxy-", "sec-"].iter().any(|start| name.starts_with(start)) || THE_BROWSERS.contains(&name.as_str())
}

const BROWSER: Platform = Platform {
    indent: "  ",
    bytes: |base64| format!("Uint8Array.from(atob(\"{base64}\"), (c) => c.charCodeAt(0))"),
    basic: |login| format!("btoa({login})"),
    writes: |name| !is_the_browsers(name),
    last: None,
};

const THE_BROWSERS: &[&str] = &[
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
];
