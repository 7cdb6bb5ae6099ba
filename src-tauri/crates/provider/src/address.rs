//! From an environment and the variables of a profile to an address.

use std::collections::BTreeMap;

use url::{Host, Url};

use crate::{
    definition::{BaseUrl, Definition, Environment, Variable, VariableKind},
    shape::Misfit,
    template::Slot,
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

/// Whether `url` leads to this computer and nowhere else: `localhost`, `127.0.0.0/8`, `::1`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
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
            BaseUrl::Template(template) => template.fill(|slot| match slot {
                Slot::Variable(name) => self.required_variable(name, variables),
                slot => Err(AddressError::NotAnAddress {
                    found: template.text().to_owned(),
                    reason: format!("{slot} is not a variable"),
                }),
            })?,
        };
        parse_base(&text)
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
                Some(default) => default.fill(|slot| match slot {
                    Slot::Variable(name) => self.required_variable(name, given),
                    _ => Ok(String::new()),
                })?,
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

fn check_value(variable: &Variable, value: &str) -> Result<(), AddressError> {
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
    // A password that stands in an address is nobody's to read.
    let found = if text.contains('@') { "•••" } else { text };
    let wrong = |reason: &str| AddressError::NotAnAddress { found: found.to_owned(), reason: reason.to_owned() };
    let mut url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(AddressError::PlainHttp { found: found.to_owned() }),
        other => return Err(wrong(&format!("the scheme is {other:?}, wanted https"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it carries a user name"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it carries a query or a fragment"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
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
