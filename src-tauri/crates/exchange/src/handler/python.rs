//! Python, 3.8 or later, with its standard library; Ed25519 takes the package cryptography.

use std::fmt::Write as _;

use jose::{key::SecretEncoding, webhook::Encoding};

use super::plan::{Bit, Plan, Signatures, Signed, Time, TimePlace};
use crate::copy_as::python_string as text;

pub(super) fn write(plan: &Plan<'_>) -> String {
    let mut out: String = plan.says.iter().map(|line| format!("# {line}\n")).collect();
    out.push_str(&imports(plan));
    out.push_str(&secret(plan));
    out.push_str(&decoded(plan));
    if matches!(plan.time, Some(Time { place: TimePlace::Member(..), .. })) {
        out.push_str(MEMBER);
    }
    if plan.reads_body() {
        out.push_str(AT);
    }
    let arguments: String = plan.told().iter().map(|name| format!(", {name}: str")).collect();
    let _ = write!(out, "\n\ndef is_genuine(headers, raw_body: bytes{arguments}) -> bool:\n");
    out.push_str("    \"\"\"Whether the provider made this delivery.\n\n    `headers` are those of the request, found in any case, as in Flask, Django and Starlette, but not in\n    a plain dict. `raw_body` is the body as it came, before any parser: request.get_data() in Flask, request.body in\n    Django.\n");
    if plan.is_told("url") {
        out.push_str("    `url` is the address that the provider was given, which a proxy may hide from the server.\n");
    }
    out.push_str("    \"\"\"\n");
    for (local, name) in &plan.fields {
        let _ = writeln!(out, "    {local} = headers.get({})", text(name));
    }
    let wanted: Vec<String> = plan.wanted().iter().map(|local| format!("not {local}")).collect();
    if !wanted.is_empty() {
        let _ = write!(out, "    if {}:\n        return False\n", wanted.join(" or "));
    }
    if plan.reads_body() {
        out.push_str(READ);
    }
    if let Signatures::Body(path) = &plan.signatures {
        let _ = write!(
            out,
            "    signature = _text(_at(event, {}))\n    if not signature:\n        return False\n",
            list(path)
        );
    }
    out.push_str(&time(plan.time.as_ref()));
    out.push_str(&signed(plan));
    out.push_str(&compare(plan));
    out
}

fn imports(plan: &Plan<'_>) -> String {
    let is_base64 =
        plan.encoding != Encoding::Hex || matches!(plan.secret, SecretEncoding::Base64 | SecretEncoding::Base64Url);
    let wanted = [
        ("base64", is_base64),
        ("binascii", plan.encoding == Encoding::Hex),
        ("hashlib", plan.hash().is_some()),
        ("hmac", plan.hash().is_some()),
        ("json", plan.reads_body()),
        ("os", true),
        ("re", plan.anew),
        ("time", plan.time.is_some()),
    ];
    let mut out: String =
        wanted.iter().filter(|(_, wanted)| *wanted).map(|(name, _)| format!("import {name}\n")).collect();
    if plan.hash().is_none() {
        out.push_str("\nfrom cryptography.exceptions import InvalidSignature\n");
        out.push_str("from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey\n");
    }
    out
}

fn secret(plan: &Plan<'_>) -> String {
    let variable = plan.variable;
    let mut out = format!(
        "\nSECRET = os.environ.get(\"{variable}\")\nif not SECRET:\n    raise RuntimeError(\"{variable} is not set\")\n"
    );
    if !plan.secret_beginnings.is_empty() {
        let beginnings = list(plan.secret_beginnings);
        let _ = writeln!(out, "SECRET = SECRET[len(next(filter(SECRET.startswith, {beginnings}), \"\")):]");
    }
    let bytes = match plan.secret {
        SecretEncoding::Utf8 => "SECRET.encode()".to_owned(),
        SecretEncoding::Hex => "bytes.fromhex(SECRET)".to_owned(),
        SecretEncoding::Base64 => base64("SECRET", false),
        SecretEncoding::Base64Url => base64("SECRET", true),
    };
    let _ = match plan.hash() {
        Some(_) => writeln!(out, "KEY = {bytes}"),
        None => writeln!(out, "KEY = Ed25519PublicKey.from_public_bytes({bytes})"),
    };
    if plan.hash().is_some() && (plan.secret != SecretEncoding::Utf8 || !plan.secret_beginnings.is_empty()) {
        // Nothing at all would be a key that everybody has.
        let _ = write!(out, "if not KEY:\n    raise RuntimeError(\"{variable} holds no secret\")\n");
    }
    out
}

fn base64(local: &str, url: bool) -> String {
    let altchars = if url { "altchars=b\"-_\", " } else { "" };
    format!("base64.b64decode({local} + \"=\" * (-len({local}) % 4), {altchars}validate=True)")
}

fn decoded(plan: &Plan<'_>) -> String {
    let bytes = match plan.encoding {
        // bytes.fromhex passes over white space.
        Encoding::Hex => "binascii.unhexlify(text)".to_owned(),
        Encoding::Base64 => base64("text", false),
        Encoding::Base64Url => base64("text", true),
    };
    format!(
        "\n\ndef _decoded(text: str) -> bytes:\n    try:\n        return {bytes}\n    except ValueError:\n        return b\"\"\n"
    )
}

const MEMBER: &str = r#"

def _member(items: str, separator: str, name: str) -> str:
    """The value of a member in a list such as `t=1,v1=ab`."""
    for item in items.split(separator):
        key, _, value = item.strip().partition("=")
        if key == name:
            return value
    return ""
"#;

const AT: &str = r#"

def _at(value, way):
    """What stands in the body at the end of this way."""
    for name in way:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def _text(value):
    """A member as it is signed: nothing where there is none, and never an object."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else None
"#;

/// Numbers stay as they are written.
const READ: &str = "    try:\n        event = json.loads(raw_body, parse_int=str, parse_float=str)\n    except (ValueError, RecursionError):\n        return False\n";

fn time(time: Option<&Time<'_>>) -> String {
    let Some(time) = time else { return String::new() };
    let mut out = String::new();
    let _ = match &time.place {
        TimePlace::Field => Ok(()),
        TimePlace::Member(field, separator, name) => {
            writeln!(out, "    timestamp = _member({field}, {}, {})", text(separator), text(name))
        }
        TimePlace::Body(path) => writeln!(out, "    timestamp = _text(_at(event, {})) or \"\"", list(path)),
    };
    let now = if time.milliseconds { "time.time() * 1000" } else { "time.time()" };
    out.push_str(
        "    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 20):\n        return False\n",
    );
    let _ = write!(
        out,
        "    age = {now} - int(timestamp)\n    if age > {} or age < -{}:\n        return False\n",
        time.past, time.future
    );
    out
}

fn signed(plan: &Plan<'_>) -> String {
    let mut out = String::from("\n");
    if plan.anew {
        out.push_str("    # The body without the white space between its tokens, as JSON.stringify writes it.\n");
        out.push_str("    signed_body = re.sub(rb'(\"(?:[^\"\\\\]|\\\\.)*\")|[ \\t\\r\\n]+', rb\"\\1\", raw_body)\n");
    }
    let signed = match &plan.signed {
        Signed::Text(bits) => sum(bits, if plan.anew { "signed_body" } else { "raw_body" }),
        Signed::Members(paths, separator) => {
            let paths: String = paths.iter().map(|path| format!("        {},\n", list(path))).collect();
            let _ = writeln!(out, "    ways = [\n{paths}    ]\n    values = [_text(_at(event, way)) for way in ways]");
            out.push_str("    if None in values:\n        return False\n");
            format!("{}.join(values).encode()", text(separator))
        }
        Signed::Named(names, within, separator) => {
            let _ = writeln!(out, "    names = _at(event, {})", list(names));
            out.push_str("    names = names.split() if isinstance(names, str) else names\n");
            out.push_str("    if not isinstance(names, list) or not names:\n        return False\n");
            let start = if within.is_empty() { String::new() } else { format!("{} + ", list(within)) };
            let _ = writeln!(out, "    values = [_text(_at(event, {start}[str(name)])) for name in names]");
            out.push_str("    if None in values:\n        return False\n");
            format!("{}.join(values).encode()", text(separator))
        }
    };
    let _ = match plan.hash() {
        Some(hash) => writeln!(out, "    expected = hmac.new(KEY, {signed}, hashlib.{hash}).digest()"),
        None => writeln!(out, "    signed = {signed}"),
    };
    out
}

/// The bytes of all bits, one after the other.
fn sum(bits: &[Bit], body: &str) -> String {
    let bits = bits.iter().filter(|bit| !matches!(bit, Bit::Text(plain) if plain.is_empty()));
    let terms: Vec<String> = bits
        .map(|bit| match bit {
            Bit::Text(plain) if plain.is_ascii() => format!("b{}", text(plain)),
            Bit::Text(plain) => format!("{}.encode()", text(plain)),
            Bit::Local(local) => format!("{local}.encode()"),
            Bit::Body => body.to_owned(),
        })
        .collect();
    terms.join(" + ")
}

fn compare(plan: &Plan<'_>) -> String {
    let mut out = String::new();
    let texts = if plan.is_single() {
        match plan.beginnings.first() {
            Some(beginning) => {
                let _ = write!(out, "    if not signature.startswith({}):\n        return False\n", text(beginning));
                format!("[signature[{}:]]", beginning.chars().count())
            }
            None => "[signature]".to_owned(),
        }
    } else {
        let sources = match &plan.signatures {
            Signatures::Fields(locals) if locals.len() > 1 => {
                format!("[item for item in [{}] if item]", locals.join(", "))
            }
            _ => "[signature]".to_owned(),
        };
        let one = if plan.trims { "item.strip()" } else { "item" };
        let _ = match (plan.separator.map(text), sources.as_str()) {
            (Some(separator), "[signature]") if plan.trims => {
                writeln!(out, "    items = [{one} for item in signature.split({separator})]")
            }
            (Some(separator), "[signature]") => writeln!(out, "    items = signature.split({separator})"),
            (Some(separator), sources) => {
                writeln!(out, "    items = [{one} for field in {sources} for item in field.split({separator})]")
            }
            (None, sources) if plan.trims => writeln!(out, "    items = [{one} for item in {sources}]"),
            (None, sources) => writeln!(out, "    items = {sources}"),
        };
        match plan.beginnings.as_slice() {
            [] => "items".to_owned(),
            [one] => format!("[item[{}:] for item in items if item.startswith({})]", one.chars().count(), text(one)),
            several => {
                format!(
                    "[item[len(start):] for item in items for start in {} if item.startswith(start)]",
                    list(several)
                )
            }
        }
    };
    if plan.hash().is_none() {
        let _ = write!(
            out,
            "    for given in {texts}:\n        try:\n            KEY.verify(_decoded(given), signed)\n            return True\n        \
             except InvalidSignature:\n            pass\n    return False\n"
        );
        return out;
    }
    let _ = match texts.strip_prefix('[').and_then(|texts| texts.strip_suffix(']')).filter(|_| plan.is_single()) {
        Some(one) => writeln!(out, "    return hmac.compare_digest(_decoded({one}), expected)"),
        None => {
            let _ = writeln!(out, "    given = {texts}");
            writeln!(out, "    return any(hmac.compare_digest(_decoded(one), expected) for one in given)")
        }
    };
    out
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|one| text(one)).collect();
    format!("[{}]", texts.join(", "))
}
