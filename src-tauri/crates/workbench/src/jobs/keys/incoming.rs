//! Keys as they come: alone in any form that is known, or in the file in which a provider hands them out, with what goes
//! with them.

use std::collections::BTreeMap;

use jose::{
    Alg,
    key::{
        Jwk, check,
        read::{self, Found, ReadError},
    },
};
use provider::{
    KeyFile,
    definition::{KeyForm, PrivateKey},
};

use crate::ground::{Error, KeyError};

/// A key on its way in.
pub(crate) struct Incoming {
    /// The key.
    pub(crate) jwk: Jwk,
    /// What it came in, for people.
    pub(crate) form: String,
    /// What the file says beside it, by the names that templates use.
    pub(crate) fields: BTreeMap<String, String>,
}

/// What was read: the keys, and what the file says beside them.
pub(crate) struct Read {
    pub(crate) found: Found,
    pub(crate) fields: BTreeMap<String, String>,
}

/// Reads keys as one of these kinds is handed out, else in any form that is known. Of a file that several know, the one
/// that finds the most in it counts.
pub(crate) fn read_any(kinds: &[&PrivateKey], bytes: &[u8], passphrase: Option<&[u8]>) -> Result<Read, ReadError> {
    let files = kinds.iter().filter_map(|kind| Some((*kind, kind.open_file(bytes)?)));
    match files.max_by_key(|(_, file)| file.fields.len()) {
        Some((kind, file)) => from_file(kind, file, passphrase),
        None => Ok(Read { found: read::read(bytes, passphrase)?, fields: BTreeMap::new() }),
    }
}

/// Reads a key as this kind is handed out, else in any form that is known.
pub(crate) fn read_as(kind: &PrivateKey, bytes: &[u8], passphrase: Option<&[u8]>) -> Result<Read, ReadError> {
    match kind.open_file(bytes) {
        Some(file) => from_file(kind, file, passphrase),
        None => Ok(Read { found: perhaps_bare(kind, bytes, passphrase)?, fields: BTreeMap::new() }),
    }
}

/// The key that is meant: the only one, whatever it is called, or of several the one of this kid.
pub(crate) fn one(found: Found, kid: Option<&str>, alg: Option<Alg>) -> Result<Jwk, Error> {
    let kid = kid.filter(|_| found.keys.len() > 1);
    Ok(found.choose(kid, signs_with(alg)).map_err(KeyError::from)?)
}

/// Whether a key signs with the algorithm that is wanted, if one is.
pub(super) fn signs_with(alg: Option<Alg>) -> impl Fn(&Jwk) -> bool {
    move |jwk| alg.is_none_or(|alg| check::fit(alg, jwk, check::Purpose::Sign).is_ok())
}

fn from_file(kind: &PrivateKey, file: KeyFile, passphrase: Option<&[u8]>) -> Result<Read, ReadError> {
    let mut found = perhaps_bare(kind, file.key.as_bytes(), passphrase)?;
    found.form.push_str(" in a JSON file");
    Ok(Read { found, fields: file.fields })
}

/// Only where a provider hands out bare keys is a text taken for one: it could be anything.
fn perhaps_bare(kind: &PrivateKey, bytes: &[u8], passphrase: Option<&[u8]>) -> Result<Found, ReadError> {
    let unknown = match read::read(bytes, passphrase) {
        Err(error @ ReadError::Unknown { .. }) if kind.forms.contains(&KeyForm::RawEd25519) => error,
        read => return read,
    };
    match read::read_bare_ed25519(text(bytes)) {
        Err(ReadError::Ed25519Length { .. }) => Err(unknown),
        read => read,
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}
