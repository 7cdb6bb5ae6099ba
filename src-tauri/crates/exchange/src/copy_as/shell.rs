//! Words of a POSIX shell (IEEE 1003.1, Shell Command Language §2.2).

use std::fmt::Write as _;

use super::{
    literal::is_hidden,
    parts::{Content, Parts},
    secret::{Part, Secret, Spelling},
};

/// One word: as it is where nothing in it means anything, else in single quotes.
pub(crate) fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A text and the value of a variable after it as one word. Where the variable is not set, the shell says so and runs
/// nothing.
pub(super) fn quote_before(text: &str, secret: &Secret) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        if "$`\\\"".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    let _ = write!(out, "${{{}:?}}\"", secret.variable);
    out
}

/// What writes a body into a pipe, where no argument should hold it: bytes, characters that a terminal would act on, and
/// secrets. `printf` is part of the shell, so that the list of processes does not show what it writes.
pub(super) fn written(parts: &Parts<'_>) -> Option<String> {
    let mut format = String::new();
    let mut secrets = Vec::new();
    match &parts.body {
        Content::Empty => return None,
        Content::Bytes(bytes) => bytes.iter().for_each(|byte| octal(&mut format, *byte)),
        Content::Text(texts) => {
            for part in texts {
                match part {
                    Part::Text(text) => escaped(&mut format, text),
                    Part::Secret(position, spelling) => {
                        format.push_str(if *spelling == Spelling::Json { "\"%s\"" } else { "%s" });
                        secrets.push((&parts.secrets[*position].variable, *spelling));
                    }
                }
            }
            let odd = |part: &Part<'_>| matches!(part, Part::Text(text) if text.contains(is_hidden));
            if secrets.is_empty() && !texts.iter().any(odd) {
                return None;
            }
        }
    }
    // A pipe goes on when its first command stops, so this is asked before it.
    let mut out = String::new();
    for (index, (variable, _)) in secrets.iter().enumerate() {
        let _ = write!(out, "{}\"${{{variable}:?}}\"", if index == 0 { ": " } else { " " });
    }
    if !secrets.is_empty() {
        out.push_str(" &&\n");
    }
    // A format that begins with a hyphen would be an option.
    let (hyphen, format) = format.strip_prefix('-').map_or(("", &*format), |rest| ("\\055", rest));
    let _ = write!(out, "printf '{hyphen}{format}'");
    for (variable, spelling) in &secrets {
        let _ = match spelling {
            Spelling::Json => write!(out, " \"$(printf %s \"${variable}\" | sed 's/[\\\\\"]/\\\\&/g')\""),
            Spelling::Plain | Spelling::Form => write!(out, " \"${variable}\""),
        };
    }
    out.push_str(" |\n");
    Some(out)
}

/// A text in the format of printf, within single quotes.
fn escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '%' => out.push_str("%%"),
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("'\\''"),
            c if is_hidden(c) => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| octal(out, byte)),
            c => out.push(c),
        }
    }
}

fn octal(out: &mut String, byte: u8) {
    let _ = write!(out, "\\{byte:03o}");
}
