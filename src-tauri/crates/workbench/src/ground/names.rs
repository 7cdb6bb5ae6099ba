//! Names of keys and profiles: checked, suggested, and looked up with the nearest one.

use jose::unseen::is_unseen;

use crate::ground::{Error, NameError, Thing};

/// Characters in a name, at most.
const LONGEST: usize = 100;

/// Characters in a name that is suggested, at most.
const SUGGESTED: usize = 60;

/// A name as it is kept: trimmed, one line, without control or direction-changing characters, so that no name can pose
/// as another or disturb a terminal.
pub(crate) fn check(what: Thing, name: &str) -> Result<String, Error> {
    let name = name.trim();
    let bad = |why| Err(Error::Name(NameError::BadName { what, found: name.chars().take(LONGEST).collect(), why }));
    if name.is_empty() {
        bad("is empty")
    } else if name.chars().count() > LONGEST {
        bad("is longer than 100 characters")
    } else if name.chars().any(is_misleading) {
        bad("holds characters that cannot be seen")
    } else if name.starts_with('-') {
        bad("begins with a hyphen, as options do")
    } else {
        Ok(name.to_owned())
    }
}

/// Whether a character disturbs the line that it stands in: control, zero width, change of direction. The selectors that stand
/// behind a heart or a key choose how that is drawn.
pub(crate) fn is_misleading(c: char) -> bool {
    is_unseen(c) && !matches!(c, '\u{fe0e}' | '\u{fe0f}')
}

/// A name that can be kept, made of any text: what disturbs is left out, what is too long is cut.
pub(crate) fn fit(text: &str, otherwise: &str) -> String {
    let kept: String = text.chars().filter(|c| !is_misleading(*c)).take(SUGGESTED).collect();
    let kept = kept.trim().trim_start_matches('-').trim();
    if kept.is_empty() { otherwise.to_owned() } else { kept.to_owned() }
}

/// The first of `name`, `name (again)`, `name (again 2)`, … that is not taken.
pub(crate) fn free(name: &str, again: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(name) {
        return name.to_owned();
    }
    let base: String = name.chars().take(LONGEST - again.chars().count() - 10).collect();
    let base = base.trim_end();
    let first = std::iter::once(format!("{base} ({again})"));
    let more = (2_u32..).map(|number| format!("{base} ({again} {number})"));
    first.chain(more).find(|name| !taken(name)).unwrap_or_default()
}

/// The error for a name that nothing has.
pub(crate) fn not_found<'a>(what: Thing, name: &str, known: impl IntoIterator<Item = &'a str>) -> Error {
    let known: Vec<String> = known.into_iter().map(str::to_owned).collect();
    let nearest = provider::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    Error::Name(NameError::NotFound { what, name: name.to_owned(), nearest, known })
}
