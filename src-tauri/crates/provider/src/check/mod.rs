//! Reading a definition: the text first, then what its parts say about each other.

mod calls;
mod names;
mod place;
mod token;
mod webhook;

use toml::de::DeTable;

use crate::{
    definition::Definition,
    error::{DefinitionError, MAX_BYTES, Position},
};
use place::{Path, Step};

impl Definition {
    /// Reads a definition; the first thing that is wrong ends it.
    pub fn parse(text: &str) -> Result<Self, DefinitionError> {
        Self::check(text).map_err(|mut errors| errors.swap_remove(0))
    }

    /// Reads a definition, or says everything that is wrong with it, in the order of the file. A text that is not TOML,
    /// or has a key of the wrong type, ends the reading; what the parts say about each other is reported together.
    pub fn check(text: &str) -> Result<Self, Vec<DefinitionError>> {
        if text.len() > MAX_BYTES {
            return Err(vec![DefinitionError::TooLarge { found: text.len() }]);
        }
        let tree = DeTable::parse(text).map_err(|e| vec![DefinitionError::from_toml(text, &e, true)])?;
        let tree = tree.into_inner();
        check_version(text, &tree).map_err(|error| vec![error])?;
        let definition: Self =
            toml::from_str(text).map_err(|error| vec![DefinitionError::from_toml(text, &error, false)])?;
        let mut checker = Checker { text, tree: &tree, definition: &definition, errors: Vec::new() };
        checker.everything();
        let mut errors = checker.errors;
        if errors.is_empty() {
            return Ok(definition);
        }
        errors.sort_by_key(DefinitionError::position);
        Err(errors)
    }
}

/// A newer format is named as such before its new keys are called unknown.
fn check_version(text: &str, tree: &DeTable<'_>) -> Result<(), DefinitionError> {
    let Some((_, value)) = tree.iter().find(|(key, _)| key.get_ref() == "keywright-provider") else {
        return Err(DefinitionError::MissingKey { at: Position::of(text, 0), wanted: "keywright-provider".to_owned() });
    };
    let found = &text[value.span()];
    if found == "1" {
        return Ok(());
    }
    Err(DefinitionError::Version { at: Position::of(text, value.span().start), found: found.to_owned() })
}

/// What is wrong with a definition whose text could be read.
struct Checker<'a> {
    text: &'a str,
    tree: &'a DeTable<'a>,
    definition: &'a Definition,
    errors: Vec<DefinitionError>,
}

impl Checker<'_> {
    fn everything(&mut self) {
        self.ids();
        self.sources(self.tree, &mut Vec::new());
        self.variables();
        for (i, environment) in self.definition.environments.iter().enumerate() {
            self.environment(i, environment);
        }
        self.credentials();
        self.token();
        self.scopes();
        for (i, endpoint) in self.definition.endpoints.iter().enumerate() {
            self.endpoint(i, endpoint);
        }
        self.placement();
        self.headers();
        self.flows();
        self.failures();
        self.webhook();
    }

    /// Notes that the value at `path` does not agree with the rest.
    fn fault(&mut self, path: &[Step<'_>], found: impl Into<String>, wanted: impl Into<String>) {
        let at = Position::of(self.text, place::locate(self.tree, path));
        let path = Path(path).to_string();
        self.errors.push(DefinitionError::Disagrees { at, path, found: found.into(), wanted: wanted.into() });
    }
}
