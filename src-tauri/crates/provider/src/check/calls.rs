//! Addresses, calls, their header fields and bodies, and errors can be what they say.

use jose::json::Document;

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{
    address::parse_base,
    definition::{BaseUrl, Endpoint, Environment, Spot, TOKEN, VariableKind},
    template::Slot,
};

impl Checker<'_> {
    pub(super) fn environment(&mut self, i: usize, environment: &Environment) {
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
        self.template(at, &endpoint.path, |slot| matches!(slot, Slot::Variable(_)));
        if !endpoint.path.text().starts_with('/') {
            self.fault(at, format!("{:?}", endpoint.path.text()), "a path that begins with /");
        }
        self.status(steps!["endpoints", i, "expect"], endpoint.expect);
        let json = endpoint.content_type.as_deref().is_none_or(|kind| kind == "application/json");
        if let Some(Err(error)) = endpoint.body.as_deref().filter(|_| json).map(Document::parse) {
            self.fault(steps!["endpoints", i, "body"], format!("a body that is not JSON ({error})"), "JSON");
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

    pub(super) fn flows(&mut self) {
        for (i, flow) in self.definition.flows.iter().enumerate() {
            self.method(steps!["flows", i, "method"], &flow.method);
            self.template(steps!["flows", i, "path"], &flow.path, |slot| {
                matches!(slot, Slot::Variable(_) | Slot::Credential(_))
            });
            if !flow.path.text().starts_with('/') && !flow.path.text().starts_with("https://") {
                let found = format!("{:?}", flow.path.text());
                self.fault(steps!["flows", i, "path"], found, "a path that begins with /, or an https address");
            }
            if let Some(id) = &flow.credential {
                self.known_credential(steps!["flows", i, "credential"], id);
            }
            for (j, member) in flow.body.iter().enumerate() {
                self.template(steps!["flows", i, "body", j, "value"], &member.value, |slot| {
                    slot.is_for_flows()
                        || matches!(slot, Slot::Variable(_) | Slot::Credential(_) | Slot::Uuid | Slot::Scopes)
                        || matches!(slot, Slot::Ttl | Slot::TtlText | Slot::Now(_) | Slot::NowPlusTtl | Slot::NowIso)
                });
            }
            for (name, pointers) in &flow.gives {
                self.pointers(steps!["flows", i, "gives", name.as_str()], pointers);
            }
            for (j, name) in flow.keeps.iter().enumerate().filter(|(_, name)| !flow.gives.contains_key(*name)) {
                self.fault(steps!["flows", i, "keeps", j], format!("{name:?}"), "a name from gives");
            }
        }
        if let Some(id) = self.definition.on_unauthorized.as_ref().and_then(|remedy| remedy.flow.as_deref())
            && self.definition.flow(id).is_none()
        {
            self.fault(steps!["on-unauthorized", "flow"], format!("the flow {id:?}"), "one from [[flows]]");
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
