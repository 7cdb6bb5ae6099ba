//! JSON Pointer (RFC 6901): the way from the root of a document to one value.

use std::fmt;

use crate::json::{Kind, Node};

/// The way to one value: `/items/0/amount`. The empty pointer is the document itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pointer {
    text: String,
    steps: Vec<String>,
}

/// Why a text is not a pointer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PointerError {
    /// It does not begin at the root.
    #[error("{text:?} is not a JSON pointer, which begins with \"/\"")]
    Start {
        /// The text.
        text: String,
    },
    /// A tilde that stands for nothing.
    #[error("a lone \"~\" in the JSON pointer {text:?}, wanted \"~0\" for \"~\" or \"~1\" for \"/\"")]
    Tilde {
        /// The text.
        text: String,
    },
}

impl Pointer {
    /// Reads a pointer (RFC 6901 §3).
    pub fn parse(text: &str) -> Result<Self, PointerError> {
        if !text.is_empty() && !text.starts_with('/') {
            return Err(PointerError::Start { text: text.to_owned() });
        }
        let steps = text.split('/').skip(1).map(unescape).collect::<Option<Vec<_>>>();
        let steps = steps.ok_or_else(|| PointerError::Tilde { text: text.to_owned() })?;
        Ok(Self { text: text.to_owned(), steps })
    }

    /// The pointer as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names on the way, in clear: nothing in them is escaped any more.
    pub fn steps(&self) -> &[String] {
        &self.steps
    }

    /// The pointer to a member of what this one leads to.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        let text = format!("{}/{}", self.text, name.replace('~', "~0").replace('/', "~1"));
        let steps = self.steps.iter().map(String::as_str).chain([name]).map(str::to_owned).collect();
        Self { text, steps }
    }

    /// The value that it leads to. Of members with one name, the first.
    pub fn find<'d, 't>(&self, root: Node<'d, 't>) -> Option<Node<'d, 't>> {
        self.way(root)?.pop()
    }

    /// Every value on the way, the root first and the value that it leads to last.
    pub fn way<'d, 't>(&self, root: Node<'d, 't>) -> Option<Vec<Node<'d, 't>>> {
        let mut way = vec![root];
        let mut node = root;
        for step in &self.steps {
            node = match node.kind() {
                Kind::Array => node.elements().nth(index(step)?)?,
                _ => node.get(step)?,
            };
            way.push(node);
        }
        Some(way)
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// `~1` is undone before `~0`, so that `~01` is `~1` (RFC 6901 §4).
fn unescape(step: &str) -> Option<String> {
    let lone = step.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1']));
    (!lone).then(|| step.replace("~1", "/").replace("~0", "~"))
}

/// An index has no leading zeros and no sign (RFC 6901 §4).
fn index(step: &str) -> Option<usize> {
    let canonical = step == "0" || !step.starts_with(['0', '+']);
    step.parse().ok().filter(|_| canonical)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    #[test]
    fn the_examples_of_the_rfc_lead_where_it_says() {
        // RFC 6901 §5.
        let text = r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#;
        let document = Document::parse(text).unwrap();
        let found = |pointer: &str| Pointer::parse(pointer).unwrap().find(document.root()).map(|node| node.raw());
        assert_eq!(found(""), Some(text));
        assert_eq!(found("/foo"), Some(r#"["bar","baz"]"#));
        assert_eq!(found("/foo/0"), Some("\"bar\""));
        for (number, pointer) in
            ["/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", "/k\"l", "/ ", "/m~0n"].into_iter().enumerate()
        {
            assert_eq!(found(pointer), Some(number.to_string().as_str()), "{pointer}");
        }
        for nowhere in ["/foo/2", "/foo/00", "/foo/+1", "/foo/-", "/foo/bar", "/x", "//x"] {
            assert_eq!(found(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn a_member_is_written_as_it_is_read() {
        let pointer = Pointer::parse("/a").unwrap().member("b/c~d");
        assert_eq!(pointer.text(), "/a/b~1c~0d");
        assert_eq!(Pointer::parse(pointer.text()), Ok(pointer));
        insta::assert_snapshot!(Pointer::parse("a/b").unwrap_err(), @r#""a/b" is not a JSON pointer, which begins with "/""#);
        insta::assert_snapshot!(Pointer::parse("/a~2").unwrap_err(), @r#"a lone "~" in the JSON pointer "/a~2", wanted "~0" for "~" or "~1" for "/""#);
    }
}
