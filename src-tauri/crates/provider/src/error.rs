//! Why a file is not a definition: always with the line, the column, what was found and what was wanted.

use std::fmt;

use jose::unseen::visible;

use crate::near::nearest;

/// The largest definition that is read, in bytes. Those built in have some 20,000; written as a JSON string it still fits
/// a record of the vault.
pub const MAX_BYTES: usize = 500_000;

/// A place in a definition file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, counted in characters.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl Position {
    /// The position behind `before`, the beginning of a file. Bytes that are not text count as one character each.
    pub(crate) fn behind(before: &[u8]) -> Self {
        let text = String::from_utf8_lossy(before);
        Self::of(&text, text.len())
    }

    /// The position of a byte of `text`.
    pub(crate) fn of(text: &str, at: usize) -> Self {
        let (line, column) = jose::json::line_and_column(text, at);
        Self { line, column }
    }
}

/// Why a file is not a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    /// More bytes than are read.
    #[error("{at}: the definition has {found} bytes, wanted at most {MAX_BYTES}")]
    TooLarge {
        /// Where the first byte too many stands.
        at: Position,
        /// Its size in bytes.
        found: usize,
    },
    /// Not text.
    #[error("{at}: the byte 0x{found:02x}, wanted text in UTF-8")]
    NotUtf8 {
        /// Where.
        at: Position,
        /// The byte.
        found: u8,
    },
    /// Written in a version of the format that is not known.
    #[error("{at}: the format is version {found}, wanted 1")]
    Version {
        /// Where it says so.
        at: Position,
        /// The version it names.
        found: String,
    },
    /// Not TOML.
    #[error("{at}: not TOML: {problem}")]
    Syntax {
        /// Where.
        at: Position,
        /// What the TOML reader says.
        problem: String,
    },
    /// A name that is not known in its place.
    #[error("{at}: {found:?} is not known here, wanted {}", list(wanted))]
    UnknownName {
        /// Where.
        at: Position,
        /// The name.
        found: String,
        /// The names that are known.
        wanted: Vec<String>,
    },
    /// A key that must be there and is not.
    #[error("{at}: the key {wanted:?} is missing")]
    MissingKey {
        /// The table without it.
        at: Position,
        /// The key.
        wanted: String,
    },
    /// A value of the wrong type, or one that its own reader refuses.
    #[error("{at}: {problem}")]
    Value {
        /// Where.
        at: Position,
        /// What was found and wanted.
        problem: String,
    },
    /// A value that does not agree with the rest of the definition.
    #[error("{at}: {path}: {found}, wanted {wanted}")]
    Disagrees {
        /// Where.
        at: Position,
        /// The path of keys, `endpoints[2].needs`.
        path: String,
        /// What was found.
        found: String,
        /// What was wanted.
        wanted: String,
        /// Why, or what to do instead.
        hint: Option<&'static str>,
    },
    /// More faults than are told one by one.
    #[error("{at}: {count} more faults, of which this is the first, wanted none")]
    More {
        /// Where the first of them is.
        at: Position,
        /// How many there are.
        count: usize,
    },
}

impl DefinitionError {
    /// What to try.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::TooLarge { .. } => Some("a definition holds rules, not data: remove what is not one".to_owned()),
            Self::NotUtf8 { found: 0xfe | 0xff, .. } => Some("the file looks like UTF-16: save it as UTF-8".to_owned()),
            Self::NotUtf8 { .. } => Some("save the file as UTF-8".to_owned()),
            Self::More { .. } => Some("mend those above first".to_owned()),
            Self::Version { .. } => Some("the first line of a definition is: keywright-provider = 1".to_owned()),
            Self::UnknownName { found, wanted, .. } => {
                nearest(found, wanted.iter().map(String::as_str)).map(|name| format!("did you mean {name:?}?"))
            }
            Self::Disagrees { hint, .. } => hint.map(str::to_owned),
            Self::Syntax { .. } | Self::MissingKey { .. } | Self::Value { .. } => None,
        }
    }

    /// Where in the file.
    pub fn position(&self) -> Position {
        match self {
            Self::TooLarge { at, .. }
            | Self::NotUtf8 { at, .. }
            | Self::Version { at, .. }
            | Self::Syntax { at, .. }
            | Self::UnknownName { at, .. }
            | Self::MissingKey { at, .. }
            | Self::Value { at, .. }
            | Self::Disagrees { at, .. }
            | Self::More { at, .. } => *at,
        }
    }

    /// What the TOML reader says about `text`, in our own terms.
    pub(crate) fn from_toml(text: &str, error: &toml::de::Error, syntax: bool) -> Self {
        let at = Position::of(text, error.span().map_or(0, |span| span.start));
        let message = error.message();
        if syntax {
            return Self::Syntax { at, problem: one_line(message) };
        }
        // serde has no other form for these than their texts.
        if let Some(rest) =
            (message.strip_prefix("unknown field ")).or_else(|| message.strip_prefix("unknown variant "))
        {
            let mut names = between_backticks(rest);
            let found = names.next().unwrap_or_default();
            return Self::UnknownName { at, found, wanted: names.collect() };
        }
        if let Some(rest) = message.strip_prefix("missing field ") {
            return Self::MissingKey { at, wanted: between_backticks(rest).next().unwrap_or_default() };
        }
        let problem = (message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: ")))
            .and_then(|problem| problem.split_once(", expected "))
            .map(|(found, wanted)| format!("{}, wanted {}", plain_found(found), plain_wanted(wanted)));
        Self::Value { at, problem: one_line(&problem.unwrap_or_else(|| message.to_owned())) }
    }
}

/// What was found, as people call it who have never seen the code.
fn plain_found(found: &str) -> String {
    let words = [
        ("string ", "the text "),
        ("integer ", "the number "),
        ("floating point ", "the number "),
        ("boolean ", "the word "),
        ("datetime", "a date"),
        ("sequence", "a list"),
        ("map", "a table"),
    ];
    let plain = words.iter().find_map(|(word, plain)| Some(format!("{plain}{}", found.strip_prefix(word)?)));
    plain.unwrap_or_else(|| found.to_owned()).replace('`', "")
}

/// What was wanted, likewise. What a table is called in the code is nobody's business.
fn plain_wanted(wanted: &str) -> String {
    match wanted {
        "usize" | "u8" | "u16" | "u32" | "u64" => "a whole number, 0 or more".to_owned(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a table".to_owned(),
        _ if wanted.starts_with("struct ") => "a table".to_owned(),
        _ if wanted.contains("enum ") || wanted.contains("variant") => "a word in quotes".to_owned(),
        _ => wanted.to_owned(),
    }
}

/// The names between backticks.
fn between_backticks(text: &str) -> impl Iterator<Item = String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned)
}

/// A problem that quotes the file, fit for a line.
fn one_line(text: &str) -> String {
    visible(&text.lines().collect::<Vec<_>>().join(" ")).into_owned()
}

/// `a`, `a or b`, `a, b or c`.
fn list(names: &[String]) -> String {
    match names {
        [] => "no key at all".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
