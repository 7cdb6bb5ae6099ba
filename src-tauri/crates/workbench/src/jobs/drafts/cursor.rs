//! The cursor in a claims text that is not JSON yet: the member, value or element that it stands in.

use jose::json::Span;

/// What is written at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The names and lists from the outermost object in: `["embed"]`, `["scopes", "[]"]`.
    pub(super) path: Vec<String>,
    /// What can stand there.
    pub(super) role: Role,
    /// What is there already and would be replaced: a string with its quotes, or a bare word.
    pub(super) span: Span,
    /// What of it stands before the cursor, without the quote.
    pub(super) typed: String,
    /// The names that the innermost object has, but for the one at the cursor.
    pub(super) present: Vec<String>,
    /// Whether a colon follows.
    pub(super) colon: bool,
    /// Whether a further member or element follows directly, with no comma between.
    pub(super) more: bool,
}

/// What can stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// The name of a member.
    Name,
    /// The value of the member of this name.
    Value(String),
    /// An element of a list.
    Element,
    /// Neither: behind a value, or outside of everything.
    Nothing,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Text(Span),
    Word(Span),
    Sign(char, usize),
}

struct Open {
    object: bool,
    names: Vec<String>,
    /// The name whose value comes next.
    name: Option<String>,
    after_value: bool,
}

/// Looks at the text up to the byte `at`, and beyond it only for what belongs to the same place.
pub(super) fn cursor(text: &str, at: usize) -> Cursor {
    let tokens = tokens(text);
    // A string that is not closed yet still grows at its end, so that the cursor behind it is inside.
    let holds = |token: &Token| match token {
        Token::Text(span) => span.start < at && (at < span.end || !closed(text, *span)),
        Token::Word(span) => span.start < at && at <= span.end,
        Token::Sign(..) => false,
    };
    let here = tokens.iter().position(holds);
    let next = here.map_or_else(|| tokens.iter().position(|token| start(token) >= at), |here| Some(here + 1));
    let rest = next.unwrap_or(tokens.len());
    // What is written at the cursor is about to be replaced, so it counts for nothing here.
    let mut open: Vec<Open> = Vec::new();
    for (index, token) in tokens[..here.unwrap_or(rest)].iter().enumerate() {
        step(&mut open, token, tokens.get(index + 1), text);
    }
    let span = here.map_or(Span::new(at, at), |here| match &tokens[here] {
        Token::Text(span) | Token::Word(span) => *span,
        Token::Sign(_, at) => Span::byte(*at),
    });
    let typed = text.get(span.start..at.max(span.start)).unwrap_or_default().trim_start_matches('"').to_owned();
    let following = tokens.get(rest);
    Cursor {
        path: path(&open),
        role: role(&open),
        span,
        typed,
        colon: matches!(following, Some(Token::Sign(':', _))),
        more: matches!(following, Some(Token::Text(_) | Token::Word(_)) | Some(Token::Sign('{' | '[', _))),
        present: names(open, &tokens, rest, text),
    }
}

/// What can stand where these objects and lists are open.
fn role(open: &[Open]) -> Role {
    match open.last() {
        // Behind a value comes a comma or an end, and nothing is written for anybody there.
        None | Some(Open { after_value: true, .. }) => Role::Nothing,
        Some(Open { object: true, name: Some(name), .. }) => Role::Value(name.clone()),
        Some(Open { object: true, .. }) => Role::Name,
        Some(_) => Role::Element,
    }
}

/// The names and lists that lead to the innermost open object or list.
fn path(open: &[Open]) -> Vec<String> {
    // The outermost is the claims set itself, which has no name.
    let outer = open.iter().take(open.len().saturating_sub(1));
    outer.map(|outer| outer.name.clone().unwrap_or_else(|| "[]".to_owned())).collect()
}

/// The names of the innermost object: those before the cursor, and those that follow from the token `rest` on.
fn names(mut open: Vec<Open>, tokens: &[Token], rest: usize, text: &str) -> Vec<String> {
    let depth = open.len();
    let mut names: Vec<String> = open.last().map(|inner| inner.names.clone()).unwrap_or_default();
    for (index, token) in tokens.iter().enumerate().skip(rest) {
        // The object ended, and what follows belongs to another one.
        if open.len() < depth {
            break;
        }
        let before = open.len();
        step(&mut open, token, tokens.get(index + 1), text);
        // Deeper objects have names of their own, which are none of this one.
        if before == depth
            && open.len() == depth
            && let Some(name) = open.last().and_then(|inner| inner.names.last())
            && !names.contains(name)
        {
            names.push(name.clone());
        }
    }
    names
}

fn start(token: &Token) -> usize {
    match token {
        Token::Text(span) | Token::Word(span) => span.start,
        Token::Sign(_, at) => *at,
    }
}

fn closed(text: &str, span: Span) -> bool {
    span.end - span.start > 1 && text[span.start..span.end].ends_with('"')
}

/// Takes one token: what opens, closes, is named or is a value. A bracket that closes nothing changes nothing.
fn step(open: &mut Vec<Open>, token: &Token, next: Option<&Token>, text: &str) {
    let value = |open: &mut Vec<Open>| {
        if let Some(inner) = open.last_mut() {
            inner.after_value = true;
        }
    };
    match token {
        Token::Sign(bracket @ ('{' | '['), _) => {
            open.push(Open { object: *bracket == '{', names: Vec::new(), name: None, after_value: false });
        }
        Token::Sign('}' | ']', _) => {
            open.pop();
            value(open);
        }
        Token::Sign(',', _) => {
            if let Some(inner) = open.last_mut() {
                inner.name = None;
                inner.after_value = false;
            }
        }
        Token::Text(span) if is_name(open, next) => {
            let name = content(text, *span);
            if let Some(inner) = open.last_mut() {
                inner.names.push(name.clone());
                inner.name = Some(name);
                inner.after_value = false;
            }
        }
        Token::Text(_) | Token::Word(_) => value(open),
        Token::Sign(..) => {}
    }
}

/// Whether a string is a name: a colon follows, or nothing was named yet.
fn is_name(open: &[Open], next: Option<&Token>) -> bool {
    open.last().is_some_and(|inner| inner.object && (inner.name.is_none() || matches!(next, Some(Token::Sign(':', _)))))
}

fn content(text: &str, span: Span) -> String {
    let raw = text[span.start..span.end].trim_start_matches('"');
    raw.strip_suffix('"').unwrap_or(raw).to_owned()
}

/// The tokens of a text that may be anything. A string that is not closed ends with its line.
fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < bytes.len() && !matches!(bytes[at], b'"' | b'\n' | b'\r') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at = at.min(bytes.len());
                if bytes.get(at) == Some(&b'"') {
                    at += 1;
                } else {
                    // Whoever types a string has often closed the object behind it already: those signs are not its text.
                    at = start + text[start..at].trim_end_matches([' ', ',', '}', ']', '\t']).len().max(1);
                }
                tokens.push(Token::Text(Span::new(start, at)));
            }
            sign @ (b'{' | b'}' | b'[' | b']' | b':' | b',') => {
                tokens.push(Token::Sign(sign as char, at));
                at += 1;
            }
            b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            _ => {
                while at < bytes.len() && !b"\"{}[]:, \t\r\n".contains(&bytes[at]) {
                    at += 1;
                }
                tokens.push(Token::Word(Span::new(start, at)));
            }
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Cursor {
        let at = text.find('|').unwrap();
        cursor(&text.replacen('|', "", 1), at)
    }

    #[test]
    fn places_are_known_though_the_text_is_not_json_yet() {
        let cases = [
            "{|}",
            "{\"a\": 1, |}",
            "{\"a\": 1, \"e|",
            "{\n  \"a\": 1,\n  \"ex|\n  \"jti\": \"x\"\n}",
            "{\"exp\": |}",
            "{\"exp\": \"$n|\", \"iat\": 1}",
            "{\"scopes\": [\"a\", \"tra|\"]}",
            "{\"scopes\": [|]}",
            "{\"embed\": {\"amount\": 1, \"|\": 2}, \"iat\": 3}",
            "{\"embed\": {\"currency\": \"G|\"}}",
            "{\"exp\": 5 |}",
            "{\"exp\": $no|}",
            "|",
        ];
        let said: Vec<String> = cases
            .iter()
            .map(|case| {
                let Cursor { path, role, typed, present, colon, .. } = at(case);
                format!("{case:?}\n  {path:?} {role:?} typed {typed:?} present {present:?} colon {colon}")
            })
            .collect();
        insta::assert_snapshot!(said.join("\n"));
    }
}
