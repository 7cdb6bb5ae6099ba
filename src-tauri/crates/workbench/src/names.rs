//! Names that people give to keys and profiles, and finding a thing by its name.

use crate::Error;

/// Characters in a name, at most.
const LONGEST: usize = 100;

/// A name as it is kept: trimmed, one line, without control or direction-changing characters, so that no name can pose
/// as another or disturb a terminal.
pub(crate) fn check(what: &'static str, name: &str) -> Result<String, Error> {
    let name = name.trim();
    let bad = |why| Err(Error::BadName { what, found: name.chars().take(LONGEST).collect(), why });
    let misleading = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if name.is_empty() {
        bad("is empty")
    } else if name.chars().count() > LONGEST {
        bad("is longer than 100 characters")
    } else if name.chars().any(misleading) {
        bad("holds characters that cannot be seen")
    } else if name.starts_with('-') {
        bad("begins with a hyphen, as options do")
    } else {
        Ok(name.to_owned())
    }
}

/// The error for a name that nothing has.
pub(crate) fn not_found<'a>(what: &'static str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Error {
    let known: Vec<String> = known.into_iter().map(str::to_owned).collect();
    let nearest = provider::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    Error::NotFound { what, name: name.to_owned(), nearest, known }
}
