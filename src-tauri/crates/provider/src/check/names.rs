//! Names: each is written as it should be, stands once, and leads somewhere.

use std::collections::HashSet;

use toml::de::{DeTable, DeValue};

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{
    error::{DefinitionError, Position},
    near::nearest,
    template::{Slot, Template, is_identifier},
};

impl Checker<'_> {
    /// Every id is written like one and stands once in its list.
    pub(super) fn ids(&mut self) {
        let d = self.definition;
        self.kebab(steps!["id"], &d.id);
        if d.environments.is_empty() {
            self.fault(steps!["environments"], "no environment", "at least one");
        }
        self.unique("environments", d.environments.iter().map(|e| e.id.as_str()));
        self.unique("endpoints", d.endpoints.iter().map(|e| e.id.as_str()));
        self.unique("flows", d.flows.iter().map(|f| f.id.as_str()));
        let mut seen = HashSet::new();
        for kind in d.credentials.all() {
            if !seen.insert(kind.id().to_owned()) {
                self.fault(steps!["credentials"], format!("the id {:?} twice", kind.id()), "each id once");
            }
        }
    }

    pub(super) fn kebab(&mut self, path: &[Step<'_>], id: &str) {
        let fits = id.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !fits {
            self.fault(path, format!("{id:?}"), "lower case letters, digits and hyphens");
        }
    }

    pub(super) fn unique<'i>(&mut self, list: &str, ids: impl Iterator<Item = &'i str>) {
        let mut seen = HashSet::new();
        for (i, id) in ids.enumerate() {
            self.kebab(steps![list, i, "id"], id);
            if !seen.insert(id) {
                self.fault(steps![list, i, "id"], format!("{id:?} a second time"), "each id once");
            }
        }
    }

    /// Every `from` names a source.
    pub(super) fn sources(&mut self, table: &DeTable<'_>, trail: &mut Vec<String>) {
        for (key, value) in table {
            trail.push(key.get_ref().to_string());
            match value.get_ref() {
                DeValue::String(name) if key.get_ref() == "from" || key.get_ref().ends_with("-from") => {
                    let known = &self.definition.sources;
                    if !known.contains_key(name.as_ref()) {
                        let near = nearest(name, known.keys().map(String::as_str));
                        let wanted = near.map_or("a name from [sources]".to_owned(), |n| format!("{n:?} perhaps"));
                        let at = Position::of(self.text, value.span().start);
                        let found = format!("the source {name:?}");
                        self.errors.push(DefinitionError::Disagrees { at, path: trail.join("."), found, wanted });
                    }
                }
                DeValue::Table(inner) if key.get_ref() != "sources" => self.sources(inner, trail),
                DeValue::Array(items) => {
                    for inner in items.iter().filter_map(|item| item.get_ref().as_table()) {
                        self.sources(inner, trail);
                    }
                }
                _ => {}
            }
            trail.pop();
        }
    }

    pub(super) fn variables(&mut self) {
        let d = self.definition;
        let mut seen = HashSet::new();
        for (i, variable) in d.variables.iter().enumerate() {
            let at = steps!["variables", i, "id"];
            if !is_identifier(&variable.id) {
                self.fault(at, format!("{:?}", variable.id), "letters, digits and _, a letter first");
            } else if Slot::is_reserved(&variable.id) {
                self.fault(at, format!("{:?}, which templates use for something else", variable.id), "another name");
            }
            if !seen.insert(variable.id.as_str()) {
                self.fault(at, format!("{:?} a second time", variable.id), "each id once");
            }
            if let Some(default) = &variable.default {
                self.template(steps!["variables", i, "default"], default, |slot| matches!(slot, Slot::Variable(_)));
                if let Some(circle) = self.circle(&variable.id) {
                    self.fault(steps!["variables", i, "default"], format!("a circle: {circle}"), "a value at its end");
                }
            }
        }
    }

    /// The way from a variable through defaults back to itself.
    pub(super) fn circle(&self, start: &str) -> Option<String> {
        let mut open = vec![vec![start]];
        while let Some(way) = open.pop() {
            let last = way.last().copied().unwrap_or(start);
            let default = self.definition.variable(last).and_then(|variable| variable.default.as_ref());
            for next in default.into_iter().flat_map(Template::variables) {
                if next == start {
                    return Some([way.as_slice(), &[start]].concat().join(" → "));
                }
                if !way.contains(&next) {
                    open.push([way.as_slice(), &[next]].concat());
                }
            }
        }
        None
    }

    /// A template whose slots are allowed in its place, and whose variables are declared.
    pub(super) fn template(&mut self, path: &[Step<'_>], template: &Template, allowed: impl Fn(&Slot) -> bool) {
        for slot in template.slots() {
            if !allowed(slot) {
                self.fault(path, slot.to_string(), "something that is known in this place");
            } else if let Slot::Variable(name) = slot {
                let declared = || self.definition.variables.iter().map(|variable| variable.id.as_str());
                if !declared().any(|id| id == name) {
                    let near = nearest(name, declared());
                    let wanted = near.map_or("one from [[variables]]".to_owned(), |n| format!("{{{n}}} perhaps"));
                    self.fault(path, format!("the variable {slot}, which is not declared"), wanted);
                }
            }
        }
    }

    pub(super) fn known_credential(&mut self, path: &[Step<'_>], id: &str) {
        let credentials = &self.definition.credentials;
        if credentials.get(id).is_none() {
            let near = nearest(id, credentials.all().map(|kind| kind.id()));
            let wanted = near.map_or("the id of one".to_owned(), |near| format!("{near:?} perhaps"));
            self.fault(path, format!("the credential {id:?}, which is not declared"), wanted);
        }
    }
}
