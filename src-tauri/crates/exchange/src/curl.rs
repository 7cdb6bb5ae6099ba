//! A request as a curl command for a POSIX shell, with the credential read from an environment variable.

use std::fmt::Write as _;

use crate::{Body, HeaderValue, Piece, PreparedRequest};

/// The request as a curl command that does the same. The credential is not in it: the command reads `variable`. Nor is
/// any secret of the body: for each the command reads a variable with the secret's name, `$PASSWORD`, which holds the
/// value as the body spells it.
///
/// `variable` is the name of an environment variable; where it is not a name that a shell takes, `TOKEN` is used.
pub fn copy_as_curl(request: &PreparedRequest, variable: &str) -> String {
    let variable = if is_name(variable) { variable } else { "TOKEN" };
    let url = request.url.as_str();
    let mut out = String::from("curl -sS");
    // curl reads [..] and {..} in addresses as patterns of its own.
    if url.contains(['[', ']', '{', '}']) {
        out.push_str(" -g");
    }
    if request.method != "GET" || !request.body.is_empty() {
        let _ = write!(out, " -X {}", quote(&request.method));
    }
    let _ = write!(out, " {}", quote(url));
    for header in &request.headers {
        let _ = match &header.value {
            // curl leaves a field without a value out, unless it ends in a semicolon.
            HeaderValue::Plain(value) if value.is_empty() => {
                write!(out, " \\\n  -H {}", quote(&format!("{};", header.name)))
            }
            HeaderValue::Plain(value) => write!(out, " \\\n  -H {}", quote(&format!("{}: {value}", header.name))),
            HeaderValue::Masked { clear, .. } => {
                let prefix = before_credential(&header.name, clear);
                let text = double_quoted(&format!("{}: {prefix}", header.name));
                write!(out, " \\\n  -H \"{text}${variable}\"")
            }
        };
    }
    let body = match &request.body {
        Body::Plain(bytes) => bytes,
        Body::Secret(pieces) => {
            let _ = write!(out, " \\\n  --data-raw {}", joined(pieces));
            return out;
        }
    };
    match std::str::from_utf8(body) {
        Ok("") => {}
        Ok(text) if !text.contains('\0') => {
            let _ = write!(out, " \\\n  --data-raw {}", quote(text));
        }
        // No argument can hold such bytes.
        _ => out = format!("printf '{}' | {out} \\\n  --data-binary @-", octal(body)),
    }
    out
}

/// What of a header value stands before the credential: `Bearer `, `session=`.
fn before_credential<'v>(name: &str, value: &'v str) -> &'v str {
    let end = if name.eq_ignore_ascii_case("cookie") { value.find('=') } else { value.find(' ') };
    end.map_or("", |end| &value[..=end])
}

/// The pieces of a body as one word for a shell, the secrets as variables between the quoted texts.
fn joined(pieces: &[Piece]) -> String {
    pieces.iter().fold(String::new(), |mut out, piece| {
        match piece {
            Piece::Plain(text) => out.push_str(&quote(text)),
            Piece::Masked { name, .. } => {
                let _ = write!(out, "\"${}\"", name.to_ascii_uppercase());
            }
        }
        out
    })
}

/// Letters, digits and `_`, no digit first.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// One word for a POSIX shell: as it is where nothing in it means anything, else in single quotes.
pub(crate) fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The inside of double quotes, where `$`, backquote, backslash and the quote itself mean something.
fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "$`\\\"".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Bytes as printf reads them.
fn octal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 4), |mut out, byte| {
        let _ = write!(out, "\\{byte:03o}");
        out
    })
}
