//! The definitions that come with Keywright.

use std::sync::LazyLock;

use crate::definition::Definition;

static BUILT_IN: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    [include_str!("../providers/gr4vy.toml")]
        .into_iter()
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
