//! Finding the token in whatever was pasted: a bare token, `Bearer …`, a header line, a curl command, JSON, a log line, an
//! address, a mail that broke it over lines.

use std::borrow::Cow;

use crate::{alg, json::Span, serialization, text, unseen::is_ignorable};

/// A token found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<'t> {
    /// The token: as it stands in the text, or without what an address, a mail or a shell puts into it.
    pub token: Cow<'t, str>,
    /// Where it stands.
    pub span: Span,
    /// Whether it surely is one: its first part begins like a JSON object, or it is a JWS in JSON. Otherwise the whole text
    /// was taken.
    pub certain: bool,
    /// How many further tokens the text holds.
    pub others: usize,
}

impl<'t> Located<'t> {
    fn as_it_stands(text: &'t str, span: Span, certain: bool) -> Self {
        Self { token: Cow::Borrowed(&text[span.start..span.end]), span, certain, others: 0 }
    }

    /// What stood before and behind the token, if there was anything but white space and quotes.
    pub fn was_stripped(&self, text: &str) -> bool {
        let around = [&text[..self.span.start], &text[self.span.end..]];
        around.iter().any(|rest| rest.chars().any(|c| !is_blank(c) && c != '"' && c != '\''))
    }
}

/// The first token in a text; else, where the text as a whole could be meant for one, that. `None` for an empty text.
pub fn locate(text: &str) -> Option<Located<'_>> {
    if serialization::read(text).is_some() {
        return Some(Located::as_it_stands(text, trimmed(text, is_blank, is_blank), true));
    }
    if let Some(found) = alone(text).or_else(|| folded(text)) {
        return Some(found);
    }
    let mut found = candidates(text);
    if let Some(span) = found.next() {
        return Some(Located { others: found.count(), ..Located::as_it_stands(text, span, true) });
    }
    if let Some(found) = percent_encoded(text) {
        return Some(found);
    }
    let trimmed = text.trim().trim_matches(['"', '\'', '`']);
    let lower = trimmed.get(..7).unwrap_or_default().to_ascii_lowercase();
    let rest = if lower == "bearer " { trimmed[7..].trim_start() } else { trimmed };
    let start = rest.as_ptr() as usize - text.as_ptr() as usize;
    (!rest.is_empty()).then(|| Located::as_it_stands(text, Span::new(start, start + rest.len()), false))
}

/// White space, and what has no width.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_ignorable(c)
}

/// What stands before a token in JSON, in a sentence or in a command.
fn opens(c: char) -> bool {
    is_blank(c) || matches!(c, '"' | '\'' | '`' | '\\' | '*' | '|' | '(' | '[' | '{' | '<' | '“' | '‘' | '«' | '„')
}

/// What stands behind one.
fn closes(c: char) -> bool {
    let quote = matches!(c, '"' | '\'' | '`' | '”' | '’' | '»' | '“');
    // A shell writes "%" where the last line has no end.
    is_blank(c) || quote || matches!(c, '\\' | '*' | '|' | ')' | ']' | '}' | '>' | ',' | ';' | '%')
}

/// Line breaks and spaces as programs and addresses write them.
const ESCAPED_ENDS: [&str; 5] = ["\\n", "\\r", "%0a", "%0d", "%20"];

/// The text before such an end, in either case.
fn without_end<'t>(text: &'t str, end: &str) -> Option<&'t str> {
    let (rest, found) = text.split_at_checked(text.len().checked_sub(end.len())?)?;
    found.eq_ignore_ascii_case(end).then_some(rest)
}

/// The text without what opens and closes it.
fn trimmed(text: &str, opens: fn(char) -> bool, closes: fn(char) -> bool) -> Span {
    let start = text.len() - text.trim_start_matches(opens).len();
    let mut inner = text;
    loop {
        let before = inner.len();
        inner = inner.trim_end_matches(closes);
        inner = ESCAPED_ENDS.into_iter().find_map(|end| without_end(inner, end)).unwrap_or(inner);
        // The full stop of a sentence stands behind what closes; right behind a token it could be a part too many.
        inner = inner.strip_suffix('.').filter(|rest| rest.ends_with(closes)).unwrap_or(inner);
        if inner.len() == before {
            break;
        }
    }
    Span::new(start, inner.len().max(start))
}

/// A text that is one token and nothing else, though other characters stand in it or it was broken into lines of one
/// length: its faults are to be named, not cut away. The punctuation of what it was copied from is not its fault.
fn alone(text: &str) -> Option<Located<'_>> {
    let mut span = trimmed(text, opens, closes);
    let inner = &text[span.start..span.end];
    span.start += without_scheme(inner);
    let inner = &text[span.start..span.end];
    // Without a way out early, the loop is done in wide steps.
    let spaced = inner.bytes().fold(false, |spaced, b| spaced | (b <= b' '));
    (begins_like_a_token(inner) && (!spaced || is_folded(inner))).then(|| Located::as_it_stands(text, span, true))
}

/// How long the scheme is that stands right before a token without a space between: `BearereyJ…`.
fn without_scheme(text: &str) -> usize {
    const SCHEME: &str = "bearer";
    match text.get(..SCHEME.len()) {
        Some(front) if front.eq_ignore_ascii_case(SCHEME) && begins_like_a_token(&text[SCHEME.len()..]) => SCHEME.len(),
        _ => 0,
    }
}

/// Whether these lines are one token: all but the last of one length, of token characters alone.
fn is_folded(text: &str) -> bool {
    let belongs = |b: u8| b.is_ascii_alphanumeric() || b"-_.=+/~".contains(&b);
    let lines: Vec<&str> = text.lines().collect();
    let [first, .., last] = lines.as_slice() else { return false };
    // Where the first of two lines could be a token of its own, the second may be anything.
    let whole = lines.len() == 2 && first.matches('.').count() == 2;
    let even = lines[..lines.len() - 1].iter().all(|line| line.len() == first.len()) && last.len() <= first.len();
    // Lines that end at the dots are the parts.
    let at_dots = lines.len() == 3 && lines[..2].iter().all(|line| line.ends_with('.'));
    // Four dots are those of an encrypted token, unless two of the lines are tokens.
    let parts = match text.matches('.').count() {
        2 => true,
        4 => lines.iter().filter(|line| begins_like_a_token(line)).count() < 2,
        _ => false,
    };
    !whole && (even || at_dots) && parts && lines.iter().all(|line| line.bytes().all(belongs))
}

/// A token that a mail or a shell broke over lines: each line without its indentation, its mark of quotation and the mark
/// that it goes on. The line breaks stay in it, since a token has none.
fn folded(text: &str) -> Option<Located<'_>> {
    let span = trimmed(text, |c| opens(c) || c == '>', |c| closes(c) || c == '\\');
    let inner = &text[span.start..span.end];
    let skip = behind_scheme(inner);
    let lines: Vec<&str> = inner[skip..].lines().map(undecorated).collect();
    let joined = lines.join("\n");
    let found = lines.len() > 1 && begins_like_a_token(&joined) && is_folded(&joined);
    let span = Span::new(span.start + skip, span.end);
    found.then_some(Located { token: Cow::Owned(joined), span, certain: true, others: 0 })
}

/// Where the token begins behind `Authorization: Bearer`, or at once.
fn behind_scheme(text: &str) -> usize {
    const LONGEST: usize = 40;
    let scheme = text.to_ascii_lowercase().find("bearer").filter(|at| *at < LONGEST);
    scheme.map_or(0, |at| text.len() - text[at + 6..].trim_start_matches(is_blank).len())
}

/// A line without indentation, marks of quotation, quotes, and what says that it goes on.
fn undecorated(line: &str) -> &str {
    let line = line.trim_end();
    let line = line.strip_suffix(" +").unwrap_or(line);
    line.trim_matches(|c| is_blank(c) || matches!(c, '>' | '\\' | '"' | '\'' | '|'))
}

/// Runs of token characters that begin like a token.
fn candidates(text: &str) -> impl Iterator<Item = Span> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at + bytes[at..].iter().position(belongs)?;
            let end = start + bytes[start..].iter().position(|b| !belongs(b)).unwrap_or(bytes.len() - start);
            at = end;
            if let Some(span) = in_run(text, start, end) {
                at = at.max(span.end);
                return Some(span);
            }
        }
        None
    })
}

fn belongs(b: &u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'=' | b'~')
}

/// The token in a run of characters, without `token=` before it and the full stop of a sentence behind it.
fn in_run(text: &str, start: usize, end: usize) -> Option<Span> {
    let run = &text[start..end];
    let dot = run.find('.')?;
    // Behind `Bearer%20` the run begins with the digits of the space.
    let escaped = if text[..start].ends_with('%') && run.is_char_boundary(2) { 2 } else { 0 };
    let lead = run[..dot].rfind('=').map_or(escaped.min(dot), |equals| equals + 1);
    let lead = lead + without_scheme(&run[lead..]);
    let token = &run[lead..];
    if !begins_like_a_token(token) {
        return None;
    }
    let trail = usize::from(token.ends_with('.') && token.matches('.').count() > 2);
    let end = standard_signature(text, start + lead, end).unwrap_or(end - trail);
    Some(Span::new(start + lead, end))
}

/// Where a signature in the standard alphabet of base64 ends: a run that goes on over "+" and "/" is one if it has the length
/// of a signature, and what stands before them has not.
fn standard_signature(text: &str, start: usize, end: usize) -> Option<usize> {
    let rest = &text[end..];
    if !rest.starts_with(['+', '/']) || text[start..end].matches('.').count() != 2 {
        return None;
    }
    let more = rest.bytes().position(|b| !belongs(&b) && !matches!(b, b'+' | b'/') || b == b'.').unwrap_or(rest.len());
    let begin = start + text[start..end].rfind('.')? + 1;
    let whole = &text[begin..end + more];
    (is_as_long_as_a_signature(whole) && !is_as_long_as_a_signature(&text[begin..end])).then_some(end + more)
}

/// Whether base64 has the length of a MAC or an ECDSA signature of the table, or of an RSA one of a usual modulus.
fn is_as_long_as_a_signature(part: &str) -> bool {
    let bytes = part.trim_end_matches('=').len() * 3 / 4;
    [256, 384, 512].contains(&bytes) || alg::TABLE.iter().any(|row| row.signature_len == Some(bytes))
}

/// A token in an address, where dots are `%2E` and padding is `%3D`.
fn percent_encoded(text: &str) -> Option<Located<'_>> {
    let lower = text.to_ascii_lowercase();
    let dot = lower.find("%2e")?;
    let belongs = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'%' | b'~');
    let bytes = text.as_bytes();
    let start = bytes[..dot].iter().rposition(|b| !belongs(*b)).map_or(0, |at| at + 1);
    let end = bytes[dot..].iter().position(|b| !belongs(*b)).map_or(bytes.len(), |length| dot + length);
    // `Bearer%20eyJ…` stands in one run.
    let start = lower[start..dot].rfind("%20").map_or(start, |space| start + space + 3);
    let mut token = String::with_capacity(end - start);
    let mut rest = &text[start..end];
    while let Some(at) = rest.find('%') {
        token.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 3)?;
        token.push(char::from(u8::from_str_radix(code, 16).ok().filter(u8::is_ascii_graphic)?));
        rest = &rest[at + 3..];
    }
    token.push_str(rest);
    begins_like_a_token(&token).then(|| Located {
        token: Cow::Owned(token),
        span: Span::new(start, end),
        certain: true,
        others: 0,
    })
}

/// Three parts have two dots, and the first of them is a JSON object.
fn begins_like_a_token(candidate: &str) -> bool {
    candidate.starts_with('e')
        && candidate.bytes().filter(|b| *b == b'.').count() >= 2
        && candidate.find('.').is_some_and(|dot| dot >= 3 && text::begins_an_object(&candidate[..dot]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_in_any_text() {
        let token = "eyJhbGciOiJub25lIn0.e30.c2ln";
        let texts = [
            token.to_owned(),
            format!("  {token}\n"),
            format!("Bearer {token}"),
            format!("bearer   {token}"),
            format!("Authorization: Bearer {token}\r\n"),
            format!("curl -H 'Authorization: Bearer {token}' https://api.sandbox.acme.gr4vy.app/transactions?limit=1"),
            format!("{{\"access\":\"{token}\",\"expires\":1}}"),
            format!("https://example.org/cb?token={token}&x=1"),
            format!("GET failed with {token}."),
            format!("\"{token}\""),
            format!("{token},"),
            format!("\u{a0}{token}\u{a0}"),
            format!("\u{feff}{token}\u{200b}"),
            format!("Bearer{token}"),
            format!("Authorization: bearer{token}\n"),
            format!("\"token\": \"{token}\","),
            format!("({token})"),
            format!("“{token}”;"),
            format!("https://example.org/cb?token={}&x=1", token.replace('.', "%2E")),
            format!("q=Bearer%20{}", token.replace('.', "%2e")),
            format!("q=Bearer%20{token}&x"),
            format!("see example.eu.auth0.com and {token}"),
        ];
        for text in texts {
            let located = locate(&text).unwrap();
            assert_eq!((&*located.token, located.certain), (token, true), "{text}");
        }
        assert_eq!(locate(&format!("{token} and {token}")).unwrap().others, 1);
    }

    #[test]
    fn what_is_no_token_is_taken_whole() {
        let located = locate(" Bearer abc def ").unwrap();
        assert_eq!((&*located.token, located.certain), ("abc def", false));
        assert_eq!(locate(" \n"), None);
        assert_eq!(locate("a.b.c").unwrap().token, "a.b.c");
        // What a bare token should not hold is its fault, and is not cut away.
        for whole in
            ["eyJhbGciOiJub25lIn0.e30.a+/b", "eyJhbGciOiJub25lIn0.e30.abcd?", "eyJhbGciO\niJub25lIn\n0.e30.YWI"]
        {
            assert_eq!(locate(&format!(" {whole}\n")).unwrap().token, whole);
        }
        // A mail, a shell and a program break it, each with marks of its own.
        for broken in [
            "> eyJhbGciO\n> iJub25lIn\n> 0.e30.YWI\n",
            "  eyJhbGciO\n  iJub25lIn\n  0.e30.YWI",
            "eyJhbGciO\\\niJub25lIn\\\n0.e30.YWI",
            "\"eyJhbGciO\" +\n  \"iJub25lIn\" +\n  \"0.e30.YWI\";",
            "Authorization: Bearer eyJhbGciO\n iJub25lIn\n 0.e30.YWI",
        ] {
            let located = locate(broken).unwrap();
            assert_eq!((&*located.token, located.certain), ("eyJhbGciO\niJub25lIn\n0.e30.YWI", true), "{broken}");
        }
        let parts = "eyJhbGciOiJub25lIn0.\ne30.\nYWI";
        assert_eq!(locate(parts).unwrap().token, parts);
        // Names of hosts are not tokens, though one begins with the letters of a token.
        for host in ["example.eu.auth0.com", "eyes.on.the.road.example", "e30x.example.org"] {
            assert!(!locate(host).unwrap().certain, "{host}");
        }
        // Two lines of which the first is whole are a token and something else.
        assert_eq!(locate("eyJhbGciOiJub25lIn0.e30.YWI\nok").unwrap().token, "eyJhbGciOiJub25lIn0.e30.YWI");
        // A part too many is a fault of the token where nothing stands around it.
        assert_eq!(locate("eyJhbGciOiJub25lIn0.e30.c2ln.\n").unwrap().token, "eyJhbGciOiJub25lIn0.e30.c2ln.");
    }
    #[test]
    fn a_signature_in_standard_base64_is_taken_whole() {
        let signature = "ab+/".repeat(10) + "abc=";
        let token = format!("eyJhbGciOiJIUzI1NiJ9.e30.{signature}");
        for text in [format!("Bearer {token}"), format!("{{\"t\":\"{token}\"}}"), format!("t={token}&x")] {
            assert_eq!(locate(&text).unwrap().token, token, "{text}");
        }
        // A path goes on behind a token, too.
        let whole = format!("eyJhbGciOiJIUzI1NiJ9.e30.{}", "A".repeat(43));
        assert_eq!(locate(&format!("GET /check/{whole}/state")).unwrap().token, whole);
    }
}
