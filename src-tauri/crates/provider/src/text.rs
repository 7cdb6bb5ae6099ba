//! Texts from elsewhere, fit to be shown: characters that would steer a terminal or turn a line stand as marks.

use std::borrow::Cow;

/// Whether a character steers where and how text is shown instead of being text: C0, DEL and C1 controls, line and paragraph
/// separators, and what turns the direction of text (Unicode Standard Annex #9, §2).
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text in one line, in which what steers is a visible mark: `‹ESC›` is `‹U+001B›`, a line break `‹LF›`.
///
/// For whatever people are shown of a definition, a token, an answer or a delivery that somebody else wrote.
pub fn visible(text: &str) -> Cow<'_, str> {
    marked(text, steers)
}

/// The same for a text of several lines: line breaks and tabs stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    marked(text, |c| steers(c) && !matches!(c, '\n' | '\t'))
}

fn marked(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if !hidden(c) => out.push(c),
            '\n' => out.push_str("‹LF›"),
            '\r' => out.push_str("‹CR›"),
            '\t' => out.push_str("‹TAB›"),
            c => out.push_str(&format!("‹U+{:04X}›", u32::from(c))),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_seen_and_the_rest_is_left() {
        let shown = visible("a\u{1b}]52;c;eA\u{7}b\rc\u{8}\n\td\u{9b}31m\u{202e}e\u{2066}f\u{200f}g\u{7f}\u{2028}");
        insta::assert_snapshot!(shown, @"a‹U+001B›]52;c;eA‹U+0007›b‹CR›c‹U+0008›‹LF›‹TAB›d‹U+009B›31m‹U+202E›e‹U+2066›f‹U+200F›g‹U+007F›‹U+2028›");
        assert!(matches!(visible("Ünïcode – «ok» 👩‍💻 می‌خواهم"), Cow::Borrowed(_)), "joiners are text");
        assert_eq!(visible_lines("{\n\t\"a\": 1\r\n}"), "{\n\t\"a\": 1‹CR›\n}");
    }

    #[test]
    fn nothing_that_steers_is_left_of_any_character() {
        for c in (0..=0xffff).filter_map(char::from_u32) {
            assert!(!visible(&c.to_string()).contains(steers), "{c:?}");
        }
    }
}
