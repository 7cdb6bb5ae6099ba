//! Interned definitions: each text is read once, and what was read lasts as long as the program.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use provider::{Definition, DefinitionError, built_in, built_in_text};

/// What was read so far, by its text.
static READ: Mutex<BTreeMap<String, &'static Definition>> = Mutex::new(BTreeMap::new());

/// The definition in this text. It is read once and kept until the program ends: runs on several threads hold it, its
/// environment, its endpoint and its flow while the person goes on editing the file. Each text that is taken into use costs
/// its size once.
pub(crate) fn interned(text: &str) -> Result<&'static Definition, DefinitionError> {
    if let Some(definition) = built_in().iter().find(|definition| built_in_text(&definition.id) == Some(text)) {
        return Ok(definition);
    }
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(definition) = read.get(text) {
        return Ok(definition);
    }
    let definition: &'static Definition = Box::leak(Box::new(Definition::parse(text)?));
    read.insert(text.to_owned(), definition);
    Ok(definition)
}

#[cfg(test)]
mod tests {
    use provider::scaffold;

    use super::*;

    #[test]
    fn a_text_is_read_once() {
        let text = scaffold("Interned");
        let (first, again) = (interned(&text).unwrap(), interned(&text).unwrap());
        assert!(std::ptr::eq(first, again));
        let other = interned(&format!("{text}\n")).unwrap();
        assert!(!std::ptr::eq(first, other) && first == other);
        let gr4vy = interned(built_in_text("gr4vy").unwrap()).unwrap();
        assert!(std::ptr::eq(gr4vy, &raw const built_in()[0]));
        assert!(interned("no definition").is_err());
    }
}
