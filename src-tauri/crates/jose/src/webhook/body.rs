//! Body bytes of a delivery, since they are signed: a byte more or less, and nothing matches.

use crate::json::{Document, Kind};

/// What was noticed about the bytes of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyFacts {
    /// How many bytes.
    pub length: usize,
    /// The first byte that is not UTF-8, from 0.
    pub not_utf8_at: Option<usize>,
    /// Whether it begins with a byte order mark.
    pub byte_order_mark: bool,
    /// Line breaks of two bytes, CR and LF.
    pub crlf: usize,
    /// Line breaks of LF alone.
    pub lf: usize,
    /// Whether the last byte is a line break.
    pub ends_with_line_break: bool,
    /// What it is as JSON, behind the byte order mark; none if it is not.
    pub json: Option<Kind>,
}

impl BodyFacts {
    /// Looks at a body.
    pub fn of(body: &[u8]) -> Self {
        let text = std::str::from_utf8(body);
        let breaks = body.iter().filter(|byte| **byte == b'\n').count();
        let crlf = body.windows(2).filter(|pair| pair == b"\r\n").count();
        let json = text.ok().and_then(|text| Document::parse(text.trim_start_matches('\u{feff}')).ok());
        Self {
            length: body.len(),
            not_utf8_at: text.err().map(|error| error.valid_up_to()),
            byte_order_mark: body.starts_with(BYTE_ORDER_MARK),
            crlf,
            lf: breaks - crlf,
            ends_with_line_break: body.ends_with(b"\n"),
            json: json.map(|document| document.root().kind()),
        }
    }

    /// All of it in one line: `412 bytes, JSON (an object), 3 line breaks (CRLF), one of them at the end`.
    pub fn words(&self) -> String {
        if self.length == 0 {
            return "no bytes".to_owned();
        }
        let mut words = vec![format!("{} {}", self.length, if self.length == 1 { "byte" } else { "bytes" })];
        if self.byte_order_mark {
            words.push("a byte order mark first".to_owned());
        }
        match (self.json, self.not_utf8_at) {
            (Some(kind), _) => words.push(format!("JSON ({})", kind.name())),
            (None, Some(at)) => words.push(format!("not UTF-8 from byte {} on", at + 1)),
            (None, None) => words.push("text that is not JSON".to_owned()),
        }
        let breaks = self.crlf + self.lf;
        let kind = match (self.crlf, self.lf) {
            (0, _) => "LF",
            (_, 0) => "CRLF",
            _ => "CRLF and LF",
        };
        words.push(match breaks {
            0 => "no line break".to_owned(),
            1 if self.ends_with_line_break => format!("a line break ({kind}) at the end"),
            1 => format!("1 line break ({kind})"),
            _ if self.ends_with_line_break => format!("{breaks} line breaks ({kind}), one of them at the end"),
            _ => format!("{breaks} line breaks ({kind})"),
        });
        words.join(", ")
    }
}

/// U+FEFF in UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bytes_are_is_said_in_a_line() {
        let bodies: [&[u8]; 9] = [
            b"",
            b"{}",
            b"{}\n",
            b"{\r\n}\r\n",
            b"[1,\r\n2\n]",
            b"a=1&b=2",
            b"\xef\xbb\xbf{}",
            b"\"\xe9\"\n\n",
            b"\"a\"\n\n",
        ];
        let said: Vec<String> = bodies.iter().map(|body| BodyFacts::of(body).words()).collect();
        insta::assert_snapshot!(said.join("\n"));
    }
}
