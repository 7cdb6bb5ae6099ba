//! Texts of a definition: each names a source that there is, and holds no character that steers where it is shown.

use jose::unseen::steers;
use toml::de::{DeTable, DeValue};

use super::Checker;

impl Checker<'_> {
    /// Every `from` names a source, and nothing that is written forges a line or turns one.
    pub(super) fn texts(&mut self, table: &DeTable<'_>, trail: &mut Vec<String>) {
        for (key, value) in table {
            trail.push(key.get_ref().to_string());
            // Names that the definition chooses are shown like any other text.
            self.steering(key.span().start, trail, key.get_ref(), false);
            let is_source = !is_named_freely(trail) && (key.get_ref() == "from" || key.get_ref().ends_with("-from"));
            match value.get_ref() {
                DeValue::String(name) if is_source => self.source(value.span().start, trail, name),
                DeValue::Table(inner) => self.texts(inner, trail),
                other => self.text(value.span().start, other, trail),
            }
            trail.pop();
        }
    }

    /// One text, or those of a list.
    fn text(&mut self, at: usize, value: &DeValue<'_>, trail: &mut Vec<String>) {
        match value {
            DeValue::String(text) => {
                let lines = has_lines(trail);
                self.steering(at, trail, text, lines);
            }
            DeValue::Array(items) => {
                for item in items.iter() {
                    match item.get_ref() {
                        DeValue::Table(inner) => self.texts(inner, trail),
                        other => self.text(item.span().start, other, trail),
                    }
                }
            }
            _ => {}
        }
    }

    fn source(&mut self, at: usize, trail: &[String], name: &str) {
        let known = &self.definition.sources;
        if !known.contains_key(name) {
            let wanted = self.wanted(name, known.keys().map(String::as_str), "a name from [sources]");
            self.fault_at(at, trail.join("."), format!("the source {name:?}"), wanted, None);
        }
    }

    fn steering(&mut self, at: usize, trail: &[String], text: &str, lines: bool) {
        let text_of_lines = text.replace("\r\n", "\n");
        let is_line = |c: char| lines && matches!(c, '\n' | '\t');
        let Some((i, c)) = text_of_lines.chars().enumerate().find(|(_, c)| steers(*c) && !is_line(*c)) else { return };
        let wanted = match lines {
            true => "text without control characters and changes of its direction",
            false => "one line without control characters and changes of its direction",
        };
        let found = format!("the character U+{:04X} at position {}", u32::from(c), i + 1);
        let hint = "it would steer the terminal, or turn the text, of whoever reads it";
        self.fault_at(at, trail.join("."), found, wanted.to_owned(), Some(hint));
    }
}

/// Whether a key is a name that the definition chooses, so that `from` is one like any other.
fn is_named_freely(trail: &[String]) -> bool {
    matches!(trail, [.., table, _] if ["aliases", "marks"].contains(&table.as_str()))
}

/// Whether the text is one of several lines: a body, and what a webhook's signature covers.
fn has_lines(trail: &[String]) -> bool {
    let trail: Vec<&str> = trail.iter().map(String::as_str).collect();
    matches!(
        trail.as_slice(),
        ["endpoints", "body"]
            | ["webhook", "signed"]
            | ["webhook", "fields", "separator"]
            | ["rotation", _, "call", "body"]
    )
}
