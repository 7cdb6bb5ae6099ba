//! Places of a text as JavaScript counts them: in UTF-16 code units. Rust counts bytes.

use jose::json::Span;

/// Turns bytes of one text into UTF-16 code units.
pub struct Units {
    /// For each byte the units before it; nothing where every character is one byte.
    before: Option<Vec<u32>>,
    length: usize,
}

impl Units {
    /// Counts a text once.
    pub fn new(text: &str) -> Self {
        let length = text.len();
        if text.is_ascii() {
            return Self { before: None, length };
        }
        let mut before = Vec::with_capacity(length + 1);
        let mut units = 0;
        for c in text.chars() {
            before.extend(std::iter::repeat_n(units, c.len_utf8()));
            units += u32::from(c.len_utf16() == 2) + 1;
        }
        before.push(units);
        Self { before: Some(before), length }
    }

    /// The units before a byte. What lies inside of a character counts as its beginning, what lies beyond the text as its end.
    pub fn at(&self, byte: usize) -> usize {
        let byte = byte.min(self.length);
        self.before.as_ref().map_or(byte, |before| before[byte] as usize)
    }

    /// Both ends of a span.
    pub fn span(&self, span: Span) -> (usize, usize) {
        (self.at(span.start), self.at(span.end))
    }
}

/// The byte at a place of the text counted in UTF-16 code units.
pub fn byte_at(text: &str, units: usize) -> usize {
    let mut counted = 0;
    for (byte, c) in text.char_indices() {
        if counted >= units {
            return byte;
        }
        counted += c.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_as_javascript_counts() {
        let text = "a é😀\u{202e}b";
        let units = Units::new(text);
        for (byte, c) in text.char_indices() {
            let wanted: usize = text[..byte].chars().map(char::len_utf16).sum();
            assert_eq!(units.at(byte), wanted, "{c:?}");
            assert_eq!(byte_at(text, wanted), byte);
        }
        assert_eq!(units.at(1_000), text.encode_utf16().count());
        assert_eq!(byte_at(text, 1_000), text.len());
        assert_eq!(Units::new("plain").span(Span::new(1, 3)), (1, 3));
    }
}
