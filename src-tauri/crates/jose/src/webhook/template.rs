//! The text that is signed: `{timestamp}.{body}`, `v0:{timestamp}:{body}`, `{method}{url}{body}{timestamp}`. A doubled brace
//! stands for itself.

use std::fmt;

use crate::braces::{self, LoneBrace, Part};

/// A text with places that are filled from a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Stands as written.
    Text(String),
    /// Is filled in.
    Slot(Slot),
}

/// What a place is filled with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// `{body}`: the bytes of the body.
    Body,
    /// `{timestamp}`: the text of the timestamp.
    Timestamp,
    /// `{id}`: the header field that names the delivery.
    Id,
    /// `{url}`: the address that it was sent to.
    Url,
    /// `{method}`: the method of the request.
    Method,
    /// `{header:x-shop}`: another header field.
    Header(String),
}

/// Slots without a parameter, and their names.
const NAMED: [(&str, Slot); 5] = [
    ("body", Slot::Body),
    ("timestamp", Slot::Timestamp),
    ("id", Slot::Id),
    ("url", Slot::Url),
    ("method", Slot::Method),
];

/// Why a text is not a template of what is signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace that opens no slot or closes none.
    #[error("a lone {brace:?} in {text:?}, wanted {{name}}, or {brace}{brace} for the brace itself")]
    Brace {
        /// The text.
        text: String,
        /// The brace.
        brace: char,
    },
    /// A slot that is not known.
    #[error("{{{slot}}} in {text:?} is not a part of a delivery, wanted {}", Slot::names())]
    Slot {
        /// The text.
        text: String,
        /// What stands between the braces.
        slot: String,
    },
}

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let parts =
            braces::split(text).map_err(|LoneBrace { brace }| TemplateError::Brace { text: text.to_owned(), brace })?;
        let piece = |part| match part {
            Part::Text(plain) => Ok(Piece::Text(plain)),
            Part::Name(name) => Slot::parse(name)
                .map(Piece::Slot)
                .ok_or_else(|| TemplateError::Slot { text: text.to_owned(), slot: name.to_owned() }),
        };
        let pieces = parts.into_iter().map(piece).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), pieces })
    }

    /// The template of the body alone.
    pub fn body() -> Self {
        Self { text: "{body}".to_owned(), pieces: vec![Piece::Slot(Slot::Body)] }
    }

    /// The template as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its parts in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Its slots in order.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Slot(slot) => Some(slot),
            Piece::Text(_) => None,
        })
    }

    /// Whether it has this slot.
    pub fn has(&self, slot: &Slot) -> bool {
        self.slots().any(|one| one == slot)
    }
}

impl Slot {
    fn parse(name: &str) -> Option<Self> {
        if let Some(field) = name.strip_prefix("header:") {
            return (!field.is_empty()).then(|| Self::Header(field.to_owned()));
        }
        NAMED.iter().find(|(known, _)| *known == name).map(|(_, slot)| slot.clone())
    }

    /// All of them, for a message.
    fn names() -> String {
        let names: Vec<String> = NAMED.iter().map(|(name, _)| format!("{{{name}}}")).collect();
        format!("one of {} or {{header:name}}", names.join(", "))
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(field) => write!(f, "{{header:{field}}}"),
            slot => {
                let name = NAMED.iter().find(|(_, known)| known == slot).map_or("", |(name, _)| name);
                write!(f, "{{{name}}}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_known_by_name() {
        let text = "v0:{timestamp}:{id}.{method} {url}{{}}{header:x-shop}{body}";
        let template = Template::parse(text).unwrap();
        let slots: Vec<String> = template.slots().map(ToString::to_string).collect();
        assert_eq!(slots, ["{timestamp}", "{id}", "{method}", "{url}", "{header:x-shop}", "{body}"]);
        assert_eq!(template.pieces()[0], Piece::Text("v0:".to_owned()));
        assert!(template.pieces().contains(&Piece::Text("{}".to_owned())));
        assert_eq!((template.text(), Template::body()), (text, Template::parse("{body}").unwrap()));
    }

    #[test]
    fn what_is_no_template_is_named() {
        let errors: Vec<String> = ["{body", "body}", "{payload}", "{header:}", "{}"]
            .iter()
            .map(|text| Template::parse(text).map_or_else(|error| error.to_string(), |t| format!("{:?}", t.pieces())))
            .collect();
        insta::assert_snapshot!(errors.join("\n"));
    }
}
