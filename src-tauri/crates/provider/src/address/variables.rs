//! Variables of a profile: their values, defaults and forms.

use std::collections::BTreeMap;

use super::{
    error::AddressError,
    parse::{is_path, is_uuid, parse_base},
};
use crate::{
    definition::{Definition, Variable, VariableKind},
    template::Slot,
};

impl Definition {
    /// The value of a slot where only variables are known.
    pub(super) fn variable_slot(&self, slot: &Slot, given: &BTreeMap<String, String>) -> Result<String, AddressError> {
        match slot {
            Slot::Variable(name) => self.required_variable(name, given),
            slot => Err(AddressError::NotAnAddress {
                found: slot.to_string(),
                reason: "only variables are known here".to_owned(),
            }),
        }
    }

    /// The value of a variable that may not be empty.
    pub(super) fn required_variable(&self, id: &str, given: &BTreeMap<String, String>) -> Result<String, AddressError> {
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
