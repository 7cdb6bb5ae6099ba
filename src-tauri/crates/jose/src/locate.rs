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
        let rest = format!("{}{}", &text[..self.span.start], &text[self.span.end..]);
        rest.chars().any(|c| !c.is_whitespace() && c != '"' && c != '\'')
    }
}

/// The first token in a text; else, where the text as a whole could be meant for one, that. `None` for an empty text.
pub fn locate(text: &str) -> Option<Located<'_>> {
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

/// Runs of token characters with at least one dot in them.
fn candidates(text: &str) -> impl Iterator<Item = Span> {
    let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '=');
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let start = at + text[at..].find(belongs)?;
            let end = text[start..].find(|c| !belongs(c)).map_or(text.len(), |length| start + length);
            at = end;
            // `token=eyJ…` and a full stop at the end of a sentence belong to the text around.
            let run = &text[start..end];
            let lead = run.find(".").and_then(|dot| run[..dot].rfind('=')).map_or(0, |equals| equals + 1);
            let trail = if run.ends_with('.') && run.matches('.').count() > 2 { 1 } else { 0 };
            if run.contains('.') {
                return Some(Span::new(start + lead, end - trail));
            }
        }
        None
    })
}

/// `{` in base64 is an e and one of sixteen characters; three parts have two dots, five have four.
fn begins_like_an_object(candidate: &str) -> bool {
    let second = candidate.as_bytes().get(1).copied().unwrap_or_default();
    candidate.starts_with('e')
        && (second.is_ascii_digit() || matches!(second, b'w'..=b'z' | b'-' | b'_'))
        && candidate.matches('.').count() >= 2
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
    }
}
