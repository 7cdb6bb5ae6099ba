//! Node, 18 or later, as an ES module with the built-in `fetch`.

use std::fmt::Write as _;

use super::{
    Unwritable,
    javascript::{Platform, body, check, fetch},
    names::camel,
    parts::Parts,
};

pub(super) fn write(parts: &Parts<'_>) -> Result<String, Unwritable> {
    check(parts)?;
    let mut out = String::new();
    for secret in &parts.secrets {
        let (variable, local) = (&secret.variable, camel(&secret.local));
        let _ = write!(
            out,
            "const {local} = process.env.{variable};\nif (!{local}) {{\n  console.error(\"{variable} is not set\");\n  \
             process.exit(1);\n}}\n\n"
        );
    }
    if let Some(body) = body(parts) {
        let _ = write!(out, "const body = {body};\n\n");
    }
    let call = fetch(parts, &NODE);
    let _ = writeln!(out, "const response = {call};");
    out.push_str("console.log(response.status, response.statusText);\nconsole.log(await response.text());\n");
    Ok(out)
}

const NODE: Platform = Platform {
    indent: "",
    bytes: |base64| format!("Buffer.from(\"{base64}\", \"base64\")"),
    basic: |login| format!("Buffer.from({login}).toString(\"base64\")"),
    writes: |_| true,
    last: Some("redirect: \"manual\""),
};
