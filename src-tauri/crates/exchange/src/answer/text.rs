//! Texts from servers, fit for a message.

use jose::unseen::steers;

/// How many characters of a text are shown in one piece.
const LONGEST: usize = 300;

/// How many of one that stands inside a sentence.
const BRIEF: usize = 40;

/// A text as it may stand in a line: without what steers, not longer than a few lines.
pub(crate) fn clip(text: &str) -> String {
    cut(text, LONGEST)
}

/// A text as it may stand inside a sentence, in quotes.
pub(crate) fn brief(text: &str) -> String {
    format!("{:?}", cut(text, BRIEF))
}

fn cut(text: &str, most: usize) -> String {
    let mut chars = text.chars().map(|c| if steers(c) { ' ' } else { c });
    let mut out: String = chars.by_ref().take(most).collect();
    if chars.next().is_some() {
        out.push('…');
    }
    out
}
