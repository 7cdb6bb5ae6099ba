//! Characters that steer or are not seen: which they are, by Unicode's own properties, and texts in which they stand as marks.
//!
//! One rule for whatever is shown, compared or cleaned: a definition, a token, an answer, a delivery, a paste, a name.

use std::borrow::Cow;

use icu_properties::{
    CodePointSetData,
    props::{BidiControl, DefaultIgnorableCodePoint},
};

/// Whether a character steers where and how text is shown instead of being text: C0, DEL and C1 controls, line and paragraph
/// separators, and what turns the direction of text (`Bidi_Control`, Unicode Standard Annex #9, §2).
pub fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || CodePointSetData::new::<BidiControl>().contains(c)
}

/// Whether a character has no picture and is not a space: `Default_Ignorable_Code_Point` (Unicode Standard, §5.21), which UTS #39
/// keeps out of identifiers, and the anchors of interlinear annotation (§23.8). Joiners and selectors of emoji and scripts are among
/// these.
pub fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{fff9}'..='\u{fffb}') || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Whether a character stands in a text without being seen there: it steers, or has no picture.
pub fn is_unseen(c: char) -> bool {
    steers(c) || is_ignorable(c)
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

/// A text in which each of the `hidden` characters is a visible mark.
pub fn marked(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) { out.push_str(&mark(c)) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// What stands for a character that is not seen. The quotes are in every font that has letters for Europe, which the control
/// pictures of Unicode are not.
pub fn mark(c: char) -> Cow<'static, str> {
    match c {
        '\n' => "‹LF›".into(),
        '\r' => "‹CR›".into(),
        '\t' => "‹TAB›".into(),
        c => format!("‹U+{:04X}›", u32::from(c)).into(),
    }
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

    /// Every character that one of the lists before this rule had.
    #[test]
    fn what_was_unseen_before_is_unseen() {
        let ranges = [
            ('\0', '\u{1f}'),
            ('\u{7f}', '\u{9f}'),
            ('\u{ad}', '\u{ad}'),
            ('\u{61c}', '\u{61c}'),
            ('\u{180e}', '\u{180e}'),
            ('\u{200b}', '\u{200f}'),
            ('\u{2028}', '\u{202e}'),
            ('\u{2060}', '\u{206f}'),
            ('\u{feff}', '\u{feff}'),
            ('\u{fff9}', '\u{fffb}'),
            ('\u{e0000}', '\u{e007f}'),
        ];
        for (from, to) in ranges {
            assert!((from..=to).all(is_unseen), "{from:?} to {to:?}");
        }
        let steering = ['\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{2029}'];
        assert!(steering.into_iter().all(steers));
    }

    /// Letters, marks, spaces and signs of any script are seen, those too that begin or end a run of Arabic digits.
    #[test]
    fn what_has_a_picture_is_seen() {
        for c in "aÜß€ \u{a0}\u{2003}\u{3000}漢ي़\u{300}👩\u{600}…‹›".chars() {
            assert!(!is_unseen(c), "{c:?}");
        }
        assert!(!steers('\u{200d}') && is_ignorable('\u{200d}'), "a joiner is text that is not seen");
    }
}
