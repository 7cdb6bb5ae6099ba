//! Reading a definition: the text first, then what its parts say about each other.

mod addresses;
mod bounds;
mod calls;
mod claims;
mod credentials;
mod fields;
mod flows;
mod names;
mod place;
mod rotation;
mod sheets;
mod texts;
mod token;
mod webhook;

use std::collections::HashSet;

use jose::unseen::visible;
use toml::de::DeTable;

use crate::{
    definition::Definition,
    error::{DefinitionError, MAX_BYTES, Position},
    near::nearest,
};
use place::{Path, Step};

impl Definition {
    /// Reads a definition; the first thing that is wrong ends it.
    pub fn parse(text: &str) -> Result<Self, DefinitionError> {
        Self::check(text).map_err(|mut errors| errors.swap_remove(0))
    }

    /// The same for the bytes of a file that somebody hands in. It may not want the emulator for an API that the emulator does
    /// not play; a definition that was taken before that was looked at is still read, for its other environments.
    pub fn check_bytes(bytes: &[u8]) -> Result<Self, Vec<DefinitionError>> {
        check_size(bytes)?;
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let (before, rest) = bytes.split_at(error.valid_up_to());
            vec![DefinitionError::NotUtf8 {
                at: Position::behind(before),
                found: rest.first().copied().unwrap_or_default(),
            }]
        })?;
        Self::read(text, |mut checker| {
            checker.emulated();
            checker.everything()
        })
    }

    /// Reads a definition, or says everything that is wrong with it, in the order of the file. A text that is not TOML,
    /// or has a key of the wrong type, ends the reading; what the parts say about each other is reported together.
    pub fn check(text: &str) -> Result<Self, Vec<DefinitionError>> {
        Self::read(text, |checker| checker.everything())
    }

    fn read(text: &str, judge: impl FnOnce(Checker<'_>) -> Vec<DefinitionError>) -> Result<Self, Vec<DefinitionError>> {
        check_size(text.as_bytes())?;
        let tree = DeTable::parse(text).map_err(|e| vec![DefinitionError::from_toml(text, &e, true)])?;
        let tree = tree.into_inner();
        check_version(text, &tree).map_err(|error| vec![error])?;
        let definition: Self =
            toml::from_str(text).map_err(|error| vec![DefinitionError::from_toml(text, &error, false)])?;
        let errors = judge(Checker::new(text, &tree, &definition));
        if errors.is_empty() { Ok(definition) } else { Err(errors) }
    }
}

/// More bytes than are read are not read at all.
fn check_size(bytes: &[u8]) -> Result<(), Vec<DefinitionError>> {
    match bytes.split_at_checked(MAX_BYTES) {
        Some((before, rest)) if !rest.is_empty() => {
            Err(vec![DefinitionError::TooLarge { at: Position::behind(before), found: bytes.len() }])
        }
        _ => Ok(()),
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
    /// Every scope of the catalogue.
    listed: HashSet<String>,
    errors: Vec<DefinitionError>,
    /// Faults that are counted and not told.
    more: Option<(Position, usize)>,
}

/// More faults than anybody reads; to look for what was meant in each would take its time.
const MOST_FAULTS: usize = 100;

impl<'a> Checker<'a> {
    fn new(text: &'a str, tree: &'a DeTable<'a>, definition: &'a Definition) -> Self {
        Self { text, tree, definition, listed: HashSet::new(), errors: Vec::new(), more: None }
    }

    fn everything(mut self) -> Vec<DefinitionError> {
        if self.is_bounded() {
            self.listed = self.definition.scopes.iter().flat_map(|s| s.catalogue()).map(|l| l.value).collect();
            self.parts();
        }
        self.errors.sort_by_key(DefinitionError::position);
        self.errors.extend(self.more.map(|(at, count)| DefinitionError::More { at, count }));
        self.errors
    }

    fn parts(&mut self) {
        self.ids();
        self.env_vars();
        self.texts(self.tree, &mut Vec::new());
        self.variables();
        for (i, environment) in self.definition.environments.iter().enumerate() {
            self.environment(i, environment);
        }
        self.credentials();
        self.token();
        self.sheets();
        self.scopes();
        for (i, endpoint) in self.definition.endpoints.iter().enumerate() {
            self.endpoint(i, endpoint);
        }
        self.placement();
        self.client_side();
        self.headers();
        self.flows();
        self.failures();
        self.webhook();
        self.rotation();
    }

    /// Notes that the value at `path` does not agree with the rest.
    fn fault(&mut self, path: &[Step<'_>], found: impl Into<String>, wanted: impl Into<String>) {
        self.fault_at(place::locate(self.tree, path), Path(path).to_string(), found.into(), wanted.into(), None);
    }

    /// The same with a word about why, or what to do instead.
    fn fault_because(
        &mut self,
        path: &[Step<'_>],
        found: impl Into<String>,
        wanted: impl Into<String>,
        hint: &'static str,
    ) {
        self.fault_at(place::locate(self.tree, path), Path(path).to_string(), found.into(), wanted.into(), Some(hint));
    }

    /// The same for the value that begins at this byte.
    fn fault_at(&mut self, byte: usize, path: String, found: String, wanted: String, hint: Option<&'static str>) {
        if let Some((_, count)) = &mut self.more {
            *count += 1;
            return;
        }
        let at = Position::of(self.text, byte);
        if self.errors.len() == MOST_FAULTS {
            self.more = Some((at, 1));
        } else {
            // A name that is wrong is named, and must not forge a line by that.
            let [path, found, wanted] = [path, found, wanted].map(|text| visible(&text).into_owned());
            self.errors.push(DefinitionError::Disagrees { at, path, found, wanted, hint });
        }
    }

    /// The name nearest to `word`, so long as faults are told.
    fn nearest<'n>(&self, word: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
        nearest(word, known.into_iter().take_while(|_| self.more.is_none()))
    }

    /// What was wanted: the name nearest to `word`, else `otherwise`.
    fn wanted<'n>(&self, word: &str, known: impl IntoIterator<Item = &'n str>, otherwise: impl Into<String>) -> String {
        self.nearest(word, known).map_or_else(|| otherwise.into(), |near| format!("{near:?} perhaps"))
    }
}
