//! From an environment and the variables of a profile to an address.

use std::collections::BTreeMap;

use url::Url;

use crate::{
    definition::{BaseUrl, Definition, Environment, Variable, VariableKind},
    host::{self, is_loopback, sealed_host},
    shape::Misfit,
    template::{Piece, Slot, Template},
};

/// Why an environment has no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// A variable without a value.
    #[error("the variable {label:?} is empty")]
    VariableEmpty {
        /// Its id.
        id: String,
        /// What people call it.
        label: String,
        /// Where the value is found.
        help: Option<String>,
    },
    /// A variable whose value has the wrong form.
    #[error("the variable {label:?} does not fit: {misfit}, found {found:?}")]
    VariableMisfit {
        /// Its id.
        id: String,
        /// What people call it.
        label: String,
        /// Its value.
        found: String,
        /// How the value departs from its shape.
        misfit: Box<Misfit>,
        /// Where the value is found.
        help: Option<String>,
    },
    /// A variable that should be a UUID and is not.
    #[error("the variable {label:?} is not a UUID: found {found:?}")]
    VariableNotUuid {
        /// Its id.
        id: String,
        /// What people call it.
        label: String,
        /// Its value.
        found: String,
    },
    /// A variable that should be a path and is not.
    #[error("the variable {label:?} is not a path: found {found:?}")]
    VariableNotPath {
        /// Its id.
        id: String,
        /// What people call it.
        label: String,
        /// Its value.
        found: String,
    },
    /// A value that would move the host or the path of an address.
    #[error("{slot} cannot stand in {part} with this value: found {found:?}, wanted {wanted}")]
    Part {
        /// The slot, as the definition has it.
        slot: String,
        /// `the host` or `a path`.
        part: &'static str,
        /// The value.
        found: String,
        /// What may stand there.
        wanted: &'static str,
        /// What people call the variable.
        label: String,
    },
    /// The emulator's address is not known, since it does not run.
    #[error("the emulator does not run, so {environment:?} has no address")]
    NoEmulator {
        /// The environment's label.
        environment: String,
    },
    /// An address that is not published was not entered.
    #[error("no address was entered for {environment:?}")]
    NotEntered {
        /// The environment's label.
        environment: String,
    },
    /// Not an absolute http or https address.
    #[error("{found:?} is not an address: {reason}")]
    NotAnAddress {
        /// The text.
        found: String,
        /// What is wrong with it.
        reason: String,
    },
    /// HTTP to another computer.
    #[error("{found:?} is plain HTTP to another computer, wanted https")]
    PlainHttp {
        /// The address.
        found: String,
    },
}

impl AddressError {
    /// What to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::VariableEmpty { id, help, .. } => {
                let where_found = help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
                Some(format!("set {id} in the profile{where_found}"))
            }
            Self::VariableMisfit { help, .. } => help.clone(),
            Self::VariableNotUuid { .. } => {
                Some("a UUID has 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12".to_owned())
            }
            Self::VariableNotPath { .. } => {
                Some("a path begins with one / and has no white space; the host comes from the environment".to_owned())
            }
            Self::Part { label, .. } => {
                Some(format!("set {label:?} to the part alone, without https:// and without what stands around it"))
            }
            Self::NoEmulator { .. } => Some("start the emulator".to_owned()),
            Self::NotEntered { .. } => {
                Some("the provider publishes no address for it; ask the provider, never guess".to_owned())
            }
            Self::NotAnAddress { .. } => Some("write it as https://host or https://host/path".to_owned()),
            Self::PlainHttp { .. } => {
                Some("anybody between could read the token; only addresses of this computer may be http".to_owned())
            }
        }
    }
}

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
        match before.split_once("://") {
            Some((_, rest)) if !rest.contains(['/', '?', '#', '\\']) => Self::Host,
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

    /// The value of a slot where only variables are known.
    fn variable_slot(&self, slot: &Slot, given: &BTreeMap<String, String>) -> Result<String, AddressError> {
        match slot {
            Slot::Variable(name) => self.required_variable(name, given),
            slot => Err(AddressError::NotAnAddress {
                found: slot.to_string(),
                reason: "only variables are known here".to_owned(),
            }),
        }
    }

    /// The value of a variable that may not be empty.
    fn required_variable(&self, id: &str, given: &BTreeMap<String, String>) -> Result<String, AddressError> {
        match self.variable_value(id, given)? {
            Some(value) => Ok(value),
            None => Err(AddressError::VariableEmpty {
                id: id.to_owned(),
                label: self.variable(id).map_or_else(|| id.to_owned(), |v| v.label.clone()),
                help: self.variable(id).and_then(|v| v.help.clone()),
            }),
        }
    }

    /// The value of a variable: the one given, else its default, checked against its form; `None` where it is empty.
    pub fn variable_value(&self, id: &str, given: &BTreeMap<String, String>) -> Result<Option<String>, AddressError> {
        let Some(variable) = self.variable(id) else { return Ok(None) };
        let value = match given.get(id).map(|value| value.trim()).filter(|value| !value.is_empty()) {
            Some(value) => value.to_owned(),
            None => match &variable.default {
                // A definition with circular variables is refused when it is read, so this ends.
                Some(default) => default.fill(|slot| self.variable_slot(slot, given))?,
                None => return Ok(None),
            },
        };
        if value.is_empty() {
            return Ok(None);
        }
        check_value(variable, &value)?;
        Ok(Some(value))
    }

    /// Everything that is wrong with the variables of a profile.
    pub fn check_variables(&self, given: &BTreeMap<String, String>) -> Vec<AddressError> {
        self.variables
            .iter()
            .filter_map(|variable| {
                let value = if variable.required {
                    self.required_variable(&variable.id, given).map(Some)
                } else {
                    self.variable_value(&variable.id, given)
                };
                value.err()
            })
            .collect()
    }
}

pub(crate) fn check_value(variable: &Variable, value: &str) -> Result<(), AddressError> {
    if let Some(misfit) = variable.shape.misfit(value) {
        return Err(AddressError::VariableMisfit {
            id: variable.id.clone(),
            label: variable.label.clone(),
            found: value.to_owned(),
            misfit: Box::new(misfit),
            help: variable.help.clone(),
        });
    }
    match variable.kind {
        VariableKind::Text => Ok(()),
        VariableKind::Url => parse_base(value).map(|_| ()),
        VariableKind::Path if is_path(value) => Ok(()),
        VariableKind::Path => Err(AddressError::VariableNotPath {
            id: variable.id.clone(),
            label: variable.label.clone(),
            found: value.to_owned(),
        }),
        VariableKind::Uuid if is_uuid(value) => Ok(()),
        VariableKind::Uuid => Err(AddressError::VariableNotUuid {
            id: variable.id.clone(),
            label: variable.label.clone(),
            found: value.to_owned(),
        }),
    }
}

/// Reads a base address: absolute, https or on this computer, without query and fragment.
pub(crate) fn parse_base(text: &str) -> Result<Url, AddressError> {
    let mut url = parse_absolute(text)?;
    if url.query().is_some() {
        return Err(not_an_address(text, "it carries a query"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Reads an absolute address: https or on this computer, without a user name and a fragment.
pub fn parse_absolute(text: &str) -> Result<Url, AddressError> {
    let url = Url::parse(text).map_err(|error| not_an_address(text, &error.to_string()))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(AddressError::PlainHttp { found: shown(text) }),
        other => return Err(not_an_address(text, &format!("the scheme is {other:?}, wanted https"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(not_an_address(text, "it carries a user name"));
    }
    if url.fragment().is_some() {
        return Err(not_an_address(text, "it carries a fragment"));
    }
    Ok(url)
}

fn not_an_address(text: &str, reason: &str) -> AddressError {
    AddressError::NotAnAddress { found: shown(text), reason: reason.to_owned() }
}

/// An address as it may be shown: a password that stands in one is nobody's to read.
fn shown(text: &str) -> String {
    if text.contains('@') { "•••".to_owned() } else { text.to_owned() }
}

/// A value as part of a path: everything but unreserved characters becomes %XX (RFC 3986 §2.3).
fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// Whether a text is a path from a base address on. Two slashes would begin a host in many readers' eyes.
pub(crate) fn is_path(text: &str) -> bool {
    let strange = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    text.starts_with('/') && !text.starts_with("//") && !text.contains(strange)
}

/// Whether a text is a UUID with hyphens, in letters of either case (RFC 9562 §4).
pub(crate) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
}
