//! JSON read without losing a byte: each value keeps its span in the text that was typed.
//!
//! A token signs bytes, so a parser that rounds `10.10`, reorders members or drops a duplicate is of no use here.
//! [`Document`] is one pass over the text (RFC 8259), iterative, with a flat list of nodes in document order. It keeps
//! number text and escapes as they stand and leaves their meaning to the reader.

use std::{borrow::Cow, fmt};

/// Containers inside containers that are read; `serde_json`, among others, stops at the same depth.
pub const MAX_DEPTH: usize = 128;

/// Duplicate names that are told: one is an error, and a text made to have thousands shall not take long.
pub const MOST_DUPLICATES: usize = 32;

/// A range of bytes in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` to before `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The one byte at `start`.
    pub const fn byte(start: usize) -> Self {
        Self { start, end: start + 1 }
    }
}

/// The kinds of JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`
    Null,
}

impl Kind {
    /// The kind with its article, for messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Bool => "a boolean",
            Self::Null => "null",
        }
    }
}

/// Why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{expected} expected, {found} found at line {line}, column {column}")]
pub struct NotJson {
    /// Which byte.
    pub at: usize,
    /// Its line, from 1.
    pub line: usize,
    /// Its column, from 1, counted in characters.
    pub column: usize,
    /// What could have stood there.
    pub expected: &'static str,
    /// What stands there.
    pub found: String,
    /// Whether the text is deeper than [`MAX_DEPTH`], and not wrong otherwise as far as it was read.
    pub too_deep: bool,
}

/// A JSON text and where each of its values stands.
#[derive(Debug, Clone)]
pub struct Document<'t> {
    text: &'t str,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: Kind,
    /// Whether a string holds an escape.
    escaped: bool,
    /// Whether a string, or the name of this member, holds half a surrogate pair.
    lone: bool,
    name_escaped: bool,
    start: u32,
    end: u32,
    /// The member's name without its quotes; 0..0 where the value is not a member.
    name: (u32, u32),
    /// The entry after this one's subtree.
    next: u32,
}

/// One value of a document.
#[derive(Clone, Copy)]
pub struct Node<'d, 't> {
    document: &'d Document<'t>,
    index: usize,
}

/// A name that stands twice in one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The path to the member, `embed.metadata.id`.
    pub path: String,
    /// The name where it stands first, with its quotes.
    pub first: Span,
    /// The name where it stands again, with its quotes.
    pub second: Span,
}

impl<'t> Document<'t> {
    /// Reads `text` as one JSON value with optional white space around it.
    pub fn parse(text: &'t str) -> Result<Self, NotJson> {
        Scanner::new(text).document()
    }

    /// The text as it was typed.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The outermost value.
    pub fn root(&self) -> Node<'_, 't> {
        Node { document: self, index: 0 }
    }

    /// Every value in document order, the root first.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_, 't>> {
        (0..self.entries.len()).map(|index| Node { document: self, index })
    }

    /// The names that stand twice in one object, at any depth, in document order of the second; [`MOST_DUPLICATES`] of
    /// them at the most.
    pub fn duplicates(&self) -> Vec<Duplicate> {
        let mut found = Vec::new();
        for object in self.nodes().filter(|node| node.kind() == Kind::Object) {
            object.duplicates_into(&mut found);
            if found.len() >= MOST_DUPLICATES {
                break;
            }
        }
        found.sort_by_key(|duplicate| duplicate.second.start);
        found
    }
}

impl<'d, 't> Node<'d, 't> {
    fn entry(self) -> &'d Entry {
        &self.document.entries[self.index]
    }

    fn slice(self, (start, end): (u32, u32)) -> &'t str {
        &self.document.text[start as usize..end as usize]
    }

    /// What kind of value this is.
    pub fn kind(self) -> Kind {
        self.entry().kind
    }

    /// Where the value stands.
    pub fn span(self) -> Span {
        Span::new(self.entry().start as usize, self.entry().end as usize)
    }

    /// The value as typed.
    pub fn raw(self) -> &'t str {
        self.slice((self.entry().start, self.entry().end))
    }

    /// The members of an object in the order in which they are typed; of anything else, none.
    pub fn members(self) -> impl Iterator<Item = Node<'d, 't>> {
        self.children(Kind::Object)
    }

    /// The elements of an array; of anything else, none.
    pub fn elements(self) -> impl Iterator<Item = Node<'d, 't>> {
        self.children(Kind::Array)
    }

    fn children(self, of: Kind) -> impl Iterator<Item = Node<'d, 't>> {
        let end = if self.kind() == of { self.entry().next as usize } else { 0 };
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            (index < end).then(|| {
                let child = Node { document: self.document, index };
                index = child.entry().next as usize;
                child
            })
        })
    }

    /// The first member of this name.
    pub fn get(self, name: &str) -> Option<Node<'d, 't>> {
        self.members().find(|member| member.is_named(name))
    }

    /// Whether this value is a member of this name.
    pub fn is_named(self, name: &str) -> bool {
        let entry = self.entry();
        match entry.name_escaped {
            false => entry.name != (0, 0) && self.slice(entry.name) == name,
            true => self.name().as_deref() == Some(name),
        }
    }

    /// The name under which this value is a member of an object.
    pub fn name(self) -> Option<Cow<'t, str>> {
        let entry = self.entry();
        (entry.name != (0, 0)).then(|| match entry.name_escaped {
            false => Cow::Borrowed(self.slice(entry.name)),
            true => Cow::Owned(unescape(self.slice(entry.name))),
        })
    }

    /// The name as typed, without its quotes.
    pub fn raw_name(self) -> Option<&'t str> {
        let entry = self.entry();
        (entry.name != (0, 0)).then(|| self.slice(entry.name))
    }

    /// Where the name stands, with its quotes.
    pub fn name_span(self) -> Option<Span> {
        let (start, end) = self.entry().name;
        (start != 0).then(|| Span::new(start as usize - 1, end as usize + 1))
    }

    /// The value of a string. Half a surrogate pair becomes U+FFFD.
    pub fn as_str(self) -> Option<Cow<'t, str>> {
        let entry = self.entry();
        (entry.kind == Kind::String).then(|| {
            let inner = self.slice((entry.start + 1, entry.end - 1));
            if entry.escaped { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) }
        })
    }

    /// The value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.raw() == "true")
    }

    /// The value of a number written as an integer that fits.
    pub fn as_i64(self) -> Option<i64> {
        if self.kind() == Kind::Number { self.raw().parse().ok() } else { None }
    }

    /// The value of any number, rounded to a double.
    pub fn as_f64(self) -> Option<f64> {
        if self.kind() == Kind::Number { self.raw().parse().ok() } else { None }
    }

    /// Whether the string, or the name of the member, holds half a surrogate pair.
    pub fn has_lone_surrogate(self) -> bool {
        self.entry().lone
    }

    /// The object or array that the value stands in; none for the root.
    pub fn parent(self) -> Option<Node<'d, 't>> {
        let holds = |at: &usize| (self.index as u32) < self.document.entries[*at].next;
        let index = (0..self.index).rev().find(holds)?;
        Some(Node { document: self.document, index })
    }

    /// The path from the root: names between dots, indexes in brackets. Empty for the root.
    pub fn path(self) -> String {
        let mut path = String::new();
        let mut at = Node { document: self.document, index: 0 };
        while at.index != self.index {
            let position = at.children(at.kind()).position(|child| (self.index) < child.entry().next as usize);
            let Some((position, child)) = position.and_then(|n| at.children(at.kind()).nth(n).map(|c| (n, c))) else {
                break;
            };
            match child.name() {
                Some(name) if path.is_empty() => path.push_str(&name),
                Some(name) => {
                    path.push('.');
                    path.push_str(&name);
                }
                None => path.push_str(&format!("[{position}]")),
            }
            at = child;
        }
        path
    }

    fn duplicates_into(self, found: &mut Vec<Duplicate>) {
        let mut report = |first: Node<'_, '_>, second: Node<'_, '_>| {
            if found.len() >= MOST_DUPLICATES {
                return;
            }
            found.push(Duplicate {
                path: second.path(),
                first: first.name_span().unwrap_or_default(),
                second: second.name_span().unwrap_or_default(),
            });
        };
        // Objects of claims are small: comparing pairs beats hashing until there are dozens of members.
        let count = self.members().count();
        if count <= 32 {
            for (index, second) in self.members().enumerate() {
                if let Some(first) = self.members().take(index).find(|first| first.same_name(second)) {
                    report(first, second);
                }
            }
        } else {
            let mut seen = std::collections::HashMap::with_capacity(count);
            for member in self.members() {
                match seen.entry(member.name_identity()) {
                    std::collections::hash_map::Entry::Occupied(first) => report(*first.get(), member),
                    std::collections::hash_map::Entry::Vacant(place) => {
                        place.insert(member);
                    }
                }
            }
        }
    }

    fn same_name(self, other: Self) -> bool {
        let (a, b) = (self.entry(), other.entry());
        if !a.name_escaped && !b.name_escaped {
            return self.slice(a.name) == other.slice(b.name);
        }
        self.name_identity() == other.name_identity()
    }

    /// The name as something to compare. Two different halves of surrogate pairs must not become the same U+FFFD.
    fn name_identity(self) -> (bool, Cow<'t, str>) {
        let entry = self.entry();
        if entry.lone {
            (true, Cow::Borrowed(self.slice(entry.name)))
        } else {
            (false, self.name().unwrap_or_default())
        }
    }
}

impl fmt::Debug for Node<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.raw())
    }
}

/// Writes `value` as a JSON string with its quotes, escaping only what must be (RFC 8259 §7).
pub fn quote(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The text without white space between its tokens; everything else stays byte for byte.
pub fn compact(text: &str) -> Result<String, NotJson> {
    Ok(crate::rewrite::rewrite(&Document::parse(text)?, &[], true).text)
}

/// The value with a space after each comma and colon; names, texts and numbers stay byte for byte.
pub fn spaced(node: Node<'_, '_>) -> String {
    let mut out = String::with_capacity(node.raw().len() * 2);
    write_spaced(node, &mut out);
    out
}

fn write_spaced(node: Node<'_, '_>, out: &mut String) {
    let (open, close) = match node.kind() {
        Kind::Object => ('{', '}'),
        Kind::Array => ('[', ']'),
        _ => return out.push_str(node.raw()),
    };
    out.push(open);
    for (index, child) in node.children(node.kind()).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        if let Some(name) = child.name_span() {
            out.push_str(&child.document.text[name.start..name.end]);
            out.push_str(": ");
        }
        write_spaced(child, out);
    }
    out.push(close);
}

/// The value with each member and element on a line of its own; names, texts and numbers stay byte for byte.
pub fn pretty(node: Node<'_, '_>) -> String {
    let mut out = String::with_capacity(node.raw().len() * 2);
    write_pretty(node, 0, &mut out);
    out
}

fn write_pretty(node: Node<'_, '_>, depth: usize, out: &mut String) {
    let (open, close) = match node.kind() {
        Kind::Object => ('{', '}'),
        Kind::Array => ('[', ']'),
        _ => return out.push_str(node.raw()),
    };
    out.push(open);
    let mut children = node.children(node.kind()).peekable();
    let empty = children.peek().is_none();
    while let Some(child) = children.next() {
        new_line(depth + 1, out);
        if let Some(name) = child.name_span() {
            out.push_str(&child.document.text[name.start..name.end]);
            out.push_str(": ");
        }
        write_pretty(child, depth + 1, out);
        if children.peek().is_some() {
            out.push(',');
        }
    }
    if !empty {
        new_line(depth, out);
    }
    out.push(close);
}

fn new_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// The line and the column of a byte, both from 1, the column in characters.
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(slash) = rest.find('\\') {
        out.push_str(&rest[..slash]);
        let (c, used) = match rest.as_bytes()[slash + 1] {
            b'b' => ('\u{8}', 2),
            b'f' => ('\u{c}', 2),
            b'n' => ('\n', 2),
            b'r' => ('\r', 2),
            b't' => ('\t', 2),
            b'u' => {
                let high = hex4(&rest.as_bytes()[slash + 2..]).unwrap_or(0xfffd);
                let low = rest[slash + 6..].strip_prefix("\\u").and_then(|low| hex4(low.as_bytes()));
                match (high, low) {
                    (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                        let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                        (char::from_u32(code).unwrap_or('\u{fffd}'), 12)
                    }
                    _ => (char::from_u32(high).unwrap_or('\u{fffd}'), 6),
                }
            }
            other => (other as char, 2),
        };
        out.push(c);
        rest = &rest[slash + used..];
    }
    out.push_str(rest);
    out
}

fn hex4(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.get(..4)?;
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + (*digit as char).to_digit(16)?))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn error(text: &str) -> String {
        Document::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn number_text_order_and_escapes_stay_as_typed() {
        let text =
            r#" {"uid":12345678901234567890, "amt":10.10,"big":1e400,"a\u0062":"\u00e9\ud83d\ude00","l":[1,[],{}]} "#;
        let document = Document::parse(text).unwrap();
        let root = document.root();
        assert_eq!(root.get("uid").unwrap().raw(), "12345678901234567890");
        assert_eq!(root.get("amt").unwrap().raw(), "10.10");
        assert_eq!(root.get("big").unwrap().raw(), "1e400");
        assert_eq!(root.get("ab").unwrap().as_str().unwrap(), "é😀");
        assert_eq!(root.get("l").unwrap().elements().count(), 3);
        assert_eq!(root.members().count(), 5);
        let third = root.get("l").unwrap().elements().nth(2).unwrap();
        assert_eq!(third.path(), "l[2]");
        assert_eq!(third.parent().and_then(Node::name).as_deref(), Some("l"));
        assert_eq!(third.parent().and_then(Node::parent).map(Node::span), Some(root.span()));
        assert!(root.parent().is_none());
    }

    #[test]
    fn duplicates_are_found_at_any_depth_and_through_escapes() {
        let document = Document::parse(r#"{"a":1,"b":{"x":1,"\u0078":2},"a":3}"#).unwrap();
        let found = document.duplicates();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].path, "b.x");
        assert_eq!(
            (found[1].path.as_str(), found[1].first, found[1].second),
            ("a", Span::new(1, 4), Span::new(30, 33))
        );
    }

    #[test]
    fn many_members_are_compared_by_hash() {
        let mut text: String = (0..100).map(|n| format!("\"m{n}\":{n},")).collect();
        text = format!("{{{text}\"m7\":0}}");
        let document = Document::parse(&text).unwrap();
        assert_eq!(document.duplicates()[0].path, "m7");
    }

    #[test]
    fn different_lone_surrogates_are_different_names() {
        let document = Document::parse(r#"{"\ud800":1,"\ud801":2,"\ud800":3}"#).unwrap();
        assert_eq!(document.duplicates().len(), 1);
        assert!(document.root().members().all(Node::has_lone_surrogate));
    }

    #[test]
    fn errors_name_place_found_and_wanted() {
        let all: String = [
            "",
            "{",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "[1 2]",
            "{a:1}",
            "01",
            "1.",
            "-",
            "\"\\x\"",
            "\"a\nb\"",
            "\"abc",
            "\"\\u12g4\"",
            "tru",
            "[1]x",
            "{\n  \"é\": 'x'\n}",
            "nul",
            "+1",
            "{\"a\":1]",
            "[1}",
        ]
        .iter()
        .map(|text| format!("{:24} {}\n", format!("{text:?}"), error(text)))
        .collect();
        insta::assert_snapshot!(all);
    }

    #[test]
    fn ten_thousand_levels_are_refused_and_not_followed() {
        let text = "[".repeat(10_000) + &"]".repeat(10_000);
        let error = Document::parse(&text).unwrap_err();
        assert!(error.too_deep);
        insta::assert_snapshot!(error, @r#"at most 128 levels of nesting expected, "[" found at line 1, column 129"#);
        let fits = "[".repeat(128) + &"]".repeat(128);
        assert_eq!(Document::parse(&fits).unwrap().nodes().count(), 128);
    }

    #[test]
    fn compact_takes_out_white_space_alone() {
        assert_eq!(compact("{ \"a b\" : [ 1 , \"\\\" \" ] }\n").unwrap(), r#"{"a b":[1,"\" "]}"#);
    }

    #[test]
    fn pretty_gives_each_member_its_line_and_keeps_the_rest() {
        let text = r#"{"a b":[1.10,"\u00e9"],"o":{},"l":[],"n":{"x":[]}}"#;
        let shown = pretty(Document::parse(text).unwrap().root());
        insta::assert_snapshot!(shown, @r#"
        {
          "a b": [
            1.10,
            "\u00e9"
          ],
          "o": {},
          "l": [],
          "n": {
            "x": []
          }
        }
        "#);
        assert_eq!(compact(&shown).unwrap(), text);
    }

    fn json() -> impl Strategy<Value = String> {
        let space = prop::sample::select(vec!["", " ", "\n", "\t "]);
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("true".to_owned()),
            "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,3})?",
            any::<String>().prop_map(|s| quote(&s)),
            "\"(\\\\u[0-9a-fA-F]{4}|[a-z]|\\\\n){0,6}\"",
        ];
        (leaf, space).prop_map(|(leaf, space)| format!("{space}{leaf}{space}")).prop_recursive(6, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(|v| format!("[{}]", v.join(","))),
                prop::collection::vec(("[a-c_]{0,2}", inner), 0..6).prop_map(|members| {
                    let members: Vec<String> = members.into_iter().map(|(n, v)| format!("\"{n}\":{v}")).collect();
                    format!("{{{}}}", members.join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json_on_any_bytes(text in "[\\[\\]{}:,\"\\\\0-9eE.+ truefalsn\\-u\u{1}é]{0,24}") {
            // serde_json skips a value without judging its numbers' range, as we do.
            let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            prop_assert_eq!(Document::parse(&text).is_ok(), theirs, "{:?}", text);
        }

        #[test]
        fn reads_any_json_and_keeps_every_byte(text in json()) {
            let document = Document::parse(&text).unwrap();
            prop_assert_eq!(document.root().raw(), text.trim_matches([' ', '\n', '\t', '\r']));
            for node in document.nodes() {
                let again = Document::parse(node.raw()).unwrap();
                prop_assert_eq!(again.root().kind(), node.kind());
                prop_assert_eq!(node.span().end - node.span().start, node.raw().len());
            }
            let compacted = compact(&text).unwrap();
            prop_assert_eq!(Document::parse(&compacted).unwrap().nodes().count(), document.nodes().count());
        }

        #[test]
        fn quoting_is_undone_by_reading(value in any::<String>()) {
            let text = quote(&value);
            let document = Document::parse(&text).unwrap();
            prop_assert_eq!(document.root().as_str().unwrap(), value);
        }
    }
}
