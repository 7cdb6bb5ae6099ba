//! Definitions as trees of values, and where two of them differ.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::{
    Edit,
    words::{brief, summary},
};

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// To a key of a table.
    Key(String),
    /// To the item of a list that people call so.
    Item(String),
}

/// A path as people read it: `environments[live].base-url`.
pub(super) fn path(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Key(key) if text.is_empty() => text.push_str(key),
            Part::Key(key) => text.push_str(&format!(".{key}")),
            Part::Item(item) => text.push_str(&format!("[{item}]")),
        }
    }
    text
}

/// A place in which two trees differ.
pub(super) struct Difference {
    pub(super) path: Vec<Part>,
    pub(super) edit: Edit,
}

/// The tree of a file that was read as a definition.
pub(super) fn read(text: &str) -> Table {
    toml::from_str(text).unwrap_or_default()
}

/// Everything that differs.
pub(super) fn differences(old: &Table, new: &Table) -> Vec<Difference> {
    let mut found = Vec::new();
    tables(&mut Vec::new(), old, new, &mut found);
    found
}

fn tables(path: &mut Vec<Part>, old: &Table, new: &Table, found: &mut Vec<Difference>) {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        path.push(Part::Key(key.clone()));
        values(path, old.get(key), new.get(key), found);
        path.pop();
    }
}

fn values(path: &mut Vec<Part>, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<Difference>) {
    let empty = (Table::new(), Vec::new());
    let edit = match (old, new) {
        (None, None) => return,
        // A part that was not there is told member by member, as one that was.
        (old, new) if is_table(old, new) => {
            let table = |side: Option<&Value>| side.and_then(Value::as_table).unwrap_or(&empty.0).clone();
            return tables(path, &table(old), &table(new), found);
        }
        (old, new) if is_list_of_tables(old, new) => {
            let list = |side: Option<&Value>| side.and_then(Value::as_array).unwrap_or(&empty.1).clone();
            return items(path, &list(old), &list(new), found);
        }
        (None, Some(new)) => Edit::Added(brief(new)),
        (Some(old), None) => Edit::Removed(brief(old)),
        (Some(old), Some(new)) if old == new => return,
        (Some(Value::Array(old)), Some(Value::Array(new))) => words(old, new),
        (Some(old), Some(new)) => Edit::Changed { from: brief(old), to: brief(new) },
    };
    found.push(Difference { path: path.clone(), edit });
}

fn is_table(old: Option<&Value>, new: Option<&Value>) -> bool {
    [old, new].into_iter().flatten().all(Value::is_table)
}

fn is_list_of_tables(old: Option<&Value>, new: Option<&Value>) -> bool {
    let tables = |list: &Vec<Value>| list.iter().all(Value::is_table);
    let sides = || [old, new].into_iter().flatten();
    sides().all(|side| side.as_array().is_some_and(tables))
        && sides().any(|side| side.as_array().is_some_and(|list| !list.is_empty()))
}

/// Two lists of words.
fn words(old: &[Value], new: &[Value]) -> Edit {
    let only = |these: &[Value], those: &[Value]| these.iter().filter(|v| !those.contains(v)).map(brief).collect();
    let (added, removed): (Vec<String>, Vec<String>) = (only(new, old), only(old, new));
    match added.is_empty() && removed.is_empty() && old.len() == new.len() {
        true => Edit::Moved,
        false => Edit::Members { added, removed },
    }
}

/// Two lists of tables, item by item: the same is what has the same name.
fn items(path: &mut Vec<Part>, old: &[Value], new: &[Value], found: &mut Vec<Difference>) {
    let (before, after) = (named(old), named(new));
    let after_by_name: BTreeMap<&str, &Table> = after.iter().map(|(name, item)| (name.as_str(), *item)).collect();
    let before_by_name: BTreeMap<&str, &Table> = before.iter().map(|(name, item)| (name.as_str(), *item)).collect();
    for (name, item) in &before {
        path.push(Part::Item(name.clone()));
        match after_by_name.get(name.as_str()) {
            Some(other) => tables(path, item, other, found),
            None => found.push(Difference { path: path.clone(), edit: Edit::Removed(summary(item)) }),
        }
        path.pop();
    }
    for (name, item) in after.iter().filter(|(name, _)| !before_by_name.contains_key(name.as_str())) {
        path.push(Part::Item(name.clone()));
        found.push(Difference { path: path.clone(), edit: Edit::Added(summary(item)) });
        path.pop();
    }
    let stayed = |list: &[(String, &Table)], other: &BTreeMap<&str, &Table>| -> Vec<String> {
        list.iter().filter(|(name, _)| other.contains_key(name.as_str())).map(|(name, _)| name.clone()).collect()
    };
    if stayed(&before, &after_by_name) != stayed(&after, &before_by_name) {
        found.push(Difference { path: path.clone(), edit: Edit::Moved });
    }
}

/// The items of a list with names of their own: what tells them apart, and a number behind those that nothing does.
fn named(list: &[Value]) -> Vec<(String, &Table)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut named = Vec::with_capacity(list.len());
    for item in list.iter().filter_map(Value::as_table) {
        let name = name_of(item);
        let count = seen.entry(name.clone()).and_modify(|count| *count += 1).or_insert(1);
        named.push((if *count > 1 { format!("{name} #{count}") } else { name }, item));
    }
    named
}

/// What people would call an item: its id, else its name, else what it is about.
fn name_of(item: &Table) -> String {
    const ONE: [&str; 9] = ["id", "name", "value", "applies-to", "time", "group", "claim", "member", "credential"];
    const SEVERAL: [&str; 6] = ["status", "code", "message", "kty", "crv", "under-bits"];
    let text = |key: &&str| item.get(*key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let several = || SEVERAL.iter().filter_map(text).collect::<Vec<_>>().join(" ");
    ONE.iter().find_map(text).unwrap_or_else(several)
}
