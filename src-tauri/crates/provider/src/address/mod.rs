//! From an environment and the variables of a profile to an address.

mod error;
mod parse;
mod variables;

use std::collections::BTreeMap;

use url::Url;

use crate::{
    definition::{BaseUrl, Definition, Environment, VariableKind},
    host::{self, sealed_host},
    template::{Piece, Slot, Template},
};

pub use error::AddressError;
use parse::escape;
pub use parse::parse_absolute;
pub(crate) use parse::{is_uuid, parse_base};
pub(crate) use variables::check_value;

/// The part of an address in which a slot stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressPart {
    /// The host, or a label of it.
    Host,
    /// What comes after it.
    Path,
}

impl AddressPart {
    /// The part that follows on `before`, the beginning of an address or of a path.
    fn after(before: &str) -> Self {
        match before.strip_prefix("https://").or_else(|| before.strip_prefix("http://")) {
            Some(rest) if !rest.contains(['/', '?', '#', '\\']) => Self::Host,
            _ => Self::Path,
        }
    }
}

impl Definition {
    /// The address of `environment`, always with a path that ends in a slash, https unless it is this computer's.
    ///
    /// `given` is the emulator's address, or the one that a person entered where none is published.
    pub fn base_url(
        &self,
        environment: &Environment,
        variables: &BTreeMap<String, String>,
        given: Option<&str>,
    ) -> Result<Url, AddressError> {
        let given = given.map(str::trim).filter(|text| !text.is_empty());
        let label = || environment.label.clone();
        let text = match &environment.base_url {
            BaseUrl::Emulator => given.ok_or_else(|| AddressError::NoEmulator { environment: label() })?.to_owned(),
            BaseUrl::Ask => given.ok_or_else(|| AddressError::NotEntered { environment: label() })?.to_owned(),
            BaseUrl::Template(template) => match template.only_slot() {
                Some(Slot::Variable(name)) => self.required_variable(name, variables)?,
                _ => self.fill_address(template, |slot, _| self.variable_slot(slot, variables))?,
            },
        };
        parse_base(&text)
    }

    /// A path, or an absolute address, from a template: what stands in the host is a label, or the whole host, and what stands
    /// in the path is escaped and moves nothing. `value` says what a slot stands for.
    pub fn fill_address<E: From<AddressError>>(
        &self,
        template: &Template,
        mut value: impl FnMut(&Slot, AddressPart) -> Result<String, E>,
    ) -> Result<String, E> {
        let mut out = String::new();
        let mut pieces = template.pieces().iter().peekable();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Slot(slot) => {
                    let part = AddressPart::after(&out);
                    let ends = pieces
                        .peek()
                        .is_none_or(|next| matches!(next, Piece::Text(text) if text.starts_with(['/', ':', '?'])));
                    let alone = ends && out.ends_with("://");
                    let text = value(slot, part)?;
                    out.push_str(&self.in_address(slot, text, part, alone)?);
                }
            }
        }
        Ok(out)
    }

    /// A value as it stands in a part of an address. `alone`: it is the whole host.
    fn in_address(&self, slot: &Slot, found: String, part: AddressPart, alone: bool) -> Result<String, AddressError> {
        let variable = match slot {
            Slot::Variable(id) => self.variable(id),
            _ => None,
        };
        let refuse = |part, found, wanted| {
            let label = variable.map_or_else(|| slot.to_string(), |variable| variable.label.clone());
            Err(AddressError::Part { slot: slot.to_string(), part, found, wanted, label })
        };
        match part {
            AddressPart::Host if alone && host::is_name(&found) => Ok(found),
            AddressPart::Host if !alone && host::is_label(&found) => Ok(found),
            AddressPart::Host => refuse("the host", found, if alone { host::NAME } else { host::LABEL }),
            AddressPart::Path if variable.is_some_and(|variable| variable.kind == VariableKind::Path) => Ok(found),
            // Whoever reads the address takes these out of it, with the segment before.
            AddressPart::Path if found == "." || found == ".." => {
                refuse("a path", found, "a text other than . and .. (RFC 3986 §5.2.4)")
            }
            AddressPart::Path => Ok(escape(&found)),
        }
    }

    /// The hosts that a credential is sealed for: that of the base address, and those of flows with an address of their own,
    /// such as another server that gives tokens. Each once. A flow whose variables are still empty has none yet.
    pub fn hosts(&self, base: &Url, variables: &BTreeMap<String, String>) -> Result<Vec<String>, AddressError> {
        let mut hosts = vec![sealed_host(base)];
        for flow in self.flows.iter().filter(|flow| flow.is_absolute()) {
            let filled = self.fill_address(&flow.path, |slot, part| match part {
                AddressPart::Host => self.variable_slot(slot, variables),
                AddressPart::Path => Ok("x".to_owned()),
            });
            let host = match filled.and_then(|text| parse_absolute(&text)) {
                Ok(url) => sealed_host(&url),
                Err(AddressError::VariableEmpty { .. }) => continue,
                Err(error) => return Err(error),
            };
            if !hosts.iter().any(|known| known.eq_ignore_ascii_case(&host)) {
                hosts.push(host);
            }
        }
        Ok(hosts)
    }
}
