//! BEGIN and END lines of PEM, as they should be and as they arrive: with four hyphens or six, with dashes of a word processor,
//! without any at one end.

use zeroize::Zeroizing;

use crate::json::Span;

/// Which line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Begin,
    End,
}

impl Side {
    /// The word on it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Begin => "BEGIN",
            Self::End => "END",
        }
    }
}

/// A line that begins or ends a block.
#[derive(Debug)]
pub(super) struct LabelLine<'t> {
    pub side: Side,
    /// What stands on it; `None` where it is too damaged to say.
    pub label: Option<&'t str>,
    /// From its first hyphen to behind its last.
    pub span: Span,
    /// Whether five hyphens stand on either side, as every program wants.
    pub exact: bool,
}

/// All of them, in order.
pub(super) fn label_lines(text: &str) -> Vec<LabelLine<'_>> {
    let words = [Side::Begin, Side::End]
        .into_iter()
        .flat_map(|side| text.match_indices(side.word()).map(move |at| (at.0, side)));
    let mut lines: Vec<LabelLine<'_>> = words.filter_map(|(at, side)| label_line(text, at, side)).collect();
    lines.sort_by_key(|line| (line.span.end, line.span.start));
    // Where a line break was lost, hyphens stand that could be of either line.
    let mut behind = 0;
    for line in &mut lines {
        line.span.start = line.span.start.max(behind);
        behind = line.span.end.max(behind);
    }
    lines
}

/// Whether a text has a line that begins or ends a block.
pub(super) fn has_label_line(text: &str) -> bool {
    !label_lines(text).is_empty()
}

fn label_line(text: &str, at: usize, side: Side) -> Option<LabelLine<'_>> {
    let before = text[..at].trim_end_matches([' ', '\u{a0}']);
    let start = before.trim_end_matches(is_hyphen).len();
    let opening = &before[start..];
    let opens_line = text[..start].chars().next_back().is_none_or(|c| matches!(c, '\n' | '\r' | '"' | '\''));
    let after = &text[at + side.word().len()..];
    let label = label(after);
    let rest = label.map_or(after, |label| &after[label.as_ptr() as usize - after.as_ptr() as usize + label.len()..]);
    let closing_rest = rest.trim_start_matches([' ', '\u{a0}']);
    let behind = closing_rest.trim_start_matches(is_hyphen);
    let closing = &closing_rest[..closing_rest.len() - behind.len()];
    let ends_line =
        rest.trim_start_matches([' ', '\t']).chars().next().is_none_or(|c| matches!(c, '\n' | '\r' | '"' | '\''));
    let closed = !closing.is_empty() || ends_line;
    let span = |end: usize| Span::new(start, end);
    match label {
        Some(label) if closed && (!opening.is_empty() || opens_line && is_key(label)) => {
            let end = if closing.is_empty() { text.len() - rest.len() } else { text.len() - behind.len() };
            let exact = opening == "-----" && closing == "-----";
            Some(LabelLine { side, label: Some(label), span: span(end), exact })
        }
        // Hyphens and the word, and nothing behind that could be a label.
        _ if opening.chars().count() >= 3 && after.starts_with([' ', '-']) => {
            Some(LabelLine { side, label: None, span: span(text.len() - after.len()), exact: false })
        }
        _ => None,
    }
}

/// Characters that a label may have.
const MOST_CHARACTERS: usize = 40;

/// The label at the beginning of a text. Labels are short and in capitals, so that nothing of a key passes for one.
fn label(text: &str) -> Option<&str> {
    let text = text.strip_prefix([' ', '\u{a0}'])?.trim_start_matches([' ', '\u{a0}']);
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins = c == '-' && text[..at].ends_with(capital) && chars.peek().is_some_and(|(_, next)| capital(*next));
        match c {
            c if at <= MOST_CHARACTERS && (capital(c) || joins || c == '#') => end = at + c.len_utf8(),
            ' ' if at <= MOST_CHARACTERS => {}
            _ => break,
        }
    }
    (1..=MOST_CHARACTERS).contains(&end).then(|| &text[..end])
}

/// Whether a label is of something that this room reads, for lines that have no hyphens to show what they are.
fn is_key(label: &str) -> bool {
    label.ends_with("KEY") || label.ends_with("CERTIFICATE")
}

/// A hyphen, and what word processors and mail programs make of two or three.
fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// The text with its escapes undone: line breaks as `\n`, `\r\n` or `\\n`, slashes as `\/`, characters as `\u002b` or `%2B`.
pub(super) fn unescaped(text: &str) -> Zeroizing<String> {
    let percent = text.contains("BEGIN%20") || text.contains("BEGIN+");
    // All the room at once: a string that grows leaves copies behind.
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some(at) = rest.find(|c| c == '\\' || percent && matches!(c, '%' | '+')) {
        out.push_str(&rest[..at]);
        let (c, after) = one_escape(&rest[at..]);
        out.push(c);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The character that the escape at the beginning of a text stands for, and what is behind it.
fn one_escape(text: &str) -> (char, &str) {
    let hex = |digits: &str| u8::from_str_radix(digits, 16).ok().map(char::from);
    if let Some(rest) = text.strip_prefix('+') {
        // In a form that is percent-encoded, a blank.
        return (' ', rest);
    }
    if let Some(rest) = text.strip_prefix('%') {
        let decoded = rest.get(..2).and_then(hex);
        return decoded.map_or(('%', rest), |c| (c, &rest[2..]));
    }
    let escaped = text.trim_start_matches('\\');
    match escaped.chars().next() {
        Some('n' | 'r') => ('\n', &escaped[1..]),
        Some('u') => {
            match escaped.get(1..5).filter(|digits| digits.starts_with("00")).and_then(|digits| hex(&digits[2..])) {
                Some(c) => (c, &escaped[5..]),
                None => ('\\', escaped),
            }
        }
        Some(c @ ('/' | '"' | '\'')) => (c, &escaped[1..]),
        _ => ('\\', escaped),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_as_they_arrive() {
        let found = |text: &str| -> Vec<String> {
            let word = |line: LabelLine<'_>| {
                let exact = if line.exact { "" } else { " (damaged)" };
                format!("{} {}{exact}", line.side.word(), line.label.unwrap_or("?"))
            };
            label_lines(text).into_iter().map(word).collect()
        };
        assert_eq!(
            found("-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----"),
            ["BEGIN PRIVATE KEY", "END PRIVATE KEY"]
        );
        for damaged in [
            "----BEGIN RSA-PSS PRIVATE KEY-----",
            "------BEGIN RSA-PSS PRIVATE KEY------",
            "—–BEGIN RSA-PSS PRIVATE KEY—–",
            "--— BEGIN RSA-PSS PRIVATE KEY --—",
            "-----BEGIN RSA-PSS PRIVATE KEY\nMII",
            "BEGIN RSA-PSS PRIVATE KEY\nMII",
            "BEGIN RSA-PSS PRIVATE KEY-----",
        ] {
            assert_eq!(found(damaged), ["BEGIN RSA-PSS PRIVATE KEY (damaged)"], "{damaged}");
        }
        assert_eq!(found("-----BEGIN "), ["BEGIN ? (damaged)"]);
        assert_eq!(found("-----BEGIN PRIVATE KEYMIIEvQ"), ["BEGIN ? (damaged)"]);
        for nothing in ["BEGIN", "LEGEND", "xBEGIN PRIVATE KEY\n", "-- END of file", "THE END", "BEGIN TRANSACTION\n"] {
            assert!(found(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn escapes_are_undone() {
        for (text, plain) in [
            (r"a\nb", "a\nb"),
            (r"a\\nb\\\\rc", "a\nb\nc"),
            (r"\/\u002b\u002B\u003d", "/++="),
            (r#"\"x\""#, "\"x\""),
            (r"\q\u1234\", "\\q\\u1234\\"),
            ("BEGIN%20A%2Bb%zz+c%", "BEGIN A+b%zz c%"),
        ] {
            assert_eq!(*unescaped(text), plain);
        }
    }
}
