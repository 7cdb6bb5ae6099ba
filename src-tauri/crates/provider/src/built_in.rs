//! The definitions that come with Keywright.

use std::sync::LazyLock;

use crate::definition::Definition;

/// Their files, in the order in which they are offered.
const TEXTS: [&str; 4] = [
    include_str!("../providers/gr4vy.toml"),
    include_str!("../providers/hedge.toml"),
    include_str!("../providers/partner.toml"),
    include_str!("../providers/cryptopay.toml"),
];

static BUILT_IN: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    TEXTS
        .iter()
        .map(|text| Definition::parse(text).expect("the files are part of the program and a test reads each"))
        .collect()
});

/// The definitions that come with Keywright, in the order in which they are offered.
pub fn built_in() -> &'static [Definition] {
    &BUILT_IN
}

/// The built-in definition of this id.
pub fn built_in_named(id: &str) -> Option<&'static Definition> {
    BUILT_IN.iter().find(|definition| definition.id == id)
}

/// The file of the built-in definition of this id.
pub fn built_in_text(id: &str) -> Option<&'static str> {
    let index = BUILT_IN.iter().position(|definition| definition.id == id)?;
    Some(TEXTS[index])
}
