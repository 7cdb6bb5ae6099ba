//! Sizes: a file of any kind is judged in a moment, and what it stands for fits into memory.

use std::collections::HashMap;

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{
    definition::Definition,
    template::{Piece, Slot, Template},
};

/// More scopes than any API has.
const MOST_SCOPES: usize = 10_000;

/// More variables than a profile can be asked for.
const MOST_VARIABLES: usize = 200;

/// More ways to rotate than any API has.
const MOST_ROTATIONS: usize = 100;

/// More grants than a key can have.
const MOST_GRANTS: usize = 20;

/// Longer than any address, in characters.
const LONGEST_DEFAULT: usize = 2_000;

impl Checker<'_> {
    /// Whether the parts that others are multiplied by are of a size that can be looked at.
    pub(super) fn is_bounded(&mut self) -> bool {
        let d = self.definition;
        if d.variables.len() > MOST_VARIABLES {
            let found = format!("{} variables", d.variables.len());
            self.fault(steps!["variables", MOST_VARIABLES], found, format!("at most {MOST_VARIABLES}"));
        }
        if d.rotation.len() > MOST_ROTATIONS {
            let found = format!("{} sections", d.rotation.len());
            self.fault(steps!["rotation", MOST_ROTATIONS], found, format!("at most {MOST_ROTATIONS}"));
        }
        for (i, method) in d.rotation.iter().enumerate().filter(|(_, method)| method.grants.len() > MOST_GRANTS) {
            let found = format!("{} grants", method.grants.len());
            self.fault(steps!["rotation", i, "grants", MOST_GRANTS], found, format!("at most {MOST_GRANTS}"));
        }
        if let Some(scopes) = &d.scopes {
            let actions = scopes.grammar.as_ref().map_or(0, |grammar| grammar.actions.len());
            let resources: usize = scopes.families.iter().map(|family| family.resources.len()).sum();
            let count = scopes.values.len().saturating_add(resources.saturating_mul(actions));
            if count > MOST_SCOPES {
                self.fault(steps!["scopes"], format!("{count} scopes"), format!("at most {MOST_SCOPES}"));
            }
        }
        self.errors.is_empty()
    }

    /// Defaults that name others, which name others, may stand for far more than is written.
    pub(super) fn lengths(&mut self) {
        let mut known = HashMap::new();
        for (i, variable) in self.definition.variables.iter().enumerate() {
            let length = length(self.definition, &variable.id, &mut known);
            if length > LONGEST_DEFAULT {
                let found = format!("a text of {length} characters when it is filled in");
                self.fault(steps!["variables", i, "default"], found, format!("at most {LONGEST_DEFAULT}"));
            }
        }
    }
}

/// The length of a variable's default with every other one filled in. There is no circle when this is asked.
fn length<'d>(definition: &'d Definition, id: &'d str, known: &mut HashMap<&'d str, usize>) -> usize {
    if let Some(length) = known.get(id) {
        return *length;
    }
    let default = definition.variable(id).and_then(|variable| variable.default.as_ref());
    let pieces = default.map(Template::pieces).unwrap_or_default();
    let length = pieces.iter().fold(0_usize, |sum, piece| {
        sum.saturating_add(match piece {
            Piece::Text(text) => text.chars().count(),
            Piece::Slot(Slot::Variable(name)) => length(definition, name, known),
            Piece::Slot(_) => 0,
        })
    });
    known.insert(id, length);
    length
}
