//! Reading a definition: the text first, then what its parts say about each other.

use std::{collections::HashSet, fmt};

use jose::json::Document;
use toml::de::{DeTable, DeValue};

use crate::{
    address::parse_base,
    definition::{BaseUrl, Claim, Definition, Endpoint, Environment, SignedBy, VariableKind},
    error::{DefinitionError, MAX_BYTES, Position},
    near::nearest,
    template::{Slot, Template, is_identifier},
};

impl Definition {
    /// Reads a definition; the first thing that is wrong ends it.
    pub fn parse(text: &str) -> Result<Self, DefinitionError> {
        Self::check(text).map_err(|mut errors| errors.swap_remove(0))
    }

    /// Reads a definition, or says everything that is wrong with it, in the order of the file. A text that is not TOML,
    /// or has a key of the wrong type, ends the reading; what the parts say about each other is reported together.
    pub fn check(text: &str) -> Result<Self, Vec<DefinitionError>> {
        if text.len() > MAX_BYTES {
            return Err(vec![DefinitionError::TooLarge { found: text.len() }]);
        }
        let tree = DeTable::parse(text).map_err(|e| vec![DefinitionError::from_toml(text, &e, true)])?;
        let tree = tree.into_inner();
        check_version(text, &tree).map_err(|error| vec![error])?;
        let definition: Self =
            toml::from_str(text).map_err(|error| vec![DefinitionError::from_toml(text, &error, false)])?;
        let mut checker = Checker { text, tree: &tree, definition: &definition, errors: Vec::new() };
        checker.everything();
        let mut errors = checker.errors;
        if errors.is_empty() {
            return Ok(definition);
        }
        errors.sort_by_key(DefinitionError::position);
        Err(errors)
    }
}

/// A newer format is named as such before its new keys are called unknown.
fn check_version(text: &str, tree: &DeTable<'_>) -> Result<(), DefinitionError> {
    let Some((_, value)) = tree.iter().find(|(key, _)| key.get_ref() == "keywright-provider") else {
        return Err(DefinitionError::MissingKey { at: Position::of(text, 0), wanted: "keywright-provider".to_owned() });
    };
    let found = &text[value.span()];
    if found == "1" {
        return Ok(());
    }
    Err(DefinitionError::Version { at: Position::of(text, value.span().start), found: found.to_owned() })
}

/// One step from a table or list to what it holds.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

struct Path<'p>(&'p [Step<'p>]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if i > 0 => write!(f, ".{key}")?,
                Step::Key(key) => f.write_str(key)?,
                // People count from one.
                Step::Index(index) => write!(f, "[{}]", index + 1)?,
            }
        }
        Ok(())
    }
}

macro_rules! path {
    ($($step:expr),+) => { &[$(Step::from($step)),+][..] };
}

struct Checker<'a> {
    text: &'a str,
    tree: &'a DeTable<'a>,
    definition: &'a Definition,
    errors: Vec<DefinitionError>,
}

impl<'a> Checker<'a> {
    fn everything(&mut self) {
        self.ids();
        self.sources(self.tree, &mut Vec::new());
        self.variables();
        for (i, environment) in self.definition.environments.iter().enumerate() {
            self.environment(i, environment);
        }
        self.credentials();
        self.token();
        self.scopes();
        for (i, endpoint) in self.definition.endpoints.iter().enumerate() {
            self.endpoint(i, endpoint);
        }
        self.headers();
        self.flows();
        self.failures();
        self.webhook();
    }

    fn fault(&mut self, path: &[Step<'_>], found: impl Into<String>, wanted: impl Into<String>) {
        let at = Position::of(self.text, self.locate(path));
        let path = Path(path).to_string();
        self.errors.push(DefinitionError::Disagrees { at, path, found: found.into(), wanted: wanted.into() });
    }

    /// The first byte of the value at `path`, or of the nearest thing around it.
    fn locate(&self, path: &[Step<'_>]) -> usize {
        let mut start = 0;
        let mut table = Some(self.tree);
        let mut list = None;
        for step in path {
            let next = match step {
                Step::Key(name) => table.and_then(|t| t.iter().find(|(key, _)| key.get_ref() == name)).map(|(_, v)| v),
                Step::Index(index) => list.and_then(|l: &toml::de::DeArray<'_>| l.get(*index)),
            };
            let Some(value) = next else { break };
            start = value.span().start;
            table = value.get_ref().as_table();
            list = value.get_ref().as_array();
        }
        start
    }

    /// Every id is written like one and stands once in its list.
    fn ids(&mut self) {
        let d = self.definition;
        self.kebab(path!["id"], &d.id);
        if d.environments.is_empty() {
            self.fault(path!["environments"], "no environment", "at least one");
        }
        self.unique("environments", d.environments.iter().map(|e| e.id.as_str()));
        self.unique("endpoints", d.endpoints.iter().map(|e| e.id.as_str()));
        self.unique("flows", d.flows.iter().map(|f| f.id.as_str()));
        let mut seen = HashSet::new();
        for kind in d.credentials.all() {
            if !seen.insert(kind.id().to_owned()) {
                self.fault(path!["credentials"], format!("the id {:?} twice", kind.id()), "each id once");
            }
        }
    }

    fn kebab(&mut self, path: &[Step<'_>], id: &str) {
        let fits = id.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !fits {
            self.fault(path, format!("{id:?}"), "lower case letters, digits and hyphens");
        }
    }

    fn unique<'i>(&mut self, list: &str, ids: impl Iterator<Item = &'i str>) {
        let mut seen = HashSet::new();
        for (i, id) in ids.enumerate() {
            self.kebab(path![list, i, "id"], id);
            if !seen.insert(id) {
                self.fault(path![list, i, "id"], format!("{id:?} a second time"), "each id once");
            }
        }
    }

    /// Every `from` names a source.
    fn sources(&mut self, table: &DeTable<'_>, trail: &mut Vec<String>) {
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

    fn variables(&mut self) {
        let d = self.definition;
        let mut seen = HashSet::new();
        for (i, variable) in d.variables.iter().enumerate() {
            let at = path!["variables", i, "id"];
            if !is_identifier(&variable.id) {
                self.fault(at, format!("{:?}", variable.id), "letters, digits and _, a letter first");
            } else if Slot::is_reserved(&variable.id) {
                self.fault(at, format!("{:?}, which templates use for something else", variable.id), "another name");
            }
            if !seen.insert(variable.id.as_str()) {
                self.fault(at, format!("{:?} a second time", variable.id), "each id once");
            }
            if let Some(default) = &variable.default {
                self.template(path!["variables", i, "default"], default, |slot| matches!(slot, Slot::Variable(_)));
                if let Some(circle) = self.circle(&variable.id) {
                    self.fault(path!["variables", i, "default"], format!("a circle: {circle}"), "a value at its end");
                }
            }
        }
    }

    /// The way from a variable through defaults back to itself.
    fn circle(&self, start: &str) -> Option<String> {
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
    fn template(&mut self, path: &[Step<'_>], template: &Template, allowed: impl Fn(&Slot) -> bool) {
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

    fn environment(&mut self, i: usize, environment: &Environment) {
        let BaseUrl::Template(template) = &environment.base_url else { return };
        let at = path!["environments", i, "base-url"];
        let before = self.errors.len();
        self.template(at, template, |slot| matches!(slot, Slot::Variable(_)));
        if self.errors.len() > before {
            return;
        }
        if let Some(Slot::Variable(name)) = template.only_slot() {
            if self.definition.variable(name).is_some_and(|variable| variable.kind != VariableKind::Url) {
                self.fault(
                    at,
                    format!("the variable {{{name}}}, which is not an address"),
                    "a variable of kind \"url\"",
                );
            }
            return;
        }
        let filled = template.fill(|_| Ok::<_, ()>("x".to_owned())).unwrap_or_default();
        if let Err(error) = parse_base(&filled) {
            let wanted = "an https address, an http one of this computer, \"ask\" or \"emulator\"";
            self.fault(at, format!("{:?} ({error})", template.text()), wanted);
        }
    }

    fn credentials(&mut self) {
        for (i, key) in self.definition.credentials.private_keys.iter().enumerate() {
            if key.forms.is_empty() {
                self.fault(path!["credentials", "private-keys", i, "forms"], "no form", "at least one");
            }
            if key.keys.is_empty() {
                self.fault(path!["credentials", "private-keys", i, "keys"], "no key that will do", "at least one");
            }
            for (j, rule) in key.keys.iter().enumerate() {
                let at = path!["credentials", "private-keys", i, "keys", j, "algs"];
                if rule.algs.is_empty() {
                    self.fault(at, "no algorithm", "at least one");
                }
                if let Some(alg) = rule.algs.iter().find(|alg| alg.is_hmac()) {
                    self.fault(at, format!("{alg}, which is keyed with a shared secret"), "a signature algorithm");
                }
            }
        }
        for (i, secret) in self.definition.credentials.secrets.iter().enumerate() {
            if secret.encodings.is_empty() {
                self.fault(path!["credentials", "secrets", i, "encodings"], "no encoding", "at least one");
            }
            if let Some(alg) = secret.algs.iter().find(|alg| !alg.is_hmac()) {
                let found = format!("{alg}, which is keyed with a key pair");
                self.fault(path!["credentials", "secrets", i, "algs"], found, "HS256, HS384 or HS512");
            }
        }
    }

    fn token(&mut self) {
        let Some(token) = &self.definition.token else { return };
        match &token.credential {
            Some(id) => self.known_credential(path!["token", "credential"], id),
            None if token.signed_by == SignedBy::Us => {
                self.fault(path!["token"], "no credential", "the id of the one it is signed with");
            }
            None => {}
        }
        let mut seen = HashSet::new();
        for (i, member) in token.header.iter().enumerate() {
            if !seen.insert(member.name.as_str()) {
                self.fault(
                    path!["token", "header", i, "name"],
                    format!("{:?} a second time", member.name),
                    "each once",
                );
            }
            self.template(path!["token", "header", i, "value"], &member.value, |_| true);
        }
        self.claims(&[Step::Key("token"), Step::Key("claims")], &token.claims);
        for (i, claim) in token.claims.iter().enumerate() {
            if let Some(scope) = &claim.only_with_scope {
                self.known_scope(path!["token", "claims", i, "only-with-scope"], scope);
            }
        }
        if let Some(lifetime) = &token.lifetime {
            if lifetime.max.is_some_and(|max| lifetime.default > max) {
                let found = format!("{}, more than the most that is taken", lifetime.default);
                self.fault(path!["token", "lifetime", "default"], found, "no more than max");
            }
            if lifetime.warn_under.zip(lifetime.warn_over).is_some_and(|(under, over)| under > over) {
                self.fault(path!["token", "lifetime", "warn-under"], "more than warn-over", "less");
            }
        }
    }

    fn claims(&mut self, trail: &[Step<'_>], claims: &[Claim]) {
        let mut seen = HashSet::new();
        for (i, claim) in claims.iter().enumerate() {
            let at = |key| [trail, &[Step::Index(i), Step::Key(key)]].concat();
            if !seen.insert(claim.name.as_str()) {
                self.fault(&at("name"), format!("{:?} a second time", claim.name), "each claim once");
            }
            for template in claim.value.iter().flat_map(|value| value.templates()) {
                self.template(&at("value"), template, |_| true);
            }
            if claim.default_on && claim.value.is_none() {
                self.fault(&at("default-on"), "true without a value", "a value to write");
            }
            use crate::definition::ClaimType::{Object, Objects};
            if !claim.members.is_empty() && !matches!(claim.kind, Object | Objects) {
                self.fault(
                    &at("members"),
                    format!("members of {}", claim.kind.words()),
                    "type \"object\" or \"objects\"",
                );
            }
            self.claims(&at("members"), &claim.members);
        }
    }

    fn known_credential(&mut self, path: &[Step<'_>], id: &str) {
        let credentials = &self.definition.credentials;
        if credentials.get(id).is_none() {
            let near = nearest(id, credentials.all().map(|kind| kind.id()));
            let wanted = near.map_or("the id of one".to_owned(), |near| format!("{near:?} perhaps"));
            self.fault(path, format!("the credential {id:?}, which is not declared"), wanted);
        }
    }

    fn scopes(&mut self) {
        let Some(scopes) = &self.definition.scopes else { return };
        let token = self.definition.token.as_ref();
        if let (Some(name), Some(token)) = (&scopes.claim, token)
            && !token.claims.iter().any(|claim| claim.name == *name)
        {
            self.fault(
                path!["scopes", "claim"],
                format!("{name:?}, which is not a claim"),
                "one from [[token.claims]]",
            );
        }
        if let Some(grammar) = &scopes.grammar {
            for (i, action) in grammar.actions.iter().enumerate() {
                for name in action.implies.iter().chain(&action.lacks) {
                    if grammar.action(name).is_none() {
                        let at = path!["scopes", "grammar", "actions", i];
                        self.fault(at, format!("the action {name:?}, which is not listed"), "one of the actions");
                    }
                }
            }
        } else if !scopes.families.is_empty() {
            self.fault(
                path!["scopes", "families"],
                "families without a grammar",
                "[scopes.grammar], or [[scopes.values]]",
            );
        }
        for (i, value) in scopes.values.iter().enumerate() {
            self.scope_form(path!["scopes", "values", i, "value"], &value.value);
        }
        for (i, family) in scopes.families.iter().enumerate() {
            for (j, resource) in family.resources.iter().enumerate() {
                let action =
                    scopes.grammar.as_ref().and_then(|g| g.actions.first().map(|a| g.write(resource, &a.name)));
                if let Some(scope) = action {
                    self.scope_form(path!["scopes", "families", i, "resources", j], &scope);
                }
            }
        }
        let mut seen = HashSet::new();
        for listed in scopes.catalogue() {
            if !seen.insert(listed.value.clone()) {
                self.fault(path!["scopes"], format!("{:?} twice in the catalogue", listed.value), "each scope once");
            }
        }
        for (i, scope) in scopes.default.iter().enumerate() {
            self.known_scope(path!["scopes", "default", i], scope);
        }
        for (alias, scope) in &scopes.aliases {
            self.known_scope(path!["scopes", "aliases", alias.as_str()], scope);
        }
    }

    fn scope_form(&mut self, path: &[Step<'_>], scope: &str) {
        let Some(scopes) = &self.definition.scopes else { return };
        if let Err(malformed) = scopes.check_form(scope) {
            self.fault(path, malformed.to_string(), "a scope by the grammar");
        }
    }

    /// A scope that other parts name is in the catalogue.
    fn known_scope(&mut self, path: &[Step<'_>], scope: &str) {
        let Some(scopes) = &self.definition.scopes else {
            return self.fault(path, format!("the scope {scope:?}, but there are no scopes"), "[scopes]");
        };
        if !scopes.catalogue().iter().any(|listed| listed.value == scope) {
            let near = scopes.nearest(scope).map_or("one of them".to_owned(), |near| format!("{near:?} perhaps"));
            self.fault(path, format!("{scope:?}, which is not in the catalogue of scopes"), near);
        }
    }

    fn endpoint(&mut self, i: usize, endpoint: &Endpoint) {
        self.method(path!["endpoints", i, "method"], &endpoint.method);
        let at = path!["endpoints", i, "path"];
        self.template(at, &endpoint.path, |slot| matches!(slot, Slot::Variable(_)));
        if !endpoint.path.text().starts_with('/') {
            self.fault(at, format!("{:?}", endpoint.path.text()), "a path that begins with /");
        }
        self.status(path!["endpoints", i, "expect"], endpoint.expect);
        let json = endpoint.content_type.as_deref().is_none_or(|kind| kind == "application/json");
        if let Some(Err(error)) = endpoint.body.as_deref().filter(|_| json).map(Document::parse) {
            self.fault(path!["endpoints", i, "body"], format!("a body that is not JSON ({error})"), "JSON");
        }
        for (j, scope) in endpoint.needs.all.iter().enumerate() {
            self.known_scope(path!["endpoints", i, "needs", "all", j], scope);
        }
        for (j, scope) in endpoint.needs.any.iter().enumerate() {
            self.known_scope(path!["endpoints", i, "needs", "any", j], scope);
        }
        for (j, name) in endpoint.without_headers.iter().enumerate() {
            if !self.definition.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name)) {
                let at = path!["endpoints", i, "without-headers", j];
                self.fault(at, format!("the header {name:?}"), "one from [[headers]]");
            }
        }
    }

    fn method(&mut self, path: &[Step<'_>], method: &str) {
        const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        if !METHODS.contains(&method) {
            self.fault(path, format!("{method:?}"), format!("one of {}", METHODS.join(", ")));
        }
    }

    fn status(&mut self, path: &[Step<'_>], status: u16) {
        if !(100..600).contains(&status) {
            self.fault(path, status.to_string(), "an HTTP status, 100 to 599");
        }
    }

    fn headers(&mut self) {
        for (i, header) in self.definition.headers.iter().enumerate() {
            self.field_name(path!["headers", i, "name"], &header.name);
            if header.name.eq_ignore_ascii_case(&self.definition.placement.name) {
                self.fault(
                    path!["headers", i, "name"],
                    format!("{:?}, where the token stands", header.name),
                    "another",
                );
            }
            self.template(path!["headers", i, "value"], &header.value, |slot| {
                matches!(slot, Slot::Variable(_) | Slot::Uuid | Slot::UuidHex | Slot::RandomHex(_) | Slot::App)
                    || matches!(slot, Slot::Credential(_) | Slot::NowIso | Slot::Now(_))
            });
            for (j, call) in header.only.iter().enumerate() {
                match call.split_once(' ') {
                    Some((method, rest)) if rest.starts_with('/') => {
                        self.method(path!["headers", i, "only", j], method)
                    }
                    _ => self.fault(path!["headers", i, "only", j], format!("{call:?}"), "METHOD /path"),
                }
            }
            for (j, prefix) in header.except.iter().enumerate() {
                if !prefix.starts_with('/') {
                    self.fault(path!["headers", i, "except", j], format!("{prefix:?}"), "a path that begins with /");
                }
            }
        }
    }

    /// A name of a header field is a token (RFC 9110 §5.6.2).
    fn field_name(&mut self, path: &[Step<'_>], name: &str) {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || !name.bytes().all(fits) {
            self.fault(path, format!("{name:?}"), "the name of a header field");
        }
    }

    fn flows(&mut self) {
        for (i, flow) in self.definition.flows.iter().enumerate() {
            self.method(path!["flows", i, "method"], &flow.method);
            self.template(path!["flows", i, "path"], &flow.path, |slot| {
                matches!(slot, Slot::Variable(_) | Slot::Credential(_))
            });
            if !flow.path.text().starts_with('/') && !flow.path.text().starts_with("https://") {
                let found = format!("{:?}", flow.path.text());
                self.fault(path!["flows", i, "path"], found, "a path that begins with /, or an https address");
            }
            if let Some(id) = &flow.credential {
                self.known_credential(path!["flows", i, "credential"], id);
            }
            for (name, pointers) in &flow.gives {
                self.pointers(path!["flows", i, "gives", name.as_str()], pointers);
            }
            for (j, name) in flow.keeps.iter().enumerate().filter(|(_, name)| !flow.gives.contains_key(*name)) {
                self.fault(path!["flows", i, "keeps", j], format!("{name:?}"), "a name from gives");
            }
        }
        if let Some(id) = self.definition.on_unauthorized.as_ref().and_then(|remedy| remedy.flow.as_deref())
            && self.definition.flow(id).is_none()
        {
            self.fault(path!["on-unauthorized", "flow"], format!("the flow {id:?}"), "one from [[flows]]");
        }
    }

    fn pointers(&mut self, path: &[Step<'_>], pointers: &[String]) {
        for pointer in pointers.iter().filter(|pointer| !pointer.starts_with('/')) {
            self.fault(path, format!("{pointer:?}"), "a JSON pointer, which begins with /");
        }
    }

    fn failures(&mut self) {
        let errors = &self.definition.errors;
        let lists = [
            ("code", &errors.code),
            ("message", &errors.message),
            ("details", &errors.details),
            ("retry-after", &errors.retry_after),
        ];
        for (key, pointers) in lists {
            self.pointers(path!["errors", key], pointers);
        }
        for pointer in errors.marks.keys().filter(|pointer| !pointer.starts_with('/')) {
            self.fault(path!["errors", "marks"], format!("{pointer:?}"), "a JSON pointer, which begins with /");
        }
        for (i, known) in errors.known.iter().enumerate() {
            self.status(path!["errors", "known", i, "status"], known.status);
            for status in &known.also_status {
                self.status(path!["errors", "known", i, "also-status"], *status);
            }
        }
    }

    fn webhook(&mut self) {
        let Some(webhook) = &self.definition.webhook else { return };
        self.field_name(path!["webhook", "signature", "header"], &webhook.signature.header);
        if !webhook.signed.contains("{body}") {
            self.fault(path!["webhook", "signed"], format!("{:?}", webhook.signed), "a text with {body} in it");
        }
        if webhook.signed.contains("{timestamp}") && webhook.timestamp.is_none() {
            self.fault(path!["webhook", "signed"], "{timestamp} without a place for it", "[webhook.timestamp]");
        }
        if webhook.signed.contains("{id}") && webhook.id_header.is_none() {
            self.fault(path!["webhook", "signed"], "{id} without a place for it", "id-header");
        }
    }
}
