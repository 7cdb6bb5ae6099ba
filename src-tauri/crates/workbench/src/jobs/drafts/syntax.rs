//! Syntax errors of a claims text: where JSON stops, what it expects there, and one-click fixes for slips.

use jose::{
    Code, Finding, Part,
    json::{Document, NotJson, Span},
};

use super::{
    noted::{Fix, Noted},
    text::{TextEdit, apply, unit},
};

/// What is wrong with a text that is not JSON.
pub(super) fn fault(text: &str, error: &NotJson) -> Noted {
    let end = text[error.at..].chars().next().map_or(error.at, |c| error.at + c.len_utf8());
    let span = Span::new(error.at, end);
    let code = if error.too_deep { Code::TooDeep } else { Code::NotJson };
    let finding = Finding::new(code, error.to_string()).at(Part::Payload, span);
    // A guess is offered only where the text can be read further after it.
    let better = |fix: &Fix| match Document::parse(&apply(text, &fix.edits)) {
        Ok(_) => true,
        Err(next) => reach(text, &fix.edits, next.at) > error.at,
    };
    let fixes = guesses(text, error.at).into_iter().filter(better).collect();
    Noted { finding, span, fixes }
}

/// How far into the old text a place of the new one lies.
fn reach(text: &str, edits: &[TextEdit], at: usize) -> usize {
    let grown: isize = edits
        .iter()
        .filter(|edit| edit.span.start <= at)
        .map(|edit| edit.insert.len() as isize - (edit.span.end - edit.span.start) as isize)
        .sum();
    at.saturating_add_signed(-grown).min(text.len())
}

fn guesses(text: &str, at: usize) -> Vec<Fix> {
    let fix = |title: &str, edits: Vec<TextEdit>| Fix { title: title.to_owned(), edits };
    let insert = |at: usize, what: &str| TextEdit::new(Span::new(at, at), what);
    let before = text[..at].trim_end().len();
    let rest = &text[at..];
    let next = rest.chars().next();
    let mut fixes = Vec::new();
    if text[..before].ends_with(',') && matches!(next, Some('}' | ']')) {
        fixes.push(fix("Take out the comma", vec![TextEdit::new(Span::new(before - 1, before), "")]));
    }
    if let Some(quoted) = curly(rest) {
        fixes.push(fix("Use straight quotes", vec![TextEdit::new(Span::new(at, at + quoted.0), quoted.1)]));
    }
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || "_$-+.".contains(*c)).collect();
    if !word.is_empty() {
        let lower = word.to_ascii_lowercase();
        let plain = match lower.as_str() {
            "true" | "false" | "null" => Some(lower.as_str()),
            "none" | "nil" | "undefined" => Some("null"),
            _ => None,
        };
        let span = Span::new(at, at + word.len());
        if let Some(plain) = plain.filter(|plain| *plain != word) {
            fixes.push(fix(&format!("Write {plain}"), vec![TextEdit::new(span, plain)]));
        }
        let title = format!("Put {word} in quotes");
        fixes.push(fix(&title, vec![TextEdit::new(span, jose::json::quote(&word))]));
    }
    if next.is_some() && text[..before].ends_with(['"', '}', ']', 'e', 'l'])
        || text[..before].ends_with(|c: char| c.is_ascii_digit())
    {
        fixes.push(fix("Add a comma", vec![insert(before, ",")]));
        fixes.push(fix("Add a colon", vec![insert(before, ":")]));
    }
    if rest.is_empty() {
        let (open, in_string) = open_brackets(text);
        let mut closing = if in_string { "\"".to_owned() } else { String::new() };
        let kept = text.trim_end();
        let cut = if !in_string && kept.ends_with(',') { kept.len() - 1 } else { kept.len() };
        for (depth, bracket) in open.iter().enumerate().rev() {
            if text.contains('\n') {
                closing.push('\n');
                closing.extend(std::iter::repeat_n(unit(text), depth));
            }
            closing.push(*bracket);
        }
        let title = if open.is_empty() { "Close the text" } else { "Close what is open" };
        fixes.push(fix(title, vec![TextEdit::new(Span::new(cut, text.len()), closing)]));
    } else if let Some('}' | ']') = next {
        // A bracket of the wrong kind, or one too many.
        let (open, _) = open_brackets(&text[..at]);
        if let Some(wanted) = open.last().filter(|wanted| !rest.starts_with(**wanted)) {
            fixes.push(fix(&format!("Write {wanted}"), vec![TextEdit::new(Span::byte(at), wanted.to_string())]));
        }
        if open.is_empty() {
            fixes.push(fix("Take it out", vec![TextEdit::new(Span::byte(at), "")]));
        }
    }
    if let Some(c) = next.filter(|c| c.is_control()) {
        let escape = match c {
            '\n' => "\\n".to_owned(),
            '\t' => "\\t".to_owned(),
            '\r' => "\\r".to_owned(),
            c => format!("\\u{:04x}", c as u32),
        };
        fixes.push(fix(&format!("Write {escape}"), vec![TextEdit::new(Span::byte(at), escape)]));
    }
    fixes
}

/// A text in other quotes, and the same in straight ones.
fn curly(rest: &str) -> Option<(usize, String)> {
    let open = rest.chars().next().filter(|c| "'`\u{201c}\u{201d}\u{201e}\u{2018}\u{2019}".contains(*c))?;
    let inside = &rest[open.len_utf8()..];
    let line = inside.lines().next()?;
    let close = line.find(|c: char| "'`\u{201c}\u{201d}\u{2018}\u{2019}\"".contains(c))?;
    let closing = line[close..].chars().next()?.len_utf8();
    Some((open.len_utf8() + close + closing, jose::json::quote(&line[..close])))
}

/// What would close the brackets that are open at the end, and whether a string is open.
fn open_brackets(text: &str) -> (Vec<char>, bool) {
    let (mut open, mut in_string, mut escaped) = (Vec::new(), false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => {
                open.pop();
            }
            _ => {}
        }
    }
    (open, in_string)
}
