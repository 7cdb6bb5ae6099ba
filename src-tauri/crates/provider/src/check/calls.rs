//! Calls, their bodies, and errors can be what they say.

use jose::json::Document;

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{
    definition::{Endpoint, TOKEN},
    fields::is_field_value,
    places::TemplatePlace,
};

impl Checker<'_> {
    pub(super) fn endpoint(&mut self, i: usize, endpoint: &Endpoint) {
        self.method(steps!["endpoints", i, "method"], &endpoint.method);
        let at = steps!["endpoints", i, "path"];
        self.path(at, &endpoint.path, "a path that begins with /", TemplatePlace::Path);
        self.status(steps!["endpoints", i, "expect"], endpoint.expect);
        let json = endpoint.content_type.as_deref().is_none_or(|kind| kind == "application/json");
        if let Some(Err(error)) = endpoint.body.as_deref().filter(|_| json).map(Document::parse) {
            self.fault(steps!["endpoints", i, "body"], format!("a body that is not JSON ({error})"), "JSON");
        }
        if let Some(kind) = endpoint.content_type.as_deref().filter(|kind| !is_field_value(kind)) {
            self.fault(
                steps!["endpoints", i, "content-type"],
                format!("{kind:?}"),
                "a media type, such as \"application/json\"",
            );
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
        for (i, limit) in self.definition.rate_limits.iter().enumerate() {
            let fields = [
                ("limit-header", &limit.limit_header),
                ("remaining-header", &limit.remaining_header),
                ("reset-header", &limit.reset_header),
            ];
            for (key, name) in fields.into_iter().filter_map(|(key, name)| Some((key, name.as_ref()?))) {
                self.field_name(steps!["rate-limits", i, key], name);
            }
        }
    }
}
