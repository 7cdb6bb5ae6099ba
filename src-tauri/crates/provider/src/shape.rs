//! Which characters a text may have, as data rather than as a regular expression.
//!
//! A definition may come from anybody. A set of characters can say what is wrong and where ("`B` at position 1, wanted
//! a-z 0-9"), can be completed by an editor, and cannot be made to run long; a regular expression answers yes or no.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// A set of characters, written as in a bracket expression without the brackets: `a-z0-9_-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharSet {
    text: String,
    ranges: Vec<(char, char)>,
}

/// What can stand in a header field, written `!-~`.
const VISIBLE: (char, char) = ('!', '~');

/// Why a text is not a set of characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CharSetError {
    /// There is nothing in it.
    #[error("a set of characters is empty, wanted one such as \"a-z0-9\"")]
    Empty,
    /// A range that runs backwards.
    #[error("the range {from}-{to} runs backwards in the set of characters {text:?}, wanted {to}-{from}")]
    Backwards {
        /// The set as written.
        text: String,
        /// Where the range begins.
        from: char,
        /// Where it ends.
        to: char,
    },
}

impl CharSet {
    /// Reads a set. A `-` at either end stands for itself.
    pub fn parse(text: &str) -> Result<Self, CharSetError> {
        let chars: Vec<char> = text.chars().collect();
        let mut ranges = Vec::new();
        let mut i = 0;
        while i < chars.len() {
            let from = chars[i];
            if chars.get(i + 1) == Some(&'-')
                && let Some(&to) = chars.get(i + 2)
            {
                if to < from {
                    return Err(CharSetError::Backwards { text: text.to_owned(), from, to });
                }
                ranges.push((from, to));
                i += 3;
            } else {
                ranges.push((from, from));
                i += 1;
            }
        }
        if ranges.is_empty() { Err(CharSetError::Empty) } else { Ok(Self { text: text.to_owned(), ranges }) }
    }

    /// Whether the set holds `c`.
    pub fn holds(&self, c: char) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&c))
    }
}

/// Ranges apart, as people read them: `a-z 0-9 -`.
impl fmt::Display for CharSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (from, to)) in self.ranges.iter().enumerate() {
            let gap = if i == 0 { "" } else { " " };
            if (*from, *to) == VISIBLE {
                write!(f, "{gap}a visible ASCII character")?;
            } else if from == to {
                write!(f, "{gap}{from}")?
            } else {
                write!(f, "{gap}{from}-{to}")?
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for CharSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// The form of a text: its characters, its ends, its length.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Shape {
    /// The characters that may stand anywhere. Without it any may.
    pub chars: Option<CharSet>,
    /// The characters that may stand first; `chars` if not given.
    pub first: Option<CharSet>,
    /// The characters that may stand last; `chars` if not given.
    pub last: Option<CharSet>,
    /// Fewest characters.
    pub min: Option<usize>,
    /// Most characters.
    pub max: Option<usize>,
    /// The text begins with one of these; empty means any beginning will do.
    pub prefixes: Vec<String>,
}

/// How a text departs from its shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Fewer characters than wanted.
    #[error("{found} characters, wanted at least {wanted}")]
    Short {
        /// Characters found.
        found: usize,
        /// Fewest wanted.
        wanted: usize,
    },
    /// More characters than wanted.
    #[error("{found} characters, wanted at most {wanted}")]
    Long {
        /// Characters found.
        found: usize,
        /// Most wanted.
        wanted: usize,
    },
    /// None of the beginnings.
    #[error("does not begin with {}", wanted.join(" or "))]
    Prefix {
        /// The beginnings that are known.
        wanted: Vec<String>,
    },
    /// A character that is not in the set.
    #[error("{found:?} at position {position}, wanted {wanted}")]
    Character {
        /// The character.
        found: char,
        /// Its position, counted in characters from 1.
        position: usize,
        /// The set.
        wanted: String,
    },
}

impl Shape {
    /// Says how `text` departs from the shape, the gravest first, or nothing.
    pub fn misfit(&self, text: &str) -> Option<Misfit> {
        let length = text.chars().count();
        if let Some(wanted) = self.min.filter(|min| length < *min) {
            return Some(Misfit::Short { found: length, wanted });
        }
        if let Some(wanted) = self.max.filter(|max| length > *max) {
            return Some(Misfit::Long { found: length, wanted });
        }
        if !self.prefixes.is_empty() && !self.prefixes.iter().any(|p| text.starts_with(p.as_str())) {
            return Some(Misfit::Prefix { wanted: self.prefixes.clone() });
        }
        text.chars().enumerate().find_map(|(i, c)| {
            let sets = [
                self.chars
                    .as_ref()
                    .filter(|_| (i > 0 || self.first.is_none()) && (i + 1 < length || self.last.is_none())),
                self.first.as_ref().filter(|_| i == 0),
                self.last.as_ref().filter(|_| i + 1 == length),
            ];
            let set = sets.into_iter().flatten().find(|set| !set.holds(c))?;
            Some(Misfit::Character { found: c, position: i + 1, wanted: set.to_string() })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> CharSet {
        CharSet::parse(text).unwrap()
    }

    #[test]
    fn sets_hold_their_ranges_and_a_hyphen_at_the_end() {
        let kebab = set("a-z0-9-");
        assert!("buyers-2".chars().all(|c| kebab.holds(c)));
        assert!(!kebab.holds('B') && !kebab.holds('.') && !kebab.holds('_'));
        assert_eq!(kebab.to_string(), "a-z 0-9 -");
        assert_eq!(
            CharSet::parse("z-a").unwrap_err().to_string(),
            "the range z-a runs backwards in the set of characters \"z-a\", wanted a-z"
        );
        assert_eq!(CharSet::parse(""), Err(CharSetError::Empty));
    }

    #[test]
    fn misfits_name_the_character_and_its_position() {
        let id = Shape {
            chars: Some(set("a-z0-9-")),
            first: Some(set("a-z0-9")),
            last: Some(set("a-z0-9")),
            min: Some(1),
            max: Some(8),
            prefixes: Vec::new(),
        };
        let words = |text: &str| id.misfit(text).map(|m| m.to_string()).unwrap_or_default();
        assert_eq!(words("acme"), "");
        assert_eq!(words("a-1"), "");
        assert_eq!(words(""), "0 characters, wanted at least 1");
        assert_eq!(words("acme-acme"), "9 characters, wanted at most 8");
        assert_eq!(words("-acme"), "'-' at position 1, wanted a-z 0-9");
        assert_eq!(words("acme-"), "'-' at position 5, wanted a-z 0-9");
        assert_eq!(words("acMe"), "'M' at position 3, wanted a-z 0-9 -");
    }

    #[test]
    fn a_prefix_is_one_of_several() {
        let key = Shape { prefixes: vec!["test_".into(), "sk_test_".into()], ..Shape::default() };
        assert_eq!(key.misfit("sk_test_1"), None);
        assert_eq!(key.misfit("live_1").unwrap().to_string(), "does not begin with test_ or sk_test_");
    }
}
