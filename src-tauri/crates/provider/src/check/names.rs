//! Names: each is written as it should be, stands once, and leads somewhere.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{
    address::check_value,
    definition::{SECRET_FIELDS, TOKEN, Variable},
    places::TemplatePlace,
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
        self.text_ids();
    }

    /// What is shown has no name by which a secret goes.
    fn text_ids(&mut self) {
        let kinds = &self.definition.credentials;
        for (i, text) in kinds.texts.iter().enumerate() {
            self.not_secret(steps!["credentials", "texts", i, "id"], &text.id);
        }
        for (i, login) in kinds.logins.iter().enumerate() {
            for (j, text) in login.also.iter().enumerate() {
                self.not_secret(steps!["credentials", "logins", i, "also", j, "id"], &text.id);
            }
        }
        for (i, file) in kinds.private_keys.iter().enumerate().filter_map(|(i, key)| Some((i, key.file.as_ref()?))) {
            for name in file.fields.keys() {
                self.not_secret(steps!["credentials", "private-keys", i, "file", "fields", name.as_str()], name);
            }
        }
    }

    fn not_secret(&mut self, at: &[Step<'_>], id: &str) {
        if SECRET_FIELDS.contains(&id) {
            self.fault(at, format!("{id:?}, which is a secret elsewhere"), "another name, since this text is shown");
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
    pub(super) fn credential_fields(&self) -> impl Iterator<Item = &str> {
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
            self.shape(steps!["variables", i, "shape"], &variable.shape);
            if let Some(default) = &variable.default {
                self.template(steps!["variables", i, "default"], default, TemplatePlace::Default);
                self.fixed_default(i, variable, default);
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

    /// A default that stands for one text is of the form that the variable wants.
    fn fixed_default(&mut self, i: usize, variable: &Variable, default: &Template) {
        let fixed = Some(default).filter(|default| default.slots().next().is_none());
        let value = fixed.and_then(|default| default.fill(|_| Err(())).ok()).filter(|value| !value.trim().is_empty());
        if let Some(Err(error)) = value.map(|value| check_value(variable, value.trim())) {
            self.fault(steps!["variables", i, "default"], error.to_string(), "a value that the variable takes");
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

    /// A template whose slots are known in its place, and whose variables and fields are declared. Says whether it is that.
    pub(super) fn template(&mut self, path: &[Step<'_>], template: &Template, place: TemplatePlace) -> bool {
        let before = (self.errors.len(), self.more);
        for slot in template.slots() {
            if !place.knows(slot) {
                self.fault(path, format!("{slot} in {place}"), place.wanted());
            } else if let Slot::Variable(name) = slot {
                self.known_variable(path, name);
            } else if let Slot::Credential(field) = slot {
                self.known_field(path, slot, field, place);
            }
        }
        before == (self.errors.len(), self.more)
    }

    fn known_variable(&mut self, path: &[Step<'_>], name: &str) {
        let declared = || self.definition.variables.iter().map(|variable| variable.id.as_str());
        if !declared().any(|id| id == name) {
            let near = self.nearest(name, declared());
            let wanted = near.map_or("one from [[variables]]".to_owned(), |n| format!("{{{n}}} perhaps"));
            self.fault(path, format!("the variable {{{name}}}, which is not declared"), wanted);
        }
    }

    fn known_field(&mut self, path: &[Step<'_>], slot: &Slot, field: &str, place: TemplatePlace) {
        let definition = self.definition;
        if !self.credential_fields().any(|known| known == field) {
            let wanted = self.wanted(field, self.credential_fields(), "a field of one from [credentials]");
            self.fault(path, format!("{slot}, which no credential has"), wanted);
        } else if !definition.credentials.all().any(|credential| definition.has_field(credential, field)) {
            let hint = "texts go with the credential that signs; what every credential needs is a variable";
            self.fault_because(path, format!("{slot}, which goes with no credential here"), "a variable", hint);
        } else if !place.knows_secrets() && !definition.credentials.is_public(field) {
            let hint =
                "a secret belongs into the body of a flow, or where [placement] puts what a call authenticates with";
            self.fault_because(path, format!("{slot}, a secret, in {place}"), "a field that is not secret", hint);
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
