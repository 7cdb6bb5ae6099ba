//! Node, 18 or later, as an ES module with what is built in.

use std::fmt::Write as _;

use jose::{key::SecretEncoding, webhook::Encoding};

use super::plan::{Bit, Plan, Signatures, Signed, Time, TimePlace, is_url};
use crate::copy_as::{camel, javascript_string as text, javascript_template};

pub(super) fn write(plan: &Plan<'_>) -> String {
    let mut out: String = plan.says.iter().map(|line| format!("// {line}\n")).collect();
    out.push_str(match plan.hash() {
        Some(_) => "import { createHmac, timingSafeEqual } from \"node:crypto\";\n\n",
        None => "import { createPublicKey, verify } from \"node:crypto\";\n\n",
    });
    out.push_str(&secret(plan));
    out.push_str(&helpers(plan));
    let arguments: String = plan.told().iter().map(|name| format!(", {name}")).collect();
    out.push_str("// `headers` are those of Node's request, with names in lower case. `rawBody` is a Buffer of the body as it came,\n");
    out.push_str("// before any parser: in Express, that of express.raw({ type: \"*/*\" }).\n");
    if plan.is_told("url") {
        out.push_str("// `url` is the address that the provider was given, which a proxy may hide from the server.\n");
    }
    let _ = writeln!(out, "export function isGenuine(headers, rawBody{arguments}) {{");
    for (local, name) in &plan.fields {
        let _ = writeln!(out, "  const {} = headers[{}];", camel(local), text(&name.to_ascii_lowercase()));
    }
    // A framework may give a list of a field that came twice.
    let wanted: Vec<String> =
        plan.wanted().iter().map(|local| format!("typeof {} !== \"string\"", camel(local))).collect();
    if !wanted.is_empty() {
        let _ = writeln!(out, "  if ({}) return false;", wanted.join(" || "));
    }
    if plan.reads_body() {
        out.push_str("  let event;\n  try {\n    event = JSON.parse(rawBody);\n  } catch {\n    return false;\n  }\n");
    }
    if let Signatures::Body(path) = &plan.signatures {
        let _ = write!(out, "  const signature = text(at(event, {}));\n  if (!signature) return false;\n", list(path));
    }
    out.push_str(&time(plan.time.as_ref()));
    out.push_str(&signed(plan));
    out.push_str(&compare(plan));
    out + "}\n"
}

fn secret(plan: &Plan<'_>) -> String {
    let variable = plan.variable;
    let mut out =
        format!("const secret = process.env.{variable};\nif (!secret) throw new Error(\"{variable} is not set\");\n");
    let bare = match plan.secret_beginnings {
        [] => "secret".to_owned(),
        beginnings => {
            let _ =
                writeln!(out, "const beginning = {}.find((one) => secret.startsWith(one)) ?? \"\";", list(beginnings));
            "secret.slice(beginning.length)".to_owned()
        }
    };
    let (encoding, pattern) = match plan.secret {
        SecretEncoding::Utf8 if bare == "secret" => (None, ""),
        SecretEncoding::Utf8 => (None, "/./s"),
        SecretEncoding::Hex => (Some("hex"), "/^(?:[0-9a-f]{2})+$/i"),
        SecretEncoding::Base64 => (Some("base64"), "/^[A-Za-z0-9+/]+={0,2}$/"),
        SecretEncoding::Base64Url => (Some("base64url"), "/^[A-Za-z0-9_-]+={0,2}$/"),
    };
    let key = match encoding {
        Some(encoding) => format!("Buffer.from({bare}, \"{encoding}\")"),
        None => bare.clone(),
    };
    if !pattern.is_empty() {
        // Node reads as far as it can, and nothing at all would be a key that everybody has.
        let wanted = encoding.unwrap_or("longer than its beginning");
        let _ = writeln!(out, "if (!{pattern}.test({bare})) throw new Error(\"{variable} is not {wanted}\");");
    }
    match (plan.hash(), key.as_str()) {
        (Some(_), "secret") => {}
        (Some(_), _) => {
            let _ = writeln!(out, "const key = {key};");
        }
        (None, _) => {
            let _ = writeln!(
                out,
                "const jwk = {{ kty: \"OKP\", crv: \"Ed25519\", x: {key}.toString(\"base64url\") }};\nconst key = \
                 createPublicKey({{ key: jwk, format: \"jwk\" }});"
            );
        }
    }
    out.push('\n');
    out
}

/// What the secret is called once it is bytes.
fn key(plan: &Plan<'_>) -> &'static str {
    let as_it_is = plan.secret == SecretEncoding::Utf8 && plan.secret_beginnings.is_empty();
    if as_it_is { "secret" } else { "key" }
}

fn helpers(plan: &Plan<'_>) -> String {
    let mut out = decoded(plan);
    if matches!(plan.time, Some(Time { place: TimePlace::Member(..), .. })) {
        out.push_str(MEMBER);
    }
    if plan.reads_body() {
        out.push_str(AT);
    }
    out
}

/// Node reads a text as far as it can, and would take what has more behind it.
fn decoded(plan: &Plan<'_>) -> String {
    let (encoding, pattern) = match plan.encoding {
        Encoding::Hex => ("hex", "/^(?:[0-9a-f]{2})+$/i"),
        one if is_url(one) => ("base64url", "/^[A-Za-z0-9_-]+={0,2}$/"),
        _ => ("base64", "/^[A-Za-z0-9+/]+={0,2}$/"),
    };
    format!("const decoded = (text) => Buffer.from({pattern}.test(text) ? text : \"\", \"{encoding}\");\n\n")
}

const MEMBER: &str = r#"// The value of a member in a list such as `t=1,v1=ab`.
const member = (list, separator, name) => {
  const items = list.split(separator).map((item) => item.trim());
  return items.find((item) => item.startsWith(`${name}=`))?.slice(name.length + 1);
};

"#;

const AT: &str = r#"// What stands in the body at the end of this way.
const at = (event, way) => {
  const step = (value, name) => (typeof value === "object" && value !== null && Object.hasOwn(value, name) ? value[name] : undefined);
  return way.reduce(step, event);
};
// A member as it is signed: nothing where there is none, and never an object. A number that JavaScript would write in
// another way than the sender is not found genuine.
const text = (value) => (value == null ? "" : typeof value === "object" ? null : String(value));

"#;

fn time(time: Option<&Time<'_>>) -> String {
    let Some(time) = time else { return String::new() };
    let mut out = String::new();
    let _ = match &time.place {
        TimePlace::Field => Ok(()),
        TimePlace::Member(field, separator, name) => {
            writeln!(out, "  const timestamp = member({}, {}, {});", camel(field), text(separator), text(name))
        }
        TimePlace::Body(path) => writeln!(out, "  const timestamp = text(at(event, {}));", list(path)),
    };
    let now = if time.milliseconds { "Date.now()" } else { "Date.now() / 1000" };
    let _ = writeln!(out, "  if (!/^[0-9]+$/.test(timestamp)) return false;");
    let _ = writeln!(out, "  const age = {now} - Number(timestamp);");
    let _ = writeln!(out, "  if (age > {} || age < -{}) return false;", time.past, time.future);
    out
}

/// What is signed: for a MAC as pieces that go into it, else as one Buffer.
fn signed(plan: &Plan<'_>) -> String {
    let mut out = String::from("\n");
    if plan.anew {
        out.push_str(
            "  let signedBody;\n  try {\n    signedBody = JSON.stringify(JSON.parse(rawBody));\n  } catch {\n    return false;\n  }\n",
        );
    }
    let pieces = match &plan.signed {
        Signed::Text(bits) => pieces(bits, if plan.anew { "signedBody" } else { "rawBody" }),
        Signed::Members(paths, separator) => {
            let paths: String = paths.iter().map(|path| format!("    {},\n", list(path))).collect();
            let _ = writeln!(out, "  const values = [\n{paths}  ].map((way) => text(at(event, way)));");
            let _ = writeln!(out, "  if (values.includes(null)) return false;");
            vec![format!("values.join({})", text(separator))]
        }
        Signed::Named(names, within, separator) => {
            let _ = writeln!(out, "  const named = at(event, {});", list(names));
            let _ = writeln!(
                out,
                "  const names = typeof named === \"string\" ? named.split(/\\s+/).filter(Boolean) : named;"
            );
            let _ = writeln!(out, "  if (!Array.isArray(names) || names.length === 0) return false;");
            let start: String = within.iter().map(|name| text(name) + ", ").collect();
            let _ = writeln!(out, "  const values = names.map((name) => text(at(event, [{start}String(name)])));");
            let _ = writeln!(out, "  if (values.includes(null)) return false;");
            vec![format!("values.join({})", text(separator))]
        }
    };
    let _ = match plan.hash() {
        Some(hash) => {
            let updates: String = pieces.iter().map(|piece| format!(".update({piece})")).collect();
            writeln!(out, "  const expected = createHmac(\"{hash}\", {}){updates}.digest();", key(plan))
        }
        None => {
            let buffers: Vec<String> = pieces.iter().map(|piece| format!("Buffer.from({piece})")).collect();
            writeln!(out, "  const signed = Buffer.concat([{}]);", buffers.join(", "))
        }
    };
    out
}

/// The text before and after the body as templates, the body between them.
fn pieces(bits: &[Bit], body: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut inside = String::new();
    let mut locals = 0;
    let close = |inside: &mut String, locals: &mut usize, pieces: &mut Vec<String>| {
        let whole = std::mem::take(inside);
        let alone = whole.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).filter(|_| *locals == 1);
        match alone {
            _ if whole.is_empty() => {}
            Some(local) if !local.contains('}') => pieces.push(local.to_owned()),
            _ => pieces.push(format!("`{whole}`")),
        }
        *locals = 0;
    };
    for bit in bits {
        match bit {
            Bit::Text(plain) => inside.push_str(&javascript_template(plain)),
            Bit::Local(local) => {
                let _ = write!(inside, "${{{}}}", camel(local));
                locals += 1;
            }
            Bit::Body => {
                close(&mut inside, &mut locals, &mut pieces);
                pieces.push(body.to_owned());
            }
        }
    }
    close(&mut inside, &mut locals, &mut pieces);
    pieces
}

fn compare(plan: &Plan<'_>) -> String {
    let same = |given: &str| match plan.hash() {
        Some(_) => format!("{given}.length === expected.length && timingSafeEqual({given}, expected)"),
        None => format!("verify(null, signed, key, {given})"),
    };
    if plan.is_single() {
        let mut out = String::new();
        let value = match plan.beginnings.first() {
            Some(beginning) => {
                let _ = writeln!(out, "  if (!signature.startsWith({})) return false;", text(beginning));
                format!("signature.slice({})", beginning.encode_utf16().count())
            }
            None => "signature".to_owned(),
        };
        let _ = writeln!(out, "  const given = decoded({value});\n  return {};", same("given"));
        return out;
    }
    let mut texts = match &plan.signatures {
        Signatures::Fields(locals) if locals.len() > 1 => {
            let locals: Vec<String> = locals.iter().map(|local| camel(local)).collect();
            format!("[{}].filter((text) => typeof text === \"string\")", locals.join(", "))
        }
        _ => "[signature]".to_owned(),
    };
    if let Some(separator) = plan.separator {
        texts = match texts.strip_prefix("[signature]") {
            Some(_) => format!("signature.split({})", text(separator)),
            None => format!("{texts}.flatMap((text) => text.split({}))", text(separator)),
        };
    }
    let mut out = format!("  const given = {texts}");
    if plan.trims {
        out.push_str("\n    .map((text) => text.trim())");
    }
    match plan.beginnings.as_slice() {
        [] => {
            out.push_str("\n    .map(decoded);\n");
        }
        [one] => {
            let (literal, length) = (text(one), one.encode_utf16().count());
            let _ = write!(
                out,
                "\n    .filter((text) => text.startsWith({literal}))\n    .map((text) => decoded(text.slice({length})));\n"
            );
        }
        several => {
            let _ = write!(
                out,
                "\n    .map((text) => [text, {}.find((one) => text.startsWith(one))])\n    .filter(([, beginning]) => beginning \
                 !== undefined)\n    .map(([text, beginning]) => decoded(text.slice(beginning.length)));\n",
                list(several)
            );
        }
    }
    let _ = writeln!(out, "  return given.some((one) => {});", same("one"));
    out
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|one| text(one)).collect();
    format!("[{}]", texts.join(", "))
}
