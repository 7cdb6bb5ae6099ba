//! Events that webhooks tell of: they happen to something that there is, which then shows it.

use serde_json::Value;

use crate::{resources::Resources, words::shorten};

/// Something that happens to a thing that the emulator keeps, such as the capture of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Event<'a> {
    /// What happens, by the provider's name for it; the usual thing where nothing is named.
    pub name: Option<&'a str>,
    /// To what it happens, by its id; to what was made last where nothing is named.
    pub about: Option<&'a str>,
}

/// Why an event did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// The provider has no event of this name.
    #[error("the event is {found:?}, wanted {wanted}")]
    Name {
        /// What was named.
        found: String,
        /// What there is.
        wanted: String,
    },
    /// There is nothing of this id that it could happen to.
    #[error("there is no {kind} {found:?} for {event:?} to happen to; create one, and name it by the id in the answer")]
    Nothing {
        /// What it would have to be: `transaction`.
        kind: &'static str,
        /// The event.
        event: &'static str,
        /// The id that was named.
        found: String,
    },
}

impl Event<'_> {
    /// The row of `rows` that is named; the first one where nothing is.
    pub(crate) fn row<T>(&self, rows: &'static [(&'static str, T)]) -> Result<&'static (&'static str, T), EventError> {
        let Some(name) = self.name else { return Ok(&rows[0]) };
        rows.iter().find(|(known, _)| *known == name).ok_or_else(|| EventError::Name {
            found: shorten(name),
            wanted: rows.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(" or "),
        })
    }

    /// There is nothing of the id that is named.
    pub(crate) fn nothing(&self, kind: &'static str, event: &'static str) -> EventError {
        EventError::Nothing { kind, event, found: shorten(self.about.unwrap_or_default()) }
    }

    /// What it happens to among `things`: the one that is named, else the latest, else one that `make` makes.
    pub(crate) fn thing<'r>(&self, things: &'r mut Resources, make: impl FnOnce() -> Value) -> Option<&'r mut Value> {
        match self.about {
            Some(id) => things.find_mut(id),
            None => {
                if things.latest().next().is_none() {
                    things.keep(make());
                }
                things.latest_mut()
            }
        }
    }
}
