//! Values that a call fills in: variables of the profile, fields of the credential, the time, fresh ids, the name of this
//! application.

use std::collections::BTreeMap;

use chrono::DateTime;
use data_encoding::HEXLOWER;
use provider::{AddressError, Definition, Slot, Template, TemplatePlace, definition::ExtraHeader, is_field_value};

use crate::{Header, PrepareError};

/// A field of a credential.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    /// Its name, as templates see it.
    pub name: &'a str,
    /// Its value.
    pub value: &'a str,
}

/// Fills in what every call can know.
#[derive(Clone, Copy)]
pub(crate) struct Filler<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) variables: &'a BTreeMap<String, String>,
    pub(crate) fields: &'a [Field<'a>],
    pub(crate) now: i64,
    pub(crate) version: &'a str,
}

impl<'a> Filler<'a> {
    /// The text of a slot in a place. `name` is what people call the place.
    pub(crate) fn slot(
        &self,
        slot: &Slot,
        place: TemplatePlace,
        name: &str,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<String, PrepareError> {
        let unfilled = || Err(PrepareError::Unfilled { slot: slot.to_string(), place: name.to_owned() });
        if !place.knows(slot) {
            return unfilled();
        }
        let mut uuid = || {
            let mut bytes = [0; 16];
            random(&mut bytes);
            uuid::Builder::from_random_bytes(bytes).into_uuid()
        };
        match slot {
            Slot::Variable(id) => {
                let empty = || AddressError::VariableEmpty {
                    id: id.clone(),
                    label: self.definition.variable(id).map_or_else(|| id.clone(), |variable| variable.label.clone()),
                    help: self.definition.variable(id).and_then(|variable| variable.help.clone()),
                };
                Ok(self.definition.variable_value(id, self.variables)?.ok_or_else(empty)?)
            }
            Slot::Credential(field) if place.knows_secrets() || self.definition.credentials.is_public(field) => {
                self.field(field, name).map(str::to_owned)
            }
            Slot::Credential(_) => Err(PrepareError::Placement { place: name.to_owned() }),
            Slot::Now(offset) => Ok(self.now.saturating_add(*offset).to_string()),
            Slot::NowIso => match DateTime::from_timestamp(self.now, 0) {
                Some(time) => Ok(time.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
                None => unfilled(),
            },
            Slot::Uuid => Ok(uuid().hyphenated().to_string()),
            Slot::UuidHex => Ok(uuid().simple().to_string()),
            Slot::RandomHex(count) => {
                let mut bytes = vec![0; *count];
                random(&mut bytes);
                Ok(HEXLOWER.encode(&bytes))
            }
            Slot::App => Ok(format!("keywright/{}", self.version)),
            // What only a flow has, or a token, is filled in there.
            _ => unfilled(),
        }
    }

    /// A field of the credential. `wanted_by` is who asks for it, as people call it.
    pub(crate) fn field(&self, name: &str, wanted_by: &str) -> Result<&'a str, PrepareError> {
        let found = self.fields.iter().find(|field| field.name == name && !field.value.is_empty());
        found.map(|field| field.value).ok_or_else(|| PrepareError::Absent {
            flow: wanted_by.to_owned(),
            what: format!("the credential's {name}"),
            hint: "fill it in where the credential is kept",
        })
    }

    /// The fields of the definition that a call of this method and path carries, but for those named in `without`.
    pub(crate) fn headers(
        &self,
        (method, path): (&str, &str),
        without: &[String],
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Vec<Header>, PrepareError> {
        let mut headers = Vec::new();
        for extra in &self.definition.headers {
            let left_out = without.iter().any(|name| name.eq_ignore_ascii_case(&extra.name));
            if !left_out && extra.goes_with(method, path) {
                headers.extend(self.header(extra, random)?);
            }
        }
        Ok(headers)
    }

    fn header(&self, extra: &ExtraHeader, random: &mut dyn FnMut(&mut [u8])) -> Result<Option<Header>, PrepareError> {
        let value = match self.optional(&extra.value, &extra.name, random)? {
            Some(value) => value,
            None if extra.omit_if_empty => return Ok(None),
            None => String::new(),
        };
        if extra.omit_if_empty && value.is_empty() {
            return Ok(None);
        }
        if !is_field_value(&value) {
            return Err(PrepareError::HeaderCharacter { name: extra.name.clone() });
        }
        let found = value.chars().count();
        if let Some(wanted) = extra.max.filter(|max| found > *max) {
            return Err(PrepareError::HeaderLength { name: extra.name.clone(), found, wanted });
        }
        Ok(Some(Header::plain(extra.name.clone(), value)))
    }

    /// A template whose variables may be empty: then there is no value.
    fn optional(
        &self,
        template: &Template,
        name: &str,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Option<String>, PrepareError> {
        match template.fill(|slot| self.slot(slot, TemplatePlace::Header, name, random)) {
            Err(error) if error.is_about_nothing() => Ok(None),
            other => other.map(Some),
        }
    }

    /// The fields that every request ends with, where nothing else was said.
    pub(crate) fn usual(&self, headers: &mut Vec<Header>, content_type: Option<&str>) {
        let set = |headers: &[Header], name: &str| headers.iter().any(|header| header.name.eq_ignore_ascii_case(name));
        if let Some(kind) = content_type.filter(|_| !set(headers, "content-type")) {
            headers.push(Header::plain("Content-Type", kind));
        }
        if !set(headers, "accept") {
            headers.push(Header::plain("Accept", "application/json"));
        }
        if !set(headers, "user-agent") {
            headers.push(Header::plain("User-Agent", format!("keywright/{}", self.version)));
        }
    }
}

impl PrepareError {
    /// Whether there is nothing to fill in: what may stay away then stays away.
    pub(crate) fn is_about_nothing(&self) -> bool {
        matches!(self, Self::Variable(AddressError::VariableEmpty { .. }) | Self::Absent { .. })
    }
}
