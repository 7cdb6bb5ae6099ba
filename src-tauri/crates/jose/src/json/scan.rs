//! JSON scanner: one iterative pass over a text (RFC 8259), which makes a [`Document`] or says what is wrong and where.

use super::{
    Kind, MAX_DEPTH, NotJson,
    node::{Document, Entry, hex4},
};

impl<'t> Document<'t> {
    /// Reads `text` as one JSON value with optional white space around it.
    pub fn parse(text: &'t str) -> Result<Self, NotJson> {
        Scanner::new(text).document()
    }
}

/// The line and the column of a byte, both from 1, the column in characters.
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// What a string holds besides its characters.
#[derive(Clone, Copy)]
struct StringFacts {
    escaped: bool,
    lone: bool,
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    entries: Vec<Entry>,
    open: Vec<u32>,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            entries: Vec::with_capacity(text.len() / 12 + 4),
            open: Vec::with_capacity(8),
        }
    }

    fn document(mut self) -> Result<Document<'t>, NotJson> {
        if u32::try_from(self.bytes.len()).is_err() {
            return Err(self.expected("a text under 4 GiB"));
        }
        let mut name = Name::NONE;
        loop {
            self.skip_white_space();
            let opened = self.value(name)?;
            if opened && !self.closes_at_once() {
                if let Some(next) = self.next_name(true)? {
                    name = next;
                }
                continue;
            }
            match self.after_value()? {
                Some(next) => name = next,
                None => break,
            }
        }
        self.skip_white_space();
        if self.at < self.bytes.len() {
            return Err(self.expected("the end of the text"));
        }
        Ok(Document { text: self.text, entries: self.entries })
    }

    /// Reads a scalar, or the opening of a container; says whether a container was opened.
    fn value(&mut self, name: Name) -> Result<bool, NotJson> {
        let start = self.at;
        let mut facts = StringFacts { escaped: false, lone: false };
        let kind = match self.peek() {
            Some(open @ (b'{' | b'[')) => {
                if self.open.len() == MAX_DEPTH {
                    return Err(NotJson { too_deep: true, ..self.expected("at most 128 levels of nesting") });
                }
                self.open.push(self.entries.len() as u32);
                self.at += 1;
                if open == b'{' { Kind::Object } else { Kind::Array }
            }
            Some(b'"') => {
                facts = self.string()?;
                Kind::String
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Kind::Bool)?,
            Some(b'f') => self.word("false", Kind::Bool)?,
            Some(b'n') => self.word("null", Kind::Null)?,
            _ => return Err(self.expected("a value")),
        };
        let index = self.entries.len() as u32;
        self.entries.push(Entry {
            kind,
            escaped: facts.escaped,
            lone: facts.lone || name.facts.lone,
            name_escaped: name.facts.escaped,
            start: start as u32,
            end: self.at as u32,
            name: name.span,
            next: index + 1,
        });
        Ok(matches!(kind, Kind::Object | Kind::Array))
    }

    /// Whether the container that was just opened is empty; then it is closed.
    fn closes_at_once(&mut self) -> bool {
        self.skip_white_space();
        let close = self.innermost().map(|kind| if kind == Kind::Object { b'}' } else { b']' });
        if close.is_some() && self.peek() == close {
            self.close();
            return true;
        }
        false
    }

    /// Closes containers until a comma asks for a further value. `None` when the outermost value is complete.
    fn after_value(&mut self) -> Result<Option<Name>, NotJson> {
        loop {
            let Some(kind) = self.innermost() else { return Ok(None) };
            self.skip_white_space();
            match (self.peek(), kind) {
                (Some(b','), _) => {
                    self.at += 1;
                    return Ok(Some(self.next_name(false)?.unwrap_or(Name::NONE)));
                }
                (Some(b'}'), Kind::Object) | (Some(b']'), Kind::Array) => self.close(),
                (_, Kind::Object) => return Err(self.expected("\",\" or \"}\"")),
                _ => return Err(self.expected("\",\" or \"]\"")),
            }
        }
    }

    /// In an object, the name and the colon that come before the next value; in an array, no name.
    fn next_name(&mut self, first: bool) -> Result<Option<Name>, NotJson> {
        if self.innermost() != Some(Kind::Object) {
            return Ok(Some(Name::NONE));
        }
        self.skip_white_space();
        if self.peek() != Some(b'"') {
            return Err(self.expected(if first {
                "a member name in quotes or \"}\""
            } else {
                "a member name in quotes"
            }));
        }
        let start = self.at;
        let facts = self.string()?;
        let span = (start as u32 + 1, self.at as u32 - 1);
        self.skip_white_space();
        if self.peek() != Some(b':') {
            return Err(self.expected("\":\""));
        }
        self.at += 1;
        Ok(Some(Name { span, facts }))
    }

    fn string(&mut self) -> Result<StringFacts, NotJson> {
        let mut facts = StringFacts { escaped: false, lone: false };
        self.at += 1;
        loop {
            self.skip_plain();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(facts);
                }
                Some(b'\\') => {
                    facts.escaped = true;
                    facts.lone |= self.escape()?;
                }
                Some(_) => return Err(self.expected("a control character written as an escape")),
                None => return Err(self.expected("the closing quote of a string")),
            }
        }
    }

    /// Skips what stands for itself in a string, eight bytes at a time where eight are left.
    fn skip_plain(&mut self) {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGH: u64 = 0x8080_8080_8080_8080;
        while let Some(chunk) = self.bytes.get(self.at..self.at + 8).and_then(|chunk| chunk.try_into().ok()) {
            let word = u64::from_le_bytes(chunk);
            let quote = word ^ (ONES * b'"' as u64);
            let slash = word ^ (ONES * b'\\' as u64);
            let zero = |x: u64| x.wrapping_sub(ONES) & !x;
            let control = word.wrapping_sub(ONES * 0x20) & !word;
            let stop = (zero(quote) | zero(slash) | control) & HIGH;
            if stop != 0 {
                self.at += stop.trailing_zeros() as usize / 8;
                break;
            }
            self.at += 8;
        }
        while let Some(b) = self.peek() {
            if b == b'"' || b == b'\\' || b < 0x20 {
                break;
            }
            self.at += 1;
        }
    }

    /// Reads one escape and says whether it is half a surrogate pair.
    fn escape(&mut self) -> Result<bool, NotJson> {
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 1;
                Ok(false)
            }
            Some(b'u') => {
                let high = self.hex_escape()?;
                if !(0xd800..=0xdfff).contains(&high) {
                    return Ok(false);
                }
                if high < 0xdc00 && self.bytes[self.at..].starts_with(b"\\u") {
                    let low = hex4(&self.bytes[self.at + 2..]);
                    if low.is_some_and(|low| (0xdc00..=0xdfff).contains(&low)) {
                        self.at += 6;
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            _ => Err(self.expected("one of \" \\ / b f n r t u after a backslash")),
        }
    }

    fn hex_escape(&mut self) -> Result<u32, NotJson> {
        self.at += 1;
        match hex4(&self.bytes[self.at..]) {
            Some(value) => {
                self.at += 4;
                Ok(value)
            }
            None => Err(self.expected("four hexadecimal digits after \\u")),
        }
    }

    fn number(&mut self) -> Result<Kind, NotJson> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.expected("a digit")),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Ok(Kind::Number)
    }

    fn some_digits(&mut self) -> Result<(), NotJson> {
        if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
            return Err(self.expected("a digit"));
        }
        self.digits();
        Ok(())
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &'static str, kind: Kind) -> Result<Kind, NotJson> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.expected("a value"));
        }
        self.at += word.len();
        Ok(kind)
    }

    fn innermost(&self) -> Option<Kind> {
        self.open.last().map(|index| self.entries[*index as usize].kind)
    }

    fn close(&mut self) {
        self.at += 1;
        if let Some(index) = self.open.pop() {
            let next = self.entries.len() as u32;
            let entry = &mut self.entries[index as usize];
            entry.end = self.at as u32;
            entry.next = next;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn expected(&self, expected: &'static str) -> NotJson {
        let (line, column) = line_and_column(self.text, self.at);
        let found = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            None => "the end of the text".to_owned(),
            Some(c) if c.is_control() => format!("the control character U+{:04X}", c as u32),
            Some(c) => format!("\"{c}\""),
        };
        NotJson { at: self.at, line, column, expected, found, too_deep: false }
    }
}

#[derive(Clone, Copy)]
struct Name {
    span: (u32, u32),
    facts: StringFacts,
}

impl Name {
    const NONE: Self = Self { span: (0, 0), facts: StringFacts { escaped: false, lone: false } };
}
