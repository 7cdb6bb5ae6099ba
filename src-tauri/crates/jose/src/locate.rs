//! Finding the token in whatever was pasted: a bare token, `Bearer …`, a header line, a curl command, JSON, a log line.

use crate::json::Span;

/// A token found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<'t> {
    /// The token as it stands in the text.
    pub token: &'t str,
    /// Where it stands.
    pub span: Span,
    /// Whether it surely is one: its first part begins like a JSON object. Otherwise the whole text was taken.
    pub certain: bool,
    /// How many further tokens the text holds.
    pub others: usize,
}

impl Located<'_> {
    /// What stood before and behind the token, if there was anything but white space and quotes.
    pub fn was_stripped(&self, text: &str) -> bool {
        let around = [&text[..self.span.start], &text[self.span.end..]];
        around.iter().any(|rest| rest.chars().any(|c| !c.is_whitespace() && c != '"' && c != '\''))
    }
}

/// The first token in a text; else, where the text as a whole could be meant for one, that. `None` for an empty text.
pub fn locate(text: &str) -> Option<Located<'_>> {
    if let Some(span) = alone(text) {
        return Some(Located { token: &text[span.start..span.end], span, certain: true, others: 0 });
    }
    let mut found = candidates(text).filter(|span| begins_like_an_object(&text[span.start..span.end]));
    if let Some(span) = found.next() {
        return Some(Located { token: &text[span.start..span.end], span, certain: true, others: found.count() });
    }
    let trimmed = text.trim().trim_matches(['"', '\'', '`']);
    let lower = trimmed.get(..7).unwrap_or_default().to_ascii_lowercase();
    let rest = if lower == "bearer " { trimmed[7..].trim_start() } else { trimmed };
    let start = rest.as_ptr() as usize - text.as_ptr() as usize;
    (!rest.is_empty()).then(|| Located {
        token: rest,
        span: Span::new(start, start + rest.len()),
        certain: false,
        others: 0,
    })
}

/// A text that is one token and nothing else, though other characters stand in it or it was broken into lines of one
/// length: its faults are to be named, not cut away.
fn alone(text: &str) -> Option<Span> {
    let trimmed = text.trim_ascii();
    // Without a way out early, the loop is done in wide steps.
    let spaced = trimmed.bytes().fold(false, |spaced, b| spaced | (b <= b' '));
    if !begins_like_an_object(trimmed) || spaced && !is_folded(trimmed) {
        return None;
    }
    let start = text.len() - text.trim_ascii_start().len();
    Some(Span::new(start, start + trimmed.len()))
}

/// Whether these lines are one token: all but the last of one length, of token characters alone.
fn is_folded(text: &str) -> bool {
    let belongs = |b: u8| b.is_ascii_alphanumeric() || b"-_.=+/".contains(&b);
    let lines: Vec<&str> = text.lines().collect();
    let [first, .., last] = lines.as_slice() else { return false };
    // Where the first of two lines could be a token of its own, the second may be anything.
    let whole = lines.len() == 2 && first.matches('.').count() == 2;
    let even = lines[..lines.len() - 1].iter().all(|line| line.len() == first.len()) && last.len() <= first.len();
    !whole && even && text.matches('.').count() == 2 && lines.iter().all(|line| line.bytes().all(belongs))
}

/// Runs of token characters with at least one dot in them.
fn candidates(text: &str) -> impl Iterator<Item = Span> {
    let belongs = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'=');
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at + bytes[at..].iter().position(belongs)?;
            let end = bytes[start..].iter().position(|b| !belongs(b)).map_or(bytes.len(), |length| start + length);
            at = end;
            let run = &text[start..end];
            let Some(dot) = run.find('.') else { continue };
            // `token=` before it and the full stop of a sentence around it do not belong to it.
            let lead = run[..dot].rfind('=').map_or(0, |equals| equals + 1);
            let trail = usize::from(run.ends_with('.') && run.matches('.').count() > 2);
            return Some(Span::new(start + lead, end - trail));
        }
        None
    })
}

/// `{` in base64 is an e and one of sixteen characters; three parts have two dots, five have four.
fn begins_like_an_object(candidate: &str) -> bool {
    let second = candidate.as_bytes().get(1).copied().unwrap_or_default();
    candidate.starts_with('e')
        && (second.is_ascii_digit() || matches!(second, b'w'..=b'z' | b'-' | b'_'))
        && candidate.bytes().filter(|b| *b == b'.').count() >= 2
        && candidate.find('.').is_some_and(|dot| dot >= 4)
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
        ];
        for text in texts {
            let located = locate(&text).unwrap();
            assert_eq!((located.token, located.certain), (token, true), "{text}");
        }
        assert_eq!(locate(&format!("{token} and {token}")).unwrap().others, 1);
    }

    #[test]
    fn what_is_no_token_is_taken_whole() {
        let located = locate(" Bearer abc def ").unwrap();
        assert_eq!((located.token, located.certain), ("abc def", false));
        assert_eq!(locate(" \n"), None);
        assert_eq!(locate("a.b.c").unwrap().token, "a.b.c");
        // What a bare token should not hold is its fault, and is not cut away.
        for whole in
            ["eyJhbGciOiJub25lIn0.e30.a+/b", "eyJhbGciOiJub25lIn0.e30.abcd?", "eyJhbGciO\niJub25lIn\n0.e30.YWI"]
        {
            assert_eq!(locate(&format!(" {whole}\n")).unwrap().token, whole);
        }
        // Two lines of which the first is whole are a token and something else.
        assert_eq!(locate("eyJhbGciOiJub25lIn0.e30.YWI\nok").unwrap().token, "eyJhbGciOiJub25lIn0.e30.YWI");
        // A part too many is a fault of the token where nothing stands around it.
        assert_eq!(locate("eyJhbGciOiJub25lIn0.e30.c2ln.\n").unwrap().token, "eyJhbGciOiJub25lIn0.e30.c2ln.");
    }
}
