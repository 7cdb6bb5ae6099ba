//! Names: each is written as it should be, stands once, and leads somewhere.

use std::collections::{HashMap, HashSet, VecDeque};

use toml::de::{DeTable, DeValue};

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{
    definition::TOKEN,
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
        self.credential_ids();
    }

    /// Ids of credentials and of their fields are names in templates.
    fn credential_ids(&mut self) {
        let mut seen = HashSet::new();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for kind in self.definition.credentials.all() {
            let (list, id) = (kind.list(), kind.id());
            let index = counts.entry(list).or_default();
            let at = steps!["credentials", list, *index, "id"];
            *index += 1;
            if !is_identifier(id) || id == TOKEN {
                self.fault(at, format!("{id:?}"), "letters, digits and _, a letter first, and not \"token\"");
            }
            if !seen.insert(id) {
                self.fault(at, format!("{id:?} a second time"), "each id once");
            }
        }
    }

    /// Variables of the environment are names in every shell (IEEE Std 1003.1, Environment Variables).
    pub(super) fn env_vars(&mut self) {
        let d = self.definition;
        let environments = d.environments.iter().map(|e| e.env_var.as_deref());
        let secrets = d.credentials.secrets.iter().map(|secret| secret.env_var.as_deref());
        let texts = d.credentials.texts.iter().map(|text| text.env_var.as_deref());
        for (i, name) in environments.enumerate() {
            self.env_var(steps!["environments", i, "env-var"], name);
        }
        for (i, name) in secrets.enumerate() {
            self.env_var(steps!["credentials", "secrets", i, "env-var"], name);
        }
        for (i, name) in texts.enumerate() {
            self.env_var(steps!["credentials", "texts", i, "env-var"], name);
        }
    }

    fn env_var(&mut self, at: &[Step<'_>], name: Option<&str>) {
        let fits = |name: &str| {
            let word = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
            name.bytes().all(word) && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        };
        if let Some(name) = name.filter(|name| !fits(name)) {
            self.fault(at, format!("{name:?}"), "capital letters, digits and _, no digit first");
        }
    }

    /// The fields of credentials that templates may name.
    fn credential_fields(&self) -> impl Iterator<Item = &str> {
        let credentials = &self.definition.credentials;
        let files = credentials.private_keys.iter().filter_map(|key| key.file.as_ref());
        let logins = credentials.logins.iter().flat_map(|login| {
            ["username", "password"].into_iter().chain(login.also.iter().map(|field| field.id.as_str()))
        });
        let clients = credentials.clients.iter().flat_map(|_| ["client_id", "client_secret"]);
        (files.flat_map(|file| file.fields.keys()).map(String::as_str))
            .chain(logins)
            .chain(clients)
            .chain(credentials.texts.iter().map(|text| text.id.as_str()))
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

    /// Every `from` names a source, and what people read is one line.
    pub(super) fn texts(&mut self, table: &DeTable<'_>, trail: &mut Vec<String>) {
        for (key, value) in table {
            trail.push(key.get_ref().to_string());
            match value.get_ref() {
                DeValue::String(name) if key.get_ref() == "from" || key.get_ref().ends_with("-from") => {
                    let known = &self.definition.sources;
                    if !known.contains_key(name.as_ref()) {
                        let wanted = self.wanted(name, known.keys().map(String::as_str), "a name from [sources]");
                        let found = format!("the source {name:?}");
                        self.fault_at(value.span().start, trail.join("."), found, wanted);
                    }
                }
                // It stands in lists and sentences, which it must not forge.
                DeValue::String(text) if text.chars().any(char::is_control) && is_read_by_people(key.get_ref()) => {
                    let found = format!("{text:?}");
                    self.fault_at(
                        value.span().start,
                        trail.join("."),
                        found,
                        "one line without control characters".into(),
                    );
                }
                DeValue::Table(inner) if key.get_ref() != "sources" => self.texts(inner, trail),
                DeValue::Array(items) => {
                    for inner in items.iter().filter_map(|item| item.get_ref().as_table()) {
                        self.texts(inner, trail);
                    }
                }
                _ => {}
            }
            trail.pop();
        }
    }

    pub(super) fn variables(&mut self) {
        let d = self.definition;
        let (mut seen, mut circles) = (HashSet::new(), false);
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
                    circles = true;
                    self.fault(steps!["variables", i, "default"], format!("a circle: {circle}"), "a value at its end");
                }
            }
        }
        if !circles {
            self.lengths();
        }
    }

    /// The shortest way from a variable through defaults back to itself.
    fn circle(&self, start: &str) -> Option<String> {
        let mut ways = VecDeque::from([vec![start]]);
        let mut seen = HashSet::new();
        while let Some(way) = ways.pop_front() {
            let last = way.last().copied().unwrap_or(start);
            let default = self.definition.variable(last).and_then(|variable| variable.default.as_ref());
            for next in default.into_iter().flat_map(Template::variables) {
                let longer = [way.as_slice(), &[next]].concat();
                if next == start {
                    return Some(longer.join(" → "));
                }
                if seen.insert(next) {
                    ways.push_back(longer);
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
                    let near = self.near(name, declared());
                    let wanted = near.map_or("one from [[variables]]".to_owned(), |n| format!("{{{n}}} perhaps"));
                    self.fault(path, format!("the variable {slot}, which is not declared"), wanted);
                }
            } else if let Slot::Credential(field) = slot
                && !self.credential_fields().any(|known| known == field)
            {
                let wanted = self.wanted(field, self.credential_fields(), "a field of one from [credentials]");
                self.fault(path, format!("{slot}, which no credential has"), wanted);
            }
        }
    }

    pub(super) fn known_credential(&mut self, path: &[Step<'_>], id: &str) {
        let credentials = &self.definition.credentials;
        if credentials.get(id).is_none() {
            let wanted = self.wanted(id, credentials.all().map(|kind| kind.id()), "the id of one");
            self.fault(path, format!("the credential {id:?}, which is not declared"), wanted);
        }
    }
}

/// Whether the text of this key stands in lists and sentences.
fn is_read_by_people(key: &str) -> bool {
    ["id", "name", "label", "title", "help", "set-label", "remove-label"].contains(&key)
}
