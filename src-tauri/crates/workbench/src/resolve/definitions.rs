//! Definitions of providers, found by id: those that are built in, and those of the person's own.

use std::path::Path;

use provider::Definition;

use crate::{
    ground::{DefinitionError, Error, Thing, VaultError, names},
    resolve::interned::interned,
    store::{records::OwnDefinition, session::Session},
};

/// Every definition: the built-in ones, or what stands in for them, then the others by id.
pub fn all(session: &Session) -> Result<Vec<&'static Definition>, Error> {
    let built_in = provider::built_in().iter().map(|definition| named(session, &definition.id));
    let others = session.each::<OwnDefinition>()?.filter(|own| provider::built_in_named(&own.value.id).is_none());
    built_in.chain(others.map(|own| read(&own.value))).collect()
}

/// The same where the vault may be locked: then the built-in ones.
pub fn all_known(session: Option<&Session>) -> Result<Vec<&'static Definition>, Error> {
    session.map_or_else(|| Ok(provider::built_in().iter().collect()), all)
}

/// The definition of this id.
pub fn named(session: &Session, id: &str) -> Result<&'static Definition, Error> {
    if session.has::<OwnDefinition>(id) {
        return read(&session.find::<OwnDefinition>(id)?.value);
    }
    if let Some(definition) = provider::built_in_named(id) {
        return Ok(definition);
    }
    let own: Vec<&str> = session.each::<OwnDefinition>()?.map(|own| own.value.id.as_str()).collect();
    let built_in = provider::built_in().iter().map(|definition| definition.id.as_str());
    Err(names::not_found(Thing::Provider, id, built_in.chain(own)))
}

/// The same where the vault may be locked: then a built-in one.
pub fn known(session: Option<&Session>, id: &str) -> Result<&'static Definition, Error> {
    session.map_or_else(|| built_in(id), |session| named(session, id))
}

/// The built-in definition of this id.
pub fn built_in(id: &str) -> Result<&'static Definition, Error> {
    let known = provider::built_in().iter().map(|definition| definition.id.as_str());
    provider::built_in_named(id).ok_or_else(|| names::not_found(Thing::Provider, id, known))
}

/// The definition in a file that nobody has taken.
pub fn in_file(bytes: Vec<u8>, file: &Path) -> Result<&'static Definition, Error> {
    let (text, _) = checked(bytes, Some(file))?;
    interned(&text).map_err(|error| {
        Error::Definition(DefinitionError::Definition { file: Some(file.to_owned()), errors: vec![error] })
    })
}

/// The text of the definition that counts for an id, if there is one.
pub fn text<'s>(session: &'s Session, id: &str) -> Option<&'s str> {
    let own = session.find::<OwnDefinition>(id).ok().map(|own| own.value.text.as_str());
    own.or_else(|| provider::built_in_text(id))
}

pub(crate) fn read(own: &OwnDefinition) -> Result<&'static Definition, Error> {
    let unread =
        |error| Error::Vault(VaultError::Record { what: Thing::Provider, why: format!("{}: {error}", own.id) });
    interned(&own.text).map_err(unread)
}

/// The text and the definition in it, or everything that is wrong with it.
pub(crate) fn checked(bytes: Vec<u8>, file: Option<&Path>) -> Result<(String, Definition), Error> {
    let definition = Definition::check_bytes(&bytes)
        .map_err(|errors| Error::Definition(DefinitionError::Definition { file: file.map(Path::to_owned), errors }))?;
    let text = String::from_utf8(bytes).expect("a definition is text");
    Ok((text, definition))
}
