//! A JSON text made out of another one: values replaced, white space taken out, everything else byte for byte. Where
//! each byte came from is kept, so that what is found in the one can be shown in the other.

use crate::json::{Document, NotJson, Span};

/// A text made out of another, and which part of it was which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The text that was made.
    pub text: String,
    pieces: Vec<Piece>,
}

/// A run of the new text and what it was made of: the same bytes, or a value that was put in place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    before: Span,
    after: Span,
}

impl Piece {
    fn is_copy(self) -> bool {
        self.before.end - self.before.start == self.after.end - self.after.start
    }
}

/// Puts values in place of others. `replaced` are whole values of the document, in order, with the JSON text of each; with
/// `compact` the white space between tokens is left out.
pub fn rewrite(document: &Document<'_>, replaced: &[(Span, String)], compact: bool) -> Rewritten {
    let text = document.text();
    let mut out = Rewritten { text: String::with_capacity(text.len()), pieces: Vec::with_capacity(replaced.len() * 2) };
    let mut at = 0;
    for (span, value) in replaced {
        out.copy(text, Span::new(at, span.start), compact);
        out.put(*span, value);
        at = span.end;
    }
    out.copy(text, Span::new(at, text.len()), compact);
    out
}

/// The text without white space between its tokens; everything else stays byte for byte.
pub fn compact(text: &str) -> Result<String, NotJson> {
    Ok(rewrite(&Document::parse(text)?, &[], true).text)
}

impl Rewritten {
    fn put(&mut self, before: Span, value: &str) {
        let start = self.text.len();
        self.text.push_str(value);
        self.pieces.push(Piece { before, after: Span::new(start, self.text.len()) });
    }

    /// Copies whole tokens and the white space around them.
    fn copy(&mut self, text: &str, span: Span, compact: bool) {
        if !compact {
            if span.start < span.end {
                self.put(span, &text[span.start..span.end]);
            }
            return;
        }
        let bytes = text.as_bytes();
        let (mut at, mut run) = (span.start, span.start);
        while at < span.end {
            match bytes[at] {
                b'"' => at = end_of_string(bytes, at),
                b' ' | b'\t' | b'\n' | b'\r' => {
                    if run < at {
                        self.put(Span::new(run, at), &text[run..at]);
                    }
                    at += 1;
                    run = at;
                }
                _ => at += 1,
            }
        }
        if run < span.end {
            self.put(Span::new(run, span.end), &text[run..span.end]);
        }
    }

    /// Where a part of the old text stands in the new one. White space that was left out has no length there.
    pub fn after(&self, before: Span) -> Span {
        let start = self.pieces.partition_point(|piece| piece.before.end <= before.start);
        let end = self.pieces.partition_point(|piece| piece.before.start < before.end);
        let from = match self.pieces.get(start) {
            Some(piece) if piece.is_copy() && before.start > piece.before.start => {
                piece.after.start + (before.start - piece.before.start)
            }
            Some(piece) => piece.after.start,
            None => self.text.len(),
        };
        let to = match end.checked_sub(1).and_then(|last| self.pieces.get(last)) {
            Some(piece) if piece.is_copy() && before.end < piece.before.end => {
                piece.after.end - (piece.before.end - before.end)
            }
            Some(piece) => piece.after.end,
            None => 0,
        };
        Span::new(from.min(to.max(from)), to.max(from))
    }

    /// Where a part of the new text came from in the old one.
    pub fn before(&self, after: Span) -> Span {
        let start = self.pieces.partition_point(|piece| piece.after.end <= after.start);
        let end = self.pieces.partition_point(|piece| piece.after.start < after.end);
        let from = match self.pieces.get(start) {
            Some(piece) if piece.is_copy() && after.start > piece.after.start => {
                piece.before.start + (after.start - piece.after.start)
            }
            Some(piece) => piece.before.start,
            None => self.pieces.last().map_or(0, |piece| piece.before.end),
        };
        let to = match end.checked_sub(1).and_then(|last| self.pieces.get(last)) {
            Some(piece) if piece.is_copy() && after.end < piece.after.end => {
                piece.before.end - (piece.after.end - after.end)
            }
            Some(piece) => piece.before.end,
            None => 0,
        };
        Span::new(from, to.max(from))
    }
}

/// The byte after the closing quote of the string that opens at `at`.
fn end_of_string(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The characters of a base64url text in which these bytes are written: ⌊4i/3⌋ up to ⌈4i/3⌉. A character holds six bits,
/// so the ends share one with their neighbours.
pub fn base64_characters(bytes: Span) -> Span {
    Span::new(bytes.start * 4 / 3, (bytes.end * 4).div_ceil(3))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn made(text: &str, replaced: &[(&str, &str)], compact: bool) -> Rewritten {
        let document = Document::parse(text).unwrap();
        let replaced: Vec<(Span, String)> = replaced
            .iter()
            .map(|(old, new)| {
                let at = text.find(old).unwrap();
                (Span::new(at, at + old.len()), (*new).to_owned())
            })
            .collect();
        rewrite(&document, &replaced, compact)
    }

    #[test]
    fn positions_are_found_both_ways() {
        let text = "{ \"a\" : \"$now\",\n  \"b\" : [ 1 , 22 ] }";
        let made = made(text, &[("\"$now\"", "1000")], true);
        assert_eq!(made.text, r#"{"a":1000,"b":[1,22]}"#);
        let span = |whole: &str, part: &str| {
            let at = whole.find(part).unwrap();
            Span::new(at, at + part.len())
        };
        for (before, after) in [("\"$now\"", "1000"), ("22", "22"), ("\"b\"", "\"b\""), ("[ 1 , 22 ]", "[1,22]")] {
            assert_eq!(made.after(span(text, before)), span(&made.text, after), "{before}");
            assert_eq!(made.before(span(&made.text, after)), span(text, before), "{after}");
        }
        // Inside of a copied run.
        assert_eq!(
            made.before(Span::new(18, 19)),
            Span::new(text.find("22").unwrap() + 1, text.find("22").unwrap() + 2)
        );
        // A whole document.
        assert_eq!(made.after(Span::new(0, text.len())), Span::new(0, made.text.len()));
    }

    #[test]
    fn white_space_alone_has_no_length() {
        let made = made("{ }", &[], true);
        assert_eq!(made.after(Span::new(1, 2)), Span::new(1, 1));
    }

    #[test]
    fn characters_of_bytes() {
        assert_eq!(base64_characters(Span::new(0, 1)), Span::new(0, 2));
        assert_eq!(base64_characters(Span::new(1, 3)), Span::new(1, 4));
        assert_eq!(base64_characters(Span::new(3, 4)), Span::new(4, 6));
    }

    proptest! {
        #[test]
        fn every_value_is_found_in_the_characters_that_encode_it(
            names in prop::collection::vec("[a-zé\u{202e}]{1,6}", 1..8),
            space in "[ \n\t]{0,3}",
        ) {
            let members: Vec<String> = names
                .iter()
                .enumerate()
                .map(|(n, name)| match n % 3 {
                    0 => format!("{space}\"{name}{n}\"{space}:{space}\"$now\""),
                    1 => format!("\"{name}{n}\":{space}10.1{n}e2"),
                    _ => format!("\"{name}{n}\": [ \"{name}\" ,{space}null ]"),
                })
                .collect();
            let text = format!("{space}{{{}{space}}}", members.join(","));
            let document = Document::parse(&text).unwrap();
            let replaced: Vec<(Span, String)> = document
                .nodes()
                .filter(|node| node.raw() == "\"$now\"")
                .map(|node| (node.span(), "1795305600".to_owned()))
                .collect();
            let made = rewrite(&document, &replaced, true);
            let again = Document::parse(&made.text).unwrap();
            let encoded = crate::text::encode(made.text.as_bytes());
            prop_assert_eq!(document.nodes().count(), again.nodes().count());
            for (old, new) in document.nodes().zip(again.nodes()) {
                prop_assert_eq!(made.after(old.span()), new.span());
                prop_assert_eq!(made.before(new.span()), old.span());
                // Decoding the characters, from a boundary of four, gives the value back.
                let characters = base64_characters(new.span());
                let from = characters.start / 4 * 4;
                let decoded = crate::text::decode_leniently(&encoded[from..characters.end]).unwrap();
                let skip = new.span().start - from / 4 * 3;
                prop_assert_eq!(&decoded[skip..skip + new.raw().len()], new.raw().as_bytes());
            }
        }
    }
}
