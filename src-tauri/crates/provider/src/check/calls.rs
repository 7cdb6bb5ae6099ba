//! Addresses, calls, their header fields and bodies, and errors can be what they say.

use jose::json::Document;

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{
    address::parse_base,
    definition::{BaseUrl, Endpoint, Environment, Spot, TOKEN, VariableKind},
    template::{Slot, Template},
};

impl Checker<'_> {
    pub(super) fn environment(&mut self, i: usize, environment: &Environment) {
        let keys = &self.definition.credentials.api_keys;
        let known: Vec<&str> = keys.iter().flat_map(|key| &key.shape.prefixes).map(String::as_str).collect();
        for (j, prefix) in environment.credential_prefixes.iter().enumerate() {
            if keys.iter().all(|key| !key.shape.prefixes.is_empty()) && !known.contains(&prefix.as_str()) {
                let wanted = self.wanted(prefix, known.iter().copied(), "one of the prefixes of their shape");
                let at = steps!["environments", i, "credential-prefixes", j];
                self.fault(at, format!("{prefix:?}, with which no API key begins"), wanted);
            }
        }
        let BaseUrl::Template(template) = &environment.base_url else { return };
        let at = steps!["environments", i, "base-url"];
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

    pub(super) fn endpoint(&mut self, i: usize, endpoint: &Endpoint) {
        self.method(steps!["endpoints", i, "method"], &endpoint.method);
        let at = steps!["endpoints", i, "path"];
        self.path(at, &endpoint.path, "a path that begins with /", |slot| matches!(slot, Slot::Variable(_)));
        self.status(steps!["endpoints", i, "expect"], endpoint.expect);
        let json = endpoint.content_type.as_deref().is_none_or(|kind| kind == "application/json");
        if let Some(Err(error)) = endpoint.body.as_deref().filter(|_| json).map(Document::parse) {
            self.fault(steps!["endpoints", i, "body"], format!("a body that is not JSON ({error})"), "JSON");
        }
        if let Some(auth) = endpoint.auth {
            self.auth(steps!["endpoints", i, "auth"], auth, None);
        }
        for (j, scope) in endpoint.needs.all.iter().enumerate() {
            self.known_scope(steps!["endpoints", i, "needs", "all", j], scope);
        }
        for (j, scope) in endpoint.needs.any.iter().enumerate() {
            self.known_scope(steps!["endpoints", i, "needs", "any", j], scope);
        }
        for (j, name) in endpoint.without_headers.iter().enumerate() {
            if !self.definition.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name)) {
                let at = steps!["endpoints", i, "without-headers", j];
                self.fault(at, format!("the header {name:?}"), "one from [[headers]]");
            }
        }
    }

    /// A path from the base address on: begins with `/`, or is a variable of kind path.
    pub(super) fn path(&mut self, at: &[Step<'_>], path: &Template, wanted: &str, allowed: impl Fn(&Slot) -> bool) {
        self.template(at, path, allowed);
        match path.only_slot() {
            Some(Slot::Variable(name)) => {
                if self.definition.variable(name).is_some_and(|variable| variable.kind != VariableKind::Path) {
                    let found = format!("the variable {{{name}}}, which is not a path");
                    self.fault(at, found, "a variable of kind \"path\"");
                }
            }
            _ if path.text().starts_with('/') => {}
            _ => self.fault(at, format!("{:?}", path.text()), wanted),
        }
    }

    pub(super) fn method(&mut self, path: &[Step<'_>], method: &str) {
        const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        if !METHODS.contains(&method) {
            self.fault(path, format!("{method:?}"), format!("one of {}", METHODS.join(", ")));
        }
    }

    pub(super) fn status(&mut self, path: &[Step<'_>], status: u16) {
        if !(100..600).contains(&status) {
            self.fault(path, status.to_string(), "an HTTP status, 100 to 599");
        }
    }

    pub(super) fn placement(&mut self) {
        let placement = &self.definition.placement;
        for (i, id) in placement.takes.iter().enumerate().filter(|(_, id)| *id != TOKEN) {
            self.known_credential(steps!["placement", "takes", i], id);
        }
        if placement.takes.is_empty() {
            self.fault(steps!["placement", "takes"], "nothing", "\"token\", or the id of a credential");
        }
        if matches!(placement.spot, Spot::Header) {
            self.field_name(steps!["placement", "name"], &placement.name);
        }
    }

    pub(super) fn client_side(&mut self) {
        let Some(side) = &self.definition.client_side else { return };
        for (key, ids) in [("safe", &side.safe), ("never", &side.never)] {
            for (i, id) in ids.iter().enumerate().filter(|(_, id)| *id != TOKEN) {
                self.known_credential(steps!["client-side", key, i], id);
            }
        }
        for (i, id) in side.never.iter().enumerate().filter(|(_, id)| side.safe.contains(id)) {
            self.fault(steps!["client-side", "never", i], format!("{id:?}, which is also safe"), "one of the two");
        }
        for (i, scope) in side.scopes.iter().enumerate() {
            self.known_scope(steps!["client-side", "scopes", i], scope);
        }
    }

    pub(super) fn headers(&mut self) {
        for (i, header) in self.definition.headers.iter().enumerate() {
            self.field_name(steps!["headers", i, "name"], &header.name);
            if header.name.eq_ignore_ascii_case(&self.definition.placement.name) {
                self.fault(
                    steps!["headers", i, "name"],
                    format!("{:?}, where the token stands", header.name),
                    "another",
                );
            }
            self.template(steps!["headers", i, "value"], &header.value, |slot| {
                matches!(slot, Slot::Variable(_) | Slot::Uuid | Slot::UuidHex | Slot::RandomHex(_) | Slot::App)
                    || matches!(slot, Slot::Credential(_) | Slot::NowIso | Slot::Now(_))
            });
            for (j, call) in header.only.iter().enumerate() {
                match call.split_once(' ') {
                    Some((method, rest)) if rest.starts_with('/') => {
                        self.method(steps!["headers", i, "only", j], method)
                    }
                    _ => self.fault(steps!["headers", i, "only", j], format!("{call:?}"), "METHOD /path"),
                }
            }
            for (j, prefix) in header.except.iter().enumerate() {
                if !prefix.starts_with('/') {
                    self.fault(steps!["headers", i, "except", j], format!("{prefix:?}"), "a path that begins with /");
                }
            }
        }
    }

    /// A name of a header field is a token (RFC 9110 §5.6.2).
    pub(super) fn field_name(&mut self, path: &[Step<'_>], name: &str) {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || !name.bytes().all(fits) {
            self.fault(path, format!("{name:?}"), "the name of a header field");
        }
    }

    pub(super) fn pointers(&mut self, path: &[Step<'_>], pointers: &[String]) {
        for pointer in pointers.iter().filter(|pointer| !pointer.starts_with('/')) {
            self.fault(path, format!("{pointer:?}"), "a JSON pointer, which begins with /");
        }
    }

    pub(super) fn failures(&mut self) {
        let errors = &self.definition.errors;
        let lists = [
            ("code", &errors.code),
            ("message", &errors.message),
            ("details", &errors.details),
            ("retry-after", &errors.retry_after),
        ];
        for (key, pointers) in lists {
            self.pointers(steps!["errors", key], pointers);
        }
        for pointer in errors.marks.keys().filter(|pointer| !pointer.starts_with('/')) {
            self.fault(steps!["errors", "marks"], format!("{pointer:?}"), "a JSON pointer, which begins with /");
        }
        for (i, known) in errors.known.iter().enumerate() {
            self.status(steps!["errors", "known", i, "status"], known.status);
            for status in &known.also_status {
                self.status(steps!["errors", "known", i, "also-status"], *status);
            }
        }
    }
}
