//! PHP, 8.0 or later, with the extensions that it comes with.

use std::fmt::Write as _;

use jose::{key::SecretEncoding, webhook::Encoding};

use super::plan::{Bit, Plan, Signatures, Signed, Time, TimePlace};
use crate::copy_as::{camel, php_string as text};

pub(super) fn write(plan: &Plan<'_>) -> String {
    let mut out = String::from("<?php\n\ndeclare(strict_types=1);\n\n");
    out.extend(plan.says.iter().map(|line| format!("// {line}\n")));
    out.push_str("// `$server` is `$_SERVER`. `$rawBody` is the body as it came, before any parser: file_get_contents('php://input').\n");
    if plan.is_told("url") {
        out.push_str("// `$url` is the address that the provider was given, which a proxy may hide from the server.\n");
    }
    let arguments: String = plan.told().iter().map(|name| format!(", string ${name}")).collect();
    let _ = write!(out, "function isGenuine(array $server, string $rawBody{arguments}): bool\n{{\n");
    out.push_str(&secret(plan));
    out.push_str(&decoded(plan));
    for (local, name) in &plan.fields {
        let _ = writeln!(out, "    ${} = $server[{}] ?? '';", camel(local), text(&variable_of(name)));
    }
    let wanted: Vec<String> = plan.wanted().iter().map(|local| format!("${} === ''", camel(local))).collect();
    if !wanted.is_empty() {
        let _ = write!(out, "    if ({}) {{\n        return false;\n    }}\n", wanted.join(" || "));
    }
    if plan.reads_body() {
        out.push_str(READ);
    }
    if let Signatures::Body(path) = &plan.signatures {
        let _ = write!(
            out,
            "    $signature = $text($at($event, {}));\n    if ($signature === null || $signature === '') {{\n        return \
             false;\n    }}\n",
            list(path)
        );
    }
    out.push_str(&time(plan.time.as_ref()));
    out.push_str(&signed(plan));
    out.push_str(&compare(plan));
    out + "}\n"
}

/// Where PHP keeps a header field (RFC 3875 §4.1.18).
fn variable_of(field: &str) -> String {
    format!("HTTP_{}", field.to_ascii_uppercase().replace('-', "_"))
}

fn secret(plan: &Plan<'_>) -> String {
    let variable = plan.variable;
    let mut out = format!(
        "    $secret = getenv('{variable}');\n    if ($secret === false || $secret === '') {{\n        throw new \
         RuntimeException('{variable} is not set');\n    }}\n"
    );
    if !plan.secret_beginnings.is_empty() {
        let _ = write!(
            out,
            "    foreach ({} as $beginning) {{\n        if (str_starts_with($secret, $beginning)) {{\n            $secret = \
             substr($secret, strlen($beginning));\n            break;\n        }}\n    }}\n",
            list(plan.secret_beginnings)
        );
    }
    let bytes = match plan.secret {
        SecretEncoding::Utf8 => "$secret".to_owned(),
        SecretEncoding::Hex => hex("$secret"),
        SecretEncoding::Base64 => base64("$secret", false),
        SecretEncoding::Base64Url => base64("$secret", true),
    };
    let _ = writeln!(out, "    $key = {bytes};");
    // Nothing at all would be a key that everybody has.
    match plan.hash() {
        None => {
            let _ = write!(
                out,
                "    if (strlen($key) !== SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES) {{\n        throw new \
                 RuntimeException('{variable} cannot be read');\n    }}\n"
            );
        }
        Some(_) if bytes != "$secret" || !plan.secret_beginnings.is_empty() => {
            let _ = write!(
                out,
                "    if ($key === '') {{\n        throw new RuntimeException('{variable} cannot be read');\n    }}\n"
            );
        }
        Some(_) => {}
    }
    out
}

fn hex(value: &str) -> String {
    format!("ctype_xdigit({value}) && strlen({value}) % 2 === 0 ? hex2bin({value}) : ''")
}

fn base64(value: &str, url: bool) -> String {
    match url {
        true => format!("(string) base64_decode(strtr({value}, '-_', '+/'), true)"),
        false => format!("(string) base64_decode({value}, true)"),
    }
}

fn decoded(plan: &Plan<'_>) -> String {
    let bytes = match plan.encoding {
        Encoding::Hex => hex("$text"),
        Encoding::Base64 => base64("$text", false),
        Encoding::Base64Url => base64("$text", true),
    };
    let mut out = format!("    $decoded = static fn (string $text): string => {bytes};\n");
    if matches!(plan.time, Some(Time { place: TimePlace::Member(..), .. })) {
        out.push_str(MEMBER);
    }
    if plan.reads_body() {
        out.push_str(AT);
    }
    out.push('\n');
    out
}

const MEMBER: &str = r"    // The value of a member in a list such as `t=1,v1=ab`.
    $member = static function (string $list, string $separator, string $name): string {
        foreach (explode($separator, $list) as $item) {
            [$key, $value] = explode('=', trim($item), 2) + [1 => ''];
            if ($key === $name) {
                return $value;
            }
        }
        return '';
    };
";

const AT: &str = r"    // What stands in the body at the end of this way.
    $at = static function (mixed $value, array $way): mixed {
        foreach ($way as $name) {
            if (!is_array($value) || !array_key_exists($name, $value)) {
                return null;
            }
            $value = $value[$name];
        }
        return $value;
    };
    // A member as it is signed: nothing where there is none, and never an object. PHP does not keep how a fraction was
    // written, so that a body with one where something is signed is not found genuine.
    $text = static fn (mixed $value): ?string => match (true) {
        $value === null => '',
        is_bool($value) => $value ? 'true' : 'false',
        is_int($value), is_string($value) => (string) $value,
        default => null,
    };
";

const READ: &str = r"    $event = json_decode($rawBody, true, 512, JSON_BIGINT_AS_STRING);
    if (json_last_error() !== JSON_ERROR_NONE) {
        return false;
    }
";

fn time(time: Option<&Time<'_>>) -> String {
    let Some(time) = time else { return String::new() };
    let mut out = String::new();
    let _ = match &time.place {
        TimePlace::Field => Ok(()),
        TimePlace::Member(field, separator, name) => {
            writeln!(out, "    $timestamp = $member(${}, {}, {});", camel(field), text(separator), text(name))
        }
        TimePlace::Body(path) => writeln!(out, "    $timestamp = $text($at($event, {})) ?? '';", list(path)),
    };
    let now = if time.milliseconds { "microtime(true) * 1000" } else { "time()" };
    out.push_str("    if (!ctype_digit($timestamp)) {\n        return false;\n    }\n");
    let _ = write!(
        out,
        "    $age = {now} - (int) $timestamp;\n    if ($age > {} || $age < -{}) {{\n        return false;\n    }}\n",
        time.past, time.future
    );
    out
}

fn signed(plan: &Plan<'_>) -> String {
    let mut out = String::from("\n");
    if plan.anew {
        out.push_str("    // The body without the white space between its tokens, as JSON.stringify writes it.\n");
        out.push_str("    $signedBody = preg_replace('/(\"(?:[^\"\\\\\\\\]|\\\\\\\\.)*+\")|[ \\t\\r\\n]+/s', '$1', $rawBody) ?? '';\n");
    }
    let signed = match &plan.signed {
        Signed::Text(bits) => sum(bits, if plan.anew { "$signedBody" } else { "$rawBody" }),
        Signed::Members(paths, separator) => {
            let paths: String = paths.iter().map(|path| format!("        {},\n", list(path))).collect();
            let _ = write!(
                out,
                "    $values = array_map(static fn (array $way): ?string => $text($at($event, $way)), [\n{paths}    ]);\n"
            );
            out.push_str("    if (in_array(null, $values, true)) {\n        return false;\n    }\n");
            format!("implode({}, $values)", text(separator))
        }
        Signed::Named(names, within, separator) => {
            let _ = writeln!(out, "    $names = $at($event, {});", list(names));
            out.push_str("    if (is_string($names)) {\n        $names = preg_split('/\\s+/', $names, -1, PREG_SPLIT_NO_EMPTY);\n    }\n");
            out.push_str("    if (!is_array($names) || $names === []) {\n        return false;\n    }\n");
            let way = match *within {
                [] => "[$name]".to_owned(),
                way => format!("[...{}, $name]", list(way)),
            };
            let _ = writeln!(
                out,
                "    $values = array_map(static fn (mixed $name): ?string => is_string($name) ? $text($at($event, {way})) : null, \
                 array_values($names));"
            );
            out.push_str("    if (in_array(null, $values, true)) {\n        return false;\n    }\n");
            format!("implode({}, $values)", text(separator))
        }
    };
    let _ = match plan.hash() {
        Some(hash) => writeln!(out, "    $expected = hash_hmac('{hash}', {signed}, $key, true);"),
        None => writeln!(out, "    $signed = {signed};"),
    };
    out
}

fn sum(bits: &[Bit], body: &str) -> String {
    let bits = bits.iter().filter(|bit| !matches!(bit, Bit::Text(plain) if plain.is_empty()));
    let terms: Vec<String> = bits
        .map(|bit| match bit {
            Bit::Text(plain) => text(plain),
            Bit::Local(local) => format!("${}", camel(local)),
            Bit::Body => body.to_owned(),
        })
        .collect();
    terms.join(" . ")
}

fn compare(plan: &Plan<'_>) -> String {
    let same = |given: &str| match plan.hash() {
        Some(_) => format!("hash_equals($expected, $decoded({given}))"),
        // Sodium throws where a signature has another length.
        None => format!(
            "strlen($decoded({given})) === SODIUM_CRYPTO_SIGN_BYTES && sodium_crypto_sign_verify_detached($decoded({given}), \
             $signed, $key)"
        ),
    };
    let mut out = String::new();
    if plan.is_single() {
        let value = match plan.beginnings.first() {
            Some(beginning) => {
                let literal = text(beginning);
                let _ =
                    write!(out, "    if (!str_starts_with($signature, {literal})) {{\n        return false;\n    }}\n");
                format!("substr($signature, {})", beginning.len())
            }
            None => "$signature".to_owned(),
        };
        let _ = writeln!(out, "    return {};", same(&value));
        return out;
    }
    let sources = match &plan.signatures {
        Signatures::Fields(locals) => {
            locals.iter().map(|local| format!("${}", camel(local))).collect::<Vec<_>>().join(", ")
        }
        Signatures::Body(_) => "$signature".to_owned(),
    };
    let several = matches!(&plan.signatures, Signatures::Fields(locals) if locals.len() > 1);
    let items = match (several, plan.separator) {
        (false, Some(separator)) => format!("explode({}, $signature)", text(separator)),
        (true, Some(separator)) => {
            let separator = text(separator);
            let _ = writeln!(
                out,
                "    $items = array_merge(...array_map(static fn (string $field): array => explode({separator}, $field), [{sources}]));"
            );
            "$items".to_owned()
        }
        (_, None) => format!("[{sources}]"),
    };
    let _ = writeln!(out, "    foreach ({items} as $item) {{");
    if plan.trims {
        out.push_str("        $item = trim($item);\n");
    }
    let beginnings = match plan.beginnings.as_slice() {
        [] => None,
        beginnings => Some(list(beginnings)),
    };
    let _ = match beginnings {
        None => write!(out, "        if ({}) {{\n            return true;\n        }}\n", same("$item")),
        Some(beginnings) => write!(
            out,
            "        foreach ({beginnings} as $beginning) {{\n            if (str_starts_with($item, $beginning) && {}) {{\n                \
             return true;\n            }}\n        }}\n",
            same("substr($item, strlen($beginning))")
        ),
    };
    out + "    }\n    return false;\n"
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|one| text(one)).collect();
    format!("[{}]", texts.join(", "))
}
