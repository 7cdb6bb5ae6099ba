//! Places in a definition file, by line and column.

use std::fmt;

use toml::{
    Spanned,
    de::{DeArray, DeTable, DeValue},
};

/// One step from a table or list to what it holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

pub(super) struct Path<'p>(pub(super) &'p [Step<'p>]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if i > 0 => write!(f, ".{key}")?,
                Step::Key(key) => f.write_str(key)?,
                // People count from one.
                Step::Index(index) => write!(f, "[{}]", index + 1)?,
            }
        }
        Ok(())
    }
}

/// A path from keys and indexes: `steps!["endpoints", i, "method"]`.
macro_rules! steps {
    ($($step:expr),+) => { &[$(Step::from($step)),+][..] };
}

pub(super) use steps;

/// The first byte of the value at `path`, or of the nearest thing around it.
pub(super) fn locate(tree: &DeTable<'_>, path: &[Step<'_>]) -> usize {
    way(tree, path).last().map_or(0, |value| value.span().start)
}

/// The value at `path`.
pub(super) fn value<'t, 'd>(tree: &'t DeTable<'d>, path: &[Step<'_>]) -> Option<&'t DeValue<'d>> {
    way(tree, path).nth(path.len().checked_sub(1)?).map(Spanned::get_ref)
}

/// The values on the way along `path`, as far as it leads.
fn way<'t, 'd>(tree: &'t DeTable<'d>, path: &[Step<'_>]) -> impl Iterator<Item = &'t Spanned<DeValue<'d>>> {
    path.iter().scan((Some(tree), None), |(table, list): &mut (_, Option<&'t DeArray<'d>>), step| {
        let next = match step {
            Step::Key(name) => table.and_then(|t| t.iter().find(|(key, _)| key.get_ref() == name)).map(|(_, v)| v),
            Step::Index(index) => list.and_then(|l| l.get(*index)),
        }?;
        (*table, *list) = (next.get_ref().as_table(), next.get_ref().as_array());
        Some(next)
    })
}
