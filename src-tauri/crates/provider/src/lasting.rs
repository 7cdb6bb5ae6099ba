//! Definitions that last as long as the program.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use crate::{built_in, built_in_text, definition::Definition, error::DefinitionError};

/// What was read so far, by its text.
static READ: Mutex<BTreeMap<String, &'static Definition>> = Mutex::new(BTreeMap::new());

/// The definition in this text. It is read once and kept until the program ends, since calls under way hold on to it on
/// several threads while the person goes on editing the file. Each text that is taken into use costs its size once.
pub fn lasting(text: &str) -> Result<&'static Definition, DefinitionError> {
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
    use super::*;
    use crate::starting_file;

    #[test]
    fn a_text_is_read_once() {
        let text = starting_file("Lasting");
        let (first, again) = (lasting(&text).unwrap(), lasting(&text).unwrap());
        assert!(std::ptr::eq(first, again));
        let other = lasting(&format!("{text}\n")).unwrap();
        assert!(!std::ptr::eq(first, other) && first == other);
        let gr4vy = lasting(built_in_text("gr4vy").unwrap()).unwrap();
        assert!(std::ptr::eq(gr4vy, &raw const built_in()[0]));
        assert!(lasting("no definition").is_err());
    }
}
