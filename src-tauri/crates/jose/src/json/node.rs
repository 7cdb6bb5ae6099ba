//! JSON document as a flat list of nodes: each value with its span, its name and its subtree.

use std::{borrow::Cow, fmt};

use super::{Kind, Span};

/// Duplicate names that are told: one is an error, and a text made to have thousands shall not take long.
pub const MOST_DUPLICATES: usize = 32;

/// A JSON text and where each of its values stands.
#[derive(Debug, Clone)]
pub struct Document<'t> {
    pub(super) text: &'t str,
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// Whether a string holds an escape.
    pub(super) escaped: bool,
    /// Whether a string, or the name of this member, holds half a surrogate pair.
    pub(super) lone: bool,
    pub(super) name_escaped: bool,
    pub(super) start: u32,
    pub(super) end: u32,
    /// The member's name without its quotes; 0..0 where the value is not a member.
    pub(super) name: (u32, u32),
    /// The entry after this one's subtree.
    pub(super) next: u32,
}

/// One value of a document.
#[derive(Clone, Copy)]
pub struct Node<'d, 't> {
    pub(super) document: &'d Document<'t>,
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

    pub(super) fn children(self, of: Kind) -> impl Iterator<Item = Node<'d, 't>> {
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

pub(super) fn hex4(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.get(..4)?;
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + (*digit as char).to_digit(16)?))
}
