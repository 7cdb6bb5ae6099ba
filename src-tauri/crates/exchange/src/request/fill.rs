//! Values that a call fills in: variables of the profile, fresh ids, the name of this application.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use provider::{
    AddressError, Definition, Slot, Template,
    definition::{ExtraHeader, VariableKind},
};

use crate::{Header, PrepareError};

/// Fills in what every call can know.
#[derive(Clone, Copy)]
pub(crate) struct Filler<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) variables: &'a BTreeMap<String, String>,
    pub(crate) version: &'a str,
}

impl Filler<'_> {
    /// The text of a slot. `place` is where it stands, for the message.
    pub(crate) fn slot(
        &self,
        slot: &Slot,
        place: &str,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<String, PrepareError> {
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
            Slot::Uuid => Ok(uuid().hyphenated().to_string()),
            Slot::UuidHex => Ok(uuid().simple().to_string()),
            Slot::RandomHex(count) => {
                let mut bytes = vec![0; *count];
                random(&mut bytes);
                Ok(HEXLOWER.encode(&bytes))
            }
            Slot::App => Ok(format!("keywright/{}", self.version)),
            slot => Err(PrepareError::Unfilled { slot: slot.to_string(), place: place.to_owned() }),
        }
    }

    /// The text of a slot as part of a path. A variable that is a path itself stands as it is.
    pub(crate) fn path(&self, slot: &Slot) -> Result<String, PrepareError> {
        let value = self.slot(slot, "the path", &mut |_| {})?;
        let is_path = match slot {
            Slot::Variable(id) => {
                self.definition.variable(id).is_some_and(|variable| variable.kind == VariableKind::Path)
            }
            _ => false,
        };
        Ok(if is_path { value } else { escape(&value) })
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
        if !value.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) {
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
        match template.fill(|slot| self.slot(slot, name, random)) {
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

/// A value as part of a path: everything but unreserved characters becomes %XX (RFC 3986 §2.3).
pub(crate) fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}
