//! PHP with its curl extension.

use std::fmt::Write as _;

use super::{
    literal::{braced_unicode, is_hidden, quoted, quoted_bytes},
    names::camel,
    parts::{Content, Parts},
    secret::{Part, Spelling, Value},
};

pub(super) fn write(parts: &Parts<'_>) -> String {
    let mut out = String::from("<?php\n\ndeclare(strict_types=1);\n\n");
    for secret in &parts.secrets {
        let (variable, local) = (&secret.variable, camel(&secret.local));
        let _ = write!(
            out,
            "${local} = getenv('{variable}');\nif (${local} === false || ${local} === '') {{\n    fwrite(STDERR, \
             \"{variable} is not set\\n\");\n    exit(1);\n}}\n\n"
        );
    }
    let body = match &parts.body {
        Content::Empty => None,
        Content::Bytes(bytes) => Some(quoted_bytes(bytes, &['$'])),
        Content::Text(texts) => {
            let text = texts.iter().map(|part| expression(parts, part)).collect::<Vec<_>>().join(" . ");
            let _ = write!(out, "$body = {text};\n\n");
            Some("$body".to_owned())
        }
    };
    let _ = write!(out, "$curl = curl_init({});\ncurl_setopt_array($curl, [\n", text(parts.url));
    let mut option = |name: &str, value: &str| {
        let _ = writeln!(out, "    CURLOPT_{name} => {value},");
    };
    match (parts.method, &body) {
        // The only way to ask for no body without waiting for one.
        ("HEAD", None) => option("NOBODY", "true"),
        (method, _) => option("CUSTOMREQUEST", &text(method)),
    }
    if let Some(login) = parts.basic() {
        option("USERPWD", &format!("${}", camel(&login.local)));
    }
    option("HTTPHEADER", &headers(parts));
    if let Some(body) = &body {
        option("POSTFIELDS", body);
    }
    option("RETURNTRANSFER", "true");
    option("TIMEOUT", "30");
    out + END
}

const END: &str = r#"]);

$answer = curl_exec($curl);
if ($answer === false) {
    fwrite(STDERR, curl_error($curl) . "\n");
    exit(1);
}
echo curl_getinfo($curl, CURLINFO_RESPONSE_CODE), "\n", $answer, "\n";
"#;

fn headers(parts: &Parts<'_>) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (name, value) in &parts.headers {
        lines.push(match value {
            // curl leaves a field without a value out, unless it ends in a semicolon.
            Value::Plain("") => text(&format!("{name};")),
            Value::Plain(value) => text(&format!("{name}: {value}")),
            Value::After(before, secret) => {
                format!("{} . ${}", text(&format!("{name}: {before}")), camel(&parts.secrets[*secret].local))
            }
            Value::Basic(_) => continue,
        });
    }
    if parts.lacks_content_type() {
        lines.push("'Content-Type:'".to_owned());
    }
    if parts.lacks_content_length() {
        lines.push("'Content-Length: 0'".to_owned());
    }
    let lines: String = lines.iter().map(|line| format!("        {line},\n")).collect();
    if lines.is_empty() { "[]".to_owned() } else { format!("[\n{lines}    ]") }
}

fn expression(parts: &Parts<'_>, part: &Part<'_>) -> String {
    match part {
        Part::Text(value) => text(value),
        Part::Secret(secret, spelling) => {
            let local = camel(&parts.secrets[*secret].local);
            match spelling {
                Spelling::Plain => format!("${local}"),
                Spelling::Json => format!(
                    "json_encode(${local}, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR)"
                ),
                Spelling::Form => format!("urlencode(${local})"),
            }
        }
    }
}

/// A literal in single quotes, in which only they and the backslash mean something; else in double ones.
pub(crate) fn text(value: &str) -> String {
    if value.contains(|c: char| c != '\t' && is_hidden(c)) {
        return quoted(value, '"', &['$'], braced_unicode);
    }
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}
