//! JSON read without losing a byte: each value keeps its span in the text that was typed.
//!
//! A token signs bytes, so a parser that rounds `10.10`, reorders members or drops a duplicate is of no use here.
//! [`Document`] is one pass over the text (RFC 8259), iterative, with a flat list of nodes in document order. It keeps
//! number text and escapes as they stand and leaves their meaning to the reader.

mod node;
mod print;
mod scan;

pub use node::{Document, Duplicate, MOST_DUPLICATES, Node};
pub use print::{pretty, quote, spaced};
pub use scan::line_and_column;

/// Containers inside containers that are read; `serde_json`, among others, stops at the same depth.
pub const MAX_DEPTH: usize = 128;

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rewrite::compact;

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
