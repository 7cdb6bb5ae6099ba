//! String literals, as far as languages agree on them.

use std::fmt::Write as _;

use jose::unseen::is_unseen;

/// How a language spells a character of this code outside ASCII by its code.
pub(super) type Unicode = fn(u32) -> String;

/// A literal on one line between quotes. `also` are further characters that want a backslash. What cannot be seen is
/// spelled by its code, and so is what turns the direction of text around: it would show another program than the one
/// that runs.
pub(super) fn quoted(text: &str, quote: char, also: &[char], unicode: Unicode) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' => out.push_str("\\\\"),
            c if c == quote || also.contains(&c) => out.extend(['\\', c]),
            c => visible(&mut out, c, unicode),
        }
    }
    out.push(quote);
    out
}

/// The inside of a literal that may have several lines, before what ends it is escaped.
pub(super) fn lines(text: &str, unicode: Unicode) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '\n' | '\t' => out.push(c),
            '\\' => out.push_str("\\\\"),
            c => visible(&mut out, c, unicode),
        }
        out
    })
}

/// A character as it is if it can be seen, else by its code.
pub(super) fn visible(out: &mut String, c: char, unicode: Unicode) {
    match c {
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        c if c.is_ascii() && is_hidden(c) => {
            let _ = write!(out, "\\x{:02x}", u32::from(c));
        }
        c if is_hidden(c) => out.push_str(&unicode(c.into())),
        c => out.push(c),
    }
}

/// Whether a character cannot be seen, apart from space and line feed.
pub(crate) fn is_hidden(c: char) -> bool {
    c != '\n' && is_unseen(c)
}

/// `\u00e9`, `\U0001f600`: Python and Go.
pub(super) fn long_unicode(code: u32) -> String {
    if code <= 0xffff { format!("\\u{code:04x}") } else { format!("\\U{code:08x}") }
}

/// `\u{e9}`: JavaScript, PHP and Rust.
pub(super) fn braced_unicode(code: u32) -> String {
    format!("\\u{{{code:x}}}")
}

/// Bytes in double quotes. `also` as above.
pub(super) fn quoted_bytes(bytes: &[u8], also: &[char]) -> String {
    let mut out = String::with_capacity(bytes.len() * 4 + 2);
    out.push('"');
    for byte in bytes {
        let c = char::from(*byte);
        if "\"\\".contains(c) || also.contains(&c) {
            out.extend(['\\', c]);
        } else if *byte == b' ' || byte.is_ascii_graphic() {
            out.push(c);
        } else {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
    out
}
