//! Addresses and paths are what they say, and nothing that is filled in moves their host.

use url::Url;

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{
    address::{AddressError, AddressPart, parse_absolute, parse_base},
    built_in::{built_in, built_in_named},
    definition::{BaseUrl, Environment, Flow, VariableKind},
    places::TemplatePlace,
    template::{Slot, Template},
};

impl Checker<'_> {
    /// The emulator is wanted for what it plays: the APIs whose definitions are built in. It verifies each by code of its own,
    /// so that it agrees with a definition means something; by the definition alone it would agree with anything.
    pub(super) fn emulated(&mut self) {
        if built_in_named(&self.definition.id).is_some() {
            return;
        }
        for (i, environment) in self.definition.environments.iter().enumerate() {
            if environment.is_emulated() {
                let played: Vec<&str> = built_in().iter().map(|played| played.id.as_str()).collect();
                let found = format!("\"emulator\", which plays {} and not {:?}", played.join(", "), self.definition.id);
                let at = steps!["environments", i, "base-url"];
                let wanted = "an https address, an http one of this computer, or \"ask\"";
                self.fault_because(
                    at,
                    found,
                    wanted,
                    "a server of your own on this computer is \"http://127.0.0.1:8080\"",
                );
            }
        }
    }

    pub(super) fn environment(&mut self, i: usize, environment: &Environment) {
        self.prefixes(i, environment);
        let BaseUrl::Template(template) = &environment.base_url else { return };
        let at = steps!["environments", i, "base-url"];
        if !self.template(at, template, TemplatePlace::BaseUrl) {
            return;
        }
        let Some(Slot::Variable(name)) = template.only_slot() else {
            let wanted = "an https address, an http one of this computer, \"ask\" or \"emulator\"";
            return self.absolute(at, template, wanted, parse_base);
        };
        if self.kind(name) != Some(VariableKind::Url) {
            let found = format!("the variable {{{name}}}, which is not an address");
            self.fault(at, found, "a variable of kind \"url\"");
        }
    }

    /// Beginnings of keys are those that a key can have.
    fn prefixes(&mut self, i: usize, environment: &Environment) {
        let keys = &self.definition.credentials.api_keys;
        let known: Vec<&str> = keys.iter().flat_map(|key| &key.shape.prefixes).map(String::as_str).collect();
        for (j, prefix) in environment.credential_prefixes.iter().enumerate() {
            if keys.iter().all(|key| !key.shape.prefixes.is_empty()) && !known.contains(&prefix.as_str()) {
                let wanted = self.wanted(prefix, known.iter().copied(), "one of the prefixes of their shape");
                let at = steps!["environments", i, "credential-prefixes", j];
                self.fault(at, format!("{prefix:?}, with which no API key begins"), wanted);
            }
        }
    }

    pub(super) fn flow_path(&mut self, i: usize, flow: &Flow) {
        let at = steps!["flows", i, "path"];
        let wanted = "a path that begins with /, an https address, or an http one of this computer";
        if !flow.is_absolute() {
            self.path(at, &flow.path, wanted, TemplatePlace::FlowPath);
        } else if self.template(at, &flow.path, TemplatePlace::FlowPath) {
            self.absolute(at, &flow.path, wanted, parse_absolute);
        }
    }

    /// A path from the base address on: begins with `/`, or is a variable of kind path.
    pub(super) fn path(&mut self, at: &[Step<'_>], path: &Template, wanted: &str, place: TemplatePlace) {
        self.template(at, path, place);
        match path.only_slot() {
            Some(Slot::Variable(name)) => {
                if self.kind(name).is_some_and(|kind| kind != VariableKind::Path) {
                    let found = format!("the variable {{{name}}}, which is not a path");
                    self.fault(at, found, "a variable of kind \"path\"");
                }
            }
            _ if path.text().starts_with('/') => {}
            _ => self.fault(at, format!("{:?}", path.text()), wanted),
        }
    }

    /// An address with a host, of which only variables for a part of it are filled in.
    fn absolute(
        &mut self,
        at: &[Step<'_>],
        template: &Template,
        wanted: &str,
        parse: fn(&str) -> Result<Url, AddressError>,
    ) {
        let mut misplaced = None;
        let filled = self.definition.fill_address(template, |slot, part| {
            if part == AddressPart::Host && !self.is_of_host(slot) {
                misplaced = Some(slot.to_string());
            }
            Ok::<_, AddressError>("x".to_owned())
        });
        if let Some(slot) = misplaced {
            let wanted = "a variable of kind \"text\" or \"uuid\"";
            return self.fault_because(
                at,
                format!("{slot} in the host"),
                wanted,
                "a host is made of labels (RFC 1123 §2.1)",
            );
        }
        let found = match filled.and_then(|text| parse(&text)) {
            Ok(_) if names_host(template.text()) => return,
            Ok(_) => format!("{:?} (no host stands after the scheme)", template.text()),
            Err(error) => format!("{:?} ({error})", template.text()),
        };
        self.fault(at, found, wanted);
    }

    /// Whether a slot can be a part of a host.
    fn is_of_host(&self, slot: &Slot) -> bool {
        matches!(slot, Slot::Variable(name) if matches!(self.kind(name), Some(VariableKind::Text | VariableKind::Uuid)))
    }

    fn kind(&self, variable: &str) -> Option<VariableKind> {
        self.definition.variable(variable).map(|variable| variable.kind)
    }
}

/// Whether the host stands right after the scheme. Readers of addresses pass over slashes there, and would take for the host
/// what is filled in behind them.
fn names_host(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.starts_with(['/', '\\', '?', '#']))
}
