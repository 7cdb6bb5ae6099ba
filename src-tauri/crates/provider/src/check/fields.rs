//! Header fields can be written, and none of them decides where a message goes.

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{
    definition::{Credential, ExtraHeader, Spot, TOKEN},
    fields::{is_field_value, is_routing_field, is_token},
    places::TemplatePlace,
    template::{Piece, Template},
};

/// Why nobody sets a field that routes.
const ROUTING: &str = "whoever sends the request makes it from the address and the body";

impl Checker<'_> {
    pub(super) fn placement(&mut self) {
        let placement = &self.definition.placement;
        for (i, id) in placement.takes.iter().enumerate().filter(|(_, id)| *id != TOKEN) {
            self.known_credential(steps!["placement", "takes", i], id);
            if self.definition.credentials.get(id).is_some_and(|kind| !matches!(kind, Credential::ApiKey(_))) {
                let found = format!("{id:?}, which is not sent as it is");
                self.fault(steps!["placement", "takes", i], found, "\"token\", or the id of an API key");
            }
        }
        if placement.takes.is_empty() {
            self.fault(steps!["placement", "takes"], "nothing", "\"token\", or the id of a credential");
        }
        match placement.spot {
            Spot::Header => self.set_field(steps!["placement", "name"], &placement.name),
            Spot::Cookie if !is_token(&placement.name) => {
                self.fault(steps!["placement", "name"], format!("{:?}", placement.name), "the name of a cookie");
            }
            Spot::Cookie | Spot::Basic => {}
        }
        match &placement.scheme {
            Some(scheme) if placement.spot != Spot::Header => {
                self.fault(steps!["placement", "scheme"], format!("{scheme:?}"), "none where in is not \"header\"");
            }
            Some(scheme) if !is_token(scheme) => {
                self.fault(steps!["placement", "scheme"], format!("{scheme:?}"), "one word, such as \"Bearer\"");
            }
            _ => {}
        }
    }

    pub(super) fn headers(&mut self) {
        for (i, header) in self.definition.headers.iter().enumerate() {
            self.set_field(steps!["headers", i, "name"], &header.name);
            if header.name.eq_ignore_ascii_case(self.definition.placement.field()) {
                let found = format!("{:?}, where the token stands", header.name);
                self.fault(steps!["headers", i, "name"], found, "another");
            }
            self.template(steps!["headers", i, "value"], &header.value, TemplatePlace::Header);
            self.header_value(steps!["headers", i], header);
            self.header_calls(i, header);
        }
    }

    /// What is written of a value in the definition itself can be sent.
    fn header_value(&mut self, at: &[Step<'_>], header: &ExtraHeader) {
        let place = |key| [at, &[Step::Key(key)]].concat();
        let plain = plain(&header.value);
        if !is_field_value(&plain) {
            let found = format!("{:?}", header.value.text());
            self.fault(&place("value"), found, "visible ASCII characters and spaces (RFC 9110 §5.5)");
        }
        let length = plain.chars().count();
        if let Some(max) = header.max.filter(|max| length > *max) {
            let found = format!("{length} characters, where at most {max} are taken");
            self.fault(&place("max"), found, "as many as the value has");
        }
    }

    fn header_calls(&mut self, i: usize, header: &ExtraHeader) {
        for (j, call) in header.only.iter().enumerate() {
            match call.split_once(' ') {
                Some((method, rest)) if rest.starts_with('/') => self.method(steps!["headers", i, "only", j], method),
                _ => self.fault(steps!["headers", i, "only", j], format!("{call:?}"), "METHOD /path"),
            }
        }
        for (j, prefix) in header.except.iter().enumerate() {
            if !prefix.starts_with('/') {
                self.fault(steps!["headers", i, "except", j], format!("{prefix:?}"), "a path that begins with /");
            }
        }
    }

    /// The name of a field that requests will have.
    fn set_field(&mut self, path: &[Step<'_>], name: &str) {
        self.field_name(path, name);
        if is_routing_field(name) {
            let found = format!("{name:?}, which says how a message travels");
            self.fault_because(path, found, "a field of the API's own", ROUTING);
        }
    }

    /// A name of a header field is a token (RFC 9110 §5.6.2).
    pub(super) fn field_name(&mut self, path: &[Step<'_>], name: &str) {
        if !is_token(name) {
            self.fault(path, format!("{name:?}"), "the name of a header field");
        }
    }
}

/// What of a template stands in the definition itself.
fn plain(template: &Template) -> String {
    let texts = template.pieces().iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text.as_str()),
        Piece::Slot(_) => None,
    });
    texts.collect()
}
