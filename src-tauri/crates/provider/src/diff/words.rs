//! Changes as people read them.

use std::fmt;

use toml::{Table, Value};

use super::{Change, Edit};

/// Longer values are cut.
const LONGEST: usize = 100;

/// A value in one line.
pub(super) fn brief(value: &Value) -> String {
    let text = match value {
        Value::String(text) => format!("{:?}", text.trim()),
        other => other.to_string().split_whitespace().collect::<Vec<_>>().join(" "),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A list item in one line: what people call it, else how many members it has.
pub(super) fn summary(item: &Table) -> String {
    let named = ["label", "title", "meaning", "base-url", "value"].iter().find_map(|key| item.get(*key));
    named.map_or_else(|| format!("{} members", item.len()), brief)
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.edit {
            Edit::Added(value) => write!(f, "{path} is new: {value}"),
            Edit::Removed(value) => write!(f, "{path} is gone: {value}"),
            Edit::Changed { from, to } => write!(f, "{path} was {from}, is {to}"),
            Edit::Members { added, removed } => {
                let gains = (!added.is_empty()).then(|| format!("gains {}", added.join(", ")));
                let loses = (!removed.is_empty()).then(|| format!("loses {}", removed.join(", ")));
                let both: Vec<String> = gains.into_iter().chain(loses).collect();
                let both = if both.is_empty() {
                    "has some of its values more than once".to_owned()
                } else {
                    both.join(" and ")
                };
                write!(f, "{path} {both}")
            }
            Edit::Moved => write!(f, "{path} stand in another order"),
        }
    }
}
