//! A stranger's words, cut to a length that may stand in the log.

/// At most 64 characters of `text`.
pub(crate) fn shorten(text: &str) -> String {
    first(text, 64)
}

/// At most `most` characters of `text`.
pub(crate) fn first(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
